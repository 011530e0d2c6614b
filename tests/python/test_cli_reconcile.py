"""``tenure reconcile``, ``policies``, ``policy`` and ``churn``: what they print, write and refuse."""

import csv
import io
import json

import duckdb
import numpy as np
import pytest

import tenure
from tenure import sample
from tenure.cli import run
from tenure.policies import policies_of, policy_of

SMALL = {"customers": 300, "months": 24, "seed": 3}


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """A small company with all its terms, as CSV."""
    columns = sample.company(**SMALL).subscriptions
    path = tmp_path_factory.mktemp("reconcile") / "rows.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in zip(*columns.values(), strict=True):
            writer.writerow(["" if str(cell) == "NaT" else cell for cell in row])
    return path


@pytest.fixture(scope="module")
def book():
    return sample.company(**SMALL).book()


def records(capsys):
    return json.loads(capsys.readouterr().out)


def test_causes_are_printed_with_sentences(rows, capsys):
    assert run(["reconcile", str(rows), "--policies", "stripe,chartmogul", "--at", "2025-06"]) == 0
    said = capsys.readouterr().out
    assert "discounts" in said
    assert "churn_at" in said
    assert "stripe" in said.lower()
    assert "nan" not in said
    assert len(said.split("\n\n")) >= 2  # the table, then sentences


def test_json_equals_the_book(rows, book, capsys):
    asked = ["reconcile", str(rows), "--policies", "stripe,baremetrics", "--at", "2025-06-30"]
    assert run([*asked, "--format", "json"]) == 0
    said = records(capsys)
    found = book.reconcile("stripe", "baremetrics", at="2025-06-30", money="decimal")
    assert [record["cause"] for record in said] == found["cause"].tolist()
    np.testing.assert_array_equal([record["amount"] for record in said], found["amount"].astype(float))
    first, *causes, last = (round(100 * record["amount"]) for record in said)
    assert sum(causes) == last - first


def test_the_last_complete_month_is_the_default(rows, capsys):
    assert run(["reconcile", str(rows), "--format", "json"]) == 0
    said = capsys.readouterr()
    assert {record["period"] for record in json.loads(said.out)} == {"2025-06-01"}
    assert "policies stripe,chartmogul (change with --policies" in said.err
    assert "what each publishes for 2025-06" in said.err


def test_a_span_of_months(rows, capsys):
    months = ["--first", "2025-01", "--last", "2025-03"]
    assert run(["reconcile", str(rows), *months, "--metric", "customers", "--format", "csv"]) == 0
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {line["period"] for line in lines} == {"2025-01-01", "2025-02-01", "2025-03-01"}


