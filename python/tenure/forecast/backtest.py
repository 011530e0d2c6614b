"""What forecasters would have said at past origins, beside what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from .. import _core
from ..errors import InputError, OptionError
from ..forecasting import count_of
from ..frames import column_names, read
from ..options import one_of
from ..progress import backtesting
from ..results.base import Array
from ..results.forecast import Backtest
from ..zones import settle
from .made import backtest_of_made
from .naive import METHODS, horizon_of, keys_of, lag_of, refuse_twice
from .origins import period_of
from .returned import Asked, numbers_of
from .slices import Slices

__all__ = ["backtest"]

Forecaster = Callable[[Any, int], Any] | str


def backtest(
    frame: Any,
    forecaster: Forecaster | Sequence[str] | Mapping[str, Forecaster] | Any,
    *,
    value: str = "value",
    series: str | Sequence[str] | None = None,
    period: str = "period",
    horizon: int = 3,
    origins: int | Sequence[str | date | int] = 6,
    step: int = 1,
    window: int | None = None,
    lag: int = 12,
    timezone: str | None = None,
) -> Backtest:
    """Forecast from past origins, with nothing but what was known there.

    At each origin a forecaster sees the rows up to the cutoff and forecasts the `horizon` periods after it.
    Rows after the cutoff are not in what it gets.

    Parameters
    ----------
    frame
        Any frame that `Book` takes, a row for each series and period, in any order; see `naive`.
    forecaster
        A callable, called as ``forecaster(history, horizon)``. `history` is a frame of the caller's own kind,
        with all its columns, of the series that have a row at the cutoff, sorted by series and period. It
        returns an array (a row for each series in the order of the history, a column for each period), or a
        frame with the columns of `series`, `period` and ``forecast``. Or a method of `naive`, or several. Or
        a mapping of names to forecasters. Or a frame of forecasts already made: the columns of `series`,
        ``cutoff`` (the last period known when they were made), `period`, and one for each forecaster.
    value, series, period
        Columns, as `naive` takes them.
    horizon
        How many periods each origin looks ahead; of a frame of forecasts, how many at most.
    origins
        How many origins: the last is `horizon` periods before the last period of the frame, the others
        `step` periods apart before it. Or the cutoffs themselves: dates, months or numbers.
    step
        Periods between origins.
    window
        How many last periods the history holds (a rolling window); by default all (an expanding one).
    lag
        Periods in a season, for naive methods.
    timezone
        In which a day begins, such as ``"Europe/Berlin"``; required where periods are instants, those of
        forecasts too.

    Returns
    -------
    Backtest
        The columns of `series`, ``cutoff``, `period`, ``horizon``, ``actual``, and one for each forecaster
        (a callable alone is called ``forecast``), sorted by series and cutoff. Periods of which nothing is
        known yet, or no longer, are left out. Null where a naive method had too few values (``too_few``) or
        came to more than a number holds (``diverges``).

    Raises
    ------
    InputError
        ``E_FORECAST_SHAPE``, ``E_FORECAST_MISSING``, ``E_FORECAST_NAN`` (what a forecaster returned, with its
        name, origin and series), ``E_LEAKAGE`` (a forecast for a period that was known when it was made),
        ``E_CUTOFF`` (an origin that is no period of the history), ``E_WINDOW`` (no origin has a history,
        or a period after it), and those of `naive`.
    OptionError
        ``E_FORECASTER``, ``E_HORIZON``, ``E_ORIGINS``, ``E_STEP``, ``E_WINDOW``, ``E_LAG``, ``E_METHOD``,
        ``E_COLUMN_DUPLICATE`` (a forecaster named as another column of the result).

    Examples
    --------
    >>> import tenure as tn
    >>> sales = {"period": [1, 2, 3, 4, 5, 6], "value": [3.0, 4.0, 6.0, 7.0, 9.0, 10.0]}
    >>> def last_change(history, horizon):
    ...     past = history["value"]
    ...     return [past[-1] + (past[-1] - past[-2]) * step for step in range(1, horizon + 1)]
    >>> both = {"change": last_change, "naive": "naive"}
    >>> back = tn.forecast.backtest(sales, both, horizon=2, origins=2)
    >>> back["cutoff"].tolist(), back["change"].tolist(), back["actual"].tolist()
    ([3, 3, 4, 4], [8.0, 10.0, 8.0, 9.0], [7.0, 9.0, 9.0, 10.0])
    """
    keys = keys_of(series, period, value)
    slices = Slices(frame, [*keys, period, value])
    table, kind = read(slices.frame, [*keys, period, value], keys=keys)
    native = slices.native or kind
    settle(table, [period], timezone)
    held = _core.SeriesHistory(table, series=keys, period=period, value=value)
    ahead, season = horizon_of(horizon), lag_of(lag)
    roles = [*keys, "cutoff", period, "horizon", "actual"]
    if (made := _is_made(forecaster)) is not None:
        refuse_twice(roles)
        return backtest_of_made(held, forecaster, made, keys, period, ahead, native, timezone)
    named = _named(forecaster)
    refuse_twice([*roles, *named])
    panel = _Panel(held, slices, keys, period, timezone)
    cutoffs = panel.cutoffs(origins, ahead, count_of(step, "step", "E_STEP"))
    rows = _Rows(list(named))
    kept = None if window is None else count_of(window, "window", "E_WINDOW")
    with backtesting() as progress:
        for count, cutoff in enumerate(cutoffs, start=1):
            known = panel.known_at(cutoff, kept)
            found = [panel.forecast(name, one, known, ahead, season) for name, one in named.items()]
            rows.add(panel, known, ahead, found)
            if progress is not None:
                progress(count)
    return rows.result(held, keys, period, native)


class _Known:
    """The series that have a row at a cutoff, and which of their values are known there."""

    def __init__(self, cutoff: int, series: Array, begin: Array, end: Array) -> None:
        self.cutoff, self.series, self.begin, self.end = cutoff, series, begin, end

    def places(self) -> Array:
        """Places of all known values, series by series."""
        return np.concatenate(
            [np.arange(first, last) for first, last in zip(self.begin, self.end, strict=True)]
        )


class _Panel:
    """A history that is asked at many origins."""

    def __init__(
        self, held: _core.SeriesHistory, slices: Slices, keys: list[str], period: str, timezone: str | None
    ) -> None:
        self.held, self.slices, self.keys, self.period = held, slices, keys, period
        self.timezone = timezone
        self.begin = np.asarray(held.begin, dtype=np.int64)
        self.periods, self.rows = np.asarray(held.periods), np.asarray(held.rows)

    def cutoffs(self, origins: Any, horizon: int, step: int) -> list[int]:
        """The origins, ascending."""
        if isinstance(origins, (int, np.integer)) and not isinstance(origins, bool):
            last, first = int(self.periods.max()), int(self.periods.min())
            found = [
                self._before(last, horizon + step * back) for back in range(count_of(origins, "origins"))
            ]
            kept = sorted(cutoff for cutoff in found if cutoff is not None and cutoff >= first)
            if not kept:
                message = (
                    f"no origin has a history: {horizon} periods before {self.held.text(last)} lies before "
                    f"{self.held.text(first)}, the first period"
                )
                hint = "Ask for fewer periods ahead."
                raise InputError(message, code="E_WINDOW", value=str(horizon), hint=hint)
            return kept
        if isinstance(origins, (str, date)) or not isinstance(origins, (Sequence, np.ndarray)):
            hint = "Say how many, or list the last period known at each."
            message = f"origins={origins!r} is neither a number nor a list"
            raise OptionError(message, code="E_ORIGINS", value=str(origins)[:80], hint=hint)
        return sorted({self._origin(one) for one in origins})

    def _before(self, period: int, steps: int) -> int | None:
        """So many steps earlier; None before the calendar begins."""
        try:
            return self.held.advance(period, -steps)
        except InputError:
            return None

    def _origin(self, given: Any) -> int:
        found = period_of(self.held, given, "origins")
        if found is not None:
            return found
        first, last = (self.held.text(int(one)) for one in (self.periods.min(), self.periods.max()))
        message = f"origin {given} is no period of the history"
        hint = f"It has periods {first} to {last}, {self.held.step} apart."
        raise InputError(message, code="E_CUTOFF", column=self.period, value=str(given)[:80], hint=hint)

    def known_at(self, cutoff: int, window: int | None) -> _Known:
        """What is known at a cutoff."""
        counts = np.add.reduceat((self.periods <= cutoff).astype(np.int64), self.begin[:-1])
        end = self.begin[:-1] + counts
        series = np.flatnonzero((counts > 0) & (self.periods[np.maximum(end - 1, 0)] == cutoff))
        begin, end = self.begin[:-1][series], end[series]
        if not len(series):
            message = f"no series has a row at the origin {self.held.text(cutoff)}"
            raise InputError(message, code="E_WINDOW", value=self.held.text(cutoff))
        if window is not None:
            begin = np.maximum(begin, end - window)
        return _Known(cutoff, series, begin, end)

    def forecast(self, name: str, forecaster: Forecaster, known: _Known, horizon: int, lag: int) -> Array:
        """A row for each known series, a column for each period."""
        if isinstance(forecaster, str):
            found = self.held.naive_from(forecaster, known.begin, known.end, horizon=horizon, lag=lag)
            return np.asarray(found).reshape(len(known.series), horizon)
        ahead = [self.held.advance(known.cutoff, step) for step in range(1, horizon + 1)]
        asked = Asked(
            self.held, self.keys, self.period, name, known.cutoff, known.series, ahead, self.timezone
        )
        history = self.slices.rows(self.rows[known.places()])
        try:
            returned = forecaster(history, horizon)
        except Exception as fault:
            fault.add_note(f"raised by {asked.where()}")
            raise
        return numbers_of(returned, asked)


class _Rows:
    """The rows of the result, origin by origin."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.parts: list[tuple[Array, ...]] = []

    def add(self, panel: _Panel, known: _Known, horizon: int, found: list[Array]) -> None:
        """The forecasts of an origin, as far as one knows what happened."""
        place = known.end[:, None] + np.arange(horizon)[None, :]
        happened = place < panel.begin[known.series + 1][:, None]
        shape = place.shape
        columns = [
            np.broadcast_to(known.series[:, None], shape),
            np.full(shape, known.cutoff, dtype=np.int64),
            place,
            np.broadcast_to(np.arange(1, horizon + 1), shape),
            *found,
        ]
        self.parts.append(tuple(column[happened] for column in columns))

    def result(self, held: _core.SeriesHistory, keys: list[str], period: str, native: str) -> Backtest:
        """All rows, sorted by series, cutoff and period."""
        series, cutoff, place, ahead, *found = (
            np.concatenate(part) for part in zip(*self.parts, strict=True)
        )
        if not series.size:
            hint = "The last period known lies before what is forecast: name earlier origins."
            raise InputError("no origin has a known period after it", code="E_WINDOW", hint=hint)
        order = np.lexsort((place, cutoff, series))
        columns = held.backtest(
            series=series[order], cutoff=cutoff[order], place=place[order], horizon=ahead[order],
            names=self.names, forecasts=[one[order] for one in found],
        )  # fmt: skip
        return Backtest(columns, tuple(self.names), tuple(keys), period, native, held)


