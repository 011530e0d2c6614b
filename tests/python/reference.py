"""The definitions in plain Python: exact fractions, no arrays, nothing shared with the library.

A timeline is what one customer (or subscription) pays from each day on; all else is read off timelines.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

DAY = timedelta(days=1)
LINES = ("opening", "new", "expansion", "contraction", "churn", "reactivation", "closing")


@dataclass(frozen=True)
class Row:
    """A subscription row; `amount` a month, `end` None where it is open."""

    customer: int
    start: date
    end: date | None
    amount: Fraction
    plan: str | None = None
    subscription: int = 0


class Level(NamedTuple):
    """What is paid, and whether that makes a customer."""

    amount: Fraction
    active: bool


NOTHING = Level(Fraction(0), False)


def next_month(first: date) -> date:
    return (first.replace(day=28) + 4 * DAY).replace(day=1)


def months(first: date, count: int) -> list[date]:
    found = [first]
    while len(found) < count:
        found.append(next_month(found[-1]))
    return found


class Timeline:
    """Days of change in order, and the level from each of them on."""

    def __init__(self, rows: list[Row], policy: dict[str, str]):
        one = DAY if policy.get("end_date") == "inclusive" else timedelta(0)
        spans = [(row.start, date.max if row.end is None else row.end + one, row.amount) for row in rows]
        self.days = sorted({day for start, end, _ in spans for day in (start, end) if day != date.max})
        self.levels = []
        for day in self.days:
            live = [amount for start, end, amount in spans if start <= day < end]
            paid = sum(live, Fraction(0))
            active = bool(live) if policy.get("free_customers") == "active" else paid > 0
            self.levels.append(Level(paid, active))
        self._carry_over_gaps(int(policy.get("gap_days", "0")))

    def _carry_over_gaps(self, most: int) -> None:
        last_active, fall = None, None
        for at, (day, level) in enumerate(zip(self.days, self.levels, strict=True)):
            if not level.active:
                fall = day if fall is None else fall
                continue
            if last_active is not None and fall is not None and (day - fall).days <= most:
                for gap in range(last_active + 1, at):
                    self.levels[gap] = self.levels[last_active]
            last_active, fall = at, None

    def on(self, day: date) -> Level:
        at = bisect_right(self.days, day) - 1
        return NOTHING if at < 0 else self.levels[at]


def timelines(rows: list[Row], policy: dict[str, str]) -> list[Timeline]:
    entities = defaultdict(list)
    for row in rows:
        part = row.subscription if policy.get("movement_grain") == "subscription" else 0
        entities[row.customer, part].append(row)
    return [Timeline(rows_of_one, policy) for rows_of_one in entities.values()]


def closing_day(month: date, policy: dict[str, str]) -> date:
    return month if policy.get("as_of") == "period_start" else next_month(month) - DAY


def history(rows: list[Row], first: date) -> list[date]:
    """First days of all months from the first row's to the one before `first`."""
    begin = min([row.start for row in rows] + [first]).replace(day=1)
    found = []
    while begin < first:
        found.append(begin)
        begin = next_month(begin)
    return found


def classify(before: Level, after: Level, ever: bool) -> str | None:
    if not before.active:
        return None if not after.active else "reactivation" if ever else "new"
    if not after.active:
        return "churn"
    if after.amount == before.amount:
        return None
    return "expansion" if after.amount > before.amount else "contraction"


def bridge(rows: list[Row], policy: dict[str, str], window: list[date]) -> dict[str, list[Fraction]]:
    """The columns of a waterfall by month: amounts, and ``<line>_customers``."""
    found: dict[str, list[Fraction]] = {name: [Fraction(0)] * len(window) for name in LINES}
    found |= {f"{name}_customers": [Fraction(0)] * len(window) for name in LINES}

    def put(name: str, month: int, amount: Fraction, customers: int) -> None:
        found[name][month] += amount
        found[f"{name}_customers"][month] += customers

    past = history(rows, window[0])
    for timeline in timelines(rows, policy):
        ever, before = False, NOTHING
        for at, month in enumerate([*past, *window], start=-len(past)):
            after = timeline.on(closing_day(month, policy))
            if at >= 0:
                put("opening", at, before.amount, int(before.active))
                put("closing", at, after.amount, int(after.active))
            steps = [after]
            if policy.get("netting") == "none":
                last = closing_day(month, policy)
                since = closing_day((month - DAY).replace(day=1), policy)
                steps = [timeline.on(day) for day in timeline.days if since < day <= last]
            for level in steps:
                name = classify(before, level, ever)
                if name == "reactivation" and policy.get("reactivation") == "as_new":
                    name = "new"
                if name is not None and at >= 0:
                    put(name, at, abs(level.amount - before.amount), 1)
                ever, before = ever or level.active, level
    return found


class Kept(NamedTuple):
    """A window of net retention; None where the base is empty."""

    nrr: Fraction | None
    grr: Fraction | None
    logo_retention: Fraction | None


def net_retention(rows: list[Row], policy: dict[str, str], window: list[date], horizon: int) -> list[Kept]:
    calendar = [*history(rows, window[0]), *window]
    found = []
    for at in range(len(calendar) - len(window), len(calendar)):
        pairs = []
        if at >= horizon:
            base_day, day = closing_day(calendar[at - horizon], policy), closing_day(calendar[at], policy)
            pairs = [(timeline.on(base_day), timeline.on(day)) for timeline in timelines(rows, policy)]
        pairs = [(base, now) for base, now in pairs if base.active]
        opening = sum(base.amount for base, _ in pairs)
        found.append(
            Kept(
                None if not opening else Fraction(sum(now.amount for _, now in pairs)) / opening,
                None
                if not opening
                else Fraction(sum(min(base.amount, now.amount) for base, now in pairs)) / opening,
                None if not pairs else Fraction(sum(now.active for _, now in pairs), len(pairs)),
            )
        )
    return found


def triangle(
    rows: list[Row], policy: dict[str, str], window: list[date]
) -> dict[tuple[int, int], tuple[Fraction, int]]:
    """Amount and customers by (cohort, age), for the cells that are observed."""
    found = {
        (cohort, age): (Fraction(0), 0)
        for cohort in range(len(window))
        for age in range(len(window) - cohort)
    }
    past = history(rows, window[0])
    for timeline in timelines(rows, policy):
        levels = [timeline.on(closing_day(month, policy)) for month in [*past, *window]]
        starts = [at for at, level in enumerate(levels) if level.active]
        if not starts or starts[0] < len(past):
            continue
        cohort = starts[0] - len(past)
        for age, level in enumerate(levels[starts[0] :]):
            amount, customers = found[cohort, age]
            found[cohort, age] = (amount + level.amount, customers + level.active)
    return found
