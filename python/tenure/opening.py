"""What every command shares: options for rows and columns, opening the book, faults as exit codes."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from . import terminal
from .book import Book
from .errors import Error, FileError, IntegrityError, OptionError, StateError
from .mapping import resolve
from .names import NAMES
from .policies import policy_of
from .policy import Policy
from .report.format import month_end
from .report.window import known_until, report_months
from .settings import request
from .sources import Source, load

USAGE, REFUSED, STATE, FILE, FAULT, INTERRUPTED, PIPE = 2, 3, 4, 5, 70, 130, 141
_BOOK = ("policy", "timezone", "on_reversed")
_COLUMNS = (*NAMES, "by")
_KEYWORD = inspect.Parameter.KEYWORD_ONLY
_SETTINGS = ("first", "last", "as_of", *_BOOK)
# What a row can say beside its price and days; a policy decides what becomes of it.
_TERMS = {
    "status": "Phase of a row: active, trial, past_due, paused, free or cancelled.",
    "kind": "Kind of a charge: recurring, usage or one_time.",
    "discount_percent": "Percentage off the price.",
    "discount_amount": "Amount off the price of an interval, all seats together.",
    "discount_duration": "How long a discount lasts: forever, repeating or once.",
    "discount_until": "First day on which a discount no longer applies.",
    "cancel_requested": "Day on which the customer asked to leave.",
    "paid_through": "First day after the period that was paid for.",
    "dunning_end": "Day on which collection was given up.",
    "recorded": "Day on which the row was entered.",
    "first_payment": "Day of the first payment; empty: none yet.",
    "first_paid_invoice": "Day of the first paid invoice; empty: none yet.",
    "renewal_amount": "Price of an interval from the next renewal on.",
    "invoiced_quantity": "Seats as invoiced.",
    "tax": "Tax in the price of an interval and seat.",
}


def _option(text: str, metavar: str = "NAME", panel: str | None = "Columns") -> Any:
    return typer.Option(help=text, metavar=metavar, rich_help_panel=panel)


CONFIG = Path("tenure.toml")
_FILE = typer.Argument(metavar="FILE", help="CSV, Parquet or a .toml; without it, ./tenure.toml.")
SHARED: dict[str, Any] = {
    "file": Annotated[str | None, _FILE],
    "sql": Annotated[str | None, _option("DuckDB query to read instead of a file.", "QUERY", None)],
    "customer": Annotated[str | None, _option("Customer id.")],
    "start": Annotated[str | None, _option("First day.")],
    "end": Annotated[str | None, _option("Day after the last one; empty where it still runs.")],
    "amount": Annotated[str | None, _option("Price of one interval.")],
    "interval": Annotated[str | None, _option("Billing interval, or a unit such as monthly or year.")],
    "interval_count": Annotated[str | None, _option("Intervals of one price, or their number.")],
    "quantity": Annotated[str | None, _option("Multiplies the amount, such as seats.")],
    "product": Annotated[str | None, _option("Product.")],
    "subscription": Annotated[str | None, _option("Subscription id.")],
    "currency": Annotated[str | None, _option("Currency, or a code such as EUR.")],
    "by": Annotated[str | None, _option("Segments, comma between.", "NAMES")],
    **{name: Annotated[str | None, _option(text)] for name, text in _TERMS.items()},
    "policy": Annotated[
        str | None,
        _option("Definitions: a preset, options after it, or a .toml; see policies.", "POLICY", None),
    ],
    "timezone": Annotated[str | None, _option("Zone whose calendar turns times into days.", "ZONE", None)],
    "on_reversed": Annotated[
        str | None, _option("Rows that end before they start: error or drop.", "WHAT", None)
    ],
    "encoding": Annotated[str | None, _option("Encoding of a CSV, such as latin-1.", "NAME", None)],
    "sample": Annotated[bool, typer.Option("--sample", help="Read a made-up company.")],
    "first": Annotated[str | None, _option("First month, as 2024-01.", "MONTH", None)],
    "last": Annotated[str | None, _option("Last month.", "MONTH", None)],
    "as_of": Annotated[str | None, _option("Day up to which the data are known.", "DAY", None)],
}


@dataclass(frozen=True)
class Opened:
    """A book with its source, the months that were asked for and the settings of the report."""

    book: Book
    source: Source
    first: date | None
    last: date | None
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

    def months(self, period: str = "month", fiscal_start: int = 1) -> tuple[date, date]:
        """First and last month to show."""
        known = self.book.first_day, self.reach, self.first, self.last
        return report_months(*known, period=period, fiscal_start=fiscal_start)

    def span(self, period: str = "month", fiscal_start: int = 1) -> tuple[str, str]:
        """The months as the book takes them; says which ones they are."""
        first, last = (day.isoformat()[:7] for day in self.months(period, fiscal_start))
        terminal.window(first, last, period, self.reach, asked=self.last is not None)
        return first, last

    def moment(self, at: str | None) -> dict[str, str]:
        """What to compare, as a book takes it: the day or month `at`, or months; by default the last one."""
        if at is None and not (self.first or self.last):
            month = self.months()[1].isoformat()[:7]
            terminal.say(f"what each publishes for {month} (the last complete month; change with --at)")
            return {"at": month}
        if at is None:
            first, last = self.span()
            return {"first": first, "last": last}
        if self.first or self.last:
            raise OptionError("give one of --at and --first/--last, not both", code="E_USAGE")
        _day("at", at)
        return {"at": at}

    def day(self, at: str | None) -> str:
        """The day to look at: `at`, or the as-of day, or the end of the last complete month; says which."""
        asked = at or self.settings.get("as_of")
        day = month_end(self.months()[1]) if asked is None else _day("at", asked)
        terminal.say(
            f"as of {day}" + ("" if asked else " (end of the last complete month; change with --at)")
        )
        return day.isoformat()


def command(app: typer.Typer) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as a command that also takes `SHARED`; its first argument is the opened book."""

    def register(body: Callable[..., None]) -> Callable[..., None]:
        own = list(inspect.signature(body, eval_str=True).parameters.values())[1:]
        shared = [
            inspect.Parameter(name, _KEYWORD, default=False if name == "sample" else None, annotation=kind)
            for name, kind in SHARED.items()
        ]

        def run(**values: Any) -> None:
            shared = {name: values.pop(name) for name in SHARED}
            guard(lambda: body(opened(shared, body.__name__), **values))

        run.__name__, run.__doc__ = body.__name__, body.__doc__
        parameters = [*shared, *(part.replace(kind=_KEYWORD) for part in own)]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {part.name: part.annotation for part in parameters}
        app.command()(run)
        return body

    return register


