"""The six headline figures: value, change against a named base, trend, and where their rows are."""

from __future__ import annotations

from dataclasses import dataclass

from .figures import BEFORE, RECENT, Column, Figures, change, difference
from .format import money, month, percent, points, shift


@dataclass(frozen=True)
class Tile:
    """One headline figure. `good` is None when there is nothing to compare with."""

    key: str
    label: str
    meaning: str
    value: float | None
    shown: str
    change: float | None
    moved: str
    against: str
    good: bool | None
    trend: Column
    rows: str


@dataclass(frozen=True)
class _Moved:
    """A change in words, and whether down is the good way."""

    by: float | None
    text: str
    against: str
    lower_is_better: bool = False


_MEAN = "on the 12-month average"
MEANINGS = {
    "arr": "Annual recurring revenue: MRR at the end of the month times 12",
    "net_new_arr": "ARR at the end of the month less ARR at its start",
    "nrr": "Net revenue retention: MRR now of the customers of 12 months ago, over their MRR then",
    "grr": "Gross revenue retention: as NRR, with each customer capped at the MRR of 12 months ago",
    "churn": "MRR lost by churn and contraction in the month, over MRR at its start",
    "arpa": "Average revenue per account: MRR over paying customers at the end of the month",
}


def tiles(figures: Figures) -> list[Tile]:
    """Return the six tiles in reading order."""
    return [
        _yearly(figures, "arr", "ARR"),
        _net_new(figures),
        _kept(figures, "nrr", "NRR, 12 months", "expansion"),
        _kept(figures, "grr", "GRR, 12 months", "contraction"),
        _churn(figures),
        _yearly(figures, "arpa", "ARPA, monthly"),
    ]


def _tile(key: str, label: str, trend: Column, shown: str, moved: _Moved, rows: str) -> Tile:
    there = moved.by is not None
    good = None if not moved.by else (moved.by > 0) is not moved.lower_is_better
    value = trend[-1] if trend else None
    text, against = (moved.text, moved.against) if there else ("", "")
    return Tile(key, label, MEANINGS[key], value, shown, moved.by, text, against, good, trend, rows)


def _yearly(figures: Figures, key: str, label: str) -> Tile:
    """A level against the same month of the year before."""
    trend = figures.growth[key]
    moved = figures.growth["yoy"][-1] if key == "arr" else change(trend, BEFORE)
    against = f"on {month(shift(figures.last, -BEFORE))}"
    shown = money(trend[-1], figures.currency)
    return _tile(key, label, trend, shown, _Moved(moved, percent(moved, sign=True), against), "closing")


def _kept(figures: Figures, key: str, label: str, rows: str) -> Tile:
    """A retention against three months before."""
    trend = figures.retention[key]
    moved = difference(trend, RECENT)
    against = f"on {month(shift(figures.last, -RECENT))}"
    shown = percent(trend[-1] if trend else None)
    return _tile(key, label, trend, shown, _Moved(moved, points(moved), against), rows)


def _net_new(figures: Figures) -> Tile:
    trend = figures.growth["net_new_arr"]
    pair = _against_mean(trend)
    # It can change its sign, so it is compared in money, not in percent.
    moved = None if pair is None else pair[0] - pair[1]
    step = _Moved(moved, money(moved, figures.currency, sign=True), _MEAN)
    return _tile("net_new_arr", "Net new ARR", trend, money(trend[-1], figures.currency), step, "new")


def _churn(figures: Figures) -> Tile:
    trend = figures.growth["gross_churn"]
    pair = _against_mean(trend)
    moved = None if pair is None else pair[0] - pair[1]
    step = _Moved(moved, points(moved, 2), _MEAN, lower_is_better=True)
    return _tile("churn", "MRR churn, monthly", trend, percent(trend[-1], 2), step, "churn")


def _against_mean(values: Column) -> tuple[float, float] | None:
    """The last value and the mean of up to twelve before it."""
    before = [value for value in values[-1 - BEFORE : -1] if value is not None]
    if not values or values[-1] is None or not before:
        return None
    return values[-1], sum(before) / len(before)
