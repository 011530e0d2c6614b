"""Rows from CSV, Parquet or any DuckDB query, with the mapping of columns from flags or a ``tenure.toml``.

A CSV is read as text first. A column becomes dates or numbers only when every value is a plain ISO date or a
plain decimal; otherwise it stays text, so that the book refuses the value with its row instead of guessing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from .errors import FileError, InputError, OptionError
from .mapping import NAMES, Columns, Used, nearest, resolve

Given = Mapping[str, str | Sequence[str] | None]

_CSV, _PARQUET = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".csv.zst"), (".parquet", ".pq")
_TABLES: dict[str, tuple[str, ...]] = {
    "source": ("file", "sql"),
    "columns": (*NAMES, "by"),
    "report": ("title", "company", "first", "last", "as_of", "policy", "timezone", "on_reversed"),
}
# How billing systems write the units; anything else is left for the book to judge.
_UNIT_WORDS = {
    "daily": "day", "days": "day", "weekly": "week", "weeks": "week", "monthly": "month", "months": "month",
    "quarterly": "quarter", "quarters": "quarter", "semiannual": "half_year", "semi-annual": "half_year",
    "biannual": "half_year", "annual": "year", "annually": "year", "yearly": "year", "years": "year",
}  # fmt: skip
# An ISO date, or the midnight that some exports add. DuckDB alone would read 01/02/24 as a day of the year 1.
_DAY = r"\d{4}-\d\d-\d\d([ T]00:00(:00(\.0+)?)?)?"


@dataclass(frozen=True)
class Source:
    """Rows ready for `Book`, where they came from and how their columns were read."""

    label: str
    rows: int
    reach: date | None
    columns: Columns
    frame: Any

    @property
    def mapping(self) -> list[Used]:
        """Roles and what they were read from."""
        return self.columns.used()


@dataclass(frozen=True)
class Request:
    """What to read: one of file and query, the names given for roles, and the settings of the report."""

    file: Path | None
    sql: str | None
    given: Given
    settings: Mapping[str, str]
    folder: Path


def request(target: str | None, sql: str | None, given: Given, settings: Mapping[str, str | None]) -> Request:
    """Return the request of a file, a query or a ``.toml``; flags win over the settings in the file.

    Raises
    ------
    tenure.Error
        ``E_IO_OPEN`` when the file cannot be read, ``E_CONFIG`` when the TOML does not say what to read.
    """
    flags = {name: value for name, value in given.items() if value is not None}
    wanted = {name: value for name, value in settings.items() if value is not None}
    if target is None:
        return Request(None, sql, flags, wanted, Path())
    path = Path(target)
    if path.suffix.lower() != ".toml":
        return Request(path, None, flags, wanted, Path())
    tables = _toml(path)
    source = tables.get("source", {})
    if len([name for name in ("file", "sql") if source.get(name)]) != 1:
        raise OptionError(f"{target}: [source] needs either file= or sql=", code="E_CONFIG")
    file = path.parent / source["file"] if source.get("file") else None
    columns = {**tables.get("columns", {}), **flags}
    return Request(file, source.get("sql"), columns, {**tables.get("report", {}), **wanted}, path.parent)


def _toml(path: Path) -> dict[str, dict[str, Any]]:
    try:
        tables = tomllib.loads(_present(path).read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise OptionError(f"{path}: {fault}", code="E_CONFIG") from fault
    for table, content in tables.items():
        if table not in _TABLES or not isinstance(content, dict):
            raise OptionError(f"{path}: unknown table [{table}]{nearest(table, _TABLES)}", code="E_CONFIG")
        for name, value in content.items():
            if name not in _TABLES[table]:
                raise OptionError(
                    f"{path}: unknown name {name!r} in [{table}]{nearest(name, _TABLES[table])}",
                    code="E_CONFIG",
                )
            if not isinstance(value, str) and name != "by":
                content[name] = str(value)
    return tables


def _present(path: Path) -> Path:
    if path.is_dir():
        raise FileError(f"{str(path)!r} is a directory; give a file", code="E_IO_OPEN")
    if not path.exists():
        raise FileError(f"cannot open {str(path)!r}: no such file", code="E_IO_OPEN")
    return path


def load(wanted: Request) -> Source:
    """Read the rows of a request.

    Raises
    ------
    tenure.Error
        ``E_IO_OPEN``, ``E_CSV_*``, ``E_PARQUET``, ``E_SQL*`` by what could not be read, ``E_COLUMN_MISSING``.
    """
    connection = duckdb.connect()
    if wanted.sql is not None:
        label = "a query"
        _create(connection, _checked(connection, wanted.sql), wanted.folder)
    else:
        file = wanted.file or Path()
        label = file.name
        _create(connection, _reader(file), Path())
    described = connection.execute("DESCRIBE given").fetchall()
    kinds = {str(row[0]): str(row[1]) for row in described}
    columns = resolve(list(kinds), wanted.given)
    typed = _typed(connection, kinds, columns)
    frame = connection.sql(f"SELECT {', '.join(typed)} FROM given")
    rows, reach = _extent(connection, columns.names["start"])
    return Source(label, rows, reach, columns, frame)


def quoted(name: str) -> str:
    """Return a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _reader(file: Path) -> str:
    name = file.name.lower()
    if not any(mark in str(file) for mark in "*?["):
        _present(file)
        if file.stat().st_size == 0:
            raise InputError(f"{str(file)!r} is empty: no header line", code="E_CSV_EMPTY")
    if name.endswith(_PARQUET):
        return f"FROM read_parquet({_literal(str(file))})"
    if name.endswith(_CSV):
        return f"FROM read_csv({_literal(str(file))}, all_varchar=true, header=true)"
    known = ", ".join(_CSV + _PARQUET)
    raise InputError(
        f"cannot tell the format of {str(file)!r}; known endings: {known}, .toml", code="E_FORMAT"
    )


