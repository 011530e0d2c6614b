"""What README.md prints is what its code prints."""

import contextlib
import io
import re
from pathlib import Path

import tenure

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def run(code, **names):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(code, "README.md", "exec"), names)
    return said.getvalue()


def test_the_reconciliation_prints_what_it_says():
    section = README.partition("## Why do two tools disagree?")[2].partition("\n## ")[0]
    code, shown = (re.search(rf"```{kind}\n(.*?)```", section, re.DOTALL)[1] for kind in ("python", "text"))
    assert run(code) == shown
    assert "churn_at" in shown


def test_the_first_example_runs_and_says_what_its_comments_say():
    code = re.search(r"## Python\n\n```python\n(.*?)```", README, re.DOTALL)[1]
    said = run(code)
    for line in said.splitlines()[:1]:
        assert line in code  # the closings
    assert "paid before and pays nothing now" in said


def test_numbers_of_options_and_presets():
    assert f"{len(tenure.Policy().options())} named options" in README
    assert f"{len(tenure.Policy.presets())} presets" in README


def test_how_long_customers_stay_prints_what_it_says():
    section = README.partition("## How long customers stay")[2].partition("\n## ")[0]
    code, shown = (re.search(rf"```{kind}\n(.*?)```", section, re.DOTALL)[1] for kind in ("python", "text"))
    assert run(code) == shown
    for page in re.findall(r"\]\(([^)]*)\)", section):
        assert (Path(__file__).parents[2] / page).exists(), page


def test_the_forecast_prints_what_it_says():
    section = README.partition("## Can we trust the forecast?")[2].partition("\n## ")[0]
    code, shown = (re.search(rf"```{kind}\n(.*?)```", section, re.DOTALL)[1] for kind in ("python", "text"))
    assert run(code) == shown
    assert "sandbagging" in shown
    assert len(tenure._core.measure_names()) == 29  # as the paragraph after it has it
    for page in re.findall(r"\]\(([^)]*)\)", section):
        assert (Path(__file__).parents[2] / page).exists(), page
