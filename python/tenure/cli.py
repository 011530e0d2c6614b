"""The command line: ``tenure report``, ``waterfall``, ``retention``, ``cohorts``, ``mrr``, ``check``.

Exit codes: 0 done, 2 usage, 3 input refused, 5 file or connection, 70 own fault, 130 Ctrl-C, 141 pipe closed.
"""

from __future__ import annotations

import io
import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from . import output, terminal
from .errors import OptionError
from .opening import FAULT, INTERRUPTED, USAGE, Opened, command
from .report import build
from .report.format import month_end

app = typer.Typer(
    name="tenure",
    help="Revenue metrics of a subscription business, from its subscription rows.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Format(StrEnum):
    """How a result is written."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


class Measure(StrEnum):
    """What the cells of a cohort table follow."""

    revenue = "revenue"
    customers = "customers"


class Period(StrEnum):
    """Length of a period."""

    month = "month"
    quarter = "quarter"
    year = "year"


Shape = Annotated[Format, typer.Option("--format", help="How to write the result.")]
Target = Annotated[
    Path | None, typer.Option("--output", "-o", help="File to write; otherwise standard output.")
]
Page = Annotated[Path | None, typer.Option("--output", "-o", help="Page to write; report.html by default.")]
Json = Annotated[
    bool, typer.Option("--json", help="Print the figures as JSON; the page is written only with -o.")
]
Title = Annotated[str | None, typer.Option(help="Title instead of the finding of the month.", metavar="TEXT")]
Company = Annotated[str | None, typer.Option(help="Company name in the head.", metavar="TEXT")]
Grain = Annotated[Period, typer.Option(help="Length of a period.")]
Horizon = Annotated[
    int, typer.Option(help="Periods between the two looks at the same customers.", min=1, max=120)
]
Kind = Annotated[Measure, typer.Option(help="What the cells follow.")]
Day = Annotated[
    str | None, typer.Option(help="Day to look at; the end of the last month by default.", metavar="DAY")
]


@command(app)
def report(
    data: Opened, output_: Page = None, as_json: Json = False, title: Title = None, company: Company = None
) -> None:
    """Write the company report: one HTML page without scripts, and a summary."""
    terminal.mapping(data.source)
    made = build(
        data.book,
        company=company or data.settings.get("company") or data.source.label,
        title=title or data.settings.get("title"),
        first=data.first,
        last=data.last,
        reach=data.reach,
        product=data.source.columns.names.get("product"),
        source=data.source,
    )
    path = output_ or (None if as_json else Path("report.html"))
    if path:
        output.write_text(path, made.html)
    if as_json:
        output.emit(json.dumps(made.to_dict(), indent=1, allow_nan=False) + "\n")
    elif path:
        terminal.summary(made, path)


@command(app)
def waterfall(
    data: Opened,
    period: Grain = Period.month,
    form: Shape = Format.table,
    to: Target = None,
) -> None:
    """Print the MRR bridge: opening, new, expansion, contraction, churn, reactivation, closing."""
    _write(data, data.book.waterfall(*data.span, period=period.value, by=data.segment), form, to)


@command(app)
def retention(data: Opened, horizon: Horizon = 12, form: Shape = Format.table, to: Target = None) -> None:
    """Print net, gross and logo retention of the same customers over a horizon."""
    _write(data, data.book.net_retention(*data.span, horizon=horizon, by=data.segment), form, to)


@command(app)
def cohorts(
    data: Opened,
    measure: Kind = Measure.revenue,
    form: Shape = Format.table,
    to: Target = None,
) -> None:
    """Print what is left of each month's new customers, by age."""
    _write(data, data.book.cohorts(*data.span, measure=measure.value, by=data.segment), form, to)


@command(app)
def mrr(data: Opened, at: Day = None, form: Shape = Format.table, to: Target = None) -> None:
    """Print MRR, ARR, customers and ARPA on a day."""
    day = at or month_end(data.last).isoformat()
    _write(data, data.book.mrr(day, by=data.segment), form, to)


@command(app)
def check(data: Opened) -> None:
    """Read and validate the rows; say what was read, used, left out and why."""
    terminal.mapping(data.source)
    terminal.checked(data.book, data.source)


def _write(data: Opened, result: Any, form: Format, to: Path | None) -> None:
    terminal.mapping(data.source)
    if form is Format.parquet or (to is not None and to.suffix == ".parquet"):
        if to is None:
            raise OptionError("Parquet goes to a file: name it with -o", code="E_USAGE")
        output.write_parquet(to, result)
        return
    if to is not None and form is Format.table:
        form = Format.json if to.suffix == ".json" else Format.csv
    if form is Format.table:
        terminal.table(result)
        return
    text = output.to_csv(result) if form is Format.csv else output.to_json(result) + "\n"
    if to is None:
        output.emit(text)
    else:
        output.write_text(to, text)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        code = app(args=arguments, prog_name="tenure", standalone_mode=False)
    except typer.Exit as leave:
        return leave.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as fault:
        if os.environ.get("TENURE_TRACEBACK"):
            raise
        if hasattr(fault, "format_message"):  # a usage error of the option parser
            terminal.say(f"tenure: {fault.format_message()} [E_USAGE]; see tenure --help")
            return USAGE
        terminal.say(f"tenure: {type(fault).__name__}: {fault} [E_INTERNAL]; please report this")
        return FAULT
    return code if isinstance(code, int) else 0


def main() -> None:
    """Entry point of the ``tenure`` command."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a sign gets a question mark instead of a fault.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))
