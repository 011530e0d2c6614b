"""Every result as it was known on a day: that of a book of the rows known then, whatever came later."""

import inspect
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import random_terms
import reference
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_books import policies
from random_knowledge import (
    NEVER,
    book_of_terms,
    known_book,
    known_rows,
    known_terms,
    plain_book,
    recording_days,
    versioned_book,
    versions,
)

import tenure as tn

WINDOW = reference.months(date(2023, 6, 1), 9)
FIRST, LAST = WINDOW[0], WINDOW[-1]
QUESTIONS = (
    "waterfall", "net_retention", "cohorts", "summary", "explain", "churn", "growth", "new_product_share",
    "mrr", "concentration", "reconcile", "reconcile_with",
)  # fmt: skip


def bits(book, **known):
    """Everything a book says, as Arrow tables, whose equality is that of values and nulls."""
    results = [
        *book.summary(FIRST, LAST, horizon=3, **known),
        book.waterfall(FIRST, LAST, by="plan", **known),
        book.net_retention(FIRST, LAST, horizon=2, by="plan", **known),
        book.cohorts(FIRST, LAST, by="plan", **known),
        book.cohorts(**known),
        book.churn(FIRST, LAST, **known),
        book.growth(FIRST, LAST, **known),
        book.mrr(LAST, by="plan", **known),
        book.concentration(LAST, **known),
        book.reconcile("standard", tn.Policy(gap_days=30), at=LAST, **known),
    ]
    return [result.to_arrow() for result in results]


def explained(book, rows, **known):
    """Who is behind each movement, with the caller's rows in place of their positions."""
    found = []
    for month in WINDOW[::4]:
        for line in ("opening", "new", "expansion", "contraction", "churn", "reactivation", "closing"):
            cell = book.explain(month, line, **known)
            columns = cell.rows().to_dict()
            columns["row"] = [rows[at] for at in columns["row"]]
            found.append((cell.to_dict(), columns))
    return found


@settings(max_examples=40)
@given(known_rows(), policies, recording_days)
def test_what_was_known_is_a_book_of_the_rows_known(known, policy, day):
    then = [one for one in known if one.on(day)]
    assume(then)
    book, fresh = known_book(known, policy), plain_book(then, policy, as_of=day)
    assert bits(book, known_at=day) == bits(book.known_at(day)) == bits(fresh)
    assert explained(book, [one.row for one in known], known_at=day) == explained(
        fresh, [one.row for one in then]
    )
    view = book.known_at(day)
    assert (view.rows, view.customers, view.first_day, view.last_day) == (
        fresh.rows,
        fresh.customers,
        fresh.first_day,
        fresh.last_day,
    )


@settings(max_examples=40)
@given(known_rows(), policies)
def test_without_a_day_all_that_still_stands_counts(known, policy):
    now = [one for one in known if one.superseded is None]
    assume(now)
    assert bits(known_book(known, policy, as_of=LAST)) == bits(plain_book(now, policy, as_of=LAST))


def as_of_then(known, day):
    """The rows as a book had them on a day: without what was recorded, and taken back, later."""
    return [
        replace(one, superseded=one.superseded if (one.superseded or NEVER) <= day else None)
        for one in known
        if one.recorded is None or one.recorded <= day
    ]


@settings(max_examples=40)
@given(known_rows(), policies, recording_days)
def test_what_is_recorded_later_changes_no_bit(known, policy, day):
    earlier = as_of_then(known, day)
    assume(any(one.on(day) for one in earlier))
    assert bits(known_book(known, policy), known_at=day) == bits(known_book(earlier, policy), known_at=day)


exclusive_ends = random_terms.policies.map(lambda options: options | {"end_date": "exclusive"})
TERMS = random_terms.PERIODS[-random_terms.ASKED], random_terms.PERIODS[-2]


def bits_of_terms(book, day, other):
    """What terms have a part in: bridges, all columns of one day, churn, and the causes between policies."""
    results = [
        *book.summary(*TERMS, horizon=3, known_at=day),
        book.waterfall(*TERMS, by="product", known_at=day),
        *(book.mrr(month, known_at=day) for month in TERMS),
        book.churn(*TERMS, known_at=day),
        book.growth(*TERMS, known_at=day),
        book.reconcile(book.policy, tn.Policy(**other), at=TERMS[1], known_at=day),
    ]
    return [(result.columns, result.to_arrow()) for result in results]


