#pragma once

#include "repeat_purchases.hpp"

namespace tenure {

/// The BG/NBD model (Fader, Hardie and Lee 2005, "Counting your customers the easy way"): a customer buys at
/// a rate from Gamma(r, alpha) and, after each repeat purchase, leaves with a probability from Beta(a, b).
///
///   L = Gamma(r+x) / Gamma(r) alpha^r B(a, b+x) / B(a, b)
///       * ((alpha+T)^-(r+x) + [x > 0] a / (b+x-1) (alpha+t_x)^-(r+x))
///
/// A customer without a repeat purchase cannot have left: P(alive) is 1. Models that let it leave at once:
/// ModifiedBetaGeo, ParetoNbd. Expectations are sums of positive terms rather than the paper's difference of
/// hypergeometric functions, which loses digits near a = 1 and gives no number for a + b < 1 and x = 0.
struct BetaGeo {
  double r = 1, alpha = 1, a = 1, b = 1;

  static std::vector<std::string> names() { return {"r", "alpha", "a", "b"}; }
  /// E_PARAM for values that are not 1e-60 to 1e60 (shapes: 1e12), or not four of them.
  static BetaGeo of(const Eigen::VectorXd& parameters);

  /// Log likelihood of each customer (weights do not matter), and of all (weights count).
  std::vector<double> log_likelihoods(const RepeatPurchases& customers, const Execution& = {}) const;
  double log_likelihood(const RepeatPurchases& customers, const Execution& = {}) const;
  /// 1 / (1 + [x > 0] a / (b+x-1) ((alpha+T) / (alpha+t_x))^(r+x)).
  std::vector<double> probability_alive(const RepeatPurchases& customers, const Execution& = {}) const;
  /// Purchases in (T, T+t] given (x, t_x, T). E_PARAM for a time that is negative, not finite or
  /// above 1e60, or 1e60 times alpha.
  std::vector<double> conditional_expected_purchases(double t, const RepeatPurchases& customers,
                                                     const Execution& = {}) const;
  /// Repeat purchases of a new customer in (0, t].
  double expected_purchases(double t) const;
  /// P(X(t) = n) for a new customer. E_PARAM for n < 0.
  double probability_of_purchases(double t, std::int64_t n) const;
};

/// Maximum likelihood with exact derivatives. Many customers start from the fit of every n-th of them.
/// E_NO_ROWS and what check() refuses.
ModelFit fit_beta_geo(const RepeatPurchases& customers, const FitOptions& options = {});

/// Parameters of fits to resampled customers, see bootstrap().
Eigen::MatrixXd bootstrap_beta_geo(const RepeatPurchases& customers, const ModelFit& fit,
                                   std::size_t replicates, std::uint64_t seed,
                                   const FitOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/bg_nbd.ipp"
#endif
