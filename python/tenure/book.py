"""The book: subscription rows, grouped by customer and ready to be asked."""

from __future__ import annotations

from typing import Literal

from .loading import Day, Money, Note, Period
from .options import as_whole
from .results import Cohorts, Explanation, NetRetention, Summary, Waterfall
from .results.cohorts import check_measure
from .worth import Worth

__all__ = ["Book", "Note"]


class Book(Worth):
    """Subscription rows of one company: who pays how much, from when until when.

    Parameters
    ----------
    frame
        pandas, Polars (eager or lazy), a pyarrow Table, RecordBatch or RecordBatchReader, a DuckDB relation,
        a dict of arrays or lists, or anything with ``__arrow_c_stream__``. int64 and date32 columns are read
        where they lie.
    customer
        Column of customer ids: whole numbers or texts.
    start, end
        Columns of the first day paid for and the first day no longer paid for (null, or no column: still
        running). Dates, datetimes, or texts such as ``2024-02-29``.
    amount
        Column of prices for one interval, in major units: whole numbers, decimals, floats (rounded to
        millionths) or plain texts. 10, 10.0 and ``Decimal("10")`` give equal results to the last bit.
    interval, interval_count
        How often the price is paid: every `interval_count` units of ``day``, ``week``, ``four_week``,
        ``month``, ``quarter``, ``half_year`` or ``year``.
    interval_column, interval_count_column
        Columns that say so for each row.
    subscription, product, quantity
        Columns of subscription ids, product names, and seats (the amount is for one).
    currency, currency_column
        ISO 4217 code of all rows, or a column of codes. Without `rates` one book holds one currency.
    by
        Segment columns to cut results by, such as ``["plan", "region"]``. Null is the segment ``(none)``.
    status
        Column of phases: ``active`` (null), ``trial``, ``past_due``, ``paused``, ``free``, ``cancelled``.
        A row is one phase of a subscription.
    kind
        Column of ``recurring`` (null), ``usage`` or ``one_time``.
    discount_percent, discount_amount
        Columns of what a discount takes off: 50 is half off; an amount is off the price of an interval, all
        seats together. Null: the row has no discount. Of several discounts a row, lists of columns, paired up
        by position, with None where one has no such column.
    discount_duration, discount_until
        Columns of ``forever`` (null), ``repeating`` or ``once``, and of the first day on which it no longer
        applies.
    tax
        Column of the tax in the price of an interval and seat; without it prices are without tax.
    renewal_amount
        Column of the price from the next renewal on, as far as it is known.
    invoiced_quantity
        Column of seats as invoiced.
    cancel_requested, paid_through, dunning_end, first_payment, first_paid_invoice
        Columns of days: when the customer asked to leave; the first day after the period that was paid for;
        when collection was given up; when the row was first paid, and the first invoice that was (null: never
        yet).
    recorded, superseded
        Columns of days: when the row was entered (null: always known), and the first day on which it no
        longer stood (null: it still does). A row is known on a day if ``recorded <= day < superseded``.
    id, version
        Columns of what all versions of one row share, and of their numbers. A version is superseded when the
        next is recorded; without numbers they follow each other as they were recorded.
    invoiced, purchased
        Columns of days: when the row was invoiced, and bought. Policies may take exchange rates of them.
    invoices
        Invoice lines beside the contracts. Which of the two are read is the policy's ``mrr_source``; where
        only the other kind is there, it stands in, and a note ``N_SOURCE`` says so.
    policy
        Definitions: a preset or a `Policy`. It decides what the columns above do.
    timezone
        Zone on whose calendar instants and times of day become dates, such as ``Europe/Berlin``; by default
        that of the policy. Required if there are any.
    on_reversed
        What to do with rows that end before they start: ``error`` or ``drop`` (counted in `notes`).
    on_early
        What to do with rows that are recorded before they start: ``allow`` (contracts are signed ahead) or
        ``error``.
    subminor
        Whether amounts may have more decimals than their currency: ``allow`` or ``refuse``.
    money
        ``float`` (default, unrounded) or ``decimal`` (each row rounded so that it still closes; rows of
        segments, rounded by themselves, need not add up to the row of the total).
    reporting_currency, rates
        The currency of the results, and the exchange rates (`tenure.fx.Rates`) that turn the currency of each
        row into it. The policy says which day's (``fx_rate_at``) and where a change of rates shows
        (``fx_movement``).
    as_of
        The last day the data speak of; see `known_until`.
    threads
        How many threads to use; all of the machine by default. No result depends on it.

    Raises
    ------
    InputError
        The first fault by row, with code, place, value and remedy; `faults` lists 20, `count` all of them.
    OptionError
        An option is not known.

    Notes
    -----
    A recurring price is kept as a whole number of millionths a year, so that sums do not depend on the order
    of rows or the number of threads. A book never changes and may be asked from several threads. It keeps
    references to the columns it was made from, not copies, so that `under` and `reconcile` can read them
    again: arrays must not be changed in place while it is used.

    Every question takes ``known_at``: the day of knowledge, for rows that have `recorded`. The answer is then
    that of ``book.known_at(day)``, and rows recorded later change no bit of it.

    Examples
    --------
    >>> rows = {
    ...     "account": ["ann", "bob", "ann"],
    ...     "since": ["2024-01-15", "2024-02-01", "2024-03-01"],
    ...     "until": ["2024-03-01", "2024-04-01", None],
    ...     "price": [100, 40, 120],
    ... }
    >>> book = Book(rows, customer="account", start="since", end="until", amount="price", currency="EUR")
    >>> book.rows, book.customers, book.first_day.isoformat()
    (3, 2, '2024-01-15')
    >>> book.net_retention("2024-02", "2024-03", horizon=1)
    NetRetention: 2 rows, EUR, policy standard
    period         nrr     grr  logo_retention  period_is_complete
    2024-02-01  1.0000  1.0000          1.0000                 yes
    2024-03-01  1.1429  1.0000          1.0000                 yes
    """

    def waterfall(
        self,
        first: Day,
        last: Day,
        *,
        period: Period = "month",
        by: str | None = None,
        fiscal_start: int = 1,
        money: Money | None = None,
        known_at: Day | None = None,
    ) -> Waterfall:
        """Return the MRR bridge of each period from `first` to `last`, both included.

        ``opening + new + expansion - contraction - churn + reactivation (+ fx) = closing``, for money and for
        customers, checked by the engine. Cut by a segment, transfers between a customer's segments are shown,
        and every segment's bridge closes too. Amounts are monthly, in major units.

        Parameters
        ----------
        first, last
            A month (``"2024-01"``), a day, or a date.
        period
            ``day``, ``week`` (from the policy's ``week_start``), ``month``, ``quarter``, ``half_year`` or
            ``year``.
        by
            A segment column, or the product column.
        fiscal_start
            Month (1..12) in which quarters, halves and years begin.
        money
            ``float`` or ``decimal``, instead of the book's.
        known_at
            The day of knowledge; see `known_at`.

        Raises
        ------
        InputError
            ``E_WINDOW`` if `last` lies before `first`, ``E_DATE_FORMAT``.
        OptionError
            ``E_PERIOD_UNIT``, ``E_SEGMENT``, ``E_FISCAL_START``, ``E_MONEY``.

        Notes
        -----
        Movements as ChartMogul (help 201244842) and Stripe (billing glossary) define them.

        Examples
        --------
        >>> rows = {"who": [1, 1, 2], "from": ["2024-01-05", "2024-02-05", "2024-01-20"], "mrr": [10, 5, 20]}
        >>> bridge = Book(rows, customer="who", start="from", amount="mrr").waterfall("2024-01", "2024-02")
        >>> bridge["new"].tolist(), bridge["expansion"].tolist(), bridge.bridge_closes
        ([30.0, 0.0], [0.0, 5.0], True)
        """
        book = self._at(known_at)
        window, segment = book._window(first, last, period, fiscal_start), book._segment(by)
        return Waterfall(
            book._core, book._core.waterfall(*window, segment), window, segment, book._context(money)
        )

    def net_retention(
        self,
        first: Day,
        last: Day,
        *,
        horizon: int = 12,
        by: str | None = None,
        period: Period = "month",
        fiscal_start: int = 1,
        known_at: Day | None = None,
    ) -> NetRetention:
        """Return what the customers of `horizon` periods before pay at each period's closing.

        ``NRR = sum(closing) / sum(opening)``, ``GRR = sum(min(closing, opening)) / sum(opening)`` with the
        cap per customer, ``logo_retention = customers still paying / customers who paid``; over customers
        with opening > 0. Shares, null (``empty_base``) where nobody paid at the opening. Cut by a segment, a
        customer belongs to the one in which it paid most at the opening.

        Raises
        ------
        OptionError
            ``E_HORIZON`` below 1, ``E_SEGMENT``, ``E_PERIOD_UNIT``.

        Examples
        --------
        >>> begin, stop = ["2023-01-01", "2023-01-01"], [None, "2023-06-01"]
        >>> rows = {"who": [1, 2], "from": begin, "to": stop, "mrr": [3, 1]}
        >>> book = Book(rows, customer="who", start="from", end="to", amount="mrr")
        >>> kept = book.net_retention("2023-12", "2024-01", horizon=12)
        >>> kept["nrr"].tolist(), kept.reason("nrr")
        ([None, 0.75], ['empty_base', ''])
        """
        book = self._at(known_at)
        window, segment = book._window(first, last, period, fiscal_start), book._segment(by)
        return NetRetention(
            book._core.net_retention(*window, as_whole(horizon, "horizon"), segment),
            horizon,
            segment,
            book._context(None),
        )

    def cohorts(
        self,
        first: Day | None = None,
        last: Day | None = None,
        *,
        measure: Literal["revenue", "customers"] = "revenue",
        by: str | None = None,
        period: Period = "month",
        fiscal_start: int = 1,
        money: Money | None = None,
        known_at: Day | None = None,
    ) -> Cohorts:
        """Return what customers who started together pay, by age in periods.

        Retention is the amount (or the number of customers) at an age over that at age 0. Cells after the
        last period are null (``not_yet_observed``), never 0. Without `first` and `last`: from the first to
        the last day of the data. `measure` is what `Cohorts.values` and charts show; the columns hold both.

        Raises
        ------
        OptionError
            ``E_MEASURE``, ``E_SEGMENT``, ``E_PERIOD_UNIT``.

        Examples
        --------
        >>> spans = {"from": ["2024-01-01", "2024-01-20"], "to": ["2024-03-01", "2024-02-10"]}
        >>> rows = {"who": ["a", "b"], **spans, "mrr": [6, 2]}
        >>> book = Book(rows, customer="who", start="from", end="to", amount="mrr")
        >>> book.cohorts("2024-01", "2024-02").values().tolist()
        [[8.0, 6.0], [0.0, None]]
        """
        shown = check_measure(measure)
        book = self._at(known_at)
        first = book.first_day if first is None else first
        last = max(book.first_day, book.known_until) if last is None else last
        window, segment = book._window(first, last, period, fiscal_start), book._segment(by)
        return Cohorts(book._core.triangle(*window, segment), shown, segment, book._context(money))

    def summary(
        self,
        first: Day,
        last: Day,
        *,
        horizon: int = 12,
        period: Period = "month",
        fiscal_start: int = 1,
        money: Money | None = None,
        known_at: Day | None = None,
    ) -> Summary:
        """Return waterfall, net retention and cohorts, computed in one sweep: the same bits, faster.

        Examples
        --------
        >>> rows = {"who": [1], "from": ["2024-01-05"], "mrr": [10]}
        >>> summary = Book(rows, customer="who", start="from", amount="mrr").summary("2024-01", "2024-03")
        >>> summary.waterfall["closing"].tolist()
        [10.0, 10.0, 10.0]
        """
        book = self._at(known_at)
        window, context = book._window(first, last, period, fiscal_start), book._context(money)
        bridge, retention, triangle = book._core.summary(*window, as_whole(horizon, "horizon"))
        return Summary(
            Waterfall(book._core, bridge, window, "", context),
            NetRetention(retention, horizon, "", context),
            Cohorts(triangle, "revenue", "", context),
        )

    def explain(
        self,
        period: Day,
        movement: str,
        segment: str | None = None,
        *,
        by: str | None = None,
        unit: Period = "month",
        known_at: Day | None = None,
    ) -> Explanation:
        """Return who is behind one cell of the bridge of the `unit` around `period`; see `Waterfall.explain`.

        Examples
        --------
        >>> rows = {"who": ["ann", "bob"], "from": ["2024-01-05", "2024-02-01"], "mrr": [30, 10]}
        >>> book = Book(rows, customer="who", start="from", amount="mrr")
        >>> book.explain("2024-02", "new")["customer"].tolist()
        ['bob']
        """
        bridge = self.waterfall(period, period, period=unit, by=by, known_at=known_at)
        return bridge.explain(period, movement, segment)
