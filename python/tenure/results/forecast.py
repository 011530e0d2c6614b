"""Forecasts: of a book's bridge, of naive methods, and of past origins beside what happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _core
from ..errors import OptionError
from ..options import as_number
from .base import Array, BookResult, Context, Result

if TYPE_CHECKING:
    from .accuracy import Accuracy


class MovementRates(BookResult):
    """Rates of the movements of a bridge; those of money that was there before are shares of the opening."""

    shares = frozenset(
        f"{line}_rate"
        for line in ("expansion", "contraction", "churn", "paused", "fx", "transfer_in", "transfer_out")
    )


class Fan(BookResult):
    """Limits of a forecast at several levels of confidence."""

    shares = frozenset(["level"])


class MrrForecast(BookResult):
    """The MRR bridge carried on; see `Book.forecast`.

    Columns ``period``, the segment if it is cut by one, ``opening``, ``new``, ``expansion``, ``contraction``,
    ``churn``, ``reactivation`` (and the other lines that the book has), ``closing``, ``lower``, ``upper``.
    """

    def __init__(
        self, core: _core.MrrForecast, by: str, context: Context, *, confidence: float, arr: bool
    ) -> None:
        lines = context.lines(by)
        self._lines = (lines["pauses"], lines["transfers"], lines["fx"])
        super().__init__(core.columns(self._lines, arr=arr, **context.money()), context)
        self._core = core
        self._by = by
        self.confidence = confidence

    @property
    def by(self) -> str | None:
        """The segment the forecast is cut by."""
        return self._by or None

    def explain(self) -> MovementRates:
        """Return the periods of history that rates are taken and drawn from, a row each (and segment).

        The lines of the bridge, and what went into the rates: ``expansion_rate``, ``contraction_rate`` and
        ``churn_rate`` (and those of fx, pauses and transfers), shares of the opening; null (``empty_base``)
        where nothing was paid at the opening.
        """
        return MovementRates(self._core.history(self._lines, **self._context.money()), self._context)

    def rates(self) -> MovementRates:
        """Return the mean rates that the point forecast rolls forward with, a row for each segment.

        ``periods`` (how many of history), ``new`` and ``reactivation`` as monthly amounts a period, and the
        ``_rate`` of the other lines as shares of the opening. Each period counts once.
        """
        return MovementRates(self._core.rates(self._lines, **self._context.money()), self._context)

    def fan(self, levels: Sequence[float] = (0.5, 0.8, 0.95)) -> Fan:
        """Return limits of the closing at several levels of confidence.

        Columns ``period``, the segment if there is one, ``level``, ``closing``, ``lower``, ``upper``.

        Raises
        ------
        OptionError
            ``E_CONFIDENCE`` for a level outside (0, 1).
        """
        asked = [as_number(level, "levels") for level in levels]
        return Fan(self._core.fan(asked, **self._context.money()), self._context)

    def plot(self, ax: Any = None) -> Any:
        """Draw the closings of the history and the fan of the forecast; a cut one has no chart."""
        from .. import plot_forecast

        if self.by:
            hint = "Plot book.forecast(...) without by, or a column of to_pandas()."
            raise OptionError(f"a forecast cut by {self.by} has no chart", code="E_PLOT", hint=hint)
        return plot_forecast.plot_mrr_forecast(self, ax)


class NaiveForecasts(Result):
    """Forecasts of naive methods; see `tenure.forecast.naive`.

    The columns of the series, the period, ``horizon``, a column for each method, and its ``_lower`` and
    ``_upper`` if limits were asked for.
    """

    def __init__(
        self,
        columns: _core.Columns,
        held: _core.SeriesHistory,
        methods: tuple[str, ...],
        series: tuple[str, ...],
        names: tuple[str, str],
        native: str,
    ) -> None:
        super().__init__(columns, native)
        self._held = held
        self.methods, self.series = methods, series
        self._names = names  # of the period and the value

    def history(self) -> Result:
        """Return what was forecast from, sorted by series and period."""
        return Result(self._held.columns(np.arange(len(self._held.values))), self._native)

    def plot(self, ax: Any = None) -> Any:
        """Draw the history of the first series and its forecasts."""
        from .. import plot_forecast

        return plot_forecast.plot_naive(self, *self._names, ax)


class Backtest(Result):
    """Forecasts of past origins beside what happened; see `tenure.forecast.backtest` and `Book.backtest`.

    The columns of the series, ``cutoff`` (the last period known at the origin), the period, ``horizon``,
    ``actual``, and a column for each forecaster: what `tenure.forecast.accuracy` takes.
    """

    def __init__(
        self,
        columns: _core.Columns,
        forecasters: tuple[str, ...],
        series: tuple[str, ...],
        period: str,
        native: str,
        held: _core.SeriesHistory | None,
    ) -> None:
        super().__init__(columns, native)
        self.forecasters, self.series, self._period, self._held = forecasters, series, period, held

    @property
    def cutoffs(self) -> Array:
        """The origins, ascending."""
        return np.unique(self["cutoff"])

    def insample(self, cutoff: object | None = None) -> Result:
        """Return the history as it was known at an origin, by default at the first; values are ``actual``.

        Parameters
        ----------
        cutoff
            One of `cutoffs`, or the month in which it lies.

        Raises
        ------
        OptionError
            ``E_CUTOFF`` for what is no origin, ``E_DATE_FORMAT`` for no day at all; ``E_HISTORY`` for the
            backtest of a book, whose history is its bridge (`Book.waterfall`).
        """
        if self._held is None:
            hint = "Ask book.waterfall(first, last) for the closings."
            raise OptionError("a backtest of a book keeps no history", code="E_HISTORY", hint=hint)
        from ..forecast.origins import period_of

        known = [int(one) for one in self.cutoffs.astype("int64")]
        chosen = known[0] if cutoff is None else period_of(self._held, cutoff, "cutoff")
        if chosen not in known:
            shown = ", ".join(str(one) for one in self.cutoffs[:20])
            message = f"cutoff={cutoff!r} is not an origin"
            raise OptionError(message, code="E_CUTOFF", value=str(cutoff)[:80], hint=f"Origins: {shown}.")
        places = np.flatnonzero(np.asarray(self._held.periods) <= chosen)
        return Result(self._held.columns(places, value="actual"), self._native)

    def accuracy(self, **options: Any) -> Accuracy:
        """Return `tenure.forecast.accuracy` of all forecasters, with its options.

        Scaled measures need a history: ``back.accuracy(insample=back.insample(), measures=["mase"])``.
        """
        from ..forecast import accuracy

        roles: dict[str, Any] = {
            "actual": "actual", "forecast": list(self.forecasters), "period": self._period,
            "horizon": "horizon", "cutoff": "cutoff",
        }  # fmt: skip
        if self.series:
            roles["series"] = list(self.series)
        return accuracy(self, **(roles | options))

    def plot(self, ax: Any = None) -> Any:
        """Draw the mean absolute error of each forecaster by how far it looked ahead."""
        from .. import plot_forecast

        return plot_forecast.plot_backtest(self, ax)
