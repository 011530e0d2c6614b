"""The European Central Bank's reference rates: all of them, and beside those of the Federal Reserve."""

import csv
import time
import zipfile
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from statistics import fmean

import pandas as pd
import polars as pl
import pytest

import tenure as tn
from tenure.fx import Rates, load_ecb

# Countries of the Federal Reserve's table; it has all of them in their currency for a dollar.
CURRENCIES = {
    "Australia": "AUD",
    "Brazil": "BRL",
    "Canada": "CAD",
    "China": "CNY",
    "Denmark": "DKK",
    "Euro": "EUR",
    "Hong Kong": "HKD",
    "India": "INR",
    "Japan": "JPY",
    "Malaysia": "MYR",
    "Mexico": "MXN",
    "New Zealand": "NZD",
    "Norway": "NOK",
    "Singapore": "SGD",
    "South Africa": "ZAR",
    "South Korea": "KRW",
    "Sweden": "SEK",
    "Switzerland": "CHF",
    "Thailand": "THB",
    "United Kingdom": "GBP",
}
# Quoted until 2001, when the euro was theirs already at a fixed rate.
MEMBERS = {
    "Austria": "ATS",
    "Belgium": "BEF",
    "Finland": "FIM",
    "France": "FRF",
    "Germany": "DEM",
    "Ireland": "IEP",
    "Italy": "ITL",
    "Netherlands": "NLG",
    "Portugal": "PTE",
    "Spain": "ESP",
}


@pytest.fixture(scope="module")
def path(shared):
    return shared / "ecb_fx" / "eurofxref-hist.csv"


@pytest.fixture(scope="module")
def lines(path):
    with path.open(newline="") as stream:
        return [{name: cell for name, cell in row.items() if name} for row in csv.DictReader(stream)]


@pytest.fixture(scope="module")
def ecb(path):
    return load_ecb(path)


def test_every_rate_of_the_file_is_there_exactly(ecb, lines):
    count = 0
    for line in lines:
        day = line["Date"]
        for currency, text in line.items():
            if currency == "Date" or text in {"", "N/A"}:
                continue
            count += 1
            if count % 7 == 0 and currency not in {
                "EEK",
                "LTL",
                "LVL",
                "SIT",
                "SKK",
                "MTL",
                "CYP",
                "HRK",
                "BGN",
            }:
                assert ecb.exact("EUR", currency, day) == Fraction(text), (day, currency)
    assert len(ecb) == count
    assert len(ecb.currencies) == 42
    assert (ecb.first_day, ecb.last_day) == (date(1999, 1, 4), date(2026, 10, 30))
    assert repr(ecb) == f"Rates({count:,} rates of 42 currencies against EUR, 1999-01-04 to 2026-10-30)"


def test_it_is_read_in_a_fraction_of_a_second(path):
    took = []
    for _ in range(3):
        begin = time.perf_counter()
        load_ecb(path)
        took.append(time.perf_counter() - begin)
    assert min(took) < 1.0  # 0.05 on the machine this was written on


def test_the_wide_form_of_any_reader_is_the_same_table(ecb, path):
    pandas = Rates.wide(pd.read_csv(path), base="EUR", date="Date")
    assert pandas.digest == ecb.digest
    polars = pl.read_csv(path, infer_schema=False)
    assert Rates.wide(polars.drop(polars.columns[-1]), base="EUR", date="Date").digest == ecb.digest


def test_the_long_form_is_the_same_table(ecb, path):
    wide = pd.read_csv(path).rename(columns={"Date": "date"}).drop(columns="Unnamed: 42")
    long = wide.melt("date", var_name="currency", value_name="rate").dropna()
    assert Rates(long, base="EUR").digest == ecb.digest
    assert Rates(long.sample(frac=1, random_state=5), base="EUR").digest == ecb.digest


def test_the_zip_archive_is_read_as_well(ecb, path, tmp_path):
    packed = tmp_path / "eurofxref-hist.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, path.name)
    assert load_ecb(packed).digest == ecb.digest
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "no rates")
    with pytest.raises(tn.InputError, match="holds 0 files that end in") as caught:
        load_ecb(packed)
    assert caught.value.code == "E_FX_FILE"


def test_weekends_and_holidays_have_the_rate_of_the_last_business_day(ecb):
    friday = ecb.exact("EUR", "USD", "2024-03-28")  # before Easter
    for day in range(29, 32):
        assert ecb.exact("EUR", "USD", f"2024-03-{day}") == friday
    assert ecb.exact("EUR", "USD", "2024-04-01") == friday
    assert ecb.exact("EUR", "USD", "2024-04-02") != friday


def test_no_gap_of_a_currency_in_use_is_longer_than_the_default_limit(ecb):
    for day in pd.date_range("1999-01-04", "2026-10-30").strftime("%Y-%m-%d"):
        assert 0.8 < ecb.rate("EUR", "USD", day) < 1.65


