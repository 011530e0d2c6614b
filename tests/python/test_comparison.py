"""Comparisons between forecasts: Diebold-Mariano, the model confidence set, skill."""

import math
import random

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenure as tn
from tenure import forecast


def published_sample(source, size):
    """Python 2's random.sample(range(size), size)."""
    pool, drawn = list(range(size)), []
    for i in range(size):
        j = int(source.random() * (size - i))
        drawn.append(float(pool[j]))
        pool[j] = pool[size - i - 1]
    return drawn


def beyond(statistic, degrees):
    """P(|T| > statistic) of Student's t: its density integrated."""
    places, weights = np.polynomial.legendre.leggauss(200)
    inside = (places + 1) / 2 * math.atan(abs(statistic) / math.sqrt(degrees))  # t = sqrt(degrees) tan
    log_beta = math.lgamma(0.5) + math.lgamma(degrees / 2) - math.lgamma((degrees + 1) / 2)
    width = math.atan(abs(statistic) / math.sqrt(degrees))
    return 1 - float(np.dot(weights, np.cos(inside) ** (degrees - 1))) * width / math.exp(log_beta)


def by_hand(d, horizon=1, *, bartlett=False):
    """The statistic of Harvey, Leybourne and Newbold, and its p-value."""
    n, mean = len(d), np.mean(d)
    covariances = [np.sum((d[k:] - mean) * (d[: n - k] - mean)) / n for k in range(horizon)]
    weights = [1.0] + [2 * ((1 - k / horizon) if bartlett else 1) for k in range(1, horizon)]
    variance = np.dot(weights, covariances) / n
    if variance <= 0:
        return by_hand(d)
    h = horizon
    statistic = mean / math.sqrt(variance) * math.sqrt((n + 1 - 2 * h + h * (h - 1) / n) / n)
    return statistic, beyond(statistic, n - 1)


def rows_of(actual, **forecasts):
    return {"t": np.arange(len(actual)), "actual": actual, **forecasts}


def noisy(points=60, seed=3):
    rng = np.random.default_rng(seed)
    actual = 100 + rng.normal(0, 5, points)
    near, far = actual + rng.normal(0, 1, points), actual + rng.normal(0, 4, points)
    return rows_of(actual, near=near, other=actual + rng.normal(0, 1, points), far=far)


def test_published_example():
    """github.com/johntwk/Diebold-Mariano-Test, README: seed 123, three samples of range(100)."""
    source = random.Random(123)
    actual, first, second = (published_sample(source, 100) for _ in range(3))
    rows = rows_of(actual, a=first, b=second)
    expected = {
        "absolute": (1.3275742446369585, 0.18737195617455585),
        "squared": (1.2112523589452902, 0.22868210381769466),
    }
    for loss, (statistic, p_value) in expected.items():
        found = forecast.diebold_mariano(rows, forecast=["a", "b"], period="t", loss=loss)
        assert found["statistic"][0] == pytest.approx(statistic, rel=1e-12)
        assert found["p_value"][0] == pytest.approx(p_value, rel=1e-12)


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50), st.integers(1, 50)), min_size=6, max_size=40),
    st.integers(1, 4),
    st.sampled_from(["squared", "absolute", "percentage"]),
    st.sampled_from(["rectangular", "bartlett"]),
)
def test_is_the_formula(points, horizon, loss, variance):
    actual, a, b = (np.array(values, float) for values in zip(*points, strict=True))
    rows = rows_of(actual, a=a, b=b)
    options = {"forecast": ["a", "b"], "period": "t", "loss": loss, "variance": variance}
    found = forecast.diebold_mariano(rows, horizon=horizon, **options)
    cost = {
        "squared": lambda f: (f - actual) ** 2,
        "absolute": lambda f: abs(f - actual),
        "percentage": lambda f: abs(f - actual) / actual,
    }[loss]
    d = cost(a) - cost(b)
    if found.reason("statistic")[0]:
        assert found.reason("statistic") == ["no_variation"]
        assert np.ptp(d) < 1e-12
        return
    if abs(np.std(d)) < 1e-9:
        return
    statistic, p_value = by_hand(d, horizon, bartlett=variance == "bartlett")
    assert found["mean_difference"][0] == pytest.approx(np.mean(d), rel=1e-10, abs=1e-12)
    assert found["statistic"][0] == pytest.approx(statistic, rel=1e-8, abs=1e-9)
    assert found["p_value"][0] == pytest.approx(p_value, rel=1e-7, abs=1e-9)


