"""How long customers stay: survival by segment, retention with limits, and the triangle beyond the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

import numpy as np

from .. import cohort
from ..book import Book
from ..staying import LIFE
from .figures import BEFORE, ENOUGH, Asked, Columns, columns
from .format import month_end

MONTHS = (6, 12, 24)
SHOWN = 4  # curves that can be told apart
_MONTH = 365.25 / 12
_POINTS = 160


def days(months: int) -> int:
    """Days after which a renewal of so many months is in: half a year 183, a year 366, two 731."""
    return ceil(months * _MONTH)


@dataclass(frozen=True)
class Estimate:
    """A figure with its limits; None where it is not defined."""

    value: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Group:
    """How long the customers of one segment stay; `times` of the curve are in days."""

    name: str
    customers: int
    left: int
    after: dict[int, Estimate]
    median: Estimate
    times: list[float]
    curve: list[Estimate]
    at_risk: list[int]


@dataclass(frozen=True)
class Staying:
    """Survival of all customers and by the first segment, and retention over a year with limits."""

    dimension: str | None
    until: date
    whole: Group
    groups: list[Group]
    p_value: float | None
    ticks: list[int]
    retention: list[tuple[str, dict[str, Estimate]]]

    @property
    def end(self) -> float:
        """The longest time that was observed, in days."""
        return self.whole.times[-1]

    @property
    def drawn(self) -> list[Group]:
        """The groups to draw: those of enough customers, at most four, in the order of what is left."""
        large = [group for group in self.groups if group.customers >= ENOUGH]
        largest = sorted(large, key=lambda group: (-group.customers, group.name))[:SHOWN]
        return sorted(largest, key=_left, reverse=True) or [self.whole]


def _left(group: Group) -> tuple[float, str]:
    held = [one.value for one in group.curve if one.value is not None]
    return (held[-1] if held else 0.0, group.name)


def gather(book: Book, asked: Asked, dimension: str | None) -> Staying | None:
    """Ask the book for the lives of its customers; None where nobody has started."""
    until = min(month_end(asked.last), asked.reach)
    if dimension in LIFE - {"reason"}:  # a segment called like a column of lives cannot be told from it
        dimension = None
    lives = book.lifetimes(by=dimension, until=until)
    if not len(lives):
        return None
    table = {"days": lives["duration"], "left": lives["event"]}
    labels = None
    if dimension is not None:  # after the columns of lives, under whatever name
        labels = np.array([str(name) for name in lives[lives.columns[-1]].tolist()])
    end = float(max(table["days"].max(), 1))
    ticks = _ticks(end)
    whole = _groups(table, None, end, ticks)[0]
    groups: list[Group] = []
    p_value = None
    if labels is not None and len(set(labels.tolist())) > 1:
        table = {**table, "group": labels}
        groups = _groups(table, "group", end, ticks)
        p_value = cohort.log_rank(table, duration="days", event="left", by="group").p_value
    return Staying(
        dimension if groups else None, until, whole, groups, p_value, ticks,
        _retention(book, asked, dimension if groups else None),
    )  # fmt: skip


def _ticks(end: float) -> list[int]:
    """Months to name on the axis: every half year, or less often."""
    longest = int(end / _MONTH)
    every = next((step for step in (1, 2, 3, 6, 12, 24, 60) if longest / step <= 7), 120)
    return list(range(0, longest + 1, every))


def _groups(table: dict[str, Any], by: str | None, end: float, ticks: Sequence[int]) -> list[Group]:
    curves = cohort.survival(table, duration="days", event="left", by=by)
    times = [end * place / _POINTS for place in range(_POINTS + 1)]
    after, steps, medians = (
        curves.at([float(days(month)) for month in MONTHS]),
        curves.at(times),
        curves.median(),
    )
    held = [_estimates(result, value) for result, value in
            ((after, "survival"), (steps, "survival"), (medians, "time"))]  # fmt: skip
    found = []
    for place, labels in enumerate(curves.groups):
        chosen = np.full(len(table["days"]), True) if by is None else table[by] == labels[0]
        lengths = table["days"][chosen]
        found.append(
            Group(
                name=labels[0] if labels else "All",
                customers=int(chosen.sum()),
                left=int(table["left"][chosen].sum()),
                after=dict(zip(MONTHS, held[0][place * len(MONTHS) :], strict=False)),
                median=held[2][place],
                times=times,
                curve=held[1][place * len(times) : (place + 1) * len(times)],
                at_risk=[int((lengths >= month * _MONTH).sum()) for month in ticks],
            )
        )
    return found


def _estimates(result: Any, value: str) -> list[Estimate]:
    held = columns(result)
    return [Estimate(*one) for one in zip(*(held[name] for name in (value, "lower", "upper")), strict=True)]


def _retention(book: Book, asked: Asked, dimension: str | None) -> list[tuple[str, dict[str, Estimate]]]:
    """NRR, GRR and logo retention of the last month over a year, of the company and of each segment."""
    last = asked.last.isoformat()[:7]
    whole = columns(book.retention_intervals(last, last, horizon=BEFORE))
    rows = [("All", _shares(whole, 0))]
    if dimension is not None:
        parts = columns(book.retention_intervals(last, last, horizon=BEFORE, by=dimension))
        names = parts[list(parts)[1]]
        rows += sorted(
            ((str(name), _shares(parts, row)) for row, name in enumerate(names)), key=lambda one: one[0]
        )
    return [(name, shares) for name, shares in rows if shares["logo_retention"].value is not None]


def _shares(held: Columns, row: int) -> dict[str, Estimate]:
    return {
        name: Estimate(held[name][row], held[f"{name}_lower"][row], held[f"{name}_upper"][row])
        for name in ("nrr", "grr", "logo_retention")
    }
