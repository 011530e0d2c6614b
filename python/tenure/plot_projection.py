"""Charts of cohorts beyond the data: what is projected looks different from what was observed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .drawing import axes_of, filled, in_percent, quiet
from .errors import OptionError
from .plot import ACCENT, BASE, DOWN, UP

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .results.projection import ChainLadder, Projection

COLOURS = (ACCENT, DOWN, UP, BASE, "#7c3aed", "#0e7490")
_MOST_LINES = 6

Key = tuple[Any, ...]


def _parts(result: Projection | ChainLadder) -> dict[Key, Any]:
    """Rows of each cohort, by the labels of its segment and itself, in their order."""
    names = [*result.by, result.cohort]
    keys = list(zip(*(result[name].tolist() for name in names), strict=True))
    rows: dict[Key, list[int]] = {}
    for row, key in enumerate(keys):
        rows.setdefault(key, []).append(row)
    return {key: np.array(held) for key, held in rows.items()}


def _spread(keys: list[Key], count: int) -> list[Key]:
    """Some of the keys, evenly spaced, the first among them."""
    if len(keys) <= count:
        return keys
    return [keys[round(at)] for at in np.linspace(0, len(keys) - 1, count)]


def plot_projection(result: Projection, ax: Axes | None = None) -> Axes:
    """Draw cohorts by age, at most six: observed as solid lines, projected dashed with their band.

    Parameters
    ----------
    result
        Of `tenure.cohort.project`.
    ax
        Where to draw; a new figure by default.
    """
    ax, parts = axes_of(ax), _parts(result)
    segments = list(dict.fromkeys(key[:-1] for key in parts))
    each = max(1, _MOST_LINES // max(len(segments), 1))
    shown = [
        key for segment in segments for key in _spread([key for key in parts if key[:-1] == segment], each)
    ]
    later = result["projected"]
    for place, key in enumerate(shown):
        rows, colour = parts[key], COLOURS[place % len(COLOURS)]
        ages, share = result["age"][rows], filled(result["survival"])[rows]
        low, high = filled(result["lower"])[rows], filled(result["upper"])[rows]
        first = int(np.argmax(later[rows])) if later[rows].any() else len(rows)
        name = ", ".join(map(str, key))
        ax.plot(ages[:first], share[:first], color=colour, label=name, marker="o", markersize=3)
        since = slice(max(first - 1, 0), None)  # the dashes begin where the line ends
        if first < len(rows):
            ax.plot(ages[since], share[since], color=colour, linestyle="--")
            ax.fill_between(ages[since], low[since], high[since], color=colour, alpha=0.18, linewidth=0)
    ax.set_ylim(0.0, 1.02)
    in_percent(ax.yaxis)
    ax.set_xlabel("age")
    ax.set_title("Share left, projected dashed", loc="left")
    if shown:
        ax.legend(frameon=False)
    return quiet(ax)


def plot_chain_ladder(
    result: ChainLadder, ax: Axes | None = None, *, segment: str | tuple[str, ...] | None = None
) -> Axes:
    """Draw a completed triangle as a heat map; projected cells are hatched.

    Colours are shares of a cohort's first value; of its total, if values are added up along the ages.

    Parameters
    ----------
    result
        Of `tenure.cohort.chain_ladder`.
    ax
        Where to draw; a new figure by default.
    segment
        The segment to draw, of a triangle that is cut by some: its label, or a label for each column of `by`.

    Raises
    ------
    OptionError
        ``E_SEGMENT``: no such segment, or none was named.
    """
    from matplotlib.patches import Rectangle

    parts = _parts(result)
    wanted = (segment,) if isinstance(segment, str) else tuple(segment or ())
    cohorts = [key for key in parts if key[:-1] == wanted]
    if not cohorts:
        known = "; ".join(dict.fromkeys(", ".join(map(str, key[:-1])) for key in parts))
        raise OptionError(
            f"segment={segment!r} is not one of the triangle's", code="E_SEGMENT", value=str(segment)[:80],
            hint=f"Known: {known}.",
        )  # fmt: skip
    ax = axes_of(ax)
    ages = max(len(parts[key]) for key in cohorts)
    shares, projected = np.full((len(cohorts), ages), np.nan), result["projected"]
    for place, key in enumerate(cohorts):
        values = filled(result["value"])[parts[key]]
        whole = values[-1 if result.accumulated else 0]
        if whole:
            shares[place, : len(values)] = values / whole
        for age in np.flatnonzero(projected[parts[key]]).tolist():
            corner = (age - 0.5, place - 0.5)
            ax.add_patch(Rectangle(corner, 1, 1, fill=False, hatch="////", edgecolor="white", lw=0))
    image = ax.imshow(np.ma.masked_invalid(shares), aspect="auto", cmap="Blues")
    every = max(1, len(cohorts) // 12)
    ax.set_yticks(range(0, len(cohorts), every), [str(key[-1]) for key in cohorts[::every]])
    ax.set_xlabel("age")
    of = "total" if result.accumulated else "first value"
    ax.set_title(f"Share of the {of}, projected hatched", loc="left")
    ax.figure.colorbar(image, ax=ax, format=lambda value, _: f"{value:.0%}")
    return ax
