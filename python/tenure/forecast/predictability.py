"""One index of how predictable revenue is, and what it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from .. import _core
from ..errors import OptionError
from ..loading import Day, Period
from ..options import as_day, as_number, date_of
from ..reading import EPOCH
from ..results.predictability import Predictability
from .commitments import as_month, commitments
from .panels import counted

if TYPE_CHECKING:
    from ..book import Book

__all__ = ["predictability"]

_MONTHS = {
    "day": 12 / 365.25,
    "week": 84 / 365.25,
    "month": 1.0,
    "quarter": 3.0,
    "half_year": 6.0,
    "year": 12.0,
}


def predictability(
    book: Book,
    *,
    first: Day,
    last: Day,
    at: Day | None = None,
    period: Period = "month",
    fiscal_start: int = 1,
    one_off: float | Sequence[float] | None = None,
    weights: Mapping[str, float] | None = None,
    term: int | Literal["interval"] | None = "interval",
    lag: int = 1,
    known_at: Day | None = None,
) -> Predictability:
    """Return how predictable revenue is: one index from 0 to 100, and the parts it is made of.

    ==================  =========================================================  ======
    part                value                                                      weight
    ==================  =========================================================  ======
    contracted          run rate promised beyond the next period / run rate          0.30
    recurring           recurring / (recurring + one-off revenue)                    0.15
    stability           coefficient of variation of net new ARR                      0.25
    forecastability     of the run rate at the end of each period                    0.15
    persistence         naive skill of the same                                      0.15
    ==================  =========================================================  ======

    ``index = 100 * sum of weight * score``, from 0 (nothing about the next period is known before it comes)
    to 100. The score of the first two is their value. The other three ask how much of what varies can be
    told; where next to nothing varies, that has no answer or any, and revenue is as predictable as it gets.
    So they are held against what the variation is worth, in percent of the mean run rate:
    ``1 / (1 + min(value, deviation of net new))``, ``max(value, 1 / (1 + deviation around the line))`` and
    ``max(value, 1 / (1 + mean step))``. A flat run rate scores 1 in all three.

    A part that is not known drops out, and the others share its weight: a note says so. It is meant for
    comparing a company with itself over time: the weights are a choice, and stand in the result.

    Parameters
    ----------
    book
        The book.
    first, last
        The periods whose movements count, as of `Book.waterfall`; those that are not over are left out, and
        net new ARR begins with the first at whose opening somebody paid: a first customer is no growth.
    at
        The day of the commitments; by default the last day of `last`, or the last one the data speak of.
    period, fiscal_start
        Of the movements, and of the next period.
    one_off
        Revenue that does not recur in these periods, in all or one number for each; without it ``recurring``
        is not known.
    weights
        Of some parts, instead of the above.
    term, known_at
        As of `commitments`.
    lag
        Of the naive forecast: 1, or the periods of a season.

    Returns
    -------
    Predictability
        A row for each part: ``part``, ``value``, ``score``, ``weight``, ``used`` (share of the weights in
        use), ``points`` (they add up to ``.index``); ``.commitments`` has the revenue at risk.

    Raises
    ------
    InputError, OptionError
        What `Book.waterfall` and `commitments` raise; ``E_WEIGHT``, ``E_LAG``, ``E_PERIODS`` (another number
        of one-off figures than periods), ``E_REVENUE`` (below 0).

    Examples
    --------
    >>> import tenure as tn
    >>> company = tn.sample.company(customers=60, months=24)
    >>> found = tn.forecast.predictability(company.book(), first="2024-01", last="2025-06")
    >>> found["part"].tolist()
    ['contracted', 'recurring', 'stability', 'forecastability', 'persistence']
    >>> 0 <= found.index <= 100, [note.code for note in found.notes]
    (True, ['N_UNDEFINED'])
    """
    seen, months = book._at(known_at), as_month(fiscal_start)
    bridge = seen.waterfall(first, last, period=period, fiscal_start=months, money="float")
    over = bridge["period_is_complete"]
    opening, closing = bridge["opening"][over], bridge["closing"][over]
    ends = [EPOCH.toordinal() + bound - 1 for bound in bridge._bridge.bounds[1:]]
    day = min(seen.known_until, EPOCH.fromordinal(ends[-1])) if at is None else date_of(at, "at")
    promised = commitments(seen, at=as_day(day, "at"), period=period, fiscal_start=months, term=term)
    recurring = None if one_off is None else _recurring(one_off, closing, over, _MONTHS[period])
    core = _core.Predictability(
        contracted=promised.to_dict()["contracted_share"][0],
        contracted_reason=promised.reason("contracted_share")[0],
        recurring=recurring,
        recurring_reason="not_estimated" if one_off is None else "empty_base",
        net_new=(12.0 * _since_somebody_paid(opening, closing - opening)).tolist(),
        levels=(12.0 * _since_somebody_paid(closing, closing)).tolist(),
        weights=_weights(weights),
        detrend=True,
        lag=counted(lag, "lag", "E_LAG"),
    )
    return Predictability(core, promised, seen._context(None))


def _since_somebody_paid(paid: Any, values: Any) -> Any:
    periods = np.flatnonzero(paid)
    return values[periods[0] :] if periods.size else values[:0]


def _weights(given: Mapping[str, float] | None) -> list[float]:
    usual = dict(_core.Predictability.usual_weights())
    for name, weight in (given or {}).items():
        if name not in usual:
            hint = f"Known: {', '.join(usual)}."
            message = f"weights has '{name}', which is no part of the index"
            raise OptionError(message, code="E_WEIGHT", value=str(name)[:80], hint=hint)
        usual[name] = as_number(weight, f"weight of {name}")
    return list(usual.values())


def _recurring(one_off: Any, closing: Any, over: Any, months: float) -> float | None:
    """Recurring as a share of all revenue; None if there is none."""
    try:
        given = np.atleast_1d(np.asarray(one_off, dtype=float))
    except (TypeError, ValueError):
        message = f"one_off={str(one_off)[:80]!r} is no number, nor a list of numbers"
        hint = "Give one for all, or one for each period."
        raise OptionError(message, code="E_OPTION_TYPE", value=str(one_off)[:80], hint=hint) from None
    if np.ndim(one_off) != 0 and given.shape != over.shape:
        hint = "Give one for all, or one for each period."
        message = f"one_off has {given.size} figures for {over.size} periods"
        raise OptionError(message, code="E_PERIODS", value=str(given.size), hint=hint)
    if not np.all((given >= 0) & np.isfinite(given)):
        message = "one_off is not a revenue of 0 or more"
        raise OptionError(message, code="E_REVENUE", value=str(one_off)[:80], hint="Leave refunds out.")
    once = float(given[0] if np.ndim(one_off) == 0 else given[over].sum())
    recurring = float(months * closing.sum())
    return recurring / (recurring + once) if recurring + once > 0 else None
