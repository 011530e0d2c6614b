"""Figures that a source printed, computed by this library; tests/cpp/book/cases_test.cpp reads them too."""

import json
import subprocess
import sys
from pathlib import Path

import cases
import pytest

import tenure as tn

ROOT = Path(__file__).resolve().parents[2]

PUBLISHED = [case for name in cases.FILES[:4] for case in cases.read(name)]
EVERY_ID = [case["id"] for name in cases.FILES + cases.FORMULAS for case in cases.read(name)]

# Records about other families than revenue and retention, by the metric they are about.
OTHER_FAMILIES = {
    "sales": {"vel-01"},
    "attribution": {"at-mk-01", "at-sh-02"},
    "people": {"ppl-01", "ppl-02", "ppl-03", "ppl-04"},
    "delivery": {"dora-01", "dora-02", "otif-01", "otif-02"},
}


def is_about(name, record):
    return name == record or name.startswith(f"{record}-")


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["id"])
def test_published_figure(case):
    assert cases.differences(cases.book_of(case), case) == {}


@pytest.mark.parametrize("case", cases.read("published"), ids=lambda case: case["id"])
def test_published_table(case, shared):
    assert cases.differences(cases.book_of(case, shared), case) == {}


@pytest.mark.parametrize("case", cases.read("refused"), ids=lambda case: case["id"])
def test_what_a_source_reads_as_nothing_is_refused(case):
    with pytest.raises(tn.Error) as caught:
        cases.book_of(case)
    assert (caught.value.code, caught.value.column) == (case["expected"]["code"], case["expected"]["column"])


def test_every_file_of_cases_is_read():
    files = {path.stem for path in cases.FOLDER.glob("*.json")}
    assert files == {*cases.FILES, *cases.FORMULAS, *cases.TABLES}


@pytest.mark.parametrize("file", cases.FILES + cases.FORMULAS)
def test_a_case_says_what_it_is_and_where_it_is_from(file):
    for case in cases.read(file):
        assert case["what"]
        assert case["source"]
        assert case["locator"]
        assert case["expected"]


@pytest.mark.parametrize("file", cases.TABLES)
def test_a_table_says_where_it_is_from(file):
    tables = json.loads((cases.FOLDER / f"{file}.json").read_text())
    assert tables.pop("about")
    assert all(table["source"] for table in tables.values())


def test_a_case_that_differs_from_its_source_says_why():
    differing = [case for name in cases.FILES[:4] for case in cases.read(name) if cases.differs(case)]
    assert {case["id"] for case in differing} == {"mrr-re-03", "mov-rh-01-mean"}
    assert all(case["note"] for case in differing)


def test_every_case_has_a_name_of_its_own():
    assert len(set(EVERY_ID)) == len(EVERY_ID)


def test_every_published_record_is_a_case_or_of_another_family(shared):
    records = json.loads((shared.parent / "conformance/worked_examples.json").read_text())["records"]
    later = set().union(*OTHER_FAMILIES.values())
    for record in records:
        covered = any(is_about(name, record["id"]) for name in EVERY_ID)
        assert covered != (record["id"] in later), record["id"]


def test_a_case_is_as_strict_as_its_record(shared):
    records = json.loads((shared.parent / "conformance/worked_examples.json").read_text())["records"]
    allowed = {record["id"]: record["tolerance"] or 0 for record in records}
    for case in (case for name in cases.FILES for case in cases.read(name)):
        record = next(record for record in allowed if is_about(case["id"], record))
        by_hand = case["id"] in ("churn-basic-01-plus-new", "mov-rh-01-mean")  # rounded in a note
        assert case["tolerance"] <= allowed[record] or by_hand, case["id"]


def test_the_table_in_the_docs_is_what_the_cases_give(shared, tmp_path):
    table = tmp_path / "worked-examples.md"
    subprocess.run([sys.executable, ROOT / "tools/make_examples_table.py", table, shared.parent], check=True)
    committed = (ROOT / "docs/worked-examples.md").read_text()
    assert table.read_text() == committed, "run python tools/make_examples_table.py docs/worked-examples.md"
