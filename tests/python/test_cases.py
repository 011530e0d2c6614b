"""Figures that a source printed, computed by this library; tests/cpp/book/cases_test.cpp reads them too."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

import tenure as tn

CASES = Path(__file__).resolve().parent.parent / "cases"


def read(name):
    return json.loads((CASES / name).read_text())["cases"]


PUBLISHED = [case for name in ("run_rate.json", "movements.json", "retention.json") for case in read(name)]


def row(customer, start, end, amount, interval="month", count=1, quantity=1, segment=""):
    return (customer, start, end, amount, interval, count, quantity, segment)


def rows_of_bridge(bridge):
    """Customers that make this bridge in 2024-02: churn, less, more, new and back."""
    before, opening, closing = "2023-12-01", "2024-01-01", "2024-02-01"
    kept = bridge["opening"] - bridge["churn"]
    return [
        row(1, opening, closing, bridge["churn"]),
        row(2, opening, closing, kept / 2),
        row(2, closing, None, kept / 2 - bridge["contraction"]),
        row(3, opening, closing, kept / 2),
        row(3, closing, None, kept / 2 + bridge["expansion"]),
        row(4, closing, None, bridge["new"]),
        row(5, before, opening, bridge["reactivation"]),
        row(5, closing, None, bridge["reactivation"]),
    ]


def rows_of(case):
    if "bridge" in case:
        return rows_of_bridge(case["bridge"])
    order = ("customer", "start", "end", "amount", "interval", "interval_count", "quantity")
    return [row(*(line[name] for name in order), line.get("segment", "")) for line in case["subscriptions"]]


def book_of(rows, case):
    columns = ("customer", "start", "end", "amount", "interval", "count", "quantity", "segment")
    frame = {name: [line[at] for line in rows] for at, name in enumerate(columns)}
    frame["amount"] = np.array(frame["amount"], dtype=float)
    return tn.Book(
        frame,
        customer="customer",
        start="start",
        end="end",
        amount="amount",
        interval_column="interval",
        interval_count_column="count",
        quantity="quantity",
        by=["segment"],
        policy=tn.Policy(case.get("preset", "standard"), **case["policy"]),
    )


def answers(book, question):
    """The result's rows by the key that a case uses: a first day of a period, or "period|segment"."""
    span, by = (question["first"], question["last"]), question.get("by")
    if question["kind"] == "waterfall":
        result = book.waterfall(*span, by=by)
    elif question["kind"] == "net_retention":
        result = book.net_retention(*span, horizon=question["horizon"])
    else:
        result = book.growth(*span)
    columns = result.to_dict()
    days = [day.isoformat() for day in columns["period"]]
    keys = days if by is None else [f"{day}|{label}" for day, label in zip(days, columns[by], strict=True)]
    return {key: {name: values[at] for name, values in columns.items()} for at, key in enumerate(keys)}


def check(book, case):
    question = case["question"]
    found = {} if question["kind"] == "mrr" else answers(book, question)
    for key, figures in case["expected"].items():
        if question["kind"] == "mrr":
            found[key] = {name: values[0] for name, values in book.mrr(key).to_dict().items()}
        for name, printed in figures.items():
            # Without a tolerance of the source's, what a double can hold.
            assert found[key][name] == pytest.approx(printed, rel=1e-12, abs=max(case["tolerance"], 1e-12)), (
                key,
                name,
            )


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["id"])
def test_published_figure(case):
    check(book_of(rows_of(case), case), case)


@pytest.mark.parametrize("case", read("published.json"), ids=lambda case: case["id"])
def test_published_table(case, shared):
    with (shared / case["rows_from"]).open() as stream:
        lines = [
            line
            for line in csv.DictReader(stream)
            if int(line["customer_id"]) not in case["leave_out_customers"]
        ]
    rows = [
        row(int(line["customer_id"]), line["start_date"], line["end_date"], float(line["monthly_amount"]))
        for line in lines
    ]
    check(book_of(rows, case), case)


@pytest.mark.parametrize("file", sorted(CASES.glob("*.json")), ids=lambda path: path.stem)
def test_a_case_says_where_it_is_from(file):
    cases = read(file.name)
    assert len({case["id"] for case in cases}) == len(cases)
    for case in cases:
        assert case["source"]
        assert case["locator"]
        assert case["expected"]
