"""How long customers stay, in the report: figures are those of the engine, words follow from figures."""

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from report_pages import HOSTILE, NARROW, section

import tenure as tn
from tenure import sample, svg
from tenure.report import build
from tenure.report.figures import Asked
from tenure.report.projected import gather as project
from tenure.report.projected import note
from tenure.report.projected import title as projected_title
from tenure.report.stay_pages import sentences, title
from tenure.report.staying import Estimate, days


@pytest.fixture(scope="module")
def company():
    return sample.company(customers=800, months=30, seed=5)


@pytest.fixture(scope="module")
def book(company):
    return company.book()


@pytest.fixture(scope="module")
def made(book, company):
    return build(book, company=company.name, reach=sample.last_day(company), compare=None)


@pytest.fixture(scope="module")
def curves(book):
    lives = book.lifetimes(by="plan", until="2025-06-30")
    return lives, tn.cohort.survival(lives, duration="duration", event="event", by="plan")


def test_a_renewal_is_in_its_months():
    assert [days(month) for month in (6, 12, 24)] == [183, 366, 731]


def test_shares_and_medians_are_those_of_the_curves(made, curves):
    lives, survival = curves
    held = made.more.staying
    assert held.dimension == "plan"
    at = survival.at([183, 366, 731]).to_dict()
    medians = survival.median().to_dict()
    for place, group in enumerate(held.groups):
        assert group.name == medians["plan"][place]
        for step, month in enumerate((6, 12, 24)):
            row = 3 * place + step
            expected = [at[name][row] for name in ("survival", "lower", "upper")]
            assert list(vars(group.after[month]).values()) == expected
        assert group.median.value == medians["time"][place]
        assert group.customers == int((lives["plan"] == group.name).sum())
    assert sum(group.left for group in held.groups) == held.whole.left == int(lives["event"].sum())


def test_the_log_rank_test_is_that_of_the_engine(made, curves):
    lives, _ = curves
    test = tn.cohort.log_rank(lives, duration="duration", event="event", by="plan")
    assert made.more.staying.p_value == test.p_value
    assert "Chance alone does not explain how the curves differ by plan" in section(made.html, "staying")


def test_at_risk_is_who_was_watched_so_long(made, curves):
    lives, _ = curves
    held = made.more.staying
    assert held.ticks[:3] == [0, 6, 12]
    for group in held.groups:
        mine = lives["duration"][lives["plan"] == group.name]
        assert group.at_risk == [int((mine >= month * 365.25 / 12).sum()) for month in held.ticks]
    drawn = re.search(r'<section id="staying">.*?</svg>', made.html, re.DOTALL)[0]
    for group in held.drawn:
        for number in group.at_risk:
            assert f"\u2068{number:,}\u2069" in drawn


def test_the_title_says_who_stays_and_who_does_not(made):
    held = made.more.staying
    shares = {group.name: group.after[12].value for group in held.groups}
    best, worst = max(shares, key=shares.get), min(shares, key=shares.get)
    said = title(held).replace(NARROW, " ")
    assert said == (
        f"After 12 months {100 * shares[best]:.0f} % of {best} customers are still there, "
        f"of {worst} {100 * shares[worst]:.0f} %"
    )
    assert said in section(made.html, "staying")


def test_groups_that_may_be_alike_are_not_ranked(made):
    held = replace(made.more.staying, p_value=0.4)
    share = held.whole.after[12].value
    said = title(held).replace(NARROW, " ")
    assert said == f"{100 * share:.0f} % of customers are still there after 12 months, whatever their plan"
    assert "Chance alone could explain" in sentences(held)[0]


def test_no_median_is_made_up(made):
    held = made.more.staying
    held = replace(held, groups=[replace(one, median=Estimate(None, None, None)) for one in held.groups])
    assert "there is no median" in sentences(held)[-1]


def test_retention_has_limits(made, book):
    kept = book.retention_intervals("2025-06", "2025-06", horizon=12).to_dict()
    rows = dict(made.more.staying.retention)
    for name in ("nrr", "grr", "logo_retention"):
        expected = [kept[name][0], kept[f"{name}_lower"][0], kept[f"{name}_upper"][0]]
        assert list(vars(rows["All"][name]).values()) == expected
    assert set(rows) == {"All", *book.mrr("2025-06-30", by="plan")["plan"].tolist()}


def test_projected_cells_are_those_of_the_engine_and_look_it(made, book):
    held = made.more.projected
    assert held.period == "quarter"
    kept = book.cohorts("2023-01", "2025-06", measure="customers", period="quarter")
    expected = tn.cohort.project(kept, rises="cap", periods=4).to_dict()
    cells = [cell for row in held.cells for cell in row]
    assert [cell.share for cell in cells] == expected["survival"]
    assert [cell.projected for cell in cells] == expected["projected"]
    drawn = re.search(r'<section id="projected">.*?</table>', made.html, re.DOTALL)[0]
    assert len(re.findall(r'<td class="[^"]* proj"', drawn)) == sum(expected["projected"])
    assert len(re.findall(r'<td class="[^"]* proj"', made.html)) == sum(expected["projected"])
    assert "shifted beta-geometric model" in section(made.html, "projected")