def test_every_two_of_each_series_and_overall():
    rows = noisy(40)
    doubled = {name: np.concatenate([values, values]) for name, values in rows.items()}
    doubled["id"] = ["one"] * 40 + ["two"] * 40
    found = forecast.diebold_mariano(doubled, forecast=["near", "other", "far"], period="t", series="id")
    assert found["id"].tolist() == ["one"] * 3 + ["two"] * 3
    assert found["first"].tolist()[:3] == ["near", "near", "other"]
    assert found["second"].tolist()[:3] == ["other", "far", "far"]
    alone = forecast.diebold_mariano(rows, forecast=["near", "other", "far"], period="t")
    pooled = found.overall()
    assert pooled.columns[0] == "first"
    for name in ("statistic", "p_value", "mean_difference"):
        assert found[name].tolist() == alone[name].tolist() * 2
        assert pooled[name].tolist() == alone[name].tolist()
    assert pooled["points"].tolist() == [40] * 3


def test_overall_is_the_mean_loss_at_each_time_by_segment():
    rows = {
        "id": [1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3],
        "plan": ["a"] * 7 + ["b"] * 4,
        "t": [1, 2, 3, 4, 2, 3, 4, 1, 2, 3, 4],
        "actual": [0.0] * 11,
        "x": [1, 2, 3, 4, 4, 1, 2, 1, 5, 2, 2],
        "y": [2, 2, 1, 1, 1, 3, 1, 1, 1, 1, 3],
    }
    found = forecast.diebold_mariano(
        rows, forecast=["x", "y"], period="t", series="id", by="plan", loss="absolute"
    ).overall()
    assert found["plan"].tolist() == ["a", "b"]
    a = np.array([1 - 2, (2 + 4) / 2 - (2 + 1) / 2, (3 + 1) / 2 - 2, 3 - 1])
    b = np.array([0.0, 4, 1, -1])
    assert found["mean_difference"].tolist() == pytest.approx([a.mean(), b.mean()], rel=1e-14)
    assert found["statistic"].tolist() == pytest.approx([by_hand(a)[0], by_hand(b)[0]], rel=1e-12)


def test_a_variance_below_zero_is_said():
    d = np.array([1.5, 0.5, 1.5, 0.5, 1.5, 0.5, 1.5, 0.5])  # alternates around 1
    rows = rows_of(np.zeros(8), a=1 + d, b=np.ones(8))
    found = forecast.diebold_mariano(rows, forecast=["a", "b"], period="t", loss="absolute", horizon=2)
    assert found["horizon"].tolist() == [1]
    assert [(note.code, note.count, note.rows) for note in found.notes] == [("N_VARIANCE", 1, (0,))]
    assert "not above 0 at horizon 2" in found.notes[0].message
    steady = forecast.diebold_mariano(
        rows, forecast=["a", "b"], period="t", loss="absolute", horizon=2, variance="bartlett"
    )
    assert steady.notes == []


def test_one_sided_and_large_samples():
    rows = noisy()

    def p_value(**options):
        return forecast.diebold_mariano(rows, forecast=["near", "far"], period="t", **options)["p_value"][0]

    assert p_value(alternative="less") + p_value(alternative="greater") == pytest.approx(1)
    assert p_value(alternative="less") < 0.001
    normal = forecast.diebold_mariano(rows, forecast=["near", "far"], period="t", small_sample=False)
    assert normal["p_value"][0] == pytest.approx(
        math.erfc(abs(normal["statistic"][0]) / math.sqrt(2)), rel=1e-9
    )


def test_any_frame_and_any_order_gives_the_same_bits():
    rows = noisy(30)
    shuffled = np.random.default_rng(1).permutation(30)
    frames = [
        pd.DataFrame(rows), pl.DataFrame(rows), pa.table(rows),
        pd.DataFrame(rows).iloc[shuffled].reset_index(drop=True),
    ]  # fmt: skip
    names = ["near", "other", "far"]
    for ask in (forecast.diebold_mariano, forecast.ranking):
        expected = ask(rows, forecast=names, period="t").to_dict()
        for frame in frames:
            found = ask(frame, forecast=names, period="t")
            assert found.to_dict() == expected
    assert isinstance(forecast.ranking(frames[1], forecast=names, period="t").to_native(), pl.DataFrame)


