"""What has changed in past months since a stated day: late entries, corrections, deletions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from .. import svg
from ..book import Book
from ..markup import isolated
from .figures import BEFORE, Asked, Columns, columns
from .format import counted, long_day, money, month, month_code, month_end, shift
from .window import nearly

_CENT = 0.005
_MOST = 10
_REASONS = {"late": "entered late", "corrected": "corrected", "deleted": "deleted"}


@dataclass(frozen=True)
class Change:
    """One customer whose MRR in a past month is another now."""

    month: date
    customer: str
    before: float
    after: float
    reason: str

    @property
    def amount(self) -> float:
        """What is known now less what was known then."""
        return self.after - self.before


@dataclass(frozen=True)
class Restated:
    """Past months as they were known on `since`, and as they are known now."""

    since: date
    currency: str | None
    months: Columns
    changes: list[Change]

    @property
    def moved(self) -> list[int]:
        """The months of which some line has changed, by their place."""
        return [
            row for row in range(len(self.months["period"])) if any(abs(v) >= _CENT for v in self.row(row))
        ]

    def row(self, row: int) -> list[float]:
        """The changes of a month: of its MRR, then of each line of the bridge."""
        return [float(self.months[name][row]) for name in self.lines]

    @property
    def lines(self) -> list[str]:
        """The columns of changes."""
        return ["change", *(name for name in self.months if name.endswith("_change"))]

    @property
    def largest(self) -> int | None:
        """The month whose closing MRR, or else some line, changed most; the latest of equals."""

        def size(row: int) -> tuple[float, float, int]:
            moved = self.row(row)
            return abs(moved[0]), max(map(abs, moved)), row

        return max(self.moved, key=size, default=None)


def gather(book: Book, asked: Asked, since: date | None) -> Restated | None:
    """Compare what was known on a day, by default the end of the month before the last, with what is known.

    None where rows do not say when they were recorded, or nothing had been by the default day.
    """
    day = since or month_end(shift(asked.last, -1))
    if since is None and (not book.has_knowledge or book.first_known is None or day < book.first_known):
        return None
    last = min(asked.last, day.replace(day=1) if day >= nearly(month_end(day)) else shift(day, -1))
    first = max(asked.first, shift(last, 1 - BEFORE), min(last, book.first_day.replace(day=1)))
    span = (min(first, last).isoformat()[:7], last.isoformat()[:7])
    found: Any = book.restatement(day, None, *span, money="float")
    held = columns(found.customers())
    changes = [
        Change(when, str(who), float(before), float(after), _reason(*numbers))
        for when, who, before, after, *numbers in zip(
            *(held[name] for name in ("period", "customer", "before", "after", *_REASONS)), strict=True
        )
    ]
    return Restated(day, book.currency, columns(found), changes)


def _reason(*numbers: int) -> str:
    """How many rows of a customer were late, corrected or deleted, in words."""
    said = [
        f"{counted(number, 'row')} {word}"
        for number, word in zip(numbers, _REASONS.values(), strict=True)
        if number
    ]
    return ", ".join(said)


def title(held: Restated) -> str:
    """The month that changed most."""
    row = held.largest
    day = long_day(held.since)
    if row is None:
        return f"Nothing was restated since {day}"
    amount, when = held.row(row)[0], month(held.months["period"][row])
    if abs(amount) < _CENT:
        return f"The bridge of {when} was restated since {day}, its MRR was not"
    return f"MRR of {when} was restated by {money(amount, held.currency, sign=True)} since {day}"


def table(held: Restated) -> Markup:
    """The months that changed: MRR then and now, and the lines of the bridge that moved."""
    moved = held.moved
    lines = [name for name in held.lines[1:] if any(abs(held.months[name][row]) >= _CENT for row in moved)]
    body = [
        [
            month_code(held.months["period"][row]),
            money(held.months["before"][row], held.currency),
            money(held.months["after"][row], held.currency),
            *(_signed(held.months[name][row], held.currency) for name in ("change", *lines)),
        ]
        for row in moved
    ]
    head = ("Month", "MRR then", "MRR now", "Change", *(_named(name) for name in lines))
    return Markup(svg.table(head, body))


def _named(line: str) -> str:
    name = line.removesuffix("_change").replace("_", " ")
    return "FX" if name == "fx" else name.capitalize()


def _signed(value: float, currency: str | None) -> str:
    return money(value, currency, sign=True) if abs(value) >= _CENT else ""


def customers_table(held: Restated) -> Markup:
    """Who is behind the month that changed most, the largest amounts first."""
    body = [
        [
            svg.name(change.customer),
            money(change.before, held.currency),
            money(change.after, held.currency),
            money(change.amount, held.currency, sign=True),
            change.reason,
        ]
        for change in _behind(held)[:_MOST]
    ]
    return Markup(svg.table(("Customer", "MRR then", "MRR now", "Change", "Why"), body, kind="why"))


def _behind(held: Restated) -> list[Change]:
    row = held.largest
    if row is None:
        return []
    when = held.months["period"][row]
    mine = [change for change in held.changes if change.month == when and abs(change.amount) >= _CENT]
    return sorted(mine, key=lambda change: (-abs(change.amount), change.customer))


def page(held: Restated | None) -> dict[str, Any]:
    """What the template shows."""
    if held is None:
        return {"restated": None}
    row, behind = held.largest, _behind(held)
    spans = [month(held.months["period"][place]) for place in (0, -1)]
    more = f", the largest {_MOST} shown" if len(behind) > _MOST else ""
    return {
        "restated": {
            "title": isolated(title(held)),
            "since": long_day(held.since),
            "span": spans[0] if spans[0] == spans[1] else f"{spans[0]} to {spans[1]}",
            "table": table(held) if held.moved else None,
            "month": None if row is None else month(held.months["period"][row]),
            "behind": f"{counted(len(behind), 'customer')}{more}" if behind else None,
            "customers": customers_table(held) if behind else None,
        }
    }


def summary(held: Restated | None) -> dict[str, Any] | None:
    """The same for machines."""
    if held is None:
        return None
    months = {
        name: [value.isoformat() if isinstance(value, date) else value for value in values]
        for name, values in held.months.items()
    }
    return {
        "since": held.since.isoformat(),
        "months": months,
        "customers": [
            {"period": change.month.isoformat(), "customer": change.customer, "before": change.before}
            | {"after": change.after, "reason": change.reason}
            for change in held.changes
        ],
    }
