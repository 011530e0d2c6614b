"""The page of the sales team's calls: what `calls` found, as titles, charts and tables."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from .. import fans, svg
from ..markup import isolated
from . import drift_pages
from .calls import TOLERANCES, Called
from .figures import Columns
from .forecast_pages import share_shown
from .format import count, counted, headed, long_day, money, percent, readable, word
from .stay_pages import with_limits

_VERDICTS = {
    "sandbagging": "calls too low",
    "happy_ears": "calls too high",
    "not_told_apart": "no lean seen",
}
_LONG = {
    "sandbagging": "sandbagging",
    "happy_ears": "happy ears",
    "not_told_apart": "not told apart",
}
_TONES = {"sandbagging": "low", "happy_ears": "high"}


def title(held: Called) -> str:
    """How much calls miss some weeks before the end, and who leans to a side."""
    lead = held.lead[held.category]
    row = lead["weeks_before_end"].index(held.early)
    missed = lead["wape"][row]
    what = readable(held.category)
    if missed is None:
        said = f"How right the {what} is"
    else:
        said = f"{_weeks(held.early)} before the end of a {noun(held)} the {what} misses by {percent(missed)}"
    return f"{said}{_leaning(held)}"


def noun(held: Called) -> str:
    """What the periods are: quarter, month ..."""
    return held.unit


def _weeks(week: int) -> str:
    return f"{headed(word(week))} week{'' if week == 1 else 's'}"


def _leaning(held: Called) -> str:
    """Who leans most to either side, as an end of the title."""
    owners = held.owners
    if owners is None:
        return ""
    said: list[str] = []
    for verdict, words in (("happy_ears", "calls too high"), ("sandbagging", "too low")):
        who = [row for row, found in enumerate(owners["verdict"]) if found == verdict]
        if who:
            most = max(who, key=lambda row: abs(owners["mean_error"][row] or 0.0))
            others = f" and {word(len(who) - 1)} more" if len(who) > 1 else ""
            verb = words if said or verdict == "happy_ears" else f"calls {words}"
            said.append(f"{isolated(owners[held.owner or ''][most])}{others} {verb}")
    return f"; {', '.join(said)}" if said else "; nobody is seen to lean to one side"


def lead_title(held: Called) -> str:
    """How much better calls get towards the end."""
    lead = held.lead[held.category]
    known = [
        (week, miss)
        for week, miss in zip(lead["weeks_before_end"], lead["wape"], strict=True)
        if miss is not None
    ]
    if len(known) < 2:
        return "Accuracy by weeks before the end"
    (first, early), (last, late) = max(known), min(one for one in known if one[0] >= 1 or len(known) == 2)
    what = headed(readable(held.category))
    return f"{what} misses by {percent(early)} {first} weeks out, by {percent(late)} {_at(last)}"


def _at(week: int) -> str:
    return "at the end" if week == 0 else f"{word(week)} week{'' if week == 1 else 's'} before the end"


def _settled_at(week: int) -> str:
    return "the last week" if week == 0 else _at(week)


def lead_chart(held: Called) -> Markup:
    """What is missed by weeks before the end, of each category."""
    weeks = sorted({week for lead in held.lead.values() for week in lead["weeks_before_end"]}, reverse=True)
    lines = []
    for name, tone in zip(held.categories, ("l1", "l2", "l3"), strict=False):
        known = dict(zip(held.lead[name]["weeks_before_end"], held.lead[name]["wape"], strict=True))
        lines.append(svg.Line(headed(readable(name)), [known.get(week) for week in weeks], tone))
    of = counted(len(held.periods), noun(held))
    label = f"Missed share of what came in, by weeks before the end of the {noun(held)}, {of}"
    return Markup(
        svg.lines([str(week) for week in weeks], lines, label=label, show=share_shown, reference=0.0)
    )


def lead_table(held: Called) -> Markup:
    """The same as a table: missed, leaning and within tolerances."""
    lead = held.lead[held.category]
    others = [name for name in held.categories if name != held.category]
    what = readable(held.category)
    had = held.said
    head = ("Weeks before the end", "Periods", *(["Owners who had called"] if had else []),
            f"{headed(what)} missed by", "Bias",
            *(f"Within {percent(one, 0)}" for one in TOLERANCES),
            *(f"{headed(readable(name))} missed by" for name in others))  # fmt: skip
    known = [
        dict(zip(held.lead[name]["weeks_before_end"], held.lead[name]["wape"], strict=True))
        for name in others
    ]
    body = [
        [
            str(week),
            count(lead["periods"][row]),
            *(["{} of {}".format(*had.get(week, (0, 0)))] if had else []),
            percent(lead["wape"][row]),
            percent(lead["relative_bias"][row], sign=True),
            *(percent(lead[f"within_{100 * one:g}"][row], 0) for one in TOLERANCES),
            *(percent(wape.get(week)) for wape in known),
        ]
        for row, week in enumerate(lead["weeks_before_end"])
    ]
    return Markup(svg.table(head, body))


def sentences(held: Called) -> list[str]:
    """How often the call hit, and how early the number was reached; who had not called yet."""
    said = []
    partly = [week for week, (had, known) in (held.said or {}).items() if had < known]
    if held.said and partly:
        at = held.early if held.early in partly else max(partly)
        had, known = held.said[at]
        said.append(
            f"{_weeks(at)} before the end {count(had)} of {count(known)} calls of owners were in, all "
            f"{noun(held)}s together; they are compared with what these owners brought."
        )
    hits = held.hits
    for row, week in enumerate(hits["weeks_before_end"]):
        if week == held.early and hits["hit_rate"][row] is not None:
            said.append(
                f"{_weeks(week)} before the end, {count(hits['hits'][row])} of {count(hits['periods'][row])} "
                f"calls lay within {percent(hits['within'][row], 0)} of what came "
                f"({percent(hits['hit_rate'][row], 0)}; {percent(hits['lower'][row], 0)} to "
                f"{percent(hits['upper'][row], 0)} with so few periods)."
            )
    reached = [one[-1] for one in held.settled]
    there = sorted(week for week in reached if week is not None)
    if there:
        late, what = len(reached) - len(there), f"{noun(held)}s"
        but = f"; in {word(late)} of them it never did" if late else ""
        when = _settled_at(there[-1])
        if there[0] < there[-1]:
            when = f"between {when} and {_settled_at(there[0])}"
        said.append(
            f"In the last {word(len(reached))} {what} the {readable(held.category)} settled within "
            f"5\u202f% of what came {when}{but}."
        )
    elif reached:
        said.append("In none of the last periods did the call settle within 5\u202f% before the end.")
    return said


def settled_table(held: Called) -> Markup:
    """The latest periods: first call, last call, what came, and since when the call held."""
    body = [
        [
            name.partition(" (")[0],  # FY26 Q2: the months of it would leave the other columns no room
            money(early, held.currency),
            money(actual, held.currency),
            percent(None if not actual else (early - actual) / actual, sign=True),
            "never" if week is None else counted(week, "week") if week else "last week",
        ]
        for name, actual, early, _, week in held.settled
    ]
    head = (headed(noun(held)), "First call", "Came in", "Off by", "Settled since")
    return Markup(svg.table(head, body))


def owner_title(held: Called) -> str:
    """How many lean to a side."""
    verdicts = (held.owners or {}).get("verdict", [])
    leaning = sum(one in _TONES for one in verdicts)
    if not leaning:
        return "Of nobody can it be said that calls lean to one side"
    verb = "leans" if leaning == 1 else "lean"
    return f"{headed(word(leaning))} of {word(len(verdicts))} owners {verb} to one side"


def owner_chart(held: Called) -> Markup | None:
    """Mean error of each owner with its limits."""
    owners = held.owners
    if owners is None:
        return None
    dots = [
        fans.Dot(
            str(owners[held.owner or ""][row]),
            owners["mean_error"][row],
            owners["lower"][row],
            owners["upper"][row],
            _VERDICTS.get(owners["verdict"][row] or "", "too few periods"),
            _TONES.get(owners["verdict"][row] or "", "none"),
        )
        for row in _order(owners)
        if owners["mean_error"][row] is not None
    ]
    if not dots:
        return None
    label = f"Mean error of each owner's {readable(held.category)}, {_at(held.judged)}, with 95 % limits"
    return Markup(
        fans.whiskers(dots[:12], label=label, show=lambda value: percent(value, 0, sign=value != 0),
                      below="more came", above="less came")
    )  # fmt: skip


def _order(owners: Columns) -> list[int]:
    return sorted(range(len(owners["verdict"])), key=lambda row: -(owners["mean_error"][row] or 0.0))


def owner_table(held: Called) -> Markup | None:
    """Bias of each owner with limits and the verdict in words."""
    owners = held.owners
    if owners is None:
        return None
    body: list[list[object]] = []
    for row in _order(owners):
        limits = "" if owners["lower"][row] is None else (
            f"{percent(owners['lower'][row], 0, sign=True)} to {percent(owners['upper'][row], 0, sign=True)}"
        )  # fmt: skip
        sure = owners["p_value"][row]
        body.append(
            [
                svg.name(owners[held.owner or ""][row]),
                count(owners["periods"][row]),
                money(owners["call"][row], held.currency),
                money(owners["actual"][row], held.currency),
                with_limits(percent(owners["mean_error"][row], sign=True), limits),
                "n/a" if sure is None else "below 0.001" if sure < 1e-3 else svg.number(sure, 3),
                _LONG.get(owners["verdict"][row] or "", "too few periods"),
            ]
        )
    head = ("Owner", "Periods", "Called", "Came in", "Mean error", "p", "Verdict")
    return Markup(svg.table(head, body, kind="limits"))


def page(held: Called | None) -> dict[str, Any]:
    """What the template shows."""
    if held is None:
        return {"called": None}
    return {
        "called": {
            "title": title(held),
            "of": "snapshots of deals" if held.of_deals else "the sales team's calls",
            "until": long_day(held.until),
            "periods": counted(len(held.periods), f"finished {noun(held)}"),
            "first": held.periods[0],
            "last": held.periods[-1],
            "category": readable(held.category),
            "lead_title": lead_title(held),
            "lead": lead_chart(held),
            "lead_table": lead_table(held),
            "sentences": sentences(held),
            "settled": settled_table(held) if held.settled else None,
            "drift": drift_pages.page(held.drift, held.owner, held.currency),
            "owner_title": owner_title(held),
            "owners": owner_chart(held),
            "owner_table": owner_table(held),
            "judged": _at(held.judged),
            "noun": noun(held),
        }
    }


def summary(held: Called | None) -> dict[str, Any] | None:
    """The same for machines."""
    if held is None:
        return None
    return {
        "of": "deals" if held.of_deals else "calls",
        "until": held.until.isoformat(),
        "periods": held.periods,
        "period_starts": [day.isoformat() for day in held.starts],
        "category": held.category,
        "by_weeks_before_end": held.lead,
        "hit_rate": held.hits,
        "settled": [
            dict(zip(("period", "actual", "first_call", "last_call", "weeks_before_end"), one, strict=True))
            for one in held.settled
        ],
        "owners": held.owners,
        "owners_at_week": held.judged,
        "drift": drift_pages.summary(held.drift),
    }
