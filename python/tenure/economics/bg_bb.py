"""Purchases at regular opportunities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Self

import numpy as np

from .. import _core
from ..errors import OptionError
from ..frames import read
from ..options import as_whole
from ..results.prediction import Prediction
from .fitted import FittedModel, confidence_of

__all__ = ["BetaGeoBetaBinom"]


class BetaGeoBetaBinom(FittedModel[_core.BetaGeoBetaBinomFit]):
    """BG/BB: customers who may buy at each of n opportunities (a yearly gift, a weekly delivery).

    While alive, a customer buys at each opportunity with a probability from Beta(alpha, beta), and dies
    before each with a probability from Beta(gamma, delta).

    Parameters
    ----------
    penalty
        ``penalty * customers * sum(parameter ** 2)`` is added to minus the log likelihood.
    threads
        As the other models take it; one thread does the work, as customers of one history are added up first.

    Notes
    -----
    Fader, Hardie and Shang (2010), "Customer-base analysis in a discrete-time noncontractual setting",
    Marketing Science 29(6). Expected purchases are summed over opportunities: the closed forms of the paper
    divide by ``gamma - 1`` and have no digits left near ``gamma = 1``.

    Examples
    --------
    >>> from tenure.economics import BetaGeoBetaBinom
    >>> model = BetaGeoBetaBinom.from_parameters(alpha=1.204, beta=0.750, gamma=0.657, delta=2.783)
    >>> donors = {"frequency": [0, 6], "recency": [0, 6], "periods": [6, 6]}
    >>> model.conditional_expected_purchases(5, donors)["expected_purchases"].round(2)
    array([0.07, 3.75])
    """

    _names = ("alpha", "beta", "gamma", "delta")
    _roles = _columns = ("frequency", "recency", "periods")

    def _known(self, values: list[float]) -> _core.BetaGeoBetaBinomFit:
        return _core.BetaGeoBetaBinomFit.of(values)

    def fit(
        self,
        frame: Any,
        *,
        frequency: str = "frequency",
        recency: str = "recency",
        periods: str = "periods",
        weight: str | None = None,
    ) -> Self:
        """Find the most likely parameters, and return the model itself.

        Parameters
        ----------
        frame
            A row for each customer, or for each pattern with a `weight`.
        frequency
            Column of opportunities at which the customer bought, x.
        recency
            Column of the last of them, counted from 1; 0 where x is 0.
        periods
            Column of opportunities after the first purchase, n.
        weight
            Column that says how many such customers there are; by default one each.

        Raises
        ------
        InputError
            ``E_RFM_FREQUENCY``, ``E_RFM_RECENCY``, ``E_RFM_AGE`` (not whole, or not
            ``0 <= x <= recency <= n <= 100000``), ``E_RFM_ZERO``, ``E_WEIGHT``, ``E_NO_ROWS``, and what a
            frame can have wrong.
        OptionError
            ``E_PARAM`` for a penalty below 0.
        """
        names = [frequency, recency, periods]
        table, self._native = read(frame, [*names, *([] if weight is None else [weight])])
        self._core = _core.BetaGeoBetaBinomFit.fit(
            table,
            frequency=frequency,
            recency=recency,
            periods=periods,
            weight=weight,
            penalty=self._penalty,
        )
        self._columns = (frequency, recency, periods)
        return self

    def probability_alive(
        self,
        frame: Any,
        *,
        ahead: int = 1,
        interval: Literal["delta"] | None = None,
        confidence: float = 0.95,
        **columns: str,
    ) -> Prediction:
        """Return the probability that each customer is alive at opportunity n + `ahead`.

        Column ``probability_alive``; with `interval` also ``lower`` and ``upper`` by the delta method, on the
        scale of logits. 1, the next opportunity, is what the paper prints; 0 is lifetimes' default.
        """
        chosen = confidence_of(interval, confidence)
        names = self._named(columns)
        table, native = read(frame, names)
        found = self._fitted.probability_alive(
            as_whole(ahead, "ahead"), table, **_keywords(names), confidence=chosen
        )
        return Prediction(found, native)

    def conditional_expected_purchases(
        self,
        ahead: int,
        frame: Any,
        *,
        interval: Literal["delta"] | None = None,
        confidence: float = 0.95,
        **columns: str,
    ) -> Prediction:
        """Return how often each customer buys at the next `ahead` opportunities, given what it bought.

        Column ``expected_purchases``; the interval is on the scale of logarithms. ``E_PARAM`` below 0.
        """
        chosen = confidence_of(interval, confidence)
        names = self._named(columns)
        table, native = read(frame, names)
        found = self._fitted.conditional_expected_purchases(
            as_whole(ahead, "ahead"), table, **_keywords(names), confidence=chosen
        )
        return Prediction(found, native)

    def _expected(self, t: float, table: _core.Table, names: list[str]) -> _core.Columns:
        """Purchases at the next opportunities, of rows that were read already."""
        if t != int(t):
            message = f"period_length {t:g} is not a whole number of opportunities"
            raise OptionError(message, code="E_PARAM", value=f"{t:g}", hint="BG/BB counts opportunities.")
        return self._fitted.conditional_expected_purchases(int(t), table, **_keywords(names), confidence=None)

    def expected_purchases(
        self,
        n: int | Sequence[int],
        *,
        interval: Literal["delta"] | None = None,
        confidence: float = 0.95,
    ) -> Prediction:
        """Return how often a new customer buys at its first `n` opportunities: ``n, expected_purchases``."""
        chosen = confidence_of(interval, confidence)
        return Prediction(self._fitted.expected_purchases(_counts(n, "n"), confidence=chosen), self._native)

    def probability_of_purchases(
        self,
        opportunities: int,
        n: int | Sequence[int],
        *,
        interval: Literal["delta"] | None = None,
        confidence: float = 0.95,
    ) -> Prediction:
        """Return the probability that a new customer buys exactly `n` times: columns ``n, probability``."""
        chosen = confidence_of(interval, confidence)
        steps = as_whole(opportunities, "opportunities")
        found = self._fitted.probability_of_purchases(steps, _counts(n, "n"), confidence=chosen)
        return Prediction(found, self._native)


def _keywords(names: list[str]) -> dict[str, str]:
    return dict(zip(("frequency", "recency", "periods"), names, strict=True))


def _counts(given: int | Sequence[int], name: str) -> list[int]:
    single = isinstance(given, (int, np.integer))
    return [as_whole(count, name) for count in ([given] if single else given)]  # type: ignore[union-attr]
