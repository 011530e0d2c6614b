"""Figures about calls: by how early they were made, and the bridge of what moved them."""

from __future__ import annotations

from typing import Any

from .. import _core
from .base import Result


class Figures(Result):
    """Figures about calls."""

    shares = frozenset(
        [
            "ape", "accuracy", "wape", "relative_bias", "mape", "hit_rate", "within", "mean_error", "lower",
            "upper", "p_value",
        ]
    )  # fmt: skip


class LeadTimes(Figures):
    """How right calls were, by weeks before the end; see `ForecastCalls.by_lead_time`."""

    def plot(self, ax: Any = None, *, measure: str = "wape") -> Any:
        """Draw a measure of each category over the weeks before the end."""
        from .. import plot_calls

        return plot_calls.plot_lead_times(self, measure, ax)


class Drift(Result):
    """The bridge from the first call to the actual, a row for each week; see `ForecastCalls.drift`.

    Columns ``weeks_before_end`` and ``to`` (of the closing), ``is_actual`` (true in the row that leads from
    the last call to what the period brought), ``from``, ``opening``, the lines, ``closing``.
    """

    def __init__(
        self,
        found: tuple[_core.Columns, _core.Columns, _core.Columns, _core.Columns, bool],
        period: str,
        category: str,
        native: str,
    ) -> None:
        super().__init__(found[0], native)
        self._parts = found
        self.period = period
        self.category = category
        self.observed = found[4]

    def total(self) -> Result:
        """Return all weeks added up: what slipped and came back is in both lines."""
        return Result(self._parts[1], self._native)

    def net(self) -> Result:
        """Return the way straight from the first call to the end: what came back is in no line."""
        return Result(self._parts[2], self._native)

    def moves(self) -> Result:
        """Return the deals (or owners, in roll-ups) behind each line: ``change`` is below 0 if it lowers.

        ``row`` is the row of the frame that says so; null for an actual, which has none.
        """
        return Result(self._parts[3], self._native)

    def plot(self, ax: Any = None) -> Any:
        """Draw the bridge of all weeks together."""
        from .. import plot_calls

        return plot_calls.plot_drift(self, ax)

    def _title(self) -> str:
        end = "to the actual" if self.observed else "not ended yet"
        return f"Drift of {self.category} for {self.period}: {len(self)} rows, {end}"
