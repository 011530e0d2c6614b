"""How long customers stay: survival, tests between groups, projection of retention."""

from ..results.projection import ChainLadder, Projection
from ..results.survival import CumulativeIncidence, LogRank, Survival
from .chain_ladder import chain_ladder
from .incidence import cumulative_incidence
from .log_rank import log_rank
from .projection import project
from .retention_curve import RetentionCurve
from .survival import survival

__all__ = [
    "ChainLadder",
    "CumulativeIncidence",
    "LogRank",
    "Projection",
    "RetentionCurve",
    "Survival",
    "chain_ladder",
    "cumulative_incidence",
    "log_rank",
    "project",
    "survival",
]
