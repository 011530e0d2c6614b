"""What cannot be measured: rows that are refused, options that contradict each other, figures not defined."""

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

import tenure as tn

ROWS = {
    "id": ["a", "a", "b", "b"],
    "t": [4, 5, 4, 5],
    "actual": [10.0, 20.0, 30.0, 40.0],
    "model": [11.0, 19.0, 33.0, 44.0],
}
PAST = {"id": ["a"] * 3 + ["b"] * 3, "t": [1, 2, 3] * 2, "actual": [6.0, 10.0, 8.0, 40.0, 50.0, 60.0]}


def measured(rows=None, **options):
    given = {"forecast": "model", "series": "id", "period": "t"}
    return tn.forecast.accuracy(ROWS | (rows or {}), **(given | options))


def refused(code, message, rows=None, **options):
    with pytest.raises(tn.Error) as caught:
        measured(rows, **options)
    assert caught.value.code == code
    assert message in str(caught.value)
    return caught.value


MISSING = {"actual": [10.0, None, 30.0, 40.0]}


@pytest.mark.parametrize(("kind", "code"), [(pl.DataFrame, "E_AMOUNT_NULL"), (pa.table, "E_AMOUNT_NULL")])
def test_a_missing_actual_is_refused_with_its_row(kind, code):
    with pytest.raises(tn.InputError, match=r"column 'actual', row 1: there is no value") as caught:
        tn.forecast.accuracy(kind(ROWS | MISSING), forecast="model", series="id", period="t")
    assert (caught.value.code, caught.value.row) == (code, 1)


def test_numbers_that_are_none():
    nan = np.array([11.0, 19.0, np.nan, 44.0])
    refused("E_AMOUNT_NAN", "column 'model', row 2: NaN is not a value", {"model": nan})
    refused("E_AMOUNT_INF", "column 'actual', row 0: infinite value", {"actual": [np.inf, 1.0, 1.0, 1.0]})
    infinite = {"actual": np.array([-np.inf, 1.0, 1.0, 1.0])}
    assert refused("E_AMOUNT_INF", "row 0", infinite, missing="skip").value == "-inf"
    other = {"other": np.array([1, np.nan, 1, 1])}
    refused("E_AMOUNT_NAN", "column 'other', row 1", other, benchmark="other", measures=["relative_mae"])


def test_missing_points_can_be_left_out_for_all_forecasts():
    rows = MISSING | {"second": [9.0, 9.0, 9.0, None]}
    found = measured(rows, forecast=["model", "second"], measures=["mae"], missing="skip")
    assert found["points"].tolist() == [1, 1, 1, 1]
    assert found["mae"].tolist() == [1.0, 1.0, 3.0, 21.0]
    assert [note.message for note in found.notes] == ["2 rows without an actual or a forecast are left out"]
    nothing = {"actual": [None, None, 30.0, 40.0]}
    assert measured(nothing, measures=["mae"], missing="skip")["id"].tolist() == ["b"]
    refused("E_NO_ROWS", "no row has both an actual and a forecast", {"actual": [None] * 4}, missing="skip")


def test_no_rows():
    refused("E_NO_ROWS", "there are no rows", {name: [] for name in ROWS})


def test_two_rows_of_one_period():
    error = refused(
        "E_DUPLICATE_ROW",
        "column 't', row 1: is of the same series and period as row 0: a",
        {"t": [4, 4, 4, 5]},
    )
    assert error.value == "4"
    scattered = {"id": ["a", "b", "a", "b"], "t": [4, 4, 4, 5]}
    assert refused("E_DUPLICATE_ROW", "as row 0: a", scattered).row == 2
    again = {"id": ["a"] * 4, "t": [4, 5, 4, 5]}
    assert refused("E_DUPLICATE_ROW", "as row 0", again).count == 2
    assert measured(again | {"made": [1, 1, 2, 2]}, cutoff="made")["points"].tolist() == [4]
    assert measured(again | {"ahead": [1, 1, 2, 2]}, horizon="ahead")["points"].tolist() == [4]


