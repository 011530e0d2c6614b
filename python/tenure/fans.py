"""Charts of forecasts as SVG strings: a fan of limits, and dots with whiskers around zero."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from .curves import short
from .markup import safe, tag
from .svg import figure, nice_step, rule, spread, write

_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 390.0, 14.0, 208.0
_WHISKERS = (150.0, 372.0)  # where the axis of dots begins and ends
_ROW = 30.0


class Band(NamedTuple):
    """Limits of a forecast at one level of confidence; `name` says which."""

    name: str
    lower: Sequence[float]
    upper: Sequence[float]


class Dot(NamedTuple):
    """A figure with its limits, a row of a chart; `words` stand at its end."""

    name: str
    value: float
    lower: float | None
    upper: float | None
    words: str
    tone: str


def fan(
    ticks: Sequence[str],
    history: Sequence[float],
    ahead: Sequence[float],
    bands: Sequence[Band],
    *,
    label: str,
    show: Callable[[float], str],
) -> str:
    """A history that goes on as a forecast with bands, the widest first; its end is labelled.

    `ticks` name the points of the history and then those of the forecast.
    """
    last = history[-1]
    reached = [*history, *ahead, *(end for band in bands for end in (*band.lower, *band.upper))]
    low, high = min(reached), max(reached)
    step = nice_step((high - low) or abs(high) or 1.0, 4)
    low, high = (low // step) * step, -((-high) // step) * step
    high = high if high > low else low + step
    across = (_RIGHT - _LEFT) / max(len(ticks) - 1, 1)
    now = _LEFT + (len(history) - 1) * across

    def height(value: float) -> float:
        return _BOTTOM - (value - low) / (high - low) * (_BOTTOM - _TOP)

    parts: list[str] = []
    for place in range(round((high - low) / step) + 1):
        level = low + place * step
        parts += [
            rule(_LEFT, _RIGHT, height(level), "grid"),
            write(_LEFT - 6, height(level) + 4, show(level), "tick"),
        ]
    for band in bands:
        upper = [(now + at * across, height(value)) for at, value in enumerate([last, *band.upper])]
        lower = [(now + at * across, height(value)) for at, value in enumerate([last, *band.lower])]
        path = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in [*upper, *reversed(lower)]) + "Z"
        words = f"{band.name}: {show(band.lower[-1])} to {show(band.upper[-1])} at the end"
        parts.append(tag("path", tag("title", safe(words)), class_="band s1", d=path))
    parts.append(tag("line", class_="con", x1=now, x2=now, y1=_TOP, y2=_BOTTOM))
    past = " ".join(f"{_LEFT + at * across:.1f},{height(value):.1f}" for at, value in enumerate(history))
    coming = " ".join(
        f"{now + at * across:.1f},{height(value):.1f}" for at, value in enumerate([last, *ahead])
    )
    parts += [tag("polyline", class_="l0", points=past), tag("polyline", class_="l1 ahead", points=coming)]
    for at, (tick, value) in enumerate(zip(ticks, [*history, *ahead], strict=True)):
        what = "forecast " if at >= len(history) else ""
        words = tag("title", safe(f"{tick}: {what}{show(value)}"))
        parts.append(tag("circle", words, class_="dot", cx=_LEFT + at * across, cy=height(value), r=5))
    ends = [(show(ahead[-1]), ahead[-1], "name s1")]
    if bands:
        wide = bands[0]
        ends = [(f"{wide.name} {show(wide.upper[-1])}", wide.upper[-1], "lim"), *ends]
        ends.append((f"{wide.name} {show(wide.lower[-1])}", wide.lower[-1], "lim"))
    places = spread([height(value) for _, value, _ in ends], 17)
    for (words, _, kind), y in zip(ends, places, strict=True):
        parts.append(write(_RIGHT + 8, y + 4, words, kind))
    every = max(1, -(-len(ticks) // 4))
    for place in range(len(ticks) - 1, -1, -every):
        parts.append(write(_LEFT + place * across, _BOTTOM + 20, ticks[place], "month"))
    return figure(500, int(_BOTTOM) + 32, label, *parts)


def whiskers(dots: Sequence[Dot], *, label: str, show: Callable[[float], str], below: str, above: str) -> str:
    """Figures with their limits, a row each, around a line at zero; the sides are named at the foot."""
    left, right = _WHISKERS
    ends = [end for dot in dots for end in (dot.value, dot.lower, dot.upper) if end is not None]
    reach = max((abs(end) for end in ends), default=0.0) or 1.0
    step = nice_step(2 * reach, 4)
    reach = -(-reach // step) * step
    foot = _TOP + _ROW * len(dots)

    def across(value: float) -> float:
        return left + (right - left) * (value + reach) / (2 * reach)

    parts: list[str] = []
    for place in range(-round(reach / step), round(reach / step) + 1):
        x = across(place * step)
        parts.append(tag("line", class_="grid" if place else "zero", x1=x, x2=x, y1=_TOP - 6, y2=foot - 4))
        parts.append(write(x, foot + 12, show(place * step), "month"))
    for row, dot in enumerate(dots):
        y = _TOP + _ROW * row + _ROW / 2 - 4
        known = dot.lower is not None and dot.upper is not None
        limits = f" ({show(dot.lower or 0.0)} to {show(dot.upper or 0.0)})" if known else ""
        drawn = [tag("title", safe(f"{dot.name}: {show(dot.value)}{limits}, {dot.words}"))]
        if dot.lower is not None and dot.upper is not None:
            drawn.append(
                tag(
                    "line", class_=f"whisk {dot.tone}", x1=across(dot.lower), x2=across(dot.upper), y1=y, y2=y
                )
            )
        drawn.append(tag("circle", class_=f"spot {dot.tone}", cx=across(dot.value), cy=y, r=5))
        parts.append(tag("g", *drawn))
        parts.append(write(left - 10, y + 4, short(dot.name, 16), "who"))
        parts.append(write(right + 12, y + 4, dot.words, f"said {dot.tone}"))
    parts.append(write(left, foot + 32, f"← {below}", "side"))
    parts.append(write(right, foot + 32, f"{above} →", "side end"))
    return figure(500, int(foot) + 40, label, *parts)
