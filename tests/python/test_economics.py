"""Formulas of unit economics: published figures, relations, refusals; tests/cpp/economics reads them too."""

import cases
import numpy as np
import pytest
from economics_cases import figures_of
from hypothesis import given
from hypothesis import strategies as st
from shared_values import worked_example

import tenure as tn
from tenure import economics as eco

CASES = cases.read("economics")
SHARES = st.floats(0.001, 0.999)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_published_figure(case):
    found = figures_of(case["formula"], case["inputs"])
    for name, expected in case["expected"].items():
        assert found[name] == pytest.approx(expected, abs=max(case["tolerance"], 1e-12 * abs(expected)))


@pytest.mark.parametrize(
    "name", ["ltv-cm-01", "ltv-pg-01", "ltv-02", "cac-01", "life-01", "pay-01", "pay-02", "pay-03", "cacr-01"]
)
def test_every_record_about_unit_economics_is_a_case_as_strict_as_it_is(name):
    record = worked_example(name)
    mine = [case for case in CASES if case["id"] == name or case["id"].startswith(f"{name}-")]
    assert mine
    assert all(case["tolerance"] <= (record["tolerance"] or 0) for case in mine)


@given(arpa=st.floats(1, 1e5), churn=SHARES, margin=st.floats(-0.5, 1))
def test_constant_churn_is_margin_over_churn(arpa, churn, margin):  # L1
    assert eco.ltv_of(arpa, churn, margin=margin).value == pytest.approx(arpa * margin / churn, rel=1e-12)


@given(arpa=st.floats(1, 1e5), churn=SHARES, discount=st.floats(0, 0.3), horizon=st.integers(1, 120))
def test_a_horizon_is_the_sum_of_its_periods(arpa, churn, discount, horizon):
    kept = [(1 - churn) ** t for t in range(horizon)]
    formula = eco.ltv_of(arpa, churn, discount=discount, horizon=horizon).value
    assert formula == pytest.approx(eco.ltv_of_survival(arpa, kept, discount=discount).value, rel=1e-11)
    assert formula <= eco.ltv_of(arpa, churn, discount=discount).value * (1 + 1e-12)  # L3


@given(
    arpa=st.floats(1, 1e4),
    churn=SHARES,
    discount=st.floats(0, 0.3),
    first=st.integers(0, 60),
    rest=st.integers(0, 60),
)
def test_two_spans_are_the_first_and_the_rest_of_who_is_left(arpa, churn, discount, first, rest):  # L4
    kept = ((1 - churn) / (1 + discount)) ** first

    def over(periods):
        return eco.ltv_of(arpa, churn, discount=discount, horizon=periods).value

    assert over(first + rest) == pytest.approx(over(first) + kept * over(rest), rel=1e-11)


