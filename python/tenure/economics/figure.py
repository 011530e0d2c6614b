"""A single figure, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from ..options import as_number


def listed(values: Iterable[Any]) -> list[Any]:
    """Return values as a list, in which those that an array masks are None."""
    held: list[Any] = (
        np.ma.MaskedArray.tolist(values) if isinstance(values, np.ma.MaskedArray) else list(values)
    )
    return held


def numbers(**given: Any) -> dict[str, float]:
    """Return keywords that are numbers; ``E_OPTION_TYPE`` names the first that is not."""
    return {name: as_number(value, name) for name, value in given.items()}


class Figure(NamedTuple):
    """A number, or None and why: ``no_loss``, ``no_gain``, ``no_margin``, ``no_spend``, ``diverges`` ...

    Examples
    --------
    >>> from tenure.economics import lifetime_of
    >>> lifetime_of(0.025).value, lifetime_of(0).reason
    (40.0, 'no_loss')
    """

    value: float | None
    reason: str = ""

    def __float__(self) -> float:
        if self.value is None:
            raise ValueError(f"there is no figure: {self.reason}")
        return self.value
