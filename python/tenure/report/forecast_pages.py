"""The forecast page: what `forecast` found, as titles, charts and tables."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from .. import fans, svg
from . import index_pages
from .charts import named
from .figures import FALLING, Columns
from .forecast import LEVEL, LEVELS, METHODS, Forecast, Past
from .format import (
    count,
    counted,
    headed,
    iso,
    money,
    month,
    month_code,
    percent,
    scale,
    word,
)

_NAMES = {"bridge": "Bridge", "naive": "Naive", "drift": "Trend"}
_WORDS = {"naive": "leaving MRR as it is", "drift": "carrying its trend on"}
_NEW = {"level": "at its mean", "trend": "along its trend"}
SHOWN = 13  # months of history beside the fan: a year, and where it began


def title(held: Forecast) -> str:
    """How much a forecast has missed at the longest look ahead, to which side, and what misses less."""
    past = held.past
    if past is None or past.wape["bridge"][-1] is None:
        end = held.limits[LEVEL][-1]
        return (
            f"MRR is heading for {money(end.value, held.currency)} in {month(held.ahead['period'][-1])}; "
            "how right such forecasts are nobody can say yet"
        )
    missed = percent(past.wape["bridge"][-1])
    lead = f"{headed(word(past.ahead[-1]))} months ahead the forecast missed MRR by {missed}{side(past)}"
    if past.best != "bridge":
        return f"{lead}; {_WORDS[past.best]} would have missed by {percent(past.wape[past.best][-1])}"
    other = past.wape["naive"][-1]
    return lead if other is None else f"{lead}; leaving MRR as it is would have missed by {percent(other)}"


def side(past: Past) -> str:
    """To which side forecasts at the longest look ahead fell."""
    low, high = past.low[-1], past.high[-1]
    if not low and not high:
        return ""
    most = max(low, high)
    if most < 0.75:
        return ", to either side"
    return f", {'always' if most == 1.0 else 'mostly'} too {'low' if low > high else 'high'}"


def ahead_title(held: Forecast) -> str:
    """Where MRR is heading, with limits."""
    end = held.limits[LEVEL][-1]
    return (
        f"{_between(held)} of MRR in {month(held.ahead['period'][-1])}"
        if end.value
        else "MRR comes to nothing"
    )


def _between(held: Forecast) -> str:
    end = held.limits[LEVEL][-1]
    return f"{money(end.lower, held.currency)} to {money(end.upper, held.currency)}"


def chart(held: Forecast) -> Markup:
    """The history and the fan."""
    bands = [
        fans.Band(percent(level, 0), [one.lower or 0.0 for one in held.limits[level]],
                  [one.upper or 0.0 for one in held.limits[level]])
        for level in LEVELS
    ]  # fmt: skip
    past = [value or 0.0 for value in held.history["closing"][-SHOWN:]]
    coming = [value or 0.0 for value in held.ahead["closing"]]
    size, mark = scale(max(*past, *coming, *bands[0].upper))
    digits = 2 if size >= 1e6 else 0
    label = (
        f"MRR by month to {month(held.last)} and its forecast to {month(held.ahead['period'][-1])}: "
        f"{money(coming[-1], held.currency)}, {percent(LEVEL, 0)} limits {_between(held)}"
    )
    ticks = [month_code(day) for day in (*held.history["period"][-SHOWN:], *held.ahead["period"])]
    return Markup(
        fans.fan(ticks, past, coming, bands, label=label,
                 show=lambda value: f"{svg.number(value / size, digits)}{mark}")
    )  # fmt: skip


def bridge_table(held: Forecast) -> Markup:
    """The forecast line by line."""
    ahead = held.ahead
    lines = [name for name in ahead if name not in ("period", "lower", "upper")]
    head = ["Month", *(named(line) for line in lines), f"{percent(LEVEL, 0)} limits"]
    body: list[list[object]] = []
    for row, day in enumerate(ahead["period"]):
        amounts = [_signed(line, ahead[line][row], held.currency) for line in lines]
        limits = f"{money(ahead['lower'][row], held.currency)} to {money(ahead['upper'][row], held.currency)}"
        body.append([month_code(day), *amounts, limits])
    return Markup(svg.table(head, body))


def _signed(line: str, value: float | None, currency: str | None) -> str:
    return money(-value if value and line in FALLING else value, currency)


def error_title(past: Past) -> str:
    """Whether the forecast beats what costs nothing."""
    at = f"{word(past.ahead[-1])} months ahead"
    own, others = past.wape["bridge"][-1], {name: past.wape[name][-1] for name in METHODS[1:]}
    better = [name for name, value in others.items() if value is not None and own is not None and value < own]
    if better:
        best = past.best
        name = "the plain trend" if best == "drift" else "no change at all"
        return f"{headed(name)} did better {at}: {percent(others[best])} missed against {percent(own)}"
    if own is not None and own in others.values():
        return f"The bridge does no better than what costs nothing {at}"
    return f"The bridge beats both no change and the plain trend {at}"


def error_chart(past: Past) -> Markup:
    """What each method missed by months ahead."""
    lines = [
        svg.Line(_NAMES[name], past.wape[name], tone)
        for name, tone in zip(METHODS, ("l1", "l2", "l3"), strict=True)
    ]
    ends = ", ".join(f"{_NAMES[name]} {percent(past.wape[name][-1])}" for name in METHODS)
    label = f"Missed share of MRR by months ahead, {counted(past.origins, 'origin')}; at the end: {ends}"
    ticks = [f"{months}" for months in past.ahead]
    return Markup(svg.lines(ticks, lines, label=label, show=share_shown, reference=0.0))


def share_shown(value: float) -> str:
    """A share on an axis or at the end of a line: whole percents from ten on."""
    whole = abs(value) >= 0.0995 or abs(value * 100 - round(value * 100)) < 1e-6
    return percent(value, 0 if whole else 1)


def error_table(held: Forecast, past: Past) -> Markup:
    """The same as a table, with the bias of the bridge."""
    head = (
        "Months ahead",
        "Forecasts",
        *(_NAMES[name] for name in METHODS),
        "Bias of the bridge",
        "in % of MRR",
    )
    body = [
        [
            str(months),
            count(past.points[row]),
            *(percent(past.wape[name][row]) for name in METHODS),
            money(past.mean_error[row], held.currency, sign=True),
            percent(past.bias[row], sign=True),
        ]
        for row, months in enumerate(past.ahead)
    ]
    return Markup(svg.table(head, body))


def bias_said(held: Forecast, past: Past) -> str:
    """The bias with its sign."""
    error, bias = past.mean_error[-1], past.bias[-1]
    if error is None or bias is None:
        return "No bias can be told."
    if not error:
        return f"{headed(word(past.ahead[-1]))} months ahead the bridge leaned to neither side."
    way = "too low" if error < 0 else "too high"
    said = (
        f"{headed(word(past.ahead[-1]))} months ahead the bridge was {money(abs(error), held.currency)} "
        f"{way} on average (bias {percent(bias, sign=True)} of MRR: forecast less actual)."
    )
    if held.other is None:
        return said
    other = _NEW["level" if held.new == "trend" else "trend"]
    return f"{said} With new business {other} it would have missed by {percent(held.other)}."


def coverage_said(past: Past) -> str:
    """Whether the limits hold what they promise."""
    points, share = sum(past.points), past.coverage
    verdict = "about as often as they should"
    if share.upper is not None and share.upper < LEVEL:
        verdict = "too seldom: they are too narrow here"
    elif share.lower is not None and share.lower > LEVEL:
        verdict = "more often than they should: they are wide"
    return (
        f"In the past the {percent(LEVEL, 0)} limits held {count(past.inside)} of {count(points)} outcomes "
        f"({percent(share.value, 0)}), {verdict}. The origins overlap: these are no independent trials."
    )


def page(held: Forecast | None) -> dict[str, Any]:
    """What the template shows."""
    if held is None:
        return {"forecast": None}
    past = held.past
    checked = None
    if past is not None:
        checked = {
            "title": error_title(past),
            "span": f"{counted(past.origins, 'origin')} from {month(past.first)} to {month(past.last)}",
            "chart": error_chart(past),
            "table": error_table(held, past),
            "bias": bias_said(held, past),
            "coverage": coverage_said(past),
        }
    return {
        "forecast": {
            "title": title(held),
            "months": counted(held.months, "month"),
            "new": _NEW[held.new],
            "until": month(held.last),
            "ahead_title": ahead_title(held),
            "chart": chart(held),
            "table": bridge_table(held),
            "past": checked,
            **index_pages.page(held),
        }
    }


def summary(held: Forecast | None) -> dict[str, Any] | None:
    """The same for machines."""
    if held is None:
        return None
    return {
        "history_months": held.months,
        "new": held.new,
        "other_missed": held.other,
        "bridge": _plain(held.ahead),
        "limits": {str(level): [vars(one) for one in held.limits[level]] for level in LEVELS},
        "accuracy": None if held.past is None else _past(held.past),
        "predictability": index_pages.summary(held.index),
    }


def _past(past: Past) -> dict[str, Any]:
    return {
        "first_origin": past.first.isoformat(),
        "last_origin": past.last.isoformat(),
        "origins": past.origins,
        "months_ahead": past.ahead,
        "points": past.points,
        "wape": past.wape,
        "mean_error": past.mean_error,
        "relative_bias": past.bias,
        "share_too_low": past.low,
        "share_too_high": past.high,
        "coverage": vars(past.coverage),
    }


def _plain(held: Columns) -> Columns:
    return {name: [iso(value) for value in values] for name, values in held.items()}
