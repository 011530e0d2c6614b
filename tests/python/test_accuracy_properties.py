"""Relations that hold for any forecasts."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenure as tn

MEASURES = [
    "me", "mae", "mse", "rmse", "median_ae", "mape", "smape", "wape", "mase", "rmsse", "cfe", "pis", "maape",
    "r2", "tracking_signal", "bias_share", "theil_u1", "theil_u2", "acf1",
]  # fmt: skip
numbers = st.floats(-1e4, 1e4).map(lambda value: round(value, 2))


@st.composite
def panels(draw):
    """Rows of a few series in order, whose names sort in no order of theirs, and their histories."""
    keys = draw(st.lists(st.text("abcé", min_size=0, max_size=15), min_size=1, max_size=5, unique=True))
    rows = {"id": [], "region": [], "t": [], "actual": [], "model": [], "other": []}
    past = {"id": [], "t": [], "actual": []}
    for key in sorted(keys, key=lambda text: text.encode()):
        region = draw(st.sampled_from("ns"))
        for t in range(draw(st.integers(1, 5))):
            rows["id"].append(key)
            rows["region"].append(region)
            rows["t"].append(10 + t)
            for name in ("actual", "model", "other"):
                rows[name].append(draw(numbers))
        for t in range(draw(st.integers(0, 4))):
            past["id"].append(key)
            past["t"].append(t)
            past["actual"].append(draw(numbers))
    if not past["id"]:
        past = {"id": [rows["id"][0]], "t": [0], "actual": [1.0]}
    return rows, past


def measured(rows, past, **options):
    usual = {
        "forecast": ["model", "other"],
        "series": "id",
        "period": "t",
        "by": "region",
        "measures": MEASURES,
    }
    return tn.forecast.accuracy(rows, insample=past, **(usual | options))


def taken(rows, order):
    return {name: [values[at] for at in order] for name, values in rows.items()}


def everything(found):
    parts = (
        found,
        found.overall(),
        found.overall(pooling="ratio_of_sums"),
        found.by_horizon(),
        found.by_segment(),
    )
    return [part.to_dict() for part in parts]


@given(panels(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(panel, random):
    rows, past = panel
    order = list(range(len(rows["id"])))
    random.shuffle(order)
    other = list(range(len(past["id"])))
    random.shuffle(other)
    assert everything(measured(taken(rows, order), taken(past, other))) == everything(measured(rows, past))


@given(panels(), st.integers(1, 4))
def test_threads_and_kinds_of_frames_change_nothing(panel, threads):
    rows, past = panel
    wanted = everything(measured(rows, past))
    for kind in (pl.DataFrame, pd.DataFrame, pa.table):
        assert everything(measured(kind(rows), kind(past), threads=threads)) == wanted
    pieces = pa.concat_tables([pa.table(taken(rows, [at])) for at in range(len(rows["id"]))])
    assert everything(measured(pieces, past)) == wanted
    coded = pa.table(rows).set_column(0, "id", pa.array(rows["id"]).dictionary_encode())
    assert everything(measured(coded, past)) == wanted


@given(panels())
def test_a_key_may_be_split_into_two_columns(panel):
    rows, past = panel
    names = sorted(set(rows["id"]), key=lambda text: text.encode())
    for table in (rows, past):
        at = [names.index(key) for key in table["id"]]
        table["first"], table["second"] = [place // 2 for place in at], [f"x{place % 2}" for place in at]
    one, two = measured(rows, past), measured(rows, past, series=["first", "second"])
    assert two.columns[:3] == ["region", "first", "second"]
    for name in ["forecast", "points", *MEASURES]:
        assert one.to_dict()[name] == two.to_dict()[name]


@given(panels())
def test_cuts_have_all_points_and_add_up(panel):
    rows, past = panel
    found = measured(rows, past)
    everyone = found.overall(pooling="ratio_of_sums").to_dict()
    for cut in (found.by_horizon(pooling="ratio_of_sums"), found.by_segment(pooling="ratio_of_sums")):
        for at, name in enumerate(found.forecasts):
            own = cut["forecast"] == name
            points = cut["points"][own]
            assert points.sum() == everyone["points"][at] == len(rows["id"])
            for measure in ("cfe", "pis"):
                assert cut[measure][own].sum() == pytest.approx(everyone[measure][at], rel=1e-9, abs=1e-6)
            assert (cut["mse"][own] * points).sum() == pytest.approx(
                everyone["mse"][at] * points.sum(), rel=1e-9
            )


@given(panels())
def test_one_series_is_the_whole_of_itself(panel):
    rows, past = panel
    found = measured(rows, past).to_dict()
    alone = [at for at, key in enumerate(rows["id"]) if key == found["id"][0]]
    for pooling in ("mean_of_ratios", "ratio_of_sums"):
        whole = measured(taken(rows, alone), past).overall(pooling=pooling).to_dict()
        for measure in MEASURES:
            for at in range(2):
                if found[measure][at] is None:
                    assert whole[measure][at] is None
                else:
                    assert whole[measure][at] == pytest.approx(found[measure][at], rel=1e-9, abs=1e-9)


@given(panels())
def test_the_parts_of_an_error_are_all_of_it(panel):
    rows, past = panel
    found = measured(rows, past)
    for measure, power in (("mae", 1), ("rmse", 2)):
        parts = found.explain(forecast="other", measure=measure, most=10**6)
        assert sorted(parts["row"].tolist()) == list(range(len(rows["id"])))
        sizes = np.abs(parts["error"]) ** power
        assert (np.diff(sizes) <= 0).all()
        if sizes.sum() > 0:
            assert parts["share"].sum() == pytest.approx(1.0)


@given(panels(), st.floats(0.01, 100))
def test_a_unit_changes_no_fraction(panel, unit):
    rows, past = panel
    scaled = {name: np.array(rows[name]) * unit for name in ("actual", "model", "other")}
    one = measured(rows, past).to_dict()
    many = measured(rows | scaled, past | {"actual": np.array(past["actual"]) * unit}).to_dict()
    for measure, power in {"wape": 0, "smape": 0, "mase": 0, "mae": 1, "mse": 2}.items():
        for before, after in zip(one[measure], many[measure], strict=True):
            if before is not None and after is not None:
                assert after == pytest.approx(before * unit**power, rel=1e-6, abs=1e-9)
