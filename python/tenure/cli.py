"""The command line: ``tenure report``, tables of every metric, ``explain``, ``reconcile``, ``check`` ...

Exit codes: 0 done, 2 usage, 3 input refused, 5 file or connection, 70 own fault, 130 Ctrl-C, 141 pipe closed.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from . import __version__, flags, output, reconciling, reporting, terminal
from .errors import OptionError
from .moments import Opened, as_day
from .opening import CONFIG, FAULT, INTERRUPTED, USAGE, command, guard
from .policies import policy_of

app = typer.Typer(
    name="tenure",
    help="Revenue metrics of a subscription business, from its subscription rows.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    if asked:
        output.emit(f"tenure {__version__}\n")
        raise typer.Exit(0)


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Print the version.")
    ] = False,
) -> None:
    """Revenue metrics of a subscription business, from its subscription rows."""


command(app)(reporting.report)


@command(app)
def waterfall(
    data: Opened,
    period: flags.Grain = flags.Period.month,
    fiscal_start: flags.Fiscal = 1,
    wide: flags.Wide = False,
    form: flags.Shape = flags.Format.table,
    to: flags.Target = None,
) -> None:
    """Print the MRR bridge: opening, new, expansion, contraction, churn, reactivation, fx, closing."""
    span = data.span(period.value, fiscal_start)
    bridge = data.book.waterfall(*span, period=period.value, by=data.segment, fiscal_start=fiscal_start)
    _write(bridge, form, to, wide=wide)


@command(app)
def retention(
    data: Opened,
    horizon: flags.Horizon = 12,
    form: flags.Shape = flags.Format.table,
    to: flags.Target = None,
) -> None:
    """Print net, gross and logo retention of the same customers over a horizon."""
    _write(data.book.net_retention(*data.span(), horizon=horizon, by=data.segment), form, to)


@command(app)
def growth(
    data: Opened,
    period: flags.Grain = flags.Period.month,
    fiscal_start: flags.Fiscal = 1,
    form: flags.Shape = flags.Format.table,
    to: flags.Target = None,
) -> None:
    """Print growth, quick ratio, ARPA and churn rates of each period."""
    span = data.span(period.value, fiscal_start)
    grown = data.book.growth(*span, period=period.value, by=data.segment, fiscal_start=fiscal_start)
    _write(grown, form, to)


@command(app)
def churn(
    data: Opened,
    period: flags.Grain = flags.Period.month,
    fiscal_start: flags.Fiscal = 1,
    form: flags.Shape = flags.Format.table,
    to: flags.Target = None,
) -> None:
    """Print churn rates with who and what is in them, as the policy defines them."""
    if data.by:
        raise OptionError("by: churn is a table of the whole company", code="E_USAGE", value=data.by)
    span = data.span(period.value, fiscal_start)
    _write(data.book.churn(*span, period=period.value, fiscal_start=fiscal_start), form, to)


@command(app)
def cohorts(
    data: Opened,
    measure: flags.Kind = flags.Measure.revenue,
    period: flags.Grain = flags.Period.month,
    fiscal_start: flags.Fiscal = 1,
    form: flags.Shape = flags.Format.table,
    to: flags.Target = None,
) -> None:
    """Print what is left of each period's new customers, by age."""
    span = data.span(period.value, fiscal_start)
    kept = data.book.cohorts(
        *span, measure=measure.value, by=data.segment, period=period.value, fiscal_start=fiscal_start
    )
    _write(kept, form, to)


@command(app)
def forecast(
    data: Opened,
    periods: flags.Ahead = 12,
    history: flags.History = 24,
    new: flags.NewBusiness = flags.New.level,
    confidence: flags.Confidence = 0.8,
    period: flags.Grain = flags.Period.month,
    fiscal_start: flags.Fiscal = 1,
    form: flags.Shape = flags.Format.table,
    to: flags.Target = None,
) -> None:
    """Print the MRR bridge carried on from its own movement rates, with limits."""
    _, last = data.span(period.value, fiscal_start)
    ahead = data.book.forecast(
        periods, history=history, new=new.value, confidence=confidence, period=period.value,
        fiscal_start=fiscal_start, by=data.segment, as_of=min(as_day("last", last), data.book.known_until),
    )  # fmt: skip
    _write(ahead, form, to)
    terminal.reasons(ahead)


@command(app)
def mrr(
    data: Opened,
    at: flags.Day = None,
    form: flags.Shape = flags.Format.table,
    to: flags.Target = None,
) -> None:
    """Print MRR, ARR, customers and ARPA on a day."""
    _write(data.book.mrr(data.day(at), by=data.segment), form, to)


@command(app)
def concentration(
    data: Opened,
    at: flags.Day = None,
    form: flags.Shape = flags.Format.table,
    to: flags.Target = None,
) -> None:
    """Print how much of the MRR on a day hangs on the largest customers."""
    if data.by:
        raise OptionError("by: concentration is a figure of the whole company", code="E_USAGE", value=data.by)
    _write(data.book.concentration(data.day(at)), form, to)


