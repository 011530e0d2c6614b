"""The share of customers that left for each of several reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from .. import _core
from ..errors import OptionError
from ..frames import read
from ..options import as_number, labels_of, wanted
from ..results.survival import CumulativeIncidence
from .survival import Interval

__all__ = ["cumulative_incidence"]


def cumulative_incidence(
    frame: Any,
    *,
    duration: str,
    cause: str,
    by: str | Sequence[str] | None = None,
    entry: str | None = None,
    weight: str | None = None,
    censored: str | int | Iterable[str | int] | None = 0,
    interval: Interval = "log",
    confidence: float = 0.95,
) -> CumulativeIncidence:
    """Aalen-Johansen: the share that left for each of several reasons which compete.

    At each distinct time, of n at risk d_k end for reason k: ``F_k(t) = sum S(t-) d_k / n``, with S of all
    reasons together; ``S + sum F_k = 1``. One minus Kaplan-Meier of a reason, with the others taken as
    censored, is larger: it is the share if the other reasons did not exist.

    Parameters
    ----------
    frame, duration, by, entry, weight, interval, confidence
        As `survival` takes them.
    cause
        Column of reasons: texts or whole numbers. Null, ``""`` and the values of `censored` mean that the
        customer was still there.
    censored
        One value or more of `cause`; None: no value, only null and ``""``.

    Returns
    -------
    CumulativeIncidence
        The columns of `by`, ``cause``, ``time``, ``at_risk``, ``events``, ``incidence``, ``std_error``,
        ``lower``, ``upper``, ``survival`` (of all reasons together).

    Raises
    ------
    InputError
        What `survival` raises.
    OptionError
        ``E_INTERVAL``, ``E_CONFIDENCE``, ``E_COLUMN_DUPLICATE``, ``E_OPTION_TYPE`` (`censored`).

    Notes
    -----
    Aalen and Johansen (1978); variance of Greenwood's kind (Gaynor and others 1993; R's package etm), which
    with one reason is that of S. R's survfit gives the infinitesimal jackknife.

    Examples
    --------
    >>> import tenure as tn
    >>> rows = {"months": [2, 4, 4, 6, 9], "reason": ["price", "card", None, "price", None]}
    >>> shares = tn.cohort.cumulative_incidence(rows, duration="months", cause="reason")
    >>> shares.at(6).to_dict()["incidence"]
    [0.2, 0.5]
    """
    groups = labels_of(by, CumulativeIncidence.own_columns)
    still = _values(censored)
    table, kind = read(frame, wanted(duration, cause, entry, weight, *groups))
    core = _core.Incidences(
        table, duration=duration, cause=cause, entry=entry, weight=weight, by=groups,
        censored=still, confidence=as_number(confidence, "confidence"), interval=interval,
    )  # fmt: skip
    return CumulativeIncidence(core, tuple(groups), confidence, kind)


def _values(censored: Any) -> list[str]:
    """Values as texts; null among them means what it means anyway."""
    given = censored if isinstance(censored, Iterable) and not isinstance(censored, str) else [censored]
    values = [value for value in given if value is not None]
    for value in values:
        if not isinstance(value, (str, int, np.integer)):
            message = f"censored={censored!r} is neither a text nor a whole number, nor a list of them"
            hint = "Name values of the column of causes."
            raise OptionError(message, code="E_OPTION_TYPE", value=str(censored)[:80], hint=hint)
    return [str(value) for value in values]
