"""Where the installed headers and CMake files are."""

from pathlib import Path

import tenure


def _find(relative: str, what: str) -> str:
    # An editable install has the Python files in one folder and headers and CMake files in another.
    for folder in tenure.__path__:
        found = Path(folder) / relative
        if found.exists():
            return str(found.parent)
    raise FileNotFoundError(
        f"tenure's {what} are not installed beside {list(tenure.__path__)}; reinstall the package with pip"
    )


def cmakedir() -> str:
    """Return the folder to pass to CMake as ``tenure_DIR``."""
    return _find("share/cmake/tenure/tenureConfig.cmake", "CMake files")


def includes() -> str:
    """Return the folder to pass to a C++ compiler with ``-I``."""
    return str(Path(_find("include/tenure/tenure.hpp", "headers")).parent)
