"""How good forecasts are, how sure one can be of them, and what any forecast has to beat."""

from __future__ import annotations

from ..results.accuracy import Accuracy, Errors
from ..results.scores import Brier, Intervals, Pit, Quantiles, Scores
from ..results.snapshots import Drift, ForecastCalls, LeadTimes
from .accuracy import accuracy
from .backtest import backtest
from .commitments import commitments
from .comparison import diebold_mariano, ranking, skill
from .crps import crps, log_score
from .forecastability import forecastability
from .naive import naive
from .pit import pit
from .predictability import predictability
from .probability import brier, rps
from .quantiles import intervals, quantiles
from .snapshots import snapshots
from .value_added import value_added

__all__ = [
    "Accuracy",
    "Brier",
    "Drift",
    "Errors",
    "ForecastCalls",
    "Intervals",
    "LeadTimes",
    "Pit",
    "Quantiles",
    "Scores",
    "accuracy",
    "backtest",
    "brier",
    "commitments",
    "crps",
    "diebold_mariano",
    "forecastability",
    "intervals",
    "log_score",
    "naive",
    "pit",
    "predictability",
    "quantiles",
    "ranking",
    "rps",
    "skill",
    "snapshots",
    "value_added",
]


def __dir__() -> list[str]:
    """What is public; modules that hold it are not."""
    return __all__
