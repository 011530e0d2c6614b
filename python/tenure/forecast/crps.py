"""The continuous ranked probability score, and the log score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import _core
from ..errors import OptionError
from ..frames import read
from ..options import labels_of, thread_count, wanted
from ..results.scores import Scores
from .sources import Columns, source_of

__all__ = ["crps", "log_score"]


def crps(
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
    fair: bool = False,
    by: str | Sequence[str] | None = None,
    threads: int | None = None,
) -> Scores:
    """The continuous ranked probability score: the absolute error of forecasts that are distributions.

    The integral of ``(F(t) - [a <= t])^2`` over all t, in the unit of the forecast; lower is better, and that
    of a point forecast is its absolute error. Of an ensemble with m members x:
    ``mean |x - a| - sum over pairs |x_i - x_j| / m^2``, if fair ``/ (m (m - 1))``.

    Parameters
    ----------
    frame
        Any frame that `Book` takes, a row for each forecast.
    actual
        Column of what happened.
    members
        Columns of an ensemble: simulated paths, scenarios.
    ensemble
        Or a 2-D array, forecasts by members, in the order of the frame's rows; one of doubles is read where
        it lies, in the order of C or of Fortran.
    distribution
        Or a family, whose parameters are columns: ``"normal"`` (`mean`, `sd`), ``"logistic"`` (`location`,
        `scale`), ``"lognormal"`` (`log_mean`, `log_sd`, of the logarithm), ``"gamma"`` (`shape`, `scale`; its
        mean is their product), ``"mixture"`` of normals (lists of columns `weight`, `mean`, `sd`). A spread
        of 0 is a point forecast.
    mean, sd, location, scale, log_mean, log_sd, shape, weight
        Columns of parameters.
    fair
        Whether members are draws from the forecast, whose score is asked for (Ferro 2014): simulated paths
        are. May be below 0; takes two members or more.
    by
        Columns to cut means by: segments, the series, the horizon.
    threads
        How many; all of the machine by default.

    Returns
    -------
    Scores
        A row for each forecast: the columns of `by`, `actual`, ``crps``; `overall` and `by_group` have means.

    Raises
    ------
    InputError
        ``E_NO_ROWS``, ``E_AMOUNT_NULL``, ``E_AMOUNT_NAN``, ``E_AMOUNT_INF``, ``E_AMOUNT_RANGE`` (too far from
        what happened for a number), ``E_PARAM`` (a spread below 0, a scale of gamma that is not above 0, a
        shape below 1e-100, a mean too large for a number), ``E_WEIGHT`` (weights that do not add up to 1),
        ``E_COLUMN_LENGTH`` (of `ensemble`), ``E_SHAPE``, ``E_TYPE`` (masked arrays too).
    OptionError
        ``E_FORECAST`` (none of the three kinds, or several; parameters of another family),
        ``E_DISTRIBUTION``, ``E_MEMBERS``, ``E_COLUMN_DUPLICATE``, ``E_THREADS``.

    Notes
    -----
    Matheson and Winkler (1976); normal mixtures Grimit et al. (2006), lognormal Baran and Lerch (2015), gamma
    Scheuerer and Moeller (2015). Not fair is ``estimator="qd"``, ``"nrg"`` or ``"int"`` of scoringrules
    (whose default is "qd") and `crps_ensemble` of properscoring; fair is ``"fair"`` or ``"pwm"``. ``"akr"``
    of scoringrules depends on the order of members. Here no bit does.

    Examples
    --------
    >>> import tenure as tn
    >>> paths = [[90, 100, 110, 140], [80, 85, 90, 95]]
    >>> score = tn.forecast.crps({"actual": [105, 70]}, ensemble=paths)
    >>> score["crps"]
    array([ 5.   , 14.375])
    >>> score.overall().to_dict()
    {'points': [2], 'crps': [9.6875]}
    >>> rows = {"actual": [105, 70], "mrr": [100, 90], "sd": [10, 5]}
    >>> tn.forecast.crps(rows, distribution="normal", mean="mrr", sd="sd")["crps"].round(4)
    array([ 3.314 , 17.1791])
    """
    given: dict[str, Columns] = {
        "mean": mean, "sd": sd, "location": location, "scale": scale, "log_mean": log_mean,
        "log_sd": log_sd, "shape": shape, "weight": weight,
    }  # fmt: skip
    source = source_of(members, ensemble, distribution, given)
    labels_of(actual, Scores.own_columns, "actual")
    groups = labels_of(by, frozenset({actual, *Scores.own_columns}))
    table, kind = read(frame, wanted(actual, *source.columns, *groups))
    if source.family:
        if fair:
            hint = "Leave out fair=."
            raise OptionError("a distribution has no members to be fair to", code="E_FORECAST", hint=hint)
        core = _core.distribution_scores(
            table, actual=actual, family=source.family, parameters=source.parameters, by=groups,
            logarithmic=False, threads=thread_count(threads),
        )  # fmt: skip
    else:
        core = _core.ensemble_crps(
            table, actual=actual, members=source.members, matrix=source.matrix, by=groups, fair=bool(fair),
            threads=thread_count(threads),
        )  # fmt: skip
    return Scores(core, tuple(groups), "crps", kind)


def log_score(
    frame: Any,
    *,
    actual: str = "actual",
    won: str | None = None,
    probability: str | None = None,
    distribution: str | None = None,
    mean: Columns = None,
    sd: Columns = None,
    location: str | None = None,
    scale: str | None = None,
    log_mean: str | None = None,
    log_sd: str | None = None,
    shape: str | None = None,
    weight: Columns = None,
    by: str | Sequence[str] | None = None,
    threads: int | None = None,
) -> Scores:
    """The log score: minus the logarithm of what a forecast said of what happened (Good 1952).

    Of a distribution ``- log density(a)``, which changes by a constant with the unit; of a probability p that
    something happens ``- log p`` if it did and ``- log (1 - p)`` if not. Lower is better.

    Parameters
    ----------
    frame
        Any frame that `Book` takes, a row for each forecast.
    actual
        Column of what happened, beside a distribution.
    won, probability
        Columns of 0 or 1 (or truths), and of the probability of 1.
    distribution
        Family, with columns of parameters: as in `crps`.
    mean, sd, location, scale, log_mean, log_sd, shape, weight
        Columns of parameters.
    by
        Columns to cut means by.
    threads
        How many; all of the machine by default.

    Returns
    -------
    Scores
        A row for each forecast: the columns of `by`, what happened, ``log_score``. Where something happened
        that had no probability, a distribution has no density (a spread of 0), or no number holds the score,
        it is null (``diverges``), and so is a mean of it.

    Raises
    ------
    InputError
        As `crps`; ``E_EVENT_CODE`` (neither 0 nor 1), ``E_PROBABILITY`` (not between 0 and 1).
    OptionError
        ``E_FORECAST``, ``E_DISTRIBUTION``, ``E_COLUMN_DUPLICATE``, ``E_THREADS``.

    Examples
    --------
    >>> import tenure as tn
    >>> deals = {"won": [1, 0, 1], "probability": [0.9, 0.5, 0.0]}
    >>> tn.forecast.log_score(deals, won="won", probability="probability").to_dict()["log_score"]
    [0.10536051565782628, 0.6931471805599453, None]
    """
    given: dict[str, Columns] = {
        "mean": mean, "sd": sd, "location": location, "scale": scale, "log_mean": log_mean,
        "log_sd": log_sd, "shape": shape, "weight": weight,
    }  # fmt: skip
    if won is not None and probability is not None and distribution is None:
        labels_of(won, Scores.own_columns, "won")
        groups = labels_of(by, frozenset({won, *Scores.own_columns}))
        table, kind = read(frame, wanted(won, probability, *groups))
        core = _core.probability_log_score(
            table, happened=won, probability=probability, by=groups, threads=thread_count(threads)
        )
        return Scores(core, tuple(groups), "log_score", kind)
    if won is not None or probability is not None or distribution is None:
        hint = 'Give won= and probability=, or distribution="normal" with its columns.'
        what = "a log score is of a probability or of a distribution"
        raise OptionError(what, code="E_FORECAST", hint=hint)
    source = source_of(None, None, distribution, given)
    labels_of(actual, Scores.own_columns, "actual")
    groups = labels_of(by, frozenset({actual, *Scores.own_columns}))
    table, kind = read(frame, wanted(actual, *source.columns, *groups))
    core = _core.distribution_scores(
        table, actual=actual, family=source.family, parameters=source.parameters, by=groups, logarithmic=True,
        threads=thread_count(threads),
    )  # fmt: skip
    return Scores(core, tuple(groups), "log_score", kind)
