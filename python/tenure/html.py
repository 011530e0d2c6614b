"""Results in a notebook: a chart where there is one, and the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import svg
from .results import Cohorts, Match, NetRetention, Reconciliation, Waterfall
from .results.sentences import bridge_of, figure_of
from .results.text import format_cell, picked_rows

if TYPE_CHECKING:
    from .results import Result

_GAINS = ("new", "expansion", "reactivation", "resumed", "transfer_in")
_LOSSES = ("contraction", "churn", "paused", "transfer_out")
_MOST_COHORTS = 24


def render(result: Result) -> str:
    """Return the result as one HTML fragment with its own styles."""
    if isinstance(result, Cohorts) and not result.by and len(result):
        return svg.notebook(_heat_map(result))
    chart = ""
    if isinstance(result, Waterfall) and not result.by and len(result):
        chart = _bridge(result)
    elif isinstance(result, NetRetention) and not result.by and len(result):
        chart = _lines(result)
    elif isinstance(result, Reconciliation) and result.splits:
        chart = _causes(result)
    words = _sentences(result.words()) if isinstance(result, Reconciliation | Match) else ""
    return svg.notebook(*filter(None, (chart, words, _table(result))))


def _causes(result: Reconciliation) -> str:
    steps = bridge_of(result)
    share = result.metric not in ("mrr", "customers")
    if share:
        steps = [step._replace(amount=100 * step.amount) for step in steps]
    label = f"{figure_of(result)}: {steps[0].label} to {steps[-1].label}"
    unit = "%" if share else (result.currency or "") if result.metric == "mrr" else ""
    return svg.waterfall(steps, label=label, unit=unit, digits=2 if share else 0)


def _sentences(words: list[str]) -> str:
    return svg.tag("ul", *(svg.tag("li", svg.safe(line)) for line in words))


def _bridge(result: Waterfall) -> str:
    opening, closing = float(result["opening"][0]), float(result["closing"][-1])
    steps = [svg.Step("Opening", opening, total=True)]
    there = result.columns
    steps += [svg.Step(_title(name), float(sum(result[name]))) for name in _GAINS if name in there]
    steps += [svg.Step(_title(name), -float(sum(result[name]))) for name in _LOSSES if name in there]
    if "fx" in there:
        steps.append(svg.Step("FX", float(sum(result["fx"]))))
    steps.append(svg.Step("Closing", closing, total=True))
    span = f"{_month(result.periods[0])} to {_month(result.periods[-1])}"
    return svg.waterfall(steps, label=f"MRR bridge, {span}", unit=result.currency or "", digits=0)


def _lines(result: NetRetention) -> str:
    names = (("NRR", "nrr", "l1"), ("GRR", "grr", "l2"), ("Logo", "logo_retention", "l3"))
    series = [svg.Line(label, result[name].tolist(), tone) for label, name, tone in names]
    ticks = [_month(day) for day in result.periods]
    label = f"Retention over {result.horizon} periods"
    return svg.lines(ticks, series, label=label, show=lambda value: f"{100 * value:.0f} %", reference=1.0)


def _heat_map(result: Cohorts) -> str:
    shares, sizes, periods = result.retention(), result.sizes(), result.periods
    begin = max(0, len(periods) - _MOST_COHORTS)
    ages = len(periods) - begin
    rows = []
    for cohort in range(begin, len(periods)):
        values = [None if value is None else 100 * value for value in shares[cohort, :ages].tolist()]
        rows.append(svg.HeatRow(_month(periods[cohort]), (f"{int(sizes[cohort]):,}",), values))
    average = [None if value is None else 100 * value for value in result.average()[:ages].tolist()]
    return svg.heat_map(
        rows,
        columns=[str(age) for age in range(ages)],
        sizes=("Customers",),
        foot=svg.HeatRow("Average", ("",), average),
        caption=f"% of the first period's {result.measure} by age; the latest {ages} cohorts",
    )


def _table(result: Result) -> str:
    rows, cut = picked_rows(len(result))
    columns: list[list[Any]] = []
    for name in result.columns:
        values = result[name]
        picked = values[rows].tolist()
        columns.append([svg.name(format_cell(name, value, result.shares)) for value in picked])
    body = [list(line) for line in zip(*columns, strict=True)]
    if cut:
        body.insert(cut, ["..."] * len(columns))
    return svg.table([name.replace("_", " ") for name in result.columns], body)


def _title(column: str) -> str:
    return column.replace("_", " ").capitalize()


def _month(day: np.datetime64) -> str:
    return str(day.astype("datetime64[M]"))
