"""Forecast value added: what each step of making a forecast takes off the error."""

import math

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenure as tn
from tenure.forecast import value_added

STEPS = ["naive", "statistical", "sales"]


def worked():
    return {
        "plan": ["a", "a", "b", "b"],
        "month": ["2024-01", "2024-02", "2024-01", "2024-02"],
        "actual": [100, 200, 50, 50],
        "naive": [80, 240, 60, 40],
        "statistical": [90, 220, 55, 45],
        "sales": [95, 210, 80, 45],
    }


def test_worked_by_hand():
    found = value_added(worked(), steps=STEPS)
    assert found["step"].tolist() == STEPS
    assert found["error"].tolist() == pytest.approx([80 / 400, 40 / 400, 50 / 400])
    assert found["added"].tolist()[1:] == pytest.approx([0.1, -0.025])
    assert found["relative"].tolist()[1:] == pytest.approx([0.5, -0.25])
    assert found["added_total"].tolist() == pytest.approx([0, 0.1, 0.075])
    assert found["improved"].tolist()[1:] == [1.0, 0.5]
    assert found["worsened"].tolist()[1:] == [0.0, 0.25]
    for name in ("added", "relative", "improved", "worsened"):
        assert found.reason(name)[0] == "empty_base"
    assert found.worse == ["sales"]


def test_segments_add_up_to_the_total():
    found = value_added(worked(), steps=STEPS, by="plan")
    cut = found.by_segment()
    assert cut["plan"].tolist() == ["a"] * 3 + ["b"] * 3
    assert cut["error"].tolist() == pytest.approx(
        [60 / 300, 30 / 300, 15 / 300, 20 / 100, 10 / 100, 35 / 100]
    )
    for at in range(3):
        assert cut["share"][at] + cut["share"][at + 3] == pytest.approx(found["error"][at])
    assert cut["added_share"][2] + cut["added_share"][5] == pytest.approx(found["added"][2])
    assert cut.worse == ["sales"]
    assert cut["added"][2] > 0 > cut["added"][5], "sales helps plan a and harms plan b"


def test_explain_names_the_points_that_cost_most():
    found = value_added(worked(), steps=STEPS, series="plan", period="month")
    with pytest.raises(tn.OptionError, match="most=-1 is out of range") as fault:
        found.explain("sales", most=-1)
    assert fault.value.code == "E_OPTION"
    points = found.explain("sales", most=2)
    assert points.columns == ["plan", "month", "actual", "before", "after", "gain"]
    assert points["plan"].tolist() == ["b", "a"]
    assert points["gain"].tolist() == pytest.approx([-25 / 400, 10 / 400])
    everything = found.explain("sales", most=100)
    assert len(everything) == 4
    assert everything["gain"].sum() == pytest.approx(found["added"][2])
    for step in ("naive", "boss"):
        with pytest.raises(tn.OptionError, match="Known: statistical, sales") as fault:
            found.explain(step)
        assert fault.value.code == "E_STEPS"


NUMBER = st.integers(1, 400).map(lambda value: value / 4)
POINT = st.tuples(NUMBER, NUMBER, NUMBER, NUMBER, st.sampled_from("abc"))


@given(st.lists(POINT, min_size=1, max_size=40), st.sampled_from(["wape", "mae", "mse", "mape"]))
def test_the_bridge_closes(points, measure):
    actual, *forecasts = (np.array(column) for column in list(zip(*points, strict=True))[:4])
    rows = {"plan": [point[4] for point in points], "actual": actual}
    rows |= dict(zip(STEPS, forecasts, strict=True))
    found = value_added(rows, steps=STEPS, by="plan", measure=measure)
    losses = [
        {
            "wape": lambda e: np.sum(abs(e)) / np.sum(actual),
            "mae": lambda e: np.mean(abs(e)),
            "mse": lambda e: np.mean(e**2),
            "mape": lambda e: np.mean(abs(e) / actual),
        }[measure](one - actual)
        for one in forecasts
    ]
    assert found["error"].tolist() == pytest.approx(losses, rel=1e-12)
    added = [value for value in found["added"].tolist() if value is not None]
    assert losses[0] - sum(added) == pytest.approx(losses[-1], rel=1e-10, abs=1e-12)
    cut = found.by_segment()
    for at, step in enumerate(STEPS):
        chosen = cut["step"] == step
        assert np.sum(cut["share"][chosen]) == pytest.approx(losses[at], rel=1e-10, abs=1e-12)
    for step in STEPS[1:]:
        gains = found.explain(step, most=1000)["gain"]
        assert gains.sum() == pytest.approx(added[STEPS.index(step) - 1], rel=1e-9, abs=1e-9)


