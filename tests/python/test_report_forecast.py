"""Forecasts and the sales team's calls in the report and on the command line."""

import json
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as arrow
import pytest
from pyarrow import csv, parquet
from report_pages import HOSTILE, NARROW, section

import tenure as tn
from tenure import fans, sample, svg
from tenure.calling import calls_of, deals_of
from tenure.cli import run
from tenure.report import build
from tenure.report.call_pages import lead_title, noun, owner_title
from tenure.report.call_pages import title as call_title
from tenure.report.calls import LOWERING, RISING
from tenure.report.drift_pages import lines_of
from tenure.report.forecast import LEVELS, METHODS
from tenure.report.forecast_pages import coverage_said, error_title, side, title
from tenure.report.staying import Estimate


@pytest.fixture(scope="module")
def company():
    return sample.company(customers=800, months=30, seed=5)


@pytest.fixture(scope="module")
def book(company):
    return company.book(by=["plan", "region"])


@pytest.fixture(scope="module")
def made(book, company):
    calls, deals = company.calls, company.deals
    return build(
        book, company=company.name, reach=sample.last_day(company), compare=None, calls=calls, deals=deals
    )


def plain(text):
    return text.replace(NARROW, " ")


def test_the_forecast_is_that_of_the_book(made, book):
    held = made.more.forecast
    ahead = book.forecast(12, history=24, new=held.new, confidence=0.8)
    assert held.ahead["closing"] == ahead["closing"].tolist()
    assert held.months == ahead.rates()["periods"][0]
    fan = ahead.fan([0.5]).to_dict()
    assert [(one.lower, one.upper) for one in held.limits[0.5]] == list(
        zip(fan["lower"], fan["upper"], strict=True)
    )
    assert held.ahead["period"][0] == date(2025, 7, 1)
    assert held.history["closing"][-1] == held.ahead["opening"][0]


def test_every_row_of_the_forecast_closes(made):
    ahead = made.more.forecast.ahead
    for row in range(12):
        gained = sum(ahead[name][row] for name in ("opening", "new", "expansion", "reactivation"))
        lost = sum(ahead[name][row] for name in ("contraction", "churn"))
        assert ahead["closing"][row] == pytest.approx(gained - lost, rel=1e-12)


def test_limits_lie_within_each_other(made):
    for wide, narrow in zip(LEVELS, LEVELS[1:], strict=False):
        pairs = zip(made.more.forecast.limits[wide], made.more.forecast.limits[narrow], strict=True)
        for outer, inner in pairs:
            assert outer.lower <= inner.lower <= inner.value <= inner.upper <= outer.upper


def test_errors_are_those_of_the_backtest(made, book):
    past = made.more.forecast.past
    back = book.backtest(6, origins=12, new=made.more.forecast.new, confidence=0.8)
    errors = back.accuracy(measures=["wape", "me"]).by_horizon(pooling="ratio_of_sums").to_pandas()
    for method in METHODS:
        assert past.wape[method] == errors[errors["forecast"] == method]["wape"].tolist()
    frame = back.to_pandas()
    far = frame[frame["horizon"] == 6]
    error = far["bridge"] - far["actual"]
    assert past.bias[-1] == pytest.approx(error.sum() / far["actual"].sum())
    assert past.low[-1] == (error < 0).mean()
    inside = ((frame["actual"] >= frame["bridge_lower"]) & (frame["actual"] <= frame["bridge_upper"])).sum()
    assert past.inside == inside
    assert past.coverage.value == pytest.approx(inside / len(frame))
    said = section(made.html, "forecast")
    assert f"{100 * past.wape['bridge'][-1]:.1f} %" in said
    assert f"limits held {inside} of {len(frame)} outcomes" in said


def test_new_business_goes_on_as_missed_less(made, book):
    held = made.more.forecast
    missed = {}
    for new in ("level", "trend"):
        errors = book.backtest(6, origins=12, new=new).accuracy(measures=["wape"])
        found = errors.by_horizon(pooling="ratio_of_sums").to_pandas().query("forecast == 'bridge'")
        missed[new] = found["wape"].tolist()
    assert held.new == min(missed, key=lambda new: sum(missed[new]))
    assert held.other == max(missed.values(), key=sum)[-1]
    words = {"level": "at its mean", "trend": "along its trend"}
    said = section(made.html, "forecast")
    assert f"new business {words[held.new]}, which missed less at the same origins" in said
    assert f"it would have missed by {100 * held.other:.1f} %" in said


