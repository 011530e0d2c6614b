"""Errors of forecasts: how far ahead a point was forecast, what came before, and which day an instant is."""

import numpy as np
import pandas as pd
import pytest

import tenure as tn


def horizons(rows, **options):
    """Errors by horizon as {horizon: mae}, and the codes of the notes."""
    usual = {"forecast": "f", "measures": ["mae"], "pooling": "ratio_of_sums"}
    found = tn.forecast.accuracy(rows, **(usual | options)).by_horizon()
    return dict(zip(found["horizon"].tolist(), found["mae"].tolist(), strict=True)), [
        note.code for note in found.notes
    ]


GAPPED = {"s": ["a"] * 4, "p": [1, 2, 3, 4], "actual": [1.0, None, 3.0, 4.0], "f": [1.0, 2.0, 30.0, 4.0]}


def test_rows_left_out_move_no_point_to_another_horizon():
    options = {"series": "s", "period": "p", "missing": "skip"}
    assert horizons(GAPPED, **options) == ({1: 0.0, 3: 27.0, 4: 0.0}, ["N_HORIZON_PLACE"])
    shuffled = {name: [values[at] for at in (2, 0, 3, 1)] for name, values in GAPPED.items()}
    assert horizons(shuffled, **options)[0] == {1: 0.0, 3: 27.0, 4: 0.0}


DATES = ["2024-02-01", "2024-04-01", "2024-05-01"]


@pytest.mark.parametrize(
    ("period", "cutoff", "grain"),
    [
        (["2024-02", "2024-04", "2024-05"], "2024-01", None),
        (["2024-02", "2024-04", "2024-05"], "2024-01-31", None),
        (DATES, "2024-01-01", None),
        (DATES, "2024-01-31", "month"),
        (pd.to_datetime(DATES), pd.Timestamp("2024-01-31 10:00"), "month"),
        (["2024-01-08", "2024-01-22", "2024-01-29"], "2024-01-03", "week"),
        (["2024-05-01", "2024-11-01", "2025-02-01"], "2024-03-31", "quarter"),
        (["2025-01-01", "2027-01-01", "2028-01-01"], "2024-12-31", "year"),
        (["2024-01-02", "2024-01-04", "2024-01-05"], "2024-01-01", "day"),
        ([8, 10, 11], 7, None),
    ],
)
def test_a_distance_is_counted_where_dates_tell(period, cutoff, grain):
    rows = {"p": period, "made": [cutoff] * 3, "actual": [0.0] * 3, "f": [1.0, 3.0, 4.0]}
    assert horizons(rows, period="p", cutoff="made", grain=grain) == ({1: 1.0, 3: 3.0, 4: 4.0}, [])


def test_days_without_a_grain_are_counted_by_place_with_a_note():
    rows = {
        "p": ["2024-02-05", "2024-02-07"],
        "made": ["2024-01-31"] * 2,
        "actual": [0.0] * 2,
        "f": [1.0, 2.0],
    }
    assert horizons(rows, period="p", cutoff="made") == ({1: 1.0, 2: 2.0}, ["N_HORIZON_PLACE"])
    found = tn.forecast.accuracy(rows, forecast="f", period="p", cutoff="made").by_horizon()
    assert "horizon= or grain= says how far" in found.notes[-1].message


def refused(code, message, rows, **options):
    usual = {"forecast": "f", "period": "p", "cutoff": "made"}
    frame = {"actual": [1.0], "f": [1.0]} | rows
    with pytest.raises(tn.InputError) as caught:
        tn.forecast.accuracy(frame, **(usual | options))
    assert caught.value.code == code
    assert message in str(caught.value)
    return caught.value


def stamps(*texts):
    return np.array(texts, dtype="datetime64[s]")


