"""Faults of terms, invoice lines and policies: place, value, remedy, and a stable code."""

import math

import numpy as np
import pytest

import tenure as tn

# What is exchanged in two good rows, code, column, row, value, words of the message, words of the remedy.
TERMS = [
    (
        "DOM-04",
        {"status": ["active", "trial"], "amount": [10, 5000]},
        (
            "E_TRIAL_AMOUNT",
            "amount",
            1,
            "5000",
            "trial carries 5000; set trial='count' or 'ignore'",
            "policy",
        ),
    ),
    (
        "MON-28",
        {"discount_percent": [50, 120]},
        ("E_DISCOUNT_RANGE", "discount_percent", 1, "120", "make recurring revenue negative", "0 to 100"),
    ),
    (
        "a discount that raises the price",
        {"discount_percent": [-5, None]},
        ("E_DISCOUNT_RANGE", "discount_percent", 0, "-5", "raise the price", "50 is half off"),
    ),
    (
        "more off than the price",
        {"discount_amount": [10, 25]},
        ("E_DISCOUNT_RANGE", "discount_amount", 1, "25", "discount 25 on a price of 20", "up to the price"),
    ),
    (
        "NaN off",
        {"discount_amount": np.array([1.0, math.inf])},
        ("E_AMOUNT_INF", "discount_amount", 1, "inf", "infinite", ""),
    ),
    (
        "more tax than price",
        {"tax": [0, 21]},
        ("E_TAX_RANGE", "tax", 1, "21", "tax 21 of a price of 20", "part of the price that is tax"),
    ),
    (
        "a negative renewal",
        {"renewal_amount": [None, -1]},
        ("E_AMOUNT_NEGATIVE", "renewal_amount", 1, "-1", "negative recurring amount -1", "leave it null"),
    ),
    (
        "negative seats",
        {"quantity": [1, -3]},
        ("E_QUANTITY_RANGE", "quantity", 1, "-3", "quantity -3; must be 0 to", ""),
    ),
    (
        "negative invoiced seats",
        {"invoiced_quantity": [1, -3]},
        ("E_QUANTITY_RANGE", "invoiced_quantity", 1, "-3", "quantity -3; must be 0 to", "leave it null"),
    ),
    (
        "an unknown status",
        {"status": ["active", "canceled"]},
        ("E_ENUM", "status", 1, "canceled", "did you mean 'cancelled'?", "Known: active, trial, past_due"),
    ),
    (
        "DOM-01: an unknown kind",
        {"kind": ["upsell", "usage"]},
        ("E_ENUM", "kind", 0, "upsell", "is not known; did you mean", "Known: recurring, usage, one_time"),
    ),
    (
        "an unknown duration",
        {"discount_percent": [1, 1], "discount_duration": ["forever", "always"]},
        ("E_ENUM", "discount_duration", 1, "always", "is not known", "Known: forever, repeating, once"),
    ),
    (
        "TIM-02 beside terms",
        {"status": ["active"] * 2, "end": [None, "2023-01-01"]},
        ("E_PERIOD_REVERSED", "end", 1, "2023-01-01", "lies before start 2024-01-15", ""),
    ),
    (
        "KEY-01 beside terms",
        {"status": ["active"] * 2, "customer": ["a", None]},
        ("E_KEY_NULL", "customer", 1, "null", "missing customer id", "Give the row a customer"),
    ),
    (
        "KEY-14: phases that overlap",
        {"status": ["active", "paused"], "customer": ["a", "a"], "subscription": ["s1", "s1"]},
        ("E_OVERLAP", "subscription", 1, "s1", "subscription 's1' is live twice in 2024-01-15", ""),
    ),
    (
        "a day that does not exist",
        {"paid_through": ["2024-02-30", None]},
        ("E_DATE_INVALID", "paid_through", 0, "2024-02-30", "", ""),
    ),
]


