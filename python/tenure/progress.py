"""A progress bar for reads that take long; nothing otherwise, and never on what is not a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_MANY_ROWS = 5_000_000
_MANY_BATCHES = 100
_PATIENCE = 0.5


class _Reading:
    """Hears of every batch; draws from the moment on at which the read turns out to be long."""

    def __init__(self) -> None:
        self.bar: Any = None
        self.rows = self.batches = 0
        self.began = time.monotonic()

    def __call__(self, rows: int) -> None:
        self.batches += 1
        if self.bar is None and self._is_long(rows):
            from tqdm import tqdm

            self.bar = tqdm(desc="reading", unit=" rows", unit_scale=True, file=sys.stderr, initial=self.rows)
        if self.bar is not None:
            self.bar.update(rows - self.rows)
        self.rows = rows

    def _is_long(self, rows: int) -> bool:
        many = rows > _MANY_ROWS or self.batches > _MANY_BATCHES
        return many and time.monotonic() - self.began > _PATIENCE


class _Readings:
    """Hears of every time that one of several steps is done."""

    def __init__(self, what: str, unit: str) -> None:
        self.what, self.unit = what, unit
        self.bar: Any = None
        self.began = time.monotonic()

    def __call__(self, readings: int) -> None:
        if self.bar is None and time.monotonic() - self.began > _PATIENCE:
            from tqdm import tqdm

            self.bar = tqdm(desc=self.what, unit=f" {self.unit}", file=sys.stderr, initial=readings - 1)
        if self.bar is not None:
            self.bar.update(readings - self.bar.n)


@contextmanager
def reading() -> Iterator[Callable[[int], None] | None]:
    """Yield what to call after each batch with the rows so far, or None where nobody would see it."""
    yield from _shown(_Reading())


@contextmanager
def comparing() -> Iterator[Callable[[int], None] | None]:
    """Yield what to call after each policy with how many there were, or None where nobody would see it."""
    yield from _shown(_Readings("comparing", "policies"))


@contextmanager
def backtesting() -> Iterator[Callable[[int], None] | None]:
    """Yield what to call after each origin with how many there were, or None where nobody would see it."""
    yield from _shown(_Readings("forecasting", "origins"))


def _shown(progress: _Reading | _Readings) -> Iterator[Callable[[int], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    try:
        yield progress
    finally:
        if progress.bar is not None:
            progress.bar.close()
