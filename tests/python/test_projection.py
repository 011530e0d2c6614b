"""Retention beyond the data: published and reference figures, every way in, limits, refusals, charts."""

import json
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared_values import read_table, reference_value

import tenure as tn
from tenure.cohort import RetentionCurve, project

CASES = json.loads((Path(__file__).resolve().parent.parent / "cases" / "projection.json").read_text())
PUBLISHED = CASES["fader_hardie"]
FITS = ("sbg_regular_fit8", "sbg_high_end_fit8", "sbg_high_end_fit5")


def rows(*runs, **more):
    """Cohorts "0", "1", ... in long form."""
    cells = [(str(i), age, count) for i, run in enumerate(runs) for age, count in enumerate(run)]
    names = ("cohort", "age", "customers")
    return {name: [cell[at] for cell in cells] for at, name in enumerate(names)} | more


def one(result, name):
    return result[name].tolist()[0]


@pytest.mark.parametrize("known", PUBLISHED["fits"], ids=lambda fit: f"{fit['segment']}-{fit['model']}")
def test_published_parameters(known):
    run = [10 * share for share in PUBLISHED[known["segment"]][: known["ages"]]]
    fit = project(rows(run), model=known["model"]).parameters()
    assert fit["model"][0] == known["model"]
    assert fit["outcome"][0] == "converged"
    for name in ("alpha", "beta", "c"):
        assert one(fit, name) == pytest.approx(known.get(name, 1.0), abs=known["tolerance"])
    assert one(fit, "log_likelihood") == pytest.approx(known["log_likelihood_per_1000"], abs=5e-4)


@pytest.mark.parametrize("name", FITS)
def test_reference_fits(name):
    entry = reference_value(name)
    run = read_table("conformance/data/fader_hardie_retention.csv", regular=float, high_end=float)
    observed = 8 if name.endswith("fit8") else 5
    projection = project(rows(run[entry["inputs"]["column"]][:observed]), periods=13 - observed)
    values, fit = entry["values"], projection.parameters()
    assert one(fit, "alpha") == pytest.approx(values["alpha"], rel=1e-5)
    assert one(fit, "beta") == pytest.approx(values["beta"], rel=1e-5)
    if "log_likelihood_per100" in values:
        assert one(fit, "log_likelihood") == pytest.approx(values["log_likelihood_per100"], abs=1e-9)
    np.testing.assert_allclose(100 * projection["fitted"], values["survival_pct"], rtol=1e-6)
    curve = projection.curve()
    np.testing.assert_allclose(100 * curve["survival"], values["survival_pct"], rtol=1e-6)
    if "retention" in values:
        np.testing.assert_allclose(curve["retention"][1:], values["retention"], rtol=1e-6)


def test_reference_residual_lifetimes():
    entry = reference_value("sbg_highend_derl")
    values, discount = entry["values"], entry["inputs"]["discount"]
    curve = RetentionCurve(values["alpha"], values["beta"])
    for renewal, expected in values["derl"].items():
        assert curve.residual_lifetime(int(renewal), discount=discount) == pytest.approx(expected, rel=1e-12)
    expected = values["expected_discounted_lifetime_t0"]
    assert curve.expected_lifetime(discount=discount) == pytest.approx(expected, rel=1e-12)
    shares = read_table("conformance/data/fader_hardie_retention.csv", high_end=float)["high_end"][:8]
    fitted = project(rows(shares), discount=discount)
    lifetimes = fitted.residual_lifetime(entry["inputs"]["n"])
    assert lifetimes["renewal"].tolist() == entry["inputs"]["n"]
    np.testing.assert_allclose(lifetimes["lifetime"], list(values["derl"].values()), rtol=1e-6)
    assert one(fitted.expected_lifetime(), "lifetime") == pytest.approx(expected, rel=1e-6)


