"""Options as users write them, as the extension takes them."""

from __future__ import annotations

from datetime import date, datetime
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
    if isinstance(value, str):
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
