"""From transactions to how often, how recently and for how much customers buy."""

from __future__ import annotations

import datetime
from typing import Any, Literal

import numpy as np

from .. import _core
from ..frames import read
from ..loading import Note
from ..options import as_day, as_number, last_day_of, one_of, thread_count
from ..results import Result
from ..zones import settle

__all__ = ["Rfm", "rfm"]

Unit = Literal["day", "week", "month"]
_UNITS = ("day", "week", "month")


class Rfm(Result):
    """Frequency, recency, age and spend of each customer, sorted by customer.

    Attributes
    ----------
    end : datetime.date or None
        Last day of observation; None for an empty table.
    currency : str or None
        Code in the column of currencies.
    conventions : str
        The definitions behind the columns, in words.
    notes : tuple of Note
        What was left out: ``N_AFTER_END``, ``N_CUSTOMER_AFTER``, ``N_REFUND_DROPPED``,
        ``N_DUPLICATE_DROPPED``.
    """

    def __init__(
        self,
        columns: _core.Columns,
        native: str,
        *,
        end: datetime.date | None,
        currency: str | None,
        conventions: str,
        notes: tuple[Note, ...],
    ) -> None:
        super().__init__(columns, native)
        self.end = end
        self.currency = currency
        self.conventions = conventions
        self.notes = notes

    def plot(self, ax: Any = None) -> Any:
        """Draw how many customers have how many repeat purchases; from 10 on they are one bar."""
        from ..drawing import axes_of

        ax = axes_of(ax)
        counts = np.bincount(np.minimum(self["frequency"], 10), minlength=11)
        labels = [*(str(count) for count in range(10)), "10+"]
        ax.bar(labels, counts)
        ax.set_xlabel("repeat purchases")
        ax.set_ylabel("customers")
        return ax

    def _title(self) -> str:
        until = f" until {self.end}" if self.end else ""
        return f"Rfm: {len(self):,} customers{until}; {self.conventions}"


