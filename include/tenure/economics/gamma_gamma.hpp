#pragma once

#include <span>
#include <string>
#include <vector>

#include "fit.hpp"

/// What customers spend per purchase: the Gamma-Gamma model (Colombo and Jiang 1999; Fader, Hardie and Lee
/// 2005, "RFM and CLV"; Fader and Hardie 2013, note 025).
///
/// A customer's amounts are Gamma(p, nu) around a mean of its own, and nu is Gamma(q, v) over customers. With
/// x purchases that came to z on average:
///
///   L      = Gamma(px+q) / (Gamma(px) Gamma(q)) v^q z^(px-1) x^(px) / (v + xz)^(px+q)
///   E[M]   = p v / (q - 1)                    of a customer nobody knows anything of; infinite for q <= 1
///   E[M|x,z] = p (v + xz) / (px + q - 1)      between z and E[M], nearer to z with more purchases
///
/// The model assumes that how often a customer buys says nothing of how much it spends: see
/// spend_correlation(). lifetimes gives E[M] as a negative number where q < 1; here it is undefined
/// (diverges).
namespace tenure {

/// How much customers spent per purchase, a row each.
struct AverageSpend {
  std::span<const double> frequency;  ///< x: the purchases that are averaged; 0 where there are none
  std::span<const double> monetary;   ///< z: their mean; not read where x is 0
  std::span<const double> weight{};   ///< how many such customers there are; none: 1 each

  std::size_t size() const noexcept { return frequency.size(); }
};

struct AverageSpendNames {
  std::string frequency = "frequency", monetary = "monetary", weight = "weight";
};

/// E_RFM_FREQUENCY (negative, not whole, no number), E_RFM_MONETARY (x above 0 and z not above 0: a gamma
/// distribution has no such amounts), E_WEIGHT (not above 0), E_COLUMN_LENGTH.
void check(const AverageSpend& customers, const AverageSpendNames& names = {});

struct GammaGamma {
  double p = 1, q = 1, v = 1;

  static std::vector<std::string> names() { return {"p", "q", "v"}; }
  /// E_PARAM for values that are not above 0, or not three of them.
  static GammaGamma of(const Eigen::VectorXd& parameters);

  /// Of each customer with x > 0; 0 of others.
  std::vector<double> log_likelihoods(const AverageSpend& customers, const Execution& = {}) const;
  /// Undefined (diverges) for q <= 1.
  Real expected_spend() const;
  /// Of each customer; undefined (diverges) where px + q <= 1, as without purchases for q <= 1.
  std::vector<Real> conditional_expected_spend(const AverageSpend& customers, const Execution& = {}) const;
};

/// Maximum likelihood over the customers with x > 0. E_NO_ROWS if there is none.
ModelFit fit_gamma_gamma(const AverageSpend& customers, const FitOptions& options = {});

/// Expected spend of each customer with an interval by the delta method, symmetric in the logarithm: how well
/// the expectation is known, not how amounts scatter. Undefined (not_estimated) for fits without errors.
std::vector<Estimate> expected_spend_intervals(const ModelFit& fit, const AverageSpend& customers,
                                               double confidence = 0.95, const Execution& = {});

/// Pearson's correlation of x and z among customers with x > 0. Undefined (too_few) for fewer than 3, or if
/// either does not vary. The authors call a correlation near 0 the condition of the model.
Real spend_correlation(const AverageSpend& customers);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/gamma_gamma.ipp"
#endif
