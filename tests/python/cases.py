"""Published cases, in tests/cases/*.json, as books and answers; tests/cpp/support/cases.hpp reads them too.

A case has subscriptions with their terms, or invoices, or a bridge that stands for rows; a policy by preset
and options; one question; and expected figures by day (or first day of a period, or "day|segment") and
column: what the source prints, and "also" what else follows from its inputs. Where a source prints another
figure than is expected, "printed" is its own and the note says why.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import tenure as tn

FOLDER = Path(__file__).resolve().parent.parent / "cases"
FILES = ("run_rate", "movements", "retention", "churn", "refused", "published")
#: Formulas with their inputs, which need no book.
FORMULAS = ("economics", "forecast")
#: Published tables by name, for whole models.
TABLES = ("projection",)

#: What a row means by saying nothing.
USUAL = {"end": None, "interval": "month", "interval_count": 1, "quantity": 1, "segment": ""}
USUAL_WHERE_GIVEN = {"kind": "recurring", "prorated": False, "tax": 0}

Case = dict[str, Any]
Answer = dict[str, dict[str, Any]]


def read(name: str) -> list[Case]:
    """The cases of one file."""
    found: list[Case] = json.loads((FOLDER / f"{name}.json").read_text())["cases"]
    return found


def differences(book: tn.Book, case: Case) -> dict[tuple[str, str], tuple[float, float]]:
    """Figures that are not what they should be: what they are, and what they should be."""
    wanted = {
        (key, name): value
        for part in ("expected", "also")
        for key, figures in case.get(part, {}).items()
        for name, value in figures.items()
    }
    found = answers(book, case["question"], [key for key, _ in wanted])
    return {
        (key, name): (found[key][name], value)
        for (key, name), value in wanted.items()
        # Without a tolerance of the source's, what a double can hold.
        if abs(found[key][name] - value) > max(case["tolerance"], 1e-12 * max(abs(value), 1))
    }


def differs(case: Case) -> bool:
    """Whether what is expected here is not what the source prints."""
    return any(
        case["expected"][key].get(name) != value
        for key, figures in case.get("printed", {}).items()
        for name, value in figures.items()
    )


def rows_of_bridge(bridge: dict[str, float]) -> list[Case]:
    """Customers that make this bridge in 2024-02: churn, less, more, new and back."""
    before, opening, closing = "2023-12-01", "2024-01-01", "2024-02-01"
    kept = bridge["opening"] - bridge["churn"]
    spans = [
        (1, opening, closing, bridge["churn"]),
        (2, opening, closing, kept / 2),
        (2, closing, None, kept / 2 - bridge["contraction"]),
        (3, opening, closing, kept / 2),
        (3, closing, None, kept / 2 + bridge["expansion"]),
        (4, closing, None, bridge["new"]),
        (5, before, opening, bridge["reactivation"]),
        (5, closing, None, bridge["reactivation"]),
    ]
    return [dict(zip(("customer", "start", "end", "amount"), span, strict=True)) for span in spans]


def rows_of_file(case: Case, shared: Path) -> list[Case]:
    """Rows of a CSV file in the folder of real data."""
    with (shared / case["rows_from"]).open() as stream:
        return [
            {
                "customer": int(line["customer_id"]),
                "start": line["start_date"],
                "end": line["end_date"],
                "amount": float(line["monthly_amount"]),
            }
            for line in csv.DictReader(stream)
            if int(line["customer_id"]) not in case["leave_out_customers"]
        ]


def one_by_one(rows: list[Case]) -> list[Case]:
    """A row with "times" stands for so many customers of consecutive ids."""
    ids = ("customer", "subscription")
    return [
        row | {name: row[name] + step for name in ids if name in row}
        for row in rows
        for step in range(row.get("times", 1))
    ]


def frame_of(rows: list[Case], usual: dict[str, Any]) -> dict[str, list[Any]]:
    """Columns of rows that say only what is not usual."""
    names = dict.fromkeys([*usual, *(name for row in rows for name in row)])
    usual = USUAL_WHERE_GIVEN | usual
    return {
        name: [row.get(name, usual.get(name)) for row in rows]
        for name in names
        if name not in ("times", "discounts")
    }


def columns_of_discounts(rows: list[Case]) -> tuple[dict[str, list[Any]], dict[str, list[str | None]]]:
    """The columns of each discount a row may have, and the options that name them."""
    columns: dict[str, list[Any]] = {}
    options: dict[str, list[str | None]] = {}
    lists = [row.get("discounts", []) for row in rows]
    for part, usual in (("percent", None), ("amount", None), ("duration", "forever"), ("until", None)):
        for at in range(max(map(len, lists))):
            cells = [found[at].get(part) if at < len(found) else None for found in lists]
            given = any(cell is not None for cell in cells)
            name = f"discount_{part}_{at}" if given else None
            options.setdefault(f"discount_{part}", []).append(name)
            if name is not None:
                columns[name] = [usual if cell is None else cell for cell in cells]
    return columns, {option: names for option, names in options.items() if any(names)}


def invoices_of(lines: list[Case], options: dict[str, Any]) -> tn.Book:
    """A book of invoice lines."""
    frame = frame_of(one_by_one(lines), {"segment": ""})
    renamed = {"interval": "interval_column", "interval_count": "interval_count_column"}
    names = {renamed.get(name, name): name for name in frame if name != "segment"}
    return tn.Book.from_invoices(frame, **names, by=["segment"], **options)


def book_of(case: Case, shared: Path | None = None) -> tn.Book:
    """The book of a case under its policy."""
    policy = tn.Policy(case.get("preset", "standard"), **case["policy"])
    if "invoices" in case:
        return invoices_of(case["invoices"], {"policy": policy})
    if "bridge" in case:
        rows = rows_of_bridge(case["bridge"])
    elif shared is not None and "rows_from" in case:
        rows = rows_of_file(case, shared)
    else:
        rows = one_by_one(case["subscriptions"])
    frame = frame_of(rows, USUAL)
    discounts, discount_names = columns_of_discounts(rows)
    renamed = {"interval": "interval_column", "interval_count": "interval_count_column"}
    names: dict[str, Any] = {renamed.get(name, name): name for name in frame if name != "segment"}
    return tn.Book(frame | discounts, **names, **discount_names, by=["segment"], policy=policy)


def answers(book: tn.Book, question: Case, keys: list[str]) -> Answer:
    """The answer to a case's question by the keys that the case uses."""
    kind, by = question["kind"], question.get("by")
    if kind == "mrr":
        days = {key.split("|")[0] for key in keys}
        return {key: row for day in days for key, row in _on_day(book, day, by)}
    first, last, period = question["first"], question["last"], question.get("period", "month")
    if kind in ("mean", "sum"):
        closings = book.waterfall(first, last, period="day" if kind == "mean" else period)["closing"]
        figures = {"mean": float(closings.mean()), "total": float(closings.sum())}
        return dict.fromkeys(keys, figures)
    if kind == "waterfall":
        return _by_key(book.waterfall(first, last, period=period, by=by).to_dict(), by)
    if kind == "net_retention":
        return _by_key(book.net_retention(first, last, horizon=question["horizon"]).to_dict())
    if kind == "churn":
        found = _by_key(book.churn(first, last, period=period).to_dict())
        for row in found.values():
            row["lifetime"] = 1 / row["customer_churn"] if row["customer_churn"] else None
        return found
    return _by_key(book.growth(first, last).to_dict())


def _on_day(book: tn.Book, day: str, by: str | None) -> list[tuple[str, dict[str, Any]]]:
    columns = book.mrr(day, by=by).to_dict()
    keys = [day] if by is None else [f"{day}|{label}" for label in columns[by]]
    return [(key, {name: cells[at] for name, cells in columns.items()}) for at, key in enumerate(keys)]


def _by_key(columns: dict[str, list[Any]], by: str | None = None) -> Answer:
    days = [day.isoformat() for day in columns["period"]]
    keys = days if by is None else [f"{day}|{label}" for day, label in zip(days, columns[by], strict=True)]
    return {key: {name: cells[at] for name, cells in columns.items()} for at, key in enumerate(keys)}
