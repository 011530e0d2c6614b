"""The report's charts and tables: figures in, markup out."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from .. import svg
from .figures import BEFORE, FALLING, FX, RECENT, Figures, Segment, change, ratio, total
from .format import count, headed, money, month, month_code, percent, readable, scale, symbol

SHOWN_COHORTS = 12
SHOWN_SEGMENTS = 10


def unit(figures: Figures, largest: float) -> tuple[float, str]:
    """Divisor and unit of a chart, such as 1000 and ``k€``."""
    return unit_of(figures.currency, largest)


def unit_of(currency: str | None, largest: float) -> tuple[float, str]:
    """The same for amounts of a currency, or of none."""
    size, mark = scale(largest)
    plain = {"k": "thousands", "M": "millions", "bn": "billions"}.get(mark, "")
    return size, f"{mark}{symbol(currency)}" if currency else plain


def _digits(size: float) -> int:
    # Movements are small beside levels; in millions one digit would make most of them zero.
    return 1 if size < 1e6 else 2


def bridge(figures: Figures) -> Markup:
    """Bridge of the last three months: monthly movements added up, each bar linked to its customers."""
    held = figures.bridge
    span = min(RECENT, len(figures.months))
    opening, closing = held["opening"][-span], held["closing"][-1]
    size, name = unit(figures, max(opening, closing))
    steps = [svg.Step("Opening", opening / size, total=True)]
    for kind in figures.movements:
        amount = total(held[kind]) / size
        steps.append(svg.Step(named(kind), -amount if kind in FALLING else amount, href=f"#rows-{kind}"))
    running = not figures.complete
    last = "Closing so far" if running else "Closing"
    steps.append(svg.Step(last, closing / size, total=True, href="#rows-closing", running=running))
    label = f"MRR bridge, {span} months to {month(figures.last)}, from {money(opening, figures.currency)} to "
    full = label + money(closing, figures.currency)
    return Markup(svg.waterfall(steps, label=full, unit=name, digits=_digits(size)))


def named(kind: str) -> str:
    """A line of the bridge as its head."""
    return "FX" if kind == FX else kind.title()


def _running(figures: Figures, day: date) -> str:
    """A month as a table names it; that of which not all is known yet says so."""
    return month_code(day) + ("" if figures.complete or day != figures.last else " (running)")


def bridge_table(figures: Figures) -> Markup:
    """The last twelve months of the bridge, amounts and customers."""
    held = figures.bridge
    size, _ = unit(figures, max(held["closing"], default=0.0))
    rows = range(max(0, len(figures.months) - BEFORE), len(figures.months))
    lines = ("opening", *figures.movements, "closing")

    def cell(kind: str, row: int) -> str:
        value = held[kind][row] / size
        return svg.number(-value if kind in FALLING else value, _digits(size))

    body = [
        [
            _running(figures, figures.months[row]),
            *(cell(kind, row) for kind in lines),
            count(held["closing_customers"][row]),
        ]
        for row in rows
    ]
    return Markup(svg.table(("Month", *(named(kind) for kind in lines), "Customers"), body))


def retention(figures: Figures) -> Markup:
    """NRR and GRR of the last twelve months that have them, with the 100 % line."""
    held = figures.retention
    ticks = [month_code(day) for day in held["period"]][-BEFORE:]
    series = [svg.Line("NRR", held["nrr"][-BEFORE:], "l1"), svg.Line("GRR", held["grr"][-BEFORE:], "l2")]
    series.append(svg.Line("Logo", held["logo_retention"][-BEFORE:], "l3"))
    label = f"Net, gross and logo retention over {BEFORE} months, month by month to {month(figures.last)}"
    return Markup(svg.lines(ticks, series, label=label, show=_axis_percent, reference=1.0))


def _axis_percent(value: float) -> str:
    return percent(value, 0 if abs(value * 100 - round(value * 100)) < 1e-6 else 1)


def retention_table(figures: Figures) -> Markup:
    """The numbers behind the lines."""
    held = figures.retention
    rows = zip(held["period"], held["nrr"], held["grr"], held["logo_retention"], strict=True)
    body = [[_running(figures, day), *(percent(value) for value in values)] for day, *values in rows]
    return Markup(svg.table(("Month", "NRR", "GRR", "Logo retention"), body[-2 * BEFORE :]))


def cohort_map(figures: Figures, *, revenue: bool, latest: int | None = SHOWN_COHORTS) -> Markup:
    """Heat map of revenue or customers left, start months down, age across."""
    triangle = figures.triangle
    held = triangle.amounts if revenue else triangle.customers
    rows = range(len(held))[-latest:] if latest else range(len(held))
    ages = len(rows)
    size, name = unit(figures, max((row[0] or 0.0 for row in triangle.amounts if row), default=0.0))
    drawn = []
    for row in rows:
        sizes = (
            count(triangle.customers[row][0] or 0),
            svg.number((triangle.amounts[row][0] or 0.0) / size, _digits(size)),
        )
        start, values, titles = month_code(triangle.starts[row]), [], []
        for age in range(ages):
            value = held[row][age] if age < len(held[row]) else None
            share = None if value is None else ratio(100.0 * value, held[row][0])
            shown = (
                f"{value / size:.1f} {name}"
                if revenue and value is not None
                else f"{count(value or 0)} customers"
            )
            titles.append("" if share is None else f"{start}, month {age}: {svg.number(share)} %, {shown}")
            values.append(share)
        drawn.append(svg.HeatRow(start, sizes, values, titles))
    shares = [
        None if share is None else 100 * share for share in weighted(figures, revenue=revenue, latest=latest)
    ]
    foot = svg.HeatRow("Weighted", ("", ""), shares)
    columns = [f"M{age}" for age in range(ages)]
    return Markup(svg.heat_map(drawn, columns=columns, sizes=("Cust.", f"MRR {name}".strip()), foot=foot))


def weighted(figures: Figures, *, revenue: bool, latest: int | None = SHOWN_COHORTS) -> list[float | None]:
    """Share left at each age over the shown cohorts that have reached it, weighted by their size at age 0."""
    held = figures.triangle.amounts if revenue else figures.triangle.customers
    rows = held[-latest:] if latest else held
    shares = []
    for age in range(len(rows)):
        reached = [row for row in rows if age < len(row) and row[age] is not None and row[0]]
        shares.append(ratio(sum(row[age] for row in reached), sum(row[0] for row in reached)))
    return shares


def started(figures: Figures, latest: int | None = SHOWN_COHORTS) -> list[float]:
    """How many customers have reached each age, over the shown cohorts."""
    held = figures.triangle.customers[-latest:] if latest else figures.triangle.customers
    return [
        float(sum(row[0] or 0 for row in held if age < len(row) and row[age] is not None))
        for age in range(len(held))
    ]


def segment_table(figures: Figures, dimension: str) -> Markup:
    """MRR, ARPA, growth and churn of each segment."""
    segments = [
        segment for segment in figures.segments[dimension] if segment.mrr or total(segment.bridge["churn"])
    ]
    whole, largest = sum(segment.mrr for segment in segments), max((s.mrr for s in segments), default=0.0)
    body = [_segment_row(figures, segment, whole, largest) for segment in segments[:SHOWN_SEGMENTS]]
    rest = segments[SHOWN_SEGMENTS:]
    if rest:
        amount = sum(segment.mrr for segment in rest)
        customers = sum(int(segment.bridge["closing_customers"][-1]) for segment in rest)
        share = svg.Bar(amount / largest if largest else 0.0, money(amount, figures.currency))
        body.append(
            [f"{len(rest)} smaller ones", share, percent(ratio(amount, whole)), count(customers), *[""] * 6]
        )
    head = (
        headed(readable(dimension)),
        "MRR",
        "Share",
        "Customers",
        "ARPA",
        "ARPA, change in 1 year",
        "MRR, change in 1 year",
        "Churn, 3 months",
        "Churn, 12 months before",
        "",
    )
    return Markup(svg.table(head, body, foot=_whole_row(figures), kind="segments"))


def _segment_row(figures: Figures, segment: Segment, whole: float, largest: float) -> list[object]:
    now, before = segment.churn_rate(), segment.churn_rate(BEFORE, RECENT)
    grown, arpa = segment.grown, change(segment.growth["arpa"], BEFORE)
    return [
        svg.name(segment.name),
        svg.Bar(segment.mrr / largest if largest else 0.0, money(segment.mrr, figures.currency), "part"),
        percent(ratio(segment.mrr, whole)),
        count(segment.bridge["closing_customers"][-1]),
        money(segment.growth["arpa"][-1], figures.currency),
        percent(arpa, sign=True),
        percent(grown, sign=True),
        percent(now, 2),
        percent(before, 2),
        _verdict(now, before),
    ]


def _whole_row(figures: Figures) -> list[object]:
    """The company in the columns of its segments."""
    held, growth = figures.bridge, figures.growth
    rates = [
        ratio(total(held["churn"], months, skip), total(held["opening"], months, skip))
        for months, skip in ((RECENT, 0), (BEFORE, RECENT))
    ]
    return [
        "All",
        svg.Bar(0.0, money(held["closing"][-1], figures.currency)),
        percent(1.0 if held["closing"][-1] else None),
        count(held["closing_customers"][-1]),
        money(growth["arpa"][-1], figures.currency),
        percent(change(growth["arpa"], BEFORE), sign=True),
        percent(growth["yoy"][-1], sign=True),
        *(percent(rate, 2) for rate in rates),
        _verdict(*rates),
    ]


def _verdict(now: float | None, before: float | None) -> svg.Rich:
    """Better or worse in a word and a colour; small differences are not judged."""
    if now is None or before is None or abs(now - before) < 0.25 * max(before, 1e-9):
        return svg.Rich("")
    worse = now > before
    return svg.Rich(svg.tag("span", "▲ worse" if worse else "▼ better", class_="bad" if worse else "good"))
