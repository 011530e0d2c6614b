"""Customers without a contract, side by side: RFM from a log, BG/NBD fit and predictions.

Peers are lifetimes and DuckDB, in one process and from the same columns. The answers are compared before any
time is taken. What a peer cannot finish in a minute it gets fewer rows of, and rows per second are compared.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from lifetimes import BetaGeoFitter
from lifetimes.utils import summary_data_from_transaction_data

from tenure.economics import BetaGeo, rfm

PARAMETERS = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
LONGEST = 60.0  # seconds that a peer may take
END = "2024-12-31"
BY_PERIOD = """
    SELECT customer, count(*) - 1 AS frequency, max(day) - min(day) AS recency,
           DATE '{end}' - min(day) AS age,
           (sum(amount) - arg_min(amount, day)) / nullif(count(*) - 1, 0) AS monetary
    FROM (SELECT customer, day, sum(amount) AS amount FROM log GROUP BY customer, day)
    GROUP BY customer"""
DISTINCT = """
    SELECT customer, count(DISTINCT day) - 1 AS frequency, max(day) - min(day) AS recency,
           DATE '{end}' - min(day) AS age,
           (sum(amount) - sum(amount) FILTER (day = first)) / nullif(count(DISTINCT day) - 1, 0) AS monetary
    FROM log JOIN (SELECT customer, min(day) AS first FROM log GROUP BY customer) USING (customer)
    GROUP BY customer"""


def log_of(rows: int, customers: int, seed: int) -> pa.Table:
    """Rows in the order of time, as a log has them; amounts in cents."""
    random = np.random.default_rng(seed)
    first = np.datetime64("2023-01-01")
    days = np.sort(random.integers(0, 731, rows)).astype("timedelta64[D]")
    columns = {
        "customer": random.integers(0, customers, rows),
        "day": (first + days).astype("datetime64[D]"),
        "amount": random.integers(100, 20_000, rows) / 100,
    }
    return pa.table(columns)


def bg_nbd_customers(count: int, seed: int) -> pd.DataFrame:
    """Customers who behave as BG/NBD says, over 39 weeks or less."""
    random = np.random.default_rng(seed)
    rate = random.gamma(PARAMETERS["r"], 1 / PARAMETERS["alpha"], count)
    leave = random.beta(PARAMETERS["a"], PARAMETERS["b"], count)
    age = random.integers(27 * 7, 39 * 7, count) / 7
    bought = np.zeros(count)
    last = np.zeros(count)
    at = random.exponential(1, count) / rate
    alive = at <= age
    while alive.any():
        bought += alive
        last = np.where(alive, at, last)
        at = at + random.exponential(1, count) / rate
        alive &= (random.random(count) >= leave) & (at <= age)
    return pd.DataFrame({"frequency": bought, "recency": last, "T": age})


def seconds(job: Callable[[], object], rounds: int) -> float:
    """Return the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        gc.collect()
        start = time.perf_counter()
        result = job()
        best = min(best, time.perf_counter() - start)
        del result
    return best


def as_many_as_possible(measure: Callable[[int], float], few: int, most: int) -> tuple[int, float]:
    """Rows and seconds of a peer: all rows, or as many as a minute allows judging from few."""
    taken = measure(few)
    rows = min(most, int(few * LONGEST / taken * 0.8))
    return (rows, measure(rows)) if rows > few else (few, taken)


def report(name: str, rows: int, taken: float, ours: tuple[int, float] | None = None) -> None:
    line = f"  {name:34}{rows:>12,} rows {taken:9.3f} s {rows / taken:15,.0f} rows/s"
    if ours is not None:
        line += f"   {(ours[0] / ours[1]) / (rows / taken):8.1f} x"
    print(line, flush=True)


