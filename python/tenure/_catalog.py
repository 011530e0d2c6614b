"""What the made-up company of `tenure.sample` sells, where, and at which price."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Plan(NamedTuple):
    """A plan: share of new customers, median seats, euro a seat and month, churn, share of annual terms."""

    name: str
    share: float
    seats: float
    price: float
    churn: float
    annual: float


class Region(NamedTuple):
    """A region: share of new customers, factor on the list price, currency, units of it for one euro."""

    name: str
    share: float
    level: float
    currency: str
    rate: float


PLANS = (
    Plan("Starter", 0.38, 2.5, 15.0, 0.026, 0.12),
    Plan("Team", 0.36, 8.0, 24.0, 0.014, 0.3),
    Plan("Business", 0.22, 22.0, 36.0, 0.0075, 0.5),
    Plan("Enterprise", 0.04, 60.0, 48.0, 0.004, 0.8),
)
TROUBLED_PLAN = 1
REGIONS = (
    Region("DACH", 0.38, 1.0, "EUR", 1.0),
    Region("Nordics", 0.16, 1.1, "SEK", 11.2),
    Region("UK and Ireland", 0.2, 0.95, "GBP", 0.85),
    Region("North America", 0.26, 1.15, "USD", 1.08),
)


def list_price(plan: Array, region: Array, annual: Array, progress: Array | float) -> Array:
    """Whole euro a seat for one interval. Lists rise by 5 % halfway; a year is sold for ten months."""
    base = np.array([p.price for p in PLANS])[plan] * np.array([r.level for r in REGIONS])[region]
    monthly = np.round(base * np.where(np.asarray(progress) >= 0.5, 1.05, 1.0))
    prices: Array = np.where(annual, 10.0 * monthly, monthly)
    return prices


class Products:
    """The plans' own product and two add-ons, sold by seat: one launched early, one in the last year."""

    names = ("Platform", "Insights", "Assistant")
    attach = (0.0, 0.006, 0.010)  # chance a month that a customer adds it
    attach_new = (0.0, 0.08, 0.16)  # share of new customers who take it at once
    prices = (0.0, 6.0, 9.0)

    def __init__(self, months: int) -> None:
        self.launch = (0, months // 4, max(months - 8, months // 2))

    def price(self, product: int, region: Array) -> Array:
        """Whole euro a seat and month."""
        prices: Array = np.round(self.prices[product] * np.array([r.level for r in REGIONS])[region])
        return prices
