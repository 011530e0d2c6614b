#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../cohort/triangle.hpp"
#include "../core/bootstrap.hpp"
#include "../core/real.hpp"
#include "../revenue/churn.hpp"
#include "../revenue/waterfall.hpp"
#include "customer_totals.hpp"

namespace tenure {

/// When the margin of a period is paid.
enum class Timing : std::uint8_t { begin, end };
/// What no churn at all means: undefined (ChartMogul: `no_loss`), a value of 0 (profitable), or a floor.
enum class ZeroChurn : std::uint8_t { undefined, zero, floor };

struct LtvTerms {
  double margin = 1;    ///< gross margin, a share of revenue
  double discount = 0;  ///< for one period
  /// How many periods count; none: for good.
  std::optional<int> horizon = {};
  Timing timing = Timing::begin;
  ZeroChurn zero_churn = ZeroChurn::undefined;
  double floor = 0.01;  ///< the least churn under ZeroChurn::floor

  /// Throws InputError E_RATE_RANGE: margin above 1, discount not above -1, floor outside 0..1; OptionError
  /// E_HORIZON below 0.
  void check() const;
};

/// Periods that a customer stays on average: 1 / churn. Undefined (`no_loss`) unless churn is above 0.
Real lifetime(Real churn) noexcept;

/// What a customer is worth who brings `revenue` a period and leaves with chance c in each:
///
///   LTV = revenue * margin / c                                        d = 0, for good: ARPA x margin / churn
///   LTV = sum over t = 0, 1, ... of revenue * margin * ((1 - c) / (1 + d))^t
///       = revenue * margin * (1 + d) / (c + d)                        for good
///       = revenue * margin * (1 - q^h) / (1 - q),  q = (1 - c) / (1 + d)     over h periods
///
/// with the margin of a period paid at its begin; paid at its end, all is divided by 1 + d. Over h1 + h2
/// periods: LTV(h1) + q^h1 * LTV(h2). Net MRR churn below 0 grows: then the sum has a limit only if d is
/// large enough (`diverges`). Churn above 1 is refused (E_RATE_RANGE).
///
/// Disagreement: ChartMogul divides ARPA by the mean churn of the six periods before, without margin and
/// without the current one; Baremetrics ARPU by user churn; ProfitWell smoothed ARPU by 1 - retention;
/// Finmark by revenue churn. Without churn: undefined (ChartMogul), 0 (profitable), or a floor of 1 %.
Real ltv(double revenue, Real churn, const LtvTerms& terms = {});

/// The same by any survival curve S(0), S(1), ... (the share that still pays in each period, fitted or
/// observed): sum of revenue * margin * S(t) / (1 + d)^t. `not_yet_observed` if the curve ends before the
/// horizon. Throws InputError E_RATE_RANGE outside 0..1, or where the curve rises.
Real ltv_of_survival(double revenue, std::span<const double> survival, const LtvTerms& terms = {});

/// LTV : CAC. Undefined (`no_spend`) for customers who cost nothing.
Real ltv_to_cac(Real ltv, Real cac) noexcept;

/// What a cohort has brought: per customer it started with, cumulated by age.
///
///   value(a) = sum over k <= a of (amount(k) * margin - cost to serve * customers(k)) / (1 + d)^k / size
///
/// over all cohorts that are observed at each age, weighted by what they started with (amount(k) and size are
/// sums over those). `horizon` cuts the ages. Periods that are not over on `known_until` are not observed.
/// Undefined `empty_base` where nobody started, `not_yet_observed` at ages that no cohort has reached,
/// `other_period` for weeks and days. In periods of the triangle; d is for one of them.
struct ObservedValue {
  std::int64_t customers = 0;                 ///< of the cohorts observed at the age
  Real per_customer = Undefined::empty_base;  ///< up to and with the age
};
std::vector<ObservedValue> observed_ltv(const Triangle& cohorts, std::size_t segment,
                                        const LtvTerms& terms = {}, double cost_to_serve = 0,
                                        Day known_until = max_day);

/// Which share is lost: of customers; of MRR by those who left; with contraction; net of expansion.
enum class ChurnMeasure : std::uint8_t { customer, mrr, gross_mrr, net_mrr };
/// Throws OptionError E_CHURN with the nearest known name.
ChurnMeasure parse_churn_measure(std::string_view name);

/// Churn by row of a bridge: losses over what was there at the opening, as in growth().
std::vector<Real> churn_by_row(const Waterfall& bridge, ChurnMeasure measure);
/// Churn by period as the policy of the book counts it.
std::vector<Real> churn_by_period(const Churn& churn, ChurnMeasure measure);

/// Mean churn of the `periods` before each period; the period itself counts or not (ChartMogul: 6, without).
/// Undefined (`before_history`) where there are fewer before, else for the reason of the first undefined one.
std::vector<Real> trailing_churn(std::span<const Real> churn, int periods, bool with_current);

/// LTV by row of a bridge: ARPA at each closing, with the churn of that row.
struct PeriodValue {
  Real arpa, lifetime, ltv;  ///< a month; in months; over the terms
};
std::vector<PeriodValue> period_values(const Waterfall& bridge, std::span<const Real> churn,
                                       const LtvTerms& terms = {});

/// What the customers of a segment are worth, with intervals: ratios of sums over customers and periods,
/// resampled customer by customer.
///
///   ARPA  = sum(paid) / sum(active)            a month
///   churn = sum(lost) / sum(exposed), or of MRR: sum(churned [+ contracted [- expanded]]) / sum(opening)
///   LTV   = ltv(ARPA * months of a period, churn, terms)
struct SegmentValue {
  std::string segment;
  std::int64_t customers = 0;  ///< who were active at some closing
  Estimate arpa;               ///< a month
  Estimate churn;              ///< a period
  Estimate lifetime;           ///< in months
  Estimate ltv;
};

/// For each segment of the totals. Without options for the bootstrap the bounds are the values. A churn that
/// is given replaces the measured one. `other_period` for weeks and days.
std::vector<SegmentValue> segment_values(const CustomerTotals& totals, ChurnMeasure measure,
                                         const LtvTerms& terms = {},
                                         const std::optional<BootstrapOptions>& bootstrap = {});

/// The mean of given customer values (of a buy-till-you-die model), with the interval of resampled customers.
/// Undefined (`empty_base`) for none. Throws InputError E_AMOUNT_NAN for a value that is not finite.
Estimate mean_value(std::span<const std::uint64_t> keys, std::span<const double> values,
                    const std::optional<BootstrapOptions>& bootstrap = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/ltv.ipp"
#endif
