"""The same charts in matplotlib: each takes a result and an axes, draws, and returns the axes.

matplotlib is imported when a chart is drawn, so that tenure itself does not need it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .report.figures import Columns, columns
from .report.format import month_code, scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Told apart by people who do not see red and green as different: blue, orange, green, grey.
ACCENT, DOWN, UP, BASE = "#1f6feb", "#c2410c", "#0f7d57", "#6b7a90"
_STEPS = (
    ("new", UP, 1),
    ("expansion", UP, 1),
    ("reactivation", UP, 1),
    ("contraction", DOWN, -1),
    ("churn", DOWN, -1),
)
_MAIN = ("closing", "nrr", "mrr")


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError as fault:
        raise ImportError("plots need matplotlib: pip install 'tenure[plot]'") from fault
    return plt.subplots()[1]


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
    ax, held = _axes(ax), columns(result)
    if not held["period"]:
        raise ValueError("a bridge needs at least one period")
    opening, closing = held["opening"][0], held["closing"][-1]
    size, mark = scale(max(opening, closing))
    moves = [(name, colour, side * sum(held[name]) / size) for name, colour, side in _STEPS]
    level = opening / size
    ax.bar("opening", level, color=BASE)
    ax.annotate(f"{level:,.1f}", ("opening", level), ha="center", va="bottom")
    for name, colour, amount in moves:
        ax.bar(name, amount, bottom=level, color=colour)
        ax.annotate(f"{amount:+,.1f}", (name, level + max(amount, 0.0)), ha="center", va="bottom")
        level += amount
    ax.bar("closing", closing / size, color=BASE)
    ax.annotate(f"{closing / size:,.1f}", ("closing", closing / size), ha="center", va="bottom")
    ax.set_ylabel(f"MRR {mark}".strip())
    ax.set_title(
        f"MRR bridge, {month_code(held['period'][0])} to {month_code(held['period'][-1])}", loc="left"
    )
    return _quiet(ax)


def plot_retention(result: Any, ax: Axes | None = None) -> Axes:
    """Draw NRR, GRR and logo retention with the 100 % line; cut by a segment, the NRR of each."""
    ax, held = _axes(ax), columns(result)
    ax.axhline(1.0, color=BASE, linestyle="--", linewidth=1)
    if any(map(_textual, held.values())):
        plot_lines(result, ax)
    else:
        _draw(ax, held, (("nrr", ACCENT, "-"), ("grr", DOWN, "--"), ("logo_retention", UP, ":")))
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    ax.set_title("Retention of the same customers", loc="left")
    return _quiet(ax)


def plot_cohorts(result: Any, ax: Axes | None = None) -> Axes:
    """Draw a cohort triangle as a heat map of what is left of month 0; cells not yet observed stay empty."""
    ax = _axes(ax)
    values: Any = np.ma.asarray(result.values(), dtype=float)
    base: Any = np.ma.masked_equal(values[:, :1], 0.0)
    shares = values / base
    varied = shares[:, 1:].compressed()
    low, high = (varied.min(), varied.max()) if varied.size else (0.0, 1.0)
    image = ax.imshow(shares, aspect="auto", cmap="Blues", vmin=low, vmax=max(high, low + 1e-9))
    starts = list(dict.fromkeys(columns(result)["cohort"]))
    every = max(1, len(starts) // 12)
    ax.set_yticks(range(0, len(starts), every), [month_code(day) for day in starts[::every]])
    ax.set_xlabel("months since start")
    ax.set_title("Share left of the first month", loc="left")
    ax.figure.colorbar(image, ax=ax, format=lambda value, _: f"{value:.0%}")
    return ax


def plot_lines(result: Any, ax: Axes | None = None, *, columns_shown: Sequence[str] | None = None) -> Axes:
    """Draw columns over the periods, one line each, labelled at its end.

    By default closing, nrr or mrr, the first that there is, or every numeric column. A result cut by a
    segment draws one line a segment, of the first of `columns_shown`. A result without periods is drawn by
    `plot_bars`.
    """
    ax, held = _axes(ax), columns(result)
    if "period" not in held:
        return plot_bars(result, ax)
    numeric = [name for name in held if _numeric(held[name])]
    names = list(columns_shown or [name for name in _MAIN if name in numeric][:1] or numeric)
    text = next((name for name in held if _textual(held[name])), None)
    if text is None:
        _draw(ax, held, tuple((name, None, "-") for name in names))
        return _quiet(ax)
    for label, part in _split(held, text).items():
        _draw(ax, {**part, label: part[names[0]]}, ((label, None, "-"),))
    ax.set_title(f"{names[0]} by {text}", loc="left")
    return _quiet(ax)


def plot_bars(result: Any, ax: Axes | None = None) -> Axes:
    """Draw a result without periods: one bar a row, of its share, MRR or amount."""
    ax, held = _axes(ax), columns(result)
    value = next(name for name in ("share", "mrr", "amount", *held) if name in held and _numeric(held[name]))
    label = next((name for name in held if _textual(held[name])), "top" if "top" in held else None)
    rows = range(len(held[value]))
    names = [str(held[label][row]) if label else value for row in rows]
    ax.barh(names, [held[value][row] or 0.0 for row in rows], color=ACCENT)
    ax.invert_yaxis()
    ax.set_xlabel(value)
    if label:
        ax.set_ylabel(label)
    return _quiet(ax)


def _numeric(values: list[Any]) -> bool:
    return any(isinstance(value, int | float) for value in values)


def _textual(values: list[Any]) -> bool:
    return any(isinstance(value, str) for value in values)


def _split(held: Columns, name: str) -> dict[str, Columns]:
    """Rows of each label, in their order."""
    parts: dict[str, Columns] = {}
    for row, label in enumerate(held[name]):
        part = parts.setdefault(str(label), {key: [] for key in held})
        for key, values in held.items():
            part[key].append(values[row])
    return parts


def _draw(ax: Axes, held: Columns, lines: tuple[tuple[str, str | None, str], ...]) -> None:
    for name, colour, style in lines:
        values = np.array([np.nan if value is None else value for value in held[name]], dtype=float)
        (line,) = ax.plot(held["period"], values, color=colour, linestyle=style)
        seen = np.flatnonzero(~np.isnan(values))
        if seen.size:
            at = int(seen[-1])
            place = (held["period"][at], values[at])
            ax.annotate(f" {name}", place, color=line.get_color(), va="center")


def _quiet(ax: Axes) -> Axes:
    ax.spines[["top", "right"]].set_visible(False)
    return ax
