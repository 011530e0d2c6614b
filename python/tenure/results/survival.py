"""How long customers stay: curves, tests between groups, reasons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from .. import _core
from ..errors import OptionError
from ..options import as_number
from .base import Array, Result

if TYPE_CHECKING:
    from ..loading import Note

Labels = tuple[str, ...]
_SHOWN = frozenset(
    ["survival", "std_error", "lower", "upper", "cumulative_hazard", "hazard_std_error", "incidence", "share"]
)


class Estimates(Result):
    """A table of estimates: shares, standard errors and limits are shown to four decimals."""

    shares = _SHOWN


class _Grouped(Estimates):
    """A result with rows for each group."""

    def __init__(self, columns: _core.Columns, by: Labels, groups: list[list[str]], native: str) -> None:
        super().__init__(columns, native)
        self.by = by
        self._groups = [tuple(labels[: len(by)]) for labels in groups]

    @property
    def groups(self) -> list[Labels]:
        """Labels of the groups, one for each column of `by`; one empty tuple without `by`."""
        return list(self._groups)

    def _leaving_as(self, native: str) -> Self:
        """Let it, and what is asked of it, leave as another kind of frame than it was made from."""
        self._native = native
        return self

    def _notes(self, missing: list[Labels], what: str) -> list[Note]:
        from ..loading import Note

        if not missing:
            return []
        named = [", ".join(labels) for labels in missing if labels]
        more = ", ..." if len(named) > 5 else ""
        where = f" in {len(missing)} of {len(self._groups)} groups ({'; '.join(named[:5])}{more})"
        message = f"no events{where if named else ''}: {what}"
        return [Note("N_NO_EVENTS", message, len(missing), ())]


class Survival(_Grouped):
    """Kaplan-Meier curves, a row for each distinct time of each group.

    Columns of `by`, ``time``, ``at_risk``, ``events``, ``censored``, ``survival``, ``std_error``, ``lower``,
    ``upper``, ``cumulative_hazard``, ``hazard_std_error``.
    """

    own_columns = frozenset(
        [
            "time", "at_risk", "events", "censored", "survival", "std_error", "lower", "upper",
            "cumulative_hazard", "hazard_std_error", "share", "until", "mean",
        ]
    )  # fmt: skip

    def __init__(self, core: _core.SurvivalCurves, by: Labels, confidence: float, native: str) -> None:
        super().__init__(core.columns(), by, core.labels, native)
        self._core = core
        self.confidence = confidence

    @property
    def notes(self) -> list[Note]:
        """``N_NO_EVENTS`` if nobody left, in all or in some groups."""
        missing = [tuple(labels[: len(self.by)]) for labels in self._core.without_events]
        return self._notes(missing, "curve is 1.0; median not reached")

    def quantile(self, share: float | Iterable[float]) -> Estimates:
        """Return the time until which a share of customers has left, with its limits.

        The first time at which S is at most ``1 - share``; if S equals that for a while, the middle of the
        step. Limits are read off the limits of S in the same way (Brookmeyer and Crowley 1982; R's
        quantile.survfit). Columns of `by`, ``share``, ``time``, ``lower``, ``upper``; null where the curve
        does not fall that far (``not_reached``). ``E_PARAM`` unless shares lie between 0 and 1.
        """
        return Estimates(self._core.quantile(_numbers(share, "share")), self._native)

    def median(self) -> Estimates:
        """Return the time until which half of the customers have left: ``quantile(0.5)``."""
        return self.quantile(0.5)

    def restricted_mean(self, until: float | Iterable[float]) -> Estimates:
        """Return the mean time stayed until a horizon: the area under S, with its standard error.

        Columns of `by`, ``until``, ``mean``, ``std_error``, ``lower``, ``upper``. The standard error is that
        of the estimate (R's rmean); lifelines' ``return_variance`` is the variance between customers instead.
        Null (``not_yet_observed``) if the horizon lies after the last time and S is not 0; R continues the
        last value. ``E_PARAM`` for a horizon below 0.
        """
        return Estimates(self._core.restricted_mean(_numbers(until, "until")), self._native)

    def at(self, times: float | Iterable[float]) -> Estimates:
        """Return S with its limits at any times: 1 before the first row, null after the last unless it is 0.

        Columns of `by`, ``time``, ``survival``, ``lower``, ``upper``.
        """
        return Estimates(self._core.at(_numbers(times, "times")), self._native)

    def plot(self, ax: Any = None, *, at_risk: bool = True) -> Any:
        """Draw the curves as steps with bands, and how many are at risk under the axis."""
        from .. import plot_survival

        return plot_survival.plot_survival(self, ax, at_risk=at_risk)

    def curve(self, group: Any = ()) -> dict[str, Array]:
        """Columns of the rows of one group: its label, or a tuple of one for each column of `by`.

        Labels are compared as text: ``10`` is the group ``"10"``.

        Raises
        ------
        OptionError
            ``E_SEGMENT``: no such group, or none was named.
        """
        rows = np.ones(len(self), dtype=bool)
        labels = tuple(map(str, group if isinstance(group, (tuple, list)) else (group,)))
        if labels not in self._groups:
            known = "; ".join(", ".join(one) for one in self._groups[:20])
            message = f"group={group!r} is not one of the curves"
            raise OptionError(message, code="E_SEGMENT", value=str(group)[:80], hint=f"Known: {known}.")
        for name, label in zip(self.by, labels, strict=True):
            rows &= self[name] == label
        return {name: self[name][rows] for name in self.columns if name not in self.by}

    def _repr_html_(self) -> str:
        from .. import plot_survival

        return plot_survival.notebook(self, super()._repr_html_())


class LogRank(Result):
    """A test between groups, and what it compares: a row for each group.

    Columns of `by`, ``customers``, ``observed``, ``expected``, summed over strata.
    """

    own_columns = frozenset(["customers", "observed", "expected"])

    def __init__(self, core: _core.LogRankTest, by: Labels, strata: Labels, native: str) -> None:
        super().__init__(core.columns(False), native)
        self._core = core
        self.by = by
        self.strata = strata

    @property
    def statistic(self) -> float | None:
        """Chi-squared; None if there is nothing to compare."""
        return self._core.statistic

    @property
    def degrees_of_freedom(self) -> int:
        """Groups at risk less one."""
        return self._core.degrees_of_freedom

    @property
    def p_value(self) -> float | None:
        """How likely a difference at least as large is if all groups leave at the same rate."""
        return self._core.p_value

    def by_stratum(self) -> Result:
        """Return the same columns for each stratum, its labels first."""
        return Result(self._core.columns(True), self._native)

    def plot(self, ax: Any = None) -> Any:
        """Draw observed and expected departures of each group as bars."""
        from .. import plot_survival

        return plot_survival.plot_log_rank(self, ax)

    def _title(self) -> str:
        if self.statistic is None or self.p_value is None:
            return "LogRank: too few groups at risk"
        shown = f"{self.p_value:.4f}" if self.p_value >= 0.0001 else f"{self.p_value:.1e}"
        degrees = f"{self.degrees_of_freedom} degrees of freedom"
        return f"LogRank: chi-squared {self.statistic:.4f}, {degrees}, p {shown}"


class CumulativeIncidence(_Grouped):
    """Shares that left for each reason: a row for each group, reason and time.

    Columns of `by`, ``cause``, ``time``, ``at_risk``, ``events``, ``incidence``, ``std_error``, ``lower``,
    ``upper``, ``survival``.
    """

    own_columns = frozenset(
        [
            "cause", "time", "at_risk", "events", "incidence", "std_error", "lower", "upper", "survival",
        ]
    )  # fmt: skip

    def __init__(self, core: _core.Incidences, by: Labels, confidence: float, native: str) -> None:
        super().__init__(core.columns(), by, core.labels, native)
        self._core = core
        self.confidence = confidence

    @property
    def causes(self) -> list[str]:
        """Reasons that occur, sorted."""
        return self._core.causes

    @property
    def notes(self) -> list[Note]:
        """``N_NO_EVENTS`` if nobody left for any reason."""
        return [] if self.causes else self._notes(self._groups, "there is no reason to show")

    def at(self, times: float | Iterable[float]) -> Estimates:
        """Return the share that left for each reason until any times, with limits.

        Columns of `by`, ``cause``, ``time``, ``incidence``, ``lower``, ``upper``.
        """
        return Estimates(self._core.at(_numbers(times, "times")), self._native)

    def plot(self, ax: Any = None) -> Any:
        """Draw the shares as steps with bands, a line for each reason (and group)."""
        from .. import plot_survival

        return plot_survival.plot_incidence(self, ax)


def _numbers(values: float | Iterable[float], name: str) -> list[float]:
    if isinstance(values, Iterable) and not isinstance(values, (str, bytes)):
        return [as_number(value, name) for value in values]
    return [as_number(values, name)]
