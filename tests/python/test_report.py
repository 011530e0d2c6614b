"""The report: its numbers are the book's, its links lead somewhere, and nothing in it comes alive."""

import json
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import numpy as np
import pytest

import tenure
from tenure import sample
from tenure.mapping import resolve
from tenure.report import build
from tenure.report.appendix import entries
from tenure.report.finding import Rows
from tenure.report.format import money
from tenure.report.notes import notes
from tenure.sources import Source

NARROW, MINUS = "\u202f", "\u2212"


def plain(text):
    return text.replace(NARROW, " ").replace(MINUS, "-")


TERMS = (
    "status", "kind", "discount_percent", "discount_amount", "discount_duration", "discount_until",
    "cancel_requested", "paid_through", "first_payment",
)  # fmt: skip


def book_of(rows, **changes):
    arguments = {
        **{name: name for name in ("customer", "start", "end", "amount", "quantity", "product")},
        **{name: name for name in TERMS},
        "interval_column": "interval",
        "by": ["plan", "region"],
        "currency": "EUR",
    }
    return tenure.Book(rows, **{**arguments, **changes})


@pytest.fixture(scope="module")
def company():
    return sample.company()


@pytest.fixture(scope="module")
def report(company):
    rows = company.subscriptions
    source = Source("rows.csv", rows["start"].size + 3, None, resolve(list(rows), {}), rows)
    return build(
        book_of(rows), company=company.name, product="product", source=source, reach=sample.last_day(company)
    )


