"""What `tenure.sample` adds about growth: channels of customers, marketing spend, one-off purchases.

Drawn from streams of their own, so that customers, plans, days and amounts stay what they are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Columns = dict[str, Array]


class Channel(NamedTuple):
    """A channel: share of new customers, euro of media for one of them, its part of the salaries, if paid."""

    name: str
    share: float
    media: float
    people: float
    paid: bool


CHANNELS = (
    Channel("Search ads", 0.27, 1150.0, 0.2, True),
    Channel("Social ads", 0.15, 1500.0, 0.15, True),
    Channel("Events", 0.11, 2100.0, 0.2, True),
    Channel("Partners", 0.15, 700.0, 0.15, True),
    Channel("Content", 0.2, 0.0, 0.3, False),
    Channel("Referral", 0.12, 0.0, 0.0, False),
)
_KINDS = ("media", "people", "tools", "agency")
_DOLLARS = ("Search ads", "Social ads")  # whose media are billed in USD, where there are rates
_PEOPLE, _TOOLS, _AGENCY = 620.0, 0.06, 0.12  # euro a customer won; shares of media
_DEARER = 0.35  # how much more search ads cost at the end
_BUYERS = 0.6  # share of customers who ever buy something once
_AGAIN = 0.5  # of the purchases are followed by another one


def channels(seed: int, customers: int) -> Array:
    """Position of each customer's channel."""
    rng = np.random.Generator(np.random.PCG64([seed, 8]))
    weights = np.array([channel.share for channel in CHANNELS])
    drawn: Array = rng.choice(len(CHANNELS), customers, p=weights / weights.sum()).astype(np.int8)
    return drawn


def starts(who: Array, start: Array, customers: int) -> Array:
    """First day of each customer; NaT for who never started."""
    days = np.full(customers, np.iinfo(np.int64).max)
    np.minimum.at(days, who, start.astype("datetime64[D]").astype(np.int64))
    days = np.where(days == np.iinfo(np.int64).max, np.iinfo(np.int64).min, days)
    return days.astype("datetime64[D]")


def spend(
    seed: int, channel: Array, born: Array, first: np.datetime64, months: int, dollar: float
) -> Columns:
    """Marketing spend by month, channel and kind; with a rate above 0 some of it in dollars.

    It follows the customers that the next months bring, with noise: a channel that brings many gets more.
    """
    rng = np.random.Generator(np.random.PCG64([seed, 9]))
    month = born.astype("datetime64[M]").astype(np.int64) - first.astype("datetime64[M]").astype(np.int64)
    counts = np.zeros((len(CHANNELS), months))
    known = ~np.isnat(born)
    np.add.at(counts, (channel[known], month[known]), 1.0)
    # The customers of the first month were there before: they are as many as in the next ones.
    counts[:, 0] = counts[:, 1 : min(4, months)].mean(axis=1) if months > 1 else counts[:, 0]
    ahead = np.stack([counts[:, np.minimum(np.arange(months) + step, months - 1)] for step in (0, 1, 2)])
    planned = ahead.mean(axis=0)
    shares = np.array([one.share for one in CHANNELS])[:, None] / sum(one.share for one in CHANNELS)
    planned = 0.5 * planned + 0.5 * shares * planned.sum(axis=0, keepdims=True)
    price = np.array([one.media for one in CHANNELS])[:, None] * np.ones(months)
    price[0] *= 1.0 + _DEARER * np.arange(months) / max(months - 1, 1)
    media = price * planned * np.exp(rng.normal(0.0, 0.12, planned.shape))
    people = _PEOPLE * planned.sum(axis=0) * np.array([one.people for one in CHANNELS])[:, None]
    amounts = np.stack([media, people, _TOOLS * media, _AGENCY * media])  # by kind, channel, month
    kind, at, when = (axis.ravel() for axis in np.indices(amounts.shape))
    names = np.array([one.name for one in CHANNELS])
    abroad = (kind == 0) & np.isin(names[at], _DOLLARS) & (dollar > 0)
    amount = np.round(amounts.ravel() * np.where(abroad, dollar or 1.0, 1.0), 2)
    order = np.lexsort((kind, at, when))
    order = order[amount[order] > 0]
    last_days = (first.astype("datetime64[M]") + 1 + np.arange(months)).astype("datetime64[D]") - 1
    return {
        "date": last_days[when[order]],
        "channel": names[at[order]],
        "kind": np.array(_KINDS)[kind[order]],
        "paid": np.array([one.paid for one in CHANNELS])[at[order]],
        "amount": amount[order],
        "currency": np.where(abroad, "USD", "EUR")[order],
    }


def purchases(seed: int, born: Array, last: np.datetime64) -> tuple[Array, Array, Array]:
    """Positions of customers, days and euro of what was bought once: courses, templates, migrations.

    Gaps are exponential at a rate of the customer's own, and after each purchase some never buy again: what
    buy-till-you-die models assume.
    """
    rng = np.random.Generator(np.random.PCG64([seed, 10]))
    buyers = np.flatnonzero(~np.isnat(born) & (rng.random(born.size) < _BUYERS))
    stops = rng.beta(1.2, 1.2 * _AGAIN / (1 - _AGAIN), buyers.size)
    counts = np.minimum(rng.geometric(np.maximum(stops, 0.01)), 200)
    rate = rng.gamma(1.1, 1.0 / 75.0, buyers.size)  # purchases a day
    taste = np.exp(rng.normal(4.9, 0.45, buyers.size))
    who = np.repeat(np.arange(buyers.size), counts)
    gaps = rng.exponential(1.0, who.size) / np.maximum(rate[who], 1e-4)
    gaps[np.cumsum(counts) - counts] = rng.integers(0, 60, buyers.size)  # the first one comes soon
    elapsed = np.cumsum(gaps)
    elapsed -= np.repeat((elapsed - gaps)[np.cumsum(counts) - counts], counts)
    day = born[buyers[who]] + np.floor(np.minimum(elapsed, 1e5)).astype(np.int64)
    price = np.maximum(5.0, np.round(taste[who] * rng.gamma(8.0, 1.0 / 8.0, who.size), 2))
    kept = np.flatnonzero(day <= last)
    kept = kept[np.lexsort((buyers[who[kept]], day[kept]))]
    return buyers[who[kept]], day[kept], price[kept]
