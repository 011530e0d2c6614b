"""Cohorts beyond the data: projected retention and completed triangles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .. import _core
from ..errors import OptionError
from ..options import as_whole
from .base import Result

Labels = tuple[str, ...]
_MOST_PERIODS = 10_000


class Fit(Result):
    """Figures of a fit: parameters, shares and their errors are shown to four decimals."""

    shares = frozenset(
        [
            "alpha", "beta", "c", "alpha_std_error", "beta_std_error", "c_std_error", "survival", "retention",
            "churn", "factor", "std_error",
        ]
    )  # fmt: skip


class Curve(Fit):
    """A fitted curve with its interval."""

    shares = Fit.shares | {"lower", "upper"}


class Projection(Result):
    """Shares of cohorts left by age, those observed and, marked ``projected``, those expected.

    Columns of `by`, ``cohort``, ``age``, ``survival`` (share of the customers of age 0), ``lower``,
    ``upper``, ``projected``, ``customers`` (counted, or expected), ``fitted`` (the curve at that age,
    whatever the cohort did).
    """

    shares = frozenset(["survival", "lower", "upper", "fitted"])
    own_columns = frozenset(
        [
            "age", "survival", "lower", "upper", "projected", "customers", "fitted", "model", "alpha", "beta",
            "c", "log_likelihood", "cohorts", "outcome", "edge", "renewal", "lifetime", "retention", "churn",
        ]
    )  # fmt: skip

    def __init__(
        self,
        core: _core.Projection,
        *,
        by: Labels,
        cohort: str,
        periods: int,
        prediction: bool,
        discount: float,
        native: str,
    ) -> None:
        super().__init__(core.columns(periods=periods, prediction=prediction), native)
        self._core = core
        self.by = by
        self.cohort = cohort
        self.periods = periods
        self.discount = discount

    def parameters(self) -> Fit:
        """Return the fitted curves, a row for each segment.

        Columns of `by`, ``model``, ``alpha``, ``beta``, ``c`` (1 in the beta geometric model), their standard
        errors, ``log_likelihood``, ``customers`` (of age 0), ``cohorts``, ``outcome`` and ``edge``.

        ``outcome`` is ``converged``; ``at_bound`` if the data ask for a limit of the model, which ``edge``
        names and whose standard errors are null (``not_estimated``); ``stopped``; or ``too_few`` if there are
        fewer renewals than parameters: then all is null. Edges: ``nobody_leaves``; ``all_leave`` (at the
        first renewal); ``two_kinds`` (some leave at the first renewal, the others never); ``all_alike``
        (customers do not differ, or leave more with age than the model can follow: only
        ``alpha / (alpha + beta)`` and ``c`` mean anything); ``other``.
        """
        return Fit(self._core.parameters(), self._native)

    def curve(self, until: int | None = None) -> Curve:
        """Return the fitted curve by age, with the interval of the curve, from 0 to `until`.

        Columns of `by`, ``age``, ``survival`` S(t), ``lower``, ``upper``, ``retention`` S(t) / S(t - 1) and
        ``churn`` S(t - 1) - S(t); the last two are null at age 0. By default as far as the projection.
        """
        whole = max(self._core.ages - 1, 0) + self.periods
        last = whole if until is None else checked_periods(until, "until")
        return Curve(self._core.curves(last), self._native)

    def expected_lifetime(self, *, discount: float | None = None) -> Result:
        """Return what a unit a period is worth over the life of a new customer who pays the first just now.

        ``sum over t >= 0 of S(t) / (1 + discount)^t``; without a discount, how many periods customers stay.
        Columns of `by`, ``lifetime``, ``lower``, ``upper``: the interval is of the curve, by the delta method
        on the logarithm. Null (``diverges``) where the sum has no limit: without a discount, unless alpha c
        is above 1. `discount` is for one period; by default that of the projection.

        Raises
        ------
        InputError
            ``E_RATE_RANGE`` for a discount of -1 or less.
        """
        return Result(self._core.lifetimes(renewals=[], discount=self._rate(discount)), self._native)

    def residual_lifetime(self, renewal: int | Iterable[int] = 1, *, discount: float | None = None) -> Result:
        """Return what a unit a period is still worth from a customer about to renew for the n-th time.

        ``DERL(n) = sum over t >= n of S(t) / S(n - 1) / (1 + discount)^(t - n)``: whether it renews is not
        known yet, and the payment of that renewal counts in full (Fader and Hardie 2010, equation 6). A
        customer of age a is about to renew for the time ``a + 1``. Columns of `by`, ``renewal``,
        ``lifetime``, ``lower``, ``upper``; null (``diverges``) as in `expected_lifetime`.

        Raises
        ------
        InputError
            ``E_RATE_RANGE``.
        OptionError
            ``E_PARAM`` for a renewal below 1.
        """
        numbers = [renewal] if isinstance(renewal, (int, np.integer)) else list(renewal)
        whole = [as_whole(number, "renewal") for number in numbers]
        return Result(self._core.lifetimes(renewals=whole, discount=self._rate(discount)), self._native)

    def plot(self, ax: Any = None) -> Any:
        """Draw cohorts by age: observed as solid lines, projected dashed with their band."""
        from .. import plot_projection

        return plot_projection.plot_projection(self, ax)

    def _rate(self, discount: float | None) -> float:
        return self.discount if discount is None else float(discount)

    def _title(self) -> str:
        later = int(np.sum(self["projected"]))
        return f"{type(self).__name__}: {len(self)} rows, {later} of them projected"


class ChainLadder(Result):
    """A triangle completed to the age of its oldest cohort; cells not observed are marked ``projected``.

    Columns of `by`, ``cohort``, ``age``, ``value``, ``std_error`` (of the prediction; 0 where observed),
    ``lower``, ``upper`` (lognormal), ``projected``.
    """

    own_columns = frozenset(
        [
            "age", "value", "std_error", "lower", "upper", "projected", "factor", "sigma", "cohorts",
            "extrapolated", "observed", "latest", "total", "outstanding",
        ]
    )  # fmt: skip

    def __init__(
        self, core: _core.ChainLadder, *, by: Labels, cohort: str, accumulated: bool, native: str
    ) -> None:
        super().__init__(core.columns(), native)
        self._core = core
        self.by = by
        self.cohort = cohort
        self.accumulated = accumulated

    def factors(self) -> Fit:
        """Return how values develop from each age to the next.

        Columns of `by`, ``age`` (the earlier one), ``factor``, its ``std_error``, ``sigma``, ``cohorts``
        (seen at both ages), ``extrapolated`` (whether sigma follows from the two ages before). Null:
        ``empty_base`` where all were 0, ``too_few`` or ``not_estimated`` errors.
        """
        return Fit(self._core.factors(), self._native)

    def totals(self) -> Result:
        """Return the value of each cohort at the last age, with Mack's standard error.

        Columns of `by`, ``cohort``, ``observed`` (ages), ``latest``, ``total``, ``outstanding`` (total less
        latest), ``std_error``, ``lower``, ``upper``.
        """
        return Result(self._core.totals(False), self._native)

    def overall(self) -> Result:
        """Return the same of all cohorts together, whose errors are not independent: they share factors."""
        return Result(self._core.totals(True), self._native)

    def plot(self, ax: Any = None, *, segment: str | Labels | None = None) -> Any:
        """Draw the triangle as a heat map, projected cells hatched; of one segment, if it is cut by some."""
        from .. import plot_projection

        return plot_projection.plot_chain_ladder(self, ax, segment=segment)

    def _title(self) -> str:
        later = int(np.sum(self["projected"]))
        return f"{type(self).__name__}: {len(self)} rows, {later} of them projected"


def checked_periods(value: Any, name: str) -> int:
    """Return a number of periods; ``E_PARAM`` unless it lies in 0..10000."""
    periods = as_whole(value, name)
    if not 0 <= periods <= _MOST_PERIODS:
        hint = f"Ask for 0 to {_MOST_PERIODS}."
        raise OptionError(f"{name} {periods}; must be in 0..{_MOST_PERIODS}", code="E_PARAM",
                          value=str(periods), hint=hint)  # fmt: skip
    return periods
