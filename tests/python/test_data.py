"""Real data sets: published results in every cell, and the same bits whatever a frame is made of."""

import csv
from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import tenure as tn

LINES = ("opening", "new", "reactivation", "expansion", "contraction", "churn", "closing")


def read_csv(path):
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def playbook(shared):
    rows = read_csv(shared / "mrr_playbook" / "subscription_periods.csv")
    frame = {name: [row[name] or None for row in rows] for name in rows[0]}
    frame["monthly_amount"] = [int(amount) for amount in frame["monthly_amount"]]
    return tn.Book(
        frame,
        customer="customer_id",
        start="start_date",
        end="end_date",
        amount="monthly_amount",
        policy="mrr_playbook",
    )


@pytest.fixture(scope="module")
def published(shared):
    return read_csv(shared / "mrr_playbook" / "expected_waterfall.csv")


def by_month(result):
    columns = result.to_dict()
    months = [day.isoformat() for day in columns["period"]]
    return {month: {name: values[at] for name, values in columns.items()} for at, month in enumerate(months)}


def test_playbook_waterfall_in_every_cell(playbook, published):
    found = by_month(playbook.waterfall(published[0]["month"], published[-1]["month"]))
    source = ("starting", "new", "reactivation", "upgrade", "downgrade", "churn", "ending")
    for row in published:
        cells = found.pop(row["month"])
        for line, name in zip(LINES, source, strict=True):
            assert cells[line] == abs(float(row[f"{name}_mrr"])), (row["month"], line)
        assert cells["opening_customers"] == int(row["starting_customers"])
        assert cells["churn_customers"] == int(row["churned_customers"])
    assert list(found) == ["2017-12-01"]  # nobody paid then, and the source leaves such months out
    assert not any(found["2017-12-01"][line] for line in LINES)


def test_playbook_retention_in_every_cell(playbook, published):
    found = by_month(playbook.net_retention(published[0]["month"], published[-1]["month"], horizon=1))
    for row in published:
        cells = found[row["month"]]
        churn = None if cells["logo_retention"] is None else 1 - cells["logo_retention"]
        for name, value in (("nrr", cells["nrr"]), ("grr", cells["grr"]), ("logo_churn", churn)):
            assert value == (pytest.approx(float(row[name]), abs=1e-12) if row[name] else None), (
                row["month"],
                name,
            )


@pytest.fixture(scope="module")
def ravenstack(shared):
    folder = shared / "ravenstack"
    accounts = {row["account_id"]: row for row in read_csv(folder / "ravenstack_accounts.csv")}
    rows = read_csv(folder / "ravenstack_subscriptions.csv")
    for row in rows:
        row["country"] = accounts[row["account_id"]]["country"]
        row["start"] = date.fromisoformat(row["start_date"])
        row["stop"] = date.fromisoformat(row["end_date"]) if row["end_date"] else None
        row["mrr"] = int(row["mrr_amount"])
    assert len(rows) == 5000
    return rows


@pytest.fixture(scope="module")
def ravenstack_book(ravenstack):
    frame = {
        name: [row[name] for row in ravenstack]
        for name in ("account_id", "start", "stop", "mrr", "plan_tier", "country")
    }
    return tn.Book(
        frame, customer="account_id", start="start", end="stop", amount="mrr", by=["plan_tier", "country"]
    )


@pytest.mark.parametrize("by", [None, "plan_tier", "country"])
def test_ravenstack_closes_in_every_month(ravenstack_book, by):
    bridge = ravenstack_book.waterfall("2023-01", "2024-12", by=by)
    flows = bridge.to_dict()
    plus = ("opening", "new", "expansion", "reactivation", "transfer_in")
    minus = ("contraction", "churn", "transfer_out")
    for at in range(len(bridge)):
        closing = sum(flows[name][at] for name in plus if name in flows) - sum(
            flows[name][at] for name in minus if name in flows
        )
        assert closing == pytest.approx(flows["closing"][at], abs=1e-6)
    assert bridge.bridge_closes


