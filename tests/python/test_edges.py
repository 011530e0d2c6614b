"""The binding edge: how arrays lie in memory, how tables are cut, and what hostile producers send."""

import ctypes
import threading
from decimal import Decimal

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

import tenure as tn

NAMES = {"customer": "customer", "start": "start", "end": "end", "amount": "amount"}


@pytest.fixture
def rows():
    rng = np.random.default_rng(3)
    start = np.datetime64("2022-01-01", "D") + rng.integers(0, 900, 500)
    end = np.where(rng.random(500) < 0.3, np.datetime64("NaT"), start + rng.integers(1, 300, 500))
    return {
        "customer": rng.integers(0, 60, 500),
        "start": start,
        "end": end,
        "amount": rng.integers(1, 1000, 500),
    }


def figures(frame, **options):
    book = tn.Book(frame, **{**NAMES, **options})
    bridge = book.waterfall("2022-01", "2024-12")
    return np.stack([bridge[name] for name in bridge.columns[1:]]).tobytes()


def arrow(rows):
    table = pa.table({name: pa.array(values) for name, values in rows.items()})
    return table.set_column(2, "end", pa.array(rows["end"]).cast(pa.date32())).set_column(
        1, "start", table["start"].cast(pa.date32())
    )


def read_only(values):
    copy = values.copy()
    copy.flags.writeable = False
    return copy


@pytest.mark.parametrize(
    "lay",
    [
        lambda values: np.repeat(values, 3)[::3],
        lambda values: values[::-1].copy()[::-1],
        lambda values: np.stack([values, values], axis=1)[:, 1],
        lambda values: np.concatenate([values[:7], values])[7:],
        read_only,
        lambda values: values.tolist(),
        lambda values: values.astype(object),
    ],
    ids=["strided", "reversed", "column of a matrix", "offset", "read-only", "list", "objects"],
)
def test_memory_layout_changes_no_bit(rows, lay):
    assert figures({name: lay(values) for name, values in rows.items()}) == figures(rows)


