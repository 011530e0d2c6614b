"""Origins of forecasts, as users write them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import _core
from ..options import as_day

__all__ = ["period_of"]


def period_of(held: _core.SeriesHistory, given: Any, name: str) -> int | None:
    """The period of a history that is meant, of a month the one that lies in it; None if there is none.

    Raises
    ------
    OptionError
        ``E_DATE_FORMAT`` for what is neither a number nor a day.
    """
    number = isinstance(given, (int, np.integer)) and not isinstance(given, bool)
    text = str(given) if number else as_day(given, name)
    known = {held.text(int(one)): int(one) for one in np.unique(np.asarray(held.periods))}
    if text in known:
        return known[text]
    of_month = [one for shown, one in known.items() if len(text) == len("2024-01") and shown[:7] == text]
    return of_month[0] if len(of_month) == 1 else None
