"""Results as values: every way out, undefined values, money as decimals, how they show themselves."""

import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import tenure as tn
from tenure.results.text import text_table

PAYLOAD = '<script>alert("x")</script>'


@pytest.fixture(scope="module")
def book():
    rows = {
        "customer": ["a", "a", "b", "c", PAYLOAD],
        "start": ["2024-01-10", "2024-02-10", "2024-01-20", "2024-02-20", "2024-03-05"],
        "end": ["2024-02-10", None, "2024-03-01", None, None],
        "amount": ["100.01", "150.02", "80.01", "50", "9.99"],
        "plan": ["x", "y", "x", "y", PAYLOAD],
    }
    return tn.Book(
        rows,
        customer="customer",
        start="start",
        end="end",
        amount="amount",
        interval="quarter",
        by="plan",
        currency="USD",
    )


def results(book):
    return [
        book.waterfall("2024-01", "2024-04"),
        book.waterfall("2024-01", "2024-04", by="plan"),
        book.net_retention("2024-01", "2024-04", horizon=1),
        book.cohorts("2024-01", "2024-04"),
        book.cohorts("2024-01", "2024-04", by="plan"),
        book.mrr("2024-03-31", by="plan"),
        book.growth("2024-01", "2024-04"),
        book.concentration("2024-03-31"),
        book.waterfall("2024-01", "2024-04").explain("2024-03", "closing"),
        book.waterfall("2024-01", "2024-04").explain("2024-03", "closing").rows(),
        book.waterfall("2024-01", "2024-04", money="decimal"),
        book.cohorts("2024-01", "2024-04", money="decimal"),
        book.waterfall("2025-01", "2025-01").explain("2025-01", "churn"),
    ]


def plain(value):
    return value.date() if isinstance(value, pd.Timestamp) else value


def test_every_way_out_holds_the_same_values(book):
    for result in results(book):
        expected = result.to_dict()
        assert list(expected) == result.columns
        assert all(len(values) == len(result) for values in expected.values())
        assert result.to_arrow().to_pydict() == expected
        assert result.to_polars().to_dict(as_series=False) == expected
        frame = result.to_pandas()
        assert list(frame.columns) == result.columns
        found = {
            name: [None if pd.isna(value) else plain(value) for value in frame[name].tolist()]
            for name in frame
        }
        assert found == expected
        rows = duckdb.sql("SELECT * FROM result").fetchall()
        assert rows == [tuple(row) for row in zip(*expected.values(), strict=True)]


def test_arrow_types(book):
    schema = book.waterfall("2024-01", "2024-04").to_arrow().schema
    assert schema.field("period").type == pa.date32()
    assert schema.field("closing").type == pa.float64()
    assert schema.field("closing_customers").type == pa.int64()
    assert not schema.field("closing").nullable
    assert book.net_retention("2024-01", "2024-04").to_arrow().schema.field("nrr").nullable
    assert book.waterfall("2024-01", "2024-04", money="decimal").to_arrow().schema.field(
        "closing"
    ).type == pa.decimal128(38, 2)


def test_a_result_is_a_stream_as_often_as_asked(book):
    result = book.waterfall("2024-01", "2024-04", by="plan")
    assert pa.table(result).equals(pa.table(result))
    table = pa.table(result)
    held = table.to_pydict()
    del result
    assert table.to_pydict() == held
    table.validate(full=True)


def test_no_copy_on_the_way_to_arrow(book):
    result = book.waterfall("2024-01", "2024-04")
    assert pa.table(result)["closing"].chunk(0).buffers()[1].address == result["closing"].ctypes.data


def test_undefined_is_masked_null_and_has_a_reason_but_never_nan(book):
    for result in results(book):
        for name in result.columns:
            values = result[name]
            reasons = result.reason(name)
            assert len(reasons) == len(result)
            if isinstance(values, np.ma.MaskedArray):
                assert [bool(reason) for reason in reasons] == np.ma.getmaskarray(values).tolist()
            else:
                assert not any(reasons)
            if values.dtype.kind == "f":
                assert np.isfinite(np.ma.filled(values, 0.0)).all()
    kept = book.net_retention("2024-01", "2024-01")
    assert kept["nrr"].mask.all()
    assert kept.to_arrow()["nrr"].null_count == 1


def test_decimals_are_rounded_so_that_every_row_closes(book):
    for by in (None, "plan"):
        exact = book.waterfall("2024-01", "2024-04", by=by)
        bridge = book.waterfall("2024-01", "2024-04", by=by, money="decimal")
        for row in range(len(bridge)):
            cell = {name: bridge[name][row] for name in bridge.columns}
            gains = cell["new"] + cell["expansion"] + cell["reactivation"] + cell.get("transfer_in", 0)
            losses = cell["contraction"] + cell["churn"] + cell.get("transfer_out", 0)
            assert cell["opening"] + gains - losses == cell["closing"]
            for name in ("opening", "new", "closing"):
                assert isinstance(cell[name], Decimal)
                assert cell[name].as_tuple().exponent == -2
                assert abs(float(cell[name]) - exact[name][row]) < 0.01 + 1e-12


