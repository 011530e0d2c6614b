#pragma once

#include "repeat_purchases.hpp"

namespace tenure {

/// The modified BG/NBD model (Batislam, Denizel and Filiztekin 2007; Hoppe and Wagner 2007): as BetaGeo, but
/// a customer may leave right after the first purchase too.
///
///   L = Gamma(r+x) / Gamma(r) alpha^r B(a, b+x+1) / B(a, b)
///       * ((alpha+T)^-(r+x) + a / (b+x) (alpha+t_x)^-(r+x))
///
/// So P(alive) is below 1 for customers without a repeat purchase. The same as MBG/NBD of CLVTools and
/// MBG/CNBD-k of BTYDplus with k = 1.
struct ModifiedBetaGeo {
  double r = 1, alpha = 1, a = 1, b = 1;

  static std::vector<std::string> names() { return {"r", "alpha", "a", "b"}; }
  /// E_PARAM for values that are not above 0, or not four of them.
  static ModifiedBetaGeo of(const Eigen::VectorXd& parameters);

  /// Log likelihood of each customer (weights do not matter), and of all (weights count).
  std::vector<double> log_likelihoods(const RepeatPurchases& customers, const Execution& = {}) const;
  double log_likelihood(const RepeatPurchases& customers, const Execution& = {}) const;
  /// 1 / (1 + a / (b+x) ((alpha+T) / (alpha+t_x))^(r+x)).
  std::vector<double> probability_alive(const RepeatPurchases& customers, const Execution& = {}) const;
  /// Purchases in (T, T+t] given (x, t_x, T). E_PARAM for a time that is negative or not finite.
  std::vector<double> conditional_expected_purchases(double t, const RepeatPurchases& customers,
                                                     const Execution& = {}) const;
  /// Repeat purchases of a new customer in (0, t].
  double expected_purchases(double t) const;
  /// P(X(t) = n) for a new customer. E_PARAM for n < 0.
  double probability_of_purchases(double t, std::int64_t n) const;
};

/// Maximum likelihood with exact derivatives. Many customers start from the fit of every n-th of them.
/// E_NO_ROWS and what check() refuses.
ModelFit fit_modified_beta_geo(const RepeatPurchases& customers, const FitOptions& options = {});

/// Parameters of fits to resampled customers, see bootstrap().
Eigen::MatrixXd bootstrap_modified_beta_geo(const RepeatPurchases& customers, const ModelFit& fit,
                                            std::size_t replicates, std::uint64_t seed,
                                            const FitOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/mbg_nbd.ipp"
#endif
