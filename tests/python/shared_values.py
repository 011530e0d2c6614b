"""Reference values computed by other packages, and the tables beside them, in the folder of shared data."""

import csv
import json
import os
from pathlib import Path

import pytest


def shared_folder():
    """The folder itself; a test that needs it is skipped where there is none."""
    default = Path(__file__).resolve().parents[3] / "shared"
    folder = Path(os.environ.get("TENURE_SHARED_DIR", default))
    if folder.is_dir():
        return folder
    if os.environ.get("TENURE_REQUIRE_SHARED"):
        pytest.fail(f"no folder {folder}, and TENURE_REQUIRE_SHARED is set")
    pytest.skip(f"no folder {folder}")


def reference_value(name):
    """One record of conformance/reference_values.json: "inputs", "values", "tolerance", "data"."""
    document = json.loads((shared_folder() / "conformance" / "reference_values.json").read_text())
    return next(entry for entry in document["entries"] if entry["id"] == name)


def worked_example(name):
    """One record of conformance/worked_examples.json."""
    document = json.loads((shared_folder() / "conformance" / "worked_examples.json").read_text())
    return next(record for record in document["records"] if record["id"] == name)


def read_table(path, **types):
    """Columns of a CSV file in the shared folder, as lists; `types` converts the columns that it names."""
    with (shared_folder() / path).open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {name: [types.get(name, str)(row[name]) for row in rows] for name in rows[0]}
