"""A C++ project of somebody else builds and runs against tenure, whichever way it came."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
UNITS = HERE / "units"  # every header in two units of one program: built whichever way the library came
EXAMPLES = ROOT / "examples" / "cpp"  # take minutes as headers only: built one way


def run(*command: str | Path) -> str:
    done = subprocess.run(command, text=True, capture_output=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(source: Path, folder: Path, *options: str) -> None:
    # Header wheels of this environment serve where no system Boost and Eigen exist.
    pip_headers = ["-DTENURE_PIP_HEADERS=ON", f"-DPython_EXECUTABLE={sys.executable}"]
    run("cmake", "-S", source, "-B", folder, "-G", "Ninja", *pip_headers, *options)
    run("cmake", "--build", folder, "--parallel", "2")


def build_and_test(source: Path, build_folder: Path, *options: str) -> None:
    build(source, build_folder, "-DCMAKE_BUILD_TYPE=Debug", *options)
    run("ctest", "--test-dir", build_folder, "--output-on-failure", "--no-tests=error")


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install into a folder, from a build that already exists if the caller names one."""
    folder = tmp_path_factory.mktemp("prefix")
    built = os.environ.get("TENURE_BUILD_DIR")
    if built is None:
        built = str(tmp_path_factory.mktemp("build"))
        build(ROOT, Path(built), "-DTENURE_BUILD_TESTS=OFF")
    run("cmake", "--install", built, "--prefix", folder)
    return folder


@pytest.mark.parametrize("consumer", [UNITS, EXAMPLES], ids=["units", "examples"])
def test_install_prefix(prefix: Path, consumer: Path, tmp_path: Path) -> None:
    build_and_test(consumer, tmp_path, f"-DCMAKE_PREFIX_PATH={prefix}")


def test_install_prefix_compiled(prefix: Path, tmp_path: Path) -> None:
    options = [f"-DCMAKE_PREFIX_PATH={prefix}", "-DTENURE_TARGET=tenure::compiled"]
    build_and_test(UNITS, tmp_path, *options)


def test_wheel(tmp_path: Path) -> None:
    cmakedir = run(sys.executable, "-m", "tenure", "--cmakedir").strip()
    build_and_test(UNITS, tmp_path, f"-Dtenure_DIR={cmakedir}")


def test_add_subdirectory(tmp_path: Path) -> None:
    options = [f"-DTENURE_SOURCE={ROOT}", f"-DCONSUMER={UNITS}"]
    build_and_test(HERE / "embedded", tmp_path, *options)


def test_wheel_tells_its_version_and_includes() -> None:
    version = run(sys.executable, "-m", "tenure", "--version").strip()
    includes = Path(run(sys.executable, "-m", "tenure", "--includes").strip())
    assert f'#define TENURE_VERSION "{version}"' in (includes / "tenure" / "version.hpp").read_text()
