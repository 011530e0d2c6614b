"""Costs that values are held against."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

from .. import _core
from ..errors import InputError, OptionError
from ..options import Window, as_number
from ..results.economics import AcquisitionCost

if TYPE_CHECKING:
    from ..book import Book

Costs = dict[str, float | None]


def costs_by_label(cac: Any, segment: str, book: Book, window: Window) -> Costs | None:
    """Return a cost by label of a segment, '' for the total, from what `ltv` takes.

    Refuses labels that the segment does not have: their customers would seem to cost nothing.
    """
    if cac is None:
        return None
    if isinstance(cac, AcquisitionCost):
        totals = cac.totals()
        if (cac.by or "") != segment:
            message = f"the cost is cut by {cac.by or 'nothing'}, the value by {segment or 'nothing'}"
            raise OptionError(
                message, code="E_LTV", value=str(cac.by), hint="Ask for both with the same by=."
            )
        labels = totals[segment].tolist() if segment else [""]
        return dict(zip(labels, totals["cac"].tolist(), strict=True))
    if isinstance(cac, Mapping):
        known = _core.segments_of(book._core.waterfall(*window, segment))
        for label in cac:
            if str(label) not in known:
                message = f"cac: {label!r} is no label of {segment or 'a book that is not cut: name by='}"
                hint = f"Known: {', '.join(filter(None, known[:8]))}."
                raise OptionError(message, code="E_SEGMENT", value=str(label)[:80], hint=hint)
        return {
            str(label): None if cost is None else checked_cost(cost, f"cac of {label}")
            for label, cost in cac.items()
        }
    if segment:
        message = f"cac={cac}: one cost, and a row for each {segment}"
        raise OptionError(message, code="E_LTV", value=str(cac), hint="Give a cost by label.")
    return {"": checked_cost(cac, "cac")}


def finite(given: Any, name: str, *, least: float = -inf) -> float:
    """Return a number that is finite and not below `least`; ``E_RATE_RANGE`` for others."""
    value = as_number(given, name)
    if isfinite(value) and value >= least:
        return value
    needed = "finite" if least == -inf else f">= {least:g}"
    hint = "Give an amount of money."
    raise InputError(f"{name} {value}; must be {needed}", code="E_RATE_RANGE", value=str(value), hint=hint)


def checked_cost(value: Any, name: str) -> float:
    """Return a cost: finite, 0 or more."""
    return finite(value, name, least=0.0)


__all__ = ["checked_cost", "costs_by_label", "finite"]
