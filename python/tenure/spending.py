"""Marketing spend of a frame or a file, its columns named or found by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .economics import Spend
from .fx import Rates
from .roles import table_of, taken, typed

# How the columns of spend are called; compared as `plain` writes them.
ROLES = {
    "date": ("date", "day", "month", "period", "spenton", "spentat", "spenddate"),
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
    say: Callable[[str], None] | None = None,
    of_file: bool = False,
) -> Spend:
    """Return the spend of a frame, its columns as `taken` finds them; `say` is told which.

    Without a column of currencies all amounts are in `currency`; with one, `rates` turn them into it.
    Texts of a file become days and numbers first.

    Raises
    ------
    tenure.Error
        ``E_COLUMN_MISSING`` where no column of days or amounts is found, and what `Spend` raises.
    """
    if isinstance(frame, Spend):
        return frame
    found = taken(frame, "spend", ROLES, ("date", "amount"), given)
    if of_file:
        frame = typed(frame, found.names, days=("date",), numbers=("amount",), truths=("paid",))
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
    return spend_of(table_of(path), given, currency=currency, rates=rates, say=say, of_file=True)
