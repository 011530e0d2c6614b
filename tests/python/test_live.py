"""The live book from Python: events in every shape, totals, errors, threads."""

from __future__ import annotations

import copy
import pickle
import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tenure as tn

ANN = {"customer": "ann", "subscription": "s1"}


def started(**options: Any) -> tn.LiveBook:
    book = tn.LiveBook(today="2024-06-30", **options)
    book.apply(id="e1", kind="start", at="2024-05-10", price=30, **ANN)
    return book


def state(book: tn.LiveBook) -> tuple[Any, ...]:
    return book.totals, book.counts, book.gaps, book.currency, book.book().mrr("2024-06-30").to_dict()


def refused(book: tn.LiveBook, call: Any) -> tn.Error:
    before = state(book)
    with pytest.raises(tn.Error) as caught:
        call()
    assert state(book) == before
    return caught.value


def test_an_event_may_be_an_object_a_mapping_or_values() -> None:
    values = {"id": "e2", "kind": "quantity", "at": date(2024, 6, 12), "quantity": 3, **ANN}
    totals = []
    for give in (
        lambda b: b.apply(tn.Event(**values)),
        lambda b: b.apply(values),
        lambda b: b.apply(**values),
    ):
        book = started()
        give(book)
        totals.append(book.totals)
    assert totals[0] == totals[1] == totals[2]
    assert totals[0].mrr == 90.0
    assert totals[0].arr == 1080.0
    assert (totals[0].customers, totals[0].subscriptions) == (1, 1)
    assert totals[0].today == date(2024, 6, 30)
    assert totals[0].period_begin == date(2024, 6, 1)
    assert totals[0].bridge["opening"] == 30.0
    assert totals[0].bridge["expansion"] == 60.0
    assert totals[0].bridge_customers["closing"] == 1
    assert totals[0].exact()["closing"] == Decimal("1080.000000")


def test_every_kind_reads_what_it_says() -> None:
    book = started(policy=tn.Policy(discounts="all"))
    at = {"at": "2024-06-05", **ANN}
    book.apply(id="d", kind="discount", discount_percent=50, **at)
    assert book.totals.mrr == 15.0
    book.apply(id="d", version=2, kind="discount", discount_amount=Decimal("12.50"), **at)
    assert book.totals.mrr == 17.5
    book.apply(id="d", version=3, kind="discount", discount_percent=0, **at)
    assert book.totals.mrr == 30.0
    book.apply(id="c", kind="change", price=240.0, interval="year", interval_count=2, **at)
    assert book.totals.mrr == 10.0
    book.apply(id="p", kind="pause", at="2024-06-06", **ANN)
    assert book.totals.mrr == 0.0
    book.apply(id="p", version=2, kind="retracted")
    assert book.totals.mrr == 10.0
    book.apply(id="q", kind="cancel_request", at="2024-06-07", ends="2024-07-03", **ANN)
    assert book.totals.mrr == 10.0
    book.advance_to(date(2024, 7, 3))
    assert book.totals.mrr == 0.0
    assert book.totals.bridge["churn"] == 10.0
    assert book.counts == (4, 2, 1, 0, 0)


ROWS: dict[str, list[Any]] = {
    "id": ["e1", "e2", "e3", "e4", "e5", "e2"],
    "version": [1, 1, 1, 1, 1, 2],
    "customer": ["ann", "ann", "bob", "bob", "bob", "ann"],
    "subscription": ["s1", "s1", "s2", "s2", "s2", "s1"],
    "kind": ["start", "quantity", "start", "discount", "payment_failed", "quantity"],
    "at": ["2024-05-10", "2024-06-12", "2024-06-01", "2024-06-02", "2024-06-03", "2024-06-12"],
    "recorded": [None, "2024-06-13", None, None, None, "2024-06-20"],
    "sequence": [1, 2, 4, 5, 6, 7],
    "price": [30.0, None, 0.1, None, None, None],
    "interval": ["month", None, "week", None, None, None],
    "interval_count": [None, None, 2, None, None, None],
    "quantity": [None, 2, None, None, None, 3],
    "product": ["gold", None, None, None, None, None],
    "discount_percent": [None, None, None, 25, None, None],
    "discount_duration": [None, None, None, "repeating", None, None],
    "discount_until": [None, None, None, "2024-12-01", None, None],
    "currency": ["EUR"] * 6,
}