def test_the_title_of_the_triangle_is_what_the_fitted_curve_says(made):
    held = made.more.projected
    one, two = held.fitted[4], held.fitted[8]
    said = projected_title(held).replace(NARROW, " ")
    there = "of new customers are expected to be there"
    assert said == f"{100 * one:.0f} % {there} after a year, {100 * two:.0f} % after two"


def test_a_fit_at_an_edge_is_flagged(made):
    held = made.more.projected
    assert "at an edge" not in note(replace(held, outcome="converged"))
    flagged = note(replace(held, outcome="at_bound", edge="all_alike"))
    assert "at an edge of the model (all customers leave at the same rate)" in flagged
    sure = sample.global_company()
    page = build(sure.book(), reach=sample.last_day(sure), compare=None)
    assert (page.more.projected.outcome, page.more.projected.edge) == ("at_bound", "all_alike")
    assert '<b class="bad">the fit lies at an edge' in page.html


def test_short_histories_are_projected_by_month():
    short = sample.company(customers=300, months=14, seed=3)
    made = build(short.book(), reach=sample.last_day(short), compare=None)
    assert made.more.projected.period == "month"
    assert made.more.projected.starts[-1] == date(2025, 6, 1)
    assert "2025-06, month" in made.html


def test_the_running_month_is_not_taken_for_a_whole_one(book):
    asked = Asked(date(2024, 1, 1), date(2025, 6, 1), date(2025, 6, 12), [])
    assert project(book, asked).starts[-1] == date(2025, 5, 1)


def test_no_section_without_customers_to_project():
    rows = {"who": ["bob"], "from": ["2024-01-05"], "mrr": [50]}
    lone = tn.Book(rows, customer="who", start="from", amount="mrr")
    made = build(lone, reach=date(2024, 3, 31), compare=None)
    assert made.more.staying.whole.customers == 1
    assert made.more.staying.dimension is None
    assert "none has been a customer for half a year yet" in section(made.html, "staying")
    assert "not yet seen" in section(made.html, "staying")
    held = made.to_dict()
    assert held["staying"]["groups"][0]["survival"]["366"] == {"value": None, "lower": None, "upper": None}
    assert made.more.projected is None or made.more.projected.outcome != "converged"


def test_names_are_escaped_and_shortened():
    rows = {
        "who": list(range(40)),
        "from": ["2023-01-05"] * 40,
        "to": ["2023-11-01"] * 15 + [None] * 25,
        "mrr": [10] * 40,
        "plan": [HOSTILE] * 20 + ["\u202egnp"] * 20,
    }
    book = tn.Book(rows, customer="who", start="from", end="to", amount="mrr", by=["plan"])
    page = build(book, reach=date(2024, 6, 30), compare=None).html
    assert HOSTILE not in page
    assert svg.safe(HOSTILE) in page
    assert svg.safe(HOSTILE[:10] + "…") in page
    assert "of \u2068\u202egnp\u2069" in html.unescape(page)


@pytest.mark.parametrize("name", ["event", "duration", "reason", "customer"])
def test_a_segment_called_like_a_column_of_lives(name):
    """Groups are those of the segment, never the outcome itself."""
    rows = {
        "who": list(range(40)),
        "from": ["2023-01-05"] * 40,
        "to": ["2023-11-01"] * 20 + [None] * 20,
        "mrr": [10] * 40,
        name: ["x", "y"] * 20,
    }
    book = tn.Book(rows, customer="who", start="from", end="to", amount="mrr", by=[name])
    staying = build(book, reach=date(2024, 6, 30), compare=None).more.staying
    assert staying.whole.left == 20
    if name == "reason":
        assert [(group.name, group.customers, group.left) for group in staying.groups] == [
            ("x", 20, 10),
            ("y", 20, 10),
        ]
        assert staying.p_value == pytest.approx(1)
    else:
        assert (staying.dimension, staying.groups, staying.p_value) == (None, [], None)


def test_many_segments_draw_the_four_largest():
    count = 130
    rows = {
        "who": list(range(count)),
        "from": ["2023-01-05"] * count,
        "mrr": [10] * count,
        "plan": [f"P{min(i // 20, 6)}" for i in range(count)],
    }
    book = tn.Book(rows, customer="who", start="from", amount="mrr", by=["plan"])
    made = build(book, reach=date(2024, 6, 30), compare=None)
    assert len(made.more.staying.groups) == 7
    assert [group.name for group in made.more.staying.drawn] == ["P3", "P2", "P1", "P0"]
    assert "3 small segments not drawn" in section(made.html, "staying")
    assert "nobody has left" in section(made.html, "staying")


def test_figures_for_machines_are_the_same(made):
    held = made.to_dict()
    assert held["staying"]["by"] == "plan"
    assert held["staying"]["groups"][0]["name"] == "All"
    whole = held["staying"]["groups"][0]["survival"]["366"]
    assert whole == vars(made.more.staying.whole.after[12])
    projected = held["projected"]
    assert projected["cohorts"][-1]["cells"][-1]["projected"] is True
    assert projected["model"] == "shifted beta-geometric"
