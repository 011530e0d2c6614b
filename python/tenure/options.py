"""Options as users write them, as the extension takes them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np

from .errors import OptionError


class Window(NamedTuple):
    """A run of periods: first and last day or month, unit, month in which the fiscal year begins."""

    first: str
    last: str
    period: str
    fiscal_start: int


def as_day(value: Any, name: str) -> str:
    """Return ``"2024-01"`` and ``"2024-01-31"`` as they are, dates as their ISO text."""
    if isinstance(value, str) and not (len(value) == 4 and value.isdigit()):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, np.datetime64):
        return str(value.astype("datetime64[D]"))
    hint = 'Write it as "2024-01" or "2024-01-31", or pass a date.'
    raise OptionError(
        f"{name}={value!r} is not a day", code="E_DATE_FORMAT", value=str(value)[:80], hint=hint
    )


def last_day_of(value: Any, name: str) -> str:
    """Return a day as its ISO text; of a month ``"2024-01"`` its last day."""
    text = as_day(value, name)
    if len(text) != len("2024-01"):
        return text
    try:
        month = date.fromisoformat(text + "-01")
    except ValueError:
        return text  # the engine says what is wrong with it
    next_month = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (next_month - timedelta(days=1)).isoformat()


def as_whole(value: Any, name: str) -> int:
    """Return a whole number; ``E_OPTION_TYPE`` for anything else."""
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return int(value)
    raise OptionError(
        f"{name}={value!r} is not a whole number",
        code="E_OPTION_TYPE",
        value=str(value)[:80],
        hint="Pass an int.",
    )


def as_decimal(money: str) -> bool:
    """Whether money leaves as decimal; ``E_MONEY`` for anything but ``float`` and ``decimal``."""
    if money not in {"float", "decimal"}:
        raise OptionError(
            f"money={money!r} is not known", code="E_MONEY", value=str(money), hint="Known: float, decimal."
        )
    return money == "decimal"


def one_of(value: str, name: str, known: tuple[str, ...], code: str) -> str:
    """Return `value` if it is known."""
    if value not in known:
        hint = f"Known: {', '.join(known)}."
        raise OptionError(f"{name}={value!r} is not known", code=code, value=str(value), hint=hint)
    return value
