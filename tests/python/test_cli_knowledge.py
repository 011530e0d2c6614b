"""Days of knowledge and exchange rates on the command line."""

import csv
import io
import json
from pathlib import Path

import pytest

import tenure
from tenure.cli import run
from tenure.exchange import read_rates

ROWS = """customer,start,end,amount,currency,record_id,version,recorded_at,superseded_at
ann,2024-01-10,,100,EUR,1,1,2024-01-10,
bob,2024-01-20,,40,USD,2,1,2024-01-20,
bob,2024-01-20,2024-02-15,40,USD,2,2,2024-04-03,
cyd,2024-02-01,,60,EUR,3,1,2024-02-01,2024-05-02
dan,2024-02-05,,25,EUR,4,1,2024-03-20,
"""
PAIRS = """Date,From,To,Rate
2024-01-31,USD,EUR,0.8
2024-02-29,USD,EUR,0.9
2024-03-29,USD,EUR,0.75
2024-04-30,USD,EUR,0.75
"""
ECB = """Date,USD,GBP,
2024-04-30,1.25,0.85,
2024-03-28,1.25,0.85,
2024-02-29,1.25,N/A,
2024-01-31,1.25,0.85,
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("rows.csv").write_text(ROWS)
    Path("rates.csv").write_text(PAIRS)
    Path("ecb.csv").write_text(ECB)
    return tmp_path


def table(capsys, *arguments):
    assert run([*arguments, "--format", "csv"]) == 0, capsys.readouterr().err
    said = capsys.readouterr()
    return list(csv.DictReader(io.StringIO(said.out))), said.err


RATES = ("--rates", "rates.csv", "--reporting-currency", "eur")


def test_columns_of_knowledge_are_found_by_their_names(folder, capsys):
    lines, said = table(capsys, "mrr", "rows.csv", *RATES, "--at", "2024-04-30")
    for part in ("recorded=recorded_at", "superseded=superseded_at", "id=record_id", "version=version"):
        assert part in said
    assert float(lines[0]["mrr"]) == pytest.approx(125)  # ann and dan; bob has left and cyd never was


def test_known_at_asks_with_what_was_known(folder, capsys):
    lines, said = table(capsys, "mrr", "rows.csv", *RATES, "--at", "2024-02-29", "--known-at", "2024-03-05")
    assert "as known on 2024-03-05" in said
    assert float(lines[0]["mrr"]) == pytest.approx(100 + 36 + 60)
    lines, _ = table(capsys, "mrr", "rows.csv", *RATES, "--at", "2024-02-29", "--known-at", "2024-04")
    assert float(lines[0]["mrr"]) == pytest.approx(100 + 60 + 25)


def test_the_bridge_has_a_line_of_exchange_rates(folder, capsys):
    lines, _ = table(
        capsys,
        "waterfall",
        "rows.csv",
        *RATES,
        "--first",
        "2024-01",
        "--last",
        "2024-03",
        "--known-at",
        "2024-03-31",
    )
    assert [float(line["fx"]) for line in lines] == pytest.approx([0, 4, -6])
    assert [float(line["closing"]) for line in lines] == pytest.approx([132, 221, 215])
    assert [line["period_is_complete"] for line in lines] == ["True", "True", "True"]


def test_a_window_ends_with_what_was_complete_then(folder, capsys):
    lines, said = table(capsys, "waterfall", "rows.csv", *RATES, "--known-at", "2024-03-12")
    assert [line["period"] for line in lines] == ["2024-01-01", "2024-02-01"]
    assert "complete months up to 2024-03-12" in said
    running = ("--known-at", "2024-03-12", "--last", "2024-03", "--max-days-back", "20")
    lines, _ = table(capsys, "waterfall", "rows.csv", *RATES, *running)
    assert [line["period_is_complete"] for line in lines] == ["True", "True", "False"]
    assert run(["waterfall", "rows.csv", *RATES, *running]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("no")


def test_restatement(folder, capsys):
    lines, said = table(capsys, "restatement", "rows.csv", "2024-02-29", "2024-04-30", *RATES)
    assert "known on 2024-02-29 against 2024-04-30, 2024-01 to 2024-02" in said
    assert [float(line["change"]) for line in lines] == pytest.approx([0, 25 - 36])
    assert float(lines[1]["new_change"]) == pytest.approx(25)
    assert float(lines[1]["churn_change"]) == pytest.approx(36)
    lines, _ = table(capsys, "restatement", "rows.csv", "2024-02", "--show", "customers", *RATES)
    assert {line["customer"]: float(line["change"]) for line in lines} == pytest.approx(
        {"bob": -36, "cyd": -60, "dan": 25}
    )
    lines, _ = table(capsys, "restatement", "rows.csv", "2024-02-29", "--show", "rows", *RATES)
    assert [(line["row"], line["reason"]) for line in lines] == [
        ("1", "corrected"), ("2", "corrected"), ("3", "deleted"), ("4", "late")
    ]  # fmt: skip


def test_restatement_finds_the_days_without_a_file(folder, capsys):
    Path("tenure.toml").write_text(
        '[source]\nfile = "rows.csv"\nrates = "rates.csv"\n[report]\nreporting_currency = "EUR"\n'
    )
    lines, said = table(capsys, "restatement", "2024-02-29", "2024-04-30")
    assert "using ./tenure.toml" in said
    assert float(lines[1]["change"]) == pytest.approx(-11)
    assert run(["restatement"]) == 2
    assert "two days of knowledge are compared" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["mrr", "rows.csv"], 3, "Give --reporting-currency and rates"),
        (["mrr", "rows.csv"], 3, "E_CURRENCY_MIXED"),
        (["mrr", "rows.csv", "--reporting-currency", "EUR"], 2, "without exchange rates"),
        (["mrr", "rows.csv", "--rates", "none.csv"], 5, "E_IO_OPEN"),
        (["mrr", "rows.csv", "--rates", "rows.csv"], 3, "E_FX_FILE"),
        (["mrr", "rows.csv", *RATES, "--max-days-back", "x"], 2, "not a number of days"),
        (["mrr", "rows.csv", *RATES, "--known-at", "2024-13-01"], 2, "not a day"),
        (["mrr", "rows.csv", *RATES, "--known-at", "2023-12-31"], 3, "E_AS_OF"),
        (["mrr", "rows.csv", *RATES, "--at", "2024-02-20", "--known-at", "2024-02-25"], 3, "E_FX_MISSING"),
        (["restatement", "rows.csv", "2024-04-30", "2024-02-29", *RATES], 2, "E_WINDOW"),
    ],
)
def test_what_is_refused(folder, capsys, arguments, code, words):
    assert run(arguments) == code
    assert words in capsys.readouterr().err


def test_how_old_a_rate_may_be(folder, capsys):
    asked = ("mrr", "rows.csv", *RATES, "--at", "2024-02-20", "--known-at", "2024-02-25")
    lines, _ = table(capsys, *asked, "--max-days-back", "20")
    assert float(lines[0]["mrr"]) == pytest.approx(100 + 32 + 60)


def test_rows_without_knowledge_have_no_past(folder, capsys):
    Path("plain.csv").write_text("customer,start,amount\nann,2024-01-10,100\n")
    assert run(["mrr", "plain.csv", "--known-at", "2024-03-31"]) == 2
    assert "E_KNOWN_AT" in capsys.readouterr().err


def test_rates_of_the_ecb_and_of_a_table(folder, capsys):
    assert read_rates(Path("ecb.csv")).rate("EUR", "USD", "2024-03-30") == 1.25
    pairs = read_rates(Path("rates.csv"), "EUR")
    assert (pairs.base, pairs.rate("USD", "EUR", "2024-02-29")) == ("EUR", 0.9)
    assert read_rates(Path("rates.csv")).base == "EUR"  # both are in every row: the first by name
    _, said = table(capsys, "mrr", "rows.csv", "--rates", "ecb.csv", "--at", "2024-03-31")
    assert "figures in EUR, as the rates" in said
    Path("mixed.csv").write_text("date,from,to,rate\n2024-01-01,USD,EUR,0.9\n2024-01-01,GBP,SEK,13\n")
    with pytest.raises(
        tenure.Error, match=r"no currency .* is in every row: there are EUR, GBP, SEK, USD"
    ) as fault:
        read_rates(Path("mixed.csv"))
    assert fault.value.code == "E_FX_BASE"
    Path("bad.csv").write_text("date,from,to,rate\n2024-01-01,USD,EUR,0\n")
    with pytest.raises(tenure.Error, match="must be > 0") as fault:
        read_rates(Path("bad.csv"))
    assert fault.value.code == "E_FX_RATE"


def test_names_are_not_guessed_without_a_day_of_entry(folder, capsys):
    Path("plain.csv").write_text("customer,start,amount,version,record\nann,2024-01-10,100,1,x\n")
    _, said = table(capsys, "mrr", "plain.csv")
    assert "version=" not in said
    assert "columns not used: version, record" in said


def test_the_sample_has_both(capsys):
    lines, said = table(capsys, "restatement", "--sample", "2025-03-31", "2025-06-30")
    assert "2025-03" in said
    march = next(line for line in lines if line["period"] == "2025-03-01")
    assert float(march["churn_change"]) > 5000
    assert run(["waterfall", "--sample", "--format", "json", "--last", "2025-06"]) == 0
    assert {"fx", "period_is_complete"} <= set(json.loads(capsys.readouterr().out)[0])
