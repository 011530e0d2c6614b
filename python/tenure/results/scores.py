"""How good forecasts are that say how sure they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import _core
from ..options import as_most
from .base import Result

if TYPE_CHECKING:
    from ..loading import Note

Labels = tuple[str, ...]


class ScoreTable(Result):
    """A table of scores and shares: all figures are shown to four decimals."""

    def __init__(self, columns: _core.Columns, native: str) -> None:
        super().__init__(columns, native)
        self.shares = frozenset(self.columns)


_WHY = {
    "too_few": "too little history",
    "no_variation": "a history that never varies",
    "diverges": "a history too large for a number",
}


def _without_scale(scales: dict[str, int]) -> list[Note]:
    """What to know about series whose errors nothing scales."""
    from ..loading import Note

    series, found = scales["series"], []
    if missing := scales["without_history"]:
        message = f"{missing} of {series} series have no history: scaled scores are not defined"
        found.append(Note("N_NO_HISTORY", message, missing, ()))
    for reason, why in _WHY.items():
        if count := scales[reason]:
            message = f"scaled scores not defined in {count} of {series} series ({why})"
            found.append(Note("N_UNDEFINED", message, count, ()))
    return found


class Quantiles(ScoreTable):
    """Losses of quantile forecasts, a row for each series or segment.

    Columns of `by`, ``points``, ``pinball``, ``wql``, ``crps``, ``wis``, ``scaled_pinball`` (with a history),
    then ``pinball_<column>`` of each quantile, ``coverage_<percent>`` and ``interval_score_<percent>`` of
    each interval.
    """

    own_columns = frozenset(
        [
            "points", "pinball", "wql", "crps", "wis", "scaled_pinball", "quantile", "share_below", "lower",
            "upper", "level", "below", "above", "coverage", "mean_width", "interval_score",
            "scaled_interval_score", "row", "share",
        ]
    )  # fmt: skip

    def __init__(
        self,
        core: _core.QuantileForecasts,
        by: Labels,
        quantiles: dict[float, str],
        confidence: float,
        native: str,
    ) -> None:
        super().__init__(core.columns(confidence=confidence, pooled=False), native)
        self._core = core
        self.by = by
        self.quantiles = quantiles
        self.confidence = confidence

    @property
    def notes(self) -> list[Note]:
        """``N_NO_HISTORY``, ``N_UNDEFINED``: series that have no scaled score, where there is a history."""
        return _without_scale(self._core.scales)

    def overall(self) -> ScoreTable:
        """Return the same columns over all points, each counting alike."""
        return ScoreTable(self._core.columns(confidence=self.confidence, pooled=True), self._native)

    def by_quantile(self, *, pooled: bool = False) -> ScoreTable:
        """Return a row for each quantile of each series or segment, or of all points.

        ``quantile``, ``points``, ``pinball``, and the columns of `calibration`.
        """
        return ScoreTable(self._core.by_quantile(confidence=self.confidence, pooled=pooled), self._native)

    def calibration(self) -> ScoreTable:
        """Return the share of all actuals at or below each quantile, which should be the quantile itself.

        ``quantile``, ``points``, ``pinball``, ``share_below`` with ``lower`` and ``upper`` (Wilson).
        """
        return self.by_quantile(pooled=True)

    def coverage(self, *, pooled: bool = False) -> ScoreTable:
        """Return a row for each interval from q to 1 - q of each series or segment, or of all points.

        ``level`` (nominal share), ``points``, ``below``, ``above``, ``coverage`` with ``lower`` and ``upper``
        (Wilson), ``mean_width``, ``interval_score``, and with a history ``scaled_interval_score`` (MSIS of
        M4).
        """
        return ScoreTable(self._core.coverage(confidence=self.confidence, pooled=pooled), self._native)

    def explain(self, most: int = 10) -> ScoreTable:
        """Return the points that make the loss, the largest first, at most so many.

        Columns of `by`, ``row`` (from 0), the period, the actual, the quantiles, ``pinball`` (mean over
        quantiles) and ``share`` of the losses of all points.
        """
        return ScoreTable(self._core.largest(as_most(most)), self._native)

    def plot(self, ax: Any = None) -> Any:
        """Draw the share of actuals at or below each quantile against the quantile, with limits."""
        from .. import plot_scores

        return plot_scores.plot_calibration(self, ax)

    def _repr_html_(self) -> str:
        from .. import plot_scores

        return plot_scores.notebook(self, super()._repr_html_())


class Intervals(ScoreTable):
    """Coverage and score of intervals, a row for each series or segment.

    Columns of `by`, ``level``, ``points``, ``below``, ``above``, ``coverage``, ``lower``, ``upper``,
    ``mean_width``, ``interval_score``, ``scaled_interval_score`` (with a history).
    """

    own_columns = frozenset(
        [
            "level", "points", "below", "above", "coverage", "lower", "upper", "mean_width", "interval_score",
            "scaled_interval_score",
        ]
    )  # fmt: skip

    def __init__(self, core: _core.IntervalForecasts, by: Labels, confidence: float, native: str) -> None:
        super().__init__(core.columns(confidence=confidence, pooled=False), native)
        self._core = core
        self.by = by
        self.confidence = confidence

    @property
    def notes(self) -> list[Note]:
        """``N_NO_HISTORY``, ``N_UNDEFINED``: series that have no scaled score, where there is a history."""
        return _without_scale(self._core.scales)

    def overall(self) -> ScoreTable:
        """Return the same columns over all points, each counting alike."""
        return ScoreTable(self._core.columns(confidence=self.confidence, pooled=True), self._native)

    def plot(self, ax: Any = None) -> Any:
        """Draw the coverage of each series or segment with its limits, beside what was promised."""
        from .. import plot_scores

        return plot_scores.plot_coverage(self, ax)


class Scores(ScoreTable):
    """A score of each forecast: the columns of `by`, what happened, and the score."""

    own_columns = frozenset(["points", "crps", "log_score", "rps"])

    def __init__(self, core: _core.RowScores, by: Labels, name: str, native: str) -> None:
        super().__init__(core.columns(), native)
        self._core = core
        self.by = by
        self.name = name

    def overall(self) -> ScoreTable:
        """Return ``points`` and the mean score of all forecasts."""
        return ScoreTable(self._core.means(pooled=True), self._native)

    def by_group(self) -> ScoreTable:
        """Return ``points`` and the mean score of each combination of the labels of `by`."""
        return ScoreTable(self._core.means(pooled=False), self._native)

    def plot(self, ax: Any = None) -> Any:
        """Draw the mean score of each group, or without `by` how scores are spread."""
        from .. import plot_scores

        return plot_scores.plot_scores(self, ax)


class Pit(ScoreTable):
    """Where what happened lies within each forecast, as a share.

    Columns of `by`, what happened, ``pit``, ``pit_lower``, ``pit_upper``.
    """

    own_columns = frozenset(
        [
            "pit", "pit_lower", "pit_upper", "points", "mean", "spread", "chi_squared", "p_value", "lower",
            "upper", "count", "share",
        ]
    )  # fmt: skip

    def __init__(self, core: _core.ForecastPlaces, by: Labels, bins: int, native: str) -> None:
        super().__init__(core.columns(), native)
        core.histogram(bins=bins, pooled=True)  # refuses the bins now, not when something is drawn
        self._core = core
        self.by = by
        self.bins = bins

    def histogram(self, *, pooled: bool = False) -> ScoreTable:
        """Return a row for each bin of each group, or of all: ``lower``, ``upper``, ``count``, ``share``."""
        return ScoreTable(self._core.histogram(bins=self.bins, pooled=pooled), self._native)

    def uniformity(self, *, pooled: bool = False) -> ScoreTable:
        """Return whether places are spread evenly, for each group or for all.

        ``points``; ``mean`` (0.5 if forecasts do not lean to one side: above, they were too low); ``spread``
        (variance times 12: 1 if forecasts are as wide as they should be, above 1 if too narrow);
        ``chi_squared`` of the histogram and its ``p_value``, null (``too_few``) below five points a bin. The
        test takes points as independent of each other.
        """
        return ScoreTable(self._core.uniformity(bins=self.bins, pooled=pooled), self._native)

    def plot(self, ax: Any = None) -> Any:
        """Draw the histogram of all points, and how high even bins would be."""
        from .. import plot_scores

        return plot_scores.plot_pit(self, ax)


class Brier(ScoreTable):
    """Brier scores and what they are made of, a row for each combination of the labels of `by`.

    ``points``, ``happened``, ``brier``, ``reliability``, ``resolution``, ``uncertainty``,
    ``within_variance``, ``within_covariance``, ``skill``, ``log_score``.
    """

    own_columns = frozenset(
        [
            "points", "happened", "brier", "reliability", "resolution", "uncertainty", "within_variance",
            "within_covariance", "skill", "log_score", "from", "to", "mean_probability", "observed", "lower",
            "upper",
        ]
    )  # fmt: skip

    def __init__(
        self,
        core: _core.ProbabilityForecasts,
        by: Labels,
        edges: list[float] | None,
        confidence: float,
        native: str,
    ) -> None:
        super().__init__(core.columns(edges=edges, confidence=confidence, pooled=False), native)
        self._core = core
        self.by = by
        self.edges = edges
        self.confidence = confidence

    def overall(self) -> ScoreTable:
        """Return the same columns over all rows."""
        columns = self._core.columns(edges=self.edges, confidence=self.confidence, pooled=True)
        return ScoreTable(columns, self._native)

    def reliability(self, *, pooled: bool = False) -> ScoreTable:
        """Return what came true of what was said, a row for each bin that has points.

        ``from``, ``to`` (edges), ``points``, ``happened``, ``mean_probability``, ``observed`` (share that
        happened) with ``lower`` and ``upper`` (Wilson).
        """
        columns = self._core.reliability(edges=self.edges, confidence=self.confidence, pooled=pooled)
        return ScoreTable(columns, self._native)

    def plot(self, ax: Any = None) -> Any:
        """Draw the reliability diagram of all rows: what came true against what was said."""
        from .. import plot_scores

        return plot_scores.plot_reliability(self, ax)