def test_the_title_says_how_much_was_missed_and_to_which_side(made):
    held = made.more.forecast
    past = replace(
        held.past,
        wape={"bridge": [0.01, 0.05], "naive": [0.02, 0.2], "drift": [0.02, 0.04]},
        ahead=[1, 6],
        low=[1.0, 1.0],
        high=[0.0, 0.0],
    )
    said = plain(title(replace(held, past=past)))
    assert said == (
        "Six months ahead the forecast missed MRR by 5.0 %, always too low; "
        "carrying its trend on would have missed by 4.0 %"
    )
    assert (
        plain(error_title(past)) == "The plain trend did better six months ahead: 4.0 % missed against 5.0 %"
    )
    better = replace(past, wape={**past.wape, "drift": [0.02, 0.06]}, low=[0.5, 0.2], high=[0.5, 0.8])
    said = plain(title(replace(held, past=better)))
    assert said.endswith("5.0 %, mostly too high; leaving MRR as it is would have missed by 20.0 %")
    assert error_title(better) == "The bridge beats both no change and the plain trend six months ahead"
    assert side(replace(past, low=[0.5], high=[0.5])) == ", to either side"
    assert "nobody can say yet" in title(replace(held, past=None))


def test_what_never_changes_is_forecast_without_error():
    rows = {"who": ["ann", "bob"], "from": ["2024-01-05"] * 2, "mrr": [50, 20]}
    still = tn.Book(rows, customer="who", start="from", amount="mrr", as_of="2025-12-31")
    made = build(still, reach=date(2025, 12, 31), compare=None)
    past, said = made.more.forecast.past, section(made.html, "forecast")
    assert past.wape == {method: [0.0] * 6 for method in METHODS}
    assert "missed MRR by 0.0 %; leaving MRR as it is would have missed by 0.0 %" in said
    assert "The bridge does no better than what costs nothing" in said
    assert "leaned to neither side" in said


def test_a_company_that_paused_has_a_report():
    rows = {"who": ["a", "b"], "from": ["2024-01-05", "2025-11-01"], "to": ["2024-08-01", None]}
    rows["mrr"] = [100, 90]
    gone = tn.Book(rows, customer="who", start="from", end="to", amount="mrr", as_of="2025-12-31")
    made = build(gone, reach=date(2025, 12, 31), compare=None)
    assert None in made.more.forecast.past.wape["bridge"]  # months in which nothing was paid
    assert section(made.html, "forecast")
    json.dumps(made.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("coverage", "words"),
    [
        (Estimate(0.3, 0.2, 0.4), "too seldom: they are too narrow here"),
        (Estimate(0.99, 0.9, 1.0), "more often than they should"),
        (Estimate(0.8, 0.7, 0.9), "about as often as they should"),
    ],
)
def test_limits_are_judged_by_what_they_held(made, coverage, words):
    assert words in coverage_said(replace(made.more.forecast.past, coverage=coverage))


def test_the_index_is_that_of_the_engine(made, book):
    index = made.more.forecast.index
    found = tn.forecast.predictability(book, first="2023-07", last="2025-06")
    assert index.value == found.index
    assert index.parts["part"] == found["part"].tolist()
    assert sum(points or 0.0 for points in index.parts["points"]) == pytest.approx(index.value)
    said = section(made.html, "forecast")
    assert f"Predictability {index.value:.0f} of 100" in said
    assert "not given" in said  # single sales
    due = found.commitments.due().to_pandas()
    due = due[due["period"] > "2025-06-30"]
    assert index.due["due"] == due["due"].tolist()
    by_plan = tn.forecast.commitments(book, by="plan").to_pandas()
    assert {one["name"]: one["contracted"] for one in index.segments} == dict(
        zip(by_plan["plan"], by_plan["contracted"], strict=True)
    )
    assert sum(one["soon"] for one in index.segments) == pytest.approx(sum(index.due["due"][:3]))


