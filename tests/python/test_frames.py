"""Any data frame in, the caller's own kind out, and the same bits from each of them."""

import io
import subprocess
import sys
import textwrap
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import tenure as tn
from tenure import progress
from tenure.zones import local_days

COLUMNS = {
    "customer": "account",
    "start": "since",
    "end": "until",
    "amount": "price",
    "by": ["plan"],
    "interval_column": "billing",
}


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(11)
    since = np.datetime64("2023-01-01", "D") + rng.integers(0, 600, 400)
    return {
        "account": rng.integers(0, 50, 400),
        "since": since,
        "until": np.where(rng.random(400) < 0.4, np.datetime64("NaT"), since + rng.integers(1, 300, 400)),
        "price": rng.integers(1, 500, 400),
        "plan": np.array(["Starter", "Team", "Büro"])[rng.integers(0, 3, 400)],
        "billing": np.array(["month", "year"])[rng.integers(0, 2, 400)],
        "unused": np.array(["x"] * 400),
    }


@pytest.fixture(scope="module")
def table(rows):
    plain = pa.table({name: pa.array(values) for name, values in rows.items()})
    for at, name in ((1, "since"), (2, "until")):
        plain = plain.set_column(at, name, plain[name].cast(pa.date32()))
    return plain


def bits(frame, **changes):
    book = tn.Book(frame, **{**COLUMNS, **changes})
    bridge = book.waterfall("2023-01", "2024-12", by="plan")
    return [
        bridge[name].tobytes() if bridge[name].dtype != object else bridge[name].tolist()
        for name in bridge.columns
    ]


