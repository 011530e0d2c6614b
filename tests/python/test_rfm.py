"""RFM from transactions: reference summaries, conventions, frames and faults."""

from collections import defaultdict
from datetime import date, timedelta

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared_values import read_table, reference_value

import tenure as tn

rfm = tn.economics.rfm

LOG = {
    "who": [1, 1, 1, 1, 2],
    "day": ["2024-01-31", "2024-01-31", "2024-02-01", "2024-03-04", "2024-03-01"],
    "paid": [10.0, 5.0, 20.0, 40.0, 7.0],
}
NAMED = {"customer": "who", "date": "day", "amount": "paid"}


def row(result, at):
    """Frequency, recency, T and monetary of one customer; a mean of nothing is 0."""
    monetary = np.ma.filled(result["monetary"], 0.0)
    return [*(result[name][at] for name in ("frequency", "recency", "T")), monetary[at]]


@pytest.mark.parametrize(("name", "unit"), [("rfm_cdnow_log_D", "day"), ("rfm_cdnow_log_W", "week")])
def test_cdnow(name, unit):
    reference = reference_value(name)
    values = reference["values"]
    log = read_table(f"conformance/{reference['data']}", customer_id=int, amount=float)
    found = rfm(
        log,
        customer="customer_id",
        date="date",
        amount="amount",
        unit=unit,
        observation_end="1997-09-30",
        last_period="whole",
    )
    assert len(found) == values["n"]
    for total, column in (("sum_frequency", "frequency"), ("sum_recency", "recency"), ("sum_T", "T")):
        assert found[column].sum() == values[total]
    assert found["monetary"].sum() == pytest.approx(values["sum_monetary"], abs=1e-9)
    position = {customer: at for at, customer in enumerate(found["customer"].tolist())}
    for customer, expected in values["rows"].items():
        assert row(found, position[int(customer)]) == pytest.approx(expected, abs=1e-12)


def test_the_last_week_may_look_ahead():
    log = read_table("conformance/data/cdnow_sample_log.csv", customer_id=int, amount=float)
    asked = {"customer": "customer_id", "date": "date", "unit": "week", "observation_end": "1997-09-30"}
    cut, whole = rfm(log, **asked), rfm(log, **asked, last_period="whole")
    assert 0 < cut["frequency"].sum() < whole["frequency"].sum()
    assert cut.notes[0].code == "N_AFTER_END"


def test_calibration_and_holdout():
    reference = reference_value("rfm_cal_holdout_example")
    values, asked = reference["values"], reference["inputs"]
    log = read_table(f"conformance/{reference['data']}", id=int, date=np.datetime64)
    found = rfm(
        log,
        customer="id",
        date="date",
        observation_end=asked["observation_end"],
        calibration_end=asked["calibration_end"],
    )
    assert len(found) == values["n"]
    sums = [found[name].sum() for name in ("frequency", "recency", "T", "frequency_holdout")]
    wanted = ("sum_frequency_cal", "sum_recency_cal", "sum_T_cal", "sum_frequency_holdout")
    assert sums == [values[name] for name in wanted]
    assert set(found["duration_holdout"]) == {values["duration_holdout"]}
    frame = found.to_pandas()
    columns = ["customer", "frequency", "recency", "T", "frequency_holdout", "duration_holdout"]
    assert frame.loc[frame["customer"] < 5, columns].to_numpy().tolist() == values["head"]


def test_published_weeks_are_of_seven_days():
    log = read_table("conformance/data/cdnow_sample_log.csv", customer_id=int, amount=float)
    printed = read_table("conformance/data/cdnow_summary_monetary.csv", x=int, t_x=float, T=float, zbar=float)
    found = rfm(
        log, customer="customer_id", date="date", amount="amount", unit_days=7, observation_end="1997-09-30"
    )
    assert found["frequency"].tolist() == printed["x"]
    for ours, theirs in (("recency", "t_x"), ("T", "T"), ("monetary", "zbar")):
        np.testing.assert_allclose(np.ma.filled(found[ours], 0), printed[theirs], atol=0.00501)


def test_by_hand():
    end = {"observation_end": "2024-03-10"}
    assert row(rfm(LOG, **NAMED, **end), 0) == [2, 33, 39, 30]
    assert row(rfm(LOG, **NAMED, **end, unit="month"), 0) == [2, 2, 2, 30]
    assert row(rfm(LOG, **NAMED, **end, unit="week"), 0) == [1, 5, 5, 40]
    assert row(rfm(LOG, **NAMED, collapse=False), 0) == [3, 33, 33, pytest.approx(70 / 3)]
    assert row(rfm(LOG, **NAMED, monetary="with_first"), 0) == [2, 33, 33, 25]
    assert row(rfm(LOG, **NAMED, observation_end=date(2024, 2, 1)), 0) == [1, 1, 1, 20]
    assert rfm(LOG, **NAMED, observation_end="2024-02").end == date(2024, 2, 29)


