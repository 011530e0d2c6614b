"""The bridge job in Polars, two ways.

`grouped`  waterfall and triangles: net change per customer and month by a hash, one sort, shifts instead of
           windows.
`sorted`   all three parts: one sort of packed keys, then running sums over the whole frame; NRR sorts the
           change points once more, together with themselves a year on. The fastest found.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from answer import (
    CHURN,
    CONTRACTION,
    EXPANSION,
    NEW,
    REACTIVATION,
    Answer,
    Integers,
    Ratios,
    from_change_points,
    ratios,
)

if TYPE_CHECKING:
    import pyarrow as pa

OPEN = 100  # the month in which open subscriptions "end": past any report, and 7 bits hold it and twelve more

k, m, cur, delta, cohort = (pl.col(name) for name in ("k", "m", "cur", "delta", "cohort"))


def read(table: pa.Table, first: date) -> pl.LazyFrame:
    def months(column: str) -> pl.Expr:
        day = pl.col(column).dt
        return day.year().cast(pl.Int32) * 12 + day.month() - (first.year * 12 + first.month)

    subscriptions = pl.from_arrow(table)
    assert isinstance(subscriptions, pl.DataFrame)
    return subscriptions.lazy().select("customer", "mrr", s=months("start"), e=months("end").fill_null(OPEN))


def movements(points: pl.LazyFrame) -> pl.LazyFrame:
    kind = (
        pl.when(cur == 0)
        .then(CHURN)
        .when((cur == delta) & (m == cohort))
        .then(NEW)
        .when(cur == delta)
        .then(REACTIVATION)
        .when(delta > 0)
        .then(EXPANSION)
        .otherwise(CONTRACTION)
    )
    return points.group_by("cohort", "m", kind=kind).agg(amount=delta.sum(), customers=pl.len())


def grouped_points(rows: pl.LazyFrame) -> pl.LazyFrame:
    starts = rows.select("customer", m="s", delta="mrr")
    ends = rows.filter(pl.col("e") != OPEN).select("customer", m="e", delta=-pl.col("mrr"))
    first = (pl.col("customer") != pl.col("customer").shift(1)).fill_null(True)
    return (
        pl.concat([starts, ends])
        .group_by("customer", "m")
        .agg(delta.sum())
        .filter(delta != 0)
        .sort("customer", "m")
        .with_columns(first=first, cur=delta.cum_sum())
        .with_columns(
            before=pl.when("first").then(cur - delta).forward_fill(),
            cohort=pl.when("first").then("m").forward_fill(),
        )
        .select("m", "delta", "cohort", cur=cur - pl.col("before"))
    )


def sorted_points(rows: pl.LazyFrame) -> pl.LazyFrame:
    """A customer's rows sum to 0, as an open one ends in month OPEN: so the running sum needs no group."""
    rows = rows.filter(pl.col("s") != pl.col("e"))
    base = pl.col("customer") * 128
    starts = rows.select(k=base + pl.col("s"), delta="mrr")
    ends = rows.select(k=base + pl.col("e"), delta=-pl.col("mrr"))
    first = (k // 128 != k.shift(1) // 128).fill_null(True)
    return (
        pl.concat([starts, ends])
        .sort("k")
        .with_columns(cur=delta.cum_sum())
        .filter((k != k.shift(-1)).fill_null(True))  # the last row of a month has that month's closing
        .select("k", "cur", m=(k % 128).cast(pl.Int8), delta=cur - cur.shift(1, fill_value=0), first=first)
        .with_columns(cohort=pl.when("first").then("m").forward_fill())
        .filter(delta != 0)
    )


def retention(points: pl.LazyFrame, horizon: int) -> pl.LazyFrame:
    """Each change, of the price now or of that a year ago, steps the sums by what it does to its customer."""
    now, base, d_now, d_base = (pl.col(name) for name in ("now", "base", "d_now", "d_base"))

    def paid(now: pl.Expr, base: pl.Expr) -> pl.Expr:
        return pl.when(base > 0).then(now).otherwise(0)

    def kept(now: pl.Expr, base: pl.Expr) -> pl.Expr:
        return pl.min_horizontal(now, base)

    zero = pl.lit(0, pl.Int64)
    today = points.select("k", d_now=delta, d_base=zero)
    year_ago = points.select(k=k + horizon, d_now=zero, d_base=delta)
    return (
        pl.concat([today, year_ago])
        .sort("k")
        .with_columns(now=d_now.cum_sum(), base=d_base.cum_sum())
        .group_by(m=k % 128)
        .agg(
            base=d_base.sum(),
            now=(paid(now, base) - paid(now - d_now, base - d_base)).sum(),
            kept=(kept(now, base) - kept(now - d_now, base - d_base)).sum(),
        )
        .sort("m")
    )


class GroupedBridge:
    def __init__(self, first: date, months: int) -> None:
        self.first_, self.months_ = first, months

    def __call__(self, table: pa.Table) -> Answer:
        found = movements(grouped_points(read(table, self.first_))).collect()
        return from_change_points(found.to_dict(), self.months_)


class SortedBridge:
    def __init__(self, first: date, months: int, horizon: int | None) -> None:
        """Without a horizon: waterfall and triangles only."""
        self.first_, self.months_, self.horizon_ = first, months, horizon

    def __call__(self, table: pa.Table) -> Answer:
        points = sorted_points(read(table, self.first_))
        if self.horizon_ is None:
            return from_change_points(movements(points).collect().to_dict(), self.months_)
        points = points.collect().lazy()
        found = movements(points).collect().to_dict()
        return from_change_points(
            found, self.months_, self.ratios_(retention(points, self.horizon_).collect())
        )

    def ratios_(self, steps: pl.DataFrame) -> dict[str, Ratios]:
        month = steps["m"].to_numpy()
        inside = month < self.months_

        def running(name: str) -> Integers:
            column = np.zeros(self.months_, np.int64)
            column[month[inside]] = steps[name].to_numpy()[inside]
            return column.cumsum()

        return ratios(running("base"), running("now"), running("kept"))
