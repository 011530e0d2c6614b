"""The predictability index and the renewals that fall due, as titles and tables."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from .. import svg
from .figures import Columns
from .forecast import DUE, Forecast, Index
from .format import headed, iso, money, month_code, percent, readable, word

_SEGMENTS = 10
_PARTS = {
    "contracted": ("Promised past next month", "Share of MRR that runs on at least until then by its terms"),
    "recurring": ("Recurring", "Recurring revenue over all revenue, with that of single sales"),
    "stability": (
        "Steadiness of growth",
        "Standard deviation of net new ARR a month over its mean: 0 is steady",
    ),
    "forecastability": (
        "A pattern in it",
        "One less the entropy of the spectrum of MRR without its trend, against that of noise",
    ),
    "persistence": (
        "Last month says the next",
        "What is missed by no change, against the mean so far: 1 is nothing",
    ),
}


def index_title(index: Index) -> str:
    """The index in words."""
    if index.value is None:
        return "How predictable revenue is cannot be told"
    lead = f"Predictability {svg.number(index.value, 0)} of 100"
    share = index.contracted.value
    return lead if share is None else f"{lead}: {percent(share, 0)} of MRR is promised beyond the next month"


def index_table(index: Index) -> Markup:
    """The parts of the index, their weights and points."""
    parts = index.parts
    body: list[list[object]] = []
    most = max((one or 0.0 for one in parts["used"]), default=0.0) or 1.0
    for row, name in enumerate(parts["part"]):
        words, meaning = _PARTS.get(name, (readable(name), ""))
        head = svg.Rich(svg.tag("abbr", svg.safe(words), title=meaning or None))
        value, points = parts["value"][row], parts["points"][row]
        if points is None:
            why = "not given" if name == "recurring" else readable(index.reasons[row] or "not known")
            body.append(
                [
                    head,
                    svg.Rich(svg.tag("span", svg.safe(why), class_="sub")),
                    percent(parts["weight"][row], 0),
                    "left out",
                ]
            )
            continue
        if value is None:  # nothing varies, which is as predictable as it gets
            shown: object = svg.Rich(
                svg.tag("span", svg.safe(readable(index.reasons[row] or "")), class_="sub")
            )
        else:
            shown = svg.number(value, 2) if name == "stability" else percent(value, 0)
        used = parts["used"][row] or 0.0
        bar = svg.Bar(
            (points or 0.0) / (100.0 * most),
            f"{svg.number(points or 0.0, 1)} of {svg.number(100 * used, 0)}",
            "part",
        )
        body.append([head, shown, percent(parts["weight"][row], 0), bar])
    total = "n/a" if index.value is None else f"{svg.number(index.value, 1)} of 100"
    return Markup(
        svg.table(("Part", "Value", "Weight", "Points"), body, foot=["Index", "", "", total], kind="parts")
    )


def due_title(held: Forecast) -> str:
    """What falls due next."""
    due = held.index.due
    amount = sum(due["due"][:DUE])
    if not amount:
        return f"No renewal falls due in the next {word(DUE)} months"
    share = sum(value or 0.0 for value in due["due_share"][:DUE])
    return (
        f"Renewals of {money(amount, held.currency)} of MRR, {percent(share)} of all, fall due in the next "
        f"{word(DUE)} months"
    )


def due_table(held: Forecast) -> Markup:
    """What falls due for renewal by month; bars relative to the largest."""
    due: Columns = held.index.due
    months = 2 * DUE
    largest = max(due["due"][:months], default=0.0) or 1.0
    rows = zip(due["period"][:months], due["due"], due["due_share"], strict=False)
    body = [
        [month_code(day), svg.Bar(amount / largest, money(amount, held.currency), "part"), percent(share)]
        for day, amount, share in rows
    ]
    return Markup(svg.table(("Month", "MRR due for renewal", "Share of MRR"), body))


def segment_table(held: Forecast) -> Markup | None:
    """Run rate by segment: promised, from month to month, due soon."""
    if not held.index.segments:
        return None
    most = (
        max((_share(one["soon"], one["mrr"]) for one in held.index.segments[:_SEGMENTS]), default=0.0) or 1.0
    )
    body = [
        [
            svg.name(one["name"]),
            money(one["mrr"], held.currency),
            percent(_share(one["contracted"], one["mrr"]), 0),
            percent(_share(one["rolling"], one["mrr"]), 0),
            money(one["soon"], held.currency),
            svg.Bar(_share(one["soon"], one["mrr"]) / most, percent(_share(one["soon"], one["mrr"])), "part"),
        ]
        for one in held.index.segments[:_SEGMENTS]
    ]
    dimension = headed(readable(held.index.dimension or ""))
    promised, due = "Promised beyond next month", f"Due in {word(DUE)} months"
    head = (dimension, "MRR", promised, "Month to month", due, "of its MRR")
    return Markup(svg.table(head, body, kind="segments bars"))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def page(held: Forecast) -> dict[str, Any]:
    """What the template shows."""
    return {
        "index_title": index_title(held.index),
        "index": index_table(held.index),
        "due_title": due_title(held),
        "due": due_table(held),
        "segments": segment_table(held),
        "dimension": readable(held.index.dimension) if held.index.dimension else None,
        "notes": held.index.notes,
    }


def summary(index: Index) -> dict[str, Any]:
    """The same for machines."""
    return {
        "index": index.value,
        "parts": index.parts,
        "due": {name: [iso(value) for value in values] for name, values in index.due.items()},
        "by": index.dimension,
        "segments": index.segments,
    }
