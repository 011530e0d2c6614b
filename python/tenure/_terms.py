"""What the vendors disagree about, laid over the story: trials, late payments, pauses, discounts, notice.

Drawn from a stream of its own, so that customers, plans, prices and days of the story do not depend on it.
Rows are split where a phase begins or ends; a phase of its own price (a trial, usage, a fee) is a row more.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Columns = dict[str, Array]

STATUSES = ("active", "trial", "past_due", "paused")
_ACTIVE, _TRIAL, _PAST_DUE, _PAUSED = range(4)
KINDS = ("recurring", "usage", "one_time")
_USAGE, _ONE_TIME = 1, 2
DURATIONS = ("forever", "repeating", "once")
_FOREVER, _REPEATING, _ONCE = range(3)
INTERVALS = ("month", "year", "week")
_WEEK = 2

_NEVER = np.datetime64("NaT", "D")
_STARTER, _BUSINESS, _ENTERPRISE = 0, 2, 3
_USAGE_CHAIN, _FEE_CHAIN = 8, 9  # beside the products 0, 1, 2 in the last digit of a chain


def with_terms(raw: Columns, customers: int, seed: int, first: np.datetime64, last: np.datetime64) -> Columns:
    """Return the rows with their terms, for a story from day `first` to day `last`."""
    rng = np.random.Generator(np.random.PCG64([seed, 4]))
    size = raw["who"].size
    rows = {
        **{name: values for name, values in raw.items() if name != "yearly"},
        "interval": raw["yearly"].astype(np.int8),
        "status": np.zeros(size, np.int8),
        "kind": np.zeros(size, np.int8),
        "discount_percent": np.zeros(size),
        "discount_amount": np.zeros(size),
        "discount_duration": np.full(size, _FOREVER, np.int8),
        **{name: np.full(size, _NEVER) for name in ("discount_until", "cancel_requested", "paid_through")},
        "first_payment": raw["start"].astype("datetime64[D]"),
    }
    leaves, gap = _departures(rows)
    base = rows["product"] == 0
    pauses = np.flatnonzero(base & (gap > 0) & (gap <= 95) & (rng.random(size) < 0.6))
    unpaid = base & leaves & (rng.random(size) < 0.3)
    unpaid[pauses] = False
    _give_notice(rng, rows, leaves, unpaid, pauses, last)
    _discount(rng, rows, customers)
    _pay_later(rng, rows)
    more = [
        _paused(rows, pauses, gap),
        _trials(rng, rows, first),
        _usage(rng, rows, last),
        _fees(rng, rows, last),
    ]
    _bill_weekly(rng, rows, customers)
    rows = _past_due(rng, rows, unpaid, last)
    return {name: np.concatenate([values, *(part[name] for part in more)]) for name, values in rows.items()}


def _departures(rows: Columns) -> tuple[Array, Array]:
    """Which rows nothing of their subscription follows at once, and the days until the customer is back."""
    size = rows["who"].size
    order = np.lexsort((rows["start"], rows["product"], rows["who"]))
    who, product = rows["who"][order], rows["product"][order]
    same = (who[1:] == who[:-1]) & (product[1:] == product[:-1])
    days = (rows["start"][order][1:] - rows["end"][order][:-1]).astype("timedelta64[D]").astype(np.int64)
    closed, gap = ~np.isnat(rows["end"]), np.zeros(size, np.int64)
    gap[order[:-1]] = np.where(same & closed[order[:-1]], days, 0)
    follows = np.zeros(size, bool)
    follows[order[:-1]] = same & (days == 0)
    return closed & ~follows, gap


def _firsts(rows: Columns) -> Array:
    """The first row of each customer's own plan."""
    base = np.flatnonzero(rows["product"] == 0)
    order = base[np.lexsort((rows["start"][base], rows["who"][base]))]
    return order[np.flatnonzero(np.diff(rows["who"][order], prepend=-1))]


def _months_on(day: Array, months: Array) -> Array:
    """The same day of a later month; the story knows no day after the 28th."""
    begin = day.astype("datetime64[M]")
    return np.asarray((begin + months).astype("datetime64[D]") + (day - begin.astype("datetime64[D]")))


