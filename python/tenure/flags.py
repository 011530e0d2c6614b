"""Options of the single commands."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer


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
    half_year = "half_year"
    year = "year"


class Movement(StrEnum):
    """A column of the bridge."""

    opening = "opening"
    new = "new"
    expansion = "expansion"
    contraction = "contraction"
    churn = "churn"
    reactivation = "reactivation"
    transfer_in = "transfer_in"
    transfer_out = "transfer_out"
    closing = "closing"


def _option(text: str, metavar: str | None = None, **more: Any) -> Any:
    return typer.Option(help=text, metavar=metavar, **more)


Shape = Annotated[Format, typer.Option("--format", help="How to write the result.")]
Target = Annotated[
    Path | None, typer.Option("--output", "-o", help="File to write; otherwise standard output.")
]
Page = Annotated[Path | None, typer.Option("--output", "-o", help="Page to write; report.html by default.")]
Json = Annotated[
    bool, typer.Option("--json", help="Print the figures as JSON; the page is written only with -o.")
]
Title = Annotated[str | None, _option("Title instead of the finding of the month.", "TEXT")]
Company = Annotated[str | None, _option("Company name in the head.", "TEXT")]
Grain = Annotated[Period, _option("Length of a period.")]
Unit = Annotated[Period, typer.Option("--unit", help="Length of the period to open.")]
Fiscal = Annotated[int, _option("Month in which quarters, halves and years begin.", min=1, max=12)]
Horizon = Annotated[int, _option("Periods between the two looks at the same customers.", min=1, max=120)]
Kind = Annotated[Measure, _option("What the cells follow.")]
Wide = Annotated[bool, typer.Option("--wide", help="Also print the numbers of customers.")]
Day = Annotated[
    str | None,
    _option(
        "Day to look at, or a month for its last day; --as-of or the last month's end by default.", "DAY"
    ),
]
When = Annotated[str, typer.Option("--period", help="Month to open, or a day in it.", metavar="MONTH")]
Cell = Annotated[Movement, _option("Column of the bridge to open.")]
Segment = Annotated[str | None, _option("Segment to open; needs --by.", "NAME")]
WithRows = Annotated[bool, typer.Option("--rows", help="Print the subscription rows behind the customers.")]
Config = Annotated[Path, typer.Option("--output", "-o", help="File to write.")]
