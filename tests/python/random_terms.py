"""Random books with terms, and random policies: small, and full of what goes wrong."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pyarrow as pa
from hypothesis import strategies as st
from reference_terms import Discount, Row

import tenure as tn

FIRST = date(2023, 11, 1)
PERIODS = [date(2023, month, 1) for month in (11, 12)] + [date(2024, month, 1) for month in range(1, 9)]
ASKED = 6  # the last periods, January to July 2024 less one: the last date only ends them
STATUSES = ["active"] * 7 + ["trial", "past_due", "past_due", "paused", "paused", "free", "cancelled"]
KINDS = ["recurring"] * 6 + ["usage", "one_time"]
GAPS = [0, 0, 0, 2, 7, 20, 30, 31, 44, 45, 46]
OPTIONAL_DAYS = ("cancel_requested", "paid_through", "dunning_end", "recorded")

days = st.one_of(
    st.dates(FIRST, date(2024, 5, 20)),
    st.sampled_from(PERIODS[:7]),
    st.sampled_from([begin - timedelta(days=1) for begin in PERIODS[1:7]]),
)


@st.composite
def one_discount(draw, start):
    duration = draw(st.sampled_from(["forever", "repeating", "once"]))
    until = None
    if duration == "repeating":
        until = start + timedelta(days=draw(st.integers(0, 90)))
    if draw(st.booleans()):
        percent = draw(st.sampled_from([Fraction(10), Fraction(25), Fraction(50), Fraction(100)]))
        return Discount(percent=percent, duration=duration, until=until)
    return Discount(amount=draw(st.sampled_from([Fraction(1), Fraction(4)])), duration=duration, until=until)


@st.composite
def one_phase(draw, customer, start, stay):
    """A row from a day on, for so many days, or for good."""
    status = draw(st.sampled_from(STATUSES))
    kind = draw(st.sampled_from(KINDS)) if status == "active" else "recurring"
    near = st.one_of(st.none(), st.integers(0, 60).map(lambda step: start + timedelta(days=step)))
    late = st.one_of(st.none(), st.integers(-5, 200).map(lambda step: start + timedelta(days=step)))
    return Row(
        customer=customer,
        subscription=0,
        start=start,
        end=None if stay is None else start + timedelta(days=stay),
        price=draw(st.sampled_from([Fraction(12), Fraction(24), Fraction(2999, 100), Fraction(60)])),
        interval=draw(st.sampled_from(["month"] * 5 + ["week", "day", "four_week", "quarter", "year"])),
        count=draw(st.sampled_from([1, 1, 1, 2])),
        quantity=draw(st.sampled_from([1, 1, 3])),
        product=draw(st.sampled_from(["basic", "pro"])),
        status=status,
        kind=kind,
        tax=draw(st.sampled_from([Fraction(0), Fraction(2)])),
        discounts=() if kind == "one_time" else tuple(draw(st.lists(one_discount(start), max_size=2))),
        renewal_amount=draw(st.sampled_from([None, None, Fraction(18)])),
        invoiced_quantity=draw(st.sampled_from([None, None, 2])),
        cancel_requested=draw(near),
        paid_through=None if status == "past_due" or stay == 0 else draw(late),
        dunning_end=draw(near),
        recorded=draw(late),
        first_payment=draw(near),
        first_paid_invoice=draw(near),
    )


@st.composite
def one_story(draw):
    """Phases of a customer that follow each other, at once or after a gap; the last may stay open."""
    customer, start, rows = draw(st.integers(1, 3)), draw(days), []
    for _ in range(draw(st.integers(1, 6))):
        stay = draw(st.sampled_from([0, 3, 14, 25, 30, 31, 40, 60, 75, None]))
        rows.append(draw(one_phase(customer, start, stay)))
        if stay is None:
            break
        start = rows[-1].end + timedelta(days=draw(st.sampled_from(GAPS if stay else GAPS[3:])))
    return rows


def overlaps(one, other):
    ends = [date.max if row.end is None else row.end for row in (one, other)]
    return one.start < ends[1] and other.start < ends[0]


def with_subscriptions(stories):
    """Gives rows of a customer the lowest subscription id under which they overlap no earlier row."""
    taken, found = {}, []
    for row in (row for story in stories for row in story):
        subscription = row.customer * 1000
        while any(overlaps(row, other) for other in taken.get(subscription, [])):
            subscription += 1
        found.append(replace(row, subscription=subscription))
        taken.setdefault(subscription, []).append(row)
    return found


def with_ends_as(rows, policy):
    """The same rows where an end is the last day that is paid for; rows without a day have no such form."""
    if policy["end_date"] == "exclusive":
        return rows
    one = timedelta(days=1)
    return [
        row if row.end is None else replace(row, end=row.end - one) for row in rows if row.end != row.start
    ]


many_rows = st.lists(one_story(), min_size=1, max_size=4).map(with_subscriptions)

LOADING = {
    "mrr_source": ["contract", "renewal_estimate"],
    "interval_factor_day": ["365/12", "30", "0"],
    "interval_factor_week": ["52/12", "4", "433/100"],
    "interval_factor_four_week": ["13/12", "1"],
    "line_rounding": ["exact", "exact", "minor", "four_decimals"],
    "discounts": ["recurring", "none", "forever", "recurring_not_annual", "one_time", "all"],
    "discount_stacking": ["sequential", "sum", "max"],
    "tax": ["excluded", "included"],
    "usage": ["excluded", "included"],
    "one_time": ["excluded", "dated", "included"],
    "trial": ["ignore", "count"],
    "trial_to_paid_date": ["phase_start", "first_payment", "first_paid_invoice"],
    "quantity": ["dated", "invoiced", "ignored"],
    "backdating": ["effective", "recorded"],
    "past_due": ["counted", "until_dunning_end", "churn_after_30_days", "excluded"],
    "paused": ["zero", "zero_at_period_end", "unchanged"],
    "churn_at": ["effective_end", "request", "service_period_end", "day_after"],
    "end_date": ["exclusive", "inclusive"],
}
REPORTING = {
    "movement_grain": ["customer", "subscription", "item"],
    "netting": ["period", "none", "drop_short_stays"],
    "plan_switch": ["difference", "legs", "transfer", "new_and_churn"],
    "as_of": ["period_end", "period_start"],
    "reactivation": ["own", "own", "as_new", "within_30_days", "netted_from_churn"],
    "free_customers": ["churned", "active"],
    "pause_movement": ["churn", "own"],
    "gap_days": ["0", "0", "7", "45", "1_calendar_months"],
}


def consistent(policy):
    """Without the pairs that exclude each other."""
    if policy["paused"] == "unchanged":
        policy["pause_movement"] = "churn"
    if policy["movement_grain"] == "item":
        policy["plan_switch"] = "difference"
    return policy


def _drawn(options):
    return st.fixed_dictionaries({name: st.sampled_from(values) for name, values in options.items()})


policies = _drawn(LOADING | REPORTING).map(consistent)
standard = {name: values[0] for name, values in (LOADING | REPORTING).items()}
reporting_only = _drawn(REPORTING).map(lambda options: consistent(standard | options))


def frame_of(rows):
    columns = {
        "customer": [row.customer for row in rows],
        "subscription": [row.subscription for row in rows],
        "start": [row.start for row in rows],
        "end": [row.end for row in rows],
        "amount": [float(row.price) for row in rows],
        "interval": [row.interval for row in rows],
        "count": [row.count for row in rows],
        "quantity": [row.quantity for row in rows],
        "product": [row.product for row in rows],
        "status": [row.status for row in rows],
        "kind": [row.kind for row in rows],
        "tax": [float(row.tax) for row in rows],
    }
    for name in (*OPTIONAL_DAYS, "first_payment", "first_paid_invoice"):
        columns[name] = pa.array([getattr(row, name) for row in rows], pa.date32())
    renewals = [None if row.renewal_amount is None else float(row.renewal_amount) for row in rows]
    columns["renewal_amount"] = pa.array(renewals, pa.float64())
    columns["invoiced_quantity"] = pa.array([row.invoiced_quantity for row in rows], pa.int64())
    none = Discount()
    for at in range(2):
        held = [row.discounts[at] if at < len(row.discounts) else none for row in rows]
        columns[f"percent_{at}"] = [float(one.percent) for one in held]
        columns[f"off_{at}"] = [float(one.amount) for one in held]
        columns[f"duration_{at}"] = [one.duration for one in held]
        columns[f"until_{at}"] = pa.array([one.until for one in held], pa.date32())
    return columns


ROLES = {
    **{name: name for name in ("customer", "subscription", "start", "end", "amount", "quantity", "product")},
    **{
        name: name
        for name in ("status", "kind", "tax", "renewal_amount", "invoiced_quantity", *OPTIONAL_DAYS)
    },
    **{name: name for name in ("first_payment", "first_paid_invoice")},
    "interval_column": "interval",
    "interval_count_column": "count",
    "discount_percent": ["percent_0", "percent_1"],
    "discount_amount": ["off_0", "off_1"],
    "discount_duration": ["duration_0", "duration_1"],
    "discount_until": ["until_0", "until_1"],
}


def book_of(rows, policy, frame=None, **options):
    chosen = policy if isinstance(policy, tn.Policy) else tn.Policy("standard", **policy)
    return tn.Book(frame_of(rows) if frame is None else frame, **ROLES, policy=chosen, **options)