def one_by_one() -> tn.LiveBook:
    book = tn.LiveBook(today="2024-06-30")
    for row in range(len(ROWS["id"])):
        values = {name: column[row] for name, column in ROWS.items() if column[row] is not None}
        book.apply(values)
    return book


def days(frame: dict[str, list[Any]]) -> dict[str, Any]:
    names = ("at", "recorded", "discount_until")
    return frame | {name: np.array(frame[name], dtype="datetime64[D]") for name in names}


FRAMES = {
    "dict": lambda: ROWS,
    "numpy": lambda: days(ROWS),
    "pandas": lambda: pd.DataFrame(ROWS),
    "polars": lambda: pl.DataFrame(ROWS, strict=False),
    "lazy": lambda: pl.DataFrame(ROWS, strict=False).lazy(),
    "pyarrow": lambda: pa.table(ROWS),
    "reader": lambda: pa.table(ROWS).to_reader(2),
    "objects": lambda: [
        {name: column[row] for name, column in ROWS.items() if column[row] is not None} for row in range(6)
    ],
}


@pytest.mark.parametrize("kind", FRAMES)
def test_many_events_come_from_any_frame(kind: str) -> None:
    book = tn.LiveBook(today="2024-06-30")
    book.apply_many(FRAMES[kind]())
    expected = one_by_one()
    assert book.totals == expected.totals
    assert book.counts == expected.counts
    assert book.gaps == expected.gaps == [(3, 3)]
    assert book.currency == "EUR"
    assert (
        book.book().mrr("2024-06-30", by="product").to_dict()
        == expected.book().mrr("2024-06-30", by="product").to_dict()
    )


def test_columns_may_be_called_otherwise() -> None:
    frame = {f"my_{name}": column for name, column in ROWS.items()}
    book = tn.LiveBook(today="2024-06-30")
    book.apply_many(frame, **{name: f"my_{name}" for name in ROWS})
    assert book.totals == one_by_one().totals


def test_instants_need_a_zone() -> None:
    stamps = pd.Series(pd.to_datetime(["2024-05-31 23:30"], utc=True))
    frame = {"id": [1], "customer": [1], "subscription": [1], "kind": ["start"], "price": [5], "at": stamps}
    book = tn.LiveBook(today="2024-06-30")
    error = refused(book, lambda: book.apply_many(frame))
    assert (error.code, error.column) == ("E_TZ_MISSING", "at")
    book.apply_many(frame, timezone="Europe/Berlin")
    assert book.totals.bridge["new"] == 5.0
    moment = datetime(2024, 6, 1, 12, tzinfo=UTC)
    error = refused(book, lambda: book.apply(id=2, kind="end", at=moment, customer=1, subscription=1))
    assert (error.code, error.column) == ("E_TZ_MISSING", "at")


