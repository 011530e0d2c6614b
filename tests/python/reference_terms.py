"""Terms and policies by brute force: what every row is worth on every day.

Exact fractions, no arrays, no change points, nothing shared with the library. Slow on purpose: a question
walks over all days since the first row.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import NamedTuple

DAY = timedelta(days=1)
MONTHS_IN = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
DAYS_IN = {"day": 1, "week": 7, "four_week": 28}
LINES = ("new", "expansion", "contraction", "churn", "reactivation", "paused", "resumed")

Policy = dict[str, str]


@dataclass(frozen=True)
class Discount:
    """Something off a price: a percentage or an amount an interval, all seats together."""

    percent: Fraction = Fraction(0)
    amount: Fraction = Fraction(0)
    duration: str = "forever"
    until: date | None = None


@dataclass(frozen=True)
class Row:
    """One phase of a subscription with its terms."""

    customer: int
    subscription: int
    start: date
    end: date | None
    price: Fraction
    interval: str = "month"
    count: int = 1
    quantity: int = 1
    product: str = "basic"
    status: str = "active"
    kind: str = "recurring"
    tax: Fraction = Fraction(0)
    discounts: tuple[Discount, ...] = ()
    renewal_amount: Fraction | None = None
    invoiced_quantity: int | None = None
    cancel_requested: date | None = None
    paid_through: date | None = None
    dunning_end: date | None = None
    recorded: date | None = None
    first_payment: date | None = None
    first_paid_invoice: date | None = None


class Worth(NamedTuple):
    """What a live row comes to a month."""

    net: Fraction
    gross: Fraction
    paused: bool = False


def plus_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for of_month in range(day.day, 0, -1):
        try:
            return date(year, month + 1, of_month)
        except ValueError:
            continue
    raise AssertionError(day)


def one_interval_after(row: Row) -> date:
    if row.interval in DAYS_IN:
        return row.start + DAYS_IN[row.interval] * row.count * DAY
    return plus_months(row.start, MONTHS_IN[row.interval] * row.count)


def intervals_a_month(policy: Policy, unit: str) -> Fraction:
    if unit in DAYS_IN:
        return Fraction(policy[f"interval_factor_{unit}"])
    return Fraction(1, MONTHS_IN[unit])


def rounded(policy: Policy, amount: Fraction) -> Fraction:
    """A line half up to the cent or to four decimals; never of a negative amount here."""
    if policy["line_rounding"] == "exact":
        return amount
    scale = 100 if policy["line_rounding"] == "minor" else 10_000
    return Fraction(floor(amount * scale + Fraction(1, 2)), scale)


def counts(row: Row, policy: Policy) -> bool:
    """Whether such a row is in the series at all."""
    series = {"recurring"}
    if policy["usage"] == "included":
        series.add("usage")
    if policy["one_time"] in ("dated", "included"):
        series.add("one_time")
    for kind in ("usage", "one_time"):
        if policy[kind] == "only":
            series = {kind}
    if row.status == "cancelled" or row.kind not in series:
        return False
    if row.kind == "one_time" and row.end is None and policy["one_time"] == "dated":
        return False
    if row.kind == "one_time" and contract_end(row, policy) <= row.start:
        return False  # no period to spread it over
    return not (row.status == "trial" and policy["trial"] != "count") and not (
        row.status == "past_due" and policy["past_due"] == "excluded"
    )


def contract_end(row: Row, policy: Policy) -> date:
    """First day that the contract does not cover."""
    if row.end is None:
        return date.max
    return row.end + DAY if policy["end_date"] == "inclusive" else row.end


def first_day(row: Row, policy: Policy) -> date | None:
    """From when on a row counts; None for never."""
    days = [row.start]
    if policy["backdating"] == "recorded" and row.recorded is not None:
        days.append(row.recorded)
    if row.status in ("active", "past_due") and policy["trial_to_paid_date"] != "phase_start":
        paid = (
            row.first_payment if policy["trial_to_paid_date"] == "first_payment" else row.first_paid_invoice
        )
        if paid is None:
            return None
        days.append(paid)
    return max(days)


def last_day(row: Row, policy: Policy) -> date:
    """First day on which a row no longer counts, before another phase of its subscription ends it."""
    end = contract_end(row, policy)
    if row.kind == "one_time" and row.end is None:
        return plus_months(row.start, 1)
    if row.status == "past_due":
        if policy["past_due"].startswith("churn_after_"):
            end = min(end, row.start + int(policy["past_due"].split("_")[2]) * DAY)
        if policy["past_due"] == "until_dunning_end" and row.dunning_end is not None:
            end = min(end, row.dunning_end)
    if policy["churn_at"] == "request" and row.cancel_requested is not None:
        end = min(end, row.cancel_requested)
    if end < date.max and policy["churn_at"] == "service_period_end" and row.paid_through is not None:
        end = max(end, row.paid_through)
    if end < date.max and policy["churn_at"] == "day_after":
        end += DAY
    return end


def lowers(policy: Policy, row: Row, discount: Discount) -> bool:
    kinds = {
        "none": set[str](),
        "forever": {"forever"},
        "recurring": {"forever", "repeating"},
        "recurring_not_annual": {"forever", "repeating"},
        "one_time": {"once"},
        "all": {"forever", "repeating", "once"},
    }[policy["discounts"]]
    annual = MONTHS_IN.get(row.interval, 0) * row.count >= 12
    ends = discount.duration == "forever" and discount.until is not None
    duration = "repeating" if ends else discount.duration
    limited = duration == "repeating"
    return duration in kinds and not (policy["discounts"] == "recurring_not_annual" and annual and limited)


def applies(row: Row, discount: Discount, day: date) -> bool:
    ends = [] if discount.until is None else [discount.until]
    if discount.duration == "once":
        ends.append(one_interval_after(row))
    return all(day < end for end in ends)


def price_of(row: Row, policy: Policy) -> Fraction:
    """What an interval bills, all seats together."""
    if row.status == "free":
        return Fraction(0)
    price = row.price
    if policy["mrr_source"] == "renewal_estimate" and row.renewal_amount is not None:
        price = row.renewal_amount
    if policy["tax"] == "excluded":
        price = max(price - row.tax, Fraction(0))
    seats = row.quantity
    if policy["quantity"] == "ignored":
        seats = 1
    if policy["quantity"] == "invoiced" and row.invoiced_quantity is not None:
        seats = row.invoiced_quantity
    return price * seats


def spread(row: Row, policy: Policy) -> Fraction:
    """A one-time charge over the months or days of its period."""
    end = plus_months(row.start, 1) if row.end is None else contract_end(row, policy)
    for months in range(1, 60):
        if plus_months(row.start, months) == end:
            return price_of(row, policy) / months
    return price_of(row, policy) * Fraction(policy["interval_factor_day"]) / (end - row.start).days


def after_discounts(row: Row, policy: Policy, day: date, gross: Fraction) -> Fraction:
    taken = [one for one in row.discounts if lowers(policy, row, one) and applies(row, one, day)]
    percents = [one.percent / 100 for one in taken]
    if policy["discount_stacking"] == "sum":
        left = gross * (1 - min(sum(percents, Fraction(0)), Fraction(1)))
    elif policy["discount_stacking"] == "max":
        left = gross * (1 - max(percents, default=Fraction(0)))
    else:
        left = gross
        for percent in percents:
            left *= 1 - percent
    off = sum((one.amount for one in taken), Fraction(0))
    return max(left - off * intervals_a_month(policy, row.interval) / row.count, Fraction(0))


def worth(row: Row, policy: Policy, day: date) -> Worth | None:
    """What a row comes to on a day, by itself; None where it is not live."""
    begin, end = first_day(row, policy), last_day(row, policy)
    if not counts(row, policy) or begin is None or not begin <= day < end:
        return None
    if row.kind == "one_time":
        amount = rounded(policy, spread(row, policy))
        return Worth(amount, amount)
    if row.status == "paused" and policy["paused"] != "unchanged":
        paid = policy["paused"] == "zero_at_period_end" and row.paid_through and day < row.paid_through
        if not paid:
            return Worth(Fraction(0), Fraction(0), paused=True)
    gross = price_of(row, policy) * intervals_a_month(policy, row.interval) / row.count
    net = after_discounts(row, policy, day, gross)
    return Worth(rounded(policy, net), rounded(policy, gross), row.status == "paused")


def continued(row: Row, rows: list[Row], policy: Policy, day: date) -> bool:
    """Whether a row that a policy keeps past its contract has given way to a later phase by this day."""
    end = contract_end(row, policy)
    if day < end:
        return False
    for other in rows:
        start = first_day(other, policy)
        same = (other.customer, other.subscription) == (row.customer, row.subscription)
        if not same or other is row or not counts(other, policy) or start is None:
            continue
        if start < last_day(other, policy) and end <= start <= day:
            return True
    return False


def live(rows: list[Row], policy: Policy, day: date) -> list[tuple[Row, Worth]]:
    """Rows that count on a day, and what they come to."""
    found = [(row, worth(row, policy, day)) for row in rows]
    return [
        (row, value) for row, value in found if value is not None and not continued(row, rows, policy, day)
    ]


class OnDay(NamedTuple):
    """MRR of a day, net and gross, and who pays it."""

    mrr: Fraction
    gross: Fraction
    customers: int


def is_customer(values: list[Worth], policy: Policy) -> bool:
    """Whether live rows make a customer: by what they pay, or, by policy, by being there."""
    if sum((value.net for value in values), Fraction(0)) > 0:
        return True
    on_pause = policy["pause_movement"] == "own" and all(value.paused and not value.net for value in values)
    return policy["free_customers"] == "active" and not on_pause


def counted_as(row: Row, policy: Policy) -> tuple[object, ...]:
    """What counts as one customer, by the policy's grain."""
    parts = (row.customer, row.subscription, row.product)
    return parts[: {"customer": 1, "subscription": 2, "item": 3}[policy["movement_grain"]]]


def on_day(rows: list[Row], policy: Policy, day: date) -> OnDay:
    by_customer: dict[tuple[object, ...], list[Worth]] = defaultdict(list)
    for row, value in live(rows, policy, day):
        by_customer[counted_as(row, policy)].append(value)
    worths = [value for values in by_customer.values() for value in values]
    return OnDay(
        sum((value.net for value in worths), Fraction(0)),
        sum((value.gross for value in worths), Fraction(0)),
        sum(is_customer(values, policy) for values in by_customer.values()),
    )
