"""Time and memory of one call, fairly."""

from __future__ import annotations

import gc
import multiprocessing
import re
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

Job = Callable[[pa.Table], object]

STATUS, CLEAR_REFS = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def best_seconds(jobs: dict[str, Job], table: pa.Table, rounds: int) -> dict[str, float]:
    """The best of some rounds; every other one runs backwards, so that no job always follows the same one."""
    best = dict.fromkeys(jobs, float("inf"))
    for round_ in range(rounds):
        for name in reversed(jobs) if round_ % 2 else jobs:
            gc.collect()
            start = time.perf_counter()
            result = jobs[name](table)
            best[name] = min(best[name], time.perf_counter() - start)
            del result  # after the clock: whoever hands over a large result does not pay for its end
    return best


def peak_above_input(build: Callable[[], Job], table: pa.Table) -> int | None:
    """Bytes a new process needs on top of the table it has read; None where the kernel does not tell."""
    if not CLEAR_REFS.exists():
        return None
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "table.arrow")
        with pa.OSFile(path, "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
        # Spawned, not forked: the thread pools of the engines do not survive a fork.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            return pool.submit(peak_in_this_process, build, path).result()


def peak_in_this_process(build: Callable[[], Job], path: str) -> int:
    job = build()
    with pa.OSFile(path, "rb") as source:
        table = pa.ipc.open_file(source).read_all()
    gc.collect()
    pa.default_memory_pool().release_unused()
    CLEAR_REFS.write_text("5")  # the peak starts again from here
    before = status_bytes("VmRSS")
    result = job(table)
    peak = status_bytes("VmHWM")
    del result
    return peak - before


def status_bytes(field: str) -> int:
    found = re.search(rf"^{field}:\s+(\d+) kB$", STATUS.read_text(), re.MULTILINE)
    assert found, field
    return int(found[1]) * 1024
