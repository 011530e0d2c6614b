"""What customers cost and are worth, in the report and on the command line."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as arrow
import pytest
from pyarrow import csv, parquet
from report_pages import HOSTILE, NARROW, section

import tenure as tn
from tenure import sample, svg
from tenure.cli import run
from tenure.economics import Figure, Spend
from tenure.report import build
from tenure.report.worth import gather
from tenure.report.worth_pages import cost_title, payback_title, tiles, title
from tenure.spending import read_spend, spend_of

YEAR = {"first": "2024-07", "last": "2025-06"}


@pytest.fixture(scope="module")
def company():
    return sample.company(customers=800, months=24, seed=5)


@pytest.fixture(scope="module")
def book(company):
    return company.book(by=["plan", "region", "channel"])


@pytest.fixture(scope="module")
def spend(company):
    return Spend(company.spend, channel="channel", kind="kind", paid="paid", currency="EUR")


@pytest.fixture(scope="module")
def made(book, company, spend):
    end = sample.last_day(company)
    return build(book, company=company.name, reach=end, compare=None, spend=spend, margin=0.8)


def test_costs_are_those_of_the_engine(made, book, spend):
    held = made.more.worth
    months, totals = book.cac(spend, **YEAR), book.cac(spend, **YEAR).totals()
    assert held.blended.months["cac"] == months["cac"].tolist()
    assert held.blended.total["cac"] == totals["cac"][0]
    assert held.paid.total["cac"] == book.cac(spend, **YEAR, paid=True).totals()["cac"][0]
    by_channel = book.cac(spend, **YEAR, by="channel").totals().to_dict()
    costs = dict(zip(by_channel["channel"], by_channel["cac"], strict=True))
    assert {one.name: one.cac for one in held.channels} == costs
    assert [one.spend for one in held.channels] == sorted(by_channel["spend"], reverse=True)


def test_values_are_those_of_the_engine_with_limits(made, book):
    held = made.more.worth
    whole = book.ltv(**YEAR, margin=0.8, confidence=0.95).to_dict()
    assert list(vars(held.whole.ltv).values()) == [whole[f"ltv{end}"][0] for end in ("", "_lower", "_upper")]
    assert held.whole.ratio == held.whole.ltv.value / held.blended.total["cac"]
    parts = book.ltv(**YEAR, margin=0.8, by="plan", confidence=0.95).to_dict()
    assert {one.name: one.ltv.value for one in held.segments} == dict(
        zip(parts["plan"], parts["ltv"], strict=True)
    )
    said = section(made.html, "worth")
    for one in held.segments:
        assert one.name in said
    assert "gross margin 80 %" in said


def test_the_curve_crosses_the_cost_where_it_says(made, book):
    held = made.more.worth
    curve = book.ltv("2023-07", "2025-06", margin=0.8, method="cohort")
    assert held.curve == curve["ltv"][: len(held.curve)].tolist()
    months, cost = held.crossing.value, held.blended.total["cac"]
    below = int(months)
    before = held.curve[below - 1] if below else 0.0
    assert before < cost <= held.curve[below]
    assert months == pytest.approx(below + (cost - before) / (held.curve[below] - before))
    assert f"has paid back its cost after {months:.1f} months" in section(made.html, "worth")
    assert 'class="cross"' in made.html
    share = held.curve[below] / cost
    assert f"{share:.0%}".replace("%", f"{NARROW}%") in made.html  # in the table behind it


def test_a_cost_that_is_not_earned_back_is_said_so(made):
    held = replace(made.more.worth, crossing=Figure(None, "not_yet_observed"))
    assert (
        payback_title(held)
        == f"What a customer has cost is not reached in the {len(held.curve)} months observed"
    )
    assert "earns that back" not in title(held)
    payback = next(tile for tile in tiles(held) if tile.label == "Payback")
    assert payback.shown == "n/a"


def test_efficiency_is_that_of_the_last_complete_quarter(made, book, spend):
    held = made.more.worth
    found = book.efficiency(spend, "2024-07", "2025-06", margin=0.8)
    assert held.quarters["magic_number"] == found["magic_number"].tolist()
    shown = {tile.label: tile for tile in tiles(held)}
    assert shown["Magic number"].shown == f"{found['magic_number'][-1]:.2f}"
    growth = book.growth("2025-06", "2025-06")["yoy"][0]
    assert shown["Rule of 40"].shown == f"{100 * growth:.0f}{NARROW}%"
    assert f"{abs(100 * (0.4 - growth)):.0f}" in shown["Rule of 40"].beside
    assert len(shown) == 6


def test_the_title_says_cost_payback_and_worth(made):
    said = section(made.html, "worth")
    held = made.more.worth
    cost, months = held.blended.total["cac"], held.crossing.value
    words = f"A new customer costs € {cost:,.0f} and earns that back in {months:.1f} months; it is worth"
    assert words in said


@pytest.mark.parametrize(
    ("spent", "won", "words"),
    [
        ([100.0] * 3 + [1.0] + [120.0] * 3, [1] * 7, "rose by 20 % within the year, to € 120"),
        ([100.0] * 3 + [1.0] + [80.0] * 3, [1] * 7, "fell by 20 % within the year, to € 80"),
        ([100.0] * 3 + [1.0] + [102.0] * 3, [1] * 7, "as much as a year ago: € 102"),
        ([100.0, 100.0], [1, 0], "What a new customer costs"),
        ([None] * 3 + [100.0] * 3, [1] * 6, "What a new customer costs"),
        # A ratio of sums: months without customers count, and those with many count more.
        ([100.0] * 6, [1, 1, 1, 0, 0, 1], "rose by 200 % within the year, to € 300"),
        ([100.0] * 6, [1, 1, 1, 4, 1, 1], "fell by 50 % within the year, to € 50"),
        ([100.0] * 7, [9, 1, 1, 1, 0, 0, 0], "Nobody new in the last three months, for € 300"),
        ([100.0] * 6, [0, 0, 0, 1, 1, 1], "A new customer costs € 100"),
    ],
)
def test_the_cost_goes_where_its_title_says(made, spent, won, words):
    held = made.more.worth
    months = {"period": held.blended.months["period"][: len(won)], "spend": spent, "new_customers": won}
    moved = replace(held, blended=replace(held.blended, months=months))
    assert words in cost_title(moved).replace(NARROW, " ")


def test_channels_are_no_segment_of_the_company(made):
    assert list(made.figures.segments) == ["plan", "region"]
    said = section(made.html, "worth")
    assert "By channel" in said
    assert "costs nothing" in said  # referrals


def test_without_the_channel_there_is_one_cost(company, spend):
    made = build(company.book(), reach=sample.last_day(company), compare=None, spend=spend, margin=0.8)
    held = made.more.worth
    assert held.paid is None
    assert held.channels == []
    assert "By channel" not in section(made.html, "worth")
    assert "all channels" in section(made.html, "worth")


def test_margin_alone_gives_values_and_no_costs(company):
    made = build(company.book(), reach=sample.last_day(company), compare=None, margin=0.7)
    held, said = made.more.worth, section(made.html, "worth")
    assert held.blended is None
    assert held.whole.ltv.value is not None
    assert "CAC" not in said
    assert "is worth € " in said
    assert "over its life" in said
    assert "gross margin 70 %" in said
    assert [tile.label for tile in tiles(held)] == ["LTV"]


def test_spend_alone_is_held_against_revenue(company, spend):
    made = build(company.book(), reach=sample.last_day(company), compare=None, spend=spend)
    said = section(made.html, "worth")
    assert "of revenue, as no margin is given" in said
    assert "; it brings € " in said


def test_neither_leaves_the_section_out(company):
    made = build(company.book(), reach=sample.last_day(company), compare=None)
    assert made.more.worth is None
    assert 'id="worth"' not in made.html
    assert made.to_dict()["worth"] is None


def test_spend_before_and_after_the_months_is_undefined_not_zero(company):
    late = {"date": ["2025-06-30"], "amount": [1000.0]}
    made = build(company.book(), reach=sample.last_day(company), compare=None, spend=late, margin=0.8)
    months = made.more.worth.blended.months
    assert months["cac"][:-1] == [None] * 11
    assert months["cac"][-1] == pytest.approx(1000.0 / months["new_customers"][-1])
    assert made.more.worth.quarters["magic_number"] == [None] * 4


def test_the_month_the_report_takes_as_complete_counts(company, spend):
    known = company.book(as_of="2025-06-28")  # nothing happens on the last days of June
    ended = company.book(as_of="2025-06-30")
    early, whole = (
        build(book, reach=date(2025, 6, day), compare=None, spend=spend, margin=0.8)
        for book, day in ((known, 28), (ended, 30))
    )
    assert early.more.worth.last == date(2025, 6, 1)
    assert early.more.worth.whole == whole.more.worth.whole
    assert early.more.worth.curve == whole.more.worth.curve
    assert early.more.projected == whole.more.projected


def test_nobody_new_nobody_lost():
    rows = {"who": ["ann", "bob"], "from": ["2023-01-05"] * 2, "mrr": [50, 20]}
    book = tn.Book(rows, customer="who", start="from", amount="mrr", currency="EUR")
    spent = {"month": ["2024-05-31"], "cost": [100.0]}
    made = build(book, reach=date(2024, 6, 30), compare=None, spend=spent, margin=0.8)
    held, said = made.more.worth, section(made.html, "worth")
    assert held.blended.total["cac"] is None
    assert held.whole.ltv.value is None
    assert "nobody left" in said
    assert "nobody has left, so that no lifetime can be told" in said
    json.dumps(made.to_dict(), allow_nan=False)


def test_names_of_channels_are_escaped(company, spend):
    rows = {**company.subscriptions}
    rows["channel"] = np.array([HOSTILE + name for name in rows["channel"]], dtype=object)
    spent = {**company.spend, "channel": np.array([HOSTILE + name for name in company.spend["channel"]])}
    odd = replace(company, subscriptions=rows)
    page = build(
        odd.book(by=["channel"]), reach=sample.last_day(odd), compare=None, spend=spent, margin=0.8
    ).html
    assert HOSTILE not in page
    assert svg.safe(HOSTILE + "Search ads") in page
    assert "<img" not in page


def test_margins_that_are_none_are_refused(company):
    with pytest.raises(tn.Error, match="margin"):
        build(company.book(), reach=sample.last_day(company), compare=None, margin=1.2)


def test_columns_of_spend_are_found_by_their_names(company):
    found = spend_of(company.spend, currency="EUR")
    assert (found.currency, found.channels, found.paid_channels) == (
        "EUR",
        sorted(set(company.spend["channel"].tolist())),
        ["Events", "Partners", "Search ads", "Social ads"],
    )
    other = spend_of({"Spent on": ["2024-01-31"], "Costs": [5.0]}, {"amount": "Costs"}, currency="EUR")
    assert other.currency == "EUR"
    with pytest.raises(tn.Error, match="cannot tell which column holds the date") as fault:
        spend_of({"when": ["2024-01-31"], "cost": [5.0]})
    assert fault.value.code == "E_COLUMN_MISSING"
    assert "--spend-date" in fault.value.hint


def test_what_was_taken_of_the_spend_is_said():
    said = []
    frame = {"Month": ["2024-01-31"], "cost": [5.0], "Spend": [6.0], "Planned cost": [7.0]}
    found = spend_of(frame, currency="EUR", say=said.append)
    assert found.currency == "EUR"
    assert said == [
        "spend: guessed from the names of the columns: date=Month, amount=Spend",
        "spend: columns not used: cost, Planned cost",
        "warning: spend: amount may also be cost; Spend was taken (--spend-amount to change)",
    ]
    said.clear()
    spend_of(frame, {"date": "Month", "amount": "cost"}, say=said.append)
    assert said == ["spend: columns not used: Spend, Planned cost"]


@pytest.fixture
def files(tmp_path, company):
    """Rows and spend as files, with names of their own."""
    known = ("customer", "start", "end", "amount", "interval", "quantity", "currency", "plan", "channel")
    held = {name: company.subscriptions[name] for name in known}
    paths = tmp_path / "rows.parquet", tmp_path / "spend.csv"
    parquet.write_table(arrow.table(held), paths[0])
    csv.write_csv(arrow.table(company.spend), paths[1])
    return paths


def reported(arguments, capsys):
    assert run(["report", *map(str, arguments), "--json", "--compare", "none"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)["worth"]


def test_the_command_reads_spend(files, capsys, book, spend):
    rows, spent = files
    held = reported([rows, "--by", "plan,channel", "--spend", spent, "--margin", "0.8"], capsys)
    assert held["cac"]["total"]["cac"] == pytest.approx(book.cac(spend, **YEAR).totals()["cac"][0])
    assert len(held["channels"]) == 6
    assert held["margin"] == 0.8
    named = ["--spend-date", "date", "--spend-amount", "amount", "--spend-channel", "channel"]
    named += ["--spend-kind", "kind", "--spend-paid", "paid", "--spend-currency", "currency"]
    assert (
        reported([rows, "--by", "plan,channel", "--spend", spent, "--margin", "0.8", *named], capsys) == held
    )


@pytest.mark.parametrize("named", [[], ["--spend-channel", "CHANNEL"]])
def test_channels_are_found_whatever_the_case(files, capsys, company, named):
    rows, spent = files
    arguments = [rows, "--by", "plan,channel", "--spend", spent, "--margin", "0.8"]
    held = reported(arguments, capsys)
    csv.write_csv(arrow.table({name.upper(): values for name, values in company.spend.items()}), spent)
    assert run(["report", *map(str, arguments), *named, "--json", "--compare", "none"]) == 0
    out, said = capsys.readouterr()
    assert json.loads(out)["worth"] == held
    assert "spend: CHANNEL is the segment channel of the customers" in said
    assert "date=DATE, amount=AMOUNT" in said


def test_channels_that_no_segment_has_are_said(files, capsys):
    rows, spent = files
    arguments = [str(rows), "--by", "plan", "--spend", str(spent), "--json", "--compare", "none"]
    assert run(["report", *arguments]) == 0
    out, said = capsys.readouterr()
    assert json.loads(out)["worth"]["channels"] == []
    assert "the customers have no segment channel" in said


def test_the_summary_says_what_customers_cost_and_how_long_they_stay(files, capsys, tmp_path):
    rows, spent = files
    page = ["-o", str(tmp_path / "page.html"), "--compare", "none"]
    assert run(["report", str(rows), "--by", "plan,channel", "--spend", str(spent), *page]) == 0
    with_spend = capsys.readouterr().out
    assert "A new customer costs" in with_spend
    assert "customers are still there" in with_spend
    assert run(["report", str(rows), *page]) == 0
    assert "customer costs" not in capsys.readouterr().out


def test_a_toml_names_spend_and_margin(files, capsys, tmp_path):
    rows, spent = files
    toml = tmp_path / "tenure.toml"
    toml.write_text(
        f"[source]\nfile = '{rows.name}'\nspend = '{spent.name}'\n[columns]\nby = ['plan', 'channel']\n"
        "[report]\nmargin = 0.8\n[spend]\namount = 'amount'\n"
    )
    held = reported([toml], capsys)
    assert (held["margin"], len(held["channels"])) == (0.8, 6)
    assert reported([toml, "--margin", "0.5"], capsys)["margin"] == 0.5


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (["--spend", "nowhere.csv"], "no such file", 5),
        (["--spend-date", "day"], "name it with --spend", 2),
        (["--margin", "1.5"], "margin", 3),
    ],
)
def test_the_command_refuses(files, capsys, arguments, words, code):
    assert run(["report", str(files[0]), *arguments, "--json"]) == code
    assert words in capsys.readouterr().err


def test_a_file_without_days_is_refused(tmp_path):
    path = tmp_path / "spend.csv"
    path.write_text("who,what\n1,2\n")
    with pytest.raises(tn.Error, match="the date and the amount"):
        read_spend(path, {})


def test_the_sample_report_shows_both_pages(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["report"]) == 0
    capsys.readouterr()
    page = (tmp_path / "report.html").read_text("utf-8")
    assert 'id="staying"' in page
    assert "By channel" in section(page, "worth")


def test_no_month_complete_no_section(book, spend):
    from tenure.report.figures import Asked
    from tenure.report.worth import Costs

    asked = Asked(date(2023, 7, 1), date(2023, 7, 1), date(2023, 7, 12), [])
    assert gather(book, asked, Costs(spend, 0.8), None, None) is None


@pytest.mark.parametrize("seed", range(10))
def test_small_companies_have_a_report(seed):
    few, months = [1, 2, 3, 5, 20][seed % 5], [1, 2, 3, 7, 13, 26][seed % 6]
    tiny = sample.company(customers=few, months=months, seed=seed)
    told = [{}, {"margin": 0.8}, {"spend": tiny.spend, "margin": 0.8}][seed % 3]
    book = tiny.book(by=[["plan", "channel"], []][seed % 2])
    made = build(book, reach=sample.last_day(tiny), compare=None, **told)
    assert made.more.staying.whole.customers == book.customers
    assert ('id="worth"' in made.html) == bool(told)
    json.dumps(made.to_dict(), allow_nan=False)
