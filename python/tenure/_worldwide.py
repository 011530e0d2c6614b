"""What `tenure.sample.global_company` adds to the story: exchange rates, and what was known when.

Drawn from streams of their own, so that customers, plans, days and the amounts in their own currency are
those of `tenure.sample.company`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._catalog import REGIONS

Array = NDArray[Any]
Columns = dict[str, Array]

BASE = "EUR"
LATE_IMPORT = 3  # months before the last one: what ended in it was entered weeks late
_VOLATILITY = 0.0042  # of a business day
_NEVER = np.datetime64("NaT", "D")


def rates(seed: int, first: np.datetime64, last: np.datetime64) -> Columns:
    """Units for one euro on every business day: random walks that end at the catalog's rates."""
    rng = np.random.Generator(np.random.PCG64([seed, 6]))
    every = np.arange(first - 14, last + 1)
    days = every[np.is_busday(every)]
    abroad = [region for region in REGIONS if region.currency != BASE]
    steps = rng.normal(0.0, _VOLATILITY, (len(abroad), days.size))
    level = np.exp(np.cumsum(steps, axis=1) - np.sum(steps, axis=1, keepdims=True))
    quoted = np.round(level * np.array([[region.rate] for region in abroad]), 4)
    return {
        "date": np.tile(days, len(abroad)),
        "currency": np.repeat(np.array([region.currency for region in abroad]), days.size),
        "rate": quoted.ravel(),
    }


def with_knowledge(rows: Columns, seed: int, last: np.datetime64) -> Columns:
    """Return every row as it was entered, corrected, ended and deleted: ``record``, ``version`` and two days.

    The versions that stand at the end are `rows`: a book that asks for no day of knowledge is the same.
    """
    rng = np.random.Generator(np.random.PCG64([seed, 5]))
    size, start = rows["start"].size, rows["start"]
    entered = np.minimum(start + _delay(rng, size, 0.08, 3, 35), last)
    told = _told(rng, rows, last)
    told = np.where(np.isnat(told), told, np.maximum(told, entered))
    entered, told = _in_turn(rows, entered, told)
    record = np.arange(size, dtype=np.int64)
    # What was entered first: running, unless its end was known at once; some with a wrong number of seats.
    ended = ~np.isnat(told) & (told > entered)
    wrong = (rng.random(size) < 0.025) & (rows["kind"] == "recurring") & (rows["status"] == "active")
    noticed = np.minimum(entered + 5 + np.floor(rng.random(size) * 55).astype(np.int64), last)
    noticed = np.where(ended, np.minimum(noticed, told), noticed)
    wrong &= noticed > entered
    apart = wrong & (~ended | (noticed < told))  # corrected before the end was known
    seats = np.where(rng.random(size) < 0.5, rows["quantity"] + 2, np.maximum(1, rows["quantity"] // 2))
    running = {"end": _NEVER, "cancel_requested": _NEVER, "paid_through": _NEVER}
    known_end = np.where(ended, told, _NEVER)
    parts = [
        _version(rows, wrong & ended, record, 1, entered, np.fmin(noticed, told), quantity=seats, **running),
        _version(rows, wrong & ~ended, record, 1, entered, noticed, quantity=seats),
        _version(rows, apart & ended, record, 2, noticed, told, **running),
        _version(rows, wrong & ~ended, record, 2, noticed, np.full(size, _NEVER)),
        _version(rows, ~wrong & ended, record, 1, entered, known_end, **running),
        _version(rows, ~wrong & ~ended, record, 1, entered, np.full(size, _NEVER)),
        _version(rows, ended, record, np.where(apart, 3, 2), told, np.full(size, _NEVER)),
        _entered_twice(rng, rows, entered, last),
    ]
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((whole["version"], whole["record"], whole["recorded"]))
    return {name: values[order] for name, values in whole.items()}


def _delay(rng: np.random.Generator, size: int, share: float, least: int, spread: int) -> Array:
    """Days late: 0 for most."""
    late = rng.random(size) < share
    return np.where(late, least + np.floor(rng.random(size) * spread).astype(np.int64), 0)


def _told(rng: np.random.Generator, rows: Columns, last: np.datetime64) -> Array:
    """The day on which the end, or the notice, of each row is entered; NaT where there is neither."""
    end, asked = rows["end"], rows["cancel_requested"]
    seen = np.where(np.isnat(asked), end, asked)
    late = _delay(rng, end.size, 0.12, 3, 40)
    month = last.astype("datetime64[M]") - LATE_IMPORT
    import_late = (end.astype("datetime64[M]") == month) & (rng.random(end.size) < 0.6)
    weeks = (month + 1).astype("datetime64[D]") + 11 + np.floor(rng.random(end.size) * 12).astype(np.int64)
    seen = np.where(import_late, weeks, seen + late)
    # Use is billed when it is over: its end is part of what is entered.
    seen = np.where(rows["kind"] == "usage", rows["start"], seen)
    return np.minimum(seen, last)


def _in_turn(rows: Columns, entered: Array, told: Array) -> tuple[Array, Array]:
    """A row that goes on where another of its subscription ends is entered with that end."""
    _, subscription = np.unique(rows["subscription"], return_inverse=True)
    key = subscription * 100_000 + rows["start"].astype(np.int64)
    closed = np.flatnonzero(~np.isnat(rows["end"]))
    ends = subscription[closed] * 100_000 + rows["end"][closed].astype(np.int64)
    order = np.argsort(ends, kind="stable")
    place = np.searchsorted(ends[order], key)
    follows = np.flatnonzero(place < closed.size)
    follows = follows[ends[order[place[follows]]] == key[follows]]
    before = closed[order[place[follows]]]
    while True:  # as often as the longest chain of rows has links
        joint = entered.copy()
        joint[follows] = np.maximum(told[before], rows["start"][follows])
        told = np.where(np.isnat(told), told, np.maximum(told, joint))
        if (joint == entered).all():
            return joint, told
        entered = joint


def _version(
    rows: Columns,
    chosen: Array,
    record: Array,
    version: int | Array,
    recorded: Array,
    superseded: Array,
    **changed: Any,
) -> Columns:
    """Some rows as one version of them says it."""
    out = {name: values[chosen] for name, values in rows.items()}
    for name, value in changed.items():
        out[name] = np.broadcast_to(value, chosen.shape)[chosen].astype(rows[name].dtype)
    numbers = np.broadcast_to(np.asarray(version, dtype=np.int64), chosen.shape)
    days = {"recorded": recorded[chosen], "superseded": superseded[chosen]}
    return {**out, "record": record[chosen], "version": numbers[chosen], **days}


def _entered_twice(rng: np.random.Generator, rows: Columns, entered: Array, last: np.datetime64) -> Columns:
    """Rows that somebody entered a second time under another number, and deleted after weeks."""
    size = entered.size
    twice = (rng.random(size) < 0.006) & (rows["kind"] == "recurring") & (rows["status"] == "active")
    deleted = entered + 10 + np.floor(rng.random(size) * 60).astype(np.int64)
    twice &= deleted <= last
    again = np.arange(size, 2 * size, dtype=np.int64)
    names = [f"D{name[1:]}" for name in rows["subscription"].tolist()]
    other = {"subscription": np.array(names, rows["subscription"].dtype)}
    running = {"end": _NEVER, "cancel_requested": _NEVER, "paid_through": _NEVER}
    return _version(rows, twice, again, 1, entered, deleted, **running, **other)