def test_reference_curve():
    values = reference_value("sbg_curve_at_published_regular")["values"]
    curve = RetentionCurve(0.704, 1.182)
    np.testing.assert_allclose(curve.survival(range(13)), values["survival"], rtol=1e-12)
    np.testing.assert_allclose(curve.churn(range(1, 13)), values["churn_prob"], rtol=1e-12)
    assert curve.retention(3) == pytest.approx(curve.survival(3) / curve.survival(2), rel=1e-14)
    assert curve.survival([[0, 1], [2, 3]]).shape == (2, 2)
    assert repr(curve) == "RetentionCurve(alpha=0.704, beta=1.182, c=1)"


def test_each_cohort_goes_on_from_where_it_is():
    projection = project(rows([100, 80, 70, 64, 60], [50, 41, 37], [30]), periods=2)
    assert projection.columns == [
        "cohort", "age", "survival", "lower", "upper", "projected", "customers", "fitted"
    ]  # fmt: skip
    frame = projection.to_pandas()
    assert frame.groupby("cohort")["age"].max().tolist() == [6, 6, 6]
    assert frame.groupby("cohort")["projected"].sum().tolist() == [2, 4, 6]
    second = frame[frame["cohort"] == "1"].set_index("age")
    curve = projection.curve().to_pandas().set_index("age")["survival"]
    assert second.loc[2, ["survival", "lower", "upper"]].tolist() == [0.74] * 3
    for age in (3, 6):
        expected = 37 / 50 * curve[age] / curve[2]
        assert second.loc[age, "survival"] == pytest.approx(expected, rel=1e-12)
        assert second.loc[age, "customers"] == pytest.approx(50 * expected, rel=1e-12)
        assert second.loc[age, "lower"] < expected < second.loc[age, "upper"] <= 0.74
    assert (np.diff(second["survival"]) < 0).all()


def test_intervals_of_the_curve_are_narrower_and_wider_ones_hold_them():
    cells = rows([100, 80, 70, 64, 60, 57])

    def width(**options):
        projection = project(cells, **options)
        return (projection["upper"] - projection["lower"])[-1]

    assert width(interval="curve") < width() < width(confidence=0.99)
    tenfold = {**cells, "customers": [100 * count for count in cells["customers"]]}
    assert project(tenfold)["upper"][-1] - project(tenfold)["lower"][-1] < width() / 8


