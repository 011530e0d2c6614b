"""The committed stubs say what the compiled module offers."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_regenerated_stubs_equal_the_committed_ones(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "tools/make_stubs.py", tmp_path], check=True)
    committed = (ROOT / "python/tenure/_core.pyi").read_text()
    assert (tmp_path / "_core.pyi").read_text() == committed, "run ./run stubs"
