"""Tables on their way into a book: read from the frame once, converted for a zone, and kept.

A book can so be read again under another policy without going back to the frame.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from . import _core
from .errors import OptionError
from .frames import read
from .policy import Policy

Table = TypeVar("Table")
Columns = str | Sequence[str | None] | None

KEYS = ("customer", "subscription", "id")  # roles of columns that hold ids
KNOWN_DAYS = ("recorded", "superseded", "invoiced", "purchased")

_NO_ZONE = "required"
_RESULT_COLUMNS = frozenset(
    (
        *("period", "opening", "new", "expansion", "contraction", "churn", "reactivation", "closing"),
        *("paused", "resumed", "transfer_in", "transfer_out", "nrr", "grr", "logo_retention", "logo_churn"),
        *("gross_churn", "net_churn", "cohort", "age", "amount", "customers", "revenue_retention"),
        *("customer_retention", "mrr", "gross_mrr", "discount_mrr", "arr", "arpa", "net_new_arr", "mom"),
        *("qoq", "yoy", "cmgr", "quick_ratio", "fx", "period_is_complete"),
    )
)


class Parts(NamedTuple):
    """What the parts of a table are.

    Columns by the names of the roles; those of them that hold ids, and those that hold days; segments;
    `fixed` values of other roles.
    """

    columns: Mapping[str, str | None]
    keys: Sequence[str]
    days: Sequence[str]
    by: tuple[str, ...]
    fixed: Mapping[str, Any]


class Rows(Generic[Table]):
    """One table of the caller, by reference: what it borrows must not be changed in place."""

    def __init__(
        self,
        frame: Any,
        parts: Parts,
        make_roles: Callable[[], Any],
        convert: Callable[[_core.Table, Any], Table],
        *,
        discounts: Sequence[Sequence[str | None]] = (),
    ) -> None:
        self._make_roles, self._convert = make_roles, convert
        self._values = {**parts.columns, **parts.fixed, "by": list(parts.by)}
        self.by = parts.by
        self.product = parts.columns.get("product")
        named = [*filter(None, parts.columns.values()), *(name for one in discounts for name in one if name)]
        keys = frozenset(filter(None, map(parts.columns.get, parts.keys)))
        self._table, self.native = read(frame, list(dict.fromkeys([*named, *parts.by])), keys=keys)
        until = [one[-1] for one in discounts]
        self._days = [name for name in [*map(parts.columns.get, parts.days), *until] if name]
        self.has_times = any(self._table.kind(name)[1] for name in self._days)
        self._converted: dict[tuple[str | None, bool], Table] = {}

    def __len__(self) -> int:
        return self._table.rows

    @property
    def says_currency(self) -> bool:
        """Whether a currency was given, for all rows or in a column."""
        return bool(self._values.get("currency") or self._values.get("currency_column"))

    def table(self, timezone: str | None, *, refuse_subminor: bool) -> Table:
        """Return the columns converted, days on the calendar of `timezone`."""
        if timezone is not None and not self.has_times:
            from .zones import find_zone

            find_zone(timezone)
            timezone = None  # dates are the same in all zones
        key = timezone, refuse_subminor
        if key not in self._converted:
            self._converted[key] = self._convert(self._settled(timezone), self._roles(refuse_subminor))
        return self._converted[key]

    def _roles(self, refuse_subminor: bool) -> Any:
        """Fresh for each conversion, which reads them while other threads run."""
        roles = self._make_roles()
        for role, value in {**self._values, "refuse_subminor": refuse_subminor}.items():
            setattr(roles, role, value)
        return roles

    def _settled(self, timezone: str | None) -> _core.Table:
        if not self.has_times:
            return self._table
        from .zones import settle

        table = _core.Table(self._table)  # the columns are shared; what is settled is put beside them
        settle(table, self._days, timezone)
        return table


class Sources(NamedTuple):
    """What a book is read from: contracts, invoice lines or both, and how days and amounts are taken.

    `timezone` was given with the rows; `usual` is that of the policy they were first read under.
    """

    contracts: Rows[_core.ContractTable] | None
    invoices: Rows[_core.InvoiceTable] | None
    timezone: str | None
    usual: str | None
    refuse_subminor: bool

    def zone(self, policy: Policy) -> str | None:
        """Return the zone in which a policy reads the days."""
        return self.timezone or zone_of(policy) or self.usual

    def zones_matter(self, one: Policy, other: Policy) -> bool:
        """Whether two policies read other days, because instants lie in other zones."""
        tables: tuple[Rows[Any] | None, ...] = (self.contracts, self.invoices)
        return self.zone(one) != self.zone(other) and any(rows and rows.has_times for rows in tables)

    def tables(self, policy: Policy) -> _core.Tables:
        """Return the tables with their days in the zone of the policy."""
        zone = self.zone(policy)
        return _core.Tables(self._table(self.contracts, zone), self._table(self.invoices, zone))

    def _table(self, rows: Rows[Table] | None, zone: str | None) -> Table | None:
        return None if rows is None else rows.table(zone, refuse_subminor=self.refuse_subminor)

    def read_by(self, tables: _core.Tables, policy: Policy) -> Rows[Any]:
        """Return the table that a book of this policy reads."""
        rows = self.invoices if tables.reads_invoices(policy._core) else self.contracts
        assert rows is not None, "Tables refuses to hold nothing"
        return rows


def zone_of(policy: Policy) -> str | None:
    """Return the zone that a policy names, if it names one."""
    zone = policy.options()["timezone"]
    return None if zone == _NO_ZONE else zone


def segments(by: str | Sequence[str]) -> tuple[str, ...]:
    """Return the names of segment columns; ``E_COLUMN_RESERVED`` for one that results have already."""
    names = (by,) if isinstance(by, str) else tuple(by)
    for name in names:
        if name in _RESULT_COLUMNS or name.removesuffix("_customers") in _RESULT_COLUMNS:
            message = f"segment {name!r} has the name of a column of the results"
            hint = "Rename the column: a result could not hold both."
            raise OptionError(message, code="E_COLUMN_RESERVED", value=name, hint=hint)
    return names


def discount_columns(**given: Columns) -> list[tuple[str | None, ...]]:
    """Pair up the columns of each discount by position: percent, amount, duration, until.

    Raises
    ------
    OptionError
        ``E_DISCOUNT_COLUMNS`` if the lists differ in length, or a discount has neither percentage nor amount.
    """
    listed = {name: [held] if isinstance(held, str) else list(held) for name, held in given.items() if held}
    if not listed:
        return []
    sizes = {len(held) for held in listed.values()}
    if len(sizes) > 1:
        shown = ", ".join(f"{name} names {len(held)}" for name, held in listed.items())
        message = f"columns of discounts pair up by position, but {shown}"
        hint = "Give lists of one length, with None where a discount has no such column."
        raise OptionError(message, code="E_DISCOUNT_COLUMNS", hint=hint)
    none: list[str | None] = [None] * sizes.pop()
    paired = list(zip(*(listed.get(name, none) for name in given), strict=True))
    for number, (percent, amount, *_) in enumerate(paired, 1):
        if percent is None and amount is None:
            message = f"discount {number} has neither a column of percentages nor one of amounts"
            hint = "Name one in discount_percent or discount_amount."
            raise OptionError(message, code="E_DISCOUNT_COLUMNS", hint=hint)
    return paired
