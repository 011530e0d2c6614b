"""Feeds of snapshots: what is no longer there is named, and read as churn only where the caller says so."""

from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import tenure as tn

NAMES = {"customer": "who", "at": "day", "amount": "paid"}
FEB, MAR, APR, MAY = "2024-02-01", "2024-03-01", "2024-04-01", "2024-05-01"


def feed(**columns):
    """c4 is deleted from the third snapshot; c3 pays more from then on."""
    who = ["c3", "c4", "c3", "c4", "c3"]
    return {"who": who, "day": [FEB, FEB, MAR, MAR, APR], "paid": [10, 5, 10, 5, 12], **columns}


def book(frame=None, **options):
    return tn.Book.from_snapshots(feed() if frame is None else frame, **{**NAMES, **options})


def movements(of, first="2024-02", last="2024-05"):
    bridge = of.waterfall(first, last)
    assert bridge.bridge_closes
    return {line: bridge[line].tolist() for line in ("new", "expansion", "churn", "reactivation", "closing")}


def refused(frame=None, **options):
    with pytest.raises(tn.Error) as caught:
        book(frame, **options)
    return caught.value


def test_a_customer_who_is_no_longer_there_is_named():
    fault = refused()
    assert isinstance(fault, tn.InputError)
    assert (fault.code, fault.row, fault.column, fault.value) == ("E_SNAPSHOT_GAP", 3, "who", "c4")
    assert "customer 'c4' in snapshot 2024-03-01 and absent in 2024-04-01 without an end" in str(fault)
    assert fault.hint == "Pass absent='churn' or 'carry'."


def test_all_gaps_are_counted():
    days = [FEB] * 4 + [MAR]
    fault = refused(feed(who=[1, 2, 3, 4, 1], day=days))
    assert [one.row for one in fault.faults] == [1, 2, 3]
    assert fault.count == 3


def test_absence_is_churn_where_the_caller_says_so():
    assert movements(book(absent="churn")) == {
        "new": [15, 0, 0, 0],
        "expansion": [0, 0, 2, 0],
        "churn": [0, 0, 5, 0],
        "reactivation": [0, 0, 0, 0],
        "closing": [15, 15, 12, 12],
    }


def test_who_was_left_out_by_mistake_is_carried():
    assert movements(book(absent="carry"))["closing"] == [15, 15, 17, 17]
    back = feed(who=["c3", "c4", "c3", "c3", "c4"], day=[FEB, FEB, MAR, APR, APR], paid=[10, 5, 10, 10, 6])
    assert movements(book(back, absent="carry"))["closing"] == [15, 15, 16, 16]
    churned = movements(book(back, absent="churn"))
    assert (churned["churn"], churned["reactivation"]) == ([0, 5, 0, 0], [0, 0, 6, 0])


def test_an_end_that_the_feed_gives_is_an_end():
    ended = feed(until=[None, None, None, "2024-03-20", None])
    assert movements(book(ended, end="until"))["churn"] == [0, 5, 0, 0]
    ended = feed(until=[None, None, None, "2024-04-20", None])
    assert refused(ended, end="until").code == "E_SNAPSHOT_GAP"


def test_a_snapshot_that_was_not_delivered_is_named():
    days = ["2024-01-31", "2024-02-29", "2024-04-30", "2024-05-31"]
    gap = {"who": [1] * 4, "day": days, "paid": [5, 5, 5, 6]}
    fault = refused(gap)
    assert (fault.code, fault.column, fault.value) == ("E_SNAPSHOT_MISSING", "day", "2024-03-31")
    assert "no snapshot of 2024-03-31; the feed has 2024-02-29 and then 2024-04-30" in str(fault)
    assert "every month" in str(fault)
    assert "missing='carry'" in fault.hint
    assert movements(book(gap, missing="carry"), last="2024-04")["closing"] == [5, 5, 5]


def test_the_caller_says_how_often_snapshots_come():
    two = {"who": [1, 1], "day": ["2024-01-01", "2024-03-01"], "paid": [5, 5]}
    assert book(two).rows == 2  # two days keep to any order
    assert refused(two, every="month").value == FEB
    assert book(two, every="month", missing="carry").rows == 2


def test_the_last_snapshot_is_open_unless_the_caller_says_until_when():
    assert movements(book(absent="churn", last=MAY))["closing"] == [15, 15, 12, 0]
    for same in ("2024-05", date(2024, 5, 1)):
        assert movements(book(absent="churn", last=same))["churn"] == [0, 0, 5, 12]
    fault = refused(absent="churn", last=APR)
    assert isinstance(fault, tn.OptionError)
    assert fault.code == "E_WINDOW"
    assert "last=2024-04-01 is not after the last snapshot, 2024-04-01" in str(fault)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"absent": "chrun"}, "E_ENUM", "churn"),
        ({"missing": "churn"}, "E_ENUM", "carry"),
        ({"every": "monthly"}, "E_INTERVAL", "month"),
        ({"last": "soon"}, "E_DATE_FORMAT", "last"),
        ({"money": "cents"}, "E_MONEY", "decimal"),
    ],
)
def test_unknown_options_are_refused(options, code, words):
    fault = refused(**options)
    assert fault.code == code
    assert words in str(fault)


