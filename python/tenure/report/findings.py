"""What needs attention: rules with thresholds over the figures, each with its money at stake and its rows.

A rule returns nothing or one `Finding`; the same figures give the same sentences. Three months are compared
with the twelve before them. Money at stake is yearly (ARR), so findings can be ranked against each other.
"""

from __future__ import annotations

from collections.abc import Iterable

from .figures import BEFORE, ENOUGH, LOSSES, RECENT, Figures, change, difference, ratio, total
from .finding import Finding, Rows, streak
from .format import money, month, percent, points, shift, word
from .segment_churn import worst_segments

RETENTION_SLIP = 0.01
COHORT_SLIP = 0.02
NEW_FALL = 0.15
TOP_ONE, TOP_TEN = 0.10, 0.40
COVER = 0.6
NEW_PRODUCTS = 0.10
ARPA_RISE = 0.05
MOST_BAD, MOST_GOOD = 4, 2


def retention(figures: Figures) -> Finding | None:
    """Net retention against three months ago."""
    series = figures.retention["nrr"]
    moved, now = difference(series, RECENT), series[-1] if series else None
    if moved is None or now is None or abs(moved) < RETENTION_SLIP or figures.few_before:
        return None
    place = len(figures.bridge["closing"]) - 1 - BEFORE
    base = 12.0 * (figures.bridge["closing"][place] or 0.0) if place >= 0 else figures.arr
    run = streak(series, falling=moved < 0)
    verb = "fallen" if moved < 0 else "risen"
    lead = f"Net retention has {verb}" + (f" for {word(run)} months in a row" if run > 1 else "")
    worth = money(abs(moved) * base, figures.currency)
    against = month(shift(figures.last, -RECENT))
    rest = f"({points(moved)} on {against}, to {percent(now)}); worth {worth} of ARR on the same customers."
    clause = f"net retention has {verb} to {percent(now)}"
    rows = Rows(("churn", "contraction") if moved < 0 else ("expansion",))
    return Finding("nrr", moved > 0, lead, rest, clause, abs(moved) * base, rows)


def cohort_shift(figures: Figures, age: int = 3, late: int = 6) -> tuple[float, float, int] | None:
    """Share of revenue left at `age` of the latest cohorts and of those before; where the latest begin."""
    seen = [
        row for row, held in enumerate(figures.triangle.amounts) if len(held) > age and held[age] is not None
    ]
    seen = [row for row in seen if figures.triangle.amounts[row][0]]
    if len(seen) < late * 2:
        return None

    people = figures.triangle.customers
    sides = (seen[-late:], seen[-late - BEFORE : -late])
    if min(sum(people[row][0] or 0 for row in side) for side in sides) < ENOUGH:
        return None

    def left(rows: list[int]) -> float:
        held = [figures.triangle.amounts[row] for row in rows]
        return float(sum(row[age] for row in held) / sum(row[0] for row in held))

    return left(sides[0]), left(sides[1]), seen[-late]


def cohorts(figures: Figures) -> Finding | None:
    """Later cohorts against those before, at the same age."""
    shares = cohort_shift(figures)
    if shares is None or abs(shares[0] - shares[1]) < COHORT_SLIP:
        return None
    late, before, row = shares
    sold = 12.0 * sum(held[0] for held in figures.triangle.amounts[row:] if held[0])
    stake = abs(late - before) * sold
    more = "more" if late > before else "less"
    since = month(figures.triangle.starts[row])
    lead = f"Customers who started since {since} keep {more} of their revenue"
    worth = money(stake, figures.currency)
    rest = f"({percent(late)} after three months, {percent(before)} in the cohorts before); {worth} of ARR."
    clause = f"customers who started since {since} keep {more} of their revenue"
    return Finding("cohorts", late > before, lead, rest, clause, stake, Rows(LOSSES))


