"""Churn rates: over which days, of whom, and who is in them."""

import numpy as np
import pytest

import tenure as tn

ROLES = {"customer": "who", "start": "from", "end": "to", "amount": "price"}
ROWS = {
    "who": ["stays", "leaves", "shrinks", "shrinks", "joins", "comes and goes", "back", "back"],
    "from": ["2024-01-01"] * 3 + ["2024-03-10", "2024-03-05", "2024-03-10", "2024-01-01", "2024-03-20"],
    "to": [None, "2024-03-15", "2024-03-10", None, None, "2024-03-20", "2024-02-01", None],
    "price": [100, 40, 60, 30, 20, 50, 10, 10],
}


def churn(policy="standard", first="2024-03", last="2024-03", **options):
    return tn.Book(ROWS, **ROLES, policy=policy).churn(first, last, **options)


COLUMNS = [
    *("period", "window_start", "window_end", "opening_customers", "joined_customers", "lost_customers"),
    *("lost_joiners", "returned_customers", "renewing_customers", "customer_churn", "opening_mrr"),
    *("joined_mrr", "lost_joiners_mrr", "renewing_mrr", "churned_mrr", "contraction_mrr", "expansion_mrr"),
    *("reactivation_mrr", "mrr_churn", "gross_mrr_churn", "net_mrr_churn", "period_is_complete"),
]


def test_a_period_shows_who_and_what_was_lost():
    found = churn()
    assert isinstance(found, tn.Churn)
    assert found.columns == COLUMNS
    shown = {name: values[0] for name, values in found.to_dict().items()}
    assert (shown["window_start"].isoformat(), shown["window_end"].isoformat()) == (
        "2024-03-01",
        "2024-04-01",
    )
    assert (shown["opening_customers"], shown["lost_customers"], shown["returned_customers"]) == (3, 1, 1)
    assert (shown["opening_mrr"], shown["churned_mrr"], shown["contraction_mrr"]) == (200, 40, 30)
    assert shown["customer_churn"] == pytest.approx(1 / 3)
    assert (shown["mrr_churn"], shown["gross_mrr_churn"], shown["net_mrr_churn"]) == (0.2, 0.35, 0.3)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, 1 / 3),
        ({"netting": "none", "churn_numerator": "with_joiners"}, 2 / 3),
        ({"churn_numerator": "minus_reactivation"}, 0.0),
        ({"churn_denominator": "opening_plus_new"}, 1 / 4),
    ],
)
def test_the_policy_says_who_is_counted(options, expected):
    assert churn(tn.Policy(**options))["customer_churn"].tolist() == [pytest.approx(expected)]


def test_a_rolling_window_ends_with_the_period():
    found = churn(tn.Policy(window="rolling_10_days"))
    assert found["window_start"].astype(str).tolist() == ["2024-03-22"]
    assert found["window_end"].astype(str).tolist() == ["2024-04-01"]
    assert found["lost_customers"].tolist() == [0]


def test_days_are_periods_too():
    found = churn(first="2024-03-15", last="2024-03-16", period="day")
    assert found["lost_customers"].tolist() == [1, 0]


def test_nobody_to_lose_is_undefined():
    found = churn(first="2023-12", last="2024-01")
    assert found["customer_churn"].tolist() == [None, None]
    assert found.reason("gross_mrr_churn") == ["empty_base", "empty_base"]
    assert np.ma.is_masked(found["mrr_churn"])


def test_money_leaves_as_decimal_where_it_is_asked_for():
    assert str(churn(money="decimal")["churned_mrr"][0]) == "40.00"


def test_rates_are_drawn_and_shown():
    pytest.importorskip("matplotlib").use("Agg")
    axes = churn(first="2024-01", last="2024-04").plot()
    assert axes.get_title(loc="left") == "Churn"
    assert len(axes.get_lines()) == 3
    assert "customer churn" in churn()._repr_html_()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"first": "2024-04", "last": "2024-03"}, "E_WINDOW"),
        ({"period": "decade"}, "E_PERIOD_UNIT"),
        ({"money": "euro"}, "E_MONEY"),
    ],
)
def test_what_cannot_be_asked_is_refused(options, code):
    with pytest.raises(tn.Error) as caught:
        churn(**options)
    assert caught.value.code == code
