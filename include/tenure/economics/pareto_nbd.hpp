#pragma once

#include "repeat_purchases.hpp"

namespace tenure {

/// The Pareto/NBD model (Schmittlein, Morrison and Colombo 1987; Fader and Hardie 2005, "A note on deriving
/// the Pareto/NBD model"): a customer buys at a rate from Gamma(r, alpha) and leaves, at any time, at a rate
/// from Gamma(s, beta).
///
///   L = Gamma(r+x) / Gamma(r) alpha^r beta^s
///       * ((alpha+T)^-(r+x) (beta+T)^-s + s integral_{t_x}^{T} (alpha+u)^-(r+x) (beta+u)^-(s+1) du)
///
/// The literature writes the integral as a difference of two hypergeometric functions, one form for
/// alpha >= beta and one for alpha < beta; they lose digits when T is near t_x. Here it is integrated as it
/// stands (Gauss and Legendre on the scale of log(min(alpha, beta) + u)), for any alpha and beta, with its
/// derivatives.
struct ParetoNbd {
  double r = 1, alpha = 1, s = 1, beta = 1;

  static std::vector<std::string> names() { return {"r", "alpha", "s", "beta"}; }
  /// E_PARAM for values that are not above 0, or not four of them.
  static ParetoNbd of(const Eigen::VectorXd& parameters);

  /// Log likelihood of each customer (weights do not matter), and of all (weights count).
  std::vector<double> log_likelihoods(const RepeatPurchases& customers, const Execution& = {}) const;
  double log_likelihood(const RepeatPurchases& customers, const Execution& = {}) const;
  /// The first term of L as a part of L.
  std::vector<double> probability_alive(const RepeatPurchases& customers, const Execution& = {}) const;
  /// Purchases in (T, T+t] given (x, t_x, T):
  ///   P(alive) (r+x) / (alpha+T) (beta+T) (1 - ((beta+T) / (beta+T+t))^(s-1)) / (s-1)
  /// E_PARAM for a time that is negative or not finite.
  std::vector<double> conditional_expected_purchases(double t, const RepeatPurchases& customers,
                                                     const Execution& = {}) const;
  /// Repeat purchases of a new customer in (0, t].
  double expected_purchases(double t) const;
  /// P(X(t) = n) for a new customer. E_PARAM for n < 0.
  double probability_of_purchases(double t, std::int64_t n) const;
};

/// Maximum likelihood with exact derivatives. Many customers start from the fit of every n-th of them.
/// E_NO_ROWS and what check() refuses.
ModelFit fit_pareto_nbd(const RepeatPurchases& customers, const FitOptions& options = {});

/// Parameters of fits to resampled customers, see bootstrap().
Eigen::MatrixXd bootstrap_pareto_nbd(const RepeatPurchases& customers, const ModelFit& fit,
                                     std::size_t replicates, std::uint64_t seed,
                                     const FitOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/pareto_nbd.ipp"
#endif
