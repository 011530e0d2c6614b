"""Twelve measures of point forecasts, of many series in one Polars frame, against utilsforecast.

Both get the same frames in one process: rows of test points, and a history for MASE, MSSE, RMSSE. The answers
are compared before any time is taken. Keys are whole numbers or texts, in the order in which utilsforecast
makes them.
"""

from __future__ import annotations

import argparse
import platform
from functools import partial
from importlib.metadata import version
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import utilsforecast.losses as theirs
from measure import best_seconds, peak_above_input
from utilsforecast.evaluation import evaluate

import tenure

LAG = 12
PAIRS = {
    "me": theirs.bias, "mae": theirs.mae, "mse": theirs.mse, "rmse": theirs.rmse, "mape": theirs.mape,
    "smape": theirs.smape, "wape": theirs.nd, "cfe": theirs.cfe, "pis": theirs.pis,
    "mase": partial(theirs.mase, seasonality=LAG), "msse": partial(theirs.msse, seasonality=LAG),
    "rmsse": partial(theirs.rmsse, seasonality=LAG),
}  # fmt: skip
SCALES = {"smape": 2.0}  # theirs is from 0 to 1


def keys_of(series: int, *, texts: bool) -> pl.Series:
    numbers = np.arange(series)
    return pl.Series([f"series_{number:08d}" for number in numbers] if texts else numbers)


def frame_of(keys: pl.Series, first: int, points: int, seed: int) -> pl.DataFrame:
    """Rows of each series from a period on: months, a level that grows, a season, noise."""
    random = np.random.default_rng(seed)
    count = len(keys)
    months = np.arange(first, first + points)
    level = np.random.default_rng(1).uniform(50.0, 150.0, count)[:, None] * 1.005**months
    values = level * (1 + 0.2 * np.sin(months * np.pi / 6)) + random.normal(0.0, 5.0, (count, points))
    days = (np.datetime64("2015-01", "M") + months).astype("datetime64[D]").astype("datetime64[us]")
    return pl.DataFrame(
        {
            "unique_id": keys.gather(np.repeat(np.arange(count), points)),
            "ds": np.tile(days, count),
            "y": values.ravel(),
        }
    )


def frames_of(series: int, points: int, history: int, *, texts: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    keys = keys_of(series, texts=texts)
    past, test = frame_of(keys, 0, history, 2), frame_of(keys, history, points, 3)
    noise = np.random.default_rng(4).normal(1.0, 8.0, len(test))
    return test.with_columns(model=pl.col("y") + pl.Series(noise)), past


def ours(test: pl.DataFrame, past: pl.DataFrame, threads: int | None = None) -> Any:
    found = tenure.forecast.accuracy(
        test, actual="y", forecast="model", series="unique_id", period="ds", insample=past, lag=LAG,
        measures=list(PAIRS), threads=threads,
    )  # fmt: skip
    return found.to_polars()


def peers(test: pl.DataFrame, past: pl.DataFrame) -> Any:
    return evaluate(test, metrics=list(PAIRS.values()), train_df=past)


def largest_difference(test: pl.DataFrame, past: pl.DataFrame) -> float:
    """Of any figure of any series, as a share of the larger of the figure and 1."""
    mine, wide = ours(test, past), peers(test, past)
    names = dict(zip(wide["metric"].unique(maintain_order=True), PAIRS, strict=True))
    worst = 0.0
    for name, measure in names.items():
        other = wide.filter(pl.col("metric") == name).sort("unique_id")
        assert other["unique_id"].equals(mine["unique_id"])
        wanted = other["model"].to_numpy() * SCALES.get(measure, 1.0)
        found = mine[measure].to_numpy()
        worst = max(worst, float(np.max(np.abs(found - wanted) / np.maximum(np.abs(wanted), 1.0))))
    return worst


def memory_job() -> Any:
    """The same call on one Arrow table: its rows marked `past` are the history."""

    def call(table: pa.Table) -> Any:
        rows = pl.from_arrow(table)
        assert isinstance(rows, pl.DataFrame)
        cut = int(rows["past"].sum())
        return tenure.forecast.accuracy(
            rows[cut:], actual="y", forecast="model", series="unique_id", period="ds", insample=rows[:cut],
            lag=LAG, measures=list(PAIRS),
        )  # fmt: skip

    return call


def report_memory(test: pl.DataFrame, past: pl.DataFrame) -> None:
    both = pl.concat([past.with_columns(model=0.0, past=True), test.with_columns(past=False)], rechunk=True)
    table = both.to_arrow().combine_chunks()
    size = table.nbytes
    if (above := peak_above_input(memory_job, table)) is not None:
        print(f"  memory above the input: {above / 2**20:,.0f} MiB of {size / 2**20:,.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=100_000)
    parser.add_argument("--points", type=int, default=24)
    parser.add_argument("--history", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5, help="the best time of so many counts")
    parser.add_argument("--alone", action="store_true", help="without utilsforecast")
    parser.add_argument("--memory", action="store_true", help="measure memory too")
    options = parser.parse_args()
    packages = ", ".join(f"{name} {version(name)}" for name in ("utilsforecast", "polars"))
    print(f"tenure {tenure.__version__}, {packages}; Python {platform.python_version()}")
    size = f"{options.series:,} series, {options.points} points, {options.history} of history"
    print(f"{size}, {len(PAIRS)} measures")
    for texts in (False, True):
        test, past = frames_of(options.series, options.points, options.history, texts=texts)
        print(f"\n{'text' if texts else 'whole-number'} keys", end="", flush=True)
        jobs: dict[str, Any] = {
            "tenure": lambda rows: ours(*rows),
            "tenure, 1 thread": lambda rows: ours(*rows, 1),
        }
        if not options.alone:
            print(f": largest difference {largest_difference(test, past):.1e}", end="", flush=True)
            jobs["utilsforecast"] = lambda rows: peers(*rows)
        print()
        seconds = best_seconds(jobs, (test, past), options.rounds)  # type: ignore[arg-type]
        for name, best in seconds.items():
            times = f", {best / seconds['tenure']:.1f} times tenure's" if name == "utilsforecast" else ""
            print(f"  {name:17} {1e3 * best:9.1f} ms{times}")
        if options.memory:
            report_memory(test, past)


if __name__ == "__main__":
    main()
