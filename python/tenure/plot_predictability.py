"""Charts of comparisons between forecasts, of what steps add, and of how predictable revenue is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .drawing import axes_of, filled, in_percent, quiet
from .plot import ACCENT, BASE, DOWN, UP

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .results.comparison import Ranking, Skill, ValueAdded
    from .results.predictability import Commitments, Predictability

_FAINT = "#d5dbe3"
_FRACTIONS = frozenset(["wape", "mape"])


def _names(result: Any, own: int) -> list[str]:
    """Labels of rows: those of their segments, and the forecast."""
    columns = result.columns[: result.columns.index("forecast") + own]
    return [", ".join(map(str, labels)) for labels in zip(*(result[name] for name in columns), strict=True)]


def plot_value_added(result: ValueAdded, ax: Axes | None = None) -> Axes:
    """Draw the error of the first step, what each other takes off or puts on, and the error of the last."""
    ax = axes_of(ax)
    percent = result.measure in _FRACTIONS
    errors = filled(result["error"])
    places = np.arange(len(errors) + 1)
    labels = [*result.steps, "in the end"]

    def write(place: float, value: float, top: float, *, signed: bool = False) -> None:
        if np.isnan(value):
            return
        text = (f"{value:+.1%}" if signed else f"{value:.1%}") if percent else f"{value:{'+' * signed},.4g}"
        ax.annotate(text, (place, top), ha="center", va="bottom", xytext=(0, 2), textcoords="offset points")

    ax.bar(places[0], errors[0], color=BASE)
    write(0, errors[0], errors[0])
    for place in range(1, len(errors)):
        before, after = errors[place - 1], errors[place]
        ax.bar(place, after - before, bottom=before, color=UP if after <= before else DOWN)
        ax.plot([place - 0.6, place + 0.4], [before, before], color=BASE, linewidth=0.8)
        write(place, after - before, max(before, after), signed=True)
    ax.bar(places[-1], errors[-1], color=BASE)
    write(places[-1], errors[-1], errors[-1])
    ax.set_xticks(places, labels)
    ax.set_ylim(0.0, 1.12 * float(np.nanmax(errors, initial=0.0)) or 1.0)
    if percent:
        in_percent(ax.yaxis)
    ax.set_ylabel(result.measure.upper())
    ax.set_title("What each step takes off the error", loc="left")
    return quiet(ax)


def plot_ranking(result: Ranking, ax: Axes | None = None) -> Axes:
    """Draw mean losses as bars, smallest first, with p-values; forecasts outside the set are grey."""
    ax = axes_of(ax)
    losses, inside = filled(result["loss"]), result["in_set"]
    order = np.argsort(losses, kind="stable")
    names, p_values = _names(result, 1), filled(result["p_value"])
    places = np.arange(len(order))
    ax.barh(places, losses[order], color=[ACCENT if inside[row] else _FAINT for row in order])
    for place, row in enumerate(order):
        text = "" if np.isnan(p_values[row]) else f" p = {p_values[row]:.2f}"
        ax.annotate(text, (losses[row], place), va="center")
    ax.set_yticks(places, [names[row] for row in order])
    ax.invert_yaxis()
    ax.set_xlim(0.0, 1.18 * float(np.nanmax(losses, initial=0.0)) or 1.0)
    ax.set_xlabel("mean loss")
    ax.set_title(f"Blue: in the {result.confidence:.0%} set of the best", loc="left")
    return quiet(ax)


def plot_skill(result: Skill, ax: Axes | None = None) -> Axes:
    """Draw skills as dots with their intervals; at 0 a forecast is as good as the benchmark."""
    ax = axes_of(ax)
    value, low, high = (filled(result[name]) for name in ("skill", "lower", "upper"))
    places = np.arange(len(value))
    ax.axvline(0.0, color=BASE, linestyle="--", linewidth=1)
    ax.hlines(places, low, high, color=ACCENT, linewidth=2)
    ax.plot(value, places, "o", color=ACCENT)
    ax.set_yticks(places, _names(result, 1))
    ax.set_ylim(len(value) - 0.5, -0.5)
    in_percent(ax.xaxis)
    ax.set_title(f"Better than {result.benchmark} by", loc="left")
    return quiet(ax)


def plot_due(result: Commitments, ax: Axes | None = None) -> Axes:
    """Draw the share of the run rate that falls due for renewal in each period."""
    ax, due = axes_of(ax), result.due()
    periods = due["period"]
    days = np.unique(periods)
    total = float(np.sum(result["mrr"].astype(float))) or 1.0
    shares = [float(np.sum(due["due"][periods == day].astype(float))) / total for day in days]
    places = np.arange(len(days))
    ax.bar(places, shares, color=ACCENT)
    every = -(-len(days) // 6)
    ax.set_xticks(places[::every], [str(day)[:7] for day in days[::every]])
    in_percent(ax.yaxis)
    ax.set_title(f"Run rate of {result.at} that falls due for renewal", loc="left")
    return quiet(ax)


def plot_index(result: Predictability, ax: Axes | None = None) -> Axes:
    """Draw the points of each part on top of what it could give; parts that are not known stay empty."""
    ax = axes_of(ax)
    points, used = filled(result["points"]), filled(result["used"])
    places = np.arange(len(points))
    ax.barh(places, np.nan_to_num(100.0 * used), color=_FAINT)
    ax.barh(places, np.nan_to_num(points), color=ACCENT)
    for place, (value, most) in enumerate(zip(points, used, strict=True)):
        text = "not known" if np.isnan(value) else f"{value:.1f} of {100.0 * most:.0f}"
        ax.annotate(f" {text}", (0.0 if np.isnan(most) else 100.0 * most, place), va="center")
    ax.set_yticks(places, result["part"])
    ax.invert_yaxis()
    ax.set_xlim(0.0, 1.3 * max(float(np.nanmax(100.0 * used, initial=0.0)), 1.0))
    index = "not defined" if result.index is None else f"{result.index:.0f} of 100"
    ax.set_title(f"Predictability {index}", loc="left")
    return quiet(ax)
