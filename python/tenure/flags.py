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


class New(StrEnum):
    """How a forecast carries new business on."""

    level = "level"
    trend = "trend"


class Metric(StrEnum):
    """What two definitions are compared in."""

    mrr = "mrr"
    customers = "customers"
    customer_churn = "customer_churn"
    gross_mrr_churn = "gross_mrr_churn"
    nrr = "nrr"
    grr = "grr"


class Restated(StrEnum):
    """What of a restatement is printed."""

    periods = "periods"
    customers = "customers"
    rows = "rows"


class Text(StrEnum):
    """How a policy is written."""

    words = "words"
    json = "json"
    toml = "toml"


class Movement(StrEnum):
    """A column of the bridge."""

    opening = "opening"
    new = "new"
    expansion = "expansion"
    contraction = "contraction"
    churn = "churn"
    reactivation = "reactivation"
    paused = "paused"
    resumed = "resumed"
    fx = "fx"
    transfer_in = "transfer_in"
    transfer_out = "transfer_out"
    closing = "closing"


def _option(text: str, metavar: str | None = None, **more: Any) -> Any:
    return typer.Option(help=text, metavar=metavar, **more)


Shape = Annotated[Format, typer.Option("--format", help="How to write the result.")]
Target = Annotated[
    Path | None, typer.Option("--output", "-o", help="File to write; otherwise standard output.")
]
Page = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Page to write, or figures into a .json; report.html by default."),
]
Json = Annotated[
    bool,
    typer.Option(
        "--json", help="Print the figures as JSON (into FILE with -o FILE.json); the page needs -o."
    ),
]
Compare = Annotated[
    str | None,
    _option("Two policies to reconcile in the report, or none; stripe,chartmogul by default.", "POLICIES"),
]
Policies = Annotated[
    str | None, _option("The two policies, comma between; stripe,chartmogul by default.", "POLICIES")
]
Figure = Annotated[Metric, _option("Figure to reconcile.")]
Moment = Annotated[
    str | None,
    _option("Month, for what each publishes, or day, for the state on it; the last month by default.", "DAY"),
]
WithCustomers = Annotated[
    int | None, _option("Also the largest customers of each cause, so many.", "N", min=1)
]
Vendor = Annotated[
    Path | None, _option("Table of somebody else: find the definition that comes closest.", "FILE")
]
TheirMonth = Annotated[str | None, _option("Their column of months.", "COLUMN", rich_help_panel="Vendor")]
TheirMrr = Annotated[str | None, _option("Their column of MRR.", "COLUMN", rich_help_panel="Vendor")]
Keep = Annotated[int, _option("How many candidates to show.", "N", min=1, rich_help_panel="Vendor")]
Before = Annotated[
    str | None, typer.Argument(metavar="A", help="Day of the earlier knowledge, or a month for its end.")
]
After = Annotated[
    str | None, typer.Argument(metavar="B", help="Day of the later knowledge; all that is known by default.")
]
Restatements = Annotated[
    Restated, typer.Option("--show", help="Periods, customers whose MRR changed, or rows with the reason.")
]
Since = Annotated[
    str | None,
    _option(
        "Say in the report what has changed since this day; by default the end of the month before.", "DAY"
    ),
]
Spend = Annotated[
    Path | None, _option("Marketing spend: a table of date, amount and perhaps channel, kind, paid.", "FILE")
]
Margin = Annotated[float | None, _option("Gross margin, a share of revenue such as 0.8.", "SHARE")]


def _spend(text: str) -> Any:
    return _option(text, "COLUMN", rich_help_panel="Spend")


SpendDate = Annotated[str | None, _spend("Day of the spend.")]
SpendAmount = Annotated[str | None, _spend("Amount.")]
SpendChannel = Annotated[
    str | None, _spend("Channel; a segment of this name in --by is that of the customers.")
]
SpendKind = Annotated[str | None, _spend("Kind, such as media or people.")]
SpendPaid = Annotated[str | None, _spend("Whether the channel is a paid one.")]
SpendCurrency = Annotated[str | None, _spend("Currency of the amount.")]
Calls = Annotated[
    Path | None,
    _option("What the sales team called: a table of taken, period, amount, actual, owner, category.", "FILE"),
]
Deals = Annotated[
    Path | None,
    _option("Snapshots of deals: a table of taken, opportunity, close date, amount, category ...", "FILE"),
]


def _calls(text: str, metavar: str = "COLUMN") -> Any:
    return _option(text, metavar, rich_help_panel="Calls")


def _deals(text: str, metavar: str = "COLUMN") -> Any:
    return _option(text, metavar, rich_help_panel="Deals")


CallsGrain = Annotated[Period | None, _calls("Length of the periods that are called; quarter.", "UNIT")]
CallsFiscal = Annotated[
    int | None, _option("Month in which fiscal years begin.", min=1, max=12, rich_help_panel="Calls")
]
CallsWeeks = Annotated[
    int | None,
    _option(
        "Weeks before the end of which sentences and owners speak.", "WEEKS", min=0, rich_help_panel="Calls"
    ),
]
CallsCategories = Annotated[
    list[str] | None, _calls("What a word means, such as Upside=best_case; repeatable.", "WORD=CATEGORY")
]
DealsCategories = Annotated[
    list[str] | None, _deals("What a word means, such as Upside=best_case; repeatable.", "WORD=CATEGORY")
]
DealsOutcomes = Annotated[
    list[str] | None, _deals("What a word means, such as Signed=won; repeatable.", "WORD=OUTCOME")
]
CallsTaken = Annotated[str | None, _calls("Day of the call.")]
CallsPeriod = Annotated[str | None, _calls("Period that is called: a day in it, or such as 2024-Q1.")]
CallsAmount = Annotated[str | None, _calls("Amount.")]
CallsCategory = Annotated[str | None, _calls("Category, such as commit, best case or pipeline.")]
CallsOwner = Annotated[str | None, _calls("Who calls.")]
CallsActual = Annotated[str | None, _calls("What the period brought; empty: not known yet.")]
DealsTaken = Annotated[str | None, _deals("Day of the snapshot.")]
DealsOpportunity = Annotated[str | None, _deals("Id of the deal.")]
DealsCloseDate = Annotated[str | None, _deals("Day on which it is expected to close, or did.")]
DealsAmount = Annotated[str | None, _deals("Amount.")]
DealsCategory = Annotated[str | None, _deals("Category, such as commit, best case or pipeline.")]
DealsOutcome = Annotated[str | None, _deals("Whether it is open, won or lost.")]
DealsOwner = Annotated[str | None, _deals("Whose deal it is.")]
DealsProbability = Annotated[str | None, _deals("Chance to win it, from 0 to 1.")]
Words = Annotated[Text, typer.Option("--format", help="How to write the policy.")]
Title = Annotated[str | None, _option("Title instead of the finding of the month.", "TEXT")]
Company = Annotated[str | None, _option("Company name in the head.", "TEXT")]
Grain = Annotated[Period, _option("Length of a period.")]
Unit = Annotated[Period, typer.Option("--unit", help="Length of the period to open.")]
Fiscal = Annotated[int, _option("Month in which quarters, halves and years begin.", min=1, max=12)]
Horizon = Annotated[int, _option("Periods between the two looks at the same customers.", min=1, max=120)]
Ahead = Annotated[int, _option("How many periods to forecast.", min=1, max=120)]
History = Annotated[int, _option("From how many last periods rates are taken.", min=1, max=1200)]
NewBusiness = Annotated[New, _option("New business stays at its mean, or follows its trend.")]
Confidence = Annotated[float, _option("Of the limits, such as 0.8.", "SHARE")]
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
