"""The retention page: what `staying` found, as titles, charts and tables."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from .. import curves, svg
from ..markup import isolated
from .figures import ENOUGH
from .format import count, counted, headed, long_day, percent, readable
from .staying import MONTHS, Estimate, Group, Staying, days

_SURE = 0.05
_MONTH = 365.25 / 12


def title(held: Staying) -> str:
    """Who stays longest and who shortest after a year, if the segments differ; else how many stay."""
    month = next((m for m in (12, 6) if held.whole.after[m].value is not None), None)
    if month is None:
        return "How long customers stay: none has been a customer for half a year yet"
    parts = [g for g in held.groups if g.after[month].value is not None and g.customers >= ENOUGH]
    if len(parts) > 1 and held.p_value is not None and held.p_value < _SURE:
        best, worst = (pick(parts, key=lambda g: g.after[month].value or 0.0) for pick in (max, min))
        high, low = (percent(group.after[month].value, 0) for group in (best, worst))
        if high != low:
            return (
                f"After {month} months {high} of {isolated(best.name)} customers are still there, "
                f"of {isolated(worst.name)} {low}"
            )
    same = f", whatever their {readable(held.dimension or '')}" if len(parts) > 1 else ""
    return (
        f"{percent(held.whole.after[month].value, 0)} of customers are still there after {month} months{same}"
    )


def chart(held: Staying) -> Markup:
    """Survival as steps with bands, and who is at risk."""
    drawn = [
        curves.Curve(
            group.name,
            group.times,
            [one.value for one in group.curve],
            [one.lower for one in group.curve],
            [one.upper for one in group.curve],
            [_brief(number) for number in group.at_risk],
        )
        for group in held.drawn
    ]
    by = f" by {readable(held.dimension)}" if held.dimension else ""
    ends = ", ".join(f"{group.name} {_share(_end(group))}" for group in held.drawn)
    label = f"Share of customers still there{by}, over {held.end / _MONTH:.0f} months; at the end: {ends}"
    ticks = [(month * _MONTH, str(month)) for month in held.ticks]
    return Markup(curves.survival(drawn, ticks=ticks, label=label, unit="months", end=held.end))


def _brief(number: int) -> str:
    """A count that fits below its tick."""
    return count(number) if number < 10_000 else f"{count(number / 1000)}k"


def _end(group: Group) -> Estimate:
    return next((one for one in reversed(group.curve) if one.value is not None), group.curve[0])


def _share(one: Estimate) -> str:
    return percent(one.value, 0)


def _range(one: Estimate, scale: float, digits: int, unit: str) -> str:
    if one.lower is None and one.upper is None:
        return ""
    ends = ["…" if end is None else svg.number(end * scale, digits) for end in (one.lower, one.upper)]
    return f"{ends[0]} to {ends[1]}{unit}"


def with_limits(shown: str, limits: str) -> svg.Rich:
    """A figure with its limits in small print below."""
    extra = svg.tag("span", svg.safe(limits), class_="lim") if limits else ""
    return svg.Rich(svg.safe(shown) + extra)


def share_cell(one: Estimate, digits: int = 0) -> svg.Rich:
    """A share with its limits below."""
    if one.value is None:
        return svg.Rich('<span class="sub">not yet seen</span>')
    if one.value == 1.0 and one.lower == 1.0:  # nobody has left: the formula of the limits says nothing
        return with_limits(percent(one.value, digits), "nobody has left")
    return with_limits(percent(one.value, digits), _range(one, 100.0, digits, "\u202f%"))


def _median(group: Group) -> svg.Rich:
    one = group.median
    if one.value is None:
        return svg.Rich('<span class="sub">not reached</span>')
    return with_limits(_months(one.value), _range(one, 1 / _MONTH, _digits(one.value), ""))


def _months(time: float) -> str:
    return f"{svg.number(time / _MONTH, _digits(time))} months"


def _digits(time: float) -> int:
    return 1 if time < 10 * _MONTH else 0


def table(held: Staying) -> Markup:
    """Share there after half a year, one and two, and the median, with limits."""
    head = (
        headed(readable(held.dimension or "customers")),
        "Customers",
        "Left",
        *(f"After {month} months" for month in MONTHS),
        "Half have left after",
    )
    order = sorted(held.groups, key=lambda group: (-group.customers, group.name))[:10]
    rows = [_row(group) for group in order]
    if not rows:
        return Markup(svg.table(head, [_row(held.whole)], kind="limits"))
    return Markup(svg.table(head, rows, foot=_row(held.whole), kind="limits"))


def _row(group: Group) -> list[object]:
    return [
        svg.name(group.name),
        count(group.customers),
        count(group.left),
        *(share_cell(group.after[month]) for month in MONTHS),
        _median(group),
    ]


def sentences(held: Staying) -> list[str]:
    """What the curves say, in words."""
    said = []
    dimension = readable(held.dimension) if held.dimension else ""
    if held.p_value is not None:
        chance = "p below 0.0001" if held.p_value < 1e-4 else f"p = {svg.number(held.p_value, 4)}"
        sure = "Chance alone does not explain" if held.p_value < _SURE else "Chance alone could explain"
        said.append(f"{sure} how the curves differ by {dimension}: log-rank test, {chance}.")
    reached = [g for g in held.groups or [held.whole] if g.median.value is not None]
    for group in sorted(reached, key=lambda g: g.median.value or 0.0)[:3]:
        who = "the customers" if group is held.whole else f"{isolated(group.name)} customers"
        said.append(f"Half of {who} have left after {_months(group.median.value or 0.0)}.")
    if not reached:
        said.append(
            "In no curve have half of the customers left yet: there is no median, and none is made up."
        )
    hidden = len(held.groups) - len(held.drawn) if held.groups else 0
    if hidden > 0:
        said.append(f"{counted(hidden, 'small segment')} not drawn.")
    return said


def retention_table(held: Staying) -> Markup:
    """Retention over a year with limits, as figures and as a strip on one scale."""
    names = ("nrr", "grr", "logo_retention")
    ends = [
        end
        for _, shares in held.retention
        for one in shares.values()
        for end in (one.value, one.lower, one.upper)
        if end is not None
    ]
    span = (min(ends, default=0.0), max(ends, default=1.0))
    body = [
        [
            svg.name(who),
            *(_cell_with_strip(shares[name], span) for name in names),
        ]
        for who, shares in held.retention
    ]
    foot = body.pop(0)
    head = (headed(readable(held.dimension or "customers")), "NRR", "GRR", "Still there")
    return Markup(svg.table(head, body or [foot], foot=foot if body else None, kind="limits"))


def _cell_with_strip(one: Estimate, span: tuple[float, float]) -> svg.Rich:
    if one.value is None:
        return svg.Rich("n/a")
    return svg.Rich(share_cell(one, 1) + curves.interval(one.value, one.lower, one.upper, span))


def page(held: Staying | None) -> dict[str, Any]:
    """What the template shows."""
    if held is None:
        return {"staying": None}
    return {
        "staying": {
            "title": title(held),
            "dimension": readable(held.dimension) if held.dimension else None,
            "until": long_day(held.until),
            "customers": counted(held.whole.customers, "customer"),
            "chart": chart(held),
            "sentences": sentences(held),
            "table": table(held),
            "retention": retention_table(held) if held.retention else None,
            "year": days(12),
        }
    }


def summary(held: Staying | None) -> dict[str, Any] | None:
    """The same for machines: durations in days."""
    if held is None:
        return None
    return {
        "until": held.until.isoformat(),
        "by": held.dimension,
        "log_rank_p": held.p_value,
        "groups": [_plain(group) for group in (held.whole, *held.groups)],
        "retention": [
            {"name": name, **{key: vars(one) for key, one in shares.items()}}
            for name, shares in held.retention
        ],
    }


def _plain(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "customers": group.customers,
        "left": group.left,
        "survival": {str(days(month)): vars(one) for month, one in group.after.items()},
        "median_days": vars(group.median),
    }
