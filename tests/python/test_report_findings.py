"""The sentences of the report: rules, thresholds, titles and numbers in words."""

import re
from dataclasses import replace
from datetime import date

import pytest

from tenure.errors import OptionError
from tenure.report import findings, segment_churn, titles
from tenure.report.figures import Figures, Results, Segment, Triangle
from tenure.report.finding import Finding, Rows, streak
from tenure.report.format import (
    UNDEFINED,
    counted,
    long_day,
    money,
    month,
    month_end,
    percent,
    points,
    scale,
    shift,
    symbol,
    word,
)
from tenure.report.tiles import tiles
from tenure.report.window import known_until, report_months

NARROW, MINUS = "\u202f", "\u2212"


def plain(text):
    return text.replace(NARROW, " ").replace(MINUS, "-")


class TestFormat:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (4_781_000, "€ 4.78 M"),
            (192_400, "€ 192 k"),
            (43_812, "€ 43.8 k"),
            (9_954_000, "€ 9.95 M"),
            (9_996_000, "€ 10.0 M"),
            (1114.4, "€ 1,114"),
            (9_999, "€ 9,999"),
            (9_999.6, "€ 10.0 k"),
            (7.5, "€ 7.50"),
            (49.5, "€ 49.50"),
            (50.0, "€ 50"),
            (0, "€ 0"),
            (-41_000, "-€ 41.0 k"),
            (1.2e9, "€ 1.20 bn"),
            (None, UNDEFINED),
        ],
    )
    def test_money(self, value, text):
        assert plain(money(value, "EUR")) == text

    def test_money_of_other_currencies(self):
        assert plain(money(5.0, "CHF")) == "CHF 5.00"
        assert plain(money(5.0, None, sign=True)) == "+5.00"
        assert (symbol("USD"), symbol(None)) == ("$", "")

    def test_shares_and_differences(self):
        assert plain(percent(0.947)) == "94.7 %"
        assert plain(percent(0.417, sign=True)) == "+41.7 %"
        assert plain(points(-0.03)) == "-3.0 pt"
        assert percent(None) == points(None) == UNDEFINED

    def test_words_and_dates(self):
        assert (word(3), word(40), counted(1, "customer"), counted(2000, "row")) == (
            "three",
            "40",
            "1 customer",
            "2,000 rows",
        )
        assert (month(date(2025, 6, 1)), long_day(date(2025, 6, 30))) == ("June 2025", "30 Jun 2025")
        assert month_end(date(2024, 2, 5)) == date(2024, 2, 29)
        assert shift(date(2024, 1, 1), -1) == date(2023, 12, 1)
        assert scale(950.0) == (1.0, "")
        assert scale(-2_000.0) == (1e3, "k")


def a_bridge(months=24, *, opening=100_000.0, **given):
    """A bridge that closes; each movement is one amount for all months or a series."""
    usual = {"new": 5_000.0, "expansion": 300.0, "contraction": 200.0, "churn": 1_500.0, "reactivation": 0.0}
    moves = {kind: given.get(kind, amount) for kind, amount in usual.items()}
    moves = {kind: value if isinstance(value, list) else [value] * months for kind, value in moves.items()}
    held = {"opening": [], **moves, "closing": []}
    level = opening
    for row in range(months):
        held["opening"].append(level)
        level += moves["new"][row] + moves["expansion"][row] + moves["reactivation"][row]
        level -= moves["contraction"][row] + moves["churn"][row]
        held["closing"].append(level)
    people = {f"{name}_customers": [value / 100 for value in values] for name, values in held.items()}
    return {**held, **people}


def months_from(first, count):
    return [shift(first, place) for place in range(count)]


def figures(bridge=None, **changes):
    bridge = bridge or a_bridge()
    size = len(bridge["closing"])
    mrr = bridge["closing"]
    past = [None] * min(12, size)
    growth = {
        "arr": [12 * value for value in mrr],
        "net_new_arr": [12 * (b - a) for a, b in zip(bridge["opening"], mrr, strict=True)],
        "gross_churn": [0.017] * size,
        "arpa": [100.0] * size,
        "customers": bridge["closing_customers"],
        "yoy": [*past, *(mrr[row] / mrr[row - 12] - 1 for row in range(12, size))],
        "mom": [None, *(b / a - 1 for a, b in zip(mrr, mrr[1:], strict=False))],
    }
    made = Figures(
        company="Acme",
        currency="EUR",
        months=months_from(date(2023, 7, 1), size),
        complete=True,
        reach=date(2025, 6, 30),
        bridge=bridge,
        growth=growth,
        retention={
            "period": months_from(date(2023, 7, 1), size),
            "nrr": [0.99] * size,
            "grr": [0.9] * size,
            "logo_retention": [0.9] * size,
        },
        triangle=Triangle([], [], []),
        segments={},
        new_products=None,
        concentration={"top": [1, 5, 10], "amount": [10.0, 20.0, 30.0], "share": [0.01, 0.02, 0.03]},
        herfindahl=0.001,
        results=Results(None, {}),
    )
    return replace(made, **changes)


