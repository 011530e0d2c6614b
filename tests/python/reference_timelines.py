"""What customers did under a reporting policy, day by day: levels, gaps, short stays, and the bridge.

Goes with reference_terms.py, which says what every row is worth on every day.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from reference_terms import DAY, LINES, Policy, Row, counted_as, is_customer, live, plus_months

Bridge = dict[str, list[Fraction]]


class Level(NamedTuple):
    """What an entity pays on a day, and whether that makes it a customer."""

    amount: Fraction = Fraction(0)
    active: bool = False
    paused: bool = False
    legs: tuple[tuple[str, Fraction], ...] = ()

    def leg(self, product: str) -> Fraction:
        return dict(self.legs).get(product, Fraction(0))


Days = dict[date, Level]


def every_day(first: date, last: date) -> list[date]:
    return [first + step * DAY for step in range((last - first).days + 1)]


def levels(rows: list[Row], policy: Policy, first: date, last: date) -> list[Days]:
    """Each entity's level on every day; nothing on the day before the first."""
    found: dict[tuple[object, ...], Days] = defaultdict(dict)
    for day in every_day(first, last):
        of_day = defaultdict(list)
        for row, value in live(rows, policy, day):
            of_day[counted_as(row, policy)].append((row, value))
        for key, held in of_day.items():
            values = [value for _, value in held]
            amount = sum((value.net for value in values), Fraction(0))
            active = is_customer(values, policy)
            on_pause = policy["pause_movement"] == "own" and any(v.paused and not v.net for v in values)
            legs: dict[str, Fraction] = defaultdict(Fraction)
            for row, value in held:
                legs[row.product] += value.net
            paid = tuple(sorted((product, net) for product, net in legs.items() if net))
            found[key][day] = Level(amount, active, on_pause and not active, paid)
    calendar = every_day(first - DAY, last)
    return [{day: one.get(day, Level()) for day in calendar} for one in found.values()]


def stretches(days: Days, *, active: bool) -> list[tuple[date, date]]:
    """First day of each stretch of such days, and the first day after it; the last one may be open."""
    found: list[tuple[date, date]] = []
    since = None
    for day, level in days.items():
        if level.active == active and since is None:
            since = day
        if level.active != active and since is not None:
            found.append((since, day))
            since = None
    return found


def tolerated(policy: Policy, left: date, back: date) -> bool:
    words = policy["gap_days"].split("_")
    if len(words) == 1:
        return (back - left).days <= int(words[0])
    months = int(words[0])
    starts = [day for day in every_day(left, back) if day.day == 1]
    return not any(plus_months(start, months) <= back for start in starts)


def without_gaps(days: Days, policy: Policy) -> Days:
    """The last level carried over each gap that the policy tolerates."""
    found = dict(days)
    first = min(days)
    for left, back in stretches(days, active=False):
        if left > first and tolerated(policy, left, back):
            for day in every_day(left, back - DAY):
                found[day] = days[left - DAY]
    return found


def slot_of(day: date, policy: Policy, periods: list[date]) -> date | None:
    """The period in which what happens on a day counts, by its first day."""
    if policy["as_of"] == "period_start":
        return min((begin for begin in periods if begin >= day), default=None)
    return max((begin for begin in periods if begin <= day), default=None)


def without_short_stays(days: Days, policy: Policy, periods: list[date]) -> Days:
    found = dict(days)
    for came, went in stretches(days, active=True):
        if slot_of(came, policy, periods) == slot_of(went, policy, periods):
            for day in every_day(came, went - DAY):
                found[day] = days[came - DAY]
    return found


def closing_day(begin: date, after: date, policy: Policy) -> date:
    return begin if policy["as_of"] == "period_start" else after - DAY


class Move(NamedTuple):
    """One line of a bridge that a change adds to."""

    line: str
    amount: Fraction
    customers: int = 1


