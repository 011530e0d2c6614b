"""Titles that say what a chart shows, written from its numbers."""

from __future__ import annotations

from ..markup import isolated
from .figures import ENOUGH, LOSSES, RECENT, Figures, difference, ratio, total
from .finding import Finding, streak
from .findings import COHORT_SLIP, RETENTION_SLIP, cohort_shift
from .format import counted, money, month, percent, readable, word

_FLAT = 0.03


def report(figures: Figures, findings: list[Finding]) -> str:
    """The finding of the month: what ARR did over the year, and the finding with most money."""
    moved, span = figures.growth["yoy"][-1], "on the year"
    if moved is None or figures.few_before:
        moved, span = figures.growth["mom"][-1], "on the month"
    if figures.few:
        who = counted(int(figures.customers()), "customer")
        return f"ARR is {money(figures.arr, figures.currency)} from {who}"
    if moved is None:
        return f"ARR is {money(figures.arr, figures.currency)} in the first month"
    if abs(moved) < _FLAT:
        growth = "ARR stands where it was a " + span.rsplit(" ", maxsplit=1)[-1] + " ago"
    else:
        growth = f"ARR is {'up' if moved > 0 else 'down'} {percent(abs(moved), 0)} {span}"
    if not findings:
        return growth
    named = _named(findings)
    joint = "but" if named.good != (moved >= 0) else "and"
    return f"{growth}, {joint} {named.clause}"


def _named(findings: list[Finding]) -> Finding:
    """The problem of a segment that chance explains least, as it says where to look; or the dearest one."""
    where = [finding for finding in findings if not finding.good and finding.rows and finding.rows.segment]
    return max(where, key=lambda finding: finding.surprise, default=findings[0])


def bridge(figures: Figures) -> str:
    """How much of the new business the losses took back."""
    new, lost = total(figures.bridge["new"]), sum(total(figures.bridge[kind]) for kind in LOSSES)
    back = ratio(lost, new)
    if figures.few and (new or lost):
        return "How MRR moved"
    if back is None:
        return f"No new business; {money(lost, figures.currency)} of MRR lost" if lost else "Nothing moved"
    if lost == 0:
        return f"{money(new, figures.currency)} of new MRR, nothing lost"
    if back > 1:
        return f"Losses of {money(lost, figures.currency)} exceed the new business"
    return f"Losses of {money(lost, figures.currency)} took back {percent(back, 0)} of the new business"


def retention(figures: Figures) -> str:
    """Where net retention goes."""
    series = figures.retention["nrr"]
    moved = difference(series, RECENT)
    if not series or series[-1] is None:
        return "Net retention needs customers of twelve months ago"
    if figures.few or figures.few_before:
        return "Retention of the customers of twelve months ago"
    if moved is None or abs(moved) < RETENTION_SLIP:
        return f"Net retention holds at {percent(series[-1])}"
    run = streak(series, falling=moved < 0)
    verb = "slips" if moved < 0 else "rises"
    return (
        f"Net retention {verb} for the {_ordinal(run)} month"
        if run > 1
        else f"Net retention {verb} over three months"
    )


def _ordinal(place: int) -> str:
    special = {
        2: "second",
        3: "third",
        4: "fourth",
        5: "fifth",
        6: "sixth",
        7: "seventh",
        8: "eighth",
        9: "ninth",
    }
    return special.get(place, f"{place}th")


def cohorts(figures: Figures) -> str:
    """Later cohorts against earlier ones."""
    shares = cohort_shift(figures)
    if shares is None:
        return "Revenue left of each month's new customers"
    late, before, row = shares
    if abs(late - before) < COHORT_SLIP:
        return f"New customers keep {percent(late, 0)} of their revenue after three months, as before"
    more = "more" if late > before else "less"
    return f"Cohorts since {month(figures.triangle.starts[row])} keep {more} of their revenue"


def logos(shares: list[float | None], started: list[float]) -> str:
    """How many of a hundred customers are left at the last age that enough of them have reached."""
    held = [
        (age, share)
        for age, (share, size) in enumerate(zip(shares, started, strict=True))
        if share is not None and age > 0 and size >= ENOUGH
    ]
    if not held:
        return "Customers left of each month's new ones"
    age, share = held[-1]
    months = "one month" if age == 1 else f"{word(age)} months"
    return f"{round(share * 100)} of 100 customers are still there after {months}"


def segments(figures: Figures, dimension: str) -> str:
    """The largest segment, and the one that grew most."""
    held = [segment for segment in figures.segments[dimension] if segment.mrr > 0]
    whole = sum(segment.mrr for segment in held)
    if not held:
        return f"Nothing live by {readable(dimension)}"
    if figures.few:
        return f"MRR by {readable(dimension)}"
    lead = f"{isolated(held[0].name)} brings {percent(held[0].mrr / whole, 0)} of MRR"
    grown = [
        (moved, segment)
        for segment in held
        if (moved := segment.grown) is not None and segment.customers_before >= ENOUGH
    ]
    if len(grown) < 2:
        return lead
    moved, fastest = max(grown, key=lambda pair: pair[0])
    if moved <= 0:
        return f"{lead}; none has grown in a year"
    if fastest is held[0]:
        return f"{lead} and grew most, by {percent(moved, 0)}"
    return f"{lead}; {isolated(fastest.name)} grew most, by {percent(moved, 0)}"


def launches(figures: Figures) -> str:
    """Share of new ARR from young products over a year."""
    if figures.new_products is None:
        return ""
    sold, fresh = (
        total(figures.new_products["new_arr"], 12),
        total(figures.new_products["new_product_arr"], 12),
    )
    share = ratio(fresh, sold)
    return (
        "No new ARR in twelve months"
        if share is None
        else f"New products brought {percent(share, 0)} of new ARR in twelve months"
    )


def concentration(figures: Figures) -> str:
    """Share of the largest customers, if there are many more of them."""
    shares = dict(zip(figures.concentration["top"], figures.concentration["share"], strict=True))
    tops = [top for top, share in shares.items() if share is not None and 2 * top <= figures.customers()]
    if figures.few or not tops:
        return "Share of the largest customers" if figures.customers() else "No live customers"
    return f"The {word(max(tops))} largest customers hold {percent(shares[max(tops)])} of MRR"