def summaries(rows: int, customers: int, seed: int, threads: int, rounds: int) -> None:
    table = log_of(rows, customers, seed)
    connection = duckdb.connect(config={"threads": threads})
    connection.register("log", table)
    named: dict[str, Any] = {"customer": "customer", "date": "day", "amount": "amount"}

    def ours(log: pa.Table) -> Any:
        return rfm(log, **named, observation_end=END, threads=threads)

    def duck(query: str) -> pa.Table:
        return connection.sql(query.format(end=END)).to_arrow_table()

    def theirs(frame: pd.DataFrame) -> pd.DataFrame:
        return summary_data_from_transaction_data(
            frame, "customer", "day", "amount", observation_period_end=END
        )

    print(f"\nRFM summary of {rows:,} transactions of {customers:,} customers")
    found = ours(table).to_pandas()
    for query in (BY_PERIOD, DISTINCT):
        other = duck(query).to_pandas().sort_values("customer")
        for mine, its in (("customer",) * 2, ("frequency",) * 2, ("recency",) * 2, ("T", "age")):
            assert (found[mine].to_numpy() == other[its].to_numpy()).all(), its
        np.testing.assert_allclose(found["monetary"], other["monetary"], rtol=1e-9)
    frame = table.to_pandas()
    frame["day"] = frame["day"].astype("datetime64[ns]")
    few = min(rows, 1_000_000)
    expected, part = theirs(frame.iloc[:few]), ours(table.slice(0, few)).to_pandas()
    assert (part["customer"].to_numpy() == expected.index.to_numpy()).all()
    for mine, its in (("frequency",) * 2, ("recency",) * 2, ("T",) * 2, ("monetary", "monetary_value")):
        np.testing.assert_allclose(part[mine].fillna(0), expected[its], rtol=1e-9)
    print("  answers are equal")
    mine = rows, seconds(lambda: ours(table), rounds)
    report("tenure", *mine)
    report("DuckDB, grouped twice", rows, seconds(lambda: duck(BY_PERIOD), rounds), mine)
    report("DuckDB, count distinct", rows, seconds(lambda: duck(DISTINCT), rounds), mine)
    taken = as_many_as_possible(lambda n: seconds(lambda: theirs(frame.iloc[:n]), 1), few, rows)
    report("lifetimes", *taken, mine)


def fits(customers: int, seed: int, threads: int, rounds: int) -> None:
    frame = bg_nbd_customers(customers, seed)

    def ours(rows: pd.DataFrame) -> BetaGeo:
        return BetaGeo(threads=threads).fit(rows)

    def theirs(rows: pd.DataFrame) -> BetaGeoFitter:
        return BetaGeoFitter().fit(rows["frequency"], rows["recency"], rows["T"])

    print(f"\nBG/NBD fit of {customers:,} customers")
    few = min(customers, 100_000)
    mine, its = ours(frame.iloc[:few]), theirs(frame.iloc[:few])
    np.testing.assert_allclose(list(mine.parameters.values()), its.params_.to_numpy(), rtol=1e-3)
    print(f"  answers are equal to 1e-3 ({mine!r})")
    best = customers, seconds(lambda: ours(frame), rounds)
    report("tenure", *best)
    taken = as_many_as_possible(lambda n: seconds(lambda: theirs(frame.iloc[:n]), 1), few, customers)
    report("lifetimes", *taken, best)

    columns = {name: frame[name].to_numpy() for name in frame}
    model = BetaGeo.from_parameters(**PARAMETERS, threads=threads)
    peer = BetaGeoFitter()
    peer.params_ = pd.Series(PARAMETERS)
    history = columns["frequency"], columns["recency"], columns["T"]
    questions: dict[str, tuple[Callable[[], Any], Callable[[], Any], str]] = {
        "expected purchases in 39 weeks": (
            lambda: model.conditional_expected_purchases(39, columns),
            lambda: peer.conditional_expected_number_of_purchases_up_to_time(39, *history),
            "expected_purchases",
        ),
        "probability alive": (
            lambda: model.probability_alive(columns),
            lambda: peer.conditional_probability_alive(*history),
            "probability_alive",
        ),
    }
    for name, (ask, ask_peer, column) in questions.items():
        print(f"\nBG/NBD {name}, {customers:,} customers")
        np.testing.assert_allclose(ask()[column], ask_peer(), rtol=1e-8, atol=1e-12)
        print("  answers are equal to 1e-8")
        quick = customers, seconds(ask, rounds)
        report("tenure", *quick)
        report("lifetimes", customers, seconds(ask_peer, rounds), quick)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transactions", type=int, default=10_000_000)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3, help="the best time of so many counts")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    packages = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "lifetimes", "pandas", "numpy"))
    print(f"{packages}; Python {platform.python_version()}, {options.threads} threads")
    common = (options.seed, options.threads, options.rounds)
    summaries(options.transactions, options.customers, *common)
    fits(options.customers, *common)


if __name__ == "__main__":
    main()
