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
    assert book.lifetimes(since="2024-02").to_dict() == late.to_dict()


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


def test_segments_called_like_a_column_of_lives_are_refused():
    rows = {"who": [1, 2], "from": ["2024-01-01"] * 2, "to": ["2024-02-01", None], "mrr": [1, 1]}
    named = {"customer": "who", "start": "from", "end": "to", "amount": "mrr"}
    for name in ("customer", "start", "end", "entry", "duration", "event"):
        book = tn.Book({**rows, name: ["a", "b"]}, **named, by=[name])
        for ask in (book.lifetimes, book.survival):
            with pytest.raises(tn.OptionError, match=f"names '{name}', which would be twice") as fault:
                ask(by=name)
            assert fault.value.code == "E_COLUMN_DUPLICATE"
    book = tn.Book({**rows, "reason": ["a", "b"], "why": ["x", "y"]}, **named, by=["reason", "why"])
    assert book.survival(by="reason").groups == [("a",), ("b",)]
    assert book.lifetimes(by=["why", "reason"]).columns[-2:] == ["why", "reason"]
    with pytest.raises(tn.OptionError, match="names 'reason'"):
        book.survival(by="reason", reason="why")
    assert book.survival(by="why", reason="reason").by == ("why",)


def test_survival_names_what_was_asked_wrongly(book):
    for options, code, words in (
        ({"reason": "cause"}, "E_SEGMENT", "reason='cause' is not a segment of the book"),
        ({"until": "2019-12"}, "E_WINDOW", "nobody was a customer until 2019-12"),
        ({"since": "2019-01", "until": "2019-12"}, "E_WINDOW", "from 2019-01 until 2019-12"),
        ({"until": "01/02/2024"}, "E_DATE_FORMAT", "until='01/02/2024' is not a day"),
        ({"confidence": 95}, "E_CONFIDENCE", "Write 95 % as 0.95"),
    ):
        with pytest.raises(tn.OptionError, match=words) as fault:
            book.survival(**options)
        assert fault.value.code == code


def test_survival_gives_back_the_kind_of_frame_of_the_book():
    import polars as pl

    book = tn.Book(pl.DataFrame(STORY), **ROLES, as_of="2024-03-31")
    assert isinstance(book.survival().to_native(), pl.DataFrame)
    assert isinstance(book.survival(reason="why").to_native(), pl.DataFrame)


def test_totals_end_with_the_last_period_that_is_over():
    rows = {"who": [1, 2], "from": ["2024-01-10"] * 2, "to": ["2024-03-15", None], "mrr": [10, 20]}

    def totals(as_of):
        book = tn.Book(rows, customer="who", start="from", end="to", amount="mrr", as_of=as_of)
        return book.customer_totals("2024-02", "2024-12").to_dict()

    assert (totals("2024-03-31")["exposed"], totals("2024-03-31")["lost"]) == ([2, 2], [1, 0])
    assert totals("2024-03-30") == totals("2024-02-29")
    assert totals("2024-02-29")["closing"] == [10.0, 20.0]
    assert totals("2024-02-28")["customer"] == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"seed": 2**64}, "E_SEED"),
        ({"seed": -1}, "E_SEED"),
        ({"replicates": 100.5}, "E_OPTION_TYPE"),
        ({"replicates": 2**31}, "E_BOOTSTRAP"),
        ({"confidence": None}, "E_OPTION_TYPE"),
    ],
)
def test_resampling_options_that_cannot_be_are_refused(options, code):
    with pytest.raises(tn.OptionError) as caught:
        quarter_leaves(8).retention_intervals("2024-01", "2024-01", **options)
    assert caught.value.code == code


@given(many_rows)
def test_totals_add_up_to_the_bridge(rows):
    book = book_of(rows, {}, as_of="2024-06-30")
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
