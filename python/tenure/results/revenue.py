"""Results of the revenue family."""

from __future__ import annotations

from typing import Any, NamedTuple

from .. import _core
from ..errors import OptionError
from ..options import Window, as_day
from .base import Array, BookResult, Context, periods_of
from .cohorts import Cohorts
from .explanation import Explanation, explain


class Waterfall(BookResult):
    """An MRR bridge.

    In every row ``opening + new + expansion - contraction - churn + reactivation (+ fx) = closing``.

    Columns ``period`` (first day), the segment if it is cut by one, ``opening``, ``new``, ``expansion``,
    ``contraction``, ``churn``, ``reactivation``, ``closing`` in monthly major units (losses are positive),
    and the same names with ``_customers``. Before ``closing`` stand ``paused`` and ``resumed``, if the policy
    has ``pause_movement="own"``, ``fx`` (what exchange rates alone did, up or down; it moves no customers),
    if the book has rows of another currency, and ``transfer_in`` and ``transfer_out``, if it is cut by a
    segment or the policy has ``plan_switch="transfer"``; they add up in the same way. ``period_is_complete``
    is the last column: false for a period that was not over on the last day that the data speak of.
    """

    def __init__(
        self, book: _core.Book, bridge: _core.Waterfall, window: Window, by: str, context: Context
    ) -> None:
        columns = bridge.columns(**context.lines(by), known_until=context.until, **context.money())
        super().__init__(columns, context)
        self._book = book
        self._bridge = bridge
        self._window = window
        self._by = by

    @property
    def bridge_closes(self) -> bool:
        """Whether every row adds up exactly, in money and in customers."""
        return self._bridge.closes()

    @property
    def periods(self) -> Array:
        """First days of the periods, datetime64[D]."""
        return periods_of(self._bridge.bounds)

    @property
    def by(self) -> str | None:
        """The segment the bridge is cut by."""
        return self._by or None

    def plot(self, ax: Any = None) -> Any:
        """Draw the bridge over all periods; cut by a segment, the bridges have no common chart."""
        from .. import plot

        if self.by:
            hint = "Plot book.waterfall(...) without by, or a column of to_pandas()."
            raise OptionError(f"a bridge cut by {self.by} has no chart", code="E_PLOT", hint=hint)
        return plot.plot_waterfall(self, ax)

    def explain(self, period: object, movement: str, segment: str | None = None) -> Explanation:
        """Open one cell.

        Parameters
        ----------
        period
            Any day or month in the period: ``"2024-05"``, ``"2024-05-17"``, a date.
        movement
            ``new``, ``expansion``, ``contraction``, ``churn``, ``reactivation``, ``transfer_in``,
            ``transfer_out``, ``paused``, ``resumed``, ``fx``; ``opening`` and ``closing`` list who pays.
        segment
            Label of the segment, if the bridge is cut by one.

        Raises
        ------
        InputError
            ``E_WINDOW`` for a period outside the bridge.
        OptionError
            ``E_MOVEMENT``, ``E_SEGMENT``.
        """
        cell = (as_day(period, "period"), movement, segment or "")
        return explain(self._book, tuple(self._window), self._by, self._context, cell)


class NetRetention(BookResult):
    """What customers of a horizon ago pay now.

    Columns ``period``, the segment if it is cut by one, ``nrr``, ``grr``, ``logo_retention`` (null where
    nobody paid then), ``period_is_complete``.
    """

    def __init__(self, retention: _core.NetRetention, horizon: int, by: str, context: Context) -> None:
        super().__init__(retention.columns(known_until=context.until), context)
        self._bounds = retention.bounds
        self._by = by
        self.horizon = horizon

    def plot(self, ax: Any = None) -> Any:
        """Draw the shares over the periods, with the 100 % line."""
        from .. import plot

        return plot.plot_retention(self, ax)

    @property
    def periods(self) -> Array:
        """First days of the periods, datetime64[D]."""
        return periods_of(self._bounds)

    @property
    def by(self) -> str | None:
        """The segment the result is cut by."""
        return self._by or None


class Concentration(BookResult):
    """How much hangs on few customers: ``top``, ``amount`` (their MRR), ``share``."""

    def __init__(self, concentration: _core.Concentration, context: Context) -> None:
        super().__init__(concentration.columns(**context.money()), context)
        self.herfindahl: float | None = concentration.herfindahl


class Summary(NamedTuple):
    """Waterfall, net retention and cohorts of the same months, computed in one sweep."""

    waterfall: Waterfall
    net_retention: NetRetention
    cohorts: Cohorts
