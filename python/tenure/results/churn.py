"""Churn rates over the window that a policy looks at."""

from __future__ import annotations

from typing import Any

from .. import _core
from .base import BookResult, Context


class Churn(BookResult):
    """Who and what was lost, period by period.

    Columns ``period``, ``window_start``, ``window_end`` (the first day after the window),
    ``opening_customers``, ``joined_customers``, ``lost_customers`` (there at the start and lost),
    ``lost_joiners`` (not there at the start, joined and lost), ``returned_customers``,
    ``renewing_customers`` (there at the start, and a contract renews or ends), ``customer_churn``,
    ``opening_mrr``, ``joined_mrr``, ``lost_joiners_mrr``, ``renewing_mrr``, ``churned_mrr``,
    ``contraction_mrr``, ``expansion_mrr``, ``reactivation_mrr``, ``mrr_churn``, ``gross_mrr_churn``,
    ``net_mrr_churn``, ``period_is_complete``. Money is monthly, in major units; rates are shares, null
    (``empty_base``) where nobody was there to lose.
    """

    def __init__(self, churn: _core.Churn, context: Context) -> None:
        super().__init__(churn.columns(known_until=context.until, **context.money()), context)

    def plot(self, ax: Any = None) -> Any:
        """Draw churn of customers and of MRR, gross and net, over the periods."""
        from .. import plot

        return plot.plot_churn(self, ax)
