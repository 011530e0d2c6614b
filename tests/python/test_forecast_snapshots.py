"""Calls of a revenue team: worked by hand, refused where they cannot be, and from every kind of frame."""

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pytest

import tenure as tn

# The first quarter of 2024 ends on a Sunday; week 3 before its end closes on 10 March.
DEALS = {
    "taken": ["2024-03-10"] * 4 + ["2024-03-17"] * 3 + ["2024-03-24"] * 3 + ["2024-03-31", "2024-04-03"],
    "opportunity": ["A", "B", "C", "D", "A", "B", "E", "A", "C", "D", "E", "C"],
    "owner": ["Ann", "Ann", "Bob", "Bob", "Ann", "Ann", "Ann", "Ann", "Bob", "Bob", "Ann", "Bob"],
    "close_date": [
        "2024-03-20", "2024-03-25", "2024-04-10", "2024-03-22", "2024-03-20", "2024-03-25", "2024-03-30",
        "2024-03-20", "2024-03-28", "2024-03-22", "2024-04-30", "2024-03-31",
    ],
    "category": [
        "Commit", "Best Case", "Commit", "Commit", "Commit", "Commit", "Commit", "Closed", "Commit",
        "Omitted", "Commit", "Closed",
    ],
    "outcome": ["open"] * 7 + ["Closed Won", "open", "Closed Lost", "open", "won"],
    "amount": [100.0, 50.0, 30.0, 70.0, 120.0, 55.0, 15.0, 110.0, 30.0, 70.0, 15.0, 33.0],
}  # fmt: skip

ROLL_UPS = {
    "taken": ["2024-01-08", "2024-01-08", "2024-02-12", "2024-02-12", "2024-03-25", "2024-03-25"],
    "period": ["2024-Q1"] * 6,
    "owner": ["Ann", "Bob"] * 3,
    "amount": [120.0, 40.0, 110.0, 60.0, 102.0, 52.0],
    "actual": [100.0, 50.0] * 3,
}


def of_deals(**options):
    given = {"opportunity": "opportunity", "outcome": "outcome", "owner": "owner", **options}
    return tn.forecast.snapshots(given.pop("frame", DEALS), **given)


def of_roll_ups(frame=None, **options):
    given = {"owner": "owner", "category": None, "actual": "actual", **options}
    return tn.forecast.snapshots(frame or ROLL_UPS, **given)


def without(frame, *names):
    return {name: values for name, values in frame.items() if name not in names}


def changed(frame, **columns):
    return {**frame, **columns}


def row(result, **wanted):
    table = result.to_dict()
    found = [
        {name: table[name][at] for name in table}
        for at in range(len(result))
        if all(table[name][at] == value for name, value in wanted.items())
    ]
    assert len(found) == 1
    return found[0]


def test_calls_are_sums_of_deals():
    calls = of_deals()
    assert calls.categories == ["commit", "best_case"]
    quarter = dt.date(2024, 1, 1)
    by_week = {3: (170.0, 220.0), 2: (260.0, 260.0), 1: (210.0, 210.0), 0: (195.0, 195.0)}
    for weeks, (commit, best_case) in by_week.items():
        assert row(calls, period=quarter, weeks_before_end=weeks, category="commit")["call"] == commit
        assert row(calls, period=quarter, weeks_before_end=weeks, category="best_case")["call"] == best_case
    first = row(calls, period=quarter, weeks_before_end=3, category="commit")
    assert (first["actual"], first["error"]) == (143.0, 27.0)
    assert first["ape"] == pytest.approx(27 / 143, rel=1e-15)
    assert first["accuracy"] == pytest.approx(1 - 27 / 143, rel=1e-15)
    assert first["taken"] == dt.date(2024, 3, 10)


