"""What customers cost and are worth: acquisition cost, payback, lifetime value, buy-till-you-die models."""

from .bg_bb import BetaGeoBetaBinom
from .cac import cac
from .customer_value import CustomerValue, customer_value
from .efficiency import (
    burn_multiple_of,
    cac_ratio_of,
    efficiency,
    magic_number_of,
    payback_years_of,
    rule_of_40_of,
    sales_efficiency_of,
    spend_share_of,
)
from .figure import Figure
from .gamma_gamma import GammaGamma
from .ltv import lifetime_of, ltv, ltv_of, ltv_of_survival, ltv_to_cac_of, mean_value_of
from .models import BetaGeo, ModifiedBetaGeo, ParetoNBD
from .payback import crossing_of, payback, payback_of
from .rfm import Rfm, rfm
from .spend import Spend

__all__ = [
    "BetaGeo",
    "BetaGeoBetaBinom",
    "CustomerValue",
    "Figure",
    "GammaGamma",
    "ModifiedBetaGeo",
    "ParetoNBD",
    "Rfm",
    "Spend",
    "burn_multiple_of",
    "cac",
    "cac_ratio_of",
    "crossing_of",
    "customer_value",
    "efficiency",
    "lifetime_of",
    "ltv",
    "ltv_of",
    "ltv_of_survival",
    "ltv_to_cac_of",
    "magic_number_of",
    "mean_value_of",
    "payback",
    "payback_of",
    "payback_years_of",
    "rfm",
    "rule_of_40_of",
    "sales_efficiency_of",
    "spend_share_of",
]