FRAMES = {
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "pyarrow": pa.table,
    "dict": dict,
    "duckdb": lambda columns: duckdb.from_arrow(pa.table(columns)),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_any_frame_in_and_out(kind):
    cells = rows([100, 80, 70, 64], [50, 41, 37])
    cells["cohort"] = [date(2024, 1 + int(name), 1) for name in cells["cohort"]]
    frame = FRAMES[kind](cells)
    found = project(frame, periods=1)
    assert found["cohort"].dtype == "datetime64[D]"
    expected = project(rows([100, 80, 70, 64], [50, 41, 37]), periods=1)
    assert found["survival"].tolist() == expected["survival"].tolist()
    assert type(found.to_native()).__module__.split(".")[0].strip("_") in {kind, "builtins"}


def test_order_of_rows_says_nothing_and_cohorts_are_sorted_by_value():
    cells = rows([100, 80, 70, 64], [50, 41, 37], [30, 26])
    cells["cohort"] = [{"0": 2, "1": 10, "2": 9}[name] for name in cells["cohort"]]
    found = project(cells, periods=1)
    shuffled = np.random.default_rng(1).permutation(len(cells["age"]))
    again = project({name: np.array(values)[shuffled] for name, values in cells.items()}, periods=1)
    assert found["cohort"].tolist() == sorted(found["cohort"].tolist())
    assert found.to_dict() == again.to_dict()


def test_segments_are_fitted_alone():
    first, second = [100, 80, 70, 64], [50, 30, 22, 18]
    cells = rows(first, second) | {"plan": ["pro"] * 4 + ["basic"] * 4}
    found = project(cells, by="plan", periods=2)
    assert found.columns[:3] == ["plan", "cohort", "age"]
    assert found["plan"].tolist() == ["basic"] * 6 + ["pro"] * 6
    alone = [project(rows(run), periods=2) for run in (second, first)]
    np.testing.assert_array_equal(found["survival"], np.concatenate([one["survival"] for one in alone]))
    assert found.parameters()["plan"].tolist() == ["basic", "pro"]
    assert found.residual_lifetime([1, 2], discount=0.1)["plan"].tolist() == ["basic"] * 2 + ["pro"] * 2
    assert project(cells, by=["plan"], periods=2).to_dict() == found.to_dict()


@pytest.mark.parametrize(
    ("runs", "edge", "last"),
    [
        ([[50, 50, 50]], "nobody_leaves", 1.0),
        ([[1, 1]], "nobody_leaves", 1.0),
        ([[40, 0, 0]], "all_leave", 0.0),
        ([[100, 60, 60, 60]], "two_kinds", 0.6),
        ([[1024, 512, 256, 128]], "all_alike", 0.5**5),
    ],
)
def test_limits_are_flagged(runs, edge, last):
    projection = project(rows(*runs), periods=6 - len(runs[0]), discount=0.1)
    fit = projection.parameters()
    assert (fit["outcome"][0], fit["edge"][0]) == ("at_bound", edge)
    assert fit.reason("alpha_std_error") == ["not_estimated"]
    assert projection["survival"][-1] == pytest.approx(last, abs=1e-4)
    # Of nobody left, nobody will be; where all are alike, limits are those of one chance for all.
    reason = "" if edge in {"all_leave", "all_alike"} else "not_estimated"
    assert projection.reason("lower")[-1] == reason
    assert projection.reason("fitted")[-1] == ""
    lifetime = projection.expected_lifetime().reason("upper")
    assert lifetime == ["" if edge == "all_alike" else "not_estimated"]


@pytest.mark.parametrize("runs", [[[5]], [[0, 0, 0]], [[10, 6]]])
def test_too_few_renewals_are_null_with_a_reason(runs):
    projection = project(rows(*runs), periods=1)
    fit = projection.parameters()
    assert fit["outcome"][0] == "too_few"
    assert {name: fit.reason(name)[0] for name in ("alpha", "beta", "log_likelihood")} == dict.fromkeys(
        ("alpha", "beta", "log_likelihood"), "too_few"
    )
    assert projection.reason("survival")[-1] == ("too_few" if runs[0][0] else "empty_base")
    assert projection.expected_lifetime(discount=0.1).reason("lifetime") == ["too_few"]
    assert np.ma.getmaskarray(projection.curve()["survival"]).all()


def test_cohorts_without_anybody_are_null():
    projection = project(rows([100, 80, 70, 64], [0, 0], [None, None]), periods=1)
    empty = projection["cohort"] == "1"
    assert set(np.array(projection.reason("survival"))[empty]) == {"empty_base"}
    assert "2" not in projection["cohort"]
    np.testing.assert_array_equal(projection["customers"][empty], 0)


def test_lifetimes_without_a_discount_may_have_no_limit():
    assert RetentionCurve(0.7, 1.2).expected_lifetime() is None
    assert RetentionCurve(2.5, 4).expected_lifetime() == pytest.approx(5.5 / 1.5, rel=1e-14)
    assert project(rows([1000, 631, 468, 382])).expected_lifetime().reason("lifetime") == ["diverges"]


@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=9).map(lambda run: sorted(run, reverse=True)),
    st.lists(st.integers(0, 300), min_size=1, max_size=9).map(lambda run: sorted(run, reverse=True)),
    st.sampled_from(["sbg", "bdw"]),
)
def test_any_counts_give_shares_or_reasons(first, second, model):
    projection = project(rows(first, second), model=model, periods=3)
    for name in ("survival", "lower", "upper", "fitted"):
        values = projection[name]
        held = values.compressed() if isinstance(values, np.ma.MaskedArray) else values
        assert np.isfinite(held).all()
        assert ((held >= 0) & (held <= 1)).all()
    low, middle, high = (np.ma.asarray(projection[name]) for name in ("lower", "survival", "upper"))
    assert not (low > middle + 1e-12).any()
    assert not (middle > high + 1e-12).any()
    assert projection.parameters()["outcome"][0] in {"converged", "at_bound", "too_few"}


