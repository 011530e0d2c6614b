"""Puts the report together: figures, findings, charts, appendix, one HTML page without script or request."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from ..book import Book
from ..calling import calls_of, deals_of
from ..policy import Policy
from ..sources import Source
from ..spending import spend_of
from . import abroad, forecast, projected, reconciled, restated, staying, titles, worth
from . import calls as called
from .figures import Asked, Figures, gather
from .finding import Finding
from .findings import find
from .more import More
from .page import render
from .summary import summary
from .tiles import Tile, tiles
from .window import known_until, report_months

_Parts = tuple[
    Book, Figures, str, list[Tile], list[Finding], Source | None, reconciled.Reconciled | None, More
]


@dataclass(frozen=True)
class Report:
    """A finished report: `html` is the page, `to_dict` the same figures for machines."""

    book: Book
    figures: Figures
    findings: list[Finding]
    tiles: list[Tile]
    title: str
    source: Source | None
    reconciled: reconciled.Reconciled | None = None
    more: More = field(default_factory=More)

    @cached_property
    def html(self) -> str:
        """The whole page as text."""
        return render(*self._parts)

    def to_dict(self) -> dict[str, Any]:
        """Headline figures, findings and the tables behind the charts, as plain types for JSON."""
        return summary(*self._parts)

    @property
    def _parts(self) -> _Parts:
        """What both forms of the report are made of."""
        return (
            self.book,
            self.figures,
            self.title,
            self.tiles,
            self.findings,
            self.source,
            self.reconciled,
            self.more,
        )


def build(
    book: Book,
    *,
    company: str = "Revenue report",
    title: str | None = None,
    first: date | None = None,
    last: date | None = None,
    reach: date | None = None,
    product: str | None = None,
    source: Source | None = None,
    compare: tuple[str | Policy, str | Policy] | None = ("stripe", "chartmogul"),
    restated_since: date | None = None,
    spend: Any = None,
    margin: float | None = None,
    calls: Any = None,
    deals: Any = None,
    calls_fiscal_start: int = 1,
    calls_weeks: int | None = None,
) -> Report:
    """Return the report of a book.

    Parameters
    ----------
    book
        The subscriptions, with the segments to report given as its ``by``.
    company, title
        Name in the head; the title is written from the figures unless given.
    first, last
        First days of the first and last month; by default the latest 36 complete ones.
    reach
        Last day the data know about; tells which months are complete. By default the book's last day, or
        today if that is earlier.
    product
        The book's product column, if it has one: reports products as segments and the share of new ones.
    source
        Where the rows came from, for the data notes.
    compare
        Two policies whose MRR of the last month is reconciled; None leaves that out.
    restated_since
        Day whose knowledge the past months are compared with, where rows say when they were recorded; by
        default the end of the month before the last.
    spend
        Marketing spend: a `tenure.economics.Spend`, or a frame whose columns are found by their names. A
        segment of the book with the name of its channel column is its channel.
    margin
        Gross margin, a share of revenue. Without spend and margin nothing is said of unit economics.
    calls
        What the sales team called, week by week, and what came of it: a result of
        `tenure.forecast.snapshots`, or a frame of roll-ups of quarters, whose columns are found by their
        names. Amounts are taken as of the book's currency.
    deals
        Snapshots of opportunities, likewise: they tell which deals moved the last quarter, and without
        `calls` also what was called.
    calls_fiscal_start
        Month in which the years of calls and deals begin; FY26 is the one that ends in 2026.
    calls_weeks
        How many weeks before the end sentences and owners speak of; by default a third of those that are
        looked at, and for owners half.

    Raises
    ------
    tenure.Error
        The months lie outside the data, or the book refuses an answer.
    """
    known = known_until(book, reach)
    first, last = report_months(book.first_day, known, first, last)
    costs = worth.Costs(None if spend is None else spend_of(spend, currency=book.currency), margin)
    channel = worth.channel_of(book, costs.spend)
    segments = [name for name in dict.fromkeys([*book.by, *filter(None, (product,))]) if name != channel]
    dimension = next(iter(segments), None)
    asked = Asked(first, last, known, segments, new_products=product is not None)
    figures = gather(book, company, asked)
    found = find(figures)
    pair = None if compare is None else (Policy.of(compare[0]), Policy.of(compare[1]))
    two = None if pair is None else reconciled.gather(book, pair, last)
    more = More(
        abroad.gather(book, asked, figures.bridge, figures.growth),
        restated.gather(book, asked, restated_since),
        staying.gather(book, asked, dimension),
        projected.gather(book, asked),
        worth.gather(book, asked, costs, dimension, figures.growth["yoy"][-1]),
        forecast.gather(book, asked, figures.bridge, dimension),
        called.gather(
            None if calls is None else calls_of(calls, fiscal_start=calls_fiscal_start),
            None if deals is None else deals_of(deals, fiscal_start=calls_fiscal_start),
            book.currency,
            fiscal_start=calls_fiscal_start,
            weeks=calls_weeks,
        ),
    )
    headline = title or titles.report(figures, found)
    shown = [abroad.beside(tile, more.abroad) for tile in tiles(figures)]
    return Report(book, figures, found, shown, headline, source, two, more)
