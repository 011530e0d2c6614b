"""Columns of terms: what a row says beside its price and dates, read under a policy."""

from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import tenure as tn

ROLES = {"customer": "who", "start": "from", "end": "to", "amount": "price"}


def book(policy="standard", *, roles=None, **columns):
    """One row a customer, 100 a month from 2024 on; a column of terms is named like its keyword."""
    size = len(next(iter(columns.values())))
    plain = {"who": list(range(size)), "from": ["2024-01-01"] * size, "to": [None] * size}
    frame = {**plain, "price": [100] * size, **columns}
    named = {name: name for name in columns if name not in ROLES.values()} if roles is None else roles
    return tn.Book(frame, **ROLES, **named, policy=policy)


def mrr(at, policy="standard", **given):
    (amount,) = book(policy, **given).mrr(at)["mrr"].tolist()
    return amount


@pytest.mark.parametrize(
    "status",
    [[None, None], np.array([np.nan, np.nan]), pd.Series([None, None], dtype=object), ["active"] * 2],
)
def test_a_missing_status_is_active(status):
    assert mrr("2024-01-31", status=status) == 200


def test_a_trial_with_a_price_is_refused_until_the_policy_says_what_it_is():
    trial = {"status": ["active", "trial"]}
    with pytest.raises(tn.InputError, match="set trial='count' or 'ignore'") as caught:
        book(**trial)
    assert (caught.value.code, caught.value.row, caught.value.column) == ("E_TRIAL_AMOUNT", 1, "price")
    assert mrr("2024-01-31", tn.Policy(trial="ignore"), **trial) == 100
    assert mrr("2024-01-31", tn.Policy(trial="count"), **trial) == 200


@pytest.mark.parametrize(
    ("columns", "nearest"),
    [
        ({"status": ["active", "pastdue"]}, "past_due"),
        ({"kind": ["usage", "onetime"]}, "one_time"),
        ({"discount_duration": ["once", "forevr"], "discount_percent": [1, 1]}, "forever"),
    ],
)
def test_unknown_names_are_refused_with_row_column_and_the_nearest(columns, nearest):
    with pytest.raises(tn.InputError, match=f"did you mean '{nearest}'") as caught:
        book(**columns)
    assert (caught.value.code, caught.value.row, caught.value.column) == ("E_ENUM", 1, next(iter(columns)))


@pytest.mark.parametrize("column", ["status", "kind"])
def test_numbers_are_no_names(column):
    with pytest.raises(tn.InputTypeError, match="expected") as caught:
        book(**{column: [1, 2]})
    assert caught.value.column == column


@pytest.mark.parametrize(
    "make",
    [
        list,
        np.array,
        lambda values: pd.Series(values, dtype="category"),
        lambda values: pd.Series(values, dtype="string"),
        lambda values: pl.Series(values, dtype=pl.Categorical),
        lambda values: pa.array(values).dictionary_encode(),
        lambda values: pa.chunked_array([values[:1], values[1:]]),
    ],
)
def test_names_come_from_any_kind_of_text(make):
    kind = make(["usage", "recurring", "one_time"])
    assert mrr("2024-01-15", kind=kind) == 100
    assert mrr("2024-01-15", tn.Policy(usage="included"), kind=kind) == 200
    assert mrr("2024-01-15", tn.Policy(one_time="only"), kind=kind) == 100


@pytest.mark.parametrize(
    "percent",
    [
        [50, None],
        np.array([50.0, np.nan]),
        pd.Series([50, None], dtype="Int64"),
        pd.Series([50.0, None]),
        [Decimal("50.0"), None],
        ["50", None],
        pa.chunked_array([[50.0], [None]], pa.float64()),
    ],
)
def test_no_percentage_is_no_discount(percent):
    found = book(discount_percent=percent).mrr("2024-01-31").to_dict()
    assert (found["mrr"], found["gross_mrr"], found["discount_mrr"]) == ([150], [200], [50])


def test_a_book_without_discounts_has_no_columns_of_discounts():
    assert "gross_mrr" not in book(status=["active"]).mrr("2024-01-31").columns


def test_discounts_pair_up_by_position():
    made = book(
        roles={
            "discount_percent": ["half", None],
            "discount_amount": [None, "ten"],
            "discount_until": [None, "ten_until"],
        },
        half=[50],
        ten=[10],
        ten_until=[date(2024, 3, 1)],
    )
    assert made.mrr("2024-02-29")["mrr"].tolist() == [40]
    assert made.mrr("2024-03-01")["mrr"].tolist() == [50]