@settings(max_examples=60)
@given(known_terms, exclusive_ends, exclusive_ends, recording_days)
def test_terms_that_are_recorded_later_change_no_bit(known, policy, other, day):
    earlier = as_of_then(known, day)
    assume(any(one.on(day) for one in earlier))
    later, fresh = (book_of_terms(rows, policy) for rows in (known, earlier))
    assert bits_of_terms(later, day, other) == bits_of_terms(fresh, day, other)


@settings(max_examples=40)
@given(versions(), policies, recording_days, st.randoms(use_true_random=False))
def test_versions_are_rows_that_say_until_when_they_stood(known, policy, day, random):
    assume(any(one.recorded <= day for one in known))
    rows = known_book(known, policy, as_of=LAST)
    now, then = bits(rows), bits(rows, known_at=day)
    for numbered in (True, False):
        book = versioned_book(random.sample(known, len(known)), policy, numbered=numbered, as_of=LAST)
        assert bits(book) == now
        assert bits(book, known_at=day) == then


ROWS = {
    "who": ["ann", "bob", "ann", "cid"],
    "from": ["2024-01-05", "2024-01-10", "2024-01-05", "2024-02-01"],
    "mrr": [30, 10, 36, 5],
    "row": ["a", "b", "a", "c"],
    "version": [1, 1, 2, 1],
    "entered": ["2024-01-05", "2024-01-12", "2024-03-04", "2024-03-20"],
    "item": ["Core", "Core", "Core", "Plus"],
}
NAMES = {"customer": "who", "start": "from", "amount": "mrr", "recorded": "entered", "product": "item"}


def small(**changed):
    frame = ROWS | {name: values for name, values in changed.items() if name in ROWS}
    options = {name: value for name, value in changed.items() if name not in ROWS}
    return tn.Book(frame, **NAMES, id="row", version="version", **options)


def test_the_story_of_a_correction():
    book = small()
    assert book.mrr("2024-01-31")["mrr"].tolist() == [46.0]
    assert book.mrr("2024-01-31", known_at="2024-01-31")["mrr"].tolist() == [40.0]
    assert book.mrr("2024-01-31", known_at="2024-03-03")["mrr"].tolist() == [40.0]
    assert book.mrr("2024-01-31", known_at="2024-03-04")["mrr"].tolist() == [46.0]
    assert (book.rows, book.known_at("2024-01").rows) == (3, 2)


def test_every_question_takes_the_day():
    for name in QUESTIONS:
        taken = inspect.signature(getattr(tn.Book, name)).parameters["known_at"]
        assert (taken.kind, taken.default) == (inspect.Parameter.KEYWORD_ONLY, None), name
    book = small()
    day, view = "2024-02-10", book.known_at("2024-02-10")
    table = {"month": ["2024-01"], "mrr": [40]}
    asked = [
        lambda book, **known: book.new_product_share("2024-01", "2024-02", **known),
        lambda book, **known: book.reconcile_with(table, month="month", mrr="mrr", **known),
        lambda book, **known: book.reconcile("standard", tn.Policy(netting="none"), at="2024-01", **known),
        lambda book, **known: book.explain("2024-01", "new", **known),
        lambda book, **known: book.growth("2024-01", "2024-02", by="item", **known),
    ]
    for ask in asked:
        assert ask(book, known_at=day).to_dict() == ask(view).to_dict()
        assert ask(book, known_at=day).to_dict() != ask(book).to_dict() or ask is asked[0]
    assert book.new_product_share("2024-01", "2024-02")["new_arr"].tolist() == [552.0, 60.0]
    assert view.new_product_share("2024-01", "2024-02")["new_arr"].tolist() == [480.0, 0.0]


