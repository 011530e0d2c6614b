"""Customers behind the figures: what `explain` says about each movement, most money first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import svg
from .figures import FALLING, FX, Figures, ratio
from .finding import Finding, Rows
from .format import count, money, month_code, percent

LIMIT = 10
FINDING_LIMIT = 40
STANDING = ("closing",)
_TITLES = {
    "closing": "Largest customers at the end of the month",
    "new": "New customers",
    "expansion": "Expansion",
    "reactivation": "Customers who came back",
    "contraction": "Contraction",
    "churn": "Customers who left",
    "paused": "Customers who paused",
    "resumed": "Customers who resumed",
    "fx": "What exchange rates did to what customers pay",
}


@dataclass(frozen=True)
class Entry:
    """One customer in one month."""

    customer: str
    month: date
    movement: str
    opening: float
    closing: float
    change: float
    rule: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Block:
    """One list of the appendix, reached by its anchor."""

    anchor: str
    title: str
    entries: list[Entry]
    hidden: int
    customers: int
    amount: float
    standing: bool = False


def entries(figures: Figures, wanted: Rows, limit: int | None = None) -> list[Entry]:
    """The customers behind `wanted`, largest change first (ties by customer and month)."""
    limit = wanted.top if limit is None else limit
    return _largest(_opened(figures, wanted), limit, by_level=wanted.movements == STANDING)


def _opened(figures: Figures, wanted: Rows) -> list[_Cell]:
    """Every cell of the bridge that belongs to `wanted`."""
    result = figures.results.by[wanted.dimension] if wanted.dimension else figures.results.waterfall
    days = figures.months[-wanted.months :]
    return [
        _Cell(day, movement, result.explain(day.isoformat()[:7], movement, segment=wanted.segment))
        for day in days
        for movement in wanted.movements
    ]


class _Cell:
    """One opened cell; its columns stay arrays, because a cell may hold every customer."""

    def __init__(self, day: date, movement: str, answer: Any) -> None:
        self.day, self.answer = day, answer
        self.customer = np.asarray(answer["customer"])
        self.closing = _amounts(answer["closing"])
        # What it adds to the cell; under a policy of gross movements that is not closing less opening.
        added = _amounts(answer["amount"])
        self.change = -added if movement in FALLING else added

    def entry(self, place: int) -> Entry:
        """One customer of the cell, without its rows."""
        held = self.answer
        opening = float(held["opening"][place])
        kind, rule = str(held["movement"][place]), str(held["rule"][place])
        customer = str(self.customer[place])
        return Entry(customer, self.day, kind, opening, self.closing[place], self.change[place], rule, ())

    def rows_of(self, places: list[int]) -> dict[int, tuple[int, ...]]:
        """Numbers of the rows behind some of its customers."""
        if not places or not hasattr(self.answer, "rows"):
            return {}
        below = self.answer.rows()
        owners, numbers = np.asarray(below["customer"]), np.asarray(below["row"])
        return {place: tuple(sorted(numbers[owners == self.customer[place]].tolist())) for place in places}


def _amounts(values: Any) -> NDArray[np.float64]:
    return np.asarray(values).astype(np.float64)


def _largest(cells: list[_Cell], limit: int | None, *, by_level: bool) -> list[Entry]:
    """The largest entries of the cells; only these are taken out of the arrays."""
    sizes = [cell.closing if by_level else np.abs(cell.change) for cell in cells]
    every = np.concatenate(sizes) if sizes else np.empty(0)
    floor = -np.inf if limit is None or limit >= every.size else np.partition(every, -limit)[-limit]
    found = [
        (-size[place], cell.entry(place), cell, place)
        for cell, size in zip(cells, sizes, strict=True)
        for place in np.flatnonzero(size >= floor).tolist()
    ]
    found.sort(key=lambda one: (one[0], one[1].customer, one[1].month))
    kept = found[:limit]
    rows = {id(cell): cell.rows_of([at for _, _, owner, at in kept if owner is cell]) for cell in cells}
    return [replace(entry, rows=rows[id(cell)].get(place, ())) for _, entry, cell, place in kept]


def block(figures: Figures, anchor: str, title: str, wanted: Rows, limit: int) -> Block:
    """One list, cut to `limit` with the rest counted."""
    cells, standing = _opened(figures, wanted), wanted.movements == STANDING
    count = sum(cell.customer.size for cell in cells)
    amount = sum(float((cell.closing if standing else cell.change).sum()) for cell in cells)
    customers = np.unique(np.concatenate([cell.customer.astype(str) for cell in cells])).size if count else 0
    shown = _largest(cells, wanted.top or limit, by_level=standing)
    if wanted.top is not None:  # these customers and nobody else
        return Block(anchor, title, shown, 0, len(shown), sum(entry.closing for entry in shown), standing)
    return Block(anchor, title, shown, count - len(shown), int(customers), amount, standing)


def blocks(figures: Figures, findings: list[Finding]) -> list[Block]:
    """The lists of the charts' bars, then those of the findings."""
    out = [block(figures, "rows-closing", _TITLES["closing"], Rows(STANDING, 1), LIMIT)]
    out += [block(figures, f"rows-{kind}", _TITLES[kind], Rows((kind,)), LIMIT) for kind in figures.movements]
    for place, finding in enumerate(findings, 1):
        if finding.rows is not None:
            out.append(block(figures, f"finding-{place}", finding.lead, finding.rows, FINDING_LIMIT))
    return out


def table(figures: Figures, held: Block) -> str:
    """The block's customers as a table; amounts are MRR."""
    if held.standing:
        return _standing(figures, held)
    mixed = len({entry.movement for entry in held.entries}) > 1
    # Exchange rates move what a customer pays without the customer: there is no before and after.
    levels = any(entry.movement != FX for entry in held.entries)

    def cells(entry: Entry) -> list[object]:
        both = (entry.opening, entry.closing) if levels else ()
        amounts = [money(value, figures.currency) for value in both]
        moved = money(entry.change, figures.currency, sign=True)
        kind = [entry.movement] if mixed else []
        name = svg.name(entry.customer)
        return [name, month_code(entry.month), *kind, *amounts, moved, entry.rule, _numbers(entry.rows)]

    head = (
        "Customer",
        "Month",
        *(["Movement"] if mixed else []),
        *(["Before", "After"] if levels else []),
        "Change",
        "Rule",
        "Rows",
    )
    return svg.table(head, map(cells, held.entries), kind="rows")


def _standing(figures: Figures, held: Block) -> str:
    """Customers with what they pay at the end of the month."""
    largest = max((entry.closing for entry in held.entries), default=0.0)
    body = [
        [
            svg.name(entry.customer),
            svg.Bar(
                entry.closing / largest if largest else 0.0, money(entry.closing, figures.currency), "part"
            ),
            money(12 * entry.closing, figures.currency),
            percent(ratio(12.0 * entry.closing, figures.arr)),
            entry.rule,
            _numbers(entry.rows),
        ]
        for entry in held.entries
    ]
    return svg.table(("Customer", "MRR", "ARR", "Share", "Rule", "Rows"), body, kind="rows")


def _numbers(rows: tuple[int, ...], most: int = 4) -> str:
    """Row numbers of the input, the first few and how many more."""
    shown = ", ".join(count(row) for row in rows[:most])
    return f"{shown} and {len(rows) - most} more" if len(rows) > most else shown
