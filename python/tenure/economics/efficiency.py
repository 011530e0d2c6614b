"""What growth costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from .. import _core
from ..errors import OptionError
from ..loading import Day, Period
from ..options import as_number, as_whole
from ..results.economics import Efficiency
from .figure import Figure, listed, numbers
from .spend import Paid, SpendColumns, hold_against

if TYPE_CHECKING:
    from ..book import Book

Given = float | Sequence[float | None] | None


def efficiency(
    spend: Any,
    book: Book,
    *,
    first: Day,
    last: Day,
    period: Period = "quarter",
    by: str | None = None,
    paid: Paid = None,
    lag: int = 1,
    margin: float = 1.0,
    burn: Given = None,
    profit_margin: Given = None,
    fiscal_start: int = 1,
    known_at: Day | None = None,
    **columns: Unpack[SpendColumns],
) -> Efficiency:
    """Return how much ARR the spend of each period brings.

    ``magic_number = net new ARR / spend``, ``cac_ratio = magic_number * margin`` (Bessemer),
    ``payback_years = 1 / cac_ratio``, ``sales_efficiency = new ARR / spend``, ``spend_share = spend / new
    ARR``; the spend is that of the period `lag` before. New ARR is 12 times the MRR of new and expanding
    customers, net new ARR 12 times closing less opening. With `burn`, ``burn_multiple = burn / net new ARR``;
    with `profit_margin`, ``rule_of_40 = growth of ARR over a year + profit margin``.

    Null: ``no_spend`` (nothing was spent), ``no_gain`` (no new ARR, or no net new ARR to divide by; a CAC
    ratio that is not above 0 never pays back), ``before_history``, ``not_yet_observed`` (the spend is not
    known, or a figure of the caller's is None).

    Parameters
    ----------
    spend, book, by, paid, lag, columns
        As of `cac`. The ratios are meant for quarters and the spend of the quarter before: the defaults here.
    first, last
        A month (``"2024-01"``), a day, or a date.
    margin
        Gross margin, a share of revenue, at most 1.
    burn
        Cash burnt in each period, above 0 is a loss: one number, or one for each period.
    profit_margin
        EBITDA, operating or free cash flow margin (say which where you show it), a share: one number, or one
        for each period.

    Raises
    ------
    InputError
        ``E_RATE_RANGE``, and what `cac` raises.
    OptionError
        ``E_PERIODS`` for another number of figures than periods, ``E_SEGMENT`` for company figures by
        segment, and what `cac` raises.

    Notes
    -----
    Magic number: Scale Venture Partners. CAC ratio: Bessemer's laws of SaaS, 2. Burn multiple: David Sacks.

    Examples
    --------
    >>> import tenure as tn
    >>> rows = {"who": [1, 2], "from": ["2024-01-10", "2024-05-20"], "mrr": [100, 50]}
    >>> book = tn.Book(rows, customer="who", start="from", amount="mrr")
    >>> spent = {"date": ["2024-01-31", "2024-04-30"], "amount": [400, 10]}
    >>> found = tn.economics.efficiency(spent, book, first="2024-04", last="2024-06", margin=0.8, burn=1200)
    >>> [found[name].tolist() for name in ("net_new_arr", "magic_number", "cac_ratio", "burn_multiple")]
    [[600.0], [1.5], [1.2000000000000002], [2.0]]
    """
    if by is not None and not (burn is None and profit_margin is None):
        hint = "Ask for them without by=."
        message = f"burn and profit margin are of the company, not of each {by}"
        raise OptionError(message, code="E_SEGMENT", value=by, hint=hint)
    window = (first, last, period, fiscal_start)
    held = hold_against(spend, book, window, by=by, paid=paid, known_at=known_at, columns=columns)
    bridge, asked = held.bridge, held.asked
    found = _core.efficiency(
        held.spend, bridge, lag=as_whole(lag, "lag"), channels=asked.channels, split=held.split
    )
    periods = len(bridge.bounds) - 1
    given = {"burn": burn, "profit_margin": profit_margin}
    figures = {name: _by_period(value, name, periods) for name, value in given.items()}
    longer = asked.book.waterfall_with_history(*asked.window, "") if figures["profit_margin"] else bridge
    return Efficiency(found, longer, figures, as_number(margin, "margin"), held.by, held.context)


def _by_period(given: Given, name: str, periods: int) -> list[float | None]:
    if given is None:
        return []
    held: Any = given
    if np.ndim(held) == 0:
        return [as_number(held, name)] * periods
    values = [None if value is None else as_number(value, name) for value in listed(held)]
    if len(values) != periods:
        message = f"{name} has {len(values)} figures for {periods} periods"
        raise OptionError(message, code="E_PERIODS", value=str(len(values)), hint="Give one for each period.")
    return values


def cac_ratio_of(margin_now: float, margin_before: float, spend_before: float) -> Figure:
    """Return Bessemer's CAC ratio: ``(gross margin of a quarter - that before) * 4 / spend before``.

    Examples
    --------
    >>> import tenure as tn
    >>> tn.economics.cac_ratio_of(540, 500, 320).value
    0.5
    """
    return Figure(
        *_core.cac_ratio(
            **numbers(margin_now=margin_now, margin_before=margin_before, spend_before=spend_before)
        )
    )


def payback_years_of(cac_ratio: float) -> Figure:
    """Return the years until a CAC ratio has paid back: ``1 / ratio``; ``no_gain`` unless it is above 0.

    Examples
    --------
    >>> import tenure as tn
    >>> tn.economics.payback_years_of(0.5).value
    2.0
    """
    return Figure(*_core.payback_years(**numbers(cac_ratio=cac_ratio)))


def magic_number_of(net_new_arr: float, spend: float) -> Figure:
    """Return ``net new ARR / spend``; ``no_spend`` without spend.

    Examples
    --------
    >>> import tenure as tn
    >>> tn.economics.magic_number_of(300, 400).value
    0.75
    """
    return Figure(*_core.magic_number(**numbers(net_new_arr=net_new_arr, spend=spend)))


def burn_multiple_of(burn: float, net_new_arr: float) -> Figure:
    """Return ``burn / net new ARR``; ``no_gain`` unless ARR grew.

    Examples
    --------
    >>> import tenure as tn
    >>> tn.economics.burn_multiple_of(500, 250).value, tn.economics.burn_multiple_of(500, -1).reason
    (2.0, 'no_gain')
    """
    return Figure(*_core.burn_multiple(**numbers(burn=burn, net_new_arr=net_new_arr)))


def sales_efficiency_of(new_arr: float, spend: float) -> Figure:
    """Return ``new ARR / spend``; ``no_spend`` without spend.

    Examples
    --------
    >>> import tenure as tn
    >>> tn.economics.sales_efficiency_of(600, 400).value
    1.5
    """
    return Figure(*_core.sales_efficiency(**numbers(new_arr=new_arr, spend=spend)))


def spend_share_of(spend: float, new_arr: float) -> Figure:
    """Return ``spend / new ARR``: what marketing costs of the ARR it brings; ``no_gain`` without new ARR.

    Examples
    --------
    >>> import tenure as tn
    >>> tn.economics.spend_share_of(300, 600).value
    0.5
    """
    return Figure(*_core.spend_share(**numbers(spend=spend, new_arr=new_arr)))


def rule_of_40_of(growth: float, profit_margin: float) -> Figure:
    """Return ``growth + profit margin``, both shares; 0.4 is the rule.

    Examples
    --------
    >>> import tenure as tn
    >>> tn.economics.rule_of_40_of(0.25, 0.25).value
    0.5
    """
    return Figure(*_core.rule_of_40(**numbers(growth=growth, profit_margin=profit_margin)))


__all__ = [
    "burn_multiple_of",
    "cac_ratio_of",
    "efficiency",
    "magic_number_of",
    "payback_years_of",
    "rule_of_40_of",
    "sales_efficiency_of",
    "spend_share_of",
]
