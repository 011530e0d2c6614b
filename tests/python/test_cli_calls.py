"""Calls and deals as a CRM exports them: read as they stand, or refused with the value and its row."""

import json

import pytest

import tenure as tn
from tenure.calling import deals_of, first_day
from tenure.cli import run
from tenure.report.calls import shown, unit

HEAD = "Date,Quarter,Owner,Category,Amount,Actual\n"


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "book.csv"
    path.write_text(
        "Account,Start,End,MRR\n" + "".join(f"a{i},2023-0{1 + i % 9}-01,,100\n" for i in range(20))
    )
    return path


@pytest.fixture
def asked(book, tmp_path, capsys):
    """Run the report with a text as calls or deals; returns exit code, figures and what was said."""

    def ask(text, *options, table="calls"):
        path = tmp_path / f"{table}.csv"
        path.write_text(text)
        code = run(["report", str(book), "--compare", "none", "--as-of", "2025-06-30", "--json",
                    f"--{table}", str(path), *options])  # fmt: skip
        out, said = capsys.readouterr()
        return code, json.loads(out)["calls"] if out else None, said

    return ask


@pytest.mark.parametrize("taken", ["07/01/2023", "07.01.2023", "01-07-2023", "7/13/2023"])
def test_days_that_read_both_ways_are_refused_as_in_a_book(asked, taken):
    code, _, said = asked(HEAD + f"{taken},2023-Q3,Ann,Commit,100,90\n")
    assert code == 3
    assert f"column 'Date', row 0: '{taken}' is not a date of the form YYYY-MM-DD" in said
    assert "[E_DATE_FORMAT]" in said


def test_close_dates_and_the_days_of_spend_are_no_guesses_either(asked, book, tmp_path, capsys):
    rows = "Snapshot Date,Deal ID,Close Date,Amount\n2024-01-01,0060155,02/01/2024,5\n"
    code, _, said = asked(rows, table="deals")
    assert code == 3
    assert "column 'Close Date', row 0: '02/01/2024'" in said
    spend = tmp_path / "spend.csv"
    spend.write_text("Date,Amount\n02/01/2024,500\n")
    assert run(["report", str(book), "--spend", str(spend), "--json"]) == 3
    assert "'02/01/2024' is not a date" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("amount", "remedy"),
    [
        ('"$1,234.00"', "Remove thousands separators"),
        ('"1234,50"', "Remove thousands separators and write the decimals after a point."),
        ("USD 5", "Remove currency symbols"),
    ],
)
def test_amounts_that_are_no_plain_numbers_are_shown_with_their_row(asked, amount, remedy):
    code, _, said = asked(
        HEAD + f"2023-07-03,2023-Q3,Ann,Commit,100,90\n2023-07-10,2023-Q3,Ann,Commit,{amount},90\n"
    )
    assert code == 3
    value = amount.strip('"')
    assert f"column 'Amount', row 1: '{value}' is not a plain decimal" in said
    assert remedy in said
    assert "Cast" not in said


