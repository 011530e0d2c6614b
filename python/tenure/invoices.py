"""Invoice lines as the source of MRR."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypedDict

from . import _core
from .rows import KEYS, KNOWN_DAYS, Parts, Rows, segments

Interval = Literal["day", "week", "four_week", "month", "quarter", "half_year", "year"]


class InvoiceColumns(TypedDict, total=False):
    """Keywords of `Invoices`."""

    customer: str
    service_start: str
    service_end: str
    amount: str
    tax: str | None
    discount: str | None
    discount_duration: str | None
    kind: str | None
    prorated: str | None
    interval: Interval | None
    interval_column: str | None
    interval_count: int
    interval_count_column: str | None
    paid_on: str | None
    recorded: str | None
    superseded: str | None
    id: str | None
    version: str | None
    invoiced: str | None
    purchased: str | None
    subscription: str | None
    product: str | None
    currency: str | None
    currency_column: str | None
    by: str | Sequence[str]
    timezone: str | None


class Invoices(Rows[_core.InvoiceTable]):
    """Invoice lines: what was billed to whom for which service period.

    ``MRR of a line = (amount - tax) / intervals in it * intervals in a month``, from the first to the last
    day of its service period.

    Parameters
    ----------
    frame
        Any frame that `Book` takes.
    customer
        Column of customer ids.
    service_start, service_end
        Columns of the first day of the service period and the first day after it.
    amount
        Column of what the line bills, tax included, in major units; negative for credits and refunds.
    tax, discount
        Columns of the tax in the amount and of what the line was discounted by (the amount is what is left).
    discount_duration
        Column of ``forever`` (null), ``repeating`` or ``once``: how long the discount applies.
    kind
        Column of ``recurring`` (null), ``usage``, ``one_time``, ``credit`` or ``refund``.
    prorated
        Column of booleans: whether the line bills a part of its interval.
    interval, interval_count
        How often the price behind all lines is billed. Left out, the service period is the interval, and a
        month that of a prorated line.
    interval_column, interval_count_column
        Columns that say so for each line.
    paid_on
        Column of the day a line was paid (null: not yet). Under ``mrr_source="payment"`` unpaid lines do not
        count; without the column every line counts as paid.
    recorded, superseded, id, version, invoiced, purchased
        Columns that say since when and until when a line is known, and days whose exchange rates it may be
        worth; see `Book`.
    subscription, product
        Columns of subscription ids and product names.
    currency, currency_column
        ISO 4217 code of all lines, or a column of codes.
    by
        Segment columns to cut results by.
    timezone
        Zone in which instants become dates; by default that of the book or its policy.

    Raises
    ------
    InputError
        ``E_COLUMN_MISSING`` and what else a frame can have wrong. Values are checked when a book reads them.

    Notes
    -----
    The lines stay where they are: a book keeps references to the columns, so that arrays must not be changed
    in place. How prorated lines are scaled: ChartMogul, "How MRR is calculated from prorated invoices".

    Examples
    --------
    >>> import tenure as tn
    >>> lines = {"who": ["ann"], "from": ["2024-01-01"], "to": ["2025-01-01"], "billed": [1200]}
    >>> names = {"customer": "who", "service_start": "from", "service_end": "to", "amount": "billed"}
    >>> invoices = tn.Invoices(lines, **names)
    >>> len(invoices)
    1
    >>> tn.Book.from_invoices(lines, **names, policy="chartmogul").mrr("2024-06-30")["mrr"].tolist()
    [100.0]
    """

    def __init__(
        self,
        frame: Any,
        *,
        customer: str,
        service_start: str,
        service_end: str,
        amount: str,
        tax: str | None = None,
        discount: str | None = None,
        discount_duration: str | None = None,
        kind: str | None = None,
        prorated: str | None = None,
        interval: Interval | None = None,
        interval_column: str | None = None,
        interval_count: int = 1,
        interval_count_column: str | None = None,
        paid_on: str | None = None,
        recorded: str | None = None,
        superseded: str | None = None,
        id: str | None = None,  # noqa: A002 - the role is called so in every table of versions
        version: str | None = None,
        invoiced: str | None = None,
        purchased: str | None = None,
        subscription: str | None = None,
        product: str | None = None,
        currency: str | None = None,
        currency_column: str | None = None,
        by: str | Sequence[str] = (),
        timezone: str | None = None,
    ) -> None:
        columns = {
            "customer": customer,
            "service_start": service_start,
            "service_end": service_end,
            "amount": amount,
            "tax": tax,
            "discount": discount,
            "discount_duration": discount_duration,
            "kind": kind,
            "prorated": prorated,
            "interval_column": interval_column,
            "interval_count_column": interval_count_column,
            "paid_on": paid_on,
            "recorded": recorded,
            "superseded": superseded,
            "id": id,
            "version": version,
            "invoiced": invoiced,
            "purchased": purchased,
            "subscription": subscription,
            "product": product,
            "currency_column": currency_column,
        }
        parts = Parts(
            columns,
            keys=KEYS,
            days=("service_start", "service_end", "paid_on", *KNOWN_DAYS),
            by=segments(by),
            fixed={"interval": interval, "interval_count": interval_count, "currency": currency},
        )
        super().__init__(frame, parts, _core.InvoiceRoles, _core.InvoiceTable)
        self._timezone = timezone

    def table(self, timezone: str | None, *, refuse_subminor: bool) -> _core.InvoiceTable:
        """Return the columns converted, days on the calendar of the zone of the lines, else of `timezone`."""
        return super().table(self._timezone or timezone, refuse_subminor=refuse_subminor)

    def __repr__(self) -> str:
        return f"Invoices({len(self):,} lines)"
