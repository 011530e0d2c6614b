"""The bridge job by tenure's Python API: the calls that are timed, and the reading of their results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import pyarrow as pa
from answer import MOVEMENTS, Answer, Integers, Ratios

import tenure as tn

Calls = Literal["summary", "separate", "waterfall and triangles"]


class Results(NamedTuple):
    book: tn.Book
    waterfall: Any
    cohorts: Any
    net_retention: Any = None


@dataclass(frozen=True)
class Bridge:
    calls: Calls
    first: str
    last: str
    horizon: int
    threads: int

    def __call__(self, table: pa.Table) -> Results:
        book = tn.Book(
            table,
            customer="customer",
            start="start",
            end="end",
            amount="mrr",
            threads=self.threads,
            as_of=self.last,  # the last month is over, though nothing may have happened on its last day
        )
        months = self.first, self.last
        if self.calls == "summary":
            summary = book.summary(*months, horizon=self.horizon)
            return Results(book, summary.waterfall, summary.cohorts, summary.net_retention)
        waterfall, revenue = book.waterfall(*months), book.cohorts(*months, measure="revenue")
        if self.calls == "waterfall and triangles":
            return Results(book, waterfall, revenue)
        book.cohorts(*months, measure="customers")
        return Results(book, waterfall, revenue, book.net_retention(*months, horizon=self.horizon))


def read(results: Any) -> Answer:
    bridge, cohorts, kept = results.waterfall, results.cohorts, results.net_retention
    names = [name + grain for name in ("opening", *MOVEMENTS, "closing") for grain in ("", "_customers")]
    first = month_numbers(bridge["period"])[0]
    months = len(bridge)
    assert np.array_equal(month_numbers(bridge["period"]), first + np.arange(months))

    seen = ~np.ma.getmaskarray(cohorts["amount"])
    row = month_numbers(cohorts["cohort"])[seen] - first
    cell = row, row + np.asarray(cohorts["age"])[seen]
    revenue, customers = (np.zeros((months, months), np.int64) for _ in range(2))
    revenue[cell] = whole(cohorts["amount"][seen])
    customers[cell] = whole(cohorts["customers"][seen])
    return Answer(
        {name: whole(bridge[name]) for name in names},
        revenue,
        customers,
        {} if kept is None else {name: undefined_as_nan(kept[name]) for name in ("nrr", "grr")},
    )


def month_numbers(days: Any) -> Integers:
    return np.asarray(days, "datetime64[D]").astype("datetime64[M]").astype(np.int64)


def whole(column: Any) -> Integers:
    numbers = np.asarray(column)
    integers = numbers.astype(np.int64)
    np.testing.assert_array_equal(integers, numbers, "whole amounts went in, whole amounts must come out")
    return integers


def undefined_as_nan(column: Any) -> Ratios:
    return np.ma.filled(np.ma.asarray(column, np.float64), np.nan)
