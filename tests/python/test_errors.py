"""Every fault at the door names its place, its value, a remedy and a stable code."""

import math
import pickle
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import tenure as tn

INT64_MAX = 2**63 - 1


def book(rows=None, /, *, n=2, **changes):
    """A book of two good rows, with some columns or options exchanged."""
    columns = {
        "customer": ["a", "b"][:n],
        "start": ["2024-01-01", "2024-01-15"][:n],
        "end": [None] * n,
        "amount": [10, 20][:n],
    }
    options = {key: changes.pop(key) for key in list(changes) if key in OPTIONS}
    columns.update(changes)
    extra = {
        key: key
        for key in ("quantity", "subscription", "currency_column", "interval_column")
        if key in columns
    }
    names = {key: key for key in ("customer", "start", "end", "amount")}
    return tn.Book(columns if rows is None else rows, **{**names, **extra, **options})


OPTIONS = {
    "currency",
    "timezone",
    "on_reversed",
    "subminor",
    "by",
    "interval",
    "interval_count",
    "money",
    "policy",
    "threads",
}

# id of conformance/bad_inputs.json, what is exchanged, code, column, row, value
MONEY = [
    ("MON-01", {"amount": [100.0, math.nan]}, "E_AMOUNT_NAN", "amount", 1),
    ("MON-02", {"amount": [math.inf], "n": 1}, "E_AMOUNT_INF", "amount", 0),
    ("MON-05", {"amount": np.array([1, 2**63], np.uint64)}, "E_AMOUNT_RANGE", "amount", 1),
    (
        "MON-07",
        {"amount": [10.005, 1.0], "currency": "USD", "subminor": "refuse"},
        "E_AMOUNT_SUBMINOR",
        "amount",
        0,
    ),
    ("MON-08", {"amount": [9007199254740993.0, 1.0]}, "E_AMOUNT_INEXACT", "amount", 0),
    (
        "MON-10",
        {"amount": pa.array([Decimal("1.0000000001"), Decimal(1)], pa.decimal128(38, 10))},
        "E_AMOUNT_SUBMINOR",
        "amount",
        0,
    ),
    ("MON-11", {"amount": ["12.50", "1,234.50"]}, "E_AMOUNT_TEXT", "amount", 1),
    ("MON-13", {"amount": ["(12.00)", "1"]}, "E_AMOUNT_TEXT", "amount", 0),
    ("MON-14", {"amount": ["$12.00", "1"]}, "E_AMOUNT_TEXT", "amount", 0),
    ("MON-16", {"amount": ["1e3", "1"]}, "E_AMOUNT_TEXT", "amount", 0),
    ("MON-17", {"amount": [-500, 1]}, "E_AMOUNT_NEGATIVE", "amount", 0),
    ("MON-19", {"currency_column": ["USD", None]}, "E_CURRENCY_NULL", "currency_column", 1),
    ("MON-20", {"currency_column": ["ZZZ", "ZZZ"]}, "E_CURRENCY_UNKNOWN", "currency_column", 0),
    ("MON-22", {"currency_column": ["USD", "EUR"]}, "E_CURRENCY_MIXED", "currency_column", None),
    (
        "MON-23",
        {
            "amount": pa.array([Decimal("1200.50")] * 2, pa.decimal128(12, 2)),
            "currency": "JPY",
            "subminor": "refuse",
        },
        "E_CURRENCY_EXPONENT",
        "amount",
        0,
    ),
    ("MON-29", {"quantity": [-3, 1]}, "E_QUANTITY_RANGE", "quantity", 0),
    ("null amount", {"amount": [1, None]}, "E_AMOUNT_NULL", "amount", 1),
    ("Decimal NaN", {"amount": [Decimal(1), Decimal("NaN")]}, "E_AMOUNT_NAN", "amount", 1),
    ("bool amounts", {"amount": [True, False]}, "E_TYPE", "amount", None),
]
TIME = [
    ("TIM-01", {"start": np.array(["2024-01-01", "NaT"], "datetime64[D]")}, "E_DATE_NULL", "start", 1),
    ("TIM-02", {"start": ["2024-02-01"] * 2, "end": ["2024-01-01", None]}, "E_PERIOD_REVERSED", "end", 0),
    ("TIM-04", {"start": ["1399-12-31", "2024-01-01"]}, "E_DATE_RANGE", "start", 0),
    (
        "TIM-04 date32",
        {"start": np.array(["1399-12-31", "2024-01-01"], "datetime64[D]")},
        "E_DATE_RANGE",
        "start",
        0,
    ),
    ("TIM-05", {"start": ["2024-01-01", "10000-01-01"]}, "E_DATE_RANGE", "start", 1),
    ("TIM-07", {"start": ["2023-02-29", "2024-01-01"]}, "E_DATE_INVALID", "start", 0),
    ("TIM-08", {"start": ["2024-02-30", "2024-01-01"]}, "E_DATE_INVALID", "start", 0),
    ("TIM-14", {"start": np.array([1704067200000] * 2)}, "E_DATE_UNIT", "start", None),
    (
        "TIM-16",
        {
            "start": [datetime(2024, 1, 1, tzinfo=UTC)] * 2,
            "end": [datetime(2024, 3, 1), None],
            "timezone": "UTC",
        },
        "E_TZ_MIXED",
        "end",
        None,
    ),
    ("TIM-17", {"start": [datetime(2024, 1, 1, 5)] * 2, "timezone": "Mars/Base"}, "E_TZ_UNKNOWN", None, None),
    (
        "TIM-17 column",
        {"start": pa.array([0, 0], pa.timestamp("us", "Mars/Base")), "timezone": "UTC"},
        "E_TZ_UNKNOWN",
        None,
        None,
    ),
    (
        "TIM-19",
        {"start": [datetime(2024, 11, 3, 1, 30), datetime(2024, 11, 3, 3)], "timezone": "America/New_York"},
        "E_TZ_AMBIGUOUS",
        "start",
        0,
    ),
    ("TIM-22", {"start": ["01/02/24", "2024-01-01"]}, "E_DATE_FORMAT", "start", 0),
    ("TIM-23", {"start": ["2024-01-01", "45292"]}, "E_DATE_FORMAT", "start", 1),
    ("no zone", {"start": [datetime(2024, 1, 1, 9)] * 2}, "E_TZ_MISSING", "start", None),
    ("instants, no zone", {"start": [datetime(2024, 1, 1, tzinfo=UTC)] * 2}, "E_TZ_MISSING", "start", None),
    (
        "zones in part",
        {"start": [datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 1)]},
        "E_TZ_MIXED",
        "start",
        None,
    ),
    (
        "day out of int32",
        {"start": np.array([2**62, 0]).astype("datetime64[s]"), "timezone": "UTC"},
        "E_DATE_RANGE",
        "start",
        0,
    ),
]
KEYS = [
    ("KEY-01", {"customer": ["a", None]}, "E_KEY_NULL", "customer", 1),
    ("KEY-01 int", {"customer": pa.array([1, None])}, "E_KEY_NULL", "customer", 1),
    ("KEY-02", {"customer": ["a", ""]}, "E_KEY_EMPTY", "customer", 1),
    ("KEY-07", {"customer": ["a", "\ud800"]}, "E_KEY_UTF8", "customer", 1),
    ("KEY-07 fixed width", {"customer": np.array(["a", "x\udfff"])}, "E_KEY_UTF8", "customer", 1),
    ("KEY-10", {"customer": np.array([1e16 + 1, 2.0])}, "E_KEY_TYPE", "customer", None),
    ("KEY-11", {"customer": np.array([1, "1"], dtype=object)}, "E_KEY_TYPE", "customer", 1),
    ("KEY-11 list", {"customer": [1, "1"]}, "E_KEY_TYPE", "customer", 1),
    ("KEY-14", {"customer": ["a", "a"], "subscription": ["s1", "s1"]}, "E_OVERLAP", "subscription", 1),
    ("ids above int64", {"customer": np.array([1, 2**63], np.uint64)}, "E_KEY_RANGE", "customer", 1),
]
TABLE = [
    ("TAB-16", {"amount": np.ones((2, 2))}, "E_SHAPE", "amount", None),
    ("TAB-17", {"amount": np.array(5)}, "E_SHAPE", "amount", None),
    ("TAB-20", {"amount": np.array([1, 2], ">i8")}, "E_BYTE_ORDER", "amount", None),
    ("TAB-20 dates", {"start": np.array(["2024-01-01"] * 2, ">M8[D]")}, "E_BYTE_ORDER", "start", None),
    ("TAB-23", {"amount": np.ma.masked_array([1, 2], [0, 1])}, "E_TYPE", "amount", None),
    ("TAB-25", {"amount": np.broadcast_to(np.int8(1), (2**32,))}, "E_LIMIT_ROWS", None, None),
    ("unequal lengths", {"amount": [1, 2, 3]}, "E_COLUMN_LENGTH", "amount", None),
    ("interval", {"interval_column": ["month", "monthly"]}, "E_INTERVAL", "interval_column", 1),
    ("interval null", {"interval_column": ["month", None]}, "E_INTERVAL_NULL", "interval_column", 1),
    ("a text as column", {"amount": "12"}, "E_TYPE", "amount", None),
    ("complex", {"amount": np.array([1j, 2j])}, "E_TYPE", "amount", None),
]
CASES = [*MONEY, *TIME, *KEYS, *TABLE]


