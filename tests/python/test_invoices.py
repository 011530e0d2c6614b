"""Invoice lines as the source of MRR, alone and beside contracts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import tenure as tn

LINES = {"customer": "who", "service_start": "from", "service_end": "to", "amount": "billed"}
CONTRACTS = {"customer": "who", "start": "from", "amount": "price"}


def lines(**columns):
    size = len(next(iter(columns.values()))) if columns else 1
    plain = {"who": list(range(size)), "from": ["2024-01-01"] * size, "to": ["2024-02-01"] * size}
    return {**plain, "billed": [100] * size, **columns}


def book(policy="chartmogul", **columns):
    named = {name: name for name in columns if name not in LINES.values()}
    return tn.Book.from_invoices(lines(**columns), **LINES, **named, policy=policy)


def mrr(at, policy="chartmogul", **columns):
    return book(policy, **columns).mrr(at)["mrr"].tolist()


def test_a_line_is_worth_its_amount_in_a_month_of_its_service_period():
    assert mrr("2024-06-30", to=["2025-01-01"], billed=[1200]) == [100]
    assert mrr("2025-01-01", to=["2025-01-01"], billed=[1200]) == [0]


def test_tax_is_in_the_amount_and_no_revenue():
    assert mrr("2024-01-15", tax=[19], billed=[119]) == [100]


@pytest.mark.parametrize(
    "prorated",
    [[True], np.array([True]), pd.Series([True]), pl.Series([True]), pa.array([True]), pd.array([True])],
)
def test_a_prorated_line_is_scaled_or_stands_as_billed(prorated):
    half = {"from": ["2024-01-16"], "billed": [50], "prorated": prorated, "interval": ["month"]}
    names = {"prorated": "prorated", "interval_column": "interval"}
    scaled, billed = (
        tn.Book.from_invoices(lines(**half), **LINES, **names, policy=policy).mrr("2024-01-31")["mrr"].item()
        for policy in (tn.Policy("chartmogul"), tn.Policy("chartmogul", prorated_line="as_invoiced"))
    )
    assert scaled > 95
    assert billed == 50


@pytest.mark.parametrize("prorated", [[None], [False], np.array([np.nan]), pd.array([None], "boolean")])
def test_a_line_without_flag_is_whole(prorated):
    assert mrr("2024-01-15", prorated=prorated) == [100]


def test_flags_are_booleans():
    with pytest.raises(tn.InputTypeError, match="booleans") as caught:
        book(prorated=[2])
    assert caught.value.column == "prorated"


def test_kinds_decide_what_counts():
    columns = {"kind": ["recurring", "usage", "one_time", None, "refund"], "billed": [100, 7, 9, 100, -40]}
    assert mrr("2024-01-15", **columns) == [200]
    assert mrr("2024-01-15", tn.Policy("chartmogul", usage="included"), **columns) == [207]
    assert mrr("2024-01-15", tn.Policy("chartmogul", refund="lowers_mrr"), who=[1] * 5, **columns) == [160]


def test_only_paid_invoices_are_payments_and_a_late_one_is_no_churn():
    paid = {"paid_on": ["2024-01-10", None]}
    assert mrr("2024-01-09", "profitwell", **paid) == [100]
    assert mrr("2024-01-10", "profitwell", **paid) == [100]
    assert mrr("2024-01-10", "chartmogul", **paid) == [200]


@pytest.mark.parametrize(
    ("columns", "code", "column"),
    [
        ({"to": ["2024-02-01", None]}, "E_SERVICE_PERIOD", "to"),
        ({"from": ["2024-01-01", None]}, "E_SERVICE_PERIOD", "from"),
        ({"to": ["2024-02-01", "2024-01-01"]}, "E_SERVICE_PERIOD", "to"),
        ({"to": ["2024-02-01", "2023-01-01"]}, "E_PERIOD_REVERSED", "to"),
        ({"billed": [1, None]}, "E_AMOUNT_NULL", "billed"),
        ({"billed": [1, -1]}, "E_AMOUNT_SIGN", "billed"),
        ({"kind": ["credit", "refnd"], "billed": [-1, -1]}, "E_ENUM", "kind"),
        ({"discount": [1, -1]}, "E_DISCOUNT_RANGE", "discount"),
        ({"tax": [1, 200]}, "E_TAX_RANGE", "tax"),
    ],
)
def test_bad_lines_are_refused_with_their_place(columns, code, column):
    with pytest.raises(tn.InputError) as caught:
        book(**columns)
    assert (caught.value.code, caught.value.row, caught.value.column) == (code, 1, column)


def test_columns_of_lines_are_checked_by_name_when_they_are_given():
    with pytest.raises(tn.InputError, match="did you mean 'billed'") as caught:
        tn.Invoices(lines(), **{**LINES, "amount": "biled"})
    assert caught.value.code == "E_COLUMN_MISSING"


def both(policy):
    contracts = {"who": [1], "from": ["2024-01-01"], "price": [100]}
    invoices = tn.Invoices(pl.DataFrame(lines(who=[1], to=["2024-04-01"], billed=[270])), **LINES)
    return tn.Book(contracts, **CONTRACTS, invoices=invoices, policy=policy)


def test_the_policy_decides_which_table_is_read():
    contracts, billed = both("stripe"), both("chartmogul")
    assert contracts.mrr("2024-02-01")["mrr"].tolist() == [100]
    assert billed.mrr("2024-02-01")["mrr"].tolist() == [90]
    assert contracts.notes == billed.notes == []
    assert contracts.under("chartmogul").mrr("2024-02-01")["mrr"].tolist() == [90]
    assert billed.under("stripe").mrr("2024-02-01")["mrr"].tolist() == [100]
    assert isinstance(billed.mrr("2024-02-01").to_native(), pl.DataFrame)


def test_the_other_table_stands_in_and_a_note_says_so():
    for made, rows, there in (
        (book("stripe"), 1, "invoice lines"),
        (contracts_only("chartmogul"), 1, "contracts"),
    ):
        (note,) = made.notes
        assert (note.code, note.count) == ("N_SOURCE", rows)
        assert f"{there} stand in" in note.message
    assert contracts_only("stripe").notes == book("chartmogul").notes == []


def contracts_only(policy):
    return tn.Book({"who": [1], "from": ["2024-01-01"], "price": [100]}, **CONTRACTS, policy=policy)


def test_a_book_of_lines_has_days_customers_and_segments():
    made = tn.Book.from_invoices(
        lines(plan=["a", "b"], to=["2024-02-01", "2024-03-01"]),
        **LINES,
        by="plan",
        currency="EUR",
        policy="recurly",
    )
    assert (made.rows, made.customers, made.currency, made.by) == (2, 2, "EUR", ("plan",))
    assert (made.first_day, made.last_day) == (date(2024, 1, 1), date(2024, 3, 1))
    assert made.mrr("2024-01-31", by="plan")["plan"].tolist() == ["a", "b"]
    assert made.waterfall("2024-01", "2024-03").bridge_closes


def test_chunks_of_lines_are_one_table():
    table = pa.concat_tables([pa.table(lines(paid_on=["2024-01-05"], who=[who])) for who in range(5)])
    made = tn.Book.from_invoices(table, **LINES, paid_on="paid_on", policy="profitwell")
    assert made.mrr("2024-01-31")["mrr"].tolist() == [500]


def test_lines_have_a_short_name():
    assert repr(tn.Invoices(lines(), **LINES)) == "Invoices(1 lines)"


def test_lines_are_read_strictly_and_leniently_by_two_books_at_once():
    made = tn.Invoices(lines(billed=["100.005"]), **LINES, currency="EUR")
    lenient = {"from": ["2024-01-01"], "price": [1], "who": [1]}

    def read(subminor):
        return tn.Book(
            lenient, **CONTRACTS, currency="EUR", invoices=made, policy="chartmogul", subminor=subminor
        )

    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(read, how) for how in ("allow", "refuse") * 8]
        codes = [getattr(answer.exception(), "code", None) for answer in answers]
    assert codes == [None, "E_AMOUNT_SUBMINOR"] * 8