def test_money_can_be_an_option_of_the_book():
    rows = {"c": [1], "s": ["2024-01-01"], "a": [1000]}
    names = {"customer": "c", "start": "s", "amount": "a", "interval": "quarter"}
    yen = tn.Book(rows, **names, currency="JPY", money="decimal")
    assert yen.waterfall("2024-01", "2024-01")["closing"].tolist() == [Decimal(333)]
    assert yen.mrr("2024-01-31")["arr"].tolist() == [Decimal(4000)]
    dinar = tn.Book(rows, **names, currency="KWD", money="decimal")
    assert dinar.waterfall("2024-01", "2024-01")["closing"].tolist() == [Decimal("333.333")]
    assert dinar.waterfall("2024-01", "2024-01", money="float")["closing"].tolist() == [1000 / 3]


def test_unknown_columns_name_the_known(book):
    with pytest.raises(KeyError, match="there are period, nrr"):
        book.net_retention("2024-01", "2024-01")["NRR"]


def test_repr_is_a_table_that_fits(book):
    bridge = book.waterfall("2024-01", "2024-04")
    title, _, table = repr(bridge).partition("\n")
    assert title == "Waterfall: 4 rows, USD, policy standard"
    blocks = [[line.split() for line in block.splitlines()] for block in table.split("\n\n")]
    assert [name for head, *_ in blocks for name in head[1:]] == bridge.columns[1:]
    assert [[len(block), block[0][0], block[1][0]] for block in blocks] == [[5, "period", "2024-01-01"]] * 3
    assert max(map(len, table.splitlines())) <= 110
    long = repr(book.waterfall("2000-01", "2024-04"))
    assert [len(block.splitlines()) for block in long.split("\n\n")] == [1 + 1 + 25, 1 + 25, 1 + 25]
    assert long.count("...") == len(bridge.columns) + 2
    assert "null" in repr(book.net_retention("2024-01", "2024-01"))


def test_repr_repeats_the_labels_and_counts_what_is_left_out(book):
    by_plan = repr(book.waterfall("2024-01", "2024-01", by="plan")).split("\n\n")
    assert {tuple(block.splitlines()[-1].split()[:2]) for block in by_plan} == {("2024-01-01", "y")}
    one = repr(book.ltv("2024-01", "2024-03", margin=0.8, confidence=0.9)).split("\n\n")
    assert "ltv" in one[-1].splitlines()[0].split()
    wide = {f"a column with a long name {place}": np.arange(2.0) for place in range(30)}
    shown = text_table(Wide(wide))
    assert len(shown.split("\n\n")) == 3
    left = int(re.search(r"\+ (\d+) columns$", shown, re.MULTILINE)[1])
    assert left == 30 - len(set(re.findall(r"name \d+", shown)))


class Wide(dict):
    """Columns as a result has them."""

    shares = frozenset()
    columns = property(list)

    def __len__(self):
        return 2


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.names = []

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        assert not any(name.startswith("on") or name in {"src"} for name, _ in attrs)


def test_html_shows_charts_and_lets_no_data_become_markup(book):
    for result in results(book):
        parser = Elements()
        parser.feed(html := result._repr_html_())
        assert "script" not in parser.names
        assert "table" in parser.names
        assert "nan" not in html
    names = {PAYLOAD.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")}
    explained = book.waterfall("2024-01", "2024-04").explain("2024-03", "new")._repr_html_()
    assert any(name[:20] in explained for name in names)
    assert "<svg" in book.waterfall("2024-01", "2024-04")._repr_html_()
    assert "<svg" in book.net_retention("2024-02", "2024-04", horizon=1)._repr_html_()
    assert "heat" in book.cohorts()._repr_html_()


def test_every_result_draws_itself(book):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    _, axes = plt.subplots()
    assert book.waterfall("2024-01", "2024-04").plot(ax=axes) is axes
    for result in (
        book.net_retention("2024-01", "2024-04", horizon=1),
        book.cohorts(),
        book.growth("2024-01", "2024-04"),
    ):
        assert result.plot().has_data()
    with pytest.raises(tn.OptionError, match="no chart"):
        book.waterfall("2024-01", "2024-04", by="plan").plot()
    plt.close("all")


def test_results_know_where_they_come_from(book):
    result = book.waterfall("2024-01", "2024-04")
    assert (result.policy, result.currency) == (book.policy, "USD")
    assert result.periods.tolist() == [date(2024, month, 1) for month in range(1, 5)]
    assert book.net_retention("2024-01", "2024-02").periods.tolist() == [date(2024, 1, 1), date(2024, 2, 1)]