def rfm(
    transactions: Any,
    *,
    customer: str,
    date: str,
    amount: str | None = None,
    currency_column: str | None = None,
    unit: Unit = "day",
    unit_days: float = 1.0,
    observation_end: str | datetime.date | None = None,
    calibration_end: str | datetime.date | None = None,
    collapse: bool = True,
    monetary: Literal["without_first", "with_first"] = "without_first",
    last_period: Literal["cut", "whole"] = "cut",
    refunds: Literal["refuse", "keep", "drop"] = "refuse",
    duplicates: Literal["keep", "refuse", "drop"] = "keep",
    timezone: str | None = None,
    threads: int | None = None,
) -> Rfm:
    """Summarise transactions customer by customer, as buy-till-you-die models read them.

    A purchase is all that a customer bought in a period. With n purchases in the periods ``p1 .. pn`` and the
    end of observation in period ``e``: ``frequency = n - 1``, ``recency = pn - p1``, ``T = e - p1``, and
    ``monetary`` is the mean amount of the purchases 2 to n.

    Parameters
    ----------
    transactions
        Any frame that `Book` takes, a row for each transaction, in any order.
    customer, date, amount
        Columns of ids, days and amounts in major units. Without `amount` there is no ``monetary``.
    currency_column
        Column of ISO 4217 codes, which have to be the same in all rows.
    unit
        Periods: ``"day"``, ``"week"`` (from Monday) or ``"month"`` of the calendar. The last two count the
        boundaries between two days, as lifetimes does: Sunday and Monday are a week apart.
    unit_days
        With days: length of the unit in which recency and T are told. 7 gives Fader and Hardie's weeks
        (30.43), where ``unit="week"`` gives 30; purchases are still those of a day.
    observation_end
        Last day that counts, ``"2024-09-30"``; of a month, its last day. By default the last day in the
        table.
    calibration_end
        Last day of the calibration. What follows, until the end of observation, is held out: columns
        ``frequency_holdout`` (purchases), ``monetary_holdout`` (their mean) and ``duration_holdout``.
        Customers who first bought in the hold-out are left out.
    collapse
        False takes each row for a purchase of its own; the first is the cheapest row of the first day.
    monetary
        Whether the first purchase enters the mean (never the frequency). The Gamma-Gamma model wants
        ``"without_first"``.
    last_period
        Rows after the end that lie in its week or month: left out (``"cut"``), or counted (``"whole"``),
        which looks ahead; lifetimes' summary does. Not with a calibration.
    refunds
        Rows with an amount below 0: refused, kept as purchases of their period, or left out.
    duplicates
        Rows that repeat another in customer, day, amount and currency: kept as purchases, refused, or left
        out. No other column is read, so that rows of two invoices may be alike: two equal purchases on a day
        are common.
    timezone
        Zone in which instants in `date` become days.
    threads
        How many threads to use; all of the machine by default. No result depends on it.

    Returns
    -------
    Rfm
        A row for each customer: ``customer, frequency, recency, T, monetary`` and the hold-out. Amounts are
        added exactly and divided once. A mean of no purchases is null (``empty_base``).

    Raises
    ------
    InputError
        ``E_KEY_NULL``, ``E_KEY_EMPTY``, ``E_DATE_NULL``, ``E_AMOUNT_NULL``, ``E_AMOUNT_NAN``,
        ``E_AMOUNT_INF``, ``E_AMOUNT_RANGE``, ``E_AMOUNT_NEGATIVE``, ``E_DUPLICATE_ROW``,
        ``E_CURRENCY_MIXED``, ``E_CURRENCY_NULL``, ``E_CURRENCY_UNKNOWN``, and what a frame can have wrong.
    OptionError
        ``E_PERIOD_UNIT``, ``E_PARAM`` (unit_days; a calibration with a whole last period), ``E_WINDOW`` (the
        calibration ends after observation, or in its week or month), ``E_OPTION_TYPE``,
        ``E_ENUM``, ``E_DATE_FORMAT``, ``E_THREADS``.

    Notes
    -----
    Fader and Hardie, notes 004 and 025 on brucehardie.com. Summaries differ mostly by the unit
    (``unit="week"`` or ``unit_days=7``), by the first purchase, and by where observation ends: the result's
    `conventions` say which were taken.

    Examples
    --------
    >>> import tenure as tn
    >>> days = ["2024-01-02", "2024-01-09", "2024-02-01", "2024-01-20"]
    >>> log = {"customer": [1, 1, 1, 2], "day": days, "paid": [10.0, 20.0, 40.0, 5.0]}
    >>> summary = tn.economics.rfm(log, customer="customer", date="day", amount="paid")
    >>> summary["frequency"], summary["recency"], summary["T"]
    (array([2, 0]), array([30.,  0.]), array([30., 12.]))
    >>> summary["monetary"].tolist()
    [30.0, None]
    """
    chosen = one_of(unit, "unit", _UNITS, "E_PERIOD_UNIT")
    first = one_of(monetary, "monetary", ("without_first", "with_first"), "E_ENUM")
    whole = one_of(last_period, "last_period", ("cut", "whole"), "E_ENUM")
    wanted = [customer, date, *(name for name in (amount, currency_column) if name is not None)]
    table, native = read(transactions, wanted, keys={customer})
    settle(table, [date], timezone)
    columns, end, code, late, refunded, repeated, strangers = _core.rfm(
        table,
        customer=customer,
        date=date,
        amount=amount,
        currency=currency_column,
        unit=chosen,
        unit_days=as_number(unit_days, "unit_days"),
        by_row=not collapse,
        with_first=first == "with_first",
        whole_last_period=whole == "whole",
        refunds=refunds,
        duplicates=duplicates,
        observation_end=None if observation_end is None else _last_day(observation_end, "observation_end"),
        calibration_end=None if calibration_end is None else _last_day(calibration_end, "calibration_end"),
        threads=thread_count(threads),
    )
    last = None if end is None else datetime.date.fromisoformat(end)
    kept = "the calibration" if calibration_end is not None else "the end"
    read_as = [("amount", amount), ("currency", currency_column)]
    alike = _listed(["customer", "day", *(word for word, column in read_as if column is not None)])
    counts = (
        ("N_AFTER_END", "rows after the last day of observation are left out", late),
        ("N_CUSTOMER_AFTER", f"customers who bought nothing until {kept} are left out", strangers),
        ("N_REFUND_DROPPED", "rows with an amount below 0 are left out", refunded),
        ("N_DUPLICATE_DROPPED", f"rows that repeat another in {alike} are left out", repeated),
    )
    notes = tuple(Note(name, message, count, ()) for name, message, count in counts if count)
    words = [_words(unit, unit_days), "purchases by period" if collapse else "each row a purchase"]
    if amount is not None:
        words.append(
            "spend without the first purchase" if first == "without_first" else "spend of all purchases"
        )
    if whole == "whole" and calibration_end is None and unit != "day":
        words.append("the last period counts whole")
    return Rfm(columns, native, end=last, currency=code or None, conventions=", ".join(words), notes=notes)


def _last_day(value: str | datetime.date, name: str) -> str:
    text = last_day_of(value, name)
    return text if len(text) > len("2024-01") else as_day(text, name)


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _words(unit: str, unit_days: float) -> str:
    if unit_days != 1:
        return f"in units of {unit_days:g} days"
    return "in days" if unit == "day" else f"in calendar {unit}s"
