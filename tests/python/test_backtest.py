"""Rolling origins: what forecasters see, what is kept of their answers, and what is refused."""

from datetime import date

import duckdb
import matplotlib
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenure as tn

matplotlib.use("Agg")


def two_shops():
    """Shop a has eight months, shop b begins in March and ends in July."""
    months = [f"2024-{month:02}-01" for month in range(1, 9)]
    return {
        "shop": ["a"] * 8 + ["b"] * 5,
        "month": months + months[2:7],
        "sales": [float(10 * at) for at in range(1, 9)] + [1.0, 2.0, 3.0, 4.0, 5.0],
        "note": list("abcdefgh") + list("vwxyz"),
    }


NAMES = {"value": "sales", "series": "shop", "period": "month"}


def last_value(history, horizon):
    """The naive forecast, from a dict."""
    shops = np.asarray(history["shop"])
    last = [np.asarray(history["sales"])[shops == shop][-1] for shop in dict.fromkeys(shops.tolist())]
    return np.repeat(last, horizon)


def test_rows_hold_each_origin_and_what_happened():
    back = tn.forecast.backtest(two_shops(), last_value, horizon=2, origins=2, **NAMES)
    assert back.columns == ["shop", "cutoff", "month", "horizon", "actual", "forecast"]
    assert back["shop"].tolist() == ["a"] * 4 + ["b"] * 3
    assert back["cutoff"].astype(str).tolist()[:4] == ["2024-05-01"] * 2 + ["2024-06-01"] * 2
    assert back["month"].astype(str).tolist()[:2] == ["2024-06-01", "2024-07-01"]
    assert back["horizon"].tolist() == [1, 2, 1, 2, 1, 2, 1]  # what b sells in August is not known
    assert back["actual"].tolist() == [60.0, 70.0, 70.0, 80.0, 4.0, 5.0, 5.0]
    assert back["forecast"].tolist() == [50.0, 50.0, 60.0, 60.0, 3.0, 3.0, 4.0]
    assert back.cutoffs.astype(str).tolist() == ["2024-05-01", "2024-06-01"]


@pytest.mark.parametrize("window", [None, 2])
def test_a_forecaster_never_sees_a_row_after_the_cutoff(window):
    seen = []

    def spy(history, horizon):
        seen.append((max(history["month"]), len(history["month"]), sorted(set(history["shop"]))))
        assert set(history) == {"shop", "month", "sales", "note"}
        return last_value(history, horizon)

    tn.forecast.backtest(two_shops(), spy, horizon=2, origins=5, window=window, **NAMES)
    lengths = [2, 4, 6, 8, 10] if window is None else [2, 3, 4, 4, 4]
    shops = [["a"], ["a", "b"], ["a", "b"], ["a", "b"], ["a", "b"]]
    assert seen == [
        (f"2024-{month:02}-01", length, there)
        for month, length, there in zip(range(2, 7), lengths, shops, strict=True)
    ]


def test_history_comes_sorted_whatever_the_order_of_rows():
    frame = pl.DataFrame(two_shops())
    found = []
    for rows in (frame, frame.reverse()):
        back = tn.forecast.backtest(
            rows, lambda history, _: found.append(history) or [[1.0], [1.0]], horizon=1, origins=1, **NAMES
        )
        assert len(back) == 1
    assert found[0].equals(found[1])


