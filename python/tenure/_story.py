"""The story behind `tenure.sample.company`: customers join, change, pause, leave and return."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._catalog import PLANS, REGIONS, TROUBLED_PLAN, Products, list_price

Array = NDArray[Any]

# States of a customer between the first sale and the end of the story.
_UNBORN, _ACTIVE, _AWAY, _GONE = 0, 1, 2, 3


@dataclass
class _Rows:
    """Rows as they are closed, in pieces of equal length; put together once at the end."""

    pieces: dict[str, list[Array]] = field(default_factory=dict)

    def add(self, **columns: Array) -> None:
        for key, values in columns.items():
            self.pieces.setdefault(key, []).append(values)

    def joined(self) -> dict[str, Array]:
        return {key: np.concatenate(values) for key, values in self.pieces.items()}


class Story:
    """The customers' present state, one array a property, moved on month by month."""

    def __init__(self, rng: np.random.Generator, customers: int, months: int, first: np.datetime64) -> None:
        self.rng, self.months, self.first = rng, months, first
        self.rows, self.products = _Rows(), Products(months)
        weights = 1.0 + 0.9 * np.arange(months) / months
        weights[0] += months / 6  # the customers there before the story begins
        self.birth = rng.choice(months, customers, p=weights / weights.sum())
        self.day = rng.integers(0, 28, customers)
        self.region = rng.choice(len(REGIONS), customers, p=[r.share for r in REGIONS]).astype(np.int8)
        self.plan = rng.choice(len(PLANS), customers, p=[p.share for p in PLANS]).astype(np.int8)
        seats = np.exp(rng.normal(0.0, 0.55, customers)) * np.array([p.seats for p in PLANS])[self.plan]
        self.seats = np.maximum(1, np.round(seats)).astype(np.int64)
        self.annual = rng.random(customers) < np.array([p.annual for p in PLANS])[self.plan]
        self.state = np.zeros(customers, np.int8)
        self.wake = np.full(customers, -1)
        self.start, self.price = np.zeros(customers, np.int64), np.zeros(customers)
        self.chain = np.zeros(customers, np.int64)  # counts a customer's subscriptions: 1, 2 ...
        self.extra = np.full((len(self.products.names), customers), -1)  # month an add-on was bought

    def open(self, who: Array, month: int) -> None:
        """Starts the plan's row of each of these customers at today's list price."""
        self.start[who] = month
        self.price[who] = list_price(self.plan[who], self.region[who], self.annual[who], month / self.months)

    def close(self, who: Array, month: int) -> None:
        """Writes the plan's row up to `month`; `month` past the end leaves it open."""
        self._write(who, 0, self.start[who], month, self.price[who])

    def close_extras(self, who: Array, month: int) -> None:
        for product in range(1, len(self.products.names)):
            have = who[self.extra[product, who] >= 0]
            if have.size:
                price = self.products.price(product, self.region[have])
                self._write(have, product, self.extra[product, have], month, price)
                self.extra[product, have] = -1

    def _write(self, who: Array, product: int, start: Array, month: int, price: Array) -> None:
        end = self._date(np.full(who.size, month), who)
        yearly = self.annual[who] if product == 0 else np.zeros(who.size, bool)
        self.rows.add(
            who=who,
            chain=self.chain[who] * 10 + product,
            product=np.full(who.size, product, np.int8),
            plan=self.plan[who],
            region=self.region[who],
            start=self._date(start, who),
            end=np.where(month >= self.months, np.datetime64("NaT"), end),
            amount=price,
            yearly=yearly,
            quantity=self.seats[who],
        )

    def _date(self, month: Array, who: Array) -> Array:
        first_days = (self.first + month).astype("datetime64[D]")
        return np.asarray(first_days + self.day[who])

    def step(self, month: int) -> None:
        """Play one month: leave, pause, change, return, join, buy add-ons; each customer does one thing."""
        rng = self.rng
        active = np.flatnonzero(self.state == _ACTIVE)
        luck = rng.random(active.size)
        leave = luck < self._leaving(active, month)
        self._leave(active[leave], month)
        stay = active[~leave]
        luck = rng.random(stay.size)
        self._change(stay[luck < 0.028], month)
        self._buy_extras(stay[luck >= 0.028], month)
        back = np.flatnonzero((self.state == _AWAY) & (self.wake == month))
        born = np.flatnonzero((self.state == _UNBORN) & (self.birth == month))
        joining = np.concatenate([back, born])
        self.state[joining] = _ACTIVE
        self.chain[joining] += 1
        self.open(joining, month)
        for product in range(1, len(self.products.names)):
            if month >= self.products.launch[product]:
                self.extra[product, born[rng.random(born.size) < self.products.attach_new[product]]] = month

    def _leaving(self, who: Array, month: int) -> Array:
        """Chance to leave: by plan, higher in the first months, by renewal date, and the recent trouble."""
        plan = self.plan[who]
        age = month - self.birth[who]
        chance = np.array([p.churn for p in PLANS])[plan] * np.where(age <= 3, 1.5, 1.0)
        trouble = (plan == TROUBLED_PLAN) & (month >= self.months - 4)
        campaign = self.birth[who] >= self.months - 9
        chance = chance * np.where(trouble, np.where(campaign, 6.0, 3.2), 1.0)
        # An annual term mostly ends at its anniversary; in trouble some break it early.
        renewal = (month - self.start[who]) % 12 == 0
        yearly = np.where(renewal, np.minimum(9.0 * chance, 0.6), np.where(trouble, 0.3 * chance, 0.0))
        return np.where(self.annual[who], yearly, chance)

    def _leave(self, who: Array, month: int) -> None:
        self.close(who, month)
        self.close_extras(who, month)
        luck = self.rng.random(who.size)
        away = self.rng.integers(1, 4, who.size) + np.where(luck < 0.08, 0, 3)
        returns = luck < 0.2  # 8 % only pause, 12 % are won back later
        self.state[who] = np.where(returns, _AWAY, _GONE)
        self.wake[who] = np.where(returns, month + away, -1)

    def _change(self, who: Array, month: int) -> None:
        """Other seats, or another plan: rows end and their successors start on the same day."""
        self.close(who, month)
        owned = self.extra[:, who] >= 0
        self.close_extras(who, month)
        self.extra[:, who] = np.where(owned, month, -1)
        luck, factor = self.rng.random(who.size), self.rng.random(who.size)
        up, down = luck < 0.16, luck > 0.96
        self.plan[who] = np.clip(
            self.plan[who] + up.astype(np.int8) - down.astype(np.int8), 0, len(PLANS) - 1
        )
        grown = np.where(luck < 0.72, 1.1 + 0.35 * factor, 0.6 + 0.3 * factor)
        seats = np.where(up | down, 1.0, grown) * self.seats[who]
        self.seats[who] = np.maximum(1, np.where(luck < 0.72, np.ceil(seats), np.floor(seats))).astype(
            np.int64
        )
        self.open(who, month)

    def _buy_extras(self, who: Array, month: int) -> None:
        for product in range(1, len(self.products.names)):
            if month >= self.products.launch[product]:
                free = who[self.extra[product, who] < 0]
                buys = self.rng.random(free.size) < self.products.attach[product]
                self.extra[product, free[buys]] = month

    def finish(self) -> dict[str, Array]:
        """Writes what is still running and returns all rows."""
        active = np.flatnonzero(self.state == _ACTIVE)
        self.close(active, self.months)
        self.close_extras(active, self.months)
        return self.rows.joined()
