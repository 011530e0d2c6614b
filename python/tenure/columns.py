"""One column in: numpy arrays, pandas series, Arrow arrays, lists."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from . import _core
from .errors import InputError, input_error

_PER_SECOND = {"D": 0, "s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_COARSER = {"Y": "D", "M": "D", "W": "D", "h": "s", "m": "s", "ps": "ns", "fs": "ns", "as": "ns"}

_ABSENT = frozenset({"NoneType", "NAType", "NaTType"})  # by name: pandas need not be installed
_MAY_BE_MISSING = (float, np.floating, np.datetime64)


def put_column(table: _core.Table, name: str, values: Any, *, keys: Collection[str] = ()) -> None:
    """Put a column of any kind into the table, copied only where its type leaves no choice."""
    dtype = getattr(values, "dtype", None)
    if isinstance(values, np.ma.MaskedArray):
        hint = "Fill the array, or pass Arrow or pandas data with nulls."
        raise input_error(
            "masked arrays are not read", code="E_TYPE", column=name, value="masked_array", hint=hint
        )
    if isinstance(values, np.ndarray):
        _put_array(table, name, values, keys)
    elif "pandas" in sys.modules and hasattr(values, "to_numpy") and hasattr(values, "isna"):
        _put_series(table, name, values, dtype, keys)
    elif hasattr(values, "__arrow_c_stream__"):
        table.read_column(name, values.__arrow_c_stream__())
    elif hasattr(values, "__arrow_c_array__"):
        import pyarrow

        table.read_column(name, pyarrow.chunked_array([values]).__arrow_c_stream__())
    elif isinstance(values, str | bytes) or not isinstance(values, Sequence):
        shown = type(values).__name__
        hint = "Give one value for each row."
        raise input_error(
            f"is {shown}; expected an array or a list", code="E_TYPE", column=name, value=shown, hint=hint
        )
    else:
        _put_objects(table, name, values, keys)


def _put_array(
    table: _core.Table,
    name: str,
    values: NDArray[Any],
    keys: Collection[str],
    missing: NDArray[Any] | None = None,
) -> None:
    if values.ndim != 1:
        shape = "is 0-D" if values.ndim == 0 else f"has shape {values.shape}"
        hint = "Pass one value a row, such as values[:, 0]."
        raise InputError(
            f"{shape}; expected 1-D", code="E_SHAPE", column=name, value=str(values.shape), hint=hint
        )
    if not values.dtype.isnative:
        native = values.dtype.newbyteorder("=").str
        raise InputError(
            f"is big-endian ({values.dtype.str})",
            code="E_BYTE_ORDER",
            column=name,
            value=values.dtype.str,
            hint=f"Use .astype('{native}').",
        )
    if values.size > _core.MOST_ROWS:
        hint = "Split the rows by customer and add up the results."
        raise InputError(
            f"{values.size} rows; one book takes {_core.MOST_ROWS}", code="E_LIMIT_ROWS", hint=hint
        )
    kind = values.dtype.kind
    if kind == "M":
        _put_datetimes(table, name, values)
    elif kind in "biu" or values.dtype in (np.float32, np.float64):
        table.set_numbers(name, np.ascontiguousarray(values), missing=missing, type_name=values.dtype.name)
    elif values.dtype == np.float16:
        table.set_numbers(name, values.astype(np.float32), missing=missing, type_name="float16")
    elif kind == "U":
        table.set_texts(name, np.ascontiguousarray(values))
    elif kind in "OT":
        _put_objects(table, name, values.astype(object), keys)
    else:
        hint = "Cast the column to numbers, dates or text."
        shown = values.dtype.name
        raise input_error(
            f"is {shown}",
            code="E_KEY_TYPE" if name in keys else "E_TYPE",
            column=name,
            value=shown,
            hint=hint,
        )


def _put_datetimes(table: _core.Table, name: str, values: NDArray[Any], zone: str = "") -> None:
    unit = np.datetime_data(values.dtype)[0]
    if np.datetime_data(values.dtype)[1] != 1 or unit in _COARSER:
        unit = _COARSER.get(unit, unit)
        values = values.astype(f"datetime64[{unit}]")
    if unit not in _PER_SECOND:
        hint = "Use .astype('datetime64[D]')."
        raise input_error(
            "is datetime64 without a unit",
            code="E_DATE_UNIT",
            column=name,
            value=str(values.dtype),
            hint=hint,
        )
    numbers = np.ascontiguousarray(values).view(np.int64)
    shown = f"datetime64[{unit}{', ' + zone if zone else ''}]"
    table.set_numbers(name, numbers, per_second=_PER_SECOND[unit], zone=zone, type_name=shown)


def _dates(values: Any) -> Any:
    """What of a pandas series or index converts zones."""
    return getattr(values, "dt", values)


def _put_series(table: _core.Table, name: str, series: Any, dtype: Any, keys: Collection[str]) -> None:
    """A pandas series: numpy where it is numpy inside, Arrow where it is Arrow, else value by value."""
    if isinstance(dtype, np.dtype):
        _put_array(table, name, series.to_numpy(), keys)
    elif getattr(dtype, "tz", None) is not None:
        utc = _dates(_dates(series).tz_convert("UTC")).tz_localize(None)
        _put_datetimes(table, name, utc.to_numpy(), zone=str(dtype.tz))
    elif (
        hasattr(dtype, "pyarrow_dtype")
        or getattr(dtype, "storage", None) == "pyarrow"
        or _is_categorical(dtype)
    ):
        _put_arrow_backed(table, name, series, keys)
    elif isinstance(getattr(dtype, "numpy_dtype", None), np.dtype) and dtype.numpy_dtype.kind in "biuf":
        missing = np.asarray(series.isna())
        values = series.to_numpy(dtype=dtype.numpy_dtype, na_value=dtype.numpy_dtype.type(0))
        _put_array(table, name, values, keys, missing if missing.any() else None)
    else:
        _put_objects(table, name, series.to_numpy(dtype=object), keys)


def _is_categorical(dtype: Any) -> bool:
    return hasattr(dtype, "categories") and hasattr(dtype, "ordered")


def _put_arrow_backed(table: _core.Table, name: str, series: Any, keys: Collection[str]) -> None:
    try:
        import pyarrow
    except ImportError:  # a categorical needs no pyarrow to exist
        return _put_objects(table, name, series.to_numpy(dtype=object), keys)
    array = pyarrow.array(series.array if hasattr(series, "array") else series, from_pandas=True)
    chunked = array if isinstance(array, pyarrow.ChunkedArray) else pyarrow.chunked_array([array])
    return table.read_column(name, chunked.__arrow_c_stream__())


def _is_missing(value: Any) -> bool:
    """None, NaN, NaT and pandas' NA; each but None is unequal to itself or refuses to be compared."""
    if type(value).__name__ in _ABSENT:
        return True
    return isinstance(value, _MAY_BE_MISSING) and bool(value != value)  # noqa: PLR0124


