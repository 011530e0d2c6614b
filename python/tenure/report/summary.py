"""The report for machines: plain types, amounts in major units, shares as fractions, undefined as null."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from .._core import __version__
from ..book import Book
from ..sources import Source
from . import (
    abroad,
    call_pages,
    definitions,
    forecast_pages,
    projected,
    reconciled,
    restated,
    stay_pages,
    worth_pages,
)
from .figures import Columns, Figures
from .finding import Finding
from .format import month_code, month_end
from .more import More
from .tiles import Tile


def summary(
    book: Book,
    figures: Figures,
    title: str,
    tiles: list[Tile],
    findings: list[Finding],
    source: Source | None,
    two: reconciled.Reconciled | None,
    more: More,
) -> dict[str, Any]:
    """Return what `tenure report --json` prints."""
    return {
        "company": figures.company,
        "title": title,
        "currency": figures.currency,
        "first_month": month_code(figures.months[0]),
        "last_month": month_code(figures.last),
        "as_of": month_end(figures.last).isoformat(),
        "data_reach": figures.reach.isoformat(),
        "complete": figures.complete,
        "policy": definitions.summary(book.policy, __version__),
        "headline": [_tile(tile) for tile in tiles],
        "findings": [_finding(finding) for finding in findings],
        "waterfall": _plain(figures.bridge),
        "net_retention": _plain(figures.retention),
        "segments": {
            dimension: [
                _plain({"name": [part.name], "mrr": [part.mrr], **_ends(part.growth)}) for part in parts
            ]
            for dimension, parts in figures.segments.items()
        },
        "new_products": None if figures.new_products is None else _plain(figures.new_products),
        "concentration": {**_plain(figures.concentration), "herfindahl": figures.herfindahl},
        "reconciliation": reconciled.summary(two),
        "currencies": abroad.summary(more.abroad),
        "restated": restated.summary(more.restated),
        "staying": stay_pages.summary(more.staying),
        "projected": projected.summary(more.projected),
        "worth": worth_pages.summary(more.worth),
        "forecast": forecast_pages.summary(more.forecast),
        "calls": call_pages.summary(more.called),
        "rows": {"read": source.rows if source else book.rows, "used": book.rows},
        "unused_columns": list(source.columns.unused) if source else None,
        "warnings": list(source.warnings) if source else [],
        "columns": [asdict(part) for part in source.mapping] if source else None,
        "notes": [{"code": note.code, "count": note.count, "message": note.message} for note in book.notes],
    }


def _ends(growth: Columns) -> Columns:
    return {name: growth[name][-1:] for name in ("arr", "customers", "arpa")}


def _tile(tile: Tile) -> dict[str, Any]:
    held = asdict(tile)
    return {
        name: held[name] for name in ("key", "label", "value", "shown", "change", "moved", "against", "good")
    }


def _finding(finding: Finding) -> dict[str, Any]:
    held = asdict(finding)
    return {
        "text": f"{finding.lead} {finding.rest}",
        **{name: held[name] for name in ("key", "good", "stake", "rows")},
    }


def _plain(held: Columns) -> Columns:
    return {name: [_value(value) for value in values] for name, values in held.items()}


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
