"""What models of customers tell of their parameters, given or fitted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Literal, Protocol, Self, TypeVar

import numpy as np

from .. import _core
from ..errors import OptionError
from ..options import as_number, one_of, thread_count
from ..results import Result


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


class FittedModel(ABC, Generic[AnyCore]):
    """Parameters by name, their errors, and how the search for them ended."""

    _names: ClassVar[tuple[str, ...]]
    _roles: ClassVar[tuple[str, ...]]  # keywords by which questions name columns
    _columns: tuple[str, ...]  # those of the fit, in the same order

    def __init__(self, *, penalty: float = 0.0, threads: int | None = None) -> None:
        self._penalty = float(penalty)
        self._threads = thread_count(threads)
        self._core: AnyCore | None = None
        self._native = "dict"

    @abstractmethod
    def _known(self, values: list[float]) -> AnyCore:
        """What the extension holds of given parameters."""

    @classmethod
    def from_parameters(cls, *, threads: int | None = None, **parameters: float) -> Self:
        """Return a model with known parameters, to predict without a fit.

        Raises
        ------
        OptionError
            ``E_PARAM`` for parameters that are missing, unknown, or not above 0; ``E_THREADS``.
        """
        if set(parameters) != set(cls._names):
            wanted, given = ", ".join(cls._names), ", ".join(parameters) or "none"
            message = f"the parameters are {wanted}; given: {given}"
            raise OptionError(message, code="E_PARAM", value=given, hint="Name each of them once.")
        model = cls(threads=threads)
        model._core = model._known([as_number(parameters[name], name) for name in cls._names])
        return model

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name; times are in the unit of the rows."""
        return dict(zip(self._names, self._fitted.parameters, strict=True))

    @property
    def std_errors(self) -> dict[str, float | None]:
        """Standard errors by name, from the Hessian; None where the fit ended at a bound, or without one."""
        return dict(zip(self._names, self._fitted.std_errors, strict=True))

    @property
    def covariance(self) -> np.ndarray[Any, Any] | None:
        """Covariance of the parameters; None where there are no standard errors."""
        rows = self._fitted.covariance
        return np.array(rows) if rows else None

    @property
    def log_likelihood(self) -> float | None:
        """Sum of the log likelihoods of the customers, without the penalty, as papers print it.

        None for parameters that were given. lifetimes keeps its mean instead, of times in another unit.
        """
        return self._fitted.log_likelihood if self._fitted.customers else None

    @property
    def outcome(self) -> str:
        """How the search ended: ``converged``, ``at_bound`` or ``stopped``; ``given`` without a search."""
        return self._fitted.outcome if self._fitted.customers else "given"

    def summary(self, *, confidence: float = 0.95) -> Result:
        """Return the parameters: ``parameter``, ``value``, ``std_error``, ``lower``, ``upper``.

        Bounds are symmetric for the logarithm of a parameter, so never below 0; those of lifetimes are
        symmetric for the parameter itself. All null (``not_estimated``) where the fit ended at a bound.

        Raises
        ------
        OptionError
            ``E_CONFIDENCE``.
        """
        found = self._fitted.summary(confidence=as_number(confidence, "confidence"))
        return Result(found, self._native)

    @property
    def _fitted(self) -> AnyCore:
        if self._core is None:
            hint = "Call fit(frame), or make the model with from_parameters(...)."
            message = f"this {type(self).__name__} has no parameters yet"
            raise OptionError(message, code="E_NOT_FITTED", hint=hint)
        return self._core

    def _named(self, columns: Mapping[str, str | None]) -> list[str]:
        """Columns of the fit, or what they are called in another frame."""
        named = dict(zip(self._roles, self._columns, strict=True))
        for role, column in columns.items():
            if role not in named:
                raise TypeError(f"unexpected keyword argument {role!r}")
            if column is not None:
                named[role] = column
        return list(named.values())

    def __repr__(self) -> str:
        name = type(self).__name__
        if self._core is None:
            return f"{name}(not fitted)"
        values = ", ".join(f"{key}={value:.4g}" for key, value in self.parameters.items())
        if self.log_likelihood is None:
            return f"{name}({values})"
        count = f"{self._core.customers:,.0f} customers"
        return f"{name}({values}; {count}, log likelihood {self.log_likelihood:.1f}, {self.outcome})"


def confidence_of(interval: Literal["delta"] | None, confidence: float) -> float | None:
    """None without an interval; ``E_INTERVAL_WAY``."""
    if interval is None:
        return None
    one_of(interval, "interval", ("delta",), "E_INTERVAL_WAY")
    return as_number(confidence, "confidence")
