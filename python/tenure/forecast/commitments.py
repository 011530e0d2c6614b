"""How much of the run rate is promised, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from .. import _core
from ..loading import Day, Money, Period
from ..options import as_whole, date_of
from ..results.predictability import Commitments
from .panels import counted

if TYPE_CHECKING:
    from ..book import Book

__all__ = ["as_month", "commitments"]


def as_month(fiscal_start: Any) -> int:
    """Return the month in which the fiscal year begins; ``E_FISCAL_START``."""
    return as_whole(fiscal_start, "fiscal_start", low=1, high=12, code="E_FISCAL_START")


def commitments(
    book: Book,
    *,
    at: Day | None = None,
    period: Period = "month",
    fiscal_start: int = 1,
    by: str | None = None,
    term: int | Literal["interval"] | None = "interval",
    periods: int = 12,
    money: Money | None = None,
    known_at: Day | None = None,
) -> Commitments:
    """Return how much of the run rate is promised beyond the next period, and what falls due for renewal.

    Each row that is live on the day `at` is promised until

    - its end, if the table says one;
    - the next anniversary of its term, if it is open and paid in steps of several months: a subscription paid
      yearly renews itself, and may stop, once a year;
    - no day, if it is open and paid by the month or shorter: it recurs, but nobody has promised anything.

    A renewal that is signed already counts: rows of one customer (and of one subscription and product, where
    the book has them) that start no later than the promise before them ends carry it on, up to their run
    rate, as long as the chain does not break. A row that promises nothing carries nothing on.

    ``contracted`` is promised until the end of the period after that of `at` or longer, ``due`` ends before
    (the revenue at risk), ``rolling`` goes from month to month: ``contracted + due + rolling = mrr``,
    exactly.

    Parameters
    ----------
    book
        The book. Of a book of invoices the end of a row is that of its service period.
    at
        The day, of a month its last; by default the last one the data speak of.
    period, fiscal_start
        What the next period is: the month after that of `at`, the quarter, ...
    by
        A segment column.
    term
        ``"interval"``: the interval a row is paid in. A number: months, for open rows that are not paid in
        steps of several months. None: open rows have no term.
    periods
        For how many periods after that of `at` `Commitments.due` says what falls due.
    money, known_at
        As of `Book.mrr`.

    Returns
    -------
    Commitments
        Columns of `by`, ``mrr``, ``contracted``, ``due``, ``rolling`` (monthly, in major units),
        ``contracted_share``, ``due_share`` (null: ``empty_base``).

    Raises
    ------
    InputError
        ``E_DATE_FORMAT``.
    OptionError
        ``E_SEGMENT``, ``E_TERM``, ``E_PERIODS``, ``E_PERIOD_UNIT``, ``E_FISCAL_START``, ``E_MONEY``.

    Notes
    -----
    An end in the table counts as known on `at`, and so does the row after it. Asked about a past day,
    customers who left since look like contracts with an end, changes since like signed ones, and a note
    ``N_HINDSIGHT`` says so; a book whose rows say when they were recorded is asked with `known_at`.

    Examples
    --------
    >>> import tenure as tn
    >>> rows = {
    ...     "who": ["ann", "bob", "cid"], "from": ["2024-01-15", "2023-04-20", "2024-02-01"],
    ...     "price": [1200, 600, 30], "paid": ["year", "year", "month"],
    ... }
    >>> book = tn.Book(rows, customer="who", start="from", amount="price", interval_column="paid")
    >>> found = tn.forecast.commitments(book, at="2024-03")
    >>> [found[name].tolist() for name in ("contracted", "due", "rolling")]
    [[100.0], [50.0], [30.0]]
    """
    seen = book._at(known_at)
    day = seen.known_until if at is None else date_of(at, "at")
    months = 0 if term is None or term == "interval" else counted(term, "term", "E_TERM")
    core = _core.Commitments(
        seen._core, at=day.isoformat(), period=period, fiscal_start=as_month(fiscal_start),
        by=seen._segment(by), term=months, periods=counted(periods, "periods", "E_PERIODS"),
        **_terms(seen, read_terms=term is not None),
    )  # fmt: skip
    hindsight = day < seen.known_until and not seen.has_knowledge
    return Commitments(core, day, seen._context(money), hindsight=hindsight)


def _terms(book: Book, *, read_terms: bool) -> dict[str, Any]:
    """Where the intervals of the rows are, if the book was made of contracts."""
    found: dict[str, Any] = {
        "table": None, "interval_column": None, "interval_count_column": None, "interval": "month",
        "interval_count": 1,
    }  # fmt: skip
    sources = book._sources
    if not read_terms or sources.read_by(sources.tables(book.policy), book.policy) is not sources.contracts:
        return found
    values = sources.contracts._values
    return (
        found | {"table": sources.contracts._table} | {name: values[name] for name in found if name in values}
    )
