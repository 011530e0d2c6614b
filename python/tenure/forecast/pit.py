"""Where what happened lies within its forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import _core
from ..frames import read
from ..options import as_whole, labels_of, thread_count, wanted
from ..results.scores import Pit
from .sources import Columns, source_of

__all__ = ["pit"]


def pit(
    frame: Any,
    *,
    actual: str = "actual",
    members: Sequence[str] | None = None,
    ensemble: Any = None,
    distribution: str | None = None,
    mean: Columns = None,
    sd: Columns = None,
    location: str | None = None,
    scale: str | None = None,
    log_mean: str | None = None,
    log_sd: str | None = None,
    shape: str | None = None,
    weight: Columns = None,
    bins: int = 10,
    by: str | Sequence[str] | None = None,
    threads: int | None = None,
) -> Pit:
    """The probability integral transform: the share of a forecast that lies below what happened.

    Forecasts that are right put what happens anywhere in themselves alike: the histogram is flat. A hump says
    that they are too wide, a bowl that they are too narrow, a slope that they lean to one side.

    Parameters
    ----------
    frame
        Any frame that `Book` takes, a row for each forecast.
    actual
        Column of what happened.
    members, ensemble, distribution, mean, sd, location, scale, log_mean, log_sd, shape, weight
        What the forecasts are: as in `crps`.
    bins
        Of the histogram, of equal width.
    by
        Columns to cut by.
    threads
        How many; all of the machine by default.

    Returns
    -------
    Pit
        A row for each forecast: the columns of `by`, `actual`, ``pit``, ``pit_lower``, ``pit_upper``. Of a
        distribution all three are F(a). An ensemble of m members says only that the place lies between
        ``below / (m + 1)`` and ``(below + equal + 1) / (m + 1)``; ``pit`` is the middle of the two.
        `histogram`, and `uniformity`: a test of evenness.

    Raises
    ------
    InputError, OptionError
        As `crps`; ``E_BINS``.

    Notes
    -----
    Dawid (1984), Diebold et al. (1998); the histogram of Czado et al. (2009), in which a place that is not
    known exactly counts in parts, and nothing is drawn at random.

    Examples
    --------
    >>> import tenure as tn
    >>> rows = {"actual": [105, 70, 90], "mrr": [100, 90, 90], "sd": [10, 5, 20]}
    >>> place = tn.forecast.pit(rows, distribution="normal", mean="mrr", sd="sd", bins=2)
    >>> place["pit"].round(4)
    array([0.6915, 0.    , 0.5   ])
    >>> place.histogram()["count"]
    array([1., 2.])
    """
    given: dict[str, Columns] = {
        "mean": mean, "sd": sd, "location": location, "scale": scale, "log_mean": log_mean,
        "log_sd": log_sd, "shape": shape, "weight": weight,
    }  # fmt: skip
    source = source_of(members, ensemble, distribution, given)
    labels_of(actual, frozenset({"pit", "pit_lower", "pit_upper"}), "actual")
    groups = labels_of(by, frozenset({actual, *Pit.own_columns}))
    table, kind = read(frame, wanted(actual, *source.columns, *groups))
    core = (
        _core.distribution_places(
            table,
            actual=actual,
            family=source.family,
            parameters=source.parameters,
            by=groups,
            threads=thread_count(threads),
        )
        if source.family
        else _core.ensemble_places(
            table,
            actual=actual,
            members=source.members,
            matrix=source.matrix,
            by=groups,
            threads=thread_count(threads),
        )
    )
    return Pit(core, tuple(groups), as_whole(bins, "bins"), kind)
