"""Errors of point forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from .. import _core
from ..errors import OptionError
from ..options import as_most, as_whole, one_of
from .base import Result

if TYPE_CHECKING:
    from ..loading import Note

__all__ = ["Accuracy", "Errors"]

Cut = Literal["horizon", "cutoff", "segment"]
Pooling = Literal["mean_of_ratios", "ratio_of_sums"]

_FRACTIONS = frozenset(
    [
        "mpe", "mape", "smape", "smape_armstrong", "wape", "mase", "msse", "rmsse", "spis", "owa",
        "relative_mae", "theil_u1", "theil_u2", "maape", "r2", "accuracy", "bias_share", "variance_share",
        "covariance_share", "acf1", "share",
    ]
)  # fmt: skip
_CAPITALS = frozenset(
    [
        "mpe", "mae", "mse", "rmse", "mape", "wape", "mase", "msse", "rmsse", "pis", "spis", "owa", "maape",
        "cfe",
    ]
)  # fmt: skip
_OF_HISTORY = frozenset(["mase", "msse", "rmsse", "spis", "owa"])
_OF_ONE_POINT = frozenset(["mpe", "mape", "accuracy"])
# Why a measure is not defined: by reason, for some measures in words of their own.
_WHY = {
    "zero_actual": {"": "an actual of 0", "wape": "actuals of 0", "theil_u1": "actuals and forecasts of 0",
                    "spis": "a history of mean 0"},
    "too_few": {"": "too few points", **dict.fromkeys(_OF_HISTORY, "too little history")},
    "no_variation": {
        "": "a history that never varies", "r2": "actuals that never vary",
        "theil_u2": "actuals that never change", "acf1": "errors that never vary",
    },
    "no_error": {"": "there is no error", **dict.fromkeys(["owa", "relative_mae"], "a perfect benchmark")},
    "diverges": {"": "too large for a number"},
}  # fmt: skip


class Asked(NamedTuple):
    """What errors were computed of: columns of keys, segments and forecasts, measures, and how to pool."""

    series: tuple[str, ...]
    by: tuple[str, ...]
    forecasts: tuple[str, ...]
    measures: tuple[str, ...]
    dated: bool
    pooling: Pooling
    lag: int


class Errors(Result):
    """Errors of several series in one figure, a row for each forecast and what they were cut by.

    ``series`` and ``points`` say how many there are; measures are null where one is not defined.
    """

    shares = _FRACTIONS

    def __init__(self, table: _core.AccuracyTable, native: str, cut: str | None, asked: Asked) -> None:
        super().__init__(table.columns, native)
        self._cut, self._asked, self._gaps, self._by_place = cut, asked, table.gaps, table.by_place

    @property
    def cut(self) -> str | None:
        """``"horizon"``, ``"cutoff"``, ``"segment"``, or None for all points together."""
        return self._cut

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures, in order."""
        return self._asked.measures

    @property
    def notes(self) -> list[Note]:
        """What to know about the figures.

        ``N_UNDEFINED`` for each measure that some series do not have, and why; ``N_HORIZON_PLACE`` where
        horizons are places of points within their series and cutoff.
        """
        from ..loading import Note

        found = _undefined(self._gaps, self._asked.measures)
        if self._by_place:
            message = (
                "periods and cutoffs do not tell how far ahead a point was forecast: horizons are places "
                "within a series and cutoff, too small where points before are missing; horizon= or grain= "
                "says how far"
            )
            found.append(Note("N_HORIZON_PLACE", message, len(self), ()))
        return found

    def plot(self, ax: Any = None, *, measure: str | None = None) -> Any:
        """Draw a measure of each forecast: over horizons or cutoffs as lines, else as bars."""
        from .. import plot_accuracy

        return plot_accuracy.plot_errors(self, ax, measure=self._asked_measure(measure))

    def _asked_measure(self, measure: str | None) -> str:
        return measure_of(measure, self._asked.measures)

    def _title(self) -> str:
        return f"Errors: {len(self)} rows" + (f" by {self._cut}" if self._cut else "")


