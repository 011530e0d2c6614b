"""What customers are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from .. import _core
from ..errors import OptionError
from ..loading import Day, Period
from ..options import as_whole, one_of
from ..results.economics import AcquisitionCost, LifetimeValue
from .figure import Figure

if TYPE_CHECKING:
    from ..book import Book

ChurnOf = Literal["customer", "mrr", "gross_mrr", "net_mrr"]
Over = Literal["window", "period", "trailing"]
Method = Literal["formula", "cohort"]
Timing = Literal["begin", "end"]
ZeroChurn = Literal["null", "zero", "floor"]


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
    floor: float = 0.01,
    discount: float = 0.0,
    horizon: int | None = None,
    timing: Timing = "begin",
    cost_to_serve: float = 0.0,
    cac: float | Mapping[str, float] | AcquisitionCost | None = None,
    confidence: float | None = None,
    replicates: int = 1000,
    seed: int = 0,
    fiscal_start: int = 1,
    known_at: Day | None = None,
) -> LifetimeValue:
    """Return what a customer is worth.

    By formula ``ltv = arpa * margin / churn``; with a discount per period ``arpa * margin * (1 + d) /
    (churn + d)``, over a horizon of h periods ``arpa * margin * (1 - q^h) / (1 - q)`` with ``q =
    (1 - churn) / (1 + d)``. By cohort: the margin that customers have actually brought, cumulated by age
    over all cohorts observed at it, per customer they started with.

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
        ``window``: [by,] ``customers``, ``arpa`` (a month), ``churn`` (a period), ``lifetime`` (months),
        ``ltv``, each with ``_lower`` and ``_upper`` if asked, and ``cac``, ``ltv_to_cac``. ``period`` and
        ``trailing``: the same by ``period``. ``cohort``: [by,] ``periods``, ``customers``, ``ltv``.

    Raises
    ------
    InputError
        ``E_RATE_RANGE``, ``E_WINDOW``.
    OptionError
        ``E_CHURN``, ``E_OVER``, ``E_METHOD``, ``E_ZERO_CHURN``, ``E_TIMING``, ``E_HORIZON``, ``E_TRAILING``,
        ``E_CONFIDENCE``, ``E_BOOTSTRAP``, ``E_SEGMENT``, ``E_LTV`` for options that do not go together.

    Notes
    -----
    ChartMogul (help 203359061) takes no margin and the mean churn of six periods before; Baremetrics ARPU by
    user churn; Finmark revenue churn. Periods of weeks and days have no ARPA of a period: ``other_period``.

    Examples
    --------
    >>> import tenure as tn
    >>> stop = ["2024-03-10", None, None, None]
    >>> rows = {"who": [1, 2, 3, 4], "from": ["2024-01-05"] * 4, "to": stop, "mrr": [100] * 4}
    >>> book = tn.Book(rows, customer="who", start="from", end="to", amount="mrr")
    >>> worth = tn.economics.ltv(book, first="2024-02", last="2024-03", margin=0.8, cac=160)
    >>> worth["churn"].tolist(), worth["ltv"].tolist(), worth["ltv_to_cac"].tolist()
    ([0.125], [640.0], [4.0])
    """
    one_of(method, "method", ("formula", "cohort"), "E_METHOD")
    one_of(over, "over", ("window", "period", "trailing"), "E_OVER")
    terms = _terms(margin, discount, horizon, timing, zero_churn, floor)
    book = book._at(known_at)
    window, segment = book._window(first, last, period, fiscal_start), book._segment(by)
    context = book._context(None)
    resampled = None if confidence is None else (replicates, as_whole(seed, "seed"), confidence)
    if method == "formula" and over == "window":
        _refuse({"cost_to_serve": cost_to_serve != 0}, 'method="cohort"')
        columns = _core.segment_values(
            book._core,
            window,
            segment,
            terms=terms,
            churn=churn,
            intervals=resampled,
            costs=_costs(cac, segment),
        )
        return LifetimeValue(columns, segment, context)
    _refuse({"confidence": confidence is not None, "cac": cac is not None}, 'over="window"')
    if method == "cohort":
        cohorts = book._core.triangle(*window, segment)
        columns = _core.observed_ltv(cohorts, terms=terms, cost_to_serve=cost_to_serve)
        return LifetimeValue(columns, segment, context)
    _refuse({"cost_to_serve": cost_to_serve != 0}, 'method="cohort"')
    columns = _core.period_values(
        book._core,
        window,
        segment,
        terms=terms,
        churn=churn,
        trailing=as_whole(trailing, "trailing") if over == "trailing" else None,
        with_current=with_current,
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
    return Figure(*_core.ltv(arpa, churn, terms=terms))


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
    in period t = 0, 1, ..., in 0..1. What lies beyond the curve does not count.

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
    return Figure(*_core.ltv_of_survival(arpa, [float(share) for share in survival], terms=terms))


def mean_value_of(
    values: Sequence[float], *, confidence: float | None = None, replicates: int = 1000, seed: int = 0
) -> tuple[Figure, Figure, Figure]:
    """Return the mean of customers' values, as a buy-till-you-die model gives them, and its interval.

    Value, lower and upper bound; without `confidence` all three are the mean.

    Examples
    --------
    >>> import tenure as tn
    >>> tn.economics.mean_value_of([10, 30])[0].value
    20.0
    """
    resampled = None if confidence is None else (replicates, as_whole(seed, "seed"), confidence)
    found = _core.mean_value([float(value) for value in values], intervals=resampled)
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
    return Figure(*_core.lifetime(churn))


def ltv_to_cac_of(ltv: float | None, cac: float | None) -> Figure:
    """Return ``ltv / cac``; ``no_spend`` for customers who cost nothing.

    Examples
    --------
    >>> import tenure as tn
    >>> tn.economics.ltv_to_cac_of(8000, 2000).value
    4.0
    """
    return Figure(*_core.ltv_to_cac(ltv, cac))


def _terms(
    margin: float, discount: float, horizon: int | None, timing: str, zero_churn: str, floor: float
) -> _core.LtvTerms:
    periods = None if horizon is None else max(-1, min(as_whole(horizon, "horizon"), 2**31 - 1))
    return _core.LtvTerms(
        margin=margin, discount=discount, horizon=periods, timing=timing, zero_churn=zero_churn, floor=floor
    )


def _costs(cac: Any, segment: str) -> dict[str, float | None] | None:
    if cac is None:
        return None
    if isinstance(cac, AcquisitionCost):
        totals = cac.totals()
        if (cac.by or "") != segment:
            message = f"the cost is cut by {cac.by or 'nothing'}, the value by {segment or 'nothing'}"
            raise OptionError(
                message, code="E_LTV", value=str(cac.by), hint="Ask for both with the same by=."
            )
        labels = totals[segment].tolist() if segment else [""]
        return dict(zip(labels, totals["cac"].tolist(), strict=True))
    if isinstance(cac, Mapping):
        return {str(label): cost for label, cost in cac.items()}
    if segment:
        message = f"cac={cac}: one cost, and a row for each {segment}"
        raise OptionError(message, code="E_LTV", value=str(cac), hint="Give a cost by label.")
    return {"": float(cac)}


def _refuse(given: Mapping[str, bool], needs: str) -> None:
    for name, is_given in given.items():
        if is_given:
            message = f"{name} goes with {needs} only"
            raise OptionError(message, code="E_LTV", value=name, hint="Leave one of them out.")


__all__ = ["lifetime_of", "ltv", "ltv_of", "ltv_of_survival", "ltv_to_cac_of", "mean_value_of"]
