"""What customers are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from .. import _core
from ..errors import InputError, OptionError
from ..loading import Day, Period
from ..options import as_number, as_whole, one_of, resampled
from ..results.economics import LifetimeValue
from .costs import checked_cost, costs_by_label, finite
from .figure import Figure, listed, numbers

if TYPE_CHECKING:
    from ..book import Book
    from ..results.economics import AcquisitionCost

ChurnOf = Literal["customer", "mrr", "gross_mrr", "net_mrr"]
Over = Literal["window", "period", "trailing"]
Method = Literal["formula", "cohort"]
Timing = Literal["begin", "end"]
ZeroChurn = Literal["null", "zero", "floor"]
_REPLICATES, _FLOOR = 1000, 0.01


def ltv(
    book: Book,
    *,
    first: Day,
    last: Day,
    period: Period = "month",
    method: Method = "formula",
    by: str | None = None,
    margin: float = 1.0,
    churn: ChurnOf = "customer",
    over: Over = "window",
    trailing: int = 6,
    with_current: bool = False,
    zero_churn: ZeroChurn = "null",
    floor: float = _FLOOR,
    discount: float = 0.0,
    horizon: int | None = None,
    timing: Timing = "begin",
    cost_to_serve: float = 0.0,
    cac: float | Mapping[str, float] | AcquisitionCost | None = None,
    confidence: float | None = None,
    replicates: int = _REPLICATES,
    seed: int = 0,
    fiscal_start: int = 1,
    known_at: Day | None = None,
) -> LifetimeValue:
    """Return what a customer is worth.

    By formula ``ltv = arpa * margin / churn``; with a discount per period ``arpa * margin * (1 + d) /
    (churn + d)``, over a horizon of h periods ``arpa * margin * (1 - q^h) / (1 - q)`` with ``q =
    (1 - churn) / (1 + d)``. By cohort: the margin that customers have actually brought, cumulated by age
    over all cohorts observed at it, per customer they started with.

    Periods that are not over on `Book.known_until` have not been observed: they do not count, and where there
    is a row for them, or none is over, it is null (``not_yet_observed``).

    Parameters
    ----------
    book
        The book of the customers.
    first, last
        The window: a month (``"2024-01"``), a day, or a date.
    method
        ``formula`` or ``cohort``.
    by
        A segment; in ``over="window"`` a customer belongs to the one in which it paid most when it last paid.
    margin
        Gross margin, a share of revenue, at most 1.
    churn
        Which share is lost in a period: of ``customer``, of ``mrr`` by those who left, ``gross_mrr`` (with
        contraction) or ``net_mrr`` (less expansion).
    over
        ``window``: one figure, losses of all periods over what was there at all openings, and ARPA over all
        closings. ``period``: each period's own churn, as the policy counts it. ``trailing``: the mean of the
        `trailing` periods before, with or without the current one (ChartMogul: 6, without).
    zero_churn
        Without churn LTV is ``null`` (``no_loss``), ``zero`` (profitable), or that of a `floor`.
    discount
        For one period, above -1: 0.01 is 1 %.
    horizon
        How many periods count; None: for good. By cohort: up to which age.
    timing
        Whether the margin of a period is paid at its ``begin`` or ``end``.
    cost_to_serve
        What a customer costs a month beside the margin; by cohort only.
    cac
        For ``ltv_to_cac``: a cost, one by label, or what `cac` gave for the same `by` (its totals).
    confidence
        Such as 0.95: intervals from resampling customers `replicates` times with `seed`, for ``window``.

    Returns
    -------
    LifetimeValue
        ``window``: [by,] ``periods`` (complete ones), ``customers``, ``arpa`` (a month), ``churn`` (a
        period), ``lifetime`` (months), ``ltv``, each with ``_lower`` and ``_upper`` if asked, and ``cac``,
        ``ltv_to_cac``. ``period`` and ``trailing``: the same by ``period``. ``cohort``: [by,] ``periods``,
        ``customers``, ``ltv``.

    Raises
    ------
    InputError
        ``E_RATE_RANGE`` (of costs too), ``E_WINDOW``.
    OptionError
        ``E_CHURN``, ``E_OVER``, ``E_METHOD``, ``E_ZERO_CHURN``, ``E_TIMING``, ``E_HORIZON``, ``E_TRAILING``,
        ``E_CONFIDENCE``, ``E_BOOTSTRAP``, ``E_SEED``, ``E_SEGMENT`` (of costs by label too), ``E_LTV`` for
        options that do not go together: one that the form asked for makes no use of is refused.

    Notes
    -----
    ChartMogul (help 203359061) takes no margin and the mean churn of six periods before; Baremetrics ARPU by
    user churn; Finmark revenue churn. Periods of weeks and days have no ARPA of a period: ``other_period``.

    Examples
    --------
    >>> import tenure as tn
    >>> stop = ["2024-03-10", None, None, None]
    >>> rows = {"who": [1, 2, 3, 4], "from": ["2024-01-05"] * 4, "to": stop, "mrr": [100] * 4}
    >>> book = tn.Book(rows, customer="who", start="from", end="to", amount="mrr", as_of="2024-03-31")
    >>> worth = tn.economics.ltv(book, first="2024-02", last="2024-03", margin=0.8, cac=160)
    >>> worth["churn"].tolist(), worth["ltv"].tolist(), worth["ltv_to_cac"].tolist()
    ([0.125], [640.0], [4.0])
    """
    one_of(method, "method", ("formula", "cohort"), "E_METHOD")
    one_of(over, "over", ("window", "period", "trailing"), "E_OVER")
    one_of(churn, "churn", ("customer", "mrr", "gross_mrr", "net_mrr"), "E_CHURN")
    terms = _terms(margin, discount, horizon, timing, zero_churn, floor)
    served = as_number(cost_to_serve, "cost_to_serve")
    form, window_only = method == "formula", 'method="formula" and over="window"'
    _refuse({"cost_to_serve": not form or served == 0}, 'method="cohort"')
    _refuse({"cac": cac is None, "confidence": confidence is None}, window_only, form and over == "window")
    changed = {"replicates": replicates == _REPLICATES, "seed": seed == 0}
    _refuse(changed, "confidence=", confidence is not None)
    unchanged = {"churn": churn == "customer", "over": over == "window", "zero_churn": zero_churn == "null"}
    _refuse(unchanged, 'method="formula"', form)
    _refuse({"floor": floor == _FLOOR}, 'zero_churn="floor"', zero_churn == "floor")
    _refuse(
        {"trailing": trailing == 6, "with_current": not with_current}, 'over="trailing"', over == "trailing"
    )
    book = book._at(known_at)
    window, segment = book._window(first, last, period, fiscal_start), book._segment(by)
    context = book._context(None)
    if form and over == "window":
        columns = _core.segment_values(
            book._core,
            window,
            segment,
            terms=terms,
            churn=churn,
            intervals=None if confidence is None else resampled(confidence, replicates, seed),
            costs=costs_by_label(cac, segment, book, window),
            known_until=context.until,
        )
        return LifetimeValue(columns, segment, context)
    if method == "cohort":
        cohorts = book._core.triangle(*window, segment)
        columns = _core.observed_ltv(cohorts, terms=terms, cost_to_serve=served, known_until=context.until)
        return LifetimeValue(columns, segment, context)
    columns = _core.period_values(
        book._core,
        window,
        segment,
        terms=terms,
        churn=churn,
        trailing=as_whole(trailing, "trailing") if over == "trailing" else None,
        with_current=bool(with_current),
        known_until=context.until,
    )
    return LifetimeValue(columns, segment, context)


def ltv_of(
    arpa: float,
    churn: float,
    *,
    margin: float = 1.0,
    discount: float = 0.0,
    horizon: int | None = None,
    timing: Timing = "begin",
    zero_churn: ZeroChurn = "null",
    floor: float = 0.01,
) -> Figure:
    """Return what a customer is worth by formula; see `ltv`. `arpa` and `churn` are of one period.

    ``no_loss`` without churn, ``diverges`` where net churn below 0 outgrows the discount.

    Raises
    ------
    InputError
        ``E_RATE_RANGE``: margin or churn above 1, discount not above -1.

    Examples
    --------
    >>> import tenure as tn
    >>> tn.economics.ltv_of(500, 0.05, margin=0.8).value
    8000.0
    >>> tn.economics.ltv_of(500, 0).reason
    'no_loss'
    """
    terms = _terms(margin, discount, horizon, timing, zero_churn, floor)
    return Figure(*_core.ltv(**numbers(revenue=arpa, churn=churn), terms=terms))


def ltv_of_survival(
    arpa: float,
    survival: Sequence[float],
    *,
    margin: float = 1.0,
    discount: float = 0.0,
    horizon: int | None = None,
    timing: Timing = "begin",
) -> Figure:
    """Return what a customer is worth by a survival curve, fitted or observed.

    ``sum over t of arpa * margin * survival[t] / (1 + discount)^t``; `survival` is the share that still pays
    in period t = 0, 1, ..., in 0..1 and never rising. What lies beyond the curve does not count; a
    `horizon` beyond it is ``not_yet_observed``.

    Raises
    ------
    InputError
        ``E_RATE_RANGE``.

    Examples
    --------
    >>> import tenure as tn
    >>> tn.economics.ltv_of_survival(100, [1, 0.5, 0.25], margin=0.8).value
    140.0
    """
    terms = _terms(margin, discount, horizon, timing, "null", 0.01)
    shares = [as_number(share, "survival") for share in listed(survival)]
    return Figure(*_core.ltv_of_survival(as_number(arpa, "arpa"), shares, terms=terms))


def mean_value_of(
    values: Sequence[float], *, confidence: float | None = None, replicates: int = 1000, seed: int = 0
) -> tuple[Figure, Figure, Figure]:
    """Return the mean of customers' values, as a buy-till-you-die model gives them, and its interval.

    Value, lower and upper bound; without `confidence` all three are the mean.

    Raises
    ------
    InputError
        ``E_AMOUNT_NULL``, ``E_AMOUNT_NAN``.
    OptionError
        ``E_CONFIDENCE``, ``E_BOOTSTRAP``, ``E_SEED``.

    Examples
    --------
    >>> import tenure as tn
    >>> tn.economics.mean_value_of([10, 30])[0].value
    20.0
    """
    intervals = None if confidence is None else resampled(confidence, replicates, seed)
    held = listed(values)
    if None in held:
        row, hint = held.index(None), "Drop the customers without a value."
        raise InputError(f"row {row}: there is no value", code="E_AMOUNT_NULL", row=row, hint=hint)
    found = _core.mean_value([as_number(value, "values") for value in held], intervals=intervals)
    value, lower, upper = (Figure(*each) for each in found)
    return value, lower, upper


def lifetime_of(churn: float) -> Figure:
    """Return how many periods a customer stays on average: ``1 / churn``; ``no_loss`` unless it is above 0.

    Examples
    --------
    >>> import tenure as tn
    >>> tn.economics.lifetime_of(0.025).value
    40.0
    """
    return Figure(*_core.lifetime(**numbers(churn=churn)))


def ltv_to_cac_of(ltv: float | None, cac: float | None) -> Figure:
    """Return ``ltv / cac``; ``no_spend`` for customers who cost nothing.

    Raises
    ------
    InputError
        ``E_RATE_RANGE``: a cost below 0, or a figure that is not finite.

    Examples
    --------
    >>> import tenure as tn
    >>> tn.economics.ltv_to_cac_of(8000, 2000).value
    4.0
    """
    worth = None if ltv is None else finite(ltv, "ltv")
    return Figure(*_core.ltv_to_cac(worth, None if cac is None else checked_cost(cac, "cac")))


def _terms(
    margin: float, discount: float, horizon: int | None, timing: str, zero_churn: str, floor: float
) -> _core.LtvTerms:
    periods = None if horizon is None else min(as_whole(horizon, "horizon"), 2**31 - 1)
    if periods is not None and periods < 0:
        hint = "Give the number of periods that count, or none for all."
        message = f"horizon={periods} is below 0"
        raise OptionError(message, code="E_HORIZON", value=str(periods)[:80], hint=hint)
    return _core.LtvTerms(
        margin=as_number(margin, "margin"),
        discount=as_number(discount, "discount"),
        horizon=periods,
        timing=timing,
        zero_churn=zero_churn,
        floor=as_number(floor, "floor"),
    )


def _refuse(unchanged: Mapping[str, bool], needs: str, used: bool = False) -> None:
    """Refuse options that are not as they are by default, unless they are used."""
    for name, is_unchanged in unchanged.items():
        if not (used or is_unchanged):
            message = f"{name} goes with {needs} only"
            raise OptionError(message, code="E_LTV", value=name, hint="Leave one of them out.")


__all__ = ["lifetime_of", "ltv", "ltv_of", "ltv_of_survival", "ltv_to_cac_of", "mean_value_of"]