def test_a_period_that_has_not_ended_is_null():
    calls = of_deals()
    later = calls["period"] == np.datetime64("2024-04-01")
    assert later.any()
    assert np.ma.getmaskarray(calls["actual"])[later].all()
    assert {calls.reason("ape")[at] for at in np.flatnonzero(later)} == {"not_yet_observed"}
    open_before = without(DEALS)
    kept = [at for at, day in enumerate(DEALS["taken"]) if day < "2024-03-31"]
    early = of_deals(frame={name: [values[at] for at in kept] for name, values in open_before.items()})
    assert np.ma.getmaskarray(early["actual"]).all()


def test_drift_closes_every_week():
    drift = of_deals().drift("2024-Q1")
    assert drift.observed
    assert drift["closing"].tolist() == [260.0, 210.0, 195.0, 143.0]
    assert drift["opening"].tolist() == [170.0, 260.0, 210.0, 195.0]
    assert drift["is_actual"].tolist() == [False, False, False, True]
    assert drift["upgraded"].tolist() == [55.0, 0.0, 0.0, 0.0]
    assert drift["added"].tolist() == [15.0, 0.0, 0.0, 0.0]
    assert drift["pulled_in"].tolist() == [0.0, 30.0, 0.0, 0.0]
    assert drift["lowered"].tolist() == [0.0, 10.0, 0.0, 0.0]
    assert drift["lost"].tolist() == [0.0, 70.0, 0.0, 0.0]
    assert drift["slipped_out"].tolist() == [0.0, 0.0, 15.0, 55.0]
    total, net = drift.total().to_dict(), drift.net().to_dict()
    assert (total["slipped_out"], net["slipped_out"], net["added"]) == ([70.0], [0.0], [0.0])
    assert total["closing"] == net["closing"] == [143.0]
    moves = drift.moves().to_dict()
    assert sum(moves["change"]) == 143.0 - 170.0
    lost = moves["line"].index("lost")
    assert (moves["opportunity"][lost], moves["change"][lost], moves["row"][lost]) == ("D", -70.0, 9)
    assert "Drift of commit for 2024-Q1: 4 rows, to the actual" in repr(drift)


def test_drift_of_one_owner_has_transfers():
    moved = changed(DEALS, owner=[*DEALS["owner"][:9], "Ann", *DEALS["owner"][10:]])
    moved["outcome"] = [*DEALS["outcome"][:9], "open", *DEALS["outcome"][10:]]
    moved["category"] = [*DEALS["category"][:9], "Commit", *DEALS["category"][10:]]
    calls = of_deals(frame=moved)
    gives, takes = calls.drift("2024-Q1", owner="Bob"), calls.drift("2024-Q1", owner="Ann")
    assert gives["transfer_out"].tolist() == takes["transfer_in"].tolist() == [0.0, 70.0, 0.0, 0.0]
    assert "transfer_in" not in calls.drift("2024-Q1").columns


def test_what_is_behind_a_call():
    calls = of_deals()
    behind = calls.explain("2024-03-31", weeks_before_end=3)
    assert dict(zip(behind["opportunity"], behind["became"], strict=True)) == {"A": "won", "D": "lost"}
    assert behind["amount"].sum() == 170.0
    assert calls.explain(dt.date(2024, 2, 1), weeks_before_end=None)["amount"].sum() == 143.0
    assert calls.explain("2024-Q1", owner="Bob", weeks_before_end=1)["amount"].tolist() == [30.0]


def test_swings_name_the_deal():
    swings = of_deals().swings(top=2)
    assert swings["change"].tolist() == [90.0, -52.0]
    first = row(swings, change=90.0)
    assert (first["line"], first["largest"], first["largest_change"]) == ("upgraded", "B", 55.0)
    assert first["moves"] == 3


