"""What customers cost and are worth: CAC, payback, lifetime value and the efficiency of growth."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..book import Book
from ..economics import Figure, Spend, cac, crossing_of, efficiency, ltv
from ..names import plain
from .figures import BEFORE, ENOUGH, Asked, Columns, columns
from .format import month_end, shift
from .staying import Estimate
from .window import nearly

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Costs:
    """What the report is told about costs: marketing spend, and gross margin as a share of revenue."""

    spend: Spend | None = None
    margin: float | None = None


@dataclass(frozen=True)
class Value:
    """A segment or channel: what one of its customers pays, how many leave, what they cost and are worth."""

    name: str
    customers: int
    arpa: float | None
    churn: float | None
    lifetime: float | None
    ltv: Estimate
    cac: float | None = None
    ratio: float | None = None
    spend: float | None = None
    new_customers: int | None = None


@dataclass(frozen=True)
class Cost:
    """CAC by month, and over all the months."""

    months: Columns
    total: dict[str, Any]


@dataclass(frozen=True)
class Worth:
    """Unit economics of the last twelve complete months; `curve` is margin a customer by months."""

    currency: str | None
    margin: float | None
    first: date
    last: date
    dimension: str | None
    whole: Value
    segments: list[Value]
    blended: Cost | None
    paid: Cost | None
    channels: list[Value]
    curve: list[float]
    crossing: Figure
    quarters: Columns
    growth: float | None

    @property
    def rate(self) -> float:
        """The margin that was counted with: all revenue where none is known."""
        return 1.0 if self.margin is None else self.margin


def gather(
    book: Book, asked: Asked, costs: Costs, dimension: str | None, grown: float | None
) -> Worth | None:
    """Ask the book; None where neither spend nor margin is known, or no month is complete."""
    last = asked.last if asked.reach >= nearly(month_end(asked.last)) else shift(asked.last, -1)
    if (costs.spend is None and costs.margin is None) or last < asked.first:
        return None
    book = seen_until(book, month_end(last))
    first = max(asked.first, shift(last, 1 - BEFORE))
    span = {"first": first, "last": last}
    margin = 1.0 if costs.margin is None else costs.margin
    channel = channel_of(book, costs.spend)
    blended, paid, by_channel = _costs(book, costs.spend, span, channel)
    terms: dict[str, Any] = {**span, "margin": margin, "confidence": CONFIDENCE}
    whole = _values(columns(ltv(book, **terms, cac=None if blended is None else _of(blended))), cut=False)
    parts = [] if dimension is None else _values(columns(ltv(book, **terms, by=dimension)), cut=True)
    channels: list[Value] = []
    if by_channel is not None and channel is not None:
        worth = _values(columns(ltv(book, **terms, by=channel, cac=by_channel)), cut=True)
        channels = _with_spend(worth, columns(by_channel.totals()))
    curve, crossing = _payback(book, asked.first, last, margin, blended)
    return Worth(
        currency=book.currency,
        margin=costs.margin,
        first=first,
        last=last,
        dimension=dimension,
        whole=whole[0],
        segments=sorted(parts, key=lambda one: -one.customers),
        blended=blended,
        paid=paid,
        channels=channels,
        curve=curve,
        crossing=crossing,
        quarters=_quarters(book, costs.spend, asked.first, last, margin),
        growth=grown,
    )


def seen_until(book: Book, day: date) -> Book:
    """The book, known until a day: the report decides which months are complete."""
    seen = object.__new__(type(book))
    vars(seen).update(vars(book))
    seen._settings = replace(book._settings, as_of=day)
    seen._view = book._view._replace(known_at=None)
    return seen


def channel_of(book: Book, spend: Spend | None) -> str | None:
    """The segment of the book that holds the channels of the spend, if there is one of that name.

    Names are compared without case and punctuation, unless one is the same.
    """
    name = None if spend is None else spend._channel
    if name is None or name in book.by:
        return name
    return next((one for one in book.by if plain(one) == plain(name)), None)


def _costs(
    book: Book, spend: Spend | None, span: dict[str, Any], channel: str | None
) -> tuple[Cost | None, Cost | None, Any]:
    if spend is None:
        return None, None, None
    blended = _cost(cac(spend, book, **span))
    if channel is None:
        return blended, None, None
    spend = copy(spend)
    spend._channel = channel  # as the book writes it
    paid = _cost(cac(spend, book, **span, paid=True)) if spend.paid_channels else None
    return blended, paid, cac(spend, book, **span, by=channel)


def _cost(found: Any) -> Cost:
    totals = columns(found.totals())
    return Cost(columns(found), {name: values[0] for name, values in totals.items()})


def _of(cost: Cost) -> float | None:
    value = cost.total["cac"]
    return None if value is None else float(value)


def _values(held: Columns, *, cut: bool) -> list[Value]:
    rows, names = range(len(held["ltv"])), held[next(iter(held))]  # labels come first
    return [
        Value(
            name="All" if not cut else str(names[row]),
            customers=int(held["customers"][row]),
            arpa=held["arpa"][row],
            churn=held["churn"][row],
            lifetime=held["lifetime"][row],
            ltv=Estimate(held["ltv"][row], held["ltv_lower"][row], held["ltv_upper"][row]),
            cac=held["cac"][row] if "cac" in held else None,
            ratio=held["ltv_to_cac"][row] if "ltv_to_cac" in held else None,
        )
        for row in rows
    ]


def _with_spend(values: list[Value], totals: Columns) -> list[Value]:
    """Channels with what was spent on them, the dearest first."""
    place = {str(name): row for row, name in enumerate(totals[next(iter(totals))])}
    found = []
    for one in values:
        row = place.get(one.name)
        if row is not None:
            new = totals["new_customers"][row]
            found.append(
                Value(**{**vars(one), "spend": totals["spend"][row], "new_customers": int(new or 0)})
            )
    return sorted(found, key=lambda one: (-(one.spend or 0.0), one.name))


def _payback(
    book: Book, first: date, last: date, margin: float, blended: Cost | None
) -> tuple[list[float], Figure]:
    """Margin of a customer by months since the start, over all cohorts, and when it covers the cost."""
    held = columns(ltv(book, first=first, last=last, method="cohort", margin=margin))
    rows = zip(held["customers"], held["ltv"], strict=True)
    curve = [float(value) for number, value in rows if value is not None and number >= ENOUGH]
    cost = None if blended is None else _of(blended)
    if cost is None or not curve:
        return curve, Figure(None, "no_spend")
    steps = [after - before for before, after in zip([0.0, *curve[:-1]], curve, strict=True)]
    return curve, crossing_of(steps, cost)


def _quarters(book: Book, spend: Spend | None, first: date, last: date, margin: float) -> Columns:
    """Efficiency of the complete quarters of the last year."""
    end = shift(last, -(last.month % 3))
    begin = max(shift(end, -11), shift(first, (1 - first.month) % 3))
    if spend is None or begin > end:
        return {}
    return columns(efficiency(spend, book, first=begin, last=end, margin=margin))
