"""What changed in the past between two days of knowledge: it adds up, by customer and by row."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import reference
from hypothesis import assume, given
from hypothesis import strategies as st
from random_books import policies
from random_knowledge import (
    NEVER,
    frame_of_known,
    known_book,
    known_rows,
    recording_days,
    versioned_book,
    versions,
)

import tenure as tn

WINDOW = reference.months(date(2023, 6, 1), 9)
FIRST, LAST = WINDOW[0], WINDOW[-1]
MOVES = ("new", "expansion", "contraction", "churn", "reactivation")
two_days = st.tuples(recording_days, recording_days).map(sorted)


def standing(known, day):
    return [one.row for one in known if one.on(day)]


def recorded_by(known, day):
    return any(one.recorded is None or one.recorded <= day for one in known)


@given(known_rows(), policies, two_days)
def test_the_change_is_that_of_the_definition(known, policy, days):
    a, b = days
    assume(recorded_by(known, a))
    found = known_book(known, policy).restatement(a, b, FIRST, LAST).to_dict()
    earlier, later = (reference.bridge(standing(known, day), policy, WINDOW) for day in days)
    assert found["period"] == WINDOW
    assert found["before"] == [float(amount) for amount in earlier["closing"]]
    assert found["after"] == [float(amount) for amount in later["closing"]]
    lines = {"change": "closing"} | {f"{line}_change": line for line in MOVES}
    for name, line in lines.items():
        wanted = [now - then for then, now in zip(earlier[line], later[line], strict=True)]
        assert found[name] == [float(amount) for amount in wanted], name
    over = [reference.next_month(month) - reference.DAY <= b for month in WINDOW]
    assert found["period_is_complete"] == over


@given(known_rows(), policies, two_days, st.sampled_from(["month", "quarter"]))
def test_customers_add_up_to_the_change(known, policy, days, period):
    assume(recorded_by(known, days[0]))
    found = known_book(known, policy, money="decimal").restatement(*days, FIRST, LAST, period=period)
    customers = found.customers().to_dict()
    sums = dict.fromkeys(found.to_dict()["period"], Decimal(0))
    for at, month in enumerate(customers["period"]):
        assert customers["after"][at] - customers["before"][at] == customers["change"][at]
        sums[month] += customers["change"][at]
        assert customers["late"][at] + customers["corrected"][at] + customers["deleted"][at] > 0
    # Amounts of a thousandth are rounded to the cent for each customer and for all of them.
    for change, summed in zip(found["change"].tolist(), sums.values(), strict=True):
        assert abs(change - summed) <= Decimal("0.05")


def reason_of(known, one, before, days):
    """Why a row is known on one of two days only, with the row of the same entity in its place."""
    other_day = days[1] if before else days[0]
    others = [at for at, other in enumerate(known) if other.entity == one.entity and other.on(other_day)]
    if others:
        return "corrected", others[0]
    return ("deleted" if before else "late"), None


@given(versions(), two_days)
def test_rows_are_named_with_their_reason(known, days):
    a, b = days
    assume(recorded_by(known, a))
    found = versioned_book(known).restatement(a, b, FIRST, LAST).rows().to_dict()
    wanted = []
    for at, one in enumerate(known):
        if one.on(a) == one.on(b):
            continue
        reason, other = reason_of(known, one, one.on(a), days)
        row = (
            at,
            one.row.customer,
            reason,
            one.on(a),
            other,
            one.row.start,
            one.row.end,
            float(one.row.amount),
        )
        wanted.append(row)
    names = ("row", "customer", "reason", "known_before", "other_row", "start", "end", "mrr")
    assert list(zip(*(found[name] for name in names), strict=True)) == wanted


def paired(known, days, key_of):
    """By row that stands on one of two days only: whether on the first, and the row in its place.

    The n-th that goes and the n-th that comes of the same key stand for each other.
    """
    sides = {True: {}, False: {}}
    for at, one in enumerate(known):
        before, after = (one.on(day) for day in days)
        if before != after:
            sides[before].setdefault(key_of(one.row), []).append(at)
    found = {}
    for before, by_key in sides.items():
        for key, rows in by_key.items():
            others = sides[not before].get(key, [])
            for place, at in enumerate(rows):
                found[at] = (before, others[place] if place < len(others) else None)
    return found


@given(known_rows(), two_days, st.booleans())
def test_rows_without_ids_are_paired_by_subscription_or_by_customer(known, days, by_subscription):
    assume(recorded_by(known, days[0]))
    names = {name: name for name in ("customer", "start", "end", "amount", "recorded", "superseded")}
    if by_subscription:
        names["subscription"] = "subscription"
    book = tn.Book(frame_of_known(known, "recorded", "superseded"), **names)
    found = book.restatement(*days, FIRST, LAST).rows().to_dict()
    wanted = paired(known, days, lambda row: (row.customer, row.subscription if by_subscription else 0))
    assert found["row"] == sorted(wanted)
    for at, before, other, reason in zip(
        *(found[name] for name in ("row", "known_before", "other_row", "reason")), strict=True
    ):
        assert (before, other) == wanted[at]
        alone = "deleted" if before else "late"
        assert reason == (alone if other is None else "corrected")


@given(known_rows(), two_days, st.randoms(use_true_random=False))
def test_rows_that_are_dropped_restate_nothing(known, days, random):
    turned = [random.random() < 0.3 for _ in known]
    mixed = [
        replace(one, row=replace(one.row, end=one.row.start - timedelta(days=1))) if wrong else one
        for one, wrong in zip(known, turned, strict=True)
    ]
    kept = [at for at, wrong in enumerate(turned) if not wrong]
    assume(recorded_by([known[at] for at in kept], days[0]))
    asked = (*days, FIRST, LAST)
    found = known_book(mixed, on_reversed="drop").restatement(*asked)
    wanted = known_book([known[at] for at in kept]).restatement(*asked)
    assert found.to_arrow() == wanted.to_arrow()
    assert found.customers().to_arrow() == wanted.customers().to_arrow()
    rows, alone = found.rows().to_dict(), wanted.rows().to_dict()
    for name in ("row", "other_row"):
        alone[name] = [None if at is None else kept[at] for at in alone[name]]
    assert rows == alone


@given(versions(), two_days)
def test_nothing_happens_between_a_day_and_itself(known, days):
    day = days[1]
    assume(recorded_by(known, day))
    found = versioned_book(known).restatement(day, day, FIRST, LAST)
    assert not any(found["change"])
    assert (len(found.customers()), len(found.rows())) == (0, 0)


@given(known_rows(), two_days)
def test_without_a_second_day_all_that_is_known_now(known, days):
    day = days[0]
    assume(recorded_by(known, day))
    book = known_book(known)
    found = book.restatement(day, first=FIRST, last=LAST)
    now = [one.row for one in known if (one.superseded or NEVER) == NEVER]
    wanted = reference.bridge(now, {}, WINDOW)["closing"]
    assert found["after"].tolist() == [float(amount) for amount in wanted]


ROWS = {
    "who": ["ann", "ann", "bob", "cid", "dan"],
    "row": [1, 1, 2, 3, 4],
    "from": ["2024-01-05", "2024-01-05", "2024-01-10", "2024-02-01", "2024-01-20"],
    "mrr": [30, 36, 10, 5, 8],
    "entered": ["2024-01-05", "2024-03-10", "2024-01-12", "2024-03-20", "2024-01-20"],
    "gone": [None, None, "2024-03-15", None, None],
}
NAMES = {"customer": "who", "start": "from", "amount": "mrr", "recorded": "entered", "superseded": "gone"}


@pytest.fixture(scope="module")
def book():
    return tn.Book(ROWS, **NAMES, id="row", currency="EUR")


def test_the_story_of_a_quarter(book):
    found = book.restatement("2024-02-29", "2024-03-31")
    assert found.columns == [
        *("period", "before", "after", "change", "new_change", "expansion_change", "contraction_change"),
        *("churn_change", "reactivation_change", "period_is_complete"),
    ]
    assert found.to_dict() | {"period": None} == {
        "period": None,
        "before": [48.0, 48.0, 48.0],
        "after": [44.0, 49.0, 49.0],
        "change": [-4.0, 1.0, 1.0],
        "new_change": [-4.0, 5.0, 0.0],
        "expansion_change": [0.0, 0.0, 0.0],
        "contraction_change": [0.0, 0.0, 0.0],
        "churn_change": [0.0, 0.0, 0.0],
        "reactivation_change": [0.0, 0.0, 0.0],
        "period_is_complete": [True, True, True],
    }
    assert (found.known_at_a, found.known_at_b) == (date(2024, 2, 29), date(2024, 3, 31))
    assert repr(found).splitlines()[0] == (
        "Restatement: 3 periods, EUR, known at 2024-02-29 and 2024-03-31, policy standard"
    )
    customers = found.customers().to_dict()
    january = slice(0, customers["period"].count(date(2024, 1, 1)))
    shown = ("customer", "before", "after", "change", "late", "corrected", "deleted")
    assert [customers[name][january] for name in shown] == [
        ["ann", "bob"],
        [30.0, 10.0],
        [36.0, 0.0],
        [6.0, -10.0],
        [0, 0],
        [2, 0],
        [0, 1],
    ]
    rows = found.rows().to_dict()
    assert rows["reason"] == ["corrected", "corrected", "deleted", "late"]
    assert rows["known_before"] == [True, False, True, False]
    assert rows["other_row"] == [1, 0, None, None]
    assert rows["end"] == [None] * 4


def test_the_periods_by_default_reach_to_the_later_day(book):
    assert book.restatement("2024-02-29").to_dict()["period"] == [date(2024, month, 1) for month in (1, 2, 3)]
    assert book.restatement("2024-01-31", "2024-02-10").to_dict()["period"][-1] == date(2024, 2, 1)
    assert book.restatement("2024-01-31", "2024-02-10")["period_is_complete"].tolist() == [True, False]
    assert book.restatement("2026-01-31", first="2024-01", last="2024-02")["change"].tolist() == [0.0, 0.0]


def test_a_view_compares_with_what_it_knows(book):
    view = book.known_at("2024-03-12")
    found = view.restatement("2024-02-29", first="2024-01", last="2024-02")
    assert found.known_at_b == date(2024, 3, 12)
    assert found["change"].tolist() == [6.0, 6.0]
    later = view.restatement("2024-02-29", "2024-03-31", "2024-01", "2024-01")
    assert later["change"].tolist() == [-4.0]


def test_decimals_and_frames(book):
    found = book.restatement("2024-02-29", "2024-03-31", money="decimal")
    assert found["change"].tolist() == [Decimal("-4.00"), Decimal("1.00"), Decimal("1.00")]
    assert found.to_arrow().num_rows == 3
    assert found.rows().to_pandas()["known_before"].dtype == bool
    assert "<table" in found._repr_html_()
    assert found.plot() is not None


def test_pauses_transfers_and_rates_have_their_columns():
    frame = ROWS | {"status": ["active"] * 4 + ["paused"], "item": ["Core"] * 5}
    policy = tn.Policy(pause_movement="own", plan_switch="transfer")
    book = tn.Book(frame, **NAMES, id="row", status="status", product="item", policy=policy)
    columns = book.restatement("2024-02-29").columns
    for name in ("paused_change", "resumed_change", "transfer_in_change", "transfer_out_change"):
        assert name in columns
    assert "fx_change" not in columns


def test_days_the_wrong_way_round(book):
    with pytest.raises(tn.OptionError, match="known from 2024-03-31 is after known to 2024-02-29") as caught:
        book.restatement("2024-03-31", "2024-02-29", "2024-01", "2024-02")
    assert (caught.value.code, caught.value.hint) == ("E_WINDOW", "Give the earlier day first.")


def test_what_cannot_be_restated(book):
    plain = tn.Book(ROWS, customer="who", start="from", amount="mrr")
    with pytest.raises(tn.OptionError, match="do not say when they were recorded") as caught:
        plain.restatement("2024-01-31")
    assert caught.value.code == "E_KNOWN_AT"
    with pytest.raises(tn.InputError, match="no record was known on 2024-01-01") as early:
        book.restatement("2024-01-01", "2024-03-31")
    assert early.value.code == "E_AS_OF"
    with pytest.raises(tn.InputError) as window:
        book.restatement("2024-02-29", "2024-03-31", "2024-03", "2024-01")
    assert window.value.code == "E_WINDOW"
    assert book.restatement("2024-02-29", "2024-03-31")["change"].tolist() == [-4.0, 1.0, 1.0]
