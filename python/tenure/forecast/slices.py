"""Some rows of a frame, as a frame of the same kind with all its columns."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..frames import unwrapped

__all__ = ["Slices"]


class Slices:
    """A frame of which rows can be taken again and again."""

    def __init__(self, frame: Any, wanted: Sequence[str]) -> None:
        frame = unwrapped(frame, wanted)
        module = type(frame).__module__.split(".")[0]
        self._duckdb = module in {"duckdb", "_duckdb"}
        if self._duckdb:
            frame = frame.to_arrow_table() if hasattr(frame, "to_arrow_table") else frame.arrow()
        elif module not in {"pandas", "polars"} and hasattr(frame, "__arrow_c_stream__"):
            import pyarrow as pa

            frame = pa.table(frame)
        self.frame = frame

    def rows(self, places: Any) -> Any:
        """The rows at these places, in this order."""
        if isinstance(self.frame, Mapping):
            return {name: _taken(column, places) for name, column in self.frame.items()}
        module = type(self.frame).__module__.split(".")[0]
        if module == "pandas":
            return self.frame.iloc[places].reset_index(drop=True)
        if module == "polars":
            return self.frame[places]
        table = self.frame.take(places)
        if not self._duckdb:
            return table
        import duckdb

        return duckdb.from_arrow(table)

    @property
    def native(self) -> str | None:
        """The kind of frame that results leave as, where it is not that of `frame`."""
        return "duckdb" if self._duckdb else None


def _taken(column: Any, places: Any) -> Any:
    if isinstance(column, (list, tuple)):
        return [column[place] for place in places]
    if "pyarrow" in sys.modules and type(column).__module__.startswith("pyarrow"):
        return column.take(places)
    if hasattr(column, "iloc"):
        return column.iloc[places]
    return np.asarray(column)[places] if not hasattr(column, "gather") else column.gather(places)
