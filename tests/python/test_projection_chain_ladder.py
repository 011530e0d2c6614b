"""Completed triangles: Mack's own tables, every way in, undefined errors, the chart."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenure as tn
from tenure.cohort import chain_ladder

CASES = json.loads((Path(__file__).resolve().parent.parent / "cases" / "projection.json").read_text())
MACK = CASES["taylor_ashe"]


def rows(runs):
    cells = [(i, age, value) for i, run in enumerate(runs) for age, value in enumerate(run)]
    return {name: [cell[at] for cell in cells] for at, name in enumerate(("cohort", "age", "amount"))}


def test_the_tables_of_mack_1993():
    completed = chain_ladder(rows(MACK["cumulative"]))
    np.testing.assert_allclose(completed.factors()["factor"], MACK["factors"], atol=5e-4)
    totals, overall = completed.totals(), completed.overall()
    np.testing.assert_allclose(totals["outstanding"], MACK["outstanding"], atol=0.5)
    np.testing.assert_allclose(totals["std_error"], MACK["std_error"], atol=0.5)
    assert overall["outstanding"][0] == pytest.approx(MACK["all"]["outstanding"], abs=0.5)
    assert overall["std_error"][0] == pytest.approx(MACK["all"]["std_error"], abs=0.5)
    factors = completed.factors()
    assert factors["extrapolated"].tolist() == [False] * 8 + [True]
    assert factors["cohorts"].tolist() == list(range(9, 0, -1))


def test_sums_along_the_ages_are_the_same_triangle():
    increments = [[run[0], *np.diff(run).tolist()] for run in MACK["cumulative"]]
    completed = chain_ladder(rows(increments), accumulate=True)
    assert completed.to_dict() == chain_ladder(rows(MACK["cumulative"])).to_dict()


def test_cells_are_complete_and_marked():
    completed = chain_ladder(rows([[100, 80, 72], [200, 170], [150]]))
    assert completed.columns == [
        "cohort", "age", "value", "std_error", "lower", "upper", "projected"
    ]  # fmt: skip
    assert len(completed) == 9
    assert completed["projected"].tolist() == [False, False, False, False, False, True, False, True, True]
    observed = ~completed["projected"]
    assert not completed["std_error"][observed].any()
    np.testing.assert_allclose(completed["value"][-2:], [150 * 250 / 300, 150 * 250 / 300 * 0.9])
    # Two cohorts have made the first step; nothing is known about how far the second one varies.
    assert completed.reason("std_error")[-2:] == ["", "too_few"]
    assert completed.reason("lower")[-1] == "too_few"
    assert completed["lower"][-2] < completed["value"][-2] < completed["upper"][-2]


@pytest.mark.parametrize(
    ("runs", "value", "error"),
    [
        ([[0, 0, 0], [0, 0], [0]], ["empty_base", "empty_base"], ["empty_base", "empty_base"]),
        ([[5, 0, 0], [4, 0], [3]], ["", "empty_base"], ["", "empty_base"]),
        ([[5, 4, 4], [0, 2, 2], [3, 3], [3]], ["", ""], ["not_estimated", "not_estimated"]),
    ],
)
def test_what_is_undefined_says_why(runs, value, error):
    completed = chain_ladder(rows(runs))
    assert completed.reason("value")[-2:] == value
    assert completed.reason("std_error")[-2:] == error
    assert completed.totals().reason("std_error")[-1] == error[-1]
    assert completed.overall().reason("std_error") == [error[-1]]


def test_one_cohort_is_complete_as_it_is():
    completed = chain_ladder(rows([[7, 6]]))
    assert not completed["projected"].any()
    assert completed.overall()["outstanding"].tolist() == [0.0]
    assert completed.factors().reason("std_error") == ["too_few"]


@given(
    st.lists(st.lists(st.integers(1, 500), min_size=1, max_size=6), min_size=1, max_size=6), st.integers(2, 9)
)
def test_scale_and_segments(runs, times):
    plain = chain_ladder(rows(runs))
    scaled = chain_ladder(rows([[times * value for value in run] for run in runs]))
    for name in ("value", "std_error", "upper"):
        assert scaled.reason(name) == plain.reason(name)
        np.testing.assert_allclose(
            np.ma.filled(scaled[name], 0), times * np.ma.filled(plain[name], 0), rtol=1e-9, atol=1e-6
        )
    doubled = rows(runs + runs) | {"plan": ["a"] * sum(map(len, runs)) + ["b"] * sum(map(len, runs))}
    both = chain_ladder(doubled, by="plan")
    assert both["plan"].tolist() == ["a"] * len(plain) + ["b"] * len(plain)
    np.testing.assert_array_equal(both["value"], np.ma.concatenate([plain["value"]] * 2))


def test_cohorts_of_a_book_know_their_measure():
    company = tn.sample.company(customers=200, months=18, seed=4).subscriptions
    book = tn.Book(
        company, customer="customer", start="start", end="end", amount="amount", interval_column="interval",
        quantity="quantity", currency="EUR", as_of="2025-06-30",
    )  # fmt: skip
    revenue, customers = book.cohorts(), book.cohorts(measure="customers")
    completed = revenue.complete()
    observed = ~completed["projected"]
    held = np.ma.asarray(revenue["amount"])
    np.testing.assert_allclose(completed["value"][observed], held.compressed(), rtol=1e-14)
    counts = np.ma.asarray(customers["customers"]).compressed()
    np.testing.assert_array_equal(customers.complete()["value"][observed], counts)
    assert chain_ladder(revenue, value="customers").to_dict() == customers.complete().to_dict()
    decimal = book.cohorts(money="decimal").complete()
    np.testing.assert_allclose(decimal["value"][observed], held.compressed(), atol=0.006)


def test_refusals():
    with pytest.raises(tn.InputError, match="there are no rows"):
        chain_ladder({"cohort": [], "age": [], "amount": []})
    with pytest.raises(tn.InputError, match="amount -2; must be >= 0") as caught:
        chain_ladder({"cohort": ["a", "a"], "age": [0, 1], "amount": [3, -2]})
    assert (caught.value.code, caught.value.row) == ("E_AMOUNT_NEGATIVE", 1)
    with pytest.raises(tn.OptionError, match="not between 0 and 1"):
        chain_ladder(rows([[1]]), confidence=1.0)


def test_projected_cells_are_hatched():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    completed = chain_ladder(rows([[100, 80, 72], [200, 170], [150]]))
    _, ax = plt.subplots()
    assert completed.plot(ax) is ax
    assert [patch.get_hatch() for patch in ax.patches] == ["////"] * 3
    assert sorted(patch.get_xy() for patch in ax.patches) == [(0.5, 1.5), (1.5, 0.5), (1.5, 1.5)]
    np.testing.assert_allclose(ax.images[0].get_array()[0], [1, 0.8, 0.72])
    cut = chain_ladder(rows([[1, 1], [2]]) | {"plan": ["a", "a", "b"]}, by="plan")
    assert cut.plot(segment="a").get_title(loc="left") == "Share of the first value, projected hatched"
    with pytest.raises(tn.OptionError, match="not one of the triangle's") as caught:
        cut.plot()
    assert caught.value.code == "E_SEGMENT"
    plt.close("all")
