"""Exchange rates from frames: every shape, against fractions, and each fault on its message."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenure as tn
from tenure.fx import Rates

LONG = {
    "date": ["2024-03-28", "2024-03-28", "2024-04-02"],
    "currency": ["USD", "GBP", "USD"],
    "rate": [1.0811, 0.8551, 1.0749],
}
DAY = "2024-03-28"


@pytest.fixture(scope="module")
def rates():
    return Rates(LONG, base="EUR")


def micros(amount, rate):
    """An amount at a rate, to the millionth: `round` of a fraction goes half to even."""
    return round(Fraction(amount) * rate * 10**6)


def test_facts(rates):
    assert tn.fx.Rates is Rates
    assert (rates.base, rates.currencies, len(rates)) == ("EUR", ["EUR", "GBP", "USD"], 3)
    assert (rates.first_day, rates.last_day) == (date(2024, 3, 28), date(2024, 4, 2))
    assert rates.max_days_back == 7
    assert len(rates.digest) == 16
    assert repr(rates) == "Rates(3 rates of EUR, GBP, USD, 2024-03-28 to 2024-04-02)"


def test_an_empty_table_has_fixed_rates_only():
    empty = Rates({"date": [], "currency": [], "rate": []}, base="EUR")
    assert (len(empty), empty.first_day, empty.last_day) == (0, None, None)
    assert repr(empty) == "Rates(0 rates of EUR)"
    assert empty.rate("EUR", "DEM", "2020-01-01") == 1.95583
    with pytest.raises(tn.InputError, match="there are no rates of USD"):
        empty.rate("EUR", "USD", "2020-01-01")


@pytest.mark.parametrize("day", [DAY, date(2024, 3, 31), np.datetime64("2024-04-01")])
def test_rates_cross_rates_and_their_inverse_are_exact(rates, day):
    usd, gbp = Fraction("1.0811"), Fraction("0.8551")
    assert rates.exact("EUR", "USD", day) == usd
    assert rates.exact("USD", "EUR", day) == 1 / usd
    assert rates.exact("GBP", "USD", day) == usd / gbp
    assert rates.exact("USD", "GBP", day) == gbp / usd
    assert rates.exact("GBP", "GBP", day) == 1
    assert rates.rate("GBP", "USD", day) == float(usd / gbp)


@given(
    amount=st.integers(-(10**18), 10**18).map(lambda number: Decimal(number).scaleb(-6)),
    usd=st.integers(10**3, 10**6),
    gbp=st.integers(10**3, 10**6),
)
def test_amounts_are_rounded_once(amount, usd, gbp):
    table = Rates.wide(
        {"date": [DAY], "USD": [Decimal(usd).scaleb(-4)], "GBP": [Decimal(gbp).scaleb(-4)]}, base="EUR"
    )
    for source, target, rate in [
        ("EUR", "USD", Fraction(usd, 10**4)),
        ("USD", "EUR", Fraction(10**4, usd)),
        ("USD", "GBP", Fraction(gbp, usd)),
    ]:
        wanted = micros(amount, rate)
        if abs(wanted) >= 2**63:
            with pytest.raises(tn.InputError, match="do not fit 64 bits"):
                table.convert(amount, source, target, DAY)
            continue
        if wanted == 0 and amount != 0:
            wanted = 1 if amount > 0 else -1
        assert table.convert(amount, source, target, DAY) == Decimal(wanted).scaleb(-6)


def test_amounts_of_every_kind(rates):
    for amount in (100, 100.0, Decimal(100), Decimal("100.000000"), np.int64(100), np.float32(100)):
        assert rates.convert(amount, "EUR", "USD", DAY) == Decimal("108.11")
    assert str(rates.convert(1, "EUR", "USD", DAY)) == "1.081100"
    assert rates.convert(-29.99, "EUR", "EUR", DAY) == Decimal("-29.99")
    assert rates.convert(0, "EUR", "USD", DAY) == 0
    assert rates.convert(Decimal("0.000001"), "GBP", "EUR", DAY) == Decimal("0.000001")
    assert rates.convert(9_223_372_036_854, "EUR", "EUR", DAY) == 9_223_372_036_854


@pytest.mark.parametrize(
    ("amount", "code", "words"),
    [
        (float("nan"), "E_AMOUNT_NAN", "NaN is not an amount"),
        (Decimal("-Infinity"), "E_AMOUNT_INF", "-Infinity is not an amount"),
        (10**13, "E_AMOUNT_RANGE", "does not fit 64 bits"),
        (10**100, "E_AMOUNT_RANGE", "does not fit 64 bits"),
        (9.3e12, "E_AMOUNT_RANGE", "does not fit 64 bits"),
        (9_000_000_000_000, "E_AMOUNT_RANGE", "at a rate of 1.081100 do not fit 64 bits"),
        (Decimal("0.0000001"), "E_AMOUNT_SUBMINOR", "1E-7 has more than 6 decimals"),
        ("100", "E_TYPE", "the amount is str; expected int, float or Decimal"),
        (True, "E_TYPE", "the amount is bool"),
    ],
)
def test_what_is_no_amount(rates, amount, code, words):
    with pytest.raises(tn.InputError, match=words) as caught:
        rates.convert(amount, "EUR", "USD", DAY)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "make",
    [
        dict,
        pd.DataFrame,
        pl.DataFrame,
        pl.LazyFrame,
        pa.table,
        lambda columns: pl.DataFrame(columns).with_columns(pl.col("date").str.to_date()),
        lambda columns: pd.DataFrame(columns).assign(date=lambda frame: pd.to_datetime(frame["date"])),
        lambda columns: pl.DataFrame(columns).with_columns(pl.col("currency").cast(pl.Categorical)),
        lambda columns: columns | {"rate": [str(rate) for rate in columns["rate"]]},
        lambda columns: columns | {"rate": np.array(columns["rate"], np.float32)},
        lambda columns: columns | {"rate": [Decimal(str(rate)) for rate in columns["rate"]]},
        lambda columns: pl.DataFrame(columns).with_columns(pl.col("rate").cast(pl.Decimal(30, 8))),
        lambda columns: pa.table(columns).slice(0, 3),
        lambda columns: {name: values[::-1] for name, values in columns.items()},
    ],
)
def test_any_frame_gives_the_same_rates(rates, make):
    assert Rates(make(LONG), base="EUR").digest == rates.digest


@pytest.mark.parametrize("make", [dict, pd.DataFrame, pl.DataFrame, pl.LazyFrame, pa.table])
def test_the_wide_form_gives_the_same_rates(rates, make):
    columns = {"date": [DAY, "2024-04-02"], "USD": [1.0811, 1.0749], "GBP": [0.8551, None]}
    assert Rates.wide(make(columns), base="EUR").digest == rates.digest
    assert Rates.wide(make(columns), base="EUR", currencies=["USD"]).currencies == ["EUR", "USD"]


def test_the_wide_form_takes_texts_and_passes_over_an_empty_column(rates):
    columns = {"date": [DAY, "2024-04-02"], "USD": ["1.0811", "1.0749"], "GBP": ["0.8551", "N/A"]}
    assert Rates.wide(columns | {"Unnamed: 3": [None, None]}, base="EUR").digest == rates.digest
    assert Rates.wide(columns | {"GBP": ["0.8551", ""]}, base="EUR").digest == rates.digest
    whole = Rates.wide({"date": [DAY], "JPY": [163], "EUR": [1]}, base="EUR")
    assert whole.exact("EUR", "JPY", DAY) == 163


def test_the_wide_form_refuses_columns_that_are_no_currencies():
    columns = {"date": [DAY], "USD": [1.1], "note": ["fixing"]}
    with pytest.raises(tn.InputError, match="column 'note': 'note' is not an ISO 4217 code") as caught:
        Rates.wide(columns, base="EUR")
    assert caught.value.code == "E_CURRENCY_UNKNOWN"
    assert 'currencies=["USD", ...]' in caught.value.hint
    with pytest.raises(tn.InputError, match="'XXQ' is not an ISO 4217 code"):
        Rates.wide(columns | {"XXQ": [None]}, base="EUR", currencies=["XXQ"])


def test_pairs_of_currencies_in_either_direction(rates):
    pairs = {
        "day": LONG["date"],
        "from": ["EUR", "GBP", "EUR"],
        "to": ["USD", "EUR", "USD"],
        "rate": ["1.0811", "1.25", "1.0749"],
    }
    table = Rates(pairs, base="EUR", date="day", from_currency="from", to_currency="to")
    assert table.exact("EUR", "USD", DAY) == Fraction("1.0811")
    assert table.exact("EUR", "GBP", DAY) == Fraction("0.8")
    pairs["from"][2] = "GBP"
    with pytest.raises(tn.InputError, match="row 2: GBP->USD: neither is the base EUR") as caught:
        Rates(pairs, base="EUR", date="day", from_currency="from", to_currency="to")
    assert (caught.value.code, caught.value.column, caught.value.value) == ("E_FX_BASE", "from", "GBP->USD")


def test_quotation_in_units_of_the_base():
    columns = {"date": [DAY], "currency": ["GBP"], "rate": [1.25]}
    table = Rates(columns, base="USD", quotation="base_per_unit")
    assert table.exact("GBP", "USD", DAY) == Fraction("1.25")
    assert Rates(columns, base="USD").exact("GBP", "USD", DAY) == Fraction("0.8")
    wide = Rates.wide({"date": [DAY], "GBP": [1.25]}, base="USD", quotation="base_per_unit")
    assert wide.digest == table.digest


def test_a_missing_day_has_the_rate_of_the_last_earlier_one_within_the_limit():
    table = Rates(LONG, base="EUR", max_days_back=3)
    assert table.rate("EUR", "USD", "2024-03-31") == 1.0811
    with pytest.raises(tn.InputError) as caught:
        table.rate("GBP", "USD", "2024-04-01")
    assert caught.value.code == "E_FX_MISSING"
    assert caught.value.message == (
        "no EUR->GBP rate on or before 2024-04-01 "
        "(the last one before is of 2024-03-28, 4 days; the limit is 3)"
    )
    assert caught.value.hint == "Add rates of GBP up to that day, or raise max_days_back."
    with pytest.raises(tn.InputError, match=r"2024-03-27 \(the first one is of 2024-03-28\)"):
        table.rate("EUR", "USD", "2024-03-27")


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (0, "EUR->USD rate 0 on 2024-03-31; must be > 0 and finite"),
        (-1.1, "EUR->USD rate -1.1 on 2024-03-31; must be > 0 and finite"),
        (float("inf"), "EUR->USD rate inf on 2024-03-31; must be > 0 and finite"),
        (float("nan"), "EUR->USD rate missing on 2024-03-31"),
        (None, "EUR->USD rate missing on 2024-03-31"),
        ("N/A", "EUR->USD rate missing on 2024-03-31"),
        ("1,08", "EUR->USD rate 1,08 on 2024-03-31; not a plain decimal"),
        (Decimal("1.0811000000001"), "has more than 12 significant digits"),
        (1e13, r"must lie between 10\^-12 and 10\^12"),
    ],
)
def test_what_is_no_rate_is_named_with_its_row(rate, words):
    good = "1.08" if isinstance(rate, str) else Decimal("1.08") if isinstance(rate, Decimal) else 1.08
    columns = {"date": ["2024-04-02", "2024-03-31"], "currency": ["USD"] * 2, "rate": [good, rate]}
    with pytest.raises(tn.InputError, match=words) as caught:
        Rates(columns, base="EUR")
    assert (caught.value.code, caught.value.column, caught.value.row) == ("E_FX_RATE", "rate", 1)
    assert caught.value.hint


def test_faults_are_counted_and_the_first_row_is_named():
    columns = {"date": [DAY, "2024-03-27", "2024-03-26"], "currency": ["USD"] * 3, "rate": [1.1, 0, -1]}
    with pytest.raises(tn.InputError) as caught:
        Rates(columns, base="EUR")
    assert (caught.value.row, caught.value.count) == (1, 2)


@pytest.mark.parametrize(
    ("changed", "code", "column", "words"),
    [
        ({"date": [DAY, None, DAY]}, "E_DATE_NULL", "date", "row 1: a rate without a day"),
        ({"date": [DAY, "28.03.2024", DAY]}, "E_DATE_FORMAT", "date", "row 1: .*28.03.2024"),
        ({"date": [1, 2, 3]}, "E_DATE_UNIT", "date", "a number has no unit"),
        (
            {"currency": ["USD", None, "USD"]},
            "E_CURRENCY_NULL",
            "currency",
            "row 1: a rate without a currency",
        ),
        ({"currency": ["USD", "XXQ", "USD"]}, "E_CURRENCY_UNKNOWN", "currency", "row 1: 'XXQ' is not an ISO"),
        ({"currency": ["USD", "EUR", "USD"]}, "E_FX_RATE", "rate", "row 1: EUR->EUR rate 0.8551"),
        ({"date": [DAY] * 3}, "E_FX_CONFLICT", "rate", "row 2: EUR->USD rate 1.0749 on 2024-03-28; that day"),
        ({"rate": [True, True, False]}, "E_TYPE", "rate", "is bool; expected rates"),
    ],
)
def test_each_fault_of_a_table(changed, code, column, words):
    with pytest.raises(tn.InputError, match=words) as caught:
        Rates(LONG | changed, base="EUR")
    assert (caught.value.code, caught.value.column) == (code, column)


def test_a_rate_said_twice_is_one_rate(rates):
    doubled = {name: [*values, *values] for name, values in LONG.items()}
    assert Rates(doubled, base="EUR").digest == rates.digest


def test_instants_need_a_zone(rates):
    instants = pd.to_datetime(["2024-03-28 23:30", "2024-03-28 23:30", "2024-04-02 12:00"]).tz_localize("UTC")
    frame = pd.DataFrame(LONG | {"date": instants})
    with pytest.raises(tn.InputError, match="depends on the zone") as caught:
        Rates(frame, base="EUR")
    assert caught.value.code == "E_TZ_MISSING"
    assert Rates(frame, base="EUR", timezone="UTC").digest == rates.digest
    assert Rates(frame, base="EUR", timezone="Europe/Berlin").first_day == date(2024, 3, 29)


@pytest.mark.parametrize(
    ("options", "error", "code", "words"),
    [
        ({"base": "EURO"}, tn.InputError, "E_CURRENCY_UNKNOWN", "'EURO' is not an ISO 4217 code"),
        ({"max_days_back": -1}, tn.OptionError, "E_PARAM", "max_days_back -1; must be >= 0"),
        ({"max_days_back": 2.5}, tn.OptionError, "E_OPTION_TYPE", "max_days_back=2.5 is not a whole number"),
        ({"quotation": "direct"}, tn.OptionError, "E_FX_QUOTATION", "quotation='direct' is not known"),
        ({"from_currency": "currency"}, tn.OptionError, "E_FX_COLUMNS", "only one of from_currency"),
        (
            {"from_currency": "currency", "to_currency": "currency", "quotation": "base_per_unit"},
            tn.OptionError,
            "E_FX_COLUMNS",
            "say in which direction",
        ),
        (
            {"rate": "rates"},
            tn.InputError,
            "E_COLUMN_MISSING",
            "column 'rates' not found; did you mean 'rate'",
        ),
    ],
)
def test_options_that_make_no_sense(options, error, code, words):
    with pytest.raises(error, match=words) as caught:
        Rates(LONG, **{"base": "EUR"} | options)
    assert caught.value.code == code


def test_any_age_may_be_allowed():
    table = Rates(LONG, base="EUR", max_days_back=10**12)
    assert table.rate("EUR", "USD", "9999-12-31") == 1.0749


def test_questions_that_make_no_sense(rates):
    with pytest.raises(tn.InputError, match="'DOLLAR' is not an ISO 4217 code"):
        rates.rate("DOLLAR", "EUR", DAY)
    with pytest.raises(tn.InputError, match="2024-02-30 does not exist"):
        rates.exact("USD", "EUR", "2024-02-30")
    with pytest.raises(tn.OptionError, match="day=5 is not a day"):
        rates.convert(1, "USD", "EUR", 5)


def test_a_frame_whose_columns_nobody_knows_needs_their_names(rates):
    class Stream:
        def __arrow_c_stream__(self, requested_schema=None):
            return pa.table({"date": [DAY], "USD": [1.1]}).__arrow_c_stream__()

    with pytest.raises(tn.InputError, match="the columns of Stream are not known") as caught:
        Rates.wide(Stream(), base="EUR")
    assert caught.value.code == "E_TYPE"
    assert Rates.wide(Stream(), base="EUR", currencies=["USD"]).rate("EUR", "USD", DAY) == 1.1
