"""Results of unit economics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .. import _core
from ..errors import OptionError
from ..options import Window, as_day, resampled
from .base import BookResult, Context
from .explanation import Explanation, explain


class Asked(NamedTuple):
    """What a cost was computed from: the book, the window, its segment, the channels that count."""

    book: _core.Book
    window: Window
    segment: str
    channels: list[str]


class AcquisitionCost(BookResult):
    """What it costs to win a customer.

    Columns ``period``, the channel if it is cut by one, ``spend`` (null where nobody knows it),
    ``new_customers``, ``new_mrr`` (monthly), ``cac`` and ``cac_per_new_mrr`` (null with a reason),
    ``period_is_complete``. Money is in major units of the book's currency.
    """

    def __init__(self, cac: _core.Cac, spend: _core.Spend, asked: Asked, context: Context) -> None:
        super().__init__(cac.columns(known_until=context.until, **context.money()), context)
        self._cac, self._spend, self._asked = cac, spend, asked
        self._split = len(cac.segments) > 1 or cac.segments != [""]

    @property
    def by(self) -> str | None:
        """The segment the cost is cut by."""
        return self._asked.segment if self._split else None

    @property
    def segments(self) -> list[str]:
        """Labels of the channels; one empty label for the total."""
        return self._cac.segments

    def totals(self) -> BookResult:
        """The whole window, a row for each channel: ratios of sums over the periods whose spend is known.

        Column ``periods`` says how many those are.
        """
        return BookResult(self._cac.totals(**self._context.money()), self._context)

    def intervals(self, *, confidence: float = 0.95, replicates: int = 1000, seed: int = 0) -> BookResult:
        """Return the costs of the whole window with intervals, a row for each channel.

        Columns ``cac`` and ``cac_per_new_mrr``, each with ``_lower`` and ``_upper``. The spend is what it
        was; resampled are the customers that came for it, more of them or fewer (a Poisson number each).
        Payback by formula is ``cac_per_new_mrr / margin``, and so are its limits.

        Raises
        ------
        OptionError
            ``E_BOOTSTRAP`` (fewer than 20 replicates), ``E_CONFIDENCE``, ``E_SEED``.
        """
        times, seeded, limits = resampled(confidence, replicates, seed)
        columns = self._cac.estimates(
            self._asked.book, self._asked.segment, self._asked.channels,
            replicates=times, seed=seeded, confidence=limits,
        )  # fmt: skip
        return BookResult(columns, self._context)

    def explain(self, period: object, segment: str | None = None) -> BookResult:
        """Return the rows of spend behind a period, and a channel if the cost is cut by one.

        ``row`` (position in the caller's table), ``date``, ``channel``, ``amount`` in the book's currency.

        Raises
        ------
        InputError
            ``E_WINDOW`` for a period outside the result.
        OptionError
            ``E_SEGMENT``.
        """
        chosen = [self._label(segment)] if self._split else self._asked.channels
        rows = self._cac.rows(self._spend, as_day(period, "period"), chosen, **self._context.money())
        return BookResult(rows, self._context)

    def customers(self, period: object, segment: str | None = None) -> Explanation:
        """Return who is new in a period, and in a channel; as `Waterfall.explain`.

        Raises
        ------
        OptionError
            ``E_SEGMENT``: no such channel, or the channels of the result were added up and none was named.
        """
        label = self._label(segment) if self._asked.segment else ""
        asked = self._asked
        cell = (as_day(period, "period"), "new", label)
        return explain(asked.book, tuple(asked.window), asked.segment, self._context, cell)

    def _label(self, segment: str | None) -> str:
        known = self.segments if self._split else self._asked.channels
        if segment in known:
            return segment
        hint = f"Known: {', '.join(known)}."
        raise OptionError(
            f"segment={segment!r} is not one of the result's", code="E_SEGMENT", value=str(segment), hint=hint
        )

    def plot(self, ax: Any = None) -> Any:
        """Draw the cost of a customer over the periods, one line a channel."""
        from .. import plot

        return plot.plot_lines(self, ax, columns_shown=["cac"])


class Payback(BookResult):
    """When cohorts have paid back what they cost.

    Columns ``cohort``, the channel if it is cut by one, ``customers`` (who started), ``spend``, ``cac``,
    ``periods`` (of margin that were observed: complete ones), ``margin`` (earned in them), ``paid_back``
    (share of the spend), ``months`` (until all is paid back, or null and why), ``formula_months``.
    """

    shares = frozenset({"paid_back"})

    def __init__(self, payback: _core.CohortPayback, by: str, context: Context) -> None:
        super().__init__(payback.columns(), context)
        self._payback, self._by = payback, by

    @property
    def by(self) -> str | None:
        """The segment the result is cut by."""
        return self._by or None

    def curve(self) -> BookResult:
        """Margin by age: ``cohort``, the channel, ``periods``, ``margin`` so far, ``paid_back``."""
        return _Curve(self._payback.curve(), self._context)

    def plot(self, ax: Any = None, *, segment: str | None = None) -> Any:
        """Draw the share of the spend that each cohort has paid back, by age, with the line of all of it.

        Raises
        ------
        OptionError
            ``E_SEGMENT``: the result is cut by a segment, and none of it was named.
        """
        from ..drawing import axes_of, in_percent, quiet

        held = self.curve().to_dict()
        if self._by and segment not in self._payback.segments:
            known = ", ".join(self._payback.segments)
            message = f"segment={segment!r} is not one of the result's"
            raise OptionError(message, code="E_SEGMENT", value=str(segment), hint=f"Known: {known}.")
        ax = axes_of(ax)
        rows = [row for row in range(len(held["cohort"])) if not self._by or held[self._by][row] == segment]
        curves: dict[Any, list[tuple[int, float]]] = {}
        for row in rows:
            share = held["paid_back"][row]
            if share is not None:
                curves.setdefault(held["cohort"][row], [(0, 0.0)]).append((held["periods"][row], share))
        for place, points in enumerate(curves.values()):
            ax.plot(
                *zip(*points, strict=True),
                color="#1f6feb",
                alpha=min(1.0, 0.2 + 0.8 * (place + 1) / len(curves)),
            )
        ax.axhline(1.0, color="#6b7a90", linestyle="--", linewidth=1)
        ax.set_xlabel("periods since the cohort started")
        in_percent(ax.yaxis)
        ax.set_title("Share of the cost paid back" + (f", {segment}" if segment else ""), loc="left")
        return quiet(ax)


class _Curve(BookResult):
    shares = frozenset({"paid_back"})


class LifetimeValue(BookResult):
    """What customers are worth.

    Columns: see `tenure.economics.ltv`. ``arpa`` is a month, ``churn`` of a period, ``lifetime`` in months.
    """

    shares = frozenset({"churn", "churn_lower", "churn_upper"})

    def __init__(self, columns: _core.Columns, by: str, context: Context) -> None:
        super().__init__(columns, context)
        self._by = by

    @property
    def by(self) -> str | None:
        """The segment the result is cut by."""
        return self._by or None

    def plot(self, ax: Any = None) -> Any:
        """Draw the value: by segment as bars with intervals, over periods as lines, by age as curves."""
        from .. import plot
        from ..drawing import axes_of, quiet

        held = self.to_dict()
        if "period" in held:
            return plot.plot_lines(self, ax, columns_shown=["ltv"])
        ax = axes_of(ax)
        labels = held[self._by] if self._by else ["all"] * len(self)
        if "churn" not in held:
            for label in dict.fromkeys(labels):
                rows = [
                    row for row, name in enumerate(labels) if name == label and held["ltv"][row] is not None
                ]
                ax.plot(
                    [held["periods"][row] for row in rows], [held["ltv"][row] for row in rows], label=label
                )
            ax.set_xlabel("periods since the start")
            if self._by:
                ax.legend(frameon=False, title=self._by)
        else:
            rows = [row for row, value in enumerate(held["ltv"]) if value is not None]
            ax.barh([labels[row] for row in rows], [held["ltv"][row] for row in rows], color="#1f6feb")
            for row in (row for row in rows if held.get("ltv_upper", {row: None})[row] is not None):
                ends = [held["ltv_lower"][row], held["ltv_upper"][row]]
                ax.plot(ends, [labels[row]] * 2, color="#17202e", marker="|")
            ax.invert_yaxis()
        ax.set_title("Value of a customer", loc="left")
        return quiet(ax)


class Efficiency(BookResult):
    """What growth costs.

    Columns ``period``, the channel if it is cut by one, ``spend``, ``new_arr``, ``net_new_arr``,
    ``magic_number``, ``cac_ratio``, ``payback_years``, ``sales_efficiency``, ``spend_share``; if asked
    ``burn_multiple``, ``growth`` and ``rule_of_40``; ``period_is_complete``.
    """

    shares = frozenset({"spend_share", "growth", "rule_of_40"})

    def __init__(
        self,
        efficiency: _core.Efficiency,
        longer: _core.Waterfall,
        figures: Mapping[str, list[float | None]],
        margin: float,
        by: str,
        context: Context,
    ) -> None:
        columns = efficiency.columns(
            **figures, longer=longer, margin=margin, known_until=context.until, totals=False
        )
        super().__init__(columns, context)
        self._efficiency, self._longer, self._margin, self._by = efficiency, longer, margin, by

    @property
    def by(self) -> str | None:
        """The segment the result is cut by."""
        return self._by or None

    def totals(self) -> BookResult:
        """The whole window, a row for each channel: ratios of sums over the periods whose spend is known.

        ``burn_multiple``, ``growth`` and ``rule_of_40`` are figures of single periods and have no total.
        """
        columns = self._efficiency.columns(
            burn=[], profit_margin=[], longer=self._longer, margin=self._margin, known_until=0, totals=True
        )
        return BookResult(columns, self._context)

    def plot(self, ax: Any = None) -> Any:
        """Draw the magic number over the periods, one line a channel."""
        from .. import plot

        return plot.plot_lines(self, ax, columns_shown=["magic_number"])