KINDS = {
    "pyarrow Table": (lambda table: table, pa.Table),
    "pyarrow RecordBatch": (lambda table: table.combine_chunks().to_batches()[0], pa.Table),
    "pyarrow RecordBatchReader": (lambda table: table.to_reader(max_chunksize=37), pa.Table),
    "pandas": (lambda table: table.to_pandas(date_as_object=False), pd.DataFrame),
    "pandas with date objects": (lambda table: table.to_pandas(), pd.DataFrame),
    "pandas of Arrow types": (lambda table: table.to_pandas(types_mapper=pd.ArrowDtype), pd.DataFrame),
    "polars": (pl.from_arrow, pl.DataFrame),
    "polars lazy": (lambda table: pl.from_arrow(table).lazy(), pl.DataFrame),
    "duckdb relation": (lambda table: duckdb.sql('SELECT * FROM "table"'), duckdb.DuckDBPyRelation),
    "narwhals": (lambda table: nw.from_native(pl.from_arrow(table)), pl.DataFrame),
    "narwhals lazy": (lambda table: nw.from_native(pl.from_arrow(table).lazy()), pl.DataFrame),
    "dict of arrays": (lambda table: {name: table[name].to_numpy() for name in table.column_names}, dict),
    "dict of lists": (lambda table: table.to_pydict(), dict),
    "dict of series": (lambda table: dict(pl.from_arrow(table).to_dict()), dict),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_frame_gives_the_same_bits_and_its_own_kind_back(table, rows, kind):
    make, native = KINDS[kind]
    assert bits(make(table)) == bits(rows)
    result = tn.Book(make(table), **COLUMNS).net_retention("2024-01", "2024-12")
    back = result.to_native()
    assert isinstance(back, native)
    names = (
        list(back)
        if native in {dict, pd.DataFrame}
        else list(back.columns if hasattr(back, "schema") is False else result.columns)
    )
    assert names == ["period", "nrr", "grr", "logo_retention", "period_is_complete"]


def test_what_only_speaks_arrow_is_read(table, rows):
    class Producer:
        def __arrow_c_stream__(self, requested_schema=None):
            return table.__arrow_c_stream__(requested_schema)

    assert bits(Producer()) == bits(rows)


@pytest.mark.parametrize(
    ("column", "dtype"),
    [
        ("account", "Int64"),
        ("account", "int64[pyarrow]"),
        ("price", "Int32"),
        ("price", "Float64"),
        ("price", "float32"),
        ("price", "decimal128(20, 4)[pyarrow]"),
        ("plan", "category"),
        ("plan", "object"),
        ("plan", "string[python]"),
        ("plan", "string[pyarrow]"),
        ("since", "datetime64[s]"),
        ("since", "datetime64[ns]"),
        ("since", "date32[day][pyarrow]"),
        ("since", "timestamp[us][pyarrow]"),
    ],
)
def test_pandas_types(table, rows, column, dtype):
    frame = table.to_pandas(date_as_object=False)
    if dtype.startswith("decimal"):
        frame[column] = pd.array(frame[column].map(Decimal), dtype=pd.ArrowDtype(pa.decimal128(20, 4)))
    else:
        frame[column] = frame[column].astype(dtype)
    assert bits(frame) == bits(rows)


def test_pandas_nulls_are_nulls(table, rows):
    frame = table.to_pandas(date_as_object=False)
    frame["plan"] = frame["plan"].astype(object)
    frame.loc[::7, "plan"] = np.nan
    frame.loc[3::7, "plan"] = pd.NA
    expected = [None if row % 7 in (0, 3) else plan for row, plan in enumerate(rows["plan"].tolist())]
    assert bits(frame) == bits({**rows, "plan": expected})
    book = tn.Book(frame, **COLUMNS)
    assert "(none)" in book.waterfall("2023-01", "2024-12", by="plan")["plan"].tolist()


def test_an_end_without_any_value_is_open(rows):
    for end in (
        [None] * 400,
        np.full(400, np.nan),
        pa.nulls(400),
        pd.Series([pd.NaT] * 400),
        np.full(400, "NaT", "M8[s]"),
    ):
        assert bits({**rows, "until": end}) == bits(rows, end=None)


@pytest.mark.parametrize(
    "index", [None, [3, 1, 3, 0] * 100, pd.MultiIndex.from_product([range(20), range(20)])]
)
def test_a_pandas_index_plays_no_part(table, rows, index):
    frame = table.to_pandas(date_as_object=False)
    if index is not None:
        frame.index = index
    assert bits(frame) == bits(rows)


@pytest.mark.parametrize(
    "price",
    [
        lambda price: price.astype(float).tolist(),
        lambda price: [Decimal(int(value)) for value in price],
        lambda price: [Decimal(int(value)) if value % 2 else int(value) for value in price],
        lambda price: [f"{value}.00" for value in price],
        lambda price: np.array([f"{value}.000000000" for value in price]),
        lambda price: pa.array([str(value) for value in price]).dictionary_encode(),
    ],
    ids=["float", "Decimal", "Decimal and int", "text", "numpy text", "coded text"],
)
def test_ten_is_ten_whatever_its_type(rows, price):
    assert bits({**rows, "price": price(rows["price"])}) == bits(rows)


def test_fractions_agree_between_types(rows):
    cents = rows["price"] / 100
    texts = [f"{value:.2f}" for value in cents]
    exact = bits({**rows, "price": [Decimal(text) for text in texts]})
    assert bits({**rows, "price": cents}) == exact
    assert bits({**rows, "price": texts}) == exact
    assert bits({**rows, "price": pa.array([Decimal(text) for text in texts], pa.decimal128(10, 2))}) == exact


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia"])
def test_instants_become_dates_of_the_named_zone(zone):
    rng = np.random.default_rng(5)
    seconds = np.concatenate([rng.integers(0, 1_800_000_000, 4000), [-1, 0, 1_325_242_800, 1_325_289_600]])
    expected = [datetime.fromtimestamp(int(second), ZoneInfo(zone)).date() for second in seconds]
    assert (np.datetime64("1970-01-01", "D") + local_days(seconds, ZoneInfo(zone))).tolist() == expected

    stamps = pa.array(seconds * 1000, pa.timestamp("ms", "UTC"))
    base = {"customer": np.arange(len(seconds)), "amount": np.ones(len(seconds), np.int64)}
    names = {"customer": "customer", "start": "start", "amount": "amount"}
    book = tn.Book(pa.table({**base, "start": stamps}), **names, timezone=zone)
    bridge = book.waterfall("1969-12", "2027-01")
    assert (
        bridge["new"].tobytes()
        == tn.Book({**base, "start": expected}, **names).waterfall("1969-12", "2027-01")["new"].tobytes()
    )


def test_zoned_times_of_every_source_agree():
    noon = datetime(2024, 3, 31, 22, 30, tzinfo=UTC)  # 1 April in Berlin, after the change to summer time
    times = [noon, noon + timedelta(days=40), noon - timedelta(days=300)]
    sources = [
        times,
        pd.Series(times),
        pd.Series(times).dt.tz_convert("Asia/Tokyo"),
        pl.Series(times),
        pa.array(times, pa.timestamp("ns", "America/New_York")),
        [time.astimezone(ZoneInfo("Asia/Tokyo")) for time in times],
    ]
    for source in sources:
        book = tn.Book(
            {"c": [1, 2, 3], "s": source, "a": [1, 1, 1]},
            customer="c",
            start="s",
            amount="a",
            timezone="Europe/Berlin",
        )
        assert (book.first_day, book.last_day) == (date(2023, 6, 6), date(2024, 5, 11))


def test_local_times_take_their_own_date():
    times = [datetime(2024, 3, 31, 23, 30), datetime(2024, 4, 1, 0, 30)]
    book = tn.Book(
        {"c": [1, 2], "s": times, "a": [1, 1]}, customer="c", start="s", amount="a", timezone="Europe/Berlin"
    )
    assert (book.first_day, book.last_day) == (date(2024, 3, 31), date(2024, 4, 1))


def test_only_the_columns_asked_for_are_read(table):
    strange = table.append_column("nested", pa.array([[1]] * 400))
    assert bits(strange) == bits(table)
    assert bits(pl.from_arrow(strange)) == bits(table)


LEAN = """
    import sys
    class Blocked:
        def find_spec(self, name, path=None, target=None):
            if name.split(".")[0] in {blocked}:
                raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
    sys.meta_path.insert(0, Blocked())
    import numpy as np, tenure as tn
    dates = np.array(["2024-01-01", "2024-02-01"], "M8[D]")
    rows = {{"c": np.array([1, 2]), "s": dates, "a": np.array([5, 6]), "p": ["x", None]}}
    def closing(frame):
        book = tn.Book(frame, customer="c", start="s", amount="a", by="p")
        book.net_retention("2024-01", "2024-02", horizon=1).to_native()
        return book.waterfall("2024-01", "2024-02")["closing"].tolist()
"""


@pytest.mark.parametrize(
    ("blocked", "body"),
    [
        (
            {"pandas", "polars", "pyarrow", "narwhals", "duckdb", "tqdm"},
            "assert closing(rows) == [5.0, 11.0]",
        ),
        (
            {"pyarrow"},
            "import pandas as pd; frame = pd.DataFrame(rows)\nassert closing(frame) == [5.0, 11.0]",
        ),
        (
            {"pyarrow"},
            "import pandas as pd; frame = pd.DataFrame(rows).astype({'p': 'category'})\n"
            "assert closing(frame) == [5.0, 11.0]",
        ),
        ({"pyarrow"}, "import polars as pl\nassert closing(pl.DataFrame(rows)) == [5.0, 11.0]"),
        (
            {"pyarrow"},
            "import duckdb\nrelation = duckdb.sql(\"SELECT 1 c, DATE '2024-01-01' s, 5 a, 'x' p\"\n"
            "\" UNION ALL SELECT 2, DATE '2024-02-01', 6, NULL\")\nassert closing(relation) == [5.0, 11.0]",
        ),
    ],
    ids=["dict alone", "pandas", "pandas category", "polars", "duckdb"],
)
def test_works_without_optional_packages(blocked, body):
    code = textwrap.dedent(LEAN.format(blocked=blocked)) + textwrap.dedent(body)
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)


