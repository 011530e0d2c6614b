"""Tables of shares: the largest customers, and products that are new."""

from __future__ import annotations

from markupsafe import Markup

from .. import svg
from .figures import BEFORE, Columns, Figures
from .format import UNDEFINED, money, month_code, percent


def concentration_table(figures: Figures) -> Markup:
    """Share of the largest customers; bars are relative to the longest."""
    held: Columns = figures.concentration
    longest = max((share or 0.0 for share in held["share"]), default=0.0)
    rows = []
    for top, amount, share in zip(held["top"], held["amount"], held["share"], strict=True):
        if 1 < top >= figures.customers():
            continue
        who = f"Largest {top}" if top > 1 else "Largest customer"
        rows.append([who, _share_bar(share, longest), money(12 * amount, figures.currency)])
    return Markup(svg.table(("Customers", "Share of MRR", "ARR"), rows))


def launches_table(figures: Figures) -> Markup:
    """New ARR and the part of young products, by month of the last year; bars relative to the longest."""
    held = figures.new_products or {}
    rows = list(zip(*(held[name] for name in ("period", "new_arr", "new_product_arr", "share")), strict=True))
    longest = max((share or 0.0 for *_, share in rows[-BEFORE:]), default=0.0)
    body = [
        [
            month_code(day),
            money(sold, figures.currency),
            money(fresh, figures.currency),
            _share_bar(share, longest),
        ]
        for day, sold, fresh, share in rows[-BEFORE:]
    ]
    return Markup(svg.table(("Month", "New ARR", "New products", "Share"), body))


def _share_bar(share: float | None, longest: float) -> object:
    return (
        UNDEFINED if share is None else svg.Bar(share / longest if longest else 0.0, percent(share), "part")
    )
