"""Questions to a book about what it will be: its own bridge carried on, and how well that would have gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from . import _core
from .errors import OptionError
from .loading import Day, Money, Period
from .options import as_whole, date_of, resampled
from .reading import EPOCH
from .staying import Staying

if TYPE_CHECKING:
    from .forecast.naive import Method
    from .results.forecast import Backtest, MrrForecast

New = Literal["level", "trend"]
_LAGS = {"day": 7, "week": 52, "month": 12, "quarter": 4, "half_year": 2, "year": 1}


class Forecasting(Staying):
    """Forecasts of a book from its own movements; see `tenure.Book`."""

    def forecast(
        self,
        periods: int = 12,
        *,
        history: int = 24,
        period: Period = "month",
        by: str | None = None,
        new: New = "level",
        block: int = 1,
        replicates: int = 1000,
        seed: int = 0,
        confidence: float = 0.8,
        as_of: Day | None = None,
        arr: bool = False,
        fiscal_start: int = 1,
        money: Money | None = None,
        known_at: Day | None = None,
    ) -> MrrForecast:
        """Carry the MRR bridge on from its own movement rates, with limits by simulation.

        Each period's expansion, contraction and churn are their mean shares of the opening over the history,
        new and reactivated MRR their mean amounts. In every row ``opening + new + expansion - contraction -
        churn + reactivation = closing``, and each opening is the closing before. It is a baseline to beat,
        and to read line by line: no contract ends, renewals or signed orders are looked up, and no season.

        Parameters
        ----------
        periods
            How many periods to forecast, from the first one that is not over on `as_of`.
        history
            From how many last periods the rates are taken; from fewer, if the book has fewer. It begins where
            somebody paid at the opening: a book's first rows do not count as sales.
        period, fiscal_start
            As `waterfall` takes them.
        by
            A segment column: each segment with rates of its own, all drawn from the same periods. Transfers
            between segments cancel. The forecasts add up to another total than that without `by`.
        new
            ``"level"``: new MRR stays at its mean. ``"trend"``: it follows its least-squares line, never
            below 0.
        block
            How many periods in a row are drawn together; more than 1 keeps good and bad times together.
        replicates, seed, confidence
            Of the limits of ``closing``; see Notes.
        as_of
            The last day to be known (of a month, its last): a forecast as it would have been made then. By
            default `known_until`.
        arr
            Whether to add ``arr``, ``arr_lower`` and ``arr_upper``: 12 times the closing and its limits.
        money
            ``float`` or ``decimal``, instead of the book's.
        known_at
            The day of knowledge; see `known_at`.

        Returns
        -------
        MrrForecast
            Columns as `waterfall` has them, without customers, then ``lower`` and ``upper`` of ``closing``.
            Null (``too_few``) without a period in which anybody paid at the opening; limits also with fewer
            than two blocks of history. Null (``diverges``) from the period on in which an amount would be
            beyond 10^23 a month. `MrrForecast.fan` has limits of other confidence.

        Raises
        ------
        OptionError
            ``E_HORIZON``, ``E_HISTORY``, ``E_NEW``, ``E_BLOCK``, ``E_BOOTSTRAP``, ``E_SEED``,
            ``E_CONFIDENCE``, ``E_AS_OF`` (after the last day that the data speak of), ``E_SEGMENT``,
            ``E_PERIOD_UNIT``.

        Notes
        -----
        A replicate draws whole periods of the history with replacement and rolls forward with their rates,
        so that movements which came together go on coming together. It draws them from a resample of the
        history, so that limits widen with how little a short history tells. Limits are percentiles of the
        closings, widened to the point forecast where it lies outside. Replicate r is a function of `seed` and
        r alone. Fx and pauses, where the book has such lines, go on as shares of the opening, resumptions as
        amounts.

        Examples
        --------
        >>> from tenure import Book
        >>> months = [f"2024-{month:02}-01" for month in range(1, 7)]
        >>> rows = {"who": list(range(6)), "from": months, "mrr": [100] * 6}
        >>> book = Book(rows, customer="who", start="from", amount="mrr", as_of="2024-06-30")
        >>> ahead = book.forecast(2)
        >>> ahead["new"].tolist(), ahead["closing"].tolist(), ahead["upper"].tolist()
        ([100.0, 100.0], [700.0, 800.0], [700.0, 800.0])
        """
        from .results.forecast import MrrForecast

        book = self._at(known_at)
        segment, context = book._segment(by), book._context(money)
        reach = book._until(period, fiscal_start, as_of)
        core = _core.MrrForecast(
            book._core, reach, segment, **_terms(periods, history, new, block),
            resampled=resampled(confidence, replicates, seed),
        )  # fmt: skip
        return MrrForecast(core, segment, context, confidence=float(confidence), arr=bool(arr))

    def backtest(
        self,
        periods: int = 6,
        *,
        origins: int = 12,
        step: int = 1,
        methods: Method | Sequence[Method] = ("naive", "drift"),
        lag: int | None = None,
        history: int = 24,
        period: Period = "month",
        by: str | None = None,
        new: New = "level",
        block: int = 1,
        replicates: int = 1000,
        seed: int = 0,
        confidence: float = 0.8,
        as_of: Day | None = None,
        fiscal_start: int = 1,
        money: Money | None = None,
        known_at: Day | None = None,
    ) -> Backtest:
        """Return what `forecast` would have said at past origins, beside naive forecasts and what happened.

        Parameters
        ----------
        periods
            How far each origin looks ahead.
        origins, step
            How many origins, and how many periods lie between them. The last one is `periods` before the last
            complete period, so that all of its forecasts can be checked. Origins with fewer than two periods
            of history are left out.
        methods
            What to compare with: methods of `tenure.forecast.naive`, on the closings of the same history.
        lag
            Periods in a season; by default a year of them.
        history, period, by, new, block, replicates, seed, confidence, as_of, fiscal_start, money, known_at
            As `forecast` takes them.

        Returns
        -------
        Backtest
            A row for each origin and period ahead (and segment): the segment, ``cutoff`` (the last period
            known), ``period``, ``horizon``, ``actual`` (closing MRR), ``bridge`` with ``bridge_lower`` and
            ``bridge_upper``, and a column for each method.

        Raises
        ------
        OptionError
            Those of `forecast`; ``E_ORIGINS``, ``E_STEP``, ``E_METHOD``, ``E_LAG``.
        InputError
            ``E_WINDOW`` if no origin has two periods of history and `periods` after it.

        Notes
        -----
        Each origin uses the bridge until its cutoff alone. The rows are those known today: what was corrected
        since is corrected in the past too. For forecasts from what was known then, make them with
        ``book.forecast(as_of=day, known_at=day)``.

        Examples
        --------
        >>> from tenure import Book
        >>> months = [f"2024-{month:02}-01" for month in range(1, 10)]
        >>> rows = {"who": list(range(9)), "from": months, "mrr": [100] * 9}
        >>> book = Book(rows, customer="who", start="from", amount="mrr", as_of="2024-09-30")
        >>> past = book.backtest(2, origins=1)
        >>> past["actual"].tolist(), past["bridge"].tolist(), past["naive"].tolist()
        ([800.0, 900.0], [800.0, 900.0], [700.0, 700.0])
        """
        from .forecast.naive import lag_of, methods_of
        from .results.forecast import Backtest

        book = self._at(known_at)
        segment, context = book._segment(by), book._context(money)
        reach = book._until(period, fiscal_start, as_of)
        compared = methods_of(methods)
        columns = _core.mrr_backtest(
            book._core, reach, segment, **_terms(periods, history, new, block),
            resampled=resampled(confidence, replicates, seed),
            origins=count_of(origins, "origins"), step=count_of(step, "step", "E_STEP"), methods=compared,
            lag=_LAGS.get(period, 1) if lag is None else lag_of(lag), **context.money(),
        )  # fmt: skip
        keys = tuple(columns.names[: columns.names.index("cutoff")])
        return Backtest(columns, ("bridge", *compared), keys, "period", context.native, None)

    def _until(self, period: Period, fiscal_start: Any, as_of: Day | None) -> tuple[str, int, int]:
        """Unit, month in which years begin, and the last day to be known."""
        month = as_whole(fiscal_start, "fiscal_start", low=1, high=12, code="E_FISCAL_START")
        return period, month, self._last_known(as_of)

    def _last_known(self, as_of: Day | None) -> int:
        """The last day to be known, in days since 1970-01-01; ``E_AS_OF`` if the data do not reach it."""
        day: date = self.known_until if as_of is None else date_of(as_of, "as_of")
        if day > self.known_until:
            message = f"as_of={day} lies after {self.known_until}, the last day that the data speak of"
            hint = "Say as_of= when the book is made, if they speak of later days."
            raise OptionError(message, code="E_AS_OF", value=str(day), hint=hint)
        return (day - EPOCH).days


def _terms(periods: Any, history: Any, new: str, block: Any) -> dict[str, Any]:
    return {
        "periods": as_whole(periods, "periods", low=1, high=1200, code="E_HORIZON"),
        "history": as_whole(history, "history", low=1, high=100_000, code="E_HISTORY"),
        "new": new,
        "block": as_whole(block, "block", low=1, high=100_000, code="E_BLOCK"),
    }


def count_of(value: Any, name: str, code: str = "E_ORIGINS") -> int:
    """A whole number from 1 to 100000, or `code`."""
    return as_whole(value, name, low=1, high=100_000, code=code)
