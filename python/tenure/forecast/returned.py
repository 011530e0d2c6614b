"""What a forecaster returned, as numbers in the order of the series and periods that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from .. import _core
from ..errors import InputError
from ..frames import column_names, read
from ..results.base import Array
from ..zones import settle

__all__ = ["Asked", "numbers_of"]


class Asked(NamedTuple):
    """What a forecaster was asked at an origin."""

    held: _core.SeriesHistory
    keys: list[str]
    period: str
    name: str
    cutoff: int
    series: Array  # positions of the series that are there
    ahead: list[int]  # the periods to forecast
    timezone: str | None

    def where(self, series: int | None = None) -> str:
        """The place of a fault, for the beginning of a sentence."""
        labelled = "" if series is None or not self.keys else f", series '{self.held.label(series)}'"
        return f"forecaster '{self.name}' at origin {self.held.text(self.cutoff)}{labelled}"

    def missing(self, series: int, step: int) -> InputError:
        """The fault of a forecast that is not there."""
        message = f"{self.where(series)}: no forecast for {self.held.text(self.ahead[step])}"
        hint = "Return a number for each series and period."
        return InputError(message, code="E_FORECAST_MISSING", column=self.period, hint=hint)


def numbers_of(returned: Any, asked: Asked) -> Array:
    """A row for each series that was asked for, a column for each period.

    Raises
    ------
    InputError
        ``E_FORECAST_SHAPE``, ``E_FORECAST_MISSING``, ``E_FORECAST_NAN``, ``E_PERIOD_DUPLICATE``.
    """
    names = column_names(returned) if not isinstance(returned, np.ndarray) else None
    values = _from_array(returned, asked) if names is None else _from_frame(returned, names, asked)
    wrong = np.argwhere(~np.isfinite(values))
    if len(wrong):
        row, step = (int(place) for place in wrong[0])
        series = int(asked.series[row])
        shown = str(values[row, step])
        message = f"{asked.where(series)}: the forecast for {asked.held.text(asked.ahead[step])} is {shown}"
        hint = "Return a number for each series and period, of a naive method if there is no other."
        raise InputError(message, code="E_FORECAST_NAN", value=shown, hint=hint)
    return values


def _from_array(returned: Any, asked: Asked) -> Array:
    shape = len(asked.series), len(asked.ahead)
    try:
        values = np.asarray(returned, dtype=np.float64)
    except (TypeError, ValueError):
        message = f"{asked.where()}: returned a {type(returned).__name__}, neither numbers nor a frame"
        hint = "Return an array, or a frame with a column 'forecast'."
        raise InputError(message, code="E_FORECAST_SHAPE", value=type(returned).__name__, hint=hint) from None
    if values.shape != shape and values.shape != (shape[0] * shape[1],):
        message = (
            f"{asked.where()}: returned an array of shape {values.shape}; expected {shape} "
            "(a row for each series of the history, a column for each period)"
        )
        hint = "Series come in the order of the history; or return a frame with a column 'forecast'."
        raise InputError(message, code="E_FORECAST_SHAPE", value=str(values.shape), hint=hint)
    return values.reshape(shape)


def _from_frame(returned: Any, names: Sequence[Any], asked: Asked) -> Array:
    column = _column_of(names, asked)
    table, _ = read(returned, [*asked.keys, asked.period, column], keys=asked.keys)
    settle(table, [asked.period], asked.timezone)
    codes, periods = asked.held.find(table, series=asked.keys, period=asked.period)
    numbers = _core.numbers(table, column)
    row_of = {int(series): row for row, series in enumerate(asked.series)}
    step_of = {period: step for step, period in enumerate(asked.ahead)}
    values = np.full((len(asked.series), len(asked.ahead)), np.nan)
    seen = np.zeros(values.shape, dtype=bool)
    for at, (code, period) in enumerate(zip(codes.tolist(), periods.tolist(), strict=True)):
        if code not in row_of or period not in step_of:
            what = "a series" if code not in row_of else f"period {asked.held.text(period)}"
            message = f"{asked.where()}: returned {what} that was not asked for"
            hint = f"Asked for: {', '.join(asked.held.text(one) for one in asked.ahead)}."
            raise InputError(message, code="E_FORECAST_SHAPE", row=at, hint=hint)
        place = row_of[code], step_of[period]
        if seen[place]:
            message = f"{asked.where(code)}: period {asked.held.text(period)} is there twice"
            raise InputError(message, code="E_PERIOD_DUPLICATE", row=at, column=asked.period)
        seen[place], values[place] = True, numbers[at]
    if not seen.all():
        row, step = (int(place) for place in np.argwhere(~seen)[0])
        raise asked.missing(int(asked.series[row]), step)
    return values


def _column_of(names: Sequence[Any], asked: Asked) -> str:
    others = [name for name in names if name not in {*asked.keys, asked.period}]
    for known in ("forecast", asked.name):
        if known in others:
            return known
    if len(others) == 1:
        return str(others[0])
    message = f"{asked.where()}: returned columns {', '.join(map(str, names))}, and none is called 'forecast'"
    raise InputError(message, code="E_FORECAST_SHAPE", hint="Call the column of forecasts 'forecast'.")
