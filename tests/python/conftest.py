"""What several test modules need: the folder of real data, and modules of helpers beside the tests."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))  # `import reference`

from shared_values import shared_folder

# A build machine is slow at odd moments; how long one example takes says nothing.
# The cases are the same every time, unless somebody looks for new ones.
explores = bool(os.environ.get("TENURE_RANDOM_TESTS"))
settings.register_profile("tenure", deadline=None, print_blob=True, derandomize=not explores)
settings.load_profile("tenure")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the project; a test that needs it is skipped where there is none."""
    return shared_folder() / "data"


@pytest.fixture(autouse=True)
def no_open_figures():
    """Charts on a figure of their own stay open until somebody closes them, and matplotlib warns of many."""
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")
