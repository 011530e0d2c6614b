"""Calls of a revenue team: how right they were, how they drifted, and who leans to which side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _core
from ..errors import OptionError
from ..options import as_number, as_whole, labels_of
from .base import Array, Result
from .drift import Drift, Figures, LeadTimes

if TYPE_CHECKING:
    from ..loading import Note

__all__ = ["Drift", "ForecastCalls", "LeadTimes"]

Segment = Mapping[str, str] | str | None


class ForecastCalls(Figures):
    """Calls of each period, category and week, beside what the period brought; see `snapshots`."""

    own_columns = frozenset(
        [
            "period", "category", "weeks_before_end", "taken", "call", "actual", "error", "ape", "accuracy",
            "periods", "within", "hits", "line", "change", "row", "amount", "became", "verdict", "is_actual",
            "owners_called", "owners_known",
        ]
    )  # fmt: skip

    def __init__(
        self, core: _core.ForecastCalls, owner: str | None, by: tuple[str, ...], native: str
    ) -> None:
        super().__init__(core.columns(), native)
        self._core = core
        self.owner = owner
        self.by = by

    @property
    def categories(self) -> list[str]:
        """The categories that were called, the surest first."""
        return self._core.categories

    @property
    def periods(self) -> Array:
        """First days of the periods that were called, datetime64[D]."""
        return np.unique(self["period"])

    @property
    def last_taken(self) -> date:
        """Day of the last call or snapshot."""
        last: date = np.datetime64(self._core.last_taken, "D").item()
        return last

    @property
    def weeks(self) -> int:
        """How many weeks before the end of a period calls are looked at."""
        return self._core.weeks

    @property
    def notes(self) -> list[Note]:
        """``N_OUTSIDE``: rows that are in no call, and actuals of periods that nobody could have called."""
        from ..loading import Note

        what = (
            f"are in no call: their period ended before the first one, or ends more than {self.weeks} weeks "
            f"after the last one, {self.last_taken}",
            "of actuals belong to periods that lie outside of those",
        )
        return [
            Note("N_OUTSIDE", f"{len(rows)} rows {said}", len(rows), tuple(rows[:20]))
            for rows, said in zip(self._core.outside(), what, strict=True)
            if rows
        ]

    def by_owner(self) -> Result:
        """Return the rows of the result for each owner."""
        self._require_owner("by_owner()")
        return Figures(self._core.by_owner(), self._native)

    def by_lead_time(self, tolerances: Iterable[float] = (0.05, 0.10)) -> LeadTimes:
        """Return how right calls were, by how many weeks before the end they were made.

        Over the periods whose actual is known: ``wape = sum |e| / sum |a|``, ``bias = mean e``,
        ``relative_bias = sum e / sum a``, ``mape = mean |e| / |a|``, ``accuracy = 1 - mape``, and the share
        of periods within each of `tolerances` (``within_5``, ``within_10``).

        Raises
        ------
        OptionError
            ``E_PARAM`` for a tolerance below 0, ``E_COLUMN_DUPLICATE`` for two that are named alike.
        """
        wanted = _numbers(tolerances, "tolerances")
        names = labels_of(
            [f"within_{100 * value:g}".replace(".", "_") for value in wanted], self.own_columns, "tolerances"
        )
        found = LeadTimes(self._core.by_lead_time(wanted, names), self._native)
        found.shares = self.shares | set(names)
        return found

    def hit_rate(self, within: Iterable[float] = (0.05, 0.10), confidence: float = 0.95) -> Result:
        """Return the share of periods whose call lay within a tolerance of the actual, with its limits.

        ``|call - actual| <= within * |actual|``. The limits are those of Wilson (1927): they stay within 0
        and 1, and tell how little a few quarters prove.

        Raises
        ------
        OptionError
            ``E_PARAM``, ``E_CONFIDENCE``.
        """
        limits = as_number(confidence, "confidence")
        return Figures(self._core.hit_rate(_numbers(within, "within"), limits), self._native)

    def settled(self, within: float = 0.05) -> Result:
        """Return how early the final number was reached, for each period and category.

        ``weeks_before_end`` is the first week from which on the call stays within the tolerance until the
        end, ``taken`` the day of its call, ``actual`` that of week 0. Null if the last call is outside
        (``not_reached``), or nothing is known yet (``not_yet_observed``).

        Raises
        ------
        OptionError
            ``E_PARAM`` for a tolerance below 0.
        """
        return Figures(self._core.settled(as_number(within, "within")), self._native)

    def owners(
        self,
        category: str | None = None,
        weeks_before_end: int | None = None,
        confidence: float = 0.95,
    ) -> Result:
        """Return by owner whether calls lean to one side.

        ``mean_error`` is the mean of ``(call - actual) / actual`` over periods, ``lower`` and ``upper`` its
        interval by Student's t, ``p_value`` that of a mean of 0. The verdict is ``sandbagging`` if the
        interval lies below 0 (more comes than was called), ``happy_ears`` if it lies above, and else
        ``not_told_apart``; null below two periods (``too_few``). One call a period enters, as those of one
        period hang together; ``left_out`` counts periods that brought nothing. With many owners some seem to
        lean by chance: of 20 honest ones, one at a confidence of 0.95.

        Parameters
        ----------
        category
            By default commit, or the surest that was called.
        weeks_before_end
            At which week to judge; by default half of `weeks`.
        confidence
            Of the interval.

        Raises
        ------
        OptionError
            ``E_OPTION`` without an owner column, ``E_ENUM``, ``E_HORIZON`` for a week that is not looked at,
            ``E_CONFIDENCE``.
        """
        self._require_owner("owners()")
        week = self.weeks // 2 if weeks_before_end is None else self._week(weeks_before_end)
        found = self._core.owners(self._category(category), week, as_number(confidence, "confidence"))
        return Figures(found, self._native)

    def drift(
        self,
        period: object,
        category: str | None = None,
        *,
        owner: str | None = None,
        segment: Segment = None,
    ) -> Drift:
        """Return the bridge from the first call of a period to what it brought, week by week.

        Every row adds up exactly: ``opening + added + pulled_in + upgraded + raised - lowered - downgraded -
        slipped_out - lost = closing``. Of roll-ups only the first calls of owners are ``added``, all else is
        raised or lowered. Asked of one owner or segment there are also ``transfer_in`` and ``transfer_out``.

        Parameters
        ----------
        period
            Any day or month in it, or ``"2024-Q1"``.
        category
            By default commit, or the surest that was called.
        owner, segment
            Of one owner; of one label of `by`, or of several as a dict by column.

        Raises
        ------
        InputError
            ``E_WINDOW``, ``E_DATE_FORMAT``.
        OptionError
            ``E_ENUM``, ``E_SEGMENT``, ``E_OPTION``.
        """
        name, kind, only = _period(period), self._category(category), self._only(owner, segment)
        return Drift(self._core.drift(name, kind, only), self._core.period_name(name), kind, self._native)

    def swings(
        self,
        category: str | None = None,
        top: int = 10,
        *,
        owner: str | None = None,
        segment: Segment = None,
    ) -> Result:
        """Return the weeks that moved a call most, over all periods, the largest first.

        ``change = closing - opening``; ``moves`` counts the deals (or owners, in roll-ups) behind it,
        ``line`` and ``largest`` name the largest of them. All are in ``drift(period).moves()``.

        Raises
        ------
        OptionError
            ``E_OPTION_TYPE`` for `top` below 1, ``E_ENUM``, ``E_SEGMENT``, ``E_OPTION``.
        """
        count = as_whole(top, "top", low=1, high=2**31 - 1)
        found = self._core.swings(self._category(category), self._only(owner, segment), count)
        return Figures(found, self._native)

    def explain(
        self,
        period: object,
        category: str | None = None,
        weeks_before_end: int | None = 0,
        *,
        owner: str | None = None,
        segment: Segment = None,
    ) -> Result:
        """Return the rows that make up one call: their amounts add up to it.

        ``became`` says of each opportunity how it ended as far as is known: ``won``, ``lost``, ``open``, or
        ``moved`` to another period. `weeks_before_end` None is what the period brought, of opportunities.

        Raises
        ------
        InputError
            ``E_WINDOW``, ``E_DATE_FORMAT``.
        OptionError
            ``E_ENUM``, ``E_SEGMENT``, ``E_OPTION``, ``E_HORIZON``.
        """
        name, kind, only = _period(period), self._category(category), self._only(owner, segment)
        week = -1 if weeks_before_end is None else self._week(weeks_before_end)
        return Figures(self._core.explain(name, kind, only, week), self._native)

    def plot(self, ax: Any = None, *, category: str | None = None, last: int = 6) -> Any:
        """Draw the calls of the last periods by weeks before the end, each with what the period brought."""
        from .. import plot_calls

        if self.by:
            hint = "Leave out by, or plot drift(period, segment=...)."
            raise OptionError("calls cut by segments have no common chart", code="E_PLOT", hint=hint)
        kind = self._category(category)
        if not (self["category"] == kind).any():
            hint = "Call periods that end within `weeks` of the last call; see notes."
            raise OptionError(f"there is no call of {kind} to draw", code="E_PLOT", hint=hint)
        return plot_calls.plot_calls(self, kind, as_whole(last, "last", low=1), ax)

    def period_name(self, period: object) -> str:
        """Return the name of a period: ``"2024-Q1"``, ``"2024-03"``."""
        return self._core.period_name(_period(period))

    def _week(self, value: Any) -> int:
        return as_whole(value, "weeks_before_end", low=0, high=self.weeks, code="E_HORIZON")

    def _category(self, category: str | None) -> str:
        known = self.categories
        if category is not None and not isinstance(category, str):
            hint = f"Called: {', '.join(known)}."
            message = f"category={category!r} is no name"
            raise OptionError(message, code="E_ENUM", value=str(category)[:80], hint=hint)
        return category or ("commit" if "commit" in known else known[0])

    def _require_owner(self, what: str) -> None:
        if self.owner is None:
            raise OptionError(f"{what} needs the column of owners", code="E_OPTION", hint="Give owner=...")

    def _only(self, owner: str | None, segment: Segment) -> dict[str, str]:
        only: dict[str, str] = {}
        if owner is not None:
            self._require_owner("owner=")
            only[str(self.owner)] = str(owner)
        if isinstance(segment, str):
            if len(self.by) != 1:
                hint = f"Give a dict of the columns: {', '.join(self.by) or 'there are none'}."
                message = f"segment={segment!r} does not say of which column"
                raise OptionError(message, code="E_SEGMENT", value=segment, hint=hint)
            only[self.by[0]] = segment
        for column, label in segment.items() if isinstance(segment, Mapping) else ():
            if column not in self.by:
                hint = f"Known: {', '.join(self.by)}."
                message = f"the calls are not cut by {column!r}"
                raise OptionError(message, code="E_SEGMENT", value=str(column), hint=hint)
            only[column] = str(label)
        return only


def _period(period: object) -> str:
    if isinstance(period, np.datetime64):
        return str(period.astype("datetime64[D]"))
    return period.isoformat()[:10] if isinstance(period, date) else str(period)


def _numbers(values: Iterable[float] | float, name: str) -> list[float]:
    several = values if isinstance(values, Iterable) else [values]
    return [as_number(value, name) for value in several]