@pytest.mark.parametrize(
    ("changes", "code", "column", "row"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_bad_input_is_refused_with_code_place_and_remedy(changes, code, column, row):
    with pytest.raises(tn.Error) as caught:
        book(**changes)
    error = caught.value
    assert (error.code, error.column, error.row) == (code, column, row)
    assert f"[{code}]" in str(error)
    assert error.hint
    if row is not None:
        assert f"row {row}" in str(error)
        assert error.faults[0].row == row


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1,234.50", "thousands"),
        ("(12.00)", "-12.00"),
        ("$12", "currency"),
        ("1e3", "xponent"),
        ("1 000", "blanks"),
        ("", "null"),
    ],
)
def test_amount_texts_are_plain_decimals_or_refused_with_a_fitting_remedy(text, hint):
    with pytest.raises(tn.InputError, match="not a plain decimal") as caught:
        book(amount=["1", text])
    assert hint in str(caught.value.hint)
    assert caught.value.value == text or (not text and not caught.value.value)


@pytest.mark.parametrize("text", ["-", ".", "1.", ".5", "+5", "--1", "1.2.3", "0x10", "٣", "NaN", "1_000"])
def test_other_texts_are_no_amounts(text):
    with pytest.raises(tn.InputError) as caught:
        book(amount=["1", text])
    assert caught.value.code == "E_AMOUNT_TEXT"


