"""Cohort triangles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from .. import _core
from ..errors import OptionError
from .base import Array, BookResult, Context, periods_of

if TYPE_CHECKING:
    from .projection import ChainLadder, Projection

Measure = Literal["revenue", "customers"]
_COLUMN = {"revenue": "amount", "customers": "customers"}
_SHARE = {"revenue": "revenue_retention", "customers": "customer_retention"}


def check_measure(measure: str) -> Measure:
    """Return a measure by its name; ``E_MEASURE`` for others."""
    if measure not in _COLUMN:
        hint = "Known: revenue, customers."
        raise OptionError(
            f"measure={measure!r} is not known", code="E_MEASURE", value=str(measure), hint=hint
        )
    return "revenue" if measure == "revenue" else "customers"


class Cohorts(BookResult):
    """What customers who started together pay, by age in periods.

    Long form: ``cohort`` (first day of the period of the first payment), the segment if it is cut by one,
    ``age``, ``amount`` (MRR), ``customers``, ``revenue_retention`` and ``customer_retention`` (shares of age
    0). Cells that lie after the last period are null (``not_yet_observed``), never 0, and so are those of
    periods that begin after `Book.known_until`: nobody has seen them.
    """

    def __init__(
        self,
        triangle: _core.Triangle,
        measure: Measure,
        by: str,
        context: Context,
        *,
        complete: bool = False,
    ) -> None:
        seen = triangle.until(context.until, complete=complete)
        known = 0 if seen is None else len(seen.bounds) - 1
        super().__init__(triangle.columns(seen=known, **context.money()), context)
        self._triangle, self._seen = triangle, seen
        self._by = by
        self.measure: Measure = measure

    def plot(self, ax: Any = None, *, segment: str | None = None) -> Any:
        """Draw the triangle (of one segment, if it is cut by one) as a heat map of what is left of age 0."""
        from .. import plot

        return plot.plot_cohorts(self, ax, segment=segment)

    @property
    def periods(self) -> Array:
        """First days of the cohorts, datetime64[D]."""
        return periods_of(self._triangle.bounds)

    @property
    def by(self) -> str | None:
        """The segment the triangle is cut by."""
        return self._by or None

    @property
    def segments(self) -> list[str]:
        """Labels of the segments; one empty label for the total."""
        return self._triangle.segments

    def sizes(self, segment: str | None = None) -> Array:
        """Customers each cohort started with."""
        counts: Array = np.ma.getdata(self.values("customers", segment))[:, 0]
        return counts

    def values(self, measure: str | None = None, segment: str | None = None) -> Array:
        """Amounts or counts, cohorts in rows and ages in columns; masked where not yet observed."""
        return self._square(_COLUMN[check_measure(measure or self.measure)], segment)

    def retention(self, measure: str | None = None, segment: str | None = None) -> Array:
        """Shares of age 0, cohorts in rows, ages in columns; masked where not observed or nobody started."""
        return self._square(_SHARE[check_measure(measure or self.measure)], segment)

    def average(self, measure: str | None = None, segment: str | None = None) -> Array:
        """Retention by age of all cohorts observed at it, weighted by what they started with."""
        name, position = _SHARE[check_measure(measure or self.measure)], self._position(segment)
        found: Any = np.ma.masked_array(np.zeros(len(self.periods)), mask=True)
        if self._seen is not None:
            shares = BookResult(self._seen.average(position), self._context)[name]
            found[: len(shares)] = shares
        shown: Array = found
        return shown

    def project(self, **options: Any) -> Projection:
        """Project how many customers will be left: `tenure.cohort.project` of these cohorts, and its options.

        Only periods that are over on `Book.known_until` count: who still pays in a running one may leave.
        Cohorts that a customer comes back to rise, and are refused unless ``rises="cap"``.
        """
        from ..cohort import project

        return project(self, **options)

    def complete(self, **options: Any) -> ChainLadder:
        """Complete the triangle of the measure: `tenure.cohort.chain_ladder` of these cohorts.

        Only periods that are over on `Book.known_until` are taken as observed, as for `project`.
        """
        from ..cohort import chain_ladder

        return chain_ladder(self, **options)

    def _complete(self) -> Cohorts:
        """The cohorts of the periods that are over; without any the same, and no cell observed."""
        over = self._triangle.until(self._context.until, complete=True) or self._triangle
        return Cohorts(over, self.measure, self._by, self._context, complete=True)

    def _position(self, segment: str | None) -> int:
        label = segment or ""
        if label in self.segments:
            return self.segments.index(label)
        message = f"segment={segment!r} is not one of the triangle's"
        raise OptionError(message, code="E_SEGMENT", value=label, hint=f"Known: {', '.join(self.segments)}.")

    def _square(self, column: str, segment: str | None) -> Array:
        size = len(self.periods)
        values = self[column].reshape(len(self.segments), size, size)
        square: Array = values[self._position(segment)]
        return square
