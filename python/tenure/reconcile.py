"""Questions to a book about definitions: why two of them differ, and which one somebody else used."""

from __future__ import annotations

from typing import Any, Literal

from . import _core
from .errors import OptionError
from .loading import Day, Money
from .options import as_day, as_whole
from .policy import Policy
from .progress import comparing
from .rates import Period, Rates
from .results import Match, Reconciliation
from .results.reconciliation import Asked
from .theirs import read_figures

Metric = Literal["mrr", "customers", "customer_churn", "gross_mrr_churn", "nrr", "grr"]


class Reconciling(Rates):
    """What a book knows about definitions; see `tenure.Book`."""

    def reconcile(
        self,
        a: str | Policy,
        b: str | Policy,
        *,
        at: Day | None = None,
        first: Day | None = None,
        last: Day | None = None,
        metric: Metric = "mrr",
        period: Period = "month",
        horizon: int = 12,
        fiscal_start: int = 1,
        money: Money | None = None,
        known_at: Day | None = None,
    ) -> Reconciliation:
        """Return why a figure differs between two policies, split into causes that add up to the difference.

        ``value_b - value_a = sum of the amounts of all causes``: with ``money="decimal"`` to the cent
        exactly, with ``money="float"`` to what a double can hold. A cause is an option in which the policies
        differ (or options that exclude each other half-way, changed together). Its amount is its Shapley
        value: the mean, over all orders in which the options can be changed one by one, of what its change
        does. With more than 10 causes they are changed in the order of `Policy.options` instead, and
        ``method`` says so. Options that differ and cannot matter for these rows are in ``without_effect``.

        Parameters
        ----------
        a, b
            Presets or policies.
        at
            A day (``"2024-06-30"``: the state on it, under both), or a month (``"2024-06"``: what each
            publishes for it).
        first, last
            A span of periods instead: what each policy publishes for each of them.
        metric
            ``mrr`` (monthly, in major units), ``customers``, or a share: ``customer_churn``,
            ``gross_mrr_churn``, ``nrr``, ``grr``. Shares are of periods, not of days.
        period, fiscal_start
            Unit of the periods, and the month in which quarters, halves and years begin.
        horizon
            Periods that ``nrr`` and ``grr`` look back.
        money
            ``decimal``: MRR, causes and customers rounded so that they still add up to the cent. Default:
            that of the book.

        Raises
        ------
        OptionError
            ``E_METRIC``, ``E_WHEN`` unless either `at` or `first` and `last` are given, ``E_POLICY`` and its
            kin, ``E_POLICY_INCOMPARABLE`` for figures that have no common base.
        InputError
            What a policy refuses in the rows, such as ``E_TRIAL_AMOUNT``; ``E_WINDOW``.

        Notes
        -----
        Shapley, "A value for n-person games" (1953). The rows are read again under every mixture of the two
        policies: 2 to the power of the number of causes.

        Examples
        --------
        >>> from tenure import Book
        >>> rows = {"who": ["ann", "bob"], "from": ["2024-01-01"] * 2, "price": [100, 60], "off": [25, None]}
        >>> rows["ends"] = [None, "2024-09-01"]
        >>> rows["asked"] = [None, "2024-06-10"]
        >>> names = {"customer": "who", "start": "from", "end": "ends", "amount": "price"}
        >>> book = Book(rows, **names, discount_percent="off", cancel_requested="asked", currency="EUR")
        >>> gross = Policy(discounts="none")
        >>> found = book.reconcile("stripe", gross, at="2024-06-30")
        >>> found.value_a, found.value_b, found.difference
        (75.0, 160.0, 85.0)
        >>> [(cause.name, cause.amount) for cause in found.causes]
        [('discounts', 25.0), ('churn_at', 60.0)]
        >>> found.customers("churn_at")["customer"].tolist()
        ['bob']
        >>> found.words()[0].partition(":")[0]
        'Stripe shows 85.00 EUR less MRR than standard with discounts=none on 30 June 2024'
        """
        book = self._at(known_at)
        policies = Policy.of(a), Policy.of(b)
        day, span = _moment(at, first, last, (period, as_whole(fiscal_start, "fiscal_start")))
        with comparing() as progress:
            split = _core.reconcile(
                book._reloader(*policies, progress=progress),
                policies[0]._core,
                policies[1]._core,
                metric=metric,
                at=day,
                span=span,
                horizon=as_whole(horizon, "horizon"),
            )
        asked = Asked(metric, period if day is None else "day")
        return Reconciliation(split, policies, asked, book._context(money))

    def reconcile_with(
        self,
        frame: Any,
        *,
        month: str,
        mrr: str | None = None,
        new: str | None = None,
        expansion: str | None = None,
        contraction: str | None = None,
        churn: str | None = None,
        reactivation: str | None = None,
        closing: str | None = None,
        keep: int = 10,
        money: Money | None = None,
        known_at: Day | None = None,
    ) -> Match:
        """Return which policies come closest to somebody else's table, and what each leaves unexplained.

        Every preset is tried, then the three closest with each single option changed to each value that is
        met in the wild. Presets that cannot read the rows (for lack of a column) are left out. The distance
        is ``sum of |theirs - ours|`` over the figures that are more than a cent apart, monthly, in major
        units: less is rounding.

        Parameters
        ----------
        frame
            A table with one row a month; any frame that `Book` takes.
        month
            Column of months: ``2024-06``, or any day of the month.
        mrr, closing
            Column of the MRR at the end of the month; two names of the same.
        new, expansion, contraction, churn, reactivation
            Columns of movements. Losses may be negative throughout.
        keep
            How many policies to return.

        Raises
        ------
        InputError
            ``E_MATCH`` if there is no figure, or no preset can read the rows; ``E_MONTH_DUPLICATE``,
            ``E_DATE_FORMAT``, ``E_AMOUNT_TEXT``, ``E_COLUMN_MISSING``.
        OptionError
            ``E_MATCH`` if no column of figures is named, ``E_KEEP``.

        Examples
        --------
        >>> from tenure import Book
        >>> rows = {"who": [1, 2], "from": ["2024-01-01"] * 2, "price": [100, 40], "off": [25, None]}
        >>> names = {"customer": "who", "start": "from", "amount": "price", "discount_percent": "off"}
        >>> table = {"month": ["2024-01", "2024-02"], "MRR": [140, 140]}
        >>> found = Book(rows, **names).reconcile_with(table, month="month", mrr="MRR")
        >>> found.best.name, found["difference"][0].item()
        ('killbill', 0.0)
        """
        if as_whole(keep, "keep") < 1:
            hint = "Give a whole number, 1 or more."
            raise OptionError(f"keep={keep} is not above 0", code="E_KEEP", value=str(keep), hint=hint)
        if mrr is not None and closing is not None:
            message = "mrr and closing are the same line"
            raise OptionError(message, code="E_MATCH", value=closing, hint="Name one of them.")
        lines = {
            "new": new,
            "expansion": expansion,
            "contraction": contraction,
            "churn": churn,
            "reactivation": reactivation,
            "closing": closing if mrr is None else mrr,
        }
        figures = read_figures(frame, month, lines)
        book = self._at(known_at)
        context = book._context(money)
        with comparing() as progress:
            known = (Policy(timezone=zone) for zone in Policy.known_values("timezone"))
            tried = (zone for zone in known if self._sources.zones_matter(Policy(), zone))
            reloader = book._reloader(Policy(), self._policy, *tried, progress=progress)
            match = _core.match(reloader, self._policy._core, figures, context.exponent)
        return Match(match, keep, len({figure.month for figure in figures}), context)

    def _reloader(self, one: Policy, *others: Policy, progress: Any) -> _core.Reloader:
        return _core.Reloader(
            {policy.options()["timezone"]: self._sources.tables(policy) for policy in (one, *others)},
            zones_matter=any(self._sources.zones_matter(one, other) for other in others),
            options=self._settings.core,
            view=_core.View(*self._view),
            progress=progress,
        )


def _moment(
    at: Day | None, first: Day | None, last: Day | None, calendar: tuple[str, int]
) -> tuple[str | None, tuple[str, str, str, int] | None]:
    """Return a day, or a span of periods."""
    if at is not None and first is None and last is None:
        text = as_day(at, "at")
        return (None, (text, text, *calendar)) if len(text) == len("2024-06") else (text, None)
    if at is None and first is not None and last is not None:
        return None, (as_day(first, "first"), as_day(last, "last"), *calendar)
    hint = 'Pass at="2024-06-30", at="2024-06", or first="2024-01" and last="2024-06".'
    raise OptionError("give either at, or first and last", code="E_WHEN", hint=hint)
