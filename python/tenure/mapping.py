"""Which column is the customer, the start, the amount: given by the user, or guessed from names and shown."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .errors import InputError

UNITS = ("day", "week", "four_week", "month", "quarter", "half_year", "year")
REQUIRED = ("customer", "start", "amount")
# Names met in billing exports, most telling first; compared without case and punctuation.
NAMES: dict[str, tuple[str, ...]] = {
    role: tuple(names.split())
    for role, names in {
        "customer": "customer customerid account accountid client clientid user userid company companyid "
        "organization organizationid tenantid subscriberid",
        "start": "start startdate startedon startedat starton validfrom periodstart servicestart "
        "currentperiodstart begin begindate fromdate activatedat createdat",
        "end": "end enddate endedon endedat endon validto periodend serviceend currentperiodend todate "
        "canceldate canceledat cancelledat expiresat",
        "amount": "mrr mrramount monthlyamount monthlyprice amount unitprice price unitamount arr arramount "
        "annualamount fee value",
        "interval": "interval billinginterval billingperiod billingfrequency billingcycle term cadence",
        "quantity": "quantity qty",
        "subscription": "subscription subscriptionid",
        "product": "product productname productline productid",
        "currency": "currency currencycode",
    }.items()
}
SEGMENTS = ("plan", "plantier", "planname", "tier", "region", "country", "segment", "channel")
_MOST_SEGMENTS = 2
_MONTHLY = ("mrr", "monthly")
_YEARLY = ("arr", "annual", "yearly")


@dataclass(frozen=True)
class Used:
    """What one role was read from: a column, or a fixed value such as ``month``."""

    role: str
    shown: str
    guessed: bool = False


@dataclass
class Columns:
    """Names by role; `by` are the segments, `fixed` the roles that hold a value instead of a column."""

    names: dict[str, str] = field(default_factory=dict)
    by: list[str] = field(default_factory=list)
    fixed: dict[str, str] = field(default_factory=dict)
    guessed: set[str] = field(default_factory=set)

    def book_arguments(self) -> dict[str, Any]:
        """Keyword arguments of `Book`."""
        plain = ("customer", "start", "end", "amount", "quantity", "subscription", "product")
        out: dict[str, Any] = {role: self.names[role] for role in plain if role in self.names}
        out.update(
            {f"{role}_column": self.names[role] for role in ("interval", "currency") if role in self.names}
        )
        # The book can be cut by its product without being told so.
        segments = [name for name in self.by if name != self.names.get("product")]
        return {**out, **self.fixed, "by": segments}

    def used(self) -> list[Used]:
        """Lines for the data notes, in the order of the roles."""
        out = [Used(role, self.names[role], role in self.guessed) for role in NAMES if role in self.names]
        out += [Used(role, value, role in self.guessed) for role, value in self.fixed.items()]
        return [*out, *(Used("segment", name, "by" in self.guessed) for name in self.by)]


def plain(name: str) -> str:
    """Return a column name without case and punctuation."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def nearest(name: str, among: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?``, or the names there are."""
    names = list(among)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    close = close or [there for there in names if plain(there) == plain(name)]
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(names) or 'no columns'}"


def resolve(columns: Sequence[str], given: Mapping[str, str | Sequence[str] | None]) -> Columns:
    """Return names by role: what was given, checked against `columns`, and guesses for the rest.

    Raises
    ------
    tenure.Error
        ``E_COLUMN_MISSING``: a given name is not among the columns, or a required role cannot be guessed.
    """
    found = Columns()
    for role, value in given.items():
        if value is None or role == "by":
            continue
        _take(found, role, str(value), columns)
    _guess(found, columns)
    for role in REQUIRED:
        if role not in found.names:
            raise InputError(
                f"cannot tell which column holds the {role}; there are {', '.join(columns) or 'no columns'}",
                code="E_COLUMN_MISSING",
                column=role,
                hint=f"name it: --{role} COLUMN",
            )
    _segments(found, columns, given.get("by"))
    return found


def _take(found: Columns, role: str, value: str, columns: Sequence[str]) -> None:
    """A name the user gave: a column, or for interval and currency the value itself."""
    if value in columns:
        found.names[role] = value
    elif (role == "interval" and value in UNITS) or (role == "currency" and re.fullmatch("[A-Z]{3}", value)):
        found.fixed[role] = value
    else:
        also = f" and is none of the units {', '.join(UNITS)}" if role == "interval" else ""
        raise InputError(
            f"{role}: no column {value!r}{also}{nearest(value, columns)}",
            code="E_COLUMN_MISSING",
            value=value,
        )


def _guess(found: Columns, columns: Sequence[str]) -> None:
    by_plain = {plain(name): name for name in reversed(columns)}
    taken = set(found.names.values())
    for role, names in NAMES.items():
        if role in found.names or role in found.fixed:
            continue
        hit = next(
            (by_plain[name] for name in names if name in by_plain and by_plain[name] not in taken), None
        )
        if hit is not None and (role not in ("interval", "quantity") or _per_unit(found)):
            found.names[role] = hit
            found.guessed.add(role)
            taken.add(hit)
    if "interval" not in found.names and "interval" not in found.fixed:
        found.fixed["interval"] = (
            "year" if plain(found.names.get("amount", "")).startswith(_YEARLY) else "month"
        )
        found.guessed.add("interval")


def _per_unit(found: Columns) -> bool:
    # An amount called MRR or ARR is the whole amount of a fixed interval: seats and billing term are in it.
    return not plain(found.names.get("amount", "")).startswith(_MONTHLY + _YEARLY)


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
    held = sorted((name for name in columns if plain(name) in order), key=lambda name: order[plain(name)])
    found.by = held[:_MOST_SEGMENTS]
    if found.by:
        found.guessed.add("by")
