"""Curves of how long customers stay: steps, bands, and how many are still at risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import svg
from .drawing import axes_of, filled, in_percent, quiet
from .plot import ACCENT, BASE, DOWN, UP

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .results.survival import CumulativeIncidence, LogRank, Survival

COLOURS = (ACCENT, DOWN, UP, BASE)
_TONES = ("l1", "l2", "l3")
_TICKS = 25


def _name(labels: tuple[str, ...]) -> str:
    return ", ".join(labels)


def _steps(ax: Axes, rows: dict[str, Any], value: str, start: float, look: dict[str, Any]) -> Any:
    """One curve from time 0 on, with its band; a band ends where limits are undefined."""
    times = np.concatenate([[0.0], np.asarray(rows["time"], dtype=float)])
    (line,) = ax.step(
        times, np.concatenate([[start], filled(rows[value])]), where="post", label=look["label"],
        color=look["color"],
    )  # fmt: skip
    low, high = (np.concatenate([[start], filled(rows[name])]) for name in ("lower", "upper"))
    ax.fill_between(times, low, high, step="post", color=look["color"], alpha=0.18, linewidth=0)
    return line


def plot_survival(result: Survival, ax: Axes | None = None, *, at_risk: bool = True) -> Axes:
    """Draw the share still there as steps with bands; under the axis, how many are at risk.

    Parameters
    ----------
    result
        Curves, of one or more groups.
    ax
        Where to draw; a new figure by default.
    at_risk
        Whether to write the numbers at risk under the time axis.
    """
    ax = axes_of(ax)
    for place, group in enumerate(result.groups):
        look = {"label": _name(group) or "all", "color": COLOURS[place % len(COLOURS)]}
        _steps(ax, result.curve(group), "survival", 1.0, look)
    ax.set_ylim(0.0, 1.02)
    ax.set_xlim(left=0.0)
    in_percent(ax.yaxis)
    ax.set_title("Still there", loc="left")
    if result.by:
        ax.legend(title=", ".join(result.by), frameon=False)
    if at_risk:
        _write_at_risk(ax, result)
    return quiet(ax)


def risk_at(rows: dict[str, Any], times: Any) -> list[float]:
    """How many are at risk at each time: those of the first row at or after it (late entries apart)."""
    held, counts = np.asarray(rows["time"], dtype=float), np.asarray(rows["at_risk"], dtype=float)
    places = np.searchsorted(held, times)
    return [float(counts[place]) if place < len(counts) else 0.0 for place in places]


def _write_at_risk(ax: Axes, result: Survival) -> None:
    right = ax.get_xlim()[1]
    ticks = [tick for tick in ax.get_xticks() if 0 <= tick <= right]
    ax.set_xticks(ticks)
    line = 12.0  # points
    for place, group in enumerate(result.groups):
        colour = COLOURS[place % len(COLOURS)]
        drop = -(26.0 + line * (place + 1))
        below: Any = {"textcoords": "offset points", "annotation_clip": False, "fontsize": "small"}
        ax.annotate(
            _name(group) or "at risk", (0.0, 0.0), xycoords=("axes fraction", "axes fraction"),
            xytext=(-24.0, drop), ha="right", color=colour, **below,
        )  # fmt: skip
        for tick, count in zip(ticks, risk_at(result.curve(group), ticks), strict=True):
            ax.annotate(
                f"{count:,.0f}", (tick, 0.0), xycoords=("data", "axes fraction"), xytext=(0.0, drop),
                ha="center", color=colour, **below,
            )  # fmt: skip
    ax.set_xlabel("at risk" if result.by else "time", labelpad=4.0)


def plot_incidence(result: CumulativeIncidence, ax: Axes | None = None) -> Axes:
    """Draw the share that left for each reason (and group) as steps with bands."""
    ax = axes_of(ax)
    place = 0
    for group in result.groups:
        for cause in result.causes:
            chosen = result["cause"] == cause
            for name, label in zip(result.by, group, strict=True):
                chosen &= result[name] == label
            rows = {name: result[name][chosen] for name in ("time", "incidence", "lower", "upper")}
            look = {"label": _name((*group, cause)), "color": COLOURS[place % len(COLOURS)]}
            _steps(ax, rows, "incidence", 0.0, look)
            place += 1
    ax.set_ylim(bottom=0.0)
    ax.set_xlim(left=0.0)
    in_percent(ax.yaxis)
    ax.set_xlabel("time")
    ax.set_title("Left, by reason", loc="left")
    if place:
        ax.legend(frameon=False)
    return quiet(ax)


def plot_log_rank(result: LogRank, ax: Axes | None = None) -> Axes:
    """Draw observed and expected departures of each group side by side."""
    ax = axes_of(ax)
    names = [_name(labels) for labels in zip(*(result[name] for name in result.by), strict=True)]
    places = np.arange(len(names))
    ax.barh(places - 0.2, result["observed"], height=0.4, color=ACCENT, label="observed")
    ax.barh(places + 0.2, result["expected"], height=0.4, color=BASE, label="expected")
    ax.set_yticks(places, names)
    ax.invert_yaxis()
    ax.set_xlabel("departures")
    ax.legend(frameon=False)
    if result.p_value is not None:
        ax.set_title(f"Log-rank test, p = {result.p_value:.3g}", loc="left")
    return quiet(ax)


def notebook(result: Survival, table: str) -> str:
    """The table of a result, under its curves if they are few enough to tell apart."""
    if not len(result) or len(result.groups) > len(_TONES):
        return table
    last = float(np.max(result["time"]))
    times = np.linspace(0.0, last, _TICKS)
    shares = filled(result.at(times)["survival"]).reshape(len(result.groups), _TICKS)
    series = [
        svg.Line(_name(group) or "all", [None if np.isnan(value) else float(value) for value in line], tone)
        for group, line, tone in zip(result.groups, shares, _TONES, strict=False)
    ]
    ticks = [f"{time:,.4g}" for time in times]
    chart = svg.lines(ticks, series, label="Share still there", show=lambda value: f"{100 * value:.0f} %")
    return svg.notebook(chart) + table
