#include "../churn.hpp"

namespace tenure {

namespace detail {

inline std::optional<double> rate_of(ChurnParts parts) noexcept {
  if (parts.denominator <= 0) return std::nullopt;
  return quotient(parts.numerator, parts.denominator);
}

}  // namespace detail

TENURE_INLINE ChurnParts customer_churn_parts(const ChurnWindow& window,
                                              const ReportingPolicy& policy) noexcept {
  ChurnParts parts{window.lost, window.opening};
  if (policy.churn_numerator == ChurnNumerator::with_joiners) parts.numerator += window.lost_joiners;
  if (policy.churn_numerator == ChurnNumerator::minus_reactivation) parts.numerator -= window.returned;
  if (policy.churn_denominator == ChurnDenominator::opening_plus_new) parts.denominator += window.joined;
  if (policy.churn_denominator == ChurnDenominator::up_for_renewal) parts.denominator = window.up_for_renewal;
  return parts;
}

TENURE_INLINE ChurnParts mrr_churn_parts(const ChurnWindow& window, const ReportingPolicy& policy) noexcept {
  ChurnParts parts{window.churned.annual, window.opening_mrr.annual};
  if (policy.churn_numerator == ChurnNumerator::with_joiners)
    parts.numerator += window.churned_joiners.annual;
  if (policy.churn_numerator == ChurnNumerator::minus_reactivation)
    parts.numerator -= window.reactivation.annual;
  if (policy.churn_denominator == ChurnDenominator::opening_plus_new)
    parts.denominator += window.new_mrr.annual;
  if (policy.churn_denominator == ChurnDenominator::up_for_renewal)
    parts.denominator = window.up_for_renewal_mrr.annual;
  return parts;
}

TENURE_INLINE ChurnParts gross_mrr_churn_parts(const ChurnWindow& window,
                                               const ReportingPolicy& policy) noexcept {
  ChurnParts parts = mrr_churn_parts(window, policy);
  parts.numerator += window.contraction.annual;
  return parts;
}

TENURE_INLINE ChurnWindow& ChurnWindow::operator+=(const ChurnWindow& other) noexcept {
  opening += other.opening;
  joined += other.joined;
  lost += other.lost;
  lost_joiners += other.lost_joiners;
  returned += other.returned;
  up_for_renewal += other.up_for_renewal;
  opening_mrr += other.opening_mrr;
  new_mrr += other.new_mrr;
  churned += other.churned;
  churned_joiners += other.churned_joiners;
  contraction += other.contraction;
  expansion += other.expansion;
  reactivation += other.reactivation;
  up_for_renewal_mrr += other.up_for_renewal_mrr;
  return *this;
}

TENURE_INLINE ChurnRates churn_rates(const ChurnWindow& window, const ReportingPolicy& policy) noexcept {
  ChurnParts net = gross_mrr_churn_parts(window, policy);
  net.numerator -= window.expansion.annual;
  // Under minus_reactivation it is off already.
  if (policy.churn_numerator != ChurnNumerator::minus_reactivation)
    net.numerator -= window.reactivation.annual;
  return {detail::rate_of(customer_churn_parts(window, policy)),
          detail::rate_of(mrr_churn_parts(window, policy)),
          detail::rate_of(gross_mrr_churn_parts(window, policy)), detail::rate_of(net)};
}

}  // namespace tenure
