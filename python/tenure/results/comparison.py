"""Comparisons between forecasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _core
from .base import Result

if TYPE_CHECKING:
    from ..loading import Note

__all__ = ["Comparisons", "Ranking", "Skill", "StepExplanation", "ValueAdded"]


def _unbalanced(times: tuple[int, int]) -> list[Note]:
    """``N_UNBALANCED`` where the mean loss is over other series from time to time."""
    from ..loading import Note

    some, all_of_them = times
    if not some:
        return []
    message = (
        f"at {some} of {all_of_them} times some series has no point: the mean loss is over the others, and "
        "varies with who is there; keep the times or the series that are whole, or test each series by itself"
    )
    return [Note("N_UNBALANCED", message, some, ())]


class Comparisons(Result):
    """Tests between forecasts, a row for each series and every two of them.

    Columns of segments and series, ``first``, ``second``, ``points``, ``mean_difference`` (below 0: the first
    is better), ``statistic``, ``p_value``, ``horizon`` (that the variance is for).
    """

    shares = frozenset(["p_value"])

    def __init__(
        self, core: _core.Comparisons, options: dict[str, Any], native: str, *, pooled: bool = False
    ) -> None:
        super().__init__(core.diebold_mariano(pooled=pooled, **options), native)
        self._core, self._options, self._pooled = core, options, pooled

    def overall(self) -> Comparisons:
        """Return the test of the mean loss over series at each time: one row for every two, or by segment."""
        return Comparisons(self._core, self._options, self._native, pooled=True)

    @property
    def notes(self) -> list[Note]:
        """``N_VARIANCE``: the test is that of horizon 1; ``N_UNBALANCED``: the series change over time."""
        from ..loading import Note

        notes = _unbalanced(self._core.unbalanced()) if self._pooled else []
        used = np.ma.filled(np.ma.asarray(self["horizon"]), 0)
        rows = np.flatnonzero(used != self._options["horizon"])
        if not rows.size:
            return notes
        message = (
            f"the variance of {rows.size} of {len(self)} tests is not above 0 at horizon "
            f"{self._options['horizon']}: they are those of horizon 1; variance='bartlett' is never below 0"
        )
        return [*notes, Note("N_VARIANCE", message, int(rows.size), tuple(rows[:20].tolist()))]


class Ranking(Result):
    """Forecasts by loss, and which of them cannot be told from the best.

    Columns of segments, ``forecast``, ``points``, ``loss``, ``rank``, ``p_value``, ``in_set``.
    """

    shares = frozenset(["p_value"])

    def __init__(
        self, columns: _core.Columns, confidence: float, unbalanced: tuple[int, int], native: str
    ) -> None:
        super().__init__(columns, native)
        self.confidence = confidence
        self.notes = _unbalanced(unbalanced)

    def plot(self, ax: Any = None) -> Any:
        """Draw the losses, smallest first; those outside the set are grey."""
        from .. import plot_predictability

        return plot_predictability.plot_ranking(self, ax)


class Skill(Result):
    """How much better forecasts are than a benchmark, with limits.

    Columns of segments, ``forecast``, ``points``, ``loss``, ``benchmark_loss``, ``skill``, ``lower``,
    ``upper``.
    """

    shares = frozenset(["skill", "lower", "upper"])

    def __init__(
        self, columns: _core.Columns, benchmark: str, unbalanced: tuple[int, int], native: str
    ) -> None:
        super().__init__(columns, native)
        self.benchmark = benchmark
        self.notes = _unbalanced(unbalanced)

    def plot(self, ax: Any = None) -> Any:
        """Draw the skills with their intervals, and the line of the benchmark at 0."""
        from .. import plot_predictability

        return plot_predictability.plot_skill(self, ax)


class StepExplanation(Result):
    """The points at which a step gained or lost most, largest first.

    Columns of segments, series and period, ``actual``, ``before``, ``after``, ``gain`` (above 0: the step
    came nearer). The gains of all points add up to what the step adds.
    """

    shares = frozenset(["gain"])


_FRACTIONS = frozenset(["error", "added", "added_total", "share", "added_share"])


class ValueAdded(Result):
    """What each step of making a forecast takes off the error of the step before, a row for each step.

    Columns ``step``, ``points``, ``error``, ``added`` (below 0: the step made it worse), ``relative``
    (``added`` / error of the step before), ``added_total`` (against the first step), ``improved`` and
    ``worsened`` (shares of points). By segment, their columns come first, and ``share`` and ``added_share``
    say what the segment contributes to the figures of all: over segments these add up.
    """

    shares = frozenset(["relative", "improved", "worsened"]) | _FRACTIONS

    def __init__(
        self, core: _core.StepTable, measure: str, steps: list[str], by: tuple[str, ...], native: str,
        *, cut: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(core.by_segment() if cut else core.total(), native)
        self._core, self._by, self._cut = core, by, cut
        self.measure = measure
        self.steps = steps

    def by_segment(self) -> ValueAdded:
        """Return the same by the segments of `by`, a row for each segment and step."""
        return ValueAdded(self._core, self.measure, self.steps, self._by, self._native, cut=True)

    def explain(self, step: str, *, most: int = 20) -> StepExplanation:
        """Return the points at which a step gained or lost most against the step before.

        Raises
        ------
        OptionError
            ``E_STEPS``: no such step, or the first, which has none before it; ``E_OPTION``: `most` below 0.
        """
        from ..errors import OptionError
        from ..options import as_most

        if step not in self.steps[1:]:
            hint = f"Known: {', '.join(self.steps[1:])}."
            message = f"step={step!r} is not a step after another"
            raise OptionError(message, code="E_STEPS", value=str(step)[:80], hint=hint)
        columns = self._core.explain(step=self.steps.index(step), most=as_most(most))
        return StepExplanation(columns, self._native)

    @property
    def worse(self) -> list[str]:
        """Names of the steps that made the forecast worse."""
        if self._cut:
            return self._total().worse
        added: Any = np.ma.filled(np.ma.asarray(self["added"], dtype=float), 0.0)
        return [step for step, value in zip(self.steps, added, strict=True) if value < 0]

    def plot(self, ax: Any = None) -> Any:
        """Draw the bridge from the error of the first step to that of the last."""
        from .. import plot_predictability

        return plot_predictability.plot_value_added(self._total() if self._cut else self, ax)

    def _total(self) -> ValueAdded:
        return ValueAdded(self._core, self.measure, self.steps, self._by, self._native)
