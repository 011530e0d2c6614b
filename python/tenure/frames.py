"""Any data frame in: its columns, typed but not yet understood, as one `_core.Table`.

Frames that speak Arrow (``__arrow_c_stream__``) are read where they lie. numpy columns, and those of pandas,
are taken as they lie too; only lists and object columns are looked at value by value.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from . import _core
from .columns import put_column
from .errors import InputError, input_error
from .progress import reading

__all__ = ["check_names", "column_names", "read", "unwrapped"]


def read(frame: Any, wanted: Sequence[str], *, keys: Collection[str] = ()) -> tuple[_core.Table, str]:
    """Take the wanted columns of a frame.

    Returns
    -------
    table, kind
        The columns, and the caller's kind of frame: ``pandas``, ``polars``, ``pyarrow``, ``duckdb`` or
        ``dict``.

    Raises
    ------
    InputError
        ``E_COLUMN_MISSING`` with the nearest name, ``E_COLUMN_DUPLICATE``, ``E_COLUMN_LENGTH``, ``E_SHAPE``,
        ``E_BYTE_ORDER``, ``E_TYPE``, ``E_KEY_TYPE`` (in columns of `keys`), ``E_ARROW_INVALID``,
        ``E_ARROW_RELEASED``, ``E_ARROW_STREAM``.
    """
    table = _core.Table()
    frame = unwrapped(frame, wanted)
    if isinstance(frame, Mapping):
        check_names(list(frame), wanted)
        for name in wanted:
            put_column(table, name, frame[name], keys=keys)
        return table, "dict"
    if _is(frame, "pandas", "DataFrame"):
        check_names(list(frame.columns), wanted, hint=_index_hint(frame, wanted))
        for name in wanted:
            put_column(table, name, frame[name], keys=keys)
        return table, "pandas"
    kind, narrow = _narrowed(frame, wanted)
    if hasattr(narrow, "__arrow_c_stream__"):
        with reading() as progress:
            names = table.read_stream(narrow.__arrow_c_stream__(), progress)
        check_names(names, wanted)
        return table, kind
    raise input_error(
        f"the rows are {type(frame).__name__}; expected a data frame",
        code="E_TYPE",
        value=type(frame).__name__,
        hint="Pass pandas, Polars, pyarrow, DuckDB, a dict of columns, or anything with __arrow_c_stream__.",
    )


def _is(frame: Any, module: str, *names: str) -> bool:
    """Whether `frame` is of a class of a package, which need not be installed: then it is not."""
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(frame, tuple(getattr(loaded, name) for name in names))


def unwrapped(frame: Any, wanted: Sequence[str]) -> Any:
    """Frames behind narwhals, and lazy frames, as frames that hold rows."""
    if _is(frame, "narwhals", "DataFrame", "LazyFrame"):
        frame = frame.to_native()
    if _is(frame, "polars", "LazyFrame"):
        check_names(frame.collect_schema().names(), wanted)
        return frame.select(list(dict.fromkeys(wanted))).collect()
    held = (
        hasattr(frame, "__arrow_c_stream__")
        or isinstance(frame, Mapping)
        or _is(frame, "pandas", "DataFrame")
    )
    if held or type(frame).__module__.split(".")[0] in {"builtins", "numpy"}:
        return frame
    import narwhals

    lazy = narwhals.from_native(frame, pass_through=True)
    return lazy.collect().to_native() if isinstance(lazy, narwhals.LazyFrame) else frame


def _narrowed(frame: Any, wanted: Sequence[str]) -> tuple[str, Any]:
    """Leave out columns that are not asked for: some producers would convert them."""
    columns = list(dict.fromkeys(wanted))
    if _is(frame, "polars", "DataFrame"):
        check_names(frame.columns, wanted)
        return "polars", frame.select(columns)
    if _is(frame, "duckdb", "DuckDBPyRelation"):
        check_names(frame.columns, wanted)
        return "duckdb", frame.project(", ".join('"' + name.replace('"', '""') + '"' for name in columns))
    if _is(frame, "pyarrow", "Table", "RecordBatch"):
        check_names(frame.schema.names, wanted)
        return "pyarrow", frame.select(columns)
    return "pyarrow", frame


def column_names(frame: Any) -> list[Any] | None:
    """Names of all columns, where a frame says so without being read; else None."""
    if isinstance(frame, Mapping):
        return list(frame)
    if hasattr(frame, "collect_schema"):
        return list(frame.collect_schema().names())  # Polars, narwhals
    if isinstance(names := getattr(getattr(frame, "schema", None), "names", None), list):
        return names  # pyarrow, whose columns are arrays
    names = getattr(frame, "columns", None)
    return None if names is None or callable(names) else list(names)


def _index_hint(frame: Any, wanted: Iterable[str]) -> str | None:
    inside = [name for name in wanted if name in frame.index.names and name not in frame.columns]
    return f"'{inside[0]}' is in the index: call reset_index() first." if inside else None


def check_names(names: Sequence[Any], wanted: Iterable[str], *, hint: str | None = None) -> None:
    """Refuse columns that are not there, with the nearest name, or there more than once."""
    for name in wanted:
        count = sum(1 for known in names if known == name)
        if count == 1:
            continue
        if count > 1:
            raise InputError(
                f"the column occurs {count} times",
                code="E_COLUMN_DUPLICATE",
                column=name,
                value=name,
                hint="Rename or drop the others.",
            )
        if not names:
            message = f"columns needed: {', '.join(dict.fromkeys(wanted))}; found none"
            raise InputError(message, code="E_COLUMN_MISSING", column=name, hint=hint)
        near = difflib.get_close_matches(name, [str(known) for known in names], n=1)
        guess = f"; did you mean '{near[0]}'?" if near else ""
        found = ", ".join(str(known) for known in names[:20])
        message = f"column '{name}' not found{guess}"
        raise InputError(
            message, code="E_COLUMN_MISSING", column=name, value=name, hint=hint or f"Found: {found}."
        )
