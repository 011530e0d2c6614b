"""Charts as SVG strings: numbers in, markup out. No state, no files, no dependency.

Every text that may come from data is escaped, so the strings can be placed in a page as they are. Undefined
values are ``None`` and leave a gap, never a zero. Tables and helpers for safe text are offered here too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .markup import CSS, Format, Rich, clean, name, notebook, number, safe, tag
from .tables import Bar, HeatRow, heat_levels, heat_map, table

__all__ = [
    "CSS", "Bar", "Format", "HeatRow", "Line", "Rich", "Step", "bridge_base", "clean", "figure",
    "heat_levels", "heat_map", "lines", "name", "nice_step", "notebook", "number", "rule", "safe",
    "sparkline", "spread", "table", "tag", "waterfall", "write",
]  # fmt: skip

_ISOLATE, _POP = "\u2068", "\u2069"


class Step(NamedTuple):
    """One bar of a bridge: a total stands on the axis, a change hangs from the running level.

    A total of a period that still runs is `running`: drawn lighter, with a dashed edge.
    """

    label: str
    amount: float
    total: bool = False
    href: str | None = None
    running: bool = False


class Line(NamedTuple):
    """One line of a chart; `tone` is the class that colours line and label (``l1``, ``l2``, ``l3``)."""

    name: str
    values: Sequence[float | None]
    tone: str = "l1"


def figure(width: int, height: int, label: str, *children: str, kind: str = "chart") -> str:
    """A drawing of its own width and height; `label` is what screen readers say."""
    return tag("svg", *children, class_=kind, viewBox=f"0 0 {width} {height}", role="img", aria_label=label)


def write(x: float, y: float, content: object, kind: str) -> str:
    """Text at a place, kept apart from the direction in which its neighbours are read."""
    return tag("text", f"{_ISOLATE}{safe(content)}{_POP}", class_=kind, x=float(x), y=float(y))


def rule(x1: float, x2: float, y: float, kind: str) -> str:
    """A level line."""
    return tag("line", class_=kind, x1=float(x1), x2=float(x2), y1=float(y), y2=float(y))


def nice_step(span: float, count: int) -> float:
    """The step of 1, 2 or 5 times a power of ten that cuts `span` into about `count` parts."""
    if not span > 0:
        return 1.0
    raw = span / count
    power = 10.0 ** math.floor(math.log10(raw))
    return next((factor * power for factor in (1.0, 2.0, 5.0) if factor * power >= raw), 10 * power)


def bridge_base(steps: Sequence[Step]) -> float:
    """Where the bars of the totals start: zero, unless the changes would be too small to see."""
    levels = _levels(steps)
    low, high = min(map(min, levels)), max(map(max, levels))
    if low <= 0 or high - low >= 0.45 * high:
        return 0.0
    step = nice_step(high - low, 4)
    return max(0.0, (int((low - 0.4 * (high - low)) / step)) * step)


def _levels(steps: Sequence[Step]) -> list[tuple[float, float]]:
    """Start and end level of each bar (totals: their own level twice)."""
    level, spans = 0.0, []
    for step in steps:
        start = step.amount if step.total else level
        level = step.amount if step.total else level + step.amount
        spans.append((start, level))
    return spans


def waterfall(steps: Sequence[Step], *, label: str, unit: str = "", digits: int = 1) -> str:
    """Bridge chart. Bars that do not start at zero say so under the axis; every bar has a title."""
    if not steps:
        return figure(500, 40, label, write(8, 24, "nothing to show", "note"))
    width, top, bottom = 500.0, 24.0, 212.0
    base, spans = bridge_base(steps), _levels(steps)
    high, low = max(max(map(max, spans)), base), min(base, min(map(min, spans)))
    scale = (bottom - top) / ((high - low) or 1.0)
    slot = (width - 8) / len(steps)
    drop = 13 if len(steps) > 7 else 0  # many labels would lie on each other: every other one stands lower
    parts: list[str] = []
    for place, (step, (start, end)) in enumerate(zip(steps, spans, strict=True)):
        left = 4 + place * slot + slot * 0.13
        upper, lower = max(start, end), base if step.total else min(start, end)
        y = bottom - (upper - low) * scale
        tone = "base" if step.total else "up" if step.amount >= 0 else "down"
        tone += " running" if step.running else ""
        text = number(step.amount, digits, sign=not step.total)
        middle, box = left + slot * 0.37, max((upper - lower) * scale, 1.0)
        mark = tag("rect", class_=tone, x=left, y=y, width=slot * 0.74, height=box, rx=2)
        drawn = [
            tag("title", safe(f"{step.label}: {text} {unit}".strip())),
            mark,
            write(middle, y - 6, text, "val"),
        ]
        kind = "cat low" if place % 2 else "cat"
        drawn.append(write(middle, bottom + 17 + (drop if place % 2 else 0), step.label, kind))
        if step.href:  # the whole column can be clicked, not only what is drawn
            drawn.append(
                tag("rect", fill="transparent", x=left, y=top, width=slot * 0.74, height=bottom - top)
            )
        parts.append(tag("a", *drawn, href=step.href) if step.href else tag("g", *drawn))
        if place + 1 < len(steps):
            level = bottom - (end - low) * scale
            parts.append(rule(left + slot * 0.74, left + slot, level, "con"))
    parts.append(rule(4, width - 4, bottom - (max(base, low) - low) * scale, "axis"))
    if base > 0:
        note = f"The first and the last bar start at {number(base, 0 if base >= 10 else 1)} {unit}".strip()
        parts.append(write(4, bottom + 38 + drop, f"{note}, not at zero.", "note"))
    return figure(500, (268 if base > 0 else 248) + drop, label, *parts)


def _present(lines: Sequence[Line]) -> list[float]:
    return [value for line in lines for value in line.values if value is not None]


def _runs(points: Iterable[tuple[float, float | None]]) -> list[list[tuple[float, float]]]:
    """Unbroken stretches of defined points."""
    runs: list[list[tuple[float, float]]] = [[]]
    for x, y in points:
        if y is None:
            runs.append([])
        else:
            runs[-1].append((x, y))
    return [run for run in runs if run]


def spread(places: list[float], gap: float) -> list[float]:
    """Move label heights apart until they are `gap` from each other, keeping their order."""
    order = sorted(range(len(places)), key=places.__getitem__)
    moved = list(places)
    for before, after in zip(order, order[1:], strict=False):
        moved[after] = max(moved[after], moved[before] + gap)
    return moved


def lines(
    ticks: Sequence[str],
    series: Sequence[Line],
    *,
    label: str,
    show: Format = number,
    reference: float | None = None,
) -> str:
    """Line chart labelled at the ends of its lines; `reference` is drawn as a dashed line."""
    values = _present(series)
    if not values:
        return figure(500, 40, label, write(8, 24, "not defined in these periods", "note"))
    span = values if reference is None else [*values, reference]
    low, high = min(span), max(span)
    step = nice_step((high - low) or abs(high) or 1.0, 4)
    low, high = (low // step) * step, -((-high) // step) * step
    high = high if high > low else low + step
    left, right, top, bottom = 50.0, 396.0, 14.0, 196.0
    across = (right - left) / max(len(ticks) - 1, 1)

    def height(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - top)

    parts: list[str] = []
    for count in range(round((high - low) / step) + 1):
        level = low + count * step
        exact = reference is not None and abs(level - reference) < step / 1e6
        parts.append(rule(left, right, height(level), "ref" if exact else "grid"))
        parts.append(write(left - 6, height(level) + 4, show(level), "tick"))
    if reference is not None and abs((reference - low) / step - round((reference - low) / step)) > 1e-6:
        parts.append(rule(left, right, height(reference), "ref"))
    for line in series:
        points = [(left + place * across, value) for place, value in enumerate(line.values)]
        for run in _runs(points):
            path = " ".join(f"{x:.1f},{height(y):.1f}" for x, y in run)
            parts.append(tag("polyline", class_=line.tone, points=path))
        for tick, (x, value) in zip(ticks, points, strict=True):
            if value is not None:
                words = tag("title", safe(f"{line.name}, {tick}: {show(value)}"))
                parts.append(tag("circle", words, class_=f"dot {line.tone}", cx=x, cy=height(value), r=6))
    ends = [(line, [value for value in line.values if value is not None]) for line in series]
    shown = [(line, held[-1]) for line, held in ends if held]
    for (line, value), y in zip(shown, spread([height(value) for _, value in shown], 19), strict=True):
        parts.append(write(right + 8, y + 4, f"{line.name} {show(value)}", f"{line.tone}t"))
    every = max(1, -(-len(ticks) // 4))
    for place in range(len(ticks) - 1, -1, -every):
        parts.append(write(left + place * across, bottom + 20, ticks[place], "month"))
    return figure(500, 226, label, *parts)


def sparkline(values: Sequence[float | None], *, label: str) -> str:
    """Trend without axes; the last defined point carries a dot."""
    held = [value for value in values if value is not None]
    if len(held) < 2:
        return ""
    low, high = min(held), max(held)
    across = 126 / (len(values) - 1)
    scale = 22 / ((high - low) or 1.0)
    points = [(3 + place * across, value) for place, value in enumerate(values)]
    parts, last = [], (0.0, 0.0)
    for run in _runs(points):
        drawn = [(x, 26 - (y - low) * scale if high > low else 15.0) for x, y in run]
        parts.append(tag("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in drawn)))
        last = drawn[-1]
    parts.append(tag("circle", cx=last[0], cy=last[1], r=2.6))
    return figure(132, 30, label, *parts, kind="spark")
