"""When customers have paid back what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Unpack

from .. import _core
from ..errors import OptionError
from ..loading import Day, Period
from ..options import as_number, one_of
from ..results.economics import Payback
from .figure import Figure, listed, numbers
from .spend import Paid, SpendColumns, hold_against

if TYPE_CHECKING:
    from ..book import Book

Crossing = Literal["interpolated", "whole"]


def payback(
    spend: Any,
    book: Book,
    *,
    first: Day,
    last: Day,
    period: Period = "month",
    margin: float = 1.0,
    cost_to_serve: float = 0.0,
    crossing: Crossing = "interpolated",
    by: str | None = None,
    paid: Paid = None,
    lag: int = 0,
    fiscal_start: int = 1,
    known_at: Day | None = None,
    **columns: Unpack[SpendColumns],
) -> Payback:
    """Return when each cohort has paid back the spend that won it, by the margin it actually earned.

    At an age the cohort earns ``amount * margin - cost_to_serve * customers`` a month; ``months`` is when the
    sum of that crosses the spend: ``M(months) == spend``, M piecewise linear. ``formula_months = spend / the
    margin of the first month`` is what the usual formula, CAC / (new MRR x gross margin), says.

    Null: ``not_yet_observed`` (not paid back yet, and some still pay; or no period of the cohort was over on
    `Book.known_until`: only complete periods count), ``not_reached`` (nobody is left to pay
    it back), ``no_gain`` (nobody started), ``before_history`` (nobody knows the spend), ``no_margin``,
    ``other_period`` (weeks and days).

    Parameters
    ----------
    spend, book, by, paid, lag, columns
        As of `cac`; paid channels need `by`.
    first, last
        The cohorts; their margin counts up to the end of `last`, or of the last period that is over on
        `Book.known_until`. Cohorts that nobody spent on are paid back at once, in 0 months.
    margin
        Gross margin, a share of revenue, at most 1.
    cost_to_serve
        What a customer costs a month beside that.
    crossing
        ``interpolated`` within a month, or ``whole``: the first month at whose end all is paid back.

    Returns
    -------
    Payback
        Columns ``cohort``, [by,] ``customers``, ``spend``, ``cac``, ``periods`` (observed), ``margin``
        (earned in them), ``paid_back`` (share of the spend), ``months``, ``formula_months``. `Payback.curve`
        has the margin by age.

    Raises
    ------
    InputError
        ``E_RATE_RANGE``, and what `cac` raises.
    OptionError
        ``E_CROSSING``, and what `cac` raises.

    Examples
    --------
    >>> import tenure as tn
    >>> rows = {"who": [1, 2], "from": ["2024-01-10", "2024-01-20"], "mrr": [100, 50]}
    >>> book = tn.Book(rows, customer="who", start="from", amount="mrr", as_of="2024-06-30")
    >>> spent = {"date": ["2024-01-31", "2024-02-29"], "amount": [300, 0]}
    >>> back = tn.economics.payback(spent, book, first="2024-01", last="2024-06", margin=0.8)
    >>> back["months"].tolist()[:2], back.reason("months")[1]
    ([2.5, None], 'no_gain')
    """
    one_of(crossing, "crossing", ("interpolated", "whole"), "E_CROSSING")
    if paid is not None and paid is not False and by is None:
        message = "paid: cohorts of paid channels need by=, the segment that holds the channel"
        raise OptionError(message, code="E_SEGMENT", value=str(paid), hint="Name it: a row for each channel.")
    window = (first, last, period, fiscal_start)
    held = hold_against(spend, book, window, by=by, paid=paid, known_at=known_at, columns=columns)
    cost, asked = held.cost(lag), held.asked
    found = _core.cohort_payback(
        cost,
        asked.book.triangle(*asked.window, asked.segment),
        margin=as_number(margin, "margin"),
        cost_to_serve=as_number(cost_to_serve, "cost_to_serve"),
        whole=crossing == "whole",
        known_until=held.context.until,
    )
    return Payback(found, held.by, held.context)


def payback_of(
    cac: float,
    revenue: float,
    *,
    margin: float = 1.0,
    churn: float = 0.0,
    processing: float = 0.0,
    support: float = 0.0,
) -> Figure:
    """Return the months until a customer has paid back its cost, by formula.

    ``months = cac / ((revenue * (margin - processing) - support) * (1 - churn))``. `revenue` is ARPA or new
    MRR a month (with the spend as `cac`); `churn` the share lost in a month, `processing` a share of revenue,
    `support` money a month. ``no_margin`` where nothing is left.

    Raises
    ------
    InputError
        ``E_RATE_RANGE``.

    Examples
    --------
    >>> import tenure as tn
    >>> round(tn.economics.payback_of(8000, 1200, margin=0.78).value, 2)
    8.55
    """
    return Figure(
        *_core.payback_months(
            **numbers(
                cost=cac,
                revenue=revenue,
                margin=margin,
                churn=churn,
                processing=processing,
                support=support,
            )
        )
    )


def crossing_of(
    margins: Sequence[float], cost: float, *, crossing: Crossing = "interpolated", over: bool = False
) -> Figure:
    """Return after how many periods cumulative margins cross a cost.

    `margins` by period. Without a crossing ``not_yet_observed``, or ``not_reached`` if it is `over`: nothing
    more will come.

    Examples
    --------
    >>> import tenure as tn
    >>> tn.economics.crossing_of([40, 30, 20], 85).value
    2.75
    """
    whole = one_of(crossing, "crossing", ("interpolated", "whole"), "E_CROSSING") == "whole"
    return Figure(
        *_core.crossing(
            [as_number(one, "margins") for one in listed(margins)],
            as_number(cost, "cost"),
            whole=whole,
            over=over,
        )
    )


__all__ = ["crossing_of", "payback", "payback_of"]