def test_any_frame_gives_the_same():
    rows = worked()
    expected = value_added(rows, steps=STEPS, by="plan").by_segment().to_dict()
    for frame in (pd.DataFrame(rows), pl.DataFrame(rows), pl.LazyFrame(rows)):
        assert value_added(frame, steps=STEPS, by="plan").by_segment().to_dict() == expected


def test_undefined_has_a_reason():
    zeros = {"actual": [0, 0], "x": [1, 2], "y": [1, 1]}
    assert value_added(zeros, steps=["x", "y"]).reason("error") == ["zero_actual"] * 2
    assert value_added(zeros, steps=["x", "y"], measure="mae")["error"].tolist() == [1.5, 1.0]
    mixed = {"actual": [0, 2], "x": [0, 2], "y": [1, 1]}
    found = value_added(mixed, steps=["x", "y"], measure="mape")
    assert found.reason("added") == ["empty_base", "zero_actual"]
    assert found.explain("y").reason("gain") == ["zero_actual"] * 2
    assert value_added(mixed, steps=["x", "y"]).reason("relative")[1] == "no_error"


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"steps": ["naive"]}, "E_STEPS", "steps= names 1 column"),
        ({"steps": []}, "E_STEPS", "steps= names 0 columns"),
        ({"measure": "rmse"}, "E_MEASURE", "Known: wape, mae, mse, mape"),
        ({"by": "step"}, "E_COLUMN_DUPLICATE", "'step' would be twice"),
        ({"steps": ["naive", "boss"]}, "E_COLUMN_MISSING", "column 'boss' not found"),
        ({"period": "month"}, "E_DUPLICATE_ROW", "row 2: is of the same series and period as row 0"),
        ({"grain": "decade"}, "E_OPTION", "grain='decade' is not known"),
    ],
)
def test_refused(options, code, words):
    rows = worked()
    with pytest.raises(tn.Error, match=words) as fault:
        value_added(rows, **({"steps": STEPS} | options))
    assert fault.value.code == code


def test_no_forecast_is_made_after_its_period():
    rows = worked() | {"made": ["2023-12-15", "2024-01-31", "2024-01-31", "2024-03-01"]}
    options = {"steps": STEPS, "series": "plan", "period": "month", "cutoff": "made"}
    with pytest.raises(tn.InputError, match="forecast for 2024-02 was made on 2024-03-01") as fault:
        value_added(rows, **options)
    assert fault.value.code == "E_LEAKAGE"
    rows["made"][3] = "2024-02-29"
    found = value_added(rows, **options)
    assert found["error"].tolist() == value_added(worked(), steps=STEPS)["error"].tolist()
    assert "made" in found.explain("sales").columns


def test_refused_rows():
    for value, code in ((math.nan, "E_AMOUNT"), (math.inf, "E_AMOUNT_INF")):
        with pytest.raises(tn.InputError, match="row 1") as fault:
            value_added(worked() | {"sales": [1.0, value, 2.0, 3.0]}, steps=STEPS)
        assert fault.value.code.startswith(code)
        assert fault.value.column == "sales"
    empty = {name: [] for name in ("actual", *STEPS)}
    with pytest.raises(tn.InputError, match="there are no rows"):
        value_added(empty, steps=STEPS)


def test_chart_is_a_bridge():
    found = value_added(worked(), steps=STEPS, by="plan")
    for result in (found, found.by_segment()):
        ax = result.plot()
        heights = [patch.get_height() for patch in ax.patches]
        assert heights == pytest.approx([0.2, -0.1, 0.025, 0.125])
        assert [label.get_text() for label in ax.get_xticklabels()] == [*STEPS, "in the end"]
    empty = value_added({"actual": [0, 0], "x": [1, 2], "y": [1, 1]}, steps=["x", "y"])
    assert len(empty.plot().texts) == 0, "nothing is known, and nothing written"