def test_a_young_book_has_no_forecast(company):
    rows = {"who": ["ann", "bob"], "from": ["2025-01-05"] * 2, "mrr": [50, 20]}
    young = tn.Book(rows, customer="who", start="from", amount="mrr", currency="EUR", as_of="2025-06-30")
    made = build(young, reach=date(2025, 6, 30), compare=None)
    assert made.more.forecast is None
    assert 'id="forecast"' not in made.html
    assert made.to_dict()["forecast"] is None
    old = tn.Book(rows, customer="who", start="from", amount="mrr", currency="EUR", as_of="2025-08-31")
    made = build(old, reach=date(2025, 8, 31), compare=None)
    assert made.more.forecast.past is None  # no month has both a history and what came of it
    assert "nobody can say yet" in section(made.html, "forecast")
    assert made.more.forecast.ahead["closing"] == [70.0] * 12
    json.dumps(made.to_dict(), allow_nan=False)


def test_the_running_month_is_not_forecast_from(company):
    running = company.book(as_of="2025-06-12")
    made = build(running, reach=date(2025, 6, 12), last=date(2025, 6, 1), compare=None)
    held = made.more.forecast
    assert held.last == date(2025, 5, 1)
    assert held.ahead["period"][0] == date(2025, 6, 1)
    assert held.history["period"][-1] == date(2025, 5, 1)
    assert held.ahead["closing"] == running.forecast(12, new=held.new, as_of="2025-05-31")["closing"].tolist()


def test_months_that_are_past_are_forecast_from_what_was_there(company, book):
    made = build(book, reach=sample.last_day(company), last=date(2025, 3, 1), compare=None)
    held = made.more.forecast
    assert held.ahead["closing"] == book.forecast(12, new=held.new, as_of="2025-03-31")["closing"].tolist()
    assert held.ahead["period"][0] == date(2025, 4, 1)


def test_accuracy_by_weeks_is_that_of_the_calls(made, company):
    held = made.more.called
    calls = tn.forecast.snapshots(company.calls, owner="owner", actual="actual")
    lead = calls.by_lead_time().to_pandas()
    commit = lead[lead["category"] == "commit"]
    assert held.lead["commit"]["wape"] == commit["wape"].tolist()
    assert held.lead["best_case"]["wape"] == lead[lead["category"] == "best_case"]["wape"].tolist()
    said = section(made.html, "calls")
    row = commit[commit["weeks_before_end"] == 4].iloc[0]
    assert f"Four weeks before the end of a quarter the commit misses by {100 * row['wape']:.1f} %" in said
    assert held.early == 4
    assert f"{len(held.periods)} finished quarters" in said
    assert noun(held) == "quarter"


def test_the_bridge_of_the_last_quarter_closes(made, company):
    drift = made.more.called.drift
    assert (drift.period, drift.of_deals) == ("2025-Q2", True)
    signed = sum(-amount if line in LOWERING else amount for line, amount in drift.lines.items())
    assert drift.opening + signed == pytest.approx(drift.closing, abs=1e-6)
    won = company.deals
    done = (won["outcome"] == "won") & (won["close_date"] >= np.datetime64("2025-04-01"))
    done &= won["close_date"] <= np.datetime64("2025-06-30")
    last = dict(zip(won["opportunity"][done], won["amount"][done], strict=True))
    assert drift.closing == pytest.approx(sum(last.values()))
    weeks = drift.weeks
    assert set(lines_of(weeks)) == {*RISING, *LOWERING}
    for row in range(len(weeks["opening"])):
        moved = sum(weeks[line][row] for line in RISING) - sum(weeks[line][row] for line in LOWERING)
        assert weeks["opening"][row] + moved == pytest.approx(weeks["closing"][row], abs=1e-6)
    said = section(made.html, "calls")
    assert "2025-Q2 came in at" in said
    assert "Upgraded" in said
    assert "The largest moves behind it" in said


