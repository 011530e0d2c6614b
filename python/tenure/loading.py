"""Rows at the door of a book: checked once, converted where they must be, grouped by customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from . import _core
from .errors import InputError, OptionError
from .frames import read
from .options import Window, as_day, as_decimal, as_whole, last_day_of, one_of
from .policy import Policy
from .results.base import Context

Day = str | date
Interval = Literal["day", "week", "four_week", "month", "quarter", "half_year", "year"]
Money = Literal["float", "decimal"]

_EPOCH = date(1970, 1, 1)
_RESULT_COLUMNS = frozenset(
    (
        *("period", "opening", "new", "expansion", "contraction", "churn", "reactivation", "closing"),
        *("transfer_in", "transfer_out", "nrr", "grr", "logo_retention", "logo_churn", "gross_churn"),
        *("net_churn", "cohort", "age", "amount", "customers", "revenue_retention", "customer_retention"),
        *("mrr", "arr", "arpa", "net_new_arr", "mom", "qoq", "yoy", "cmgr", "quick_ratio"),
    )
)


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
        policy: str | Policy = "standard",
        timezone: str | None = None,
        on_reversed: Literal["error", "drop"] = "error",
        subminor: Literal["allow", "refuse"] = "allow",
        money: Money = "float",
        as_of: Day | None = None,
        threads: int | None = None,
    ) -> None:
        self._policy = Policy.of(policy)
        self._money = money
        as_decimal(money)
        self._as_of = None if as_of is None else date.fromisoformat(last_day_of(as_of, "as_of"))
        self._by = _segments(by)
        self._product = product
        one_of(on_reversed, "on_reversed", ("error", "drop"), "E_ON_REVERSED")
        one_of(subminor, "subminor", ("allow", "refuse"), "E_SUBMINOR")
        optional = (
            end,
            interval_column,
            interval_count_column,
            subscription,
            product,
            quantity,
            currency_column,
        )
        wanted = list(dict.fromkeys([customer, start, amount, *filter(None, optional), *self._by]))
        keys = frozenset(filter(None, (customer, subscription)))
        table, self._native = read(frame, wanted, keys=keys)
        self._settle_times(table, [start] if end is None else [start, end], timezone)
        self._core = _core.Book(
            table,
            self._policy._core,
            customer=customer,
            start=start,
            end=end,
            amount=amount,
            interval=interval,
            interval_count=interval_count,
            interval_column=interval_column,
            interval_count_column=interval_count_column,
            subscription=subscription,
            product=product,
            quantity=quantity,
            currency=currency,
            currency_column=currency_column,
            by=list(self._by),
            drop_reversed=on_reversed == "drop",
            refuse_subminor=subminor == "refuse",
            threads=_thread_count(threads),
        )

    @staticmethod
    def _settle_times(table: _core.Table, columns: list[str], timezone: str | None) -> None:
        if timezone is None and not any(table.kind(name)[1] for name in columns):
            return
        from .zones import settle

        settle(table, columns, timezone)

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
        """The currency, if it was given."""
        return self._core.currency or None

    @property
    def by(self) -> tuple[str, ...]:
        """The segment columns."""
        return self._by

    @property
    def first_day(self) -> date:
        """Earliest start; 1970-01-01 in an empty book."""
        return _EPOCH + timedelta(days=self._core.first_day)

    @property
    def last_day(self) -> date:
        """Latest start or end, open ends aside; 1970-01-01 in an empty book."""
        return _EPOCH + timedelta(days=self._core.last_day)

    @property
    def known_until(self) -> date:
        """The last day the data speak of.

        `as_of`, if it was given; else the last start or end that is not in the future: contracts may end
        after today, which is no churn that anybody has seen.
        """
        today = (date.today() - _EPOCH).days
        return self._as_of or _EPOCH + timedelta(days=self._core.last_event(today))

    def __repr__(self) -> str:
        unit = f" in {self.currency}" if self.currency else ""
        span = f", {self.first_day} to {self.last_day}" if self.rows else ""
        return (
            f"Book({self.rows:,} rows of {self.customers:,} customers{unit}{span}, policy {self.policy.name})"
        )

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
        decimal = as_decimal(self._money if money is None else money)
        return Context(self._policy, self._native, self.currency, decimal, self._core.exponent)


def _segments(by: str | Sequence[str]) -> tuple[str, ...]:
    names = (by,) if isinstance(by, str) else tuple(by)
    for name in names:
        if name in _RESULT_COLUMNS or name.removesuffix("_customers") in _RESULT_COLUMNS:
            message = f"segment {name!r} has the name of a column of the results"
            hint = "Rename the column: a result could not hold both."
            raise OptionError(message, code="E_COLUMN_RESERVED", value=name, hint=hint)
    return names


def _thread_count(threads: int | None) -> int:
    if threads is None:
        return 0
    if threads < 1:
        message = f"threads={threads} is not above 0"
        raise OptionError(
            message, code="E_THREADS", value=str(threads), hint="Leave it out for all threads of the machine."
        )
    return threads
