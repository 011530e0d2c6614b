"""A single figure, or the reason why there is none."""

from __future__ import annotations

from typing import NamedTuple


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
