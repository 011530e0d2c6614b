"""The unit-economics page: what `worth` found, as titles, tiles, charts and tables."""

from __future__ import annotations

from math import log
from typing import Any, NamedTuple

from markupsafe import Markup

from .. import curves, svg
from .figures import Columns
from .format import count, headed, iso, money, month, month_code, percent, readable
from .stay_pages import with_limits
from .staying import Estimate
from .worth import Cost, Value, Worth

_RULE = 0.4


class Figure(NamedTuple):
    """One headline figure of the page."""

    label: str
    meaning: str
    shown: str
    beside: str


def title(held: Worth) -> str:
    """What a customer costs, when that is earned back, and what it is worth."""
    worth = held.whole.ltv.value
    cost = None if held.blended is None else held.blended.total["cac"]
    what = "brings" if held.margin is None else "is worth"
    if cost is None:
        if worth is None:
            return "What customers are worth: nobody has left, so that no lifetime can be told"
        return f"A customer {what} {money(worth, held.currency)} over its life"
    back = (
        f" and earns that back in {_months(held.crossing.value)}" if held.crossing.value is not None else ""
    )
    lead = f"A new customer costs {money(cost, held.currency)}{back}"
    if worth is None:
        return lead
    return f"{lead}; it {what} {money(worth, held.currency)}"


def _months(value: float | None) -> str:
    return "n/a" if value is None else f"{svg.number(value, 1)} months"


def _times(value: float | None) -> str:
    return "n/a" if value is None else f"{svg.number(value, 1)}\u202f×"


def tiles(held: Worth) -> list[Figure]:
    """The headline figures that spend and margin allow."""
    shown = []
    earned = "margin" if held.margin is not None else "revenue"
    worth = held.whole.ltv
    if held.blended is not None:
        total = held.blended.total
        paid = None if held.paid is None else held.paid.total["cac"]
        beside = f"paid channels alone {money(paid, held.currency)}" if paid is not None else "all channels"
        shown.append(Figure("CAC", "All spend over all new customers of the twelve months",
                            money(total["cac"], held.currency), beside))  # fmt: skip
        back = held.crossing.value
        seen = _not_reached(held) if back is None else f"months until its {earned} has covered that"
        shown.append(Figure("Payback", f"Months until the {earned} of a customer so far covers its CAC",
                            "n/a" if back is None else svg.number(back, 1), seen))  # fmt: skip
    shown.append(Figure("LTV", f"ARPA, times the share that is {earned}, over the share of customers lost",
                        money(worth.value, held.currency), money_range(worth, held.currency)))  # fmt: skip
    if held.blended is not None:
        shown.append(Figure("LTV : CAC", "Lifetime value over the cost of winning a customer",
                            _times(held.whole.ratio), "3 is a common threshold"))  # fmt: skip
    if held.quarters:
        last = held.quarters["magic_number"][-1]
        when = held.quarters["period"][-1]
        shown.append(Figure("Magic number", "Net new ARR of a quarter over the spend of the quarter before",
                            "n/a" if last is None else svg.number(last, 2),
                            f"quarter from {month(when)}"))  # fmt: skip
    if held.growth is not None and held.blended is not None:
        needed = _RULE - held.growth
        shown.append(Figure("Rule of 40", "Growth of ARR over a year plus profit margin, at least 40 %",
                            percent(held.growth, 0),
                            f"growth alone; met with a profit margin from {percent(needed, 0)}"))  # fmt: skip
    return shown


def money_range(one: Estimate, currency: str | None) -> str:
    """Limits of an amount in words."""
    if one.lower is None and one.upper is None:
        return "no limits: too few have left" if one.value is None else ""
    ends = ["…" if end is None else money(end, currency) for end in (one.lower, one.upper)]
    return f"{ends[0]} to {ends[1]}"


def _not_reached(held: Worth) -> str:
    if held.blended is None or held.blended.total["cac"] is None:
        return "no cost to earn back"
    return f"not reached in the {len(held.curve)} months observed"


def cost_title(held: Worth) -> str:
    """Where the cost of a customer goes: ratios of sums over the first and the last three months."""
    if held.blended is None:
        return ""
    months = held.blended.months
    if len(months["period"]) < 6 or None in months["spend"][:3] + months["spend"][-3:]:
        return "What a new customer costs"
    before, now = _cost_of(months, slice(3)), _cost_of(months, slice(-3, None))
    if now is None:
        return f"Nobody new in the last three months, for {money(sum(months['spend'][-3:]), held.currency)}"
    if not before:
        return f"A new customer costs {money(now, held.currency)}"
    moved = now / before - 1
    if abs(moved) < 0.05:
        return f"A new customer costs as much as a year ago: {money(now, held.currency)}"
    verb = "rose" if moved > 0 else "fell"
    by = percent(abs(moved), 0)
    return f"The cost of a customer {verb} by {by} within the year, to {money(now, held.currency)}"


