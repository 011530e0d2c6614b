"""Currencies, restatements and the running month in the report."""

import re
from datetime import date

import pytest
from report_pages import HOSTILE, NARROW, section

import tenure
from tenure import sample, svg
from tenure.report import build
from tenure.report.abroad import title as abroad_title


@pytest.fixture(scope="module")
def company():
    return sample.global_company(customers=800, months=24, seed=5)


@pytest.fixture(scope="module")
def book(company):
    return company.book()


@pytest.fixture(scope="module")
def made(book, company):
    return build(book, company=company.name, product="product", reach=sample.last_day(company))


def test_exchange_rates_are_a_line_of_the_bridge(made, book):
    bridge = book.waterfall(made.figures.months[0], made.figures.last)
    assert made.figures.movements[-1] == "fx"
    assert made.figures.bridge["fx"] == pytest.approx(bridge["fx"].tolist())
    assert 'href="#rows-fx"' in made.html
    assert "What exchange rates did to what customers pay" in made.html
    assert ">FX</th>" in made.html


def test_growth_at_constant_rates_stands_beside_the_reported_one(made, book):
    day = "2025-06-30"
    reported = book.growth("2025-06", "2025-06")["yoy"][-1]
    constant = book.at_rates_of(day).growth("2025-06", "2025-06")["yoy"][-1]
    said = section(made.html, "currencies")
    assert f"{100 * constant:.1f} %" in said
    assert "at the exchange rates of 30 Jun 2025" in said
    tile = next(tile for tile in made.tiles if tile.key == "arr")
    assert tile.change == pytest.approx(reported)
    assert f"{100 * constant:+.1f}{NARROW}% at constant rates" in tile.against
    held = made.to_dict()["currencies"]
    assert held["constant_rates_of"] == day
    assert held["constant"]["yoy"][-1] == pytest.approx(constant)
    assert held["reported"]["yoy"][-1] == pytest.approx(reported)


def test_each_currency_in_itself(made, book):
    parts = {part["currency"]: part for part in made.to_dict()["currencies"]["currencies"]}
    assert set(parts) == set(book.currencies)
    for code, part in parts.items():
        assert part["mrr_own"] == pytest.approx(book.local(code).mrr("2025-06-30")["mrr"][0])
    assert sum(part["mrr"] for part in parts.values()) == pytest.approx(made.figures.bridge["closing"][-1])


@pytest.mark.parametrize(
    ("reported", "constant", "words"),
    [
        (0.5, 0.4, "Exchange rates added 10.0 pt to growth: at constant rates it is 40.0 %"),
        (0.4, 0.5, "Exchange rates took 10.0 pt off growth: at constant rates it is 50.0 %"),
        (0.4, 0.401, "Exchange rates hardly moved growth: 40.1 % at constant rates"),
        (None, None, "MRR is billed in 4 currencies"),
    ],
)
def test_the_title_says_what_the_rates_did(made, reported, constant, words):
    from dataclasses import replace

    held = replace(
        made.more.abroad,
        reported={**made.more.abroad.reported, "yoy": [reported], "mom": [reported]},
        constant={**made.more.abroad.constant, "yoy": [constant], "mom": [constant]},
    )
    assert abroad_title(held).replace(NARROW, " ") == words


def test_what_was_restated_since_the_month_before(made, book):
    held = made.more.restated
    assert held.since == date(2025, 5, 31)
    found = book.restatement("2025-05-31", None, held.months["period"][0], "2025-05")
    assert held.months["change"] == pytest.approx(found["change"].tolist())
    said = section(made.html, "restated")
    assert "as known on 31 May 2025 and as known now" in said
    assert held.moved
    for row in held.moved:
        assert f"{held.months['period'][row]:%Y-%m}" in said


