"""What `tenure.sample` adds about forecasts: weekly snapshots of deals, and what their owners called.

What deals win is the recurring revenue that customers start or add, so that snapshots and book tell one
story. Drawn from streams of their own, so that customers, plans, days and amounts stay what they are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Columns = dict[str, Array]


class Owner(NamedTuple):
    """Who sells: the share of deals, how early deals are committed (of their life), the lean of calls."""

    name: str
    share: float
    commits: float
    lean: float


OWNERS = (
    Owner("Amara Diallo", 0.22, 0.76, 0.0),
    Owner("Bo Lindqvist", 0.2, 0.97, -0.18),  # keeps deals back until they are nearly won
    Owner("Carla Mendes", 0.18, 0.42, 0.22),  # commits deals that others would wait with
    Owner("Dev Patel", 0.16, 0.74, 0.02),
    Owner("Elif Kaya", 0.14, 0.8, -0.01),
    Owner("Finn Becker", 0.1, 0.76, 0.01),
)
OUTCOMES = ("open", "won", "lost")
CATEGORIES = ("closed", "commit", "best_case", "pipeline", "omitted")
_OPEN, _WON, _LOST = range(3)
_CHANCES = np.array([1.0, 0.8, 0.45, 0.2, 0.0])  # to win, by category
_LOSSES = 1.3  # deals lost for one that is won
_AHEAD = 0.35  # deals still open at the end, for one that was won in the last year
_CALLS = 14  # Mondays: one before the quarter, and those of it


def sales(seed: int, rows: Columns, first: np.datetime64, last: np.datetime64) -> tuple[Columns, Columns]:
    """Return snapshots of deals and calls of a story from day `first` to day `last`."""
    annual = rows["amount"] * rows["quantity"] * np.where(rows["yearly"], 1, 12)
    # Who is there in the first month was there before.
    since = (first.astype("datetime64[M]") + 1).astype("datetime64[D]")
    made = deals(seed, won_of(rows["who"], rows["start"], rows["end"], annual, since), first, last)
    return made, calls(seed, made, first, last)


class Won(NamedTuple):
    """What customers started or added: when, how much a year, and whether they paid nothing before."""

    day: Array
    amount: Array
    new: Array


def won_of(who: Array, start: Array, end: Array, annual: Array, since: np.datetime64) -> Won:
    """Return the days on which a customer's recurring revenue rose, from `since` on."""
    ends = ~np.isnat(end)
    customer = np.concatenate([who, who[ends]])
    day = np.concatenate([start, end[ends]]).astype("datetime64[D]")
    change = np.concatenate([annual, -annual[ends]])
    order = np.lexsort((change, day, customer))
    customer, day, change = customer[order], day[order], change[order]
    if not customer.size:
        return Won(day, change, change < 0.0)
    first = np.flatnonzero(np.r_[True, (customer[1:] != customer[:-1]) | (day[1:] != day[:-1])])
    step = np.add.reduceat(change, first)
    customer, day = customer[first], day[first]
    level = np.cumsum(step)
    newcomer = np.r_[True, customer[1:] != customer[:-1]]
    starts = np.flatnonzero(newcomer)
    base = np.repeat((level - step)[starts], np.diff(np.r_[starts, customer.size]))
    before = level - step - base
    kept = (step > 0.5) & (day >= since)
    return Won(day[kept], np.round(step[kept], 2), before[kept] < 0.5)


class _Deals(NamedTuple):
    """One entry an opportunity; times are days since the first snapshot."""

    created: Array
    closed: Array
    outcome: Array
    amount: Array
    new: Array
    owner: Array
    planned: Array  # the close date that was said first
    moved: Array  # when it was set right
    guessed: Array  # the amount that was said first
    settled: Array  # when it was set right
    best_case: Array  # when it became that
    commit: Array