def test_the_last_two_days_are_kept():
    book = small()
    first = book.known_at("2024-01-31")
    assert book.known_at(date(2024, 1, 31)) is first
    assert book.known_at("2024-01") is first
    second = book.known_at("2024-03-31")
    assert book.known_at("2024-01-31") is first
    book.known_at("2024-02-29")
    assert book.known_at("2024-03-31") is second
    assert book.known_at("2024-01-31") is not first


def test_a_view_of_a_view_is_that_of_the_later_question():
    book = small()
    assert book.known_at("2024-01-31").known_at("2024-03-31").mrr("2024-03-31")["mrr"].tolist() == [51.0]


def test_a_view_keeps_its_day_under_another_policy():
    view = small().known_at("2024-02-10").under(tn.Policy(as_of="period_start"))
    assert view.policy.options()["as_of"] == "period_start"
    assert view.waterfall("2024-02", "2024-02")["closing"].tolist() == [40.0]
    assert repr(view) == (
        "Book(2 rows of 2 customers, 2024-01-05 to 2024-01-10, "
        "policy standard, as_of=period_start, known at 2024-02-10)"
    )


def test_what_a_book_says_of_its_knowledge():
    book = small()
    assert (book.has_knowledge, book.first_known, book.last_known) == (
        True,
        date(2024, 1, 5),
        date(2024, 3, 20),
    )
    assert book.known_until == date(2024, 3, 20)
    assert book.known_at("2024-02-10").known_until == date(2024, 2, 10)
    plain = tn.Book(ROWS, customer="who", start="from", amount="mrr")
    assert (plain.has_knowledge, plain.first_known, plain.last_known) == (False, None, None)
    nulls = tn.Book(ROWS | {"entered": [None] * 4}, **NAMES)
    assert (nulls.has_knowledge, nulls.first_known, nulls.last_known) == (True, None, None)
    assert nulls.mrr("2024-01-31", known_at="2020-01-01")["mrr"].tolist() == [76.0]


def test_the_running_period_is_marked():
    book = small()
    assert book.waterfall("2024-01", "2024-04")["period_is_complete"].tolist() == [True, True, False, False]
    known = book.waterfall("2024-01", "2024-04", known_at="2024-02-29")
    assert known["period_is_complete"].tolist() == [True, True, False, False]
    known = book.waterfall("2024-01", "2024-04", known_at="2024-02-28", by="item")
    assert known["period_is_complete"].tolist() == [True, False, False, False]
    spoken = small(as_of="2024-04-30")
    quarters = spoken.net_retention("2024-01", "2024-06", period="quarter", horizon=1)
    assert quarters["period_is_complete"].tolist() == [True, False]
    for result in (spoken.churn("2024-03", "2024-05"), spoken.growth("2024-03", "2024-05")):
        assert result.columns[-1] == "period_is_complete"
        assert result["period_is_complete"].tolist() == [True, True, False]
    by_item = spoken.growth("2024-04", "2024-05", by="item")
    assert by_item["period_is_complete"].tolist() == [True, True, False, False]


def test_what_is_recorded_in_the_future_completes_no_period_of_it():
    tomorrow = date.today() + timedelta(days=1)
    frame = {"who": [1], "from": ["2024-01-05"], "mrr": [10], "entered": [tomorrow]}
    book = tn.Book(frame, customer="who", start="from", amount="mrr", recorded="entered")
    assert book.known_until == date.today()


def test_whether_a_period_is_complete_leaves_as_a_truth():
    bridge = small().waterfall("2024-03", "2024-12")
    held = bridge["period_is_complete"]
    assert (held.dtype, held.flags.writeable) == (bool, False)
    assert str(bridge.to_arrow().schema.field("period_is_complete").type) == "bool"
    assert bridge.to_arrow()["period_is_complete"].to_pylist() == [False] * 10
    assert str(bridge.to_polars().schema["period_is_complete"]) == "Boolean"
    assert bridge.to_pandas()["period_is_complete"].dtype == bool
    assert bridge.to_dict()["period_is_complete"] == [False] * 10
    long = small().waterfall("2024-02-20", "2024-03-25", period="day")
    assert long.to_arrow()["period_is_complete"].to_pylist() == [True] * 30 + [False] * 5
    assert "no" in repr(small().net_retention("2024-03", "2024-04", horizon=1)).split()


