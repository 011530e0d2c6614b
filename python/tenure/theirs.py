"""Somebody else's table: figures by month, from any frame."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any, NamedTuple

import numpy as np

from .errors import InputError, OptionError
from .frames import check_names, unwrapped
from .reading import EPOCH

_MONTH = re.compile(r"^([0-9]{4}-[0-9]{2})(?:(-[0-9]{2})([T ].*)?)?$")
_LOSSES = frozenset({"contraction", "churn"})
_MOST = Decimal(2**63) / 12_000_000


class Figure(NamedTuple):
    """One figure: first day of the month (since 1970-01-01), line of the bridge, millionths a month."""

    month: int
    line: str
    micros: int


def read_figures(frame: Any, month: str, lines: Mapping[str, str | None]) -> list[Figure]:
    """Return the figures of a table; what is null is not there. Losses may be negative throughout.

    Raises
    ------
    InputError
        ``E_COLUMN_MISSING``, ``E_DATE_FORMAT``, ``E_MONTH_DUPLICATE``, ``E_AMOUNT_TEXT``, ``E_AMOUNT_RANGE``.
    OptionError
        ``E_MATCH`` if no line was named.
    """
    named = {line: column for line, column in lines.items() if column is not None}
    if not named:
        hint = "Name the column of MRR, or of a movement: mrr=, new=, churn=, ..."
        raise OptionError("there is no column to compare with", code="E_MATCH", hint=hint)
    held = columns_of(frame, [month, *named.values()])
    months = _months(held[month], month)
    figures = []
    for line, column in named.items():
        amounts = [_micros(value, column, row) for row, value in enumerate(held[column])]
        present = [amount for amount in amounts if amount is not None]
        sign = -1 if line in _LOSSES and present and max(present) <= 0 else 1
        figures += [
            Figure(day, line, sign * amount)
            for day, amount in zip(months, amounts, strict=True)
            if day is not None and amount is not None
        ]
    return sorted(figures)


def columns_of(frame: Any, wanted: Sequence[str]) -> dict[str, list[Any]]:
    """Return columns of any frame as lists."""
    frame = unwrapped(frame, wanted)
    if isinstance(frame, Mapping):
        check_names(list(frame), wanted)
        return {name: list(frame[name]) for name in wanted}
    import narwhals

    if hasattr(frame, "project") and hasattr(frame, "to_arrow_table"):
        frame = frame.to_arrow_table()
    table = narwhals.from_native(frame, eager_only=True)
    check_names(table.columns, wanted)
    return {name: table.get_column(name).to_list() for name in wanted}


def _months(values: Sequence[Any], column: str) -> list[int | None]:
    months: list[int | None] = []
    for row, value in enumerate(values):
        day = None if _missing(value) else _first_day(value, column, row)
        if day is not None and day in months:
            shown = str(value)[:80]
            hint = "Give one row a month."
            message = f"the month of {shown} is there twice"
            raise InputError(
                message, code="E_MONTH_DUPLICATE", column=column, row=row, value=shown, hint=hint
            )
        months.append(day)
    return months


def _first_day(value: Any, column: str, row: int) -> int:
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[D]").item()
    if isinstance(value, datetime):
        value = value.date()
    shown = str(value)[:80]
    if isinstance(value, str) and (match := _MONTH.match(value.strip())):
        with suppress(ValueError):  # there is no such day
            value = date.fromisoformat(match[1] + (match[2] or "-01"))
    if isinstance(value, date):
        return (value.replace(day=1) - EPOCH).days
    hint = "Write months as 2024-06 or 2024-06-30."
    raise InputError(
        f"'{shown}' is not a month", code="E_DATE_FORMAT", column=column, row=row, value=shown, hint=hint
    )


def _micros(value: Any, column: str, row: int) -> int | None:
    if _missing(value):
        return None
    shown = str(value)[:80]
    try:
        amount = Decimal(shown.strip())
    except InvalidOperation as fault:
        hint = "Give plain numbers, without thousands separators and currency signs."
        raise InputError(
            f"'{shown}' is not an amount",
            code="E_AMOUNT_TEXT",
            column=column,
            row=row,
            value=shown,
            hint=hint,
        ) from fault
    if not amount.is_finite() or abs(amount) >= _MOST:
        message = f"{shown} is no amount that can be compared"
        hint = f"Give finite amounts a month, below {_MOST:,.0f}."
        raise InputError(message, code="E_AMOUNT_RANGE", column=column, row=row, value=shown, hint=hint)
    return int((amount * 1_000_000).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def _missing(value: Any) -> bool:
    nan = isinstance(value, float) and math.isnan(value)
    return value is None or nan or (isinstance(value, str) and not value.strip())