def test_probabilities_add_weighted_calls():
    chance = [0.5, 0.2, 1.0, 0.25, 0.75, 0.4, 0.1, None, 1.0, None, 0.1, None]
    calls = of_deals(frame=changed(DEALS, chance=chance), probability="chance")
    assert calls.categories == ["commit", "best_case", "weighted"]
    found = row(calls, period=dt.date(2024, 1, 1), category="weighted", weeks_before_end=3)
    assert found["call"] == 100 * 0.5 + 50 * 0.2 + 70 * 0.25


def test_roll_ups_by_lead_time():
    calls = of_roll_ups()
    by = calls.by_lead_time()
    first = row(by, weeks_before_end=11)
    assert first["periods"] == 1
    assert first["wape"] == first["mape"] == pytest.approx(10 / 150)
    assert (first["bias"], first["within_5"], first["within_10"]) == (10.0, 0.0, 1.0)
    assert row(by, weeks_before_end=0)["within_5"] == 1.0
    assert calls.settled(within=0.05)["weeks_before_end"].tolist() == [0]
    assert calls.settled(within=0.15)["weeks_before_end"].tolist() == [11]
    assert calls.settled(within=0.01).reason("weeks_before_end") == ["not_reached"]
    rates = calls.hit_rate(within=[0.05])
    assert row(rates, weeks_before_end=0)["hits"] == 1
    assert calls.drift("2024-Q1").total()["raised"].tolist() == [20.0]
    owners = calls.by_owner()
    assert row(owners, owner="Bob", weeks_before_end=11)["error"] == -10.0


def test_habits_of_owners():
    months = [f"2024-{month:02d}" for month in range(1, 7)]
    actual = [100.0, 120.0, 90.0, 110.0, 105.0, 95.0]
    owners = {"holds": 0.8, "hopes": 1.25, "honest": 1.0}
    noise = [0.02, -0.03, 0.01, 0.04, -0.02, -0.01]
    rows = {"taken": [], "period": [], "owner": [], "amount": [], "actual": []}
    for name, lean in owners.items():
        for month, brought, by in zip(months, actual, noise, strict=True):
            made = (f"{month}-02", month, name, brought * (lean + by), brought)
            for column, value in zip(rows, made, strict=True):
                rows[column].append(value)
    habits = of_roll_ups(rows, grain="month").owners(weeks_before_end=2)
    verdicts = dict(zip(habits["owner"], habits["verdict"], strict=True))
    assert verdicts == {"holds": "sandbagging", "hopes": "happy_ears", "honest": "not_told_apart"}
    held = row(habits, owner="holds")
    assert held["mean_error"] == pytest.approx(-0.2 + sum(noise) / 6)
    assert held["lower"] < held["mean_error"] < held["upper"] < 0
    single = of_roll_ups(grain="quarter").owners(weeks_before_end=0)
    assert single["verdict"].tolist() == [None, None]
    assert single.reason("verdict") == ["too_few", "too_few"]


def test_actuals_as_a_frame():
    frame = pl.DataFrame(
        {"period": ["2024-01-01", "2024-01-01"], "owner": ["Bob", "Ann"], "actual": [50, 100]},
        schema_overrides={"actual": pl.Float64},
    ).with_columns(pl.col("period").str.to_date())
    assert of_roll_ups(actual=frame).to_dict() == of_roll_ups().to_dict()
    only_ann = {"period": ["2024-Q1"], "owner": ["Ann"], "actual": [100.0]}
    calls = of_roll_ups(actual=only_ann)
    assert np.ma.getmaskarray(calls["actual"]).all()  # what Bob brought is not known
    assert not np.ma.getmaskarray(calls.by_owner()["actual"]).all()


