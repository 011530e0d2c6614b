"""What the command line prints: tables, the summary of a report, notes, and one readable line for a fault."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .errors import Error
from .markup import clean, number
from .policy import Policy
from .report import Report, call_pages, forecast_pages, stay_pages, worth_pages
from .report.figures import columns
from .report.forecast import missing
from .report.format import UNDEFINED, count, counted
from .report.notes import not_standing
from .report.worth import channel_of

_PIPED_WIDTH = 400
# Options of the package in its remedies, as the command line spells them.
_KEYWORD = re.compile(r"\b(on_reversed|timezone|policy|interval|currency)=(?:\"([^\"]*)\"|'([^']*)')")
# ... and where a remedy only names them.
_NAMED = re.compile(r"(?<![-\w'])(reporting_currency|max_days_back)\b(?!:)")

_CHOICE = re.compile(r"set (\w+)='(\w+)' or '(\w+)'")


def _console(*, error: bool = False) -> Console:
    stream = sys.stderr if error else sys.stdout
    # Into a pipe or a file nothing is wrapped; on a screen Rich asks the terminal.
    width = None if stream.isatty() else _PIPED_WIDTH
    return Console(file=stream, width=width, highlight=False, soft_wrap=error)


def fault(problem: Error) -> None:
    """Print what is wrong, where, the remedy and the code to stderr."""
    said = _CHOICE.sub(r"set --policy \1=\2 or --policy \1=\3", str(problem))
    said = _KEYWORD.sub(lambda part: f"--{part[1].replace('_', '-')} {part[2] or part[3]}", said)
    said = _NAMED.sub(lambda part: f"--{part[1].replace('_', '-')}", said)
    _console(error=True).print(Text.assemble(("tenure: ", "bold red"), clean(said)))


def say(text: str) -> None:
    """Print one line to stderr, so that stdout stays data."""
    _console(error=True).print(Text(clean(text)))


def shown(value: Any) -> str:
    """Return a value as a table cell: shares and money with their digits, undefined as n/a."""
    if value is None:
        return UNDEFINED
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(value, 4 if abs(value) < 10 and value != int(value) else 2)
    if isinstance(value, int):
        return count(value)
    return value.isoformat() if isinstance(value, date) else clean(value)


def table(result: Any, *, wide: bool = True) -> None:
    """Print a result as a table; a narrow one without the numbers of customers beside the amounts."""
    held = {
        name: values for name, values in columns(result).items() if wide or not name.endswith("_customers")
    }
    out = Table(box=None, pad_edge=False, header_style="bold")
    for name, values in held.items():
        text = any(isinstance(value, str | date) for value in values)
        out.add_column(Text(clean(name)), justify="left" if text else "right", no_wrap=True)
    for row in zip(*held.values(), strict=True):
        out.add_row(*(Text(shown(value)) for value in row))
    console = _console()
    if console.is_terminal and sum(8 + len(name) for name in held) > shutil.get_terminal_size().columns:
        console = Console(highlight=False, width=_PIPED_WIDTH)
    console.print(out)


_REASONS = {
    "too_few": "too few complete periods that begin with somebody paying",
    "empty_base": "nothing to compare with, or nobody paid",
    "not_yet_observed": "not yet observed",
    "before_history": "before the history begins",
}


def reasons(result: Any) -> None:
    """Say why figures of a result are not defined, a line for each reason, to stderr."""
    found: dict[str, list[str]] = {}
    for name in result.columns:
        for reason in dict.fromkeys(result.reason(name)):
            if reason:
                found.setdefault(reason, []).append(name)
    for reason, names in found.items():
        shown = ", ".join(names) if len(names) < 5 else f"{names[0]} and {len(names) - 1} more columns"
        say(f"{shown}: {UNDEFINED}, {_REASONS.get(reason, 'not defined')} ({reason})")


def summary(report: Report, path: Path) -> None:
    """Print title, headline figures, findings and where the page is."""
    console, figures = _console(), report.figures
    console.print(Text(clean(report.title), "bold"))
    console.print(Text(clean(f"{figures.company}, {figures.months[-1]:%Y-%m}"), "dim"))
    out = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2))
    for tile in report.tiles:
        style = "" if tile.good is None else "green" if tile.good else "red"
        out.add_row(tile.label, Text(tile.shown, "bold"), Text(tile.moved, style), Text(tile.against, "dim"))
    console.print(out)
    more = report.more
    for part in (
        stay_pages.title(more.staying) if more.staying else "",
        worth_pages.title(more.worth) if more.worth else "",
        forecast_pages.title(more.forecast) if more.forecast else missing(more.forecast),
        call_pages.title(more.called) if more.called else "",
    ):
        if part:
            console.print(Text(clean(part)))
    for finding in report.findings:
        mark = ("+ ", "green") if finding.good else ("! ", "red")
        console.print(Text.assemble(mark, (clean(finding.lead), "bold"), " ", clean(finding.rest)))
    console.print(Text.assemble("Report: ", (str(path), "bold")), soft_wrap=True)


def sentences(words: Sequence[str]) -> None:
    """Print sentences below a table, each on its own line."""
    console = _console()
    console.print()
    for sentence in words:
        console.print(Text(clean(sentence)))


def heading(text: str) -> None:
    """Print a line over a further table."""
    _console().print(Text.assemble("\n", (clean(text), "bold")))


def presets() -> None:
    """Print every preset with what it changes of standard."""
    out = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("policy", "options changed", "digest", "which"):
        out.add_column(
            name, justify="right" if name == "options changed" else "left", no_wrap=name != "which"
        )
    for name in Policy.presets():
        held = Policy(name)
        changed = held.differences()
        which = ", ".join(f"{option}={value}" for option, (value, _) in changed.items())
        out.add_row(name, str(len(changed)), held.digest, which)
    _console().print(out)
    say("tenure policy NAME says in words what one does; --policy and reconcile --policies take them")


def mapping(source: Any) -> None:
    """Print which columns were guessed, what was assumed, what is not used and what looks wrong."""
    guessed = [f"{part.role}={part.shown}" for part in source.mapping if part.guessed]
    if guessed:
        say(f"guessed from the names of the columns: {', '.join(guessed)}")
    for part in source.mapping:
        if part.assumed:
            say(f"{part.role}={part.shown} assumed: no column found (--{part.role} to change)")
    if source.columns.unused:
        say(f"columns not used: {', '.join(source.columns.unused)}")
    for warning in source.warnings:
        say(f"warning: {warning}")


def channels(spend: Any, book: Any) -> None:
    """Print by which segment of the customers spend is cut, or that it cannot be cut by its channels."""
    if spend._channel is None:
        return
    segment = channel_of(book, spend)
    if segment is None:
        say(
            f"spend: the customers have no segment {spend._channel}, so that there is no cost by channel: "
            "name it in --by, or another column of the spend in --spend-channel"
        )
    elif segment != spend._channel:
        say(f"spend: {spend._channel} is the segment {segment} of the customers")


def window(first: str, last: str, period: str, reach: date, *, asked: bool) -> None:
    """Print which periods are shown, and how to have others."""
    periods = f"{period.replace('_', ' ')}s"
    known = f"data known until {reach}" if asked else f"complete {periods} up to {reach}"
    say(f"window {first} to {last} ({known}; change with --first/--last/--as-of)")


def checked(book: Any, source: Any, reach: date | None) -> None:
    """Print what was read, what was used and every note."""
    console = _console()
    console.print(f"{counted(source.rows, 'row')} read from ", Text(clean(source.label)), sep="", end="")
    console.print(f", {count(book.rows)} used, {counted(book.customers, 'customer')}")
    console.print(f"from {book.first_day} to {book.last_day}, known until {reach or UNDEFINED}")
    gone = not_standing(book)
    if gone:
        console.print(f"{counted(gone, 'row')} superseded, or recorded later than is asked for")
    for note in book.notes:
        console.print(
            Text.assemble((note.code, "bold"), f" {counted(note.count, 'row')}: {clean(note.message)}")
        )
    if not book.notes and not gone:
        console.print("nothing refused, nothing changed")