def _put_objects(
    table: _core.Table, name: str, values: Sequence[Any] | NDArray[Any], keys: Collection[str]
) -> None:
    """Values of Python's own types; all of one kind, apart from missing ones."""
    kinds = set(map(type, values))
    if all(kind is type(None) or issubclass(kind, str) for kind in kinds):
        return table.set_texts(name, values)
    if kinds <= {date, type(None)}:  # what a date32 column becomes in pandas: numpy reads it at once
        return _put_datetimes(table, name, np.array(values, "datetime64[D]"))
    missing = np.zeros(len(values), bool)
    if any(issubclass(kind, _MAY_BE_MISSING) or kind.__name__ in _ABSENT for kind in kinds):
        missing = np.array([_is_missing(value) for value in values], dtype=bool)
    present = {type(value) for value, gone in zip(values, missing, strict=True) if not gone}
    family = _family(present)
    if family == "int" and name not in keys and any(issubclass(kind, float | np.floating) for kind in kinds):
        family = "float"  # NaN is no null: an amount that is not a number is refused as that
    if family is None:
        _refuse_mixture(name, values, missing, keys)
    return _PUT[family](table, name, values, missing)


def _family(present: set[type]) -> str | None:
    def only(*kinds: type) -> bool:
        return all(issubclass(kind, kinds) for kind in present)

    if only(str):
        return "text"
    if only(bool, np.bool_):
        return "bool"
    if any(issubclass(kind, bool | np.bool_) for kind in present):
        return None
    if only(int, np.integer):
        return "int"
    if only(int, np.integer, Decimal):
        return "decimal"
    if only(int, np.integer, float, np.floating):
        return "float"
    if only(date, np.datetime64):
        return "date"
    return None