def test_ranking_keeps_the_best_and_drops_the_far():
    found = forecast.ranking(noisy(), forecast=["far", "near", "other"], period="t")
    assert found["rank"][0] == 3
    assert found["in_set"].tolist() == [False, True, True]
    assert max(found["p_value"]) == 1.0
    assert found["p_value"][0] < 0.1
    by_max = forecast.ranking(noisy(), forecast=["far", "near", "other"], period="t", statistic="max")
    assert by_max["in_set"].tolist() == [False, True, True]
    one = forecast.ranking(noisy(), forecast=["far", "near"], period="t", threads=1, seed=5)
    assert (
        one.to_dict()
        == forecast.ranking(noisy(), forecast=["far", "near"], period="t", threads=3, seed=5).to_dict()
    )


def test_skill_is_r2_against_the_mean():
    rows = noisy()
    rows["mean"] = np.full(60, rows["actual"].mean())
    found = forecast.skill(rows, forecast=["near", "far"], benchmark="mean", period="t")
    for row, name in enumerate(["near", "far"]):
        r2 = 1 - np.sum((rows[name] - rows["actual"]) ** 2) / np.sum((rows["mean"] - rows["actual"]) ** 2)
        assert found["skill"][row] == pytest.approx(r2, rel=1e-12)
        assert found["lower"][row] <= found["skill"][row] <= found["upper"][row]
    assert found["loss"][0] / found["benchmark_loss"][0] == pytest.approx(1 - found["skill"][0])


def test_undefined_has_a_reason():
    rows = rows_of([1.0, 0.0, 2.0], a=[1.0, 1.0, 1.0], b=[2.0, 2.0, 2.5], same=[1.0, 1.0, 1.0])

    def reasons(names, **options):
        return forecast.diebold_mariano(rows, forecast=names, period="t", **options).reason("statistic")

    assert reasons(["a", "same"]) == ["no_variation"]
    assert reasons(["a", "b"], loss="percentage") == ["zero_actual"]
    assert reasons(["a", "b"], horizon=3) == ["too_few"]
    ranked = forecast.ranking(rows, forecast=["a", "b"], period="t", loss="percentage")
    assert ranked["rank"].tolist() == [None, None]
    assert ranked.reason("p_value") == ["zero_actual"] * 2
    perfect = rows | {"perfect": rows["actual"]}
    assert forecast.skill(perfect, forecast="a", benchmark="perfect", period="t").reason("skill") == [
        "no_error"
    ]


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"forecast": "near"}, "E_FORECASTS", "forecast= names 1 column"),
        ({"forecast": []}, "E_FORECASTS", "forecast= names 0 columns"),
        ({"horizon": 0}, "E_HORIZON", "a horizon of 0 steps is not ahead"),
        ({"horizon": 2**40}, "E_HORIZON", "out of range"),
        ({"horizon": 1.5}, "E_OPTION_TYPE", "not a whole number"),
        ({"loss": "cubic"}, "E_LOSS", "Known: squared, absolute, percentage"),
        ({"alternative": "more"}, "E_ALTERNATIVE", "Known: two_sided, less, greater"),
        ({"variance": "hac"}, "E_VARIANCE", "Known: rectangular, bartlett"),
        ({"series": "t"}, "E_COLUMN_DUPLICATE", "'t' would be twice"),
        ({"by": "points"}, "E_COLUMN_DUPLICATE", "'points' would be twice"),
        ({"period": "month"}, "E_COLUMN_MISSING", "column 'month' not found"),
        ({"threads": 0}, "E_THREADS", "not above 0"),
    ],
)
def test_refused_options(options, code, words):
    asked = {"forecast": ["near", "far"], "period": "t"} | options
    with pytest.raises(tn.Error, match=words) as fault:
        forecast.diebold_mariano(noisy(), **asked)
    assert fault.value.code == code


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"confidence": 90}, "E_CONFIDENCE", "a confidence of 90 is not between 0 and 1"),
        ({"replicates": 10}, "E_BOOTSTRAP", "10 replicates are too few"),
        ({"block": -2}, "E_BLOCK", "a block of -2 points has no length"),
        ({"blocks": "moving"}, "E_BLOCK", "Known: stationary, fixed"),
        ({"statistic": "T_R"}, "E_STATISTIC", "Known: range, max"),
        ({"seed": -1}, "E_SEED", "out of range"),
    ],
)
def test_refused_resampling(options, code, words):
    with pytest.raises(tn.OptionError, match=words) as fault:
        forecast.ranking(noisy(), forecast=["near", "far"], period="t", **options)
    assert fault.value.code == code


