"""Rows at the door of a book: checked once, converted where they must be, grouped by customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self, Unpack

from . import _core
from .errors import InputError, OptionError
from .invoices import Interval, InvoiceColumns, Invoices
from .options import Window, as_day, as_decimal, as_whole
from .policy import Policy
from .reading import EPOCH, Day, Money, OnEarly, OnReversed, Period, Settings, Subminor, View, refuses
from .results.base import Context
from .rows import KEYS, Columns, Parts, Rows, Sources, discount_columns, segments, zone_of

if TYPE_CHECKING:
    from .fx import Rates as FxRates

__all__ = ["EPOCH", "Day", "Loaded", "Money", "Note", "Period", "View"]


@dataclass(frozen=True)
class Note:
    """Something to know about the rows that were read: how many, and the first 20 (positions from 0)."""

    code: str
    message: str
    count: int
    rows: tuple[int, ...]


class Loaded:
    """What a book is made of, and what it knows about its rows; `Book` adds the questions."""

    def __init__(
        self,
        frame: Any,
        *,
        customer: str,
        start: str,
        end: str | None = None,
        amount: str,
        interval: Interval = "month",
        interval_count: int = 1,
        interval_column: str | None = None,
        interval_count_column: str | None = None,
        subscription: str | None = None,
        product: str | None = None,
        quantity: str | None = None,
        currency: str | None = None,
        currency_column: str | None = None,
        by: str | Sequence[str] = (),
        status: str | None = None,
        kind: str | None = None,
        discount_percent: Columns = None,
        discount_amount: Columns = None,
        discount_duration: Columns = None,
        discount_until: Columns = None,
        tax: str | None = None,
        renewal_amount: str | None = None,
        invoiced_quantity: str | None = None,
        cancel_requested: str | None = None,
        paid_through: str | None = None,
        dunning_end: str | None = None,
        recorded: str | None = None,
        superseded: str | None = None,
        id: str | None = None,  # noqa: A002 - the role is called so in every table of versions
        version: str | None = None,
        first_payment: str | None = None,
        first_paid_invoice: str | None = None,
        invoiced: str | None = None,
        purchased: str | None = None,
        invoices: Invoices | None = None,
        policy: str | Policy = "standard",
        timezone: str | None = None,
        on_reversed: OnReversed = "error",
        on_early: OnEarly = "allow",
        subminor: Subminor = "allow",
        money: Money = "float",
        reporting_currency: str | None = None,
        rates: FxRates | None = None,
        as_of: Day | None = None,
        threads: int | None = None,
    ) -> None:
        settings = Settings.of(money, as_of, on_reversed, on_early, threads, reporting_currency, rates)
        chosen = Policy.of(policy)
        days = {
            "start": start,
            "end": end,
            "cancel_requested": cancel_requested,
            "paid_through": paid_through,
            "dunning_end": dunning_end,
            "recorded": recorded,
            "superseded": superseded,
            "first_payment": first_payment,
            "first_paid_invoice": first_paid_invoice,
            "invoiced": invoiced,
            "purchased": purchased,
        }
        columns = days | {
            "customer": customer,
            "amount": amount,
            "interval_column": interval_column,
            "interval_count_column": interval_count_column,
            "subscription": subscription,
            "id": id,
            "version": version,
            "product": product,
            "quantity": quantity,
            "currency_column": currency_column,
            "status": status,
            "kind": kind,
            "tax": tax,
            "renewal_amount": renewal_amount,
            "invoiced_quantity": invoiced_quantity,
        }
        discounts = discount_columns(
            percent=discount_percent,
            amount=discount_amount,
            duration=discount_duration,
            until=discount_until,
        )
        fixed = {
            "interval": interval,
            "interval_count": as_whole(interval_count, "interval_count"),
            "currency": currency,
            "discounts": [_core.DiscountRoles(*one) for one in discounts],
        }
        parts = Parts(columns, KEYS, list(days), segments(by), fixed)
        contracts = Rows(frame, parts, _core.ContractRoles, _core.ContractTable, discounts=discounts)
        refuse_subminor = refuses(subminor)
        sources = Sources(contracts, invoices, timezone, zone_of(chosen), refuse_subminor)
        self._read(sources, chosen, settings, View())

    @classmethod
    def from_invoices(
        cls,
        frame: Any,
        *,
        policy: str | Policy = "standard",
        on_reversed: OnReversed = "error",
        on_early: OnEarly = "allow",
        subminor: Subminor = "allow",
        money: Money = "float",
        reporting_currency: str | None = None,
        rates: FxRates | None = None,
        as_of: Day | None = None,
        threads: int | None = None,
        **columns: Unpack[InvoiceColumns],
    ) -> Self:
        """Make a book of invoice lines alone; the columns are those of `tenure.Invoices`.

        A policy that takes MRR from contracts reads the lines too, for want of anything else, and a note
        ``N_SOURCE`` says so.

        Raises
        ------
        InputError
            ``E_SERVICE_PERIOD`` for a line without service period, and what contracts can have wrong too.

        Examples
        --------
        >>> from tenure import Book
        >>> lines = {"who": ["ann"], "from": ["2024-01-15"], "to": ["2024-02-15"], "billed": [50]}
        >>> names = {"customer": "who", "service_start": "from", "service_end": "to", "amount": "billed"}
        >>> book = Book.from_invoices(lines, **names)
        >>> book.mrr("2024-01-31")["mrr"].tolist(), [note.code for note in book.notes]
        ([50.0], ['N_SOURCE'])
        """
        settings = Settings.of(money, as_of, on_reversed, on_early, threads, reporting_currency, rates)
        chosen, refuse_subminor = Policy.of(policy), refuses(subminor)
        lines = Invoices(frame, **columns)
        sources = Sources(None, lines, None, zone_of(chosen), refuse_subminor)
        return cls._made(sources, chosen, settings, View())

    def under(self, policy: str | Policy) -> Self:
        """Read the same rows again under another policy, in the same view.

        Examples
        --------
        >>> from tenure import Book
        >>> rows = {"who": [1], "from": ["2024-01-05"], "to": ["2024-01-31"], "mrr": [10]}
        >>> book = Book(rows, customer="who", start="from", end="to", amount="mrr")
        >>> last_day = [book.mrr("2024-01-31"), book.under(Policy(end_date="inclusive")).mrr("2024-01-31")]
        >>> [answer["mrr"].tolist() for answer in last_day]
        [[0.0], [10.0]]
        """
        return self._made(self._sources, Policy.of(policy), self._settings, self._view)

    @classmethod
    def _made(cls, sources: Sources, policy: Policy, settings: Settings, view: View) -> Self:
        book = cls.__new__(cls)
        book._read(sources, policy, settings, view)
        return book

    def _read(self, sources: Sources, policy: Policy, settings: Settings, view: View) -> None:
        policy = view.policy(policy)
        self._sources, self._policy, self._settings, self._view = sources, policy, settings, view
        self._days_kept: dict[str, Self] = {}
        self._reach: dict[int, date] = {}
        tables = sources.tables(policy)
        rows = sources.read_by(tables, policy)
        settings.check_currency(rows.says_currency)
        self._native, self._by, self._product = rows.native, rows.by, rows.product
        self._core = _core.Book(tables, policy._core, settings.core, _core.View(*view))

    @property
    def rows(self) -> int:
        """Rows in use."""
        return self._core.rows

    @property
    def rows_read(self) -> int:
        """Rows that the frame had."""
        return self._core.rows_read

    @property
    def customers(self) -> int:
        """How many customers have rows."""
        return self._core.customers

    @property
    def notes(self) -> list[Note]:
        """What was noticed while the rows were read: counted, never silent."""
        return [Note(code, message, count, tuple(rows)) for code, message, count, rows in self._core.notes]

    @property
    def policy(self) -> Policy:
        """The definitions."""
        return self._policy

    @property
    def currency(self) -> str | None:
        """The currency of the results, if it was given."""
        return self._core.currency or None

    @property
    def by(self) -> tuple[str, ...]:
        """The segment columns."""
        return self._by

    @property
    def first_day(self) -> date:
        """Earliest start; 1970-01-01 in an empty book."""
        return EPOCH + timedelta(days=self._core.first_day)

    @property
    def last_day(self) -> date:
        """Latest start or end, open ends aside; 1970-01-01 in an empty book."""
        return EPOCH + timedelta(days=self._core.last_day)

    @property
    def known_until(self) -> date:
        """The last day the data speak of.

        The day of knowledge of a view; `as_of`, if it was given; else the last day, not in the future, on
        which something started, ended or became known: contracts may end after today, which is no churn that
        anybody has seen.
        """
        if self._view.known_at is not None:
            return date.fromisoformat(self._view.known_at)
        return self._settings.as_of or self._last_until((date.today() - EPOCH).days)

    def _last_until(self, today: int) -> date:
        if today not in self._reach:
            known = self._core.last_known
            last = self._core.last_event(today)
            if known is not None:
                last = max(last, min(known, today))
            self._reach = {today: EPOCH + timedelta(days=last)}
        return self._reach[today]

    def __repr__(self) -> str:
        unit = f" in {self.currency}" if self.currency else ""
        span = f", {self.first_day} to {self.last_day}" if self.rows else ""
        size = f"{self.rows:,} rows of {self.customers:,} customers"
        return f"Book({size}{unit}{span}, policy {self.policy.name}{self._view.words()})"

    def __reduce__(self) -> Any:
        hint = "Keep the frame and make the book again where it is needed."
        raise InputError("a book is not pickled", code="E_PICKLE", hint=hint)

    def _window(self, first: Day, last: Day, period: str, fiscal_start: int) -> Window:
        return Window(
            as_day(first, "first"), as_day(last, "last"), period, as_whole(fiscal_start, "fiscal_start")
        )

    def _segment(self, by: str | None) -> str:
        if by is not None and not isinstance(by, str):
            hint = "Ask once for each, or make a column that joins them."
            raise OptionError(
                f"by={by!r}: results are cut by one segment at a time",
                code="E_SEGMENT",
                value=str(by),
                hint=hint,
            )
        if by is None or by in self._by:
            return by or ""
        return "product" if by == self._product else by

    def _context(self, money: Money | None) -> Context:
        decimal = as_decimal(self._settings.money if money is None else money)
        foreign = self._view.local is None and any(code != self.currency for code in self._core.currencies)
        return Context(
            self._policy,
            self._native,
            self.currency,
            decimal,
            self._core.exponent,
            foreign=foreign,
            known_until=self.known_until,
        )