def _refuse_mixture(name: str, values: Any, missing: NDArray[Any], keys: Collection[str]) -> NoReturn:
    first = next(row for row in range(len(values)) if not missing[row])
    other = next(
        (
            row
            for row in range(first, len(values))
            if not missing[row] and type(values[row]) is not type(values[first])
        ),
        None,
    )
    if other is None:
        what, row = f"is {type(values[first]).__name__}", first
    else:
        what, row = (
            f"{type(values[other]).__name__} where row {first} is {type(values[first]).__name__}",
            other,
        )
    raise input_error(
        what,
        code="E_KEY_TYPE" if name in keys else "E_TYPE",
        column=name,
        row=row,
        value=repr(values[row])[:80],
        hint="Give the whole column one type.",
    )


def _put_texts(table: _core.Table, name: str, values: Any, _: NDArray[Any]) -> None:
    table.set_texts(name, values)  # what is no text is null


def _put_bools(table: _core.Table, name: str, values: Any, missing: NDArray[Any]) -> None:
    held = np.array([bool(value) for value in np.where(missing, False, values)])
    table.set_numbers(name, held, missing=missing, type_name="bool")


def _put_ints(table: _core.Table, name: str, values: Any, missing: NDArray[Any]) -> None:
    held = [0 if gone else int(value) for value, gone in zip(values, missing, strict=True)]
    low, high = min(held), max(held)
    if low >= -(2**63) and high < 2**63:
        table.set_numbers(name, np.array(held, np.int64), missing=missing, type_name="int64")
    elif low >= 0 and high < 2**64:
        table.set_numbers(name, np.array(held, np.uint64), missing=missing, type_name="uint64")
    else:
        _put_decimals(table, name, values, missing)


def _put_floats(table: _core.Table, name: str, values: Any, _: NDArray[Any]) -> None:
    nulls = np.array([type(value).__name__ in _ABSENT for value in values], dtype=bool)
    held = np.array([0.0 if gone else float(value) for value, gone in zip(values, nulls, strict=True)])
    table.set_numbers(name, held, missing=nulls if nulls.any() else None, type_name="float64")


def _put_decimals(table: _core.Table, name: str, values: Any, missing: NDArray[Any]) -> None:
    texts: list[str | None] = []
    for row, (value, gone) in enumerate(zip(values, missing, strict=True)):
        if not gone and isinstance(value, Decimal) and not value.is_finite():
            code = "E_AMOUNT_NAN" if value.is_nan() else "E_AMOUNT_INF"
            hint = "Drop the row or give its amount."
            raise InputError(
                f"{value} is not an amount", code=code, column=name, row=row, value=str(value), hint=hint
            )
        texts.append(None if gone else format(value, "f") if isinstance(value, Decimal) else str(int(value)))
    table.set_texts(name, texts)


def _put_dates(table: _core.Table, name: str, values: Any, missing: NDArray[Any]) -> None:
    """Dates, or instants: a date among local times is its midnight."""
    present = [value for value, gone in zip(values, missing, strict=True) if not gone]
    zones = {value.tzinfo is not None for value in present if isinstance(value, datetime)}
    if len(zones) > 1:
        hint = "Give all of them a zone, or none."
        raise InputError(
            "some times have a zone and some have none", code="E_TZ_MIXED", column=name, hint=hint
        )
    if zones == {True} and all(isinstance(value, datetime) for value in present):
        zone = str(present[0].tzinfo)
        utc = [
            np.datetime64("NaT") if gone else _utc_micros(value)
            for value, gone in zip(values, missing, strict=True)
        ]
        return _put_datetimes(table, name, np.array(utc, "datetime64[us]"), zone=zone)
    unit = "us" if zones or any(isinstance(value, np.datetime64) for value in present) else "D"
    held = [
        np.datetime64("NaT") if gone else np.datetime64(value)
        for value, gone in zip(values, missing, strict=True)
    ]
    return _put_datetimes(table, name, np.array(held, f"datetime64[{unit}]"))


def _utc_micros(value: datetime) -> np.datetime64:
    offset = value.utcoffset()
    naive = value.replace(tzinfo=None)
    return np.datetime64(naive if offset is None else naive - offset, "us")


_PUT = {
    "text": _put_texts,
    "bool": _put_bools,
    "int": _put_ints,
    "float": _put_floats,
    "decimal": _put_decimals,
    "date": _put_dates,
}
