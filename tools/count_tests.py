"""Add up JUnit files of several test runners into one closing line; exit with 1 unless all is well.

usage: count_tests.py NAME=FILE... [--failed=STEP...]

A runner that left no results counts as a failure, and so does a failed step (a build, a linter) that its own
results do not already show.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree

Counts = tuple[int, int, int]


def count(path: Path) -> Counts:
    """Passed, failed and skipped test cases of one JUnit file."""
    if not path.is_file():
        return 0, 0, 0
    cases = list(ElementTree.parse(path).iter("testcase"))
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    return len(cases) - failed - skipped, failed, skipped


def main(arguments: list[str]) -> int:
    steps = [a.removeprefix("--failed=") for a in arguments if a.startswith("--failed=")]
    suites = dict(a.split("=", 1) for a in arguments if not a.startswith("--failed="))
    passed = failed = 0
    for name, path in suites.items():
        suite = count(Path(path))
        print(f"{name}: {suite[0]} passed, {suite[1]} failed, {suite[2]} skipped")
        if suite[0] + suite[1] == 0:
            print(f"{name}: no test ran")
            steps.append(name)
        passed, failed = passed + suite[0], failed + suite[1]
        if suite[1]:
            steps = [step for step in steps if step != name]
    for step in sorted(set(steps)):
        print(f"failed: {step}")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
