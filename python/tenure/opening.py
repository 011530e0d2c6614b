"""What every command shares: options for rows and columns, opening the book, faults as exit codes."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import terminal
from .book import Book
from .errors import Error, FileError, IntegrityError, OptionError, StateError
from .exchange import read_rates
from .fx import Rates
from .mapping import resolve
from .moments import Opened, as_day, as_month
from .names import NAMES
from .policies import policy_of
from .policy import Policy
from .report.format import month_end
from .report.window import known_until, nearly
from .settings import request
from .sources import Source, load

if TYPE_CHECKING:
    from .sample import Company

USAGE, REFUSED, STATE, FILE, FAULT, INTERRUPTED, PIPE = 2, 3, 4, 5, 70, 130, 141
_SAMPLE_MARGIN = "0.8"
_BOOK = ("policy", "timezone", "on_reversed")
_COLUMNS = (*NAMES, "by")
_KEYWORD = inspect.Parameter.KEYWORD_ONLY
_SETTINGS = ("first", "last", "as_of", "known_at", "reporting_currency", "rates", "max_days_back", *_BOOK)
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
    "superseded": "First day on which the row no longer stood; empty: it stands.",
    "invoiced": "Day of the invoice, whose exchange rate a policy may take.",
    "purchased": "Day on which the subscription was bought, for the same.",
    "id": "What a row is a version of.",
    "version": "Number of the version; each ends the one before.",
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
    "reporting_currency": Annotated[
        str | None, _option("Currency of the figures; that of the rates by default.", "CODE", None)
    ],
    "rates": Annotated[
        str | None,
        _option("Exchange rates: the ECB's file, or a table of date, from, to, rate.", "FILE", None),
    ],
    "max_days_back": Annotated[str | None, _option("How many days old a rate may be; 7.", "DAYS", None)],
    "encoding": Annotated[str | None, _option("Encoding of a CSV, such as latin-1.", "NAME", None)],
    "sample": Annotated[bool, typer.Option("--sample", help="Read a made-up company.")],
    "first": Annotated[str | None, _option("First month, as 2024-01.", "MONTH", None)],
    "last": Annotated[str | None, _option("Last month.", "MONTH", None)],
    "as_of": Annotated[str | None, _option("Day up to which the data are known.", "DAY", None)],
    "known_at": Annotated[
        str | None, _option("Only what was recorded until this day, or the end of a month.", "DAY", None)
    ],
}


def command(
    app: typer.Typer, *, days: tuple[str, ...] = ()
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as a command that also takes `SHARED`; its first argument is the opened book.

    `days` are arguments after the file; where that is left out, the first of them stands in its place.
    """

    def register(body: Callable[..., None]) -> Callable[..., None]:
        own = list(inspect.signature(body, eval_str=True).parameters.values())[1:]
        shared = [
            inspect.Parameter(name, _KEYWORD, default=False if name == "sample" else None, annotation=kind)
            for name, kind in SHARED.items()
        ]

        def run(**values: Any) -> None:
            if days and _is_day(values["file"]):
                given = [values["file"], *(values[name] for name in days)]
                values |= dict(zip(("file", *days), [None, *given], strict=False))
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
        source, settings, rates, made_up = _sample(given, asked, name, wanted=values["sample"])
    else:
        if not values["file"] and not values["sql"]:
            terminal.say(f"no file given: using ./{CONFIG}")
        wanted = request(file, values["sql"], given, asked, values["encoding"])
        source, settings = load(wanted), wanted.settings
        rates, made_up = _rates(settings), None
    terminal.mapping(source)
    options: dict[str, Any] = {part: settings[part] for part in _BOOK if part in settings}
    if "policy" in options:
        options["policy"] = policy_of(options["policy"])
    elif name == "reconcile":
        # The rows are read by the policies that are compared: what standard would refuse is for them to say.
        options["policy"] = Policy(trial="ignore")
    until = as_day("as_of", settings["as_of"]) if "as_of" in settings else source.reach
    if rates is not None:
        options |= {"rates": rates, "reporting_currency": _reporting(settings, rates)}
    if until is not None:
        # Without an event on its last days a month may still be complete.
        end = month_end(until)
        options["as_of"] = end if until >= nearly(end) else until
    book = Book(source.frame, **source.columns.book_arguments(), **options)
    reach = known_until(book, until)
    known_at = as_day("known_at", settings["known_at"]) if "known_at" in settings else None
    if known_at is not None:
        book, reach = book.known_at(known_at), min(reach, known_at)
        terminal.say(f"as known on {known_at}")
    first, last = (as_month(part, settings.get(part)) for part in ("first", "last"))
    return Opened(book, source, first, last, reach, settings, values["by"], known_at, rates, made_up)


def _rates(settings: Mapping[str, str]) -> Rates | None:
    """The exchange rates of a file, if one is named."""
    if "rates" in settings:
        days = settings.get("max_days_back", "7")
        if not days.isdecimal():
            raise OptionError(f"max_days_back: {days!r} is not a number of days", code="E_USAGE", value=days)
        reporting = settings.get("reporting_currency", "").upper() or None
        return read_rates(Path(settings["rates"]), reporting, max_days_back=int(days))
    if "reporting_currency" in settings:
        raise OptionError(
            "reporting_currency: amounts cannot be converted without exchange rates",
            code="E_USAGE",
            value=settings["reporting_currency"],
            hint="Name a file of them: --rates FILE; or say what all amounts are in: --currency CODE.",
        )
    return None


def _reporting(settings: Mapping[str, str], rates: Rates) -> str:
    code = settings.get("reporting_currency")
    if code is None:
        terminal.say(f"figures in {rates.base}, as the rates (change with --reporting-currency)")
    return code.upper() if code else rates.base


def _sample(
    given: Mapping[str, str | None], asked: Mapping[str, str | None], name: str, *, wanted: bool
) -> tuple[Source, Mapping[str, str], Rates | None, Company]:
    if not wanted and name != "report":
        raise OptionError(
            f"no file given; usage: tenure {name} FILE (CSV, Parquet or .toml)",
            code="E_USAGE",
            hint="--sql QUERY reads a query, --sample a made-up company, ./tenure.toml is found by itself.",
        )
    from . import sample  # not needed for real data

    company = sample.global_company()
    label = f"the made-up company {company.name}"
    if not wanted:
        terminal.say(f"no file given: the report of {label}")
    rows = company.subscriptions
    settings = {
        "company": company.name,
        "reporting_currency": company.currency,
        "margin": _SAMPLE_MARGIN,
        **{part: value for part, value in asked.items() if value is not None},
    }
    columns = resolve(list(rows), given)
    if name == "report" and given["by"] is None:
        columns.by.append(columns.unused.pop(columns.unused.index("channel")))  # what the spend is cut by
    rates = _rates(settings) if "rates" in settings else company.rates
    source = Source(label, len(rows["start"]), sample.last_day(company), columns, rows)
    return source, settings, rates, company


def _is_day(text: str | None) -> bool:
    """Whether an argument is a day instead of a file."""
    try:
        return text is not None and len(text) == len("2024-01-31") and bool(date.fromisoformat(text))
    except ValueError:
        return False


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
