"""Exchange rates of a file: the one that the ECB publishes, or a table of date, from, to and rate."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from .contents import literal, quoted
from .errors import InputError
from .fx import Rates, load_ecb
from .names import CURRENCIES, plain
from .settings import present

# How the columns of a long table are called; compared as `plain` writes them.
_LONG = {
    "date": ("date", "day", "validfrom", "effectivedate"),
    "from": ("from", "fromcurrency", "source", "sourcecurrency", "basecurrency", "base"),
    "to": ("to", "tocurrency", "target", "targetcurrency", "quotecurrency", "quote"),
    "rate": ("rate", "exchangerate", "fxrate", "value"),
}
_SHAPES = "a column of days and one for each currency (the ECB's file), or the columns date, from, to, rate"


def read_rates(path: Path, reporting: str | None = None, *, max_days_back: int = 7) -> Rates:
    """Return the rates of a file.

    A table of date, from, to and rate says what one unit of `from` is worth in `to`; one currency is in every
    row, and if there are two such, it is `reporting`. A rate may be `max_days_back` days old.

    Raises
    ------
    tenure.Error
        ``E_IO_OPEN``; ``E_FX_FILE`` for another shape; ``E_FX_BASE`` where no currency is in every row; what
        `tenure.fx.Rates` refuses.
    """
    present(path)
    if path.suffix.lower() == ".zip":
        return load_ecb(path, max_days_back=max_days_back)
    frame = _table(path)
    columns = {plain(name): name for name in frame.columns}
    found = {role: _first(columns, names) for role, names in _LONG.items()}
    if all(found.values()):
        base, typed = _long(frame, {role: str(name) for role, name in found.items()}, path, reporting)
        return Rates(
            typed,
            base=base,
            from_currency="from_currency",
            to_currency="to_currency",
            max_days_back=max_days_back,
        )
    if _is_wide(frame.columns):
        return load_ecb(path, max_days_back=max_days_back)
    raise InputError(
        f"'{path}' holds the columns {', '.join(frame.columns)}; expected {_SHAPES}",
        code="E_FX_FILE",
        value=str(path),
        hint="Rename the columns of days, currencies and rates.",
    )


def _table(path: Path) -> Any:
    reader = "read_parquet" if path.suffix.lower() in (".parquet", ".pq") else "read_csv"
    how = "" if reader == "read_parquet" else ", all_varchar=true, header=true, null_padding=true"
    try:
        return duckdb.connect().sql(f"FROM {reader}({literal(str(path))}{how})")
    except duckdb.Error as fault:
        first = str(fault).strip().splitlines()[0][:300]
        raise InputError(f"'{path}': {first}", code="E_FX_FILE", value=str(path)) from fault


def _first(columns: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((columns[name] for name in names if name in columns), None)


def _is_wide(columns: list[str]) -> bool:
    return plain(columns[0]) == "date" and any(name.strip().upper() in CURRENCIES for name in columns[1:])


def _long(
    frame: Any, found: Mapping[str, str], path: Path, reporting: str | None
) -> tuple[str, duckdb.DuckDBPyRelation]:
    """The currency that is in every row, and the rows with the names that rates have."""
    one, other = (f"upper(trim(CAST({quoted(found[role])} AS VARCHAR)))" for role in ("from", "to"))
    day, rate = quoted(found["date"]), quoted(found["rate"])
    when = f"trim(CAST({day} AS VARCHAR))"
    typed = frame.project(f"{when} AS date, {one} AS from_currency, {other} AS to_currency, {rate} AS rate")
    pairs = typed.aggregate("from_currency, to_currency", "from_currency, to_currency").fetchall()
    shared = sorted(set.intersection(*({str(code) for code in pair} for pair in pairs))) if pairs else []
    if not shared:
        codes = sorted({str(code) for pair in pairs for code in pair})
        raise InputError(
            f"no currency of '{path}' is in every row" + (f": there are {', '.join(codes)}" if codes else ""),
            code="E_FX_BASE",
            value=str(path),
            hint="Quote all rates against one currency.",
        )
    base = reporting if reporting in shared else shared[0]
    return base, typed