def test_words_of_a_company_are_explained_by_options(asked, book, tmp_path, capsys):
    text = HEAD + "2024-01-08,2024-Q1,Ann,Upside,120,90\n2024-01-08,2024-Q1,Ann,Commit,100,90\n"
    code, _, said = asked(text)
    assert code == 3
    assert 'Say which of them it is: --calls-categories "Upside=best_case"' in said
    code, held, _ = asked(text, "--calls-categories", "Upside=best_case")
    assert code == 0
    assert set(held["by_weeks_before_end"]) == {"commit", "best_case"}
    code, _, said = asked(text, "--calls-categories", "Upside")
    assert code == 2
    assert "'Upside' says nothing" in said
    toml = tmp_path / "tenure.toml"
    toml.write_text(
        f"[source]\nfile = '{book}'\ncalls = 'calls.csv'\n"
        "[calls]\nweeks = 6\ncategories = { Upside = 'best_case' }\n"
    )
    assert run(["report", str(toml), "--compare", "none", "--as-of", "2025-06-30", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["calls"]
    assert found == {**held, "owners_at_week": 6, "owners": found["owners"]}
    toml.write_text(f"[source]\nfile = '{book}'\n[calls]\ncategories = 'Upside'\n")
    assert run(["report", str(toml)]) == 2
    assert "no table of words" in capsys.readouterr().err


def test_what_is_there_twice_names_the_option_of_the_owner(asked):
    row = "2024-01-08,2024-Q1,Ann,Commit,100,90\n"
    code, _, said = asked(HEAD.replace("Owner", "Note") + row + row)
    assert code == 3
    assert "[E_DUPLICATE_ROW]" in said
    assert "--calls-owner COLUMN" in said


def test_the_week_that_is_asked_for_is_the_one_that_is_spoken_of(asked):
    weeks = [(f"2024-0{1 + day // 28}-{1 + day % 28:02d}", 100 + day) for day in range(0, 80, 7)]
    text = HEAD + "".join(f"{day},2024-Q1,Ann,Commit,{amount},100\n" for day, amount in weeks)
    code, held, _ = asked(text, "--calls-weeks", "6")
    assert (code, held["owners_at_week"]) == (0, 6)
    code, _, said = asked(text, "--calls-weeks", "40")
    assert code == 2
    assert "looked at up to 13 weeks before the end" in said


def test_fiscal_periods_have_names(asked):
    text = HEAD + "2025-02-03,2025-02-01,Ann,Commit,5,4\n"
    code, held, _ = asked(text, "--calls-fiscal-start", "2")
    assert code == 0
    assert held["periods"] == ["FY26 Q1 (February to April 2025)"]
    assert held["period_starts"] == ["2025-02-01"]


@pytest.mark.parametrize(
    ("label", "start", "day"),
    [
        ("FY24-Q1", 2, "2023-02-01"),
        ("FY24 Q4", 2, "2023-11-01"),
        ("Q4 FY2024", 10, "2024-07-01"),
        ("fy24q1", 1, "2024-01-01"),
        ("FY24-H2", 7, "2024-01-01"),
        ("FY24", 4, "2023-04-01"),
        ("2024-Q1", 2, "2024-Q1"),
        ("FY24-Q5", 2, "FY24-Q5"),
    ],
)
def test_fiscal_labels_are_those_of_the_year_that_ends(label, start, day):
    assert first_day(label, start) == day


def test_fiscal_labels_of_a_file(asked):
    text = HEAD + "2023-02-06,FY24-Q1,Ann,Commit,5,4\n"
    code, held, _ = asked(text, "--calls-fiscal-start", "2")
    assert (code, held["periods"]) == (0, ["FY24 Q1 (February to April 2023)"])
    code, _, said = asked(text.replace("FY24-Q1", "2024-Q1"), "--calls-fiscal-start", "2")
    assert code == 3
    assert "Write FY24-Q1, where FY24 is the fiscal year that ends in 2024" in said


@pytest.mark.parametrize(
    ("grain", "start", "day", "told", "name", "kind"),
    [
        ("quarter", 2, "2024-11-01", 2, "FY25 Q4 (November 2024 to January 2025)", "quarter"),
        ("quarter", 2, "2024-11-01", 1, "November 2024 to January 2025", "quarter"),
        ("half_year", 7, "2024-07-01", 7, "FY25 H1 (July to December 2024)", "half-year"),
        ("year", 4, "2024-04-01", 4, "FY25 (April 2024 to March 2025)", "year"),
        ("month", 4, "2024-04-01", 4, "2024-04", "month"),
        ("quarter", 1, "2024-04-01", 1, "2024-Q2", "quarter"),
        ("year", 1, "2024-01-01", 1, "2024", "year"),
        ("week", 1, "2024-04-01", 1, "the week from 2024-04-01", "week"),
    ],
)
def test_names_of_periods(grain, start, day, told, name, kind):
    rows = {"taken": [day], "period": [day], "amount": [5.0], "actual": [4.0]}
    calls = tn.forecast.snapshots(rows, category=None, actual="actual", grain=grain, fiscal_start=start)
    first = calls.periods[0].item()
    assert shown(calls, first, told) == name
    assert unit(calls.period_name(first)) == kind


STAGES = ["Prospecting", "Negotiation", "Closed Won", "Closed Lost"]


def deals(stages, **more):
    return {
        "Snapshot Date": [f"2024-01-{8 + at:02d}" for at in range(len(stages))],
        "Opportunity ID": [f"006{at}" for at in range(len(stages))],
        "Opportunity Owner": ["Ann"] * len(stages),
        "Close Date": ["2024-03-01"] * len(stages),
        "Amount": [100.0] * len(stages),
        "Stage": stages,
        **more,
    }


def test_stages_before_the_end_are_open(asked):
    said = []
    found = deals_of(deals(STAGES), say=said.append)
    assert found.owner == "Opportunity Owner"
    assert "deals: these stages count as open: Negotiation, Prospecting (--deals-outcomes to change)" in said
    outcomes = {"Prospecting": "open", "Negotiation": "open"}
    want = tn.forecast.snapshots(
        deals(STAGES), taken="Snapshot Date", opportunity="Opportunity ID", owner="Opportunity Owner",
        close_date="Close Date", amount="Amount", category=None, outcome="Stage", outcomes=outcomes,
    )  # fmt: skip
    assert found.to_dict() == want.to_dict()
    with pytest.raises(tn.Error, match="'Won - renewal' is not known"):
        deals_of(deals([*STAGES, "Won - renewal"]))
    signed = {"outcomes": {"Won - renewal": "won"}}
    assert len(deals_of(deals([*STAGES, "Won - renewal"]), words=signed))
    untold = []
    assert len(deals_of(deals(STAGES[:2]), say=untold.append))  # nothing is won in these stages: no outcome
    assert "deals: columns not used: Stage" in untold


def test_ids_keep_their_zeros(asked):
    head = "Snapshot Date,Deal ID,Close Date,Amount,Forecast Category,Status,Owner\n"
    rows = (
        "2024-01-01,0060155,2024-02-01,5,Commit,Open,007\n"
        "2024-02-05,0060155,2024-02-01,5,Closed,Won,007\n"
        "2024-04-05,1,2024-05-01,5,Commit,Open,007\n"
    )
    code, held, said = asked(head + rows, table="deals")
    assert code == 0, said
    assert held["owners"]["Owner"] == ["007"]


def test_a_book_too_young_for_a_forecast_says_so(tmp_path, capsys):
    path = tmp_path / "tiny.csv"
    path.write_text("Account,Start,End,MRR\na,2025-01-01,,100\nb,2025-02-01,,50\n")
    assert run(["forecast", str(path), "--periods", "2"]) == 0
    assert "too few complete periods that begin with somebody paying" in capsys.readouterr().err
    page = tmp_path / "tiny.html"
    assert run(["report", str(path), "-o", str(page)]) == 0
    why = "No forecast: it needs six complete months that begin with somebody paying."
    assert why in capsys.readouterr().out
    assert why in page.read_text("utf-8")


def test_near_words_are_offered_and_helpers_are_not():
    with pytest.raises(tn.Error, match="is not known; did you mean 'skip'"):
        tn.forecast.accuracy({"actual": [1.0], "f": [1.0]}, forecast="f", missing="Skip")
    assert dir(tn.forecast) == sorted(tn.forecast.__all__)


def test_owners_who_have_not_called_yet_are_said(book, tmp_path, capsys):
    rows = ["2024-01-08,2024-Q1,Ann,Commit,100,90", "2024-03-28,2024-Q1,Bo,Commit,60,60"]
    path, page = tmp_path / "calls.csv", tmp_path / "page.html"
    path.write_text(HEAD + "\n".join(rows) + "\n")
    arguments = ["report", str(book), "--as-of", "2025-06-30", "--calls", str(path), "-o", str(page)]
    assert run(arguments) == 0
    assert "misses by 11.1" in capsys.readouterr().out  # 100 against 90, not against 150
    said = page.read_text("utf-8")
    assert "1 of 2 calls of owners were in, all quarters together" in said
    assert "Owners who had called" in said
    assert "+6.7" in said  # the first call of both, 160, against 150


def test_spend_of_a_file_keeps_its_truths(book, tmp_path, capsys):
    spend = tmp_path / "spend.csv"
    spend.write_text(
        "Date,Amount,Channel,Paid\n2024-05-01,500,ads,TRUE\n2024-05-01,300.5,events,false\n2024-06,9,ads,\n"
    )
    assert run(["report", str(book), "--spend", str(spend), "--json"]) == 3
    assert "'2024-06' is not a date" in capsys.readouterr().err
    spend.write_text("Date,Amount,Channel,Paid\n2024-05-01,500,ads,TRUE\n2024-05-01,300.5,events,false\n")
    assert run(["report", str(book), "--spend", str(spend), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["worth"] is not None