def _cost_of(months: Columns, span: slice) -> float | None:
    return sum(months["spend"][span]) / won if (won := sum(months["new_customers"][span])) else None


def cost_chart(held: Worth) -> Markup | None:
    """CAC by month, blended and paid."""
    if held.blended is None:
        return None
    months = held.blended.months
    series = [svg.Line("All", months["cac"], "l1")]
    if held.paid is not None:
        series.append(svg.Line("Paid", held.paid.months["cac"], "l2"))
    size, mark = (1000.0, "k") if max((v for v in months["cac"] if v), default=0.0) >= 10_000 else (1.0, "")

    def show(value: float) -> str:
        return f"{svg.number(value / size, 1 if mark else 0)}{mark}"

    ticks = [month_code(day) for day in months["period"]]
    label = f"Cost of a new customer by month, {month(held.first)} to {month(held.last)}"
    return Markup(svg.lines(ticks, series, label=label, show=show))


def cost_table(held: Worth) -> Markup | None:
    """Spend, new customers and CAC by month."""
    if held.blended is None:
        return None
    months, paid = held.blended.months, held.paid
    head = ["Month", "Spend", "New customers", "New MRR", "CAC", *(["CAC, paid"] if paid else [])]
    head.append("Per new MRR")

    def cells(row: dict[str, Any], other: float | None) -> list[object]:
        return [
            money(row["spend"], held.currency),
            count(row["new_customers"] or 0),
            money(row["new_mrr"], held.currency),
            money(row["cac"], held.currency),
            *([money(other, held.currency)] if paid else []),
            "n/a" if row["cac_per_new_mrr"] is None else svg.number(row["cac_per_new_mrr"], 2),
        ]

    body: list[list[object]] = []
    for place, day in enumerate(months["period"]):
        row = {name: values[place] for name, values in months.items()}
        body.append([month_code(day), *cells(row, paid.months["cac"][place] if paid else None)])
    foot = ["All", *cells(held.blended.total, paid.total["cac"] if paid else None)]
    return Markup(svg.table(head, body, foot=foot))


def payback_title(held: Worth) -> str:
    """When the margin of a customer covers its cost."""
    if held.crossing.value is None:
        return f"What a customer has cost is {_not_reached(held)}"
    return f"The average customer has paid back its cost after {_months(held.crossing.value)}"


def payback_chart(held: Worth) -> Markup | None:
    """Margin so far of a customer against its cost."""
    if held.blended is None or held.blended.total["cac"] is None or not held.curve:
        return None
    cost, cross = float(held.blended.total["cac"]), held.crossing.value
    reach = len(held.curve) if cross is None else min(len(held.curve), max(12, int(2 * cross) + 1))
    points = [(float(age), value) for age, value in enumerate([0.0, *held.curve[:reach]])]
    words = f"Paid back after {_months(cross)}" if cross is not None else _not_reached(held).capitalize()
    earned = "Margin" if held.margin is not None else "Revenue"

    def show(value: float) -> str:
        return svg.number(value / 1000, 1) + "k" if points[-1][1] >= 10_000 else count(value)

    return Markup(
        curves.against(
            points,
            curves.Level(f"CAC {show(cost)}", cost, cross, words),
            name=earned,
            label=f"{earned} of a customer so far, by months since its start, against its cost. {words}",
            unit="months",
            show=show,
        )
    )


def payback_table(held: Worth) -> Markup | None:
    """The numbers behind the curve."""
    if held.blended is None or not held.blended.total["cac"]:
        return None
    cost = float(held.blended.total["cac"])
    body = [
        [str(age), money(value, held.currency), percent(value / cost, 0)]
        for age, value in enumerate(held.curve, start=1)
    ]
    earned = "Margin" if held.margin is not None else "Revenue"
    return Markup(svg.table(("Months since the start", f"{earned} so far", "Share of CAC"), body))


def segment_table(held: Worth) -> Markup:
    """Lifetime value of each segment with limits."""
    span = _span(held.segments or [held.whole])
    body = [_value_row(held, one, span) for one in held.segments[:10]]
    head = (headed(readable(held.dimension or "customers")), "Customers", "ARPA", "Lost a month",
            "Lifetime", "LTV", "on a logarithmic scale")  # fmt: skip
    foot = _value_row(held, held.whole, span)
    return Markup(svg.table(head, body or [foot], foot=foot if body else None, kind="limits"))


