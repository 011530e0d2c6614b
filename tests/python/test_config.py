"""Build scripts ask the package where its headers and CMake files are."""

import subprocess
import sys
from pathlib import Path

import pytest

import tenure
from tenure import _config


def test_cmakedir_and_includes_hold_what_they_promise() -> None:
    assert (Path(_config.cmakedir()) / "tenureConfig.cmake").is_file()
    assert (Path(_config.includes()) / "tenure" / "tenure.hpp").is_file()


def test_every_folder_of_the_package_is_searched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sources = tmp_path / "sources"  # an editable install: Python files here, the rest in site-packages
    monkeypatch.setattr(tenure, "__path__", [str(sources), *tenure.__path__])
    assert Path(_config.includes()).is_dir()


def test_missing_files_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tenure, "__path__", [str(tmp_path)])
    with pytest.raises(FileNotFoundError, match=r"CMake files are not installed beside .*reinstall"):
        _config.cmakedir()


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("--cmakedir", _config.cmakedir()),
        ("--includes", _config.includes()),
        ("--version", tenure.__version__),
    ],
)
def test_module_prints_one_answer(option: str, expected: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tenure", option], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{expected}\n"


def test_module_hands_other_arguments_to_the_command_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tenure", "--help"], capture_output=True, text=True, check=True
    )
    assert "report" in done.stdout