def refused(cells, error=tn.InputError, **options):
    with pytest.raises(error) as caught:
        project(cells, **options)
    return caught.value


def test_cohorts_that_rise_are_refused_or_capped():
    cells = rows([10, 9], [100, 80, 85, 70])
    fault = refused(cells)
    assert (fault.code, fault.column, fault.row, fault.value) == ("E_COHORT_RISES", "customers", 4, "85")
    assert "cohort '1' has 85 at age 2 after 80" in str(fault)
    assert 'rises="cap"' in fault.hint
    capped = project(cells, rises="cap", periods=1)
    assert one(capped.parameters(), "log_likelihood") == one(
        project(rows([10, 9], [100, 85, 85, 70])).parameters(), "log_likelihood"
    )
    assert capped["survival"][capped["cohort"] == "1"][1] == 0.8  # what was observed stays


@pytest.mark.parametrize(
    ("change", "code", "row", "words"),
    [
        ({"age": [0, 1, 1, 0]}, "E_COHORT_TWICE", 2, "cohort '0' has two rows of age 1"),
        ({"age": [0, 1, 3, 0]}, "E_COHORT_GAP", 2, "cohort '0' has no value at age 2, but one at age 3"),
        ({"age": [0, 1, 2, 1]}, "E_COHORT_GAP", 3, "cohort '1' has no value at age 0"),
        ({"customers": [9, None, 7, 4]}, "E_COHORT_GAP", 2, "no value at age 1, but one at age 2"),
        ({"age": [0, 1, 2.5, 0]}, "E_NUMBER_WHOLE", 2, "age 2.5"),
        ({"age": [0, 1, None, 0]}, "E_NUMBER_WHOLE", 2, "is not a whole number"),
        ({"age": [0, -1, 2, 0]}, "E_NUMBER_RANGE", 1, "age -1; must be >= 0"),
        ({"customers": [9, 8, -7, 4]}, "E_AMOUNT_NEGATIVE", 2, "customers -7; must be >= 0"),
        ({"customers": [9, 8, float("inf"), 4]}, "E_AMOUNT_INF", 2, "infinite customers"),
        ({"cohort": ["0", None, "0", "1"]}, "E_KEY_NULL", 1, "a row without a cohort"),
    ],
)
def test_cells_that_make_no_sense(change, code, row, words):
    fault = refused(rows([9, 8, 7], [4]) | change)
    assert (fault.code, fault.row) == (code, row)
    assert words in str(fault)
    assert fault.hint


def test_tables_and_options_that_make_no_sense():
    cells = rows([9, 8, 7])
    assert refused(rows()).code == "E_NO_ROWS"
    assert refused(cells, customers="left").code == "E_COLUMN_MISSING"
    assert refused(cells, discount=-1.0).code == "E_RATE_RANGE"
    for options, code in (
        ({"model": "weibull"}, "E_OPTION"),
        ({"interval": "both"}, "E_OPTION"),
        ({"rises": "drop"}, "E_OPTION"),
        ({"periods": -1}, "E_PARAM"),
        ({"periods": 1.5}, "E_OPTION_TYPE"),
        ({"confidence": 95}, "E_CONFIDENCE"),
        ({"by": "survival"}, "E_COLUMN_DUPLICATE"),
    ):
        assert refused(cells | {"survival": [1, 2, 3]}, tn.OptionError, **options).code == code
    projection = project(cells)
    with pytest.raises(tn.OptionError, match="renewal 0; must be >= 1"):
        projection.residual_lifetime(0)
    with pytest.raises(tn.InputError, match=r"discount -2.0; must be > -1"):
        projection.expected_lifetime(discount=-2)
    with pytest.raises(tn.OptionError, match="alpha 0; must be > 0"):
        RetentionCurve(0, 1)
    with pytest.raises(tn.OptionError, match="ages have to be 1 or more"):
        RetentionCurve(1, 1).retention(0)


