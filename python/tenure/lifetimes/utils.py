"""What lifetimes keeps in ``lifetimes.utils``: summaries of transactions."""

from .summaries import calibration_and_holdout_data, summary_data_from_transaction_data

__all__ = ["calibration_and_holdout_data", "summary_data_from_transaction_data"]
