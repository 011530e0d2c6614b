"""Made-up data with a seed: a believable software company, and rows in bulk for speed tests.

Both are drawn from ``numpy.random.Generator(PCG64(seed))`` by whole columns, so the same seed gives the same
bytes and a million customers take seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import _forecasts, _growth
from ._catalog import PLANS, REGIONS, Products
from ._story import Story
from ._terms import DURATIONS, INTERVALS, KINDS, STATUSES, with_terms
from ._worldwide import BASE, rates, with_knowledge
from .errors import OptionError

if TYPE_CHECKING:
    from .book import Book
    from .fx import Rates

Array = NDArray[Any]

_LAST_MONTH = np.datetime64("2025-06", "M")
_TERMS = (
    "status", "kind", "discount_percent", "discount_amount", "discount_duration", "discount_until",
    "cancel_requested", "paid_through", "first_payment",
)  # fmt: skip
_KNOWLEDGE = {"recorded": "recorded", "superseded": "superseded", "id": "record", "version": "version"}


@dataclass(frozen=True)
class Company:
    """A company and its subscription rows; months are named by their first day.

    `rates` are the exchange rates of a company that bills in several currencies and reports in `currency`.
    `spend` is what marketing cost (``date``, ``channel``, ``kind``, ``paid``, ``amount``, ``currency``; where
    there are rates, some of it is in USD), and `transactions` what customers bought once (``customer``,
    ``date``, ``amount``): no part of the subscriptions. `deals` and `calls` are what its sales team said.
    """

    name: str
    currency: str
    first_month: str
    last_month: str
    subscriptions: dict[str, Array] = field(repr=False)
    rates: Rates | None = field(default=None, repr=False)
    spend: dict[str, Array] = field(default_factory=dict, repr=False)
    transactions: dict[str, Array] = field(default_factory=dict, repr=False)
    _sales: Callable[[], tuple[dict[str, Array], dict[str, Array]]] | None = field(
        default=None, repr=False, compare=False
    )

    @cached_property
    def deals(self) -> dict[str, Array]:
        """Weekly snapshots of the sales team's opportunities, in EUR a year; made when first asked for.

        ``taken``, ``opportunity``, ``owner``, ``kind`` (``new`` or ``expansion``), ``close_date``,
        ``category``, ``outcome`` (``open``, ``won``, ``lost``), ``probability``, ``amount``. What they win is
        what customers start or add. A deal is in each snapshot until the first one that shows how it ended.
        """
        return self._made[0]

    @cached_property
    def calls(self) -> dict[str, Array]:
        """What each owner called for each quarter, every Monday of it, in EUR a year.

        ``taken``, ``period``, ``owner``, ``category`` (``commit``, ``best_case``, ``pipeline``), ``amount``,
        and the ``actual`` that the owner's deals won. One owner holds back, one hopes.
        """
        return self._made[1]

    @cached_property
    def _made(self) -> tuple[dict[str, Array], dict[str, Array]]:
        return self._sales() if self._sales else ({}, {})

    def book(self, **options: Any) -> Book:
        """Return the book of its rows, with all columns that a policy may read; `options` as for `Book`.

        Examples
        --------
        >>> from tenure import sample
        >>> sample.company(customers=30, months=12).book(policy="stripe").policy.name
        'stripe'
        """
        from .book import Book

        same = {
            name: name for name in ("customer", "subscription", "product", "start", "end", "amount", *_TERMS)
        }
        columns = {**same, "quantity": "quantity", "by": ["plan", "region"]}
        intervals = {"interval_column": "interval", "currency_column": "currency"}
        known: dict[str, Any] = {"as_of": last_day(self)}
        if self.rates is not None:
            known |= {"reporting_currency": self.currency, "rates": self.rates}
        if "recorded" in self.subscriptions:
            known |= dict(_KNOWLEDGE)
        return Book(self.subscriptions, **{**columns, **intervals, **known, **options})


def _labels(prefix: str, numbers: Array, width: int, suffix: Array | None = None) -> Array:
    """``prefix`` plus zero-padded numbers (plus ``-suffix``), written digit by digit as one block of text."""
    tail = [] if suffix is None else [np.full(numbers.size, ord("-")), *_digits(suffix, 2)]
    head = [np.full(numbers.size, ord(letter)) for letter in prefix]
    block = np.stack([*head, *_digits(numbers, width), *tail], axis=1).astype("<u4")
    return np.ascontiguousarray(block).view(f"<U{block.shape[1]}").ravel()


def _digits(numbers: Array, width: int) -> list[Array]:
    return [numbers // 10**place % 10 + ord("0") for place in range(width - 1, -1, -1)]


def company(
    customers: int = 2000,
    months: int = 36,
    seed: int = 7,
    *,
    currencies: bool = False,
    name: str = "Fernwood Systems",
) -> Company:
    """Return a made-up software company.

    Parameters
    ----------
    customers
        How many customers ever start.
    months
        Length of the story; it ends with June 2025.
    seed
        Same seed, same bytes.
    currencies
        Price each region in its own currency, with the code in column ``currency``; otherwise all is EUR.

    Returns
    -------
    Company
        Its ``subscriptions`` hold one row for each stretch of unchanged plan, seats, price and status:
        ``customer``, ``subscription``, ``product``, ``plan``, ``region``, ``start``, ``end`` (NaT = running),
        ``amount`` (price of one unit for one interval), ``interval`` (``month``, ``year`` or ``week``),
        ``quantity`` (seats) and ``currency``; and what tools read differently: ``status``, ``kind``,
        ``discount_percent``, ``discount_amount``, ``discount_duration``, ``discount_until``,
        ``cancel_requested``, ``paid_through`` and ``first_payment``; and ``channel``, through which the
        customer came (``book(by=["channel"])`` cuts by it). ``spend`` and ``transactions`` are its marketing
        spend and one-off sales, ``deals`` and ``calls`` what its sales team said week by week.

    Raises
    ------
    OptionError
        `customers` is negative or `months` is below 1.

    Examples
    --------
    >>> from tenure import sample
    >>> sample.company(customers=3, months=12, seed=1).currency
    'EUR'
    """
    if customers < 0 or months < 1:
        raise OptionError(
            f"customers={customers}, months={months}: need customers >= 0 and months >= 1", code="E_OPTION"
        )
    rng = np.random.Generator(np.random.PCG64(seed))
    story = Story(rng, customers, months, _LAST_MONTH - (months - 1))
    for month in range(months):
        story.step(month)
    begin, end = (month.astype("datetime64[D]") for month in (_LAST_MONTH - (months - 1), _LAST_MONTH + 1))
    told = story.finish()
    sales = partial(_forecasts.sales, seed, told, begin, end - 1)
    raw = with_terms(told, customers, seed, begin, end - 1)
    channel = _growth.channels(seed, customers)
    rows = _columns(raw, story.products, customers, channel, currencies=currencies)
    first = str(_LAST_MONTH - (months - 1))
    born = _growth.starts(raw["who"], raw["start"], customers)
    dollar = next(region.rate for region in REGIONS if region.currency == "USD") if currencies else 0.0
    spend = _growth.spend(seed, channel, born, begin, months, dollar)
    who, day, price = _growth.purchases(seed, born, end - 1)
    bought = {"customer": _labels("C-", who, _width(customers)), "date": day, "amount": price}
    return Company(name, "EUR", first, str(_LAST_MONTH), rows, spend=spend, transactions=bought, _sales=sales)


def global_company(
    customers: int = 2000, months: int = 36, seed: int = 7, *, name: str = "Fernwood Systems"
) -> Company:
    """Return the made-up company as its billing sees it: in four currencies, and with what was known when.

    Customers, plans and days are those of ``company(currencies=True)``. Each region is billed in its
    currency, and `Company.rates` are the exchange rates of every business day. Each row is a version: some
    were entered late, some corrected, some deleted, and the end of a subscription is known from the day on
    which it was entered. Three months before the last one, most of what ended was entered weeks late.

    Returns
    -------
    Company
        Beside the columns of `company`: ``record`` and ``version`` (what a row is a version of), ``recorded``
        (the day it was entered) and ``superseded`` (the first day it no longer stood; NaT: it stands).

    Raises
    ------
    OptionError
        `customers` is negative or `months` is below 1.

    Examples
    --------
    >>> from tenure import sample
    >>> made = sample.global_company(customers=30, months=12)
    >>> made.rates.currencies
    ['EUR', 'GBP', 'SEK', 'USD']
    >>> book = made.book()
    >>> book.currency, book.has_knowledge
    ('EUR', True)
    """
    made = company(customers, months, seed, currencies=True, name=name)
    first = np.datetime64(made.first_month, "M").astype("datetime64[D]")
    last = np.datetime64(last_day(made), "D")
    from .fx import Rates  # not needed by other samples

    known = with_knowledge(made.subscriptions, seed, last)
    quoted = Rates(rates(seed, first, last), base=BASE)
    return replace(made, subscriptions=known, rates=quoted)


def last_day(made: Company) -> date:
    """Return the day with which the story of a company ends."""
    month = np.datetime64(made.last_month, "M")
    day: date = ((month + 1).astype("datetime64[D]") - 1).item()
    return day


def _width(customers: int) -> int:
    """Digits of a customer's number."""
    return max(6, len(str(max(customers - 1, 0))))


