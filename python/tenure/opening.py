"""What every command shares: options for rows and columns, opening the book, faults as exit codes."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import typer

from . import terminal
from .book import Book
from .errors import Error, FileError, IntegrityError, OptionError, StateError
from .mapping import resolve
from .report.figures import report_months
from .sources import Source, load, request

USAGE, REFUSED, STATE, FILE, FAULT, INTERRUPTED, PIPE = 2, 3, 4, 5, 70, 130, 141
_BOOK = ("policy", "timezone", "on_reversed")
_COLUMNS = (
    "customer",
    "start",
    "end",
    "amount",
    "interval",
    "quantity",
    "product",
    "subscription",
    "currency",
    "by",
)
_SETTINGS = ("first", "last", "as_of", *_BOOK)


def _option(text: str, metavar: str = "NAME", panel: str | None = "Columns") -> Any:
    return typer.Option(help=text, metavar=metavar, rich_help_panel=panel)


_FILE = typer.Argument(metavar="FILE", help="CSV, Parquet or tenure.toml; without it, a made-up company.")
SHARED: dict[str, Any] = {
    "file": Annotated[str | None, _FILE],
    "sql": Annotated[str | None, _option("DuckDB query to read instead of a file.", "QUERY", None)],
    "customer": Annotated[str | None, _option("Customer id.")],
    "start": Annotated[str | None, _option("First day.")],
    "end": Annotated[str | None, _option("Day after the last one; empty where it still runs.")],
    "amount": Annotated[str | None, _option("Price of one interval.")],
    "interval": Annotated[str | None, _option("Billing interval, or a unit such as month or year.")],
    "quantity": Annotated[str | None, _option("Multiplies the amount, such as seats.")],
    "product": Annotated[str | None, _option("Product.")],
    "subscription": Annotated[str | None, _option("Subscription id.")],
    "currency": Annotated[str | None, _option("Currency, or a code such as EUR.")],
    "by": Annotated[str | None, _option("Segments, comma between.", "NAMES")],
    "policy": Annotated[str | None, _option("Named set of definitions.", "NAME", None)],
    "timezone": Annotated[str | None, _option("Zone whose calendar turns times into days.", "ZONE", None)],
    "on_reversed": Annotated[
        str | None, _option("Rows that end before they start: error or drop.", "WHAT", None)
    ],
    "first": Annotated[str | None, _option("First month, as 2024-01.", "MONTH", None)],
    "last": Annotated[str | None, _option("Last month.", "MONTH", None)],
    "as_of": Annotated[str | None, _option("Day up to which the data are known.", "DAY", None)],
}


@dataclass(frozen=True)
class Opened:
    """A book with its source, its months and the settings of the report."""

    book: Book
    source: Source
    first: date
    last: date
    reach: date
    settings: Mapping[str, str]
    by: str | None = None

    @property
    def segment(self) -> str | None:
        """The one segment a table is asked to be split by."""
        if self.by and "," in self.by:
            raise OptionError(
                f"by: {self.by!r}: a table is split by one segment", code="E_USAGE", value=self.by
            )
        return self.by or None

    @property
    def span(self) -> tuple[str, str]:
        """First and last month as the book takes them."""
        return self.first.isoformat()[:7], self.last.isoformat()[:7]


def command(app: typer.Typer) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as a command that also takes `SHARED`; its first argument is the opened book."""

    def register(body: Callable[..., None]) -> Callable[..., None]:
        own = list(inspect.signature(body, eval_str=True).parameters.values())[1:]
        shared = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
            for name, kind in SHARED.items()
        ]

        def run(**values: Any) -> None:
            guard(lambda: body(opened({name: values.pop(name) for name in SHARED}), **values))

        run.__name__, run.__doc__ = body.__name__, body.__doc__
        parameters = [*shared, *(part.replace(kind=inspect.Parameter.KEYWORD_ONLY) for part in own)]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {part.name: part.annotation for part in parameters}
        app.command()(run)
        return body

    return register


def opened(values: Mapping[str, str | None]) -> Opened:
    """Read the rows that the options name and make the book of them."""
    if values["file"] and values["sql"]:
        raise OptionError("give a file or --sql, not both", code="E_USAGE")
    given = {name: values[name] for name in _COLUMNS}
    asked = {name: values[name] for name in _SETTINGS}
    if values["file"] is None and values["sql"] is None:
        source, settings = _sample(given, asked)
    else:
        wanted = request(values["file"], values["sql"], given, asked)
        source, settings = load(wanted), wanted.settings
    options: dict[str, Any] = {name: settings[name] for name in _BOOK if name in settings}
    book = Book(source.frame, **source.columns.book_arguments(), **options)
    day = _day("as_of", settings.get("as_of"))
    reach = day or source.reach or book.last_day
    first, last = (_month(name, settings.get(name)) for name in ("first", "last"))
    months = report_months(book.first_day, reach, first, last)
    return Opened(book, source, *months, reach, settings, values["by"])


def _sample(
    given: Mapping[str, str | None], asked: Mapping[str, str | None]
) -> tuple[Source, Mapping[str, str]]:
    from . import sample  # not needed for real data

    company = sample.company()
    rows = company.subscriptions
    columns = resolve(list(rows), given)
    reach = _day("as_of", asked.get("as_of")) or sample.last_day(company)
    label = f"the made-up company {company.name}"
    settings = {
        "company": company.name,
        **{name: value for name, value in asked.items() if value is not None},
    }
    return Source(label, len(rows["start"]), reach, columns, rows), settings


def _month(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(f"{text[:7]}-01")
    except ValueError as fault:
        raise OptionError(
            f"{name}: {text!r} is not a month such as 2024-01", code="E_USAGE", value=text
        ) from fault


def _day(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise OptionError(
            f"{name}: {text!r} is not a day such as 2024-01-31", code="E_USAGE", value=text
        ) from fault


def exit_code(fault: Error) -> int:
    """Return the exit code of an error, by its class."""
    by_class = ((OptionError, USAGE), (FileError, FILE), (StateError, STATE), (IntegrityError, FAULT))
    return next((code for kind, code in by_class if isinstance(fault, kind)), REFUSED)


def guard(work: Callable[[], None]) -> None:
    """Run `work`; turn what goes wrong into one line on stderr and an exit code."""
    try:
        work()
        sys.stdout.flush()
    except Error as fault:
        terminal.fault(fault)
        raise typer.Exit(exit_code(fault)) from None
    except BrokenPipeError:
        # The reader is gone: what is still buffered must not raise again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(PIPE) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
