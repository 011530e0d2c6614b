"""Kaplan-Meier curves with limits, and the log-rank test of two groups, against lifelines.

Both get the same numpy columns in one process, and the answers are compared before any time is taken.
"""

from __future__ import annotations

import argparse
import platform
from importlib.metadata import version
from typing import Any

import numpy as np
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test
from measure import best_seconds

import tenure

Rows = dict[str, np.ndarray[Any, Any]]


def rows_of(count: int, seed: int, *, whole: bool) -> Rows:
    """Months that customers stayed, whole or not; about half have left."""
    random = np.random.default_rng(seed)
    months = random.integers(0, 73, count) if whole else random.exponential(30.0, count)
    return {
        "months": months,
        "left": random.integers(0, 2, count),
        "plan": random.integers(0, 2, count),
    }


def our_curve(rows: Any) -> Any:
    return tenure.cohort.survival(rows, duration="months", event="left", interval="log_log")


def their_curve(rows: Any) -> Any:
    return KaplanMeierFitter().fit(rows["months"], rows["left"])


def our_test(rows: Any) -> Any:
    return tenure.cohort.log_rank(rows, duration="months", event="left", by="plan")


def their_test(rows: Any) -> Any:
    first = rows["plan"] == 0
    months, left = rows["months"], rows["left"]
    return logrank_test(months[first], months[~first], left[first], left[~first])


def compare_curves(rows: Rows) -> float:
    """The largest difference of a share or limit; lifelines has limits where S is 0 or 1, we have none."""
    ours, theirs = our_curve(rows), their_curve(rows)
    at = theirs.survival_function_.index.searchsorted(ours["time"])
    limits = theirs.confidence_interval_.to_numpy()[at]
    pairs = [
        (ours["survival"], theirs.survival_function_.to_numpy()[at, 0]),
        (ours["lower"], limits[:, 0]),
        (ours["upper"], limits[:, 1]),
    ]
    assert np.array_equal(theirs.survival_function_.index.to_numpy()[at], ours["time"])
    return max(float(np.ma.max(np.ma.abs(a - b))) for a, b in pairs)


def compare_tests(rows: Rows) -> float:
    ours, theirs = our_test(rows), their_test(rows)
    return abs(ours.statistic / theirs.test_statistic - 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5, help="the best time of so many counts")
    options = parser.parse_args()
    packages = ", ".join(f"{name} {version(name)}" for name in ("lifelines", "numpy", "pandas"))
    print(
        f"tenure {tenure.__version__}, {packages}; Python {platform.python_version()}, {options.rows:,} rows"
    )
    for whole in (True, False):
        rows = rows_of(options.rows, options.seed, whole=whole)
        kind = "whole" if whole else "continuous"
        print(f"\n{kind} durations: largest difference of the curves {compare_curves(rows):.1e}, ", end="")
        print(f"of the test {compare_tests(rows):.1e} of its value", flush=True)
        jobs = {"tenure curve": our_curve, "lifelines curve": their_curve}
        jobs |= {"tenure log-rank": our_test, "lifelines log-rank": their_test}
        seconds = best_seconds(jobs, rows, options.rounds)  # type: ignore[arg-type]
        for task in ("curve", "log-rank"):
            ours, theirs = seconds[f"tenure {task}"], seconds[f"lifelines {task}"]
            line = f"  {task:10} tenure {1e3 * ours:8.1f} ms, lifelines {1e3 * theirs:8.1f} ms"
            print(f"{line}, {theirs / ours:6.1f} times as fast")


if __name__ == "__main__":
    main()
