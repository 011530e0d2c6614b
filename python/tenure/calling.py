"""Calls and deals of a sales team from a frame or a file, their columns named or found by their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .errors import Error, OptionError
from .forecast.snapshots import Grain, snapshots
from .names import plain
from .results.snapshots import ForecastCalls
from .roles import Roles, Taken, flag, table_of, taken, typed
from .theirs import columns_of

_TAKEN = ("taken", "takenon", "snapshot", "snapshotdate", "snapshotat", "calldate", "calledon", "date")
_OWNER = (
    "owner", "ownername", "opportunityowner", "dealowner", "accountowner", "rep", "salesrep", "salesperson",
    "seller", "salesagent",
)  # fmt: skip
_STAGES = ("stage", "stagename", "dealstage", "opportunitystage", "salesstage")

# How the columns are called; compared as `plain` writes them.
CALLS: Roles = {
    "taken": _TAKEN,
    "period": ("period", "quarter", "month", "forperiod", "forquarter", "targetperiod"),
    "amount": ("amount", "call", "called", "forecast", "value"),
    "category": ("category", "forecastcategory"),
    "owner": _OWNER,
    "actual": ("actual", "actuals", "result", "closedwon", "won"),
}
DEALS: Roles = {
    "taken": _TAKEN,
    "opportunity": ("opportunity", "opportunityid", "deal", "dealid", "oppid", "id"),
    "close_date": ("closedate", "close", "closeson", "expectedclosedate", "expectedclose"),
    "amount": ("amount", "value", "dealvalue", "arr"),
    "category": ("category", "forecastcategory"),
    "outcome": ("outcome", "status", "dealstatus", "result", *_STAGES),
    "owner": _OWNER,
    "probability": ("probability", "winprobability", "chance"),
}
_NEEDED = {
    "calls": ("taken", "period", "amount", "actual"),
    "deals": ("taken", "opportunity", "close_date", "amount"),
}
# What an option of the command line is called that says what words mean; of `snapshots` the same with "_".
WORDS = {"calls": ("categories",), "deals": ("categories", "outcomes")}
_DAYS, _NUMBERS = ("taken", "period", "close_date"), ("amount", "actual", "probability")
# Keywords of `snapshots` in its remedies that are options of the command line too.
_KEYWORDS = re.compile(
    r"\b(owner|period|actual|opportunity|close_date|outcome|probability)=(\.\.\.|\"[^\"]*\")?"
)
_FISCAL = [
    re.compile(
        form.replace("YEAR", r"FY ?(?P<year>\d{4}|\d\d)").replace("PART", "(?P<part>Q[1-4]|H[12])"), re.I
    )
    for form in (r"YEAR(?:[ -]?PART)?", r"PART[ -]?YEAR")
]
Say = Callable[[str], None]
Words = Mapping[str, Mapping[str, str]]


def calls_of(
    frame: Any,
    given: Mapping[str, str | None] | None = None,
    *,
    grain: Grain = "quarter",
    fiscal_start: int = 1,
    words: Words | None = None,
    timezone: str | None = None,
    say: Say | None = None,
) -> ForecastCalls:
    """Return the calls of a frame of roll-ups, its columns found by their names; `say` is told which.

    Raises
    ------
    tenure.Error
        ``E_COLUMN_MISSING`` where no column of days, periods, amounts or actuals is found, and what
        `tenure.forecast.snapshots` raises.
    """
    if isinstance(frame, ForecastCalls):
        return frame
    found = _told(taken(frame, "calls", CALLS, _NEEDED["calls"], given), say)
    terms: dict[str, Any] = {"category": None, **found.names, **(words or {})}
    return snapshots(frame, grain=grain, fiscal_start=fiscal_start, timezone=timezone, **terms)


def deals_of(
    frame: Any,
    given: Mapping[str, str | None] | None = None,
    *,
    grain: Grain = "quarter",
    fiscal_start: int = 1,
    words: Words | None = None,
    timezone: str | None = None,
    say: Say | None = None,
) -> ForecastCalls:
    """Return the calls that snapshots of opportunities come to; see `calls_of`.

    A column of stages in which deals are won tells the outcome; every stage before counts as open.

    Raises
    ------
    tenure.Error
        ``E_COLUMN_MISSING`` where no column of days, opportunities, close dates or amounts is found, and what
        `tenure.forecast.snapshots` raises.
    """
    if isinstance(frame, ForecastCalls):
        return frame
    found = taken(frame, "deals", DEALS, _NEEDED["deals"], given)
    stages = _stages(frame, found)
    if stages is None:
        found.drop("outcome")
    _told(found, say)
    stages = [stage for stage in stages or () if stage not in (words or {}).get("outcomes", {})]
    if stages and say is not None:
        say(f"deals: these stages count as open: {', '.join(stages)} (--deals-outcomes to change)")
    said = dict(words or {})
    if stages:
        said["outcomes"] = {**dict.fromkeys(stages, "open"), **said.get("outcomes", {})}
    terms: dict[str, Any] = {"category": None, **found.names, **said}
    return snapshots(frame, grain=grain, fiscal_start=fiscal_start, timezone=timezone, **terms)


def _stages(frame: Any, found: Taken) -> list[str] | None:
    """Stages of an outcome that are neither won nor lost; None where a guessed column wins nothing."""
    name = found.names.get("outcome")
    if name is None or plain(name) not in _STAGES:
        return []
    held = sorted({str(value) for value in columns_of(frame, [name])[name] if value is not None})
    if "outcome" in found.guessed and not any("won" in plain(stage) for stage in held):
        return None
    ends = re.compile("won|lost|clos")  # one of these that is not known is for the user to explain
    return [stage for stage in held if plain(stage) != "open" and not ends.search(plain(stage))]


def _told(found: Taken, say: Say | None) -> Taken:
    if say is not None:
        for line in found.words():
            say(line)
    return found


def read_calls(
    path: Path,
    given: Mapping[str, str | None],
    *,
    grain: Grain,
    fiscal_start: int,
    words: Words | None = None,
    timezone: str | None = None,
    say: Say,
) -> ForecastCalls:
    """Return the calls of a CSV or Parquet file; see `calls_of`. Remedies name the options of the command."""
    try:
        table = _rows(path, "calls", CALLS, given, fiscal_start)
        terms: dict[str, Any] = {"words": words, "timezone": timezone, "say": say}
        return calls_of(table, given, grain=grain, fiscal_start=fiscal_start, **terms)
    except Error as fault:
        raise _as_options(fault, "calls") from fault


def read_deals(
    path: Path,
    given: Mapping[str, str | None],
    *,
    grain: Grain,
    fiscal_start: int,
    words: Words | None = None,
    timezone: str | None = None,
    say: Say,
) -> ForecastCalls:
    """Return the calls that the deals of a CSV or Parquet file come to; see `read_calls`."""
    try:
        table = _rows(path, "deals", DEALS, given, fiscal_start)
        terms: dict[str, Any] = {"words": words, "timezone": timezone, "say": say}
        return deals_of(table, given, grain=grain, fiscal_start=fiscal_start, **terms)
    except Error as fault:
        raise _as_options(fault, "deals") from fault


def _rows(path: Path, table: str, roles: Roles, given: Mapping[str, str | None], fiscal_start: int) -> Any:
    rows = table_of(path)
    names = taken(rows, table, roles, _NEEDED[table], given).names
    name = names.get("period")
    if name is not None:
        labels = rows.column(name).to_pylist()
        days = [first_day(label, fiscal_start) if isinstance(label, str) else label for label in labels]
        if days != labels:
            rows = rows.set_column(rows.column_names.index(name), name, [days])
    return typed(rows, names, days=_DAYS, numbers=_NUMBERS)


def first_day(label: str, fiscal_start: int) -> str:
    """Return the first day of ``FY24-Q1``, ``Q1 FY2024``, ``FY24-H2`` or ``FY24``; other texts as they are.

    A fiscal year bears the number of the year in which it ends.
    """
    found = next((hit for form in _FISCAL if (hit := form.fullmatch(label.strip()))), None)
    if found is None:
        return label
    year, part = int(found["year"]), (found["part"] or "").upper()
    months = (int(part[1]) - 1) * {"Q": 3, "H": 6}[part[0]] if part else 0
    months += 12 * (year + (2000 if year < 100 else 0) - (fiscal_start > 1)) + fiscal_start - 1
    return f"{months // 12:04d}-{months % 12 + 1:02d}-01"


def words_of(table: str, role: str, pairs: list[str]) -> dict[str, str]:
    """Return what words mean, of ``"Upside=best_case"`` each.

    Raises
    ------
    tenure.Error
        ``E_USAGE`` for what is not written so.
    """
    found = {}
    for pair in pairs:
        word, between, meaning = pair.rpartition("=")
        if not (between and word.strip() and meaning.strip()):
            hint = f'Write the word and what it means: {flag(table, role)} "{_EXAMPLES[role]}"'
            raise OptionError(
                f"{flag(table, role)}: {pair!r} says nothing", code="E_USAGE", value=pair, hint=hint
            )
        found[word.strip()] = meaning.strip()
    return found


_EXAMPLES = {"categories": "Upside=best_case", "outcomes": "Signed=won"}


def _as_options(fault: Error, table: str) -> Error:
    """The same fault, its remedy in the options of the command line."""
    if not fault.hint:
        return fault

    def spelled(hint: str) -> str:
        if hint.startswith("Years that begin in another month"):
            return (
                "Write FY24-Q1, where FY24 is the fiscal year that ends in 2024, or give a day of the period."
            )
        for role, example in _EXAMPLES.items():
            if f"({role}=)" in hint:
                said = hint.partition(f" ({role}=)")[0]
                return f'{said}. Say which of them it is: {flag(table, role)} "{example}"'
        return _KEYWORDS.sub(
            lambda part: f"{flag(table, part[1])} {part[2] if part[2] and part[2] != '...' else 'COLUMN'}",
            hint,
        )

    kept = {name: getattr(fault, name) for name in ("code", "row", "column", "value", "count")}
    faults = [one._replace(hint=spelled(one.hint)) if one.hint else one for one in fault.faults]
    return type(fault)(fault.message, hint=spelled(fault.hint), faults=faults, **kept)