KINDS = {
    "pandas": (pd.DataFrame, lambda frame: frame["sales"].to_numpy()),
    "polars": (pl.DataFrame, lambda frame: frame["sales"].to_numpy()),
    "lazy": (pl.LazyFrame, lambda frame: frame["sales"].to_numpy()),
    "pyarrow": (pa.table, lambda frame: frame["sales"].to_numpy()),
    "duckdb": (lambda rows: duckdb.from_arrow(pa.table(rows)), lambda frame: frame.fetchnumpy()["sales"]),
    "dict": (dict, lambda frame: np.array(frame["sales"])),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_forecaster_gets_the_callers_own_kind_of_frame(kind):
    make, values = KINDS[kind]
    rows = make(two_shops())
    seen = []

    def spy(history, horizon):
        seen.append((type(history), values(history).tolist()))
        return np.ones((2, horizon))

    back = tn.forecast.backtest(rows, spy, horizon=1, origins=["2024-03"], **NAMES)
    wanted = pl.DataFrame if kind == "lazy" else type(rows)
    assert seen == [(wanted, [10.0, 20.0, 30.0, 1.0])]
    assert isinstance(back.to_native(), wanted)


@pytest.mark.parametrize("kind", ["pandas", "polars", "dict"])
def test_answers_may_be_frames_in_any_order(kind):
    def model(history, horizon):
        months = [f"2024-{month:02}" for month in range(7, 7 + horizon)]
        answer = {"month": months[::-1] * 2, "shop": ["b"] * horizon + ["a"] * horizon}
        answer["forecast"] = [float(at) for at in range(2 * horizon)]
        return {"pandas": pd.DataFrame, "polars": pl.DataFrame, "dict": dict}[kind](answer)

    back = tn.forecast.backtest(two_shops(), model, horizon=2, origins=[date(2024, 6, 1)], **NAMES)
    assert back["shop"].tolist() == ["a", "a", "b"]
    assert back["forecast"].tolist() == [3.0, 2.0, 1.0]


def test_several_forecasters_side_by_side():
    both = {"mine": last_value, "drift": "drift", "season": "seasonal_naive"}
    back = tn.forecast.backtest(two_shops(), both, horizon=1, origins=3, lag=4, **NAMES)
    assert back.forecasters == ("mine", "drift", "season")
    own = back["shop"] == "a"
    assert back["drift"][own].tolist() == [60.0, 70.0, 80.0]
    assert back["season"][~own].tolist() == [None, 1.0]  # b has three months, then four
    assert back.reason("season")[3] == "too_few"
    names = tn.forecast.backtest(two_shops(), ["naive", "drift"], horizon=1, origins=3, **NAMES)
    assert names["naive"].tolist() == back["mine"].tolist()


def test_step_and_dates_choose_origins():
    back = tn.forecast.backtest(two_shops(), "naive", horizon=2, origins=3, step=2, **NAMES)
    assert [str(one)[:7] for one in back.cutoffs] == ["2024-02", "2024-04", "2024-06"]
    back = tn.forecast.backtest(two_shops(), "naive", horizon=3, origins=["2024-07", "2024-02-01"], **NAMES)
    assert [str(one)[:7] for one in back.cutoffs] == ["2024-02", "2024-07"]
    assert back["horizon"].tolist() == [1, 2, 3, 1]  # of July, August alone has happened


def test_origins_before_the_history_are_left_out():
    back = tn.forecast.backtest(
        {"period": [1, 2, 3], "value": [1.0, 2.0, 3.0]}, "naive", origins=9, horizon=1
    )
    assert back.cutoffs.tolist() == [1, 2]


def test_forecasts_already_made():
    made = pd.DataFrame(
        {
            "shop": ["b", "a", "a"],
            "cutoff": ["2024-03-01", "2024-06-01", "2024-06-01"],
            "month": ["2024-05-01", "2024-09-01", "2024-08-01"],
            "plan": [9.0, 1.0, 77.0],
            "model": [8.0, 2.0, 79.0],
        }
    )
    back = tn.forecast.backtest(two_shops(), made, **NAMES)
    assert back.forecasters == ("plan", "model")
    assert back["shop"].tolist() == ["a", "b"]  # of September nothing is known yet
    assert back["horizon"].tolist() == [2, 2]
    assert back["actual"].tolist() == [80.0, 3.0]
    assert back["model"].tolist() == [79.0, 8.0]


def test_made_or_computed_forecasts_come_to_the_same():
    back = tn.forecast.backtest(two_shops(), {"naive": "naive"}, horizon=2, origins=4, **NAMES)
    made = back.to_pandas().drop(columns=["actual", "horizon"]).sample(frac=1.0, random_state=1)
    again = tn.forecast.backtest(two_shops(), made, horizon=2, **NAMES)
    assert again.to_dict() == back.to_dict()


def test_insample_is_what_was_known():
    back = tn.forecast.backtest(two_shops(), "naive", horizon=2, origins=2, **NAMES)
    past = back.insample()
    assert past["month"].max() == np.datetime64("2024-05-01")
    assert past["actual"].tolist() == [10.0, 20.0, 30.0, 40.0, 50.0, 1.0, 2.0, 3.0]
    assert len(back.insample("2024-06")) == 10
    with pytest.raises(tn.OptionError, match="cutoff='2024-07' is not an origin") as caught:
        back.insample("2024-07")
    assert caught.value.code == "E_CUTOFF"


def test_accuracy_takes_the_rows_as_they_are():
    back = tn.forecast.backtest(two_shops(), ["naive", "drift"], horizon=2, origins=2, **NAMES)
    found = back.accuracy(measures=["mae"]).to_pandas().set_index(["shop", "forecast"])["mae"]
    assert found["a", "naive"] == pytest.approx(15.0)
    assert found["a", "drift"] == pytest.approx(0.0, abs=1e-12)


def test_accuracy_takes_the_history_for_scaled_errors():
    back = tn.forecast.backtest(two_shops(), ["naive", "drift"], horizon=2, origins=2, **NAMES)
    found = back.accuracy(insample=back.insample(), measures=["mase"]).to_pandas()
    scaled = found.set_index(["shop", "forecast"])["mase"]
    assert scaled["a", "naive"] == pytest.approx(1.5)
    assert scaled["a", "drift"] == pytest.approx(0.0, abs=1e-12)


def refused(code, words, forecaster, kind=tn.InputError, frame=None, **options):
    chosen = {"horizon": 2, "origins": ["2024-06"]} | NAMES | options
    with pytest.raises(kind, match=words) as caught:
        tn.forecast.backtest(two_shops() if frame is None else frame, forecaster, **chosen)
    assert caught.value.code == code
    return caught.value


def test_answers_of_the_wrong_shape_name_forecaster_and_origin():
    words = (
        r"forecaster 'forecast' at origin 2024-06-01: returned an array of shape \(3,\); expected \(2, 2\)"
    )
    refused("E_FORECAST_SHAPE", words, lambda history, horizon: [1.0, 2.0, 3.0])
    words = "forecaster 'mine' at origin 2024-06-01: returned a str, neither numbers nor a frame"
    refused("E_FORECAST_SHAPE", words, {"mine": lambda history, horizon: "ten"})
    both = {"shop": ["a"], "month": ["2024-07"], "low": [1.0], "high": [2.0]}
    refused("E_FORECAST_SHAPE", "none is called 'forecast'", lambda history, horizon: both)


def answer(rows):
    columns = list(zip(*rows, strict=True))
    return lambda history, horizon: dict(zip(("shop", "month", "forecast"), map(list, columns), strict=True))


FULL = [("a", "2024-07", 1.0), ("a", "2024-08", 1.0), ("b", "2024-07", 1.0), ("b", "2024-08", 1.0)]


def test_missing_and_strange_answers_name_series_and_period():
    words = "at origin 2024-06-01, series 'b': no forecast for 2024-08-01"
    refused("E_FORECAST_MISSING", words, answer(FULL[:3]))
    refused(
        "E_FORECAST_SHAPE", "returned period 2024-09-01 that was not", answer([*FULL, ("a", "2024-09", 1.0)])
    )
    refused(
        "E_FORECAST_SHAPE", "returned a series that was not asked for", answer([*FULL, ("c", "2024-07", 1.0)])
    )
    refused("E_PERIOD_DUPLICATE", "series 'a': period 2024-07-01 is there twice", answer([*FULL, FULL[0]]))


def test_answers_that_are_no_number_name_series_and_period():
    words = "at origin 2024-06-01, series 'b': the forecast for 2024-07-01 is nan"
    refused("E_FORECAST_NAN", words, lambda history, horizon: [[1.0, 2.0], [np.nan, 3.0]])
    words = "series 'a': the forecast for 2024-08-01 is inf"
    refused("E_FORECAST_NAN", words, lambda history, horizon: [1.0, np.inf, 1.0, 1.0])
    null = answer([*FULL[:3], ("b", "2024-08", None)])
    refused("E_FORECAST_NAN", "series 'b': the forecast for 2024-08-01 is nan", null)


def test_what_a_forecaster_raises_says_where():
    def breaks(history, horizon):
        raise ZeroDivisionError("no data")

    with pytest.raises(ZeroDivisionError) as caught:
        tn.forecast.backtest(two_shops(), {"mine": breaks}, origins=["2024-06"], **NAMES)
    assert caught.value.__notes__ == ["raised by forecaster 'mine' at origin 2024-06-01"]


def made(**changed):
    return {"shop": ["a"], "cutoff": ["2024-06-01"], "month": ["2024-07-01"], "plan": [1.0]} | changed


def test_forecasts_made_too_late_are_leakage():
    words = "forecast for 2024-03-01 was made on 2024-04-02"
    fault = refused("E_LEAKAGE", words, made(cutoff=["2024-04-02"], month=["2024-03-01"]))
    assert (fault.row, fault.column) == (0, "month")
    refused(
        "E_LEAKAGE",
        "forecast for 2024-03-01 was made on 2024-03-01",
        made(cutoff=["2024-03-01"], month=["2024-03-01"]),
    )


def test_frames_of_forecasts_that_do_not_fit():
    refused("E_FORECAST_SHAPE", "a series that has no history", made(shop=["z"]))
    refused(
        "E_FORECAST_SHAPE", "cutoff 2024-06-15 is not a whole number of steps", made(cutoff=["2024-06-15"])
    )
    refused("E_FORECAST_NAN", "the forecast for 2024-07-01 is nan", made(plan=[None]))
    twice = {name: values * 2 for name, values in made().items()}
    refused("E_PERIOD_DUPLICATE", "for 2024-07-01 from 2024-06-01 is there twice", twice)
    bare = {name: values for name, values in made().items() if name != "plan"}
    refused("E_FORECAST_SHAPE", "the frame holds no forecast", bare)
    refused(
        "E_COLUMN_MISSING", "column 'cutoff' not found", {"shop": ["a"], "month": ["2024-07"], "plan": [1.0]}
    )
    refused(
        "E_TYPE", "whole numbers", made(), frame={"shop": ["a"] * 2, "month": [1, 2], "sales": [1.0, 2.0]}
    )


def test_options_that_make_no_sense_are_refused():
    option = tn.OptionError
    refused("E_METHOD", "forecaster='arima' is not known", "arima", option)
    refused("E_METHOD", "mine='arima' is not known", {"mine": "arima"}, option)
    refused("E_FORECASTER", "forecaster is a float", 3.5, option)
    refused("E_FORECASTER", "forecaster is a list", [], option)
    refused("E_HORIZON", "horizon=0 is out of range", "naive", option, horizon=0)
    refused("E_ORIGINS", "origins=0 is out of range", "naive", option, origins=0)
    refused(
        "E_ORIGINS", "origins='2024-06' is neither a number nor a list", "naive", option, origins="2024-06"
    )
    refused("E_WINDOW", "window=0 is out of range", "naive", option, window=0)
    refused("E_STEP", "step=0 is out of range", "naive", option, step=0)
    refused("E_ORIGINS", "is out of range", "naive", option, origins=10**30)
    refused("E_HORIZON", "horizon=1000000000 is out of range", lambda h, n: [], option, horizon=10**9)
    refused("E_LAG", "is out of range", "seasonal_naive", option, lag=2**40)
    refused("E_FORECASTER", "forecaster 'a' is a int", {"a": 3}, option)
    refused("E_FORECASTER", "forecaster 'b' is a int", {"a": lambda h, n: [], "b": 3}, option)
    refused("E_WINDOW", "no origin has a known period after it", "naive", origins=["2024-08"])
    refused("E_CUTOFF", "origin 2024-06-15 is no period of the history", "naive", origins=["2024-06-15"])
    refused("E_WINDOW", "no origin has a history: 9 periods before", "naive", origins=2, horizon=9)


@pytest.mark.parametrize("name", ["actual", "cutoff", "horizon", "month", "shop"])
def test_a_forecaster_named_as_another_column_is_refused(name):
    refused("E_COLUMN_DUPLICATE", f"column '{name}' would be twice", {name: "naive"}, tn.OptionError)


def test_other_columns_that_would_be_twice_are_refused():
    option = tn.OptionError
    refused("E_COLUMN_DUPLICATE", "column '1'", {1: "naive", "1": "drift"}, option)
    frame = {"actual": ["a", "a"], "cutoff": [1, 2], "value": [1.0, 2.0]}
    names = {"series": None, "period": "cutoff", "value": "value", "frame": frame}
    refused("E_COLUMN_DUPLICATE", "column 'cutoff'", "naive", option, **names)
    names = {"series": "actual", "period": "cutoff", "value": "value", "frame": frame}
    refused("E_COLUMN_DUPLICATE", "column 'cutoff'", "naive", option, **names)


def test_months_mean_the_period_in_them_everywhere():
    ends = ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]
    frame = {"period": ends, "value": [1.0, 2.0, 4.0, 8.0]}
    back = tn.forecast.backtest(frame, "naive", horizon=1, origins=["2024-02"])
    assert back["cutoff"].astype(str).tolist() == ["2024-02-29"]
    assert back.insample("2024-02")["actual"].tolist() == [1.0, 2.0]
    plan = {"cutoff": ["2024-02"], "period": ["2024-03"], "plan": [3.0]}
    made_before = tn.forecast.backtest(frame, plan)
    assert made_before["period"].astype(str).tolist() == ["2024-03-31"]
    assert made_before["actual"].tolist() == [4.0]
    for wrong in ("2024-03", "2023-01"):
        with pytest.raises(tn.OptionError, match="is not an origin") as fault:
            back.insample(wrong)
        assert fault.value.code == "E_CUTOFF"
    numbers = tn.forecast.backtest({"period": [1, 2, 3], "value": [1.0, 2.0, 3.0]}, "naive", horizon=1)
    with pytest.raises(tn.OptionError, match="cutoff='abc' is not an origin"):
        numbers.insample("abc")


