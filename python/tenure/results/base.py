"""What every result can do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import _core
from ..policy import Policy
from ..reading import EPOCH
from .text import text_table

Array = NDArray[Any]


class Context(NamedTuple):
    """What a result remembers of the book it came from.

    `foreign`: whether some rows are of another currency than the results; `known_until`: the last day that
    the data speak of.
    """

    policy: Policy
    native: str
    currency: str | None
    decimal: bool
    exponent: int
    foreign: bool
    known_until: date

    @property
    def unit(self) -> str:
        """The currency, or nothing where it is not known."""
        return self.currency or ""

    @property
    def until(self) -> int:
        """`known_until` in days since 1970-01-01."""
        return (self.known_until - EPOCH).days

    def lines(self, by: str = "") -> dict[str, bool]:
        """Keywords that say which lines a bridge shows: those that something can be in."""
        options = self.policy.options()
        return {
            "pauses": options["pause_movement"] == "own",
            "transfers": bool(by) or options["plan_switch"] == "transfer",
            "fx": self.foreign and options["fx_movement"] != "in_movements",
        }

    def money(self) -> dict[str, Any]:
        """Keywords by which the extension formats money."""
        return {"decimal": self.decimal, "exponent": self.exponent}


class Result:
    """A table of figures: columns of equal length, each undefined value null with a reason.

    ``result["closing"]`` is a numpy array (masked where a column can be undefined), `to_native` is a frame of
    the caller's own kind, and the result itself is an Arrow stream, so that anything which speaks Arrow can
    take it.
    """

    shares: frozenset[str] = frozenset()  # columns that hold shares whatever their name, shown to 4 decimals

    def __init__(self, columns: _core.Columns, native: str) -> None:
        self._columns = columns
        self._native = native

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order."""
        return list(self._columns.names)

    def __len__(self) -> int:
        return self._columns.rows

    def __getitem__(self, name: str) -> Array:
        """Return a column: int64, float64, bool, datetime64[D], str, `Decimal`; masked if it may be null."""
        if name not in self.columns:
            known = ", ".join(self.columns)
            raise KeyError(f"no column {name!r}; there are {known}")
        kind, _, scale = self._columns.type(name).partition(":")
        values: Any = self._columns.values(name)
        if kind == "date":
            values = values.astype("datetime64[D]")
        elif kind == "text":
            values = np.array(values, dtype=object)
        elif kind == "decimal":
            held = [Decimal(value).scaleb(-int(scale)) for value in values]
            values = np.array([*held, None], dtype=object)[:-1]
        if not self._columns.nullable(name):
            return np.asarray(values)
        missing = np.array([bool(reason) for reason in self._columns.reasons(name)], dtype=bool)
        return np.ma.masked_array(values, mask=missing)

    def reason(self, name: str) -> list[str]:
        """Why each value of a column is null, or ``""`` where it is not.

        ``empty_base``, ``before_history``, ``no_loss``, ``not_yet_observed``, ``other_period``,
        ``not_reached``, ``no_gain``, ``no_margin``, ``no_spend``, ``too_few``, ``diverges``,
        ``not_estimated``, ``zero_actual``, ``no_variation`` or ``no_error``.
        """
        return self._columns.reasons(name)

    def to_dict(self) -> dict[str, list[Any]]:
        """Columns as lists of plain Python values; null is None."""
        return {name: _plain(self[name]) for name in self.columns}

    def to_pandas(self) -> Any:
        """Return a pandas DataFrame: dates are datetime64[s], null is pandas' own NaN."""
        import pandas as pd

        return pd.DataFrame({name: _for_pandas(self[name]) for name in self.columns})

    def to_polars(self) -> Any:
        """Return a Polars DataFrame."""
        import polars as pl

        return pl.DataFrame(self)

    def to_arrow(self) -> Any:
        """Return a pyarrow Table; dates are date32, nothing is copied."""
        import pyarrow as pa

        return pa.table(self)

    def to_native(self) -> Any:
        """Return the kind of frame that the figures were computed from.

        pandas, Polars (also for lazy frames), a pyarrow Table, a DuckDB relation (of the default connection),
        or a dict of numpy arrays.
        """
        if self._native == "dict":
            return {name: self[name] for name in self.columns}
        if self._native == "duckdb":
            import duckdb

            result = self  # noqa: F841 - the query finds it by this name
            return duckdb.sql("SELECT * FROM result")
        convert = {"pandas": self.to_pandas, "polars": self.to_polars, "pyarrow": self.to_arrow}
        return convert[self._native]()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._columns.__arrow_c_stream__(requested_schema)

    def plot(self, ax: Any = None) -> Any:
        """Draw the result with matplotlib, on `ax` or a new figure, and return the axes."""
        from .. import plot

        return plot.plot_lines(self, ax)

    def __repr__(self) -> str:
        return f"{self._title()}\n{text_table(self)}"

    def _repr_html_(self) -> str:
        from .. import html

        return html.render(self)

    def _title(self) -> str:
        return f"{type(self).__name__}: {len(self)} rows"


class BookResult(Result):
    """A result of a `Book`: it knows the definitions and the currency."""

    def __init__(self, columns: _core.Columns, context: Context) -> None:
        super().__init__(columns, context.native)
        self._context = context

    @property
    def policy(self) -> Policy:
        """The definitions behind the figures."""
        return self._context.policy

    @property
    def currency(self) -> str | None:
        """The currency of the money columns, if the book knows it."""
        return self._context.currency

    def _title(self) -> str:
        unit = f", {self.currency}" if self.currency else ""
        return (
            f"{type(self).__name__.removeprefix('Book')}: {len(self)} rows{unit}, policy {self.policy.name}"
        )


def _plain(values: Array) -> list[Any]:
    listed: list[Any] = values.tolist()
    return listed


def _for_pandas(values: Array) -> Any:
    if values.dtype.kind == "M":
        missing = np.ma.getmaskarray(values)
        dates = np.ma.getdata(values).astype("datetime64[s]")
        dates[missing] = np.datetime64("NaT")
        return dates
    if isinstance(values, np.ma.MaskedArray):
        if values.dtype == object:
            held = np.ma.getdata(values).copy()
            held[np.ma.getmaskarray(values)] = None
            return held
        held = np.ma.getdata(values).astype(np.float64)
        held[np.ma.getmaskarray(values)] = np.nan
        return held
    return values


def periods_of(bounds: Sequence[int]) -> Array:
    """First days of periods, from their bounds."""
    return np.array(bounds[:-1], dtype="datetime64[D]")