def book(policy="standard", **changes):
    columns = {
        "customer": ["a", "b"],
        "start": ["2024-01-01", "2024-01-15"],
        "end": [None, None],
        "amount": [10, 20],
    } | changes
    return tn.Book(columns, **{name: name for name in columns}, policy=policy)


def check(error, expected):
    code, column, row, value, words, remedy = expected
    assert (error.code, error.column, error.row, error.value) == (code, column, row, value)
    assert words in error.message
    assert remedy in error.hint
    assert error.hint
    assert f"[{code}]" in str(error)
    assert f"row {row}" in str(error)


@pytest.mark.parametrize(
    ("changes", "expected"), [case[1:] for case in TERMS], ids=[case[0] for case in TERMS]
)
def test_a_bad_term_is_refused_with_place_value_and_remedy(changes, expected):
    with pytest.raises(tn.InputError) as caught:
        book(**changes)
    check(caught.value, expected)


def test_every_bad_row_of_a_kind_is_counted():
    with pytest.raises(tn.InputError) as caught:
        tn.Book(
            {"who": list(range(50)), "from": ["2024-01-01"] * 50, "price": [10] * 50, "off": [101] * 50},
            customer="who",
            start="from",
            amount="price",
            discount_percent="off",
        )
    assert caught.value.count == 50
    assert [fault.row for fault in caught.value.faults] == list(range(20))


LINES = [
    (
        "no start",
        {"service_start": ["2024-01-01", None]},
        (
            "E_SERVICE_PERIOD",
            "service_start",
            1,
            "null",
            "without service period: its start is missing",
            "leave",
        ),
    ),
    (
        "no end",
        {"service_end": [None, "2024-03-01"]},
        ("E_SERVICE_PERIOD", "service_end", 0, "null", "its end is missing", "the first day after it"),
    ),
    (
        "an empty period",
        {"service_end": ["2024-01-01", "2024-03-01"]},
        (
            "E_SERVICE_PERIOD",
            "service_end",
            0,
            "2024-01-01",
            "the service period is empty",
            "first day after",
        ),
    ),
    (
        "TIM-02 of a line",
        {"service_end": ["2023-12-31", "2024-03-01"]},
        ("E_PERIOD_REVERSED", "service_end", 0, "2023-12-31", "lies before start 2024-01-01", "Swap them"),
    ),
    (
        "a negative charge",
        {"amount": [10, -20]},
        ("E_AMOUNT_SIGN", "amount", 1, "-20", "a charge of -20", "credits and refunds negative"),
    ),
    (
        "a positive credit",
        {"kind": ["credit", "recurring"]},
        ("E_AMOUNT_SIGN", "amount", 0, "10", "a credit or refund of 10", "Charges are positive"),
    ),
    (
        "DOM-01: an unknown kind of line",
        {"kind": ["refunds", "recurring"]},
        (
            "E_ENUM",
            "kind",
            0,
            "refunds",
            "did you mean 'refund'?",
            "Known: recurring, usage, one_time, credit",
        ),
    ),
    (
        "more tax than amount",
        {"tax": [0, 21]},
        ("E_TAX_RANGE", "tax", 1, "21", "tax 21 in an amount of 20", "part of the amount that is tax"),
    ),
    (
        "a negative discount",
        {"discount": [-1, 0]},
        ("E_DISCOUNT_RANGE", "discount", 0, "-1", "negative discount -1", "positive amount"),
    ),
    (
        "KEY-01 of a line",
        {"customer": [None, "b"]},
        ("E_KEY_NULL", "customer", 0, "null", "missing customer id", "Give the row a customer"),
    ),
]


def lines(**changes):
    return {
        "customer": ["a", "b"],
        "service_start": ["2024-01-01", "2024-02-01"],
        "service_end": ["2024-02-01", "2024-03-01"],
        "amount": [10, 20],
    } | changes


