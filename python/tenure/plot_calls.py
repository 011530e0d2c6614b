"""Pictures of forecast calls: by weeks before the end, errors by lead time, the bridge of a drift."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .drawing import axes_of, in_percent, quiet
from .errors import OptionError
from .plot import ACCENT, BASE, DOWN, UP
from .report.format import scale
from .svg import spread

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .results.snapshots import Drift, ForecastCalls, LeadTimes

_RAISING = ("added", "pulled_in", "upgraded", "raised", "transfer_in")
_LOWERING = ("lowered", "downgraded", "slipped_out", "transfer_out", "lost")
_COLOURS = (ACCENT, DOWN, UP, BASE)
_SHARES = ("wape", "mape", "relative_bias", "accuracy")


def plot_calls(result: ForecastCalls, category: str, last: int, ax: Axes | None = None) -> Axes:
    """Draw the calls of the last periods, older ones paler, and beside them what each brought."""
    ax = axes_of(ax)
    chosen = result["category"] == category
    periods = np.unique(result["period"][chosen])[-last:]
    held = {name: result[name][chosen] for name in ("period", "weeks_before_end", "call", "actual")}
    size, mark = scale(float(max(np.max(held["call"], initial=0.0), held["actual"].max() or 0.0)))
    ends: list[tuple[str, float, float, str]] = []
    for place, period in enumerate(periods):
        rows = held["period"] == period
        weeks, calls = -held["weeks_before_end"][rows], held["call"][rows] / size
        actual = held["actual"][rows][-1]  # of the last week: of all who called
        look: dict[str, Any] = {"alpha": 0.25 + 0.75 * (place + 1) / len(periods)}
        running = actual is np.ma.masked
        look["color"] = DOWN if running else ACCENT
        ax.plot(weeks, calls, marker="." if calls.size == 1 else "", **look)
        right, level = (float(weeks[-1]), float(calls[-1])) if running else (1.0, float(actual) / size)
        if not running:
            ax.plot([weeks[-1], right], [calls[-1], level], linestyle=":", **look)
            ax.plot(right, level, marker="o", **look)
        ends.append((result.period_name(period), right, level, look["color"]))
    ax.set_ylim(bottom=0.0)
    _name_ends(ax, ends)
    ticks = [-week for week in range(0, result.weeks + 1, max(1, result.weeks // 6))]
    ax.set_xticks([*reversed(ticks), 1], [*(str(-tick) for tick in reversed(ticks)), "actual"])
    ax.set_xlabel("weeks before the end")
    ax.set_ylabel(f"{category.replace('_', ' ')} {mark}".strip())
    ax.set_title("Calls, and what came", loc="left")
    return quiet(ax)


def _name_ends(ax: Axes, ends: list[tuple[str, float, float, str]]) -> None:
    """Write the names of lines at their ends, moved apart where they would lie on each other."""
    gap = 0.045 * (ax.get_ylim()[1] - ax.get_ylim()[0])
    for side in {right for _, right, _, _ in ends}:
        here = sorted((end for end in ends if end[1] == side), key=lambda end: end[2])
        for (name, right, _, colour), level in zip(here, spread([end[2] for end in here], gap), strict=True):
            ax.annotate(
                name, (right, level), xytext=(7.0, 0.0), textcoords="offset points", va="center",
                color=colour, annotation_clip=False,
            )  # fmt: skip


def plot_lead_times(result: LeadTimes, measure: str, ax: Axes | None = None) -> Axes:
    """Draw a measure of each category over the weeks before the end."""
    ax = axes_of(ax)
    categories = list(dict.fromkeys(result["category"]))
    for place, category in enumerate(categories):
        rows = result["category"] == category
        held: Any = np.ma.asarray(result[measure][rows], dtype=float)
        colour = _COLOURS[place % len(_COLOURS)]
        ax.plot(
            result["weeks_before_end"][rows],
            held.filled(np.nan),
            label=category.replace("_", " "),
            color=colour,
        )
    ax.invert_xaxis()
    if measure in _SHARES or measure.startswith("within"):
        in_percent(ax.yaxis)
    if measure in ("relative_bias", "bias"):
        ax.axhline(0.0, color=BASE, linewidth=1)
    else:
        ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]))
    ax.set_xlabel("weeks before the end")
    title = measure.upper() if measure in ("wape", "mape") else measure.replace("_", " ").capitalize()
    ax.set_title(f"{title} of calls", loc="left")
    ax.legend(frameon=False)
    return quiet(ax)


def plot_drift(result: Drift, ax: Axes | None = None) -> Axes:
    """Draw the first call, what raised and lowered it, and what came (or the last call)."""
    ax, total = axes_of(ax), result.total().to_dict()
    if not total["opening"]:
        hint = "Ask for a period that was called: calls.periods."
        raise OptionError("nobody called this period", code="E_PLOT", value=result.period, hint=hint)
    amounts = [(name, side * total[name][0]) for names, side in ((_RAISING, 1.0), (_LOWERING, -1.0))
               for name in names if name in total and total[name][0] != 0.0]  # fmt: skip
    opening, closing = total["opening"][0], total["closing"][0]
    size, mark = scale(opening + sum(amount for _, amount in amounts if amount > 0.0))
    level, digits = opening / size, 2 if opening < 10.0 * size else 1
    ax.bar("first call", level, color=BASE)
    ax.annotate(f"{level:,.{digits}f}", ("first call", level), ha="center", va="bottom")
    for name, amount in amounts:
        label, height = name.replace("_", " "), amount / size
        ax.bar(label, height, bottom=level, color=UP if amount > 0.0 else DOWN)
        ax.annotate(f"{height:+,.{digits}f}", (label, level + max(height, 0.0)), ha="center", va="bottom")
        level += height
    end = "actual" if result.observed else "last call"
    ax.bar(end, closing / size, color=BASE)
    ax.annotate(f"{closing / size:,.{digits}f}", (end, closing / size), ha="center", va="bottom")
    ax.set_ylim(top=1.08 * ax.get_ylim()[1])
    ax.tick_params(axis="x", labelrotation=25)
    ax.set_ylabel(mark)
    name = result.category.replace("_", " ").capitalize()
    ax.set_title(f"{name} for {result.period}: what became of the first call", loc="left")
    return quiet(ax)