@pytest.fixture(scope="module")
def book():
    company = tn.sample.company(customers=300, months=24, seed=4).subscriptions
    return tn.Book(
        company, customer="customer", start="start", end="end", amount="amount", interval_column="interval",
        quantity="quantity", by=["plan"], currency="EUR", as_of="2025-06-30",
    )  # fmt: skip


def test_cohorts_of_a_book(book):
    cohorts = book.cohorts(by="plan")
    projection = cohorts.project(periods=6, rises="cap")
    assert projection.columns[:3] == ["plan", "cohort", "age"]
    assert projection["cohort"].dtype == "datetime64[D]"
    again = project(cohorts.to_pandas(), by="plan", periods=6, rises="cap")
    assert again.to_dict() == projection.to_dict()
    assert set(projection.parameters()["outcome"]) <= {"converged", "at_bound"}
    observed = ~projection["projected"]
    assert observed.sum() == (~np.ma.getmaskarray(cohorts["customers"])).sum()


def test_projected_shares_are_drawn_dashed_with_a_band():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    projection = project(rows([100, 80, 70, 64], [50, 41, 37]), periods=2)
    _, ax = plt.subplots()
    assert projection.plot(ax) is ax
    styles = [line.get_linestyle() for line in ax.lines]
    assert styles == ["-", "--", "-", "--"]
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [1, 0.8, 0.7, 0.64])
    np.testing.assert_allclose(ax.lines[1].get_ydata()[1:], projection["survival"][4:6])
    assert ax.lines[1].get_xdata().tolist() == [3, 4, 5]
    assert len(ax.collections) == 2
    plt.close("all")


def test_a_projection_shows_itself():
    projection = project(rows([100, 80, 70, 64]), periods=2)
    assert repr(projection).startswith("Projection: 6 rows, 2 of them projected")
    assert "projected" in projection._repr_html_()


@pytest.mark.parametrize("last", ["2024-03", "2024-04", "2025-12"])
def test_periods_that_nobody_has_seen_are_no_renewals(last):
    stays = np.random.default_rng(7).exponential(120.0, 300).astype(int) + 1
    start = np.full(300, np.datetime64("2023-01-01"))
    rows = {"who": np.arange(300), "from": start, "to": start + stays, "mrr": np.full(300, 10)}

    def cohorts(last, as_of):
        book = tn.Book(rows, customer="who", start="from", end="to", amount="mrr", as_of=as_of)
        return book.cohorts("2023-01", last, measure="customers")

    seen, whole = cohorts(last, "2024-04-15"), cohorts("2024-03", "2024-03-31")
    assert seen.project(periods=3).to_dict() == whole.project(periods=3).to_dict()
    assert seen.project().parameters().to_dict() == whole.project().parameters().to_dict()
    assert seen.complete().to_dict() == whole.complete().to_dict()
    running = 16  # April has begun, so that it shows, and nothing after it
    counts = seen.values()[0]
    assert np.ma.count(counts) == min(running, len(counts))
    assert seen.reason("customers")[running : len(counts)] == ["not_yet_observed"] * (len(counts) - running)
    assert np.ma.count(seen.average()) == min(running, len(counts))
    assert seen.average()[14] == whole.average()[14]


def test_without_a_complete_period_there_is_nothing_to_project():
    rows = {"who": [1, 2], "from": ["2024-01-10"] * 2, "mrr": [10, 20]}
    cohorts = tn.Book(rows, customer="who", start="from", amount="mrr", as_of="2024-01-20").cohorts(
        "2024-01", "2024-06"
    )
    assert np.ma.count(cohorts.values()) == 1
    assert len(cohorts.project()) == len(cohorts.complete()) == 0
    later = tn.Book(rows, customer="who", start="from", amount="mrr", as_of="2023-12-31")
    assert np.ma.count(later.cohorts("2024-01", "2024-02").values()) == 0
    assert np.ma.count(later.cohorts("2024-01", "2024-02").average()) == 0