def _give_notice(
    rng: np.random.Generator, rows: Columns, leaves: Array, unpaid: Array, pauses: Array, last: np.datetime64
) -> None:
    """Who leaves by choice says so before, and has paid until its next billing date; some have just asked."""
    luck, chosen = rng.random(rows["who"].size), leaves & ~unpaid
    chosen[pauses] = False
    days = 1 + np.floor(luck * np.where(rows["interval"] == 1, 90, 27)).astype(np.int64)
    # A customer's products end together, on one notice.
    key = rows["who"] * 100_000 + rows["end"].astype("datetime64[D]").astype(np.int64)
    at_base = chosen & (rows["product"] == 0)
    held, place = np.unique(key[at_base], return_index=True)
    notice = days[at_base][place]
    found = np.searchsorted(held, key)
    known = chosen & (found < held.size)
    known[known] = held[found[known]] == key[known]
    asked = rows["end"] - np.where(known, notice[np.minimum(found, held.size - 1)] if held.size else 0, 0)
    asked = np.maximum(asked, rows["start"])
    rows["cancel_requested"] = np.where(known, asked, _NEVER)
    end = np.where(chosen, rows["end"], rows["start"])
    length = (end.astype("datetime64[M]") - rows["start"].astype("datetime64[M]")).astype(np.int64)
    term = np.where(rows["interval"] == 1, 12, 1)
    until = _months_on(rows["start"], np.maximum(-(-length // term), 1) * term)
    rows["paid_through"] = np.where(chosen, until, _NEVER)
    # The term of these still runs: they count until it ends, or no more.
    going = np.unique(rows["who"][np.isnat(rows["end"])])
    going = going[rng.random(going.size) < 0.016]
    when = last - rng.integers(0, 25, going.size)
    running = np.isnat(rows["end"]) & np.isin(rows["who"], going)
    day = when[np.searchsorted(going, rows["who"][running])]
    rows["cancel_requested"][running] = np.maximum(day, rows["start"][running])


def _discount(rng: np.random.Generator, rows: Columns, customers: int) -> None:
    """Negotiated prices for good, coupons for some months, and a first month for less."""
    first, luck, size = _firsts(rows), rng.random(customers), rng.random(customers)
    start = np.full(customers, np.datetime64("2000-01-01"))
    start[rows["who"][first]] = rows["start"][first]
    large = np.zeros(customers, bool)
    large[rows["who"][first]] = rows["plan"][first] >= _BUSINESS
    forever = luck < np.where(large, 0.09, 0.03)
    repeating = ~forever & (luck < 0.17)
    once = ~forever & ~repeating & (luck < 0.26)
    percent = np.select(
        [forever, repeating, once],
        [10.0 + 5.0 * np.floor(3 * size), 20.0 + 10.0 * np.floor(3 * size), 50.0 + 50.0 * (size < 0.3)],
    )
    until = _months_on(start, np.array([3, 6, 12])[(3 * size).astype(np.int64)])
    who, begin = rows["who"], rows["start"]
    base = rows["product"] == 0
    whole = base & forever[who]
    partly = base & repeating[who] & (begin < until[who]) & (rows["chain"] // 10 == 1)
    opening = np.zeros(who.size, bool)
    opening[first] = True
    opening &= once[who] & (rows["interval"] == 0)
    # Every fourth coupon takes off a round amount of the price of all seats.
    fixed = partly & (who % 4 == 0)
    rows["discount_percent"] = np.where((whole | partly | opening) & ~fixed, percent[who], 0.0)
    price = rows["amount"] * rows["quantity"]
    rows["discount_amount"] = np.where(
        fixed, np.maximum(1.0, np.floor(price * percent[who] / 500.0) * 5.0), 0
    )
    rows["discount_duration"] = np.select([partly, opening], [_REPEATING, _ONCE], _FOREVER).astype(np.int8)
    rows["discount_until"] = np.where(partly, until[who], _NEVER)


def _pay_later(rng: np.random.Generator, rows: Columns) -> None:
    """Some pay their first invoice after days; everybody else on the day."""
    first = _firsts(rows)
    late = first[rng.random(first.size) < 0.12]
    rows["first_payment"][late] += 2 + np.floor(rng.random(late.size) * 12).astype(np.int64)


def _copied(rows: Columns, chosen: Array, **changed: Any) -> Columns:
    """Some rows anew, without discount and notice, with other values where told."""
    out = {name: values[chosen].copy() for name, values in rows.items()}
    plain = {
        "discount_percent": 0.0,
        "discount_amount": 0.0,
        "discount_duration": _FOREVER,
        **dict.fromkeys(("discount_until", "cancel_requested", "paid_through"), _NEVER),
    }
    for name, value in {**plain, **changed}.items():
        out[name][:] = value
    return out


def _paused(rows: Columns, pauses: Array, gap: Array) -> Columns:
    end = rows["end"][pauses]
    return _copied(rows, pauses, status=_PAUSED, start=end, end=end + gap[pauses], paid_through=end)


def _trials(rng: np.random.Generator, rows: Columns, first: np.datetime64) -> Columns:
    """Two weeks or a month for nothing before the first paid day."""
    begun = _firsts(rows)
    luck = rng.random(begun.size)
    days = np.where(luck < 0.12, 14, 30)
    tried = (luck < 0.18) & (rows["start"][begun] - days >= first)
    paid = begun[tried]
    start = rows["start"][paid]
    return _copied(
        rows, paid, status=_TRIAL, amount=0.0, start=start - days[tried], end=start, first_payment=_NEVER
    )


def _usage(rng: np.random.Generator, rows: Columns, last: np.datetime64) -> Columns:
    """Metered use of a few large customers, billed by the month, over the year before the story's end."""
    large = (rows["product"] == 0) & (rows["plan"] >= _BUSINESS) & np.isnat(rows["end"])
    metered = np.flatnonzero(large)
    metered = metered[rng.random(metered.size) < 0.06]
    chosen = np.repeat(metered, 12)
    ago = np.tile(np.arange(12, 0, -1), metered.size)
    in_last = last.astype("datetime64[M]").astype("datetime64[D]") + (
        rows["start"][chosen] - rows["start"][chosen].astype("datetime64[M]").astype("datetime64[D]")
    )
    start = _months_on(in_last, -ago)
    billed = np.round(np.exp(rng.normal(3.6, 0.6, chosen.size)), 2)
    kept = start >= rows["start"][chosen]
    chain = rows["chain"][chosen] + _USAGE_CHAIN
    used = {"kind": _USAGE, "quantity": 1, "interval": 0, "first_payment": start[kept]}
    begin = start[kept]
    return _copied(
        rows,
        chosen[kept],
        **used,
        chain=chain[kept],
        amount=billed[kept],
        start=begin,
        end=_months_on(begin, np.ones(begin.size, np.int64)),
    )


def _fees(rng: np.random.Generator, rows: Columns, last: np.datetime64) -> Columns:
    """What large customers pay once to be set up; for some over three months of help."""
    begun = _firsts(rows)
    share = np.where(
        rows["plan"][begun] == _ENTERPRISE, 0.3, np.where(rows["plan"][begun] == _BUSINESS, 0.06, 0)
    )
    luck = rng.random(begun.size)
    paid = begun[luck < share]
    until = _months_on(rows["start"][paid], np.full(paid.size, 3))
    # Help that still runs is booked without its end: the story knows nothing of the days after it.
    dated = (luck[luck < share] < share[luck < share] / 2) & (until <= last)
    end = np.where(dated, until, _NEVER)
    amount = np.where(rows["plan"][paid] == _ENTERPRISE, 1500.0, 450.0)
    chain = rows["chain"][paid] + _FEE_CHAIN
    return _copied(rows, paid, kind=_ONE_TIME, quantity=1, interval=0, chain=chain, amount=amount, end=end)


def _bill_weekly(rng: np.random.Generator, rows: Columns, customers: int) -> None:
    """A few small customers pay by the week: a 52nd part of twelve months, to the cent."""
    weekly = (rng.random(customers) < 0.02)[rows["who"]]
    weekly &= (rows["product"] == 0) & (rows["plan"] == _STARTER) & (rows["interval"] == 0)
    weekly &= (rows["discount_amount"] == 0) & (rows["kind"] == 0)
    rows["amount"] = np.where(weekly, np.round(rows["amount"] * 12 / 52, 2), rows["amount"])
    rows["interval"] = np.where(weekly, _WEEK, rows["interval"]).astype(np.int8)


def _past_due(rng: np.random.Generator, rows: Columns, unpaid: Array, last: np.datetime64) -> Columns:
    """Splits rows where a payment fails: it comes late, or not at all, or is still awaited."""
    size, start, end = rows["who"].size, rows["start"], rows["end"]
    luck, days = rng.random(size), 5 + np.floor(rng.random(size) * 45).astype(np.int64)
    term = np.where(rows["interval"] == 1, 12, 1)
    whole = np.where(np.isnat(end), last + 1, end)
    terms = (whole.astype("datetime64[M]") - start.astype("datetime64[M]")).astype(np.int64) // term
    due = _months_on(
        start, term * (1 + np.floor(rng.random(size) * np.maximum(terms - 1, 1)).astype(np.int64))
    )
    late = ~unpaid & (rows["product"] == 0) & (terms > 1) & (luck < 0.05) & (due + days < whole)
    # A bill of the last months of some who still run: not paid yet.
    since = np.where(term == 1, 1 + np.floor(rng.random(size) * 3).astype(np.int64), 0)
    latest = _months_on(start, term * np.maximum(terms - since, 1))
    awaited = np.isnat(end) & (rows["product"] == 0) & (terms > 1) & ~late & (luck > 0.975)
    awaited &= (latest <= last) & (last - latest < np.timedelta64(90, "D"))
    given_up = unpaid & (end - start > days + 40)
    fails = np.select([late, awaited], [due, latest], np.where(np.isnat(end), last, end) - days - 20)
    paid = np.select([late, given_up], [due + days, end], _NEVER)
    stretch = np.flatnonzero(late | awaited | given_up)
    after = np.flatnonzero(late)
    before = {name: values.copy() for name, values in rows.items()}
    before["end"][stretch] = fails[stretch]
    for name in ("cancel_requested", "paid_through"):
        before[name][stretch] = _NEVER
    failed = {name: values[stretch].copy() for name, values in rows.items()}
    failed.update(start=fails[stretch], end=paid[stretch], first_payment=fails[stretch])
    failed["status"][:] = _PAST_DUE
    settled = {name: values[after].copy() for name, values in rows.items()}
    settled.update(start=paid[after], first_payment=paid[after])
    for part in (failed, settled):
        spent = part["discount_duration"] == _ONCE
        part["discount_percent"][spent] = 0.0
        part["discount_duration"][spent] = _FOREVER
        part["cancel_requested"] = np.maximum(part["cancel_requested"], part["start"])
    for name in ("cancel_requested", "paid_through"):
        failed[name][np.isin(stretch, after)] = _NEVER
    return {name: np.concatenate([before[name], failed[name], settled[name]]) for name in rows}
