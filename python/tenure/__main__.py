"""``python -m tenure``: folders and version for build scripts, otherwise the command line."""

import sys

import tenure
from tenure._config import cmakedir, includes


def main() -> None:
    """Print one folder or the version, or hand over to the command line."""
    match sys.argv[1:]:
        case ["--cmakedir"]:
            print(cmakedir())
        case ["--includes"]:
            print(includes())
        case ["--version"]:
            print(tenure.__version__)
        case _:
            from tenure.cli import main as command_line

            command_line()


if __name__ == "__main__":
    main()
