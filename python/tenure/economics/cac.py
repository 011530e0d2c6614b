"""What it costs to win a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from ..loading import Day, Money, Period
from ..results.economics import AcquisitionCost
from .spend import Paid, SpendColumns, hold_against

if TYPE_CHECKING:
    from ..book import Book


def cac(
    spend: Any,
    book: Book,
    *,
    first: Day,
    last: Day,
    period: Period = "month",
    by: str | None = None,
    paid: Paid = None,
    lag: int = 0,
    fiscal_start: int = 1,
    money: Money | None = None,
    known_at: Day | None = None,
    **columns: Unpack[SpendColumns],
) -> AcquisitionCost:
    """Return the cost of acquisition of each period.

    ``cac = spend of the period lag before / new customers``, ``cac_per_new_mrr = the same spend / new MRR``.
    New is who pays for the first time ever, as in the bridge of the book. Null without new customers
    (``no_gain``; the spend is shown), before the first row of spend (``before_history``) and after the last
    one (``not_yet_observed``); spend without any row is ``no_spend``. Customers for whom nothing was spent
    cost 0, a true quotient. Totals are ratios of sums, never means of ratios.

    Parameters
    ----------
    spend
        A `Spend`, or a frame of which `columns` name the columns, as `Spend` takes them.
    book
        The book of the customers.
    first, last
        A month (``"2024-01"``), a day, or a date.
    by
        A segment of the book that holds the channel of each customer: a row for each channel, matched by
        label. The spend then needs a channel, and at least one label in common.
    paid
        Count paid channels only, on both sides: a list of labels, the name of a column of booleans in the
        frame, or True where a `Spend` has read one. Without `by` they are added up, and the book needs a
        segment of the name of the channel column.
    lag
        How many periods spend comes before the customers it wins: 0, 1, ...

    Raises
    ------
    InputError
        What `Spend` raises; ``E_CURRENCY_MIXED`` for spend in another currency than the book; ``E_WINDOW``.
    OptionError
        ``E_LAG`` below 0, ``E_CHANNEL``, ``E_SEGMENT``, ``E_PAID``, ``E_SPEND``.

    Notes
    -----
    Wall Street Prep and most glossaries hold spend against the customers of the same period, SaaSGrid and
    Bessemer against those of the next one (``lag=1``).

    Examples
    --------
    >>> import tenure as tn
    >>> begin = ["2024-01-10", "2024-01-20", "2024-02-05"]
    >>> rows = {"who": [1, 2, 3], "from": begin, "mrr": [100, 50, 30], "via": ["ads", "ads", "events"]}
    >>> book = tn.Book(rows, customer="who", start="from", amount="mrr", by=["via"])
    >>> days = ["2024-01-31", "2024-02-29"]
    >>> spent = {"date": days, "amount": [600, 90], "channel": ["ads", "events"]}
    >>> cost = tn.economics.cac(spent, book, first="2024-01", last="2024-02")
    >>> cost["cac"].tolist(), cost.totals()["cac"].tolist()
    ([300.0, 90.0], [230.0])
    >>> paid = tn.economics.cac(
    ...     spent, book, first="2024-01", last="2024-02", by="via", channel="channel", paid=["ads"]
    ... )
    >>> paid["cac"].tolist(), paid.reason("cac")
    ([300.0, None], ['', 'no_gain'])
    """
    window = (first, last, period, fiscal_start)
    held = hold_against(
        spend, book, window, by=by, paid=paid, known_at=known_at, columns=columns, money=money
    )
    return AcquisitionCost(held.cost(lag), held.spend, held.asked, held.context)


__all__ = ["cac"]
