"""Whether groups of customers leave at the same rate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import _core
from ..errors import OptionError
from ..frames import read
from ..options import as_number, labels_of, wanted
from ..results.survival import LogRank

__all__ = ["log_rank"]


def log_rank(
    frame: Any,
    *,
    duration: str,
    event: str,
    by: str | Sequence[str],
    strata: str | Sequence[str] | None = None,
    entry: str | None = None,
    weight: str | None = None,
    rho: float = 0.0,
    gamma: float = 0.0,
) -> LogRank:
    """Test whether groups end at the same rate: the log-rank test and its weighted kin.

    At each time, of n at risk (n_j of group j) d end: ``expected_j = sum w d n_j / n``, against the
    ``observed_j = sum w d_j``, with ``w = S(t-)^rho (1 - S(t-))^gamma`` and S of all groups together. The
    statistic is ``(O - E)' V^-1 (O - E)``, chi-squared with a degree of freedom less than there are groups.

    Parameters
    ----------
    frame, duration, event, entry, weight
        As `survival` takes them.
    by
        Columns of the groups.
    strata
        Columns within whose labels groups are compared; sums are taken over them.
    rho
        0 is the log-rank test; 1 weights early differences more (Peto-Peto with Kaplan-Meier weights).
    gamma
        1 weights late differences more.

    Returns
    -------
    LogRank
        ``statistic``, ``degrees_of_freedom``, ``p_value``; one row a group: the columns of `by`,
        ``customers``, ``observed``, ``expected``. The statistic is None if fewer than two groups are ever at
        risk at an event.

    Raises
    ------
    InputError
        What `survival` raises, and ``E_WEIGHT`` for weights that are not whole.
    OptionError
        ``E_PARAM`` (rho or gamma below 0, more than 1,000 groups), ``E_COLUMN_MISSING`` (no group),
        ``E_COLUMN_DUPLICATE``, ``E_OPTION_TYPE``.

    Notes
    -----
    Mantel (1966), Peto and Peto (1972), Fleming and Harrington (1991); R's survdiff, whose observed counts
    are weighted too. What lifelines calls ``weightings="peto"`` is another statistic.

    Examples
    --------
    >>> import tenure as tn
    >>> rows = {
    ...     "months": [6, 7, 10, 15, 19, 25, 8, 11, 22, 31, 35, 40],
    ...     "left": [1, 1, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0],
    ...     "plan": ["basic"] * 6 + ["pro"] * 6,
    ... }
    >>> test = tn.cohort.log_rank(rows, duration="months", event="left", by="plan")
    >>> round(test.statistic, 4), test.degrees_of_freedom, round(test.p_value, 4)
    (3.1102, 1, 0.0778)
    """
    groups = labels_of(by, LogRank.own_columns)
    if not groups:
        hint = "Name a column of groups."
        raise OptionError("there is no group to compare", code="E_COLUMN_MISSING", value="by", hint=hint)
    layers = labels_of(strata, LogRank.own_columns | set(groups), "strata")
    table, kind = read(frame, wanted(duration, event, entry, weight, *groups, *layers))
    core = _core.LogRankTest(
        table, duration=duration, event=event, entry=entry, weight=weight, by=groups, strata=layers,
        rho=as_number(rho, "rho"), gamma=as_number(gamma, "gamma"),
    )  # fmt: skip
    return LogRank(core, tuple(groups), tuple(layers), kind)
