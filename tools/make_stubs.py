"""Write _core.pyi, the types of the installed extension module, into a folder."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def make_stubs(folder: Path) -> Path:
    """Generate `folder/_core.pyi` and return it."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pybind11_stubgen", "tenure._core", "--exit-code", "-o", scratch]
        # Away from the sources: the module that counts is the installed one.
        subprocess.run(command, check=True, cwd=scratch)
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(Path(scratch, "tenure", "_core.pyi"), folder))


if __name__ == "__main__":
    print(make_stubs(Path(sys.argv[1]).resolve()))
