"""How predictable revenue is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from .. import _core
from ..reading import EPOCH
from .base import BookResult, Context, Result

if TYPE_CHECKING:
    from ..loading import Note

__all__ = ["Commitments", "Forecastabilities", "Predictability"]


class Forecastabilities(Result):
    """How much of each series can be forecast at all; see `forecastability`."""

    shares = frozenset(["variation", "spectral_entropy", "forecastability", "naive_skill"])


class Commitments(BookResult):
    """Run rate by how long it is promised.

    Columns of the segment, ``mrr``, ``contracted``, ``due``, ``rolling``, ``contracted_share``,
    ``due_share``; ``contracted + due + rolling = mrr``.
    """

    shares = frozenset(["contracted_share", "due_share"])

    def __init__(self, core: _core.Commitments, at: date, context: Context, *, hindsight: bool) -> None:
        super().__init__(core.columns(**context.money()), context)
        self._core, self._hindsight = core, hindsight
        self.at = at

    @property
    def until(self) -> date:
        """The first day after the next period: what is contracted is promised until then."""
        return EPOCH + timedelta(days=self._core.until)

    def due(self) -> BookResult:
        """Return what falls due for renewal in the period of the day and each one after it.

        Columns ``period``, the segment, ``due`` (monthly, in major units), ``due_share`` (of the run rate).
        A promise falls due in the period of the first day that it does not cover: a contract through December
        in January. The first two periods add up to the column ``due`` of the commitments.
        """
        return Due(self._core.due(**self._context.money()), self._context)

    @property
    def notes(self) -> list[Note]:
        """``N_HINDSIGHT`` for a past day, of which the table knows more than one knew then."""
        from ..loading import Note

        if not self._hindsight:
            return []
        message = (
            f"{self.at} is before {self._context.known_until}: rows that ended since count as contracts with "
            "an end that was known, rows that began since as signed"
        )
        return [Note("N_HINDSIGHT", message, 1, ())]

    def plot(self, ax: Any = None) -> Any:
        """Draw what falls due in each period ahead."""
        from .. import plot_predictability

        return plot_predictability.plot_due(self, ax)


class Due(BookResult):
    """What falls due for renewal, by period."""

    shares = frozenset(["due_share"])


class Predictability(BookResult):
    """How predictable revenue is: a row for each part of the index.

    Columns ``part``, ``value``, ``score`` (0 to 1), ``weight``, ``used``, ``points``.
    """

    shares = frozenset(["value", "score", "weight", "used"])

    def __init__(self, core: _core.Predictability, commitments: Commitments, context: Context) -> None:
        super().__init__(core.columns(), context)
        self._core = core
        self.commitments = commitments

    @property
    def index(self) -> float | None:
        """From 0 (nothing is known before it comes) to 100; None if no part with a weight has a score."""
        return self._core.index

    @property
    def notes(self) -> list[Note]:
        """``N_UNDEFINED`` for parts that dropped out; those of the commitments."""
        from ..loading import Note

        reasons = self.reason("score")
        gone = [f"{part} ({reason})" for part, reason in zip(self["part"], reasons, strict=True) if reason]
        notes = list(self.commitments.notes)
        if gone:
            plural = len(gone) > 1
            message = (
                f"{', '.join(gone)} {'are' if plural else 'is'} not defined; the other parts share "
                f"{'their weights' if plural else 'its weight'}"
            )
            notes.append(Note("N_UNDEFINED", message, len(gone), ()))
        return notes

    def plot(self, ax: Any = None) -> Any:
        """Draw the points of each part, against what they could be."""
        from .. import plot_predictability

        return plot_predictability.plot_index(self, ax)

    def _title(self) -> str:
        index = "not defined" if self.index is None else f"{self.index:.1f} of 100"
        return f"{super()._title()}, index {index}"
