"""Safe markup: escaping of everything that may come from data, one tag writer, and the styles of charts.

Shapes and cells carry classes and no inline style, so a page can forbid inline styles. `CSS` holds the rules,
`notebook` wraps fragments with them for use outside a page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from html import escape

Format = Callable[[float], str]

MINUS = "\u2212"
_TURNING = frozenset(("R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"))
HEAT_LEVELS = 12
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


class Rich(str):
    """Markup that is safe already; `table` places it as it is."""


def clean(text: object) -> str:
    """Text of a data value with control characters and lone surrogates shown as U+FFFD."""
    return _CONTROL.sub("\ufffd", str(text))


def safe(text: object) -> str:
    """`clean` text, escaped for HTML content and quoted attributes."""
    return escape(clean(text), quote=True)


def name(text: object) -> Rich:
    """A name from data, escaped and isolated so that its writing direction cannot reorder the line."""
    return Rich(f"<bdi>{safe(text)}</bdi>")


def isolated(text: object) -> str:
    """A name for running text: with directional isolates around it if it could reorder what follows."""
    shown = clean(text)
    turns = any(unicodedata.bidirectional(letter) in _TURNING for letter in shown)
    return f"\u2068{shown}\u2069" if turns else shown


def number(value: float, digits: int = 1, *, sign: bool = False) -> str:
    """Digits with thousands commas and a true minus; ``sign`` also writes the plus."""
    text = f"{value:{'+' if sign else ''},.{digits}f}"
    return text.replace("-", "" if float(text.replace(",", "")) == 0 else MINUS)


def tag(element: str, *children: str, **attributes: object) -> str:
    """One element. Children are markup, attribute values are text; `None` attributes are left out."""
    parts = [element]
    for key, value in attributes.items():
        if value is not None:
            shown = f"{value:.1f}" if isinstance(value, float) else safe(value)
            parts.append(f'{key.rstrip("_").replace("_", "-")}="{shown}"')
    return f"<{' '.join(parts)}>{''.join(children)}</{element}>"


def _shades() -> str:
    return "".join(
        f".tn td.h{level}{{background:color-mix(in srgb,var(--heat) {6 + level * 4.5:.0f}%,transparent)}}"
        for level in range(HEAT_LEVELS + 1)
    )


CSS = (
    ".tn svg.chart{display:block;width:100%;height:auto;overflow:visible}"
    ".tn .base.running{fill-opacity:.35;stroke:var(--base);stroke-dasharray:4 3}"
    ".tn .base{fill:var(--base)}.tn .up{fill:var(--up)}.tn .down{fill:var(--down)}"
    ".tn .chart text{font-size:12px;fill:var(--soft);font-variant-numeric:tabular-nums}"
    ".tn .chart .val{fill:var(--ink);font-weight:600;text-anchor:middle}"
    ".tn .chart .cat{font-size:11px}.tn .cat,.tn .month{text-anchor:middle}.tn .tick{text-anchor:end}"
    ".tn .con{stroke:var(--soft);stroke-dasharray:2 2}.tn .axis,.tn .grid{stroke:var(--line)}"
    ".tn .ref{stroke:var(--soft);stroke-dasharray:4 3}"
    ".tn polyline{fill:none;stroke-width:2.2;stroke-linejoin:round}"
    ".tn polyline.l1{stroke:var(--acc)}.tn polyline.l2{stroke:var(--down);stroke-dasharray:7 2}"
    ".tn polyline.l3{stroke:var(--up);stroke-dasharray:2 2}.tn .dot{fill:transparent}"
    ".tn .chart .l1t{fill:var(--acc);font-weight:600}.tn .chart .l2t{fill:var(--down);font-weight:600}"
    ".tn .chart .l3t{fill:var(--up);font-weight:600}"
    ".tn .spark{display:block;width:100%;height:30px}.tn .spark polyline{stroke:var(--acc);stroke-width:1.6}"
    ".tn .spark circle{fill:var(--acc)}"
    ".tn table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    ".tn th,.tn td{padding:4px 8px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}"
    ".tn th:first-child{text-align:left;font-weight:500}.tn thead th{color:var(--soft);font-weight:500}"
    ".tn caption{text-align:left;color:var(--soft)}"
    ".tn tfoot td,.tn tfoot th{border-top:2px solid var(--soft);font-weight:600}"
    ".tn .heat th.age{text-align:center;padding:4px}"
    ".tn .heat td{text-align:center;padding:5px 4px;min-width:38px;border:1px solid var(--bg)}"
    ".tn .heat tfoot td{border-top:2px solid var(--soft)}"
    ".tn .heat td.n{text-align:right;color:var(--soft)}.tn .heat td.m0{color:var(--soft)}"
    ".tn .heat td.na{border:0}"
    ".tn .barred{display:grid;grid-template-columns:minmax(40px,90px) 1fr;align-items:center;gap:8px}"
    ".tn svg.bar{width:100%;height:8px}" + _shades()
)

# A notebook has its own theme: text takes the notebook's colour, the tones suit light and dark.
_NOTEBOOK = (
    ".tn{--ink:currentColor;--soft:color-mix(in srgb,currentColor 62%,transparent);--bg:transparent;"
    "--line:color-mix(in srgb,currentColor 18%,transparent);--acc:#3b82f6;--up:#15996b;--down:#d2622a;"
    "--base:#7a879b;--heat:#3b82f6;max-width:760px;font:13px/1.45 system-ui,sans-serif}"
    ".tn .wide{overflow-x:auto}"
)


def notebook(*fragments: str) -> str:
    """Fragments with the styles they need, for `_repr_html_`."""
    inner = "".join(tag("div", fragment, class_="wide") for fragment in fragments)
    return tag("div", tag("style", _NOTEBOOK + CSS), inner, class_="tn")
