"""The table that somebody else published: its months and its lines of the bridge, from CSV or Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from .contents import quoted
from .errors import InputError
from .mapping import nearest
from .names import plain
from .settings import Request
from .sources import opened

# Names of columns in exports, as `plain` writes them.
_NAMES: dict[str, tuple[str, ...]] = {
    "month": ("month", "period", "date", "monthstart", "startdate", "day"),
    "mrr": (
        "mrr", "totalmrr", "monthlyrecurringrevenue", "mrrtotal", "mrrattheend", "endingmrr", "closingmrr",
        "closing",
    ),
    "new": ("new", "newmrr", "newbusiness", "newbusinessmrr", "mrrnew", "mrrnewbusiness"),
    "expansion": ("expansion", "expansionmrr", "mrrexpansion", "upgrades", "upgrademrr"),
    "contraction": ("contraction", "contractionmrr", "mrrcontraction", "downgrades", "downgrademrr"),
    "churn": ("churn", "churnmrr", "churnedmrr", "mrrchurn", "cancellations", "cancellationmrr"),
    "reactivation": ("reactivation", "reactivationmrr", "mrrreactivation", "reactivations"),
}  # fmt: skip


def read(file: Path, given: Mapping[str, str | None]) -> tuple[dict[str, list[Any]], dict[str, str]]:
    """Return the columns that were found, as texts for `tenure.theirs`, and their names by what they are.

    Raises
    ------
    tenure.Error
        ``E_COLUMN_MISSING`` where months or amounts are not found, ``E_NO_ROWS``, and whatever reading the
        file may raise.
    """
    with duckdb.connect() as connection:
        _, kinds = opened(connection, Request(file, None, {}, {}, Path()))
        lines = _lines(list(kinds), given, file)
        listed = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" for name in lines.values())
        rows = connection.execute(f"SELECT {listed} FROM given").fetchall()
    if not rows:
        message, hint = f"no rows in {file.name}: it has a header and nothing below", "Export it again."
        raise InputError(message, code="E_NO_ROWS", value=file.name, hint=hint)
    held = {name: [row[place] for row in rows] for place, name in enumerate(lines.values())}
    return held, lines


def _lines(columns: list[str], given: Mapping[str, str | None], file: Path) -> dict[str, str]:
    by_plain = {plain(name): name for name in reversed(columns)}
    found: dict[str, str] = {}
    for line, names in _NAMES.items():
        asked = given.get(line)
        if asked is not None and asked not in columns:
            raise InputError(
                f"{line}: no column {asked!r} in {file.name}{nearest(asked, columns)}",
                code="E_COLUMN_MISSING",
                value=asked,
                hint=f"There are {', '.join(columns)}.",
            )
        hit = asked or next((by_plain[name] for name in names if name in by_plain), None)
        if hit is not None and hit not in found.values():
            found[line] = hit
    for line in ("month",) if len(found) > 1 else ("month", "mrr"):
        if line not in found:
            raise InputError(
                f"cannot tell which column of {file.name} holds the {line}; there are {', '.join(columns)}",
                code="E_COLUMN_MISSING",
                column=line,
                hint=f"Name it: --{line} COLUMN",
            )
    return found
