"""The Python examples run as they stand."""

import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples" / "python"


def test_real_books(shared):
    command = [sys.executable, str(EXAMPLES / "real_books.py"), str(shared)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "1240" in done.stdout.replace(",", "")
    assert "plan_tier" in done.stdout


def test_real_customers(shared):
    command = [sys.executable, str(EXAMPLES / "real_customers.py"), str(shared)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Two year" in done.stdout
    assert "2,357 customers" in done.stdout