def new_business(figures: Figures) -> Finding | None:
    """New MRR of three months against the same months of the year before."""
    now, before = total(figures.bridge["new"]), total(figures.bridge["new"], RECENT, BEFORE)
    if len(figures.months) < RECENT + BEFORE or not before or now / before > 1 - NEW_FALL:
        return None
    if total(figures.bridge["new_customers"], RECENT, BEFORE) < ENOUGH:
        return None
    gap = 12.0 * (before - now)
    lead = f"New business is {percent(1 - now / before, 0)} below the same months of the year before"
    sold, former = money(12 * now, figures.currency), money(12 * before, figures.currency)
    rest = f"({sold} of new ARR in three months against {former})."
    return Finding("new", False, lead, rest, "new business is falling", gap, Rows(("new",)))


def concentration(figures: Figures) -> Finding | None:
    """ARR that hangs on one customer, or on ten."""
    shares = dict(zip(figures.concentration["top"], figures.concentration["share"], strict=True))
    amounts = dict(zip(figures.concentration["top"], figures.concentration["amount"], strict=True))
    for top, limit, who in ((1, TOP_ONE, "one customer holds"), (10, TOP_TEN, "ten customers hold")):
        share = shares.get(top)
        if share is not None and share >= limit and figures.customers() >= max(ENOUGH, 2 * top):
            held, whole = money(12 * amounts[top], figures.currency), money(figures.arr, figures.currency)
            clause = f"{who} {percent(share, 0)} of ARR"
            lead = clause[0].upper() + clause[1:]
            rows = Rows(("closing",), 1, top=top)
            return Finding(
                "concentration", False, lead, f"({held} of {whole}).", clause, 12 * amounts[top], rows
            )
    return None


def expansion(figures: Figures) -> Finding | None:
    """How much of the losses the existing customers made up for."""
    gained = total(figures.bridge["expansion"])
    lost = sum(total(figures.bridge[kind]) for kind in LOSSES)
    share = ratio(gained, lost)
    if share is None or share < COVER:
        return None
    clause = f"expansion covers {percent(share, 0)} of all losses"
    won, gone = money(12 * gained, figures.currency), money(12 * lost, figures.currency)
    rest = f"of the last three months ({won} of ARR gained, {gone} lost)."
    lead = clause[0].upper() + clause[1:]
    return Finding("expansion", True, lead, rest, clause, 12 * gained, Rows(("expansion",)))


def launches(figures: Figures) -> Finding | None:
    """New ARR from products that are less than a year old."""
    held = figures.new_products
    if held is None:
        return None
    sold, fresh = total(held["new_arr"]), total(held["new_product_arr"])
    share = ratio(fresh, sold)
    if share is None or share < NEW_PRODUCTS:
        return None
    clause = f"new products bring {percent(share, 0)} of new ARR"
    worth = money(fresh, figures.currency)
    rest = f"in the last three months ({worth} from products launched within twelve months)."
    lead = clause[0].upper() + clause[1:]
    return Finding("launches", True, lead, rest, clause, fresh, Rows(("new", "expansion")))


def arpa(figures: Figures) -> Finding | None:
    """Average revenue of a customer against a year ago."""
    moved = change(figures.growth["arpa"], BEFORE)
    if moved is None or abs(moved) < ARPA_RISE or figures.few_before:
        return None
    now = figures.growth["arpa"][-1]
    verb = "up" if moved > 0 else "down"
    lead = f"Revenue per customer is {verb} {percent(abs(moved))} on {month(shift(figures.last, -BEFORE))}"
    stake = abs(figures.arr - figures.arr / (1 + moved))
    rest = f"(now {money(now, figures.currency)} a month)."
    clause = f"revenue per customer is {verb} {percent(abs(moved))}"
    return Finding("arpa", moved > 0, lead, rest, clause, stake, Rows(("expansion", "contraction")))


RULES = (retention, cohorts, new_business, concentration, expansion, launches, arpa)


def ranked(found: Iterable[Finding]) -> list[Finding]:
    """Problems first, then what goes well, each by money at stake (ties by key)."""
    order = sorted(found, key=lambda finding: (finding.good, -finding.stake, finding.key))
    bad = [finding for finding in order if not finding.good][:MOST_BAD]
    return bad + [finding for finding in order if finding.good][:MOST_GOOD]


def find(figures: Figures) -> list[Finding]:
    """Return the findings of the last month, most money first."""
    if figures.few:
        return []
    return ranked([*worst_segments(figures), *filter(None, (rule(figures) for rule in RULES))])