@pytest.mark.parametrize("metric", ["mrr", "customers", "customer_churn", "gross_mrr_churn", "nrr", "grr"])
def test_every_metric(rows, capsys, metric):
    assert run(["reconcile", str(rows), "--metric", metric, "--at", "2025-05"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 2


def test_customers_of_a_cause(rows, book, capsys):
    asked = ["reconcile", str(rows), "--policies", "stripe,chartmogul", "--at", "2025-06", "--customers", "3"]
    assert run([*asked, "--format", "json"]) == 0
    said = [record for record in records(capsys) if record["cause"] == "discounts"]
    whole = book.reconcile("stripe", "chartmogul", at="2025-06", money="decimal").customers("discounts")
    amounts = sorted(map(abs, np.asarray(whole["amount"], dtype=float)), reverse=True)
    assert [abs(record["amount"]) for record in said] == pytest.approx(amounts[:3])
    assert run(asked) == 0
    assert "Customers behind each cause" in capsys.readouterr().out


def test_causes_and_customers_as_parquet(rows, tmp_path):
    for more in ([], ["--customers", "2"]):
        file = tmp_path / "out.parquet"
        assert run(["reconcile", str(rows), "--at", "2025-06", *more, "-o", str(file)]) == 0
        with duckdb.connect() as connection:
            assert connection.sql(f"FROM '{file}'").columns[:2] == ["period", "cause"]


def test_the_made_up_company(capsys):
    assert run(["reconcile", "--sample"]) == 0
    assert "discounts" in capsys.readouterr().out


@pytest.fixture(scope="module")
def vendor(tmp_path_factory, book):
    """What a tool with a setting of its own would have exported, in whole units."""
    bridge = book.under(tenure.Policy("stripe", past_due="churn_after_30_days")).waterfall(
        "2024-07", "2025-06"
    )
    path = tmp_path_factory.mktemp("vendor") / "vendor.csv"
    lines = [
        f"{period},{round(float(mrr))}"
        for period, mrr in zip(bridge["period"], bridge["closing"], strict=True)
    ]
    path.write_text("Month,Total MRR (EUR)\n" + "\n".join(lines) + "\n")
    return path


def test_a_vendors_table_is_matched(rows, vendor, capsys):
    assert run(["reconcile", str(rows), "--vendor", str(vendor), "--keep", "3", "--format", "json"]) == 0
    said = capsys.readouterr()
    first, *others = json.loads(said.out)
    assert (first["preset"], first["option"], first["value"]) == (
        "stripe", "past_due", "churn_after_30_days",
    )  # fmt: skip
    assert abs(first["difference"]) <= min(abs(other["difference"]) for other in others)
    assert len(others) == 2
    assert "their columns: month=Month, mrr=Total MRR (EUR)" in said.err
    assert run(["reconcile", str(rows), "--vendor", str(vendor)]) == 0
    assert "Stripe with past_due=churn_after_30_days comes closest" in capsys.readouterr().out


def test_their_columns_can_be_named(rows, vendor, tmp_path, capsys):
    other = tmp_path / "other.csv"
    other.write_text(vendor.read_text().replace("Month,Total MRR (EUR)", "Stichtag,Umsatz"))
    asked = ["reconcile", str(rows), "--vendor", str(other)]
    assert run(asked) == 3
    assert "--month COLUMN" in capsys.readouterr().err
    assert run([*asked, "--month", "Stichtag", "--mrr", "Umsatz"]) == 0


def test_movements_tell_more_than_mrr(rows, book, tmp_path, capsys):
    bridge = book.under("maxio").waterfall("2024-07", "2025-06")
    lines = ("new", "expansion", "contraction", "churn", "reactivation")
    path = tmp_path / "movements.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Period", *(f"{line.title()} MRR" for line in lines)])
        for row, period in enumerate(bridge["period"]):
            losses = {line: -1 if line in ("contraction", "churn") else 1 for line in lines}
            amounts = [losses[line] * float(bridge[line][row]) for line in lines]
            writer.writerow([str(period)[:7], *amounts])
    assert run(["reconcile", str(rows), "--vendor", str(path), "--keep", "1", "--format", "json"]) == 0
    said = capsys.readouterr()
    (best,) = json.loads(said.out)
    assert (best["preset"], best["option"]) == ("maxio", "")
    assert best["difference"] < 1
    assert best["months_equal"] == 12
    assert "churn=Churn MRR" in said.err


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("month,mrr\nsoon,5\n", "E_DATE_FORMAT"),
        ("month,mrr\n2025-01,1,2\n", "E_"),
        ("month,mrr\n2025-02-30x,5\n", "E_DATE_FORMAT"),
        ("month,mrr\n2025-01,5\n2025-01,6\n", "E_MONTH_DUPLICATE"),
        ('month,mrr\n2025-01,"1,200"\n', "E_AMOUNT_TEXT"),
        ("month,mrr\n2025-01,1e30\n", "E_AMOUNT_RANGE"),
        ("month,mrr\n", "E_NO_ROWS"),
        ("", "E_CSV_EMPTY"),
    ],
)
def test_bad_tables_are_refused(rows, tmp_path, capsys, text, code):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    assert run(["reconcile", str(rows), "--vendor", str(path)]) == 3
    assert code in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--policies", "stripe"], "two are compared"),
        (["--policies", "strype,chartmogul"], "stripe"),
        (["--policies", "stripe,chartmogul,discount=all"], "discounts"),
        (["--at", "soon"], "or a month"),
        (["--at", "2025-01", "--first", "2025-01"], "not both"),
        (["--metric", "arr"], "arr"),
        (["--month", "x"], "--vendor"),
        (["--vendor", "x.csv", "--at", "2025-01"], "leave out"),
        (["--customers", "0"], "greater than or equal to 1"),
    ],
)
def test_usage_faults(rows, capsys, arguments, words):
    assert run(["reconcile", str(rows), *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said


def test_policies_are_listed(capsys):
    assert run(["policies"]) == 0
    said = capsys.readouterr().out
    for name in tenure.Policy.presets():
        assert name in said
        assert tenure.Policy(name).digest in said


def test_a_policy_in_words_and_as_a_file(tmp_path, rows, capsys):
    assert run(["policy", "stripe,past_due=churn_after_30_days"]) == 0
    said = capsys.readouterr().out
    assert "Differs from standard" in said
    assert "an unpaid subscription counts for 30 days" in said
    for form in ("toml", "json"):
        assert run(["policy", "stripe,past_due=excluded", "--format", form]) == 0
        file = tmp_path / f"ours.{form}"
        file.write_text(capsys.readouterr().out)
        assert policy_of(str(file)) == tenure.Policy("stripe", past_due="excluded")
        assert run(["mrr", str(rows), "--policy", str(file)]) == 0
        capsys.readouterr()
    assert run(["policy", "nobody"]) == 2
    assert run(["policy", "stripe,chartmogul"]) == 2
    assert run(["policy", str(tmp_path / "none.toml")]) == 5


def test_options_belong_to_the_policy_before_them():
    one, two = policies_of("stripe, past_due=excluded, discounts=all, chartmogul")
    assert one == tenure.Policy("stripe", past_due="excluded", discounts="all")
    assert two == tenure.Policy("chartmogul")
    assert policies_of("gap_days=30") == [tenure.Policy(gap_days=30)]


def test_churn_follows_the_policy(rows, book, capsys):
    months = ["--first", "2025-01", "--last", "2025-06"]
    assert run(["churn", str(rows), *months, "--policy", "stripe", "--format", "json"]) == 0
    said = records(capsys)
    found = book.under("stripe").churn("2025-01", "2025-06")
    assert [record["customer_churn"] for record in said] == found["customer_churn"].tolist()
    assert said[0]["window_end"] == "2025-02-01"
    assert run(["churn", str(rows), "--by", "plan"]) == 2