def _span(values: list[Value]) -> tuple[float, float]:
    """Smallest and largest amount of all limits, as logarithms: segments lie far apart."""
    ends = [end for one in values for end in vars(one.ltv).values() if end is not None and end > 0]
    return (log(min(ends) * 0.8), log(max(ends) * 1.25)) if ends else (0.0, 0.0)


def _strip(one: Estimate, span: tuple[float, float]) -> svg.Rich:
    if one.value is None or one.value <= 0:
        return svg.Rich("")
    low, high = (None if end is None or end <= 0 else log(end) for end in (one.lower, one.upper))
    return curves.interval(log(one.value), low, high, span)


def _value_row(held: Worth, one: Value, span: tuple[float, float]) -> list[object]:
    return [
        svg.name(one.name),
        count(one.customers),
        money(one.arpa, held.currency),
        percent(one.churn, 2),
        _years(one.lifetime),
        value_cell(one.ltv, held.currency),
        _strip(one.ltv, span),
    ]


def _years(lifetime: float | None) -> str:
    if lifetime is None:
        return "n/a"
    return f"{svg.number(lifetime, 0)} months" if lifetime < 120 else f"{svg.number(lifetime / 12, 0)} years"


def value_cell(one: Estimate, currency: str | None) -> svg.Rich:
    """An amount with its limits below; without churn there is none."""
    if one.value is None:
        return svg.Rich('<span class="sub">nobody left</span>')
    return with_limits(money(one.value, currency), money_range(one, currency))


def channel_table(held: Worth) -> Markup | None:
    """What each channel costs and brings."""
    if not held.channels:
        return None
    body = [
        [
            svg.name(one.name),
            money(one.spend, held.currency),
            count(one.new_customers or 0),
            money(one.cac, held.currency),
            value_cell(one.ltv, held.currency),
            _times(one.ratio) if one.cac else svg.Rich('<span class="sub">costs nothing</span>'),
        ]
        for one in held.channels[:10]
    ]
    head = ("Channel", "Spend", "New customers", "CAC", "LTV", "LTV : CAC")
    total = held.blended.total if held.blended else {}
    foot: list[object] = [
        "All",
        money(total.get("spend"), held.currency),
        count(total.get("new_customers") or 0),
        money(total.get("cac"), held.currency),
        value_cell(held.whole.ltv, held.currency),
        _times(held.whole.ratio),
    ]
    return Markup(svg.table(head, body, foot=foot, kind="limits"))


def page(held: Worth | None) -> dict[str, Any]:
    """What the template shows."""
    if held is None:
        return {"worth": None}
    return {
        "worth": {
            "title": title(held),
            "span": f"{month(held.first)} to {month(held.last)}",
            "margin": None if held.margin is None else percent(held.margin, 0),
            "tiles": tiles(held),
            "cost_title": cost_title(held),
            "cost_chart": cost_chart(held),
            "cost_table": cost_table(held),
            "payback_title": payback_title(held),
            "payback_chart": payback_chart(held),
            "payback_table": payback_table(held),
            "dimension": readable(held.dimension) if held.dimension else None,
            "segments": segment_table(held),
            "channels": channel_table(held),
            "observed": len(held.curve),
            "so_far": money(held.curve[-1], held.currency) if held.curve else None,
        }
    }


def summary(held: Worth | None) -> dict[str, Any] | None:
    """The same for machines."""
    if held is None:
        return None
    return {
        "first_month": month_code(held.first),
        "last_month": month_code(held.last),
        "margin": held.margin,
        "by": held.dimension,
        "cac": _cost(held.blended),
        "cac_paid": _cost(held.paid),
        "payback_months": held.crossing.value,
        "payback_reason": held.crossing.reason or None,
        "margin_by_age": held.curve,
        "ltv": _value(held.whole),
        "segments": [_value(one) for one in held.segments],
        "channels": [_value(one) for one in held.channels],
        "quarters": {name: [iso(value) for value in values] for name, values in held.quarters.items()},
    }


def _cost(cost: Cost | None) -> dict[str, Any] | None:
    if cost is None:
        return None
    months = {name: [iso(value) for value in values] for name, values in cost.months.items()}
    return {"total": cost.total, "months": months}


def _value(one: Value) -> dict[str, Any]:
    return {**vars(one), "ltv": vars(one.ltv)}
