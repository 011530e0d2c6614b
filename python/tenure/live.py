"""A book that is kept current event by event: what a billing service asks while it runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from . import _core
from .book import Book
from .events import DAYS, FIELDS, Event, as_event, as_events, check_fields, event_of
from .frames import column_names, read
from .options import last_day_of, one_of
from .policy import Policy
from .reading import EPOCH, Day, Period
from .rows import zone_of

__all__ = ["LiveBook"]

_NEEDED = ("id", "customer", "subscription", "kind", "at")
_KEYS = ("id", "customer", "subscription")


@dataclass(frozen=True)
class Totals:
    """What a live book comes to on its day: one moment, never a mixture of two.

    `bridge` is that of the running period from `period_begin` up to and including `today`, by line, monthly,
    in major units; `bridge_customers` counts customers. `subscriptions` are those that pay something.
    """

    today: date
    period_begin: date
    mrr: float
    arr: float
    customers: int
    subscriptions: int
    bridge: dict[str, float]
    bridge_customers: dict[str, int]
    _annual: dict[str, int] = field(repr=False)

    def exact(self) -> dict[str, Decimal]:
        """Return the lines of the bridge as what they come to in a year, exact to the millionth.

        Examples
        --------
        >>> book = LiveBook(today="2024-06-30")
        >>> book.apply(id=1, customer=1, subscription=1, kind="start", at="2024-06-01", price=Decimal("0.1"))
        >>> book.totals.exact()["new"]
        Decimal('1.200000')
        """
        return {line: Decimal(annual).scaleb(-6) for line, annual in self._annual.items()}


class Counts(NamedTuple):
    """What became of the events: those that stand, and those that were given beside them."""

    events: int
    corrections: int
    retractions: int
    duplicates: int
    late: int


class LiveBook:
    """A book kept current by events: after each, its totals are those of a `Book` of all of them, to the bit.

    An event costs what the events of its customer cost, whatever the book holds.

    Parameters
    ----------
    policy
        Definitions: a preset or a `Policy`.
    today
        The day of the totals. What takes effect later counts once the clock is there: see `advance_to`; an
        event that was recorded later moves it on, too.
    order
        ``strict``: an event has to fit what is known when it comes. ``any``: events come in any order; what
        does not fit yet waits without effect, and of several versions the highest stands.
    on_gap
        A hole in the `sequence` of the feed: ``note`` it in `gaps`, or ``error``.
    early
        Whether an event may have been recorded before it took effect: ``allow`` or ``error``.
    unit
        The period of the bridge: ``month``, ``day``, ``week``, ``quarter``, ``half_year``, ``year``.
    currency
        ISO 4217 code of all events; by default that of the first that has one.
    events
        What `events` of another book gave, to make that book again: earlier versions need not be there.
        Positions of the feed at which only those stood are then listed by `gaps`.

    Notes
    -----
    Threads take turns at writing; `totals` may be read at any time and waits for nobody.

    Examples
    --------
    >>> book = LiveBook(today="2024-06-30")
    >>> ann = {"customer": "ann", "subscription": "s1"}
    >>> book.apply(Event(id="e1", kind="start", at="2024-05-10", price=30, **ann))
    >>> book.apply(id="e2", kind="quantity", at="2024-06-12", quantity=3, **ann)
    >>> totals = book.totals
    >>> totals.mrr, totals.customers, totals.bridge["expansion"]
    (90.0, 1, 60.0)
    """

    def __init__(
        self,
        policy: str | Policy = "standard",
        *,
        today: Day,
        order: Literal["strict", "any"] = "strict",
        on_gap: Literal["note", "error"] = "note",
        early: Literal["allow", "error"] = "allow",
        unit: Period = "month",
        currency: str | None = None,
        events: Iterable[Event | Mapping[str, Any]] = (),
    ) -> None:
        self._policy = Policy.of(policy)
        self._core = _core.LiveBook(
            self._policy._core,
            last_day_of(today, "today"),
            order=order,
            gap_error=one_of(on_gap, "on_gap", ("note", "error"), "E_ENUM") == "error",
            refuse_early=one_of(early, "early", ("allow", "error"), "E_ENUM") == "error",
            unit=unit,
            currency=currency,
            events=[one._core for one in as_events(list(events))],
        )

    def apply(self, event: Event | Mapping[str, Any] | None = None, /, **values: Any) -> None:
        """Take one event: an `Event`, a mapping of its values, or the values.

        Raises
        ------
        InputError
            All of `Event`, and ``E_EVENT_ORDER`` (it cannot take effect, or keeps another from it),
            ``E_EVENT_UNKNOWN`` (a correction of nothing), ``E_VERSION_BACK``, ``E_DUPLICATE_CONFLICT`` (the
            same version with other content), ``E_CURRENCY_MIXED``, ``E_RECORDED_EARLY``, ``E_FEED_GAP``,
            ``E_SEQUENCE_TWICE`` (two events at one position), ``E_DATE_RANGE`` (recorded more than 366 days
            after today), ``E_KEY_TYPE``, ``E_AMOUNT_RANGE``. The book is then as it was.
        """
        self._core.apply(as_event(values if event is None else event)._core)

    def apply_many(
        self,
        events: Any,
        *,
        timezone: str | None = None,
        **columns: str,
    ) -> None:
        """Take all events or none; their order does not matter.

        Parameters
        ----------
        events
            A list of `Event` or mappings, or a frame as `Book` takes it, a row for each event.
        timezone
            Zone on whose calendar instants become days; by default that of the policy.
        **columns
            Names of the columns: ``id="event_id"``. By default a column is called as the value of `Event`; of
            those not named, ``id``, ``customer``, ``subscription``, ``kind`` and ``at`` have to be there.

        Raises
        ------
        InputError
            As `apply`, with row, column and value.

        Examples
        --------
        >>> rows = {
        ...     "event": [1, 2],
        ...     "customer": ["ann", "ann"],
        ...     "subscription": ["s1", "s1"],
        ...     "kind": ["start", "quantity"],
        ...     "at": ["2024-05-10", "2024-06-12"],
        ...     "price": [30, None],
        ...     "quantity": [None, 3],
        ... }
        >>> book = LiveBook(today="2024-06-30")
        >>> book.apply_many(rows, id="event")
        >>> book.totals.mrr
        90.0
        """
        if isinstance(events, list | tuple):
            self._core.apply_many([one._core for one in as_events(events)])
            return
        check_fields(columns)
        present = {name: name for name in set(FIELDS).intersection(column_names(events) or ())}
        roles = {name: name for name in _NEEDED} | present | columns
        table, _ = read(events, list(roles.values()), keys=[roles[name] for name in _KEYS])
        days = [roles[name] for name in DAYS if name in roles]
        from .zones import settle

        settle(table, days, timezone or zone_of(self._policy))
        self._core.apply_table(table, roles)

    def advance_to(self, day: Day) -> None:
        """Move the clock on: what takes effect up to `day` counts from now on.

        Raises
        ------
        InputError
            ``E_CLOCK`` if the day is over already.
        """
        self._core.advance_to(last_day_of(day, "today"))

    @property
    def totals(self) -> Totals:
        """What all events come to today."""
        core = self._core.totals
        lines = core.lines()
        return Totals(
            EPOCH + timedelta(days=core.today),
            EPOCH + timedelta(days=core.period_begin),
            core.mrr,
            core.arr,
            core.customers,
            core.subscriptions,
            {line: mrr for line, mrr, _, _ in lines},
            {line: customers for line, _, customers, _ in lines},
            {line: annual for line, _, _, annual in lines},
        )

    @property
    def counts(self) -> Counts:
        """How many events stand, and how many corrected, retracted, repeated or came too late."""
        return Counts(*self._core.counts)

    @property
    def gaps(self) -> list[tuple[int, int]]:
        """Positions of the feed that nobody delivered, first and last of each hole."""
        return self._core.gaps

    @property
    def policy(self) -> Policy:
        """The definitions."""
        return self._policy

    @property
    def currency(self) -> str | None:
        """The currency of the events, if one was given."""
        return self._core.currency or None

    def events(self) -> list[Event]:
        """Return the events that stand, by id; retractions too: what a service stores to go on later.

        Examples
        --------
        >>> live = LiveBook(today="2024-06-30")
        >>> live.apply(id=1, customer="ann", subscription="s1", kind="start", at="2024-05-10", price=30)
        >>> again = LiveBook(today=live.totals.today, events=live.events())
        >>> again.totals == live.totals
        True
        """
        return [event_of(stored) for stored in self._core.events()]

    def book(self) -> Book:
        """Return what the events come to as a `Book`, for every other question but what was known when.

        Its periods are complete once the clock of the live book stands on their last day. Events say when
        they were recorded, rows made of them do not: the start of a row and its end come from different
        events. So ``known_at`` of the book raises ``E_KNOWN_AT``. Only under ``backdating="recorded"``, which
        needs it, rows carry the day on which the event that opened them was recorded.

        Examples
        --------
        >>> live = LiveBook(today="2024-06-30")
        >>> live.apply(id=1, customer="ann", subscription="s1", kind="start", at="2024-05-10", price=30)
        >>> live.book().waterfall("2024-05", "2024-06")["closing"].tolist()
        [30.0, 30.0]
        """
        rows, currency, today = self._core.rows()
        named = {name: name for name in rows.names if name not in {"price", "interval", "interval_count"}}
        return Book(
            rows,
            amount="price",
            interval_column="interval",
            interval_count_column="interval_count",
            currency=currency or None,
            policy=self._policy,
            as_of=EPOCH + timedelta(days=today),
            **named,  # type: ignore[arg-type]
        )

    def __repr__(self) -> str:
        totals, unit = self.totals, f" {self.currency}" if self.currency else ""
        return (
            f"LiveBook({totals.today}: MRR {totals.mrr:,.2f}{unit} of {totals.customers:,} customers, "
            f"{self.counts.events:,} events, policy {self._policy.name})"
        )
