"""Summaries of transactions under the names of lifetimes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..economics.rfm import Unit, rfm
from ..errors import OptionError

if TYPE_CHECKING:
    import pandas as pd

_UNITS: dict[str, Unit] = {"D": "day", "W": "week", "M": "month"}

__all__ = ["calibration_and_holdout_data", "summary_data_from_transaction_data"]


def summary_data_from_transaction_data(
    transactions: Any,
    customer_id_col: str,
    datetime_col: str,
    monetary_value_col: str | None = None,
    datetime_format: str | None = None,
    observation_period_end: Any = None,
    freq: str = "D",
    freq_multiplier: float = 1,
    include_first_transaction: bool = False,
) -> pd.DataFrame:
    """Frequency, recency, T and monetary_value by customer, in periods ``D``, ``W`` or ``M``.

    As in lifetimes, the period of `observation_period_end` counts whole, amounts below 0 are purchases, and
    the mean of no purchases is 0.
    """
    found = rfm(
        _log(transactions, customer_id_col, datetime_col, monetary_value_col, datetime_format),
        customer=customer_id_col,
        date=datetime_col,
        amount=monetary_value_col,
        unit=_unit(freq),
        observation_end=_day(observation_period_end, datetime_format),
        monetary="with_first" if include_first_transaction else "without_first",
        last_period="whole",
        refunds="keep",
    )
    return _summary(found, customer_id_col, freq_multiplier, include_first_transaction)


def calibration_and_holdout_data(
    transactions: Any,
    customer_id_col: str,
    datetime_col: str,
    calibration_period_end: Any,
    observation_period_end: Any = None,
    freq: str = "D",
    freq_multiplier: float = 1,
    datetime_format: str | None = None,
    monetary_value_col: str | None = None,
    include_first_transaction: bool = False,
) -> pd.DataFrame:
    """The summary of the calibration (``_cal``), and purchases, spend and length of the hold-out.

    As in lifetimes, monetary_value_holdout is the mean of rows, where that of the calibration is of periods.
    """
    log = _log(transactions, customer_id_col, datetime_col, monetary_value_col, datetime_format)
    asked: dict[str, Any] = {
        "customer": customer_id_col,
        "date": datetime_col,
        "amount": monetary_value_col,
        "unit": _unit(freq),
        "observation_end": _day(observation_period_end, datetime_format),
        "calibration_end": _day(calibration_period_end, datetime_format),
        "monetary": "with_first" if include_first_transaction else "without_first",
        "refunds": "keep",
    }
    found = rfm(log, **asked)
    frame = _summary(found, customer_id_col, freq_multiplier, include_first_transaction).add_suffix("_cal")
    frame["frequency_holdout"] = found["frequency_holdout"].astype(float)
    if monetary_value_col is not None:
        rows = rfm(log, **asked, collapse=False)
        frame["monetary_value_holdout"] = np.ma.filled(rows["monetary_holdout"], 0.0)
    frame["duration_holdout"] = found["duration_holdout"] / freq_multiplier
    if not frame["duration_holdout"].gt(0).all() or (len(frame) and not _held_out(log, found, asked)):
        message = "there are no transactions after the calibration"
        raise OptionError(message, code="E_WINDOW", hint="End the calibration earlier.")
    return frame


def _unit(freq: str) -> Unit:
    """The period of a letter; ``E_PERIOD_UNIT`` for others."""
    if freq in _UNITS:
        return _UNITS[freq]
    hint = "Known: D, W, M. For hours give days, and a freq_multiplier."
    raise OptionError(f"freq={freq!r} is not known", code="E_PERIOD_UNIT", value=str(freq)[:80], hint=hint)


def _held_out(log: dict[str, Any], found: Any, asked: dict[str, Any]) -> bool:
    """Whether any row lies in the hold-out, of customers in the calibration or not."""
    days = np.asarray(log[asked["date"]], dtype="datetime64[D]")
    after = days > np.datetime64(asked["calibration_end"])
    return bool((after & (days <= np.datetime64(found.end))).any())


def _log(frame: Any, customer: str, day: str, amount: str | None, pattern: str | None) -> dict[str, Any]:
    import pandas as pd

    days = pd.to_datetime(frame[day], format=pattern)
    if days.dt.tz is not None:
        days = days.dt.tz_localize(None)
    log = {customer: frame[customer], day: days.to_numpy().astype("datetime64[D]")}
    if amount is not None:
        log[amount] = frame[amount]
    return log


def _day(value: Any, pattern: str | None) -> str | None:
    if value is None:
        return None
    import pandas as pd

    day = value.to_timestamp() if isinstance(value, pd.Period) else pd.to_datetime(value, format=pattern)
    return str(day.date())


def _summary(found: Any, customer: str, multiplier: float, with_first: bool) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(
        {
            "frequency": found["frequency"] + float(with_first),
            "recency": found["recency"] / multiplier,
            "T": found["T"] / multiplier,
        },
        index=pd.Index(found["customer"], name=customer),
    )
    if "monetary" in found.columns:
        frame["monetary_value"] = np.ma.filled(found["monetary"], 0.0)
    return frame