@pytest.mark.parametrize(
    ("values", "code", "column"),
    [
        ({"id": "e9", "version": 2}, "E_EVENT_UNKNOWN", "id"),
        ({"id": "e1", "at": "2024-05-11"}, "E_DUPLICATE_CONFLICT", "id"),
        ({"kind": "start", "price": 1}, "E_EVENT_ORDER", "kind"),
        ({"kind": "resume"}, "E_EVENT_ORDER", "kind"),
        ({"kind": "starts"}, "E_ENUM", None),
        ({"kind": "quantity"}, "E_QUANTITY_RANGE", "quantity"),
        ({"kind": "change"}, "E_EVENT_EMPTY", "kind"),
        ({"kind": "change", "price": -1}, "E_AMOUNT_NEGATIVE", "price"),
        ({"kind": "change", "price": float("nan")}, "E_AMOUNT_NAN", "price"),
        ({"kind": "change", "interval": "moon"}, "E_INTERVAL", None),
        ({"kind": "change", "interval_count": 0}, "E_INTERVAL_COUNT", "interval_count"),
        ({"kind": "discount", "discount_percent": 101}, "E_DISCOUNT_RANGE", "discount_percent"),
        ({"kind": "cancel_request", "ends": "2024-06-01"}, "E_PERIOD_REVERSED", "ends"),
        ({"at": "2024-06-31"}, "E_DATE_INVALID", "at"),
        ({"at": "junk"}, "E_DATE_FORMAT", "at"),
        ({"at": None}, "E_DATE_NULL", "at"),
        ({"customer": None}, "E_KEY_NULL", "customer"),
        ({"customer": 1.5}, "E_KEY_TYPE", "customer"),
        ({"customer": 7}, "E_KEY_TYPE", "customer"),
        ({"customer": ""}, "E_KEY_EMPTY", "customer"),
        ({"customer": "\ud800"}, "E_KEY_UTF8", "customer"),
        ({"version": 0}, "E_VERSION_RANGE", "version"),
        ({"quantity": 2**70}, "E_NUMBER_RANGE", "quantity"),
        ({"currency": "XXQ"}, "E_CURRENCY_UNKNOWN", None),
        ({"currency": "USD"}, "E_CURRENCY_MIXED", "currency"),
        ({"seats": 4}, "E_COLUMN_MISSING", "seats"),
        ({"recorded": "2024-06-01"}, "E_RECORDED_EARLY", "recorded"),
        ({"recorded": "2034-06-12"}, "E_DATE_RANGE", "recorded"),
        ({"sequence": 7}, "E_SEQUENCE_TWICE", "sequence"),
        ({"kind": "change", "price": 9e11}, "E_AMOUNT_RANGE", "price"),
        ({"sequence": 9}, "E_FEED_GAP", "sequence"),
    ],
)
def test_what_cannot_be_is_named_and_changes_nothing(
    values: dict[str, Any], code: str, column: str | None
) -> None:
    book = started(on_gap="error", early="error", currency="EUR")
    book.apply(id="e2", kind="quantity", at="2024-06-02", quantity=2, sequence=7, **ANN)
    event = {"id": "e3", "kind": "end", "at": "2024-06-12", **ANN} | values
    error = refused(book, lambda: book.apply(event))
    assert (error.code, error.column) == (code, column)
    assert "micro-unit" not in str(error)


def test_a_version_does_not_go_back() -> None:
    book = started()
    event = {"id": "e1", "kind": "start", "at": "2024-05-10", "price": 40, **ANN}
    book.apply(event | {"version": 3})
    error = refused(book, lambda: book.apply(event | {"version": 2}))
    assert (error.code, error.column, error.value) == ("E_VERSION_BACK", "version", "2")
    later = started(order="any")
    later.apply(event | {"version": 3})
    later.apply(event | {"version": 2})
    assert later.counts.late == 1
    assert later.totals.mrr == 40.0


def test_faults_of_tables_name_row_and_column_of_the_caller() -> None:
    frame = {
        "event": [1, 2, 3],
        "customer": [1, 1, 1],
        "subscription": [1, 1, 1],
        "what": ["start", "quantity", "resume"],
        "at": ["2024-06-01", "2024-06-02", "2024-06-03"],
        "paid": [10, None, None],
        "quantity": [None, 2, None],
    }
    names = {"id": "event", "kind": "what", "price": "paid"}
    book = tn.LiveBook(today="2024-06-30")

    def given(**changed: list[Any]) -> tn.Error:
        return refused(book, lambda: book.apply_many(frame | changed, **names))

    error = given()
    assert (error.code, error.row, error.column, error.value) == ("E_EVENT_ORDER", 2, "what", "resume")
    error = given(what=["start", "quantity", "ended"])
    assert (error.code, error.row, error.column, error.value) == ("E_ENUM", 2, "what", "ended")
    assert "Known: start, " in str(error.hint)
    error = refused(
        book, lambda: book.apply_many(frame | {"every": ["month", "moon", None]}, **names, interval="every")
    )
    assert (error.code, error.row, error.column, error.value) == ("E_INTERVAL", 1, "every", "moon")
    assert "Known: day, " in str(error.hint)
    error = given(what=["start", "end", "start"], paid=[1, None, -5])
    assert (error.code, error.row, error.column) == ("E_AMOUNT_NEGATIVE", 2, "paid")
    error = given(event=[1, None, 3])
    assert (error.code, error.row, error.column) == ("E_KEY_NULL", 1, "event")
    error = given(at=["2024-06-01", None, "2024-06-03"])
    assert (error.code, error.row, error.column) == ("E_DATE_NULL", 1, "at")
    error = refused(book, lambda: book.apply_many({"id": [1]}))
    assert (error.code, error.column) == ("E_COLUMN_MISSING", "customer")
    error = refused(book, lambda: book.apply_many([{"id": 1, "kind": "end"}]))
    assert (error.code, error.row) == ("E_DATE_NULL", 0)
    error = refused(book, lambda: book.apply_many(frame, event="event"))
    assert error.code == "E_COLUMN_MISSING"


