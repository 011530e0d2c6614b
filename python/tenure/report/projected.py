"""The cohort triangle beyond the data: observed shares, and those a fitted retention curve expects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from markupsafe import Markup

from .. import cohort, svg
from ..book import Book
from ..errors import Error
from .figures import Asked, columns
from .format import count, month_code, month_end, percent, shift, word
from .window import nearly
from .worth import seen_until

SHOWN = 12
_ENOUGH_QUARTERS = 8
MODEL = "shifted beta-geometric"
_EDGES = {
    "nobody_leaves": "nobody has left",
    "all_leave": "all leave at once",
    "two_kinds": "some leave at the first renewal and the others never",
    "all_alike": "all customers leave at the same rate",
}


@dataclass(frozen=True)
class Cell:
    """Share of the customers of age 0, counted or expected."""

    share: float | None
    lower: float | None
    upper: float | None
    projected: bool
    customers: float | None


@dataclass(frozen=True)
class Projected:
    """The latest cohorts by age, as far as a year beyond the data; `fitted` is the curve of all of them."""

    period: Literal["month", "quarter"]
    starts: list[date]
    cells: list[list[Cell]]
    fitted: list[float | None]
    outcome: str
    edge: str

    @property
    def year(self) -> int:
        """Ages in a year."""
        return 4 if self.period == "quarter" else 12


def gather(book: Book, asked: Asked) -> Projected | None:
    """Fit the triangle of customers; None where there is too little to fit."""
    period, last = _grain(asked)
    if last < asked.first:
        return None
    kept = seen_until(book, month_end(last)).cohorts(
        _code(asked.first), _code(last), measure="customers", period=period
    )
    ahead = 4 if period == "quarter" else 6
    try:
        found = cohort.project(kept, rises="cap", periods=ahead)
    except Error:  # cohorts without customers, or none at all: there is nothing to project
        return None
    fit = columns(found.parameters())
    if not fit["outcome"] or fit["outcome"][0] == "too_few":
        return None
    held = columns(found)
    starts = list(dict.fromkeys(held["cohort"]))
    cells: dict[date, list[Cell]] = {start: [] for start in starts}
    fitted: dict[int, float | None] = {}
    names = ("survival", "lower", "upper", "projected", "customers")
    for row, start in enumerate(held["cohort"]):
        cells[start].append(Cell(*(held[name][row] for name in names)))
        fitted[held["age"][row]] = held["fitted"][row]
    started = [start for start in starts if cells[start][0].customers]
    shown = started[-SHOWN:]
    if not shown:
        return None
    ages = min(len(cells[shown[0]]), SHOWN + ahead)
    return Projected(
        period, shown, [cells[start][:ages] for start in shown], [fitted[age] for age in range(ages)],
        fit["outcome"][0], fit["edge"][0] or "",
    )  # fmt: skip


def _grain(asked: Asked) -> tuple[Literal["month", "quarter"], date]:
    """Quarters where there are two years of them, up to the last complete one; else months."""
    last = asked.last if asked.reach >= nearly(month_end(asked.last)) else shift(asked.last, -1)
    end = shift(last, -(last.month % 3))
    months = (end.year - asked.first.year) * 12 + end.month - asked.first.month + 1
    return ("quarter", end) if months >= 3 * _ENOUGH_QUARTERS else ("month", last)


def _code(day: date) -> str:
    return day.isoformat()[:7]


def title(held: Projected) -> str:
    """What is expected of new customers after a year and after two."""
    one, two = (held.fitted[age] if age < len(held.fitted) else None for age in (held.year, 2 * held.year))
    if one is None:
        return "Where the cohorts are heading"
    later = "" if two is None else f", {percent(two, 0)} after two"
    return f"{percent(one, 0)} of new customers are expected to be there after a year{later}"


def note(held: Projected) -> str:
    """How the curve was found, and whether it can be relied upon."""
    if held.outcome == "at_bound":
        edge = _EDGES.get(held.edge, "the likelihood still rises there")
        return f"the fit lies at an edge of the model ({edge})"
    if held.outcome == "stopped":
        return "the search stopped early, so that the projection is a rough one"
    return "limits (95 %) are in the title of each cell"


def named(held: Projected, start: date) -> str:
    """A cohort as the table names it: ``2025-Q1`` or ``2025-01``."""
    return f"{start.year:04d}-Q{(start.month + 2) // 3}" if held.period == "quarter" else month_code(start)


def heat(held: Projected) -> Markup:
    """The triangle as a heat map, in which projected cells are hatched and in italics."""
    rows = []
    for start, cells in zip(held.starts, held.cells, strict=True):
        label = named(held, start)
        observed = next((age for age, cell in enumerate(cells) if cell.projected), len(cells))
        titles = [_words(label, held.period, age, cell) for age, cell in enumerate(cells)]
        shares = [None if cell.share is None else 100.0 * cell.share for cell in cells]
        rows.append(svg.HeatRow(label, (count(cells[0].customers or 0),), shares, titles, observed))
    foot = svg.HeatRow("Fitted", ("",), [None if one is None else 100.0 * one for one in held.fitted])
    letter = "Q" if held.period == "quarter" else "M"
    ages = [f"{letter}{age}" for age in range(len(held.fitted))]
    return Markup(svg.heat_map(rows, columns=ages, sizes=("Cust.",), foot=foot))


def _words(label: str, period: str, age: int, cell: Cell) -> str:
    if cell.share is None:
        return ""
    shown = f"{label}, {period} {age}: {percent(cell.share)}"
    if not cell.projected:
        return f"{shown}, {count(cell.customers or 0)} customers"
    limits = "" if cell.lower is None or cell.upper is None else (
        f" ({percent(cell.lower)} to {percent(cell.upper)})"
    )  # fmt: skip
    return f"{shown} expected{limits}"


def page(held: Projected | None) -> dict[str, Any]:
    """What the template shows."""
    if held is None:
        return {"projected": None}
    return {
        "projected": {
            "title": title(held),
            "model": MODEL,
            "period": held.period,
            "note": note(held),
            "uncertain": held.outcome != "converged",
            "cohorts": word(len(held.starts)),
            "heat": heat(held),
        }
    }


def summary(held: Projected | None) -> dict[str, Any] | None:
    """The same for machines."""
    if held is None:
        return None
    return {
        "model": MODEL,
        "period": held.period,
        "outcome": held.outcome,
        "edge": held.edge or None,
        "fitted": held.fitted,
        "cohorts": [
            {"cohort": start.isoformat(), "cells": [vars(cell) for cell in cells]}
            for start, cells in zip(held.starts, held.cells, strict=True)
        ],
    }
