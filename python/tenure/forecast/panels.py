"""Columns that say which series a row is of, and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import _core
from ..errors import OptionError
from ..options import as_whole

__all__ = ["Names", "counted", "listed", "panel_of"]

Names = str | Sequence[str] | None


def listed(names: Names) -> list[str]:
    """Names of columns, each once."""
    return [names] if isinstance(names, str) else list(dict.fromkeys(names or ()))


def panel_of(
    series: Names, period: str | None, by: Names, own: frozenset[str], cutoff: str | None = None
) -> _core.PanelNames:
    """Return names of keys, time and segments; ``E_COLUMN_DUPLICATE`` if the result has one twice."""
    keys, segments = listed(series), listed(by)
    names = [*keys, *segments, *(name for name in (cutoff, period) if name)]
    for at, name in enumerate(names):
        if name in names[:at] or name in own:
            message = f"the column '{name}' would be twice in the result"
            hint = "Rename the column, or name it once."
            raise OptionError(message, code="E_COLUMN_DUPLICATE", column=name, value=name, hint=hint)
    return _core.PanelNames(series=keys, by=segments, cutoff=cutoff, period=period, horizon=None)


def counted(value: Any, name: str, code: str) -> int:
    """Return a whole number that the engine can hold, and judge; `code` for others."""
    return as_whole(value, name, low=-(2**31), high=2**31 - 1, code=code)