def test_options_that_do_not_exist() -> None:
    for options in ({"order": "loose"}, {"on_gap": "shrug"}, {"early": "never"}, {"unit": "moon"}):
        with pytest.raises(tn.OptionError):
            tn.LiveBook(today="2024-06-30", **options)  # type: ignore[arg-type]
    with pytest.raises(tn.InputError, match="E_CLOCK"):
        started().advance_to("2024-06-29")


def test_the_book_of_an_empty_live_book() -> None:
    book = tn.LiveBook(today="2024-06-30")
    assert book.totals.mrr == 0.0
    assert book.book().mrr("2024-06-30")["customers"].tolist() == [0]
    assert repr(book) == "LiveBook(2024-06-30: MRR 0.00 of 0 customers, 0 events, policy standard)"


def test_amounts_reach_the_book_to_the_millionth() -> None:
    book = tn.LiveBook(today="2024-06-30")
    price = Decimal("9007199254.740993")
    book.apply(id=1, kind="start", at="2024-06-01", price=price, customer=1, subscription=1)
    exact = book.book().waterfall("2024-06", "2024-06", money="decimal")["closing"].tolist()
    assert exact == [price.quantize(Decimal("0.01"))]
    assert book.totals.exact()["closing"] == price * 12


def test_the_book_speaks_of_the_day_of_the_clock() -> None:
    live = tn.LiveBook(today="2024-06-15", currency="EUR")
    live.apply(id=1, kind="start", at="2024-05-10", price=30, **ANN)
    live.apply(id=2, kind="end", at="2025-01-01", **ANN)
    book = live.book()
    assert book.known_until == date(2024, 6, 15)
    assert book.currency == "EUR"
    complete = ("2024-05", "2024-06")
    assert book.waterfall(*complete)["period_is_complete"].tolist() == [True, False]
    live.advance_to("2024-06-30")
    assert live.book().waterfall(*complete)["period_is_complete"].tolist() == [True, True]


def test_the_book_does_not_say_what_was_known_when() -> None:
    live = tn.LiveBook(today="2024-06-30")
    live.apply(id=1, kind="start", at="2024-01-01", recorded="2024-01-01", price=30, **ANN)
    live.apply(id=2, kind="end", at="2024-02-01", recorded="2024-05-01", **ANN)
    with pytest.raises(tn.OptionError, match="E_KNOWN_AT"):
        live.book().known_at("2024-03-01")
    late = tn.LiveBook(tn.Policy(backdating="recorded"), today="2024-06-30")
    assert late.book().rows == 0
    late.apply(id=1, kind="start", at="2024-06-01", recorded="2024-06-10", price=30, **ANN)
    assert late.book().mrr("2024-06-09")["mrr"].tolist() == [0.0]
    assert late.book().mrr("2024-06-10")["mrr"].tolist() == [30.0]


def test_events_are_stored_and_make_the_book_again() -> None:
    live = one_by_one()
    live.apply(id="e5", version=2, kind="retracted", sequence=8)
    events = pickle.loads(pickle.dumps(live.events()))
    assert events == live.events() == copy.deepcopy(events)
    assert [one.id for one in events] == ["e1", "e2", "e3", "e4", "e5"]
    assert (events[1].version, events[1].recorded, events[1].quantity) == (2, date(2024, 6, 20), 3)
    assert (events[2].price, events[2].interval, events[2].interval_count) == (Decimal("0.1"), "week", 2)
    assert (events[3].discount_percent, events[3].discount_until) == (25, date(2024, 12, 1))
    assert (events[4].kind, events[4].customer, events[4].at) == ("retracted", None, None)
    again = tn.LiveBook(today=live.totals.today, events=events)
    assert again.totals == live.totals
    assert again.events() == events
    assert again.currency == "EUR"
    assert again.counts.events == live.counts.events == 4
    with pytest.raises(tn.InputError, match="E_VERSION_BACK"):
        again.apply(id="e2", kind="quantity", at="2024-06-12", quantity=2, **ANN)
    with pytest.raises(tn.InputError) as caught:
        tn.LiveBook(today="2024-06-30", events=[events[0], {"id": 1, "kind": "end"}])
    assert (caught.value.code, caught.value.row) == ("E_DATE_NULL", 1)


