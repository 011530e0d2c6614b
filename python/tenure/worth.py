"""Questions to a book about what its customers cost and are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack, cast

from .forecasting import Forecasting

if TYPE_CHECKING:
    from .book import Book
    from .economics.ltv import ChurnOf, Method, Over, Timing, ZeroChurn
    from .economics.payback import Crossing
    from .economics.spend import Paid, SpendColumns
    from .loading import Day, Money, Period
    from .results.economics import AcquisitionCost, Efficiency, LifetimeValue, Payback


class Worth(Forecasting):
    """Unit economics of a book; see `tenure.Book`. Each is the function of `tenure.economics` of its name."""

    def cac(
        self,
        spend: Any,
        first: Day,
        last: Day,
        *,
        period: Period = "month",
        by: str | None = None,
        paid: Paid = None,
        lag: int = 0,
        fiscal_start: int = 1,
        money: Money | None = None,
        known_at: Day | None = None,
        **columns: Unpack[SpendColumns],
    ) -> AcquisitionCost:
        """Return the cost of acquisition of each period; see `tenure.economics.cac`.

        Examples
        --------
        >>> import tenure as tn
        >>> rows = {"who": [1, 2], "from": ["2024-01-10", "2024-01-20"], "mrr": [100, 50]}
        >>> book = tn.Book(rows, customer="who", start="from", amount="mrr")
        >>> spent = {"date": ["2024-01-31"], "amount": [600]}
        >>> book.cac(spent, "2024-01", "2024-01")["cac"].tolist()
        [300.0]
        """
        from .economics import cac

        return cac(
            spend,
            self._book(),
            first=first,
            last=last,
            period=period,
            by=by,
            paid=paid,
            lag=lag,
            fiscal_start=fiscal_start,
            money=money,
            known_at=known_at,
            **columns,
        )

    def payback(
        self,
        spend: Any,
        first: Day,
        last: Day,
        *,
        period: Period = "month",
        margin: float = 1.0,
        cost_to_serve: float = 0.0,
        crossing: Crossing = "interpolated",
        by: str | None = None,
        paid: Paid = None,
        lag: int = 0,
        fiscal_start: int = 1,
        known_at: Day | None = None,
        **columns: Unpack[SpendColumns],
    ) -> Payback:
        """Return when each cohort has paid back the spend that won it; see `tenure.economics.payback`.

        Examples
        --------
        >>> import tenure as tn
        >>> rows = {"who": [1], "from": ["2024-01-10"], "mrr": [100]}
        >>> book = tn.Book(rows, customer="who", start="from", amount="mrr", as_of="2024-03-31")
        >>> spent = {"date": ["2024-01-31", "2024-03-31"], "amount": [200, 0]}
        >>> book.payback(spent, "2024-01", "2024-03", margin=0.8)["months"].tolist()
        [2.5, None, None]
        """
        from .economics import payback

        return payback(
            spend,
            self._book(),
            first=first,
            last=last,
            period=period,
            margin=margin,
            cost_to_serve=cost_to_serve,
            crossing=crossing,
            by=by,
            paid=paid,
            lag=lag,
            fiscal_start=fiscal_start,
            known_at=known_at,
            **columns,
        )

    def ltv(
        self,
        first: Day,
        last: Day,
        *,
        period: Period = "month",
        method: Method = "formula",
        by: str | None = None,
        margin: float = 1.0,
        churn: ChurnOf = "customer",
        over: Over = "window",
        trailing: int = 6,
        with_current: bool = False,
        zero_churn: ZeroChurn = "null",
        floor: float = 0.01,
        discount: float = 0.0,
        horizon: int | None = None,
        timing: Timing = "begin",
        cost_to_serve: float = 0.0,
        cac: float | Mapping[str, float] | AcquisitionCost | None = None,
        confidence: float | None = None,
        replicates: int = 1000,
        seed: int = 0,
        fiscal_start: int = 1,
        known_at: Day | None = None,
    ) -> LifetimeValue:
        """Return what a customer is worth; see `tenure.economics.ltv`.

        Examples
        --------
        >>> import tenure as tn
        >>> rows = {"who": [1, 2], "from": ["2024-01-05"] * 2, "to": ["2024-03-10", None], "mrr": [100] * 2}
        >>> book = tn.Book(rows, customer="who", start="from", end="to", amount="mrr", as_of="2024-03-31")
        >>> book.ltv("2024-02", "2024-03", margin=0.8)["ltv"].tolist()
        [320.0]
        """
        from .economics import ltv

        return ltv(
            self._book(),
            first=first,
            last=last,
            period=period,
            method=method,
            by=by,
            margin=margin,
            churn=churn,
            over=over,
            trailing=trailing,
            with_current=with_current,
            zero_churn=zero_churn,
            floor=floor,
            discount=discount,
            horizon=horizon,
            timing=timing,
            cost_to_serve=cost_to_serve,
            cac=cac,
            confidence=confidence,
            replicates=replicates,
            seed=seed,
            fiscal_start=fiscal_start,
            known_at=known_at,
        )

    def efficiency(
        self,
        spend: Any,
        first: Day,
        last: Day,
        *,
        period: Period = "quarter",
        by: str | None = None,
        paid: Paid = None,
        lag: int = 1,
        margin: float = 1.0,
        burn: float | Sequence[float | None] | None = None,
        profit_margin: float | Sequence[float | None] | None = None,
        fiscal_start: int = 1,
        known_at: Day | None = None,
        **columns: Unpack[SpendColumns],
    ) -> Efficiency:
        """Return how much ARR the spend of each period brings; see `tenure.economics.efficiency`.

        Examples
        --------
        >>> import tenure as tn
        >>> rows = {"who": [1], "from": ["2024-04-10"], "mrr": [100]}
        >>> book = tn.Book(rows, customer="who", start="from", amount="mrr")
        >>> spent = {"date": ["2024-01-31"], "amount": [600]}
        >>> book.efficiency(spent, "2024-04", "2024-06")["magic_number"].tolist()
        [2.0]
        """
        from .economics import efficiency

        return efficiency(
            spend,
            self._book(),
            first=first,
            last=last,
            period=period,
            by=by,
            paid=paid,
            lag=lag,
            margin=margin,
            burn=burn,
            profit_margin=profit_margin,
            fiscal_start=fiscal_start,
            known_at=known_at,
            **columns,
        )

    def _book(self) -> Book:
        return cast("Book", self)
