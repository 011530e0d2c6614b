"""Lives of customers, their totals, and intervals from resampling them."""

import numpy as np
import pytest
from hypothesis import given
from random_books import book_of, many_rows

import tenure as tn

STORY = {
    "who": ["ann", "ann", "bob", "cid"],
    "from": ["2024-01-01", "2024-03-01", "2024-01-10", "2024-03-20"],
    "to": ["2024-02-01", "2024-03-11", None, "2024-05-01"],
    "mrr": [10, 20, 5, 5],
    "plan": ["basic", "pro", "team", "pro"],
    "why": ["price", "left", None, "price"],
}
ROLES = {"customer": "who", "start": "from", "end": "to", "amount": "mrr", "by": ["plan", "why"]}


@pytest.fixture
def book():
    return tn.Book(STORY, **ROLES, as_of="2024-03-31")


def test_lives_end_the_first_time_a_customer_leaves(book):
    lives = book.lifetimes(by="plan", reason="why")
    assert lives.columns == ["customer", "start", "end", "entry", "duration", "event", "reason", "plan"]
    assert lives["customer"].tolist() == ["ann", "bob", "cid"]
    assert lives["duration"].tolist() == [31, 82, 12]
    assert lives["event"].tolist() == [1, 0, 0]
    assert lives["reason"].tolist() == ["price", None, None]
    assert lives.reason("end") == ["", "not_yet_observed", "not_yet_observed"]
    assert lives["plan"].tolist() == ["basic", "team", "pro"]


def test_stays_decides_what_coming_back_is(book):
    assert book.lifetimes(stays="whole")["duration"].tolist() == [70, 82, 12]
    assert book.lifetimes(stays="each")["duration"].tolist() == [31, 10, 82, 12]
    whole = book.lifetimes(stays="whole", reason="why")
    assert whole["reason"].tolist() == ["left", None, None]


def test_since_lets_customers_enter_late(book):
    late = book.lifetimes(since="2024-02-01")
    assert late["customer"].tolist() == ["bob", "cid"]
    assert late["entry"].tolist() == [22, 0]


def test_until_takes_a_month(book):
    assert book.lifetimes(until="2024-02")["duration"].tolist() == [31, 51]


def test_several_segments_at_once(book):
    lives = book.lifetimes(by=["plan", "why"])
    assert lives.columns[-2:] == ["plan", "why"]
    assert lives["why"].tolist() == ["price", "(none)", "price"]


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"stays": "always"}, "E_STAYS", "Known: first, whole, each"),
        ({"by": "region"}, "E_SEGMENT", "region"),
        ({"reason": "cause"}, "E_SEGMENT", "cause"),
        ({"since": 7}, "E_DATE_FORMAT", "since=7"),
    ],
)
def test_lives_refuse_what_they_do_not_know(book, options, code, words):
    with pytest.raises(tn.OptionError, match=words) as refused:
        book.lifetimes(**options)
    assert refused.value.code == code


def test_survival_is_that_of_the_lives(book):
    curve, lives = book.survival(by="plan", unit="day"), book.lifetimes(by="plan")
    wanted = tn.cohort.survival(lives.to_dict(), duration="duration", event="event", by="plan")
    assert curve.to_dict() == wanted.to_dict()
    assert book.survival()["survival"].tolist() == pytest.approx([1, 0.5, 0.5])


def test_survival_in_other_units(book):
    days, months = book.survival()["time"], book.survival(unit="month")["time"]
    assert months.tolist() == pytest.approx((days / (365.25 / 12)).tolist())
    with pytest.raises(tn.OptionError, match="unit='fortnight' is not known"):
        book.survival(unit="fortnight")


def test_survival_by_reason_lets_reasons_compete():
    rows = {
        "who": [1, 2, 3, 4],
        "from": ["2024-01-01"] * 4,
        "to": ["2024-01-11", "2024-01-21", "2024-01-31", None],
        "mrr": [1] * 4,
        "why": ["price", "", "card", None],
    }
    book = tn.Book(rows, customer="who", start="from", end="to", amount="mrr", by="why", as_of="2024-03-01")
    shares = book.survival(reason="why").at(40).to_dict()
    assert dict(zip(shares["cause"], shares["incidence"], strict=True)) == pytest.approx(
        {"(none)": 0.25, "card": 0.25, "price": 0.25}
    )


def test_survival_gives_back_the_kind_of_frame_of_the_book():
    import polars as pl

    book = tn.Book(pl.DataFrame(STORY), **ROLES, as_of="2024-03-31")
    assert isinstance(book.survival().to_native(), pl.DataFrame)
    assert isinstance(book.survival(reason="why").to_native(), pl.DataFrame)


@given(many_rows)
def test_totals_add_up_to_the_bridge(rows):
    book = book_of(rows, {})
    totals = book.customer_totals("2023-07", "2024-06")
    bridge = book.waterfall("2023-07", "2024-06")
    assert totals["exposed"].sum() == bridge["opening_customers"].sum()
    assert totals["lost"].sum() == bridge["churn_customers"].sum()
    assert totals["started"].sum() == bridge["new_customers"].sum()
    for name, line in (("paid", "closing"), ("churned", "churn"), ("contracted", "contraction")):
        assert totals[name].sum() == pytest.approx(bridge[line].sum(), rel=1e-12, abs=1e-6)


def quarter_leaves(count=400):
    ends = ["2024-01-10" if i % 4 == 0 else None for i in range(count)]
    rows = {"who": list(range(count)), "from": ["2023-01-01"] * count, "to": ends, "mrr": [7] * count}
    return tn.Book(rows, customer="who", start="from", end="to", amount="mrr")


def test_intervals_enclose_retention():
    found = quarter_leaves().retention_intervals("2024-01", "2024-01")
    error = np.sqrt(0.75 * 0.25 / 400)
    assert found["nrr"].tolist() == [0.75]
    assert found["nrr_lower"][0] == pytest.approx(0.75 - 1.96 * error, abs=0.006)
    assert found["nrr_upper"][0] == pytest.approx(0.75 + 1.96 * error, abs=0.006)


def test_intervals_are_a_function_of_the_seed():
    book = quarter_leaves(80)
    again = [book.retention_intervals("2024-01", "2024-01", seed=seed).to_dict() for seed in (1, 1, 2)]
    assert again[0] == again[1] != again[2]


def test_a_wider_confidence_is_a_wider_interval():
    book = quarter_leaves(80)
    narrow, wide = (
        book.retention_intervals("2024-01", "2024-01", confidence=confidence) for confidence in (0.5, 0.99)
    )
    assert wide["nrr_lower"][0] < narrow["nrr_lower"][0] < narrow["nrr_upper"][0] < wide["nrr_upper"][0]


def test_intervals_of_nobody_have_a_reason():
    found = quarter_leaves(8).retention_intervals("2023-06", "2023-06")
    assert found.reason("nrr_lower") == ["empty_base"]


def test_intervals_refuse_too_few_replicates():
    with pytest.raises(tn.OptionError, match="19 replicates are too few") as refused:
        quarter_leaves(8).retention_intervals("2024-01", "2024-01", replicates=19)
    assert refused.value.code == "E_BOOTSTRAP"
