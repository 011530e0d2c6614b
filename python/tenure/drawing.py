"""Lines, labels and axes that the plots share; matplotlib is imported when something is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .report.figures import Columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Curve(NamedTuple):
    """One line: its name, days and values, and how it looks."""

    name: str
    days: list[Any]
    values: list[Any]
    colour: str | None = None
    style: str = "-"


def pyplot() -> Any:
    """Return matplotlib's pyplot, or say how to install it."""
    try:
        import matplotlib.pyplot as plt
    except ImportError as fault:
        raise ImportError("plots need matplotlib: pip install 'tenure[plot]'") from fault
    return plt


def axes_of(ax: Axes | None) -> Axes:
    """Return the axes to draw on: the given ones, or those of a new figure."""
    return ax if ax is not None else pyplot().subplots(layout="constrained")[1]


def filled(values: Any) -> Any:
    """Return numbers, NaN where there is none: matplotlib leaves a gap there."""
    return np.ma.filled(np.ma.asarray(values, dtype=float), np.nan)


def is_numeric(values: list[Any]) -> bool:
    """Whether a column holds numbers."""
    return any(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def is_textual(values: list[Any]) -> bool:
    """Whether a column holds names."""
    return any(isinstance(value, str) for value in values)


def split(held: Columns, name: str) -> dict[str, Columns]:
    """Rows of each label, in their order."""
    parts: dict[str, Columns] = {}
    for row, label in enumerate(held[name]):
        part = parts.setdefault(str(label), {key: [] for key in held})
        for key, values in held.items():
            part[key].append(values[row])
    return parts


def draw(ax: Axes, curves: list[Curve]) -> None:
    """Draw lines with their names at their ends, moved apart where they would lie on each other."""
    ends = []
    for curve in curves:
        values = np.array([np.nan if value is None else value for value in curve.values], dtype=float)
        (line,) = ax.plot(curve.days, values, color=curve.colour, linestyle=curve.style)
        seen = np.flatnonzero(~np.isnan(values))
        if seen.size:
            at = int(seen[-1])
            ends.append((curve.name, curve.days[at], float(values[at]), line.get_color()))
    low, high = ax.get_ylim()
    gap, level, raised = (high - low) / 16, -np.inf, {}
    for name, _, value, _ in sorted(ends, key=lambda end: end[2]):
        level = max(value, level + gap)
        raised[name] = (level - value) / ((high - low) or 1.0) * ax.bbox.height * 72.0 / ax.figure.dpi
    for name, day, value, colour in ends:
        ax.annotate(
            name,
            (day, value),
            xytext=(6.0, raised[name]),
            textcoords="offset points",
            color=colour,
            va="center",
            annotation_clip=False,
        )
    if ends:
        dated(ax)


def dated(ax: Axes) -> None:
    """Mark the days under the axis in few words."""
    from matplotlib import dates

    finder: Any = dates.AutoDateLocator
    writer: Any = dates.ConciseDateFormatter
    locator = finder(minticks=3, maxticks=7)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(writer(locator))


def in_percent(axis: Any) -> None:
    """Mark shares as percent, with as many digits as the steps need."""
    from matplotlib.ticker import PercentFormatter

    axis.set_major_formatter(PercentFormatter(xmax=1.0))


def quiet(ax: Axes) -> Axes:
    """Leave out the frame on the sides without an axis."""
    ax.spines[["top", "right"]].set_visible(False)
    return ax