def _yearly(level):
    return [None] * 12 + [now / before - 1 for before, now in zip(level, level[12:], strict=False)]


def segment(name, churn, months=24, *, opening=100_000.0, new=1_000.0):
    churn = churn if isinstance(churn, list) else [churn] * months
    bridge = a_bridge(months, opening=opening, new=new, churn=churn)
    return Segment("plan", name, bridge, {"arpa": [100.0] * months, "yoy": _yearly(bridge["closing"])})


class TestFindings:
    def test_quiet_figures_give_none(self):
        assert findings.find(figures()) == []

    def test_a_segment_that_loses_more_than_before(self):
        bad = segment("Team", [1_000.0] * 21 + [6_000.0] * 3, opening=120_000.0)
        good = segment("Business", [1_000.0] * 24)
        found = segment_churn.segment_churn(figures(segments={"plan": [bad, good]}), bad)
        assert plain(found.lead) == "Churn of plan Team has been above its average for three months in a row"
        assert found.clause.startswith("churn of plan Team is ")
        assert not found.good
        excess = sum(bad.bridge["churn"][-3:]) - bad.churn_rate(12, 3) * sum(bad.bridge["opening"][-3:])
        assert found.stake == pytest.approx(12 * excess)
        assert found.rows == Rows(("churn",), 3, "plan", "Team")
        assert findings.find(figures(segments={"plan": [bad, good]})) == [found]

    def test_one_large_customer_leaving_is_no_trend(self):
        bad = segment("Team", [1_000.0] * 21 + [6_000.0] * 3, opening=120_000.0)
        bad.bridge["churn_customers"] = [10.0] * 24
        bad.bridge["opening_customers"] = [1000.0] * 24
        assert segment_churn.segment_churn(figures(), bad) is None

    def test_a_segment_that_is_the_company_is_not_named(self):
        whole = segment("Platform", [1_000.0] * 21 + [6_000.0] * 3, opening=400_000.0)
        assert segment_churn.segment_churn(figures(), whole) is None

    def test_a_segment_that_keeps_more(self):
        better = segment("Team", [6_000.0] * 21 + [1_000.0] * 3, opening=150_000.0)
        found = segment_churn.segment_churn(figures(), better)
        assert found.good
        assert "has fallen to" in found.lead

    def test_one_finding_a_dimension(self):
        parts = [
            segment("A", [1_000.0] * 21 + [6_000.0] * 3, opening=120_000.0),
            segment("B", [1_000.0] * 21 + [8_000.0] * 3, opening=120_000.0),
        ]
        (found,) = segment_churn.worst_segments(figures(segments={"plan": parts, "region": parts[:1]}))
        assert found.rows.segment == "B"

    @pytest.mark.parametrize(("end", "good"), [(0.95, False), (1.03, True)])
    def test_retention_that_moves(self, end, good):
        nrr = [0.99] * 21 + [0.99 + (end - 0.99) * part / 3 for part in (1, 2, 3)]
        found = findings.retention(figures(retention={**figures().retention, "nrr": nrr}))
        assert found.good is good
        assert "for three months in a row" in found.lead
        opening = figures().bridge["closing"][24 - 1 - 12]
        assert found.stake == pytest.approx(abs(end - 0.99) * 12 * opening)

    def test_retention_within_its_threshold_is_silent(self):
        assert (
            findings.retention(figures(retention={**figures().retention, "nrr": [0.99] * 23 + [0.985]}))
            is None
        )
        assert findings.retention(figures(retention={**figures().retention, "nrr": [None] * 24})) is None

    def triangle(self, late):
        starts = months_from(date(2023, 7, 1), 24)
        amounts = []
        for row in range(24):
            left = late if row >= 15 else 0.95
            amounts.append([100.0 * left if age else 100.0 if row + age < 24 else None for age in range(24)])
            amounts[row] = [value if row + age < 24 else None for age, value in enumerate(amounts[row])]
        return Triangle(starts, amounts, amounts)

    @pytest.mark.parametrize(("late", "word_", "good"), [(0.85, "less", False), (0.99, "more", True)])
    def test_later_cohorts(self, late, word_, good):
        found = findings.cohorts(figures(triangle=self.triangle(late)))
        assert found.good is good
        assert found.lead == f"Customers who started since October 2024 keep {word_} of their revenue"
        assert (
            titles.cohorts(figures(triangle=self.triangle(late)))
            == f"Cohorts since October 2024 keep {word_} of their revenue"
        )

    def test_cohorts_as_before_are_silent(self):
        assert findings.cohorts(figures(triangle=self.triangle(0.95))) is None
        assert "as before" in titles.cohorts(figures(triangle=self.triangle(0.95)))

    def test_new_business_that_falls(self):
        found = findings.new_business(figures(a_bridge(new=[5_000.0] * 21 + [3_000.0] * 3)))
        assert plain(found.lead) == "New business is 40 % below the same months of the year before"
        assert found.stake == pytest.approx(12 * 3 * 2_000.0)
        assert findings.new_business(figures()) is None

    @pytest.mark.parametrize(
        ("shares", "lead"),
        [
            ((0.2, 0.3, 0.5), "One customer holds 20 % of ARR"),
            ((0.05, 0.2, 0.5), "Ten customers hold 50 % of ARR"),
        ],
    )
    def test_concentration(self, shares, lead):
        held = {"top": [1, 5, 10], "amount": [1.0, 2.0, 3.0], "share": list(shares)}
        assert plain(findings.concentration(figures(concentration=held)).lead) == lead

    def test_expansion_that_covers_losses(self):
        found = findings.expansion(figures(a_bridge(expansion=[1_600.0] * 24)))
        assert plain(found.lead) == f"Expansion covers {1600 / 1700 * 100:.0f} % of all losses"
        assert found.good
        assert findings.expansion(figures()) is None

    def test_launches(self):
        held = {
            "period": figures().months,
            "new_arr": [100.0] * 24,
            "new_product_arr": [30.0] * 24,
            "share": [0.3] * 24,
        }
        assert (
            plain(findings.launches(figures(new_products=held)).lead) == "New products bring 30 % of new ARR"
        )
        assert findings.launches(figures(new_products={**held, "new_product_arr": [1.0] * 24})) is None

    @pytest.mark.parametrize(("now", "good"), [(110.0, True), (90.0, False)])
    def test_arpa(self, now, good):
        growth = {**figures().growth, "arpa": [100.0] * 23 + [now]}
        found = findings.arpa(figures(growth=growth))
        assert found.good is good
        assert "10.0" in found.lead
        assert findings.arpa(figures()) is None

    def test_problems_come_first_then_money(self):
        def one(key, good, stake):
            return Finding(key, good, key, "", key, stake)

        held = [
            one("g1", True, 9),
            *(one(f"b{place}", False, place) for place in range(6)),
            one("g2", True, 8),
            one("g3", True, 1),
        ]
        assert [finding.key for finding in findings.ranked(held)] == ["b5", "b4", "b3", "b2", "g1", "g2"]

    @pytest.mark.parametrize(
        ("values", "falling", "steps"),
        [
            ([3, 2, 1], True, 2),
            ([1, 2, 1], True, 1),
            ([1, 2], True, 0),
            ([1, 2, 3], False, 2),
            ([None, 2, 1], True, 1),
            ([1], True, 0),
        ],
    )
    def test_streak(self, values, falling, steps):
        assert streak(values, falling=falling) == steps

    def test_short_histories_are_judged_by_no_rule(self):
        short = figures(a_bridge(3), segments={"plan": [segment("A", 1.0, 3), segment("B", 9.0, 3)]})
        assert findings.find(short) == []
        assert tiles(short)[0].moved == ""


