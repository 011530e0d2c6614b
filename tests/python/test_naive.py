"""Naive forecasts: the published ones, those of R, the grain they go on at, and what cannot be."""

import matplotlib
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared_values import read_table

import tenure as tn

matplotlib.use("Agg")
METHODS = ["naive", "seasonal_naive", "drift", "mean", "seasonal_mean"]


def quarter_start(text):
    year, quarter = text.split("Q")
    return f"{year}-{3 * int(quarter) - 2:02}"


def beer():
    table = read_table("data/fpp_beer/aus_production.csv", Beer=float)
    chosen = [at for at, text in enumerate(table["Quarter"]) if "1992Q1" <= text <= "2007Q4"]
    return {
        "quarter": [quarter_start(table["Quarter"][at]) for at in chosen],
        "beer": [table["Beer"][at] for at in chosen],
    }


def test_forecasts_are_those_of_the_book():
    names = {"Drift": "drift", "Mean": "mean", "Naive": "naive", "Seasonal naive": "seasonal_naive"}
    found = tn.forecast.naive(
        beer(), value="beer", period="quarter", horizon=10, lag=4, method=list(names.values())
    )
    expected = read_table("data/fpp_beer/forecasts.csv", forecast=float)
    for label, method in names.items():
        own = [at for at, name in enumerate(expected["method"]) if name == label]
        quarters = [f"{quarter_start(expected['quarter'][at])}-01" for at in own]
        assert found["quarter"].astype(str).tolist() == quarters
        np.testing.assert_allclose(found[method], [expected["forecast"][at] for at in own], rtol=1e-10)


@pytest.mark.parametrize("level", [50, 80, 95])
def test_limits_are_those_of_r(level):
    table = read_table("conformance/data/fc_series.csv", t=int, y=float, freq=int)
    rows = read_table("conformance/data/fc_forecasts.csv", t=int, yhat=float)
    frame, expected = pl.DataFrame(table), pl.DataFrame(rows)
    for (series, model), held in expected.group_by(["series", "model"], maintain_order=True):
        past = frame.filter((pl.col("series") == series) & (pl.col("t") < held["t"].min()))
        method = {"mean": "mean", "snaive": "seasonal_naive"}[model]
        found = tn.forecast.naive(
            past, value="y", series="series", period="t", horizon=len(held), method=method,
            lag=past["freq"][0], confidence=level / 100,
        )  # fmt: skip
        assert found["t"].tolist() == held["t"].to_list()
        np.testing.assert_allclose(found[method], held["yhat"], rtol=1e-10)
        for side, column in (("lower", f"lo{level}"), ("upper", f"hi{level}")):
            np.testing.assert_allclose(found[f"{method}_{side}"], held[column].cast(float), rtol=1e-9)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", ["AirPassengers", "euretail", "aus_airpassengers"])
def test_forecasts_of_real_series_follow_their_formulas(name, method):
    table = read_table(f"data/forecast_series/{name}.csv")
    column = "Passengers" if "Passengers" in table else "value"
    y = np.array(table[column], dtype=float)
    lag = {"AirPassengers": 12, "euretail": 4}.get(name, 3)
    history = {"period": np.arange(len(y)), "value": y}
    found = tn.forecast.naive(history, horizon=2 * lag, lag=lag, method=method)[method]
    steps, n = np.arange(1, 2 * lag + 1), len(y)
    expected = {
        "naive": np.full(2 * lag, y[-1]),
        "seasonal_naive": np.tile(y[-lag:], 2),
        "drift": y[-1] + steps * (y[-1] - y[0]) / (n - 1),
        "mean": np.full(2 * lag, y.mean()),
        "seasonal_mean": np.array([y[(n + step - 1) % lag :: lag].mean() for step in steps]),
    }
    np.testing.assert_allclose(found, expected[method], rtol=1e-12)


