"""A result as a table of text."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .base import Result

_SHOWN = 24
_CELL = 32
_WIDTH = 110
_SHARES = frozenset(
    [
        "nrr",
        "grr",
        "logo_retention",
        "revenue_retention",
        "customer_retention",
        "mom",
        "qoq",
        "yoy",
        "cmgr",
        "share",
        "gross_churn",
        "net_churn",
        "logo_churn",
        "customer_churn",
        "mrr_churn",
        "gross_mrr_churn",
        "net_mrr_churn",
    ]
)


def picked_rows(rows: int) -> tuple[NDArray[np.int64], int]:
    """Rows to show, and after how many of them some are left out (0: none are)."""
    half = _SHOWN // 2
    if rows <= _SHOWN:
        return np.arange(rows), 0
    return np.concatenate([np.arange(half), np.arange(rows - half, rows)]), half


def format_cell(name: str, value: Any, shares: frozenset[str] = frozenset()) -> str:
    """One value as text, cut to what a table can hold."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4f}" if name in _SHARES or name in shares else f"{value:,.2f}"
    if isinstance(value, Decimal | int):
        return f"{value:,}"
    text = str(value)
    escaped = "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)
    return escaped if len(escaped) <= _CELL else escaped[: _CELL - 3] + "..."


def text_table(result: Result) -> str:
    """Aligned columns as far as a line holds them; of many rows the first and the last."""
    rows, cut = picked_rows(len(result))
    columns: list[list[str]] = []
    total = 0
    for name in result.columns:
        picked = result[name][rows].tolist()
        cells = [format_cell(name, value, result.shares) for value in picked]
        if cut:
            cells.insert(cut, "...")
        width = max([len(name), *map(len, cells)])
        numeric = all(value is None or isinstance(value, int | float | Decimal) for value in picked)
        total += width + 2
        if total > _WIDTH:
            rest = result.columns[len(columns) :]
            columns.append([f"+ {len(rest)} columns", *("" for _ in cells)])
            break
        columns.append([text.rjust(width) if numeric else text.ljust(width) for text in [name, *cells]])
    return "\n".join("  ".join(line).rstrip() for line in zip(*columns, strict=True))