@pytest.mark.parametrize(("percent", "amount", "column"), [([105], [7], "first"), ([5], [700], "second")])
def test_each_discount_is_refused_by_the_name_of_its_own_column(percent, amount, column):
    roles = {"discount_percent": ["first", None], "discount_amount": [None, "second"]}
    with pytest.raises(tn.InputError) as caught:
        book(roles=roles, first=percent, second=amount)
    assert (caught.value.code, caught.value.column) == ("E_DISCOUNT_RANGE", column)


@pytest.mark.parametrize("seats", [[None, None], [3, None], np.array([3.0, np.nan]), pd.Series([3, None])])
def test_seats_that_were_not_invoiced_are_as_dated(seats):
    invoiced = 0 if seats[0] is None else 200
    policy = tn.Policy(quantity="invoiced")
    assert mrr("2024-01-31", policy, invoiced_quantity=seats) == 200 + invoiced


@pytest.mark.parametrize(
    ("roles", "match"),
    [
        ({"discount_percent": ["a", "b"], "discount_until": "c"}, "discount|percent names 2"),
        ({"discount_duration": "c"}, "neither"),
        ({"discount_percent": ["a", None]}, "discount 2 has neither"),
    ],
)
def test_discounts_that_do_not_pair_up_are_refused(roles, match):
    with pytest.raises(tn.OptionError, match=match) as caught:
        book(roles=roles, a=[1], b=[1], c=[None])
    assert caught.value.code == "E_DISCOUNT_COLUMNS"


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"discount_percent": [50, 120]}, "E_DISCOUNT_RANGE"),  # MON-28
        ({"discount_percent": [50, -1]}, "E_DISCOUNT_RANGE"),
        ({"discount_amount": [100, 101]}, "E_DISCOUNT_RANGE"),
        ({"tax": [100, 101]}, "E_TAX_RANGE"),
        ({"tax": [1.0, float("inf")]}, "E_AMOUNT_INF"),
        ({"renewal_amount": [1, -1]}, "E_AMOUNT_NEGATIVE"),
        ({"invoiced_quantity": [1, -3]}, "E_QUANTITY_RANGE"),
    ],
)
def test_terms_out_of_range_are_refused_with_their_place(columns, code):
    with pytest.raises(tn.InputError) as caught:
        book(**columns)
    assert (caught.value.code, caught.value.row, caught.value.column) == (code, 1, next(iter(columns)))


def test_one_subscription_is_not_in_two_phases_at_once():  # KEY-14
    frame = {"who": ["a", "a"], "of": ["s1", "s1"], "from": ["2024-01-01", "2024-03-05"], "price": [5, 0]}
    frame |= {"to": ["2024-03-20", None], "phase": ["active", "paused"]}
    with pytest.raises(tn.InputError, match="s1") as caught:
        tn.Book(frame, **ROLES, subscription="of", status="phase")
    assert caught.value.code == "E_OVERLAP"


OPTIONS = [
    ({"tax": [20]}, {}, 80, {"tax": "included"}, 100),
    ({"renewal_amount": [130]}, {}, 100, {"mrr_source": "renewal_estimate"}, 130),
    ({"status": ["past_due"]}, {}, 100, {"past_due": "excluded"}, 0),
    ({"status": ["paused"]}, {}, 0, {"paused": "unchanged"}, 100),
    ({"first_payment": [None]}, {}, 100, {"trial_to_paid_date": "first_payment"}, 0),
    ({"recorded": ["2024-07-01"]}, {}, 100, {"backdating": "recorded"}, 0),
    ({"to": ["2024-12-01"], "cancel_requested": ["2024-05-01"]}, {}, 100, {"churn_at": "request"}, 0),
    ({"discount_percent": [25], "discount_duration": ["once"]}, {}, 100, {"discounts": "all"}, 100),
    ({"discount_percent": [25]}, {}, 75, {"discounts": "none"}, 100),
]


@pytest.mark.parametrize(("columns", "usual", "before", "changed", "after"), OPTIONS)
def test_an_option_decides_what_a_column_does(columns, usual, before, changed, after):
    made = book(tn.Policy(**usual), **columns)
    assert made.mrr("2024-06-30")["mrr"].tolist() == [before]
    assert made.under(tn.Policy(**changed)).mrr("2024-06-30")["mrr"].tolist() == [after]
    assert made.mrr("2024-06-30")["mrr"].tolist() == [before]