def test_faces():
    found = rfm(LOG, **NAMED, observation_end="2024-02-15", unit_days=7)
    assert found.columns == ["customer", "frequency", "recency", "T", "monetary"]
    assert found.conventions == "in units of 7 days, purchases by period, spend without the first purchase"
    assert repr(found).startswith("Rfm: 1 customers until 2024-02-15; in units of 7 days")
    assert [(note.code, note.count) for note in found.notes] == [("N_AFTER_END", 2), ("N_CUSTOMER_AFTER", 1)]
    assert "<table" in found._repr_html_()
    axes = rfm(LOG, **NAMED).plot()
    assert [bar.get_height() for bar in axes.patches][:3] == [1, 0, 1]
    assert rfm(LOG, customer="who", date="day").columns == ["customer", "frequency", "recency", "T"]
    once = rfm(LOG, **NAMED)
    assert once["monetary"].tolist() == [30.0, None]
    assert once.reason("monetary") == ["", "empty_base"]


def test_any_frame_gives_the_same():
    days = np.array(LOG["day"], dtype="datetime64[D]")
    columns = {"who": np.array(LOG["who"]), "day": days, "paid": np.array(LOG["paid"])}
    wanted = rfm(LOG, **NAMED).to_dict()
    chunked = pa.concat_tables([pa.table(columns).slice(0, 2), pa.table(columns).slice(2)])
    for frame in (columns, pd.DataFrame(columns), pl.DataFrame(columns), pa.table(columns), chunked):
        found = rfm(frame, **NAMED)
        assert found.to_dict() == wanted
    assert isinstance(rfm(pl.DataFrame(columns), **NAMED).to_native(), pl.DataFrame)
    texts = rfm({**columns, "who": [f"c{who}" for who in LOG["who"]]}, **NAMED)
    assert texts["customer"].tolist() == ["c1", "c2"]
    assert texts["recency"].tolist() == wanted["recency"]


def test_instants_need_a_zone():
    stamps = pd.to_datetime(["2024-01-31 23:30", "2024-02-01 00:30"]).tz_localize("UTC")
    log = pd.DataFrame({"who": [1, 1], "day": stamps})
    with pytest.raises(tn.InputError, match="E_TZ_MISSING"):
        rfm(log, customer="who", date="day")
    assert rfm(log, customer="who", date="day", timezone="UTC")["frequency"].tolist() == [1]
    assert rfm(log, customer="who", date="day", timezone="Europe/Berlin")["frequency"].tolist() == [0]


@pytest.mark.parametrize(
    ("spoil", "code", "words"),
    [
        ({"paid": [10.0, 5.0, -20.0, 40.0, 7.0]}, "E_AMOUNT_NEGATIVE", "negative amount -20"),
        ({"paid": [10.0, 5.0, float("inf"), 40.0, 7.0]}, "E_AMOUNT_INF", "row 2"),
        ({"paid": pa.array([10.0, None, 1.0, 40.0, 7.0])}, "E_AMOUNT_NULL", "row 1"),
        ({"who": pa.array([1, None, 1, 1, 2])}, "E_KEY_NULL", "row 1"),
        ({"who": ["a", "", "a", "a", "b"]}, "E_KEY_EMPTY", "row 1"),
        ({"who": [1.5, 1.0, 1.0, 1.0, 2.0]}, "E_KEY_TYPE", "who"),
        ({"day": ["2024-01-31", None, "2024-02-01", "2024-03-04", "2024-03-01"]}, "E_DATE_NULL", "row 1"),
        ({"day": ["2024-02-30"] * 5}, "E_DATE_INVALID", "2024-02-30"),
    ],
)
def test_rows_that_cannot_be_used(spoil, code, words):
    with pytest.raises(tn.InputError, match=words) as fault:
        rfm({**LOG, **spoil}, **NAMED)
    assert fault.value.code == code


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"unit": "quarter"}, "E_PERIOD_UNIT"),
        ({"unit": "fortnight"}, "E_PERIOD_UNIT"),
        ({"unit": "W"}, "E_PERIOD_UNIT"),  # letters are those of tenure.lifetimes
        ({"unit_days": "7"}, "E_OPTION_TYPE"),
        ({"unit_days": 0}, "E_PARAM"),
        ({"unit": "week", "unit_days": 7}, "E_PARAM"),
        ({"calibration_end": "2024-03-05"}, "E_WINDOW"),
        ({"calibration_end": "2024-03-01", "unit": "month"}, "E_WINDOW"),  # no month is held out
        ({"calibration_end": "2024-02-01", "unit": "week", "last_period": "whole"}, "E_PARAM"),
        ({"monetary": "all"}, "E_ENUM"),
        ({"last_period": "half"}, "E_ENUM"),
        ({"refunds": "net"}, "E_ENUM"),
        ({"duplicates": "first"}, "E_ENUM"),
        ({"observation_end": 5}, "E_DATE_FORMAT"),
        ({"threads": 0}, "E_THREADS"),
    ],
)
def test_options_that_cannot_be_meant(asked, code):
    with pytest.raises(tn.OptionError) as fault:
        rfm(LOG, **NAMED, **asked)
    assert fault.value.code == code


