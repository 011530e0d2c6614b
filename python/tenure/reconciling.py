"""``tenure reconcile``: two definitions of one book, or the definition behind somebody else's table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import terminal
from .policies import pair_of
from .report.figures import columns
from .vendors import read

if TYPE_CHECKING:
    from .moments import Opened
    from .policy import Policy

USUAL = "stripe,chartmogul"
_NONE = "none"
_UNEXPLAINED = 12


@dataclass(frozen=True)
class Asked:
    """Which two policies, in which metric, over which periods."""

    policies: str | None
    metric: str
    period: str


class Rows:
    """Columns as lists that can be printed and written like a result."""

    def __init__(self, held: dict[str, list[Any]]) -> None:
        self._held = held
        self.columns = list(held)

    def __getitem__(self, name: str) -> list[Any]:
        return self._held[name]


def compared(text: str | None) -> tuple[Policy, Policy] | None:
    """The two policies that a report reconciles, or None where it is told not to."""
    return None if text == _NONE else pair_of(text or USUAL)


def between(data: Opened, asked: Asked, at: str | None) -> Any:
    """Reconcile two policies on the rows of a book."""
    one, other = pair_of(asked.policies or USUAL)
    if asked.policies is None:
        terminal.say(f"policies {USUAL} (change with --policies; tenure policies lists them)")
    book: Any = data.book
    # In decimal money what is printed adds up to the cent.
    how = {"metric": asked.metric, "period": asked.period, "money": "decimal"}
    return book.reconcile(one, other, **how, **data.moment(at))


def with_table(data: Opened, file: Path, given: dict[str, str | None], keep: int) -> Any:
    """Find the definition that comes closest to the table in a file."""
    frame, lines = read(file, given)
    terminal.say(f"their columns: {', '.join(f'{line}={name}' for line, name in lines.items())}")
    book: Any = data.book
    return book.reconcile_with(frame, keep=keep, **lines)


def largest(found: Any, count: int) -> Rows:
    """The customers of each cause with the largest amounts, `count` for every cause and period."""
    held = columns(found.customers())
    rows = list(zip(*held.values(), strict=True))
    place = {name: number for number, name in enumerate(held)}

    def size(row: tuple[Any, ...]) -> tuple[float, ...]:
        """Largest first; of a rate by what is added to the numerator, then to the denominator."""
        return tuple(-abs(row[place[name]] or 0) for name in ("amount", "base") if name in place)

    groups: dict[tuple[Any, Any], list[tuple[Any, ...]]] = {}
    for row in rows:
        if not any(size(row)):  # below a cent
            continue
        groups.setdefault((row[place["period"]], row[place["cause"]]), []).append(row)
    kept = [
        row
        for group in groups.values()
        for row in sorted(group, key=lambda row: (*size(row), str(row[place["customer"]])))[:count]
    ]
    return Rows({name: [row[number] for row in kept] for name, number in place.items()})


def show_more(found: Any, customers: int | None) -> None:
    """Print what a table has behind it: the customers of the causes, or what remains unexplained."""
    if customers is not None:
        terminal.heading("Customers behind each cause, the largest amounts first")
        terminal.table(largest(found, customers))
    elif hasattr(found, "unexplained"):
        rest = found.unexplained()
        if len(rest):
            terminal.heading(f"What the closest one leaves unexplained, up to {_UNEXPLAINED} lines")
            held = columns(rest)
            terminal.table(Rows({name: values[:_UNEXPLAINED] for name, values in held.items()}))
