"""What several test modules need: the folder of real data, and modules of helpers beside the tests."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))  # `import reference`

# A build machine is slow at odd moments; how long one example takes says nothing.
# The cases are the same every time, unless somebody looks for new ones.
explores = bool(os.environ.get("TENURE_RANDOM_TESTS"))
settings.register_profile("tenure", deadline=None, print_blob=True, derandomize=not explores)
settings.load_profile("tenure")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the project; a test that needs it is skipped where there is none."""
    default = Path(__file__).resolve().parents[3] / "shared"
    folder = Path(os.environ.get("TENURE_SHARED_DIR", default)) / "data"
    if folder.is_dir():
        return folder
    if os.environ.get("TENURE_REQUIRE_SHARED"):
        pytest.fail(f"no folder {folder}, and TENURE_REQUIRE_SHARED is set")
    pytest.skip(f"no folder {folder}")
