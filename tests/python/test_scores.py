"""Quantiles, intervals, CRPS and probabilities: the reference values, and what belongs together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_values import read_table, reference_value

import tenure as tn

REFERENCE = [
    "fc_AirPassengers_mean", "fc_AirPassengers_snaive", "fc_JohnsonJohnson_mean", "fc_Nile_mean",
    "fc_Nile_snaive", "fc_UKgas_snaive", "fc_USAccDeaths_snaive",
]  # fmt: skip


def reference_rows(inputs):
    """The forecasts of an entry, and the history before them."""
    numbers = dict.fromkeys(["y", "yhat", "lo50", "lo80", "lo95", "hi50", "hi80", "hi95"], float)
    forecasts = read_table("conformance/data/fc_forecasts.csv", t=int, **numbers)
    history = read_table("conformance/data/fc_series.csv", t=int, y=float)
    chosen = [
        at
        for at, series in enumerate(forecasts["series"])
        if series == inputs["series"] and forecasts["model"][at] == inputs["model"]
    ]
    rows = {name: [values[at] for at in chosen] for name, values in forecasts.items()}
    before = [
        at
        for at, series in enumerate(history["series"])
        if series == inputs["series"] and history["t"][at] < min(rows["t"])
    ]
    return rows, {name: [history[name][at] for at in before] for name in ("series", "t", "y")}


@pytest.mark.parametrize("name", REFERENCE)
def test_quantile_scores_are_those_of_utilsforecast_and_scoringrules(name):
    entry = reference_value(name)
    inputs, theirs, harness = entry["inputs"], entry["values"]["utilsforecast"], entry["values"]["harness"]
    rows, history = reference_rows(inputs)
    columns = dict(zip(inputs["quantiles"], inputs["quantile_columns"], strict=True))
    score = tn.forecast.quantiles(
        rows, actual="y", quantiles=columns, series="series", period="t", insample=history,
        lag=inputs["seasonality"],
    )  # fmt: skip
    line = {column: values[0] for column, values in score.to_dict().items()}

    def same(found, expected):
        assert found == pytest.approx(expected, rel=1e-10, abs=0)

    same(line["pinball"], theirs["mqloss"])
    same(line["wql"], theirs["scaled_crps"])
    same(line["wql"], harness["wql"])
    same(line["crps"], harness["crps_quantile"])
    same(line["wis"], harness["crps_quantile"])
    same(line["scaled_pinball"], theirs["scaled_mqloss"])
    for quantile, column in columns.items():
        same(line[f"pinball_{column}"], theirs["quantile_loss"][str(quantile)])
    coverage = score.coverage().to_dict()
    for at, level in enumerate(["50", "80", "95"]):
        same(coverage["coverage"][at], theirs["coverage"][level])
        same(coverage["interval_score"][at], theirs["winkler"][level])
        same(line[f"coverage_{level}"], theirs["coverage"][level])
        same(coverage["scaled_interval_score"][at], theirs["winkler"][level] / harness["mase_scale"])
        one = tn.forecast.intervals(
            rows, actual="y", lower=f"lo{level}", upper=f"hi{level}", level=int(level) / 100
        )
        same(one["interval_score"][0], theirs["winkler"][level])
    same(score.calibration()["share_below"][5], theirs["calibration_q0.9"])
    weighted = sum(a / 2 * s for a, s in zip([0.5, 0.2, 0.05], coverage["interval_score"], strict=True))
    same((weighted + np.mean(np.abs(rows["yhat"])) / 2) / 3.5, harness["wis"])  # |m| where |a - m| belongs


def test_ensembles_are_those_of_scoringrules_and_properscoring():
    members = [f"m{at}" for at in range(20)]
    rows = read_table("conformance/data/crps_ensemble.csv", obs=float, **dict.fromkeys(members, float))
    values = reference_value("crps_ensemble")["values"]
    matrix = np.array([rows[name] for name in members]).T
    for fair, names in ((False, ["nrg", "qd", "int", "properscoring"]), (True, ["fair", "pwm"])):
        columns = tn.forecast.crps(rows, actual="obs", members=members, fair=fair)
        for name in names:
            np.testing.assert_allclose(columns["crps"], values[name], rtol=1e-10)
        for array in (
            np.ascontiguousarray(matrix),
            np.asfortranarray(matrix),
            matrix[:, ::-1],
            matrix.tolist(),
        ):
            found = tn.forecast.crps({"actual": rows["obs"]}, ensemble=array, fair=fair)
            assert found["crps"].tolist() == columns["crps"].tolist()


def test_interval_scores_are_those_of_scoringrules():
    entry = reference_value("interval_scores")
    rows = {name: entry["inputs"][name] for name in ("obs", "lower", "upper")} | {"point": [1, 2, 3]}
    score = tn.forecast.intervals(rows, actual="obs", lower="lower", upper="upper", level=0.8, by="point")
    np.testing.assert_allclose(score["interval_score"], entry["values"]["interval_score"], rtol=1e-10)
    loss = tn.forecast.quantiles(
        {"actual": [4, 12, -3], "q": [3, 5, 0], "point": [1, 2, 3]}, quantiles={0.3: "q"}, by="point"
    )
    np.testing.assert_allclose(loss["pinball"], entry["values"]["quantile_score_0p3"], rtol=1e-10)


def test_probability_scores_are_those_of_scoringrules():
    values = reference_value("interval_scores")["values"]
    deals = {"won": [1, 0, 0, 0], "p": [0.9, 0.2, 0.6, 0.0], "deal": [1, 2, 3, 4]}
    score = tn.forecast.brier(deals, won="won", probability="p", by="deal")
    np.testing.assert_allclose(score["brier"], values["brier"], rtol=1e-10)
    ends = {
        "end": ["lost", "slipped", "slipped"],
        "a": [0.5, 0.1, 0.2],
        "b": [0.3, 0.7, 0.5],
        "c": [0.2, 0.2, 0.3],
    }
    found = tn.forecast.rps(ends, outcome="end", probabilities={"lost": "a", "slipped": "b", "won": "c"})
    np.testing.assert_allclose(found["rps"], values["rps"], rtol=1e-10)


# scoringrules 0.10.0 of an observation of 3.5.
CLOSED = {
    "normal": ({"mean": 1, "sd": 2}, 1.5739683061262981),
    "logistic": ({"location": 1, "scale": 2}, 1.5077163253814918),
    "lognormal": ({"log_mean": 0.4, "log_sd": 0.7}, 1.2417214392004188),
    "gamma": ({"shape": 2.5, "scale": 0.8}, 1.0691393393181146),
}


@pytest.mark.parametrize("family", CLOSED)
def test_distributions_are_those_of_scoringrules(family):
    parameters, expected = CLOSED[family]
    rows = {"actual": [3.5]} | {f"its {name}": [value] for name, value in parameters.items()}
    options = {"distribution": family} | {name: f"its {name}" for name in parameters}
    assert tn.forecast.crps(rows, **options)["crps"][0] == pytest.approx(expected, rel=1e-12)
    place = tn.forecast.pit(rows, **options)
    assert place["pit_lower"][0] == place["pit"][0] == place["pit_upper"][0]
    assert 0.5 < place["pit"][0] < 1
    assert tn.forecast.log_score(rows, **options)["log_score"][0] > 0


def test_a_mixture_is_that_of_scoringrules():
    rows = {"actual": [3.5], "w1": [0.3], "w2": [0.7], "m1": [-1], "m2": [2], "s1": [0.5], "s2": [1.5]}
    found = tn.forecast.crps(
        rows, distribution="mixture", weight=["w1", "w2"], mean=["m1", "m2"], sd=["s1", "s2"]
    )
    assert found["crps"][0] == pytest.approx(1.4975032877985635, rel=1e-12)


def frames(rows):
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    return {
        "dict": rows,
        "pandas": pd.DataFrame(rows),
        "polars": pl.DataFrame(rows),
        "pyarrow": pa.table(rows),
    }


def test_any_frame_gives_the_same_bits():
    rng = np.random.default_rng(4)
    held = np.sort(rng.normal(100, 20, (60, 3)), axis=1)
    rows = {
        "actual": rng.normal(100, 20, 60), "p10": held[:, 0], "p50": held[:, 1], "p90": held[:, 2],
        "region": np.repeat(["north", "south", "west"], 20), "won": rng.integers(0, 2, 60).astype(bool),
        "said": np.round(rng.random(60), 2),
    }  # fmt: skip
    calls = {
        "quantiles": lambda frame: tn.forecast.quantiles(frame, by="region"),
        "intervals": lambda frame: tn.forecast.intervals(frame, lower="p10", upper="p90", by="region"),
        "crps": lambda frame: tn.forecast.crps(frame, members=["p10", "p50", "p90"], by="region").by_group(),
        "pit": lambda frame: tn.forecast.pit(frame, members=["p10", "p50", "p90"], by="region").uniformity(),
        "brier": lambda frame: tn.forecast.brier(frame, won="won", probability="said", by="region"),
    }
    for name, call in calls.items():
        found = {kind: call(frame) for kind, frame in frames(rows).items()}
        for kind, result in found.items():
            assert result.to_dict() == found["dict"].to_dict(), (name, kind)
            assert type(result.to_native()).__module__.split(".")[0] in {kind, "builtins"}
        assert found["dict"].to_dict()["region"] == ["north", "south", "west"]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_order_of_rows_changes_no_mean(data):
    size = data.draw(st.integers(2, 25))
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    held = np.sort(rng.normal(size=(size, 3)), axis=1)
    rows = {
        "actual": rng.normal(size=size), "p10": held[:, 0], "p50": held[:, 1], "p90": held[:, 2],
        "region": rng.integers(0, 3, size),
    }  # fmt: skip
    order = rng.permutation(size)
    mixed = {name: values[order] for name, values in rows.items()}
    for call in (
        lambda frame: tn.forecast.quantiles(frame, by="region"),
        lambda frame: tn.forecast.quantiles(frame).overall(),
        lambda frame: tn.forecast.intervals(frame, lower="p10", upper="p90", by="region"),
        lambda frame: tn.forecast.crps(frame, members=["p10", "p50", "p90"], by="region").by_group(),
    ):
        assert call(rows).to_dict() == call(mixed).to_dict()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=1, max_size=30))
def test_parts_of_the_brier_score_add_up(deals):
    rows = {"won": [won for won, _ in deals], "said": [said / 20 for _, said in deals]}
    for bins in (10, 3, None, [0, 0.25, 1]):
        line = {
            name: values[0]
            for name, values in tn.forecast.brier(rows, won="won", probability="said", bins=bins)
            .to_dict()
            .items()
        }
        total = line["reliability"] - line["resolution"] + line["uncertainty"]
        assert total + line["within_variance"] - line["within_covariance"] == pytest.approx(
            line["brier"], abs=1e-12
        )


def test_segments_and_the_whole():
    rows = {
        "region": ["n", "n", "s"], "actual": [10, 20, 30], "p10": [5, 15, 20], "p50": [11, 19, 31],
        "p90": [15, 25, 40],
    }  # fmt: skip
    score = tn.forecast.quantiles(rows, by="region")
    parts, whole = score.to_dict(), score.overall().to_dict()
    assert parts["points"] == [2, 1]
    assert whole["points"] == [3]
    assert (2 * parts["pinball"][0] + parts["pinball"][1]) / 3 == pytest.approx(whole["pinball"][0])
    assert score.by_quantile()["quantile"].tolist() == [0.1, 0.5, 0.9] * 2
    assert len(score.coverage(pooled=True)) == 1
    largest = score.explain(2)
    assert largest["row"].tolist() == [2, 0]
    assert largest.columns == ["region", "row", "actual", "p10", "p50", "p90", "pinball", "share"]
    assert score.explain()["share"].sum() == pytest.approx(1)


def test_history_scales_each_series():
    rows = {
        "id": ["b", "a", "c"], "month": ["2024-03", "2024-03", "2024-03"], "actual": [10, 10, 10],
        "low": [8, 8, 8], "high": [9, 9, 9],
    }  # fmt: skip
    history = {
        "id": ["a", "b", "a", "b"], "month": ["2024-02", "2024-01", "2024-01", "2024-02"],
        "actual": [5, 1, 1, 3],
    }  # fmt: skip
    score = tn.forecast.intervals(
        rows, lower="low", upper="high", series="id", period="month", insample=history
    )
    assert score["id"].tolist() == ["a", "b", "c"]
    assert score.to_dict()["scaled_interval_score"] == [pytest.approx(11 / 4), pytest.approx(11 / 2), None]
    assert score.reason("scaled_interval_score") == ["", "", "too_few"]


def test_uniformity_of_right_and_narrow_forecasts():
    rng = np.random.default_rng(1)
    rows = {
        "actual": rng.normal(size=2000),
        "mean": np.zeros(2000),
        "right": np.ones(2000),
        "narrow": np.full(2000, 0.5),
    }
    right = tn.forecast.pit(rows, distribution="normal", mean="mean", sd="right").uniformity().to_dict()
    narrow = tn.forecast.pit(rows, distribution="normal", mean="mean", sd="narrow").uniformity().to_dict()
    assert right["p_value"][0] > 0.01 > narrow["p_value"][0]
    assert right["spread"][0] == pytest.approx(1, abs=0.1)
    assert narrow["spread"][0] > 1.5


def test_a_period_forecast_several_times():
    pandas = pytest.importorskip("pandas")
    rows = pandas.DataFrame(
        {
            "month": pandas.to_datetime(["2024-03-01", "2024-03-01", "2024-04-01"]),
            "months_ahead": [1, 2, 1],
            "actual": [10, 10, 12],
            "p10": [8, 5, 9],
            "p50": [10, 11, 10],
            "p90": [11, 15, 14],
        }
    )
    with pytest.raises(tn.InputError, match="E_DUPLICATE_ROW"):
        tn.forecast.quantiles(rows, period="month")
    score = tn.forecast.quantiles(rows, period="month", horizon="months_ahead", by="months_ahead")
    assert score["months_ahead"].tolist() == [1, 2]
    assert score["points"].tolist() == [2, 1]
    assert score.explain(1)["month"].tolist() == [np.datetime64("2024-03-01").item()]
    named = rows.assign(month=rows["month"].dt.strftime("%Y-%m"))
    cut = tn.forecast.quantiles(named, period="month", horizon="months_ahead", by="month")
    assert cut.explain().columns.count("month") == 1
    with pytest.raises(tn.InputError, match="period 2024-04: p10 9 > p50 8"):
        tn.forecast.quantiles(rows.assign(p50=[10, 11, 8]), period="month", horizon="months_ahead")


def test_series_without_a_scale_are_left_out_and_counted():
    rows = {
        "id": ["a", "b", "c"], "p": [5, 5, 5], "actual": [4.0, 4, 4], "low": [0.0, 0, 0], "mid": [2.0, 3, 3],
        "high": [8.0, 8, 8],
    }  # fmt: skip
    past = {"id": ["a", "a", "c", "c"], "p": [1, 2, 1, 2], "actual": [1.0, 3, 7, 7]}
    options = {"series": "id", "period": "p", "insample": past}
    of = {0.1: "low", 0.5: "mid", 0.9: "high"}
    score = tn.forecast.quantiles(rows, quantiles=of, **options)
    assert score.reason("scaled_pinball") == ["", "too_few", "no_variation"]
    whole = score.overall()
    assert whole["scaled_pinball"][0] == score["scaled_pinball"][0]
    limits = tn.forecast.intervals(rows, lower="low", upper="high", **options)
    assert limits.overall()["scaled_interval_score"][0] == limits["scaled_interval_score"][0] == 4
    for result in (score, limits):
        assert [(note.code, note.message) for note in result.notes] == [
            ("N_NO_HISTORY", "1 of 3 series have no history: scaled scores are not defined"),
            ("N_UNDEFINED", "scaled scores not defined in 1 of 3 series (a history that never varies)"),
        ]
    strict = tn.forecast.quantiles(rows, quantiles=of, undefined_series="undefined", **options)
    assert strict.overall().reason("scaled_pinball") == ["too_few"]
    assert tn.forecast.quantiles(rows, quantiles=of).notes == []


def test_a_forecast_made_within_its_month():
    day = np.array(["2024-01-01", "2024-02-01"], "datetime64[D]")
    made = np.array(["2024-01-15", "2024-02-15"], "datetime64[D]")
    rows = {"day": day, "made": made, "actual": [1, 1], "p10": [0, 0], "p50": [1, 1], "p90": [2, 2]}
    calls = (
        lambda **options: tn.forecast.quantiles(rows, period="day", cutoff="made", **options),
        lambda **options: tn.forecast.intervals(
            rows, lower="p10", upper="p90", period="day", cutoff="made", **options
        ),
    )
    for call in calls:
        with pytest.raises(tn.InputError, match="E_LEAKAGE"):
            call()
        assert call(grain="month")["points"].tolist() == [2]


def test_an_hourly_history_may_end_on_the_day_of_the_forecasts():
    hours = np.datetime64("2024-01-01T00", "s") + np.arange(14) * np.timedelta64(1, "h")
    past = {"hour": hours[:12], "actual": np.arange(12.0) % 3}
    rows = {"hour": hours[12:], "actual": [1.0, 2], "p10": [0.0, 0], "p50": [1.0, 1], "p90": [2.0, 2]}
    score = tn.forecast.quantiles(rows, period="hour", insample=past)
    point = tn.forecast.accuracy(rows, forecast="p50", period="hour", insample=past, measures=["mase"])
    scale = np.abs(np.diff(past["actual"])).mean()
    assert score["scaled_pinball"][0] == pytest.approx(score["pinball"][0] / scale)
    assert point["mase"][0] == pytest.approx(0.5 / scale)
    with pytest.raises(tn.InputError, match="E_LEAKAGE"):
        tn.forecast.quantiles(rows, period="hour", insample={"hour": hours[:13], "actual": np.arange(13.0)})


def test_segments_cut_series():
    rows = {"p": [1, 1], "region": ["n", "s"], "actual": [1, 2], "p10": [0, 0], "p50": [1, 1], "p90": [2, 2]}
    assert tn.forecast.quantiles(rows, period="p", by="region")["points"].tolist() == [1, 1]
    limits = tn.forecast.intervals(rows, lower="p10", upper="p90", period="p", by="region")
    assert limits["points"].tolist() == [1, 1]
    with pytest.raises(tn.InputError, match="E_DUPLICATE_ROW"):
        tn.forecast.quantiles(rows, period="p")


def test_threads_change_no_bit():
    rng = np.random.default_rng(2)
    held = np.sort(rng.normal(size=(500, 3)), axis=1)
    rows = {
        "actual": rng.normal(size=500), "p10": held[:, 0], "p50": held[:, 1], "p90": held[:, 2],
        "id": np.arange(500) % 40, "won": rng.integers(0, 2, 500), "said": rng.random(500),
        "sd": np.ones(500),
    }  # fmt: skip
    normal = {"distribution": "normal", "mean": "p50", "sd": "sd", "by": "id"}
    calls = (
        lambda threads: tn.forecast.quantiles(rows, by="id", threads=threads),
        lambda threads: tn.forecast.intervals(rows, lower="p10", upper="p90", by="id", threads=threads),
        lambda threads: tn.forecast.crps(rows, threads=threads, **normal).by_group(),
        lambda threads: tn.forecast.log_score(rows, threads=threads, **normal).by_group(),
        lambda threads: tn.forecast.pit(rows, threads=threads, **normal).uniformity(),
        lambda threads: tn.forecast.brier(rows, won="won", probability="said", by="id", threads=threads),
    )
    for call in calls:
        assert call(1).to_dict() == call(3).to_dict()


def test_as_many_points_as_there_are():
    rows = {"actual": [1.0, 5], "p10": [0.0, 0], "p50": [1.0, 1], "p90": [2.0, 2]}
    score = tn.forecast.quantiles(rows)
    assert len(score.explain(most=10**30)) == 2
    assert len(score.explain(most=0)) == 0
    with pytest.raises(tn.OptionError, match="most='x' is not a whole number"):
        score.explain("x")
