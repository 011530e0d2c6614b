"""Terms and policies against brute force, and relations that hold under every preset and policy."""

from datetime import date
from fractions import Fraction

import pyarrow as pa
import pytest
import reference_terms
import reference_timelines
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_terms import (
    ASKED,
    FIRST,
    LOADING,
    PERIODS,
    REPORTING,
    book_of,
    days,
    frame_of,
    many_rows,
    policies,
    reporting_only,
    standard,
    with_ends_as,
)

import tenure as tn

WINDOW = PERIODS[-ASKED - 1 : -1]
MOVES = {
    "new": 1,
    "expansion": 1,
    "contraction": -1,
    "churn": -1,
    "reactivation": 1,
    "paused": -1,
    "resumed": 1,
}


def bits(book):
    """Everything a book says, as Arrow tables, whose equality is that of values and nulls."""
    first, last = WINDOW[0], WINDOW[-1]
    results = [
        *book.summary(first, last, horizon=3),
        book.waterfall(first, last, by="product"),
        book.growth(first, last),
        book.churn(first, last),
        book.mrr(last),
    ]
    return [result.to_arrow() for result in results]


def near(value):
    return pytest.approx(float(value), abs=2e-6)


@given(many_rows, policies, st.lists(days, min_size=4, max_size=4))
@settings(max_examples=250)
def test_mrr_of_a_day_is_what_the_rows_are_worth(rows, policy, asked):
    policy = policy | {"gap_days": "0"}  # which carries levels over days on which no row is live
    rows = with_ends_as(rows, policy)
    book = book_of(rows, policy)
    for day in asked:
        found = {name: values[0] for name, values in book.mrr(day).to_dict().items()}
        wanted = reference_terms.on_day(rows, policy, day)
        assert found["mrr"] == near(wanted.mrr)
        assert found.get("gross_mrr", found["mrr"]) == near(wanted.gross)
        assert found["customers"] == wanted.customers


def check_bridge(rows, policy):
    rows = with_ends_as(rows, policy)
    amounts, customers = reference_timelines.bridge(rows, policy, PERIODS, ASKED, FIRST)
    found = book_of(rows, policy).waterfall(WINDOW[0], WINDOW[-1]).to_dict()
    for name, wanted in amounts.items():
        if name not in found:
            assert not any(wanted)
            continue
        assert found[name] == [near(value) for value in wanted], name
        assert found[f"{name}_customers"] == [int(value) for value in customers[name]], name


@given(many_rows, reporting_only)
@settings(max_examples=120)
def test_bridge_is_the_definition_under_every_reporting_policy(rows, policy):
    check_bridge(rows, policy)


@given(many_rows, policies)
@settings(max_examples=60)
def test_bridge_is_the_definition_under_every_policy(rows, policy):
    check_bridge(rows, policy)


@pytest.mark.parametrize("preset", tn.Policy.presets())
@given(many_rows)
@settings(max_examples=15)
def test_bridge_closes_and_follows_on_under_every_preset(preset, rows):
    policy = tn.Policy(preset, trial="ignore")
    bridge = book_of(rows, policy).waterfall(WINDOW[0], WINDOW[-1])
    assert bridge.bridge_closes
    assert bridge["opening"][1:].tolist() == bridge["closing"][:-1].tolist()


@given(many_rows, policies)
def test_bridge_adds_up_under_every_policy(rows, policy):
    rows = with_ends_as(rows, policy)
    bridge = book_of(rows, policy).waterfall(WINDOW[0], WINDOW[-1]).to_dict()
    for at in range(ASKED):
        moved = sum(sign * bridge[name][at] for name, sign in MOVES.items() if name in bridge)
        assert bridge["opening"][at] + moved == pytest.approx(bridge["closing"][at], abs=1e-6)
        came = sum(
            sign * bridge[f"{name}_customers"][at]
            for name, sign in MOVES.items()
            if name in bridge and name not in ("expansion", "contraction")
        )
        assert bridge["opening_customers"][at] + came == bridge["closing_customers"][at]


@given(many_rows, policies, st.randoms(use_true_random=False), st.integers(2, 4))
@settings(max_examples=40)
def test_order_of_rows_and_threads_change_no_bit(rows, policy, random, threads):
    rows = with_ends_as(rows, policy)
    shuffled = random.sample(rows, len(rows))
    assert bits(book_of(shuffled, policy, threads=threads)) == bits(book_of(rows, policy, threads=1))


@given(many_rows, policies, policies)
@settings(max_examples=40)
def test_a_book_read_again_is_a_book_read_anew(rows, policy, other):
    rows, policy = with_ends_as(rows, other), policy | {"end_date": other["end_date"]}
    again = book_of(rows, policy).under(tn.Policy("standard", **other))
    assert bits(again) == bits(book_of(rows, other))


@given(many_rows, policies, st.data())
@settings(max_examples=40)
def test_a_book_in_two_pieces_is_the_book_at_once(rows, policy, data):
    rows = with_ends_as(rows, policy)
    assume(rows)  # without any, Arrow does not know the types of columns
    cut = data.draw(st.integers(0, len(rows)))
    whole = pa.table(frame_of(rows))
    pieces = pa.concat_tables([whole.slice(0, cut), whole.slice(cut)])
    assert bits(book_of(rows, policy, pieces)) == bits(book_of(rows, policy, whole))


LOADED_BY_DATA = {
    "quantity": lambda row: row.quantity == 1 and row.invoiced_quantity is None,
    "tax": lambda row: row.tax == 0,
    "usage": lambda row: row.kind != "usage",
    "one_time": lambda row: row.kind != "one_time",
    "trial": lambda row: row.status != "trial",
    "past_due": lambda row: row.status != "past_due",
    "paused": lambda row: row.status != "paused",
    "pause_movement": lambda row: row.status != "paused",
    "backdating": lambda row: row.recorded is None,
    "discounts": lambda row: not row.discounts,
    "discount_stacking": lambda row: len(row.discounts) < 2,
    "interval_factor_week": lambda row: row.interval != "week",
    "interval_factor_four_week": lambda row: row.interval != "four_week",
    "mrr_source": lambda row: row.renewal_amount is None,
}


@pytest.mark.parametrize("option", LOADED_BY_DATA)
@given(many_rows, st.data())
@settings(max_examples=15)
def test_an_option_that_is_not_in_play_changes_no_bit(option, rows, data):
    plain = [row for row in rows if LOADED_BY_DATA[option](row)] or [
        reference_terms.Row(1, 1000, date(2024, 1, 5), None, Fraction(12))
    ]
    one = book_of(plain, standard | {"trial": "ignore"})
    value = data.draw(st.sampled_from((LOADING | REPORTING)[option]))
    policy = tn.Policy("standard", **(standard | {"trial": "ignore"} | {option: value}))
    before, after = ([table.to_pydict() for table in bits(held)] for held in (one, one.under(policy)))
    for found, wanted in zip(after, before, strict=True):
        more = {name: cells for name, cells in found.items() if name not in wanted}  # lines of pauses
        assert not any(cell for cells in more.values() for cell in cells)
        assert {name: found[name] for name in wanted} == wanted
