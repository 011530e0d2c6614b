"""Retention by the parameters of its model."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core
from ..errors import OptionError
from ..options import as_number, as_whole

__all__ = ["RetentionCurve"]


class RetentionCurve:
    """The share of customers left at an age, when each has a chance of its own to leave at a renewal.

    ``S(t) = B(alpha, beta + t^c) / B(alpha, beta)``: chances follow a beta distribution; ``c`` above 1 makes
    leaving more likely with age. With ``c=1`` the shifted beta geometric model, else beta discrete Weibull.

    Parameters
    ----------
    alpha, beta
        Of the beta distribution of chances, above 0. Papers also write gamma and delta.
    c
        Above 0.

    Raises
    ------
    OptionError
        ``E_PARAM`` for parameters that are not above 0 and finite, ``E_OPTION_TYPE`` for what is no number.

    Notes
    -----
    Fader and Hardie (2007), "How to project customer retention"; Fader, Hardie, Liu, Davin and Steenburgh
    (2018), the same revisited. `tenure.cohort.project` finds the parameters.

    Examples
    --------
    >>> import tenure as tn
    >>> curve = tn.cohort.RetentionCurve(0.704, 1.182)
    >>> curve.survival([1, 2, 12]).round(4).tolist()
    [0.6267, 0.4738, 0.1701]
    >>> round(curve.residual_lifetime(2, discount=0.1), 4)
    4.1035
    """

    def __init__(self, alpha: float, beta: float, c: float = 1.0) -> None:
        self.alpha, self.beta, self.c = _positive(alpha, "alpha"), _positive(beta, "beta"), _positive(c, "c")
        self._core = _core.RetentionCurve(alpha=self.alpha, beta=self.beta, c=self.c)

    def survival(self, age: ArrayLike) -> Any:
        """Return the share left at each age: S(t)."""
        return _each(self._core.survival, age, 0)

    def retention(self, age: ArrayLike) -> Any:
        """Return the share that renews for the t-th time, of those who could: S(t) / S(t - 1)."""
        return _each(self._core.retention, age, 1)

    def churn(self, age: ArrayLike) -> Any:
        """Return the share that leaves instead of renewing for the t-th time: S(t - 1) - S(t)."""
        return _each(self._core.churn, age, 1)

    def expected_lifetime(self, *, discount: float = 0.0) -> float | None:
        """Return ``sum over t >= 0 of S(t) / (1 + discount)^t``; None where it has no limit."""
        return self._core.expected_lifetime(as_number(discount, "discount"))

    def residual_lifetime(self, renewal: int = 1, *, discount: float = 0.0) -> float | None:
        """Return ``sum over t >= n of S(t) / S(n - 1) / (1 + discount)^(t - n)``; None without a limit."""
        return self._core.residual_lifetime(as_whole(renewal, "renewal"), as_number(discount, "discount"))

    def __repr__(self) -> str:
        return f"RetentionCurve(alpha={self.alpha:.6g}, beta={self.beta:.6g}, c={self.c:.6g})"


def _positive(given: Any, name: str) -> float:
    value = as_number(given, name)
    if 0 < value < np.inf:
        return value
    message = f"{name} {value:g}; must be > 0 and finite"
    raise OptionError(message, code="E_PARAM", value=str(given), hint="Mend the number.")


def _each(figure: Any, age: ArrayLike, least: int) -> Any:
    """Figures of ages in their shape; a number for a number."""
    try:
        ages: NDArray[np.float64] = np.asarray(age, dtype=np.float64)
    except (TypeError, ValueError):
        message = f"age={age!r} are no numbers"
        raise OptionError(message, code="E_OPTION_TYPE", value=str(age)[:80]) from None
    if not (np.isfinite(ages) & (ages >= least)).all():
        raise OptionError(
            f"ages have to be {least} or more", code="E_PARAM", value=str(age)[:80], hint="Mend the ages."
        )
    figures = np.array(figure(ages.ravel().tolist())).reshape(ages.shape)
    return figures if ages.shape else float(figures)
