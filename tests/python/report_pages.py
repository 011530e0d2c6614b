"""Pages of reports as their tests read them."""

import html
import re

NARROW = "\u202f"
HOSTILE = '<img src=x onerror="alert(1)">'


def section(page, name):
    """The words of a section, or nothing if it is left out."""
    found = re.search(rf'<section id="{name}">(.*?)</section>', page, re.DOTALL)
    return html.unescape(re.sub("<[^>]*>", " ", found[1])).replace(NARROW, " ") if found else ""
