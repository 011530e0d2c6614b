"""The command line: what it prints, what it writes, and with which code it ends."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
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
    assert "Fernwood Systems, 2025-06" in capsys.readouterr().out


def test_report_as_json_equals_the_book(rows, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["report", str(rows), "--json", "--first", "2024-06", "--last", "2025-05"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert list(tmp_path.iterdir()) == []
    book = tenure.Book(
        dict(sample.company(customers=120, months=18, seed=3).subscriptions),
        customer="customer", start="start", end="end", amount="amount", interval_column="interval",
        quantity="quantity", currency_column="currency",
    )  # fmt: skip
    bridge = book.waterfall("2024-06", "2025-05")
    assert (said["first_month"], said["last_month"]) == ("2024-06", "2025-05")
    for name in ("opening", "new", "expansion", "contraction", "churn", "reactivation", "closing"):
        np.testing.assert_array_equal(said["waterfall"][name], np.asarray(bridge[name]))
    headline = {tile["key"]: tile["value"] for tile in said["headline"]}
    assert list(headline) == ["arr", "net_new_arr", "nrr", "grr", "churn", "arpa"]
    assert headline["arr"] == pytest.approx(12 * said["waterfall"]["closing"][-1])
    assert said["rows"]["used"] == book.rows


@pytest.mark.parametrize("command", ["waterfall", "retention", "cohorts", "mrr"])
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


@pytest.mark.parametrize("command", ["waterfall", "retention", "cohorts", "mrr"])
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
    time.sleep(2.0)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
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