@pytest.mark.parametrize("dtype", ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"])
def test_number_types_of_amounts_change_no_bit(rows, dtype):
    small = {**rows, "amount": rows["amount"] % 100}
    assert figures({**small, "amount": small["amount"].astype(dtype)}) == figures(small)


@pytest.mark.parametrize("dtype", ["i1", "i2", "i4", "u1", "u2", "u4", "u8"])
def test_number_types_of_ids_change_no_bit(rows, dtype):
    assert figures({**rows, "customer": rows["customer"].astype(dtype)}) == figures(rows)


@pytest.mark.parametrize("unit", ["D", "h", "m", "s", "ms", "us", "ns"])
def test_units_of_datetimes_change_no_bit(rows, unit):
    kind = f"datetime64[{unit}]"
    assert figures({**rows, "start": rows["start"].astype(kind), "end": rows["end"].astype(kind)}) == figures(
        rows
    )


def test_chunks_empty_chunks_and_slices_change_no_bit(rows):
    table = arrow(rows)
    pieces = [table.slice(0, 5), table.slice(5, 0), table.slice(5, 12), table.slice(17)]
    assert figures(pa.concat_tables(pieces)) == figures(rows)
    padded = pa.concat_tables([table.slice(100, 9), table]).combine_chunks()
    assert figures(padded.slice(9)) == figures(rows)
    columns = [
        pa.chunked_array([table[0].combine_chunks()]),
        *(pa.chunked_array(p[i].combine_chunks() for p in pieces) for i in (1, 2, 3)),
    ]
    assert figures(pa.Table.from_arrays(columns, names=table.column_names)) == figures(rows)


def test_row_numbers_count_over_chunks(rows):
    table = arrow(rows)
    bad = table.set_column(3, "amount", pa.chunked_array([pa.array([str(v) for v in rows["amount"]])]))
    broken = pa.concat_tables([bad.slice(0, 40), bad.slice(40)])
    texts = broken["amount"].to_pylist()
    texts[43] = "?"
    chunks = pa.chunked_array([pa.array(texts[:40]), pa.array(texts[40:])])
    with pytest.raises(tn.InputError) as caught:
        figures(broken.set_column(3, "amount", chunks))
    assert caught.value.row == 43


@pytest.mark.parametrize(
    "index",
    [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()],
    ids=str,
)
def test_dictionary_indices_of_every_width(rows, index):
    table = arrow(rows)
    texts = pa.array([f"c{number}" for number in rows["customer"]])
    coded = texts.cast(pa.dictionary(index, pa.string()))
    assert figures(table.set_column(0, "customer", coded)) == figures({**rows, "customer": texts.to_pylist()})
    numbers = pa.array(rows["customer"]).dictionary_encode().cast(pa.dictionary(index, pa.int64()))
    assert figures(table.set_column(0, "customer", numbers)) == figures(rows)


def test_dictionaries_that_differ_from_chunk_to_chunk_are_unified_by_value(rows):
    table = arrow(rows)
    texts = [f"c{number}" for number in rows["customer"]]
    one = pa.array(texts[:250]).dictionary_encode()
    labels = sorted(set(texts[250:]), reverse=True)
    other = pa.DictionaryArray.from_arrays(
        pa.array([labels.index(text) for text in texts[250:]], pa.int32()), pa.array(labels)
    )
    columns = [pa.chunked_array([one, other]), *(table[i] for i in (1, 2, 3))]
    assert figures(pa.Table.from_arrays(columns, names=table.column_names)) == figures(
        {**rows, "customer": texts}
    )


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
def test_string_layouts(rows, kind):
    names = ["", "x", "a name of more than twelve bytes", "ä" * 9]
    texts = [f"{names[number % 4]}{number}" for number in rows["customer"]]
    table = arrow(rows)
    column = pa.array(texts, kind)
    assert figures(table.set_column(0, "customer", column)) == figures({**rows, "customer": texts})
    padded = pa.concat_arrays([pa.array([None, "other"], kind), column])
    assert figures(table.set_column(0, "customer", padded.slice(2))) == figures({**rows, "customer": texts})


@pytest.mark.parametrize("scale", [0, 2, 6, 9])
def test_decimals_of_any_scale_change_no_bit(rows, scale):
    amounts = pa.array(rows["amount"]).cast(pa.decimal128(38, scale))
    assert figures(arrow(rows).set_column(3, "amount", amounts)) == figures(rows)


def test_narrow_decimals_change_no_bit(rows):
    for kind in (pa.decimal32(9, 2), pa.decimal64(18, 2)):
        amounts = pa.array([Decimal(int(amount)) for amount in rows["amount"]], kind)
        assert figures(arrow(rows).set_column(3, "amount", amounts)) == figures(rows)


def test_views_of_polars_and_plain_columns_of_other_packages_mix_in_a_dict(rows):
    table = arrow(rows)
    mixed = {
        "customer": pl.Series(rows["customer"]),
        "start": table["start"],
        "end": table["end"].combine_chunks(),
        "amount": rows["amount"],
    }
    assert figures(mixed) == figures(rows)


def test_empty_tables_give_complete_results():
    for empty in (
        {name: [] for name in NAMES},
        {
            "customer": np.array([], np.int64),
            "start": np.array([], "M8[D]"),
            "end": np.array([], "M8[D]"),
            "amount": np.array([], np.int64),
        },
        pa.schema(
            [("customer", pa.string()), ("start", pa.date32()), ("end", pa.date32()), ("amount", pa.int64())]
        ).empty_table(),
    ):
        book = tn.Book(empty, **NAMES)
        bridge = book.waterfall("2024-01", "2024-03")
        assert book.rows == 0
        assert bridge["closing"].tolist() == [0.0, 0.0, 0.0]
        assert book.net_retention("2024-01", "2024-03").reason("nrr") == ["empty_base"] * 3
        assert len(book.cohorts("2024-01", "2024-02")) == 4


def test_empty_tables_keep_their_segments():
    book = tn.Book({**{name: [] for name in NAMES}, "plan": []}, **NAMES, by="plan")
    assert book.waterfall("2024-01", "2024-03", by="plan").columns[:2] == ["period", "plan"]


def test_inputs_are_never_written(rows):
    frame = {name: values.copy() for name, values in rows.items()}
    figures(frame)
    assert all(np.array_equal(frame[name], rows[name], equal_nan=name == "end") for name in rows)


def test_a_book_keeps_nothing_of_the_frame(rows):
    frame = {name: values.copy() for name, values in rows.items()}
    book = tn.Book(frame, **NAMES)
    before = book.waterfall("2022-01", "2024-12")["closing"].tobytes()
    for values in frame.values():
        values[:] = values[0]
    assert book.waterfall("2022-01", "2024-12")["closing"].tobytes() == before


def test_results_outlive_their_book(rows):
    bridge = tn.Book(rows, **NAMES).waterfall("2022-01", "2024-12")
    closing = bridge["closing"]
    held = closing.tobytes()
    explanation = bridge.explain("2024-01", "closing")
    del bridge
    assert closing.tobytes() == held
    assert len(explanation.rows()) > 0
    with pytest.raises(ValueError, match="read-only"):
        closing[0] = 1


def test_a_capsule_is_read_once(rows):
    capsule = arrow(rows).__arrow_c_stream__()

    class Producer:
        def __arrow_c_stream__(self, requested_schema=None):
            return capsule

    assert figures(Producer()) == figures(rows)
    with pytest.raises(tn.InputError, match="export it again") as caught:
        figures(Producer())
    assert caught.value.code == "E_ARROW_RELEASED"


def test_a_reader_that_fails_is_an_error_and_loads_nothing(rows):
    table = arrow(rows)

    def batches():
        yield from table.to_batches()
        raise RuntimeError("the cable was cut")

    with pytest.raises(tn.InputError, match="the cable was cut") as caught:
        figures(pa.RecordBatchReader.from_batches(table.schema, batches()))
    assert caught.value.code == "E_ARROW_STREAM"


def test_dictionary_indices_out_of_range_are_refused(rows):
    labels = pa.array(["a", "b", "c"])
    codes = pa.array([9] + [0] * 499, pa.int8())
    column = pa.DictionaryArray.from_arrays(codes, labels, safe=False)
    with pytest.raises(tn.InputError, match="dictionary index 9, size 3") as caught:
        figures(arrow(rows).set_column(0, "customer", column))
    assert (caught.value.code, caught.value.row) == ("E_ARROW_INVALID", 0)


def test_text_offsets_that_make_no_sense_are_refused(rows):
    offsets = np.arange(501, dtype=np.int32)
    offsets[4] = -5
    column = pa.Array.from_buffers(pa.string(), 500, [None, pa.py_buffer(offsets), pa.py_buffer(b"x" * 500)])
    with pytest.raises(tn.InputError) as caught:
        figures(arrow(rows).set_column(0, "customer", column))
    assert (caught.value.code, caught.value.row) == ("E_ARROW_INVALID", 3)


def test_bytes_that_are_no_utf8_are_refused(rows):
    column = pa.array([b"ok"] * 499 + [b"\xc3\x28"], pa.binary()).view(pa.string())
    with pytest.raises(tn.InputError) as caught:
        figures(arrow(rows).set_column(0, "customer", column))
    assert (caught.value.code, caught.value.row) == ("E_KEY_UTF8", 499)


def test_foreign_capsules_are_refused():
    new = ctypes.pythonapi.PyCapsule_New
    new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]

    class Producer:
        def __arrow_c_stream__(self, requested_schema=None):
            return new(1, b"something_else", None)

    with pytest.raises(tn.InputError) as caught:
        figures(Producer())
    assert caught.value.code == "E_ARROW_INVALID"


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        (pa.array([[{"a": 1}]]), "list<struct<int64>>"),
        (pa.array([1.5]), "float64"),
        (pa.array([b"x"]), "Arrow format 'z'"),
        (pa.array([None], pa.duration("s")), "Arrow format 'tDs'"),
    ],
    ids=["list", "float", "binary", "duration"],
)
def test_types_that_cannot_be_segments_are_named(column, shown):
    one = {
        "customer": pa.array([1]),
        "start": pa.array([19000], pa.date32()),
        "end": pa.array([None], pa.date32()),
        "amount": pa.array([1]),
    }
    with pytest.raises(TypeError, match="expected text, dictionary or whole numbers") as caught:
        tn.Book(pa.table({**one, "plan": column}), **NAMES, by="plan")
    assert (caught.value.code, caught.value.column, caught.value.value) == ("E_TYPE", "plan", shown)
    assert tn.Book(pa.table({**one, "plan": column}), **NAMES).rows == 1