def test_owners_are_judged_in_words(made, company):
    held = made.more.called
    calls = tn.forecast.snapshots(company.calls, owner="owner", actual="actual")
    found = calls.owners().to_pandas().set_index("owner")
    assert dict(zip(held.owners["owner"], held.owners["verdict"], strict=True)) == found["verdict"].to_dict()
    said = section(made.html, "calls")
    words = {"sandbagging": "sandbagging", "happy_ears": "happy ears", "not_told_apart": "not told apart"}
    for owner, verdict in found["verdict"].items():
        assert owner in said
        assert words[verdict] in said
    leaning = found[found["verdict"] != "not_told_apart"]
    assert len(leaning) >= 1
    for owner in leaning.index[:1]:
        assert owner in call_title(held)


def test_nobody_leaning_is_said(made):
    held = made.more.called
    count = len(held.owners["verdict"])
    even = replace(held, owners={**held.owners, "verdict": ["not_told_apart"] * count})
    assert call_title(even).endswith("; nobody is seen to lean to one side")
    assert owner_title(even) == "Of nobody can it be said that calls lean to one side"
    both = ["happy_ears", "happy_ears", *["not_told_apart"] * (count - 2)]
    more = replace(
        held, owners={**held.owners, "verdict": both, "mean_error": [0.2, 0.3, *[0.0] * (count - 2)]}
    )
    assert call_title(more).endswith(f"; {held.owners['owner'][1]} and one more calls too high")
    assert owner_title(more) == "Two of six owners lean to one side"
    assert "; " not in call_title(replace(held, owners=None))


def test_the_title_of_the_lines_says_where_they_begin_and_end(made):
    lead = {"weeks_before_end": [2, 1, 0], "wape": [0.3, 0.1, 0.0]}
    held = replace(made.more.called, lead={"commit": lead})
    assert plain(lead_title(held)) == "Commit misses by 30.0 % 2 weeks out, by 10.0 % one week before the end"
    held = replace(held, lead={"commit": {"weeks_before_end": [1, 0], "wape": [None, 0.1]}})
    assert lead_title(held) == "Accuracy by weeks before the end"


def test_deals_alone_say_what_was_called(book, company):
    made = build(book, reach=sample.last_day(company), compare=None, deals=company.deals)
    held = made.more.called
    assert held.of_deals
    assert "Snapshots of deals until" in section(made.html, "calls")
    assert "weighted" in held.categories
    assert made.to_dict()["calls"]["of"] == "deals"


def test_calls_alone_have_a_bridge_of_what_was_raised_and_lowered(book, company):
    made = build(book, reach=sample.last_day(company), compare=None, calls=company.calls)
    drift = made.more.called.drift
    assert not drift.of_deals
    assert set(drift.lines) <= {"added", "raised", "lowered"}
    assert drift.closing == pytest.approx(made.more.called.settled[-1][1])
    assert "owners' calls" in section(made.html, "calls")


def test_calls_without_owners_categories_and_an_end(book, company):
    rows = {
        "date": ["2025-01-06", "2025-03-31", "2025-04-07"],
        "quarter": ["2025-Q1", "2025-Q1", "2025-Q2"],
        "call": [120.0, 100.0, 90.0],
        "won": [100.0, 100.0, None],
    }
    made = build(book, reach=sample.last_day(company), compare=None, calls=rows)
    held, said = made.more.called, section(made.html, "calls")
    assert (held.owners, held.periods) == (None, ["2025-Q1"])
    assert "1 finished quarter from 2025-Q1" in said
    assert "Owners as a table" not in said
    assert "€ 120" in said
    unended = {name: values[2:] for name, values in rows.items()}
    made = build(book, reach=sample.last_day(company), compare=None, calls=unended)
    assert made.more.called is None
    assert 'id="calls"' not in made.html
    json.dumps(made.to_dict(), allow_nan=False)


def test_names_of_owners_and_deals_are_escaped(book, company):
    calls, deals = ({**table} for table in (company.calls, company.deals))
    for table, names in ((calls, ("owner",)), (deals, ("owner", "opportunity"))):
        for name in names:
            table[name] = np.array([HOSTILE + one for one in table[name]], dtype=object)
    page = build(book, reach=sample.last_day(company), compare=None, calls=calls, deals=deals).html
    assert HOSTILE not in page
    assert svg.safe(HOSTILE) in page
    assert "<img" not in page


