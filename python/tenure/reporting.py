"""The command ``tenure report``: what it is told, built and written."""

from __future__ import annotations

from pathlib import Path

from . import flags, output, terminal
from .moments import Opened
from .reconciling import compared
from .report import build


def report(
    data: Opened,
    output_: flags.Page = None,
    as_json: flags.Json = False,
    title: flags.Title = None,
    company: flags.Company = None,
    compare: flags.Compare = None,
    restated_since: flags.Since = None,
    spend: flags.Spend = None,
    margin: flags.Margin = None,
    spend_date: flags.SpendDate = None,
    spend_amount: flags.SpendAmount = None,
    spend_channel: flags.SpendChannel = None,
    spend_kind: flags.SpendKind = None,
    spend_paid: flags.SpendPaid = None,
    spend_currency: flags.SpendCurrency = None,
    calls: flags.Calls = None,
    calls_grain: flags.CallsGrain = None,
    calls_fiscal_start: flags.CallsFiscal = None,
    calls_weeks: flags.CallsWeeks = None,
    calls_categories: flags.CallsCategories = None,
    calls_taken: flags.CallsTaken = None,
    calls_period: flags.CallsPeriod = None,
    calls_amount: flags.CallsAmount = None,
    calls_category: flags.CallsCategory = None,
    calls_owner: flags.CallsOwner = None,
    calls_actual: flags.CallsActual = None,
    deals: flags.Deals = None,
    deals_taken: flags.DealsTaken = None,
    deals_opportunity: flags.DealsOpportunity = None,
    deals_close_date: flags.DealsCloseDate = None,
    deals_amount: flags.DealsAmount = None,
    deals_category: flags.DealsCategory = None,
    deals_categories: flags.DealsCategories = None,
    deals_outcome: flags.DealsOutcome = None,
    deals_outcomes: flags.DealsOutcomes = None,
    deals_owner: flags.DealsOwner = None,
    deals_probability: flags.DealsProbability = None,
) -> None:
    """Write the company report: one HTML page without scripts, and a summary."""
    data.span()
    first, last = data.months()
    columns = {"date": spend_date, "amount": spend_amount, "channel": spend_channel, "kind": spend_kind}
    columns |= {"paid": spend_paid, "currency": spend_currency}
    of_calls = {"taken": calls_taken, "period": calls_period, "amount": calls_amount}
    of_calls |= {"category": calls_category, "owner": calls_owner, "actual": calls_actual}
    of_deals = {"taken": deals_taken, "opportunity": deals_opportunity, "close_date": deals_close_date}
    of_deals |= {"amount": deals_amount, "category": deals_category, "outcome": deals_outcome}
    of_deals |= {"owner": deals_owner, "probability": deals_probability}
    grain = None if calls_grain is None else calls_grain.value
    words = (
        {"categories": calls_categories or []},
        {"categories": deals_categories or [], "outcomes": deals_outcomes or []},
    )
    fiscal_start = data.whole("fiscal_start", calls_fiscal_start, "a month from 1 to 12") or 1
    called, dealt = data.called((calls, deals), (of_calls, of_deals), words, grain, fiscal_start)
    made = build(
        data.book,
        company=company or data.settings.get("company") or data.source.label,
        title=title or data.settings.get("title"),
        first=first,
        last=last,
        reach=data.reach,
        product=data.source.columns.names.get("product"),
        source=data.source,
        compare=compared(compare or data.settings.get("compare")),
        restated_since=data.since(restated_since or data.settings.get("restated_since")),
        spend=data.spend(spend, columns),
        margin=data.margin(margin),
        calls=called,
        deals=dealt,
        calls_fiscal_start=fiscal_start,
        calls_weeks=data.whole("weeks", calls_weeks, "a number of weeks"),
    )
    path = output_ or (None if as_json else Path("report.html"))
    into_file = path is not None and path.suffix.lower() == ".json"
    if path:
        output.write_text(path, output.report_json(made) if into_file else made.html)
    if as_json and not into_file:
        output.emit(output.report_json(made))
    elif path:
        terminal.summary(made, path)