def test_one_column_serves_knowledge_and_backdating():
    policy = tn.Policy(backdating="recorded")
    book = small(policy=policy)
    assert book.waterfall("2024-01", "2024-03")["new"].tolist() == [10.0, 0.0, 41.0]


def test_invoice_lines_are_known_since_a_day_too():
    lines = {
        "who": ["ann", "ann", "bob"],
        "from": ["2024-01-01"] * 3,
        "to": ["2024-02-01"] * 3,
        "billed": [30, 36, 10],
        "line": ["x1", "x1", "x2"],
        "number": [1, 2, 1],
        "entered": ["2024-01-01", "2024-02-10", "2024-01-20"],
    }
    names = {"customer": "who", "service_start": "from", "service_end": "to", "amount": "billed"}
    known = {"recorded": "entered", "id": "line", "version": "number"}
    book = tn.Book.from_invoices(lines, **names, **known, policy="chartmogul")
    days = ("2024-01-10", "2024-01-31", "2024-02-10")
    assert [book.mrr("2024-01-31", known_at=day)["mrr"].item() for day in days] == [30.0, 40.0, 46.0]
    assert book.restatement("2024-01-31", first="2024-01", last="2024-01")["change"].tolist() == [6.0]
    early = {"entered": ["2023-12-31", "2024-02-10", "2024-01-20"]}
    with pytest.raises(tn.InputError, match="before it happened on 2024-01-01") as caught:
        tn.Book.from_invoices(lines | early, **names, **known, on_early="error")
    assert (caught.value.code, caught.value.row) == ("E_RECORDED_EARLY", 0)


def test_frames_in_chunks_are_known_as_in_one_piece():
    import pyarrow as pa

    whole = pa.table(ROWS)
    chunks = pa.concat_tables([whole.slice(0, 1), whole.slice(1, 2), whole.slice(3)])
    for columns in ({}, {"id": "row"}, {"id": "row", "version": "version"}):
        one, other = (tn.Book(frame, **NAMES, **columns) for frame in (whole, chunks))
        for day in ("2024-01-31", "2024-03-31"):
            assert one.mrr(day, known_at=day).to_dict() == other.mrr(day, known_at=day).to_dict()


def test_a_repeated_version_counts_once_and_is_noted():
    frame = {name: [*values[:3], values[1]] for name, values in ROWS.items()}
    book = tn.Book(frame, **NAMES, id="row", version="version")
    assert book.mrr("2024-03-31")["mrr"].tolist() == [46.0]
    note = next(note for note in book.notes if note.code == "N_DUPLICATE")
    assert (note.count, note.rows) == (1, (3,))


