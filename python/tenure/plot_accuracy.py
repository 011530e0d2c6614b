"""Errors of forecasts: over horizons, over cutoffs, by segment, by series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .drawing import axes_of, filled, in_percent, quiet
from .plot import ACCENT, BASE, DOWN, UP
from .results.accuracy import shown_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .results.accuracy import Accuracy, Errors

COLOURS = (ACCENT, DOWN, UP, BASE)
_PERCENT = frozenset(["mpe", "mape", "wape", "accuracy"])
_FEW = 12


def _colour(place: int) -> str:
    return COLOURS[place % len(COLOURS)]


def _names(forecasts: Any) -> list[str]:
    return list(dict.fromkeys(forecasts.tolist()))


def _labelled(axis: Any, measure: str) -> None:
    if measure in _PERCENT:
        in_percent(axis)
    axis.label.set_text(shown_name(measure))


def plot_errors(result: Errors, ax: Axes | None = None, *, measure: str) -> Axes:
    """Draw a measure over horizons or cutoffs as a line for each forecast, else as bars."""
    ax = axes_of(ax)
    if result.cut in ("horizon", "cutoff"):
        for place, name in enumerate(_names(result["forecast"])):
            rows = result["forecast"] == name
            when = result[result.columns[0]][rows]
            ax.plot(when, filled(result[measure][rows]), marker="o", color=_colour(place), label=name)
        if result.cut == "horizon":
            ax.set_xlabel("periods ahead")
            ax.locator_params(axis="x", integer=True)
        else:
            from .drawing import dated

            kind = result[result.columns[0]].dtype.kind
            if kind == "M":
                dated(ax)
            elif kind == "i":
                ax.locator_params(axis="x", integer=True)
            ax.set_xlabel("forecast made")
        _labelled(ax.yaxis, measure)
        _with_zero(ax, filled(result[measure]))
    else:
        labels = result.columns[: result.columns.index("forecast")]
        _bars(ax, result, labels, measure)
        return _finished(ax, result, measure, above=bool(labels))
    return _finished(ax, result, measure)


def plot_accuracy(result: Accuracy, ax: Axes | None = None, *, measure: str) -> Axes:
    """Draw a measure of each series as bars if they are few, else how many series have which value."""
    ax = axes_of(ax)
    if result.series <= _FEW:
        labels = result.columns[: result.columns.index("forecast")]
        _bars(ax, result, labels, measure)
        return _finished(ax, result, measure, above=bool(labels))
    values = filled(result[measure])
    seen = values[~np.isnan(values)]
    if seen.size:
        low, high = np.quantile(seen, [0.01, 0.99])  # so that a few series do not press the rest together
        bins = min(max(result.series // 4, 5), 40)
        edges = np.linspace(low, high if high > low else low + 1.0, bins + 1)
        for place, name in enumerate(_names(result["forecast"])):
            held = values[result["forecast"] == name]
            held = np.clip(held[~np.isnan(held)], edges[0], edges[-1])
            ax.hist(held, edges.tolist(), histtype="step", color=_colour(place), label=name, linewidth=1.6)
    _labelled(ax.xaxis, measure)
    ax.set_ylabel("series")
    return _finished(ax, result, measure)


def _bars(ax: Axes, result: Any, labels: list[str], measure: str) -> None:
    """A bar for each row; without labels the names of the forecasts stand beside them."""
    names = _names(result["forecast"])
    texts = [", ".join(map(str, key)) for key in zip(*(result[name] for name in labels), strict=True)]
    texts = texts or result["forecast"].tolist()
    places = list(dict.fromkeys(texts))
    height = 0.8 / (len(names) if labels else 1)
    values = filled(result[measure])
    for at, name in enumerate(names):
        rows = np.flatnonzero(result["forecast"] == name)
        shift = height * (at + 0.5) - 0.4 if labels else 0.0
        at_bars = [places.index(texts[row]) + shift for row in rows]
        ax.barh(at_bars, values[rows], height=0.9 * height, color=_colour(at), label=name)
    ax.set_yticks(range(len(places)), places)
    ax.invert_yaxis()
    _labelled(ax.xaxis, measure)


def _with_zero(ax: Axes, values: Any) -> None:
    """Figures are seen against 0, those below it too."""
    if np.any(values < 0):
        ax.axhline(0.0, color=BASE, linewidth=0.8)
    else:
        ax.set_ylim(bottom=0.0)


def _finished(ax: Axes, result: Any, measure: str, *, above: bool | None = None) -> Axes:
    """Title and legend: above the bars, which it would hide, or nowhere where rows are named beside them."""
    names = _names(result["forecast"])
    if len(names) > 1 and above is not False:
        place: Any = {"loc": "lower right", "bbox_to_anchor": (1.0, 1.0), "ncols": min(len(names), 3)}
        ax.legend(frameon=False, **(place if above else {}))
    ax.set_title(shown_name(measure), loc="left")
    return quiet(ax)
