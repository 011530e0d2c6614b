"""Everything the report says, asked of the book once and kept as plain columns.

No formula of a metric lives here: amounts, rates and shares come from the book's results. What is added is
only what a reader compares them with (a sum over some months, the same month of the year before).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isnan
from typing import Any

import numpy as np

from ..book import Book
from .format import month_end, shift

Column = list[Any]
Columns = dict[str, Column]

RECENT = 3
BEFORE = 12
MOVEMENTS = ("new", "expansion", "reactivation", "contraction", "churn")
LOSSES = ("contraction", "churn")


def columns(result: Any) -> Columns:
    """Columns of a result as lists: dates as `date`, undefined as None."""
    return {name: _listed(result[name]) for name in result.columns}


def _listed(values: Any) -> Column:
    array: Any = np.ma.asarray(values)
    if array.dtype.kind == "M":
        array = array.astype("datetime64[D]")
    return [_plain(value) for value in array.tolist()]


def _plain(value: Any) -> Any:
    """Undefined as None, decimal money as float: a report compares amounts, it does not book them."""
    if isinstance(value, Decimal):
        return float(value)
    return None if isinstance(value, float) and isnan(value) else value


def total(values: Column, count: int = RECENT, skip: int = 0) -> float:
    """Sum of the last `count` entries, leaving out the `skip` latest."""
    stop = len(values) - skip
    return float(sum(value or 0.0 for value in values[max(0, stop - count) : max(0, stop)]))


def ratio(part: float, whole: float) -> float | None:
    """Quotient, or None over an empty base."""
    return part / whole if whole else None


def change(values: Column, months: int) -> float | None:
    """Relative change of the last entry on the one `months` before."""
    if len(values) <= months or not values[-1 - months] or values[-1] is None:
        return None
    return float(values[-1] / values[-1 - months] - 1)


def difference(values: Column, months: int) -> float | None:
    """Change of the last entry on the one `months` before, in its own unit."""
    if len(values) <= months or values[-1] is None or values[-1 - months] is None:
        return None
    return float(values[-1] - values[-1 - months])


@dataclass(frozen=True)
class Segment:
    """One plan, region or product: its bridge by month and its growth columns."""

    dimension: str
    name: str
    bridge: Columns
    growth: Columns

    @property
    def mrr(self) -> float:
        """Closing MRR of the last month."""
        return float(self.bridge["closing"][-1] or 0.0)

    def churn_rate(self, count: int = RECENT, skip: int = 0) -> float | None:
        """Churned MRR over opening MRR, both summed over the months."""
        return ratio(total(self.bridge["churn"], count, skip), total(self.bridge["opening"], count, skip))


@dataclass(frozen=True)
class Triangle:
    """Cohorts by age: sizes at age 0, and the shares that are left (None: not yet observed)."""

    starts: list[date]
    amounts: list[Column]
    customers: list[Column]


@dataclass(frozen=True)
class Figures:
    """The book's answers for one report."""

    company: str
    currency: str | None
    months: list[date]
    complete: bool
    reach: date
    bridge: Columns
    growth: Columns
    retention: Columns
    triangle: Triangle
    segments: dict[str, list[Segment]]
    new_products: Columns | None
    concentration: Columns
    herfindahl: float | None
    results: Results

    @property
    def last(self) -> date:
        """First day of the month the report is about."""
        return self.months[-1]

    def open_months(self) -> list[date]:
        """Months whose bridge does not close, to a millionth of its size; the engine refuses them already."""
        held = self.bridge
        open_at = []
        for row, day in enumerate(self.months):
            gained = sum(held[kind][row] for kind in ("opening", "new", "expansion", "reactivation"))
            gap = gained - sum(held[kind][row] for kind in LOSSES) - held["closing"][row]
            if abs(gap) > 1e-6 * max(gained, 1.0):
                open_at.append(day)
        return open_at

    @property
    def arr(self) -> float:
        """ARR at the end of the last month."""
        return float(self.growth["arr"][-1] or 0.0)


@dataclass(frozen=True)
class Results:
    """The live results, kept so that a figure can be opened to its rows."""

    waterfall: Any
    by: dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What to ask a book: first and last month, how far its data reach, and what to cut by."""

    first: date
    last: date
    reach: date
    segments: list[str]
    new_products: bool = False


def gather(book: Book, company: str, asked: Asked) -> Figures:
    """Ask the book for everything between two months."""
    span = (asked.first.isoformat()[:7], asked.last.isoformat()[:7])
    summary = book.summary(*span, horizon=BEFORE)
    by = {name: book.waterfall(*span, by=name) for name in asked.segments}
    bridge, end = columns(summary.waterfall), month_end(asked.last)
    at_end = book.concentration(end.isoformat(), top=(1, 5, 10))
    return Figures(
        company=company,
        currency=book.currency,
        months=bridge["period"],
        complete=asked.reach >= _nearly(end),
        reach=asked.reach,
        bridge=bridge,
        growth=columns(book.growth(*span)),
        retention=columns(summary.net_retention),
        triangle=_triangle(columns(summary.cohorts)),
        segments={name: _segments(name, result, book.growth(*span, by=name)) for name, result in by.items()},
        new_products=columns(book.new_product_share(*span, months=BEFORE)) if asked.new_products else None,
        concentration=columns(at_end),
        herfindahl=at_end.herfindahl,
        results=Results(summary.waterfall, by),
    )


def _nearly(day: date) -> date:
    # Without an event on its very last days a month may still be complete; three quiet days are not a sign.
    return day.replace(day=day.day - 3)


def report_months(first_day: date, reach: date, first: date | None, last: date | None) -> tuple[date, date]:
    """Return the months to report: up to 36, ending with the last one that the data cover to its end."""
    if last is None:
        last = reach.replace(day=1)
        if reach < _nearly(month_end(reach)) and last > first_day.replace(day=1):
            last = shift(last, -1)
    if first is None:
        first = max(first_day.replace(day=1), shift(last, -35))
    return first, last


def _triangle(long: Columns) -> Triangle:
    starts = list(dict.fromkeys(long["cohort"]))
    ages = max(long["age"], default=-1) + 1
    row_of = {start: place for place, start in enumerate(starts)}
    amounts: list[Column] = [[None] * ages for _ in starts]
    customers: list[Column] = [[None] * ages for _ in starts]
    for start, age, amount, number in zip(
        long["cohort"], long["age"], long["amount"], long["customers"], strict=True
    ):
        amounts[row_of[start]][age] = amount
        customers[row_of[start]][age] = number
    return Triangle(starts, amounts, customers)


def _segments(dimension: str, waterfall: Any, growth: Any) -> list[Segment]:
    bridges, growths = _split(dimension, columns(waterfall)), _split(dimension, columns(growth))
    found = [Segment(dimension, str(name), bridge, growths[name]) for name, bridge in bridges.items()]
    return sorted(found, key=lambda segment: (-segment.mrr, segment.name))


def _split(dimension: str, long: Columns) -> dict[Any, Columns]:
    """Rows of each segment, in the order of their periods."""
    order = sorted(range(len(long["period"])), key=lambda row: long["period"][row])
    parts: dict[Any, Columns] = {}
    for row in order:
        part = parts.setdefault(long[dimension][row], {name: [] for name in long})
        for name, values in long.items():
            part[name].append(values[row])
    return parts