# What is exchanged in the good rows, code, column, row, value, words of the message, words of the remedy.
FAULTS = [
    (
        "a version that goes back",
        {"version": [2, 1, 1, 1]},
        (
            "E_VERSION_BACK",
            "version",
            0,
            "2",
            "version 2 of 'a' was recorded on 2024-01-05, before version 1",
            "Number",
        ),
    ),
    (
        "two contents of one version",
        {"version": [1, 1, 1, 1]},
        (
            "E_DUPLICATE_CONFLICT",
            "row",
            2,
            "a",
            "'a' is there twice (the other is row 0), with 30 and 36 a month",
            "drop",
        ),
    ),
    (
        "no version",
        {"version": [1, None, 2, 1]},
        ("E_VERSION_NULL", "version", 1, "null", "missing version", "Number"),
    ),
    ("no id", {"row": ["a", None, "a", "c"]}, ("E_KEY_NULL", "row", 1, None, "missing id", "")),
    (
        "recorded before it happened",
        {"on_early": "error", "entered": ["2024-01-05", "2024-01-09", "2024-03-04", "2024-03-20"]},
        (
            "E_RECORDED_EARLY",
            "entered",
            1,
            "2024-01-09",
            "recorded on 2024-01-09, before it happened on 2024-01-10",
            'on_early="allow"',
        ),
    ),
    (
        "recorded in no year",
        {"entered": ["2024-01-05", "1399-12-31", "2024-03-04", "2024-03-20"]},
        ("E_DATE_RANGE", "entered", 1, None, "1399-12-31", "1400-01-01..9999-12-31"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS]
)
def test_faults_of_knowledge_name_the_place(changed, expected):
    code, column, row, value, words, remedy = expected
    with pytest.raises(tn.InputError) as caught:
        small(**changed)
    fault = caught.value
    assert (fault.code, fault.column, fault.row) == (code, column, row)
    assert value is None or fault.value == value
    assert words in str(fault)
    assert remedy in (fault.hint or "")


def test_a_row_superseded_before_it_was_recorded():
    frame = ROWS | {"gone": [None, "2024-01-11", None, None]}
    with pytest.raises(tn.InputError) as caught:
        tn.Book(frame, **NAMES, superseded="gone")
    fault = caught.value
    assert (fault.code, fault.column, fault.row, fault.value) == (
        "E_KNOWLEDGE_REVERSED",
        "gone",
        1,
        "2024-01-11",
    )
    assert "superseded on 2024-01-11, before it was recorded on 2024-01-12" in str(fault)


def test_versions_need_what_they_are_versions_of():
    with pytest.raises(tn.Error, match="versions need the id of what they are versions of") as caught:
        tn.Book(ROWS, **NAMES, version="version")
    assert caught.value.code == "E_COLUMN_MISSING"


def test_instants_need_a_zone():
    moments = [datetime(2024, 1, 5, 23, 30, tzinfo=UTC), *[datetime(2024, 3, 20, 12, tzinfo=UTC)] * 3]
    frame = {"who": [1, 2, 3, 4], "from": ["2024-01-01"] * 4, "mrr": [1, 2, 4, 8], "entered": moments}
    import polars as pl

    names = {"customer": "who", "start": "from", "amount": "mrr", "recorded": "entered"}
    with pytest.raises(tn.Error) as caught:
        tn.Book(pl.DataFrame(frame), **names)
    assert (caught.value.code, caught.value.column) == ("E_TZ_MISSING", "entered")
    assert "timezone=" in (caught.value.hint or "")
    berlin = tn.Book(pl.DataFrame(frame), **names, timezone="Europe/Berlin")
    assert berlin.first_known == date(2024, 1, 6)


def test_a_book_without_knowledge_has_no_past():
    book = tn.Book(ROWS, customer="who", start="from", amount="mrr")
    with pytest.raises(tn.OptionError, match="the rows do not say when they were recorded") as caught:
        book.mrr("2024-01-31", known_at="2024-01-31")
    assert caught.value.code == "E_KNOWN_AT"
    assert "Name the column" in (caught.value.hint or "")


def test_a_day_before_anything_was_known():
    book = small()
    before = bits_of_small(book)
    with pytest.raises(tn.InputError) as caught:
        book.waterfall("2024-01", "2024-02", known_at="2024-01-04")
    fault = caught.value
    assert (fault.code, fault.column, fault.value) == ("E_AS_OF", "entered", "2024-01-04")
    assert "no record was known on 2024-01-04; first known time is 2024-01-05" in str(fault)
    assert bits_of_small(book) == before


def bits_of_small(book):
    return [result.to_dict() for result in book.summary("2024-01", "2024-03", horizon=1)]


@pytest.mark.parametrize("day", ["yesterday", "2024-13", "2023-02-29", 20240105])
def test_a_day_of_knowledge_is_a_day(day):
    with pytest.raises(tn.Error) as caught:
        small().known_at(day)
    assert caught.value.code in {"E_DATE_FORMAT", "E_DATE_INVALID"}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"on_early": "warn"}, "E_ON_EARLY"),
        ({"rates": {"USD": 1.1}, "reporting_currency": "EUR"}, "E_FX_RATES"),
        ({"reporting_currency": 978}, "E_REPORTING_CURRENCY"),
        ({"reporting_currency": "EURO"}, "E_CURRENCY_UNKNOWN"),
    ],
)
def test_options_of_reading_are_checked(options, code):
    with pytest.raises(tn.Error) as caught:
        small(**options)
    assert caught.value.code == code
    assert caught.value.hint