def test_faults_are_listed_and_counted():
    with pytest.raises(tn.InputError) as caught:
        book(
            **{
                name: values * 30
                for name, values in {
                    "customer": ["a"],
                    "start": ["2024-13-01"],
                    "end": [None],
                    "amount": [1],
                }.items()
            }
        )
    assert caught.value.count == 30
    assert [fault.row for fault in caught.value.faults] == list(range(20))
    assert "30 such rows: 0, 1, 2, 3, 4, ..." in str(caught.value)


def test_missing_columns_name_the_nearest():
    with pytest.raises(tn.InputError, match="column 'amount' not found; did you mean 'amt'") as caught:
        book(pd.DataFrame({"customer": [1], "start": ["2024-01-01"], "end": [None], "amt": [1]}))
    assert caught.value.code == "E_COLUMN_MISSING"


@pytest.mark.parametrize(
    "empty", [{}, pd.DataFrame(), pl.DataFrame(), pa.table({})], ids=["dict", "pandas", "polars", "pyarrow"]
)
def test_no_columns_are_missing_columns(empty):
    with pytest.raises(tn.InputError, match="found none") as caught:
        book(empty)
    assert caught.value.code == "E_COLUMN_MISSING"


def test_column_names_that_occur_twice():
    column = pa.array([1])
    start = pa.array([date(2024, 1, 1)])
    names = ["customer", "start", "end", "amount", "amount"]
    columns = [column, start, start, column, column]
    for frame in (
        pa.Table.from_arrays(columns, names=names),
        pa.RecordBatchReader.from_batches(pa.Table.from_arrays(columns, names=names).schema, []),
        pd.DataFrame([[1, "2024-01-01", None, 1, 2]], columns=names),
    ):
        with pytest.raises(tn.InputError, match="occurs 2 times") as caught:
            book(frame)
        assert (caught.value.code, caught.value.column) == ("E_COLUMN_DUPLICATE", "amount")


def test_columns_in_the_index_are_hinted_at():
    frame = pd.DataFrame(
        {"start": ["2024-01-01"], "end": [None], "amount": [1]}, index=pd.Index(["a"], name="customer")
    )
    with pytest.raises(tn.InputError, match="reset_index"):
        book(frame)