def test_origins_before_the_calendar_are_left_out():
    frame = {"period": ["1400-01", "1400-02", "1400-03"], "value": [1.0, 2.0, 3.0]}
    back = tn.forecast.backtest(frame, "naive", horizon=1, origins=50_000)
    assert back["cutoff"].astype(str).tolist() == ["1400-01-01", "1400-02-01"]


def test_instants_become_days_of_a_named_zone():
    pd = pytest.importorskip("pandas")
    zone = "America/New_York"
    days = pd.to_datetime(["2024-01-31 23:30", "2024-02-29 23:30", "2024-03-31 23:30"]).tz_localize(zone)
    frame = pd.DataFrame({"period": days, "value": [1.0, 2.0, 4.0]})

    def last(history, horizon):
        return pd.DataFrame({"period": [days[2]], "forecast": [history["value"].iloc[-1]]})

    refused("E_TZ_MISSING", "holds instants", last, frame=frame, series=None, period="period", value="value")
    back = tn.forecast.backtest(frame, last, horizon=1, origins=1, timezone=zone)
    assert back["period"].astype(str).tolist() == ["2024-03-31"]
    assert back["forecast"].tolist() == [2.0]
    plan = pd.DataFrame({"cutoff": days[1:2], "period": days[2:], "plan": [3.0]})
    assert tn.forecast.backtest(frame, plan, timezone=zone)["cutoff"].astype(str).tolist() == ["2024-02-29"]


