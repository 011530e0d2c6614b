"""Calibration, coverage and reliability: what came true against what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import svg
from .drawing import axes_of, filled, in_percent, quiet
from .plot import ACCENT, BASE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .results.scores import Brier, Intervals, Pit, Quantiles, Scores, ScoreTable


def _against(ax: Axes, said: Any, table: ScoreTable, share: str) -> None:
    """Shares with their limits over what was said, and the diagonal where both are equal."""
    found, low, high = (filled(table[name]) for name in (share, "lower", "upper"))
    ax.plot([0.0, 1.0], [0.0, 1.0], color=BASE, linewidth=1, linestyle="--", label="as said")
    limits = [np.maximum(found - low, 0.0), np.maximum(high - found, 0.0)]
    ax.errorbar(
        said, found, yerr=limits, color=ACCENT, marker="o", linewidth=1.5, elinewidth=1, capsize=3,
        label="came true",
    )  # fmt: skip
    ax.set_xlim(-0.02, 1.02)
    ax.set_ylim(-0.02, 1.02)
    in_percent(ax.xaxis)
    in_percent(ax.yaxis)
    ax.legend(frameon=False, loc="upper left")


def plot_calibration(result: Quantiles, ax: Axes | None = None) -> Axes:
    """Draw the share of actuals at or below each quantile against the quantile."""
    ax = axes_of(ax)
    table = result.calibration()
    _against(ax, table["quantile"], table, "share_below")
    ax.set_xlabel("quantile")
    ax.set_ylabel("actuals at or below")
    ax.set_title("Calibration", loc="left")
    return quiet(ax)


def plot_reliability(result: Brier, ax: Axes | None = None) -> Axes:
    """Draw the share that happened against the probability that was said; grey bars show how often it was."""
    ax = axes_of(ax)
    table = result.reliability(pooled=True)
    points = np.asarray(table["points"], dtype=float)
    said = filled(table["mean_probability"])
    ax.bar(said, 0.2 * points / points.max(), width=0.03, color=BASE, alpha=0.3, label="how often")
    _against(ax, said, table, "observed")
    ax.set_xlabel("probability that was said")
    ax.set_ylabel("share that happened")
    score = result.overall().to_dict()["brier"][0]
    ax.set_title(f"Reliability, Brier score {score:.4f}", loc="left")
    return quiet(ax)


def plot_pit(result: Pit, ax: Axes | None = None) -> Axes:
    """Draw the histogram of places of actuals within forecasts, and how high even bins would be."""
    ax = axes_of(ax)
    table = result.histogram(pooled=True)
    ax.bar(
        table["lower"], table["share"], width=1.0 / result.bins, align="edge", color=ACCENT, edgecolor="white"
    )
    ax.axhline(1.0 / result.bins, color=BASE, linewidth=1, linestyle="--")
    ax.set_xlim(0.0, 1.0)
    in_percent(ax.xaxis)
    in_percent(ax.yaxis)
    ax.set_xlabel("share of the forecast below the actual")
    ax.set_ylabel("actuals")
    ax.set_title("Where actuals fell", loc="left")
    return quiet(ax)


def _names(result: Intervals | Scores, table: ScoreTable) -> list[str]:
    held = [[str(label) for label in table.to_dict()[name]] for name in result.by]
    return [", ".join(labels) for labels in zip(*held, strict=True)] if held else ["all"]


def plot_coverage(result: Intervals, ax: Axes | None = None) -> Axes:
    """Draw the coverage of each series or segment with its limits, and what was promised."""
    ax = axes_of(ax)
    names = _names(result, result)
    found, low, high = (filled(result[name]) for name in ("coverage", "lower", "upper"))
    places = np.arange(len(names))
    limits = [np.maximum(found - low, 0.0), np.maximum(high - found, 0.0)]
    ax.errorbar(found, places, xerr=limits, fmt="o", color=ACCENT, capsize=3)
    ax.axvline(float(result["level"][0]), color=BASE, linewidth=1, linestyle="--")
    ax.set_yticks(places, names)
    ax.invert_yaxis()
    ax.set_xlim(-0.02, 1.02)
    in_percent(ax.xaxis)
    ax.set_title("Actuals within their intervals", loc="left")
    return quiet(ax)


def plot_scores(result: Scores, ax: Axes | None = None) -> Axes:
    """Draw the mean score of each group as bars, or without groups a histogram of scores."""
    ax = axes_of(ax)
    if result.by:
        table = result.by_group()
        names = _names(result, table)
        places = np.arange(len(names))
        ax.barh(places, filled(table[result.name]), color=ACCENT)
        ax.set_yticks(places, names)
        ax.invert_yaxis()
    else:
        scores = filled(result[result.name])
        ax.hist(scores[~np.isnan(scores)], bins=30, color=ACCENT)
        ax.set_ylabel("forecasts")
    ax.set_xlabel(result.name.replace("_", " "))
    return quiet(ax)


def notebook(result: Quantiles, table: str) -> str:
    """The table of a result, under its calibration."""
    held = result.calibration().to_dict()
    series = [
        svg.Line("came true", [float(value) for value in held["share_below"]], "l1"),
        svg.Line("as said", [float(value) for value in held["quantile"]], "l2"),
    ]
    ticks = [f"{100 * value:.4g} %" for value in held["quantile"]]
    chart = svg.lines(
        ticks, series, label="Share at or below each quantile", show=lambda value: f"{100 * value:.0f} %"
    )
    return svg.notebook(chart) + table