class TestTitles:
    def finding(self, *, good=False, key="x", segment_=None, surprise=0.0):
        rows = Rows(("churn",), 3, "plan", segment_) if segment_ else None
        return Finding(key, good, "Lead", "rest", f"clause {key}", 1.0, rows, surprise)

    def test_growth_and_the_finding_with_most_money(self):
        grown = plain(titles.report(figures(), [self.finding()]))
        assert re.fullmatch(r"ARR is up \d+ % on the year, but clause x", grown)
        assert ", and clause" in titles.report(figures(), [self.finding(good=True)])

    def test_a_problem_with_a_place_is_named_first(self):
        held = [
            self.finding(key="a"),
            self.finding(key="b", segment_="P", surprise=2),
            self.finding(key="c", segment_="Q", surprise=4),
        ]
        assert titles.report(figures(), held).endswith("clause c")

    def test_flat_and_short_histories(self):
        flat = a_bridge(new=1_400.0)
        assert titles.report(figures(flat), []) == "ARR stands where it was a year ago"
        assert "on the month" in titles.report(figures(a_bridge(2)), [])
        assert plain(titles.report(figures(a_bridge(1)), [])) == "ARR is € 1.24 M in the first month"

    def test_bridge(self):
        assert plain(titles.bridge(figures())) == "Losses of € 5,100 took back 34 % of the new business"
        assert (
            plain(titles.bridge(figures(a_bridge(churn=6_000.0))))
            == "Losses of € 18.6 k exceed the new business"
        )
        assert titles.bridge(figures(a_bridge(new=0.0, churn=0.0, contraction=[0.0] * 24))) == "Nothing moved"

    def test_retention(self):
        held = figures().retention
        assert plain(titles.retention(figures())) == "Net retention holds at 99.0 %"
        falling = [0.99] * 20 + [0.98, 0.97, 0.96, 0.95]
        assert (
            titles.retention(figures(retention={**held, "nrr": falling}))
            == "Net retention slips for the fourth month"
        )
        assert "needs customers" in titles.retention(figures(retention={**held, "nrr": [None] * 24}))

    def test_logos_and_segments(self):
        shares = [1.0, 0.9, 0.84]
        assert titles.logos(shares, [90.0, 60.0, 30.0]).startswith(
            "84 of 100 customers are still there after two"
        )
        assert (
            titles.logos(shares, [90.0, 12.0, 4.0]) == "90 of 100 customers are still there after one month"
        )
        assert titles.logos(shares, [9.0, 6.0, 3.0]) == "Customers left of each month's new ones"
        parts = {"plan": [segment("A", 0.0, opening=90_000.0, new=0.0), segment("B", 0.0, opening=5_000.0)]}
        assert re.fullmatch(
            r"A brings \d+ % of MRR; B grew most, by \d+ %",
            plain(titles.segments(figures(segments=parts), "plan")),
        )