@pytest.mark.parametrize("by", [None, "plan_tier", "country"])
def test_ravenstack_closing_is_the_sum_of_its_rows(ravenstack_book, ravenstack, by):
    flows = ravenstack_book.waterfall("2023-01", "2024-12", by=by).to_dict()
    labels = flows[by] if by else [None] * len(flows["period"])
    for at, (month, label) in enumerate(zip(flows["period"], labels, strict=True)):
        last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        live = [
            row
            for row in ravenstack
            if row["start"] <= last
            and (row["stop"] is None or last < row["stop"])
            and (by is None or row[by] == label)
        ]
        assert flows["closing"][at] == sum(row["mrr"] for row in live)
        assert flows["closing_customers"][at] == len({row["account_id"] for row in live if row["mrr"] > 0})


@pytest.fixture(scope="module")
def purchases(shared):
    """The log of 69,659 purchases, each as a subscription of 30 days."""
    rows = read_csv(shared / "cdnow" / "cdnow_master.csv")
    start = np.array([row["date"] for row in rows], dtype="datetime64[D]")
    return {
        "customer": np.array([int(row["customer_id"]) for row in rows]),
        "start": start,
        "end": start + 30,
        "amount": np.array([float(row["amount_usd"]) for row in rows]),
        "quantity": np.array([int(row["quantity"]) for row in rows]),
        "size": np.array(["many" if int(row["quantity"]) > 2 else "few" for row in rows]),
    }


def arrow(purchases):
    table = pa.table({name: pa.array(values) for name, values in purchases.items()})
    for name in ("start", "end"):
        table = table.set_column(table.column_names.index(name), name, table[name].cast(pa.date32()))
    return table


def with_dictionary(table):
    return table.set_column(5, "size", table["size"].dictionary_encode())


KINDS = {
    "dict of arrays": lambda purchases: purchases,
    "dict of lists": lambda purchases: {name: values.tolist() for name, values in purchases.items()},
    "pandas": pd.DataFrame,
    "polars": lambda purchases: pl.DataFrame(arrow(purchases)),
    "polars lazy": lambda purchases: pl.DataFrame(arrow(purchases)).lazy(),
    "pyarrow": arrow,
    "pyarrow chunked": lambda purchases: pa.concat_tables(
        arrow(purchases).slice(at, 7000) for at in range(0, 70_000, 7000)
    ),
    "pyarrow reader": lambda purchases: arrow(purchases).to_reader(max_chunksize=5000),
    "pyarrow dictionary": lambda purchases: with_dictionary(arrow(purchases)),
    "duckdb": lambda purchases: duckdb.from_arrow(arrow(purchases)),
}


def bits(frame, threads=None):
    book = tn.Book(
        frame,
        customer="customer",
        start="start",
        end="end",
        amount="amount",
        quantity="quantity",
        by=["size"],
        threads=threads,
    )
    results = [
        *(book.summary("1997-01", "1998-08", horizon=3)),
        book.waterfall("1997-01", "1998-08", by="size"),
        book.growth("1997-01", "1998-08", by="size"),
        book.mrr("1997-12-24", by="size"),
        book.concentration("1997-12-24"),
    ]
    return [result.to_arrow() for result in results], book.rows, book.customers


@pytest.fixture(scope="module")
def wanted(purchases):
    found = bits(purchases, threads=1)
    assert found[1:] == (69_659, 23_570)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_frame_gives_equal_bits(purchases, wanted, kind):
    assert bits(KINDS[kind](purchases)) == wanted


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_threads_give_equal_bits(purchases, wanted, threads):
    assert bits(purchases, threads) == wanted


def test_shuffled_rows_give_equal_bits(purchases, wanted):
    order = np.random.default_rng(5).permutation(len(purchases["amount"]))
    assert bits({name: values[order] for name, values in purchases.items()}) == wanted