def _checked(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """One reading statement and nothing else."""
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as fault:
        raise InputError(f"sql: {_first_line(fault)}", code="E_SQL") from fault
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise InputError("sql: only one reading query runs (SELECT or FROM)", code="E_SQL_READ_ONLY")
    return sql.strip().rstrip(";")


def _create(connection: duckdb.DuckDBPyConnection, query: str, folder: Path) -> None:
    if folder != Path():
        connection.execute(f"SET file_search_path = {_literal(str(folder))}")
    try:
        connection.execute(f"CREATE TABLE given AS {query}")
    except duckdb.Error as fault:
        code = "E_PARQUET" if "read_parquet" in query else "E_CSV" if "read_csv" in query else "E_SQL"
        raise InputError(_first_line(fault), code=code) from fault


def _first_line(fault: BaseException) -> str:
    return str(fault).strip().splitlines()[0][:300]


def _typed(connection: duckdb.DuckDBPyConnection, kinds: Mapping[str, str], columns: Columns) -> list[str]:
    """Select list: text that is dates or decimals throughout becomes that, units get their plain name."""
    wanted = {name: role for role, name in columns.names.items()} | dict.fromkeys(columns.by, "by")
    wanted.update({name: role for role, name in columns.names.items()})
    out = []
    for name, role in wanted.items():
        column = quoted(name)
        if kinds[name] == "VARCHAR" and role in ("start", "end"):
            shape = f"regexp_full_match(trim({column}), '{_DAY}') AND TRY_CAST({column} AS DATE) IS NOT NULL"
            ready = _all(connection, shape, column)
            out.append(f"CAST({column} AS DATE) AS {column}" if ready else column)
        elif kinds[name] == "VARCHAR" and role in ("amount", "quantity"):
            whole = "" if role == "quantity" else r"(\.\d*)?"
            kind = "BIGINT" if role == "quantity" else "DOUBLE"
            ready = _all(connection, rf"regexp_full_match(trim({column}), '[+-]?\d+{whole}')", column)
            out.append(f"CAST(trim({column}) AS {kind}) AS {column}" if ready else column)
        elif role == "interval":
            cases = " ".join(
                f"WHEN {_literal(word)} THEN {_literal(unit)}" for word, unit in _UNIT_WORDS.items()
            )
            out.append(f"CASE lower(trim({column})) {cases} ELSE {column} END AS {column}")
        else:
            out.append(column)
    return out


def _all(connection: duckdb.DuckDBPyConnection, condition: str, column: str) -> bool:
    query = f"SELECT coalesce(bool_and({condition}), true) FROM given WHERE {column} IS NOT NULL"
    return bool(connection.execute(query).fetchall()[0][0])


def _extent(connection: duckdb.DuckDBPyConnection, start: str) -> tuple[int, date | None]:
    """How many rows, and the day of the latest start."""
    query = f"SELECT count(*), max(TRY_CAST({quoted(start)} AS DATE)) FROM given"
    rows, latest = connection.execute(query).fetchall()[0]
    return int(rows), latest if isinstance(latest, date) else None