def test_import_stays_light():
    code = "import sys, tenure; print(sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    for heavy in (
        "narwhals",
        "duckdb",
        "jinja2",
        "matplotlib",
        "typer",
        "rich",
        "tqdm",
        "pandas",
        "polars",
        "pyarrow",
        "zoneinfo",
    ):
        assert f"'{heavy}'" not in loaded


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_long_reads_show_a_progress_bar_on_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    with progress.reading() as heard:
        heard(1_000_000)
        assert screen.getvalue() == ""
        heard(6_000_000)
    assert "reading" in screen.getvalue()


def test_many_batches_show_it_and_other_streams_do_not(table, monkeypatch):
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    bits(table.to_reader(max_chunksize=10))
    assert screen.getvalue() == ""
    bits(table.to_reader(max_chunksize=2))
    assert "rows" in screen.getvalue()
    monkeypatch.setattr(sys, "stderr", file := io.StringIO())
    bits(table.to_reader(max_chunksize=2))
    assert file.getvalue() == ""


def test_a_column_may_be_a_pandas_index_of_instants() -> None:
    starts = pd.date_range("2024-01-05 20:00", periods=2, tz="America/New_York")
    rows = {"who": [1, 2], "from": starts, "mrr": [10, 20]}
    book = tn.Book(rows, customer="who", start="from", amount="mrr", timezone="Europe/Berlin")
    assert (book.first_day, book.last_day) == (date(2024, 1, 6), date(2024, 1, 7))
