"""What to read and what to report, from flags and ``tenure.toml``; flags win."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import FileError, OptionError
from .mapping import nearest
from .names import NAMES

Given = Mapping[str, str | Sequence[str] | None]

TABLES: dict[str, tuple[str, ...]] = {
    "source": ("file", "sql", "encoding", "rates", "max_days_back", "spend", "calls", "deals"),
    "columns": (*NAMES, "by"),
    "report": (
        "title", "company", "first", "last", "as_of", "known_at", "restated_since", "policy", "compare",
        "reporting_currency", "timezone", "on_reversed", "margin",
    ),
    "spend": ("date", "amount", "channel", "kind", "paid", "currency"),
    "calls": (
        "taken", "period", "amount", "category", "owner", "actual", "grain", "fiscal_start", "weeks",
        "categories",
    ),
    "deals": (
        "taken", "opportunity", "close_date", "amount", "category", "outcome", "owner", "probability",
        "categories", "outcomes",
    ),
}  # fmt: skip
_MEANINGS = ("categories", "outcomes")  # words of a table and what they mean
_BESIDE = ("rates", "spend", "calls", "deals")  # files beside the rows


@dataclass(frozen=True)
class Request:
    """What to read: one of file and query, the names given for roles, and the settings of the report."""

    file: Path | None
    sql: str | None
    given: Given
    settings: Mapping[str, str]
    folder: Path
    encoding: str | None = None


def request(
    target: str | None,
    sql: str | None,
    given: Given,
    settings: Mapping[str, str | None],
    encoding: str | None = None,
) -> Request:
    """Return the request of a file, a query or a ``.toml``; flags win over the settings in the file.

    Raises
    ------
    tenure.Error
        ``E_IO_OPEN`` when the file cannot be read, ``E_CONFIG`` when the TOML does not say what to read.
    """
    named = {name: value for name, value in given.items() if value is not None}
    wanted = {name: value for name, value in settings.items() if value is not None}
    if target is None:
        return Request(None, sql, named, wanted, Path())
    path = Path(target)
    if path.suffix.lower() != ".toml":
        return Request(path, None, named, wanted, Path(), encoding)
    tables = _toml(path)
    source = tables.get("source", {})
    if len([name for name in ("file", "sql") if source.get(name)]) != 1:
        raise OptionError(f"{target}: [source] needs either file= or sql=", code="E_CONFIG")
    file = path.parent / source["file"] if source.get("file") else None
    columns = {**tables.get("columns", {}), **named}
    beside = {name: str(path.parent / source[name]) for name in _BESIDE if source.get(name)}
    beside |= {name: source[name] for name in ("max_days_back",) if name in source}
    for table in ("spend", "calls", "deals"):
        beside |= {f"{table}_{role}": name for role, name in tables.get(table, {}).items()}
    asked = {**beside, **tables.get("report", {}), **wanted}
    return Request(file, source.get("sql"), columns, asked, path.parent, encoding or source.get("encoding"))


def _toml(path: Path) -> dict[str, dict[str, Any]]:
    try:
        tables = tomllib.loads(present(path).read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise OptionError(f"{path}: {fault}", code="E_CONFIG") from fault
    for table, content in tables.items():
        if not isinstance(content, dict):
            known = ", ".join(f"[{name}]" for name in TABLES)
            home = [f"[{name}]" for name, keys in TABLES.items() if table in keys]
            hint = f"Move it below {home[0]}." if home else None
            raise OptionError(
                f"{path}: {table!r} stands outside a table; the tables are {known}",
                code="E_CONFIG",
                hint=hint,
            )
        if table not in TABLES:
            raise OptionError(f"{path}: unknown table [{table}]{nearest(table, TABLES)}", code="E_CONFIG")
        for name, value in content.items():
            if name not in TABLES[table]:
                raise OptionError(
                    f"{path}: unknown name {name!r} in [{table}]{nearest(name, TABLES[table])}",
                    code="E_CONFIG",
                )
            if name in _MEANINGS:
                content[name] = _pairs(path, table, name, value)
            elif not isinstance(value, str) and name != "by":
                content[name] = str(value)
    return tables


def _pairs(path: Path, table: str, name: str, value: Any) -> str:
    """What words mean, a line each: ``Upside=best_case``."""
    if isinstance(value, dict) and all(isinstance(meaning, str) for meaning in value.values()):
        return "\n".join(f"{word}={meaning}" for word, meaning in value.items())
    hint = f'Write [{table}] {name} = {{ "Upside" = "best_case" }}.'
    raise OptionError(f"{path}: {name!r} in [{table}] is no table of words", code="E_CONFIG", hint=hint)


def present(path: Path) -> Path:
    """Return the path of a file that is there."""
    if path.is_dir():
        raise FileError(f"{str(path)!r} is a directory; give a file", code="E_IO_OPEN")
    if not path.exists():
        raise FileError(f"cannot open {str(path)!r}: no such file", code="E_IO_OPEN")
    return path