def _columns(
    raw: dict[str, Array], products: Products, customers: int, channel: Array, *, currencies: bool
) -> dict[str, Array]:
    """Names for codes, prices in the region's currency, rows in the order in which they were booked."""
    order = np.lexsort((raw["chain"], raw["who"], raw["start"]))
    raw = {key: values[order] for key, values in raw.items()}
    region, width = raw["region"], _width(customers)
    amount, discount, codes = raw["amount"], raw["discount_amount"], np.full(region.size, "EUR")
    if currencies:
        rate = np.array([r.rate for r in REGIONS])[region]
        whole = amount == np.round(amount)
        amount = np.where(whole, np.round(amount * rate), np.round(amount * rate, 2))
        discount = np.round(discount * rate)
        codes = np.array([r.currency for r in REGIONS])[region]
    return {
        "customer": _labels("C-", raw["who"], width),
        "subscription": _labels("S-", raw["who"], width, raw["chain"]),
        "product": np.array(products.names)[raw["product"]],
        "plan": np.array([p.name for p in PLANS])[raw["plan"]],
        "region": np.array([r.name for r in REGIONS])[region],
        "start": raw["start"],
        "end": raw["end"],
        "amount": amount,
        "interval": np.array(INTERVALS)[raw["interval"]],
        "quantity": raw["quantity"],
        "currency": codes,
        "status": np.array(STATUSES)[raw["status"]],
        "kind": np.array(KINDS)[raw["kind"]],
        "discount_percent": raw["discount_percent"],
        "discount_amount": discount,
        "discount_duration": np.array(DURATIONS)[raw["discount_duration"]],
        **{
            name: raw[name]
            for name in ("discount_until", "cancel_requested", "paid_through", "first_payment")
        },
        "channel": np.array([one.name for one in _growth.CHANNELS])[channel[raw["who"]]],
    }


