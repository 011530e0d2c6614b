"""The closing line of ./run test is the verdict on a change, so it is tested itself."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSED = '<testcase name="a"/>'
FAILED = '<testcase name="b"><failure message="no"/></testcase>'
BROKEN = '<testcase name="c"><error message="no"/></testcase>'
SKIPPED = '<testcase name="d"><skipped/></testcase>'


def closing_line(folder: Path, *steps: str, **suites: str) -> tuple[int, str]:
    for name, cases in suites.items():
        (folder / name).write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    arguments = [f"{name}={folder / name}" for name in suites] + [f"--failed={step}" for step in steps]
    command = [sys.executable, str(ROOT / "tools/count_tests.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()[-1]


def test_runners_are_added_up(tmp_path: Path) -> None:
    assert closing_line(tmp_path, one=PASSED * 3 + SKIPPED, two=PASSED) == (0, "4 passed, 0 failed")


def test_failures_and_errors_count(tmp_path: Path) -> None:
    assert closing_line(tmp_path, one=PASSED + FAILED + BROKEN, two=PASSED) == (1, "2 passed, 2 failed")


def test_a_runner_without_results_failed(tmp_path: Path) -> None:
    assert closing_line(tmp_path, one=PASSED, two="") == (1, "1 passed, 1 failed")
    assert closing_line(tmp_path, one=PASSED, two=SKIPPED) == (1, "1 passed, 1 failed")


def test_a_failed_step_counts_once(tmp_path: Path) -> None:
    assert closing_line(tmp_path, "ruff", one=PASSED) == (1, "1 passed, 1 failed")
    assert closing_line(tmp_path, "one", one=FAILED) == (1, "0 passed, 1 failed")
    assert closing_line(tmp_path, "one", one=PASSED) == (1, "1 passed, 1 failed")
