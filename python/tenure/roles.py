"""Columns of a table beside the rows, such as spend or calls: named, or found by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from .contents import literal, quoted
from .errors import Fault, InputError
from .frames import column_names
from .markup import clean
from .names import plain
from .settings import present
from .sources import DECIMAL, as_days, as_numbers

_PLAIN = re.compile(DECIMAL, re.ASCII)
Roles = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Taken:
    """The columns of a table by role; `doubts` are others that a role could have had, `unused` all others."""

    table: str
    names: dict[str, str]
    guessed: list[str]
    doubts: dict[str, list[str]]
    unused: list[str]

    def drop(self, role: str) -> None:
        """Leave a guessed column unused after all."""
        self.unused.append(self.names.pop(role))
        self.guessed.remove(role)
        self.doubts.pop(role, None)

    def words(self) -> list[str]:
        """What was guessed, what is not used and what could be otherwise, a line each."""
        shown = ", ".join(f"{role}={self.names[role]}" for role in self.guessed)
        lines = [f"{self.table}: guessed from the names of the columns: {shown}"] if shown else []
        if self.unused:
            lines.append(f"{self.table}: columns not used: {', '.join(self.unused)}")
        for role, others in self.doubts.items():
            could = " or ".join(others)
            lines.append(
                f"warning: {self.table}: {role} may also be {could}; {self.names[role]} was taken "
                f"({flag(self.table, role)} to change)"
            )
        return lines


def flag(table: str, role: str) -> str:
    """The option of the command line that names a column."""
    return f"--{table}-{role.replace('_', '-')}"


def taken(
    frame: Any,
    table: str,
    roles: Roles,
    needed: Sequence[str],
    given: Mapping[str, str | None] | None = None,
) -> Taken:
    """Return which columns of a frame are what; roles that `given` does not name are found by names.

    Raises
    ------
    tenure.Error
        ``E_COLUMN_MISSING`` where no column is found for a role of `needed`.
    """
    held = [str(name) for name in column_names(frame) or []]
    by_plain = {plain(name): name for name in reversed(held)}
    names = {role: name for role, name in (given or {}).items() if name is not None}
    guessed: list[str] = []
    doubts: dict[str, list[str]] = {}
    for role in [role for role in roles if role not in names]:
        hits = [by_plain[name] for name in roles[role] if name in by_plain]
        hits = [name for name in hits if name not in names.values()]
        if hits:
            names[role] = hits[0]
            guessed.append(role)
        if len(hits) > 1:
            doubts[role] = hits[1:]
    missing = [role for role in needed if role not in names]
    if missing:
        raise InputError(
            f"{table}: cannot tell which column holds the {' and the '.join(missing).replace('_', ' ')}; "
            f"there are {', '.join(held) or 'no columns'}",
            code="E_COLUMN_MISSING",
            column=missing[0],
            hint="Name it: " + " ".join(f"{flag(table, role)} COLUMN" for role in missing),
        )
    return Taken(table, names, guessed, doubts, [name for name in held if name not in names.values()])


def table_of(path: Path) -> Any:
    """Return the rows of a CSV or Parquet file; those of a CSV are text until `typed`.

    Raises
    ------
    tenure.Error
        ``E_IO_OPEN``, ``E_CSV``, ``E_PARQUET``.
    """
    present(path)
    parquet = path.suffix.lower() in (".parquet", ".pq")
    reader = "read_parquet" if parquet else "read_csv"
    # A number that DuckDB guesses loses its zeros, a date its order: 07/01/2023 reads both ways.
    how = "" if parquet else ", header=true, null_padding=true, all_varchar=true"
    try:
        return duckdb.connect().sql(f"FROM {reader}({literal(str(path))}{how})").to_arrow_table()
    except duckdb.Error as fault:
        first = str(fault).strip().splitlines()[0][:300]
        code = "E_PARQUET" if parquet else "E_CSV"
        raise InputError(f"'{path}': {first}", code=code, value=str(path)) from fault


def typed(
    table: Any,
    names: Mapping[str, str],
    *,
    days: Sequence[str] = (),
    numbers: Sequence[str] = (),
    truths: Sequence[str] = (),
) -> Any:
    """Return a table of `table_of` with its texts as what their roles are, where all are plain ones.

    A day that is not written as ISO stays text, so that it is refused with its row instead of guessed.

    Raises
    ------
    tenure.Error
        ``E_AMOUNT_TEXT`` for a number that is not a plain decimal, as a book refuses it.
    """
    connection = duckdb.connect()
    connection.register("given", table)
    kinds = {str(row[0]): str(row[1]) for row in connection.execute("DESCRIBE given").fetchall()}
    role_of = {name: role for role, name in names.items()}
    selected = []
    for name, kind in kinds.items():
        role, column = role_of.get(name), quoted(name)
        if kind == "VARCHAR" and role in days:
            column = as_days(connection, name)
        elif kind == "VARCHAR" and role in numbers:
            _refuse_odd(table.column(name).to_pylist(), name)
            column = as_numbers(connection, name)
        elif kind == "VARCHAR" and role in truths:
            known = {str(value).lower() for value in table.column(name).to_pylist()} <= {
                "none",
                "true",
                "false",
            }
            column = f"CAST({column} AS BOOLEAN) AS {column}" if known else column
        selected.append(column)
    return connection.sql(f"SELECT {', '.join(selected)} FROM given").to_arrow_table()


def _refuse_odd(values: Sequence[str | None], column: str) -> None:
    odd = [
        (row, value)
        for row, value in enumerate(values)
        if value is not None and not _PLAIN.fullmatch(value.strip())
    ]
    if not odd:
        return
    faults = [
        Fault(
            "E_AMOUNT_TEXT", f"'{clean(text[:40])}' is not a plain decimal", column, row, text, _remedy(text)
        )
        for row, text in odd[:20]
    ]
    first = faults[0]
    raise InputError(
        first.what, code=first.code, column=column, row=first.row, value=first.value, hint=first.hint,
        faults=faults, count=len(odd),
    )  # fmt: skip


def _remedy(text: str) -> str:
    if "," in text:
        return "Remove thousands separators and write the decimals after a point."
    if text.strip().endswith("%"):
        return "Write 40 % as 0.4."
    return "Remove currency symbols, letters and blanks; amounts are in the currency of the report."
