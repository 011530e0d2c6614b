"""Events: one thing that happens to a subscription, as a user writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal, NoReturn

import numpy as np

from ._amounts import to_micros
from ._core import Event as CoreEvent
from .errors import Error, Fault, InputError, input_error
from .options import as_day, as_whole
from .reading import EPOCH, Day

__all__ = ["Event"]

Kind = Literal[
    "start",
    "change",
    "quantity",
    "discount",
    "pause",
    "resume",
    "cancel_request",
    "end",
    "payment_failed",
    "payment_recovered",
    "retracted",
]
_NUMBERS = ("sequence", "quantity", "interval_count")
_AMOUNTS = ("price", "discount_percent", "discount_amount")
DAYS = ("at", "recorded", "discount_until", "ends", "paid_through")


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happens to a subscription. What an event does not give stays as it was.

    Parameters
    ----------
    id
        Of the event: a whole number or a text. An event with the id of an earlier one and a higher `version`
        corrects it: it replaces it as a whole.
    customer, subscription
        Whose event it is. A subscription id under another customer is another subscription.
    kind
        ``start`` (needs `price`), ``change`` (of price, interval, quantity, product or discount),
        ``quantity``, ``discount``, ``pause``, ``resume``, ``cancel_request``, ``end``, ``payment_failed``,
        ``payment_recovered``; ``retracted`` takes the event of this id away and needs nothing else.
    at
        The day on which it takes effect. Those of one day take effect in the order of `sequence` if all of
        them have one; else start, payment_recovered, resume, change, quantity, discount, pause,
        payment_failed, cancel_request, end.
    recorded
        The day on which it was entered.
    sequence
        Its position in a feed that counts its events.
    price
        Major units per interval and unit of quantity.
    discount_percent, discount_amount, discount_duration, discount_until
        The discount from now on, in place of any other; 0 takes it off.
    ends
        Of a cancel request: when the subscription will end. Of a failed payment: when collection is given up.
    paid_through
        Of a pause, a cancel request or an end: the first day after the period that was paid for.

    Raises
    ------
    InputError
        ``E_KEY_NULL``, ``E_KEY_EMPTY``, ``E_KEY_TYPE``, ``E_VERSION_RANGE``, ``E_DATE_FORMAT``,
        ``E_DATE_NULL``, ``E_TZ_MISSING``, ``E_PERIOD_REVERSED``, ``E_AMOUNT_NULL``, ``E_AMOUNT_NEGATIVE``,
        ``E_QUANTITY_RANGE``, ``E_INTERVAL_COUNT``, ``E_DISCOUNT_RANGE``, ``E_EVENT_EMPTY``,
        ``E_CURRENCY_UNKNOWN``.
    OptionError
        ``E_ENUM``, ``E_INTERVAL``, ``E_OPTION_TYPE``.

    Examples
    --------
    >>> Event(id=1, customer="ann", subscription="s1", kind="start", at="2024-06-01", price=30).kind
    'start'
    """

    id: int | str
    version: int = 1
    customer: int | str | None = None
    subscription: int | str | None = None
    kind: Kind
    at: Day | None = None
    recorded: Day | None = None
    sequence: int | None = None
    price: float | Decimal | None = None
    interval: str | None = None
    interval_count: int | None = None
    quantity: int | None = None
    product: str | None = None
    discount_percent: float | Decimal | None = None
    discount_amount: float | Decimal | None = None
    discount_duration: Literal["forever", "repeating", "once"] = "forever"
    discount_until: Day | None = None
    ends: Day | None = None
    paid_through: Day | None = None
    currency: str | None = None
    _core: CoreEvent = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        retracted = self.kind == "retracted"
        if self.at is None and not retracted:
            _refuse("E_DATE_NULL", "at", "missing date", None, "Give the day on which it takes effect.")
        values: dict[str, Any] = {name: _day(getattr(self, name), name) for name in DAYS}
        values |= {name: _whole(getattr(self, name), name) for name in _NUMBERS}
        values |= {name: _micros(getattr(self, name), name) for name in _AMOUNTS}
        core = CoreEvent(
            id=_key(self.id, "id"),
            version=_whole(self.version, "version") or 0,
            customer=0 if retracted else _key(self.customer, "customer"),
            subscription=0 if retracted else _key(self.subscription, "subscription"),
            kind=self.kind,
            interval=self.interval,
            product=None if self.product is None else _text(self.product, "product"),
            discount_duration=self.discount_duration,
            currency=self.currency,
            **values,
        )
        object.__setattr__(self, "_core", core)

    def __reduce__(self) -> tuple[Callable[[dict[str, Any]], Event], tuple[dict[str, Any]]]:
        values = {name: getattr(self, name) for name in FIELDS}
        return _made, ({name: value for name, value in values.items() if value is not None},)


