"""The same book as it was known on a day, in one of its currencies, or at the exchange rates of a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from . import _core
from .loading import EPOCH, Day, Money, Period, View
from .options import last_day_of
from .results import Restatement
from .snapshots import Snapshots

_KEPT = 2  # views on days of knowledge: reports compare two of them


class Views(Snapshots):
    """What a book knew when, and what it is in other money; see `tenure.Book`."""

    def known_at(self, day: Day) -> Self:
        """Return the book as it was known at the end of a day (of a month, its last day).

        A row is known on a day if ``recorded <= day < superseded``. What is recorded later changes no answer,
        by no bit. Every question also takes the day itself: ``book.waterfall(..., known_at=day)``.

        Raises
        ------
        OptionError
            ``E_KNOWN_AT`` for a book whose rows do not say when they were recorded.
        InputError
            ``E_AS_OF`` for a day on which nothing was known yet.

        Notes
        -----
        The views of the last two days are kept, so that many questions about them read the rows once.

        Examples
        --------
        >>> from tenure import Book
        >>> rows = {"who": ["ann", "bob"], "from": ["2024-01-05"] * 2, "mrr": [30, 10]}
        >>> rows["entered"] = ["2024-01-05", "2024-02-20"]
        >>> book = Book(rows, customer="who", start="from", amount="mrr", recorded="entered")
        >>> then = book.known_at("2024-02-01").mrr("2024-01-31")["mrr"]
        >>> book.mrr("2024-01-31")["mrr"].tolist(), then.tolist()
        ([40.0], [30.0])
        >>> book.mrr("2024-01-31", known_at="2024-02-01")["mrr"].tolist()
        [30.0]
        """
        text = last_day_of(day, "known_at")
        kept = self._days_kept
        if text not in kept:
            view = self._view._replace(known_at=text)
            # Read again: cheaper than to choose among the rows of a book that keeps all of them.
            book = self._made(self._sources, self._policy, self._settings, view)
            kept = dict([*kept.items(), (text, book)][-_KEPT:])
            self._days_kept = kept  # put in place whole: other threads may read the one before
        return kept[text]

    def local(self, currency: str) -> Self:
        """Return the rows of one currency, in that currency.

        Raises
        ------
        OptionError
            ``E_CURRENCY`` if the book has no rows in it, or no exchange rates.

        Examples
        --------
        >>> import tenure as tn
        >>> rates = tn.fx.Rates({"date": ["2024-01-31"], "currency": ["USD"], "rate": [1.25]}, base="EUR")
        >>> rows = {"who": [1, 2], "from": ["2024-01-05"] * 2, "mrr": [100, 50], "in": ["EUR", "USD"]}
        >>> names = {"customer": "who", "start": "from", "amount": "mrr", "currency_column": "in"}
        >>> book = tn.Book(rows, **names, reporting_currency="EUR", rates=rates)
        >>> book.mrr("2024-01-31")["mrr"].tolist(), book.local("USD").mrr("2024-01-31")["mrr"].tolist()
        ([140.0], [50.0])
        """
        return self._shown(self._core.local(currency), self._view._replace(local=currency))

    def at_rates_of(self, day: Day) -> Self:
        """Return the book with all amounts at the rates of one day (of a month, its last): constant currency.

        Its policy is that of the book with ``fx_rate_at`` of that day, and without movements at those of
        another.

        Raises
        ------
        InputError
            ``E_FX_MISSING``.

        Examples
        --------
        >>> import tenure as tn
        >>> days, usd = ["2024-01-31", "2024-02-29"], [1.25, 1.0]
        >>> rates = tn.fx.Rates({"date": days, "currency": ["USD"] * 2, "rate": usd}, base="EUR")
        >>> rows = {"who": [1], "from": ["2024-01-05"], "mrr": [50]}
        >>> names = {"customer": "who", "start": "from", "amount": "mrr", "currency": "USD"}
        >>> book = tn.Book(rows, **names, reporting_currency="EUR", rates=rates)
        >>> bridge = book.waterfall("2024-01", "2024-02")
        >>> bridge["fx"].tolist(), bridge["closing"].tolist()
        ([0.0, 10.0], [40.0, 50.0])
        >>> book.at_rates_of("2024-01").waterfall("2024-01", "2024-02")["closing"].tolist()
        [40.0, 40.0]
        """
        text = last_day_of(day, "day")
        book = self._shown(self._core.at_rates_of(text), self._view._replace(rates_of=text))
        book._policy = book._view.policy(self._policy)
        return book

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of the rows, sorted; those of the results is `currency`."""
        return tuple(self._core.currencies)

    @property
    def has_knowledge(self) -> bool:
        """Whether the rows say when they were recorded, so that there is a `known_at`."""
        return self._core.has_knowledge

    @property
    def first_known(self) -> date | None:
        """The first day on which something was recorded; None where nobody says."""
        return _date(self._core.first_known)

    @property
    def last_known(self) -> date | None:
        """The last day on which something was recorded or superseded; None where nobody says."""
        return _date(self._core.last_known)

    def restatement(
        self,
        known_at_a: Day,
        known_at_b: Day | None = None,
        first: Day | None = None,
        last: Day | None = None,
        *,
        period: Period = "month",
        fiscal_start: int = 1,
        money: Money | None = None,
    ) -> Restatement:
        """Return what changed in the past between two days of knowledge.

        ``change = closing as known on day b - closing as known on day a``, period by period, and the same for
        every movement of the bridge. `Restatement.customers` says who is behind it and `Restatement.rows`
        which rows, with the reason: recorded late, corrected, or deleted.

        Parameters
        ----------
        known_at_a, known_at_b
            The days, the earlier one first; without the second, all that is known now.
        first, last
            The periods to compare; by default from the first start to the later day.

        Raises
        ------
        OptionError
            ``E_KNOWN_AT`` for a book whose rows do not say when they were recorded, ``E_WINDOW`` if the
            second day lies before the first.
        InputError
            ``E_AS_OF`` for a day on which nothing was known yet.

        Examples
        --------
        >>> from tenure import Book
        >>> rows = {"who": ["ann", "bob", "bob"], "from": ["2024-01-05"] * 3, "mrr": [30, 10, 12]}
        >>> rows["row"], rows["entered"] = [1, 2, 2], ["2024-01-05", "2024-01-06", "2024-02-20"]
        >>> book = Book(rows, customer="who", start="from", amount="mrr", id="row", recorded="entered")
        >>> changed = book.restatement("2024-01-31", "2024-02-29", "2024-01", "2024-02")
        >>> changed["before"].tolist(), changed["after"].tolist()
        ([40.0, 40.0], [42.0, 42.0])
        >>> changed.rows()["reason"].tolist(), changed.rows()["known_before"].tolist()
        (['corrected', 'corrected'], [True, False])
        """
        a = last_day_of(known_at_a, "known_at_a")
        b = self._latest(a) if known_at_b is None else last_day_of(known_at_b, "known_at_b")
        if first is None or last is None:
            views = self.known_at(a), self.known_at(b)
            begin = min(view.first_day for view in views)
            first = begin if first is None else first
            last = max(begin, views[1].known_until) if last is None else last
        window = self._window(first, last, period, fiscal_start)
        context = self._context(money)._replace(known_until=date.fromisoformat(b))
        return Restatement(_core.restatement(self._all()._core, a, b, window), (a, b), context)

    def _all(self) -> Self:
        """The book with the rows of all days of knowledge."""
        if self._view.known_at is None:
            return self
        return self._made(self._sources, self._policy, self._settings, self._view._replace(known_at=None))

    def _latest(self, day: str) -> str:
        """The last day on which something became known, and not before `day`."""
        if self._view.known_at is not None:
            return self._view.known_at
        known = self.last_known
        return day if known is None else max(day, known.isoformat())

    def _at(self, known_at: Day | None) -> Self:
        return self if known_at is None else self.known_at(known_at)

    def _shown(self, core: _core.Book, view: View) -> Self:
        book = type(self).__new__(type(self))
        book.__dict__.update(self.__dict__, _core=core, _view=view, _days_kept={}, _reach={})
        return book


def _date(day: int | None) -> date | None:
    return None if day is None else EPOCH + timedelta(days=day)
