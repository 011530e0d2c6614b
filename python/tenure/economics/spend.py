"""Money spent to win customers, from any frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict

from .. import _core
from ..errors import OptionError
from ..frames import read
from ..options import as_whole, one_of
from ..results.base import Context
from ..results.economics import Asked
from ..zones import settle

if TYPE_CHECKING:
    from ..book import Book
    from ..fx import Rates
    from ..loading import Day, Money, Period

Kinds = Literal["all", "media"] | Sequence[str]


class SpendColumns(TypedDict, total=False):
    """Keywords of `Spend` that name columns and what counts."""

    date: str
    amount: str
    channel: str | None
    kind: str | None
    kinds: Kinds
    currency: str | None
    currency_column: str | None
    reporting_currency: str | None
    rates: Rates | None
    negative: Literal["error", "credit"]
    timezone: str | None


class Spend:
    """Spend by day and channel, checked and in one currency.

    Parameters
    ----------
    frame
        Any frame that `Book` takes, a row for each amount.
    date
        Column of days; a month is named by any of its days.
    amount
        Column of amounts in major units. They are kept as whole millionths, so totals are exact.
    channel
        Column of channels, or of any other segment that the customers of a book have too. Null is
        ``(none)``.
    kind
        Column of kinds of spend: media, people, tools, agency ...
    kinds
        The kinds that count: ``all`` of them ("fully loaded"), ``media`` alone, or a list.
    paid
        Column of booleans: whether the channel of the row is a paid one.
    currency, currency_column
        ISO 4217 code of all rows, or a column of codes.
    reporting_currency, rates
        The currency of the totals, by default that of the first row, and exchange rates of other currencies
        (`tenure.fx.Rates`), of the day of each row.
    negative
        ``error`` refuses negative amounts, ``credit`` subtracts them.
    timezone
        Zone in which instants in `date` become days.

    Attributes
    ----------
    currency : str or None
    channels : list of str
        Sorted.
    paid_channels : list of str
        Those of which column `paid` says so, sorted.

    Raises
    ------
    InputError
        ``E_SPEND_NEGATIVE``, ``E_CURRENCY_MIXED`` (several and no rates), ``E_CURRENCY_NULL``,
        ``E_FX_MISSING``, ``E_AMOUNT_NULL``, ``E_AMOUNT_NAN``, ``E_DATE_NULL``, ``E_PAID`` (a channel that is
        paid in one row and not in another), and what columns of a frame can have wrong.
    OptionError
        ``E_KIND`` for a kind that no row is of, ``E_NEGATIVE``.

    Examples
    --------
    >>> from tenure.economics import Spend
    >>> spent = {"date": ["2024-01-31", "2024-02-29"], "amount": [600, 90], "by": ["search", "events"]}
    >>> Spend(spent, channel="by", currency="EUR")
    Spend(events, search, EUR)
    """

    def __init__(
        self,
        frame: Any,
        *,
        date: str = "date",
        amount: str = "amount",
        channel: str | None = None,
        kind: str | None = None,
        kinds: Kinds = "all",
        paid: str | None = None,
        currency: str | None = None,
        currency_column: str | None = None,
        reporting_currency: str | None = None,
        rates: Rates | None = None,
        negative: Literal["error", "credit"] = "error",
        timezone: str | None = None,
    ) -> None:
        one_of(negative, "negative", ("error", "credit"), "E_NEGATIVE")
        columns = {"channel": channel, "kind": kind, "paid": paid, "currency_column": currency_column}
        named = [date, amount, *(name for name in columns.values() if name is not None)]
        labels = [name for name in (channel, kind, currency_column) if name is not None]
        table, self._native = read(frame, list(dict.fromkeys(named)), keys=labels)
        settle(table, [date], timezone)
        self._core = _core.Spend(
            table,
            date=date,
            amount=amount,
            **columns,
            currency=currency,
            reporting=reporting_currency,
            kinds=_chosen(kinds),
            credits=negative == "credit",
            rates=None if rates is None else rates._core,
        )
        self._channel = channel

    @property
    def currency(self) -> str | None:
        """The currency of the totals, if it is known."""
        return self._core.currency or None

    @property
    def channels(self) -> list[str]:
        """Labels of the channels, sorted; one empty label without a column."""
        return self._core.channels

    @property
    def paid_channels(self) -> list[str]:
        """The channels that are paid, as the rows say, sorted."""
        return self._core.paid_channels

    def __repr__(self) -> str:
        shown = [*filter(None, self.channels), *filter(None, [self.currency])]
        return f"Spend({', '.join(shown)})"


def _chosen(kinds: Kinds) -> list[str]:
    if isinstance(kinds, str):
        return [] if kinds == "all" else [kinds]
    chosen = list(kinds)
    if not chosen:
        hint = 'Give the kinds that count, or "all".'
        raise OptionError("kinds=[]: nothing would count", code="E_KIND", value="[]", hint=hint)
    return chosen


Paid = bool | str | Sequence[str] | None


class Held(NamedTuple):
    """Spend held against the customers of a book; `split`: whether each channel gets its row."""

    spend: _core.Spend
    bridge: _core.Waterfall
    asked: Asked
    split: bool
    context: Context

    @property
    def by(self) -> str:
        """The segment that results are cut by, or nothing."""
        return self.asked.segment if self.split else ""

    def cost(self, lag: int) -> _core.Cac:
        """What a new customer costs, by the spend of `lag` periods before."""
        return _core.cac(
            self.spend,
            self.bridge,
            lag=as_whole(lag, "lag"),
            channels=self.asked.channels,
            split=self.split,
        )


def hold_against(
    given: Any,
    book: Book,
    window: tuple[Day, Day, Period, int],
    *,
    by: str | None,
    paid: Paid,
    known_at: Day | None,
    columns: SpendColumns,
    money: Money | None = None,
) -> Held:
    """Return spend beside the bridge of a book, from a `Spend` or a frame with its columns.

    `window` is first and last day or month, period, and the month in which the fiscal year begins.
    """
    spend = _as_spend(given, book, paid, columns)
    book = book._at(known_at)
    segment, channels, split = _match(spend, book, by, paid)
    periods, context = book._window(*window), book._context(money)
    bridge = book._core.waterfall(*periods, segment)
    _check_labels(spend, bridge, by)
    return Held(spend._core, bridge, Asked(book._core, periods, segment, channels), split, context)


def _as_spend(given: Any, book: Book, paid: Paid, columns: SpendColumns) -> Spend:
    """Return spend in the currency of the book, from a frame with its columns or as it is.

    A text in `paid` is the column that says which channels are.
    """
    _check_order(given, book)
    if not isinstance(given, Spend):
        named = columns.get("currency") or columns.get("currency_column")
        if named is not None and columns.get("reporting_currency") is None:
            columns["reporting_currency"] = book.currency
        return Spend(given, paid=paid if isinstance(paid, str) else None, **columns)
    if columns:
        names = ", ".join(sorted(columns))
        hint = "Name columns where the Spend is made."
        raise OptionError(f"{names}: the spend is read already", code="E_SPEND", value=names, hint=hint)
    if isinstance(paid, str):
        hint = 'paid=True takes the channels that the Spend says are paid, paid=["search"] those of a list.'
        message = f"paid={paid!r} names a column, and the spend is read already"
        raise OptionError(message, code="E_PAID", value=paid, hint=hint)
    return given


def _check_order(spend: Any, book: Any) -> None:
    """Refuse a book where the spend belongs, and anything else where the book does."""
    from ..book import Book

    if isinstance(spend, Book) or not isinstance(book, Book):
        given = f"{type(spend).__name__} and {type(book).__name__}"
        hint = "The spend comes first: cac(spend, book, ...), or book.cac(spend, ...)."
        raise OptionError(f"{given}: spend and a book are needed", code="E_SPEND", value=given, hint=hint)


def _match(spend: Spend, book: Book, by: str | None, paid: Paid) -> tuple[str, list[str], bool]:
    """Return the segment that a book is cut by, the channels that count of it, whether each gets its row."""
    if by is not None and spend._channel is None:
        message = f"by={by!r}: the spend has no channel, so that nobody knows what each {by} cost"
        raise OptionError(message, code="E_CHANNEL", value=by, hint="Name its column: channel=.")
    if paid is None or paid is False:
        return book._segment(by), [], True
    labels = spend.paid_channels if isinstance(paid, bool | str) else list(paid)
    if not labels:
        message = "no channel is paid, as far as the spend says"
        hint = 'Name a column of booleans, paid="is_paid", or the channels, paid=["search"].'
        raise OptionError(message, code="E_PAID", value=str(paid), hint=hint)
    segment = by or spend._channel
    if segment is None:
        message = "paid: neither the spend nor the customers are told apart by channel"
        raise OptionError(message, code="E_PAID", value=str(paid), hint="Name the column: channel=.")
    return book._segment(segment), labels, by is not None


def _check_labels(spend: Spend, bridge: _core.Waterfall, by: str | None) -> None:
    """Refuse spend of which no channel is a label of the segment: each would look as if it cost nothing.

    Labels on one side alone are ordinary: customers who came for nothing, channels that won nobody.
    """
    labels = [] if by is None else _core.segments_of(bridge)
    if not labels or not spend.channels or not set(labels).isdisjoint(spend.channels):
        return
    shown = f"Channels: {', '.join(spend.channels[:5])}; {by}: {', '.join(labels[:5])}."
    message = f"by={by!r}: no channel of the spend is one of its labels"
    raise OptionError(message, code="E_CHANNEL", value=str(by), hint=shown)


__all__ = ["Held", "Paid", "Spend", "SpendColumns", "hold_against"]
