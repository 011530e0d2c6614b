"""What each customer of a book did: how long it stayed, and what sampling says about retention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from . import _core
from .errors import OptionError
from .loading import Day, Money, Period
from .options import as_day, as_whole, date_of, one_of, resampled
from .reading import EPOCH
from .reconcile import Reconciling
from .results import BookResult

if TYPE_CHECKING:
    from .cohort.survival import Interval
    from .results.survival import CumulativeIncidence, Survival

Stays = Literal["first", "whole", "each"]
Unit = Literal["day", "week", "month", "year"]
LIFE = frozenset({"customer", "start", "end", "entry", "duration", "event", "reason"})
_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}


class Staying(Reconciling):
    """Questions whose answer has a row for each customer, or that resample customers."""

    def lifetimes(
        self,
        *,
        by: str | Sequence[str] | None = None,
        reason: str | None = None,
        stays: Stays = "first",
        since: Day | None = None,
        until: Day | None = None,
        known_at: Day | None = None,
    ) -> BookResult:
        """Return how long each customer stayed: what survival curves are made from.

        Columns ``customer``, ``start`` (first day paid for), ``end`` (first day no longer paid for; null
        while it is still there), ``entry`` (its age in days when it came under observation), ``duration``
        (its age in days at its end, or on the day after `until`), ``event`` (1: it left, 0: it is still
        there), ``reason`` if asked for, and a column for each of `by`.

        Parameters
        ----------
        by
            Segment columns: that in which the customer paid most at the start, so that nothing of its future
            is used.
        reason
            A column of the book's `by` that says, on the row that ended last, why it ended.
        stays
            ``first``: up to the first time it left. ``whole``: up to the last time, time away included.
            ``each``: a row for each stay.
        since
            Customers are observed from this day on, of a month from its first: who left before is not in, who
            came before enters late.
        until
            The last day of observation; by default `known_until`.

        Raises
        ------
        OptionError
            ``E_SEGMENT``, ``E_STAYS``, ``E_DATE_FORMAT``; ``E_COLUMN_DUPLICATE`` for a segment that is called
            like a column of the result.

        Notes
        -----
        Gaps that the policy tolerates are no end. Free phases and trials are no life.

        Examples
        --------
        >>> spans = {"from": ["2024-01-01", "2024-02-01"], "to": ["2024-01-31", None]}
        >>> rows = {"who": ["ann", "bob"], **spans, "mrr": [10, 20]}
        >>> from tenure import Book
        >>> book = Book(rows, customer="who", start="from", end="to", amount="mrr")
        >>> lives = book.lifetimes(until="2024-02-29")
        >>> lives["duration"].tolist(), lives["event"].tolist()
        ([30, 29], [1, 0])
        """
        from .options import labels_of

        book = self._at(known_at)
        last = book.known_until if until is None else date_of(until, "until")
        names = labels_of(by, LIFE if reason is not None else LIFE - {"reason"})
        columns = _core.lifetimes(
            book._core,
            stays=stays,
            by=[book._segment(name) for name in names],
            reason=book._segment(book._cause(reason)),
            since=None if since is None else _begin_of(since),
            until=(last - EPOCH).days,
        )
        return BookResult(columns, book._context(None))

    def _cause(self, reason: str | None) -> str | None:
        """`reason`, if it is a column of segments."""
        known = [*self._by, *(name for name in (self._product,) if name)]
        if reason is None or reason in known or (self._product and reason == "product"):
            return reason
        hint = f"Known: {', '.join(known)}." if known else "Name the column in by= of the Book."
        message = f"reason={reason!r} is not a segment of the book"
        raise OptionError(message, code="E_SEGMENT", value=str(reason)[:80], hint=hint)

    @overload
    def survival(
        self, *, by: str | Sequence[str] | None = ..., reason: None = ..., unit: Unit = ...,
        stays: Stays = ..., since: Day | None = ..., until: Day | None = ..., interval: Interval = ...,
        confidence: float = ..., known_at: Day | None = ...,
    ) -> Survival: ...  # fmt: skip

    @overload
    def survival(
        self, *, by: str | Sequence[str] | None = ..., reason: str, unit: Unit = ...,
        stays: Stays = ..., since: Day | None = ..., until: Day | None = ..., interval: Interval = ...,
        confidence: float = ..., known_at: Day | None = ...,
    ) -> CumulativeIncidence: ...  # fmt: skip

    def survival(
        self,
        *,
        by: str | Sequence[str] | None = None,
        reason: str | None = None,
        unit: Unit = "day",
        stays: Stays = "first",
        since: Day | None = None,
        until: Day | None = None,
        interval: Interval = "log",
        confidence: float = 0.95,
        known_at: Day | None = None,
    ) -> Survival | CumulativeIncidence:
        """Return the share of customers still there by the time since they came: Kaplan-Meier of `lifetimes`.

        With `reason`, the share that left for each reason instead, all reasons competing.

        Parameters
        ----------
        by, reason, stays, since, until
            As `lifetimes` takes them.
        unit
            What ``time`` counts: ``day``, ``week``, ``month`` (a twelfth of 365.25 days) or ``year``.
        interval, confidence
            As `tenure.cohort.survival` takes them.

        Raises
        ------
        OptionError
            Those of `lifetimes` and of `tenure.cohort.survival`; ``E_PERIOD_UNIT``, ``E_WINDOW`` (nobody was
            a customer between `since` and `until`).

        Examples
        --------
        >>> begin, stop = ["2024-01-01", "2024-02-01", "2024-01-01"], ["2024-01-31", None, "2024-03-01"]
        >>> rows = {"who": ["ann", "bob", "cid"], "from": begin, "to": stop, "mrr": [10, 20, 5]}
        >>> from tenure import Book
        >>> book = Book(rows, customer="who", start="from", end="to", amount="mrr")
        >>> curve = book.survival(until="2024-03-10")
        >>> curve["time"].tolist(), curve["survival"].round(3).tolist()
        ([30, 39, 60], [0.667, 0.667, 0.0])
        """
        from .cohort import cumulative_incidence, survival

        lives = self.lifetimes(by=by, reason=reason, stays=stays, since=since, until=until, known_at=known_at)
        if not len(lives) and (since is not None or until is not None):
            ends = [f"{word} {day}" for word, day in (("from", since), ("until", until)) if day is not None]
            window = " ".join(ends)
            hint = f"The data speak of {self.first_day} to {self.known_until}."
            message = f"nobody was a customer {window}"
            raise OptionError(message, code="E_WINDOW", value=window, hint=hint)
        known = tuple(_DAYS)
        days = _DAYS[one_of(unit, "unit", known, "E_PERIOD_UNIT")]
        asked = [by] if isinstance(by, str) else list(by or ())
        names = lives.columns[len(lives.columns) - len(asked) :]  # the engine may call a column otherwise
        frame: dict[str, Any] = {name: lives[name] for name in [*names, "event"]}
        frame |= {name: lives[name] / days if days > 1 else lives[name] for name in ("duration", "entry")}
        common: dict[str, Any] = {
            "entry": "entry",
            "by": names,
            "interval": interval,
            "confidence": confidence,
        }
        if reason is None:
            curves = survival(frame, duration="duration", event="event", **common)
            return curves._leaving_as(self._native)
        # Null is "still there" to the estimator, so whoever left for a reason without a name needs one.
        frame["reason"] = ["(none)" if cause == "" else cause for cause in lives["reason"].tolist()]
        shares = cumulative_incidence(frame, duration="duration", cause="reason", **common)
        return shares._leaving_as(self._native)

    def customer_totals(
        self,
        first: Day,
        last: Day,
        *,
        period: Period = "month",
        by: str | None = None,
        fiscal_start: int = 1,
        money: Money | None = None,
        known_at: Day | None = None,
    ) -> BookResult:
        """Return what each customer did over the periods, from closing to closing.

        ``exposed``: periods at whose opening it paid; ``lost``: those at whose closing it paid no longer;
        ``active``: periods at whose closing it paid; ``started``: 1 if it first paid within the periods.
        Money, monthly: ``opening`` and ``paid`` (at openings and closings, added up over the periods),
        ``churned``, ``contracted``, ``expanded``, ``reactivated``, ``started_with``, ``closing`` (at the
        last). Ratios of sums of these are the figures of unit economics: churn ``lost / exposed``, ARPA
        ``paid / active``.

        Periods that are not over on `known_until` have not been observed and are left out: the last is the
        last complete one, and without any there is no row.

        Examples
        --------
        >>> spans = {"from": ["2024-01-01", "2024-02-01"], "to": ["2024-03-31", None]}
        >>> rows = {"who": ["ann", "bob"], **spans, "mrr": [10, 20]}
        >>> from tenure import Book
        >>> book = Book(rows, customer="who", start="from", end="to", amount="mrr", as_of="2024-03-31")
        >>> totals = book.customer_totals("2024-02", "2024-03")
        >>> totals["exposed"].tolist(), totals["lost"].tolist(), totals["started"].tolist()
        ([2, 1], [1, 0], [0, 1])
        """
        book = self._at(known_at)
        window, context = book._window(first, last, period, fiscal_start), book._context(money)
        totals = _core.customer_totals(book._core, *window, book._segment(by), known_until=context.until)
        return BookResult(totals.columns(**context.money()), context)

    def retention_intervals(
        self,
        first: Day,
        last: Day,
        *,
        horizon: int = 12,
        by: str | None = None,
        period: Period = "month",
        fiscal_start: int = 1,
        confidence: float = 0.95,
        replicates: int = 1000,
        seed: int = 0,
        known_at: Day | None = None,
    ) -> BookResult:
        """Return `net_retention` with intervals from resampling the customers who paid at the opening.

        Columns ``nrr``, ``grr``, ``logo_retention``, each with ``_lower`` and ``_upper``: percentiles over
        `replicates` in which every customer counts a Poisson number of times. The figures are functions of
        the data, `seed` and `replicates` alone, whatever the order of rows or the number of threads.

        Raises
        ------
        OptionError
            ``E_BOOTSTRAP`` (fewer than 20 replicates), ``E_CONFIDENCE``, ``E_SEED``, and those of
            `net_retention`.

        Notes
        -----
        Chamandy, Muralidharan, Najmi and Naidu (2012), "Estimating uncertainty for massive data streams". An
        interval is null (``too_few``) where a tenth of the replicates hold no customer.

        Examples
        --------
        >>> count = 200
        >>> ends = ["2024-01-15" if i % 4 == 0 else None for i in range(count)]
        >>> rows = {"who": list(range(count)), "from": ["2023-01-01"] * count, "to": ends, "mrr": [1] * count}
        >>> from tenure import Book
        >>> book = Book(rows, customer="who", start="from", end="to", amount="mrr")
        >>> kept = book.retention_intervals("2024-01", "2024-01")
        >>> [round(float(kept[name][0]), 2) for name in ("nrr", "nrr_lower", "nrr_upper")]
        [0.75, 0.69, 0.81]
        """
        book = self._at(known_at)
        context = book._context(None)
        times, seeded, limits = resampled(confidence, replicates, seed)
        columns = _core.retention_estimates(
            book._core,
            *book._window(first, last, period, fiscal_start),
            horizon=as_whole(horizon, "horizon"),
            by=book._segment(by),
            replicates=times,
            seed=seeded,
            confidence=limits,
            known_until=context.until,
        )
        return BookResult(columns, context)


def _begin_of(since: Day) -> str:
    """A day, of a month its first; ``E_DATE_FORMAT``."""
    day = date_of(since, "since")
    return (day.replace(day=1) if len(as_day(since, "since")) == len("2024-01") else day).isoformat()
