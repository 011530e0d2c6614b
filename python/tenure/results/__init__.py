"""Results: values that own their memory and leave as any kind of frame."""

from .base import BookResult, Result
from .churn import Churn
from .cohorts import Cohorts
from .explanation import Explanation
from .match import Match
from .reconciliation import Cause, Reconciliation
from .restatement import Restatement
from .revenue import Concentration, NetRetention, Summary, Waterfall

__all__ = [
    "BookResult",
    "Cause",
    "Churn",
    "Cohorts",
    "Concentration",
    "Explanation",
    "Match",
    "NetRetention",
    "Reconciliation",
    "Restatement",
    "Result",
    "Summary",
    "Waterfall",
]
