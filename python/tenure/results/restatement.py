"""How the past changed between two days of knowledge."""

from __future__ import annotations

from datetime import date

from .. import _core
from .base import BookResult, Context


class Restatement(BookResult):
    """The closings of a bridge as known on two days, and what lies between them.

    Columns ``period``, ``before`` and ``after`` (MRR at the closing as known on the first and on the second
    day), ``change``, then ``new_change``, ``expansion_change`` and so on for every movement of the bridge
    (after - before), and ``period_is_complete`` (the period was over on the second day). Money is monthly, in
    major units.

    Attributes
    ----------
    known_at_a, known_at_b : datetime.date
    """

    def __init__(self, restated: _core.Restatement, days: tuple[str, str], context: Context) -> None:
        super().__init__(
            restated.columns(**context.lines(), known_until=context.until, **context.money()), context
        )
        self._restated = restated
        self.known_at_a, self.known_at_b = map(date.fromisoformat, days)

    def customers(self) -> BookResult:
        """Who is behind the changes: their amounts add up to the change of the period.

        Columns ``period``, ``customer``, ``before``, ``after``, ``change``, and how many rows of the
        customer, in all periods, were recorded ``late``, ``corrected`` or ``deleted``.
        """
        return BookResult(self._restated.customers(**self._context.money()), self._context)

    def rows(self) -> BookResult:
        """The rows that are known on one of the two days only.

        Columns ``row`` (position in the caller's table), ``customer``, ``reason`` (``late``: nothing was
        known of it before; ``corrected``: replaced by another row, or the one that replaces; ``deleted``),
        ``known_before`` (it stood on the first day), ``other_row`` (what replaces it, or what it replaces;
        null if there is none), ``start``, ``end`` (null: open), ``mrr`` in the row's own currency.
        """
        return BookResult(self._restated.rows(**self._context.money()), self._context)

    def _title(self) -> str:
        unit = f", {self.currency}" if self.currency else ""
        days = f"known at {self.known_at_a} and {self.known_at_b}"
        return f"Restatement: {len(self)} periods{unit}, {days}, policy {self.policy.name}"
