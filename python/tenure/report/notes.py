"""Data notes: how many rows came in, how many were used, what was left out and why, how columns were read."""

from __future__ import annotations

from dataclasses import dataclass

from ..book import Book
from ..mapping import Used
from ..sources import Source
from .format import count, counted

_MOST_ROWS = 8
_DROPPED = ("N_REVERSED_DROPPED", "N_DUPLICATE")  # rows that count for no day at all


@dataclass(frozen=True)
class DataNote:
    """One line of the notes, with the numbers of the first rows it is about."""

    text: str
    code: str = ""
    rows: str = ""


def notes(book: Book, source: Source | None) -> list[DataNote]:
    """Return the notes in the order rows read, rows used, everything the book counted."""
    read = source.rows if source else book.rows
    origin = f" from {source.label}" if source else ""
    out = [DataNote(f"{counted(read, 'subscription row')} read{origin}; {count(book.rows)} used.")]
    if read > book.rows:
        out.append(DataNote(f"{counted(read - book.rows, 'row')} left out, for the reasons below."))
    gone = not_standing(book)
    if gone:
        out.append(DataNote(f"{counted(gone, 'row')}: superseded, or recorded later than is asked for."))
    for note in book.notes:
        rows = [count(row) for row in note.rows[:_MOST_ROWS]]
        more = f" and {count(note.count - len(rows))} more" if note.count > len(rows) else ""
        listed = f"rows {', '.join(rows)}{more}, counted from 0" if rows else ""
        out.append(DataNote(f"{counted(note.count, 'row')}: {note.message}", note.code, listed))
    out += [
        DataNote(f"{warning[0].upper()}{warning[1:]}.") for warning in (source.warnings if source else ())
    ]
    if not book.notes and not gone:
        out.append(DataNote("No row was refused or changed."))
    return out


def not_standing(book: Book) -> int:
    """How many rows the book has read that do not stand on the day of knowledge it answers for."""
    if not book.has_knowledge:
        return 0
    return book.rows_read - book.rows - sum(note.count for note in book.notes if note.code in _DROPPED)


def mapping(source: Source | None) -> list[tuple[str, list[Used]]]:
    """Return how columns were read, what was guessed apart from what was given."""
    parts = source.mapping if source else []
    groups = (
        ("Columns as given", [part for part in parts if not (part.guessed or part.assumed)]),
        ("Columns guessed from their names", [part for part in parts if part.guessed]),
        ("Assumed, as no column was found", [part for part in parts if part.assumed]),
    )
    return [(how, held) for how, held in groups if held]


def unused(source: Source | None) -> list[str]:
    """Return the columns that nothing was read from."""
    return source.columns.unused if source else []
