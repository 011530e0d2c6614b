#include <cmath>
#include <string>

#include "../../core/detail/confidence.hpp"
#include "../detail/steps.hpp"
#include "../incidence.hpp"

namespace tenure {

TENURE_INLINE Real Incidence::std_error(std::size_t i, std::uint32_t cause) const noexcept {
  return std::sqrt(variance[i * causes + cause - 1]);
}

TENURE_INLINE Estimate Incidence::estimate(std::size_t i, std::uint32_t cause) const noexcept {
  const std::size_t at = i * causes + cause - 1;
  const double share = incidence[at];
  if (interval == IntervalKind::plain && share == 0) return {0.0, 0.0, 0.0};  // nobody yet: as R
  return detail::share_limits(share, std::sqrt(variance[at]) / share, z, interval);
}

TENURE_INLINE Estimate Incidence::at(double moment, std::uint32_t cause) const {
  if (cause == 0 || cause > causes)
    throw_option({.code = "E_PARAM",
                  .what = "cause=" + std::to_string(cause) + " is not one of 1 to " + std::to_string(causes),
                  .value = std::to_string(cause)});
  const std::size_t row = detail::row_at(time, moment, "time");
  if (time.empty()) return {Undefined::empty_base, Undefined::empty_base, Undefined::empty_base};
  if (row == detail::before_first)
    return interval == IntervalKind::plain
               ? Estimate{0.0, 0.0, 0.0}
               : Estimate{0.0, Undefined::not_estimated, Undefined::not_estimated};
  if (moment > time.back() && survival.back() > 0)
    return {Undefined::not_yet_observed, Undefined::not_yet_observed, Undefined::not_yet_observed};
  return estimate(row, cause);
}

TENURE_INLINE Incidence cumulative_incidence(const DurationTable& table, const SurvivalOptions& options) {
  const SurvivalCurve all = survival_curve(table, options);
  const std::size_t rows = all.size(), causes = table.causes;
  Incidence result{
      .causes = table.causes, .time = all.time, .at_risk = all.at_risk, .survival = all.survival};
  result.z = all.z;
  result.interval = all.interval;
  for (auto* column : {&result.events, &result.incidence, &result.variance}) column->resize(rows * causes);
  // With h = d / n of all and h_k of a cause, S' = S (1 - h), F' = F + S h_k, and the counts multinomial:
  //   Var F'      = Var F + 2 h_k Cov(S, F) + h_k^2 Var S + S^2 h_k (1 - h_k) / n
  //   Cov(S', F') = (1 - h) (Cov(S, F) + h_k Var S - S^2 h_k / n)
  //   Var S'      = (1 - h)^2 Var S + S^2 h (1 - h) / n
  std::vector<double> share(causes, 0), carry(causes, 0), variance(causes, 0), covariance(causes, 0);
  double before = 1, spread = 0;  // S(t-) and its variance
  for (std::size_t i = 0; i < rows; ++i) {
    const double risk = all.at_risk[i], h = all.events[i] / risk;
    for (std::size_t cause = 0; cause < causes; ++cause) {
      const double ended = table.ended[i * causes + cause], hk = ended / risk;
      variance[cause] += hk * (2 * covariance[cause] + hk * spread + before * before * (1 - hk) / risk);
      covariance[cause] = (1 - h) * (covariance[cause] + hk * spread - before * before * hk / risk);
      // Neumaier's sum: S and the shares of all causes stay 1 together.
      const double more = before * hk, sum = share[cause] + more;
      carry[cause] += share[cause] >= more ? (share[cause] - sum) + more : (more - sum) + share[cause];
      share[cause] = sum;
      result.events[i * causes + cause] = ended;
      result.incidence[i * causes + cause] = sum + carry[cause];
      result.variance[i * causes + cause] = std::max(0.0, variance[cause]);
    }
    spread = (1 - h) * ((1 - h) * spread + before * before * h / risk);
    before = all.survival[i];
  }
  return result;
}

TENURE_INLINE std::vector<Incidence> cumulative_incidence(const Durations& rows,
                                                          const SurvivalOptions& options,
                                                          const Execution& execution) {
  detail::normal_reach(options.confidence);
  const std::vector<DurationTable> tables = tabulate(rows, execution);
  std::vector<Incidence> results(tables.size());
  parallel_for(execution, tables.size(), [&](std::size_t group, int) {
    results[group] = cumulative_incidence(tables[group], options);
  });
  return results;
}

}  // namespace tenure
