"""Who is behind one cell of a bridge."""

from __future__ import annotations

from typing import Any

from .. import _core
from .base import BookResult, Context


class Explanation(BookResult):
    """Customers behind one cell, sorted by id.

    Columns ``customer`` (and ``subscription``, where each subscription moves by itself), ``movement``,
    ``opening``, ``closing`` and ``change`` (closing - opening) of the customer, ``amount`` (what it adds to
    the cell), ``rule`` (which one classed it), ``row_count``. Money is monthly, in major units; the amounts
    add up to the cell. `rows` are the subscription rows that made them.
    """

    def __init__(self, book: _core.Book, columns: _core.Columns, rows: list[int], context: Context) -> None:
        super().__init__(columns, context)
        self._book = book
        self._rows = rows

    def rows(self) -> BookResult:
        """The rows as the book reads them.

        ``customer``, ``row`` (position in the caller's table), ``start``, ``end`` (null: open), ``mrr``.
        """
        return BookResult(self._book.explain_rows(self._rows, **self._context.money()), self._context)


def explain(
    book: _core.Book, window: Any, by: str, context: Context, cell: tuple[str, str, str]
) -> Explanation:
    """Ask the book for the cell (day, movement, segment) of the bridge over `window`."""
    day, movement, segment = cell
    columns, rows = book.explain(window, day, movement, by, segment, **context.money())
    return Explanation(book, columns, rows, context)
