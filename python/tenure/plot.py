"""The same charts in matplotlib: each takes a result and an axes, draws, and returns the axes.

matplotlib is imported when a chart is drawn, so that tenure itself does not need it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .drawing import Curve, axes_of, dated, draw, in_percent, is_numeric, is_textual, pyplot, quiet, split
from .report.figures import columns
from .report.format import month_code, scale
from .results.sentences import bridge_of, figure_of
from .svg import bridge_base

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Told apart by people who do not see red and green as different: blue, orange, green, grey.
ACCENT, DOWN, UP, BASE = "#1f6feb", "#c2410c", "#0f7d57", "#6b7a90"
_STEPS = (
    ("new", UP, 1),
    ("expansion", UP, 1),
    ("reactivation", UP, 1),
    ("resumed", UP, 1),
    ("contraction", DOWN, -1),
    ("churn", DOWN, -1),
    ("paused", DOWN, -1),
    ("transfer_in", UP, 1),
    ("transfer_out", DOWN, -1),
    ("fx", ACCENT, 1),
)
_MAIN = ("closing", "nrr", "mrr")


# Growth as small charts: title, column and whether it is a share.
_GROWTH = (
    ("ARR", "arr", False),
    ("Net new ARR", "net_new_arr", False),
    ("Growth on the year", "yoy", True),
    ("ARPA", "arpa", False),
    ("Gross MRR churn", "gross_churn", True),
    ("Quick ratio", "quick_ratio", False),
)


def plot_waterfall(result: Any, ax: Axes | None = None) -> Axes:
    """Draw the bridge over all periods of a waterfall result: opening, movements added up, closing.

    Parameters
    ----------
    result
        A waterfall without `by`.
    ax
        Where to draw; a new figure by default.

    Raises
    ------
    ValueError
        The result has no period.
    """
    ax, held = axes_of(ax), columns(result)
    if not held["period"]:
        raise ValueError("a bridge needs at least one period")
    opening, closing = held["opening"][0], held["closing"][-1]
    size, mark = scale(max(opening, closing))
    moves = [(name, colour, side * sum(held[name]) / size) for name, colour, side in _STEPS if name in held]
    level = opening / size
    ax.bar("opening", level, color=BASE)
    ax.annotate(f"{level:,.1f}", ("opening", level), ha="center", va="bottom")
    for name, colour, amount in moves:
        ax.bar(name, amount, bottom=level, color=colour)
        ax.annotate(f"{amount:+,.1f}", (name, level + max(amount, 0.0)), ha="center", va="bottom")
        level += amount
    ax.bar("closing", closing / size, color=BASE)
    ax.annotate(f"{closing / size:,.1f}", ("closing", closing / size), ha="center", va="bottom")
    bars: Any = ax.patches
    tops = [ax.get_ylim()[1], *(patch.get_y() + max(patch.get_height(), 0.0) for patch in bars)]
    ax.set_ylim(top=1.08 * max(tops))
    ax.tick_params(axis="x", labelrotation=25)
    ax.set_ylabel(f"MRR {mark}".strip())
    ax.set_title(
        f"MRR bridge, {month_code(held['period'][0])} to {month_code(held['period'][-1])}", loc="left"
    )
    return quiet(ax)


def plot_retention(result: Any, ax: Axes | None = None) -> Axes:
    """Draw NRR, GRR and logo retention with the 100 % line; cut by a segment, the NRR of each."""
    ax, held = axes_of(ax), columns(result)
    ax.axhline(1.0, color=BASE, linestyle="--", linewidth=1)
    if any(map(is_textual, held.values())):
        plot_lines(result, ax)
    else:
        looks = (("nrr", ACCENT, "-"), ("grr", DOWN, "--"), ("logo_retention", UP, ":"))
        draw(ax, [Curve(name, held["period"], held[name], *look) for name, *look in looks])
    in_percent(ax.yaxis)
    ax.set_title("Retention of the same customers", loc="left")
    return quiet(ax)


def plot_reconciliation(result: Any, ax: Axes | None = None) -> Axes:
    """Draw the bridge of a reconciliation's first period: the figure under A, the causes, the figure under B.

    Parameters
    ----------
    result
        A reconciliation.
    ax
        Where to draw; a new figure by default.

    Raises
    ------
    tenure.InputError
        ``E_UNDEFINED``: the figure is undefined under one of the policies, or under a mixture of them.
    """
    steps = bridge_of(result)
    ax = axes_of(ax)
    share = result.metric not in ("mrr", "customers")
    size, mark = (0.01, "%") if share else scale(max(abs(steps[0].amount), abs(steps[-1].amount)))
    digits, base, level, highest = 2 if share else 1, bridge_base(steps) / size, 0.0, 0.0
    for place, step in enumerate(steps):
        amount = step.amount / size
        if step.total:
            ax.bar(place, amount - base, bottom=base, color=BASE)
            text, level, top = f"{amount:,.{digits}f}", amount, amount
        else:
            ax.bar(place, amount, bottom=level, color=UP if amount > 0 else DOWN)
            text, top = f"{amount:+,.{digits}f}", max(level, level + amount)
            level += amount
        highest = max(highest, top)
        ax.annotate(text, (place, top), ha="center", va="bottom")
    slanted: Any = {"rotation": 25, "ha": "right", "rotation_mode": "anchor"}
    ax.set_xticks(range(len(steps)), [step.label for step in steps], **slanted)
    bottom = base if base > 0 else ax.get_ylim()[0]
    ax.set_ylim(bottom, highest + 0.14 * ((highest - bottom) or 1.0))  # room for the label on the highest bar
    unit = f"{result.currency or ''} {mark}".strip() if result.metric == "mrr" else mark
    ax.set_ylabel(f"{unit} (the axis begins at {base:,.1f})".strip() if base > 0 else unit)
    ax.set_title(f"{figure_of(result)}: {steps[0].label} to {steps[-1].label}", loc="left")
    return quiet(ax)


def plot_match(result: Any, ax: Axes | None = None) -> Axes:
    """Draw what each policy leaves unexplained of a table, the closest first."""
    ax, held = axes_of(ax), columns(result)
    names = [
        f"{preset}, {option}={value}" if option else preset
        for preset, option, value in zip(held["preset"], held["option"], held["value"], strict=True)
    ]
    ax.barh(names, held["difference"], color=ACCENT)
    ax.invert_yaxis()
    ax.set_xlabel("unexplained")
    ax.set_title("What comes closest", loc="left")
    return quiet(ax)


def plot_churn(result: Any, ax: Axes | None = None) -> Axes:
    """Draw churn of customers and of MRR, gross and net, over the periods."""
    ax, held = axes_of(ax), columns(result)
    looks = (
        ("customer_churn", ACCENT, "-"),
        ("gross_mrr_churn", DOWN, "--"),
        ("net_mrr_churn", UP, ":"),
    )
    draw(ax, [Curve(name, held["period"], held[name], *look) for name, *look in looks])
    in_percent(ax.yaxis)
    ax.set_title("Churn", loc="left")
    return quiet(ax)


def plot_cohorts(result: Any, ax: Axes | None = None, *, segment: str | None = None) -> Axes:
    """Draw a cohort triangle as a heat map of what is left of month 0; cells not yet observed stay empty.

    A triangle that is cut by a segment needs the `segment` to draw.

    Raises
    ------
    tenure.OptionError
        ``E_SEGMENT``: no such segment, or none was named.
    """
    ax = axes_of(ax)
    values: Any = np.ma.asarray(result.values(segment=segment), dtype=float)
    base: Any = np.ma.masked_equal(values[:, :1], 0.0)
    shares = values / base
    varied = shares[:, 1:].compressed()
    low, high = (varied.min(), varied.max()) if varied.size else (0.0, 1.0)
    image = ax.imshow(shares, aspect="auto", cmap="Blues", vmin=low, vmax=max(high, low + 1e-9))
    starts = [day.item() for day in result.periods]
    every = max(1, len(starts) // 12)
    ax.set_yticks(range(0, len(starts), every), [month_code(day) for day in starts[::every]])
    ax.set_xlabel("months since start")
    ax.set_title("Share left of the first month" + (f", {segment}" if segment else ""), loc="left")
    ax.figure.colorbar(image, ax=ax, format=lambda value, _: f"{value:.0%}")
    return ax


def plot_lines(result: Any, ax: Axes | None = None, *, columns_shown: Sequence[str] | None = None) -> Axes:
    """Draw columns over the periods, one line each, labelled at its end.

    By default closing, nrr or mrr, the first that there is, or every numeric column. A result cut by a
    segment draws one line a segment, of the first of `columns_shown`. A result without periods is drawn by
    `plot_bars`, shares of new products by `plot_new_products`, growth on axes of its own by `plot_growth`.
    """
    held = columns(result)
    if "period" not in held:
        return plot_bars(result, ax)
    if "new_product_arr" in held:
        return plot_new_products(result, ax)
    if "quick_ratio" in held and ax is None and columns_shown is None:
        return plot_growth(result)
    ax = axes_of(ax)
    numeric = [name for name in held if is_numeric(held[name])]
    names = list(columns_shown or [name for name in _MAIN if name in numeric][:1] or numeric)
    text = next((name for name in held if is_textual(held[name])), None)
    if text is None:
        draw(ax, [Curve(name, held["period"], held[name]) for name in names])
        return quiet(ax)
    parts = split(held, text)
    draw(ax, [Curve(label, part["period"], part[names[0]]) for label, part in parts.items()])
    ax.set_title(f"{names[0]} by {text}", loc="left")
    return quiet(ax)


def plot_new_products(result: Any, ax: Axes | None = None) -> Axes:
    """Draw new ARR as bars, the part of new products in front, and their share on a second axis."""
    ax, held = axes_of(ax), columns(result)
    names = [month_code(day) for day in held["period"]]
    size, mark = scale(max(held["new_arr"], default=0.0) or 1.0)
    for column, colour, label in (
        ("new_arr", BASE, "all products"),
        ("new_product_arr", ACCENT, "new products"),
    ):
        ax.bar(names, [(value or 0.0) / size for value in held[column]], color=colour, label=label)
    ax.set_ylabel(f"new ARR {mark}".strip())
    ax.set_xticks(range(0, len(names), max(1, len(names) // 6)))
    shares = ax.twinx()
    values = [np.nan if value is None else value for value in held["share"]]
    shares.plot(names, values, color=DOWN, marker="o", markersize=3, label="share (right)")
    shares.set_ylim(0, 1.05)
    in_percent(shares.yaxis)
    shares.spines["top"].set_visible(False)
    drawn = [*ax.get_legend_handles_labels()[0], *shares.get_legend_handles_labels()[0]]
    below: Any = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.1), "ncols": 3, "frameon": False}
    ax.legend(handles=drawn, **below)
    ax.set_title("New ARR from new products", loc="left")
    ax.spines["top"].set_visible(False)
    return ax


def plot_growth(result: Any) -> Axes:
    """Draw growth as small charts with a title each, on a new figure; return the first of its axes."""
    held = columns(result)
    label = list(held)[1] if is_textual(held[list(held)[1]]) else None
    parts = split(held, label) if label else {"": held}
    figure, places = pyplot().subplots(2, 3, figsize=(11, 5.5), layout="constrained", sharex=True)
    for ax, (title, name, share) in zip(places.flat, _GROWTH, strict=True):
        largest = max((abs(value or 0.0) for part in parts.values() for value in part[name]), default=0.0)
        size, mark = (1.0, "") if share else scale(largest)
        for shown, part in parts.items():
            values = [np.nan if value is None else value / size for value in part[name]]
            ax.plot(part["period"], values, color=None if label else ACCENT, label=shown)
        if share:
            in_percent(ax.yaxis)
        ax.set_title(f"{title} {mark}".strip(), loc="left", fontsize="medium")
        dated(ax)
        quiet(ax)
    if label:
        drawn = places.flat[0].get_legend_handles_labels()
        figure.legend(
            *drawn, loc="outside lower center", ncols=min(6, len(parts)), frameon=False, title=label
        )
    first: Axes = places.flat[0]
    return first


def plot_bars(result: Any, ax: Axes | None = None) -> Axes:
    """Draw a result without periods: one bar a row, of its share, MRR or amount."""
    ax, held = axes_of(ax), columns(result)
    value = next(
        name for name in ("share", "mrr", "amount", *held) if name in held and is_numeric(held[name])
    )
    label = next((name for name in held if is_textual(held[name])), "top" if "top" in held else None)
    rows = range(len(held[value]))
    names = [str(held[label][row]) if label else value for row in rows]
    ax.barh(names, [held[value][row] or 0.0 for row in rows], color=ACCENT)
    ax.invert_yaxis()
    ax.set_xlabel(value)
    if value == "share":
        in_percent(ax.xaxis)
    if label:
        ax.set_ylabel(label)
    return quiet(ax)
