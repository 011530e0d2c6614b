"""One finding of the report: its sentence, the money at stake and the customers behind it."""

from __future__ import annotations

from dataclasses import dataclass

from .figures import RECENT


@dataclass(frozen=True)
class Rows:
    """The customers behind a figure: movements of the last `months` months, of one segment or all."""

    movements: tuple[str, ...]
    months: int = RECENT
    dimension: str | None = None
    segment: str | None = None
    top: int | None = None  # only the largest so many


@dataclass(frozen=True)
class Finding:
    """One sentence of the report: `lead` in bold, `rest` after it, `clause` as part of the title."""

    key: str
    good: bool
    lead: str
    rest: str
    clause: str
    stake: float
    rows: Rows | None = None
    surprise: float = 0.0


def streak(values: list[float | None], *, falling: bool) -> int:
    """How many months in a row the series has moved one way, counted from its end."""
    steps = 0
    for before, after in zip(reversed(values[:-1]), reversed(values[1:]), strict=True):
        if before is None or after is None or not (after < before if falling else after > before):
            break
        steps += 1
    return steps
