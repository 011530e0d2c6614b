"""Buy-till-you-die models: published fits, figures of other packages, intervals, and each fault."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_values import read_table, reference_value

import tenure as tn
from tenure.economics import BetaGeo, ModifiedBetaGeo, ParetoNBD

mpl.use("Agg")

PUBLISHED = BetaGeo.from_parameters(r=0.243, alpha=4.414, a=0.793, b=2.426)
FEW = {"frequency": [2, 1, 0], "recency": [30.43, 1.71, 0], "T": [38.86, 38.86, 38.86]}
MODELS = [BetaGeo, ModifiedBetaGeo, ParetoNBD]


@pytest.fixture(scope="module")
def cdnow():
    return read_table("conformance/data/cdnow_summary.csv", ID=int, frequency=int, recency=float, T=float)


def sample(cdnow, count, seed):
    rows = np.random.default_rng(seed).choice(len(cdnow["T"]), count, replace=False)
    return {name: np.asarray(cdnow[name])[rows] for name in ("frequency", "recency", "T")}


@pytest.mark.parametrize(
    ("model", "entry", "relative"),
    [
        (BetaGeo, "bgnbd_cdnow_fit", 1e-6),
        (ModifiedBetaGeo, "mbgnbd_cdnow_fit", 1e-6),
        (ParetoNBD, "paretonbd_cdnow_fit", 0.002),
    ],
)
def test_fits_are_the_published_ones(cdnow, model, entry, relative):
    values = reference_value(entry)["values"]
    fit = model().fit(cdnow)
    assert fit.outcome == "converged"
    for name, value in fit.parameters.items():
        assert value == pytest.approx(values[name], rel=relative)
    assert fit.log_likelihood == pytest.approx(
        values["log_likelihood"], abs=0.005 if "se" in values else 1e-6
    )
    assert fit.log_likelihood_of(cdnow) == pytest.approx(fit.log_likelihood, rel=1e-12)
    for name, error in values.get("se", {}).items():
        assert fit.std_errors[name] == pytest.approx(error, rel=2e-3)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(list(fit.std_errors.values()))


def test_log_likelihoods_at_the_published_parameters(cdnow):
    values = reference_value("bgnbd_cdnow_loglik_at_published")["values"]
    assert PUBLISHED.log_likelihood_of(cdnow) == pytest.approx(values["total"], rel=1e-10)
    for customer, value in values["per_customer"].items():
        row = {name: column[int(customer) - 1 : int(customer)] for name, column in cdnow.items()}
        assert PUBLISHED.log_likelihood_of(row) == pytest.approx(value, rel=1e-10)


def test_conditional_expectations(cdnow):
    values = reference_value("bgnbd_cdnow_condexp_39w")["values"]
    expected = PUBLISHED.conditional_expected_purchases(39, cdnow)["expected_purchases"]
    assert expected.sum() == pytest.approx(values["sum"], rel=1e-10)
    for customer, value in values["per_customer"].items():
        assert expected[int(customer) - 1] == pytest.approx(value, rel=1e-10)


def test_expectations_and_counts_of_new_customers():
    entry = reference_value("bgnbd_expected_purchases")
    found = PUBLISHED.expected_purchases(entry["inputs"]["t"])
    assert found.columns == ["t", "expected_purchases"]
    assert found["expected_purchases"] == pytest.approx(entry["values"]["expected"], rel=1e-9)
    entry = reference_value("bgnbd_pmf")
    found = PUBLISHED.probability_of_purchases(30, entry["inputs"]["n"])
    assert found["n"].tolist() == entry["inputs"]["n"]
    assert found["probability"] == pytest.approx(entry["values"]["pmf"], abs=1e-8)
    assert PUBLISHED.probability_of_purchases(39, 0)["probability"][0] == pytest.approx(0.5737864, abs=5e-7)
    assert PUBLISHED.probability_of_purchases(2, 10)["probability"][0] == pytest.approx(
        1.07869e-07, abs=1e-12
    )


@pytest.mark.parametrize("model", MODELS)
def test_sixty_customers_always_return(cdnow, model):
    outcomes = []
    for seed in range(12):
        few = sample(cdnow, 60, seed)
        fit = model().fit(few)
        outcomes.append(fit.outcome)
        assert all(np.isfinite(value) and value > 0 for value in fit.parameters.values())
        expected = fit.conditional_expected_purchases(39, few, interval="delta")
        assert np.isfinite(expected["expected_purchases"]).all()
        if fit.outcome == "at_bound":
            assert fit.covariance is None
            assert set(fit.std_errors.values()) == {None}
            assert set(fit.summary().reason("std_error")) == {"not_estimated"}
            assert set(expected.reason("lower")) == {"not_estimated"}
        # The penalty draws parameters down, so it ends flights to infinity, not those to 0.
        penalised = model(penalty=0.01).fit(few)
        assert max(penalised.parameters.values()) < 100 * max(few["T"])
    assert set(outcomes) <= {"converged", "at_bound"}
    assert "at_bound" in outcomes or model is not BetaGeo


@pytest.mark.parametrize("model", MODELS)
def test_weights_are_copies_and_threads_change_nothing(cdnow, model):
    few = sample(cdnow, 400, 1)
    copies = {name: np.concatenate([values, values]) for name, values in few.items()}
    twice = model(threads=1).fit(copies)
    weighted = model(threads=3).fit({**few, "count": [2] * 400}, weight="count")
    assert list(twice.parameters.values()) == pytest.approx(list(weighted.parameters.values()), rel=1e-6)
    assert twice.log_likelihood == pytest.approx(weighted.log_likelihood, rel=1e-12)
    again = model(threads=4).fit(copies)
    assert again.parameters == twice.parameters
    assert again.log_likelihood == twice.log_likelihood


@pytest.mark.parametrize("way", ["delta", "draws", "bootstrap"])
@pytest.mark.parametrize("model", MODELS)
def test_intervals_hold_the_value_and_agree_with_each_other(cdnow, model, way):
    fit = model().fit(sample(cdnow, 1000, 3))
    how = {"interval": way, "replicates": 200, "seed": 4}
    alive = fit.probability_alive(FEW, **how)
    assert alive.columns == ["probability_alive", "lower", "upper"]
    expected = fit.conditional_expected_purchases(39, FEW, **how)
    fresh = fit.expected_purchases([1, 39], **how)
    counted = fit.probability_of_purchases(39, [0, 3], **how)
    for result in (alive, expected, fresh, counted):
        name = result.columns[-3]
        assert (result["lower"] <= result[name]).all()
        assert (result[name] <= result["upper"]).all()
        assert (result["lower"] >= 0).all()
    assert (alive["upper"] <= 1).all()
    delta = fit.expected_purchases([1, 39], interval="delta")
    width, reference = fresh["upper"] - fresh["lower"], delta["upper"] - delta["lower"]
    assert width[0] == pytest.approx(reference[0], rel=0.4)  # far ahead the ways differ: predictions are bent
    narrow = fit.expected_purchases([1, 39], confidence=0.5, **how)
    assert (narrow["upper"] - narrow["lower"] < width).all()
    assert fit.expected_purchases([1, 39], **how).to_dict() == fresh.to_dict()


def test_the_summary(cdnow):
    summary = BetaGeo().fit(pl.DataFrame(cdnow)).summary()
    assert summary.columns == ["parameter", "value", "std_error", "lower", "upper"]
    assert summary["parameter"].tolist() == ["r", "alpha", "a", "b"]
    assert (summary["lower"] > 0).all()
    half = 1.959963984540054 * summary["std_error"] / summary["value"]
    upper = summary["value"] * np.exp(half)
    assert summary["upper"].tolist() == pytest.approx(upper.tolist(), rel=1e-6)
    assert isinstance(summary.to_native(), pl.DataFrame)


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table, dict])
def test_any_frame_and_any_names(make):
    columns = {"orders": FEW["frequency"], "last": FEW["recency"], "age": FEW["T"]}
    names = {"frequency": "orders", "recency": "last", "age": "age"}
    found = PUBLISHED.probability_alive(make(columns), **names)
    assert found["probability_alive"][2] == 1
    assert isinstance(found.to_native(), type(make(columns)))
    fit = BetaGeo(penalty=0.01).fit(make(columns), **names)
    assert len(fit.probability_alive(make(columns))) == 3  # the names of the fit are kept


@given(
    st.lists(st.floats(-3, 3).map(np.exp), min_size=4, max_size=4),
    st.integers(0, 60),
    st.floats(0, 1),
    st.floats(0.01, 500),
    st.floats(0, 500),
)
@settings(deadline=None)
def test_predictions_are_numbers_within_their_range(parameters, x, share, age, t):
    row = {"frequency": [x], "recency": [share * age if x else 0], "T": [age]}
    for model in MODELS:
        fitted = model.from_parameters(**dict(zip(model._names, parameters, strict=True)))
        alive = fitted.probability_alive(row)["probability_alive"][0]
        assert 0 <= alive <= 1
        assert x > 0 or model is not BetaGeo or alive == 1
        expected = fitted.conditional_expected_purchases(t, row)["expected_purchases"][0]
        assert 0 <= expected < np.inf
        assert expected <= fitted.conditional_expected_purchases(t + 1, row)["expected_purchases"][0] * (
            1 + 1e-9
        )
        assert 0 <= fitted.probability_of_purchases(t, x)["probability"][0] <= 1


@pytest.mark.parametrize(
    ("column", "value", "code", "words"),
    [
        ("frequency", -1, "E_RFM_FREQUENCY", "frequency -1; must be a whole number"),
        ("frequency", 1.5, "E_RFM_FREQUENCY", "frequency 1.5"),
        ("frequency", None, "E_RFM_FREQUENCY", "frequency nan"),
        ("recency", 50, "E_RFM_RECENCY", "recency 50 is above the age 38.86"),
        ("recency", -1, "E_RFM_RECENCY", "recency -1"),
        ("T", float("inf"), "E_RFM_AGE", "age inf"),
        ("T", None, "E_RFM_AGE", "age nan"),
    ],
)
def test_rows_that_no_customer_can_have(column, value, code, words):
    rows = {name: list(values) for name, values in FEW.items()}
    rows[column][1] = value
    for call in (BetaGeo().fit, PUBLISHED.probability_alive, ParetoNBD().fit):
        with pytest.raises(tn.InputError, match=words) as raised:
            call(rows)
        assert (raised.value.code, raised.value.row, raised.value.column) == (code, 1, column)


def test_other_faults_of_rows():
    with pytest.raises(tn.InputError, match="frequency 0 needs recency 0; it is 3") as raised:
        BetaGeo().fit({"frequency": [0], "recency": [3], "T": [5]})
    assert raised.value.code == "E_RFM_ZERO"
    with pytest.raises(tn.InputError, match="weight 0; must be above 0") as raised:
        BetaGeo().fit({**FEW, "n": [1, 0, 1]}, weight="n")
    assert (raised.value.code, raised.value.column) == ("E_WEIGHT", "n")
    with pytest.raises(tn.InputError, match="there are no customers to fit a model to") as raised:
        ModifiedBetaGeo().fit({"frequency": [], "recency": [], "T": []})
    assert raised.value.code == "E_NO_ROWS"
    with pytest.raises(tn.InputError, match=r"column .T. not found|did you mean") as raised:
        BetaGeo().fit({"frequency": [1], "recency": [1], "t": [1]})
    assert raised.value.code == "E_COLUMN_MISSING"
    with pytest.raises(tn.InputError, match="numbers") as raised:
        BetaGeo().fit({"frequency": ["one"], "recency": [1], "T": [1]})
    assert raised.value.code == "E_TYPE"
    assert len(PUBLISHED.probability_alive({"frequency": [], "recency": [], "T": []})) == 0


@pytest.mark.parametrize(
    ("call", "code", "words"),
    [
        (lambda: BetaGeo().expected_purchases(1), "E_NOT_FITTED", "this BetaGeo has no parameters yet"),
        (lambda: BetaGeo.from_parameters(r=1, alpha=1), "E_PARAM", "the parameters are r, alpha, a, b"),
        (lambda: ParetoNBD.from_parameters(r=1, alpha=0, s=1, beta=1), "E_PARAM", "alpha=0; must be above 0"),
        (lambda: BetaGeo(penalty=-1).fit(FEW), "E_PARAM", "penalty=-1; must be 0 or above"),
        (lambda: BetaGeo(threads=0), "E_THREADS", "threads=0 is not above 0"),
        (lambda: PUBLISHED.expected_purchases(-1), "E_PARAM", "t=-1; must be 0 or above"),
        (lambda: PUBLISHED.expected_purchases(float("nan")), "E_PARAM", "t=nan"),
        (lambda: PUBLISHED.probability_of_purchases(1, -1), "E_PARAM", "n=-1; must be 0 or above"),
        (lambda: PUBLISHED.expected_purchases(1, interval="magic"), "E_INTERVAL_WAY", "interval='magic'"),
        (lambda: PUBLISHED.expected_purchases(1, interval="delta", seed=-1), "E_SEED", "seed=-1"),
        (lambda: PUBLISHED.expected_purchases(1, interval="draws", seed=2**64), "E_SEED", "seed=1844"),
        (lambda: PUBLISHED.expected_purchases(1, interval="draws", seed=1.5), "E_OPTION_TYPE", "seed=1.5"),
        (
            lambda: PUBLISHED.expected_purchases(1, interval="draws", replicates=100.5),
            "E_OPTION_TYPE",
            "replicates=100.5",
        ),
        (lambda: PUBLISHED.expected_purchases(1, confidence="0.9"), "E_OPTION_TYPE", "confidence='0.9'"),
        (lambda: BetaGeo.from_parameters(r="1", alpha=1, a=1, b=1), "E_OPTION_TYPE", "r='1' is not a number"),
        (lambda: PUBLISHED.summary(confidence=2), "E_CONFIDENCE", "a confidence of 2 is not between"),
        (
            lambda: BetaGeo(penalty=1).fit(FEW).expected_purchases(1, interval="bootstrap", replicates=3),
            "E_BOOTSTRAP",
            "3 replicates are too few",
        ),
    ],
)
def test_options_are_refused(call, code, words):
    with pytest.raises(tn.OptionError, match=words) as raised:
        call()
    assert raised.value.code == code


def test_known_parameters_have_no_intervals():
    found = PUBLISHED.expected_purchases([1, 2], interval="bootstrap")
    assert (
        found["expected_purchases"].tolist()
        == PUBLISHED.expected_purchases([1, 2])["expected_purchases"].tolist()
    )
    assert set(found.reason("lower")) == {"not_estimated"}
    assert PUBLISHED.covariance is None
    with pytest.raises(TypeError, match="unexpected keyword argument 'age_column'"):
        PUBLISHED.probability_alive(FEW, age_column="T")


def test_given_parameters_claim_no_fit():
    for model in (
        PUBLISHED,
        ParetoNBD.from_parameters(threads=1, r=0.553, alpha=10.578, s=0.606, beta=11.669),
    ):
        assert (model.outcome, model.log_likelihood) == ("given", None)
        assert set(model.std_errors.values()) == {None}
    assert BetaGeo(penalty=0.1).fit(FEW).outcome != "given"


def test_weights_are_of_likelihoods_only():
    weighted = {**FEW, "n": [2, 1, 1]}
    once = PUBLISHED.log_likelihood_of(FEW)
    first = PUBLISHED.log_likelihood_of({name: values[:1] for name, values in FEW.items()})
    assert PUBLISHED.log_likelihood_of(weighted, weight="n") == pytest.approx(once + first, rel=1e-12)
    for call in (
        PUBLISHED.probability_alive,
        lambda *a, **k: PUBLISHED.conditional_expected_purchases(1, *a, **k),
    ):
        with pytest.raises(TypeError, match="unexpected keyword argument 'weight'"):
            call(weighted, weight="n")


def test_shown(cdnow):
    assert repr(BetaGeo()) == "BetaGeo(not fitted)"
    assert repr(PUBLISHED) == "BetaGeo(r=0.243, alpha=4.414, a=0.793, b=2.426)"
    fit = BetaGeo().fit(cdnow)
    shown = "alpha=4.414, a=0.7929, b=2.426; 2,357 customers, log likelihood -9582.4, converged)"
    assert repr(fit) == "BetaGeo(r=0.2426, " + shown
    assert "<table" in fit.summary()._repr_html_()
    fit.probability_alive(cdnow).plot()
    axes = fit.expected_purchases([1, 20, 39], interval="delta").plot()
    assert axes.get_xlabel() == "time since the first purchase"
    assert fit.probability_of_purchases(39, range(5)).plot().get_xlabel() == "purchases"
