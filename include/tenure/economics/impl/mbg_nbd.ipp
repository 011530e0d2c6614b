#include "../detail/beta_geo.hpp"
#include "../mbg_nbd.hpp"

namespace tenure {

TENURE_INLINE ModifiedBetaGeo ModifiedBetaGeo::of(const Eigen::VectorXd& p) {
  detail::require_parameters(names(), p, {0, 2, 3});
  return {p(0), p(1), p(2), p(3)};
}

TENURE_INLINE std::vector<double> ModifiedBetaGeo::log_likelihoods(const RepeatPurchases& customers,
                                                                   const Execution& execution) const {
  return detail::BetaGeoKernel<1>(*this).log_likelihoods(customers, execution);
}

TENURE_INLINE double ModifiedBetaGeo::log_likelihood(const RepeatPurchases& customers,
                                                     const Execution& execution) const {
  return detail::BetaGeoKernel<1>(*this).log_likelihood(customers, execution);
}

TENURE_INLINE std::vector<double> ModifiedBetaGeo::probability_alive(const RepeatPurchases& customers,
                                                                     const Execution& execution) const {
  return detail::BetaGeoKernel<1>(*this).probability_alive(customers, execution);
}

TENURE_INLINE std::vector<double> ModifiedBetaGeo::conditional_expected_purchases(
    double t, const RepeatPurchases& customers, const Execution& execution) const {
  return detail::BetaGeoKernel<1>(*this).conditional_expected_purchases(t, customers, execution);
}

TENURE_INLINE double ModifiedBetaGeo::expected_purchases(double t) const {
  return detail::BetaGeoKernel<1>(*this).expected_purchases(t);
}

TENURE_INLINE double ModifiedBetaGeo::probability_of_purchases(double t, std::int64_t n) const {
  return detail::BetaGeoKernel<1>(*this).probability_of_purchases(t, n);
}

TENURE_INLINE ModelFit fit_modified_beta_geo(const RepeatPurchases& customers, const FitOptions& options) {
  detail::require_customers(customers);
  check(customers, options.execution);
  return detail::search_from_few(customers, detail::beta_geo_search<1>(), options);
}

TENURE_INLINE Eigen::MatrixXd bootstrap_modified_beta_geo(const RepeatPurchases& customers,
                                                          const ModelFit& fit, std::size_t replicates,
                                                          std::uint64_t seed, const FitOptions& options) {
  check(customers, options.execution);
  return bootstrap(
      customers, fit,
      [](const RepeatPurchases& drawn, const FitOptions& near) {
        return detail::search(detail::CustomerBase(drawn), detail::beta_geo_search<1>(), near);
      },
      replicates, seed, options);
}

}  // namespace tenure