def opened(values: Mapping[str, Any], name: str) -> Opened:
    """Read the rows that the options of command `name` say and make the book of them."""
    if len([part for part in ("file", "sql", "sample") if values[part]]) > 1:
        raise OptionError("give one of a file, --sql and --sample, not both", code="E_USAGE")
    given = {part: values[part] for part in _COLUMNS}
    asked = {part: values[part] for part in _SETTINGS}
    file = values["file"] or (str(CONFIG) if not values["sql"] and CONFIG.exists() else None)
    if values["sample"] or not (file or values["sql"]):
        source, settings = _sample(given, asked, name, wanted=values["sample"])
    else:
        if not values["file"] and not values["sql"]:
            terminal.say(f"no file given: using ./{CONFIG}")
        wanted = request(file, values["sql"], given, asked, values["encoding"])
        source, settings = load(wanted), wanted.settings
    terminal.mapping(source)
    options: dict[str, Any] = {part: settings[part] for part in _BOOK if part in settings}
    if "policy" in options:
        options["policy"] = policy_of(options["policy"])
    elif name == "reconcile":
        # The rows are read by the policies that are compared: what standard would refuse is for them to say.
        options["policy"] = Policy(trial="ignore")
    book = Book(source.frame, **source.columns.book_arguments(), **options)
    until = _day("as_of", settings["as_of"]) if "as_of" in settings else source.reach
    first, last = (_month(part, settings.get(part)) for part in ("first", "last"))
    return Opened(book, source, first, last, known_until(book, until), settings, values["by"])


def _sample(
    given: Mapping[str, str | None], asked: Mapping[str, str | None], name: str, *, wanted: bool
) -> tuple[Source, Mapping[str, str]]:
    if not wanted and name != "report":
        raise OptionError(
            f"no file given; usage: tenure {name} FILE (CSV, Parquet or .toml)",
            code="E_USAGE",
            hint="--sql QUERY reads a query, --sample a made-up company, ./tenure.toml is found by itself.",
        )
    from . import sample  # not needed for real data

    company = sample.company()
    label = f"the made-up company {company.name}"
    if not wanted:
        terminal.say(f"no file given: the report of {label}")
    rows = company.subscriptions
    settings = {
        "company": company.name,
        **{part: value for part, value in asked.items() if value is not None},
    }
    columns = resolve(list(rows), given)
    return Source(label, len(rows["start"]), sample.last_day(company), columns, rows), settings


def _month(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(f"{text[:7]}-01")
    except ValueError as fault:
        raise OptionError(
            f"{name}: {text!r} is not a month such as 2024-01", code="E_USAGE", value=text
        ) from fault


def _day(name: str, text: str) -> date:
    """A day; of a month, its last one."""
    try:
        return (
            date.fromisoformat(text)
            if len(text) != len("2024-01")
            else month_end(date.fromisoformat(f"{text}-01"))
        )
    except ValueError as fault:
        raise OptionError(
            f"{name}: {text!r} is not a day such as 2024-01-31, or a month", code="E_USAGE", value=text
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
