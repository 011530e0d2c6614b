"""Errors of forecasts: the reference values, the published tables, and what is pooled."""

import csv
import gc
import math

import cases
import forecast_cases
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from shared_values import read_table, reference_value, shared_folder

import tenure as tn

NAMES = (
    "fc_AirPassengers_mean", "fc_AirPassengers_snaive", "fc_JohnsonJohnson_mean", "fc_Nile_mean",
    "fc_Nile_snaive", "fc_UKgas_snaive", "fc_USAccDeaths_snaive",
)  # fmt: skip
# What other packages call our measures, and by how much their figures are multiplied here.
THEIRS = {
    "utilsforecast": {
        "mae": ("mae", 1), "mse": ("mse", 1), "rmse": ("rmse", 1), "bias": ("me", 1), "mape": ("mape", 1),
        "smape": ("smape", 2), "wape": ("wape", 1), "nd": ("wape", 1), "cfe": ("cfe", 1), "pis": ("pis", 1),
        "mase": ("mase", 1), "msse": ("msse", 1), "rmsse": ("rmsse", 1), "spis": ("spis", 1),
    },
    "harness": {
        "mae": ("mae", 1), "mse": ("mse", 1), "rmse": ("rmse", 1), "me_actual_minus_forecast": ("me", -1),
        "mape": ("mape", 1), "smape_0_1": ("smape", 2), "smape_0_200": ("smape_200", 1), "wape": ("wape", 1),
        "mase": ("mase", 1), "rmsse": ("rmsse", 1),
    },
    "r_forecast": {
        "ME": ("me", -1), "RMSE": ("rmse", 1), "MAE": ("mae", 1), "MPE": ("mpe", -0.01),
        "MAPE": ("mape", 0.01), "MASE": ("mase", 1), "ACF1": ("acf1", 1), "Theil's U": ("theil_u2", 1),
    },
}  # fmt: skip
OURS = sorted({ours for names in THEIRS.values() for ours, _ in names.values()})
KINDS = {"dict": dict, "pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}


def chosen(rows, **wanted):
    """Rows in which columns have these values."""
    kept = [at for at in range(len(rows["series"])) if all(rows[name][at] == wanted[name] for name in wanted)]
    return {name: [values[at] for at in kept] for name, values in rows.items()}


def reference_frames(inputs):
    forecasts = read_table("conformance/data/fc_forecasts.csv", t=int, y=float, yhat=float)
    test = chosen(forecasts, series=inputs["series"], model=inputs["model"])
    past = chosen(read_table("conformance/data/fc_series.csv", t=int, y=float), series=inputs["series"])
    before = [at for at, t in enumerate(past["t"]) if t < min(test["t"])]
    names = {"id": "series", "t": "t", "actual": "y"}
    return (
        {**{ours: test[name] for ours, name in names.items()}, "yhat": test["yhat"]},
        {ours: [past[name][at] for at in before] for ours, name in names.items()},
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("package", THEIRS)
def test_figures_are_those_of_other_packages(name, package):
    entry = reference_value(name)
    test, past = reference_frames(entry["inputs"])
    rows = []
    for make in KINDS.values():
        found = tn.forecast.accuracy(
            make(test), series="id", period="t", forecast="yhat", insample=make(past),
            lag=entry["inputs"]["seasonality"], measures=OURS,
        )  # fmt: skip
        rows.append(found.to_dict())
    assert rows[1:] == rows[:-1]
    for theirs, (ours, times) in THEIRS[package].items():
        wanted = entry["values"][package][theirs] * times
        assert rows[0][ours][0] == pytest.approx(wanted, rel=entry["tolerance"]["rel"], abs=0), theirs


def edge_frames():
    test = read_table("conformance/data/fc_edge_test.csv", ds=int, y=float, m=float)
    past = read_table("conformance/data/fc_edge_train.csv", ds=int, y=float)
    return test, past


@pytest.mark.parametrize("lag", [1, 4])
def test_where_others_print_nan_inf_or_huge_numbers_there_is_a_reason(lag):
    values = reference_value("fc_edge_cases")["values"]
    test, past = edge_frames()
    found = tn.forecast.accuracy(
        test, actual="y", forecast="m", series="unique_id", period="ds", insample=past, lag=lag,
        measures=["mae", "mape", "smape", "wape", "mase", "rmsse"], zero_actual="skip",
    )  # fmt: skip
    assert found["unique_id"].tolist() == sorted(values["mae"])
    figures = found.to_dict()
    names = {"mae": 1, "mape": 1, "smape": 2, "wape": 1, f"mase_s{lag}": 1, f"rmsse_s{lag}": 1}
    for theirs, times in names.items():
        ours = theirs.split("_")[0]
        for at, series in enumerate(figures["unique_id"]):
            wanted = values[theirs][series]
            if isinstance(wanted, dict):
                assert figures[ours][at] is None, (theirs, series)
            else:
                assert figures[ours][at] == pytest.approx(wanted * times, rel=1e-10), (theirs, series)
    reasons = dict(zip(figures["unique_id"], found.reason("mase"), strict=True))
    flat = {"const": "no_variation", "zeros": "no_variation"}
    assert reasons == {**flat, "intermittent": "", "negative": "", "short": "too_few" if lag == 4 else ""}
    assert found.reason("wape")[figures["unique_id"].index("zeros")] == "zero_actual"


@pytest.mark.parametrize("case", cases.read("forecast"), ids=lambda case: case["id"])
def test_published_figures(case):
    found = forecast_cases.figures_of(case["inputs"], case["expected"])
    assert found == pytest.approx(case["expected"], rel=0, abs=max(case["tolerance"], 1e-12))


def beer_frames(inputs):
    actual = read_table("data/fpp_beer/aus_production.csv", Beer=float)
    past = [
        at for at, quarter in enumerate(actual["Quarter"]) if inputs["first"] <= quarter <= inputs["last"]
    ]
    forecasts = read_table("data/fpp_beer/forecasts.csv", forecast=float, actual=float)
    quarters = actual["Quarter"]
    test = {
        "quarter": [quarters.index(quarter) for quarter in forecasts["quarter"][:10]],
        "actual": forecasts["actual"][:10],
    }
    for method in dict.fromkeys(forecasts["method"]):
        rows = [at for at, held in enumerate(forecasts["method"]) if held == method]
        test[method] = [forecasts["forecast"][at] for at in rows]
    return test, {"quarter": past, "actual": [actual["Beer"][at] for at in past]}


def test_the_beer_table_of_hyndman_and_athanasopoulos():
    table = next(table for table in forecast_cases.tables() if table["id"] == "fpp-beer")
    test, past = beer_frames(table["inputs"])
    methods = list(table["expected"])
    found = tn.forecast.accuracy(
        test, forecast=methods, period="quarter", insample=past, lag=table["inputs"]["lag"],
        measures=["me", "rmse", "mae", "mape", "smape_200", "wape", "mase"],
    )  # fmt: skip
    assert found["forecast"].tolist() == methods
    for at, method in enumerate(methods):
        for measure, wanted in table["expected"][method].items():
            assert abs(found[measure][at] - wanted) <= table["tolerance"][measure], (method, measure)
    with (shared_folder() / "data/fpp_beer/expected_accuracy.csv").open() as stream:
        exact = {row["method"]: row for row in csv.DictReader(stream)}
    names = {"me": ("ME", -1), "rmse": ("RMSE", 1), "mae": ("MAE", 1), "mape": ("MAPE", 0.01),
             "smape_200": ("sMAPE200", 1), "wape": ("WAPE", 1), "mase": ("MASE", 1)}  # fmt: skip
    for at, method in enumerate(methods):
        for ours, (theirs, times) in names.items():
            wanted = float(exact[method][theirs]) * times
            assert found[ours][at] == pytest.approx(wanted, rel=1e-10, abs=0), (method, ours)


ROWS = {
    "team": ["a", "a", "a", "b", "b", "b"],
    "month": [1, 2, 3, 1, 2, 3],
    "region": ["n", "n", "n", "s", "s", "s"],
    "actual": [10.0, 20.0, 30.0, 100.0, 200.0, 300.0],
    "low": [9.0, 18.0, 27.0, 90.0, 180.0, 270.0],
    "high": [12.0, 22.0, 30.0, 100.0, 210.0, 330.0],
}


def errors(measures=("me", "mae", "mape", "wape"), **options):
    given = {"forecast": ["low", "high"], "series": "team", "period": "month", "measures": list(measures)}
    return tn.forecast.accuracy(ROWS, **(given | options))


def test_a_row_for_each_series_and_forecast():
    found = errors(by="region")
    assert found.columns == ["region", "team", "forecast", "points", "me", "mae", "mape", "wape"]
    assert found["team"].tolist() == ["a", "a", "b", "b"]
    assert found["forecast"].tolist() == ["low", "high", "low", "high"]
    assert found["points"].tolist() == [3, 3, 3, 3]
    assert found["me"].tolist() == pytest.approx([-2.0, 4 / 3, -20.0, 40 / 3])
    assert found["mape"].tolist() == pytest.approx([0.1, 0.1, 0.1, 0.05])
    assert (found.series, found.points, found.forecasts) == (2, 6, ("low", "high"))


def test_a_forecast_that_is_too_high_has_a_bias_above_0():
    assert errors(forecast="high")["me"].tolist() == pytest.approx([4 / 3, 40 / 3])


def test_means_of_ratios_and_ratios_of_sums():
    found = errors(forecast="high")
    each = found["wape"].tolist()
    assert found.overall()["wape"].tolist() == pytest.approx([sum(each) / 2])
    assert found.overall(pooling="ratio_of_sums")["wape"].tolist() == pytest.approx([44 / 660])
    assert errors(forecast="high", pooling="ratio_of_sums").overall()["wape"].tolist() == pytest.approx(
        [44 / 660]
    )
    assert found.overall()["series"].tolist() == [2]
    assert found.overall()["points"].tolist() == [6]


def test_by_segment_by_horizon_and_by_cutoff():
    found = errors(by="region")
    assert found.by_segment().columns[:4] == ["region", "forecast", "series", "points"]
    assert found.by_segment()["mae"].tolist() == pytest.approx(found["mae"].tolist())
    ahead = found.by_horizon(pooling="ratio_of_sums")
    assert ahead["horizon"].tolist() == [1, 1, 2, 2, 3, 3]
    assert ahead["series"].tolist() == [2] * 6
    assert ahead["wape"].tolist() == pytest.approx([0.1, 2 / 110, 0.1, 12 / 220, 0.1, 30 / 330])
    rows = ROWS | {"made": [0, 0, 1, 0, 0, 1]}
    made = tn.forecast.accuracy(
        rows, forecast="low", series="team", period="month", cutoff="made", measures=["mae"]
    )
    assert made.by_cutoff().to_dict() == {
        "made": [0, 1], "forecast": ["low"] * 2, "series": [2, 2], "points": [4, 2],
        "mae": pytest.approx([(1.5 + 15) / 2, (3 + 30) / 2]),
    }  # fmt: skip
    assert made.by_horizon()["horizon"].tolist() == [1, 2]
    assert made.by_horizon()["points"].tolist() == [2, 4]


def test_horizons_of_dates_are_places_within_the_cutoff():
    rows = {
        "day": ["2024-01-01", "2024-02-01", "2024-02-01", "2024-03-01"],
        "made": ["2023-12-31", "2023-12-31", "2024-01-31", "2024-01-31"],
        "actual": [1.0, 2.0, 2.0, 4.0],
        "model": [1.0, 3.0, 4.0, 7.0],
    }
    found = tn.forecast.accuracy(rows, forecast="model", period="day", cutoff="made", measures=["mae"])
    assert found.by_horizon().to_dict()["mae"] == [1.0, 2.0]
    assert found.by_cutoff()["made"].astype(str).tolist() == ["2023-12-31", "2024-01-31"]
    named = tn.forecast.accuracy(
        rows | {"ahead": [3, 6, 3, 6]}, forecast="model", period="day", cutoff="made", horizon="ahead",
        measures=["mae"],
    )  # fmt: skip
    assert named.by_horizon().to_dict()["ahead"] == [3, 6]


def test_the_naive_forecast_of_its_own_span_has_a_mase_of_1():
    history = {"t": list(range(9)), "actual": [3.0, 5.0, 4.0, 8.0, 2.0, 2.5, 7.0, 1.0, 9.0]}
    shifted = {"t": list(range(11, 19)), "actual": history["actual"][1:], "naive": history["actual"][:-1]}
    found = tn.forecast.accuracy(
        shifted, forecast="naive", period="t", insample=history, measures=["mase", "rmsse", "msse"]
    )
    assert [found[name][0] for name in found.measures] == pytest.approx([1.0, 1.0, 1.0])


def test_a_scale_of_the_test_points_themselves():
    found = errors(forecast="low", measures=["mase", "rmsse"], scale="test")
    assert found["mase"].tolist() == pytest.approx([0.2, 0.2])
    twice = {name: values * 2 for name, values in ROWS.items()} | {"made": [0] * 6 + [1] * 6}
    again = tn.forecast.accuracy(
        twice, forecast="low", series="team", period="month", cutoff="made", scale="test", measures=["mase"]
    )
    assert again["mase"].tolist() == found["mase"].tolist()


def test_owa_as_in_m4():
    test = {
        "id": [1, 1, 2, 2], "t": [4, 5, 4, 5], "actual": [10.0, 12.0, 50.0, 40.0],
        "model": [11.0, 11.0, 45.0, 50.0], "naive2": [8.0, 8.0, 60.0, 60.0],
    }  # fmt: skip
    past = {"id": [1] * 3 + [2] * 3, "t": [1, 2, 3] * 2, "actual": [6.0, 10.0, 8.0, 40.0, 50.0, 60.0]}
    found = tn.forecast.accuracy(
        test, forecast=["model", "naive2"], benchmark="naive2", series="id", period="t", insample=past,
        measures=["smape_200", "mase", "owa", "relative_mae"],
    ).overall()  # fmt: skip
    smape = [
        np.mean([[200 / 21, 200 / 23], [1000 / 95, 2000 / 90]]),
        np.mean([[400 / 18, 800 / 20], [2000 / 110, 4000 / 100]]),
    ]
    mase = [np.mean([1 / 3, 0.75]), np.mean([1.0, 1.5])]
    assert found["smape_200"].tolist() == pytest.approx(smape)
    assert found["mase"].tolist() == pytest.approx(mase)
    assert found["owa"].tolist() == pytest.approx([(smape[0] / smape[1] + mase[0] / mase[1]) / 2, 1.0])
    assert found["relative_mae"].tolist() == pytest.approx([(1 / 3 + 0.5) / 2, 1.0])


def test_which_points_make_an_error():
    found = errors(by="region")
    made = found.explain("b", forecast="high", measure="mae")
    assert made.columns == ["region", "team", "month", "row", "actual", "forecast", "error", "share"]
    assert made["month"].tolist() == [3, 2, 1]
    assert made["row"].tolist() == [5, 4, 3]
    assert made["error"].tolist() == [30.0, 10.0, 0.0]
    assert made["share"].tolist() == pytest.approx([0.75, 0.25, 0.0])
    assert found.explain("a", measure="mape")["share"].tolist() == pytest.approx([1 / 3] * 3)
    assert found.explain(("a",), measure="mape", most=1)["share"].tolist() == pytest.approx([1 / 3])
    assert found.explain(measure="mae", most=2)["team"].tolist() == ["b", "b"]
    perfect = tn.forecast.accuracy({"actual": [1.0], "same": [1.0]}, forecast="same")
    assert perfect.explain(measure="mae").reason("share") == ["no_error"]


def test_parts_of_a_scaled_error_are_in_units_of_their_series():
    past = {"team": ["a", "a", "b", "b"], "month": [-1, 0, -1, 0], "actual": [0.0, 10.0, 0.0, 1000.0]}
    found = errors(forecast="low", measures=["mase", "rmsse", "wape"], insample=past)
    assert found.explain(measure="mase", most=3)["team"].tolist() == ["a"] * 3
    assert found.explain(measure="wape", most=3)["team"].tolist() == ["b"] * 3


def test_keys_and_times_leave_as_they_came():
    days = pd.to_datetime(["2024-01-31", "2024-02-29"])
    rows = pd.DataFrame({"id": [7, 7], "day": days, "actual": [1.0, 2.0], "model": [1.5, 2.0]})
    found = tn.forecast.accuracy(rows, forecast="model", series="id", period="day")
    assert found["id"].dtype == np.int64
    assert found.explain(7)["day"].astype(str).tolist() == ["2024-01-31", "2024-02-29"]
    hourly = rows.assign(day=days + pd.Timedelta(hours=5, minutes=7))
    found = tn.forecast.accuracy(hourly, forecast="model", series="id", period="day")
    assert found.explain(7)["day"].tolist() == ["2024-01-31 05:07:00", "2024-02-29 05:07:00"]
    assert isinstance(tn.forecast.accuracy(pl.DataFrame(ROWS), forecast="low").to_native(), pl.DataFrame)
    assert tn.forecast.accuracy(ROWS, forecast="low").columns[:2] == ["forecast", "points"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_result_outlives_the_frame_it_borrows_from(kind):
    rows = {name: np.array(values) if name != "team" else values for name, values in ROWS.items()}
    frame = KINDS[kind](rows)
    found = tn.forecast.accuracy(frame, forecast="low", series="team", period="month", measures=["mae"])
    wanted = errors(forecast="low", measures=["mae"])
    del frame, rows
    gc.collect()
    assert found.by_horizon().to_dict() == wanted.by_horizon().to_dict()
    assert found.explain("b").to_dict() == wanted.explain("b").to_dict()


def test_usual_measures():
    assert tn.forecast.accuracy(ROWS, forecast="low").measures == (
        "me", "mae", "rmse", "mape", "smape", "wape", "accuracy",
    )  # fmt: skip
    assert errors(measures=["mae"], scale="test").measures == ("mae",)
    scaled = tn.forecast.accuracy(ROWS, forecast="low", scale="test")
    assert scaled.measures[-2:] == ("mase", "rmsse")
    assert math.isclose(scaled["accuracy"][0], 0.9)


def test_a_result_shows_itself():
    found = errors()
    assert repr(found).startswith("Accuracy: 2 series, 6 points\nteam  forecast  points")
    assert repr(found.by_horizon()).startswith("Errors: 6 rows by horizon\n")
    assert repr(found.overall()).startswith("Errors: 2 rows\n")
    assert "<table" in found._repr_html_()


@pytest.mark.parametrize("cut", ["overall", "by_horizon", "by_cutoff", "by_segment"])
def test_charts(cut):
    rows = ROWS | {"made": [0, 0, 1, 0, 0, 1]}
    found = tn.forecast.accuracy(
        rows, forecast=["low", "high"], series="team", period="month", cutoff="made", by="region"
    )
    ax = getattr(found, cut)().plot(measure="wape")
    assert ax.get_title(loc="left") == "WAPE"
    marks = ax.patches if cut in ("overall", "by_segment") else ax.lines
    assert len(marks) >= 2


def test_charts_of_series():
    assert len(errors().plot(measure="mae").patches) == 4
    many = {"id": list(range(40)), "actual": [1.0] * 40, "model": [1 + number / 40 for number in range(40)]}
    ax = tn.forecast.accuracy(many, forecast="model", series="id").plot()
    assert ax.get_xlabel() == "bias (mean error)"
    assert ax.get_ylabel() == "series"


@pytest.mark.parametrize("measure", ["smape_armstrong", "wape"])
def test_charts_show_what_lies_below_0(measure):
    rows = ROWS | {"actual": [-value for value in ROWS["actual"]], "low": [-value for value in ROWS["low"]]}
    found = tn.forecast.accuracy(rows, forecast="low", series="team", period="month", measures=[measure])
    values = found.by_horizon()[measure]
    low, high = found.by_horizon().plot(measure=measure).get_ylim()
    assert low < high
    assert low <= values.min() <= values.max() <= high
