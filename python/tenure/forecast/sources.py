"""Forecasts that are sets of members or distributions, as columns of a frame or as an array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..errors import InputError, OptionError
from ..options import meant, wanted

Columns = str | Sequence[str] | None
PARAMETERS = {
    "normal": ("mean", "sd"),
    "logistic": ("location", "scale"),
    "lognormal": ("log_mean", "log_sd"),
    "gamma": ("shape", "scale"),
    "mixture": ("weight", "mean", "sd"),
}


class Source(NamedTuple):
    """Members (columns or an array), or a family and its columns of parameters."""

    members: list[str]
    matrix: Any
    family: str
    parameters: list[str]

    @property
    def columns(self) -> list[str]:
        """The columns that have to be read."""
        return wanted(*self.members, *self.parameters)


def source_of(
    members: Sequence[str] | None, ensemble: Any, distribution: str | None, given: dict[str, Columns]
) -> Source:
    """What the forecasts are; ``E_FORECAST`` unless exactly one kind is named, ``E_SHAPE``."""
    named = [name for name, value in given.items() if value is not None]
    kinds = [members is not None, ensemble is not None, distribution is not None]
    if sum(kinds) != 1:
        hint = 'Give members=["path_1", ...], ensemble=array, or distribution="normal" with its columns.'
        what = "forecasts are members, an ensemble or a distribution; " + (
            "name one of them" if any(kinds) else "none was named"
        )
        raise OptionError(what, code="E_FORECAST", hint=hint)
    if distribution is not None:
        return Source([], None, distribution, _parameters(distribution, given, named))
    if named:
        what = f"{named[0]}= is of a distribution, and none is named"
        raise OptionError(what, code="E_FORECAST", value=named[0], hint="Name it, or leave out its columns.")
    if members is not None:
        return Source([members] if isinstance(members, str) else list(members), None, "", [])
    return Source([], matrix_of(ensemble), "", [])


def matrix_of(ensemble: Any) -> Any:
    """An array of forecasts by members, read where it lies if it is of doubles."""
    if isinstance(ensemble, np.ma.MaskedArray):
        hint = "Leave out the rows, or fill the array."
        raise InputError(
            "masked arrays are not read", code="E_TYPE", column="ensemble", value="masked_array", hint=hint
        )
    matrix = np.asarray(ensemble)
    if matrix.ndim != 2:
        what = f"has shape {matrix.shape}; expected forecasts by members"
        raise InputError(
            what, code="E_SHAPE", column="ensemble", value=str(matrix.shape), hint="Pass a 2-D array."
        )
    if matrix.dtype.kind not in "biuf":
        shown = matrix.dtype.name
        raise InputError(
            f"is {shown}", code="E_TYPE", column="ensemble", value=shown, hint="Cast the array to numbers."
        )
    return np.require(matrix, np.float64, ["ALIGNED"])


def _parameters(family: str, given: dict[str, Columns], named: list[str]) -> list[str]:
    if family not in PARAMETERS:
        hint = f"Known: {', '.join(PARAMETERS)}."
        what = f"distribution={family!r} is not known{meant(family, PARAMETERS)}"
        raise OptionError(what, code="E_DISTRIBUTION", value=str(family)[:80], hint=hint)
    needed = PARAMETERS[family]
    for name in (*needed, *named):
        if (name in needed) != (name in named):
            what = f"{family} {'needs' if name in needed else 'has no'} {name}="
            raise OptionError(
                what, code="E_FORECAST", value=name, hint=f"Its parameters: {', '.join(needed)}."
            )
    columns = [[value] if isinstance(value, str) else list(value or ()) for value in map(given.get, needed)]
    sizes = {len(part) for part in columns}
    if len(sizes) != 1 or (family != "mixture" and sizes != {1}):
        what = f"{family} takes {'as many' if family == 'mixture' else 'one'} of each: {', '.join(needed)}"
        raise OptionError(what, code="E_FORECAST", value=family, hint="Name a column for each.")
    return [column for component in zip(*columns, strict=True) for column in component]