def test_segments_cut_everything():
    rows = changed(DEALS, region=["N" if owner == "Ann" else "S" for owner in DEALS["owner"]])
    calls = of_deals(frame=rows, by="region")
    north = row(calls, region="N", period=dt.date(2024, 1, 1), category="commit", weeks_before_end=3)
    assert (north["call"], north["actual"]) == (100.0, 110.0)
    assert calls.drift("2024-Q1", segment="S")["closing"].tolist()[-1] == 33.0
    assert calls.drift("2024-Q1", segment={"region": "S"}, owner="Ann")["closing"].tolist() == []
    assert set(calls.by_lead_time()["region"]) == {"N", "S"}
    with pytest.raises(tn.OptionError, match="no row has region 'X'"):
        calls.drift("2024-Q1", segment="X")
    with pytest.raises(tn.OptionError, match="not cut by 'plan'"):
        calls.drift("2024-Q1", segment={"plan": "X"})
    with pytest.raises(tn.OptionError, match="no common chart"):
        calls.plot()


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame, lambda rows: pl.DataFrame(rows).to_arrow()])
def test_frames(kind):
    rows = {
        **DEALS,
        **{name: [dt.datetime.fromisoformat(day) for day in DEALS[name]] for name in ("taken", "close_date")},
    }
    calls = of_deals(frame=kind(rows))
    assert calls.to_dict() == of_deals().to_dict()
    assert type(calls.to_native()) is type(kind({"a": [1]}))


def test_own_words_and_whole_numbers():
    stages = {"Commit": "Verbal", "Best Case": "Proposal", "Closed": "Done", "Omitted": "Gone"}
    outcomes = {"open": "Engaging", "Closed Won": "Won", "won": "Won", "Closed Lost": "Dead"}
    rows = changed(
        DEALS, category=[stages[said] for said in DEALS["category"]],
        outcome=[outcomes[said] for said in DEALS["outcome"]],
        opportunity=["ABCDE".index(deal) + 10 for deal in DEALS["opportunity"]],
    )  # fmt: skip
    calls = of_deals(
        frame=rows, outcomes={"Engaging": "open", "Dead": "lost"},
        categories={"Verbal": "commit", "Proposal": "best_case", "Done": "closed", "Gone": "omitted"},
    )  # fmt: skip
    assert calls.to_dict() == of_deals().to_dict()
    assert set(calls.drift("2024-Q1").moves()["opportunity"]) <= {"10", "11", "12", "13", "14"}


def test_closed_is_won_without_outcomes():
    calls = of_deals(frame=without(DEALS, "outcome"), outcome=None)
    assert row(calls, period=dt.date(2024, 1, 1), category="commit", weeks_before_end=0)["actual"] == 143.0


