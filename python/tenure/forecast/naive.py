"""What every forecast has to beat: naive, seasonal naive, drift, mean and seasonal mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

from .. import _core
from ..errors import OptionError
from ..frames import read
from ..options import as_number, as_whole, one_of
from ..results.forecast import NaiveForecasts
from ..zones import settle

__all__ = ["naive"]

Method = Literal["naive", "seasonal_naive", "drift", "mean", "seasonal_mean"]
METHODS: tuple[str, ...] = get_args(Method)


def naive(
    frame: Any,
    *,
    value: str = "value",
    series: str | Sequence[str] | None = None,
    period: str = "period",
    horizon: int = 12,
    method: Method | Sequence[Method] = "naive",
    lag: int = 12,
    confidence: float | None = None,
    timezone: str | None = None,
) -> NaiveForecasts:
    """Forecast each series by the simplest methods there are, as benchmarks for better ones.

    Of the history ``y(1) .. y(n)``, ``h`` periods ahead, with ``m = lag``:

    - ``naive``: ``y(n)``
    - ``seasonal_naive``: the last value of the same season, ``y(n + h - m k)``
    - ``drift``: ``y(n) + h (y(n) - y(1)) / (n - 1)``
    - ``mean``: the mean of all values
    - ``seasonal_mean``: the mean of all values of the same season

    Parameters
    ----------
    frame
        Any frame that `Book` takes, a row for each series and period, in any order.
    value
        Column of what happened.
    series
        Columns that tell series apart; without them all rows are one series.
    period
        Column of periods: dates, instants (days of `timezone`), texts such as ``2024-03``, or whole numbers.
        Their step (months, quarters, years, weeks, days, numbers) is found in the history and goes on.
    horizon
        How many periods to forecast.
    method
        A method, or several.
    lag
        Periods in a season, for the seasonal methods: 12 for months, 4 for quarters.
    confidence
        Of limits around each forecast; without it there are none.
    timezone
        In which a day begins, such as ``"Europe/Berlin"``; required where periods are instants.

    Returns
    -------
    NaiveForecasts
        The columns of `series`, `period`, ``horizon`` (1, 2, ...), and one for each method, with ``_lower``
        and ``_upper`` if there is a confidence. Null (``too_few``) where the history is too short for a
        method, or for its limits, or (``diverges``) beyond every number.

    Raises
    ------
    InputError
        ``E_PERIOD_GAP`` (a period of a series is missing), ``E_PERIOD_DUPLICATE``, ``E_PERIOD_STEP`` (no
        series has two periods), ``E_AMOUNT_NAN`` (a value is missing), ``E_AMOUNT_INF``, ``E_DATE_NULL``,
        ``E_KEY_NULL``, ``E_NO_ROWS``, ``E_DATE_RANGE`` (forecasts after the year 9999), ``E_PERIOD_RANGE``,
        ``E_TZ_MISSING``, and what a frame can have wrong. Nothing is filled in.
    OptionError
        ``E_METHOD``, ``E_HORIZON``, ``E_LAG``, ``E_CONFIDENCE``, ``E_COLUMN_DUPLICATE``.

    Notes
    -----
    Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 3rd edition, sections 5.2 and 5.5.
    Limits are those of R's ``forecast::snaive`` (normal) and ``meanf`` (Student's t; the book takes the
    normal distribution there too). With s of the errors one step ahead in the history they reach
    ``q s sqrt(h)`` (naive), ``q s sqrt(k + 1)`` (seasonal naive, after k full seasons), ``q s sqrt(h (1 + h /
    (n - 1)))`` (drift), ``q s sqrt(1 + 1 / n)`` (the means, n values of the season).

    Examples
    --------
    >>> import tenure as tn
    >>> history = {"period": ["2024-01", "2024-02", "2024-03"], "value": [10.0, 12.0, 14.0]}
    >>> ahead = tn.forecast.naive(history, horizon=2, method=["naive", "drift"])
    >>> ahead["period"].astype(str).tolist(), ahead["naive"].tolist(), ahead["drift"].tolist()
    (['2024-04-01', '2024-05-01'], [14.0, 14.0], [16.0, 18.0])
    """
    methods = methods_of(method)
    keys = keys_of(series, period, value)
    table, kind = read(frame, [*keys, period, value], keys=keys)
    settle(table, [period], timezone)
    held = _core.SeriesHistory(table, series=keys, period=period, value=value)
    limits = None if confidence is None else as_number(confidence, "confidence")
    sides = [f"{name}_{side}" for name in methods for side in ("lower", "upper")] if confidence else []
    refuse_twice([*keys, period, "horizon", *methods, *sides])
    columns = held.naive(methods, horizon=horizon_of(horizon), lag=lag_of(lag), confidence=limits)
    return NaiveForecasts(columns, held, tuple(methods), tuple(keys), (period, value), kind)


def methods_of(method: Any) -> list[str]:
    """Methods as a list; ``E_METHOD``."""
    methods = [method] if isinstance(method, str) else list(method)
    if not methods:
        hint = f"Known: {', '.join(METHODS)}."
        raise OptionError("no method is named", code="E_METHOD", hint=hint)
    return list(dict.fromkeys(one_of(name, "method", METHODS, "E_METHOD") for name in methods))


def keys_of(series: str | Sequence[str] | None, *others: str) -> list[str]:
    """Columns of series as a list; ``E_COLUMN_DUPLICATE`` for a column in two roles."""
    keys = [series] if isinstance(series, str) else list(series or ())
    refuse_twice([*keys, *dict.fromkeys(others)])
    return keys


def horizon_of(value: Any) -> int:
    """How many periods ahead; ``E_HORIZON`` outside of 1 to 10000."""
    return as_whole(value, "horizon", low=1, high=10_000, code="E_HORIZON")


def lag_of(value: Any) -> int:
    """How many periods a season has; ``E_LAG`` below 1."""
    return as_whole(value, "lag", low=1, high=2**31 - 1, code="E_LAG")


def refuse_twice(names: Sequence[str]) -> None:
    """Refuse a name that two columns of a result would have; ``E_COLUMN_DUPLICATE``."""
    for at, name in enumerate(names):
        if name in names[:at]:
            message = f"column '{name}' would be twice in the result"
            hint = "Rename the column, or name it once."
            raise OptionError(message, code="E_COLUMN_DUPLICATE", column=name, value=name, hint=hint)
