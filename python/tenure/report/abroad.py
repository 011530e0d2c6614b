"""What exchange rates did to the figures: growth at constant rates, and each currency by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from markupsafe import Markup

from .. import svg
from ..book import Book
from .figures import BEFORE, Asked, Column, Columns, columns, difference_of, ratio, split, total
from .format import count, long_day, money, month_code, month_end, percent, points, shift
from .tiles import Tile
from .window import nearly

_SMALL = 0.005  # of growth: a difference that nobody needs to be told


@dataclass(frozen=True)
class Part:
    """One currency: its MRR in the reporting currency and its own, and the growth of both over a year."""

    code: str
    mrr: float
    own: float
    customers: int
    grown: float | None
    own_grown: float | None


@dataclass(frozen=True)
class Abroad:
    """Figures of a book of several currencies; `day` is the one whose rates are the constant ones."""

    day: date
    currency: str | None
    reported: Columns
    constant: Columns
    fx: Column
    parts: list[Part]

    @property
    def grown(self) -> tuple[float | None, float | None]:
        """Growth over a year as reported, and at constant rates; over a month where there is no year."""
        line = "yoy" if self.reported["yoy"][-1] is not None else "mom"
        return self.reported[line][-1], self.constant[line][-1]


def gather(book: Book, asked: Asked, bridge: Columns, reported: Columns) -> Abroad | None:
    """Ask the book at the rates of the last complete month; None where all rows are of one currency."""
    codes = list(book.currencies)
    if len(codes) < 2:
        return None
    day = month_end(asked.last)
    if asked.reach < nearly(day):
        day = month_end(shift(asked.last, -1))
    span = (asked.first.isoformat()[:7], asked.last.isoformat()[:7])
    constant = columns(book.at_rates_of(day.isoformat()).growth(*span))
    converted = split(columns(book.growth(*span, by="currency")))
    parts = []
    for code in codes:
        own = columns(book.local(code).growth(*span))
        held = converted.get(code)
        if held is not None and own["mrr"][-1]:
            parts.append(
                Part(
                    code,
                    float(held["mrr"][-1] or 0.0),
                    float(own["mrr"][-1]),
                    int(held["customers"][-1] or 0),
                    held["yoy"][-1],
                    own["yoy"][-1],
                )
            )
    fx = bridge.get("fx", [0.0] * len(bridge["period"]))
    return Abroad(
        day, book.currency, reported, constant, fx, sorted(parts, key=lambda part: (-part.mrr, part.code))
    )


def beside(tile: Tile, held: Abroad | None) -> Tile:
    """The tile of ARR with its growth at constant rates beside the reported one."""
    if held is None or tile.key != "arr" or not tile.moved or held.constant["yoy"][-1] is None:
        return tile
    constant = percent(held.constant["yoy"][-1], sign=True)
    return replace(tile, against=f"{tile.against}; {constant} at constant rates")


def title(held: Abroad) -> str:
    """How much of the growth is exchange rates."""
    reported, constant = held.grown
    if reported is None or constant is None:
        return f"MRR is billed in {count(len(held.parts))} currencies"
    gap = reported - constant
    if abs(gap) < _SMALL:
        return f"Exchange rates hardly moved growth: {percent(constant)} at constant rates"
    size, verb = points(abs(gap)).lstrip("+"), "added" if gap > 0 else "took"
    side = "to" if gap > 0 else "off"
    return f"Exchange rates {verb} {size} {side} growth: at constant rates it is {percent(constant)}"


def chart(held: Abroad) -> Markup:
    """Growth over a year, as reported and at constant rates, over the last twelve months."""
    line = "yoy" if held.reported["yoy"][-1] is not None else "mom"
    ticks = [month_code(day) for day in held.reported["period"]][-BEFORE:]
    series = [
        svg.Line("With FX", held.reported[line][-BEFORE:], "l1"),
        svg.Line("No FX", held.constant[line][-BEFORE:], "l2"),
    ]
    label = f"Growth as reported and at the exchange rates of {long_day(held.day)}"
    return Markup(svg.lines(ticks, series, label=label, show=lambda value: percent(value, 0)))


def table(held: Abroad) -> Markup:
    """MRR and growth of the last twelve months at both rates, with what the rates did in each month."""
    rows = range(max(0, len(held.fx) - BEFORE), len(held.fx))
    body = [
        [
            month_code(held.reported["period"][row]),
            money(held.reported["mrr"][row], held.currency),
            money(held.fx[row], held.currency, sign=True),
            percent(held.reported["yoy"][row], sign=True),
            money(held.constant["mrr"][row], held.currency),
            percent(held.constant["yoy"][row], sign=True),
            points(difference_of(held.reported["yoy"][row], held.constant["yoy"][row])),
        ]
        for row in rows
    ]
    head = ("Month", "MRR", "FX in the month", "1 year", "MRR, constant", "1 year, constant", "By rates")
    return Markup(svg.table(head, body))


def parts_table(held: Abroad) -> Markup:
    """Each currency: what it brings, and whether it grew by itself."""
    whole, largest = sum(part.mrr for part in held.parts), max((part.mrr for part in held.parts), default=0.0)
    body = [
        [
            part.code,
            svg.Bar(part.mrr / largest if largest else 0.0, money(part.mrr, held.currency), "part"),
            percent(ratio(part.mrr, whole)),
            count(part.customers),
            money(part.own, part.code),
            percent(part.own_grown, sign=True),
        ]
        for part in held.parts
    ]
    head = ("Billed in", "MRR", "Share", "Customers", "In that currency", "1 year")
    return Markup(svg.table(head, body))


def page(held: Abroad | None) -> dict[str, Any]:
    """What the template shows."""
    if held is None:
        return {"abroad": None}
    return {
        "abroad": {
            "title": title(held),
            "day": long_day(held.day),
            "fx": money(total(held.fx, BEFORE), held.currency, sign=True),
            "months": min(BEFORE, len(held.fx)),
            "growth": "a year" if held.reported["yoy"][-1] is not None else "a month",
            "chart": chart(held),
            "table": table(held),
            "parts": parts_table(held),
        }
    }


def summary(held: Abroad | None) -> dict[str, Any] | None:
    """The same for machines."""
    if held is None:
        return None
    growth = ("mrr", "arr", "mom", "qoq", "yoy")
    return {
        "constant_rates_of": held.day.isoformat(),
        "constant": {
            "period": [day.isoformat() for day in held.constant["period"]],
            **{name: held.constant[name] for name in growth},
        },
        "reported": {name: held.reported[name] for name in growth},
        "fx": held.fx,
        "currencies": [
            {"currency": part.code, "mrr": part.mrr, "mrr_own": part.own, "customers": part.customers}
            | {"yoy": part.grown, "yoy_own": part.own_grown}
            for part in held.parts
        ],
    }