def _draw(rng: np.random.Generator, won: Won, first: np.datetime64, last: np.datetime64) -> _Deals:
    size, days = won.day.size, int((last - first).astype(np.int64))
    lost, ahead = int(_LOSSES * size), int(_AHEAD * np.sum(won.day > last - 365))
    like = np.concatenate([np.arange(size), rng.integers(0, max(size, 1), (lost + ahead) if size else 0)])
    ends = (won.day - first).astype(np.int64)
    losses = rng.integers(0, days + 1, lost if size else 0)
    later = days + 1 + rng.integers(0, 150, ahead if size else 0)
    closed = np.concatenate([ends, losses, later])
    outcome = np.repeat([_WON, _LOST, _OPEN], [size, losses.size, later.size])
    total = closed.size
    new, amount = won.new[like], won.amount[like]
    amount[size:] = np.round(amount[size:] * np.exp(rng.normal(0.0, 0.3, total - size)), 2)
    owner = rng.choice(len(OWNERS), total, p=[one.share for one in OWNERS])
    length = np.maximum(14, np.exp(rng.normal(np.where(new, 4.6, 4.2), 0.4))).astype(np.int64)
    created = closed - length
    luck = rng.random(total)
    late, early = rng.integers(14, 75, total), rng.integers(10, 50, total)
    slip = np.where(luck < 0.4, late, np.where(luck > 0.88, -early, 0))
    slip = np.minimum(slip, np.maximum(length - 10, 0))
    latest = np.minimum(closed - slip, closed)  # a date is set right before it has passed
    moved = created + np.floor((0.7 + 0.3 * rng.random(total)) * (latest - created)).astype(np.int64)
    lean = np.array([one.lean for one in OWNERS])[owner]
    guessed = np.round(amount * np.exp(rng.normal(0.5 * lean, 0.22)), 2)
    settled = created + np.floor((0.3 + 0.7 * rng.random(total)) * length).astype(np.int64)
    ripe = np.array([one.commits for one in OWNERS])[owner] + rng.normal(0.0, 0.09, total)
    # Most of what is lost was never committed.
    ripe = np.where((outcome != _WON) & (rng.random(total) > 0.2), 2.0, ripe)
    hoped = np.minimum(ripe, 0.2 + 0.45 * rng.random(total))
    hoped = np.where((outcome == _LOST) & (rng.random(total) > 0.6), 2.0, hoped)
    hope = np.where(slip > 0, length - slip, length)  # how long the deal was thought to take
    commit, best_case = (created + np.floor(part * hope).astype(np.int64) for part in (ripe, hoped))
    planned = closed - slip
    return _Deals(
        created, closed, outcome, amount, new, owner, planned, moved, guessed, settled, best_case, commit
    )


def deals(seed: int, won: Won, first: np.datetime64, last: np.datetime64) -> Columns:
    """Return weekly snapshots of opportunities, each until the first one that shows how it ended.

    Snapshots are of Mondays, and of the last day. Close dates slip, amounts are guessed before they are
    known, and owners differ in how early they commit.
    """
    rng = np.random.Generator(np.random.PCG64([seed, 11]))
    days = np.arange(first, last + 1)
    monday = (days.astype(np.int64) + 3) % 7 == 0
    taken = np.unique(np.r_[(days[monday] - first).astype(np.int64), (last - first).astype(np.int64)])
    made = _draw(rng, won, first, last)
    begin = np.searchsorted(taken, made.created)
    end = np.minimum(np.searchsorted(taken, made.closed) + 1, taken.size)
    counts = np.maximum(end - begin, 0)
    deal = np.repeat(np.arange(counts.size), counts)
    at = taken[np.arange(deal.size) - np.repeat(np.cumsum(counts) - counts - begin, counts)]
    over = at >= made.closed[deal]
    outcome = np.where(over, made.outcome[deal], _OPEN)
    category = np.where(at >= made.commit[deal], 1, np.where(at >= made.best_case[deal], 2, 3))
    category = np.where(outcome == _WON, 0, np.where(outcome == _LOST, 4, category))
    close = np.where(over | (at >= made.moved[deal]), made.closed[deal], made.planned[deal])
    amount = np.where(over | (at >= made.settled[deal]), made.amount[deal], made.guessed[deal])
    number = np.empty(counts.size, np.int64)
    number[np.lexsort((made.closed, made.created))] = np.arange(1, counts.size + 1)  # in order of creation
    order = np.lexsort((number[deal], at))
    deal, category = deal[order], category[order]
    return {
        "taken": first + at[order],
        "opportunity": np.array([f"O-{i:06d}" for i in range(counts.size + 1)])[number[deal]],
        "owner": np.array([one.name for one in OWNERS])[made.owner[deal]],
        "kind": np.where(made.new[deal], "new", "expansion"),
        "close_date": first + close[order],
        "category": np.array(CATEGORIES)[category],
        "outcome": np.array(OUTCOMES)[outcome[order]],
        "probability": _CHANCES[category],
        "amount": amount[order],
    }


