#pragma once

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <vector>

#include "../../core/minimise.hpp"
#include "../projection.hpp"
#include "log_gamma_step.hpp"

/// The likelihood of a retention curve. A customer who leaves at its t-th renewal has the likelihood
/// S(t-1) - S(t) = r(1) ... r(t-1) (1 - r(t)), one who is still there at age n has r(1) ... r(n): all that
/// matters is how many were kept and lost at each renewal, over all cohorts.
///
/// Working parameters are the logit of the mean chance m = alpha / (alpha + beta), the log of k = alpha +
/// beta, and log c: they are nearly unrelated, and each limit of the model is a bound of one of them.
namespace tenure::detail {

struct Renewals {
  std::vector<double> kept, lost;  ///< at renewal 1, 2, ...
  double customers = 0, all_kept = 0, all_lost = 0;
  std::size_t informative = 0;  ///< renewals at which anybody was left
};

inline Renewals renewals_of(const CohortRuns& customers, Rises rises) {
  Renewals renewals;
  for (std::size_t cohort = 0; cohort < customers.size(); ++cohort) {
    const std::vector<double> run = checked_run(customers, cohort, rises);
    if (run.empty()) continue;
    renewals.customers += run[0];
    if (renewals.kept.size() + 1 < run.size()) {
      renewals.kept.resize(run.size() - 1);
      renewals.lost.resize(run.size() - 1);
    }
    for (std::size_t age = 1; age < run.size(); ++age) {
      renewals.kept[age - 1] += run[age];
      renewals.lost[age - 1] += run[age - 1] - run[age];
    }
  }
  for (std::size_t i = 0; i < renewals.kept.size(); ++i) {
    renewals.all_kept += renewals.kept[i];
    renewals.all_lost += renewals.lost[i];
    if (renewals.kept[i] + renewals.lost[i] > 0) ++renewals.informative;
  }
  return renewals;
}

inline constexpr double most_logit = 16, most_log_sum = 15, most_log_power = 3;

inline double logit(double share) { return std::log(share) - std::log1p(-share); }
inline double share_of(double logit) { return 1 / (1 + std::exp(-logit)); }

inline Eigen::VectorXd working(std::initializer_list<double> values) {
  Eigen::VectorXd at(static_cast<Eigen::Index>(values.size()));
  std::ranges::copy(values, at.begin());
  return at;
}

inline RetentionCurve curve_of(const Eigen::VectorXd& at) {
  const double sum = std::exp(at(1));
  return {share_of(at(0)) * sum, share_of(-at(0)) * sum, at.size() > 2 ? std::exp(at(2)) : 1.0};
}

inline double log_retention(const RetentionCurve& curve, double age) {
  if (curve.c == 1) return std::log1p(-curve.alpha / (curve.alpha + curve.beta + age - 1));
  const double before = std::pow(age - 1, curve.c);
  return log_beta_step(curve.alpha, curve.beta + before, std::pow(age, curve.c) - before);
}

/// log(1 - exp(x)) for x < 0.
inline double log_of_rest(double x) {
  return x > -0.6931 ? std::log(-std::expm1(x)) : std::log1p(-std::exp(x));
}

/// Minus the log-likelihood.
inline double surprise(const Renewals& renewals, const RetentionCurve& curve) {
  double sum = 0;
  for (std::size_t i = 0; i < renewals.kept.size(); ++i) {
    const double kept = renewals.kept[i], lost = renewals.lost[i];
    if (kept == 0 && lost == 0) continue;
    const double log_kept = log_retention(curve, static_cast<double>(i + 1));
    if (kept != 0) sum -= kept * log_kept;
    if (lost != 0) sum -= lost * log_of_rest(log_kept);
  }
  return sum;
}

/// The same of the beta geometric model with its derivatives. With a = (1 - m) k + t - 1 and b = k + t - 1,
/// the chance to leave is m k / b and the chance to stay a / b.
inline Evaluation geometric_surprise(const Renewals& renewals, const Eigen::VectorXd& at) {
  const double m = share_of(at(0)), rest = share_of(-at(0)), k = std::exp(at(1)), v = m * rest;
  const double log_m = -std::log1p(std::exp(-at(0)));
  Evaluation sum{0, Eigen::VectorXd::Zero(2), Eigen::MatrixXd::Zero(2, 2)};
  for (std::size_t i = 0; i < renewals.kept.size(); ++i) {
    const double kept = renewals.kept[i], lost = renewals.lost[i];
    if (kept == 0 && lost == 0) continue;
    const double t = static_cast<double>(i), a = rest * k + t, b = k + t;
    sum.value -= kept * (std::log(a) - std::log(b)) + lost * (log_m + at(1) - std::log(b));
    sum.gradient(0) -= kept * (-v * k / a) + lost * rest;
    sum.gradient(1) -= kept * (rest * k / a - k / b) + lost * t / b;
    const double curved = -v * (1 - 2 * m) * k / a - v * v * k * k / (a * a);
    sum.hessian(0, 0) -= kept * curved - lost * v;
    sum.hessian(0, 1) -= kept * (-v * k * t / (a * a));
    sum.hessian(1, 1) -= kept * (rest * k * t / (a * a) - k * t / (b * b)) - lost * k * t / (b * b);
  }
  sum.hessian(1, 0) = sum.hessian(0, 1);
  return sum;
}

inline Function surprise_of(const Renewals& renewals, RetentionModel model) {
  if (model == RetentionModel::beta_geometric)
    return [&renewals](const Eigen::VectorXd& at) { return geometric_surprise(renewals, at); };
  return differentiated([&renewals](const Eigen::VectorXd& at) { return surprise(renewals, curve_of(at)); });
}

}  // namespace tenure::detail
