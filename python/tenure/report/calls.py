"""How right the sales team's calls were, how they drifted, and who leans to which side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..errors import OptionError
from ..results.snapshots import ForecastCalls
from .figures import Columns, columns
from .format import month, shift

TOLERANCES = (0.05, 0.10)
WITHIN = 0.05
SHOWN_PERIODS = 6
RISING = ("added", "pulled_in", "upgraded", "raised")
LOWERING = ("lowered", "downgraded", "slipped_out", "lost")
_MONTHS = {"quarter": 3, "half-year": 6, "year": 12}
_DRAWN = ("commit", "best_case", "weighted", "most_likely")


@dataclass(frozen=True)
class Drift:
    """The way of the last finished period from its first call to what it brought."""

    period: str
    of_deals: bool
    category: str
    opening: float
    lines: dict[str, float]
    closing: float
    weeks: Columns
    moves: Columns


@dataclass(frozen=True)
class Called:
    """Calls against what their periods brought; `lead` is by category and weeks before the end."""

    currency: str | None
    of_deals: bool
    until: date
    unit: str
    starts: list[date]
    category: str
    categories: list[str]
    periods: list[str]
    lead: dict[str, Columns]
    hits: Columns
    settled: list[tuple[str, float, float, float, int | None]]
    owner: str | None
    owners: Columns | None
    judged: int
    drift: Drift | None
    asked: int | None = None
    said: dict[int, tuple[int, int]] | None = None  # owners who had called, of all, by week before the end

    @property
    def early(self) -> int:
        """Weeks before the end at which the title looks: asked for, or a third of those looked at."""
        known = self.lead[self.category]["weeks_before_end"]
        wanted = max(known) // 3 if self.asked is None else self.asked
        return int(min(known, key=lambda week: (abs(week - wanted), week)))


def gather(
    calls: ForecastCalls | None,
    deals: ForecastCalls | None,
    currency: str | None,
    *,
    fiscal_start: int = 1,
    weeks: int | None = None,
) -> Called | None:
    """Ask the calls, and the deals how they drifted; None where no period has ended yet.

    Raises
    ------
    tenure.Error
        ``E_HORIZON`` for `weeks` beyond those that are looked at.
    """
    main = calls if calls is not None else deals
    if main is None or not _observed(main):
        return None
    held = columns(main.by_lead_time(TOLERANCES))
    known = main.categories
    category = "commit" if "commit" in known else known[0]
    drawn = [name for name in _DRAWN if name in known] or known[:1]
    lead = {
        name: {
            column: [value for value, of in zip(values, held["category"], strict=True) if of == name]
            for column, values in held.items()
        }
        for name in dict.fromkeys([category, *drawn[:3]])
    }
    if weeks is not None and not 0 <= weeks <= main.weeks:
        hint = f"Give 0 to {main.weeks}."
        message = f"calls_weeks={weeks}: calls are looked at up to {main.weeks} weeks before the end"
        raise OptionError(message, code="E_HORIZON", value=str(weeks), hint=hint)
    judged = main.weeks // 2 if weeks is None else weeks
    days = _observed(main)
    kind = unit(main.period_name(days[-1]))
    return Called(
        currency=currency,
        of_deals=main is deals,
        until=main.last_taken,
        unit=kind,
        starts=days,
        category=category,
        categories=list(lead),
        periods=[shown(main, day, fiscal_start) for day in days],
        lead=lead,
        hits=_of(columns(main.hit_rate(TOLERANCES)), category),
        settled=_settled(main, category, fiscal_start),
        owner=main.owner,
        owners=None if main.owner is None else columns(main.owners(category, judged)),
        judged=judged,
        drift=_drift(deals if deals is not None and _observed(deals) else main, deals, fiscal_start),
        asked=weeks,
        said=_said(main, category),
    )


def _said(calls: ForecastCalls, category: str) -> dict[int, tuple[int, int]] | None:
    """Over the finished periods: how many owners had called by each week, of those with an actual."""
    if "owners_called" not in calls.columns:
        return None
    held = _of(columns(calls), category)
    found: dict[int, tuple[int, int]] = {}
    rows = zip(
        *(held[name] for name in ("weeks_before_end", "actual", "owners_called", "owners_known")), strict=True
    )
    for week, actual, had, known in rows:
        if actual is not None:
            before = found.get(week, (0, 0))
            found[week] = (before[0] + had, before[1] + known)
    return found if any(had < known for had, known in found.values()) else None


def unit(name: str) -> str:
    """What a period is, told by its name: ``2025-Q1``, ``2025-03``, ``the week from 2025-03-03``."""
    for kind, sign in (("quarter", "-Q"), ("half-year", "-H"), ("year", "the year"), ("week", "the week")):
        if sign in name or name.startswith(f"the {kind}"):
            return kind
    return {len("2025-03"): "month", len("2025"): "year"}.get(len(name), "period")


def shown(calls: ForecastCalls, day: date, fiscal_start: int) -> str:
    """A period as people name it: of a fiscal year ``FY26 Q2 (May to July 2025)``.

    A fiscal year bears the number of the year in which it ends.
    """
    name = calls.period_name(day)
    months = _MONTHS.get(unit(name))
    if not name.startswith("the ") or months is None:
        return name
    last = shift(day, months - 1)
    begin = month(day) if day.year != last.year else month(day).split()[0]
    words = f"{begin} to {month(last)}"
    since = (day.month - fiscal_start) % 12
    if fiscal_start == 1 or since % months:
        return words
    ends = shift(day, 11 - since).year
    part = {3: f" Q{since // 3 + 1}", 6: f" H{since // 6 + 1}"}.get(months, "")
    return f"FY{ends % 100:02d}{part} ({words})"


def _observed(calls: ForecastCalls) -> list[date]:
    """First days of the periods whose actual is known."""
    held = columns(calls)
    rows = zip(held["period"], held["actual"], strict=True)
    return sorted({day for day, actual in rows if actual is not None})


def _of(held: Columns, category: str) -> Columns:
    rows = [row for row, name in enumerate(held["category"]) if name == category]
    return {name: [values[row] for row in rows] for name, values in held.items()}


def _settled(
    calls: ForecastCalls, category: str, fiscal_start: int
) -> list[tuple[str, float, float, float, int | None]]:
    """Of the latest periods: name, actual, the first call and the last one, and since when it held."""
    reached = _of(columns(calls.settled(WITHIN)), category)
    held = _of(columns(calls), category)
    partial: dict[date, set[int]] = {}
    if "owners_called" in held:
        counted = zip(
            held["period"], held["weeks_before_end"], held["owners_called"], held["owners_known"], strict=True
        )
        for of, week, had, known in counted:
            if had < known:
                partial.setdefault(of, set()).add(week)
    found = []
    for row, day in enumerate(reached["period"]):
        actual = reached["actual"][row]
        if actual is None:
            continue
        made = {
            week: call
            for of, week, call in zip(held["period"], held["weeks_before_end"], held["call"], strict=True)
            if of == day and call is not None
        }
        whole = {week: call for week, call in made.items() if week not in partial.get(day, ())}
        made = whole or made  # a first call is that of all owners, as is what came
        if made:
            early, late = made[max(made)], made[min(made)]
            found.append(
                (shown(calls, day, fiscal_start), actual, early, late, reached["weeks_before_end"][row])
            )
    return found[-SHOWN_PERIODS:]


def _drift(calls: ForecastCalls, deals: ForecastCalls | None, fiscal_start: int) -> Drift | None:
    period = _observed(calls)[-1]
    found = calls.drift(period)
    net, weeks = columns(found.net()), columns(found)
    if not weeks["opening"] or net["opening"][0] is None:
        return None
    lines = {line: float(net[line][0]) for line in (*RISING, *LOWERING)}
    moves = columns(found.moves())
    return Drift(
        period=shown(calls, period, fiscal_start),
        of_deals=calls is deals,
        category=found.category,
        opening=float(net["opening"][0]),
        lines={line: amount for line, amount in lines.items() if amount},
        closing=float(net["closing"][0]),
        weeks=weeks,
        moves=moves,
    )
