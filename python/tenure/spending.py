"""Marketing spend of a frame or a file, its columns named or found by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from .contents import literal
from .economics import Spend
from .errors import InputError
from .frames import column_names
from .fx import Rates
from .names import plain
from .settings import present

# How the columns of spend are called; compared as `plain` writes them.
ROLES = {
    "date": ("date", "day", "month", "period", "spenton", "spentat", "spenddate"),
    "amount": ("amount", "spend", "cost", "costs", "spent"),
    "channel": ("channel", "source", "utmsource", "marketingchannel"),
    "kind": ("kind", "type", "category", "costtype"),
    "paid": ("paid", "ispaid"),
    "currency": ("currency", "currencycode", "curr"),
}


@dataclass(frozen=True)
class Taken:
    """The columns of spend by role; `doubts` are others that a role could have had, `unused` all others."""

    names: dict[str, str]
    guessed: list[str]
    doubts: dict[str, list[str]]
    unused: list[str]

    def words(self) -> list[str]:
        """What was guessed, what is not used and what could be otherwise, a line each."""
        shown = ", ".join(f"{role}={self.names[role]}" for role in self.guessed)
        lines = [f"spend: guessed from the names of the columns: {shown}"] if shown else []
        if self.unused:
            lines.append(f"spend: columns not used: {', '.join(self.unused)}")
        for role, others in self.doubts.items():
            could = " or ".join(others)
            lines.append(
                f"warning: spend: {role} may also be {could}; {self.names[role]} was taken "
                f"(--spend-{role} to change)"
            )
        return lines


def taken(frame: Any, given: Mapping[str, str | None] | None = None) -> Taken:
    """Return which columns of a frame are what; roles that `given` does not name are found by names.

    Raises
    ------
    tenure.Error
        ``E_COLUMN_MISSING`` where no column of days or amounts is found.
    """
    held = [str(name) for name in column_names(frame) or []]
    by_plain = {plain(name): name for name in reversed(held)}
    names = {role: name for role, name in (given or {}).items() if name is not None}
    guessed: list[str] = []
    doubts: dict[str, list[str]] = {}
    for role in [role for role in ROLES if role not in names]:
        hits = [by_plain[name] for name in ROLES[role] if name in by_plain]
        hits = [name for name in hits if name not in names.values()]
        if hits:
            names[role] = hits[0]
            guessed.append(role)
        if len(hits) > 1:
            doubts[role] = hits[1:]
    missing = [role for role in ("date", "amount") if role not in names]
    if missing:
        raise InputError(
            f"spend: cannot tell which column holds the {' and the '.join(missing)}; there are "
            f"{', '.join(held) or 'no columns'}",
            code="E_COLUMN_MISSING",
            column=missing[0],
            hint="Name it: " + " ".join(f"--spend-{role} COLUMN" for role in missing),
        )
    return Taken(names, guessed, doubts, [name for name in held if name not in names.values()])


def spend_of(
    frame: Any,
    given: Mapping[str, str | None] | None = None,
    *,
    currency: str | None = None,
    rates: Rates | None = None,
    say: Callable[[str], None] | None = None,
) -> Spend:
    """Return the spend of a frame, its columns as `taken` finds them; `say` is told which.

    Without a column of currencies all amounts are in `currency`; with one, `rates` turn them into it.

    Raises
    ------
    tenure.Error
        ``E_COLUMN_MISSING`` where no column of days or amounts is found, and what `Spend` raises.
    """
    if isinstance(frame, Spend):
        return frame
    found = taken(frame, given)
    if say is not None:
        for line in found.words():
            say(line)
    roles = dict(found.names)
    code = roles.pop("currency", None)
    money: dict[str, str | None] = {"currency": currency} if code is None else {"currency_column": code}
    if code is not None and (rates is not None or currency is not None):
        money["reporting_currency"] = currency
    columns: dict[str, Any] = {**roles, **money}
    return Spend(frame, rates=rates, **columns)


def read_spend(
    path: Path,
    given: Mapping[str, str | None],
    *,
    currency: str | None = None,
    rates: Rates | None = None,
    say: Callable[[str], None] | None = None,
) -> Spend:
    """Return the spend of a CSV or Parquet file; see `spend_of`.

    Raises
    ------
    tenure.Error
        ``E_IO_OPEN``, ``E_CSV``, ``E_PARQUET``, and what `spend_of` raises.
    """
    present(path)
    parquet = path.suffix.lower() in (".parquet", ".pq")
    reader = "read_parquet" if parquet else "read_csv"
    how = "" if parquet else ", header=true, null_padding=true"
    try:
        frame = duckdb.connect().sql(f"FROM {reader}({literal(str(path))}{how})").to_arrow_table()
    except duckdb.Error as fault:
        first = str(fault).strip().splitlines()[0][:300]
        code = "E_PARQUET" if parquet else "E_CSV"
        raise InputError(f"'{path}': {first}", code=code, value=str(path)) from fault
    return spend_of(frame, given, currency=currency, rates=rates, say=say)