def test_a_book_under_another_policy_is_the_book_made_with_it():
    company = {"status": ["active", "past_due", "paused"], "to": ["2024-03-01", None, "2024-06-01"]}
    policy = tn.Policy("baremetrics")
    again, made = book(**company).under(policy), book(policy, **company)
    assert again.policy == made.policy == policy
    one, other = (each.waterfall("2024-01", "2024-12").to_dict() for each in (again, made))
    assert one == other


def test_a_book_keeps_references_to_the_columns_of_the_caller():
    price = np.array([100.0])
    made = book(status=["active"], price=price)
    price[0] = 7  # what the docstring forbids: it shows in what is read next, and nowhere else
    assert made.mrr("2024-01-31")["mrr"].tolist() == [100]
    assert made.under("maxio").mrr("2024-01-31")["mrr"].tolist() == [7]


LATE = datetime(2024, 1, 31, 23, 30, tzinfo=UTC)  # the first of February in Berlin


def test_days_of_terms_are_days_in_the_zone_of_the_policy():
    berlin = tn.Policy("standard", timezone="Europe/Berlin", backdating="recorded")
    utc = tn.Policy("standard", timezone="UTC", backdating="recorded")
    made = book(utc, recorded=[LATE])
    assert made.mrr("2024-01-31")["mrr"].tolist() == [100]
    assert made.under(berlin).mrr("2024-01-31")["mrr"].tolist() == [0]
    assert made.under(utc).mrr("2024-01-31")["mrr"].tolist() == [100]


def test_a_policy_without_zone_reads_days_in_that_of_the_first():
    berlin = tn.Policy("standard", timezone="Europe/Berlin", backdating="recorded")
    recorded = tn.Policy("maxio", backdating="recorded")
    made = book(berlin, recorded=[LATE])
    assert made.under(recorded).mrr("2024-01-31")["mrr"].tolist() == [0]
    assert made.under(recorded).mrr("2024-02-01")["mrr"].tolist() == [100]
    assert made.reconcile(berlin, recorded, at="2024-02-01").difference == 0


def test_a_given_zone_goes_before_that_of_the_policy():
    frame = {"who": [1], "from": [LATE], "price": [100]}
    roles = {"customer": "who", "start": "from", "amount": "price"}
    made = tn.Book(frame, **roles, timezone="UTC", policy=tn.Policy(timezone="Europe/Berlin"))
    assert made.first_day == date(2024, 1, 31)
    with pytest.raises(tn.InputError) as caught:
        tn.Book(frame, **roles)
    assert caught.value.code == "E_TZ_MISSING"


def test_an_unknown_zone_in_a_policy_is_refused_even_for_dates():
    with pytest.raises(tn.InputError) as caught:
        book(tn.Policy(timezone="Europe/Atlantis"), status=["active"])
    assert caught.value.code == "E_TZ_UNKNOWN"


def test_pauses_have_lines_of_their_own_only_where_the_policy_says_so():
    phases = {"who": [1, 1, 1], "status": ["active", "paused", "active"]}
    phases |= {"from": ["2024-01-01", "2024-02-10", "2024-04-10"], "to": ["2024-02-10", "2024-04-10", None]}
    usual = book(**phases).waterfall("2024-01", "2024-04")
    assert "paused" not in usual.columns
    assert (usual["churn"].tolist(), usual["reactivation"].tolist()) == ([0, 100, 0, 0], [0, 0, 0, 100])
    own = book(tn.Policy(pause_movement="own"), **phases).waterfall("2024-01", "2024-04")
    assert (own["paused"].tolist(), own["resumed"].tolist()) == ([0, 100, 0, 0], [0, 0, 0, 100])
    assert own["churn"].tolist() == [0] * 4
    assert own["paused_customers"].tolist() == [0, 1, 0, 0]
    assert own.bridge_closes
    assert own.explain("2024-02", "paused")["customer"].tolist() == [1]


def test_weeks_begin_on_the_day_of_the_policy_and_days_are_periods():
    made = book(tn.Policy(week_start="sunday"), status=["active"])
    weeks = made.waterfall("2024-01-10", "2024-01-20", period="week")
    assert weeks.periods.astype(str).tolist() == ["2024-01-07", "2024-01-14"]
    days = made.waterfall("2024-01-01", "2024-01-03", period="day")
    assert days["new"].tolist() == [100, 0, 0]
    assert days.periods.astype(str).tolist() == ["2024-01-01", "2024-01-02", "2024-01-03"]