@pytest.mark.parametrize(
    ("period", "made", "grain", "message"),
    [
        (["2024-03"], ["2024-04-02"], None, "forecast for 2024-03 was made on 2024-04-02"),
        (["2024-03-01"], ["2024-04-01"], "month", "forecast for 2024-03 was made on 2024-04-01"),
        (["2024-03-01"], ["2024-03-02"], None, "forecast for 2024-03-01 was made on 2024-03-02"),
        (["2024-03-04"], ["2024-03-11"], "week", "forecast for 2024-03-04 was made on 2024-03-11"),
        (["2024-01-01"], ["2024-04-01"], "quarter", "forecast for 2024-01 was made on 2024-04-01"),
        (["2024-01-01"], ["2025-01-01"], "year", "forecast for 2024 was made on 2025-01-01"),
        ([7], [8], None, "forecast for 7 was made on 8"),
    ],
)
def test_a_forecast_made_after_its_period(period, made, grain, message):  # DOM-22
    rows = {"t": period, "made": made, "actual": [1.0], "model": [1.0]}
    with pytest.raises(tn.InputError, match=message) as caught:
        tn.forecast.accuracy(rows, forecast="model", period="t", cutoff="made", grain=grain)
    assert (caught.value.code, caught.value.column, caught.value.row) == ("E_LEAKAGE", "made", 0)


@pytest.mark.parametrize(
    ("period", "made", "grain"),
    [
        (["2024-03"], ["2024-03-31"], None), (["2024-03-01"], ["2024-03-01"], None),
        (["2024-03-04"], ["2024-03-10"], "week"), (["2024-01-01"], ["2024-03-31"], "quarter"),
        (["2024-01-01"], ["2024-12-31"], "year"), ([7], [7], None),
    ],
)  # fmt: skip
def test_a_forecast_made_within_its_period_counts(period, made, grain):
    rows = {"t": period, "made": made, "actual": [1.0], "model": [1.0]}
    found = tn.forecast.accuracy(rows, forecast="model", period="t", cutoff="made", grain=grain)
    assert found["points"].tolist() == [1]


def test_a_history_that_knows_the_answer():
    error = refused(
        "E_LEAKAGE",
        "the history of b reaches 4, its forecasts begin at 4",
        insample=PAST | {"t": [1, 2, 3, 1, 2, 4]},
    )
    assert (error.column, error.row) == ("t", 5)
    later = {"t": [4, 5, 5, 4], "made": [1, 1, 1, 2]}  # the earliest period is not of the earliest forecast
    refused("E_LEAKAGE", "of b reaches 4", later, cutoff="made", insample=PAST | {"t": [1, 2, 3, 1, 2, 4]})
    refused("E_TYPE", "dates in one table", insample=PAST | {"t": ["2024-01", "2024-02", "2024-03"] * 2})
    days = {"t": ["2024-01-04", "2024-01-05"] * 2}
    stamps = np.array(["2024-01-01", "2024-01-02", "2024-01-04T05"] * 2, dtype="datetime64[s]")
    refused("E_LEAKAGE", "of a reaches 2024-01-04 05:00:00", days, insample=PAST | {"t": stamps})


def test_a_series_without_history_has_no_scaled_errors():
    past = {name: values[:3] for name, values in PAST.items()}
    found = measured(insample=past, measures=["mae", "mase", "wape"])
    assert found.reason("mase") == ["", "too_few"]
    assert [(note.code, note.message) for note in found.notes] == [
        ("N_UNDEFINED", "MASE not defined in 1 of 2 series (too little history); WAPE given"),
        ("N_NO_HISTORY", "1 of 2 series have no history: scaled errors are not defined"),
    ]
    pooled = found.overall()
    assert pooled["mase"].tolist() == [found["mase"][0]]
    assert pooled.notes[0].message == "MASE not defined in 1 of 2 series (too little history); WAPE given"
    both = measured({"other": [1.0] * 4}, insample=past, measures=["mase"], forecast=["model", "other"])
    assert both.notes[0].message == "MASE not defined in 1 of 2 series (too little history)"
    assert both.overall().notes[0].message == "MASE not defined in 1 of 2 series (too little history)"
    assert both.by_horizon().notes[0].message == "MASE not defined in 2 of 4 parts (too little history)"
    strict = measured(insample=past, measures=["mase"], undefined_series="undefined").overall()
    assert strict.reason("mase") == ["too_few"]


def test_a_history_of_another_kind_of_key():
    refused(
        "E_KEY_TYPE",
        "is a number here and a text in the other table",
        insample=PAST | {"id": [1, 1, 1, 2, 2, 2]},
    )


