"""A result as a table of text."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .base import Result

_SHOWN = 24
_CELL = 32
_WIDTH = 110
_BLOCKS = 3
_GAP = "  "
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


class _Column(NamedTuple):
    """A column as text: lines of one width, and whether they are words or days instead of numbers."""

    lines: list[str]
    label: bool

    @property
    def width(self) -> int:
        return len(self.lines[0]) + len(_GAP)


def text_table(result: Result) -> str:
    """Aligned columns; those that a line does not hold follow below it, labels repeated.

    Of many rows the first and the last are shown.
    """
    rows, cut = picked_rows(len(result))
    columns = [_column(result, name, rows, cut) for name in result.columns]
    blocks = _blocks(columns, _keys(columns, len(result)))
    left = len(result.columns) - len({id(column) for block in blocks for column in block})
    tables = [[_GAP.join(line).rstrip() for line in zip(*_lines(block), strict=True)] for block in blocks]
    if left:
        tables[-1][0] += f"{_GAP}+ {left} columns"
    return "\n\n".join("\n".join(lines) for lines in tables)


def _column(result: Result, name: str, rows: NDArray[np.int64], cut: int) -> _Column:
    picked = result[name][rows].tolist()
    cells = [format_cell(name, value, result.shares) for value in picked]
    if cut:
        cells.insert(cut, "...")
    width = max([len(name), *map(len, cells)])
    numeric = all(value is None or isinstance(value, int | float | Decimal) for value in picked)
    return _Column(
        [text.rjust(width) if numeric else text.ljust(width) for text in [name, *cells]], not numeric
    )


def _lines(block: Sequence[_Column]) -> list[list[str]]:
    return [column.lines for column in block]


def _keys(columns: Sequence[_Column], rows: int) -> list[_Column]:
    """The first columns, which say what a row is of: labels, else one of numbers; a single row needs none."""
    found = list(takewhile(lambda column: column.label, columns))
    while sum(column.width for column in found) > _WIDTH // 2:
        found.pop()
    return found or list(columns[: int(rows > 1)])


def _blocks(columns: Sequence[_Column], keys: Sequence[_Column]) -> list[list[_Column]]:
    """The columns in blocks as wide as a line, each begun by the keys."""
    blocks: list[list[_Column]] = [[]]
    for column in columns:
        if blocks[-1] and sum(held.width for held in blocks[-1]) + column.width > _WIDTH:
            if len(blocks) == _BLOCKS:
                break
            blocks.append(list(keys))
        blocks[-1].append(column)
    return blocks