def test_an_hour_later_is_too_late():
    hour = {"p": stamps("2024-01-01T10:00")}
    refused("E_LEAKAGE", "forecast for 2024-01-01 10:00:00 was made on 2024-01-01 11:00:00",
            hour | {"made": stamps("2024-01-01T11:00")})  # fmt: skip
    in_nanoseconds = stamps("2024-01-01T11:00").astype("datetime64[ns]")
    refused("E_LEAKAGE", "was made on 2024-01-01 11:00:00", hour | {"made": in_nanoseconds})
    for made in ("2024-01-01T10:00", "2024-01-01T09:59"):
        rows = hour | {"made": stamps(made), "actual": [1.0], "f": [1.0]}
        assert tn.forecast.accuracy(rows, forecast="f", period="p", cutoff="made").points == 1
    later = hour | {"made": stamps("2024-01-01T11:00"), "actual": [1.0], "f": [1.0]}
    assert tn.forecast.accuracy(later, forecast="f", period="p", cutoff="made", grain="day").points == 1


@pytest.mark.parametrize("grain", ["month", "quarter", "year"])
def test_periods_named_by_their_last_day(grain):
    error = refused("E_PERIOD_BEGIN", f"grain='{grain}', and no {grain} begins on this day",
                    {"p": ["2024-01-31"], "made": ["2024-02-20"]}, grain=grain)  # fmt: skip
    assert (error.column, error.row, error.value) == ("p", 0, "2024-01-31")


@pytest.mark.parametrize(
    ("period", "made", "ahead", "grain"),
    [
        (3, 2, -1, None), (3, 2, 9, None), (202501, 202412, 1, None), ("2024-03", "2024-02", 9, None),
        ("2024-03-01", "2024-01-31", 1, "month"),
    ],
)  # fmt: skip
def test_horizons_that_cannot_be(period, made, ahead, grain):
    rows = {"p": [period] * 2, "made": [made] * 2, "h": [ahead] * 2, "s": ["a", "b"]}
    if period == 202501:  # counted in months until the year ends
        rows |= {"p": [202412, 202501], "made": [202411, 202412]}
    what = "lies before the forecast" if ahead < 0 else f"a horizon of {ahead} for "
    refused("E_HORIZON", what, rows | {"actual": [1.0] * 2, "f": [1.0] * 2}, horizon="h", series="s",
            grain=grain)  # fmt: skip


@pytest.mark.parametrize(
    ("period", "made", "ahead"),
    [
        ([4, 5], [3, 3], [1, 2]), ([45, 60], [30, 30], [1, 2]), ([4, 4], [3, 4], [1, 0]),
        (["2024-01", "2024-02"], ["2024-01-15"] * 2, [1, 2]),
        (["2024-01", "2024-02"], ["2024-01-15"] * 2, [0, 1]),
    ],
)  # fmt: skip
def test_horizons_may_count_in_their_own_unit(period, made, ahead):
    rows = {"p": period, "made": made, "h": ahead, "actual": [1.0] * 2, "f": [1.0] * 2}
    found = tn.forecast.accuracy(rows, forecast="f", period="p", cutoff="made", horizon="h", measures=["mae"])
    assert found.by_horizon()["h"].tolist() == sorted(ahead)


def berlin(*texts):
    return pd.to_datetime(list(texts)).tz_localize("Europe/Berlin")


def test_instants_become_dates_in_a_named_zone():
    rows = pd.DataFrame(
        {
            "p": berlin("2024-01-01", "2024-02-01"), "made": berlin("2024-01-31 10:00", "2024-02-29 10:00"),
            "actual": [1.0, 2.0], "f": [2.0, 2.0],
        }
    )  # fmt: skip
    options = {"forecast": "f", "period": "p", "cutoff": "made", "grain": "month", "measures": ["mae"]}
    with pytest.raises(tn.InputError, match="which date that is depends on the zone") as caught:
        tn.forecast.accuracy(rows, **options)
    assert caught.value.code == "E_TZ_MISSING"
    found = tn.forecast.accuracy(rows, timezone="Europe/Berlin", **options)
    assert found["mae"].tolist() == [0.5]
    assert found.explain()["p"].astype(str).tolist() == ["2024-01-01", "2024-02-01"]
    assert found.by_cutoff()["made"].astype(str).tolist() == ["2024-01-31", "2024-02-29"]
    past = pd.DataFrame({"p": berlin("2023-11-01", "2023-12-01"), "actual": [1.0, 3.0]})
    scaled = tn.forecast.accuracy(
        rows, timezone="Europe/Berlin", insample=past, **options | {"measures": "mase"}
    )
    assert scaled["mase"].tolist() == [0.25]
    with pytest.raises(tn.InputError, match="unknown time zone 'Mars'"):
        tn.forecast.accuracy(GAPPED, forecast="f", period="p", timezone="Mars", missing="skip")