def test_neither_leaves_the_section_out(book, company):
    made = build(book, reach=sample.last_day(company), compare=None)
    assert made.more.called is None
    assert 'id="calls"' not in made.html
    assert 'id="forecast"' in made.html
    assert made.to_dict()["calls"] is None


def test_columns_are_found_by_their_names_and_said():
    said = []
    rows = {
        "Snapshot date": ["2025-01-06"],
        "Quarter": ["2025-Q1"],
        "Call": [1.0],
        "Actual": [2.0],
        "Note": ["x"],
    }
    found = calls_of(rows, say=said.append)
    assert found["call"][0] == 1.0
    assert said == [
        "calls: guessed from the names of the columns: taken=Snapshot date, period=Quarter, amount=Call, "
        "actual=Actual",
        "calls: columns not used: Note",
    ]
    with pytest.raises(
        tn.Error, match="calls: cannot tell which column holds the period and the actual"
    ) as fault:
        calls_of({"taken": ["2025-01-06"], "amount": [1.0]})
    assert fault.value.code == "E_COLUMN_MISSING"
    assert "--calls-period COLUMN --calls-actual COLUMN" in fault.value.hint
    with pytest.raises(
        tn.Error, match="deals: cannot tell which column holds the opportunity and the close date"
    ) as fault:
        deals_of({"taken": ["2025-01-06"], "amount": [1.0]})
    assert "--deals-close-date COLUMN" in fault.value.hint
    assert calls_of(found) is found


@pytest.fixture
def files(tmp_path, company):
    """Rows, calls and deals as files."""
    known = ("customer", "start", "end", "amount", "interval", "quantity", "currency", "plan")
    paths = tmp_path / "rows.parquet", tmp_path / "calls.csv", tmp_path / "deals.parquet"
    parquet.write_table(arrow.table({name: company.subscriptions[name] for name in known}), paths[0])
    csv.write_csv(arrow.table(company.calls), paths[1])
    parquet.write_table(arrow.table(company.deals), paths[2])
    return paths


def reported(arguments, capsys):
    assert run(["report", *map(str, arguments), "--json", "--compare", "none"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def test_the_command_reads_calls_and_deals(files, capsys, made):
    rows, calls, deals = files
    held = reported([rows, "--calls", calls, "--deals", deals], capsys)["calls"]
    assert held == json.loads(json.dumps(made.to_dict()["calls"], allow_nan=False))
    named = [f"--calls-{name}" for name in ("taken", "period", "amount", "category", "owner", "actual")]
    named = [part for flag in named for part in (flag, flag.removeprefix("--calls-"))]
    roles = ("taken", "opportunity", "close_date", "amount", "category", "outcome", "owner", "probability")
    named += [part for role in roles for part in (f"--deals-{role.replace('_', '-')}", role)]
    assert reported([rows, "--calls", calls, "--deals", deals, *named], capsys)["calls"] == held


def test_calls_of_months_and_of_fiscal_years(files, capsys, tmp_path):
    rows = files[0]
    path = tmp_path / "monthly.csv"
    path.write_text("taken,period,amount,actual\n2025-02-03,2025-02,5,4\n2025-03-03,2025-03,5,6\n")
    held = reported([rows, "--calls", path, "--calls-grain", "month"], capsys)["calls"]
    assert held["periods"] == ["2025-02", "2025-03"]
    path.write_text("taken,period,amount,actual\n2025-02-03,2025-02-01,5,4\n2025-03-03,2025-02-01,5,4\n")
    held = reported([rows, "--calls", path, "--calls-fiscal-start", "2"], capsys)["calls"]
    assert held["periods"] == ["FY26 Q1 (February to April 2025)"]


def test_a_toml_names_calls_and_deals(files, capsys, tmp_path):
    rows, calls, deals = files
    held = reported([rows, "--calls", calls, "--deals", deals], capsys)["calls"]
    toml = tmp_path / "tenure.toml"
    toml.write_text(
        f"[source]\nfile = '{rows.name}'\ncalls = '{calls.name}'\ndeals = '{deals.name}'\n"
        "[calls]\namount = 'amount'\ngrain = 'quarter'\nfiscal_start = 1\n"
        "[deals]\nclose_date = 'close_date'\n"
    )
    assert reported([toml], capsys)["calls"] == held


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (["--calls", "nowhere.csv"], "no such file", 5),
        (["--deals", "nowhere.csv"], "no such file", 5),
        (["--calls-taken", "day"], "name it with --calls", 2),
        (["--deals-owner", "rep"], "name it with --deals", 2),
        (["--calls-fiscal-start", "13"], "less than or equal to 12", 2),
    ],
)
def test_the_command_refuses(files, capsys, arguments, words, code):
    assert run(["report", str(files[0]), *arguments, "--json"]) == code
    assert words in capsys.readouterr().err


