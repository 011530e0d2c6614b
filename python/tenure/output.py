"""Results as text and files: CSV that no spreadsheet runs, JSON, Parquet; whole files or none."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from .contents import quoted
from .errors import FileError
from .report.figures import Columns, columns

if TYPE_CHECKING:
    from .report import Report

# A text cell that starts with one of these is taken for a formula by spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


def guarded(value: Any) -> Any:
    """Return text that would be taken for a formula with an apostrophe before it; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def to_csv(result: Any) -> str:
    """Return a result as RFC 4180 text; undefined values are empty, text is guarded against formulas."""
    held = columns(result)
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow([guarded(name) for name in held])
    for row in zip(*held.values(), strict=True):
        writer.writerow(["" if value is None else _day(guarded(value)) for value in row])
    return lines.getvalue()


def to_json(result: Any) -> str:
    """Return a result as a list of records; undefined values are null, text is plain ASCII with escapes."""
    held = columns(result)
    records = [dict(zip(held, map(_day, row), strict=True)) for row in zip(*held.values(), strict=True)]
    return json.dumps(records, indent=1, allow_nan=False)


def report_json(report: Report) -> str:
    """Return the figures of a report as text."""
    return json.dumps(report.to_dict(), indent=1, allow_nan=False) + "\n"


def _day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def emit(text: str) -> None:
    """Write text to standard output whole; an unbuffered Python may take only a part of it at a time."""
    sys.stdout.flush()
    data = memoryview(text.encode("utf-8", "surrogateescape"))
    while data:
        data = data[sys.stdout.buffer.write(data) :]
    sys.stdout.flush()


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text whole: readers see the old file or the new one, never a part."""
    replace(path, lambda file: file.write_bytes(text.encode("utf-8", "surrogateescape")))


def write_parquet(path: Path, result: Any) -> None:
    """Write a result as Parquet from its Arrow stream, or from its columns where it has none."""
    with duckdb.connect() as connection:
        if hasattr(result, "__arrow_c_stream__"):
            connection.register("result", result)
        else:
            _store(connection, columns(result))
        replace(path, lambda file: connection.sql("FROM result").write_parquet(str(file)))


def _store(connection: duckdb.DuckDBPyConnection, held: Columns) -> None:
    """Make the table ``result`` of columns as lists; a column of nothing but nulls is text."""
    kinds = {bool: "BOOLEAN", int: "BIGINT", float: "DOUBLE", date: "DATE"}
    seen = {name: next((type(value) for value in held[name] if value is not None), str) for name in held}
    declared = ", ".join(f"{quoted(name)} {kinds.get(kind, 'VARCHAR')}" for name, kind in seen.items())
    connection.execute(f"CREATE TABLE result ({declared})")
    rows = list(zip(*held.values(), strict=True))
    if rows:
        connection.executemany(f"INSERT INTO result VALUES ({', '.join('?' * len(held))})", rows)


def replace(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside `path`, sync to disk, then rename over it; a link's target is replaced, its mode kept.

    Raises
    ------
    tenure.Error
        ``E_IO_OPEN`` when the folder is missing, ``E_IO_WRITE`` when writing fails; `path` is then untouched.
    """
    target = path.resolve() if path.is_symlink() else path
    if not target.parent.is_dir():
        raise FileError(f"directory {str(target.parent)!r} does not exist", code="E_IO_OPEN")
    if target.is_dir():
        raise FileError(f"{str(path)!r} is a directory; give a file", code="E_IO_OPEN")
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as fault:
        raise FileError(f"cannot write {str(path)!r}: {fault.strerror}", code="E_IO_WRITE") from fault
    os.close(handle)
    draft = Path(name)
    try:
        write(draft)
        draft.chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask())
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    except (OSError, duckdb.IOException) as fault:
        reason = getattr(fault, "strerror", None) or fault
        raise FileError(f"cannot write {str(path)!r}: {reason}", code="E_IO_WRITE") from fault
    finally:
        draft.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
