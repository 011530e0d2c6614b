"""Results: values that own their memory and leave as any kind of frame."""

from .base import Result
from .cohorts import Cohorts
from .explanation import Explanation
from .revenue import Concentration, NetRetention, Summary, Waterfall

__all__ = ["Cohorts", "Concentration", "Explanation", "NetRetention", "Result", "Summary", "Waterfall"]
