"""Curves, tests and reasons: the reference values, the published tables, and what cannot be."""

import csv

import numpy as np
import pytest
from shared_values import read_table, reference_value, shared_folder

import tenure as tn

KINDS = {"plain": "plain", "log": "log", "loglog": "log_log"}


def close(found, expected, tolerance):
    """Null exactly where the reference is, and near it elsewhere."""
    missing = [value is None for value in expected]
    assert np.ma.getmaskarray(found).tolist() == missing
    wanted = np.array([value or 0.0 for value in expected], dtype=float)
    np.testing.assert_allclose(np.ma.filled(found.astype(float), 0.0), wanted, rtol=0, atol=tolerance)


def waltons():
    return read_table("conformance/data/surv_waltons_dataset.csv", T=float, E=int)


def lung():
    return read_table("conformance/data/surv_lung.csv", time=float, status=int)


def telco():
    types = {"tenure": int, "event": int, "MonthlyCharges": float}
    return read_table("conformance/data/surv_telco.csv", **types)


def only(rows, column, value):
    chosen = [at for at, held in enumerate(rows[column]) if held == value]
    return {name: [values[at] for at in chosen] for name, values in rows.items()}


CURVES = {
    "km_waltons_control": lambda: (only(waltons(), "group", "control"), "T", "E"),
    "km_lung_all": lambda: (lung(), "time", "status"),
    "km_telco_all": lambda: (telco(), "tenure", "event"),
    "km_telco_monthtomonth": lambda: (only(telco(), "Contract", "Month-to-month"), "tenure", "event"),
    "km_telco_twoyear": lambda: (only(telco(), "Contract", "Two year"), "tenure", "event"),
}


@pytest.mark.parametrize("name", CURVES)
def test_curves_are_those_of_r(name):
    entry = reference_value(name)
    values, tolerance = entry["values"], entry["tolerance"]["abs"]
    rows, duration, event = CURVES[name]()
    columns = {
        "time": "time", "at_risk": "n_risk", "events": "n_event", "censored": "n_censor", "survival": "surv",
        "std_error": "std_err_surv", "cumulative_hazard": "cumhaz", "hazard_std_error": "std_chaz",
    }  # fmt: skip
    for suffix, interval in KINDS.items():
        curve = tn.cohort.survival(rows, duration=duration, event=event, interval=interval)
        for ours, theirs in {**columns, "lower": f"lower_{suffix}", "upper": f"upper_{suffix}"}.items():
            close(curve[ours], values[theirs], tolerance)
        median = curve.median().to_dict()
        found = [median["time"][0], median["lower"][0], median["upper"][0]]
        assert found == [values["median"], *values[f"median_ci_{suffix}"]]


def test_weights_are_copies():
    values = reference_value("km_telco_weighted")["values"]
    rows = telco()
    counts = {}
    for key in zip(rows["tenure"], rows["event"], strict=True):
        counts[key] = counts.get(key, 0) + 1
    few = {
        "tenure": [time for time, _ in counts],
        "event": [event for _, event in counts],
        "customers": list(counts.values()),
    }
    curve = tn.cohort.survival(few, duration="tenure", event="event", weight="customers")
    close(curve["survival"], values["surv"], 1e-10)
    close(curve["at_risk"], values["n_risk"], 1e-10)
    close(curve["events"], values["n_event"], 1e-10)


@pytest.mark.parametrize("name", ["aml_all", "aml_Maintained", "aml_Nonmaintained", "lung_all", "lung_male"])
def test_published_tables(name):
    data, _, group = name.partition("_")
    rows = read_table(f"data/km_published/{data}.csv", time=float, status=int)
    rows["event"] = [int(status == (2 if data == "lung" else 1)) for status in rows["status"]]
    if group != "all":
        column, value = ("sex", "1") if data == "lung" else ("x", group)
        rows = only(rows, column, value)
    curve = tn.cohort.survival(rows, duration="time", event="event")
    ended = curve["events"] > 0
    with (shared_folder() / f"data/km_published/expected_km_{name}.csv").open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    for ours, theirs in {"survival": "s", "lower": "lo95_log", "upper": "hi95_log"}.items():
        close(curve[ours][ended], [float(line[theirs]) if line[theirs] else None for line in lines], 1e-10)
    close(curve["at_risk"][ended], [float(line["at_risk"]) for line in lines], 0)