class Accuracy(Result):
    """Errors of point forecasts, a row for each series and forecast.

    Columns of segments and of series, ``forecast``, ``points`` and the measures.
    """

    shares = _FRACTIONS

    def __init__(self, core: _core.PointAccuracy, asked: Asked, native: str) -> None:
        table = core.by_series()
        super().__init__(table.columns, native)
        self._core, self._asked, self._gaps = core, asked, table.gaps

    @property
    def series(self) -> int:
        """How many series there are (cut by segment where their rows differ in it)."""
        return self._core.series

    @property
    def points(self) -> int:
        """How many points have an actual and all forecasts."""
        return self._core.points

    @property
    def forecasts(self) -> tuple[str, ...]:
        """Names of the forecasts."""
        return self._asked.forecasts

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures, in order."""
        return self._asked.measures

    @property
    def notes(self) -> list[Note]:
        """What to know about the rows.

        ``N_UNDEFINED`` for each measure that is not defined in some series, and why; ``N_SKIPPED`` for rows
        left out for a missing value; ``N_NO_HISTORY`` for series that `insample` does not have;
        ``N_HISTORY_GAPS`` for histories that leave out periods.
        """
        from ..loading import Note

        zeros = (self._core.zero_actuals, self.points) if self.series == 1 else None
        found = _undefined(self._gaps, self._asked.measures, zeros)
        if self._core.skipped:
            message = f"{self._core.skipped} rows without an actual or a forecast are left out"
            found.append(Note("N_SKIPPED", message, self._core.skipped, ()))
        if missing := self._core.without_history:
            message = f"{missing} of {self.series} series have no history: scaled errors are not defined"
            found.append(Note("N_NO_HISTORY", message, missing, ()))
        count, first = self._core.history_gaps()
        if count:
            message = (
                f"the histories of {count} series leave out periods{f' (first: {first})' if first else ''}: "
                f"naive errors compare with the row {self._asked.lag} earlier, whichever period it is of"
            )
            found.append(Note("N_HISTORY_GAPS", message, count, ()))
        return found

    def overall(self, *, pooling: Pooling | None = None) -> Errors:
        """Return the errors of all series together, a row for each forecast.

        Parameters
        ----------
        pooling
            ``"mean_of_ratios"``: each series has its own figure, and this is their mean.
            ``"ratio_of_sums"``: one figure of all points together. By default as `accuracy` was asked to.
        """
        return self._pooled("all", pooling)

    def by_horizon(self, *, pooling: Pooling | None = None) -> Errors:
        """Return the errors by how many periods ahead they were forecast; series pooled as in `overall`.

        The column of `horizon`; else the periods from cutoff to period, where both are whole numbers, or
        dates and `grain` is given, or months (texts such as ``"2024-01"``, or all are first days of months).
        Else the place of a point within its series and cutoff, from 1, before rows were left out, and a note
        ``N_HORIZON_PLACE``.
        """
        return self._pooled("horizon", pooling)

    def by_cutoff(self, *, pooling: Pooling | None = None) -> Errors:
        """Return the errors by when the forecast was made; series pooled as in `overall`.

        Raises
        ------
        OptionError
            ``E_OPTION`` if there is no column of cutoffs.
        """
        self._require(self._asked.dated, "cutoff", "Name the column in which forecasts were made.")
        return self._pooled("cutoff", pooling)

    def by_segment(self, *, pooling: Pooling | None = None) -> Errors:
        """Return the errors by the columns of `by`; series pooled as in `overall`.

        Raises
        ------
        OptionError
            ``E_OPTION`` if there are no such columns.
        """
        self._require(bool(self._asked.by), "by", "Name the columns of segments.")
        return self._pooled("segment", pooling)

    def explain(
        self,
        series: Any = None,
        *,
        forecast: str | None = None,
        measure: str | None = None,
        most: int = 20,
    ) -> Result:
        """Return the points that make the error of a series, or of all series, largest first.

        Parameters
        ----------
        series
            The name of a series, a tuple if several columns say it; all series by default.
        forecast
            Which forecast; by default the first.
        measure
            Which measure; by default the first. Points are sorted by what they add to its sum: ``|e|``,
            ``e^2`` for squared measures, ``|e / actual|`` for percentages, divided by the scale of their
            series for scaled ones. Points without a part in it are left out.
        most
            How many rows at most.

        Returns
        -------
        Result
            Columns of `by`, `series` and times, ``row`` (position in the caller's table), ``actual``,
            ``forecast``, ``error`` and ``share`` (of the sum over all points asked for).

        Raises
        ------
        OptionError
            ``E_SERIES``, ``E_KEY_TYPE``, ``E_FORECAST``, ``E_MEASURE``.
        """
        name = forecast if forecast is not None else self.forecasts[0]
        if name not in self.forecasts:
            hint = f"Known: {', '.join(self.forecasts)}."
            raise OptionError(f"forecast={name!r} is not one of the result's", code="E_FORECAST",
                              value=str(name)[:80], hint=hint)  # fmt: skip
        keys = None if series is None else [_key(part) for part in _parts(series)]
        columns = self._core.explain(
            keys, self.forecasts.index(name), measure_of(measure, self.measures), as_most(most)
        )
        return Parts(columns, self._native)

    def plot(self, ax: Any = None, *, measure: str | None = None) -> Any:
        """Draw how a measure is spread over series: a bar each for few of them, else a histogram."""
        from .. import plot_accuracy

        return plot_accuracy.plot_accuracy(self, ax, measure=measure_of(measure, self.measures))

    def _pooled(self, cut: Cut | Literal["all"], pooling: Pooling | None) -> Errors:
        chosen = pooling if pooling is not None else self._asked.pooling
        one_of(chosen, "pooling", ("mean_of_ratios", "ratio_of_sums"), "E_OPTION")
        table = self._core.pooled(cut, chosen)
        named = None if cut == "all" else cut
        return Errors(table, self._native, named, self._asked)

    def _require(self, there: bool, name: str, hint: str) -> None:
        if not there:
            message = f"accuracy was computed without {name}="
            raise OptionError(message, code="E_OPTION", value=name, hint=hint)

    def _title(self) -> str:
        return f"Accuracy: {self.series:,} series, {self.points:,} points"


class Parts(Result):
    """Points and their shares of an error."""

    shares = _FRACTIONS


def measure_of(measure: str | None, known: Sequence[str]) -> str:
    """Return a measure of the result, by default its first; ``E_MEASURE``."""
    name = known[0] if measure is None else measure
    return one_of(name, "measure", tuple(known), "E_MEASURE")


def shown_name(measure: str) -> str:
    """Return a measure as it is written: MAPE, median AE, bias share."""
    known = {
        "me": "bias (mean error)", "smape": "sMAPE", "smape_200": "sMAPE (0-200)",
        "median_ae": "median AE", "relative_mae": "relative MAE", "accuracy": "accuracy (1 - MAPE)",
    }  # fmt: skip
    capitals = measure in _CAPITALS
    return known.get(measure) or (measure.upper() if capitals else measure.replace("_", " "))


def _parts(series: Any) -> Sequence[Any]:
    return series if isinstance(series, tuple | list) else [series]


def _key(part: Any) -> int | str:
    """A name of a series as the extension takes it; numpy's too."""
    if isinstance(part, str):
        return str(part)
    return as_whole(part, "series")


def _undefined(
    gaps: list[_core.MeasureGap], measures: Sequence[str], zeros: tuple[int, int] | None = None
) -> list[Note]:
    """Notes on measures; `zeros`: of a single series, points whose actual is 0, and all."""
    from ..loading import Note

    lacking = {gap.measure for gap in gaps}
    given = [shown_name(name) for name in ("wape", "mase") if name in measures and name not in lacking]
    instead = f"; {' and '.join(given)} given" if given else ""
    notes = []
    for gap in gaps:
        where = f"in {gap.parts} of {gap.of} {gap.what} ({_why(gap)})"
        if zeros and gap.reason == "zero_actual" and gap.measure in _OF_ONE_POINT:
            where = f"in {zeros[0]} of {zeros[1]} periods"
        message = f"{shown_name(gap.measure)} not defined {where}{instead}"
        notes.append(Note("N_UNDEFINED", message, gap.parts, ()))
    return notes


def _why(gap: _core.MeasureGap) -> str:
    words = _WHY.get(gap.reason, {"": gap.reason})
    return words.get(gap.measure, words[""])
