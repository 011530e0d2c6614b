"""How the call of a period drifted to what it brought, as title, chart and tables."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from .. import svg
from .calls import LOWERING, Drift
from .charts import unit_of
from .figures import Columns
from .format import headed, long_day, money, readable

_MOVES = 10


def title(drift: Drift, currency: str | None) -> str:
    """Where the first call went."""
    what = f"{readable(drift.category)} of its deals was" if drift.of_deals else "first call was"
    at = " at first" if drift.of_deals else ""
    came = f"{drift.period} came in at {money(drift.closing, currency)}"
    return f"{came}; the {what} {money(drift.opening, currency)}{at}"


def chart(drift: Drift, currency: str | None) -> Markup:
    """The bridge from the first call to what came."""
    largest = max(drift.opening, drift.closing)
    size, name = unit_of(currency, largest / 10)  # moves are small beside levels
    digits = 0 if largest / size >= 100 else 1
    steps = [svg.Step("First call", drift.opening / size, total=True)]
    for line, amount in drift.lines.items():
        steps.append(svg.Step(_line(line), (-amount if line in LOWERING else amount) / size))
    steps.append(svg.Step("Came in", drift.closing / size, total=True))
    label = (
        f"{headed(readable(drift.category))} of {drift.period}: from {money(drift.opening, currency)} to "
        f"{money(drift.closing, currency)}"
    )
    return Markup(svg.waterfall(steps, label=label, unit=name or "", digits=digits))


def _line(line: str) -> str:
    return headed(readable(line)).removesuffix(" out")  # labels are narrow


def table(drift: Drift, currency: str | None) -> Markup:
    """Week by week: every row adds up."""
    weeks = drift.weeks
    lines = [line for line in lines_of(weeks) if any(weeks[line])]
    body: list[list[object]] = []
    for row, week in enumerate(weeks["weeks_before_end"]):
        amounts = [
            money(_fall(line, weeks[line][row]), currency) if weeks[line][row] else "" for line in lines
        ]
        when = "To the actual" if weeks["is_actual"][row] else long_day(weeks["to"][row])
        body.append([when, str(week), money(weeks["opening"][row], currency), *amounts,
                     money(weeks["closing"][row], currency)])  # fmt: skip
    head = ("Until", "Weeks left", "Opening", *(headed(readable(line)) for line in lines), "Closing")
    return Markup(svg.table(head, body))


def lines_of(weeks: Columns) -> list[str]:
    """The lines of a drift, in its order."""
    own = {"weeks_before_end", "is_actual", "from", "to", "opening", "closing"}
    return [name for name in weeks if name not in own]


def _fall(line: str, amount: float | None) -> float | None:
    return -amount if amount and line in LOWERING else amount


def moves_table(drift: Drift, owner: str | None, currency: str | None) -> Markup | None:
    """The largest single moves behind the bridge."""
    moves = drift.moves
    who = next((name for name in ("opportunity", owner) if name and name in moves), None)
    if who is None or not moves["change"]:
        return None
    order = sorted(range(len(moves["change"])), key=lambda row: -abs(moves["change"][row]))[:_MOVES]
    beside = owner if owner and owner in moves and owner != who else None
    body = [
        [
            svg.name(moves[who][row]),
            *([svg.name(moves[beside][row])] if beside else []),
            headed(readable(moves["line"][row])),
            str(moves["weeks_before_end"][row]),
            money(moves["change"][row], currency, sign=True),
        ]
        for row in order
    ]
    head = (
        "Deal" if drift.of_deals else "Owner",
        *(["Owner"] if beside else []),
        "What happened",
        "Weeks left",
        "Change",
    )
    return Markup(svg.table(head, body))


def page(held: Drift | None, owner: str | None, currency: str | None) -> dict[str, Any] | None:
    """What the template shows."""
    if held is None:
        return None
    return {
        "title": title(held, currency),
        "of": "deals" if held.of_deals else "owners' calls",
        "category": readable(held.category),
        "chart": chart(held, currency),
        "table": table(held, currency),
        "moves": moves_table(held, owner, currency),
    }


def summary(held: Drift | None) -> dict[str, Any] | None:
    """The same for machines."""
    if held is None:
        return None
    return {
        "period": held.period,
        "category": held.category,
        "of": "deals" if held.of_deals else "calls",
        "opening": held.opening,
        **held.lines,
        "closing": held.closing,
    }