def bridge_rows(customers: int, months: int = 60, seed: int = 1) -> dict[str, Array]:
    """Return shuffled interval rows in bulk, the input of the bridge benchmark.

    Each customer has one interval plus a Poisson(4) number of them, of exponential length (mean 200 days),
    20 % of them followed by a gap, with lognormal monthly amounts, over `months` 30-day months and 25 days
    from 2020-01-01. 2,500,000 customers give about 9.2 million rows: ``customer`` int64, ``start`` and
    ``end`` datetime64[D] (NaT = running), ``amount`` int64.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    counts = 1 + rng.poisson(4, customers)
    customer = np.repeat(np.arange(customers, dtype=np.int64), counts)
    size = customer.size
    length = np.maximum(1, rng.exponential(200.0, size).astype(np.int64))
    gap = np.where(rng.random(size) < 0.2, rng.integers(1, 120, size), 0)
    elapsed = np.cumsum(length + gap) - (length + gap)
    origin = np.repeat(rng.integers(0, months * 30, customers) - _at_group_starts(elapsed, counts), counts)
    start = elapsed + origin
    horizon = months * 30 + 25
    kept = rng.permutation(np.flatnonzero(start < horizon))
    start, end = start[kept], (start + length)[kept]
    epoch = np.datetime64("2020-01-01", "D")
    return {
        "customer": customer[kept],
        "start": epoch + start,
        "end": np.where(end < horizon, epoch + end, np.datetime64("NaT")),
        "amount": (rng.lognormal(4.0, 1.0, kept.size) * 100).astype(np.int64) + 100,
    }


def _at_group_starts(values: Array, counts: Array) -> Array:
    """The value of each group's first element."""
    return values[np.cumsum(counts) - counts] if counts.size else values
