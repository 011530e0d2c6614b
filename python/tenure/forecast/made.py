"""Forecasts that somebody made already, beside what happened."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import _core
from ..errors import InputError
from ..frames import read
from ..results.base import Array
from ..results.forecast import Backtest
from ..zones import settle

__all__ = ["backtest_of_made"]


def backtest_of_made(
    held: _core.SeriesHistory,
    frame: Any,
    columns: list[str],
    keys: list[str],
    period: str,
    horizon: int,
    native: str,
    timezone: str | None,
) -> Backtest:
    """Return the forecasts of a frame beside what happened; see `backtest`.

    Raises
    ------
    InputError
        ``E_COLUMN_MISSING``, ``E_FORECAST_SHAPE`` (no column of forecasts, a series without history, a
        period or cutoff that is no step of it), ``E_LEAKAGE``, ``E_PERIOD_DUPLICATE``, ``E_FORECAST_NAN``.
    """
    roles = [*keys, "cutoff", period]
    names = [name for name in columns if name not in {*roles, "horizon", "actual"}]
    if not names:
        hint = f"Columns besides {', '.join(roles)} are forecasts, one for each forecaster."
        raise InputError("the frame holds no forecast", code="E_FORECAST_SHAPE", hint=hint)
    table, _ = read(frame, [*roles, *names], keys=keys)
    for name in ("cutoff", period):
        settle(table, [name], timezone)
    series, periods = held.find(table, series=keys, period=period)
    _, cutoffs = held.find(table, series=keys, period="cutoff")
    _refuse_leakage(held, periods, cutoffs, period)
    ahead = _steps(held, periods, cutoffs)
    _refuse_unknown(held, series, ahead, cutoffs)
    place = _places(held, series, periods)
    forecasts = [np.asarray(_core.numbers(table, name)) for name in names]
    order = np.lexsort((periods, cutoffs, series))
    _refuse_twice(held, order, (series, cutoffs, periods), period)
    order = order[(place[order] >= 0) & (ahead[order] <= horizon)]
    for name, values in zip(names, forecasts, strict=True):
        wrong = order[~np.isfinite(values[order])]
        if len(wrong):
            row = int(wrong.min())
            message = f"the forecast for {held.text(int(periods[row]))} is {values[row]}"
            hint = "Drop the row, or fill it with another forecast."
            raise InputError(message, code="E_FORECAST_NAN", column=name, row=row, hint=hint)
    result = held.backtest(
        series=series[order], cutoff=cutoffs[order], place=place[order], horizon=ahead[order],
        names=names, forecasts=[values[order] for values in forecasts],
    )  # fmt: skip
    return Backtest(result, tuple(names), tuple(keys), period, native, held)


def _refuse_leakage(held: _core.SeriesHistory, periods: Array, cutoffs: Array, period: str) -> None:
    late = np.flatnonzero(cutoffs >= periods)
    if len(late):
        row = int(late[0])
        made, target = held.text(int(cutoffs[row])), held.text(int(periods[row]))
        message = f"forecast for {target} was made on {made}"
        hint = "A cutoff is the last period known when a forecast was made; it lies before what is forecast."
        raise InputError(
            message, code="E_LEAKAGE", column=period, row=row, value=made, hint=hint, count=len(late)
        )


def _steps(held: _core.SeriesHistory, periods: Array, cutoffs: Array) -> Array:
    """How many periods each forecast looked ahead; 0 where cutoff and period do not fit."""
    pairs, place = np.unique(np.stack([cutoffs, periods]), axis=1, return_inverse=True)
    steps = [held.between(int(start), int(stop)) or 0 for start, stop in pairs.T]
    return np.array(steps, dtype=np.int64)[np.ravel(place)]


def _refuse_unknown(held: _core.SeriesHistory, series: Array, ahead: Array, cutoffs: Array) -> None:
    strange = np.flatnonzero((series < 0) | (ahead < 1))
    if not len(strange):
        return
    row = int(strange[0])
    if series[row] < 0:
        message, hint = "a series that has no history", "Name series as the history does."
    else:
        message = f"cutoff {held.text(int(cutoffs[row]))} is not a whole number of steps before the period"
        hint = f"The periods of the history are {held.step} apart; a cutoff is the last one known."
    raise InputError(message, code="E_FORECAST_SHAPE", row=row, hint=hint, count=len(strange))


def _places(held: _core.SeriesHistory, series: Array, periods: Array) -> Array:
    """Where in the history each series has the period; -1 where it has not."""
    begin, known = np.asarray(held.begin, dtype=np.int64), np.asarray(held.periods)
    distinct = np.unique(known)
    owner = np.repeat(np.arange(len(begin) - 1), np.diff(begin))
    keys = owner * len(distinct) + np.searchsorted(distinct, known)
    rank = np.searchsorted(distinct, periods)
    there = (rank < len(distinct)) & (distinct[np.minimum(rank, len(distinct) - 1)] == periods)
    wanted = series * len(distinct) + rank
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(there & (keys[place] == wanted), place, -1)


def _refuse_twice(
    held: _core.SeriesHistory, order: Array, columns: tuple[Array, Array, Array], period: str
) -> None:
    same = np.ones(max(len(order) - 1, 0), dtype=bool)
    for column in columns:
        same &= column[order][1:] == column[order][:-1]
    twice = np.flatnonzero(same)
    if len(twice):
        row = int(order[twice[0] + 1])
        _, cutoffs, periods = columns
        shown = held.text(int(periods[row]))
        message = f"the forecast for {shown} from {held.text(int(cutoffs[row]))} is there twice"
        raise InputError(message, code="E_PERIOD_DUPLICATE", column=period, row=row, value=shown)
