"""Calls: who is compared with whom, what is in no call, and in which zone a day begins."""

import pandas as pd
import pytest

import tenure as tn

LATE = {
    "taken": ["2024-01-05", "2024-03-20", "2024-03-20"],
    "period": ["2024-Q1"] * 3,
    "owner": ["Ann", "Bob", "Bob"],
    "category": ["commit", "commit", "best_case"],
    "amount": [100.0, 100.0, 120.0],
    "actual": [100.0, 100.0, 100.0],
}


def weeks_of(calls, name, category="commit"):
    held = calls.to_dict()
    rows = zip(held["category"], held["weeks_before_end"], held[name], strict=True)
    return {week: value for of, week, value in rows if of == category}


def test_owners_who_have_not_called_are_no_error_of_those_who_have():
    calls = tn.forecast.snapshots(LATE, owner="owner", actual="actual")
    actual, error = weeks_of(calls, "actual"), weeks_of(calls, "error")
    assert (actual[12], actual[2], actual[1], actual[0]) == (100.0, 100.0, 200.0, 200.0)
    assert set(error.values()) == {0.0}
    assert (weeks_of(calls, "owners_called")[2], weeks_of(calls, "owners_called")[1]) == (1, 2)
    assert set(weeks_of(calls, "owners_known").values()) == {2}
    assert weeks_of(calls, "error", "best_case") == {1: 20.0, 0: 20.0}  # of the one owner who gave one
    assert set(calls.by_lead_time()["bias"][calls.by_lead_time()["category"] == "commit"].tolist()) == {0.0}
    assert calls.settled().to_dict()["weeks_before_end"][0] == 12
    assert calls.drift("2024-Q1").total().to_dict()["closing"] == [200.0]


def test_without_owners_nothing_is_counted():
    calls = tn.forecast.snapshots({name: LATE[name][:1] for name in LATE}, actual="actual")
    assert "owners_called" not in calls.columns


def test_rows_that_are_in_no_call_are_noted():
    rows = {"taken": ["2024-01-07", "2024-01-07"], "period": ["2024-Q1", "2025-Q1"], "amount": [1.0, 2.0]}
    actuals = {"period": ["2024-Q1", "2019-Q1"], "actual": [1.0, 2.0]}
    for weeks in (None, 60):  # 60 weeks before the end of 2025-Q1 are yet to come
        calls = tn.forecast.snapshots(rows, category=None, actual=actuals, weeks=weeks)
        outside, brought = calls.notes
        assert (outside.code, outside.count, outside.rows) == ("N_OUTSIDE", 1, (1,))
        assert "1 rows are in no call" in outside.message
        assert (brought.code, brought.rows) == ("N_OUTSIDE", (1,))
    assert tn.forecast.snapshots({name: rows[name][:1] for name in rows}, category=None).notes == []


def test_deals_that_close_outside_are_noted():
    rows = {"taken": ["2024-03-01"] * 2, "id": ["a", "b"], "close_date": ["2024-03-09", "2026-03-09"],
            "amount": [1.0, 2.0], "category": ["commit"] * 2}  # fmt: skip
    assert tn.forecast.snapshots(rows, opportunity="id").notes[0].rows == (1,)


def test_nothing_to_draw_is_said():
    pytest.importorskip("matplotlib").use("Agg")
    far = {"taken": ["2024-01-07"], "period": ["2025-Q1"], "amount": [1.0]}
    calls = tn.forecast.snapshots(far, category=None)
    assert len(calls) == 0
    with pytest.raises(tn.OptionError, match="there is no call of commit to draw") as fault:
        calls.plot()
    assert fault.value.code == "E_PLOT"
    rows = {"taken": ["2024-01-05", "2024-01-05"], "period": ["2024-Q1", "2024-Q2"], "amount": [1.0, 2.0]}
    with pytest.raises(tn.OptionError, match="nobody called this period") as fault:
        tn.forecast.snapshots(rows, category=None).drift("2024-Q2").plot()
    assert fault.value.code == "E_PLOT"


def test_instants_become_days_of_a_named_zone():
    taken = pd.to_datetime(["2024-03-31 23:30"]).tz_localize("America/New_York")
    frame = pd.DataFrame({"taken": taken, "period": ["2024-Q1"], "amount": [5.0]})
    with pytest.raises(tn.InputError, match="holds instants") as fault:
        tn.forecast.snapshots(frame, category=None)
    assert (fault.value.code, fault.value.column) == ("E_TZ_MISSING", "taken")
    calls = tn.forecast.snapshots(frame, category=None, timezone="America/New_York")
    assert calls["taken"].astype(str).tolist() == ["2024-03-31"]
    deals = frame.assign(id="a", close_date=pd.to_datetime(["2024-03-31"]), category="commit")
    held = tn.forecast.snapshots(deals, opportunity="id", timezone="America/New_York")
    assert held["call"].tolist() == [5.0]


def test_swings_are_in_drift():
    made = tn.sample.company(customers=300, months=18)
    calls = tn.forecast.snapshots(made.deals, opportunity="opportunity", outcome="outcome")
    top = calls.swings(top=5)
    assert len(top) == 5
    for period, change, moves, week, last in zip(
        top["period"], top["change"], top["moves"], top["weeks_before_end"], top["is_actual"], strict=True
    ):
        drift = calls.drift(period)
        row = (drift["weeks_before_end"] == week) & (drift["is_actual"] == last)
        assert (drift["closing"] - drift["opening"])[row] == pytest.approx(change)
        held = drift.moves()
        assert ((held["weeks_before_end"] == week) & (held["is_actual"] == last)).sum() == moves
