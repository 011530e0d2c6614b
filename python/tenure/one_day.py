"""Questions to a book about one day."""

from __future__ import annotations

from collections.abc import Sequence

from .loading import Day, Money
from .options import last_day_of
from .results import BookResult, Concentration
from .views import Views


class OneDay(Views):
    """What a book knows about single days; see `tenure.Book`."""

    def mrr(
        self,
        at: Day,
        *,
        by: str | None = None,
        money: Money | None = None,
        known_at: Day | None = None,
    ) -> BookResult:
        """Return what is live on the day `at` (of a month, its last day).

        ``MRR = sum of price * quantity * intervals in a month`` over the rows live on that day, as the policy
        reads them. Columns ``mrr``, ``arr`` (12 times as much), ``customers``, ``arpa`` (``mrr / customers``;
        null: no customer), monthly, in major units. A book with discounts also has ``gross_mrr`` (before
        discounts) and ``discount_mrr``: ``gross_mrr - discount_mrr = mrr``.

        Raises
        ------
        InputError
            ``E_DATE_FORMAT``, ``E_DATE_INVALID``.
        OptionError
            ``E_SEGMENT``, ``E_MONEY``.

        Examples
        --------
        >>> from tenure import Book
        >>> rows = {"who": [1, 2], "from": ["2024-01-05", "2024-02-01"], "mrr": [10, 20]}
        >>> Book(rows, customer="who", start="from", amount="mrr").mrr("2024-02-01").to_dict()
        {'mrr': [30.0], 'arr': [360.0], 'customers': [2], 'arpa': [15.0]}
        """
        book = self._at(known_at)
        context = book._context(money)
        snapshot = book._core.mrr(last_day_of(at, "at"), book._segment(by))
        return BookResult(snapshot.columns(discounts=book._core.has_discounts, **context.money()), context)

    def concentration(
        self,
        at: Day,
        *,
        top: Sequence[int] = (1, 5, 10),
        money: Money | None = None,
        known_at: Day | None = None,
    ) -> Concentration:
        """Return how much of the MRR on the day `at` (of a month, its last day) hangs on few customers.

        Columns ``top``, ``amount`` (their MRR), ``share``.
        The attribute ``herfindahl`` is the sum of squared shares (1: one customer; None: nobody pays).

        Examples
        --------
        >>> from tenure import Book
        >>> rows = {"who": [1, 2], "from": ["2024-01-05", "2024-01-05"], "mrr": [30, 10]}
        >>> book = Book(rows, customer="who", start="from", amount="mrr")
        >>> shares = book.concentration("2024-02-01", top=[1])
        >>> shares.to_dict(), shares.herfindahl
        ({'top': [1], 'amount': [30.0], 'share': [0.75]}, 0.625)
        """
        book = self._at(known_at)
        return Concentration(book._core.concentration(last_day_of(at, "at"), list(top)), book._context(money))
