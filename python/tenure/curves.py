"""More charts as SVG strings: survival curves with bands and numbers at risk, a curve against a level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from .markup import Rich, safe, tag
from .svg import figure, nice_step, rule, spread, write

TONES = ("s1", "s2", "s3", "s4")  # classes of colour and line pattern
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 400.0, 12.0, 200.0
_LONGEST = 11

Points = Sequence[tuple[float, float | None]]


class Curve(NamedTuple):
    """A curve of shares as steps: `values` and limits at `times`, and how many are at risk at the ticks."""

    name: str
    times: Sequence[float]
    values: Sequence[float | None]
    lower: Sequence[float | None]
    upper: Sequence[float | None]
    at_risk: Sequence[str]


class Level(NamedTuple):
    """A level that a curve may cross, and where it does (None: nowhere)."""

    name: str
    value: float
    crossing: float | None
    words: str


def short(name: str, longest: int = _LONGEST) -> str:
    """A name that fits beside a chart."""
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"


def survival(
    curves: Sequence[Curve], *, ticks: Sequence[tuple[float, str]], label: str, unit: str, end: float
) -> str:
    """Curves between 0 and 1 as steps with their bands; below, who is at risk at each tick.

    Up to four curves, told apart by colour, line pattern and the name at their end.
    """

    def across(time: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * time / end

    def height(share: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * share

    parts = [
        piece
        for level in (0.0, 0.25, 0.5, 0.75, 1.0)
        for piece in (
            rule(_LEFT, _RIGHT, height(level), "ref" if level == 0.5 else "grid"),
            write(_LEFT - 6, height(level) + 4, f"{level * 100:.0f}\u202f%", "tick"),
        )
    ]
    drawn = list(zip(curves, TONES, strict=False))
    for curve, tone in drawn:
        parts.append(tag("path", class_=f"band {tone}", d=_band(curve, across, height)))
    ends = []
    for curve, tone in drawn:
        points = [(across(t), v) for t, v in zip(curve.times, curve.values, strict=True)]
        shown = [(x, height(v)) for x, v in points if v is not None]
        parts.append(tag("path", tag("title", safe(curve.name)), class_=f"step {tone}", d=_steps(shown)))
        ends.append(shown[-1][1] if shown else _BOTTOM)
    for (curve, tone), y in zip(drawn, spread(ends, 17), strict=True):
        parts.append(write(_RIGHT + 8, y + 4, short(curve.name), f"name {tone}"))
    for time, words in ticks:
        parts.append(write(across(time), _BOTTOM + 19, words, "month"))
    parts.append(write(_RIGHT + 18, _BOTTOM + 19, unit, "unit"))
    below = _BOTTOM + 44
    parts.append(write(6, below, "At risk", "unit"))
    for place, (curve, tone) in enumerate(drawn):
        y = below + 19 * (place + 1)
        key = tag("line", tag("title", safe(curve.name)), class_=f"step {tone}", x1=6.0,
                  x2=30.0, y1=y - 4, y2=y - 4)  # fmt: skip
        parts.append(key)
        for (time, _), count in zip(ticks, curve.at_risk, strict=True):
            parts.append(write(across(time), y, count, "month"))
        parts.append(write(_RIGHT + 8, y, short(curve.name), f"name {tone}"))
    return figure(500, int(below + 19 * len(drawn) + 10), label, *parts)


def _steps(points: Sequence[tuple[float, float]]) -> str:
    """Path of a curve that keeps its height until the next point."""
    if not points:
        return ""
    path, (_, level) = [f"M{points[0][0]:.1f},{points[0][1]:.1f}"], points[0]
    for x, y in points[1:]:
        if abs(y - level) >= 0.05:
            path.append(f"H{x:.1f}V{y:.1f}")
            level = y
    path.append(f"H{points[-1][0]:.1f}")
    return "".join(path)


def _band(curve: Curve, across: Callable[[float], float], height: Callable[[float], float]) -> str:
    """Path around the limits, up to the first time without them."""
    held: list[tuple[float, float, float]] = []
    for time, low, high in zip(curve.times, curve.lower, curve.upper, strict=True):
        if low is None or high is None:
            break
        held.append((across(time), height(low), height(high)))
    if len(held) < 2:
        return ""
    back = []
    for x, low, _ in reversed(held[:-1]):
        back.append(f"V{low:.1f}H{x:.1f}")
    return _steps([(x, high) for x, _, high in held]) + "".join(back) + "Z"


def against(
    points: Points,
    level: Level,
    *,
    name: str,
    label: str,
    unit: str,
    show: Callable[[float], str],
) -> str:
    """A curve by whole periods against a level; where it crosses is marked and said in words."""
    held = [(x, y) for x, y in points if y is not None]
    if not held:
        return figure(500, 40, label, write(8, 24, "nothing to show", "note"))
    last = max(x for x, _ in held)
    top = max(level.value, *(y for _, y in held))
    step = nice_step(top or 1.0, 4)
    top = -(-top // step) * step or step

    def across(x: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * x / (last or 1.0)

    def height(y: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * y / top

    parts = []
    for place in range(round(top / step) + 1):
        parts.append(rule(_LEFT, _RIGHT, height(place * step), "grid"))
        parts.append(write(_LEFT - 6, height(place * step) + 4, show(place * step), "tick"))
    parts.append(rule(_LEFT, _RIGHT, height(level.value), "step s2"))
    path = " ".join(f"{across(x):.1f},{height(y):.1f}" for x, y in held)
    parts.append(tag("polyline", class_="l1", points=path))
    for x, y in held[1:]:
        after = f"{x:.0f} {unit.removesuffix('s') if round(x) == 1 else unit}"
        words = tag("title", safe(f"{name}, after {after}: {show(y)}"))
        parts.append(tag("circle", words, class_="dot l1", cx=across(x), cy=height(y), r=6))
    if level.crossing is not None and level.crossing <= last:
        x, y = across(level.crossing), height(level.value)
        parts.append(tag("line", class_="con", x1=x, x2=x, y1=y, y2=_BOTTOM))
        parts.append(tag("circle", tag("title", safe(level.words)), class_="cross", cx=x, cy=y, r=4.5))
    low, high = spread([height(held[-1][1]), height(level.value)], 18)
    parts.append(write(_RIGHT + 8, low + 4, name, "name s1"))
    parts.append(write(_RIGHT + 8, high + 4, level.name, "name s2"))
    every = next((n for n in (1, 2, 3, 6, 12) if last / n <= 7), 12)
    for month in range(0, int(last) + 1, every):
        parts.append(write(across(month), _BOTTOM + 19, month, "month"))
    parts.append(write(_RIGHT + 18, _BOTTOM + 19, unit, "unit"))
    parts.append(write(_LEFT, _BOTTOM + 44, level.words, "unit"))
    return figure(500, int(_BOTTOM) + 52, label, *parts)


def interval(
    value: float | None, lower: float | None, upper: float | None, span: tuple[float, float]
) -> Rich:
    """A small strip with a mark at the value and a line from limit to limit, for the cell of a table."""
    low, high = span
    if value is None or not high > low:
        return Rich("")

    def across(one: float) -> float:
        return max(0.0, min(100.0, 100.0 * (one - low) / (high - low)))

    parts = []
    if lower is not None and upper is not None:
        left = across(lower)
        parts.append(
            tag("rect", class_="limits", x=left, y=3, width=max(across(upper) - left, 0.5), height=2)
        )
    parts.append(tag("rect", class_="part", x=max(0.0, across(value) - 1.2), y=0, width=2.4, height=8))
    strip = tag("svg", *parts, class_="bar", viewBox="0 0 100 8", preserveAspectRatio="none",
                aria_hidden="true")  # fmt: skip
    return Rich(strip)
