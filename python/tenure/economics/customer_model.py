"""What buy-till-you-die models share: the fit, its errors, and questions with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Self

import numpy as np

from .. import _core
from ..frames import read
from ..options import as_number, as_seed, as_whole, one_of
from ..results.prediction import Prediction
from .fitted import FittedModel

__all__ = ["CustomerModel", "IntervalWay"]

IntervalWay = Literal["delta", "draws", "bootstrap"]
_WAYS = ("delta", "draws", "bootstrap")


class CustomerModel(FittedModel[_core.CustomerModel]):
    """A model of customers without a contract: `BetaGeo`, `ModifiedBetaGeo` and `ParetoNBD`."""

    _roles = ("frequency", "recency", "age")
    _columns = ("frequency", "recency", "T")

    def _known(self, values: list[float]) -> _core.CustomerModel:
        return _core.CustomerModel.known(type(self).__name__, values, threads=self._threads)

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
        self._columns = (frequency, recency, age)
        return self

    def log_likelihood_of(self, frame: Any, *, weight: str | None = None, **columns: str | None) -> float:
        """Return the log likelihood of other customers under these parameters, for a test on held-out rows.

        Columns are named as in `fit`; by default those of the fit, and each customer once.
        """
        names = [*self._named(columns), *([] if weight is None else [weight])]
        return self._fitted.log_likelihood_of(read(frame, names)[0], names)

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

    def _expected(self, t: float, table: _core.Table, names: list[str]) -> _core.Columns:
        """Purchases until t, of rows that were read already."""
        return self._fitted.conditional_expected_purchases(t, table, names, _interval(None, 0.95, 0, 0))

    def _expected_each(self, times: list[float], rows: dict[str, Any]) -> Any:
        """Purchases of each row until a time of its own, as an array."""
        table, _ = read(rows, self._columns)
        found = self._fitted.conditional_expected_purchases_each(times, table, list(self._columns))
        return found.values("expected_purchases")


def _interval(way: str | None, confidence: float, seed: int, replicates: int) -> _core.Interval:
    chosen = "" if way is None else one_of(way, "interval", _WAYS, "E_INTERVAL_WAY")
    count = max(0, min(as_whole(replicates, "replicates"), 2**31 - 1))
    return _core.Interval(
        way=chosen, confidence=as_number(confidence, "confidence"), seed=as_seed(seed), replicates=count
    )
