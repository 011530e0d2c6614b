"""The share of customers still there after a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from .. import _core
from ..frames import read
from ..options import as_number, labels_of, wanted
from ..results.survival import Survival

__all__ = ["survival"]

Interval = Literal["plain", "log", "log_log"]


def survival(
    frame: Any,
    *,
    duration: str,
    event: str,
    entry: str | None = None,
    weight: str | None = None,
    by: str | Sequence[str] | None = None,
    interval: Interval = "log",
    confidence: float = 0.95,
) -> Survival:
    """Kaplan-Meier: the share of customers still there, when some of them are still there.

    At each distinct time, of n at risk d end: ``S(t) = prod (1 - d / n)``, with Greenwood's standard error
    ``S sqrt(sum d / (n (n - d)))``, and the cumulative hazard ``H(t) = sum d / n`` (Nelson-Aalen) with
    ``sqrt(sum d / n^2)``. An event and the end of a watch at the same time: the event comes first.

    Parameters
    ----------
    frame
        Any frame that `Book` takes, a row for each customer or stay.
    duration
        Column of how long the row was watched, in any unit; 0 or more.
    event
        Column of 0 or 1 (or truths): 1 if the customer left then, 0 if it was still there.
    entry
        Column of the time from which on the row was watched (left truncation). A row is at risk at t if
        ``entry < t <= duration``; 0 is no late entry.
    weight
        Column that says how often a row counts, above 0. Weights are frequencies: R takes fractions of them
        as sampling weights, and gives another standard error.
    by
        Columns to cut by: a curve for each combination of their labels.
    interval
        On which scale limits are symmetric: ``"log"`` (R's default), ``"log_log"`` (that of lifelines, stays
        within 0 and 1 by itself) or ``"plain"``.
    confidence
        Of the limits.

    Returns
    -------
    Survival
        One row a distinct time: the columns of `by`, ``time``, ``at_risk``, ``events``, ``censored``,
        ``survival``, ``std_error``, ``lower``, ``upper``, ``cumulative_hazard``, ``hazard_std_error``. Where
        the share is 0 its standard error and limits are null (``not_estimated``).

    Raises
    ------
    InputError
        ``E_NO_ROWS``, ``E_DURATION_RANGE`` (negative, missing, infinite), ``E_PERIOD_REVERSED`` (entry not
        before the duration), ``E_EVENT_CODE``, ``E_WEIGHT``, and what a frame can have wrong.
    OptionError
        ``E_INTERVAL``, ``E_CONFIDENCE``, ``E_COLUMN_DUPLICATE`` (a column of `by` that the result has too).

    Notes
    -----
    Kaplan and Meier (1958), Greenwood (1926). Figures are those of R's survfit, except that it takes times
    that differ by less than 1.5e-8 of their size as equal. A share of customers that ever left, or one that
    leaves out those not watched long enough, is another figure: it answers to how long one has watched.

    Examples
    --------
    >>> import tenure as tn
    >>> rows = {"months": [3, 5, 5, 8, 12], "left": [1, 1, 0, 1, 0]}
    >>> curve = tn.cohort.survival(rows, duration="months", event="left")
    >>> curve["time"], curve["survival"].round(3)
    (array([ 3,  5,  8, 12]), array([0.8, 0.6, 0.3, 0.3]))
    >>> curve.median()["time"]
    masked_array(data=[8.0],
                 mask=[False],
           fill_value=1e+20)
    """
    groups = labels_of(by, Survival.own_columns)
    table, kind = read(frame, wanted(duration, event, entry, weight, *groups))
    core = _core.SurvivalCurves(
        table, duration=duration, event=event, entry=entry, weight=weight, by=groups,
        confidence=as_number(confidence, "confidence"), interval=interval,
    )  # fmt: skip
    return Survival(core, tuple(groups), confidence, kind)