@command(app)
def explain(
    data: Opened,
    when: flags.When,
    movement: flags.Cell,
    segment: flags.Segment = None,
    unit: flags.Unit = flags.Period.month,
    fiscal_start: flags.Fiscal = 1,
    rows: flags.WithRows = False,
    form: flags.Shape = flags.Format.table,
    to: flags.Target = None,
) -> None:
    """Print the customers behind one cell of the bridge, with the rule that classed them."""
    if segment is not None and not data.segment:
        raise OptionError("segment: say by which column, as in --by plan --segment Team", code="E_USAGE")
    bridge = data.book.waterfall(when, when, period=unit.value, by=data.segment, fiscal_start=fiscal_start)
    found = bridge.explain(when, movement.value, segment)
    _write(found.rows() if rows else found, form, to)


@command(app)
def reconcile(
    data: Opened,
    policies: flags.Policies = None,
    at: flags.Moment = None,
    metric: flags.Figure = flags.Metric.mrr,
    period: flags.Grain = flags.Period.month,
    customers: flags.WithCustomers = None,
    vendor: flags.Vendor = None,
    month: flags.TheirMonth = None,
    mrr: flags.TheirMrr = None,
    keep: flags.Keep = 5,
    form: flags.Shape = flags.Format.table,
    to: flags.Target = None,
) -> None:
    """Print why two definitions differ, cause by cause; or which one comes closest to a table (--vendor)."""
    if vendor is None:
        if month or mrr:
            raise OptionError("month and mrr are columns of a table: name it with --vendor", code="E_USAGE")
        asked = reconciling.Asked(policies, metric.value, period.value)
        found = reconciling.between(data, asked, at)
        table = found if customers is None else reconciling.largest(found, customers)
    else:
        if policies or at or customers:
            raise OptionError(
                "vendor: a table is compared with every preset; leave out --policies, --at and --customers",
                code="E_USAGE",
            )
        found = reconciling.with_table(data, vendor, {"month": month, "mrr": mrr}, keep)
        table = found
    machine = form is not flags.Format.table or to is not None
    _write(table if machine else found, form, to)
    if not machine:
        terminal.sentences(found.words())
        reconciling.show_more(found, customers)


@command(app, days=("before", "after"))
def restatement(
    data: Opened,
    before: flags.Before = None,
    after: flags.After = None,
    show: flags.Restatements = flags.Restated.periods,
    period: flags.Grain = flags.Period.month,
    fiscal_start: flags.Fiscal = 1,
    form: flags.Shape = flags.Format.table,
    to: flags.Target = None,
) -> None:
    """Print how the periods before A have changed from what was known on A to what was known on B."""
    known, later, span = data.between(before, after, period.value, fiscal_start)
    found = data.book.restatement(known, later, *span, period=period.value, fiscal_start=fiscal_start)
    shown = {"customers": found.customers, "rows": found.rows}.get(show.value)
    _write(found if shown is None else shown(), form, to)


@command(app)
def check(data: Opened) -> None:
    """Read and validate the rows; say what was read, used, left out and why."""
    terminal.checked(data.book, data.source, data.reach if data.known_at else data.source.reach)


@app.command()
def policies() -> None:
    """Print the presets, with how many options each changes and which."""
    guard(terminal.presets)


@app.command()
def policy(
    name: Annotated[str, typer.Argument(metavar="POLICY", help="A preset, options after it, or a .toml.")],
    form: flags.Words = flags.Text.words,
) -> None:
    """Print what a policy does in plain words, or as a file to change and to give to --policy."""

    def write() -> None:
        found = policy_of(name)
        as_text = {"words": found.explain, "json": found.to_json, "toml": found.to_toml}
        output.emit(as_text[form.value]().rstrip("\n") + "\n")

    guard(write)


@app.command()
def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or Parquet with subscription rows.")],
    to: flags.Config = CONFIG,
    encoding: Annotated[str | None, typer.Option(help="Encoding of a CSV.", metavar="NAME")] = None,
) -> None:
    """Write a tenure.toml with a guess for every column, to be checked and changed."""
    from .starting import write

    guard(lambda: write(file, to, encoding))


def _write(result: Any, form: flags.Format, to: Path | None, *, wide: bool = True) -> None:
    if form is flags.Format.parquet or (to is not None and to.suffix == ".parquet"):
        if to is None:
            raise OptionError("Parquet goes to a file: name it with -o", code="E_USAGE")
        output.write_parquet(to, result)
        return
    if to is not None and form is flags.Format.table:
        form = flags.Format.json if to.suffix == ".json" else flags.Format.csv
    if form is flags.Format.table:
        terminal.table(result, wide=wide)
        return
    text = output.to_csv(result) if form is flags.Format.csv else output.to_json(result) + "\n"
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