def test_a_call_made_after_its_period_is_refused(files, capsys, tmp_path):
    path = tmp_path / "late.csv"
    path.write_text("taken,period,amount,actual\n2025-04-02,2025-Q1,5,4\n")
    assert run(["report", str(files[0]), "--calls", str(path), "--json"]) == 3
    assert "E_LEAKAGE" in capsys.readouterr().err


def test_the_sample_report_shows_both(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["report"]) == 0
    said = capsys.readouterr().out
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "Predictability" in section(page, "forecast")
    assert "Carla Mendes calls too high, Bo Lindqvist too low" in section(page, "calls")
    assert "months ahead the forecast missed MRR by" in said
    assert "before the end of a quarter the commit misses by" in said
    assert run(["report", "--sample", "--calls", "none.csv"]) == 5  # a file that is named is never replaced


@pytest.mark.parametrize("seed", range(6))
def test_small_companies_have_a_report(seed):
    few, months = [1, 2, 3, 5, 20, 60][seed], [8, 9, 12, 26, 7, 15][seed]
    tiny = sample.company(customers=few, months=months, seed=seed)
    book = tiny.book(by=["plan"])
    made = build(
        book, reach=sample.last_day(tiny), compare=None, calls=tiny.calls or None, deals=tiny.deals or None
    )
    json.dumps(made.to_dict(), allow_nan=False)
    assert ('id="forecast"' in made.html) == (made.more.forecast is not None)


def test_a_fan_is_labelled_at_its_end():
    drawn = fans.fan(
        ["1", "2", "3", "4"], [10.0, 12.0], [14.0, 16.0],
        [fans.Band("95 %", [12.0, 11.0], [16.0, 21.0])], label="a <b>", show=lambda value: f"{value:.0f}",
    )  # fmt: skip
    assert 'aria-label="a &lt;b&gt;"' in drawn
    assert "95 %: 11 to 21 at the end" in drawn
    ends = re.findall(r'class="(?:name s1|lim)"[^>]*>([^<]*)<', drawn)
    assert [end.strip("\u2068\u2069") for end in ends] == ["95 % 21", "16", "95 % 11"]
    assert "4: forecast 16" in drawn
    flat = fans.fan(["1", "2"], [0.0], [0.0], [], label="flat", show=str)
    assert "NaN" not in flat


def test_whiskers_stand_around_zero():
    dots = [
        fans.Dot("<ann>", 0.1, 0.05, 0.15, "high", "high"),
        fans.Dot("bob", -0.1, None, None, "?", "none"),
    ]
    drawn = fans.whiskers(dots, label="lean", show=lambda value: f"{value:.2f}", below="left", above="right")
    assert "<ann>" not in drawn
    assert "&lt;ann&gt;: 0.10 (0.05 to 0.15), high" in drawn
    assert drawn.count("whisk") == 1
    zero, spots = (
        re.search(r'class="zero" x1="([\d.]+)"', drawn),
        re.findall(r'<circle class="spot[^>]*cx="([\d.]+)"', drawn),
    )
    right, left = (float(place) - float(zero[1]) for place in spots)
    assert right == pytest.approx(-left, abs=0.11)
    assert right > 0
