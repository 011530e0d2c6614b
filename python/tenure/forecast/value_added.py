"""What each step of making a forecast is worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from .. import _core
from ..errors import OptionError
from ..frames import read
from ..options import one_of, thread_count
from ..results.comparison import ValueAdded
from .panels import Names, listed, panel_of

__all__ = ["value_added"]

_OWN = frozenset(
    [
        "step", "points", "error", "added", "relative", "added_total", "improved", "worsened", "share",
        "added_share", "actual", "before", "after", "gain",
    ]
)  # fmt: skip


def value_added(
    frame: Any,
    *,
    steps: Sequence[str],
    actual: str = "actual",
    series: Names = None,
    period: str | None = None,
    cutoff: str | None = None,
    by: Names = None,
    measure: Literal["wape", "mae", "mse", "mape"] = "wape",
    grain: Literal["day", "week", "month", "quarter", "year"] | None = None,
    threads: int | None = None,
) -> ValueAdded:
    """Return what each step of a forecasting process adds: naive, statistical, sales, management, or others.

    ``added = error of the step before - error of the step``: below 0 the step made the forecast worse, and
    cost work besides. The bridge closes: error of the first step - all that is added = error of the last. The
    measures are those whose parts add up, so that segments explain the total and points the segments.

    Parameters
    ----------
    frame
        Any frame that `Book` takes, a row for each point that was forecast.
    steps
        Columns of the forecasts in the order in which they are made, the one to beat (naive) first.
    actual
        Column of what happened.
    series, period
        Columns of keys and time: with `period`, rows are refused that are there twice. Without `series` a
        frame has one.
    cutoff
        Column of when the forecasts were made, of the same kind as `period`.
    by
        Columns of segments, for `ValueAdded.by_segment`.
    measure
        ``wape`` (sum of absolute errors / sum of absolute actuals), ``mae``, ``mse``, or ``mape`` (no actual
        may be 0).
    grain
        How long a period lasts that is named by its first day, as `accuracy` takes it: no forecast may be
        made after its period.
    threads
        At most; all of the machine by default. They change no bit of the result.

    Returns
    -------
    ValueAdded
        A row for each step: ``step``, ``points``, ``error``, ``added``, ``relative``, ``added_total``,
        ``improved``, ``worsened``. Null: ``empty_base`` (the first step has none before it), ``zero_actual``,
        ``no_error`` (nothing was left to gain).

    Raises
    ------
    InputError
        ``E_NO_ROWS``, ``E_AMOUNT_NULL``, ``E_AMOUNT_NAN``, ``E_AMOUNT_INF``, ``E_DUPLICATE_ROW``,
        ``E_LEAKAGE`` (a forecast made after its period), and what a frame can have wrong.
    OptionError
        ``E_STEPS`` (fewer than two), ``E_MEASURE``, ``E_COLUMN_DUPLICATE``, ``E_OPTION``, ``E_THREADS``.

    Notes
    -----
    Gilliland (2010), "The Business Forecasting Deal". Others print the gain in percentage points of MAPE;
    here it is in units of the measure, a fraction for wape and mape.

    Examples
    --------
    >>> import tenure as tn
    >>> rows = {
    ...     "actual": [100, 200, 50, 50], "naive": [80, 240, 60, 40],
    ...     "statistical": [90, 220, 55, 45], "sales": [95, 210, 80, 45],
    ... }
    >>> found = tn.forecast.value_added(rows, steps=["naive", "statistical", "sales"])
    >>> found["error"].tolist(), found["added"].round(3).tolist(), found.worse
    ([0.2, 0.1, 0.125], [None, 0.1, -0.025], ['sales'])
    """
    names, keys, segments = listed(steps), listed(series), listed(by)
    if len(names) < 2:
        hint = "Name two columns or more, the one to beat first."
        message = f"steps= names {len(names)} column{'' if len(names) == 1 else 's'}"
        raise OptionError(message, code="E_STEPS", value=", ".join(names), hint=hint)
    panel = panel_of(series, period, by, _OWN, cutoff)
    times = [name for name in (cutoff, period) if name]
    wanted = list(dict.fromkeys([*segments, *keys, *times, actual, *names]))
    table, kind = read(frame, wanted, keys=keys)
    core = _core.StepTable(
        table, panel, actual=actual, steps=names, measure=measure,
        grain=one_of(grain or "", "grain", ("", "day", "week", "month", "quarter", "year"), "E_OPTION"),
        threads=thread_count(threads),
    )  # fmt: skip
    return ValueAdded(core, measure, names, tuple(segments), kind)