class Page(HTMLParser):
    """Elements, attributes and text of a page."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.words = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return plain(" ".join(" ".join(self.words).split()))


class TestPage:
    def test_it_is_one_file_without_script_or_request(self, report):
        page = Page(report.html)
        assert not {tag for tag, _ in page.elements} & {
            "script",
            "iframe",
            "object",
            "embed",
            "img",
            "form",
            "base",
            "audio",
            "video",
        }
        for _, attributes in page.elements:
            assert not [
                name
                for name in attributes
                if name.startswith("on") or name in ("src", "style", "action", "srcset")
            ]
            assert attributes.get("href", "#").startswith(("#", "data:,"))
            assert "://" not in " ".join(value or "" for name, value in attributes.items() if name != "xmlns")
        policy = next(
            attributes["content"] for tag, attributes in page.elements if attributes.get("http-equiv")
        )
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy

    def test_every_link_leads_to_a_place_in_the_page(self, report):
        page = Page(report.html)
        places = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        targets = {attributes["href"][1:] for tag, attributes in page.elements if tag == "a"}
        assert len(places) == len(set(places))
        assert targets <= set(places)
        assert {"rows-churn", "rows-new", "rows-closing", "finding-1"} <= targets

    def test_it_says_what_it_is_about(self, report):
        text = Page(report.html).text
        assert "Fernwood Systems" in text
        assert "revenue report for June 2025" in text
        assert "bridge closes in all 36 months" in text
        assert "as of 30 Jun 2025" in text
        assert "period complete" in text
        assert f"digest {report.book.policy.digest}" in text
        live = report.book.waterfall("2025-06", "2025-06")["closing_customers"][0]
        assert f"{live:,} paying customers" in text

    def test_headline_figures_are_the_books(self, report):
        book = report.book
        at_end = book.mrr("2025-06-30").to_dict()
        kept = book.net_retention("2025-06", "2025-06", horizon=12)
        held = {tile.key: tile for tile in report.tiles}
        assert held["arr"].value == pytest.approx(at_end["arr"][0])
        assert held["arpa"].value == pytest.approx(at_end["arpa"][0])
        assert held["nrr"].value == kept["nrr"][0]
        assert held["grr"].value == kept["grr"][0]
        assert plain(money(at_end["arr"][0], "EUR")) in Page(report.html).text

    def test_the_visible_problem_is_found(self, report):
        keys = [finding.key for finding in report.findings]
        assert "churn-plan-Team" in keys
        assert "churn of plan Team" in report.title
        assert (
            report.title in Page(report.html).text.replace("-", MINUS)
            or plain(report.title) in Page(report.html).text
        )

    def test_findings_open_to_the_customers_behind_them(self, report):
        finding = next(one for one in report.findings if one.key == "churn-plan-Team")
        found = entries(report.figures, finding.rows)
        bridge = report.book.waterfall("2025-04", "2025-06", by="plan")
        mine = bridge["plan"] == "Team"
        assert -sum(entry.change for entry in found) == pytest.approx(bridge["churn"][mine].sum())
        assert len(found) == bridge["churn_customers"][mine].sum()
        assert found[0].customer in report.html
        assert all(entry.rows for entry in found)

    def test_bars_open_to_customers_that_sum_to_them(self, report):
        bridge = report.book.waterfall("2025-04", "2025-06")
        for kind, sign in (
            ("new", 1),
            ("expansion", 1),
            ("contraction", -1),
            ("churn", -1),
            ("reactivation", 1),
        ):
            found = entries(report.figures, Rows((kind,)))
            assert sign * sum(entry.change for entry in found) == pytest.approx(bridge[kind].sum())
        standing = entries(report.figures, Rows(("closing",), 1))
        assert sum(entry.closing for entry in standing) == pytest.approx(bridge["closing"][-1])

    def test_tables_behind_the_charts(self, report):
        text = Page(report.html).text
        bridge = report.figures.bridge
        assert f"{bridge['closing'][-1] / 1e3:,.1f}" in text
        assert f"-{bridge['churn'][-1] / 1e3:,.1f}" in text

    def test_data_notes_count_rows(self, report):
        text = Page(report.html).text
        assert (
            f"{report.book.rows + 3:,} subscription rows read from rows.csv; {report.book.rows:,} used."
            in text
        )
        assert "3 rows left out" in text
        assert "Columns guessed from their names: customer = customer" in text

    def test_same_book_same_bytes(self, report, company):
        again = build(
            book_of(company.subscriptions),
            company=company.name,
            product="product",
            reach=sample.last_day(company),
        )
        assert again.html == replace(report, source=None).html

    def test_row_order_changes_nothing_but_row_numbers(self, report, company):
        order = np.random.default_rng(1).permutation(company.subscriptions["start"].size)
        rows = {name: values[order] for name, values in company.subscriptions.items()}
        again = build(book_of(rows), company=company.name, product="product", reach=sample.last_day(company))
        assert again.to_dict() == replace(report, source=None).to_dict()

    def test_json_holds_the_same_figures(self, report):
        said = json.loads(json.dumps(report.to_dict(), allow_nan=False))
        assert said["waterfall"]["closing"] == report.figures.bridge["closing"]
        assert [tile["shown"] for tile in said["headline"]] == [tile.shown for tile in report.tiles]
        assert said["policy"]["digest"] == report.book.policy.digest
        assert said["rows"]["read"] == said["rows"]["used"] + 3
        assert {part["role"] for part in said["columns"]} >= {"customer", "start", "amount"}

    def test_a_running_month_is_marked(self, company):
        made = build(book_of(company.subscriptions), reach=date(2025, 6, 12), last=date(2025, 6, 1))
        assert "period still running" in Page(made.html).text
        assert made.to_dict()["complete"] is False


PAYLOADS = [
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "'><img src=x onerror=alert(1)>",
    "</style><b>",
    "{{ 7*7 }}",
    "javascript:alert(1)",
    "a\u2028b",
    "\u202egnp",
    "bell\x07",
    "url(//evil.example)",
    "&amp;<",
]
# Every element the report is made of; whatever a name brings along must not add to them.
ELEMENTS = frozenset(
    [
        "path",
        "html",
        "head",
        "meta",
        "link",
        "title",
        "style",
        "body",
        "main",
        "header",
        "section",
        "div",
        "h1",
        "h2",
        "h3",
        "p",
        "a",
        "b",
        "bdi",
        "span",
        "abbr",
        "code",
        "ul",
        "li",
        "dl",
        "dt",
        "dd",
        "details",
        "summary",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "svg",
        "g",
        "rect",
        "line",
        "text",
        "circle",
        "polyline",
    ]
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_from_data_comes_alive(payload):
    company = sample.company(customers=60, months=18, seed=2)
    rows = dict(company.subscriptions)
    for name in ("customer", "plan", "region", "product"):
        rows[name] = np.array([f"{payload}{value}" for value in rows[name]], dtype=object)
    odd = {f"plan {payload}": rows.pop("plan"), **rows}
    book = book_of(odd, by=[f"plan {payload}", "region"])
    source = Source(payload, 1, None, resolve(list(odd), {}), odd)
    page = build(book, company=payload, product="product", source=source).html
    parsed = Page(page)
    assert {tag for tag, _ in parsed.elements} <= ELEMENTS
    for _, attributes in parsed.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "src")]
        assert attributes.get("href", "#").startswith(("#", "data:,"))
    assert "\x07" not in page
    assert page.count("</style>") == 1


def test_names_are_isolated(company):
    rows = dict(company.subscriptions)
    rows["plan"] = np.where(rows["plan"] == "Team", "\u202emaeT", rows["plan"])
    made = build(book_of(rows, by=["plan"]))
    assert "<bdi>\u202emaeT</bdi>" in made.html
    assert "churn of plan \u2068\u202emaeT\u2069 is" in made.title


def test_notes_of_the_book_are_told():
    rows = {
        "customer": ["a", "b"],
        "start": ["2024-01-05", "2024-03-01"],
        "end": [None, "2024-02-01"],
        "amount": [10, 5],
    }
    book = tenure.Book(
        rows, customer="customer", start="start", end="end", amount="amount", on_reversed="drop"
    )
    held = notes(book, None)
    assert any(note.code and "rows 1, counted from 0" in note.rows for note in held)
    page = Page(build(book).html).text
    assert book.notes[0].code in page


@pytest.mark.parametrize(
    "rows",
    [
        {"customer": ["a"], "start": ["2024-01-31"], "end": [None], "amount": [10]},
        {"customer": ["a"], "start": ["2024-01-01"], "end": ["2024-02-01"], "amount": [10]},
        {
            "customer": ["a", "b"],
            "start": ["2024-01-01", "2024-01-02"],
            "end": [None, None],
            "amount": [0, 0],
        },
        {
            "customer": ["a", "b"],
            "start": ["2020-01-01", "2025-06-29"],
            "end": ["2020-02-01", None],
            "amount": [1, 1e9],
        },
    ],
)
def test_tiny_books_still_make_a_page(rows):
    book = tenure.Book(rows, customer="customer", start="start", end="end", amount="amount")
    made = build(book)
    assert "nan" not in made.html.lower().replace("finance", "")
    assert "inf" not in Page(made.html).text
    json.dumps(made.to_dict(), allow_nan=False)


def test_an_empty_book_makes_a_page():
    rows = {
        "customer": np.array([], dtype=str),
        "start": np.array([], dtype="datetime64[D]"),
        "amount": np.array([], dtype=float),
    }
    made = build(tenure.Book(rows, customer="customer", start="start", amount="amount"))
    assert "0 paying customers" in Page(made.html).text


def test_a_given_title_stands(company):
    made = build(book_of(company.subscriptions, by=[]), title="Board <meeting>")
    assert "<h1>Board &lt;meeting&gt;</h1>" in made.html


def test_a_product_column_of_any_name(company):
    rows = dict(company.subscriptions)
    rows["Product Line"] = rows.pop("product")
    made = build(book_of(rows, product="Product Line"), product="Product Line")
    parts = made.figures.segments["Product Line"]
    assert {part.name for part in parts} == set(rows["Product Line"])
    assert sum(part.mrr for part in parts) == pytest.approx(made.figures.bridge["closing"][-1])


FEW = {
    "customer": ["a", "b", "c", "d"],
    "start": ["2023-01-05", "2023-01-06", "2024-01-08", "2024-02-03"],
    "end": [None, "2024-03-01", None, None],
    "amount": [49.5, 20, 30, 10],
    "plan": ["x", "x", "y", "y"],
}


def test_few_customers_make_no_claims():
    book = tenure.Book(FEW, customer="customer", start="start", end="end", amount="amount", by=["plan"])
    made = build(book, last=date(2024, 3, 1))
    text = Page(made.html).text
    assert made.findings == []
    assert made.title.endswith("from 3 customers")
    assert "of 100 customers" not in text
    assert "grew most" not in text
    assert "largest customers hold" not in text
    assert "Too few customers for a rule" in text
    assert "Largest 5" not in text
    assert {tile.key: plain(tile.shown) for tile in made.tiles}["arpa"] == "29.83"
    alone = build(book, first=date(2023, 1, 1), last=date(2023, 1, 1))
    assert alone.title.endswith("from 2 customers")
    assert "as a table" not in Page(alone.html).text
    assert build(tenure.Book({key: values[:1] for key, values in FEW.items()}, customer="customer",
                             start="start", amount="amount")).title.endswith("from 1 customer")  # fmt: skip


def test_ten_customers_lead_to_those_ten():
    size = 60
    rows = {
        "customer": [f"c{place:02}" for place in range(size)],
        "start": ["2023-01-05"] * size,
        "amount": [100.0] * 10 + [10.0] * (size - 10),
    }
    made = build(
        tenure.Book(rows, customer="customer", start="start", amount="amount"), last=date(2023, 3, 1)
    )
    (finding,) = [one for one in made.findings if one.key == "concentration"]
    assert finding.rows.top == 10
    held = entries(made.figures, finding.rows)
    assert [entry.customer for entry in held] == rows["customer"][:10]
    assert "Ten customers hold 67 % of ARR" in plain(finding.lead)
    assert "10 customers, 1,000 of MRR" in Page(made.html).text


def test_heads_of_tables_say_what_they_mean(report):
    text = Page(report.html).text
    for head in ("ARPA, change in 1 year", "MRR, change in 1 year", "Churn, 12 months before"):
        assert head in text
    assert '<th scope="col" class="age">M0</th>' in report.html


def test_columns_not_used_are_told(company):
    rows = {**company.subscriptions, "remark": company.subscriptions["plan"]}
    rows.pop("channel")
    source = Source("rows.csv", 3, None, resolve(list(rows), {}), rows, ["column 'x' holds dates"])
    made = build(book_of(company.subscriptions), source=source)
    text = Page(made.html).text
    assert "Columns not used: remark" in text
    assert "Column 'x' holds dates." in text
    assert made.to_dict()["unused_columns"] == ["remark"]


def test_the_future_is_not_reported():
    rows = {
        "customer": ["a", "b"],
        "start": ["2023-01-05", "2023-02-05"],
        "end": ["2999-01-01", None],
        "amount": [1, 2],
    }
    made = build(tenure.Book(rows, customer="customer", start="start", end="end", amount="amount"))
    assert made.figures.last <= date.today()