@pytest.mark.parametrize(
    ("changes", "expected"), [case[1:] for case in LINES], ids=[case[0] for case in LINES]
)
def test_a_bad_line_is_refused_with_place_value_and_remedy(changes, expected):
    columns = lines(**changes)
    with pytest.raises(tn.InputError) as caught:
        tn.Book.from_invoices(columns, **{name: name for name in columns}, policy="chartmogul")
    check(caught.value, expected)


POLICIES = [
    ({"past_du": "counted"}, "E_POLICY_OPTION", "did you mean 'past_due'?"),
    ({"churn_at": "requested"}, "E_POLICY_VALUE", "did you mean 'request'?"),
    ({"discounts": "recuring"}, "E_POLICY_VALUE", "did you mean 'recurring'?"),
    ({"past_due": "churn_after_0_days"}, "E_POLICY_VALUE", "is not a value of this option"),
    ({"reactivation": "within_90"}, "E_POLICY_VALUE", "did you mean"),
    ({"gap_days": -1}, "E_POLICY_VALUE", "is not a value of this option"),
    ({"interval_factor_week": "52/0"}, "E_POLICY_VALUE", "is not a value of this option"),
    ({"usage": "only", "one_time": "only"}, "E_POLICY_PAIR", "either of usage or of one-time charges"),
    ({"mrr_source": "payment", "trial": "count"}, "E_POLICY_PAIR", "nobody pays for a trial"),
    ({"paused": "unchanged", "pause_movement": "own"}, "E_POLICY_PAIR", "a pause that changes nothing"),
    ({"movement_grain": "item", "plan_switch": "legs"}, "E_POLICY_PAIR", "an item has one product"),
    ({"churn_numerator": "with_joiners"}, "E_POLICY_PAIR", "when only its ends are compared"),
    ({"window": "daily_sum", "churn_denominator": "up_for_renewal"}, "E_POLICY_PAIR", "on one day"),
]


@pytest.mark.parametrize(("options", "code", "words"), POLICIES)
def test_an_impossible_policy_is_refused_with_the_nearest_name_or_the_reason(options, code, words):
    with pytest.raises(tn.OptionError) as caught:
        book(policy=tn.Policy("standard", **options))
    assert caught.value.code == code
    assert words in caught.value.message
    assert caught.value.hint


def test_an_unknown_preset_is_refused_with_the_nearest():
    with pytest.raises(tn.OptionError, match="did you mean 'chartmogul'") as caught:
        tn.Policy("chartmogull")
    assert (caught.value.code, caught.value.value) == ("E_POLICY", "chartmogull")
    assert "killbill" in caught.value.hint


def test_policies_without_a_common_base_cannot_be_compared():
    held = book(status=["active", "active"])
    with pytest.raises(tn.OptionError, match="daily_sum") as caught:
        held.reconcile("standard", "chartmogul_shopify", at="2024-02", metric="customer_churn")
    assert caught.value.code == "E_POLICY_INCOMPARABLE"
    assert caught.value.hint


def test_retention_of_nobody_is_undefined_and_never_a_number():  # DOM-05
    held = book(policy="stripe", status=["active", "active"])
    kept = held.net_retention("2023-12", "2023-12", horizon=1).to_dict()
    assert (kept["nrr"], kept["grr"], kept["logo_retention"]) == ([None], [None], [None])
    lost = held.churn("2023-11", "2023-12").to_dict()
    for name in ("customer_churn", "mrr_churn", "gross_mrr_churn", "net_mrr_churn"):
        assert lost[name] == [None, None]


def test_a_book_that_could_not_be_read_again_is_as_before():
    held = book(policy=tn.Policy(trial="ignore"), status=["active", "trial"], amount=[10, 5000])
    before = held.waterfall("2024-01", "2024-02").to_dict()
    with pytest.raises(tn.InputError) as caught:
        held.under("standard")
    assert caught.value.code == "E_TRIAL_AMOUNT"
    assert held.waterfall("2024-01", "2024-02").to_dict() == before
    assert held.policy == tn.Policy(trial="ignore")