TESTS = {
    "logrank_waltons": (waltons, "T", "E", "group", None, 0),
    "logrank_waltons_rho1": (waltons, "T", "E", "group", None, 1),
    "logrank_lung_sex": (lung, "time", "status", "sex", None, 0),
    "logrank_telco_contract_rho1": (telco, "tenure", "event", "Contract", None, 1),
    "logrank_telco_hi_strat_contract": (telco, "tenure", "event", "high", "Contract", 0),
}


@pytest.mark.parametrize("name", TESTS)
def test_tests_are_those_of_r(name):
    values = reference_value(name)["values"]
    table, duration, event, by, strata, rho = TESTS[name]
    rows = table()
    if by == "high":
        rows["high"] = [charge > 70 for charge in rows["MonthlyCharges"]]
    test = tn.cohort.log_rank(rows, duration=duration, event=event, by=by, strata=strata, rho=rho)
    assert test.statistic == pytest.approx(values["chisq"], rel=1e-9)
    assert test.p_value == pytest.approx(values["p"], rel=1e-9, abs=0)
    assert test.degrees_of_freedom == values["df"]
    assert test["customers"].tolist() == values["n"]
    parts = test.by_stratum() if strata else test
    np.testing.assert_allclose(parts["observed"], values["obs"], rtol=1e-9)
    np.testing.assert_allclose(parts["expected"], values["exp"], rtol=1e-9)
    assert test["observed"].sum() == pytest.approx(sum(values["obs"]))


MEANS = {
    "rmst_waltons_control_50": lambda: (only(waltons(), "group", "control"), "T", "E"),
    "rmst_waltons_mir_50": lambda: (only(waltons(), "group", "miR-137"), "T", "E"),
    "rmst_telco_36": lambda: (telco(), "tenure", "event"),
    "rmst_lung_365": lambda: (lung(), "time", "status"),
}


@pytest.mark.parametrize("name", MEANS)
def test_restricted_means_are_those_of_r(name):
    values = reference_value(name)["values"]
    rows, duration, event = MEANS[name]()
    mean = tn.cohort.survival(rows, duration=duration, event=event).restricted_mean(values["tau"])
    assert mean["mean"][0] == pytest.approx(values["rmean"], rel=1e-9)
    assert mean["std_error"][0] == pytest.approx(values["se"], rel=1e-7)
    assert mean["lower"][0] < mean["mean"][0] < mean["upper"][0]


def test_the_original_file_of_the_churn_data():
    rows = read_table("data/ibm_telco_churn/telco_customer_churn.csv", tenure=int)
    rows["left"] = [value == "Yes" for value in rows["Churn"]]
    curve = tn.cohort.survival(rows, duration="tenure", event="left", by="Contract")
    assert curve["events"].sum() == 1869
    assert curve["at_risk"][curve["time"] == 0].tolist() == [1473, 1695]  # nobody by the month has 0 months
    last = curve.at(72).to_dict()
    expected = reference_value("km_telco_monthtomonth")["values"]["surv"][-1]
    assert last["Contract"] == ["Month-to-month", "One year", "Two year"]
    assert last["survival"][0] == pytest.approx(expected, abs=1e-10)


ROWS = {
    "months": [3, 5, 5, 8, 12, 2, 4, 9],
    "left": [1, 1, 0, 1, 0, 0, 1, 1],
    "plan": ["a", "a", "a", "a", "b", "b", "b", "b"],
    "team": ["x", "y", "x", "y", "x", "y", "x", "y"],
}


