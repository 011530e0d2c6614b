"""Churn of one plan, region or product against its own past."""

from __future__ import annotations

from math import sqrt

from ..markup import isolated
from .figures import BEFORE, ENOUGH, RECENT, Figures, Segment, mean, ratio, total
from .finding import Finding, Rows
from .format import money, percent, readable, word

# A rise or fall counts when it is large against the segment's past and worth something to the company.
CHURN_RISE = 1.3
CHURN_FALL = 0.6
WORTH = 0.002
CHANCE = 2.0  # standard deviations of a count of leavers that would leave at the former rate
WHOLE = 0.8  # a segment this large is the company, not a part of it


def times(factor: float) -> str:
    """A factor in words: ``twice``, ``2.4 times``."""
    return "twice" if 1.95 <= factor < 2.05 else f"{factor:.1f} times"


def months_above(segment: Segment, level: float) -> int:
    """How many months in a row the churn rate of the segment has been above `level`, counted from the end."""
    above = 0
    for lost, opening in zip(
        reversed(segment.bridge["churn"]), reversed(segment.bridge["opening"]), strict=True
    ):
        if not opening or lost / opening <= level:
            break
        above += 1
    return above


def surprise(segment: Segment) -> float:
    """By how many standard deviations the leavers of three months differ from those of the former rate."""
    left, there = segment.bridge["churn_customers"], segment.bridge["opening_customers"]
    rate = ratio(total(left, BEFORE, RECENT), total(there, BEFORE, RECENT))
    expected = (rate or 0.0) * total(there)
    return (total(left) - expected) / sqrt(expected) if expected > 0 else 0.0


def segment_churn(figures: Figures, segment: Segment) -> Finding | None:
    """Churn of one segment against its own past, when the difference is worth naming."""
    now, before = segment.churn_rate(), segment.churn_rate(BEFORE, RECENT)
    if now is None or not before or len(figures.months) < RECENT + BEFORE:
        return None
    there = segment.bridge["opening_customers"]
    if min(mean(there), mean(there, BEFORE, RECENT)) < ENOUGH:
        return None
    stake = 12.0 * (now - before) * total(segment.bridge["opening"])
    factor = now / before
    if abs(stake) < WORTH * figures.arr or CHURN_FALL < factor < CHURN_RISE:
        return None
    odd = surprise(segment) if factor > 1 else -surprise(segment)
    if 12.0 * segment.mrr > WHOLE * figures.arr or odd < CHANCE:
        return None
    rates = f"({percent(now)} of MRR a month against {percent(before)} in the twelve months before)"
    rows = Rows(("churn",), RECENT, segment.dimension, segment.name)
    key = f"churn-{segment.dimension}-{segment.name}"
    who = f"{isolated(readable(segment.dimension))} {isolated(segment.name)}"
    if factor >= CHURN_RISE:
        run = months_above(segment, before)
        span = f"has been above its average for {word(run)} months in a row"
        lead = f"Churn of {who} {span if run > 1 else 'is above its average'}"
        lost = money(stake, figures.currency)
        rest = f"{rates}; {lost} of ARR lost in three months beyond the former rate."
        clause = f"churn of {who} is {times(factor)} that of the year before"
        return Finding(key, False, lead, rest, clause, stake, rows, odd)
    kept = money(-stake, figures.currency)
    lead = f"Churn of {who} has fallen to {percent(factor, 0)} of its former rate"
    rest = f"{rates}; {kept} of ARR kept in three months that the former rate would have lost."
    return Finding(key, True, lead, rest, f"churn of {who} has fallen", -stake, rows, odd)


def worst_segments(figures: Figures) -> list[Finding]:
    """At most one finding of churn a dimension and kind, the one with most money."""
    best: dict[tuple[str, bool], Finding] = {}
    for dimension, segments in figures.segments.items():
        if len(segments) < 2:
            continue
        for finding in filter(None, (segment_churn(figures, segment) for segment in segments)):
            slot = (dimension, finding.good)
            if slot not in best or finding.stake > best[slot].stake:
                best[slot] = finding
    return list(best.values())