@given(margins=st.lists(st.integers(-50, 200)), cost=st.integers(1, 1000))
def test_payback_is_where_the_margin_is_the_cost(margins, cost):  # L7
    found = eco.crossing_of(margins, cost, over=True)
    sums = [sum(margins[:age]) for age in range(len(margins) + 1)]
    assert (found.value is None) == (max(sums) < cost)
    if found.value is None:
        assert found.reason == "not_reached"
        return
    whole = int(-(-found.value // 1)) - 1
    assert sums[whole] + (found.value - whole) * margins[whole] == pytest.approx(cost, rel=1e-12)
    assert eco.crossing_of(margins, cost, crossing="whole").value == whole + 1


def test_the_payments_of_a_period_may_come_at_its_end():
    assert eco.ltv_of(100, 0.25, discount=0.25).value == pytest.approx(250)
    assert eco.ltv_of(100, 0.25, discount=0.25, timing="end").value == pytest.approx(200)


def test_without_churn_ltv_is_undefined_zero_or_that_of_a_floor():
    assert eco.ltv_of(100, 0) == eco.Figure(None, "no_loss")
    assert eco.ltv_of(100, 0, zero_churn="zero").value == 0
    assert eco.ltv_of(100, 0, zero_churn="floor").value == pytest.approx(10_000)
    assert eco.ltv_of(100, 0, discount=0.25).value == pytest.approx(500)
    assert eco.ltv_of(100, -0.02).reason == "diverges"
    assert eco.lifetime_of(0).reason == "no_loss"


def test_what_has_no_value_says_why():
    assert eco.payback_of(100, 10, margin=0) == (None, "no_margin")
    assert eco.payback_years_of(-1).reason == "no_gain"
    assert eco.cac_ratio_of(1, 1, 0).reason == "no_spend"
    assert eco.magic_number_of(1, 0).reason == "no_spend"
    assert eco.burn_multiple_of(1, 0).reason == "no_gain"
    assert eco.sales_efficiency_of(1, 0).reason == "no_spend"
    assert eco.spend_share_of(1, 0).reason == "no_gain"
    assert eco.ltv_to_cac_of(8000, 0).reason == "no_spend"
    assert eco.ltv_to_cac_of(None, 10).reason == "empty_base"
    assert eco.crossing_of([1], 5).reason == "not_yet_observed"
    with pytest.raises(ValueError, match="there is no figure: no_spend"):
        float(eco.magic_number_of(1, 0))
    assert float(eco.rule_of_40_of(0.5, -0.25)) == 0.25


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: eco.ltv_of(1, 0.5, discount=-1.0), "discount -1.0; must be > -1"),  # DOM-13
        (lambda: eco.ltv_of(1, 0.5, margin=1.4), "margin 1.4; must be <= 1"),  # DOM-14
        (lambda: eco.ltv_of(1, 1.5), "churn 1.5; must be <= 1"),
        (lambda: eco.ltv_of(float("inf"), 0.5), "revenue inf; must be finite"),
        (lambda: eco.ltv_of(1, 0.5, floor=2), "floor 2.0; must be in 0..1"),
        (lambda: eco.ltv_of_survival(1, [1, 1.2]), "survival 1.2; must be in 0..1"),
        (lambda: eco.payback_of(1, 1, churn=-0.1), "churn -0.1; must be in 0..1"),
        (lambda: eco.payback_of(-1, 1), "cost -1.0; must be >= 0"),
        (lambda: eco.magic_number_of(1, -1), "spend -1.0; must be >= 0"),
        (lambda: eco.ltv_to_cac_of(5, -5), "cac -5.0; must be >= 0"),
        (lambda: eco.ltv_to_cac_of(float("nan"), 5), "ltv nan; must be finite"),
    ],
)
def test_rates_that_cannot_be_are_refused(ask, words):
    with pytest.raises(tn.InputError, match=words) as caught:
        ask()
    assert caught.value.code == "E_RATE_RANGE"


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda: eco.ltv_of(1, 0.5, horizon=-1), "E_HORIZON"),
        (lambda: eco.ltv_of_survival(1, [1, None]), "E_OPTION_TYPE"),
        (lambda: eco.crossing_of([1, None], 1), "E_OPTION_TYPE"),
        (lambda: eco.payback_of("100", 10), "E_OPTION_TYPE"),
        (lambda: eco.ltv_of(None, 0.5), "E_OPTION_TYPE"),
        (lambda: eco.lifetime_of(None), "E_OPTION_TYPE"),
        (lambda: eco.magic_number_of(1, None), "E_OPTION_TYPE"),
        (lambda: eco.ltv_to_cac_of("5", 5), "E_OPTION_TYPE"),
        (lambda: eco.ltv_of(1, 0.5, timing="middle"), "E_TIMING"),
        (lambda: eco.ltv_of(1, 0.5, zero_churn="never"), "E_ZERO_CHURN"),
        (lambda: eco.crossing_of([1], 1, crossing="soon"), "E_CROSSING"),
    ],
)
def test_options_that_are_not_known_are_refused(ask, code):
    with pytest.raises(tn.OptionError) as caught:
        ask()
    assert caught.value.code == code


def test_the_mean_value_of_customers_has_an_interval():
    values = [float(i % 7) for i in range(300)]
    value, lower, upper = eco.mean_value_of(values, confidence=0.95, replicates=200)
    assert lower.value < value.value < upper.value
    assert eco.mean_value_of(values, confidence=0.95, replicates=200)[1] == lower
    assert eco.mean_value_of([])[0].reason == "empty_base"
    with pytest.raises(tn.InputError, match="row 1"):
        eco.mean_value_of([1, float("nan")])
    for missing in ([1, None], np.ma.masked_array([1.0, 3.0], [False, True])):
        with pytest.raises(tn.InputError, match="row 1: there is no value") as caught:
            eco.mean_value_of(missing)
        assert (caught.value.code, caught.value.row) == ("E_AMOUNT_NULL", 1)
    refused = [
        ({"seed": -1}, "E_SEED"),
        ({"seed": 2**64}, "E_SEED"),
        ({"replicates": 100.5}, "E_OPTION_TYPE"),
    ]
    for options, code in refused:
        with pytest.raises(tn.OptionError) as caught:
            eco.mean_value_of([1, 2], **{"confidence": 0.9, **options})
        assert caught.value.code == code
