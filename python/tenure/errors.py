"""What tenure raises: one class tree by meaning, every error with a stable code, its place and a remedy.

The text reads: place: what is wrong. Remedy [CODE]. The parts are attributes, so that a program need not read
it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

__all__ = [
    "Error",
    "Fault",
    "FileError",
    "InputError",
    "InputTypeError",
    "IntegrityError",
    "OptionError",
    "RangeError",
    "StateError",
]


class Fault(NamedTuple):
    """One thing that is wrong: code, sentence, and, where known, column, row (from 0), value, remedy."""

    code: str
    what: str
    column: str | None = None
    row: int | None = None
    value: str | None = None
    hint: str | None = None


class Error(ValueError):
    """Base of everything tenure raises.

    Attributes
    ----------
    code : str
        Stable name of the kind of fault, such as ``E_PERIOD_REVERSED``.
    message : str
        The sentence without place, remedy and code.
    column, row, value : str, int, str or None
        Where it was found; rows count from 0.
    hint : str or None
        What to do about it.
    faults : tuple of Fault
        The first 20 of the kind.
    count : int
        How many there are in all.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        hint: str | None = None,
        faults: Sequence[Fault] = (),
        count: int = 1,
    ) -> None:
        super().__init__(message)
        self.message, self.code, self.row, self.column = message, code, row, column
        self.value, self.hint, self.count = value, hint, count
        self.faults = tuple(faults) or (Fault(code, message, column, row, value, hint),)

    def __str__(self) -> str:
        place = [] if self.column is None else [f"column '{self.column}'"]
        if self.row is not None:
            place.append(f"row {self.row}")
        text = ": ".join(filter(None, [", ".join(place), self.message]))
        if self.hint:
            text += f"\n  {self.hint}"
        text += f"  [{self.code}]"
        if self.count > 1:
            rows = [str(fault.row) for fault in self.faults[:5] if fault.row is not None]
            more = ", ..." if self.count > len(rows) else ""
            text += f"\n  {self.count} such rows: {', '.join(rows)}{more}"
        return text

    def __reduce__(self) -> tuple[Any, ...]:
        kept = ("code", "row", "column", "value", "hint", "faults", "count")
        return _rebuilt, (type(self), self.message, {name: getattr(self, name) for name in kept})


class InputError(Error):
    """A value, row or column of the input cannot be used."""


class InputTypeError(InputError, TypeError):
    """A column is of a type that cannot play its part."""


class OptionError(Error):
    """An option is unknown, out of range, or contradicts another."""


class RangeError(Error, OverflowError):
    """A result does not fit the type it was asked in."""


class StateError(Error):
    """Serialised state is damaged, of another kind, or made under another definition."""


class IntegrityError(Error):
    """A promise of the engine does not hold, such as a bridge that does not close: please report it."""


class FileError(Error, OSError):
    """A file or a connection failed."""


_CLASSES = {
    kind.__name__: kind for kind in (Error, InputError, OptionError, RangeError, StateError, IntegrityError)
}
_ALSO_TYPE_ERROR = frozenset({"E_TYPE", "E_KEY_TYPE", "E_DATE_UNIT"})


def _rebuilt(kind: type[Error], message: str, parts: Mapping[str, Any]) -> Error:
    return kind(message, **parts)


def input_error(message: str, *, code: str, **parts: Any) -> InputError:
    """Make the error of the input that belongs to a code."""
    return (InputTypeError if code in _ALSO_TYPE_ERROR else InputError)(message, code=code, **parts)


def from_core(kind: str, faults: Sequence[Mapping[str, Any]], count: int) -> Error:
    """Make the Python error of a C++ one; called by the extension."""
    listed = [Fault(**fault) for fault in faults]
    first = listed[0]
    made = _CLASSES[kind]
    if made is InputError and first.code in _ALSO_TYPE_ERROR:
        made = InputTypeError
    return made(
        first.what,
        code=first.code,
        row=first.row,
        column=first.column,
        value=first.value,
        hint=first.hint,
        faults=listed,
        count=count,
    )
