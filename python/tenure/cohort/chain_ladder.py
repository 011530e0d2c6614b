"""Triangles of cohorts, completed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import _core
from ..results.cohorts import Cohorts
from ..results.projection import ChainLadder
from .projection import cohort_table

__all__ = ["chain_ladder"]


def chain_ladder(
    frame: Any,
    *,
    cohort: str = "cohort",
    age: str = "age",
    value: str | None = None,
    by: str | Sequence[str] | None = None,
    accumulate: bool = False,
    confidence: float = 0.95,
) -> ChainLadder:
    """Complete a triangle of revenue or customers by cohort and age, with Mack's standard error.

    Each value develops from one age to the next by a factor: ``f(j) = sum C(i, j+1) / sum C(i, j)`` over the
    cohorts observed at both. The error follows from how far the cohorts' own factors lie around it.

    Parameters
    ----------
    frame
        A row for each cohort and age: any frame that `Book` takes, or the answer of `Book.cohorts`, whose
        columns and segment are known, and of which the periods count that are over on `Book.known_until`.
    cohort, age
        Columns of the cohort's name or day, and of periods since its start (0, 1, ...).
    value
        Column to complete, 0 or more; null is not observed. By default ``"amount"``, of `Cohorts` their
        measure.
    by
        Columns to cut by: a triangle for each combination of their labels.
    accumulate
        Whether to add values up along the ages first: then `ChainLadder.totals` are what cohorts bring in
        until the last age. Else values are taken as they stand (what they pay at that age, or sums already).
    confidence
        Of the limits, which are lognormal with the standard error given.

    Returns
    -------
    ChainLadder
        Columns of `by`, ``cohort``, ``age``, ``value``, ``std_error``, ``lower``, ``upper``, ``projected``;
        ask it for `factors`, `totals` and `overall`. Null: ``empty_base`` from an age on at which every
        cohort had 0; errors are ``too_few`` where no two cohorts have been seen, ``not_estimated`` where one
        comes back from 0.

    Raises
    ------
    InputError
        ``E_NO_ROWS``, ``E_COHORT_GAP``, ``E_COHORT_TWICE``, ``E_KEY_NULL``, ``E_NUMBER_WHOLE``,
        ``E_NUMBER_RANGE``, ``E_AMOUNT_NEGATIVE``, ``E_AMOUNT_INF``, and what a frame can have wrong.
    OptionError
        ``E_CONFIDENCE``, ``E_COLUMN_DUPLICATE``.

    Notes
    -----
    Mack (1993), "Distribution-free calculation of the standard error of chain ladder reserve estimates",
    ASTIN Bulletin 23. A factor that one cohort alone has shown takes Mack's extrapolated variance (R's
    ChainLadder: ``est.sigma="Mack"``, not its default). Cohorts are taken to develop alike and independently:
    a price rise for all at once breaks that. No value is projected beyond the oldest cohort's age; see
    `project`.

    Examples
    --------
    >>> import tenure as tn
    >>> cohorts, ages = ["a", "a", "a", "b", "b", "c"], [0, 1, 2, 0, 1, 0]
    >>> rows = {"cohort": cohorts, "age": ages, "mrr": [100, 80, 72, 200, 170, 150]}
    >>> completed = tn.cohort.chain_ladder(rows, value="mrr")
    >>> completed["value"].round(1).tolist()
    [100.0, 80.0, 72.0, 200.0, 170.0, 153.0, 150.0, 125.0, 112.5]
    >>> completed.totals()["outstanding"].round(1).tolist()
    [0.0, -17.0, -37.5]
    """
    known = frame.measure == "customers" if isinstance(frame, Cohorts) else False
    column = value or ("customers" if known else "amount")
    table, groups, native = cohort_table(frame, [cohort, age, column], by, ChainLadder.own_columns)
    core = _core.ChainLadder(
        table, cohort=cohort, age=age, value=column, by=groups, accumulate=bool(accumulate),
        confidence=float(confidence),
    )  # fmt: skip
    return ChainLadder(core, by=tuple(groups), cohort=cohort, accumulated=bool(accumulate), native=native)
