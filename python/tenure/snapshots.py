"""A book of a feed that says, snapshot by snapshot, what every customer then paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Self

from . import _core
from .invoices import Interval
from .loading import Day, Loaded, Money
from .options import as_day
from .policy import Policy
from .reading import Settings, View
from .rows import KEYS, Parts, Rows, Sources, segments, zone_of

if TYPE_CHECKING:
    from .fx import Rates as FxRates

Absent = Literal["error", "churn", "carry"]
Missing = Literal["error", "carry"]


class Snapshots(Loaded):
    """A book that can be made of snapshots; see `tenure.Book`."""

    @classmethod
    def from_snapshots(
        cls,
        frame: Any,
        *,
        customer: str,
        at: str,
        amount: str,
        end: str | None = None,
        subscription: str | None = None,
        product: str | None = None,
        quantity: str | None = None,
        currency: str | None = None,
        currency_column: str | None = None,
        by: str | Sequence[str] = (),
        interval: Interval = "month",
        absent: Absent = "error",
        missing: Missing = "error",
        every: Interval | None = None,
        last: Day | None = None,
        policy: str | Policy = "standard",
        timezone: str | None = None,
        money: Money = "float",
        as_of: Day | None = None,
        threads: int | None = None,
        reporting_currency: str | None = None,
        rates: FxRates | None = None,
    ) -> Self:
        """Make a book of dated snapshots: what every customer paid on the day of each export.

        A row holds from its snapshot to the next one, or to its `end` if that is earlier. What it means that
        a customer is no longer in the feed is for the caller to say; it is never read as churn by itself.

        Parameters
        ----------
        frame
            Any frame that `Book` takes, in any order of rows.
        customer, amount, subscription, product, quantity, currency, currency_column, by, interval
            As of `Book`.
        at
            Column of the day of the snapshot that a row is in.
        end
            Column of first days no longer paid for, where the feed knows them (null: it does not). Never the
            last day paid for, whatever the policy says of end dates.
        absent
            A customer of one snapshot is not in the next and has no end: ``error`` refuses the feed,
            ``churn`` ends its rows on the day of the snapshot without it, ``carry`` has them hold until it is
            seen again, or for good.
        missing
            A whole snapshot is not there: ``error``, or ``carry``: the one before it holds on.
        every
            How often snapshots come, such as ``month``. Left out, as the two closest to each other say, if
            all others keep to that; nothing is missing in a feed whose days have no order.
        last
            First day of which the last snapshot says nothing. Left out, its rows are open.
        policy, timezone, money, as_of, threads, reporting_currency, rates
            As of `Book`.

        Raises
        ------
        InputError
            ``E_SNAPSHOT_GAP`` for a customer that is not in the next snapshot, ``E_SNAPSHOT_MISSING`` for a
            snapshot that is not there, ``E_DATE_NULL``, and what rows of `Book` can have wrong too.
        OptionError
            ``E_ENUM`` (`absent`, `missing`), ``E_INTERVAL`` (`every`), ``E_WINDOW`` for a `last` that is not
            after the last snapshot.

        Examples
        --------
        >>> from tenure import Book
        >>> days = ["2024-02-01", "2024-02-01", "2024-03-01", "2024-03-01", "2024-04-01"]
        >>> feed = {"who": ["c3", "c4", "c3", "c4", "c3"], "day": days, "mrr": [10, 5, 10, 5, 12]}
        >>> book = Book.from_snapshots(feed, customer="who", at="day", amount="mrr", absent="churn")
        >>> bridge = book.waterfall("2024-02", "2024-04")
        >>> bridge["expansion"].tolist(), bridge["churn"].tolist(), bridge["closing"].tolist()
        ([0.0, 0.0, 2.0], [0.0, 0.0, 5.0], [15.0, 15.0, 12.0])
        """
        settings = Settings.of(money, as_of, "error", "allow", threads, reporting_currency, rates)
        chosen = Policy.of(policy)
        columns = {
            "customer": customer,
            "start": at,
            "end": end,
            "amount": amount,
            "subscription": subscription,
            "product": product,
            "quantity": quantity,
            "currency_column": currency_column,
        }
        read_as = _core.SnapshotOptions(
            absent=absent,
            missing=missing,
            every=every,
            last=None if last is None else as_day(last, "last"),
        )
        fixed = {"interval": interval, "currency": currency, "snapshots": read_as}
        parts = Parts(columns, KEYS, ("start", "end"), segments(by), fixed)
        rows = Rows(frame, parts, _core.ContractRoles, _core.ContractTable)
        return cls._made(Sources(rows, None, timezone, zone_of(chosen), False), chosen, settings, View())