EVENT = st.fixed_dictionaries(
    {
        "id": st.integers(0, 12),
        "version": st.integers(1, 2),
        "customer": st.sampled_from(["ann", "bob"]),
        "subscription": st.integers(1, 2),
        "kind": st.sampled_from(
            ["start", "start", "quantity", "change", "pause", "resume", "end", "cancel_request"]
        ),
        "at": st.dates(date(2024, 5, 1), date(2024, 7, 10)),
        "price": st.sampled_from([10, Decimal("19.99"), 0]),
        "quantity": st.integers(0, 3),
    }
)


POLICY = st.builds(
    lambda name, paused, options: tn.Policy(name, paused=paused[0], pause_movement=paused[1], **options),
    st.sampled_from(["standard", "chartmogul", "stripe", "recurly"]),
    st.sampled_from(
        [("zero", "churn"), ("zero", "own"), ("zero_at_period_end", "own"), ("unchanged", "churn")]
    ),
    st.fixed_dictionaries(
        {
            "movement_grain": st.sampled_from(["customer", "subscription", "item"]),
            "as_of": st.just("period_end"),  # the bridge of a live book is cut off after today
            "week_start": st.just("monday"),  # its day is the last of every period below
        }
    ),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(EVENT, max_size=25), POLICY, st.sampled_from(["month", "day", "week", "quarter"]))
def test_totals_are_those_of_the_book_of_all_events(
    events: list[dict[str, Any]], policy: tn.Policy, unit: Any
) -> None:
    live = tn.LiveBook(policy, today="2024-06-30", order="any", unit=unit)
    given_versions: set[tuple[int, int]] = set()
    for event in events:
        if (event["id"], event["version"]) in given_versions:
            continue
        given_versions.add((event["id"], event["version"]))
        live.apply(event)
    totals, book = live.totals, live.book()
    day = book.mrr("2024-06-30")
    assert (day["mrr"][0], day["arr"][0], day["customers"][0]) == (totals.mrr, totals.arr, totals.customers)
    again = tn.LiveBook(policy, today="2024-06-30", order="any", unit=unit, events=live.events())
    assert again.totals == totals
    assert again.events() == live.events()
    if book.rows == 0:
        return
    bridge = book.waterfall("2024-06-30", "2024-06-30", period=unit)
    assert bridge["period"][0] == np.datetime64(totals.period_begin)
    lines = [line for line in totals.bridge if line in bridge.columns]
    assert {"opening", "new", "expansion", "contraction", "churn", "reactivation", "closing"} <= set(lines)
    for line, amount in totals.bridge.items():
        assert amount == (bridge[line][0] if line in lines else 0.0)
        assert line not in lines or totals.bridge_customers[line] == bridge[f"{line}_customers"][0]


def test_threads_take_turns_and_readers_never_see_a_mixture() -> None:
    book = tn.LiveBook(today="2024-06-30", order="any")
    mixed: list[object] = []
    seen: set[int] = set()
    halfway_reached, meanwhile, done = threading.Event(), threading.Event(), threading.Event()
    halfway = threading.Barrier(3, action=halfway_reached.set)

    def write(worker: int) -> None:
        for i in range(400):
            if i == 200:  # all writers stand halfway until the reader has read what they wrote so far
                halfway.wait(60)
                assert meanwhile.wait(60)
            who = worker * 1000 + i
            event = tn.Event(id=who, kind="start", at="2024-06-01", price=1, customer=who, subscription=1)
            book.apply(event)

    def look() -> None:
        while not done.is_set():
            half = halfway_reached.is_set()
            totals = book.totals
            seen.add(totals.customers)
            if half:
                meanwhile.set()
            if not totals.mrr == totals.customers == totals.subscriptions == totals.bridge["new"]:
                mixed.append(totals)

    reader = threading.Thread(target=look)
    writers = [threading.Thread(target=write, args=(worker,)) for worker in range(3)]
    reader.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    done.set()
    reader.join()
    assert not mixed
    assert 600 in seen
    assert book.totals.customers == 1200
