#include "../detail/pareto_nbd.hpp"
#include "../pareto_nbd.hpp"

namespace tenure {

namespace detail {

template <class ForParts>
std::vector<double> of_pareto_customers(const ParetoNbd& model, const RepeatPurchases& customers,
                                        const Execution& execution, ForParts&& figure) {
  check(customers, execution);
  const ParetoParameters p{model.r, model.alpha, model.s, model.beta};
  std::vector<double> values(customers.size());
  for_customer_blocks(execution, customers.size(), [&](std::size_t, std::size_t first, std::size_t last) {
    for (std::size_t row = first; row < last; ++row)
      values[row] = figure(row, pareto_mixture(p, customers.frequency[row], customers.recency[row],
                                               customers.age[row], [](double, double, double, bool) {}));
  });
  return values;
}

}  // namespace detail

TENURE_INLINE ParetoNbd ParetoNbd::of(const Eigen::VectorXd& p) {
  detail::require_parameters(names(), p, {0, 2});
  return {p(0), p(1), p(2), p(3)};
}

TENURE_INLINE std::vector<double> ParetoNbd::log_likelihoods(const RepeatPurchases& customers,
                                                             const Execution& execution) const {
  check(customers, execution);
  const detail::CustomerBase base(customers);
  const detail::Rising by_r(r, base.distinct);
  return detail::of_pareto_customers(
      *this, customers, execution, [&](std::size_t row, const detail::ParetoParts& parts) {
        return by_r.log[base.codes[row]] + r * std::log(alpha) + s * std::log(beta) + parts.log_sum();
      });
}

TENURE_INLINE double ParetoNbd::log_likelihood(const RepeatPurchases& customers,
                                               const Execution& execution) const {
  check(customers, execution);
  return -detail::pareto_negative(detail::CustomerBase(customers), Eigen::Vector4d(r, alpha, s, beta),
                                  execution)
              .value;
}

TENURE_INLINE std::vector<double> ParetoNbd::probability_alive(const RepeatPurchases& customers,
                                                               const Execution& execution) const {
  return detail::of_pareto_customers(
      *this, customers, execution,
      [](std::size_t, const detail::ParetoParts& parts) { return parts.alive / (parts.alive + parts.left); });
}

TENURE_INLINE std::vector<double> ParetoNbd::conditional_expected_purchases(
    double t, const RepeatPurchases& customers, const Execution& execution) const {
  detail::require_time(t, std::min(alpha, beta));
  return detail::of_pareto_customers(
      *this, customers, execution, [&](std::size_t row, const detail::ParetoParts& parts) {
        const double age = customers.age[row], alive = parts.alive / (parts.alive + parts.left);
        return alive * (r + customers.frequency[row]) / (alpha + age) * (beta + age) *
               detail::over_shape(s, -std::log1p(t / (beta + age)));
      });
}

TENURE_INLINE double ParetoNbd::expected_purchases(double t) const {
  detail::require_time(t, std::min(alpha, beta));
  return r / alpha * beta * detail::over_shape(s, -std::log1p(t / beta));
}

TENURE_INLINE double ParetoNbd::probability_of_purchases(double t, std::int64_t n) const {
  detail::require_time(t, std::min(alpha, beta));
  detail::require_count(n);
  if (t == 0) return n > 0 ? 0 : 1;
  const double count = static_cast<double>(n);
  const std::array<double, 1> at{count};
  const double log_ways = detail::Rising(r, at).log[0] - detail::Rising(1, at).log[0];
  const auto chance = [&](double u) {
    return std::exp(log_ways - r * std::log1p(u / alpha) + count * std::log(u / (alpha + u)));
  };
  double left = 0;
  detail::over_times(
      alpha, beta, 0, t, 0, 0.25,
      [&](double u, double measure, double, double log_beta) {
        const double gone = s * std::exp(s * (std::log(beta) - log_beta) - log_beta);
        if (u > 0) left += measure * gone * chance(u);
      },
      [] { return true; });
  return std::exp(-s * std::log1p(t / beta)) * chance(t) + left;
}

TENURE_INLINE ModelFit fit_pareto_nbd(const RepeatPurchases& customers, const FitOptions& options) {
  detail::require_customers(customers);
  check(customers, options.execution);
  return detail::search_from_few(customers, detail::pareto_search(), options);
}

TENURE_INLINE Eigen::MatrixXd bootstrap_pareto_nbd(const RepeatPurchases& customers, const ModelFit& fit,
                                                   std::size_t replicates, std::uint64_t seed,
                                                   const FitOptions& options) {
  check(customers, options.execution);
  return bootstrap(
      customers, fit,
      [](const RepeatPurchases& drawn, const FitOptions& near) {
        return detail::search(detail::CustomerBase(drawn), detail::pareto_search(), near);
      },
      replicates, seed, options);
}

}  // namespace tenure
