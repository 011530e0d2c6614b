"""Check that headers, tests, umbrella and layers agree; print every fault and exit with 1 if there is one."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INCLUDE = ROOT / "include" / "tenure"
INCLUDED = re.compile(r'^#include (?:"([^"]+)"|<tenure/([^>]+)>)', re.MULTILINE)
PYTHON = re.compile(r"pybind11|Python\.h|\bPyObject\b|\bPython\b|\bnumpy\b", re.IGNORECASE)
# What a folder may include beside itself; a family may use core, model and other families.
LAYERS = {"core": {"core"}, "model": {"core", "model"}}
LONGEST = {"include": 400, "src": 400, "bindings": 350, "python": 350, "tests": 600}
NOT_A_METRIC = {"tenure.hpp", "version.hpp"}
SOURCES = {".hpp", ".ipp", ".cpp", ".py"}


def included_by(path: Path) -> set[Path]:
    """Our own headers that a file includes, relative to include/tenure."""
    found = INCLUDED.findall(path.read_text())
    folder = path.parent
    paths = [(folder / quoted if quoted else INCLUDE / angled).resolve() for quoted, angled in found]
    return {p.relative_to(INCLUDE) for p in paths if p.is_relative_to(INCLUDE)}


def public_headers() -> list[Path]:
    """Headers that users include: one metric each, `impl` and `detail` left out."""
    headers = (path.relative_to(INCLUDE) for path in INCLUDE.rglob("*.hpp"))
    return sorted(h for h in headers if h.name not in NOT_A_METRIC and not {"impl", "detail"} & set(h.parts))


def untested_headers() -> Iterator[str]:
    for header in public_headers():
        family = header.parent if header.parent.name else header.stem
        test = Path("tests/cpp", family, f"{header.stem}_test.cpp")
        if not (ROOT / test).is_file():
            yield f"include/tenure/{header}: no test {test}"


def reached_from(header: Path, *, through: tuple[str, ...] = (".hpp", ".ipp")) -> set[Path]:
    """The header and all headers of ours that it includes, directly or `through` others."""
    reached, waiting = set[Path](), {header}
    while waiting:
        reached |= waiting
        waiting = {
            h
            for path in waiting
            if path.suffix in through and (INCLUDE / path).is_file()
            for h in included_by(INCLUDE / path)
        } - reached
    return reached


def unswitched_bodies() -> Iterator[str]:
    """Headers that leave out their bodies by a macro which nothing before it has had a chance to set."""
    for header in public_headers():
        switched = "#ifndef TENURE_DECLARATIONS_ONLY" in (INCLUDE / header).read_text()
        if switched and Path("core/config.hpp") not in reached_from(header, through=(".hpp",)):
            yield f"include/tenure/{header}: includes its body, but not core/config.hpp"


def umbrella_gaps() -> Iterator[str]:
    reached = reached_from(Path("tenure.hpp"))
    for header in sorted({*public_headers(), Path("version.hpp")} - reached):
        yield f"include/tenure/tenure.hpp: does not reach {header}"


def wrong_layers() -> Iterator[str]:
    for path in [*INCLUDE.rglob("*.[hi]pp"), *(ROOT / "src").glob("*.cpp")]:
        text = path.read_text()
        if match := PYTHON.search(text):
            yield f"{path.relative_to(ROOT)}: mentions {match.group()}; nothing above bindings/ knows Python"
        if "#pragma once" not in text and path.suffix == ".hpp":
            yield f"{path.relative_to(ROOT)}: no #pragma once"
    for folder, allowed in LAYERS.items():
        for path in (INCLUDE / folder).rglob("*.[hi]pp"):
            for included in sorted(included_by(path)):
                if len(included.parts) > 1 and included.parts[0] not in allowed:
                    yield f"{path.relative_to(ROOT)}: {folder} must not include {included}"


def untidy_files() -> Iterator[str]:
    for folder, longest in LONGEST.items():
        for path in (ROOT / folder).rglob("*"):
            if path.suffix not in SOURCES:
                continue
            name, lines = path.relative_to(ROOT), path.read_text().splitlines()
            if len(lines) > longest:
                yield f"{name}: {len(lines)} lines, more than {longest}: is it still one idea?"
            for number, line in enumerate(lines, 1):
                if len(line) > 110 or line != line.rstrip() or "\t" in line:
                    yield f"{name}:{number}: longer than 110 columns, trailing blank or tab"


def version_drift() -> Iterator[str]:
    version = re.findall(r'TENURE_VERSION "(.+)"', (INCLUDE / "version.hpp").read_text())
    cited = re.findall(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)
    if version != cited:
        yield f"CITATION.cff: version {cited}, include/tenure/version.hpp: {version}"


def main() -> int:
    faults = [
        *untested_headers(),
        *unswitched_bodies(),
        *umbrella_gaps(),
        *wrong_layers(),
        *untidy_files(),
        *version_drift(),
    ]
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"{len(public_headers())} public headers, {len(faults)} faults")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
