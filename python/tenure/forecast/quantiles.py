"""Quantile forecasts and intervals beside what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from .. import _core
from ..errors import OptionError
from ..frames import read
from ..options import as_lag, as_number, labels_of, one_of, thread_count, wanted
from ..results.scores import Intervals, Quantiles

__all__ = ["intervals", "quantiles"]

Names = str | Sequence[str] | None
UndefinedSeries = Literal["skip", "undefined"]
Grain = Literal["day", "week", "month", "quarter", "year"]
_USUAL = {0.1: "p10", 0.5: "p50", 0.9: "p90"}


def quantiles(
    frame: Any,
    *,
    actual: str = "actual",
    quantiles: Mapping[float, str] | None = None,
    series: Names = None,
    period: str | None = None,
    cutoff: str | None = None,
    horizon: str | None = None,
    by: Names = None,
    insample: Any = None,
    lag: int = 1,
    undefined_series: UndefinedSeries = "skip",
    crossing: Literal["refuse", "sort"] = "refuse",
    confidence: float = 0.95,
    grain: Grain | None = None,
    threads: int | None = None,
) -> Quantiles:
    """How good quantile forecasts are: their loss, the coverage of their intervals, their calibration.

    The pinball loss of a forecast f at quantile q is ``q (a - f)`` if the actual a lies above it and
    ``(1 - q) (f - a)`` below, in the unit of the forecast; lower is better. Means are over points and
    quantiles:

    - ``pinball``: mean loss (mqloss of utilsforecast);
    - ``wql``: ``2 sum of loss / (quantiles * sum |a|)``, a fraction (scaled_crps of utilsforecast, weighted
      quantile loss of gluonts); null (``zero_actual``) where all actuals are 0;
    - ``crps``: ``2 pinball``, the CRPS as far as these quantiles tell (crps_quantile of scoringrules);
    - ``wis``: the weighted interval score (Bracher et al. 2021) of the median and of all pairs q and 1 - q;
      with these alone it equals ``crps``; null (``not_estimated``) if there is neither pair nor median;
    - ``scaled_pinball``: mean of loss / naive error of the series' history (scaled quantile loss;
      scaled_mqloss of utilsforecast), with `insample`.

    Parameters
    ----------
    frame
        Any frame that `Book` takes, a row for each point.
    actual
        Column of what happened.
    quantiles
        Columns of quantile forecasts, by their quantile between 0 and 1; without it
        ``{0.1: "p10", 0.5: "p50", 0.9: "p90"}``.
    series
        Columns that name a series: a row of the result each. Without them all points are of one.
    period
        Column of days, months or whole numbers; names rows in messages, and is what rows of a series may not
        share.
    cutoff, horizon
        Columns of when a forecast was made and how far it reaches, where a period is forecast several times.
    by
        Columns to cut by instead of by series: segments, or the horizon. Points of a segment count alike. A
        series whose rows differ in them is cut.
    insample
        Frame with the same `series`, `period` and `actual` columns: the history before the forecasts, whose
        mean ``|y(t) - y(t - lag)|`` scales errors. In the order of `period`, or of its rows without.
    lag
        Of the naive forecast: 1, or the season (12 for months).
    undefined_series
        Points of series without a history, or with one that never varies, are left out of scaled scores over
        several series and counted in `notes` (``"skip"``), or these are ``"undefined"`` too.
    crossing
        ``"refuse"`` rows whose quantiles fall, or ``"sort"`` them (Chernozhukov et al. 2010).
    confidence
        Of the limits of shares (Wilson), which take points as independent of each other.
    grain
        How long a period lasts that is named by its first day: a forecast made within it is allowed, one made
        after it is refused. As in `accuracy`.
    threads
        At most; all of the machine by default. They change no bit of the result.

    Returns
    -------
    Quantiles
        The columns of `by`, else of `series`, then ``points`` and those above, then ``pinball_<column>`` of
        each quantile, and ``coverage_<percent>`` and ``interval_score_<percent>`` of each pair q and 1 - q.

    Raises
    ------
    InputError
        ``E_NO_ROWS``, ``E_AMOUNT_NULL``, ``E_AMOUNT_NAN``, ``E_AMOUNT_INF``, ``E_QUANTILE_CROSS``,
        ``E_DUPLICATE_ROW``, ``E_LEAKAGE`` (a forecast made after its period; a history that reaches into the
        forecasts), ``E_HORIZON``, ``E_PERIOD_BEGIN``, and what a frame can have wrong.
    OptionError
        ``E_QUANTILE`` (not between 0 and 1; a column named twice), ``E_CONFIDENCE``, ``E_LAG``,
        ``E_CROSSING``, ``E_COLUMN_DUPLICATE``, ``E_OPTION``, ``E_THREADS``.

    Notes
    -----
    gluonts prints twice the pinball loss as quantile loss. `weighted_interval_score` of scoringrules 0.10 on
    numpy takes ``|m|`` for ``|a - m|`` in the term of the median.

    Examples
    --------
    >>> import tenure as tn
    >>> rows = {"actual": [100, 120, 90], "p10": [80, 90, 95], "p50": [98, 110, 105], "p90": [115, 119, 125]}
    >>> score = tn.forecast.quantiles(rows).to_dict()
    >>> round(score["pinball"][0], 4), round(score["coverage_80"][0], 4)
    (3.2111, 0.3333)
    """
    columns = _levels(_USUAL if quantiles is None else quantiles)
    own = Quantiles.own_columns | {f"pinball_{column}" for column in columns.values()}
    keys, cells = labels_of(series, own if not by else frozenset(), "series"), labels_of(by, own)
    cells = cells or keys
    shown = frozenset({"row", "pinball", "share"})  # beside these columns in `Quantiles.explain`
    labels_of(period, shown, "period")
    labels_of(actual, shown | {*cells, *wanted(period)}, "actual")
    labels_of(list(columns.values()), shown | {*cells, *wanted(period, actual)}, "quantiles")
    one_of(crossing, "crossing", ("refuse", "sort"), "E_CROSSING")
    table, kind = read(frame, wanted(actual, *columns.values(), *keys, *cells, period, cutoff, horizon))
    core = _core.QuantileForecasts(
        table, actual=actual, columns=list(columns.values()), levels=list(columns),
        names=_core.ScoreNames(
            series=keys, cells=cells, period=period, cutoff=cutoff, horizon=horizon, grain=_grain(grain)
        ),
        history=_history(insample, [*keys, period, actual]), lag=as_lag(lag), sort=crossing == "sort",
        skip_series=_skips(undefined_series), threads=thread_count(threads),
    )  # fmt: skip
    return Quantiles(core, tuple(cells), columns, as_number(confidence, "confidence"), kind)


def intervals(
    frame: Any,
    *,
    lower: str,
    upper: str,
    actual: str = "actual",
    level: float = 0.8,
    series: Names = None,
    period: str | None = None,
    cutoff: str | None = None,
    horizon: str | None = None,
    by: Names = None,
    insample: Any = None,
    lag: int = 1,
    undefined_series: UndefinedSeries = "skip",
    confidence: float = 0.95,
    grain: Grain | None = None,
    threads: int | None = None,
) -> Intervals:
    """Whether intervals hold what they promise, and their interval score.

    The interval score (Winkler 1972) of limits l and u at ``alpha = 1 - level`` is ``u - l`` plus
    ``2 / alpha`` times what was missed, in the unit of the forecast; lower is better.

    Parameters
    ----------
    frame
        Any frame that `Book` takes, a row for each point.
    lower, upper
        Columns of the limits.
    actual
        Column of what happened.
    level
        Share of actuals that the intervals should hold: 0.8 from a 10 % to a 90 % quantile.
    series, period, cutoff, horizon, by, insample, lag, undefined_series, confidence, grain, threads
        As in `quantiles`.

    Returns
    -------
    Intervals
        The columns of `by`, else of `series`, ``level``, ``points``, ``below`` and ``above`` (actuals
        outside), ``coverage`` (limits included) with ``lower`` and ``upper`` (Wilson), ``mean_width``,
        ``interval_score`` (winkler_score of utilsforecast), and with `insample` ``scaled_interval_score``
        (MSIS of M4).

    Raises
    ------
    InputError
        As `quantiles`; ``E_QUANTILE_CROSS`` for a lower limit above the upper one.
    OptionError
        ``E_CONFIDENCE`` (a level or confidence that is not between 0 and 1), ``E_LAG``,
        ``E_COLUMN_DUPLICATE``, ``E_OPTION``, ``E_THREADS``.

    Examples
    --------
    >>> import tenure as tn
    >>> rows = {"actual": [4, 12, -3], "low": [3, 5, 0], "high": [8, 10, 4]}
    >>> score = tn.forecast.intervals(rows, lower="low", upper="high").to_dict()
    >>> round(score["interval_score"][0], 4), score["below"], score["above"]
    (21.3333, [1], [1])
    """
    own = Intervals.own_columns
    keys, cells = labels_of(series, own if not by else frozenset(), "series"), labels_of(by, own)
    cells = cells or keys
    table, kind = read(frame, wanted(actual, lower, upper, *keys, *cells, period, cutoff, horizon))
    core = _core.IntervalForecasts(
        table, actual=actual, lower=lower, upper=upper, level=as_number(level, "level"),
        names=_core.ScoreNames(
            series=keys, cells=cells, period=period, cutoff=cutoff, horizon=horizon, grain=_grain(grain)
        ),
        history=_history(insample, [*keys, period, actual]), lag=as_lag(lag),
        skip_series=_skips(undefined_series), threads=thread_count(threads),
    )  # fmt: skip
    return Intervals(core, tuple(cells), as_number(confidence, "confidence"), kind)


def _levels(given: Mapping[float, str]) -> dict[float, str]:
    """Columns by rising quantile."""
    if not isinstance(given, Mapping):
        hint = 'Write quantiles={0.1: "p10", 0.9: "p90"}.'
        raise OptionError(
            f"quantiles={given!r} is no dict", code="E_QUANTILE", value=str(given)[:80], hint=hint
        )
    held = {as_number(level, "quantiles"): column for level, column in given.items()}
    for at, column in enumerate(named := list(held.values())):
        if column in named[:at]:
            hint = "Name a column for each quantile."
            what = f"quantiles names '{column}' twice"
            raise OptionError(what, code="E_QUANTILE", column=column, value=column, hint=hint)
    return dict(sorted(held.items()))


def _history(insample: Any, names: Sequence[str | None]) -> Any:
    return None if insample is None else read(insample, wanted(*names))[0]


def _grain(grain: str | None) -> str:
    return one_of(grain or "", "grain", ("", "day", "week", "month", "quarter", "year"), "E_OPTION")


def _skips(undefined_series: str) -> bool:
    return one_of(undefined_series, "undefined_series", ("skip", "undefined"), "E_OPTION") == "skip"
