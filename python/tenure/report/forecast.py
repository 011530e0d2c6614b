"""Where MRR is heading, how right such forecasts were, and how predictable revenue is at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from .. import forecast
from ..book import Book
from ..errors import InputError
from ..forecasting import New
from ..results.forecast import Backtest
from .figures import Asked, Columns, columns, ratio
from .format import month_end, shift, word
from .staying import Estimate
from .window import nearly
from .worth import seen_until

AHEAD = 12
CHECKED = 6  # months that past forecasts looked ahead
ORIGINS = 12
ENOUGH_MONTHS = 6
HISTORY = 24
LEVELS = (0.95, 0.8, 0.5)  # the widest is drawn first
LEVEL = 0.8
DUE = 3  # months whose renewals are shown by segment
METHODS = ("bridge", "naive", "drift")


@dataclass(frozen=True)
class Past:
    """Errors of past forecasts by months ahead: `wape` of each method, the rest of the bridge.

    `bias` is the sum of errors over the sum of actuals; `low` and `high` are the shares of forecasts below
    and above what came.
    """

    first: date
    last: date
    origins: int
    ahead: list[int]
    points: list[int]
    wape: dict[str, list[float | None]]
    mean_error: list[float | None]
    bias: list[float | None]
    low: list[float]
    high: list[float]
    coverage: Estimate
    inside: int

    @property
    def best(self) -> str:
        """The method that missed least at the longest look ahead."""
        held = {name: values[-1] for name, values in self.wape.items()}
        return min((name for name in METHODS if held[name] is not None), key=lambda name: held[name] or 0.0)


@dataclass(frozen=True)
class Index:
    """The predictability index with its parts, and what falls due for renewal."""

    value: float | None
    parts: Columns
    reasons: list[str | None]
    mrr: float
    contracted: Estimate
    due: Columns
    dimension: str | None
    segments: list[dict[str, Any]]
    notes: list[str]


@dataclass(frozen=True)
class Forecast:
    """The MRR bridge carried on, its limits, and what is known of how right that was before.

    New business is carried on as `new` says: at its mean (``level``) or along its line (``trend``), whichever
    missed less at past origins; `other` is what the other one missed at the longest look ahead.
    """

    currency: str | None
    last: date
    months: int
    history: Columns
    ahead: Columns
    limits: dict[float, list[Estimate]]
    past: Past | None
    index: Index
    new: New = "level"
    other: float | None = None


def missing(held: Forecast | None) -> str | None:
    """Why there is no forecast, if there is none."""
    if held is not None:
        return None
    return f"No forecast: it needs {word(ENOUGH_MONTHS)} complete months that begin with somebody paying."


def gather(book: Book, asked: Asked, bridge: Columns, dimension: str | None) -> Forecast | None:
    """Ask the book; None where it has too few complete months that begin with somebody paying."""
    last = asked.last if asked.reach >= nearly(month_end(asked.last)) else shift(asked.last, -1)
    if last < asked.first:
        return None
    seen = seen_until(book, month_end(last))
    new, past, other = _chosen(seen, last)
    ahead = seen.forecast(AHEAD, history=HISTORY, new=new, confidence=LEVEL, as_of=month_end(last))
    months = int(columns(ahead.rates())["periods"][0])
    held = columns(ahead)
    if months < ENOUGH_MONTHS or None in held["lower"]:
        return None
    fan = columns(ahead.fan(LEVELS))
    limits: dict[float, list[Estimate]] = {level: [] for level in LEVELS}
    for level, *one in zip(*(fan[name] for name in ("level", "closing", "lower", "upper")), strict=True):
        limits[min(LEVELS, key=lambda known: abs(known - level))].append(Estimate(*one))
    shown = [row for row, day in enumerate(bridge["period"]) if day <= last]
    history = {name: [bridge[name][row] for row in shown] for name in ("period", "closing")}
    index = _index(seen, asked, last, dimension)
    return Forecast(book.currency, last, months, history, held, limits, past, index, new, other)


def _chosen(book: Book, last: date) -> tuple[New, Past | None, float | None]:
    """How to carry new business on: what missed less, over all looks ahead, at past origins."""
    ways: tuple[New, New] = ("level", "trend")
    found = [(new, past) for new in ways if (past := _past(book, last, new)) is not None]
    if len(found) < len(ways):
        return "level", None, None
    found.sort(key=lambda one: sum(value or 0.0 for value in one[1].wape["bridge"]))
    (new, past), (_, other) = found
    return new, past, other.wape["bridge"][-1]


def _past(book: Book, last: date, new: New) -> Past | None:
    try:
        back = book.backtest(
            CHECKED, origins=ORIGINS, methods=("naive", "drift"), history=HISTORY, new=new, confidence=LEVEL,
            as_of=month_end(last),
        )  # fmt: skip
    except InputError as fault:
        if fault.code != "E_WINDOW":
            raise
        return None  # no past month has both a history and what came of it
    if len(back.cutoffs) < 3:
        return None
    held = columns(back)
    errors = columns(back.accuracy(measures=["me", "wape"]).by_horizon(pooling="ratio_of_sums"))
    ahead = list(dict.fromkeys(errors["horizon"]))
    of = {
        name: {
            method: [
                value for value, who in zip(errors[name], errors["forecast"], strict=True) if who == method
            ]
            for method in METHODS
        }
        for name in ("me", "wape", "points")
    }
    low, high, bias = [], [], []
    for months in ahead:
        rows = [row for row, horizon in enumerate(held["horizon"]) if horizon == months]
        missed = [held["bridge"][row] - held["actual"][row] for row in rows]
        bias.append(ratio(sum(missed), sum(held["actual"][row] for row in rows)))
        low.append(sum(one < 0 for one in missed) / len(missed))
        high.append(sum(one > 0 for one in missed) / len(missed))
    inside = _held(back)
    return Past(
        first=min(held["cutoff"]),
        last=max(held["cutoff"]),
        origins=len(back.cutoffs),
        ahead=ahead,
        points=of["points"]["bridge"],
        wape=of["wape"],
        mean_error=of["me"]["bridge"],
        bias=bias,
        low=low,
        high=high,
        coverage=Estimate(*(inside[name][0] for name in ("coverage", "lower", "upper"))),
        inside=inside["points"][0] - inside["below"][0] - inside["above"][0],
    )


def _held(back: Backtest) -> Columns:
    """How often the limits held what came."""
    return columns(forecast.intervals(back, lower="bridge_lower", upper="bridge_upper", level=LEVEL))


def _index(book: Book, asked: Asked, last: date, dimension: str | None) -> Index:
    first = max(asked.first, shift(last, 1 - HISTORY))
    found = forecast.predictability(book, first=first, last=last, at=month_end(last))
    promised = columns(found.commitments)
    due = columns(found.commitments.due())
    ahead = [row for row, day in enumerate(due["period"]) if day > last]
    return Index(
        value=found.index,
        parts=columns(found),
        reasons=[reason or None for reason in found.reason("value")],
        mrr=promised["mrr"][0],
        contracted=Estimate(promised["contracted_share"][0], None, None),
        due={name: [values[row] for row in ahead] for name, values in due.items()},
        dimension=dimension,
        segments=[] if dimension is None else _segments(book, last, dimension),
        notes=[note.message for note in found.commitments.notes],
    )


def _segments(book: Book, last: date, dimension: str) -> list[dict[str, Any]]:
    """Each segment with its run rate, what of it is promised, and what falls due soon."""
    promised = forecast.commitments(book, at=month_end(last), by=dimension)
    held, due = columns(promised), columns(promised.due())
    names, labels = held[next(iter(held))], due[list(due)[1]]
    soon = shift(last, DUE)
    found = []
    for row, name in enumerate(names):
        amounts = [
            amount
            for amount, who, day in zip(due["due"], labels, due["period"], strict=True)
            if who == name and last < day <= soon
        ]
        found.append(
            {"name": str(name), **{key: held[key][row] for key in ("mrr", "contracted", "due", "rolling")},
             "soon": sum(amounts)}
        )  # fmt: skip
    return sorted(found, key=lambda one: -one["mrr"])
