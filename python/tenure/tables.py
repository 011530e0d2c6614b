"""Tables as HTML strings: a plain one with small bars in its cells, and the heat map of a cohort triangle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from .markup import HEAT_LEVELS, Format, Rich, number, safe, tag


class HeatRow(NamedTuple):
    """One row of a heat map: head, sizes shown as they are, then one value an age (None: not observed).

    The ages from `observed` on are projected, and look it.
    """

    head: str
    sizes: Sequence[str]
    values: Sequence[float | None]
    titles: Sequence[str] = ()
    observed: int | None = None


class Bar(NamedTuple):
    """A table cell with a small bar: `share` in 0..1 of the width, `text` beside it."""

    share: float
    text: str
    tone: str = "base"


def heat_levels(values: Iterable[float | None]) -> Callable[[float], int]:
    """Maps a value to a shade 0..HEAT_LEVELS over the range that `values` really span."""
    held = [value for value in values if value is not None]
    low, high = (min(held), max(held)) if held else (0.0, 0.0)
    if high <= low:
        return lambda _: HEAT_LEVELS // 2
    return lambda value: max(0, min(HEAT_LEVELS, round((value - low) / (high - low) * HEAT_LEVELS)))


def heat_map(
    rows: Sequence[HeatRow],
    *,
    columns: Sequence[str],
    sizes: Sequence[str] = (),
    head: str = "Started",
    foot: HeatRow | None = None,
    show: Format = lambda value: number(value, 0),
    caption: str = "",
) -> str:
    """Table with cells shaded over what varies: the first column is 100 by definition and stays plain."""
    shade = heat_levels(value for row in rows for value in row.values[1:])

    def cells(row: HeatRow) -> str:
        parts = [tag("th", safe(row.head), scope="row")]
        parts += [tag("td", safe(size), class_="n") for size in row.sizes]
        for age, value in enumerate(row.values):
            words = row.titles[age] if age < len(row.titles) else None
            if value is None:
                parts.append(tag("td", class_="na", aria_label="not yet observed"))
            else:
                kind = "m0" if age == 0 else f"h{shade(value)}"
                kind += " proj" if row.observed is not None and age >= row.observed else ""
                parts.append(tag("td", safe(show(value)), class_=kind, title=words))
        return "".join(parts)

    heads = [tag("th", safe(text), scope="col") for text in (head, *sizes)]
    heads += [tag("th", safe(text), scope="col", class_="age") for text in columns]
    body = "".join(tag("tr", cells(row)) for row in rows)
    last = tag("tfoot", tag("tr", cells(foot), class_="avg")) if foot else ""
    title = tag("caption", safe(caption)) if caption else ""
    return tag("table", title, tag("thead", tag("tr", *heads)), tag("tbody", body), last, class_="heat")


def _cell(value: object, position: int) -> str:
    if isinstance(value, Bar):
        width = max(0.0, min(1.0, value.share)) * 100
        mark = tag("rect", class_=value.tone, x=0, y=0, width=width, height=8, rx=1)
        strip = tag(
            "svg", mark, class_="bar", viewBox="0 0 100 8", preserveAspectRatio="none", aria_hidden="true"
        )
        return tag("td", tag("span", strip, tag("span", safe(value.text)), class_="barred"))
    content = value if isinstance(value, Rich) else "" if value is None else safe(value)
    return tag("th", content, scope="row") if position == 0 else tag("td", content)


def table(
    head: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    foot: Sequence[object] | None = None,
    kind: str = "",
) -> str:
    """Plain table, first column as row heads. Cells: text, `Bar`, `Rich` markup, or None for empty."""
    heads = [tag("th", cell if isinstance(cell, Rich) else safe(cell), scope="col") for cell in head]
    body = "".join(tag("tr", *(_cell(cell, place) for place, cell in enumerate(row))) for row in rows)
    last = tag("tfoot", tag("tr", *(_cell(cell, place) for place, cell in enumerate(foot)))) if foot else ""
    return tag("table", tag("thead", tag("tr", *heads)), tag("tbody", body), last, class_=kind or None)
