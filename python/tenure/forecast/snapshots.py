"""What a revenue team called, week by week, beside what its periods brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from .. import _core
from ..errors import OptionError
from ..frames import read
from ..options import as_whole, labels_of, one_of, wanted
from ..results.snapshots import ForecastCalls
from ..zones import settle

__all__ = ["snapshots"]

Grain = Literal["week", "month", "quarter", "half_year", "year"]
Missing = Literal["carry", "error"]


def snapshots(
    frame: Any,
    *,
    taken: str = "taken",
    period: str = "period",
    amount: str = "amount",
    category: str | None = "category",
    owner: str | None = None,
    by: str | Sequence[str] | None = None,
    actual: Any = None,
    opportunity: str | None = None,
    close_date: str = "close_date",
    outcome: str | None = None,
    probability: str | None = None,
    categories: Mapping[str, str] | None = None,
    outcomes: Mapping[str, str] | None = None,
    grain: Grain = "quarter",
    fiscal_start: int = 1,
    week_start: int = 0,
    weeks: int | None = None,
    missing: Missing = "carry",
    timezone: str | None = None,
) -> ForecastCalls:
    """Take the calls of a revenue team, and what became of them.

    Rows are roll-ups (somebody called an amount for a period, in a category), or, with `opportunity`,
    snapshots of opportunities, of which calls and actuals are sums. An error is ``call - actual``.

    Weeks are counted back from the last day of the period: week 0 closes on it, week k closes 7 k days
    earlier, and the last call made by then counts::

        call of week 2      call of week 1      call of week 0
        ------------->|------------------->|------------------->|   then the actual
                   17 March            24 March            31 March

    Parameters
    ----------
    frame
        Any frame that `Book` takes, a row for each call, or for each opportunity in each snapshot.
    taken
        Column of the day of the call or snapshot; instants become days of `timezone`.
    period
        Of roll-ups: column of the period, as any day of it or as ``"2024-Q1"``, ``"2024-03"``, ``"2024"``.
    amount
        Column of the amount, 0 or more, in major units.
    category
        Column of ``closed``, ``commit``, ``most_likely``, ``best_case``, ``pipeline``, ``omitted`` (also
        ``"Best Case"``). Of opportunities a call includes the surer ones: commit is what was won and what is
        committed; amounts of roll-ups are taken as they are. None: all is commit, or of opportunities
        pipeline.
    owner
        Column of who called, or owns the opportunity. Their roll-ups are added up, each counting from its
        first call on. What somebody brought who has not called yet is no error of those who have: each week
        is compared with the actuals of the owners who had called by then.
    by
        Columns to cut by.
    actual
        Of roll-ups: what periods brought, as a column of `frame` (null: not known yet), or as a frame with
        the columns of `period`, `owner` and `by`, and ``actual``. Opportunities tell theirs.
    opportunity
        Column of the opportunity's id. A row stands until the next one of the opportunity, so that snapshots
        may leave out what did not change; one that was deleted needs a row that says it is lost.
    close_date
        Of opportunities: column of the (expected) close date. It says for which period the row counts.
    outcome
        Of opportunities: column of ``open``, ``won``, ``lost`` (also ``"Closed Won"``). Without it the
        category ``closed`` is won, and everything else open.
    probability
        Of opportunities: column of the chance to win an open one, from 0 to 1. Adds the category
        ``weighted``: sum of probability times amount, what is won counting in full.
    categories, outcomes
        Words of the frame that stand for those above, such as ``{"Upside": "best_case"}``.
    grain
        Length of the periods: ``week``, ``month``, ``quarter``, ``half_year`` or ``year``.
    fiscal_start, week_start
        Month in which years begin (1..12), and day on which weeks do (0 is Monday).
    weeks
        How many weeks before the end to go back; by default those of the period, 13 for a quarter.
    missing
        In a week without a call the last one before it counts (``"carry"``), or the frame is refused
        (``"error"``).
    timezone
        In which a day begins, such as ``"Europe/Berlin"``; required where a column holds instants.

    Returns
    -------
    ForecastCalls
        One row for each period, category and week: ``period`` (first day), the columns of `by`,
        ``category``, ``weeks_before_end``, ``taken`` (day of the call that counts), ``call``, ``actual``,
        ``error``, ``ape`` (``|error| / |actual|``), ``accuracy`` (1 - ape). A period that has not ended by
        the last snapshot, or has no actual, is null (``not_yet_observed``), never 0. Roll-ups of several
        owners also have ``owners_called``, how many are behind the call and the actual of a row, of
        ``owners_known``, who ever called the period in the segment or brought something. Rows that are in no
        call are counted in `ForecastCalls.notes`.

    Raises
    ------
    InputError
        ``E_LEAKAGE`` (a roll-up made after its period; later snapshots of opportunities are how actuals
        become known), ``E_DUPLICATE_ROW`` (an opportunity, or an owner, category and period, twice on a day;
        a period with two actuals), ``E_DUPLICATE_CONFLICT`` (an actual column that contradicts itself),
        ``E_ENUM`` (unknown category or outcome), ``E_AMOUNT_NEGATIVE``, ``E_AMOUNT_NAN``, ``E_AMOUNT_INF``,
        ``E_AMOUNT_RANGE``, ``E_PROBABILITY``, ``E_KEY_NULL``, ``E_DATE_NULL``, ``E_DATE_FORMAT``,
        ``E_SNAPSHOT_MISSING``, ``E_NO_ROWS``, ``E_TZ_MISSING``, ``E_TZ_UNKNOWN``, and what a
        frame can have wrong.
    OptionError
        ``E_OPTION`` (options of opportunities without `opportunity`, or `actual` with it),
        ``E_PERIOD_UNIT``, ``E_FISCAL_START``, ``E_WEEK_START``, ``E_HORIZON``, ``E_COLUMN_DUPLICATE``.

    Notes
    -----
    The actual of opportunities is what is won with a close date in the period, as the last snapshot says: a
    deal that is reopened later changes it. Forecast accuracy is ``1 - |F - A| / A`` here; NetSuite prints
    ``F / A``, and some divide by the forecast.

    Examples
    --------
    >>> import tenure as tn
    >>> rows = {
    ...     "taken": ["2024-01-07", "2024-02-04", "2024-03-31", "2024-04-07"],
    ...     "period": ["2024-Q1", "2024-Q1", "2024-Q1", "2024-Q2"],
    ...     "amount": [120.0, 90.0, 99.0, 130.0],
    ...     "actual": [100.0, 100.0, 100.0, None],
    ... }
    >>> calls = tn.forecast.snapshots(rows, category=None, actual="actual")
    >>> calls["call"][:3], calls["accuracy"][:3]
    (array([120., 120., 120.]), masked_array(data=[0.8, 0.8, 0.8],
                 mask=[False, False, False],
           fill_value=1e+20))
    >>> calls.settled(within=0.05)["weeks_before_end"]
    masked_array(data=[0, --],
                 mask=[False,  True],
           fill_value=999999)
    """
    of_deals = opportunity is not None
    _check_level(of_deals, actual=actual, outcome=outcome, probability=probability)
    cuts = labels_of(by, ForecastCalls.own_columns)
    if owner is not None:
        labels_of([owner, *cuts], ForecastCalls.own_columns, "owner")
    if opportunity is not None:
        labels_of([*wanted(opportunity), *wanted(owner), *cuts], ForecastCalls.own_columns, "opportunity")
    due = close_date if of_deals else period
    column = actual if isinstance(actual, str) else None
    names = wanted(taken, due, amount, category, opportunity, outcome, probability, owner, column, *cuts)
    table, kind = read(frame, names, keys=wanted(opportunity, owner))
    for name in dict.fromkeys((taken, due)):  # a day of one may stand beside instants of the other
        settle(table, [name], timezone)
    actuals = None
    if actual is not None and column is None:
        actuals, _ = read(actual, wanted(period, "actual", owner, *cuts), keys=wanted(owner))
        settle(actuals, [period], timezone)
        column = "actual"
    core = _core.ForecastCalls(
        table, taken=taken, due=due, amount=amount, category=category, opportunity=opportunity,
        outcome=outcome, probability=probability, owner=owner, by=cuts, categories=dict(categories or {}),
        outcomes=dict(outcomes or {}), actual=column, actual_rows=actuals, actual_period=period, grain=grain,
        fiscal_start=as_whole(fiscal_start, "fiscal_start", low=1, high=12, code="E_FISCAL_START"),
        week_start=as_whole(week_start, "week_start", low=0, high=6, code="E_WEEK_START"),
        weeks=None if weeks is None else as_whole(weeks, "weeks", low=0, high=520, code="E_HORIZON"),
        every_week=one_of(missing, "missing", ("carry", "error"), "E_OPTION") == "error",
    )  # fmt: skip
    return ForecastCalls(core, owner, tuple(cuts), kind)


def _check_level(of_deals: bool, *, actual: Any, outcome: str | None, probability: str | None) -> None:
    if of_deals and actual is not None:
        hint = "Leave it out, or roll the opportunities up first."
        raise OptionError("actual= is of roll-ups; opportunities tell theirs", code="E_OPTION", hint=hint)
    for name, value in (("outcome", outcome), ("probability", probability)):
        if value is not None and not of_deals:
            hint = "Name the column of opportunities: opportunity=..."
            raise OptionError(f"{name}= is of opportunities", code="E_OPTION", value=value, hint=hint)
