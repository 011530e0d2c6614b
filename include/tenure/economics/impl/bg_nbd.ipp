#include "../bg_nbd.hpp"
#include "../detail/beta_geo.hpp"

namespace tenure {

TENURE_INLINE BetaGeo BetaGeo::of(const Eigen::VectorXd& p) {
  detail::require_parameters(names(), p, {0, 2, 3});
  return {p(0), p(1), p(2), p(3)};
}

TENURE_INLINE std::vector<double> BetaGeo::log_likelihoods(const RepeatPurchases& customers,
                                                           const Execution& execution) const {
  return detail::BetaGeoKernel<0>(*this).log_likelihoods(customers, execution);
}

TENURE_INLINE double BetaGeo::log_likelihood(const RepeatPurchases& customers,
                                             const Execution& execution) const {
  return detail::BetaGeoKernel<0>(*this).log_likelihood(customers, execution);
}

TENURE_INLINE std::vector<double> BetaGeo::probability_alive(const RepeatPurchases& customers,
                                                             const Execution& execution) const {
  return detail::BetaGeoKernel<0>(*this).probability_alive(customers, execution);
}

TENURE_INLINE std::vector<double> BetaGeo::conditional_expected_purchases(double t,
                                                                          const RepeatPurchases& customers,
                                                                          const Execution& execution) const {
  return detail::BetaGeoKernel<0>(*this).conditional_expected_purchases(t, customers, execution);
}

TENURE_INLINE double BetaGeo::expected_purchases(double t) const {
  return detail::BetaGeoKernel<0>(*this).expected_purchases(t);
}

TENURE_INLINE double BetaGeo::probability_of_purchases(double t, std::int64_t n) const {
  return detail::BetaGeoKernel<0>(*this).probability_of_purchases(t, n);
}

TENURE_INLINE ModelFit fit_beta_geo(const RepeatPurchases& customers, const FitOptions& options) {
  detail::require_customers(customers);
  check(customers, options.execution);
  return detail::search_from_few(customers, detail::beta_geo_search<0>(), options);
}

TENURE_INLINE Eigen::MatrixXd bootstrap_beta_geo(const RepeatPurchases& customers, const ModelFit& fit,
                                                 std::size_t replicates, std::uint64_t seed,
                                                 const FitOptions& options) {
  check(customers, options.execution);
  return bootstrap(
      customers, fit,
      [](const RepeatPurchases& drawn, const FitOptions& near) {
        return detail::search(detail::CustomerBase(drawn), detail::beta_geo_search<0>(), near);
      },
      replicates, seed, options);
}

}  // namespace tenure
