"""The CRPS of ensembles against scoringrules: its default estimator, and its fair one of order m log m.

Both get the same numpy array in one process, in the order of C and of Fortran, and the answers are compared
before any time is taken. Where numba is installed, scoringrules uses it of itself; both backends are shown.

python benchmarks/python/ensemble_crps.py --forecasts 100000 --members 100
"""

from __future__ import annotations

import argparse
import platform
from importlib.metadata import version
from typing import Any

import numpy as np
import scoringrules
from measure import CLEAR_REFS, best_seconds, status_bytes
from scoringrules.backend import backends

import tenure

Rows = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]


def rows_of(forecasts: int, members: int, seed: int) -> Rows:
    random = np.random.default_rng(seed)
    return random.normal(size=forecasts), random.normal(0.2, 1.3, size=(forecasts, members))


def ours(rows: Any, *, fair: bool = False, threads: int | None = None) -> Any:
    actual, members = rows
    return tenure.forecast.crps({"actual": actual}, ensemble=members, fair=fair, threads=threads)["crps"]


def theirs(rows: Any, backend: str, estimator: str) -> Any:
    actual, members = rows
    return scoringrules.crps_ensemble(actual, members, estimator=estimator, backend=backend)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forecasts", type=int, default=100_000)
    parser.add_argument("--members", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7, help="the best time of so many counts")
    options = parser.parse_args()
    packages = ", ".join(f"{name} {version(name)}" for name in ("scoringrules", "numpy"))
    print(f"tenure {tenure.__version__}, {packages}; Python {platform.python_version()}, ", end="")
    print(f"{options.forecasts:,} forecasts of {options.members} members")
    actual, members = rows_of(options.forecasts, options.members, options.seed)
    if CLEAR_REFS.exists():
        CLEAR_REFS.write_text("5")  # the peak starts again from here
        ours((actual[:9], members[:9]))
        before = status_bytes("VmRSS")
        ours((actual, members))
        above = (status_bytes("VmHWM") - before) / 2**20
        print(f"memory above the input of {members.nbytes / 2**20:.0f} MB: {above:.1f} MB")
    tried = [name for name in ("numpy", "numba") if name in backends.available_backends]
    for layout, array in (("C", members), ("Fortran", np.asfortranarray(members))):
        rows = (actual, array)
        for fair, estimator in ((False, "qd"), (True, "pwm")):
            found = ours(rows, fair=fair)
            for backend in tried:
                off = np.max(np.abs(found - theirs(rows, backend, estimator)))
                assert off < 1e-10, (backend, estimator, off)
            jobs: dict[str, Any] = {
                "tenure": lambda held, fair=fair: ours(held, fair=fair),
                "tenure, one thread": lambda held, fair=fair: ours(held, fair=fair, threads=1),
            }
            for backend in tried:
                jobs[f"scoringrules {estimator} on {backend}"] = (
                    lambda held, backend=backend, name=estimator: theirs(held, backend, name)
                )
            seconds = best_seconds(jobs, rows, options.rounds)  # type: ignore[arg-type]
            print(f"\n{layout} order, {'fair' if fair else 'not fair'}: largest difference {off:.1e}")
            for name, taken in seconds.items():
                times = taken / seconds["tenure"]
                print(f"  {name:34} {1e3 * taken:8.1f} ms, tenure {times:5.1f} times as fast")


if __name__ == "__main__":
    main()
