"""Random books: small, and full of what goes wrong (one day, first of the month, nothing paid)."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import reference
from hypothesis import strategies as st
from reference import Row

import tenure as tn

days = st.one_of(
    st.dates(date(2023, 1, 1), date(2024, 6, 1)),
    st.sampled_from(reference.months(date(2023, 1, 1), 17)),
)


def with_subscriptions(rows):
    """Rows of a customer get the lowest subscription id under which they neither overlap nor touch."""
    taken, numbered = {}, []
    for row in rows:
        last = row.end or date.max
        number = 0
        while any(row.start <= end and start <= last for start, end in taken.get((row.customer, number), [])):
            number += 1
        taken.setdefault((row.customer, number), []).append((row.start, last))
        numbered.append(replace(row, subscription=row.customer * 1000 + number))
    return numbered


@st.composite
def one_row(draw):
    start = draw(days)
    stay = draw(st.one_of(st.none(), st.integers(0, 70), st.integers(0, 400)))
    return Row(
        customer=draw(st.integers(1, 5)),
        start=start,
        end=None if stay is None else start + timedelta(days=stay),
        amount=draw(
            st.sampled_from([Fraction(0), Fraction(10), Fraction(25), Fraction(2999, 100), Fraction(1, 1000)])
        ),
        plan=draw(st.sampled_from(["basic", "pro", "team", None])),
    )


many_rows = st.lists(one_row(), min_size=1, max_size=14).map(with_subscriptions)
policies = st.fixed_dictionaries(
    {
        "end_date": st.sampled_from(["exclusive", "inclusive"]),
        "movement_grain": st.sampled_from(["customer", "subscription"]),
        "netting": st.sampled_from(["period", "none"]),
        "as_of": st.sampled_from(["period_end", "period_start"]),
        "reactivation": st.sampled_from(["own", "as_new"]),
        "free_customers": st.sampled_from(["churned", "active"]),
        "gap_days": st.sampled_from(["0", "0", "1", "7", "45"]),
    }
)


def frame_of(rows):
    return {
        "customer": [row.customer for row in rows],
        "subscription": [row.subscription for row in rows],
        "start": [row.start for row in rows],
        "end": [row.end for row in rows],
        "amount": [float(row.amount) for row in rows],
        "plan": [row.plan for row in rows],
    }


def book_of(rows, policy, frame=None, **options):
    return tn.Book(
        frame_of(rows) if frame is None else frame,
        customer="customer",
        start="start",
        end="end",
        amount="amount",
        subscription="subscription",
        by=["plan"],
        policy=tn.Policy("standard", **policy),
        **options,
    )
