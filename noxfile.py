"""The matrix of developers: Python versions, oldest and newest dependencies. People's front door is ./run."""

import nox

nox.needs_version = ">=2024.10"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["lint", "tests"]

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    session.install(".[test]")
    session.run("pytest", *session.posargs)


@nox.session(python="3.11")
@nox.parametrize(
    "frames",
    [
        nox.param(["pandas==2.2.*", "duckdb==1.5.*"], id="pandas2-duckdb1"),
        nox.param(["pandas>=3", "duckdb>=2"], id="pandas3-duckdb2"),
        nox.param(["narwhals==2.0.*", "numpy==1.26.*", "pandas==2.2.*", "polars==1.20.*"], id="oldest"),
    ],
)
def dependencies(session: nox.Session, frames: list[str]) -> None:
    """The pairs whose behaviour differs visibly, and the oldest we promise."""
    session.install(".[test]", *frames)
    session.run("pytest", "tests/python", "-m", "not browser", *session.posargs)


@nox.session(python="3.11")
def bare(session: nox.Session) -> None:
    """Only what is installed at run time: the extras must stay extras."""
    session.install(".")
    session.run("tenure", "waterfall", "--help")
    session.run("tenure", "report", "-o", f"{session.create_tmp()}/company.html")


@nox.session
def lint(session: nox.Session) -> None:
    session.install(".[test]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("python", "tools/check_tree.py")


@nox.session
def cpp(session: nox.Session) -> None:
    """The C++ tests, plain and under sanitizers."""
    for preset in ("test", "asan-ubsan"):
        session.run("cmake", "--workflow", "--preset", preset, external=True)


@nox.session
def docs(session: nox.Session) -> None:
    session.install(".[docs]")
    session.run("sphinx-build", "-W", "--keep-going", "-b", "html", "docs", "build/docs")


@nox.session
def bench(session: nox.Session) -> None:
    session.install(".[bench]")
    session.run("python", "benchmarks/python/bridge.py", *session.posargs)
