"""How many customers will be left, beyond the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from .. import _core
from ..frames import read
from ..options import labels_of, one_of, wanted
from ..results.cohorts import Cohorts
from ..results.projection import Projection, checked_periods
from ..zones import settle

__all__ = ["project"]

Model = Literal["sbg", "bdw"]
Interval = Literal["prediction", "curve"]
Rises = Literal["error", "cap"]


def project(
    frame: Any,
    *,
    cohort: str = "cohort",
    age: str = "age",
    customers: str = "customers",
    by: str | Sequence[str] | None = None,
    model: Model = "sbg",
    periods: int = 12,
    discount: float | None = None,
    confidence: float = 0.95,
    interval: Interval = "prediction",
    rises: Rises = "error",
) -> Projection:
    """Project the retention of cohorts of contracts that are renewed or not at the end of each period.

    One curve is fitted to all cohorts together (of each segment, with `by`), by maximum likelihood; each
    cohort goes on from where it is: ``share(t) = share(n) S(t) / S(n)``, where n is its last observed age.

    Parameters
    ----------
    frame
        A row for each cohort and age: any frame that `Book` takes, or the answer of `Book.cohorts`, whose
        columns and segment are known, and of which the periods count that are over on `Book.known_until`.
    cohort, age, customers
        Columns of the cohort's name or day, of periods since its start (0, 1, ...) and of how many customers
        it has then. Null counts are not observed. Cohorts may be of any length.
    by
        Columns to cut by: a curve for each combination of their labels.
    model
        ``"sbg"``: the shifted beta geometric model, in which customers differ in their chance to leave and
        keep it. ``"bdw"``: beta discrete Weibull, in which that chance also changes with age.
    periods
        How many ages to add to those of the oldest cohort. All cohorts are projected to the same age.
    discount
        Rate for one period that lifetimes are discounted with; none by default.
    confidence
        Of the limits.
    interval
        ``"prediction"`` holds the share that will be counted, in a cohort of that size; ``"curve"`` the
        expected share alone, and says little about a small cohort. Both are by the delta method (of the curve
        on the logit of ``S(t) / S(n)``, of the prediction on the angle whose sine squared is that share):
        no draws, no seed, within 0 and 1.
    rises
        What to do with a cohort that grows again: the models know nobody who returns. ``"error"`` refuses it;
        ``"cap"`` counts customers who return as never lost (at each age the most of that age or later).

    Returns
    -------
    Projection
        Columns of `by`, ``cohort``, ``age``, ``survival``, ``lower``, ``upper``, ``projected``,
        ``customers``, ``fitted``; ask it for `parameters`, `curve`, `expected_lifetime` and
        `residual_lifetime`. Fits at an edge of the model are flagged in `parameters`, never refused; their
        limits are null (``not_estimated``), unless customers do not differ (``all_alike``): then they are
        those of one chance for all. All is null (``too_few``) if there are fewer renewals than
        parameters. Cohorts that began with nobody are null (``empty_base``).

    Raises
    ------
    InputError
        ``E_NO_ROWS``, ``E_COHORT_RISES``, ``E_COHORT_GAP``, ``E_COHORT_TWICE``, ``E_KEY_NULL``,
        ``E_NUMBER_WHOLE``, ``E_NUMBER_RANGE``, ``E_AMOUNT_NEGATIVE``, ``E_AMOUNT_INF``, ``E_RATE_RANGE``, and
        what a frame can have wrong.
    OptionError
        ``E_OPTION``, ``E_CONFIDENCE``, ``E_PARAM``, ``E_COLUMN_DUPLICATE``.

    Notes
    -----
    Fader and Hardie (2007), "How to project customer retention", J. of Interactive Marketing 21; Fader,
    Hardie, Liu, Davin and Steenburgh (2018), the same revisited, ibid. 43. The likelihood depends on the
    customers kept and lost by age alone. Where customers may come and go without a contract these models do
    not apply: see `tenure.economics`.

    Examples
    --------
    >>> import tenure as tn
    >>> left = [1000, 631, 468, 382, 326, 289, 262, 241]
    >>> rows = {"cohort": ["regular"] * 8, "age": range(8), "customers": left}
    >>> projection = tn.cohort.project(rows, periods=5)
    >>> projection["survival"][-5:].round(3).tolist()
    [0.222, 0.206, 0.193, 0.181, 0.171]
    >>> fit = projection.parameters()
    >>> fit["alpha"].round(3).tolist(), fit["beta"].round(3).tolist(), fit["outcome"].tolist()
    ([0.704], [1.182], ['converged'])
    """
    taken = one_of(model, "model", ("sbg", "bdw"), "E_OPTION")
    prediction = one_of(interval, "interval", ("prediction", "curve"), "E_OPTION") == "prediction"
    capped = one_of(rises, "rises", ("error", "cap"), "E_OPTION") == "cap"
    added, rate = checked_periods(periods, "periods"), 0.0 if discount is None else float(discount)
    _core.RetentionCurve(alpha=1, beta=1, c=1).expected_lifetime(rate)  # refuses a rate that is none
    table, groups, native = cohort_table(frame, [cohort, age, customers], by, Projection.own_columns)
    core = _core.Projection(
        table, cohort=cohort, age=age, customers=customers, by=groups, weibull=taken == "bdw", cap=capped,
        confidence=float(confidence),
    )  # fmt: skip
    return Projection(
        core, by=tuple(groups), cohort=cohort, periods=added, prediction=prediction, discount=rate,
        native=native,
    )  # fmt: skip


def cohort_table(
    frame: Any, columns: Sequence[str], by: str | Sequence[str] | None, taken: frozenset[str]
) -> tuple[_core.Table, list[str], str]:
    """Columns of cohort, age and value with those of `by`; the names of `by`; the kind of frame."""
    if isinstance(frame, Cohorts) and by is None:
        by = frame.by
    groups = labels_of(by, taken | {columns[0]})
    table, kind = read(frame._complete() if isinstance(frame, Cohorts) else frame, wanted(*columns, *groups))
    settle(table, [columns[0]], None)
    return table, groups, frame._native if isinstance(frame, Cohorts) else kind
