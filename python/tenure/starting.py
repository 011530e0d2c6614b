"""The first ``tenure.toml`` of a file: every guess with its reason, every other key as a comment."""

from __future__ import annotations

import json
import os
from pathlib import Path

import duckdb

from . import output, terminal
from .errors import FileError
from .mapping import Columns
from .names import NAMES
from .settings import Request
from .sources import mapped, opened

_REPORT = """
[report]
# company = "Acme"
# title = "..."                 # instead of the finding of the month
# first = "2023-01"             # months to show; by default the last 36 complete ones
# last = "2024-12"
# as_of = "2024-12-31"          # day up to which the data are known
# known_at = "2024-12-31"       # only what was recorded until then
# restated_since = "2024-11-30" # what has changed since that day
# reporting_currency = "EUR"    # what the figures are in, with rates
# policy = "standard"            # or "stripe", "chartmogul" ...: tenure policies lists them
# compare = "stripe,chartmogul" # two definitions to reconcile in the report, or "none"
# timezone = "Europe/Berlin"    # needed if days come with a time
# on_reversed = "drop"          # leave out rows that end before they start
"""


def write(file: Path, to: Path, encoding: str | None) -> None:
    """Write the settings for `file` to `to`, which must not be there yet."""
    if to.exists():
        raise FileError(f"{str(to)!r} is already there; name another with -o", code="E_IO_WRITE")
    with duckdb.connect() as connection:
        _, kinds = opened(connection, Request(file, None, {}, {}, Path(), encoding))
        columns, _ = mapped(connection, kinds, {}, required=())
    output.write_text(to, settings(os.path.relpath(file, to.parent), columns, encoding))
    terminal.say(f"wrote {to}: check it, then run tenure report {to}")


def settings(file: str, columns: Columns, encoding: str | None = None) -> str:
    """Return the text of the file."""
    shown = _text(encoding or "latin-1")
    lines = [
        "# How tenure reads the subscriptions. Check what was guessed from the names of the columns.",
        "[source]",
        f"file = {_text(file)}",
        "# sql = \"SELECT * FROM 'rows.csv'\"   # instead of file",
        f"{'' if encoding else '# '}encoding = {shown}",
        '# rates = "eurofxref-hist.csv"   # exchange rates, for rows of several currencies',
        "",
        "[columns]",
    ]
    for role in NAMES:
        held = columns.names.get(role, columns.fixed.get(role))
        why = "assumed: no column found" if role in columns.assumed else "guessed"
        lines.append(f'# {role} = "..."' if held is None else f"{role} = {_text(held)}   # {why}")
    lines.append(f"by = [{', '.join(map(_text, columns.by))}]   # segments")
    if columns.unused:
        lines.append(f"# not used: {', '.join(map(_text, columns.unused))}")
    return "\n".join(lines) + "\n" + _REPORT


def _text(value: str) -> str:
    """A TOML string; JSON writes the same escapes."""
    return json.dumps(value, ensure_ascii=False)
