"""Write docs/worked-examples.md: every published example, what its source prints, and what tenure gives.

The examples are the cases of tests/cases, which the tests of both languages check; the figures in "ours"
are computed here. The rows of one example stay where they were published: give that folder as the second
argument, or as ``TENURE_SHARED_DIR``.
"""

import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/python"))

import cases  # noqa: E402
import economics_cases  # noqa: E402
import forecast_cases  # noqa: E402

import tenure as tn  # noqa: E402

INTRODUCTION = """\
# Worked examples

What vendors, open-source tools and glossaries print as examples of their own figures, computed by this
library from rows that realise each example. Both test suites check every line to the tolerance of its
source, or, where it says *differs, see note*, to our own figure. This page is written by
`tools/make_examples_table.py`; a test fails when it is stale.

*Source* ends with how far it can be trusted: `published` means that the figures are printed there,
`published rule` that the rule is and numbers were chosen for it, `code-derived` that it was read from code.
*Policy* is a preset and what is changed of it, see [policies](policies.md); `standard` where nothing is said.
Amounts are a month, decreases are positive. Days are ours where the source has none. Where a source gives
nothing but a bridge, rows were built to give that bridge, and the note says so. Where there are many figures,
the first are shown.
"""
DIFFERS = "<br>*differs, see note*"
BUILT = "Rows were built to give the published bridge; what is checked is what follows from it."
TITLES = {
    "run_rate": "MRR on a day",
    "movements": "Movements",
    "retention": "Retention and growth",
    "churn": "Churn",
    "refused": "Refused",
    "published": "Whole tables",
}
FORMULAS = {"economics": "Unit economics", "forecast": "Forecast accuracy"}
FIGURES_SHOWN = 5


def policy_of(case: cases.Case) -> str:
    parts = [case["preset"]] if "preset" in case else []
    parts += [f"{option}={value}" for option, value in case["policy"].items()]
    return ", ".join(f"`{part}`" for part in parts) or "`standard`"


def number(value: float, tolerance: float) -> str:
    """A figure with the decimals that its source prints, at most eight."""
    decimals = 8
    while decimals > 0 and tolerance > 0.6 * 10.0**-decimals:
        decimals -= 1
    return f"{round(value, decimals):,.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{value:,.0f}"


def listed(figures: dict[str, dict[str, Any]], shown: list[tuple[str, str]], tolerance: float) -> str:
    """Figures as "name value", with the place where there are several."""
    places = {place for place, _ in shown}
    words = []
    for place, name in shown:
        if name not in figures.get(place, {}):
            continue
        where = f"{place.replace('|', ' ')} " if len(places) > 1 else ""
        words.append(f"{where}{name} {number(figures[place][name], tolerance)}")
    return "<br>".join(words)


def figures_of(case: cases.Case, shared: Path | None) -> tuple[str, str]:
    """The source's figures and ours, as cells."""
    if case["question"]["kind"] == "refused":
        try:
            cases.book_of(case)
        except tn.Error as error:
            return listed(case["printed"], [("2024-01-01", "mrr")], 0), f"refused: `{error.code}`"
        raise SystemExit(f"{case['id']} was read")
    expected, book = case["expected"], cases.book_of(case, shared)
    if wrong := cases.differences(book, case):
        raise SystemExit(f"{case['id']}: {wrong}")
    places = [(place, name) for place, figures in expected.items() for name in figures]
    shown = places[:FIGURES_SHOWN]
    printed = {place: figures | case.get("printed", {}).get(place, {}) for place, figures in expected.items()}
    found = cases.answers(book, case["question"], list(expected))
    theirs, ours = (listed(figures, shown, case["tolerance"]) for figures in (printed, found))
    if cases.differs(case):
        return theirs, ours + DIFFERS
    rest = f"<br>... {len(places)} figures" if len(places) > len(shown) else ""
    return theirs + rest, ours + (rest and f"{rest}, all as printed")


def line_of(case: cases.Case, shared: Path | None) -> str:
    source = f"{case['source']}, {case['locator']} ({case['evidence']})"
    notes = [BUILT] if "bridge" in case else []
    notes += [case["note"]] if "note" in case else []
    cells = [f"`{case['id']}`", case["what"], source, policy_of(case), *figures_of(case, shared)]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in [*cells, " ".join(notes)]) + " |"


def inputs_of(inputs: dict[str, Any]) -> str:
    """Inputs by name; those of each series apart."""
    flat = [(name, value) for name, value in inputs.items() if name != "series"]
    words = [", ".join(f"{name} {value}" for name, value in flat)] if flat else []
    for one in inputs.get("series", []):
        words.append("; ".join(f"{name} {', '.join(map(str, value))}" for name, value in one.items()))
    return "<br>".join(words)


def formula_line(case: cases.Case) -> str:
    """An example of a formula: its inputs stand where others have a policy."""
    if "formula" in case:
        found = economics_cases.figures_of(case["formula"], case["inputs"])
    else:
        found = forecast_cases.figures_of(case["inputs"], case["expected"])
    inputs = inputs_of(case["inputs"])
    theirs, ours = (
        "<br>".join(f"{name} {number(of[name], case['tolerance'])}" for name in case["expected"])
        for of in (case["expected"], found)
    )
    source = f"{case['source']}, {case['locator']} ({case['evidence']})"
    cells = [f"`{case['id']}`", case["what"], source, inputs, theirs, ours, case.get("note", "")]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def make_table(shared: Path) -> str:
    """The whole page."""
    parts = [INTRODUCTION]
    for name in cases.FILES:
        head = "| id | what | source | policy | their figure | ours | note |"
        lines = [line_of(case, shared / "data") for case in cases.read(name)]
        parts.append(
            "\n".join([f"## {TITLES[name]}", "", head, "|---|---|---|---|---|---|---|", *lines]) + "\n"
        )
    head = "| id | what | source | inputs | their figure | ours | note |"
    for name, title in FORMULAS.items():
        lines = [formula_line(case) for case in cases.read(name)]
        parts.append("\n".join([f"## {title}", "", head, "|---|---|---|---|---|---|---|", *lines]) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    usual = os.environ.get("TENURE_SHARED_DIR", ROOT.parent / "shared")
    target.write_text(make_table(Path(sys.argv[2] if len(sys.argv) > 2 else usual)))
    print(target)