def test_retired_currencies_keep_their_fixed_rate(ecb):
    assert ecb.exact("EUR", "HRK", "2022-12-30") == Fraction("7.5365")
    assert ecb.exact("EUR", "HRK", "2023-01-01") == Fraction("7.5345")
    assert ecb.exact("EUR", "HRK", "2026-11-20") == Fraction("7.5345")
    assert ecb.exact("HRK", "USD", "2024-03-28") == ecb.exact("EUR", "USD", "2024-03-28") / Fraction("7.5345")
    assert ecb.exact("EUR", "LTL", "2015-01-01") == Fraction("3.4528")
    assert ecb.exact("EUR", "DEM", "1999-01-01") == Fraction("1.95583")
    assert ecb.exact("EUR", "TRL", "2005-01-05") == ecb.exact("EUR", "TRY", "2005-01-05") * 10**6
    assert ecb.rate("EUR", "TRL", "2004-12-31") == pytest.approx(
        ecb.rate("EUR", "TRL", "2005-01-05"), rel=0.05
    )
    assert ecb.rate("EUR", "ROL", "2005-06-30") == pytest.approx(
        ecb.rate("EUR", "ROL", "2005-07-01"), rel=0.02
    )


def test_euro_members_ended_close_to_the_fixed_rate(ecb):
    last_days = {
        "SIT": "2006-12-29",
        "CYP": "2007-12-31",
        "MTL": "2007-12-31",
        "SKK": "2008-12-31",
        "EEK": "2010-12-31",
        "LVL": "2013-12-31",
        "LTL": "2014-12-31",
        "HRK": "2022-12-30",
        "BGN": "2025-12-31",
    }
    for currency, day in last_days.items():
        assert ecb.rate("EUR", currency, day) == pytest.approx(
            ecb.rate("EUR", currency, "2026-06-01"), rel=0.02
        )


def test_a_suspended_currency_has_no_rate(ecb):
    assert ecb.rate("EUR", "RUB", "2022-03-01") == 117.201
    assert ecb.rate("EUR", "RUB", "2022-03-08") == 117.201
    with pytest.raises(tn.InputError) as caught:
        ecb.rate("RUB", "USD", "2022-03-09")
    assert caught.value.code == "E_FX_MISSING"
    assert caught.value.message == (
        "no EUR->RUB rate on or before 2022-03-09 "
        "(the last one before is of 2022-03-01, 8 days; the limit is 7)"
    )
    with pytest.raises(tn.InputError, match="the last one before is of 2008-12-0"):
        ecb.rate("EUR", "ISK", "2015-06-01")


def test_months_agree_with_the_federal_reserve(ecb, lines, shared):
    days_of = defaultdict(list)
    for line in lines:
        days_of[line["Date"][:7]].append(line["Date"])
    apart, compared = [], Counter()
    with (shared / "fed_fx_rates" / "monthly.csv").open(newline="") as stream:
        for row in csv.DictReader(stream):
            currency = (CURRENCIES | MEMBERS).get(row["Country"])
            if currency is None or row["Date"] < "1999":
                continue
            try:
                ours = fmean(ecb.rate("USD", currency, day) for day in days_of[row["Date"][:7]])
            except tn.InputError:
                continue  # the ECB quotes some since 2005 or 2008 only
            compared[currency] += 1
            if abs(ours / float(row["Exchange rate"]) - 1) > 0.015:
                apart.append((row, ours))
    assert apart == []
    assert set(compared) == {*CURRENCIES.values(), *MEMBERS.values()}
    assert compared.total() > 6_300


BAD_FILES = [
    ("", "E_FX_FILE", None, None, "the file is empty"),
    ("<html>moved</html>", "E_FX_FILE", None, None, "line 1: the header is '<html>moved</html>'"),
    ("Date,USD,XXQ,\n", "E_CURRENCY_UNKNOWN", None, "XXQ", "line 1: field 3, 'XXQ' is not an ISO 4217 code"),
    ("Date,USD,USD,\n", "E_FX_FILE", None, "USD", "line 1: field 3, the currency has a column already"),
    ("Date,USD,\n2024-01-02,1.1,\n2024-01-03,1", "E_FX_FILE", 1, None, "line 3: 2 fields; the header has 3"),
    ("Date,USD,\n2 January 2024,1.1,\n", "E_FX_FILE", 0, "Date", "line 2: '2 January 2024'"),
    ("Date,USD,\n2024-01-02,0,\n", "E_FX_RATE", 0, "USD", "EUR->USD rate 0 on 2024-01-02; must be > 0"),
    ("Date,USD,\n2024-01-02,1.1x,\n", "E_FX_RATE", 0, "USD", "rate 1.1x on 2024-01-02; not a plain decimal"),
    (
        "Date,USD,\n2024-01-02,1,\n2024-01-02,2,\n",
        "E_FX_CONFLICT",
        0,
        "USD",
        "that day has another rate already",
    ),
]


@pytest.mark.parametrize(
    ("text", "code", "row", "column", "words"), BAD_FILES, ids=[bad[4] for bad in BAD_FILES]
)
def test_what_a_file_has_wrong_is_named_with_line_and_column(tmp_path, text, code, row, column, words):
    path = tmp_path / "rates.csv"
    path.write_text(text)
    with pytest.raises(tn.InputError) as caught:
        load_ecb(path)
    assert (caught.value.code, caught.value.row, caught.value.column) == (code, row, column)
    assert words in caught.value.message
    assert caught.value.hint


def test_a_file_that_is_not_there(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(tn.FileError, match="cannot read") as caught:
            load_ecb(path)
        assert caught.value.code == "E_IO_OPEN"


def test_a_limit_below_0(path):
    with pytest.raises(tn.OptionError, match="max_days_back -1; must be >= 0"):
        load_ecb(path, max_days_back=-1)
