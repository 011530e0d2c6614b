"""Rates of a book: churn, growth, what new products bring."""

from __future__ import annotations

from . import _core
from .errors import OptionError
from .loading import Day, Money, Period
from .one_day import OneDay
from .options import as_whole
from .results import BookResult, Churn

__all__ = ["Period", "Rates"]


class Rates(OneDay):
    """How fast a book grows and shrinks; see `tenure.Book`."""

    def churn(
        self,
        first: Day,
        last: Day,
        *,
        period: Period = "month",
        fiscal_start: int = 1,
        money: Money | None = None,
        known_at: Day | None = None,
    ) -> Churn:
        """Return how many customers and how much MRR each period lost, over the window of the policy.

        ``customer_churn = lost / opening``, ``mrr_churn = churned / opening MRR``, ``gross_mrr_churn =
        (churned + contraction) / opening MRR``, ``net_mrr_churn`` less expansion and reactivation. The
        policy's ``window`` says over which days (the period, the days before its end, or day by day, added
        up), ``churn_denominator`` and ``churn_numerator`` who is counted. Shares, null (``empty_base``) where
        nobody was there to lose; money is monthly, in major units. Under
        ``reactivation="netted_from_churn"`` the ``gross_churn`` of `growth`, which is of the bridge, is lower
        than ``gross_mrr_churn`` here, as the bridge takes who returned off churn.

        Raises
        ------
        InputError
            ``E_WINDOW``, ``E_DATE_FORMAT``.
        OptionError
            ``E_PERIOD_UNIT``, ``E_FISCAL_START``, ``E_MONEY``.

        Notes
        -----
        ChartMogul (help 203359341, 4414075567250) divides by the start of the period; Stripe (support,
        "calculating churn rate") by the start and who joined, over 30 days, and counts joiners who left;
        RevenueCat takes off who came back.

        Examples
        --------
        >>> rows = {"who": [1, 2], "from": ["2024-01-05"] * 2, "to": ["2024-02-10", None], "mrr": [10, 30]}
        >>> from tenure import Book
        >>> book = Book(rows, customer="who", start="from", end="to", amount="mrr")
        >>> churn = book.churn("2024-02", "2024-02")
        >>> churn["customer_churn"].tolist(), churn["mrr_churn"].tolist()
        ([0.5], [0.25])
        """
        book = self._at(known_at)
        window, context = book._window(first, last, period, fiscal_start), book._context(money)
        return Churn(book._core.churn(*window), context)

    def growth(
        self,
        first: Day,
        last: Day,
        *,
        period: Period = "month",
        by: str | None = None,
        fiscal_start: int = 1,
        include_reactivation: bool = True,
        money: Money | None = None,
        known_at: Day | None = None,
    ) -> BookResult:
        """Return growth of each period, from its bridge.

        ``mrr`` and ``arr`` at the closing; ``net_new_arr = 12 (closing - opening)``, so with what exchange
        rates did (``12 fx`` of the bridge; nothing in a book `at_rates_of` a day); ``mom``, ``qoq``, ``yoy``:
        closing against the closing a month, quarter, year before, less 1; ``cmgr``: compound growth a month
        since the first period with revenue; ``quick_ratio = (new + expansion + reactivation) / (contraction +
        churn)`` (Baremetrics and GrowPanel leave reactivation out: ``include_reactivation=False``); ``arpa =
        mrr / customers``; ``gross_churn = (contraction + churn) / opening``; ``net_churn`` less expansion and
        reactivation; ``logo_churn = customers lost / customers at the opening``. Shares, null with a reason
        where a base is empty.

        Examples
        --------
        >>> rows = {"who": [1, 2], "from": ["2024-01-05", "2024-02-01"], "mrr": [10, 5]}
        >>> from tenure import Book
        >>> growth = Book(rows, customer="who", start="from", amount="mrr").growth("2024-01", "2024-02")
        >>> growth["mom"].tolist(), growth.reason("quick_ratio")
        ([None, 0.5], ['no_loss', 'no_loss'])
        """
        book = self._at(known_at)
        window, segment = book._window(first, last, period, fiscal_start), book._segment(by)
        context = book._context(money)
        columns = _core.growth(
            book._core.waterfall_with_history(*window, segment),
            book._core.waterfall(*window, segment),
            include_reactivation=include_reactivation,
            known_until=context.until,
            **context.money(),
        )
        return BookResult(columns, context)

    def new_product_share(
        self,
        first: Day,
        last: Day,
        *,
        months: int = 12,
        money: Money | None = None,
        known_at: Day | None = None,
    ) -> BookResult:
        """Return how much of each month's new ARR comes from products launched in the last `months` months.

        ``share = (new + expansion) of young products / (new + expansion) of all``; a product is launched on
        the day its first row starts. Columns ``period``, ``new_arr``, ``new_product_arr``, ``share`` (null:
        nothing was sold).

        Raises
        ------
        OptionError
            ``E_COLUMN_MISSING`` if the book was made without `product`.

        Examples
        --------
        >>> begin = ["2023-01-01", "2024-01-05"]
        >>> rows = {"who": [1, 1], "from": begin, "mrr": [30, 10], "item": ["Core", "Plus"]}
        >>> from tenure import Book
        >>> book = Book(rows, customer="who", start="from", amount="mrr", product="item")
        >>> book.new_product_share("2024-01", "2024-01", months=12)["share"].tolist()
        [1.0]
        """
        if self._product is None and "product" not in self._by:
            hint = "Name the column of products when the book is made: product=."
            raise OptionError(
                "the book has no product column", code="E_COLUMN_MISSING", value="product", hint=hint
            )
        book = self._at(known_at)
        window, context = book._window(first, last, "month", 1), book._context(money)
        products = book._core.new_products(window.first, window.last, as_whole(months, "months"))
        return BookResult(products.columns(**context.money()), context)
