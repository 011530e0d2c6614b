"""The bridge job side by side: waterfall (W), revenue and customer triangles (T), 12-month NRR and GRR (N).

Every engine gets the same Arrow table in one process, and the answers are compared before any time is taken.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.metadata import version
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from measure import Job, best_seconds, peak_above_input

FIRST, LAST, MONTHS, HORIZON = "2020-01", "2025-01", 61, 12
FLOOR = "one pass over the table"
ALL, WATERFALL_AND_TRIANGLES = "W+T+N", "W+T"


@dataclass(frozen=True)
class Engine:
    name: str
    parts: str
    build: Callable[[], Job]  # picklable: memory is measured in a process of its own
    ours: bool = False


def all_engines(threads: int) -> list[Engine]:
    # Polars reads its number of threads once, at import.
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    import tenure_bridge
    from peers import bridge_duckdb, bridge_polars

    start = date.fromisoformat(f"{FIRST}-01")
    tenure = partial(partial, tenure_bridge.Bridge, first=FIRST, last=LAST, horizon=HORIZON, threads=threads)
    duckdb = partial(
        partial, bridge_duckdb.Bridge, first=start, months=MONTHS, horizon=HORIZON, threads=threads
    )
    polars = partial(partial, first=start, months=MONTHS)
    return [
        Engine("tenure summary", ALL, tenure("summary"), ours=True),
        Engine("tenure separate calls", ALL, tenure("separate"), ours=True),
        Engine("duckdb exploded", ALL, duckdb("exploded")),
        Engine("duckdb overlaid", ALL, duckdb("overlaid")),
        Engine("duckdb streamed", ALL, duckdb("streamed")),
        Engine("polars sorted", ALL, polars(bridge_polars.SortedBridge, horizon=HORIZON)),
        Engine("tenure W+T", WATERFALL_AND_TRIANGLES, tenure("waterfall and triangles"), ours=True),
        Engine("polars grouped W+T", WATERFALL_AND_TRIANGLES, polars(bridge_polars.GroupedBridge)),
        Engine(
            "polars sorted W+T", WATERFALL_AND_TRIANGLES, polars(bridge_polars.SortedBridge, horizon=None)
        ),
    ]


def subscriptions(customers: int, seed: int) -> pa.Table:
    from tenure import sample

    rows = sample.bridge_rows(customers, months=MONTHS - 1, seed=seed)
    day = pa.date32()
    table = pa.table(
        {
            "customer": pa.array(rows["customer"], pa.int64()),
            "start": pa.array(rows["start"], day),
            "end": pa.array(rows["end"], day),
            "mrr": pa.array(rows["amount"], pa.int64()),
        }
    )
    # The peers' packed keys need this of the data; tenure does not.
    start, end = (date.fromisoformat(f"{month}-01") for month in (FIRST, LAST))
    within = [
        pc.min(table["start"]).as_py() >= start,
        pc.max(table["end"]).as_py() < end.replace(month=end.month + 1),
        pc.min(table["customer"]).as_py() >= 0,
        pc.max(table["customer"]).as_py() < 2**56,
        pc.min(table["mrr"]).as_py() > 0,
    ]
    assert all(within), within
    return table


def one_pass(table: pa.Table) -> list[Any]:
    """The floor: every column read once, on one thread."""
    return [pc.max(column).as_py() for column in table.columns]


def answer_of(engine: Engine, result: object) -> Any:
    import tenure_bridge

    return tenure_bridge.read(result) if engine.ours else result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=2_500_000, help="2,500,000 make 9.18 million rows")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3, help="the best time of so many counts")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument(
        "--only", nargs="+", default=[""], metavar="WORD", help="engines with a word in the name"
    )
    parser.add_argument(
        "--no-memory", action="store_true", help="leave out the run per engine that measures memory"
    )
    options = parser.parse_args()

    from answer import compare

    engines = [e for e in all_engines(options.threads) if any(word in e.name for word in options.only)]
    jobs = {engine.name: engine.build() for engine in engines}
    table = subscriptions(options.customers, options.seed)
    rows, size = table.num_rows, table.nbytes
    packages = ", ".join(f"{name} {version(name)}" for name in ("tenure", "duckdb", "polars", "pyarrow"))
    print(f"{packages}; Python {platform.python_version()}, {options.threads} threads")
    print(f"{rows:,} rows of {options.customers:,} customers, {MONTHS} months, {megabytes(size)}")
    print(
        compare({engine.name: answer_of(engine, jobs[engine.name](table)) for engine in engines}), flush=True
    )

    seconds = best_seconds({**jobs, FLOOR: one_pass}, table, options.rounds)
    print(f"\n{'':24}{'seconds':>9}{'rows/s':>14}{'passes':>9}{'memory above input':>24}")
    for engine in [*engines, Engine(FLOOR, "", partial(partial, one_pass))]:
        best = seconds[engine.name]
        line = f"{engine.name:24}{best:9.3f}{rows / best:14,.0f}{best / seconds[FLOOR]:9.1f}"
        peak = None if options.no_memory else peak_above_input(engine.build, table)
        print(line if peak is None else f"{line}{megabytes(peak):>16} {peak / size:5.1f} x", flush=True)

    for parts in (ALL, WATERFALL_AND_TRIANGLES):
        print(f"\n{parts}, times as fast")
        for ours in (e for e in engines if e.parts == parts and e.ours):
            for peer in (e for e in engines if e.parts == parts and not e.ours):
                print(f"  {ours.name:24} {seconds[peer.name] / seconds[ours.name]:7.1f} x {peer.name}")


def megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"


if __name__ == "__main__":
    main()
