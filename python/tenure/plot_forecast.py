"""Forecasts as lines and fans, and what backtests say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .drawing import axes_of, dated, filled, quiet
from .errors import OptionError
from .plot import ACCENT, BASE, DOWN, UP
from .report.figures import columns
from .report.format import scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .results.forecast import Backtest, MrrForecast, NaiveForecasts

COLOURS = (ACCENT, DOWN, UP, BASE, "#8250df")
FAN = {0.95: "#dbe7fd", 0.8: "#b9d0fb", 0.5: "#8fb4f7"}  # level: tint


def plot_mrr_forecast(result: MrrForecast, ax: Axes | None = None) -> Axes:
    """Draw the closings of the history, the point forecast, and its limits at 50, 80 and 95 %.

    Parameters
    ----------
    result
        A forecast without `by`.
    ax
        Where to draw; a new figure by default.
    """
    ax = axes_of(ax)
    past, ahead = columns(result.explain()), columns(result)
    if not past["period"]:
        hint = "Its reason is too_few: nobody paid at the opening of a period."
        raise OptionError("a forecast without history has no chart", code="E_PLOT", hint=hint)
    told = sum(closing is not None for closing in ahead["closing"])  # what diverges has no place
    ahead = {name: values[:told] for name, values in ahead.items()}
    size, mark = scale(max([*past["closing"], *ahead["closing"]]))
    days = [past["period"][-1], *ahead["period"]]
    seen = np.array([*past["closing"]], dtype=float) / size
    ax.plot(past["period"], seen, color=BASE, label="history")
    fan = columns(result.fan(list(FAN)))
    for level, tint in FAN.items():
        rows = [row for row, held in enumerate(fan["level"]) if held == level][:told]
        low, high = (
            np.array([past["closing"][-1], *(fan[name][row] for row in rows)], dtype=float) / size
            for name in ("lower", "upper")
        )
        ax.fill_between(days, low, high, color=tint, linewidth=0, label=f"{level:.0%} of paths")
    expected = np.array([past["closing"][-1], *ahead["closing"]], dtype=float) / size
    ax.plot(days, expected, color=ACCENT, label="forecast")
    ax.set_ylabel(f"{result.currency or 'MRR'} {mark}".strip())
    ax.set_title("MRR carried on from its own movements", loc="left")
    ax.legend(frameon=False, loc="upper left")
    dated(ax)
    return quiet(ax)


def plot_naive(result: NaiveForecasts, period: str, value: str, ax: Axes | None = None) -> Axes:
    """Draw the history of the first series and its forecasts, with limits where there are any."""
    ax = axes_of(ax)
    past, first = result.history(), np.ones(len(result.history()), dtype=bool)
    rows = np.ones(len(result), dtype=bool)
    for name in result.series:
        first &= past[name] == past[name][0]
        rows &= result[name] == result[name][0]
    ax.plot(past[period][first], past[value][first], color=BASE, label=value)
    for place, method in enumerate(result.methods):
        colour = COLOURS[place % len(COLOURS)]
        days = result[period][rows]
        ax.plot(days, filled(result[method][rows]), color=colour, label=method)
        if f"{method}_lower" in result.columns:
            low, high = (filled(result[f"{method}_{side}"][rows]) for side in ("lower", "upper"))
            ax.fill_between(days, low, high, color=colour, alpha=0.15, linewidth=0)
    named = ", ".join(str(past[name][0]) for name in result.series)
    ax.set_title(f"{value} of {named}" if named else value, loc="left")
    ax.legend(frameon=False, loc="upper left")
    if np.asarray(past[period]).dtype.kind == "M":
        dated(ax)
    return quiet(ax)


def plot_backtest(result: Backtest, ax: Axes | None = None) -> Axes:
    """Draw the mean absolute error of each forecaster by how many periods it looked ahead."""
    ax = axes_of(ax)
    steps = np.unique(result["horizon"])
    errors = {
        name: np.array([_mean_error(result, name, result["horizon"] == step) for step in steps], dtype=float)
        for name in result.forecasters
    }
    size, mark = scale(float(np.nanmax([np.nanmax(line) for line in errors.values()])) or 1.0)
    for place, (name, line) in enumerate(errors.items()):
        ax.plot(steps, line / size, marker="o", color=COLOURS[place % len(COLOURS)], label=name)
    ax.set_ylim(bottom=0.0)
    ax.set_xlabel("periods ahead")
    ax.set_ylabel(f"mean absolute error {mark}".strip())
    ax.set_title(f"Errors of {len(result.cutoffs)} origins", loc="left")
    ax.legend(frameon=False)
    return quiet(ax)


def _mean_error(result: Backtest, name: str, rows: Any) -> float:
    found = filled(result[name])[rows] - filled(result["actual"])[rows]
    return float(np.nanmean(np.abs(found)))