@pytest.mark.parametrize(
    ("periods", "ahead"),
    [
        (["2024-11", "2024-12"], ["2025-01-01", "2025-02-01"]),
        (["2023-12-31", "2024-01-31"], ["2024-02-29", "2024-03-31"]),
        (["2024-01-15", "2024-04-15"], ["2024-07-15", "2024-10-15"]),
        (["2024-02-19", "2024-02-26"], ["2024-03-04", "2024-03-11"]),
        (["2024-02-27", "2024-02-28"], ["2024-02-29", "2024-03-01"]),
        (["2022-01-01", "2023-01-01"], ["2024-01-01", "2025-01-01"]),
        ([2021, 2022], [2023, 2024]),
        ([10, 20], [30, 40]),
    ],
)
def test_periods_go_on_at_their_grain(periods, ahead):
    found = tn.forecast.naive({"period": periods, "value": [1.0, 2.0]}, horizon=2)
    assert [str(one) for one in found["period"]] == [str(one) for one in ahead]
    assert found["horizon"].tolist() == [1, 2]


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow", "duckdb", "dict"])
def test_frames_leave_as_they_came(kind):
    rows = {
        "shop": [7, 7, 8, 8],
        "region": ["n", "n", "s", "s"],
        "month": np.array(["2024-01", "2024-02"] * 2, dtype="datetime64[ms]"),
        "sales": [1.0, 2.0, 10.0, 30.0],
    }
    frame = {
        "pandas": lambda: pd.DataFrame(rows),
        "polars": lambda: pl.DataFrame(rows),
        "pyarrow": lambda: pa.table(rows),
        "duckdb": lambda: __import__("duckdb").from_arrow(pa.table(rows)),
        "dict": lambda: rows,
    }[kind]()
    found = tn.forecast.naive(frame, value="sales", series=["shop", "region"], period="month", horizon=1)
    assert found.columns == ["shop", "region", "month", "horizon", "naive"]
    assert found["shop"].tolist() == [7, 8]
    assert found["region"].tolist() == ["n", "s"]
    assert found["naive"].tolist() == [2.0, 30.0]
    assert type(found.to_native()).__module__.split(".")[0].lstrip("_") in {kind, "builtins"}


def test_a_short_history_is_null_with_its_reason():
    frame = {"id": ["a", "b", "b"], "period": [1, 1, 2], "value": [5.0, 1.0, 2.0]}
    found = tn.forecast.naive(
        frame, series="id", horizon=1, lag=2, method=["naive", "seasonal_naive", "drift"], confidence=0.8
    )
    assert found["seasonal_naive"].tolist() == [None, 1.0]
    assert found.reason("drift") == ["too_few", ""]
    assert found["naive_lower"].tolist()[0] is None
    assert found.reason("drift_upper") == ["too_few", "too_few"]


def refused(code, words, *, frame=None, **options):
    history = {"period": [1, 2, 3], "value": [1.0, 2.0, 3.0]} if frame is None else frame
    with pytest.raises(tn.Error, match=words) as caught:
        tn.forecast.naive(history, **options)
    assert caught.value.code == code
    return caught.value


def test_gaps_duplicates_and_missing_values_are_refused_with_their_place():
    gap = {"id": ["a", "a", "a", "b", "b"], "period": ["2024-01", "2024-02", "2024-04", "2024-01", "2024-02"]}
    gap["value"] = [1.0] * 5
    words = "series 'a': after 2024-02-01 comes 2024-04-01, and 2024-03-01 is missing"
    fault = refused("E_PERIOD_GAP", words, frame=gap, series="id")
    assert (fault.row, fault.column) == (2, "period")
    twice = {"period": [1, 2, 2], "value": [1.0] * 3}
    assert refused("E_PERIOD_DUPLICATE", "period 2 is there twice, in row 1 too", frame=twice).row == 2
    missing = {"period": [1, 2], "value": [1.0, None]}
    fault = refused("E_AMOUNT_NAN", "a value is missing", frame=missing)
    assert (fault.row, fault.column) == (1, "value")
    infinite = {"period": [1, 2], "value": [1.0, np.inf]}
    refused("E_AMOUNT_INF", "a value is infinite", frame=infinite)
    refused("E_DATE_NULL", "missing period", frame={"period": ["2024-01", None], "value": [1.0, 2.0]})
    unnamed = {"id": ["a", None], "period": [1, 2], "value": [1.0, 2.0]}
    assert refused("E_KEY_NULL", "missing name of a series", frame=unnamed, series="id").row == 1
    refused("E_PERIOD_STEP", "no series has two periods", frame={"period": [1], "value": [1.0]})
    refused(
        "E_NO_ROWS", "there are no rows", frame={"period": np.array([], dtype=int), "value": np.array([])}
    )


def test_options_that_make_no_sense_are_refused():
    refused("E_METHOD", "method='sarima' is not known", method="sarima")
    refused("E_METHOD", "no method is named", method=[])
    refused("E_HORIZON", "horizon=0 is out of range", horizon=0)
    refused("E_OPTION_TYPE", "horizon='3' is not a whole number", horizon="3")
    refused("E_LAG", "lag=0 is out of range", lag=0)
    for beyond in ({"lag": 2**31}, {"horizon": 2**31}, {"horizon": 10_001}):
        refused(f"E_{next(iter(beyond)).upper()}", "is out of range", **beyond)
    refused("E_CONFIDENCE", "a confidence of 80 is not between 0 and 1", confidence=80)
    refused("E_COLUMN_DUPLICATE", "column 'period' would be twice", series="period")
    refused("E_COLUMN_MISSING", "column 'month' not found", period="month")


