"""How far forecasts were from what happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from .. import _core
from ..errors import OptionError
from ..frames import read
from ..options import as_lag, meant, one_of, thread_count
from ..results.accuracy import Accuracy, Asked
from ..zones import find_zone, settle

__all__ = ["accuracy"]

Names = str | Sequence[str] | None
ZeroActual = Literal["undefined", "skip"]
ZeroPair = Literal["zero", "skip", "undefined"]
UndefinedSeries = Literal["skip", "undefined"]
Pooling = Literal["mean_of_ratios", "ratio_of_sums"]
Grain = Literal["day", "week", "month", "quarter", "year"]

USUAL = ("me", "mae", "rmse", "mape", "smape", "wape", "accuracy")
SCALED = ("mase", "rmsse")
_NEED_HISTORY = frozenset(["mase", "msse", "rmsse", "spis", "owa"])
_NEED_BENCHMARK = frozenset(["owa", "relative_mae"])


def accuracy(
    frame: Any,
    *,
    forecast: str | Sequence[str],
    actual: str = "actual",
    series: Names = None,
    period: str | None = None,
    horizon: str | None = None,
    cutoff: str | None = None,
    by: Names = None,
    benchmark: str | None = None,
    insample: Any = None,
    scale: Literal["insample", "test"] = "insample",
    lag: int = 1,
    measures: str | Sequence[str] | None = None,
    zero_actual: ZeroActual = "undefined",
    zero_pair: ZeroPair = "zero",
    undefined_series: UndefinedSeries = "skip",
    pooling: Pooling = "mean_of_ratios",
    missing: Literal["refuse", "skip"] = "refuse",
    grain: Grain | None = None,
    timezone: str | None = None,
    threads: int | None = None,
) -> Accuracy:
    """Return the errors of point forecasts, a row for each series and forecast.

    An error is ``forecast - actual``: a bias above 0 is a forecast that was too high. Fractions are
    fractions: a MAPE of 0.14 is 14 %.

    Parameters
    ----------
    frame
        Any frame that `Book` takes, a row for each point that was forecast.
    forecast
        Column of the forecast, or columns of several.
    actual
        Column of what happened.
    series
        Columns that say which series a row is of, texts or whole numbers; without them all rows are one.
    period
        Column of the time that a row is about: dates, timestamps, whole numbers, or texts such as
        ``"2024-01"``. It orders the points of a series; without it they stay as they come.
    horizon
        Column of how many periods ahead a forecast was made, for `Accuracy.by_horizon`. Without it the
        periods from `cutoff` to `period`, where these tell: whole numbers, months, or dates with `grain`;
        else the place of the point within its series and cutoff, from 1.
    cutoff
        Column of when a forecast was made, of the same kind as `period`.
    by
        Columns of segments, for `Accuracy.by_segment`. A series whose rows differ in them is cut.
    benchmark
        Column of the forecast that ``owa`` and ``relative_mae`` compare with (Naive2 in M4).
    insample
        The history before the first forecast, with the same `series`, `period` and `actual` columns:
        ``mase``, ``msse``, ``rmsse``, ``spis`` and ``owa`` measure errors in terms of its naive errors.
    scale
        ``"insample"``, or ``"test"``: by the naive errors of the test points themselves, where there is no
        history.
    lag
        Of the naive errors: 1, or the periods of a season (12 for months, 4 for quarters).
    measures
        Which: ``me, mpe, mae, mse, rmse, median_ae, mape, smape`` (0 to 2), ``smape_200``,
        ``smape_armstrong, wape, mase, msse, rmsse, pis, spis, owa, relative_mae, theil_u1, theil_u2, maape,
        r2, tracking_signal, cfe, accuracy`` (1 - MAPE), ``bias_share, variance_share, covariance_share,
        acf1``. By default me, mae, rmse, mape, smape, wape and accuracy, and with a scale mase and rmsse.
    zero_actual
        A point whose actual is 0 leaves ``mpe``, ``mape`` and ``accuracy`` of its series ``"undefined"``, or
        is left out of them (``"skip"``).
    zero_pair
        Where actual and forecast are both 0, smape and maape take an error of 0 (``"zero"``), leave the
        point out (``"skip"``) or are ``"undefined"``.
    undefined_series
        In means over series: those without a measure are left out and counted (``"skip"``), or the mean is
        ``"undefined"`` too.
    pooling
        How several series come to one figure by default: ``"mean_of_ratios"``, each series counting once, or
        ``"ratio_of_sums"``, all points together.
    missing
        Rows without an actual or a forecast are refused, or left out for all forecasts (``"skip"``), so that
        these are compared on the same points.
    grain
        How long a period lasts that is named by its first day: a forecast made within it is allowed, one made
        after it is refused. By default ``"month"`` if periods are texts such as ``"2024-01"``, a point in
        time if they have times of day, else ``"day"``.
    timezone
        Zone whose calendar turns timestamps with a zone into dates; needed if there are any. ``"UTC"`` leaves
        their times of day.
    threads
        At most; all of the machine by default. They change no bit of the result.

    Returns
    -------
    Accuracy
        Columns of `by`, of `series`, ``forecast``, ``points`` and the measures; null where one is not defined
        (``zero_actual``, ``too_few``, ``no_variation``, ``no_error``, ``diverges``). `Accuracy.overall`,
        `by_horizon`, `by_cutoff` and `by_segment` pool series; `explain` says which points make an error.

    Raises
    ------
    InputError
        ``E_NO_ROWS``, ``E_AMOUNT_NULL``, ``E_AMOUNT_NAN``, ``E_AMOUNT_INF``, ``E_KEY_NULL``, ``E_KEY_TYPE``,
        ``E_DATE_NULL``, ``E_DUPLICATE_ROW`` (one series, cutoff, period and horizon twice), ``E_LEAKAGE`` (a
        forecast made after its period; a history that reaches into the test), ``E_PERIOD_BEGIN`` (a period
        that is not named by its first day), ``E_HORIZON`` (below 0, or another than period and cutoff say),
        ``E_TZ_MISSING``, ``E_TZ_MIXED``, and what a frame can have wrong.
    OptionError
        ``E_MEASURE`` (none, unknown, or without the history or benchmark that it needs), ``E_LAG``,
        ``E_COLUMN_DUPLICATE``, ``E_OPTION``, ``E_THREADS``.

    Notes
    -----
    Hyndman and Koehler (2006) for the measures; Makridakis, Spiliotis and Assimakopoulos (2020) for
    smape_200, MASE and OWA of M4. utilsforecast prints half of smape, and infinities where a denominator is
    0; R prints percent, and ME and MPE with the opposite sign. Histories are taken as without gaps: the
    period to compare with lies `lag` rows earlier (``N_HISTORY_GAPS`` where they have gaps). ``theil_u2`` and
    ``acf1`` step from point to point of a series and cutoff, at one horizon from cutoff to cutoff.

    Examples
    --------
    >>> import tenure as tn
    >>> rows = {
    ...     "team": ["north", "north", "south", "south"],
    ...     "month": ["2024-01", "2024-02", "2024-01", "2024-02"],
    ...     "actual": [100.0, 120.0, 80.0, 50.0],
    ...     "sales": [110.0, 126.0, 90.0, 60.0],
    ... }
    >>> found = tn.forecast.accuracy(
    ...     rows, forecast="sales", series="team", period="month", measures=["me", "mape", "wape"]
    ... )
    >>> found["team"].tolist(), found["me"].tolist(), found["mape"].round(4).tolist()
    (['north', 'south'], [8.0, 10.0], [0.075, 0.1625])
    >>> found.overall(pooling="ratio_of_sums")["wape"].round(4).tolist()
    [0.1029]
    """
    forecasts, keys, segments = _listed(forecast), _listed(series), _listed(by)
    chosen = _measures(measures, known=insample is not None or scale == "test")
    one_of(scale, "scale", ("insample", "test"), "E_OPTION")
    if scale == "test" and insample is not None:
        message = "scale='test' measures errors by the test points, and insample= is given"
        raise OptionError(message, code="E_OPTION", value="test", hint="Leave one of them out.")
    _refuse_incomplete(chosen, scaled=insample is not None or scale == "test", benchmark=benchmark)
    step = as_lag(lag)
    times = [name for name in (cutoff, period, horizon) if name is not None]
    _refuse_repeated(keys, [*segments, *times], chosen)
    if not forecasts:
        raise OptionError(
            "forecast= names no column", code="E_OPTION", hint="Name the column of the forecast."
        )
    options = (
        one_of(zero_actual, "zero_actual", ("undefined", "skip"), "E_OPTION"),
        one_of(zero_pair, "zero_pair", ("zero", "skip", "undefined"), "E_OPTION"),
        one_of(undefined_series, "undefined_series", ("skip", "undefined"), "E_OPTION"),
        one_of(pooling, "pooling", ("mean_of_ratios", "ratio_of_sums"), "E_OPTION"),
    )
    wanted = [*segments, *keys, *times, actual, *forecasts, *([benchmark] if benchmark else [])]
    table, kind = read(frame, list(dict.fromkeys(wanted)), keys=keys)
    _settle(table, [cutoff, period], timezone)
    history = None
    if insample is not None:
        past = [*keys, *([period] if period else []), actual]
        history, _ = read(insample, list(dict.fromkeys(past)), keys=keys)
        _settle(history, [period], timezone)
    core = _core.PointAccuracy(
        table,
        _core.PanelNames(series=keys, by=segments, cutoff=cutoff, period=period, horizon=horizon),
        actual=actual, forecasts=forecasts, benchmark=benchmark, measures=chosen, options=options,
        grain=one_of(grain or "", "grain", ("", "day", "week", "month", "quarter", "year"), "E_OPTION"),
        skip=one_of(missing, "missing", ("refuse", "skip"), "E_OPTION") == "skip",
        history=history, test_scale=scale == "test", lag=step, threads=thread_count(threads),
    )  # fmt: skip
    named = (tuple(keys), tuple(segments), tuple(forecasts), tuple(chosen))
    asked = Asked(*named, cutoff is not None, pooling, step)
    return Accuracy(core, asked, kind)


def _settle(table: _core.Table, columns: Sequence[str | None], timezone: str | None) -> None:
    """Turn instants with a zone into dates of `timezone`; what has none stays as it is."""
    named = [name for name in dict.fromkeys(columns) if name is not None]
    if timezone is not None or any(table.kind(name)[2] for name in named):
        stamped = [name for name in named if table.kind(name)[1]]
        if all(not table.kind(name)[2] for name in stamped):
            find_zone(str(timezone))  # an unknown one is refused all the same
        else:
            settle(table, stamped, timezone)


def _listed(names: Names) -> list[str]:
    return [names] if isinstance(names, str) else list(dict.fromkeys(names or ()))


def _measures(measures: str | Sequence[str] | None, *, known: bool) -> list[str]:
    if measures is None:
        return [*USUAL, *(SCALED if known else ())]
    chosen = _listed(measures)
    if not chosen:
        hint = "Leave measures= out for the usual ones."
        raise OptionError("measures= names no measure", code="E_MEASURE", hint=hint)
    names = _core.measure_names()
    for name in chosen:
        if name not in names:
            hint = f"Known: {', '.join(names)}."
            raise OptionError(
                f"measure '{name}' is not known{meant(name, names)}",
                code="E_MEASURE",
                value=str(name)[:80],
                hint=hint,
            )
    return chosen


def _refuse_incomplete(measures: list[str], *, scaled: bool, benchmark: str | None) -> None:
    for name in measures:
        if name in _NEED_HISTORY and not scaled:
            message = f"{name} measures errors by those of a naive forecast of the history, and there is none"
            hint = "Pass insample= with the rows before the test, or scale='test'."
            raise OptionError(message, code="E_MEASURE", value=name, hint=hint)
        if name in _NEED_BENCHMARK and benchmark is None:
            message = f"{name} compares with the errors of another forecast, and there is none"
            hint = "Pass benchmark= with the name of its column."
            raise OptionError(message, code="E_MEASURE", value=name, hint=hint)


def _refuse_repeated(keys: list[str], others: list[str], measures: list[str]) -> None:
    """Names of columns that the result takes over must not be there twice."""
    own = {"forecast", "points", "row", "actual", "error", "share", *measures}
    names = [*keys, *others]
    for at, name in enumerate(names):
        counted = name == "series" and at >= len(keys)  # a pooled result counts its series
        if name in names[:at] or name in own or counted:
            message = f"the column '{name}' would be twice in the result"
            hint = "Rename the column, or name it once."
            raise OptionError(message, code="E_COLUMN_DUPLICATE", column=name, value=name, hint=hint)
