"""docs/policies.md says what the policies do: every option, every value, no stale table."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import tenure

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "policies.md"
TOOL = ROOT / "tools" / "policy_tables.py"


def test_the_tables_are_not_stale():
    done = subprocess.run([sys.executable, TOOL, "--check"], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_stale_table_is_noticed(tmp_path):
    copy = tmp_path / "tools" / TOOL.name
    (tmp_path / "docs").mkdir()
    copy.parent.mkdir()
    copy.write_text(TOOL.read_text("utf-8"), "utf-8")
    (tmp_path / "docs" / PAGE.name).write_text(
        PAGE.read_text("utf-8").replace("MRR is without tax", "?"), "utf-8"
    )
    done = subprocess.run([sys.executable, copy, "--check"], check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "stale" in done.stdout


def test_every_option_has_a_paragraph_and_a_table():
    page = PAGE.read_text("utf-8")
    sections = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##)", page, re.DOTALL | re.MULTILINE))
    assert list(sections) == list(tenure.Policy().options())
    for option, text in sections.items():
        prose = text.partition("<!--")[0].strip()
        assert len(prose) > 40, option
        for value in tenure.Policy.known_values(option):
            assert f"| `{value}`" in text, (option, value)


@pytest.mark.parametrize("preset", tenure.Policy.presets())
def test_every_preset_is_listed_with_its_changes(preset):
    line = next(line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(f"| `{preset}` |"))
    for option, (value, _) in tenure.Policy(preset).differences().items():
        assert f"`{option}={value}`" in line