FIELDS = tuple(one.name for one in fields(Event) if one.init)


def _made(values: dict[str, Any]) -> Event:
    return Event(**values)


def event_of(stored: Mapping[str, Any]) -> Event:
    """Make the event that a live book holds; it counts days from 1970 and amounts in millionths."""
    values = dict(stored)
    for name in DAYS:
        if name in values:
            values[name] = EPOCH + timedelta(days=values[name])
    for name in _AMOUNTS:
        if name in values:
            values[name] = Decimal(values[name]).scaleb(-6)
    return Event(**values)


def as_event(given: Event | Mapping[str, Any]) -> Event:
    """Make an event of a mapping; an event is one already."""
    if isinstance(given, Event):
        return given
    if not isinstance(given, Mapping):
        shown = type(given).__name__
        raise input_error(f"an event is an Event or a mapping, not {shown}", code="E_TYPE", value=shown)
    check_fields(given)
    for name in ("id", "kind"):
        if given.get(name) is None:
            _refuse(
                "E_KEY_NULL", name, f"an event without {name}", None, "Give every event an id and a kind."
            )
    return Event(**given)


def as_events(events: Sequence[Any]) -> list[Event]:
    """Make events of mappings; faults name the position."""
    made = []
    for row, one in enumerate(events):
        try:
            made.append(as_event(one))
        except Error as error:
            error.row = row
            error.faults = tuple(Fault(**{**fault._asdict(), "row": row}) for fault in error.faults)
            raise
    return made


def check_fields(names: Mapping[str, Any]) -> None:
    """Refuse names that no value of an event has: ``E_COLUMN_MISSING``."""
    for name in names:
        if name not in FIELDS:
            hint = f"Known: {', '.join(FIELDS)}."
            message = f"an event has no '{name}'"
            raise InputError(message, code="E_COLUMN_MISSING", column=name, value=str(name), hint=hint)


def _refuse(code: str, column: str, message: str, value: Any, hint: str) -> NoReturn:
    raise input_error(
        message, code=code, column=column, value=None if value is None else str(value)[:80], hint=hint
    )


def _text(value: str, name: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        what = "is no text: it holds a lone surrogate"
        _refuse("E_KEY_UTF8", name, what, ascii(value), "Decode it with the encoding it was written in.")
    return value


def _key(value: Any, name: str) -> int | str:
    if isinstance(value, str):
        return _text(value, name)
    if isinstance(value, int | np.integer) and not isinstance(value, bool) and -(2**63) <= value < 2**63:
        return int(value)
    if value is None:
        _refuse("E_KEY_NULL", name, f"missing {name} id", None, "Give every event its ids.")
    shown = type(value).__name__
    _refuse(
        "E_KEY_TYPE", name, f"is {shown}; expected text or a whole number", shown, "Use texts or 64-bit ints."
    )


def _day(value: Any, name: str) -> str | None:
    if value is None:
        return None
    moment = value.item() if isinstance(value, np.datetime64) else value
    if isinstance(moment, datetime) and (moment.tzinfo or moment.time() != time()):
        hint = 'Give its date where the business is: moment.astimezone(ZoneInfo("Europe/Berlin")).date().'
        _refuse("E_TZ_MISSING", name, "which date an instant is depends on the zone", value, hint)
    return as_day(value, name)


def _whole(value: Any, name: str) -> int | None:
    if value is None:
        return None
    number = as_whole(value, name)
    if not -(2**63) <= number < 2**63:
        _refuse("E_NUMBER_RANGE", name, f"{number} does not fit 64 bits", number, "Give a 64-bit number.")
    return number


def _micros(value: Any, name: str) -> int | None:
    if value is None:
        return None
    try:
        return to_micros(value)
    except InputError as error:
        error.column = name
        raise
