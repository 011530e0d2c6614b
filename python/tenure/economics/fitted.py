"""What fitted models tell of their parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Generic, Literal, Protocol, Self, TypeVar

import numpy as np

from .. import _core
from ..errors import OptionError
from ..options import one_of
from ..results import Result
from .rfm import thread_count


class Core(Protocol):
    """A fit in the extension."""

    @property
    def parameters(self) -> list[float]:
        """In the order of the names."""

    @property
    def std_errors(self) -> list[float | None]:
        """Of each parameter."""

    @property
    def covariance(self) -> list[list[float]]:
        """Rows; none without standard errors."""

    @property
    def log_likelihood(self) -> float:
        """Of all customers."""

    @property
    def customers(self) -> float:
        """With their weights; 0 without a fit."""

    @property
    def outcome(self) -> str:
        """How the search ended."""

    def summary(self, *, confidence: float) -> _core.Columns:
        """Return parameters and bounds."""


AnyCore = TypeVar("AnyCore", bound=Core)


class FittedModel(Generic[AnyCore]):
    """Parameters by name, their errors, and how the search for them ended."""

    _names: ClassVar[tuple[str, ...]]
    _of: Callable[[list[float]], AnyCore]

    def __init__(self, *, penalty: float = 0.0, threads: int | None = None) -> None:
        self._penalty = float(penalty)
        self._threads = thread_count(threads)
        self._core: AnyCore | None = None
        self._native = "dict"

    @classmethod
    def from_parameters(cls, **parameters: float) -> Self:
        """Return a model with known parameters, to predict without a fit.

        Raises
        ------
        OptionError
            ``E_PARAM`` for parameters that are missing, unknown, or not above 0.
        """
        if set(parameters) != set(cls._names):
            wanted, given = ", ".join(cls._names), ", ".join(parameters) or "none"
            message = f"the parameters are {wanted}; given: {given}"
            raise OptionError(message, code="E_PARAM", value=given, hint="Name each of them once.")
        model = cls()
        model._core = model._of([float(parameters[name]) for name in cls._names])
        return model

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name."""
        return dict(zip(self._names, self._fitted.parameters, strict=True))

    @property
    def std_errors(self) -> dict[str, float | None]:
        """Standard errors by name, from the Hessian; None where the fit ended at a bound."""
        return dict(zip(self._names, self._fitted.std_errors, strict=True))

    @property
    def covariance(self) -> np.ndarray[Any, Any] | None:
        """Covariance of the parameters; None where there are no standard errors."""
        rows = self._fitted.covariance
        return np.array(rows) if rows else None

    @property
    def log_likelihood(self) -> float:
        """Sum of the log likelihoods of the customers, without the penalty, as papers print it."""
        return self._fitted.log_likelihood

    @property
    def outcome(self) -> str:
        """How the search ended: ``converged``, ``at_bound`` or ``stopped``."""
        return self._fitted.outcome

    def summary(self, *, confidence: float = 0.95) -> Result:
        """Return the parameters: ``parameter``, ``value``, ``std_error``, ``lower``, ``upper``.

        Bounds are symmetric for the logarithm of a parameter, so never below 0. All null (``not_estimated``)
        where the fit ended at a bound. ``E_CONFIDENCE``.
        """
        return Result(self._fitted.summary(confidence=confidence), self._native)

    @property
    def _fitted(self) -> AnyCore:
        if self._core is None:
            hint = "Call fit(frame), or make the model with from_parameters(...)."
            message = f"this {type(self).__name__} has no parameters yet"
            raise OptionError(message, code="E_NOT_FITTED", hint=hint)
        return self._core

    def __repr__(self) -> str:
        name = type(self).__name__
        if self._core is None:
            return f"{name}(not fitted)"
        values = ", ".join(f"{key}={value:.4g}" for key, value in self.parameters.items())
        if self._core.customers == 0:
            return f"{name}({values})"
        count = f"{self._core.customers:,.0f} customers"
        return f"{name}({values}; {count}, log likelihood {self.log_likelihood:.1f}, {self.outcome})"


def confidence_of(interval: Literal["delta"] | None, confidence: float) -> float | None:
    """None without an interval; ``E_INTERVAL_WAY``."""
    if interval is None:
        return None
    one_of(interval, "interval", ("delta",), "E_INTERVAL_WAY")
    return float(confidence)
