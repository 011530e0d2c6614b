"""Numbers and dates as people read them: true minus, thin spaces, as many digits as help."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from ..markup import number

NARROW = "\u202f"
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "ILS": "₪", "UAH": "₴"}
_SCALES = ((1e9, "bn"), (1e6, "M"), (1e3, "k"), (1.0, ""))
_WORDS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
UNDEFINED = "n/a"


def symbol(currency: str | None) -> str:
    """Return the sign of a currency, its code when it has none, or nothing when it is not known."""
    return _SYMBOLS.get(currency or "", currency or "")


def scale(largest: float) -> tuple[float, str]:
    """Return divisor and suffix (``k``, ``M``) that leave one to four digits before the point."""
    return next(((size, mark) for size, mark in _SCALES if abs(largest) >= size), (1.0, ""))


def money(value: float | None, currency: str | None, *, sign: bool = False) -> str:
    """Return ``€ 4.78 M``: three significant digits; whole units from 100 to 9,999, cents below 100."""
    if value is None:
        return UNDEFINED
    size, mark = scale(value) if abs(value) >= 9_999.5 else (1.0, "")
    digits = 0 if not mark else 2 if abs(value) < 9.995 * size else 1 if abs(value) < 99.95 * size else 0
    cents = abs(value - round(value)) >= 0.005
    if not mark and 0 < abs(value) < (100 if cents else 10):
        digits = 2
    text = number(value / size, digits, sign=sign)
    # The sign of the amount stands before the currency: −€ 41 k.
    lead = text[0] if text[0] in "+\u2212" else ""
    parts = (symbol(currency), text[len(lead) :], mark)
    return lead + NARROW.join(part for part in parts if part)


def percent(value: float | None, digits: int = 1, *, sign: bool = False) -> str:
    """Return a share as ``94.7 %``."""
    return UNDEFINED if value is None else f"{number(value * 100, digits, sign=sign)}{NARROW}%"


def points(value: float | None, digits: int = 1) -> str:
    """Return a difference of shares as ``−3.0 pt``."""
    return UNDEFINED if value is None else f"{number(value * 100, digits, sign=True)}{NARROW}pt"


def count(value: float) -> str:
    """Return a whole number with thousands commas."""
    return number(value, 0)


def counted(value: int, noun: str) -> str:
    """Return ``1 customer``, ``37 customers``."""
    return f"{count(value)} {noun}{'' if value == 1 else 's'}"


def readable(name: str) -> str:
    """Return a column name as words: ``plan_tier`` is the plan tier."""
    return name.replace("_", " ").strip() or name


def headed(text: str) -> str:
    """Return a text with a capital first letter, for the head of a table."""
    return text[:1].upper() + text[1:]


def word(value: int) -> str:
    """Return small whole numbers as words, as running text wants them."""
    return _WORDS[value] if 0 <= value < len(_WORDS) else count(value)


def month(day: date) -> str:
    """Return ``June 2025``."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def month_code(day: date) -> str:
    """Return ``2025-06``."""
    return f"{day.year:04d}-{day.month:02d}"


def long_day(day: date) -> str:
    """Return ``30 Jun 2025``."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def month_end(day: date) -> date:
    """Return the last day of the month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def shift(day: date, months: int) -> date:
    """Return the first day of the month that lies `months` later."""
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def iso(value: object) -> object:
    """Return a day as its ISO text, anything else as it is."""
    return value.isoformat() if isinstance(value, date) else value