def test_plot_shows_the_error_by_lead_time():
    back = tn.forecast.backtest(two_shops(), ["naive", "drift"], horizon=3, origins=3, **NAMES)
    ax = back.plot()
    assert [line.get_label() for line in ax.lines] == ["naive", "drift"]
    own = back.to_pandas()
    first = own[own["horizon"] == 1]
    expected = (first["naive"] - first["actual"]).abs().mean()
    assert ax.lines[0].get_ydata()[0] == pytest.approx(expected)


@given(st.lists(st.floats(-1e6, 1e6), min_size=6, max_size=30), st.integers(1, 3), st.integers(1, 4))
def test_naive_in_a_backtest_is_naive_of_the_history_until_then(values, horizon, lag):
    frame = {"period": list(range(len(values))), "value": values}
    back = tn.forecast.backtest(frame, ["drift", "seasonal_mean"], horizon=horizon, origins=2, lag=lag)
    for cutoff in back.cutoffs.tolist():
        past = {name: held[: cutoff + 1] for name, held in frame.items()}
        rows = back["cutoff"] == cutoff
        if cutoff < 1:
            continue
        alone = tn.forecast.naive(past, method=["drift", "seasonal_mean"], horizon=horizon, lag=lag)
        for method in ("drift", "seasonal_mean"):
            assert back[method][rows].tolist() == alone[method].tolist()
