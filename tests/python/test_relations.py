"""Relations that hold whatever the rows and the policy, and equality with the definitions of reference.py."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st
from random_books import book_of, days, frame_of, many_rows, policies
from reference import LINES, Row

WINDOW = reference.months(date(2023, 6, 1), 9)
FIRST, LAST = WINDOW[0], WINDOW[-1]
MOVES = {"new": 1, "expansion": 1, "contraction": -1, "churn": -1, "reactivation": 1}
ERA = timedelta(days=146_097)  # 400 years of the Gregorian calendar


def bits(book):
    """Everything a book says, as Arrow tables, whose equality is that of values and nulls."""
    results = [
        *book.summary(FIRST, LAST, horizon=3),
        book.waterfall(FIRST, LAST, by="plan"),
        book.net_retention(FIRST, LAST, horizon=2, by="plan"),
        book.cohorts(FIRST, LAST, by="plan"),
        book.growth(FIRST, LAST),
        book.mrr(LAST, by="plan"),
    ]
    return [result.to_arrow() for result in results]


@given(many_rows, policies)
def test_waterfall_is_the_definition(rows, policy):
    found = book_of(rows, policy, as_of=LAST).waterfall(FIRST, LAST).to_dict()
    wanted = reference.bridge(rows, policy, WINDOW)
    assert found.pop("period") == WINDOW
    assert found.pop("period_is_complete") == [True] * (len(WINDOW) - 1) + [False]
    assert found == {name: [float(value) for value in values] for name, values in wanted.items()}


@given(many_rows, policies, st.integers(1, 12))
def test_net_retention_is_the_definition(rows, policy, horizon):
    found = book_of(rows, policy).net_retention(FIRST, LAST, horizon=horizon).to_dict()
    for at, wanted in enumerate(reference.net_retention(rows, policy, WINDOW, horizon)):
        for name, value in wanted._asdict().items():
            assert found[name][at] == (None if value is None else pytest.approx(float(value), rel=1e-15)), (
                at,
                name,
            )


@given(many_rows, policies)
def test_cohorts_are_the_definition(rows, policy):
    cohorts = book_of(rows, policy, as_of=LAST).cohorts(FIRST, LAST)
    amounts, customers = cohorts.values(), cohorts.values("customers")
    wanted = reference.triangle(rows, policy, WINDOW)
    for cohort in range(len(WINDOW)):
        for age in range(len(WINDOW)):
            if (cohort, age) not in wanted:
                assert amounts[cohort, age] is np.ma.masked
                continue
            assert (amounts[cohort, age], customers[cohort, age]) == (
                float(wanted[cohort, age][0]),
                wanted[cohort, age][1],
            )


@given(many_rows, days)
def test_mrr_is_the_sum_of_live_rows(rows, at):  # R10, R11
    found = {name: values[0] for name, values in book_of(rows, {}).mrr(at).to_dict().items()}
    paid = {}
    for row in rows:
        if row.start <= at and (row.end is None or at < row.end):
            paid[row.customer] = paid.get(row.customer, 0) + row.amount
    total, paying = sum(paid.values(), Fraction(0)), sum(amount > 0 for amount in paid.values())
    assert found["mrr"] == float(total)
    assert found["arr"] == float(12 * total)
    assert found["customers"] == paying
    assert found["arpa"] == (pytest.approx(float(total / paying), rel=1e-15) if paying else None)


@given(many_rows, policies, st.randoms(use_true_random=False), st.integers(2, 8))
def test_order_of_rows_and_threads_change_no_bit(rows, policy, random, threads):  # G1, G18
    shuffled = random.sample(rows, len(rows))
    assert bits(book_of(shuffled, policy, threads=threads)) == bits(book_of(rows, policy, threads=1))


@given(many_rows, policies)
def test_names_of_customers_change_no_bit(rows, policy):  # G9
    renamed = frame_of(rows)
    renamed["customer"] = [f"№ {-customer}" for customer in renamed["customer"]]
    assert bits(book_of(rows, policy, renamed)) == bits(book_of(rows, policy))


@given(many_rows, policies)
def test_bridge_closes_and_follows_on(rows, policy):  # R1, R2, R4
    book = book_of(rows, policy)
    total, cut = book.waterfall(FIRST, LAST), book.waterfall(FIRST, LAST, by="plan")
    assert total.bridge_closes
    assert cut.bridge_closes
    assert total["opening"][1:].tolist() == total["closing"][:-1].tolist()
    for result in (total, cut):
        for name in MOVES:
            assert (result[name] >= 0).all()
            assert (result[f"{name}_customers"] >= 0).all()


@given(many_rows, policies)
def test_segments_add_up_and_transfers_cancel(rows, policy):  # R15, G16
    book = book_of(rows, policy)
    total, cut = book.waterfall(FIRST, LAST), book.waterfall(FIRST, LAST, by="plan")
    for name in LINES:
        assert cut[name].reshape(len(WINDOW), -1).sum(axis=1) == pytest.approx(total[name], abs=1e-9)
    moved = (cut["transfer_in"] - cut["transfer_out"]).reshape(len(WINDOW), -1)
    assert moved.sum(axis=1) == pytest.approx(np.zeros(len(WINDOW)), abs=1e-9)


@given(many_rows, policies)
def test_retention_over_one_month_is_read_off_the_bridge(rows, policy):  # R5, R6, R8, R9
    book = book_of(rows, policy | {"netting": "period"})
    bridge, kept = book.waterfall(FIRST, LAST).to_dict(), book.net_retention(FIRST, LAST, horizon=1).to_dict()
    for at, opening in enumerate(bridge["opening"]):
        assert bridge["churn"][at] + bridge["contraction"][at] <= opening + 1e-9
        if opening == 0:
            assert kept["nrr"][at] is None
            continue
        assert 0 <= kept["grr"][at] <= min(1, kept["nrr"][at])
        assert kept["nrr"][at] == pytest.approx(kept["grr"][at] + bridge["expansion"][at] / opening)
        assert kept["grr"][at] == pytest.approx(
            1 - (bridge["churn"][at] + bridge["contraction"][at]) / opening
        )
        lost = bridge["churn_customers"][at] / bridge["opening_customers"][at]
        assert kept["logo_retention"][at] + lost == pytest.approx(1)


@given(many_rows, policies)
def test_quarters_net_what_their_months_net(rows, policy):  # R3
    book = book_of(rows, policy | {"as_of": "period_end"})
    monthly, quarterly = (
        book.waterfall(FIRST, LAST),
        book.waterfall(FIRST, LAST, period="quarter", fiscal_start=3),
    )
    net = sum(sign * monthly[name] for name, sign in MOVES.items())
    coarse = sum(sign * quarterly[name] for name, sign in MOVES.items())
    assert coarse == pytest.approx(net.reshape(-1, 3).sum(axis=1), abs=1e-9)


@given(many_rows, policies)
def test_cohorts_by_calendar_month_are_the_bridge(rows, policy):  # R12, R13
    book = book_of(rows, policy | {"netting": "period", "reactivation": "own"}, as_of=LAST)
    first = min(LAST, *(row.start for row in rows))
    bridge, cohorts = book.waterfall(first, LAST), book.cohorts(first, LAST)
    amounts = cohorts.values().filled(0)
    size = len(amounts)
    for month in range(size):
        diagonal = sum(amounts[cohort, month - cohort] for cohort in range(month + 1))
        assert diagonal == pytest.approx(bridge["closing"][month], abs=1e-9)
        assert amounts[month, 0] == bridge["new"][month]
        share = cohorts.retention()[month, 0]
        assert share is np.ma.masked or share == 1


@given(many_rows, policies)
def test_two_halves_of_a_row_are_the_row(rows, policy):  # R14
    policy = policy | {"movement_grain": "customer"}
    doubled = [replace(row, amount=2 * row.amount) for row in rows]
    halves = [half for row in rows for half in (row, replace(row, subscription=row.subscription + 500))]
    assert bits(book_of(halves, policy)) == bits(book_of(doubled, policy))


@given(many_rows, policies, st.integers(2, 50))
def test_scaled_amounts_scale_money_and_keep_shares(rows, policy, by):  # G14
    once, scaled = (
        book_of(rows, policy),
        book_of([replace(row, amount=row.amount * by) for row in rows], policy),
    )
    one, many = once.waterfall(FIRST, LAST), scaled.waterfall(FIRST, LAST)
    for name in LINES:
        assert many[name] == pytest.approx(one[name] * by)
        assert many[f"{name}_customers"].tolist() == one[f"{name}_customers"].tolist()
    assert (
        scaled.net_retention(FIRST, LAST, horizon=3).to_arrow()
        == once.net_retention(FIRST, LAST, horizon=3).to_arrow()
    )


@given(many_rows, policies)
def test_four_hundred_years_later_nothing_else_differs(rows, policy):  # G15
    later = [replace(row, start=row.start + ERA, end=row.end and row.end + ERA) for row in rows]
    now, then = book_of(rows, policy, as_of=LAST), book_of(later, policy, as_of=LAST + ERA)
    for question in ("waterfall", "net_retention", "cohorts", "growth"):
        one = getattr(now, question)(FIRST, LAST).to_arrow()
        other = getattr(then, question)(FIRST + ERA, LAST + ERA).to_arrow()
        assert one.drop_columns(one.column_names[0]) == other.drop_columns(other.column_names[0])


@given(many_rows, policies)
def test_who_pays_nothing_changes_no_money(rows, policy):  # G11
    guest = Row(
        customer=99, start=FIRST, end=None, amount=Fraction(0), plan=rows[0].plan, subscription=99_000
    )
    one, other = (book_of(chosen, policy).waterfall(FIRST, LAST) for chosen in (rows, [*rows, guest]))
    for name in LINES:
        assert one[name].tolist() == other[name].tolist()


@given(many_rows, policies)
def test_what_comes_after_changes_nothing(rows, policy):  # G13
    after = Row(
        customer=rows[0].customer,
        start=date(2024, 3, 2),
        end=None,
        amount=Fraction(7),
        plan=rows[0].plan,
        subscription=99_000,
    )
    policy = policy | {"gap_days": "0"}  # a return after the window may bridge a gap inside it
    one, other = (
        book_of(chosen, policy, as_of=LAST).summary(FIRST, LAST, horizon=3)
        for chosen in (rows, [*rows, after])
    )
    assert [result.to_arrow() for result in one] == [result.to_arrow() for result in other]


@given(many_rows, policies, st.integers(0, len(WINDOW) - 1))
def test_explanations_add_up_to_their_cell(rows, policy, at):
    bridge = book_of(rows, policy).waterfall(FIRST, LAST)
    for name in LINES:
        found = bridge.explain(WINDOW[at], name)
        behind = found.to_dict()
        amount = {"opening": behind["opening"], "closing": behind["closing"]}.get(name)
        if amount is not None:
            assert sum(amount) == pytest.approx(bridge[name][at], abs=1e-9)
        assert (len(found) > 0) == (bridge[name][at] > 0 or bridge[f"{name}_customers"][at] > 0)
        assert sum(behind["row_count"]) == len(found.rows())
        assert set(found.rows().to_dict()["customer"]) == set(behind["customer"])


@given(many_rows, policies)
def test_rows_are_not_touched(rows, policy):  # G21
    frame = {
        name: np.array(values)
        for name, values in frame_of(rows).items()
        if name in ("customer", "amount", "subscription")
    }
    for values in frame.values():
        values.flags.writeable = False
    before = {name: values.tobytes() for name, values in frame.items()}
    others = {name: values for name, values in frame_of(rows).items() if name not in frame}
    assert bits(book_of(rows, policy, frame | others)) == bits(book_of(rows, policy))
    assert {name: values.tobytes() for name, values in frame.items()} == before
