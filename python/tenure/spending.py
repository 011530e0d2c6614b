"""Marketing spend of a frame or a file, its columns named or found by their names."""

from __future__ import annotations

from collections.abc import Mapping
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
    "date": ("date", "day", "month", "period", "spenton", "spentat"),
    "amount": ("amount", "spend", "cost", "costs", "spent"),
    "channel": ("channel", "source", "utmsource", "marketingchannel"),
    "kind": ("kind", "type", "category", "costtype"),
    "paid": ("paid", "ispaid"),
    "currency": ("currency", "currencycode", "curr"),
}


def spend_of(
    frame: Any,
    given: Mapping[str, str | None] | None = None,
    *,
    currency: str | None = None,
    rates: Rates | None = None,
) -> Spend:
    """Return the spend of a frame; roles that `given` does not name are found by the names of columns.

    Without a column of currencies all amounts are in `currency`; with one, `rates` turn them into it.

    Raises
    ------
    tenure.Error
        ``E_COLUMN_MISSING`` where no column of days or amounts is found, and what `Spend` raises.
    """
    if isinstance(frame, Spend):
        return frame
    held = [str(name) for name in column_names(frame) or []]
    by_plain = {plain(name): name for name in reversed(held)}
    roles = {role: name for role, name in (given or {}).items() if name is not None}
    for role, names in ROLES.items():
        hit = next((by_plain[name] for name in names if name in by_plain), None)
        if hit is not None and hit not in roles.values():
            roles.setdefault(role, hit)
    missing = [role for role in ("date", "amount") if role not in roles]
    if missing:
        raise InputError(
            f"spend: cannot tell which column holds the {' and the '.join(missing)}; there are "
            f"{', '.join(held) or 'no columns'}",
            code="E_COLUMN_MISSING",
            column=missing[0],
            hint="Name it: " + " ".join(f"--spend-{role} COLUMN" for role in missing),
        )
    code = roles.pop("currency", None)
    money: dict[str, str | None] = {"currency": currency} if code is None else {"currency_column": code}
    if code is not None and (rates is not None or currency is not None):
        money["reporting_currency"] = currency
    columns: dict[str, Any] = {**roles, **money}
    return Spend(frame, rates=rates, **columns)


def read_spend(
    path: Path, given: Mapping[str, str | None], *, currency: str | None = None, rates: Rates | None = None
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
    return spend_of(frame, given, currency=currency, rates=rates)