def test_another_day_may_be_named(book, company):
    day = date(2025, 3, 31)
    made = build(book, reach=sample.last_day(company), restated_since=day, compare=None)
    held = made.to_dict()["restated"]
    assert held["since"] == "2025-03-31"
    assert held["months"]["period"][-1] == "2025-03-01"
    change = dict(zip(held["months"]["period"], held["months"]["change"], strict=True))
    by_customer = dict.fromkeys(change, 0.0)
    for one in held["customers"]:
        by_customer[one["period"]] += one["after"] - one["before"]
        assert one["reason"]
    assert by_customer == pytest.approx(change, abs=1e-6)
    with pytest.raises(tenure.Error, match="no record was known"):
        build(book, reach=sample.last_day(company), restated_since=date(2020, 1, 31))


def test_a_view_of_the_past_reports_nothing_that_came_later(book, company):
    view = book.known_at("2025-04-30")
    made = build(view, reach=date(2025, 4, 30), compare=None)
    assert made.figures.last == date(2025, 4, 1)
    held = made.more.restated
    assert held.since == date(2025, 3, 31)
    found = book.restatement("2025-03-31", "2025-04-30", "2025-03", "2025-03")
    assert held.months["change"][-1] == pytest.approx(found["change"][0])


def test_books_without_currencies_and_knowledge_have_neither_section():
    made = build(sample.company(customers=60, months=14, seed=2).book(), compare=None)
    assert (made.more.abroad, made.more.restated) == (None, None)
    assert 'id="currencies"' not in made.html
    assert 'id="restated"' not in made.html
    assert (made.to_dict()["currencies"], made.to_dict()["restated"]) == (None, None)
    with pytest.raises(tenure.Error, match="do not say when they were recorded"):
        build(
            sample.company(customers=60, months=14, seed=2).book(),
            compare=None,
            restated_since=date(2025, 5, 31),
        )


def test_names_in_restatements_are_escaped():
    rows = {
        "who": [HOSTILE, "bob"],
        "from": ["2024-01-05", "2024-01-05"],
        "mrr": [100, 50],
        "entered": ["2024-03-20", "2024-01-05"],
    }
    book = tenure.Book(rows, customer="who", start="from", amount="mrr", recorded="entered", currency="EUR")
    made = build(book, reach=date(2024, 3, 31), compare=None)
    assert HOSTILE not in made.html
    assert svg.safe(HOSTILE) in made.html
    assert "1 row entered late" in section(made.html, "restated")
    assert "MRR of February 2024 was restated by +€ 100 since 29 Feb 2024" in section(made.html, "restated")


def test_nothing_restated_is_said_so():
    rows = {"who": ["bob"], "from": ["2024-01-05"], "mrr": [50], "entered": ["2024-01-05"]}
    book = tenure.Book(rows, customer="who", start="from", amount="mrr", recorded="entered")
    said = section(build(book, reach=date(2024, 3, 31), compare=None).html, "restated")
    assert "Nothing was restated since 29 Feb 2024" in said
    assert "Every line of these months is the same" in said


def test_the_running_month_is_marked(book, company):
    view = book.known_at("2025-06-12")
    made = build(view, reach=date(2025, 6, 12), last=date(2025, 6, 1), compare=None)
    assert not made.figures.complete
    assert "June 2025 still runs" in made.html
    assert "2025-06 (running)" in made.html
    assert 'class="base running"' in made.html
    assert "Closing so far" in made.html
    assert made.to_dict()["waterfall"]["period_is_complete"][-2:] == [True, False]
    assert made.more.abroad.day == date(2025, 5, 31)  # the last complete month
    whole = build(view, reach=date(2025, 6, 12), compare=None)
    assert whole.figures.last == date(2025, 5, 1)
    for mark in ("(running)", 'class="base running"', "Closing so far", "still runs"):
        assert mark not in whole.html


def test_rows_that_do_not_stand_are_counted(made, book):
    gone = book.rows_read - book.rows
    assert gone > 100
    assert f"{gone:,} rows: superseded, or recorded later than is asked for" in made.html


def test_customers_behind_exchange_rates_have_no_before_and_after(made):
    table = made.html.partition('id="rows-fx"')[2].partition("</section>")[0]
    heads = re.findall("<th scope=.col.>([^<]*)</th>", table)
    assert heads == ["Customer", "Month", "Change", "Rule", "Rows"]