def calls(seed: int, made: Columns, first: np.datetime64, last: np.datetime64) -> Columns:
    """Return what each owner called for each quarter, every Monday of it, and what it brought.

    Calls start from the owner's lean and close in on what comes; commit lies below best case, and that below
    pipeline.
    """
    rng = np.random.Generator(np.random.PCG64([seed, 12]))
    quarters = np.arange(_quarter(first) + 3, _quarter(last) + 1, 3)
    won = made["outcome"] == "won"
    at = (_quarter(made["close_date"][won]) - quarters[0]).astype(np.int64) // 3 if quarters.size else None
    brought = np.zeros((len(OWNERS), quarters.size))
    names = np.array([one.name for one in OWNERS])
    if at is not None:
        who = np.argmax(made["owner"][won][:, None] == names[None, :], axis=1)
        inside = (at >= 0) & (at < quarters.size)
        np.add.at(brought, (who[inside], at[inside]), made["amount"][won][inside])
    begins = quarters.astype("datetime64[D]")
    monday = begins - 2 - (begins.astype(np.int64) + 1) % 7
    shape = (len(OWNERS), quarters.size, _CALLS)
    left = (_CALLS - 1 - np.arange(_CALLS)) / _CALLS  # of the quarter
    own, shared = rng.normal(0.0, 0.04, shape), rng.normal(0.0, 0.03, (1, *shape[1:]))
    drift = np.cumsum((own + shared)[:, :, ::-1], axis=2)[:, :, ::-1]
    lean = np.array([one.lean for one in OWNERS])[:, None, None] * (0.35 + 0.65 * left)
    commit = np.maximum(brought[:, :, None] * (1.0 + lean * (left > 0) + drift * (left > 0)), 0.0)
    hope = 0.08 + 0.35 * left + 0.04 * np.abs(rng.normal(size=shape))
    best = commit * (1.0 + hope)
    whole = np.stack([commit, best, best * (1.2 + 1.4 * left)])
    kind, owner, quarter, week = (axis.ravel() for axis in np.indices(whole.shape))
    taken = monday[quarter] + 7 * week
    kept = np.flatnonzero(taken < (quarters[quarter] + 3).astype("datetime64[D]"))
    kept = kept[np.lexsort((kind[kept], owner[kept], taken[kept]))]
    return {
        "taken": taken[kept],
        "period": begins[quarter[kept]],
        "owner": names[owner[kept]],
        "category": np.array(CATEGORIES[1:4])[kind[kept]],
        "amount": np.round(whole.ravel()[kept], -2),
        "actual": np.round(brought[owner[kept], quarter[kept]], 2),
    }


def _quarter(day: Any) -> Any:
    """First month of the quarter of a day."""
    month = np.asarray(day).astype("datetime64[M]").astype(np.int64)
    return (month - month % 3).astype("datetime64[M]")