def test_mape_where_an_actual_is_0():  # DOM-19
    twelve = {"actual": [0.0] + [10.0] * 11, "model": [1.0] * 12}
    found = tn.forecast.accuracy(twelve, forecast="model", scale="test", measures=["mape", "wape", "mase"])
    assert found["mape"].tolist() == [None]
    assert found.reason("mape") == ["zero_actual"]
    assert found.notes[0].code == "N_UNDEFINED"
    assert found.notes[0].message == "MAPE not defined in 1 of 12 periods; WAPE and MASE given"
    skipped = tn.forecast.accuracy(twelve, forecast="model", measures=["mape"], zero_actual="skip")
    assert skipped["mape"].tolist() == pytest.approx([0.9])


def test_a_pair_of_zeros():
    zeros = {"actual": [0.0, 10.0], "model": [0.0, 30.0]}
    found = {
        rule: tn.forecast.accuracy(zeros, forecast="model", measures=["smape"], zero_pair=rule).to_dict()[
            "smape"
        ]
        for rule in ("zero", "skip", "undefined")
    }
    assert found == {"zero": [0.5], "skip": [1.0], "undefined": [None]}


def test_keys_and_periods_that_are_missing():
    refused("E_KEY_NULL", "column 'id', row 2: missing name of a series", {"id": ["a", "a", None, "b"]})
    refused(
        "E_DATE_NULL", "column 't', row 1: there is no period", {"t": ["2024-01", None, "2024-01", "2024-02"]}
    )
    stamps = np.array(["2024-01-01", "NaT", "2024-01-01", "2024-01-02"], dtype="datetime64[ns]")
    refused("E_DATE_NULL", "row 1: there is no period", {"t": stamps})
    refused("E_DATE_FORMAT", "row 3", {"t": ["2024-01", "2024-02", "2024-01", "soon"]})
    refused("E_KEY_TYPE", "whole numbers or texts", {"id": [1.5, 1.5, 2.5, 2.5]})
    refused("E_COLUMN_MISSING", "column 'modle' not found; did you mean 'model'?", forecast="modle")
    refused("E_TYPE", "'made' is of whole numbers", {"t": ["2024-01", "2024-02"] * 2, "made": [1] * 4},
            cutoff="made")  # fmt: skip
    refused("E_TYPE", "is of dates; expected whole numbers", {"ahead": ["2024-01"] * 4}, horizon="ahead")


OPTIONS = [
    ({"measures": ["mase"]}, "E_MEASURE", "mase measures errors by those of a naive forecast"),
    (
        {"measures": ["owa"], "insample": PAST},
        "E_MEASURE",
        "owa compares with the errors of another forecast",
    ),
    ({"measures": ["relative_mae"]}, "E_MEASURE", "Pass benchmark= with the name of its column."),
    (
        {"measures": ["mapee"]},
        "E_MEASURE",
        "measure 'mapee' is not known; did you mean 'mape'?\n  Known: me, mpe, mae",
    ),
    ({"lag": 0}, "E_LAG", "lag=0 is below 1"),
    ({"lag": 2**31}, "E_LAG", "is out of range"),
    ({"lag": 2**80}, "E_LAG", "is out of range"),
    ({"lag": 1.5}, "E_OPTION_TYPE", "lag=1.5 is not a whole number"),
    ({"scale": "test", "insample": PAST}, "E_OPTION", "and insample= is given"),
    ({"scale": "train"}, "E_OPTION", "scale='train' is not known"),
    ({"pooling": "mean"}, "E_OPTION", "Known: mean_of_ratios, ratio_of_sums."),
    ({"zero_actual": "zero"}, "E_OPTION", "zero_actual='zero' is not known"),
    ({"zero_pair": 0}, "E_OPTION", "zero_pair=0 is not known"),
    ({"undefined_series": "zero"}, "E_OPTION", "undefined_series='zero' is not known"),
    ({"missing": "drop"}, "E_OPTION", "missing='drop' is not known"),
    ({"grain": "hour"}, "E_OPTION", "grain='hour' is not known"),
    ({"forecast": []}, "E_OPTION", "forecast= names no column"),
    ({"threads": 0}, "E_THREADS", "threads=0 is not above 0"),
    ({"series": ["id", "t"]}, "E_COLUMN_DUPLICATE", "'t' would be twice in the result"),
    ({"by": "share"}, "E_COLUMN_DUPLICATE", "'share' would be twice in the result"),
    ({"by": "series"}, "E_COLUMN_DUPLICATE", "'series' would be twice in the result"),
]


