#pragma once

#include <optional>
#include <vector>

#include "../core/date.hpp"
#include "../core/money.hpp"
#include "../core/period.hpp"
#include "../model/policy.hpp"

namespace tenure {

/// Who and what was lost in one window [begin, end), counted by the policy's grain and netting.
struct ChurnWindow {
  Day begin = 0, end = 0;
  std::int64_t opening = 0;         ///< customers at the start
  std::int64_t joined = 0;          ///< new in the window
  std::int64_t lost = 0;            ///< there at the start and lost; under Netting::none each loss counts
  std::int64_t lost_joiners = 0;    ///< not there at the start, joined or returned, and lost
  std::int64_t returned = 0;        ///< back in the window
  std::int64_t up_for_renewal = 0;  ///< there at the start, and a row of theirs renews or ends in the window
  RunRateSum opening_mrr, new_mrr, churned, churned_joiners, contraction, expansion, reactivation,
      up_for_renewal_mrr;

  ChurnWindow& operator+=(const ChurnWindow& other) noexcept;
};

/// Shares of customers or MRR lost; absent where nobody was there to lose (`empty_base`).
///
///   customer  = lost / opening
///   mrr       = churned / opening MRR
///   gross_mrr = (churned + contraction) / opening MRR
///   net_mrr   = (churned + contraction - expansion - reactivation) / opening MRR
///
/// The policy changes numerator (ChurnNumerator: who joined in the window counts too, or who came back is
/// taken off) and denominator (ChurnDenominator). Sources: ChartMogul help 203359341 and 4414075567250 (start
/// of period, churn and contraction), Stripe support "calculating churn rate" (start plus new, joiners
/// counted), RevenueCat docs (minus resubscriptions).
struct ChurnRates {
  std::optional<double> customer, mrr, gross_mrr, net_mrr;
};

/// What is divided by what under the policy: customers, churned MRR, churned MRR and contraction.
struct ChurnParts {
  int128 numerator = 0, denominator = 0;
};
ChurnParts customer_churn_parts(const ChurnWindow& window, const ReportingPolicy& policy) noexcept;
ChurnParts mrr_churn_parts(const ChurnWindow& window, const ReportingPolicy& policy) noexcept;
ChurnParts gross_mrr_churn_parts(const ChurnWindow& window, const ReportingPolicy& policy) noexcept;

ChurnRates churn_rates(const ChurnWindow& window, const ReportingPolicy& policy) noexcept;

/// Churn of each period, over the policy's Window.
struct Churn {
  Periods periods;
  std::vector<ChurnWindow> windows;  ///< by period; under Window::daily_sum the events of its days
  std::vector<ChurnRates> rates;     ///< by period; under Window::daily_sum the sums of the days' rates
};

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/churn.ipp"
#endif