def _is_made(forecaster: Any) -> list[str] | None:
    """The columns of a frame of forecasts; None for what makes forecasts."""
    if isinstance(forecaster, str) or callable(forecaster):
        return None
    if isinstance(forecaster, Mapping) and not all(_is_column(one) for one in forecaster.values()):
        return None
    return column_names(forecaster)


def _is_column(value: Any) -> bool:
    return hasattr(value, "__len__") and not isinstance(value, str) and not callable(value)


def _named(forecaster: Any) -> dict[str, Forecaster]:
    if isinstance(forecaster, str):
        return {forecaster: one_of(forecaster, "forecaster", METHODS, "E_METHOD")}
    if callable(forecaster):
        return {"forecast": forecaster}
    if isinstance(forecaster, Mapping) and forecaster:
        refuse_twice([str(name) for name in forecaster])
        for name, one in forecaster.items():
            if isinstance(one, str):
                one_of(one, str(name), METHODS, "E_METHOD")
            elif not callable(one):
                raise _no_forecaster(f"forecaster '{name}'", one)
        return {str(name): one for name, one in forecaster.items()}
    if isinstance(forecaster, Sequence) and forecaster and all(isinstance(one, str) for one in forecaster):
        return {one: one_of(one, "forecaster", METHODS, "E_METHOD") for one in forecaster}
    raise _no_forecaster("forecaster", forecaster)


def _no_forecaster(name: str, given: Any) -> OptionError:
    hint = "Pass a callable, a method of tenure.forecast.naive, a mapping of them, or a frame of forecasts."
    kind = type(given).__name__
    return OptionError(f"{name} is a {kind}", code="E_FORECASTER", value=kind, hint=hint)