def history_notes(test, past, **options):
    def frame(periods):
        return {
            "s": ["a"] * len(periods),
            "p": periods,
            "actual": [1.0 + at**2 for at in range(len(periods))],
        }

    rows = frame(test) | {"f": [1.0] * len(test)}
    found = tn.forecast.accuracy(rows, forecast="f", series="s", period="p", insample=frame(past), **options)
    return [note.message for note in found.notes if note.code == "N_HISTORY_GAPS"]


@pytest.mark.parametrize(
    ("test", "past", "grain"),
    [
        (["2024-06"], ["2024-01", "2024-03", "2024-05"], None),
        (["2024-06-01"], ["2024-01-01", "2024-04-01", "2024-05-01"], None),
        (["2024-07-01"], ["2024-01-01", "2024-03-01", "2024-05-01"], "month"),
        ([9, 10], [1, 2, 4], None), (["2024-01-09"], ["2024-01-04", "2024-01-05", "2024-01-08"], None),
    ],
)  # fmt: skip
def test_a_history_with_gaps_has_a_note(test, past, grain):
    (message,) = history_notes(test, past, grain=grain, lag=1)
    assert message.startswith("the histories of 1 series leave out periods (first: a): naive errors compare")


@pytest.mark.parametrize(
    ("test", "past", "grain"),
    [
        (["2024-10", "2025-01"], ["2024-01", "2024-04", "2024-07"], None),
        (["2024-04-01"], ["2024-01-01", "2024-02-01", "2024-03-01"], None),
        (["2024-10-01"], ["2024-01-01", "2024-04-01", "2024-07-01"], "quarter"),
        ([40], [10, 20, 30], None), (["2024-01-22"], ["2024-01-01", "2024-01-08", "2024-01-15"], None),
    ],
)  # fmt: skip
def test_a_history_without_gaps_has_none(test, past, grain):
    assert history_notes(test, past, grain=grain) == []


def test_steps_stay_within_a_cutoff():
    rows = {
        "p": [1, 2, 3, 2, 3, 4], "made": [0, 0, 0, 1, 1, 1], "actual": [1.0, 2.0, 4.0, 2.0, 4.0, 9.0],
        "f": [5.0, 1.0, 2.0, 9.0, 2.0, 4.0],
    }  # fmt: skip
    found = tn.forecast.accuracy(
        rows, forecast="f", period="p", cutoff="made", measures=["theil_u2", "acf1"], by=None
    )
    assert found.by_cutoff()["theil_u2"].tolist() == pytest.approx([1.0, 1.0])
    assert found["theil_u2"].tolist() == pytest.approx([1.0])
    assert found.overall()["theil_u2"].tolist() == pytest.approx([1.0])
    errors = np.array([4.0, -1.0, -2.0, 7.0, -2.0, -5.0])
    apart = errors - errors.mean()
    steps = apart[[0, 1, 3, 4]] @ apart[[1, 2, 4, 5]]
    assert found["acf1"].tolist() == pytest.approx([steps / (apart @ apart)])
    alone = {name: [values[at] for at in (0, 3)] for name, values in rows.items()}
    single = tn.forecast.accuracy(alone, forecast="f", cutoff="made", measures=["theil_u2", "acf1"])
    assert [single.reason(name) for name in single.measures] == [["too_few"]] * 2
