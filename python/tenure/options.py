"""Options as users write them, as the extension takes them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
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


def date_of(value: Any, name: str) -> date:
    """Return a day, of a month its last; ``E_DATE_FORMAT``."""
    text = last_day_of(value, name)
    try:
        return date.fromisoformat(text)
    except ValueError:
        hint = 'Write it as "2024-01" or "2024-01-31", or pass a date.'
        message = f"{name}={value!r} is not a day"
        raise OptionError(message, code="E_DATE_FORMAT", value=str(value)[:80], hint=hint) from None


def as_whole(
    value: Any,
    name: str,
    *,
    low: int | None = None,
    high: int | None = None,
    code: str = "E_OPTION_TYPE",
    hint: str = "",
) -> int:
    """Return a whole number; ``E_OPTION_TYPE`` for anything else, `code` outside of `low` to `high`."""
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool):
        raise OptionError(
            f"{name}={value!r} is not a whole number",
            code="E_OPTION_TYPE",
            value=str(value)[:80],
            hint="Pass an int.",
        )
    number = int(value)
    if (low is None or number >= low) and (high is None or number <= high):
        return number
    limits = f"from {low} on" if high is None else f"up to {high}" if low is None else f"{low} to {high}"
    raise OptionError(
        f"{name}={_short(number)} is out of range",
        code=code,
        value=_short(number),
        hint=hint or f"Give {limits}.",
    )


def _short(number: int) -> str:
    """Digits of a number, few enough to read; Python refuses to print more than some thousands."""
    if abs(number) < 10**40:
        return str(number)
    return f"about {'-' if number < 0 else ''}2**{abs(number).bit_length() - 1}"


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
        message = f"{name}={value!r} is not known{meant(value, known)}"
        raise OptionError(message, code=code, value=str(value), hint=hint)
    return value


def meant(value: object, known: Iterable[str]) -> str:
    """Return ``; did you mean 'mase'?`` where a known word is near, whatever the case; else nothing."""
    words = {word.casefold(): word for word in known}
    near = difflib.get_close_matches(str(value).casefold(), words, n=1)
    return f"; did you mean '{words[near[0]]}'?" if near else ""


def as_number(value: Any, name: str) -> float:
    """Return a number, numpy's too; ``E_OPTION_TYPE`` for anything else, texts among them."""
    if hasattr(value, "__float__") and not isinstance(value, (bool, np.ndarray)):
        return float(value)
    raise OptionError(
        f"{name}={value!r} is not a number",
        code="E_OPTION_TYPE",
        value=str(value)[:80],
        hint="Pass an int or a float.",
    )


def as_seed(value: Any) -> int:
    """Return a seed; ``E_SEED`` outside of what 64 bits hold."""
    seed = as_whole(value, "seed")
    if 0 <= seed < 2**64:
        return seed
    hint = "Give a number from 0 to 2**64 - 1."
    raise OptionError(f"seed={seed} is out of range", code="E_SEED", value=str(seed)[:80], hint=hint)


Resampled = tuple[int, int, float]
"""Replicates, seed, confidence: what an interval of resampled customers is made with."""


def resampled(confidence: Any, replicates: Any, seed: Any) -> Resampled:
    """Return how to resample; ``E_OPTION_TYPE``, ``E_SEED``, ``E_BOOTSTRAP`` beyond what can be counted."""
    times = as_whole(replicates, "replicates")
    if abs(times) >= 2**31:
        hint = "A thousand are usual."
        raise OptionError(
            f"replicates={times} is out of range", code="E_BOOTSTRAP", value=str(times)[:80], hint=hint
        )
    return times, as_seed(seed), as_number(confidence, "confidence")


def thread_count(threads: Any) -> int:
    """Return 0 for all threads of the machine; ``E_THREADS`` below 1."""
    if threads is None:
        return 0
    count = as_whole(threads, "threads")
    if count < 1:
        hint = "Leave it out for all threads of the machine."
        raise OptionError(f"threads={count} is not above 0", code="E_THREADS", value=str(count), hint=hint)
    return min(count, 2**16)


def as_lag(value: Any) -> int:
    """Return the lag of a naive forecast; ``E_LAG`` below 1 or beyond what can be counted."""
    lag = as_whole(value, "lag")
    if 1 <= lag < 2**31:
        return lag
    hint = "Use 1, or the periods of a season (12 for months, 4 for quarters)."
    what = "is below 1" if lag < 1 else "is out of range"
    raise OptionError(f"lag={lag} {what}", code="E_LAG", value=str(lag)[:80], hint=hint)


def as_most(value: Any, name: str = "most") -> int:
    """Return how many rows are wanted at most; ``E_OPTION_TYPE``, ``E_OPTION`` below 0."""
    return min(as_whole(value, name, low=0, code="E_OPTION"), 2**62)


def labels_of(by: str | Sequence[str] | None, taken: frozenset[str], name: str = "by") -> list[str]:
    """Names of columns as a list; ``E_COLUMN_DUPLICATE`` for one that the result has of its own."""
    columns = [by] if isinstance(by, str) else list(by or ())
    for at, column in enumerate(columns):
        if column in taken or column in columns[:at]:
            message = f"{name} names '{column}', which would be twice in the result"
            hint = "Rename the column, or name it once."
            raise OptionError(message, code="E_COLUMN_DUPLICATE", column=column, value=column, hint=hint)
    return columns


def wanted(*names: str | None) -> list[str]:
    """The columns that a call asks for, each once."""
    return list(dict.fromkeys(name for name in names if name is not None))
