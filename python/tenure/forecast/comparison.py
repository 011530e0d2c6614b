"""Which of several forecasts is better, and whether that can be told from chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from .. import _core
from ..errors import OptionError
from ..frames import read
from ..options import as_number, as_seed, thread_count
from ..results.comparison import Comparisons, Ranking, Skill
from .panels import Names, counted, listed, panel_of

__all__ = ["diebold_mariano", "ranking", "skill"]

Loss = Literal["squared", "absolute", "percentage"]
Alternative = Literal["two_sided", "less", "greater"]
Variance = Literal["rectangular", "bartlett"]
Statistic = Literal["range", "max"]
Blocks = Literal["stationary", "fixed"]

_OWN = frozenset(
    [
        "forecast", "first", "second", "points", "mean_difference", "statistic", "p_value", "horizon", "loss",
        "rank", "in_set", "benchmark_loss", "skill", "lower", "upper",
    ]
)  # fmt: skip


def _compared(
    frame: Any,
    actual: str,
    forecasts: list[str],
    period: str,
    series: Names,
    by: Names,
    loss: str,
    threads: Any,
) -> tuple[_core.Comparisons, str]:
    panel, keys, segments = panel_of(series, period, by, _OWN), listed(series), listed(by)
    wanted = list(dict.fromkeys([*segments, *keys, period, actual, *forecasts]))
    table, kind = read(frame, wanted, keys=keys)
    core = _core.Comparisons(
        table, panel, actual=actual, forecasts=forecasts, loss=loss, threads=thread_count(threads)
    )
    return core, kind


def _several(forecast: Names) -> list[str]:
    names = listed(forecast)
    if len(names) < 2:
        hint = "Name the columns of two or more."
        message = f"forecast= names {len(names)} column{'' if len(names) == 1 else 's'}"
        raise OptionError(message, code="E_FORECASTS", value=", ".join(names), hint=hint)
    return names


def diebold_mariano(
    frame: Any,
    *,
    forecast: Sequence[str],
    actual: str = "actual",
    period: str,
    series: Names = None,
    by: Names = None,
    horizon: int = 1,
    loss: Loss = "squared",
    alternative: Alternative = "two_sided",
    variance: Variance = "rectangular",
    small_sample: bool = True,
    threads: int | None = None,
) -> Comparisons:
    """Test whether forecasts are equally good: Diebold and Mariano, every two of them.

    With ``d = loss of the first - loss of the second`` at each of n points and V the long-run variance of d
    (autocovariances up to ``horizon - 1``, divided by n):
    ``statistic = mean d / sqrt(V / n) * sqrt((n + 1 - 2 h + h (h - 1) / n) / n)``, against Student's t with
    ``n - 1`` degrees of freedom. Below 0 the first is better.

    Parameters
    ----------
    frame
        Any frame that `Book` takes, a row for each point.
    forecast
        Columns of two or more forecasts, all of the same `horizon`.
    actual
        Column of what happened.
    period
        Column of the time that a row is about: it orders the points.
    series
        Columns of keys. Each series is tested by itself; `Comparisons.overall` tests the mean over them.
    by
        Columns of segments, for `Comparisons.overall`.
    horizon
        Steps ahead of the forecasts.
    loss
        ``squared``, ``absolute``, or ``percentage`` (of the actual, which must not be 0).
    alternative
        ``two_sided``; ``less``: the first has the smaller loss; ``greater``: the greater.
    variance
        ``rectangular``: autocovariances as they are, which may add up to less than 0: then the test is that
        of horizon 1, as in R, and a note says so. ``bartlett``: weights ``1 - k / horizon``.
    small_sample
        The correction of Harvey, Leybourne and Newbold; without it the normal distribution.
    threads
        At most; all of the machine by default. They change no bit of the result.

    Returns
    -------
    Comparisons
        Columns of `by` and `series`, ``first``, ``second``, ``points``, ``mean_difference``, ``statistic``,
        ``p_value``, ``horizon`` (that was used). Null: ``too_few`` (below two points, or not more than the
        horizon), ``no_variation`` (all differences are equal), ``zero_actual``, ``diverges`` (losses too
        large for a number). ``.notes`` has ``N_VARIANCE`` and, of `Comparisons.overall`, ``N_UNBALANCED``:
        the mean over series is over those that have a point at the time.

    Raises
    ------
    InputError
        ``E_NO_ROWS``, ``E_AMOUNT_NULL``, ``E_AMOUNT_NAN``, ``E_AMOUNT_INF``, ``E_DUPLICATE_ROW`` (a period
        twice in a series: keep one horizon), and what a frame can have wrong.
    OptionError
        ``E_FORECASTS`` (fewer than two), ``E_HORIZON``, ``E_LOSS``, ``E_ALTERNATIVE``, ``E_VARIANCE``,
        ``E_COLUMN_DUPLICATE``.

    Notes
    -----
    Diebold and Mariano (1995), Harvey, Leybourne and Newbold (1997); R's forecast::dm.test has the same
    numbers. It compares forecasts, not models, and of many pairs of equally good forecasts one in twenty has
    p < 0.05 by chance: for more than two use `ranking`.

    Examples
    --------
    >>> import tenure as tn
    >>> rows = {
    ...     "month": [1, 2, 3, 4, 5, 6], "actual": [10, 12, 11, 14, 15, 13],
    ...     "old": [8, 15, 9, 10, 19, 16], "new": [10, 13, 11, 13, 14, 14],
    ... }
    >>> found = tn.forecast.diebold_mariano(rows, forecast=["old", "new"], period="month")
    >>> found["mean_difference"].round(4).tolist(), found["p_value"].round(4).tolist()
    ([9.0], [0.0068])
    """
    names = _several(forecast)
    steps = counted(horizon, "horizon", "E_HORIZON")
    core, kind = _compared(frame, actual, names, period, series, by, loss, threads)
    options = {
        "horizon": steps, "alternative": alternative, "variance": variance,
        "small_sample": bool(small_sample),
    }  # fmt: skip
    return Comparisons(core, options, kind)


def ranking(
    frame: Any,
    *,
    forecast: Sequence[str],
    actual: str = "actual",
    period: str,
    series: Names = None,
    by: Names = None,
    loss: Loss = "squared",
    confidence: float = 0.9,
    statistic: Statistic = "range",
    blocks: Blocks = "stationary",
    block: int | None = None,
    replicates: int = 1000,
    seed: int = 0,
    threads: int | None = None,
) -> Ranking:
    """Rank forecasts, and say which of them cannot be told from the best: the model confidence set.

    While a test rejects "all that are left are equally good", the worst one leaves. Its p-value is the
    largest of the tests so far; the set has those with ``p >= 1 - confidence``. A set of all says that the
    data do not tell, not that all are good.

    Parameters
    ----------
    frame, forecast, actual, period, loss, threads
        As `diebold_mariano` takes them.
    series
        Columns of keys. The loss at a time is the mean over the series; those of a larger scale weigh more,
        unless the loss is a percentage.
    by
        Columns of segments, each with a ranking of its own.
    confidence
        Of the set: in so many of 100 cases it has the best forecast.
    statistic
        ``range``: the largest t between two forecasts. ``max``: the largest t of one against the mean of all.
    blocks, block
        Time is resampled in blocks, ``stationary`` (of random length) or ``fixed``, of `block` points in the
        mean; by default the square root of their number.
    replicates, seed
        Of the resampling: the same seed gives the same bits, on any number of threads.

    Returns
    -------
    Ranking
        Columns of `by`, ``forecast``, ``points`` (times), ``loss``, ``rank`` (1: smallest loss), ``p_value``,
        ``in_set``. Null: ``too_few`` (below two times), ``zero_actual``, ``diverges``; then all are in the
        set. A note ``N_UNBALANCED`` counts the times at which some series has no point.

    Raises
    ------
    InputError, OptionError
        What `diebold_mariano` raises; ``E_CONFIDENCE``, ``E_STATISTIC``, ``E_BLOCK``, ``E_BOOTSTRAP``,
        ``E_SEED``.

    Notes
    -----
    Hansen, Lunde and Nason (2011). The package arch has the same procedure with its own random numbers.

    Examples
    --------
    >>> import tenure as tn
    >>> rows = {
    ...     "month": list(range(8)), "actual": [10, 12, 11, 14, 15, 13, 12, 16],
    ...     "naive": [14, 6, 15, 9, 19, 8, 17, 11], "sales": [11, 13, 11, 13, 14, 14, 12, 17],
    ...     "team": [10, 11, 12, 14, 16, 13, 13, 16],
    ... }
    >>> names = ["naive", "sales", "team"]
    >>> found = tn.forecast.ranking(rows, forecast=names, period="month", loss="absolute")
    >>> found["rank"].tolist(), found["in_set"].tolist()
    ([3, 2, 1], [False, True, True])
    """
    names = _several(forecast)
    options = _resampling(blocks, block, replicates, seed, confidence)
    core, kind = _compared(frame, actual, names, period, series, by, loss, threads)
    columns = core.ranking(statistic=statistic, **options)
    return Ranking(columns, options["confidence"], core.unbalanced(), kind)


def skill(
    frame: Any,
    *,
    forecast: Names,
    benchmark: str,
    actual: str = "actual",
    period: str,
    series: Names = None,
    by: Names = None,
    loss: Loss = "squared",
    confidence: float = 0.95,
    blocks: Blocks = "stationary",
    block: int | None = None,
    replicates: int = 1000,
    seed: int = 0,
    threads: int | None = None,
) -> Skill:
    """Return how much better forecasts are than a benchmark: ``1 - loss / loss of the benchmark``.

    1 is perfect, 0 as good as the benchmark, below 0 worse. With ``loss="absolute"`` and the naive forecast
    it is 1 - relative MAE. The interval is of resampled blocks of time, so that neighbouring errors that
    resemble each other do not count as if they were independent.

    Parameters
    ----------
    forecast
        Columns of one forecast or more.
    benchmark
        Column of the forecast to beat.
    confidence
        Of the interval.
    frame, actual, period, series, by, loss, blocks, block, replicates, seed, threads
        As `ranking` takes them.

    Returns
    -------
    Skill
        Columns of `by`, ``forecast``, ``points`` (times), ``loss``, ``benchmark_loss``, ``skill``, ``lower``,
        ``upper``. Null: ``no_error`` (a perfect benchmark), ``too_few``, ``zero_actual``, ``diverges``. Notes
        as of `ranking`.

    Raises
    ------
    InputError, OptionError
        What `ranking` raises.

    Examples
    --------
    >>> import tenure as tn
    >>> rows = {"month": [1, 2, 3, 4], "actual": [10, 12, 11, 14], "naive": [8, 10, 12, 11],
    ...         "sales": [11, 12, 11, 13]}
    >>> found = tn.forecast.skill(rows, forecast="sales", benchmark="naive", period="month", loss="absolute")
    >>> found["skill"].tolist()
    [0.75]
    """
    names = listed(forecast)
    if not names or benchmark in names:
        hint = "Name the columns to compare with the benchmark."
        message = "forecast= names the benchmark itself" if names else "forecast= names no column"
        raise OptionError(message, code="E_FORECASTS", value=benchmark, hint=hint)
    options = _resampling(blocks, block, replicates, seed, confidence)
    core, kind = _compared(frame, actual, [*names, benchmark], period, series, by, loss, threads)
    return Skill(core.skill(**options), benchmark, core.unbalanced(), kind)


def _resampling(blocks: str, block: Any, replicates: Any, seed: Any, confidence: Any) -> dict[str, Any]:
    return {
        "blocks": blocks,
        "block": 0 if block is None else counted(block, "block", "E_BLOCK"),
        "replicates": counted(replicates, "replicates", "E_BOOTSTRAP"),
        "seed": as_seed(seed),
        "confidence": as_number(confidence, "confidence"),
    }