def by_products(before: Level, after: Level, policy: Policy) -> list[Move]:
    """A customer stays: growth and shrinkage, by product where the policy looks at products."""
    change = after.amount - before.amount
    net = [Move("expansion" if change > 0 else "contraction", abs(change))] if change else []
    products = {product for product, _ in (*before.legs, *after.legs)}
    steps = {product: after.leg(product) - before.leg(product) for product in sorted(products)}
    gained, lost = any(step > 0 for step in steps.values()), any(step < 0 for step in steps.values())
    if policy["plan_switch"] in ("difference", "transfer") or not (gained and lost):
        return net
    taken = [p for p in steps if before.leg(p) == 0 and steps[p] > 0]
    dropped = [p for p in steps if after.leg(p) == 0 and steps[p] < 0]
    swapped = policy["plan_switch"] == "new_and_churn" and taken and dropped
    moves = []
    for product, step in steps.items():
        line = "expansion" if step > 0 else "contraction"
        if swapped and product in taken:
            line = "new"
        if swapped and product in dropped:
            line = "churn"
        if step:
            moves.append(Move(line, abs(step)))
    return moves


def moves(before: Level, after: Level, known: bool, policy: Policy) -> list[Move]:
    """What one change adds to a bridge; `known`: the customer was one before, and is not back too late."""
    if before.active and after.active:
        return by_products(before, after, policy)
    if before.active:
        return [Move("paused" if after.paused else "churn", before.amount - after.amount)]
    if not after.active:
        return []
    gained = after.amount - before.amount
    if before.paused:
        return [Move("resumed", gained)]
    if not known or policy["reactivation"] == "as_new":
        return [Move("new", gained)]
    if policy["reactivation"] == "netted_from_churn":
        return [Move("churn", -gained, -1)]
    return [Move("reactivation", gained)]


def days_away(days: Days, back: date) -> int:
    """How long a customer who is back had been gone."""
    left = back
    while not days[left - DAY].active:
        left -= DAY
    return (back - left).days


def is_late(days: Days, since: date, until: date, policy: Policy) -> bool:
    """Whether the first return among some days is after more days than the policy allows."""
    if not policy["reactivation"].startswith("within_"):
        return False
    for day in every_day(since, until):
        if days[day].active and not days[day - DAY].active:
            return days_away(days, day) > int(policy["reactivation"].split("_")[1])
    return False


def bridge(
    rows: list[Row], policy: Policy, periods: list[date], asked: int, first: date
) -> tuple[Bridge, Bridge]:
    """Amounts and customers by line, of the last `asked` periods; the last date of `periods` only ends them.

    `first`: a day on or before the first row.
    """
    closings = [closing_day(begin, after, policy) for begin, after in zip(periods, periods[1:], strict=False)]
    size = len(closings)
    amounts: Bridge = {name: [Fraction(0)] * size for name in ("opening", *LINES, "closing")}
    customers: Bridge = {name: [Fraction(0)] * size for name in ("opening", *LINES, "closing")}
    for timeline in levels(rows, policy, first, periods[-1] + timedelta(days=62)):
        days = without_gaps(timeline, policy)
        if policy["netting"] == "drop_short_stays":
            days = without_short_stays(days, policy, [min(days) - timedelta(days=400), *periods])
        ever, eve = False, first - DAY
        for at, closing in enumerate(closings):
            opening, final = days[eve], days[closing]
            amounts["opening"][at] += opening.amount
            amounts["closing"][at] += final.amount
            customers["opening"][at] += int(opening.active)
            customers["closing"][at] += int(final.active)
            inside = every_day(eve + DAY, closing)
            steps = (
                [(inside[0], closing)] if policy["netting"] == "period" else [(day, day) for day in inside]
            )
            before = opening
            for since, until in steps:
                after = days[until]
                known = ever and not is_late(days, since, until, policy)
                counted = set()
                for line, amount, count in moves(before, after, known, policy):
                    amounts[line][at] += amount
                    customers[line][at] += 0 if line in counted else count
                    counted.add(line)
                ever, before = ever or after.active, after
            eve = closing
    cut = slice(size - asked, size)
    return (
        {name: values[cut] for name, values in amounts.items()},
        {name: values[cut] for name, values in customers.items()},
    )
