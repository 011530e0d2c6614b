"""What customers are worth from now on."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from .. import _core
from ..errors import OptionError
from ..frames import read
from ..options import as_number, as_whole
from ..results import Result
from .bg_bb import BetaGeoBetaBinom
from .customer_model import CustomerModel
from .gamma_gamma import GammaGamma

__all__ = ["CustomerValue", "customer_value"]


class CustomerValue(Result):
    """Discounted purchases, spend per purchase, and their value, a row for each customer."""

    @property
    def total(self) -> float:
        """Value of all customers whose value is defined."""
        return float(np.ma.sum(self["value"])) if len(self) else 0.0

    def plot(self, ax: Any = None) -> Any:
        """Draw which share of the value the most valuable customers hold."""
        from ..drawing import axes_of

        ax = axes_of(ax)
        values = np.sort(np.ma.compressed(self["value"]))[::-1]
        if values.size and values.sum() > 0:
            people = np.arange(values.size + 1) / values.size
            ax.plot(100 * people, 100 * np.concatenate([[0.0], np.cumsum(values) / values.sum()]))
        ax.set_xlabel("% of customers, the most valuable first")
        ax.set_ylabel("% of their value")
        return ax


def customer_value(
    model: CustomerModel | BetaGeoBetaBinom,
    spend: GammaGamma | str,
    frame: Any,
    *,
    periods: int = 12,
    period_length: float,
    discount_rate: float,
    margin: float = 1.0,
    discount_at: Literal["end", "middle", "beginning"] = "end",
    frequency: str | None = None,
    recency: str | None = None,
    age: str | None = None,
    monetary: str | None = None,
) -> CustomerValue:
    """Return what customers without a contract are worth from now on (CLV).

    ``value = spend * margin * sum((N(k h) - N((k - 1) h)) / (1 + d) ** k)`` over ``k = 1 .. periods``, where
    N(t) are the purchases that the model expects until t, h the length of a period and d the discount rate.

    Parameters
    ----------
    model
        A fitted `BetaGeo`, `ModifiedBetaGeo`, `ParetoNBD` or `BetaGeoBetaBinom`.
    spend
        A fitted `GammaGamma`, or the name of a column with the expected spend per purchase.
    frame
        A row for each customer, as in the fits.
    periods
        How many periods ahead.
    period_length
        Length of a period in the time unit of the model: with days, 30 for lifetimes' month, 365.25 / 12 for
        the mean one; with weeks 1 for a week, 52 for a year.
    discount_rate
        For one period. A yearly rate of 15 % is ``1.15 ** (1 / 12) - 1`` for a month.
    margin
        Share of the revenue that is left after its costs, 0 to 1.
    discount_at
        When the money of a period comes: at its end (exponent k, as in lifetimes), in its middle (k - 1/2) or
        at its beginning (k - 1).
    frequency, recency, age, monetary
        Columns, where they are not those of the fits. `age` is the third column of `model`: T, or for
        `BetaGeoBetaBinom` the number of opportunities.

    Returns
    -------
    CustomerValue
        Columns ``purchases`` (discounted), ``spend`` and ``value``, a row for each row of the frame, in its
        order. Null where the spend is, for its reason.

    Raises
    ------
    InputError
        What the models refuse.
    OptionError
        ``E_PARAM`` (periods, period_length), ``E_RATE_RANGE`` (discount_rate, margin), ``E_ENUM``,
        ``E_NOT_FITTED``.

    Notes
    -----
    Purchases and spend are taken to be independent: see `GammaGamma.correlation`. lifetimes fixes the period
    at a month of 30 days or 4.345 weeks; here it is named.

    Examples
    --------
    >>> import tenure as tn
    >>> model = tn.economics.BetaGeo.from_parameters(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> spend = tn.economics.GammaGamma.from_parameters(p=6.25, q=3.74, v=15.44)
    >>> rows = {"frequency": [2], "recency": [30.43], "T": [38.86], "monetary": [22.35]}
    >>> worth = tn.economics.customer_value(
    ...     model, spend, rows, periods=52, period_length=1, discount_rate=0.0027
    ... )
    >>> worth["value"].round(2).tolist()
    [36.0]
    """
    if not isinstance(model, (CustomerModel, BetaGeoBetaBinom)):
        shown = type(model).__name__
        hint = "Pass a fitted BetaGeo, ModifiedBetaGeo, ParetoNBD or BetaGeoBetaBinom."
        raise OptionError(f"model is a {shown}", code="E_PARAM", value=shown, hint=hint)
    names = [named or held for named, held in zip((frequency, recency, age), model._columns, strict=True)]
    if isinstance(spend, GammaGamma):
        paid = spend._named({"frequency": frequency, "monetary": monetary})
    elif isinstance(spend, str):
        paid = [spend]
    else:
        shown = type(spend).__name__
        hint = "Pass a GammaGamma, or the name of a column."
        raise OptionError(f"spend is a {shown}", code="E_PARAM", value=shown, hint=hint)
    table, native = read(frame, list(dict.fromkeys([*names, *paid])))
    if isinstance(spend, GammaGamma):
        amounts, column = spend._expected(table, paid, None), "expected_spend"
    else:
        amounts, column = _core.spend_column(table, spend), "spend"
    value = _core.customer_value(
        lambda t: np.asarray(model._expected(t, table, names).values("expected_purchases")),
        amounts,
        column=column,
        periods=as_whole(periods, "periods"),
        period_length=as_number(period_length, "period_length"),
        discount_rate=as_number(discount_rate, "discount_rate"),
        margin=as_number(margin, "margin"),
        discount_at=discount_at,
    )
    return CustomerValue(value, native)