def test_a_curve_for_each_group():
    curve = tn.cohort.survival(ROWS, duration="months", event="left", by=["plan", "team"])
    assert curve.columns[:3] == ["plan", "team", "time"]
    assert curve.groups == [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")]
    alone = tn.cohort.survival(
        {"months": [5, 8], "left": [1, 1]}, duration="months", event="left"
    )  # the rows of ("a", "y")
    assert curve.curve(("a", "y"))["survival"].tolist() == alone["survival"].tolist()
    assert len(curve.median()) == 4
    assert curve.quantile([0.2, 0.5])["share"].tolist() == [0.2, 0.5] * 4
    with pytest.raises(tn.OptionError, match=r"Known: a, x; a, y") as failure:
        curve.curve(("c",))
    assert failure.value.code == "E_SEGMENT"


def test_columns_keep_their_types():
    curve = tn.cohort.survival(ROWS, duration="months", event="left")
    kinds = {name: curve[name].dtype.kind for name in curve.columns}
    assert [kinds[name] for name in ("time", "at_risk", "events", "censored", "survival")] == list("iiiif")
    fractions = {"t": [0.5, 1.5], "e": [True, False], "w": [1, 2]}
    weighted = tn.cohort.survival(fractions, duration="t", event="e", weight="w")
    assert weighted["time"].dtype.kind == weighted["at_risk"].dtype.kind == "f"
    assert weighted["at_risk"].tolist() == [3.0, 2.0]


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow", "duckdb"])
def test_any_frame_in_and_the_same_kind_out(kind):
    import duckdb
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    table = pa.table(ROWS)
    frames = {
        "pandas": lambda: pd.DataFrame(ROWS),
        "polars": lambda: pl.DataFrame(ROWS),
        "pyarrow": lambda: table,
        "duckdb": lambda: duckdb.from_arrow(table),
    }
    frame = frames[kind]()
    curve = tn.cohort.survival(frame, duration="months", event="left", by="plan")
    expected = tn.cohort.survival(ROWS, duration="months", event="left", by="plan")
    assert curve.to_dict() == expected.to_dict()
    assert type(curve.to_native()) is type(frame)
    assert type(curve.median().to_native()) is type(frame)


def test_chunks_nulls_and_other_types_are_read_alike():
    import pyarrow as pa

    expected = tn.cohort.survival(ROWS, duration="months", event="left").to_dict()
    chunked = pa.table(
        {
            "months": pa.chunked_array([ROWS["months"][:3], ROWS["months"][3:]], pa.float32()),
            "left": pa.chunked_array(
                [[bool(v) for v in ROWS["left"][:1]], [bool(v) for v in ROWS["left"][1:]]]
            ),
        }
    )
    found = tn.cohort.survival(chunked, duration="months", event="left").to_dict()
    assert {**found, "time": expected["time"]} == expected
    assert found["time"] == [float(time) for time in expected["time"]]
    for months in (np.int32, np.int16, np.uint8, np.int64):
        typed = {"months": np.array(ROWS["months"], months), "left": np.array(ROWS["left"], bool)}
        assert tn.cohort.survival(typed, duration="months", event="left").to_dict() == expected


def test_groups_by_number_are_those_by_text():
    rows = {**ROWS, "number": [10, 10, 10, 10, 9, 9, 9, 9], "text": ["10"] * 4 + ["9"] * 4}
    options = {"duration": "months", "event": "left"}
    by_number = tn.cohort.log_rank(rows, by="number", **options)
    by_text = tn.cohort.log_rank(rows, by="text", **options)
    assert by_number["number"].tolist() == by_text["text"].tolist() == ["10", "9"]
    assert by_number.statistic == by_text.statistic
    far = {**rows, "number": np.array([2**62] * 4 + [-(2**62)] * 4)}
    assert tn.cohort.log_rank(far, by="number", **options).statistic == by_text.statistic


def test_a_group_is_named_by_its_label():
    rows = {**ROWS, "number": [10, 10, 10, 10, 9, 9, 9, 9]}
    ask = {"duration": "months", "event": "left"}
    curves = tn.cohort.survival(rows, by="plan", **ask)
    for label in {plan for (plan,) in curves.groups}:
        assert curves.curve(label)["time"].tolist() == curves.curve((label,))["time"].tolist()
    numbered = tn.cohort.survival(rows, by="number", **ask)
    wanted = numbered.curve(("9",))["time"].tolist()
    assert wanted
    for name in (9, "9", (9,), [9], np.int64(9)):
        assert numbered.curve(name)["time"].tolist() == wanted
    both = tn.cohort.survival(rows, by=["plan", "number"], **ask)
    assert len(both.curve(both.groups[0])["time"]) > 0
    for wrong in ("8", (), ("9", "10")):
        with pytest.raises(tn.OptionError, match="is not one of the curves") as failure:
            numbered.curve(wrong)
        assert failure.value.code == "E_SEGMENT"


def test_reasons_compete():
    rows = {"months": [2, 4, 4, 6, 9], "why": ["price", "card", None, "price", ""]}
    shares = tn.cohort.cumulative_incidence(rows, duration="months", cause="why")
    assert shares.causes == ["card", "price"]
    total = shares["incidence"].reshape(2, -1).sum(axis=0) + shares["survival"][: len(shares) // 2]
    np.testing.assert_allclose(total, 1.0, atol=1e-15)
    last = shares.at(9).to_dict()
    assert last["incidence"] == pytest.approx([0.2, 0.5])
    assert shares.notes == []


def test_reasons_by_number_and_other_words_for_still_there():
    whole = {"t": [1, 2, 3, 4], "why": [1, 2, 0, 1]}
    missing = {"t": [1, 2, 3, 4], "why": np.array([1.0, 2.0, np.nan, 1.0])}
    words = {"t": [1, 2, 3, 4], "why": ["a", "b", "active", "a"]}
    found = [
        tn.cohort.cumulative_incidence(whole, duration="t", cause="why"),
        tn.cohort.cumulative_incidence(missing, duration="t", cause="why"),
        tn.cohort.cumulative_incidence(words, duration="t", cause="why", censored="active"),
    ]
    assert [shares.causes for shares in found] == [["1", "2"], ["1", "2"], ["a", "b"]]
    none = tn.cohort.cumulative_incidence(whole, duration="t", cause="why", censored=None)
    assert none.causes == ["0", "1", "2"]
    first = found[0]["incidence"].tolist()
    assert all(shares["incidence"].tolist() == first for shares in found)


def test_reasons_by_group():
    rows = {"t": [1, 2, 3, 4], "why": ["a", "b", "a", None], "plan": ["p", "p", "q", "q"]}
    shares = tn.cohort.cumulative_incidence(rows, duration="t", cause="why", by="plan")
    assert shares.columns[:3] == ["plan", "cause", "time"]
    assert shares.at(2).to_dict()["incidence"] == [0.5, 0.5, 0.0, 0.0]


def test_nobody_left():
    rows = {"t": [1, 2, 3], "e": [0, 0, 1], "plan": ["a", "b", "c"]}
    curve = tn.cohort.survival(rows, duration="t", event="e", by="plan")
    (note,) = curve.notes
    assert (note.code, note.count) == ("N_NO_EVENTS", 2)
    assert note.message == "no events in 2 of 3 groups (a; b): curve is 1.0; median not reached"
    alone = tn.cohort.survival({"t": [1, 2], "e": [0, 0]}, duration="t", event="e")
    assert alone.notes[0].message == "no events: curve is 1.0; median not reached"
    assert alone["survival"].tolist() == [1.0, 1.0]
    assert alone.median().to_dict()["time"] == [None]
    assert alone.median().reason("time") == ["not_reached"]
    why = {"t": [1, 2], "why": [None, "0"]}
    shares = tn.cohort.cumulative_incidence(why, duration="t", cause="why")
    assert (len(shares), shares.notes[0].code) == (0, "N_NO_EVENTS")


def test_nothing_to_compare():
    test = tn.cohort.log_rank({"t": [1], "e": [1], "g": ["a"]}, duration="t", event="e", by="g")
    assert (test.statistic, test.p_value, test.degrees_of_freedom) == (None, None, 0)
    assert "too few groups" in repr(test)
    assert len(test) == 1


REFUSED = {
    "E_DURATION_RANGE": ({"t": [-1, 2], "e": [1, 1]}, {}, r"column 't', row 0: duration -1"),
    "E_DURATION_RANGE nan": ({"t": [1.0, float("nan")], "e": [1, 1]}, {}, "row 1: duration missing"),
    "E_DURATION_RANGE inf": ({"t": [1.0, float("inf")], "e": [1, 1]}, {}, "row 1: duration infinite"),
    "E_EVENT_CODE": ({"t": [1, 2], "e": [1, 2]}, {}, "event 2; use 0/1 or the competing-risk function"),
    "E_EVENT_CODE null": ({"t": [1, 2], "e": [1, None]}, {}, "row 1: event missing"),
    "E_WEIGHT": ({"t": [1, 2], "e": [1, 1], "w": [0, 1]}, {"weight": "w"}, r"row 0: weight 0; must be > 0"),
    "E_PERIOD_REVERSED": ({"t": [1, 2], "e": [1, 1], "s": [0, 2]}, {"entry": "s"}, "not before the duration"),
    "E_NO_ROWS": ({"t": [], "e": []}, {}, "no durations"),
    "E_COLUMN_MISSING": ({"t": [1], "event": [1]}, {}, "column 'e' not found"),
    "E_TYPE": ({"t": ["long"], "e": [1]}, {}, "expected numbers"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_rows_that_cannot_be_are_refused(case):
    rows, options, words = REFUSED[case]
    with pytest.raises(tn.InputError, match=words) as failure:
        tn.cohort.survival(rows, duration="t", event="e", **options)
    assert failure.value.code == case.split()[0]


def test_a_missing_event_in_arrow_is_refused():
    import pyarrow as pa

    table = pa.table({"t": [1, 2], "e": pa.array([True, None])})
    with pytest.raises(tn.InputError, match="row 1: event missing"):
        tn.cohort.survival(table, duration="t", event="e")


def test_options_out_of_range_are_refused():
    rows = {"t": [1], "e": [1], "time": ["a"]}
    ask = {"duration": "t", "event": "e"}
    for options, code, words in [
        ({"interval": "wald"}, "E_INTERVAL", "Known: plain, log, log_log"),
        ({"confidence": 1.0}, "E_CONFIDENCE", "Write 95 % as 0.95"),
        ({"confidence": 95}, "E_CONFIDENCE", "Write 95 % as 0.95"),
        ({"confidence": "0.9"}, "E_OPTION_TYPE", "confidence='0.9' is not a number"),
        ({"by": "time"}, "E_COLUMN_DUPLICATE", "would be twice"),
    ]:
        with pytest.raises(tn.OptionError, match=words) as failure:
            tn.cohort.survival(rows, **ask, **options)
        assert failure.value.code == code
    with pytest.raises(tn.OptionError, match="rho=-1") as failure:
        tn.cohort.log_rank(rows, by="time", rho=-1, **ask)
    assert failure.value.code == "E_PARAM"
    with pytest.raises(tn.OptionError, match="no group to compare"):
        tn.cohort.log_rank(rows, by=[], **ask)
    curve = tn.cohort.survival(rows, **ask)
    with pytest.raises(tn.OptionError, match="share="):
        curve.quantile(2)
    for ask_curve in (curve.at, curve.quantile, curve.restricted_mean):
        for text in ("soon", "60", b"60", ["1", "2"], None):
            with pytest.raises(tn.OptionError, match="is not a number") as failure:
                ask_curve(text)
            assert failure.value.code == "E_OPTION_TYPE"
    with pytest.raises(tn.OptionError, match="rho='1' is not a number"):
        tn.cohort.log_rank(rows, by="time", rho="1", **ask)
    for shape in ({"alpha": "a", "beta": 1}, {"alpha": 1, "beta": None}):
        with pytest.raises(tn.OptionError, match="is not a number"):
            tn.cohort.RetentionCurve(**shape)
    with pytest.raises(tn.OptionError, match="are no numbers"):
        tn.cohort.RetentionCurve(1, 1).survival("soon")
    why = {"t": [1, 2], "why": ["a", None]}
    with pytest.raises(tn.OptionError, match=r"censored=1\.5") as failure:
        tn.cohort.cumulative_incidence(why, duration="t", cause="why", censored=1.5)
    assert failure.value.code == "E_OPTION_TYPE"
    with pytest.raises(tn.OptionError) as failure:
        tn.cohort.cumulative_incidence(why, duration="t", cause="why", confidence=1)
    assert failure.value.code == "E_CONFIDENCE"


def test_shown_as_text_and_html():
    curve = tn.cohort.survival(ROWS, duration="months", event="left", by="plan")
    assert "0.7500" in repr(curve)
    page = curve._repr_html_()
    assert page.count("<polyline") == 2
    assert "Share still there" in page
    test = tn.cohort.log_rank(ROWS, duration="months", event="left", by="plan")
    assert repr(test).startswith("LogRank: chi-squared ")
    assert "<table" in test._repr_html_()
