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
from .format import month_end
from .window import nearly

Column = list[Any]
Columns = dict[str, Column]

RECENT = 3
BEFORE = 12
MOVEMENTS = ("new", "expansion", "reactivation", "contraction", "churn")
LOSSES = ("contraction", "churn")
PAUSES = ("resumed", "paused")  # lines of the bridge where a policy keeps them apart
FX = "fx"  # what exchange rates did, up or down; only where rows are of several currencies
FALLING = (*LOSSES, "paused")
ENOUGH = 10  # customers without whom nothing is said about a group


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


def mean(values: Column, count: int = RECENT, skip: int = 0) -> float:
    """Mean of the last `count` entries, leaving out the `skip` latest; 0 of none."""
    stop = max(0, len(values) - skip)
    held = min(count, stop)
    return total(values, count, skip) / held if held else 0.0


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


def difference_of(one: float | None, other: float | None) -> float | None:
    """One value less another, or None where one is undefined."""
    return None if one is None or other is None else one - other


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

    @property
    def grown(self) -> float | None:
        """Change of MRR on the same month of the year before, as the book gives it."""
        moved = self.growth["yoy"][-1]
        return None if moved is None else float(moved)

    @property
    def customers_before(self) -> float:
        """Paying customers a year ago; 0 before the first month shown."""
        held = self.bridge["closing_customers"]
        return float(held[-1 - BEFORE] or 0.0) if len(held) > BEFORE else 0.0

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

    def customers(self, months_ago: int = 0) -> float:
        """Paying customers at the end of a month; 0 before the first one shown."""
        held = self.bridge["closing_customers"]
        return float(held[-1 - months_ago] or 0.0) if len(held) > months_ago else 0.0

    @property
    def movements(self) -> list[str]:
        """Lines of the bridge between opening and closing: what rises, what falls, exchange rates."""
        held = [kind for kind in (*MOVEMENTS, *PAUSES) if kind in self.bridge]
        rates = [FX] if FX in self.bridge else []
        return [*sorted(held, key=FALLING.__contains__), *rates]

    @property
    def few(self) -> bool:
        """Whether there are too few customers to say anything in general."""
        return self.customers() < ENOUGH

    @property
    def few_before(self) -> bool:
        """Whether there were too few customers a year ago, if the months reach so far back."""
        return len(self.months) > BEFORE and self.customers(BEFORE) < ENOUGH

    @property
    def arr(self) -> float:
        """ARR at the end of the last month."""
        return float(self.growth["arr"][-1] or 0.0)


@dataclass(frozen=True)
class Results:
    """The live results, kept so that a figure can be opened to its rows."""

    waterfall: Any
    by: dict[str, Any]

    @property
    def bridge_closes(self) -> bool:
        """Whether every bridge adds up exactly, by the engine's own check."""
        return all(result.bridge_closes for result in (self.waterfall, *self.by.values()))


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
        complete=asked.reach >= nearly(end),
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
    bridges, growths = split(columns(waterfall)), split(columns(growth))
    found = [Segment(dimension, str(name), bridge, growths[name]) for name, bridge in bridges.items()]
    return sorted(found, key=lambda segment: (-segment.mrr, segment.name))


def split(long: Columns) -> dict[Any, Columns]:
    """Rows of each segment, in the order of their periods; the segment is the second column."""
    labels = long[list(long)[1]]
    order = sorted(range(len(long["period"])), key=lambda row: long["period"][row])
    parts: dict[Any, Columns] = {}
    for row in order:
        part = parts.setdefault(labels[row], {name: [] for name in long})
        for name, values in long.items():
            part[name].append(values[row])
    return parts