LEAK = {"taken": ["2024-03-01", "2024-04-02"], "period": ["2024-03", "2024-03"], "amount": [1.0, 2.0]}
REFUSED = [
    (lambda: tn.forecast.snapshots(LEAK, category=None, grain="month"), "E_LEAKAGE",
     "forecast for 2024-03 was made on 2024-04-02"),
    (lambda: of_roll_ups(changed(ROLL_UPS, owner=["Ann"] * 6)), "E_DUPLICATE_ROW",
     "a commit for 2024-Q1 was called twice on 2024-01-08, first in row 0"),
    (lambda: of_deals(frame=changed(DEALS, opportunity=["A"] * 12)), "E_DUPLICATE_ROW",
     "opportunity A is there twice on 2024-03-10, first in row 0"),
    (lambda: of_roll_ups(changed(ROLL_UPS, actual=[100, 50, 100, 50, 100, 51])), "E_DUPLICATE_CONFLICT",
     "2024-Q1 has another actual in row 1"),
    (lambda: of_roll_ups(actual={"period": ["2024-01-01"] * 2, "owner": ["Ann"] * 2, "actual": [1, 1]}),
     "E_DUPLICATE_ROW", "2024-Q1 already has an actual in row 0"),
    (lambda: of_deals(frame=changed(DEALS, category=["Upside"] * 12)), "E_ENUM",
     r"(?s)'Upside' is not known.*Known: closed, commit, most_likely, best_case, pipeline"),
    (lambda: of_deals(frame=changed(DEALS, outcome=["stalled"] * 12)), "E_ENUM",
     r"(?s)'stalled' is not known.*Known: open, won, lost"),
    (lambda: of_roll_ups(changed(ROLL_UPS, amount=[-1.0] * 6)), "E_AMOUNT_NEGATIVE", "negative amount -1"),
    (lambda: of_roll_ups(changed(ROLL_UPS, amount=[np.nan] * 6)), "E_AMOUNT_NAN", "missing amount"),
    (lambda: of_roll_ups(changed(ROLL_UPS, amount=[np.inf] * 6)), "E_AMOUNT_INF", "infinite amount"),
    (lambda: of_roll_ups(changed(ROLL_UPS, amount=[5e12] * 6)), "E_AMOUNT_RANGE", "beyond 4e12"),
    (lambda: of_deals(frame=changed(DEALS, p=[40.0] * 12), probability="p"), "E_PROBABILITY",
     "40 is not a probability from 0 to 1"),
    (lambda: of_deals(frame=changed(DEALS, opportunity=[None, *DEALS["opportunity"][1:]])), "E_KEY_NULL",
     "row 0: missing opportunity"),
    (lambda: of_roll_ups(changed(ROLL_UPS, owner=["Ann", None] * 3)), "E_KEY_NULL", "row 1: missing owner"),
    (lambda: of_deals(frame=changed(DEALS, category=[*DEALS["category"][:6], None, *DEALS["category"][7:]])),
     "E_KEY_NULL", "row 6: missing category"),
    (lambda: of_deals(frame=changed(DEALS, outcome=[None] * 12)), "E_KEY_NULL", "row 0: missing outcome"),
    (lambda: of_roll_ups(changed(ROLL_UPS, taken=[None, *ROLL_UPS["taken"][1:]])), "E_DATE_NULL",
     "row 0: missing date"),
    (lambda: of_roll_ups(changed(ROLL_UPS, period=["2024-Q5"] * 6)), "E_DATE_FORMAT",
     "'2024-Q5' is not a period"),
    (lambda: of_roll_ups(fiscal_start=2), "E_DATE_FORMAT", "counted in more than one way"),
    (lambda: of_deals(frame={name: all_[:7] + all_[10:] for name, all_ in DEALS.items()}, missing="error"),
     "E_SNAPSHOT_MISSING", "no snapshot in the week from 2024-03-18 to 2024-03-24"),
    (lambda: of_roll_ups(missing="error"), "E_SNAPSHOT_MISSING",
     "no call in the week from 2024-01-15 to 2024-01-21"),
    (lambda: of_roll_ups({name: [] for name in ROLL_UPS}), "E_NO_ROWS", "there are no calls"),
    (lambda: of_roll_ups(grain="day"), "E_PERIOD_UNIT", "a day has none"),
    (lambda: of_roll_ups(grain="fortnight"), "E_PERIOD_UNIT", "fortnight"),
    (lambda: of_roll_ups(weeks=-1), "E_HORIZON", "weeks=-1 is out of range"),
    (lambda: of_roll_ups(weeks=2**40), "E_HORIZON", "is out of range"),
    (lambda: of_roll_ups(fiscal_start=2**40), "E_FISCAL_START", "is out of range"),
    (lambda: of_roll_ups(week_start=7), "E_WEEK_START", "week_start=7 is out of range"),
    (lambda: of_roll_ups().owners(weeks_before_end=99), "E_HORIZON", "weeks_before_end=99 is out of range"),
    (lambda: of_roll_ups().owners(weeks_before_end=-3), "E_HORIZON", "weeks_before_end=-3 is out of range"),
    (lambda: of_roll_ups().owners(weeks_before_end=2**40), "E_HORIZON", "is out of range"),
    (lambda: of_roll_ups().swings(top=2**70), "E_OPTION_TYPE", "is out of range"),
    (lambda: of_roll_ups().swings(top=-1), "E_OPTION_TYPE", "top=-1 is out of range"),
    (lambda: of_roll_ups().drift("2024-Q1", 5), "E_ENUM", "category=5 is no name"),
    (lambda: of_roll_ups().by_lead_time([0.05, 0.0500000001]), "E_COLUMN_DUPLICATE", "'within_5'"),
    (lambda: of_deals(frame=changed(DEALS, category=["weighted"] * 12)), "E_ENUM", "'weighted' is not known"),
    (lambda: of_deals(frame=changed(DEALS, row=DEALS["opportunity"]), opportunity="row"),
     "E_COLUMN_DUPLICATE", "opportunity names 'row'"),
    (lambda: of_deals().explain("2024-Q2", weeks_before_end=0), "E_HORIZON", "has not come by"),
    (lambda: of_deals(fiscal_start=13), "E_FISCAL_START", "fiscal_start=13"),
    (lambda: of_roll_ups(by="period"), "E_COLUMN_DUPLICATE", "by names 'period'"),
    (lambda: of_roll_ups(outcome="owner"), "E_OPTION", "outcome= is of opportunities"),
    (lambda: of_deals(actual="amount"), "E_OPTION", "opportunities tell theirs"),
    (lambda: of_roll_ups(missing="skip"), "E_OPTION", "missing='skip' is not known"),
    (lambda: of_roll_ups().drift("2024-Q3"), "E_WINDOW", "lies outside"),
    (lambda: of_roll_ups().drift("2024-Q1", "pipeline"), "E_ENUM", "category='pipeline': nobody called it"),
    (lambda: of_roll_ups().drift("2024-Q1", "comit"), "E_ENUM", "did you mean 'commit'"),
    (lambda: of_roll_ups().drift("2024-Q1", owner="Zoe"), "E_SEGMENT", "no row has owner 'Zoe'"),
    (lambda: of_roll_ups().drift("2024-Q1", segment="Zoe"), "E_SEGMENT", "does not say of which column"),
    (lambda: of_roll_ups().explain("2024-Q1", weeks_before_end=40), "E_HORIZON", "end=40 is out of range"),
    (lambda: of_roll_ups().hit_rate(within=-0.1), "E_PARAM", "a tolerance of -0.1"),
    (lambda: of_roll_ups().settled(within=-0.1), "E_PARAM", "a tolerance of -0.1"),
    (lambda: of_roll_ups().hit_rate(confidence=95), "E_CONFIDENCE", "a confidence of 95"),
    (lambda: of_roll_ups(owner=None, actual=None, frame=without(LEAK)).owners(), "E_LEAKAGE", "2024-Q1"),
    (lambda: of_deals(owner=None).owners(), "E_OPTION", "needs the column of owners"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "code", "words"), REFUSED, ids=[f"{at}-{case[1]}" for at, case in enumerate(REFUSED)]
)
def test_refused(call, code, words):
    with pytest.raises(tn.Error, match=words) as fault:
        call()
    assert fault.value.code == code


def test_pictures():
    pytest.importorskip("matplotlib").use("Agg")
    calls = of_deals()
    ax = calls.plot()
    assert [text.get_text() for text in ax.texts] == ["2024-Q1", "2024-Q2"]
    assert len(calls.by_lead_time().plot(measure="relative_bias").lines) == 3
    bars = calls.drift("2024-Q1").plot()
    labels = [tick.get_text() for tick in bars.get_xticklabels()]
    assert labels == [
        "first call",
        "added",
        "pulled in",
        "upgraded",
        "raised",
        "lowered",
        "slipped out",
        "lost",
        "actual",
    ]
    segments = ["N" if owner == "Ann" else "S" for owner in DEALS["owner"]]
    cut = of_deals(frame=changed(DEALS, region=segments), by="region")
    with pytest.raises(ValueError, match="nobody called"):
        cut.drift("2024-Q1", segment="S", owner="Ann").plot()
    assert "<table" in calls._repr_html_()
