"""Probabilities that deals are won, and of ranked outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .. import _core
from ..errors import OptionError
from ..frames import read
from ..options import as_number, as_whole, labels_of, thread_count, wanted
from ..results.scores import Brier, Scores

__all__ = ["brier", "rps"]


def brier(
    frame: Any,
    *,
    won: str,
    probability: str,
    by: str | Sequence[str] | None = None,
    bins: int | Sequence[float] | None = 10,
    confidence: float = 0.95,
    threads: int | None = None,
) -> Brier:
    """The Brier score of win probabilities, and whether they come true.

    The mean of ``(p - o)^2`` with o 1 for won and 0 for lost, split by bins of what was said (Murphy 1973,
    terms within bins Stephenson et al. 2008)::

        brier = reliability - resolution + uncertainty + within_variance - within_covariance

    ``reliability``: how far shares won lie from what was said (0 is best). ``resolution``: how far bins
    differ from each other (higher is better). ``uncertainty``: ``share (1 - share)`` of all. ``skill``:
    ``1 - brier / uncertainty``, against who always says the share of all.

    Parameters
    ----------
    frame
        Any frame that `Book` takes, a row for each decided deal.
    won
        Column of 0 or 1 (or truths).
    probability
        Column of the probability of 1, between 0 and 1.
    by
        Columns to cut by: owners, segments, stages.
    bins
        How many of equal width, or their edges from 0 to 1, or None: each distinct probability is a bin
        (stages of a pipeline), and the terms within bins are 0.
    confidence
        Of the limits of shares (Wilson).
    threads
        How many; all of the machine by default.

    Returns
    -------
    Brier
        The columns of `by`, ``points``, ``happened``, ``brier``, ``reliability``, ``resolution``,
        ``uncertainty``, ``within_variance``, ``within_covariance``, ``skill`` (null, ``no_variation``, if all
        or none were won), ``log_score`` (null, ``diverges``, if something happened that was said to be
        impossible). `reliability` has the bins.

    Raises
    ------
    InputError
        ``E_NO_ROWS``, ``E_EVENT_CODE`` (neither 0 nor 1; not decided yet), ``E_PROBABILITY``.
    OptionError
        ``E_BINS``, ``E_CONFIDENCE``, ``E_COLUMN_DUPLICATE``, ``E_THREADS``.

    Examples
    --------
    >>> import tenure as tn
    >>> deals = {"won": [1, 0, 1, 0, 1], "said": [0.9, 0.2, 0.6, 0.6, 0.9]}
    >>> score = tn.forecast.brier(deals, won="won", probability="said", bins=None)
    >>> score["brier"].round(4).item(), score["reliability"].round(4).item()
    (0.116, 0.016)
    >>> score.reliability()["observed"].tolist()
    [0.0, 0.5, 1.0]
    """
    groups = labels_of(by, Brier.own_columns)
    table, kind = read(frame, wanted(won, probability, *groups))
    core = _core.ProbabilityForecasts(
        table, happened=won, probability=probability, by=groups,
        threads=thread_count(threads),
    )  # fmt: skip
    return Brier(core, tuple(groups), _edges(bins), as_number(confidence, "confidence"), kind)


def rps(
    frame: Any,
    *,
    outcome: str,
    probabilities: Mapping[Any, str] | Sequence[str],
    by: str | Sequence[str] | None = None,
    normalised: bool = False,
    threads: int | None = None,
) -> Scores:
    """The ranked probability score of outcomes that have an order: lost, slipped, won.

    The sum over outcomes of ``(cumulated probability - cumulated outcome)^2`` (Epstein 1969): a near miss
    costs less than a far one. Of two outcomes it is the Brier score. Lower is better.

    Parameters
    ----------
    frame
        Any frame that `Book` takes, a row for each forecast.
    outcome
        Column of the outcome's label.
    probabilities
        Columns of probabilities by outcome, in their order; or the columns, if they are called like their
        outcomes.
    by
        Columns to cut means by.
    normalised
        Whether to divide by the number of outcomes less 1, so that the score lies between 0 and 1;
        scoringrules does not.
    threads
        How many; all of the machine by default.

    Returns
    -------
    Scores
        A row for each forecast: the columns of `by`, ``rank`` (place of the outcome, from 0), ``rps``.

    Raises
    ------
    InputError
        ``E_OUTCOME``, ``E_PROBABILITY`` (not between 0 and 1, or not adding up to 1), ``E_COLUMN_LENGTH``
        (fewer than two outcomes), ``E_NO_ROWS``.
    OptionError
        ``E_OPTION`` (two outcomes of one label), ``E_COLUMN_DUPLICATE``, ``E_THREADS``.

    Examples
    --------
    >>> import tenure as tn
    >>> deals = {"end": ["won", "lost"], "lost": [0.2, 0.5], "slipped": [0.3, 0.3], "won": [0.5, 0.2]}
    >>> tn.forecast.rps(deals, outcome="end", probabilities=["lost", "slipped", "won"])["rps"]
    array([0.29, 0.29])
    """
    if isinstance(probabilities, Mapping):
        columns, labels = list(probabilities.values()), [_label(outcome) for outcome in probabilities]
    else:
        columns = labels = labels_of(probabilities, frozenset(), "probabilities")
    for at, label in enumerate(labels):
        if label in labels[:at]:
            hint = "Give each outcome a label of its own."
            raise OptionError(
                f"probabilities has two outcomes '{label}'", code="E_OPTION", value=label, hint=hint
            )
    groups = labels_of(by, frozenset({"rank", *Scores.own_columns}))
    table, kind = read(frame, wanted(outcome, *columns, *groups))
    core = _core.ranked_scores(
        table, outcome=outcome, labels=labels, columns=columns, by=groups, normalised=bool(normalised),
        threads=thread_count(threads),
    )  # fmt: skip
    return Scores(core, tuple(groups), "rps", kind)


def _label(outcome: Any) -> str:
    """An outcome as the engine writes it: truths as "true" and "false"."""
    return str(bool(outcome)).lower() if isinstance(outcome, (bool, np.bool_)) else str(outcome)


def _edges(bins: int | Sequence[float] | None) -> list[float] | None:
    if bins is None:
        return None
    if isinstance(bins, (Sequence, np.ndarray)):
        return [as_number(edge, "bins") for edge in bins]
    count = as_whole(bins, "bins")
    if not 1 <= count <= 10_000:
        hint = "Give 1 or more; 10 are usual."
        raise OptionError(f"bins={count} make no diagram", code="E_BINS", value=str(count), hint=hint)
    return [edge / count for edge in range(count + 1)]
