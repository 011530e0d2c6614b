"""The command line: what it prints, what it writes, and with which code it ends."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

import tenure
from tenure import output, sample
from tenure.cli import run
from tenure.errors import FileError

HOSTILE_PLAN = "=cmd|'/C calc'!A0"


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """A small company as CSV, with one plan whose name a spreadsheet would run."""
    columns = dict(sample.company(customers=120, months=18, seed=3).subscriptions)
    columns["plan"] = np.where(columns["plan"] == "Team", HOSTILE_PLAN, columns["plan"])
    path = tmp_path_factory.mktemp("cli") / "rows.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(
            [
                ["" if str(cell) == "NaT" else cell for cell in row]
                for row in zip(*columns.values(), strict=True)
            ]
        )
    return path


def test_report_writes_one_page_and_says_where(rows, tmp_path, capsys):
    page = tmp_path / "out.html"
    assert run(["report", str(rows), "-o", str(page), "--company", "Acme <b>"]) == 0
    text = page.read_text("utf-8")
    assert text.startswith("<!doctype html>")
    assert "Acme &lt;b&gt;" in text
    said = capsys.readouterr()
    assert f"Report: {page}" in said.out
    assert "ARR" in said.out
    assert "guessed from the names of the columns: customer=customer, start=start" in said.err


def test_report_without_a_file_uses_the_made_up_company(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["report"]) == 0
    assert "Fernwood Systems" in Path("report.html").read_text("utf-8")
    said = capsys.readouterr()
    assert "Fernwood Systems, 2025-06" in said.out
    assert "no file given: the report of the made-up company Fernwood Systems" in said.err


def test_report_as_json_equals_the_book(rows, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["report", str(rows), "--json", "--first", "2024-06", "--last", "2025-05"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert list(tmp_path.iterdir()) == []
    book = sample.company(customers=120, months=18, seed=3).book()
    bridge = book.waterfall("2024-06", "2025-05")
    assert (said["first_month"], said["last_month"]) == ("2024-06", "2025-05")
    for name in ("opening", "new", "expansion", "contraction", "churn", "reactivation", "closing"):
        np.testing.assert_array_equal(said["waterfall"][name], np.asarray(bridge[name]))
    headline = {tile["key"]: tile["value"] for tile in said["headline"]}
    assert list(headline) == ["arr", "net_new_arr", "nrr", "grr", "churn", "arpa"]
    assert headline["arr"] == pytest.approx(12 * said["waterfall"]["closing"][-1])
    assert said["rows"]["used"] == book.rows


@pytest.mark.parametrize("also", [[], ["--json"]])
def test_report_into_a_json_file(rows, tmp_path, capsys, also):
    path = tmp_path / "rep.json"
    assert run(["report", str(rows), "--compare", "none", "--json"]) == 0
    printed = capsys.readouterr().out
    assert run(["report", str(rows), "--compare", "none", "-o", str(path), *also]) == 0
    assert path.read_text("utf-8") == printed
    assert f"Report: {path}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "command", ["waterfall", "retention", "cohorts", "mrr", "growth", "churn", "concentration"]
)
def test_tables_are_printed(rows, capsys, command):
    assert run([command, str(rows)]) == 0
    said = capsys.readouterr().out
    assert len(said.splitlines()) >= 2
    assert "nan" not in said


def test_csv_matches_the_book_and_guards_text(rows, capsys):
    assert (
        run(
            [
                "waterfall",
                str(rows),
                "--by",
                "plan",
                "--last",
                "2025-03",
                "--first",
                "2025-01",
                "--format",
                "csv",
            ]
        )
        == 0
    )
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {line["period"] for line in lines} == {"2025-01-01", "2025-02-01", "2025-03-01"}
    assert "'" + HOSTILE_PLAN in {line["plan"] for line in lines}
    for line in lines:
        gained = sum(
            float(line[name]) for name in ("opening", "new", "expansion", "reactivation", "transfer_in")
        )
        lost = sum(float(line[name]) for name in ("contraction", "churn", "transfer_out"))
        assert gained - lost == pytest.approx(float(line["closing"]), abs=1e-6)


@pytest.mark.parametrize(
    "command", ["waterfall", "retention", "cohorts", "mrr", "growth", "churn", "concentration"]
)
def test_json_and_parquet_say_the_same(rows, tmp_path, capsys, command):
    file = tmp_path / "out.parquet"
    assert run([command, str(rows), "--format", "json"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert run([command, str(rows), "-o", str(file)]) == 0
    with duckdb.connect() as connection:
        table = connection.sql(f"FROM '{file}'")
        names, stored = table.columns, table.fetchall()
    assert [list(record) for record in records[:1]] == [names][: len(records)]
    assert [[str(value) for value in record.values()] for record in records] == [
        [str(value) for value in row] for row in stored
    ]


def test_the_ending_of_the_file_says_the_form(rows, tmp_path):
    for name, begins in (("a.json", "["), ("a.csv", "period,")):
        assert run(["retention", str(rows), "-o", str(tmp_path / name)]) == 0
        assert (tmp_path / name).read_text().startswith(begins)


def test_toml_settings_reach_the_report(rows, tmp_path):
    config = tmp_path / "tenure.toml"
    config.write_text(
        f'[source]\nfile = "{rows}"\n[report]\ntitle = "Board"\ncompany = "Acme"\nlast = "2025-02"\n'
    )
    page = tmp_path / "page.html"
    assert run(["report", str(config), "-o", str(page)]) == 0
    text = page.read_text("utf-8")
    assert "<h1>Board</h1>" in text
    assert "<bdi>Acme</bdi> · revenue report for February 2025" in text


SALES = """Account ID,Plan Name,Product Line,Subscription Start,Contract End,Price (EUR),Billing,Seats
A1,Team,Core,2024-01-05,,120,Annual,2
A2,Team,Core,2024-02-05,2024-05-01,10,Monthly,1
A3,Pro,Add-on,2024-03-05,2999-05-01,10.5,Monthly,1
"""


@pytest.fixture
def sales(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text(SALES)
    return path


@pytest.mark.parametrize("product", [None, "Product Line", "Plan Name"])
@pytest.mark.parametrize("shape", ["html", "json", "toml"])
def test_the_product_column_may_have_any_name(sales, tmp_path, capsys, product, shape):
    arguments = [] if product is None else ["--product", product]
    target = sales
    if shape == "toml":
        target = tmp_path / "sales.toml"
        line = f"[columns]\nproduct = '{product}'\n" if product else ""
        target.write_text(f"[source]\nfile = 'sales.csv'\n{line}")
        arguments = []
    more = ["--json"] if shape == "json" else ["-o", str(tmp_path / "page.html")]
    assert run(["report", str(target), *arguments, *more]) == 0, capsys.readouterr().err
    if shape == "json":
        said = json.loads(capsys.readouterr().out)
        assert sum(part["mrr"][0] for part in said["segments"][product or "Product Line"]) == pytest.approx(
            40.5
        )
    else:
        assert (product or "Product Line") in (tmp_path / "page.html").read_text()


def test_the_billing_term_and_the_seats_are_in_the_figures(sales, capsys):
    assert run(["mrr", str(sales), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["mrr"] == pytest.approx(2 * 120 / 12 + 10 + 10.5)


def test_what_is_not_used_and_what_is_assumed_is_said(tmp_path, capsys):
    path = tmp_path / "rows.csv"
    path.write_text("customer,start,amount,remark,booked\na,2024-01-01,1,x,2024-01-01\n")
    assert run(["check", str(path)]) == 0
    said = capsys.readouterr().err
    assert "columns not used: remark, booked" in said
    assert "interval=month assumed: no column found" in said
    assert "warning: column 'booked' holds dates and is not used" in said
    assert "interval" not in next(line for line in said.splitlines() if line.startswith("guessed"))


def test_a_billing_column_that_is_not_used_stops_everything(tmp_path, capsys):
    path = tmp_path / "rows.csv"
    path.write_text("customer,start,amount,Zahlweise\na,2024-01-01,1,annual\n")
    assert run(["mrr", str(path)]) == 3
    assert "--interval Zahlweise" in capsys.readouterr().err
    assert run(["mrr", str(path), "--interval", "annual"]) == 0


def test_the_window_ends_with_the_last_complete_month(sales, capsys):
    assert run(["waterfall", str(sales), "--format", "csv"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[-1].startswith("2024-04-01")
    assert (
        "window 2024-01 to 2024-04 (complete months up to 2024-05-01; change with --first/--last/--as-of)"
        in said.err
    )
    assert run(["waterfall", str(sales), "--as-of", "2024-03-31", "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("2024-03-01")
    assert run(["waterfall", str(sales), "--period", "quarter", "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("2024-01-01")


@pytest.mark.parametrize(
    ("options", "day", "mrr"),
    [
        ([], "2024-04-30", 40.5),
        (["--at", "2024-03"], "2024-03-31", 40.5),
        (["--at", "2024-03-04"], "2024-03-04", 30.0),
        (["--as-of", "2024-02-04"], "2024-02-04", 20.0),
        (["--as-of", "2024-02"], "2024-02-29", 30.0),
    ],
)
def test_mrr_is_of_the_day_that_is_asked_for(sales, capsys, options, day, mrr):
    assert run(["mrr", str(sales), *options, "--format", "json"]) == 0
    said = capsys.readouterr()
    assert f"as of {day}" in said.err
    assert json.loads(said.out)[0]["mrr"] == pytest.approx(mrr)


def test_a_toml_in_the_folder_is_found(sales, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["init", "sales.csv"]) == 0
    assert 'interval = "Billing"   # guessed' in Path("tenure.toml").read_text()
    assert run(["mrr", "--format", "json"]) == 0
    said = capsys.readouterr()
    assert "using ./tenure.toml" in said.err
    assert json.loads(said.out)[0]["mrr"] == pytest.approx(40.5)
    assert run(["init", "sales.csv"]) == 5
    assert "already there" in capsys.readouterr().err


def test_the_sample_is_read_when_asked_for(capsys):
    assert run(["mrr", "--sample", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["customers"] > 100


def test_a_file_without_rows_is_refused(tmp_path, capsys):
    path = tmp_path / "none.csv"
    path.write_text("customer,start,amount\n")
    assert run(["report", str(path)]) == 3
    assert "no rows in none.csv" in capsys.readouterr().err


def test_remedies_are_written_as_options(tmp_path, capsys):
    path = tmp_path / "bad.csv"
    path.write_text("customer,start,end,amount\na,2024-02-01,2024-01-01,5\n")
    assert run(["check", str(path)]) == 3
    said = capsys.readouterr().err
    assert "--on-reversed drop" in said
    assert 'on_reversed="' not in said


def test_version(capsysbinary):
    assert run(["--version"]) == 0
    assert capsysbinary.readouterr().out.decode().strip() == f"tenure {tenure.__version__}"


def test_explain_opens_a_cell(sales, capsys):
    cell = ["explain", str(sales), "--period", "2024-02", "--movement", "new"]
    assert run([*cell, "--format", "json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert (record["customer"], record["closing"]) == ("A2", 10.0)
    assert run([*cell, "--by", "Plan Name", "--segment", "Team", "--rows", "--format", "json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert (record["row"], record["start"]) == (1, "2024-02-05")


def test_growth_follows_the_fiscal_year(rows, capsys):
    assert run(["growth", str(rows), "--period", "year", "--fiscal-start", "4", "--format", "csv"]) == 0
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {line["period"][5:] for line in lines} == {"04-01"}


@pytest.mark.parametrize("command", ["waterfall", "retention", "cohorts", "mrr", "growth"])
def test_tables_are_split_by_a_segment(rows, capsys, command):
    assert run([command, str(rows), "--by", "region", "--format", "csv"]) == 0
    assert len({line["region"] for line in csv.DictReader(io.StringIO(capsys.readouterr().out))}) > 1


def test_counts_are_printed_when_wanted(rows, capsys):
    assert run(["waterfall", str(rows)]) == 0
    assert "_customers" not in capsys.readouterr().out
    assert run(["waterfall", str(rows), "--wide"]) == 0
    assert "churn_customers" in capsys.readouterr().out


def test_check_says_what_was_read(rows, capsys):
    assert run(["check", str(rows)]) == 0
    assert "rows read from rows.csv" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, ""),
        (["nothing"], 2, "nothing"),
        (["report", "--nothing"], 2, "--nothing"),
        (["waterfall", "ROWS", "--format", "xml"], 2, "xml"),
        (["waterfall", "ROWS", "--format", "parquet"], 2, "-o"),
        (["report", "ROWS", "--first", "soon"], 2, "2024-01"),
        (["report", "ROWS", "--as-of", "soon"], 2, "2024-01-31"),
        (["report", "ROWS", "--sql", "SELECT 1"], 2, "not both"),
        (["report", "ROWS", "--policy", "standrd"], 2, "standard"),
        (["report", "ROWS", "--customer", "custmer"], 3, "did you mean 'customer'"),
        (["report", "no.csv"], 5, "no.csv"),
        (["report", "ROWS", "-o", "no/such/dir/x.html"], 5, "does not exist"),
        (["waterfall", "ROWS", "--by", "plan,region"], 2, "one segment"),
        (["mrr", "--sql", "DROP TABLE x"], 3, "E_SQL_READ_ONLY"),
        (["mrr"], 2, "usage: tenure mrr FILE"),
        (["check", "ROWS", "--sample"], 2, "not both"),
        (["waterfall", "ROWS", "--first", "2031-01"], 2, "first: 2031-01 lies after the last complete month"),
        (["waterfall", "ROWS", "--last", "2001-01"], 2, "last: 2001-01 lies before the data"),
        (["explain", "ROWS", "--period", "2025-03", "--movement", "gain"], 2, "gain"),
        (
            ["explain", "ROWS", "--period", "2025-03", "--movement", "new", "--segment", "Team"],
            2,
            "--by plan",
        ),
        (["concentration", "ROWS", "--by", "plan"], 2, "whole company"),
        (["mrr", "ROWS", "--at", "soon"], 2, "or a month"),
        (["init", "no.csv"], 5, "no.csv"),
    ],
)
def test_faults_are_one_message_and_a_code(rows, tmp_path, monkeypatch, capsys, arguments, code, words):
    monkeypatch.chdir(tmp_path)
    assert run([str(rows) if part == "ROWS" else part for part in arguments]) == code
    said = capsys.readouterr()
    assert words in said.err + said.out
    assert "Traceback" not in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("a,2024-02-01,2024-01-01,5", "E_PERIOD_REVERSED"),
        ("a,2024-02-30,,5", "E_DATE"),
        (",2024-02-01,,5", "E_KEY"),
        ('a,2024-02-01,,"1,234.50"', "E_AMOUNT_TEXT"),
        ("a,2024-02-01,,-5", "E_AMOUNT_NEGATIVE"),
    ],
)
def test_refused_input_ends_with_three(tmp_path, capsys, line, code):
    path = tmp_path / "bad.csv"
    path.write_text(f"customer,start,end,amount\nz,2024-01-01,,1\n{line}\n")
    assert run(["check", str(path)]) == 3
    assert code in capsys.readouterr().err


def tenure_process(*arguments, **options):
    return subprocess.Popen([sys.executable, "-m", "tenure", *arguments], **options)


def test_a_closed_pipe_ends_quietly():
    # A query with many segments, so that the text is longer than any pipe buffer.
    sql = "SELECT range AS customer, range AS plan, DATE '2025-01-01' AS start, 5 AS amount FROM range(60000)"
    process = tenure_process(
        "mrr", "--sql", sql, "--by", "plan", "--format", "csv", stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(60) == 141
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()


def test_a_terminal_without_the_signs_is_no_fault(tmp_path):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    page = tmp_path / "page.html"
    process = tenure_process(
        "report", "-o", str(page), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    said, complaints = process.communicate(timeout=60)
    assert process.returncode == 0, complaints
    assert b"ARR" in said
    assert "\u20ac" in page.read_text("utf-8")
    assert b"leaked" not in complaints


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_ends_with_130(tmp_path):
    fifo = tmp_path / "slow.toml"
    os.mkfifo(fifo)  # reading it waits until somebody writes
    process = tenure_process("check", str(fifo), stderr=subprocess.PIPE)
    writer = os.open(fifo, os.O_WRONLY)  # waits until the process reads
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    os.close(writer)
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()


class TestOutput:
    def test_a_failed_write_leaves_the_old_file(self, tmp_path):
        path = tmp_path / "out.txt"
        path.write_text("old")

        def fail(draft):
            draft.write_text("half")
            raise OSError(28, "No space left on device")

        with pytest.raises(FileError, match="No space left") as caught:
            output.replace(path, fail)
        assert caught.value.code == "E_IO_WRITE"
        assert path.read_text() == "old"
        assert [part.name for part in tmp_path.iterdir()] == ["out.txt"]

    def test_a_link_keeps_pointing_at_its_target(self, tmp_path):
        target, link = tmp_path / "real.txt", tmp_path / "link.txt"
        target.write_text("old")
        target.chmod(0o600)
        link.symlink_to(target)
        output.write_text(link, "new")
        assert link.is_symlink()
        assert target.read_text() == "new"
        assert target.stat().st_mode & 0o777 == 0o600

    def test_a_new_file_has_the_usual_mode(self, tmp_path):
        output.write_text(tmp_path / "new.txt", "x")
        mask = os.umask(0)
        os.umask(mask)
        assert (tmp_path / "new.txt").stat().st_mode & 0o777 == 0o666 & ~mask

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
    def test_formulas_become_text(self, text):
        assert output.guarded(text) == "'" + text

    @pytest.mark.parametrize("value", [-5.0, -5, None, "plain", "a=b"])
    def test_numbers_and_plain_text_stay(self, value):
        assert output.guarded(value) is value


def test_forecast_prints_the_bridge_carried_on(rows, capsys):
    arguments = ["forecast", str(rows), "--periods", "3", "--new", "trend", "--history", "12"]
    arguments += ["--as-of", "2025-06-30"]
    assert run([*arguments, "--format", "json"]) == 0
    out, said = capsys.readouterr()
    held = json.loads(out)
    company = sample.company(customers=120, months=18, seed=3)
    ahead = company.book(as_of="2025-06-30").forecast(3, new="trend", history=12)
    assert [row["closing"] for row in held] == pytest.approx(ahead["closing"].tolist())
    assert [row["period"] for row in held] == ["2025-07-01", "2025-08-01", "2025-09-01"]
    assert "window" in said
    assert run(["forecast", str(rows), "--periods", "1", "--last", "2025-03", "--by", "plan"]) == 0
    assert "2025-04-01" in capsys.readouterr().out
    assert run(["forecast", str(rows), "--confidence", "95"]) == 2
    assert "Write 95 % as 0.95" in capsys.readouterr().err
    assert run(["forecast", str(rows), "--new", "up"]) == 2