def test_a_column_that_would_be_twice_is_refused():
    frame = {"naive_lower": [1, 2, 3], "value": [1.0, 2.0, 3.0]}
    refused("E_COLUMN_DUPLICATE", "column 'naive_lower'", frame=frame, period="naive_lower", confidence=0.8)
    assert "naive_lower" in tn.forecast.naive(frame, period="naive_lower").columns
    refused("E_COLUMN_DUPLICATE", "column 'horizon'", frame={"horizon": [1, 2], "value": [1.0, 2.0]},
            period="horizon")  # fmt: skip


def test_forecasts_end_with_the_calendar():
    late = {"period": ["9999-11-01", "9999-12-01"], "value": [1.0, 2.0]}
    refused("E_DATE_RANGE", "1 times 1 month after 9999-12-01 there is no date", frame=late)
    most = {"period": [2**62 - 1, 2**62], "value": [1.0, 2.0]}
    refused("E_PERIOD_RANGE", "there is no number below", frame=most)
    refused("E_PERIOD_RANGE", "is beyond", frame={"period": [-(2**63), 2**63 - 1], "value": [1.0, 2.0]})


def test_what_is_beyond_every_number_is_null():
    found = tn.forecast.naive(
        {"period": [1, 2, 3], "value": [1.5e308, -1.5e308, 1.5e308]}, method=["naive", "drift", "mean"],
        horizon=1, confidence=0.9,
    )  # fmt: skip
    assert found["naive"].tolist() == [1.5e308]
    for name in ("naive_lower", "naive_upper", "drift_lower", "mean_upper"):
        assert found.reason(name) == ["diverges"]
    assert (
        tn.forecast.naive({"period": [1, 2], "value": [1.5e308] * 2}, method="mean").reason("mean")
        == ["diverges"] * 12
    )


def test_instants_become_days_of_a_named_zone():
    ends = pd.to_datetime(["2024-01-31 23:30", "2024-02-29 23:30", "2024-03-31 23:30"])
    frame = pd.DataFrame({"period": ends.tz_localize("America/New_York"), "value": [1.0, 2.0, 3.0]})
    refused("E_TZ_MISSING", "holds instants", frame=frame)
    found = tn.forecast.naive(frame, horizon=1, timezone="America/New_York")
    assert found["period"].astype(str).tolist() == ["2024-04-30"]
    refused("E_TZ_UNKNOWN", "unknown time zone", frame=frame, timezone="Mars/Olympus")


def test_history_is_what_was_forecast_from():
    frame = {"period": [3, 1, 2], "value": [30.0, 10.0, 20.0]}
    past = tn.forecast.naive(frame).history()
    assert past["period"].tolist() == [1, 2, 3]
    assert past["value"].tolist() == [10.0, 20.0, 30.0]


def test_plot_shows_history_methods_and_limits():
    frame = {"id": ["a"] * 4 + ["b"] * 4, "period": ["2024-01", "2024-02", "2024-03", "2024-04"] * 2}
    frame["value"] = [1.0, 2.0, 4.0, 3.0] * 2
    found = tn.forecast.naive(frame, series="id", method=["naive", "drift"], horizon=3, confidence=0.8)
    ax = found.plot()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["value", "naive", "drift"]
    assert ax.get_title(loc="left") == "value of a"
    assert len(ax.collections) == 2


@given(
    st.lists(st.lists(st.integers(-1000, 1000), min_size=2, max_size=9), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
)
def test_order_of_rows_and_other_series_change_nothing(series, random):
    rows = [(f"s{at}", t, float(y)) for at, own in enumerate(series) for t, y in enumerate(own)]
    mixed = random.sample(rows, len(rows))
    options = {"series": "id", "method": METHODS, "lag": 2, "horizon": 3, "confidence": 0.9}

    def found(chosen):
        columns = list(zip(*chosen, strict=True))
        frame = {"id": list(columns[0]), "period": list(columns[1]), "value": list(columns[2])}
        return tn.forecast.naive(frame, **options).to_dict()

    whole = found(rows)
    assert found(mixed) == whole
    alone = found([row for row in rows if row[0] == "s0"])
    assert {name: values[:3] for name, values in whole.items()} == alone