@pytest.mark.parametrize(("options", "code", "message"), OPTIONS, ids=lambda part: str(part)[:40])
def test_options_that_cannot_be(options, code, message):
    assert isinstance(refused(code, message, **options), tn.OptionError)


def test_what_a_result_cannot_be_asked():
    found = measured()
    for ask, code, message in [
        (found.by_cutoff, "E_OPTION", "accuracy was computed without cutoff="),
        (found.by_segment, "E_OPTION", "accuracy was computed without by="),
        (lambda: found.overall(pooling="sum"), "E_OPTION", "pooling='sum' is not known"),
        (lambda: found.explain("c"), "E_SERIES", "there is no series c"),
        (lambda: found.explain(("a", "b")), "E_SERIES", "2 names for a series of 1 columns"),
        (lambda: found.explain(7), "E_KEY_TYPE", "series= is a number, the column a text"),
        (lambda: found.explain("a", forecast="actual"), "E_FORECAST", "Known: model."),
        (lambda: found.explain("a", measure="mase"), "E_MEASURE", "measure='mase' is not known"),
        (lambda: found.plot(measure="mase"), "E_MEASURE", "measure='mase' is not known"),
        (lambda: found.overall().plot(measure="mase"), "E_MEASURE", "measure='mase' is not known"),
    ]:
        with pytest.raises(tn.OptionError) as caught:
            ask()
        assert caught.value.code == code
        assert message in str(caught.value)


def test_errors_too_large_for_a_number():
    rows = {"actual": [1e308, -1e308], "model": [-1e308, 1e308]}
    found = tn.forecast.accuracy(rows, forecast="model", measures=["mae", "rmse", "wape"])
    assert [found.reason(name) for name in found.measures] == [["diverges"]] * 3
    assert [found[name].tolist() for name in found.measures] == [[None]] * 3


TEN = {
    "id": [name for name in "abcdefghij" for _ in range(2)],
    "actual": [1.0, 2.0] * 10,
    "b": [3.0, 3.0] * 10,
}


def messages(result):
    return [note.message for note in result.notes]


@pytest.mark.parametrize("perfect", [4, 5])
def test_series_are_counted_once_however_many_forecasts_differ(perfect):
    rows = TEN | {"a": [1.0, 2.0] * perfect + [3.0, 3.0] * (10 - perfect), "c": [9.0] * 20}
    found = tn.forecast.accuracy(rows, forecast=["a", "b", "c"], series="id", measures=["tracking_signal"])
    wanted = f"tracking signal not defined in {perfect} of 10 series (there is no error)"
    assert messages(found) == messages(found.overall()) == [wanted]
    assert found.notes[0].count == perfect
    moved = rows | {"b": [3.0, 3.0] * 5 + [1.0, 2.0] * 5}
    found = tn.forecast.accuracy(moved, forecast=["a", "b", "c"], series="id", measures=["tracking_signal"])
    assert found.overall().notes[0].count == perfect + 5


def test_each_reason_has_a_note_in_words_of_its_measure():
    rows = {
        "id": ["flat"] * 3 + ["one"] + ["zero"] * 3, "actual": [5.0, 5.0, 5.0, 1.0, 0.0, 1.0, 0.0],
        "model": [6.0, 7.0, 9.0, 2.0, 1.0, 3.0, 5.0],
    }  # fmt: skip
    past = {"id": ["flat"] * 2 + ["zero"] * 2, "actual": [5.0, 5.0, -1.0, 1.0]}
    found = tn.forecast.accuracy(
        rows,
        forecast="model",
        series="id",
        insample=past,
        measures=["r2", "theil_u2", "acf1", "spis", "mase"],
    )
    assert messages(found)[:-1] == [
        "r2 not defined in 1 of 3 series (too few points)",
        "r2 not defined in 1 of 3 series (actuals that never vary)",
        "theil u2 not defined in 1 of 3 series (too few points)",
        "theil u2 not defined in 1 of 3 series (an actual of 0)",
        "theil u2 not defined in 1 of 3 series (actuals that never change)",
        "acf1 not defined in 1 of 3 series (too few points)",
        "SPIS not defined in 1 of 3 series (too little history)",
        "SPIS not defined in 1 of 3 series (a history of mean 0)",
        "MASE not defined in 1 of 3 series (too little history)",
        "MASE not defined in 1 of 3 series (a history that never varies)",
    ]
    pooled = found.overall(pooling="ratio_of_sums")
    assert messages(pooled) == [
        "theil u2 not defined in 1 of 3 series (too few points)",
        "theil u2 not defined in 1 of 3 series (an actual of 0)",
        "theil u2 not defined in 1 of 1 rows (actuals that never change)",
        "SPIS not defined in 1 of 3 series (too little history)",
        "MASE not defined in 1 of 3 series (too little history)",
    ]
    alone = tn.forecast.accuracy(
        {"actual": [1.0], "model": [2.0]},
        forecast="model",
        insample={"actual": [1.0, -1.0]},
        measures=["spis"],
    )
    assert messages(alone) == ["SPIS not defined in 1 of 1 series (a history of mean 0)"]


