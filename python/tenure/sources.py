"""Rows from CSV, Parquet or any DuckDB query, checked and typed for the book.

A CSV is read as text first. A column becomes dates or numbers only when every value is a plain ISO date or a
plain decimal; otherwise it stays text, so that the book refuses the value with its row instead of guessing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from .contents import DAY, doubts, flags, judge, literal, quoted
from .errors import InputError
from .mapping import Columns, Used, resolve
from .names import DATES, UNIT_WORDS, WORDS
from .settings import Given, Request, present

DECIMAL = r"[+-]?\d+(\.\d*)?"
# How plain numbers are written, and the type that holds them.
_NUMBERS = {
    "amount": (DECIMAL, "DOUBLE"),
    "quantity": (r"[+-]?\d+", "BIGINT"),
    "interval_count": (r"[+-]?\d+", "BIGINT"),
    **dict.fromkeys(("discount_percent", "discount_amount", "tax", "renewal_amount"), (DECIMAL, "DOUBLE")),
    **dict.fromkeys(("invoiced_quantity", "version"), (r"[+-]?\d+", "BIGINT")),
}
_WORDS = {"interval": UNIT_WORDS, **WORDS}
_CSV, _PARQUET = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".csv.zst"), (".parquet", ".pq")
_DAY_AND_TIME = r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?"
_ZONE = r"(Z|[+-]\d\d(:?\d\d)?)"


@dataclass(frozen=True)
class Source:
    """Rows ready for `Book`, where they came from and how their columns were read.

    `reach` is the latest day on which a row starts, ends or was entered, the future aside.
    """

    label: str
    rows: int
    reach: date | None
    columns: Columns
    frame: Any
    warnings: Sequence[str] = ()

    @property
    def mapping(self) -> list[Used]:
        """Roles and what they were read from."""
        return self.columns.used()


def load(wanted: Request) -> Source:
    """Read the rows of a request.

    Raises
    ------
    tenure.Error
        ``E_IO_OPEN``, ``E_CSV_*``, ``E_PARQUET``, ``E_SQL*`` by what could not be read, ``E_NO_ROWS``,
        ``E_COLUMN_MISSING``, ``E_COLUMN_UNUSED``.
    """
    connection = duckdb.connect()
    label, kinds = opened(connection, wanted)
    columns, doubted = mapped(connection, kinds, wanted.given)
    rows, reach = _extent(connection, columns)
    if rows == 0:
        raise InputError(f"no rows in {label}: it has a header and nothing below", code="E_NO_ROWS")
    warnings = judge(connection, kinds, columns, doubted)
    typed = _typed(connection, kinds, columns)
    frame = connection.sql(f"SELECT {', '.join(typed)} FROM given")
    return Source(label, rows, reach, columns, frame, warnings)


def mapped(
    connection: duckdb.DuckDBPyConnection, kinds: Mapping[str, str], given: Given, **how: Any
) -> tuple[Columns, dict[str, str]]:
    """Return the columns by role, and those whose name fits a role but whose content does not, with why."""
    columns = resolve(list(kinds), given, **how)
    unfit = flags(connection, kinds, columns)
    doubted: dict[str, str] = {}
    while True:
        columns = resolve(list(kinds), given, unfit={*unfit, *doubted}, **how)
        more = doubts(connection, kinds, columns)
        if not more:
            return columns, doubted
        doubted.update(more)


def opened(connection: duckdb.DuckDBPyConnection, wanted: Request) -> tuple[str, dict[str, str]]:
    """Read what is wanted into the table ``given``; return its label and the types of its columns by name."""
    if wanted.sql is not None:
        label = "a query"
        _create(connection, _checked(connection, wanted.sql), wanted.folder)
    else:
        file = wanted.file or Path()
        label = file.name
        _create(connection, _reader(file, wanted.encoding), Path())
    described = connection.execute("DESCRIBE given").fetchall()
    return label, {str(row[0]): str(row[1]) for row in described}


def _reader(file: Path, encoding: str | None) -> str:
    name = file.name.lower()
    if not any(mark in str(file) for mark in "*?["):
        present(file)
        if file.stat().st_size == 0:
            raise InputError(f"{str(file)!r} is empty: no header line", code="E_CSV_EMPTY")
    if name.endswith(_PARQUET):
        return f"FROM read_parquet({literal(str(file))})"
    if name.endswith(_CSV):
        how = "" if encoding is None else f", encoding={literal(encoding)}"
        return f"FROM read_csv({literal(str(file))}, all_varchar=true, header=true{how})"
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
        connection.execute(f"SET file_search_path = {literal(str(folder))}")
    try:
        connection.execute(f"CREATE TABLE given AS {query}")
    except duckdb.Error as fault:
        if "read_csv" in query and "utf-8" in str(fault).lower():
            raise InputError(
                "the file is not UTF-8 text",
                code="E_CSV",
                hint="Say what it is: --encoding latin-1 (or utf-16); encoding= below [source].",
            ) from fault
        code = "E_PARQUET" if "read_parquet" in query else "E_CSV" if "read_csv" in query else "E_SQL"
        raise InputError(_first_line(fault), code=code) from fault


def _first_line(fault: BaseException) -> str:
    return str(fault).strip().splitlines()[0][:300]


def _typed(connection: duckdb.DuckDBPyConnection, kinds: Mapping[str, str], columns: Columns) -> list[str]:
    """Select list: text that is dates or decimals throughout becomes that, units get their plain name."""
    wanted = dict.fromkeys(columns.by, "by") | {name: role for role, name in columns.names.items()}
    order = dict.fromkeys([*columns.names.values(), *columns.by])
    out = []
    for name in order:
        role, column = wanted[name], quoted(name)
        text = kinds[name] == "VARCHAR"
        if text and role in DATES:
            out.append(as_days(connection, name))
        elif text and role in _NUMBERS:
            out.append(as_numbers(connection, name, *_NUMBERS[role]))
        elif text and role in _WORDS:
            cases = " ".join(
                f"WHEN {literal(said)} THEN {literal(word)}" for said, word in _WORDS[role].items()
            )
            out.append(f"CASE lower(trim({column})) {cases} ELSE lower(trim({column})) END AS {column}")
        elif text and role == "currency":
            out.append(f"upper(trim({column})) AS {column}")
        else:
            out.append(column)
    return out


def as_days(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """Select a text column as days or times of day if it holds nothing else, and else as it is."""
    column = quoted(name)
    shape = f"regexp_full_match(trim({column}), '{DAY}') AND TRY_CAST({column} AS DATE) IS NOT NULL"
    kind = "DATE" if _all(connection, shape, column) else _moment(connection, column)
    return f"CAST(trim({column}) AS {kind}) AS {column}" if kind else column


def as_numbers(
    connection: duckdb.DuckDBPyConnection, name: str, shape: str = DECIMAL, kind: str = "DOUBLE"
) -> str:
    """Select a text column as numbers if it holds nothing else, and else as it is."""
    column = quoted(name)
    ready = _all(connection, f"regexp_full_match(trim({column}), '{shape}')", column)
    return f"CAST(trim({column}) AS {kind}) AS {column}" if ready else column


def _moment(connection: duckdb.DuckDBPyConnection, column: str) -> str | None:
    """The type of times of day that are texts: instants where all have a zone, else clock times."""
    for kind, zone in (("TIMESTAMP", ""), ("TIMESTAMPTZ", _ZONE)):
        shape = f"regexp_full_match(trim({column}), '{_DAY_AND_TIME}{zone}')"
        if _all(connection, f"{shape} AND TRY_CAST(trim({column}) AS {kind}) IS NOT NULL", column):
            return kind
    return None


def _all(connection: duckdb.DuckDBPyConnection, condition: str, column: str) -> bool:
    query = f"SELECT coalesce(bool_and({condition}), true) FROM given WHERE {column} IS NOT NULL"
    return bool(connection.execute(query).fetchall()[0][0])


def _extent(connection: duckdb.DuckDBPyConnection, columns: Columns) -> tuple[int, date | None]:
    """How many rows, and the latest day on which one starts, ends or was entered, the future aside."""
    days = [
        f"TRY_CAST({quoted(columns.names[role])} AS DATE)"
        for role in ("start", "end", "recorded", "superseded")
        if role in columns.names
    ]
    past = ", ".join(
        f"max(CASE WHEN {day} <= {literal(date.today().isoformat())} THEN {day} END)" for day in days
    )
    rows, *latest = connection.execute(f"SELECT count(*), {past} FROM given").fetchall()[0]
    return int(rows), max((day for day in latest if isinstance(day, date)), default=None)