def test_buffers_cannot_be_resized_while_they_are_read(rows):
    """The book holds a reference for the whole call, so numpy refuses to move the memory."""
    amount = np.tile(rows["amount"], 400)
    frame = {name: np.tile(values, 400) for name, values in rows.items()} | {"amount": amount}
    refused, done = [], threading.Event()

    def resize():
        while not done.is_set():
            try:
                amount.resize(10)
            except ValueError:
                refused.append(True)

    worker = threading.Thread(target=resize)
    worker.start()
    try:
        tn.Book(frame, **NAMES)
    finally:
        done.set()
        worker.join()
    assert refused
    assert amount.size == 200_000


def test_a_dictionary_shared_by_many_chunks_is_learnt_once(rows):
    texts = pa.array([f"c{number}" for number in rows["customer"]])
    table = arrow(rows).set_column(0, "customer", texts.dictionary_encode())
    dates = arrow(rows)["start"].cast(pa.string()).combine_chunks().dictionary_encode()
    coded = table.set_column(1, "start", dates)
    assert figures(coded.to_reader(max_chunksize=3)) == figures({**rows, "customer": texts.to_pylist()})


def test_coded_timestamps_are_refused(rows):
    stamps = pa.array(rows["start"].astype("M8[us]")).dictionary_encode()
    with pytest.raises(TypeError) as caught:
        figures(arrow(rows).set_column(1, "start", stamps))
    assert (caught.value.code, caught.value.column) == ("E_TYPE", "start")