@pytest.mark.parametrize(
    ("reach", "last"),
    [
        (date(2025, 6, 30), date(2025, 6, 1)),
        (date(2025, 6, 28), date(2025, 6, 1)),
        (date(2025, 6, 12), date(2025, 5, 1)),
    ],
)
def test_the_last_month_is_the_last_complete_one(reach, last):
    assert report_months(date(2020, 1, 5), reach, None, None) == (shift(last, -35), last)


def test_given_months_win():
    assert report_months(date(2024, 3, 5), date(2025, 6, 12), None, date(2025, 6, 1)) == (
        date(2024, 3, 1),
        date(2025, 6, 1),
    )
    assert report_months(date(2025, 6, 2), date(2025, 6, 12), None, None) == (
        date(2025, 6, 1),
        date(2025, 6, 1),
    )


@pytest.mark.parametrize(
    ("period", "fiscal_start", "last"),
    [
        ("quarter", 1, date(2025, 3, 1)),
        ("quarter", 3, date(2025, 5, 1)),
        ("half_year", 1, date(2024, 12, 1)),
        ("year", 1, date(2024, 12, 1)),
        ("year", 6, date(2025, 5, 1)),
    ],
)
def test_longer_periods_end_complete(period, fiscal_start, last):
    months = report_months(date(2020, 1, 5), date(2025, 6, 12), period=period, fiscal_start=fiscal_start)
    assert months == (shift(last, -35), last)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 1, 1), None, "lies after the last complete month of the data, 2025-05"),
        (date(2025, 3, 1), date(2025, 2, 1), "lies after the last month asked for"),
        (None, date(2019, 1, 1), "lies before the data, which begin in 2020-01"),
    ],
)
def test_months_outside_the_data_are_refused(first, last, words):
    with pytest.raises(OptionError, match=words):
        report_months(date(2020, 1, 5), date(2025, 6, 12), first, last)


def test_what_is_known_ends_today_at_the_latest():
    class Held:
        last_day = date(2999, 1, 1)

    assert known_until(Held()) == date.today()
    assert known_until(Held(), date(2024, 3, 5)) == date(2024, 3, 5)
    Held.last_day = date(2024, 1, 2)
    assert known_until(Held()) == date(2024, 1, 2)
    Held.known_until = date(2023, 7, 8)
    assert known_until(Held()) == date(2023, 7, 8)


def few(held, size=9.0):
    """The same figures with few customers everywhere."""
    people = {name: [min(size, value) for value in values] if name.endswith("customers") else values
              for name, values in held.bridge.items()}  # fmt: skip
    return replace(held, bridge=people)


def test_few_customers_are_judged_by_no_rule():
    held = {"top": [1, 5, 10], "amount": [1.0, 2.0, 3.0], "share": [0.2, 0.3, 0.5]}
    loud = figures(a_bridge(new=[5_000.0] * 21 + [300.0] * 3, expansion=2_000.0), concentration=held)
    assert len(findings.find(loud)) >= 3
    assert findings.find(few(loud)) == []
    assert titles.report(few(loud), []).endswith("from 9 customers")


def test_a_segment_of_few_is_not_named():
    bad = segment("Team", [1_000.0] * 21 + [6_000.0] * 3, opening=120_000.0)
    bad.bridge["opening_customers"] = [9.0] * 24
    assert segment_churn.segment_churn(figures(), bad) is None
