#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fit.hpp"

/// Purchases at regular opportunities (a yearly gift, a weekly delivery, an annual conference): the BG/BB
/// model (Fader, Hardie and Shang 2010, "Customer-base analysis in a discrete-time noncontractual setting").
///
/// While alive, a customer buys at each opportunity with a probability from Beta(alpha, beta), and dies
/// before each with a probability from Beta(gamma, delta). With x purchases in n opportunities, the last at
/// t_x, and the ratios A(i, j) = B(alpha+i, beta+j) / B(alpha, beta) and D(i, j) = B(gamma+i, delta+j) /
/// B(gamma, delta):
///
///   L = A(x, n-x) D(0, n) + sum of A(x, t_x-x+i) D(1, t_x+i) over i = 0 .. n-t_x-1
///
/// All sums are of positive terms and in logarithms. The paper's closed forms, which lifetimes uses, divide
/// by gamma - 1 and lose all digits near gamma = 1; here expectations are summed over opportunities.
namespace tenure {

/// What customers did at n opportunities after the first purchase, a row each (or a row for each pattern).
struct PurchaseOpportunities {
  std::span<const double> frequency;  ///< x: opportunities at which the customer bought
  std::span<const double> recency;    ///< t_x: the last of them, counted from 1; 0 if there was none
  std::span<const double> periods;    ///< n: opportunities
  std::span<const double> weight{};   ///< how many such customers there are; none: 1 each

  std::size_t size() const noexcept { return frequency.size(); }
};

struct PurchaseOpportunityNames {
  std::string frequency = "frequency", recency = "recency", periods = "periods", weight = "weight";
};

/// E_RFM_FREQUENCY, E_RFM_RECENCY and E_RFM_AGE (not whole, negative; above t_x, n and 100000), E_RFM_ZERO
/// (no purchase but a recency), E_WEIGHT (not above 0), E_COLUMN_LENGTH.
void check(const PurchaseOpportunities& customers, const PurchaseOpportunityNames& names = {});

struct BetaGeoBetaBinom {
  double alpha = 1, beta = 1, gamma = 1, delta = 1;

  static std::vector<std::string> names() { return {"alpha", "beta", "gamma", "delta"}; }
  /// E_PARAM for values that are not above 0, or not four of them.
  static BetaGeoBetaBinom of(const Eigen::VectorXd& parameters);

  /// Of each row, weights aside.
  std::vector<double> log_likelihoods(const PurchaseOpportunities& customers, const Execution& = {}) const;
  /// A(x, n-x) D(0, n+ahead) / L: alive at opportunity n + ahead. The paper reports ahead = 1: whether the
  /// customer can buy at the next one. E_PARAM for ahead < 0 or above 100000.
  std::vector<double> probability_alive(std::int64_t ahead, const PurchaseOpportunities& customers,
                                        const Execution& = {}) const;
  /// Purchases at the opportunities n+1 .. n+ahead: A(x+1, n-x) / L * sum of D(0, n+i) over i = 1 .. ahead.
  std::vector<double> conditional_expected_purchases(std::int64_t ahead,
                                                     const PurchaseOpportunities& customers,
                                                     const Execution& = {}) const;
  /// Of a new customer in n opportunities: alpha / (alpha+beta) * sum of D(0, i) over i = 1 .. n.
  double expected_purchases(std::int64_t n) const;
  /// P(X(n) = x) of a new customer.
  double probability_of_purchases(std::int64_t n, std::int64_t x) const;
};

/// Maximum likelihood with exact derivatives; equal rows are added up first. E_NO_ROWS, and what check()
/// refuses.
ModelFit fit_beta_geo_beta_binom(const PurchaseOpportunities& customers, const FitOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/bg_bb.ipp"
#endif