def test_refused_benchmarks_and_rows():
    for names, words in ((["near", "far"], "names the benchmark itself"), ([], "names no column")):
        with pytest.raises(tn.OptionError, match=words):
            forecast.skill(noisy(), forecast=names, benchmark="far", period="t")
    for column, value, code in (
        ("actual", math.nan, "E_AMOUNT"), ("near", math.inf, "E_AMOUNT_INF"), ("t", 0, "E_DUPLICATE_ROW"),
    ):  # fmt: skip
        rows = noisy()
        rows[column] = rows[column].copy()
        rows[column][4] = value
        with pytest.raises(tn.InputError, match="row") as fault:
            forecast.ranking(rows, forecast=["near", "far"], period="t")
        assert fault.value.code.startswith(code)


def test_charts_and_tables():
    rows = noisy()
    ranked = forecast.ranking(rows, forecast=["far", "near", "other"], period="t")
    ax = ranked.plot()
    assert [label.get_text() for label in ax.get_yticklabels()][-1] == "far"
    assert len(ax.patches) == 3
    better = forecast.skill(rows, forecast=["near", "other"], benchmark="far", period="t")
    assert better.plot().get_title(loc="left") == "Better than far by"
    assert "near" in better._repr_html_()
    assert "in_set" in repr(ranked)


def test_losses_too_large_for_a_number_diverge():
    far = [1e200, 2e200, -1e200, 3e200]
    rows = {"t": range(4), "actual": [1.0, 2, 3, 4], "a": far, "b": [-x for x in far], "c": [1.5, 2, 3, 5]}
    tests = forecast.diebold_mariano(rows, forecast=["a", "b", "c"], period="t")
    for name in ("mean_difference", "statistic", "p_value"):
        assert tests.reason(name) == ["diverges"] * 3
    ranks = forecast.ranking(rows, forecast=["a", "b", "c"], period="t")
    assert ranks.reason("loss") == ["diverges", "diverges", ""]
    assert ranks.reason("rank") == ranks.reason("p_value") == ["diverges"] * 3
    gain = forecast.skill(rows, forecast="a", benchmark="c", period="t")
    assert gain.reason("loss") == gain.reason("skill") == ["diverges"]


def test_means_over_changing_series_are_said():
    rows = {
        "id": ["big", "big", *["small"] * 4], "t": [0, 2, 0, 1, 2, 3],
        "actual": [0.0] * 6, "a": [1000.0, 900, 1, 2, 1, 2], "b": [900.0, 1000, 2, 1, 1, 1],
    }  # fmt: skip
    asked = {"forecast": ["a", "b"], "period": "t", "series": "id", "loss": "absolute"}
    tests = forecast.diebold_mariano(rows, **asked)
    assert tests.notes == [], "each series by itself"
    ranks = forecast.ranking(rows, **asked)
    gain = forecast.skill(rows, **asked | {"forecast": "a"}, benchmark="b")
    for found in (tests.overall(), ranks, gain):
        assert [(note.code, note.count) for note in found.notes] == [("N_UNBALANCED", 2)]
        assert "at 2 of 4 times some series has no point" in found.notes[0].message
    whole = {name: values[2:] for name, values in rows.items()}
    assert forecast.ranking(whole, **asked).notes == []


def test_hints_name_no_option_that_is_not_there():
    rows = {"t": [1, 1], "actual": [1.0, 2], "a": [1.0, 2], "b": [2.0, math.nan]}
    with pytest.raises(tn.InputError) as fault:
        forecast.diebold_mariano(rows, forecast=["a", "b"], period="t")
    assert "missing=" not in str(fault.value)
    assert "cutoff=" not in str(fault.value)
    with pytest.raises(tn.InputError, match="keep one horizon"):
        forecast.diebold_mariano(rows | {"b": [2.0, 3]}, forecast=["a", "b"], period="t")