@pytest.mark.parametrize(
    ("columns", "code", "column"),
    [
        ({"day": [FEB, FEB, MAR, None, APR]}, "E_DATE_NULL", "day"),
        ({"day": [FEB, FEB, MAR, "2024-02-30", APR]}, "E_DATE_INVALID", "day"),
        ({"who": ["c3", "c4", "c3", None, "c3"]}, "E_KEY_NULL", "who"),
        ({"paid": [10, 5, 10, None, 12]}, "E_AMOUNT_NULL", "paid"),
        ({"paid": [10, 5, 10, -5, 12]}, "E_AMOUNT_NEGATIVE", "paid"),
    ],
)
def test_bad_rows_are_refused_with_their_place(columns, code, column):
    fault = refused(feed(**columns), absent="churn")
    assert (fault.code, fault.row, fault.column) == (code, 3, column)


def test_a_column_that_is_not_there_is_named():
    assert refused(at="dya").code == "E_COLUMN_MISSING"


def as_intervals(policy="standard"):
    inclusive = tn.Policy.of(policy).options()["end_date"] == "inclusive"
    ends = ["2024-02-29", "2024-03-31"] if inclusive else [MAR, APR]
    until = [ends[0], ends[0], ends[1], ends[1], None]
    return tn.Book(feed(until=until), customer="who", start="day", end="until", amount="paid", policy=policy)


@pytest.mark.parametrize("policy", ["standard", "chartmogul", tn.Policy(end_date="inclusive")])
def test_a_feed_is_the_book_of_its_intervals(policy):
    of_feed, of_rows = book(absent="churn", policy=policy), as_intervals(policy)
    window = "2024-01", "2024-06"
    assert of_feed.waterfall(*window).to_dict() == of_rows.waterfall(*window).to_dict()
    kept = [one.net_retention(*window, horizon=1).to_dict() for one in (of_feed, of_rows)]
    assert kept[0] == kept[1]
    assert of_feed.explain(APR, "churn").rows().to_dict() == of_rows.explain(APR, "churn").rows().to_dict()
    assert of_feed.rows == of_rows.rows == 5


def test_a_feed_is_read_again_under_another_policy():
    once = book(absent="churn")
    again = once.under(tn.Policy(end_date="inclusive"))
    assert movements(again) == movements(once)


def chunked(columns):
    table = pa.table(columns)
    cuts = [table.slice(0, 2), table.slice(2, 1), table.slice(3)]
    days = pa.chunked_array([*table["day"].slice(0, 4).chunks, *table["day"].slice(4).chunks])
    return pa.concat_tables(cuts).set_column(1, "day", days)


@pytest.mark.parametrize("who", [["c3", "c4", "c3", "c4", "c3"], [3, 4, 3, 4, 3]])
@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame, pa.table, chunked])
def test_every_frame_gives_the_same(kind, who):
    columns = feed(who=who, day=[date.fromisoformat(day) for day in feed()["day"]])
    frame = kind(columns)
    expected = movements(book(absent="churn"))
    assert movements(book(frame, absent="churn")) == expected
    fault = refused(frame)
    assert (fault.code, fault.row, fault.value) == ("E_SNAPSHOT_GAP", 3, str(who[3]))


def test_order_of_rows_does_not_matter():
    shuffled = {name: [values[row] for row in (4, 1, 3, 0, 2)] for name, values in feed().items()}
    assert movements(book(shuffled, absent="churn")) == movements(book(absent="churn"))
    assert refused(shuffled).row == 2


def test_an_empty_feed_is_an_empty_book():
    empty = {name: np.array([], dtype) for name, dtype in (("who", "i8"), ("day", "M8[D]"), ("paid", "i8"))}
    assert book(empty, last=MAY).rows == 0


def test_on_every_snapshot_day_the_book_has_its_sum():
    rng = np.random.default_rng(5)
    days = np.arange("2023-01", "2024-07", dtype="M8[M]").astype("M8[D]")
    there = rng.random((len(days), 200)) < 0.8
    at, who = np.nonzero(there)
    paid = rng.integers(1, 500, len(who))
    of_feed = book({"who": who, "day": days[at], "paid": paid}, absent="churn")
    for number, day in enumerate(days):
        here = at == number
        answer = of_feed.mrr(str(day))
        assert answer["mrr"].tolist() == [paid[here].sum()]
        assert answer["customers"].tolist() == [len(np.unique(who[here]))]


def test_currencies_segments_seats_and_zones():
    # 23:30 in New York is the next day in UTC.
    days = pd.to_datetime(["2024-02-01 23:30", "2024-03-01 23:30"] * 2).tz_localize("America/New_York")
    frame = pd.DataFrame(
        {
            "who": [1, 1, 2, 2],
            "day": days,
            "paid": [10, 10, 3, 4],
            "code": ["EUR", "EUR", "USD", "USD"],
            "seats": [2, 3, 1, 1],
            "plan": ["a", "b", "a", "a"],
        }
    )
    rates = tn.fx.Rates({"date": [FEB], "currency": ["USD"], "rate": [2]}, base="EUR", max_days_back=90)
    of_feed = book(
        frame,
        currency_column="code",
        quantity="seats",
        by="plan",
        rates=rates,
        reporting_currency="EUR",
        timezone="America/New_York",
    )
    assert of_feed.first_day == date(2024, 2, 1)
    assert of_feed.mrr("2024-02-15")["mrr"].tolist() == [21.5]
    cut = of_feed.mrr("2024-03-15", by="plan")
    assert dict(zip(cut["plan"].tolist(), cut["mrr"].tolist(), strict=True)) == {"a": 2, "b": 30}
