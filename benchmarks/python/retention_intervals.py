"""Intervals of net retention: 1,000 replicates, tenure against the loop that analysts write with numpy.

python benchmarks/python/retention_intervals.py --customers 100000
"""

import argparse
import time

import numpy as np

import tenure as tn


def rows_of(customers):
    """A year of customers: of ten, one leaves and three pay something else."""
    rng = np.random.Generator(np.random.PCG64(5))
    price = np.round(rng.lognormal(4, 1, customers), 2)
    leaves, moves = rng.random(customers) < 0.1, rng.random(customers) < 0.3
    later = np.where(
        leaves, 0.0, np.where(moves, np.round(price * rng.uniform(0.6, 1.8, customers), 2), price)
    )
    who, begin, turn = np.arange(customers), np.datetime64("2023-01-01"), np.datetime64("2023-07-01")
    changed = later != price
    stays = changed & (later > 0)
    frame = {
        "customer": np.concatenate([who, who[stays]]),
        "start": np.concatenate([np.full(customers, begin), np.full(stays.sum(), turn)]),
        "end": np.concatenate(
            [np.where(changed, turn, np.datetime64("NaT")), np.full(stays.sum(), "NaT", "M8[D]")]
        ),
        "mrr": np.concatenate([price, later[stays]]),
    }
    return frame, price, later


def by_numpy(before, after, replicates):
    """Draw as many customers as there are, with replacement, again and again."""
    rng = np.random.Generator(np.random.PCG64(1))
    size = before.size
    found = np.empty(replicates)
    for i in range(replicates):
        drawn = rng.integers(0, size, size)
        found[i] = after[drawn].sum() / before[drawn].sum()
    return np.percentile(found, [2.5, 97.5])


def timed(job):
    start = time.perf_counter()
    return job(), time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--replicates", type=int, default=1000)
    asked = parser.parse_args()
    frame, before, after = rows_of(asked.customers)
    book = tn.Book(frame, customer="customer", start="start", end="end", amount="mrr", threads=1)

    def ours():
        kept = book.retention_intervals("2024-01", "2024-01", replicates=asked.replicates)
        return kept["nrr_lower"][0], kept["nrr_upper"][0]

    limits, seconds = timed(ours)
    theirs, their_seconds = timed(lambda: by_numpy(before, after, asked.replicates))
    width = theirs[1] - theirs[0]
    if max(abs(a - b) for a, b in zip(limits, theirs, strict=True)) > 0.15 * width:
        raise SystemExit(f"the intervals differ: {limits} and {tuple(theirs)}")
    print(f"{asked.customers:,} customers, {asked.replicates:,} replicates, one thread")
    print(f"tenure {seconds:.3f} s (NRR, GRR and logo retention)   numpy {their_seconds:.3f} s (NRR)")
    print(f"ratio {their_seconds / seconds:.1f}")


if __name__ == "__main__":
    main()
