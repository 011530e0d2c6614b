"""The names of the package lifetimes, on top of `tenure.economics`, for programs that were written for it.

``from tenure.lifetimes import BetaGeoFitter, summary_data_from_transaction_data``: classes, signatures and
conventions are those of lifetimes 0.11, results are pandas. New programs are better served by
`tenure.economics`, which takes any frame and gives intervals. See the page "From lifetimes" for differences.
"""

from .fitters import (
    BaseFitter,
    BetaGeoBetaBinomFitter,
    BetaGeoFitter,
    GammaGammaFitter,
    ModifiedBetaGeoFitter,
    ParetoNBDFitter,
)
from .summaries import calibration_and_holdout_data, summary_data_from_transaction_data

__all__ = [
    "BaseFitter",
    "BetaGeoBetaBinomFitter",
    "BetaGeoFitter",
    "GammaGammaFitter",
    "ModifiedBetaGeoFitter",
    "ParetoNBDFitter",
    "calibration_and_holdout_data",
    "summary_data_from_transaction_data",
]