def test_refunds_and_repeated_rows():
    refund = {**LOG, "paid": [10.0, 5.0, -20.0, 40.0, 7.0]}
    assert row(rfm(refund, **NAMED, refunds="keep"), 0) == [2, 33, 33, 10]
    dropped = rfm(refund, **NAMED, refunds="drop")
    assert row(dropped, 0) == [1, 33, 33, 40]
    assert dropped.notes[0] == tn.Note("N_REFUND_DROPPED", "rows with an amount below 0 are left out", 1, ())
    twice = {name: [*values, values[3]] for name, values in LOG.items()}
    assert row(rfm(twice, **NAMED), 0) == [2, 33, 33, 50]
    assert row(rfm(twice, **NAMED, duplicates="drop"), 0) == [2, 33, 33, 30]
    with pytest.raises(tn.InputError, match="row 5") as fault:
        rfm(twice, **NAMED, duplicates="refuse")
    assert fault.value.code == "E_DUPLICATE_ROW"


def test_what_repeats_is_told_by_what_is_read():
    """No other column makes two rows differ, and the words say so."""
    log = {"who": [1, 1], "day": ["2024-01-31"] * 2, "paid": [5.0] * 2, "invoice": ["A", "B"]}
    dropped = rfm(log, **NAMED, duplicates="drop", collapse=False)
    assert dropped["frequency"].tolist() == [0]
    assert dropped.notes[0].message == "rows that repeat another in customer, day and amount are left out"
    money = rfm({**log, "money": ["EUR"] * 2}, **NAMED, currency_column="money", duplicates="drop")
    assert "in customer, day, amount and currency" in money.notes[0].message
    with pytest.raises(tn.InputError, match="in customer, day, amount and currency"):
        rfm(log, **NAMED, duplicates="refuse")


def test_conventions_name_the_calendar():
    words = [rfm(LOG, **NAMED, unit=unit).conventions.split(",")[0] for unit in ("day", "week", "month")]
    assert words == ["in days", "in calendar weeks", "in calendar months"]


def test_currencies_are_not_mixed():
    one = {**LOG, "money": ["EUR"] * 5}
    assert rfm(one, **NAMED, currency_column="money").currency == "EUR"
    with pytest.raises(tn.InputError, match="EUR and USD in one table") as fault:
        rfm({**LOG, "money": ["EUR", "EUR", "USD", "EUR", "EUR"]}, **NAMED, currency_column="money")
    assert (fault.value.code, fault.value.row) == ("E_CURRENCY_MIXED", 2)


def test_nobody_and_nothing():
    empty = rfm({"who": [], "day": [], "paid": []}, **NAMED)
    assert (len(empty), empty.end, empty.notes) == (0, None, ())
    assert empty.columns == ["customer", "frequency", "recency", "T", "monetary"]
    early = rfm(LOG, **NAMED, observation_end="2023-12-31")
    assert len(early) == 0
    assert early.notes[1].count == 2


rows_of_a_log = st.lists(
    st.tuples(st.integers(-3, 8), st.integers(0, 120), st.integers(0, 400)), min_size=1, max_size=60
)


@given(rows_of_a_log, st.integers(0, 75), st.sampled_from(["day", "week", "month"]), st.integers(1, 10**12))
def test_equals_the_definition(rows, calibration, unit, apart):
    start = date(2023, 12, 15)
    calibration_end, end = start + timedelta(calibration), start + timedelta(100)

    def period(day):
        if unit == "day":
            return day.toordinal()
        return (day.toordinal() - 1) // 7 if unit == "week" else day.year * 12 + day.month

    bought, held = defaultdict(lambda: defaultdict(int)), defaultdict(lambda: defaultdict(int))
    for customer, offset, cents in rows:
        day = start + timedelta(offset)
        if day <= end:
            (bought if day <= calibration_end else held)[customer][period(day)] += cents
    expected = []
    for customer in sorted(bought):
        spent, first = bought[customer], min(bought[customer])
        repeats = [cents for at, cents in spent.items() if at != first]
        later = held[customer].values()
        expected.append(
            (
                customer * apart,
                len(repeats),
                max(spent) - first,
                period(calibration_end) - first,
                sum(repeats) / len(repeats) / 100 if repeats else None,
                len(later),
                sum(later) / len(later) / 100 if later else None,
                period(end) - period(calibration_end),
            )
        )
    log = {
        "who": [customer * apart for customer, _, _ in rows],
        "day": [start + timedelta(offset) for _, offset, _ in rows],
        "paid": [cents / 100 for _, _, cents in rows],
    }
    found = rfm(log, **NAMED, unit=unit, calibration_end=calibration_end, observation_end=end).to_dict()
    assert list(zip(*found.values(), strict=True)) == [pytest.approx(line) for line in expected]
