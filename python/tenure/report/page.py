"""The page: template, style and what the template may name. Autoescape is on, undefined names are errors."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from .. import svg
from .._core import __version__
from ..book import Book
from ..sources import Source
from . import (
    abroad,
    appendix,
    call_pages,
    charts,
    definitions,
    forecast_pages,
    projected,
    reconciled,
    restated,
    shares,
    stay_pages,
    titles,
    worth_pages,
)
from .figures import BEFORE, RECENT, Figures
from .finding import Finding
from .forecast import missing
from .format import count, counted, long_day, money, month, month_end, readable, symbol
from .more import More
from .notes import mapping, notes, unused
from .tiles import MEANINGS, Tile

_TEMPLATE, _STYLE = "report.html.j2", "style.css"


def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def render(
    book: Book,
    figures: Figures,
    title: str,
    tiles: list[Tile],
    findings: list[Finding],
    source: Source | None,
    two: reconciled.Reconciled | None,
    more: More,
) -> str:
    """Return the page. Its style is allowed by hash, everything else a page could load is forbidden."""
    pages = Environment(
        loader=DictLoader({_TEMPLATE: _file(_TEMPLATE)}), autoescape=True, undefined=StrictUndefined
    )
    pages.finalize = _cleaned
    pages.trim_blocks = pages.lstrip_blocks = True
    style = svg.CSS + _file(_STYLE)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    blocks = appendix.blocks(figures, findings)
    return pages.get_template(_TEMPLATE).render(
        csp=policy,
        style=Markup(style),
        title=svg.clean(title),
        company=svg.clean(figures.company),
        policy=book.policy,
        tiles=[(tile, _trend(tile)) for tile in tiles],
        findings=_linked(findings, blocks),
        blocks=[(block, _amount(figures, block), Markup(appendix.table(figures, block))) for block in blocks],
        meanings=MEANINGS,
        notes=notes(book, source),
        mapping=mapping(source),
        unused=unused(source),
        no_forecast=missing(more.forecast),
        **_head(figures),
        **_bridge(figures),
        **_cohorts(figures),
        **_rest(figures),
        **definitions.page(book.policy, __version__),
        **reconciled.page(two),
        **abroad.page(more.abroad),
        **restated.page(more.restated),
        **stay_pages.page(more.staying),
        **projected.page(more.projected),
        **worth_pages.page(more.worth),
        **forecast_pages.page(more.forecast),
        **call_pages.page(more.called),
    )


def _cleaned(value: object) -> object:
    """Text from data without control characters; markup is clean already."""
    return svg.clean(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _head(figures: Figures) -> dict[str, Any]:
    return {
        "month": month(figures.last),
        "as_of": long_day(month_end(figures.last)),
        "complete": figures.complete,
        "reach": long_day(figures.reach),
        "currency": symbol(figures.currency) or "no currency given",
        "customers": counted(int(figures.growth["customers"][-1] or 0), "paying customer"),
        "few": figures.few,
        "span": counted(len(figures.months), "month"),
        "bridge_closes": figures.results.bridge_closes,
    }


def _trend(tile: Tile) -> Markup:
    held = [value for value in tile.trend if value is not None]
    return Markup(svg.sparkline(tile.trend, label=f"{tile.label}: trend of {counted(len(held), 'month')}"))


def _linked(findings: list[Finding], blocks: list[appendix.Block]) -> list[dict[str, Any]]:
    """Findings with the anchor of their customers, when there are any."""
    behind = {block.anchor: counted(block.customers, "customer") for block in blocks if block.customers}
    places = [f"finding-{place}" for place in range(1, len(findings) + 1)]
    return [
        {"finding": finding, "anchor": anchor, "behind": behind.get(anchor)}
        for finding, anchor in zip(findings, places, strict=True)
    ]


def _amount(figures: Figures, block: appendix.Block) -> str:
    closing = block.standing
    amount = money(block.amount, figures.currency, sign=not closing)
    more = f", the largest {count(len(block.entries))} shown" if block.hidden else ""
    return f"{counted(block.customers, 'customer')}, {amount} of MRR{more}"


def _bridge(figures: Figures) -> dict[str, Any]:
    _, name = charts.unit(figures, max(figures.bridge["closing"], default=0.0))
    months = min(RECENT, len(figures.months))
    return {
        "bridge_title": titles.bridge(figures),
        "bridge_unit": name or "plain amounts",
        "bridge_months": f"{counted(months, 'month')} to {month(figures.last)}",
        "running": None if figures.complete else month(figures.last),
        "table_months": counted(min(BEFORE, len(figures.months)), "month")
        if len(figures.months) > 1
        else None,
        "bridge": charts.bridge(figures),
        "bridge_table": charts.bridge_table(figures),
        "retention_title": titles.retention(figures),
        "retention": charts.retention(figures),
        "retention_table": charts.retention_table(figures),
    }


def _cohorts(figures: Figures) -> dict[str, Any]:
    shown = min(charts.SHOWN_COHORTS, len(figures.triangle.starts))
    return {
        "cohort_title": titles.cohorts(figures),
        "logo_title": titles.logos(charts.weighted(figures, revenue=False), charts.started(figures)),
        "revenue_map": charts.cohort_map(figures, revenue=True),
        "logo_map": charts.cohort_map(figures, revenue=False),
        "all_starts": counted(len(figures.triangle.starts), "start month")
        if len(figures.triangle.starts) > shown
        else None,
        "revenue_map_all": charts.cohort_map(figures, revenue=True, latest=None),
        "logo_map_all": charts.cohort_map(figures, revenue=False, latest=None),
    }


def _rest(figures: Figures) -> dict[str, Any]:
    segments = [
        (readable(dimension), titles.segments(figures, dimension), charts.segment_table(figures, dimension))
        for dimension in figures.segments
    ]
    return {
        "segments": segments,
        "launch_title": titles.launches(figures),
        "launches": shares.launches_table(figures) if figures.new_products else None,
        "concentration_title": titles.concentration(figures),
        "concentration": shares.concentration_table(figures),
        "herfindahl": None if figures.herfindahl is None else svg.number(figures.herfindahl, 4),
        "equal_customers": None if not figures.herfindahl else count(1 / figures.herfindahl),
    }
