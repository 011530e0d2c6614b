"""Random rows that say when they were recorded and superseded, and random histories of versions."""

from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa
import random_terms
from hypothesis import strategies as st
from random_books import book_of, frame_of, many_rows
from reference import Row
from reference_terms import Row as TermRow

EVER, NEVER = date.min, date.max
recording_days = st.one_of(st.dates(date(2023, 1, 1), date(2024, 6, 1)), st.just(date(2023, 9, 30)))


@dataclass(frozen=True)
class Known:
    """A row that is known from `recorded` until before `superseded`; None: always, or still."""

    row: Row | TermRow
    recorded: date | None
    superseded: date | None
    entity: int = 0  # what all versions of one row share
    version: int = 0

    def on(self, day):
        return (self.recorded or EVER) <= day < (self.superseded or NEVER)


@st.composite
def known_rows(draw, rows=many_rows):
    """Rows, each of which may be recorded late and may be taken back."""
    found = []
    for row in draw(rows):
        recorded = draw(st.one_of(st.none(), recording_days))
        stay = draw(st.one_of(st.none(), st.integers(0, 200)))
        superseded = None if stay is None else (recorded or date(2023, 6, 1)) + timedelta(days=stay)
        found.append(Known(row, recorded, superseded))
    return found


known_terms = known_rows(random_terms.many_rows)


@st.composite
def versions(draw):
    """Rows of which each is a history: versions recorded one after the other, some deleted in the end.

    The rows of all versions come from one list, so that versions may be of other customers, plans and days.
    """
    rows = draw(many_rows)
    found, at, entity = [], 0, 0
    while at < len(rows):
        count = min(draw(st.integers(1, 4)), len(rows) - at)
        days = sorted(draw(st.lists(recording_days, min_size=count, max_size=count, unique=True)))
        gone = draw(st.one_of(st.none(), st.integers(1, 100)))
        last = None if gone is None else days[-1] + timedelta(days=gone)
        for number, (day, until) in enumerate(zip(days, [*days[1:], last], strict=True)):
            found.append(Known(rows[at + number], day, until, entity, number + 1))
        at, entity = at + count, entity + 1
    return found


def frame_of_known(known, *columns):
    """The frame of some rows with the named columns of `Known`; `superseded_last` for the deleted alone."""
    last: dict[int, int] = {}
    for one in known:
        last[one.entity] = max(one.version, last.get(one.entity, 0))
    held = {
        "recorded": [one.recorded for one in known],
        "superseded": [one.superseded for one in known],
        "superseded_last": [one.superseded if one.version == last[one.entity] else None for one in known],
        "entity": [one.entity for one in known],
        "version": [one.version for one in known],
    }
    return frame_of([one.row for one in known]) | {name: held[name] for name in columns}


def known_book(known, policy=None, **options):
    """A book of rows with `recorded` and `superseded`."""
    frame = frame_of_known(known, "recorded", "superseded")
    return book_of(None, policy or {}, frame, recorded="recorded", superseded="superseded", **options)


def book_of_terms(known, policy, **options):
    """A book of rows with discounts, phases, tax and all other terms, and of what was known of them when."""
    frame = random_terms.frame_of([one.row for one in known])
    frame["recorded"] = pa.array([one.recorded for one in known], pa.date32())
    frame["superseded"] = pa.array([one.superseded for one in known], pa.date32())
    return random_terms.book_of(None, policy, frame, superseded="superseded", **options)


def versioned_book(known, policy=None, *, numbered=True, **options):
    """A book of the same rows as versions of their entities."""
    frame = frame_of_known(known, "recorded", "superseded_last", "entity", "version")
    names = {"recorded": "recorded", "superseded": "superseded_last", "id": "entity"}
    if numbered:
        names["version"] = "version"
    return book_of(None, policy or {}, frame, **names, **options)


def plain_book(known, policy=None, **options):
    """A book of the rows alone, without knowledge."""
    return book_of([one.row for one in known], policy or {}, **options)
