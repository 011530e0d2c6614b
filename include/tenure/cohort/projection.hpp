#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "../core/minimise.hpp"
#include "../core/real.hpp"
#include "cells.hpp"

/// How many customers will be left: retention of cohorts beyond the data, for contracts that are renewed or
/// not at the end of each period and customers who, once gone, stay away.
namespace tenure {

enum class RetentionModel : std::uint8_t {
  beta_geometric,  ///< "sbg": each customer leaves with a chance of its own, the same at every renewal
  beta_weibull     ///< "bdw": that chance also rises (c > 1) or falls (c < 1) with age
};
constexpr std::string_view name_of(RetentionModel model) noexcept {
  return model == RetentionModel::beta_geometric ? "sbg" : "bdw";
}

/// The share of customers left at an age, by the parameters of the chances' beta distribution.
///
///   S(t) = B(alpha, beta + t^c) / B(alpha, beta)      left at age t: after t renewals; S(0) = 1
///   r(t) = S(t) / S(t - 1)                            renew for the t-th time, of those who could
///   P(t) = S(t - 1) - S(t)                            leave instead of renewing for the t-th time
///
/// c = 1 is the shifted beta geometric model (Fader and Hardie 2007, "How to project customer retention", J.
/// of Interactive Marketing 21); any c the beta discrete Weibull model (Fader, Hardie, Liu, Davin, Steenburgh
/// 2018, the same revisited, ibid. 43). Papers also write gamma and delta for alpha and beta.
struct RetentionCurve {
  /// Above 0.
  double alpha = 1, beta = 1, c = 1;

  double log_survival(double age) const;
  double survival(double age) const;
  double retention(double age) const;  ///< age >= 1
  double churn(double age) const;      ///< age >= 1

  /// What one unit a period is worth until the customer leaves, to one who pays the first just now: sum over
  /// t >= 0 of S(t) / (1 + discount)^t. Without a discount, how many periods the customer stays.
  /// `diverges` for alpha * c <= 1 without a discount and for any discount below 0. E_RATE_RANGE for <= -1.
  Real expected_lifetime(double discount) const;

  /// The same for a customer who is about to renew for the n-th time, before it is known whether:
  ///
  ///   DERL(n) = sum over t >= n of S(t) / S(n - 1) / (1 + discount)^(t - n)
  ///
  /// which counts the payment of that renewal, undiscounted (Fader and Hardie 2010, "Customer-base valuation
  /// in a contractual setting", Marketing Science 29, equation 6). The disagreement: some tables start with
  /// the next payment after the renewal. n >= 1.
  Real residual_lifetime(std::int64_t renewal, double discount) const;
};

/// What to do with a cohort that has more customers at an age than before: the models know nobody who
/// returns.
enum class Rises : std::uint8_t {
  refuse,  ///< E_COHORT_RISES
  /// Who returns was never away: at each age the most customers of that age or later, at most those of age 0.
  /// Counts of the last age stay true; a running minimum would deny customers who are there.
  cap
};

struct RetentionOptions {
  RetentionModel model = RetentionModel::beta_geometric;
  Rises rises = Rises::refuse;
};

/// Why a fit lies at the edge of its model. The curve is the limit that the data point to, to within about
/// 1e-6: its parameters are as far out as the search goes, and mean nothing one by one.
enum class RetentionEdge : std::uint8_t {
  no,
  nobody_leaves,  ///< S = 1
  all_leave,      ///< everybody leaves at the first renewal
  two_kinds,      ///< some leave at the first renewal, the others never: alpha + beta goes to 0
  /// Customers do not differ in their chances: alpha + beta grows without limit, and only alpha / (alpha +
  /// beta) and c mean anything. Also where losses grow with age faster than the model can follow.
  all_alike,
  other  ///< another parameter presses against its bound
};
std::string_view name_of(RetentionEdge edge) noexcept;

/// The curve of highest likelihood, all cohorts together. Likelihood and results depend on the customers lost
/// and kept by age alone, added over cohorts. Nothing here throws for want of data: see `reason` and `edge`.
struct RetentionFit {
  RetentionModel model = RetentionModel::beta_geometric;
  RetentionCurve curve;  ///< meaningless where there is a reason
  /// `too_few`: fewer ages at which somebody could leave than parameters.
  Undefined reason = Undefined::no;
  Outcome outcome = Outcome::stopped;
  RetentionEdge edge = RetentionEdge::no;
  double log_likelihood = 0;
  double customers = 0;  ///< at age 0
  /// Of logit(alpha / (alpha + beta)), log(alpha + beta) and log(c): inverse of the observed information.
  /// Where all are alike, that of the limit: the second parameter has no error of its own. Empty
  /// (`not_estimated`) at other edges, or where the likelihood is flat.
  Eigen::MatrixXd working_covariance = {};

  bool has_errors() const noexcept { return working_covariance.size() > 0; }
  /// Of (alpha, beta[, c]), by the delta method; empty at any edge.
  Eigen::MatrixXd covariance() const;
  /// Of alpha, beta, c; that of c is 0 in the beta geometric model.
  std::array<Real, 3> std_errors() const;

  /// With intervals by the delta method on the logarithm.
  Estimate expected_lifetime(double discount, double confidence = 0.95) const;
  Estimate residual_lifetime(std::int64_t renewal, double discount, double confidence = 0.95) const;
};

/// Values are counts of customers, whole or not: each customer is an observation, so intervals are those of
/// so many. Shares have to be multiplied by the size of their cohort first (1, 0.8, 0.7 is one customer);
/// those in per cent, as in published examples, are read as cohorts of 100. Throws InputError
/// E_COHORT_RISES, naming the cell.
RetentionFit fit_retention(const CohortRuns& customers, const RetentionOptions& options = {});

/// The customers of each age as the fit counts them: E_COHORT_RISES, or capped.
std::vector<double> checked_run(const CohortRuns& customers, std::size_t cohort, Rises rises);

/// Shares left at later ages under a fit, of customers who are there at some age: S(to) / S(from), which is
/// what the model expects of them whatever came before.
///
/// Intervals are by the delta method: they need no draws, stay within 0 and 1 and give the same bits every
/// time. Those of the curve are on the logit of that share. A prediction adds the binomial variance of so
/// many customers, on the angle asin(sqrt(share)), where it is 1 / (4 n) whatever the share (a logit is far
/// too wide where hardly anybody leaves); it is never narrower than that of the curve.
/// Undefined (`not_estimated`) where the fit has no errors.
class RetentionProjection {
 public:
  /// Ages 0 .. last.
  RetentionProjection(const RetentionFit& fit, std::size_t last, double confidence = 0.95);

  std::size_t last() const noexcept { return last_; }
  double survival(std::size_t age) const;
  /// The interval of the curve, where `customers` is 0; else the prediction for so many.
  Estimate kept(std::size_t from, std::size_t to, double customers = 0) const;

 private:
  std::size_t last_;
  double quantile_;
  Undefined reason_;
  std::vector<double> log_survival_;
  Eigen::MatrixXd slopes_;  ///< of the logarithms, by age and working parameter
  Eigen::MatrixXd covariance_;
};

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/projection.ipp"
#endif
