"""Rows from files and queries: what is read, what is guessed and shown, what is refused."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tenure.cli import run
from tenure.errors import Error
from tenure.mapping import resolve
from tenure.settings import request
from tenure.sources import load

CSV = """account_id,plan_tier,country,start_date,end_date,mrr_amount,seats,billing_frequency
007,Pro,DE,2024-01-15,2024-03-01,100,5,monthly
7,Pro,FR,2024-02-01,,50.5,2,annual
a b,"Ba""sic",DE,2024-05-31,,0,1,monthly
"""


def written(folder: Path, text: str = CSV, name: str = "rows.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def read(path, sql=None, settings=None, **given):
    return load(request(None if path is None else str(path), sql, given, settings or {}))


def rows(source):
    return source.frame.fetchall()


def test_columns_are_guessed_and_shown(tmp_path):
    source = read(written(tmp_path))
    assert source.columns.names == {
        "customer": "account_id", "start": "start_date", "end": "end_date", "amount": "mrr_amount",
    }  # fmt: skip
    assert source.columns.fixed == {"interval": "month"}  # an MRR has the billing term in it
    assert source.columns.by == ["plan_tier", "country"]
    assert all(part.guessed for part in source.mapping)
    assert (source.rows, source.reach, source.label) == (3, date(2024, 5, 31), "rows.csv")


def test_ids_stay_text_and_values_get_their_types(tmp_path):
    source = read(written(tmp_path))
    assert rows(source)[:2] == [
        ("007", date(2024, 1, 15), date(2024, 3, 1), 100.0, "Pro", "DE"),
        ("7", date(2024, 2, 1), None, 50.5, "Pro", "FR"),
    ]
    assert rows(source)[2][4] == 'Ba"sic'


def test_given_names_win_over_guesses(tmp_path):
    source = read(written(tmp_path), customer="country", interval="year", by="plan_tier")
    assert source.columns.names["customer"] == "country"
    assert source.columns.fixed["interval"] == "year"
    assert source.columns.by == ["plan_tier"]
    assert [part.guessed for part in source.mapping if part.role in ("customer", "interval", "segment")] == [
        False
    ] * 3


def test_interval_words_become_units(tmp_path):
    source = read(written(tmp_path), interval="billing_frequency")
    place = source.frame.columns.index("billing_frequency")
    assert [row[place] for row in rows(source)] == ["month", "year", "month"]
    assert source.columns.book_arguments()["interval_column"] == "billing_frequency"


def test_price_and_quantity_are_multiplied_but_mrr_is_not():
    assert resolve(["customer", "start", "price", "quantity"], {}).names["quantity"] == "quantity"
    assert "quantity" not in resolve(["customer", "start", "mrr", "quantity"], {}).names
    assert resolve(["customer", "start", "arr"], {}).fixed["interval"] == "year"


def test_currency_is_a_column_or_a_code(tmp_path):
    path = written(tmp_path, "customer,start,amount,currency\na,2024-01-01,1,EUR\n")
    assert read(path).columns.book_arguments()["currency_column"] == "currency"
    assert read(path, currency="USD").columns.fixed["currency"] == "USD"


@pytest.mark.parametrize(
    ("bad", "column"),
    [("1,234.50", 5), ("$12", 5), ("1e3", 5), ("(12.00)", 5), ("01/02/24", 3), ("45292", 3)],
)
def test_doubtful_values_stay_text_for_the_book_to_refuse(tmp_path, bad, column):
    fields = ["a", "p", "DE", "2024-01-01", "", "12", "1", "monthly"]
    fields[column] = f'"{bad}"'
    source = read(written(tmp_path, CSV + ",".join(fields) + "\n"))
    place = {3: 1, 5: 3}[column]
    assert rows(source)[3][place] == bad
    assert isinstance(rows(source)[0][place], str)


def test_midnight_is_a_date(tmp_path):
    source = read(written(tmp_path, "customer,start,amount\na,2024-01-01 00:00:00,1\nb,2024-01-02T00:00,2\n"))
    assert [row[1] for row in rows(source)] == [date(2024, 1, 1), date(2024, 1, 2)]


@pytest.mark.parametrize("bad", ["2023-02-29", "2024-02-30", "2024-13-01", "2024-01-01 10:00:00"])
def test_dates_that_do_not_exist_stay_text(tmp_path, bad):
    source = read(written(tmp_path, CSV + f"x,p,DE,{bad},,1,1,monthly\n"))
    assert rows(source)[3][1] == bad


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(tmp_path, delimiter):
    source = read(
        written(tmp_path, "customer,start,amount\na,2024-01-01,1\nb,2024-01-02,2\n".replace(",", delimiter))
    )
    assert [row[2] for row in rows(source)] == [1.0, 2.0]


def test_byte_order_mark_and_crlf(tmp_path):
    path = written(tmp_path, "customer,start,amount\r\na,2024-01-01,1\r\n", encoding="utf-8-sig")
    assert rows(read(path)) == [("a", date(2024, 1, 1), 1.0)]


def test_parquet_keeps_its_types(tmp_path):
    path = tmp_path / "rows.parquet"
    with duckdb.connect() as connection:
        connection.sql(
            "SELECT 7 AS customer, DATE '2024-01-01' AS start, CAST(9.99 AS DECIMAL(9,2)) AS amount"
        ).write_parquet(str(path))
    source = read(path)
    assert source.frame.types == ["INTEGER", "DATE", "DECIMAL(9,2)"]
    assert source.rows == 1


def test_a_query_is_read(tmp_path):
    source = read(None, sql="SELECT 'a' AS customer, DATE '2024-01-01' AS start, 5 AS amount;")
    assert rows(source) == [("a", date(2024, 1, 1), 5)]
    assert source.label == "a query"


def refusal(path, **given):
    with pytest.raises(Error) as caught:
        read(path, **given)
    return caught.value


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("DELETE FROM x", "E_SQL_READ_ONLY"),
        ("CREATE TABLE x (a INT)", "E_SQL_READ_ONLY"),
        ("SELECT 1; SELECT 2", "E_SQL_READ_ONLY"),
        ("COPY (SELECT 1) TO 'x.csv'", "E_SQL_READ_ONLY"),
        ("SELEC 1", "E_SQL"),
        ("SELECT * FROM nowhere", "E_SQL"),
    ],
)
def test_only_one_reading_query_runs(sql, code):
    assert refusal(None, sql=sql).code == code


def test_missing_and_unreadable_files_are_named(tmp_path):
    assert refusal(tmp_path / "no.csv").code == "E_IO_OPEN"
    assert "directory" in str(refusal(tmp_path))
    assert refusal(written(tmp_path, "")).code == "E_CSV_EMPTY"
    assert refusal(written(tmp_path, CSV, "rows.xyz")).code == "E_FORMAT"
    assert refusal(written(tmp_path, "PAR1nothing", "rows.parquet")).code == "E_PARQUET"


def test_latin_1_is_refused_with_the_remedy_and_read_when_named(tmp_path):
    latin = written(tmp_path, "customer,start,amount\nJosé,2024-01-01,1\n", encoding="latin-1")
    fault = refusal(latin)
    assert fault.code == "E_CSV"
    assert "not UTF-8" in str(fault)
    assert "--encoding latin-1" in str(fault)
    assert rows(load(request(str(latin), None, {}, {}, "latin-1")))[0][0] == "José"
    config = written(tmp_path, '[source]\nfile = "rows.csv"\nencoding = "latin-1"\n', "tenure.toml")
    assert rows(read(config))[0][0] == "José"


def test_unknown_column_suggests_the_nearest(tmp_path):
    fault = refusal(written(tmp_path), customer="acount_id")
    assert fault.code == "E_COLUMN_MISSING"
    assert "'account_id'" in str(fault)
    assert "'country'" in str(refusal(written(tmp_path), by="plan_tier,contry"))


def test_a_role_that_cannot_be_guessed_says_how_to_name_it(tmp_path):
    fault = refusal(written(tmp_path, "who,start,amount\na,2024-01-01,1\n"))
    assert fault.code == "E_COLUMN_MISSING"
    assert "customer" in str(fault)
    assert "--customer" in str(fault.hint)


@pytest.mark.parametrize("name", ['a"b', "select", "x; DROP TABLE given", "naïve col"])
def test_hostile_column_names_are_only_names(tmp_path, name):
    header = '"' + name.replace('"', '""') + '"'
    source = read(written(tmp_path, f"{header},start,amount\na,2024-01-01,1\n"), customer=name)
    assert source.frame.columns[0] == name
    assert rows(source)[0][0] == "a"


TOML = """
[source]
file = "rows.csv"
[columns]
customer = "account_id"
by = ["country"]
[report]
title = "Ours"
last = "2024-03"
"""


def test_toml_names_file_columns_and_report(tmp_path):
    written(tmp_path)
    wanted = request(
        str(written(tmp_path, TOML, "tenure.toml")), None, {"amount": "seats"}, {"last": "2024-05"}
    )
    assert wanted.settings == {"title": "Ours", "last": "2024-05"}  # a flag wins
    source = load(wanted)
    assert source.columns.by == ["country"]
    assert source.columns.names["amount"] == "seats"


def test_toml_query_reads_files_beside_it(tmp_path):
    written(tmp_path)
    text = "[source]\nsql = \"SELECT * FROM 'rows.csv'\"\n"
    assert read(written(tmp_path, text, "q.toml")).rows == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[source]\n", "file= or sql="),
        ("[source]\nfile='a'\nsql='b'\n", "file= or sql="),
        ("[sorce]\nfile='a'\n", "'source'"),
        ("[source]\nfile='a'\n[columns]\ncustomr='a'\n", "'customer'"),
        ("not toml", "tenure.toml"),
        ("customer = 'a'\n[source]\nfile='a'\n", "the tables are [source], [columns], [report]"),
        ("customer = 'a'\n[source]\nfile='a'\n", "Move it below [columns]"),
    ],
)
def test_toml_mistakes_are_explained(tmp_path, text, words):
    fault = refusal(written(tmp_path, text, "tenure.toml"))
    assert fault.code == "E_CONFIG"
    assert words in str(fault)


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Account ID", "customer"), ("Client", "customer"), ("organisation_id", "customer"),
        ("Created (UTC)", "start"), ("Subscription Start", "start"), ("contract_start_date", "start"),
        ("Contract End", "end"), ("Canceled At (UTC)", "end"), ("cancelled at", "end"), ("Churn Date", "end"),
        ("Expires", "end"), ("Price (EUR)", "amount"), ("mrr_usd", "amount"), ("ACV", "amount"),
        ("Billing", "interval"), ("Billing Period", "interval"), ("billing_frequency", "interval"),
        ("Frequency", "interval"), ("interval_unit", "interval"), ("Term", "interval"),
        ("Interval Count", "interval_count"), ("Seats", "quantity"), ("licenses", "quantity"),
        ("Users", "quantity"), ("QTY", "quantity"), ("Sub ID", "subscription"), ("Curr", "currency"),
        ("CCY", "currency"), ("Currency Code", "currency"), ("Product Name", "product"),
    ],
)  # fmt: skip
def test_names_of_exports_are_known(header, role):
    names = {"customer": "who", "start": "from", "amount": "price", "interval": "cadence"}
    given = {other: name for other, name in names.items() if other != role}
    if role == "amount":
        del given["interval"]
    columns = [header, *given.values()]
    assert resolve(columns, given, required=()).names[role] == header


def test_the_currency_of_an_amount_may_stand_in_its_name():
    found = resolve(["customer", "start", "MRR (usd)"], {})
    assert (found.fixed["currency"], found.fixed["interval"]) == ("USD", "month")
    assert found.guessed >= {"currency", "interval"}
    assert "currency" not in resolve(["customer", "start", "amount_top"], {"amount": "amount_top"}).fixed


def test_cents_are_not_taken_for_an_amount():
    with pytest.raises(Error, match="the amount"):
        resolve(["customer", "start", "amount_cents"], {})


def test_what_is_assumed_is_not_called_guessed(tmp_path):
    source = read(written(tmp_path, "customer,start,amount,remark\na,2024-01-01,1,x\n"))
    (interval,) = [part for part in source.mapping if part.role == "interval"]
    assert (interval.shown, interval.guessed, interval.assumed) == ("month", False, True)
    assert source.columns.unused == ["remark"]


@pytest.mark.parametrize(
    ("column", "values", "remedy"),
    [
        ("Zahlweise", ("annual", "Monthly"), "--interval Zahlweise"),
        ("how often", ("year", ""), "--interval 'how often'"),
        ("Waehrung", ("EUR", "usd"), "--currency Waehrung"),
    ],
)
def test_an_unused_column_that_changes_every_amount_is_refused(tmp_path, column, values, remedy):
    first, second = values
    text = f"customer,start,amount,{column}\na,2024-01-01,1,{first}\nb,2024-01-01,1,{second}\n"
    fault = refusal(written(tmp_path, text))
    assert (fault.code, fault.column) == ("E_COLUMN_UNUSED", column)
    assert remedy in str(fault)
    fixed = read(written(tmp_path, text), interval="monthly", currency="eur").columns.fixed
    assert fixed == {"interval": "month", "currency": "EUR"}


def test_a_column_with_other_words_too_is_only_listed(tmp_path):
    text = "customer,start,amount,kind\na,2024-01-01,1,annual\nb,2024-01-01,1,pilot\n"
    assert read(written(tmp_path, text)).columns.unused == ["kind"]


def test_unused_dates_are_warned_of(tmp_path):
    source = read(written(tmp_path, "customer,start,amount,left\na,2024-01-01,1,2024-03-01\n"))
    assert source.warnings[0] == "column 'left' holds dates and is not used"
    assert "--end COLUMN" in source.warnings[1]


def test_a_yes_and_no_is_no_day(tmp_path):
    source = read(
        written(tmp_path, "customer,start,amount,cancelled\na,2024-01-01,1,no\nb,2024-01-01,1,yes\n")
    )
    assert "end" not in source.columns.names
    assert source.columns.unused == ["cancelled"]


def test_all_missing_roles_are_named_at_once(tmp_path):
    fault = refusal(written(tmp_path, "who,day,much\na,2024-01-01,1\n"))
    assert "the customer and the start and the amount" in str(fault)
    assert fault.hint == "Name it: --customer COLUMN --start COLUMN --amount COLUMN"


def test_currencies_and_intervals_in_any_case(tmp_path):
    text = "customer,start,amount,currency,billing\na,2024-01-01,1,eur,ANNUAL\n"
    assert rows(read(written(tmp_path, text)))[0][3:] == ("year", "EUR")


def test_interval_counts_reach_the_book(tmp_path):
    text = "customer,start,amount,interval,interval_count\na,2024-01-01,30,month,3\n"
    arguments = read(written(tmp_path, text)).columns.book_arguments()
    assert arguments["interval_count_column"] == "interval_count"
    assert (
        resolve(["customer", "start", "amount"], {"interval_count": "3"}).book_arguments()["interval_count"]
        == 3
    )


def test_the_future_is_not_known(tmp_path):
    text = "customer,start,end,amount\na,2024-01-01,2024-05-15,1\nb,2024-02-01,2999-01-01,1\n"
    assert read(written(tmp_path, text)).reach == date(2024, 5, 15)


def test_a_header_alone_holds_no_rows(tmp_path):
    fault = refusal(written(tmp_path, "customer,start,amount\n"))
    assert (fault.code, "no rows in rows.csv" in str(fault)) == ("E_NO_ROWS", True)


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2024-05-02 03:00", "UTC", "2024-05-02"),
        ("2024-05-02 03:00:00", "America/New_York", "2024-05-02"),
        ("2024-05-02T03:00:00Z", "UTC", "2024-05-02"),
        ("2024-05-02T03:00:00Z", "America/New_York", "2024-05-01"),
        ("2024-05-02 03:00:00.5+02:00", "UTC", "2024-05-02"),
    ],
)
def test_times_in_a_file_are_days_of_a_zone(tmp_path, capsys, moment, zone, day):
    file = tmp_path / "rows.csv"
    file.write_text(f"customer,start,amount\na,{moment},100\n")
    asked = ["mrr", str(file), "--customer", "customer", "--start", "start", "--amount", "amount"]
    assert run([*asked, "--at", day, "--timezone", zone]) == 0
    assert "100.00" in capsys.readouterr().out
    assert run([*asked, "--at", str(date.fromisoformat(day) - timedelta(days=1)), "--timezone", zone]) == 0
    assert "100.00" not in capsys.readouterr().out
    assert run([*asked, "--at", day]) != 0
    assert "E_TZ_MISSING" in capsys.readouterr().err