@pytest.mark.parametrize(
    "frame", [[1, 2], "rows.csv", 7, None, np.zeros(3)], ids=["list", "str", "int", "none", "array"]
)
def test_what_is_no_frame_is_a_type_error(frame):
    with pytest.raises(TypeError) as caught:
        tn.Book(frame, customer="c", start="s", amount="a")
    assert caught.value.code == "E_TYPE"


def test_window_and_options():
    held = book()
    for call, code in (
        (lambda: held.waterfall("2024-02", "2024-01"), "E_WINDOW"),
        (lambda: held.waterfall("2024-1", "2024-02"), "E_DATE_FORMAT"),
        (lambda: held.waterfall(2024, "2024-02"), "E_DATE_FORMAT"),
        (lambda: held.waterfall("2024-01", "2024-02", period="monthly"), "E_PERIOD_UNIT"),
        (lambda: held.waterfall("2024-01", "2024-02", by="plan"), "E_SEGMENT"),
        (lambda: held.waterfall("2024-01", "2024-02", fiscal_start=13), "E_FISCAL_START"),
        (lambda: held.waterfall("2024-01", "2024-02", money="cents"), "E_MONEY"),
        (lambda: held.net_retention("2024-01", "2024-02", horizon=0), "E_HORIZON"),
        (lambda: held.cohorts(measure="logos"), "E_MEASURE"),
        (lambda: held.concentration("2024-01-31", top=[0]), "E_TOP"),
        (lambda: book(on_reversed="ignore"), "E_ON_REVERSED"),
        (lambda: book(subminor="maybe"), "E_SUBMINOR"),
        (lambda: book(interval="monthly"), "E_INTERVAL"),
        (lambda: book(interval_count=0), "E_INTERVAL_COUNT"),
        (lambda: book(currency="usd"), "E_CURRENCY_UNKNOWN"),
        (lambda: book(threads=0), "E_THREADS"),
        (lambda: book(policy="standart"), "E_POLICY"),
    ):
        with pytest.raises(tn.Error) as caught:
            call()
        assert caught.value.code == code


def test_classes_say_what_kind_of_fault_it_is():
    with pytest.raises(TypeError):
        book(customer=[1.5, 2.5])
    assert issubclass(tn.Error, ValueError)
    assert issubclass(tn.RangeError, OverflowError)
    assert issubclass(tn.FileError, OSError)
    failure = tn.FileError("no such file", code="E_IO_OPEN", value="x.csv", hint="Look for it.")
    assert str(failure) == "no such file\n  Look for it.  [E_IO_OPEN]"
    assert isinstance(failure, tn.Error)


def test_errors_travel_between_processes():
    with pytest.raises(tn.InputError) as caught:
        book(amount=[1, math.nan])
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.code, copy.faults) == (str(caught.value), "E_AMOUNT_NAN", caught.value.faults)


def test_values_from_data_are_cut_and_escaped():
    with pytest.raises(tn.InputError) as caught:
        book(amount=["1", "\x1b[31m" + "9" * 200 + "x"])
    assert "\x1b" not in str(caught.value)
    assert len(caught.value.value) < 100


@pytest.mark.parametrize(
    ("customers", "code", "count"),
    [(["C1", "c1"], "N_KEY_CASE", 2), (["\u00e9", "e\u0301"], "N_KEY_UNICODE", 2), (["C1", "d1"], None, 0)],
    ids=["KEY-04", "KEY-05", "different"],
)
def test_ids_that_look_alike_are_noted_and_kept_apart(customers, code, count):
    held = book(customer=customers)
    assert held.customers == 2
    assert [(note.code, note.count, note.rows) for note in held.notes] == (
        [(code, count, (0, 1))] if code else []
    )


def test_reversed_rows_can_be_left_out_and_are_counted():
    held = book(start=["2024-02-01", "2024-01-15"], end=["2024-01-01", None], on_reversed="drop")
    assert (held.rows, held.rows_read) == (1, 2)
    (note,) = held.notes
    assert (note.code, note.count, note.rows) == ("N_REVERSED_DROPPED", 1, (0,))


def test_a_nul_byte_is_part_of_an_id():
    rows = book(customer=["a\0b", "a"]).waterfall("2024-01", "2024-01").explain("2024-01", "new")
    assert rows["customer"].tolist() == ["a", "a\0b"]
