"""How much of a series can be forecast at all."""

from __future__ import annotations

from typing import Any

from .. import _core
from ..frames import read
from ..options import thread_count
from ..results.predictability import Forecastabilities
from .panels import Names, counted, listed, panel_of

__all__ = ["forecastability"]

_OWN = frozenset(
    ["points", "mean", "deviation", "variation", "spectral_entropy", "forecastability", "naive_skill"]
)


def forecastability(
    frame: Any,
    *,
    value: str,
    series: Names = None,
    period: str | None = None,
    detrend: bool = True,
    lag: int = 1,
    threads: int | None = None,
) -> Forecastabilities:
    """Return how much of each series can be forecast at all, whatever the method.

    ``spectral_entropy = -sum p ln p / ln m`` of the shares p of the periodogram at its m frequencies, without
    the trend: 1 is white noise, 0 one pure cycle.
    ``forecastability = 1 - (-sum p ln p) / (1/2 + ... + 1/m)``, not below 0: the entropy against that of
    noise of the same length, whose periodogram is uneven by chance.
    ``naive_skill = 1 - sum |y(t) - y(t - lag)| / sum |y(t) - mean of y before t|``. ``variation`` is the
    coefficient of variation, ``deviation / |mean|``.

    Parameters
    ----------
    frame
        Any frame that `Book` takes, a row for each point.
    value
        Column of the series.
    series, period
        Columns of keys and time, evenly spaced: gaps are refused. Without `period` rows are
        taken in their order.
    detrend
        Take off the straight line through the series, not only its mean.
    lag
        Of the naive forecast: 1, or the periods of a season.
    threads
        At most; all of the machine by default.

    Returns
    -------
    Forecastabilities
        Columns of `series`, ``points``, ``mean``, ``deviation``, ``variation``, ``spectral_entropy``,
        ``forecastability``, ``naive_skill``. Null: ``too_few`` (a spectrum needs 8 points), ``no_variation``
        (a straight line), ``no_error``, ``empty_base`` (a mean of 0), ``diverges``.

    Raises
    ------
    InputError
        ``E_AMOUNT_NULL``, ``E_AMOUNT_NAN``, ``E_AMOUNT_INF``, ``E_DUPLICATE_ROW``, ``E_PERIOD_GAP`` (a period
        of a series is missing), and what a frame can have wrong.
    OptionError
        ``E_LAG``, ``E_COLUMN_DUPLICATE``.

    Notes
    -----
    Goerg (2013), "Forecastable component analysis", whose figure is 1 - the entropy of a smoothed spectrum.
    Of the raw periodogram that would call noise of 12 points 20 % forecastable; hence the correction.

    Examples
    --------
    >>> import tenure as tn
    >>> wave = [10, 14, 10, 6] * 4
    >>> found = tn.forecast.forecastability({"sales": wave}, value="sales", lag=4, detrend=False)
    >>> found["forecastability"].round(4).tolist(), found["naive_skill"].round(4).tolist()
    ([1.0], [1.0])
    """
    keys, times = listed(series), [period] if period else []
    table, kind = read(frame, list(dict.fromkeys([*keys, *times, value])), keys=keys)
    columns = _core.forecastability(
        table, panel_of(series, period, None, _OWN), value=value, detrend=bool(detrend),
        lag=counted(lag, "lag", "E_LAG"), threads=thread_count(threads),
    )  # fmt: skip
    return Forecastabilities(columns, kind)
