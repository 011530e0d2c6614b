"""Which column is the customer, the start, the amount: given by the user, or guessed from names and shown."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .errors import InputError
from .names import CURRENCIES, NAMES, SEGMENTS, UNITS, currency_in, plain, term_in, unit

REQUIRED = ("customer", "start", "amount")
_MOST_SEGMENTS = 2
_VALUES = ("interval", "interval_count", "currency")


@dataclass(frozen=True)
class Used:
    """What one role was read from: a column, or a fixed value such as ``month``.

    `guessed` from a name; `assumed` because there was nothing to guess from.
    """

    role: str
    shown: str
    guessed: bool = False
    assumed: bool = False


@dataclass
class Columns:
    """Names by role; `by` are the segments, `fixed` the roles that hold a value instead of a column."""

    names: dict[str, str] = field(default_factory=dict)
    by: list[str] = field(default_factory=list)
    fixed: dict[str, str] = field(default_factory=dict)
    guessed: set[str] = field(default_factory=set)
    assumed: set[str] = field(default_factory=set)
    unused: list[str] = field(default_factory=list)

    def book_arguments(self) -> dict[str, Any]:
        """Keyword arguments of `Book`."""
        out: dict[str, Any] = {
            f"{role}_column" if role in _VALUES else role: name for role, name in self.names.items()
        }
        # The book can be cut by its product without being told so.
        segments = [name for name in self.by if name != self.names.get("product")]
        if "interval_count" in self.fixed:
            out["interval_count"] = int(self.fixed["interval_count"])
        return {**self.fixed, **out, "by": segments}

    def used(self) -> list[Used]:
        """Lines for the data notes, in the order of the roles."""
        held = {**self.names, **self.fixed}
        out = [
            Used(role, held[role], role in self.guessed, role in self.assumed)
            for role in NAMES
            if role in held
        ]
        return [*out, *(Used("segment", name, "by" in self.guessed) for name in self.by)]


def nearest(name: str, among: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?``, or the names there are."""
    names = list(among)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    close = close or [there for there in names if plain(there) == plain(name)]
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(names) or 'no columns'}"


def resolve(
    columns: Sequence[str],
    given: Mapping[str, str | Sequence[str] | None],
    *,
    required: Sequence[str] = REQUIRED,
    unfit: Collection[str] = (),
) -> Columns:
    """Return names by role: what was given, checked against `columns`, and guesses for the rest.

    Columns in `unfit` are not guessed.

    Raises
    ------
    tenure.Error
        ``E_COLUMN_MISSING``: a given name is not among the columns, or required roles cannot be guessed.
    """
    found = Columns()
    for role, value in given.items():
        if value is not None and role != "by":
            _take(found, role, str(value), columns)
    _guess(found, [name for name in columns if name not in unfit])
    missing = [role for role in required if role not in found.names]
    if missing:
        raise InputError(
            f"cannot tell which {'column holds' if len(missing) == 1 else 'columns hold'} the "
            f"{' and the '.join(missing)}; there are {', '.join(columns) or 'no columns'}",
            code="E_COLUMN_MISSING",
            column=missing[0] if len(missing) == 1 else None,
            hint="Name it: " + " ".join(f"--{role} COLUMN" for role in missing),
        )
    _segments(found, columns, given.get("by"))
    taken = {*found.names.values(), *found.by}
    found.unused = [name for name in columns if name not in taken]
    return found


def _take(found: Columns, role: str, value: str, columns: Sequence[str]) -> None:
    """A name the user gave: a column, or for interval and currency the value itself."""
    if value in columns:
        found.names[role] = value
        return
    means = {
        "interval": unit(value),
        "currency": value.upper() if value.upper() in CURRENCIES else None,
        "interval_count": value if value.isdecimal() else None,
    }.get(role)
    if means is None:
        also = f" and is none of the units {', '.join(UNITS)}" if role == "interval" else ""
        also = " and is no currency code" if role == "currency" else also
        raise InputError(
            f"{role}: no column {value!r}{also}{nearest(value, columns)}",
            code="E_COLUMN_MISSING",
            value=value,
        )
    found.fixed[role] = means


def _guess(found: Columns, columns: Sequence[str]) -> None:
    by_plain = {plain(name): name for name in reversed(columns)}
    taken = set(found.names.values())
    for role, names in NAMES.items():
        if role in found.names or role in found.fixed or not _wanted(found, role):
            continue
        hits = (by_plain[name] for name in names if name in by_plain)
        hit = next((name for name in hits if name not in taken), None)
        if hit is not None:
            found.names[role] = hit
            found.guessed.add(role)
            taken.add(hit)
    amount = found.names.get("amount", "")
    if "interval" not in found.names and "interval" not in found.fixed:
        said = term_in(amount)
        found.fixed["interval"] = said or "month"
        (found.guessed if said else found.assumed).add("interval")
    code = currency_in(amount)
    if code and "currency" not in found.names and "currency" not in found.fixed:
        found.fixed["currency"] = code
        found.guessed.add("currency")


def _wanted(found: Columns, role: str) -> bool:
    # An amount called MRR or ARR is the whole amount of a fixed interval: seats, billing term and discounts
    # are in it.
    whole = term_in(found.names.get("amount", "")) is not None
    if role in ("interval", "quantity", "invoiced_quantity", "discount_percent", "discount_amount"):
        return not whole
    if role in ("discount_duration", "discount_until"):
        return "discount_percent" in found.names or "discount_amount" in found.names
    # Without the day on which a row was entered nothing else says what was known when.
    if role in ("superseded", "id"):
        return "recorded" in found.names
    if role == "version":
        return "id" in found.names
    return role != "interval_count" or "interval" in found.names


def _segments(found: Columns, columns: Sequence[str], given: str | Sequence[str] | None) -> None:
    if given is not None:
        names = [part.strip() for part in given.split(",")] if isinstance(given, str) else list(given)
        for name in filter(None, names):
            if name not in columns:
                raise InputError(
                    f"by: no column {name!r}{nearest(name, columns)}",
                    code="E_COLUMN_MISSING",
                    value=name,
                )
        found.by = list(dict.fromkeys(filter(None, names)))
        return
    order = {name: place for place, name in enumerate(SEGMENTS)}
    free = [name for name in columns if plain(name) in order and name not in found.names.values()]
    found.by = sorted(free, key=lambda name: order[plain(name)])[:_MOST_SEGMENTS]
    if found.by:
        found.guessed.add("by")