def test_faults_of_a_history_are_those_of_its_own_rows():
    past = PAST | {"actual": [1.0, 2.0, None, 4.0, float("nan"), 6.0]}
    for options in ({}, {"missing": "skip"}):
        error = refused("E_AMOUNT_NULL", "Leave the row out, or give its value.", insample=past, **options)
        assert error.row == 2
        assert "missing=" not in str(error)
    here = refused("E_AMOUNT_NULL", "or pass missing='skip'", {"actual": [1.0, None, 2.0, 3.0]})
    assert here.row == 1


def test_a_benchmark_among_the_forecasts_is_checked_once():
    endless = {"model": [float("inf")] + [1.0] * 3}
    error = refused("E_AMOUNT_INF", "infinite value", endless, benchmark="model")
    assert "such rows" not in str(error)


def test_hints_name_options_that_the_function_has():
    rows = {"t": [1, 1], "actual": [1.0, 2.0], "one": [1.0, 2.0], "other": [2.0, 1.0]}
    with pytest.raises(tn.InputError, match="need cutoff= or horizon="):
        tn.forecast.accuracy(rows, forecast="one", period="t")
    with pytest.raises(tn.InputError, match="keep one horizon, and name the columns of series=") as caught:
        tn.forecast.diebold_mariano(rows, forecast=["one", "other"], period="t")
    assert "cutoff=" not in str(caught.value)


def test_figures_too_large_for_a_number():
    rows = {"id": ["a", "b"], "actual": [0.0, 0.0], "model": [1.5e308, 1.5e308]}
    found = tn.forecast.accuracy(rows, forecast="model", series="id", measures=["mae", "me", "pis"])
    assert found["mae"].tolist() == [1.5e308] * 2
    assert [found.overall().reason(name) for name in found.measures] == [["diverges"]] * 3
    assert messages(found.overall())[0] == "MAE not defined in 1 of 1 rows (too large for a number)"
    past = {"actual": [1e308, -1e308, 1e308]}
    scaled = tn.forecast.accuracy(
        {"actual": [1.0], "model": [2.0]},
        forecast="model",
        insample=past,
        measures=["mase", "rmsse", "smape"],
    )
    assert [scaled.reason(name) for name in ("mase", "rmsse")] == [["diverges"]] * 2
    assert scaled.explain(measure="mase")["row"].tolist() == []
    far = tn.forecast.accuracy({"actual": [1e308], "model": [1.5e308]}, forecast="model", measures=["smape"])
    assert far["smape"].tolist() == pytest.approx([0.4])


def test_many_segments_stay_apart():
    size = 8192
    names = [f"by{column}" for column in range(5)]
    ids = np.arange(size + 1)
    rows = {"id": ids, "actual": np.ones(size + 1), "model": np.ones(size + 1)}
    rows |= dict.fromkeys(names, ids % size)
    rows["by0"] = np.where(ids == size, 4096, rows["by0"])
    found = tn.forecast.accuracy(rows, forecast="model", series="id", by=names, measures=["mae"])
    parts = found.by_segment()
    assert len(parts) == found.series == size + 1
    keys = list(zip(*(parts[name].tolist() for name in names), strict=True))
    assert keys == sorted(keys)


def test_no_measure_and_any_number_of_rows():
    refused("E_MEASURE", "measures= names no measure", measures=[])
    assert len(measured().explain(most=10**30)) == 4
