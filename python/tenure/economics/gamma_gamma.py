"""What customers spend per purchase."""

from __future__ import annotations

from typing import Any, Literal, Self

from .. import _core
from ..frames import read
from ..results.prediction import Prediction
from .figure import Figure
from .fitted import FittedModel, confidence_of

__all__ = ["GammaGamma"]


class GammaGamma(FittedModel[_core.GammaGammaFit]):
    """Gamma-Gamma: the mean amount of a customer's purchases, from few purchases and from all customers.

    Amounts of a customer are Gamma(p, nu), and nu is Gamma(q, v) over customers. After x purchases of z on
    average a customer is expected to spend ``p (v + x z) / (p x + q - 1)`` per purchase: between z and the
    mean of all customers ``p v / (q - 1)``, nearer to z with more purchases.

    Parameters
    ----------
    penalty
        ``penalty * customers * sum((parameter / unit) ** 2)`` is added to minus the log likelihood; the unit
        of v is the mean spend. lifetimes takes 1, so that its penalty depends on the currency.
    threads
        How many threads to use; all of the machine by default. No result depends on it.

    Notes
    -----
    Colombo and Jiang (1999); Fader and Hardie (2013), "The Gamma-Gamma model of monetary value", note 025 on
    brucehardie.com. The model takes how often a customer buys to say nothing of how much it spends: look at
    `correlation`. For q of 1 or less the mean does not exist: it is null (``diverges``), where lifetimes
    gives a negative amount.

    Examples
    --------
    >>> from tenure.economics import GammaGamma
    >>> model = GammaGamma.from_parameters(p=6.25, q=3.74, v=15.44)
    >>> customers = {"frequency": [2, 0], "monetary": [22.35, None]}
    >>> model.conditional_expected_spend(customers)["expected_spend"].round(2).tolist()
    [24.66, 35.22]
    """

    _names = ("p", "q", "v")
    _roles = _columns = ("frequency", "monetary")

    def _known(self, values: list[float]) -> _core.GammaGammaFit:
        return _core.GammaGammaFit.of(values)

    def fit(
        self,
        frame: Any,
        *,
        frequency: str = "frequency",
        monetary: str = "monetary",
        weight: str | None = None,
    ) -> Self:
        """Find the most likely parameters, and return the model itself.

        Customers without a repeat purchase say nothing of spend and are passed over.

        Parameters
        ----------
        frame
            A row for each customer; any frame that `Book` takes, or what `rfm` returns.
        frequency
            Column of the number of purchases that are averaged, x.
        monetary
            Column of their mean amount, z; not read where x is 0.
        weight
            Column that says how many such customers there are; by default one each.

        Raises
        ------
        InputError
            ``E_RFM_FREQUENCY`` (negative, not whole), ``E_RFM_MONETARY`` (x above 0, and z not above 0),
            ``E_WEIGHT``, ``E_NO_ROWS`` (no customer with x above 0), and what a frame can have wrong.
        OptionError
            ``E_PARAM`` for a penalty below 0.
        """
        table, self._native = read(frame, [frequency, monetary, *([] if weight is None else [weight])])
        self._core = _core.GammaGammaFit.fit(
            table,
            frequency=frequency,
            monetary=monetary,
            weight=weight,
            penalty=self._penalty,
            threads=self._threads,
        )
        self._columns = (frequency, monetary)
        return self

    @property
    def correlation(self) -> float | None:
        """Correlation of frequency and monetary in the fitted rows; the model takes it to be near 0.

        None for fewer than three customers, where one of the two does not vary, and without a fit.
        """
        return self._fitted.correlation

    def expected_spend(self) -> Figure:
        """Return the mean per purchase over all customers, ``p v / (q - 1)``; ``diverges`` for q <= 1.

        Examples
        --------
        >>> from tenure.economics import GammaGamma
        >>> round(GammaGamma.from_parameters(p=6.25, q=3.74, v=15.44).expected_spend().value, 2)
        35.22
        >>> GammaGamma.from_parameters(p=6.25, q=0.9, v=15.44).expected_spend()
        Figure(value=None, reason='diverges')
        """
        value = self._fitted.expected_spend()
        return Figure(value, "diverges" if value is None else "")

    def conditional_expected_spend(
        self,
        frame: Any,
        *,
        interval: Literal["delta"] | None = None,
        confidence: float = 0.95,
        frequency: str | None = None,
        monetary: str | None = None,
    ) -> Prediction:
        """Return what each customer is expected to spend per purchase, given what it bought.

        Column ``expected_spend``, a row for each row of the frame, in its order; null (``diverges``) where
        ``p x + q <= 1``. With `interval` also ``lower`` and ``upper``: how well the expectation is known, by
        the delta method on the scale of logarithms. Columns are named as in `fit`.

        Raises
        ------
        InputError
            As `fit`.
        OptionError
            ``E_INTERVAL_WAY``, ``E_CONFIDENCE``.
        """
        names = self._named({"frequency": frequency, "monetary": monetary})
        chosen = confidence_of(interval, confidence)
        table, native = read(frame, names)
        return Prediction(self._expected(table, names, chosen), native)

    def _expected(self, table: _core.Table, names: list[str], confidence: float | None) -> _core.Columns:
        """Spend of rows that were read already."""
        return self._fitted.conditional_expected_spend(
            table, frequency=names[0], monetary=names[1], confidence=confidence, threads=self._threads
        )
