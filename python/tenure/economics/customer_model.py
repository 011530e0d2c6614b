"""What buy-till-you-die models share: the fit, its errors, and questions with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, Self

import numpy as np

from .. import _core
from ..errors import OptionError
from ..frames import read
from ..options import as_whole, one_of
from ..results import Result
from ..results.prediction import Prediction

__all__ = ["CustomerModel", "IntervalWay"]

IntervalWay = Literal["delta", "draws", "bootstrap"]
_WAYS = ("delta", "draws", "bootstrap")


class CustomerModel:
    """A model of customers without a contract: `BetaGeo`, `ModifiedBetaGeo` and `ParetoNBD`."""

    _names: ClassVar[tuple[str, ...]]

    def __init__(self, *, penalty: float = 0.0, threads: int | None = None) -> None:
        self._penalty = float(penalty)
        self._threads = _thread_count(threads)
        self._core: _core.CustomerModel | None = None
        self._columns = ["frequency", "recency", "T"]
        self._native = "dict"

    @classmethod
    def from_parameters(cls, *, threads: int | None = None, **parameters: float) -> Self:
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
        model = cls(threads=threads)
        values = [float(parameters[name]) for name in cls._names]
        model._core = _core.CustomerModel.known(cls.__name__, values, threads=model._threads)
        return model

    def fit(
        self,
        frame: Any,
        *,
        frequency: str = "frequency",
        recency: str = "recency",
        age: str = "T",
        weight: str | None = None,
    ) -> Self:
        """Find the most likely parameters, and return the model itself.

        Newton steps with exact derivatives on the logarithms of the parameters. The fit always returns:
        `outcome` says ``at_bound`` where the likelihood still rises at the end of the search (a factor of a
        million around the unit of a parameter), as it does for few customers, or customers who do not
        differ. The answer is a function of the rows alone, not of the number of threads.

        Parameters
        ----------
        frame
            A row for each customer; any frame that `Book` takes, or what `rfm` returns.
        frequency
            Column of purchases after the first, x.
        recency
            Column of times from the first purchase to the last, t_x; 0 where x is 0.
        age
            Column of times from the first purchase to the end of observation, T, in the same unit.
        weight
            Column that says how many such customers there are; by default one each.

        Raises
        ------
        InputError
            ``E_RFM_FREQUENCY``, ``E_RFM_RECENCY``, ``E_RFM_AGE`` (negative, missing, a frequency that is not
            whole, a recency above the age), ``E_RFM_ZERO`` (a recency without a repeat purchase),
            ``E_WEIGHT``, ``E_NO_ROWS``, and what a frame can have wrong.
        OptionError
            ``E_PARAM`` for a penalty below 0.
        """
        columns = [frequency, recency, age, *([] if weight is None else [weight])]
        table, self._native = read(frame, columns)
        options = {"penalty": self._penalty, "threads": self._threads}
        self._core = _core.CustomerModel.fit(type(self).__name__, table, columns, **options)
        self._columns = columns[:3]
        return self

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name; times are in the unit of the rows."""
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
        """Sum of the log likelihoods of the customers, without the penalty, as papers print it.

        lifetimes keeps its mean instead, of times in another unit.
        """
        return self._fitted.log_likelihood

    @property
    def outcome(self) -> str:
        """How the search ended: ``converged``, ``at_bound`` or ``stopped``."""
        return self._fitted.outcome

    def log_likelihood_of(self, frame: Any, **columns: str | None) -> float:
        """Return the log likelihood of other customers under these parameters, for a test on held-out rows.

        Columns are named as in `fit`; by default those of the fit.
        """
        names = self._named(columns)
        return self._fitted.log_likelihood_of(read(frame, names)[0], names)

    def summary(self, *, confidence: float = 0.95) -> Result:
        """Return the parameters: ``parameter``, ``value``, ``std_error``, ``lower``, ``upper``.

        Bounds are symmetric for the logarithm of a parameter, so never below 0; those of lifetimes are
        symmetric for the parameter itself. All null (``not_estimated``) where the fit ended at a bound.

        Raises
        ------
        OptionError
            ``E_CONFIDENCE``.
        """
        return Result(self._fitted.summary(confidence=confidence), self._native)

    def probability_alive(
        self,
        frame: Any,
        *,
        interval: IntervalWay | None = None,
        confidence: float = 0.95,
        seed: int = 0,
        replicates: int = 1000,
        **columns: str,
    ) -> Prediction:
        """Return the probability that each customer has not left, given what it bought.

        Column ``probability_alive``, a row for each row of the frame, in its order; with `interval` also
        ``lower`` and ``upper``.

        Parameters
        ----------
        frame
            A row for each customer, as in `fit`.
        interval
            How well the figure is known, as far as the parameters are concerned: ``"delta"`` (linear in the
            logarithms of the parameters; fastest), ``"draws"`` (parameters drawn from the normal
            distribution of their logarithms), ``"bootstrap"`` (the model is fitted again to customers who
            each count a Poisson number of times; needs no theory, and no standard errors).
        confidence
            Share of intervals that hold the true figure.
        seed, replicates
            Of draws and bootstrap: the bounds are a function of the rows and of these two.
        **columns
            ``frequency=``, ``recency=`` and ``age=``, where they are not those of the fit.

        Raises
        ------
        InputError
            As `fit`.
        OptionError
            ``E_INTERVAL_WAY``, ``E_CONFIDENCE``, ``E_BOOTSTRAP`` (fewer than 20 replicates), ``E_SEED``.
        """
        names = self._named(columns)
        how = _interval(interval, confidence, seed, replicates)
        table, native = read(frame, names)
        return Prediction(self._fitted.probability_alive(table, names, how), native)

    def conditional_expected_purchases(
        self,
        t: float,
        frame: Any,
        *,
        interval: IntervalWay | None = None,
        confidence: float = 0.95,
        seed: int = 0,
        replicates: int = 1000,
        **columns: str,
    ) -> Prediction:
        """Return how many purchases each customer makes in the next `t` units of time, given what it bought.

        Column ``expected_purchases``; the rest is as in `probability_alive`. ``E_PARAM`` for a `t` below 0.
        The interval is that of the expectation: customers themselves scatter around it.
        """
        names = self._named(columns)
        how = _interval(interval, confidence, seed, replicates)
        table, native = read(frame, names)
        return Prediction(self._fitted.conditional_expected_purchases(float(t), table, names, how), native)

    def expected_purchases(
        self,
        t: float | Sequence[float],
        *,
        interval: IntervalWay | None = None,
        confidence: float = 0.95,
        seed: int = 0,
        replicates: int = 1000,
    ) -> Prediction:
        """Return how many repeat purchases a new customer makes within `t` of its first.

        Columns ``t`` and ``expected_purchases``, a row for each `t`; intervals as in `probability_alive`.
        """
        how = _interval(interval, confidence, seed, replicates)
        times = np.atleast_1d(np.asarray(t, dtype=float)).tolist()
        return Prediction(self._fitted.expected_purchases(times, how), self._native)

    def probability_of_purchases(
        self,
        t: float,
        n: int | Sequence[int],
        *,
        interval: IntervalWay | None = None,
        confidence: float = 0.95,
        seed: int = 0,
        replicates: int = 1000,
    ) -> Prediction:
        """Return the probability that a new customer makes exactly `n` repeat purchases within `t`.

        Columns ``t``, ``n`` and ``probability``, a row for each `n`; intervals as in `probability_alive`.
        """
        how = _interval(interval, confidence, seed, replicates)
        given = [n] if isinstance(n, (int, np.integer)) else list(n)
        counts = [as_whole(count, "n") for count in given]
        times = [float(t)] * len(counts)
        return Prediction(self._fitted.probability_of_purchases(times, counts, how), self._native)

    @property
    def _fitted(self) -> _core.CustomerModel:
        if self._core is None:
            hint = "Call fit(frame), or make the model with from_parameters(...)."
            message = f"this {type(self).__name__} has no parameters yet"
            raise OptionError(message, code="E_NOT_FITTED", hint=hint)
        return self._core

    def _named(self, columns: dict[str, Any]) -> list[str]:
        known = dict(zip(("frequency", "recency", "age"), self._columns, strict=True))
        for name in columns:
            if name not in {*known, "weight"}:
                raise TypeError(f"unexpected keyword argument {name!r}")
        named = {**known, **{name: column for name, column in columns.items() if column is not None}}
        return list(named.values())

    def __repr__(self) -> str:
        name = type(self).__name__
        if self._core is None:
            return f"{name}(not fitted)"
        values = ", ".join(f"{key}={value:.4g}" for key, value in self.parameters.items())
        if self._core.customers == 0:
            return f"{name}({values})"
        count = f"{self._core.customers:,.0f} customers"
        return f"{name}({values}; {count}, log likelihood {self.log_likelihood:.1f}, {self.outcome})"


def _interval(way: str | None, confidence: float, seed: int, replicates: int) -> _core.Interval:
    chosen = "" if way is None else one_of(way, "interval", _WAYS, "E_INTERVAL_WAY")
    whole = as_whole(seed, "seed")
    if not 0 <= whole < 2**64:
        hint = "Give a number from 0 to 2**64 - 1."
        raise OptionError(f"seed={whole} is out of range", code="E_SEED", value=str(whole)[:80], hint=hint)
    count = max(0, min(as_whole(replicates, "replicates"), 2**31 - 1))
    return _core.Interval(way=chosen, confidence=float(confidence), seed=whole, replicates=count)


def _thread_count(threads: int | None) -> int:
    if threads is None:
        return 0
    if as_whole(threads, "threads") < 1:
        hint = "Leave it out for all threads of the machine."
        raise OptionError(
            f"threads={threads} is not above 0", code="E_THREADS", value=str(threads), hint=hint
        )
    return min(int(threads), 2**16)
