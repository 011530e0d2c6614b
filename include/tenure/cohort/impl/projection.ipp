#include <Eigen/Eigenvalues>
#include <algorithm>
#include <boost/math/quadrature/exp_sinh.hpp>
#include <cmath>
#include <limits>

#include "../../core/detail/confidence.hpp"
#include "../../economics/detail/rates.hpp"
#include "../detail/log_gamma_step.hpp"
#include "../detail/retention_likelihood.hpp"
#include "../projection.hpp"

namespace tenure {

namespace detail {

/// The integral of exp(-rate x) S(x) / S(from) over x >= from, in y = log(x): S falls as a power of x.
inline double discounted_tail(const RetentionCurve& curve, double from, double rate) {
  const double start = std::log(from), reference = curve.log_survival(from);
  const double far = std::max(start, std::min(36 / curve.c, 600.0));  // then S is its leading power
  const double there = curve.log_survival(std::exp(far));
  const auto value = [&](double y) {
    const double x = std::exp(std::min(y, 700.0));
    const double log_kept = y > far ? there - curve.alpha * curve.c * (y - far) : curve.log_survival(x);
    const double exponent = y + log_kept - reference - rate * (x - from);
    return exponent > -740 ? std::exp(exponent) : 0.0;
  };
  boost::math::quadrature::exp_sinh<double> integrator;
  return integrator.integrate([&](double past) { return value(start + past); }, 0.0,
                              std::numeric_limits<double>::infinity(), 1e-13);
}

/// sum over t >= first of S(t) / S(first - 1) / (1 + discount)^(t - first): the first terms one by one, the
/// rest by the formula of Euler and Maclaurin.
inline double discounted_sum(const RetentionCurve& curve, double first, double discount) {
  constexpr int terms = 2000;
  const double rate = std::log1p(discount);
  double sum = 0, log_term = 0;
  for (int i = 0; i < terms; ++i) {
    log_term += log_retention(curve, first + i);
    const double term = std::exp(log_term - rate * i);
    sum += term;
    if (term < 1e-18 * sum) return sum;
  }
  const double next = first + terms, here = log_term + log_retention(curve, next);
  const double slope = (log_retention(curve, next) + log_retention(curve, next + 1)) / 2 - rate;
  return sum + std::exp(here - rate * terms) * (discounted_tail(curve, next, rate) + 0.5 - slope / 12);
}

inline Box box_of(Eigen::Index parameters) {
  Eigen::VectorXd most(3);
  most << most_logit, most_log_sum, most_log_power;
  return {-most.head(parameters), most.head(parameters)};
}

/// The best within the model, and whether the limit of equal chances is as good.
inline Minimum best_fit(const Renewals& renewals, RetentionModel model, RetentionEdge& edge) {
  const bool geometric = model == RetentionModel::beta_geometric;
  const Function function = surprise_of(renewals, model);
  const double first = std::clamp(renewals.lost[0] / (renewals.lost[0] + renewals.kept[0]), 1e-4, 1 - 1e-4);
  const double overall =
      std::clamp(renewals.all_lost / (renewals.all_lost + renewals.all_kept), 1e-6, 1 - 1e-6);
  std::vector<Eigen::VectorXd> starts;
  if (geometric) {
    starts = {working({logit(first), 0}), working({logit(first), 3}), working({logit(overall), 6})};
  } else {
    RetentionEdge ignored = RetentionEdge::no;
    const Eigen::VectorXd at = best_fit(renewals, RetentionModel::beta_geometric, ignored).at;
    starts = {working({at(0), at(1), 0}), working({logit(first), 0, 0.5}), working({logit(first), 2, -0.5})};
  }
  const Box box = box_of(geometric ? 2 : 3);
  Minimum inside = minimise(function, starts, box);
  Box alike = box;
  alike.lower(1) = alike.upper(1);
  Eigen::VectorXd equal = working({logit(overall), most_log_sum, 0});
  Minimum limit = minimise(function, equal.head(alike.lower.size()), alike);
  const double scale = 1e-9 * std::max(1.0, std::abs(inside.evaluation.value));
  if (limit.evaluation.value <= inside.evaluation.value + scale) {
    edge = RetentionEdge::all_alike;
    limit.outcome = Outcome::at_bound;
    return limit;
  }
  if (inside.outcome == Outcome::at_bound || inside.evaluation.value < 1e-8 * renewals.customers) {
    edge = inside.at(1) <= box.lower(1) ? RetentionEdge::two_kinds : RetentionEdge::other;
    inside.outcome = Outcome::at_bound;
  }
  return inside;
}

/// Empty where the likelihood has no clear peak.
inline Eigen::MatrixXd inverse_information(const Eigen::MatrixXd& information) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(information);
  const Eigen::VectorXd values = solver.eigenvalues();
  if (!(values(0) > 1e-10 * values(values.size() - 1))) return {};
  return solver.eigenvectors() * values.cwiseInverse().asDiagonal() * solver.eigenvectors().transpose();
}

/// Of the limit of equal chances, which has one parameter less: a geometric or discrete Weibull distribution.
inline Eigen::MatrixXd limit_covariance(const Minimum& limit, bool geometric) {
  if (!geometric && std::abs(limit.at(2)) >= most_log_power) return {};
  const std::vector<Eigen::Index> free =
      geometric ? std::vector<Eigen::Index>{0} : std::vector<Eigen::Index>{0, 2};
  const Eigen::MatrixXd inverse = inverse_information(limit.evaluation.hessian(free, free));
  if (inverse.size() == 0) return {};
  Eigen::MatrixXd all = Eigen::MatrixXd::Zero(limit.at.size(), limit.at.size());
  all(free, free) = inverse;
  return all;
}

/// Limits that need no search.
inline RetentionEdge plain_edge(const Renewals& renewals) {
  if (renewals.all_lost == 0) return RetentionEdge::nobody_leaves;
  if (renewals.all_kept == 0) return RetentionEdge::all_leave;
  return RetentionEdge::no;
}

inline bool lost_at_first_only(const Renewals& renewals) {
  return renewals.lost[0] == renewals.all_lost && renewals.kept[0] > 0;
}

inline Eigen::VectorXd working_of(const RetentionFit& fit) {
  const RetentionCurve& curve = fit.curve;
  Eigen::VectorXd at(fit.model == RetentionModel::beta_geometric ? 2 : 3);
  at(0) = std::log(curve.alpha) - std::log(curve.beta);
  at(1) = std::log(curve.alpha + curve.beta);
  if (at.size() > 2) at(2) = std::log(curve.c);
  return at;
}

/// A figure of the curve with an interval by the delta method on its logarithm.
template <class Figure>
Estimate log_estimate(const RetentionFit& fit, double confidence, Figure&& figure) {
  const double reach = normal_reach(confidence);
  if (fit.reason != Undefined::no) return {fit.reason, fit.reason, fit.reason};
  const Real value = figure(fit.curve);
  if (!value.defined()) return {value, value, value};
  if (!fit.has_errors()) return {value, Undefined::not_estimated, Undefined::not_estimated};
  const Eigen::VectorXd at = working_of(fit);
  Eigen::VectorXd slope(at.size());
  for (Eigen::Index i = 0; i < at.size(); ++i) {
    const double step = 1e-4;
    Eigen::VectorXd there = at;
    there(i) += step;
    const Real up = figure(curve_of(there));
    there(i) -= 2 * step;
    const Real down = figure(curve_of(there));
    if (!up.defined() || !down.defined()) return {value, Undefined::not_estimated, Undefined::not_estimated};
    slope(i) = (std::log(up.value_or(1)) - std::log(down.value_or(1))) / (2 * step);
  }
  return log_limits(value.value_or(0), slope.dot(fit.working_covariance * slope), reach);
}

}  // namespace detail

TENURE_INLINE std::string_view name_of(RetentionEdge edge) noexcept {
  switch (edge) {
    case RetentionEdge::nobody_leaves:
      return "nobody_leaves";
    case RetentionEdge::all_leave:
      return "all_leave";
    case RetentionEdge::two_kinds:
      return "two_kinds";
    case RetentionEdge::all_alike:
      return "all_alike";
    case RetentionEdge::other:
      return "other";
    case RetentionEdge::no:
      break;
  }
  return "";
}

TENURE_INLINE double RetentionCurve::log_survival(double age) const {
  return age <= 0 ? 0.0 : detail::log_beta_step(alpha, beta, c == 1 ? age : std::pow(age, c));
}
TENURE_INLINE double RetentionCurve::survival(double age) const { return std::exp(log_survival(age)); }
TENURE_INLINE double RetentionCurve::retention(double age) const {
  return std::exp(detail::log_retention(*this, age));
}
TENURE_INLINE double RetentionCurve::churn(double age) const {
  return -survival(age - 1) * std::expm1(detail::log_retention(*this, age));
}

TENURE_INLINE Real RetentionCurve::residual_lifetime(std::int64_t renewal, double discount) const {
  detail::require_discount(discount);
  if (renewal < 1)
    throw_option({.code = "E_PARAM",
                  .what = "renewal " + std::to_string(renewal) + "; must be >= 1",
                  .value = std::to_string(renewal),
                  .remedy = "A new customer is about to renew for the first time: 1."});
  if (discount < 0 || (discount == 0 && alpha * c <= 1)) return Undefined::diverges;
  const double first = static_cast<double>(renewal);
  if (discount == 0 && c == 1) return (beta + first - 1) / (alpha - 1);
  return detail::discounted_sum(*this, first, discount);
}
TENURE_INLINE Real RetentionCurve::expected_lifetime(double discount) const {
  const Real residual = residual_lifetime(1, discount);
  return residual.defined() ? Real(1 + residual.value_or(0) / (1 + discount)) : residual;
}

TENURE_INLINE std::vector<double> checked_run(const CohortRuns& customers, std::size_t cohort, Rises rises) {
  std::vector<double> run = customers.values[cohort];
  for (std::size_t age = 1; age < run.size(); ++age) {
    if (run[age] <= run[age - 1] || rises == Rises::cap) continue;
    std::string name = cohort < customers.labels.size() ? customers.labels[cohort] : std::to_string(cohort);
    Fault fault{.code = "E_COHORT_RISES",
                .what = "cohort '" + name + "' has " + detail::number_text(run[age]) + " at age " +
                        std::to_string(age) + " after " + detail::number_text(run[age - 1]),
                .column = customers.value_name,
                .value = detail::number_text(run[age]),
                .remedy = "Customers who return were not lost: count them as there, or pass rises=\"cap\"."};
    if (!customers.rows.empty()) fault.row = customers.rows[cohort][age];
    throw_input(std::move(fault));
  }
  for (std::size_t age = run.size(); age-- > 1;) {
    run[age] = std::min(run[age], run[0]);
    run[age - 1] = age > 1 ? std::max(run[age - 1], run[age]) : run[0];
  }
  return run;
}

TENURE_INLINE RetentionFit fit_retention(const CohortRuns& customers, const RetentionOptions& options) {
  const detail::Renewals renewals = detail::renewals_of(customers, options.rises);
  const bool geometric = options.model == RetentionModel::beta_geometric;
  RetentionFit fit;
  fit.model = options.model;
  fit.customers = renewals.customers;
  const auto settle = [&](RetentionEdge edge, double logit, double log_sum) {
    fit.edge = edge;
    fit.outcome = Outcome::at_bound;
    fit.curve = detail::curve_of(detail::working({logit, log_sum}));
    fit.log_likelihood = -detail::surprise(renewals, fit.curve);
    return fit;
  };
  const RetentionEdge plain = detail::plain_edge(renewals);
  if (renewals.informative > 0 && plain != RetentionEdge::no)
    return settle(plain, plain == RetentionEdge::all_leave ? detail::most_logit : -detail::most_logit,
                  detail::most_log_sum);
  if (renewals.informative < (geometric ? 2 : 3)) {
    fit.reason = Undefined::too_few;
    return fit;
  }
  if (detail::lost_at_first_only(renewals))
    return settle(RetentionEdge::two_kinds,
                  detail::logit(renewals.lost[0] / (renewals.lost[0] + renewals.kept[0])),
                  -detail::most_log_sum);
  const Minimum best = detail::best_fit(renewals, options.model, fit.edge);
  fit.outcome = best.outcome;
  fit.curve = detail::curve_of(best.at);
  fit.log_likelihood = -best.evaluation.value;
  if (best.outcome == Outcome::converged)
    fit.working_covariance = detail::inverse_information(best.evaluation.hessian);
  else if (fit.edge == RetentionEdge::all_alike)
    fit.working_covariance = detail::limit_covariance(best, geometric);
  return fit;
}

TENURE_INLINE Eigen::MatrixXd RetentionFit::covariance() const {
  if (!has_errors() || edge != RetentionEdge::no) return {};
  const double sum = curve.alpha + curve.beta;
  Eigen::MatrixXd slope = Eigen::MatrixXd::Zero(working_covariance.rows(), working_covariance.rows());
  const double moved = curve.alpha * curve.beta / sum;
  slope(0, 0) = moved;
  slope(1, 0) = -moved;
  slope(0, 1) = curve.alpha;
  slope(1, 1) = curve.beta;
  if (slope.rows() > 2) slope(2, 2) = curve.c;
  return slope * working_covariance * slope.transpose();
}

TENURE_INLINE std::array<Real, 3> RetentionFit::std_errors() const {
  std::array<Real, 3> errors{Undefined::not_estimated, Undefined::not_estimated, Undefined::not_estimated};
  if (reason != Undefined::no) errors.fill(reason);
  if (!has_errors()) return errors;
  const Eigen::MatrixXd all = covariance();
  errors[2] = working_covariance.rows() > 2 ? curve.c * std::sqrt(working_covariance(2, 2)) : 0.0;
  for (Eigen::Index i = 0; i < std::min<Eigen::Index>(all.rows(), 2); ++i)
    errors[static_cast<std::size_t>(i)] = std::sqrt(all(i, i));
  return errors;
}

TENURE_INLINE Estimate RetentionFit::expected_lifetime(double discount, double confidence) const {
  return detail::log_estimate(*this, confidence,
                              [&](const RetentionCurve& at) { return at.expected_lifetime(discount); });
}
TENURE_INLINE Estimate RetentionFit::residual_lifetime(std::int64_t renewal, double discount,
                                                       double confidence) const {
  return detail::log_estimate(
      *this, confidence, [&](const RetentionCurve& at) { return at.residual_lifetime(renewal, discount); });
}

TENURE_INLINE RetentionProjection::RetentionProjection(const RetentionFit& fit, std::size_t last,
                                                       double confidence)
    : last_(last),
      quantile_(detail::normal_reach(confidence)),
      reason_(fit.reason != Undefined::no ? fit.reason
              : fit.has_errors()          ? Undefined::no
                                          : Undefined::not_estimated),
      covariance_(fit.working_covariance) {
  if (fit.reason != Undefined::no) return;
  const auto logs = [last](const RetentionCurve& curve) {
    Eigen::VectorXd sums(static_cast<Eigen::Index>(last) + 1);
    sums(0) = 0;
    for (Eigen::Index age = 1; age < sums.size(); ++age)
      sums(age) = sums(age - 1) + detail::log_retention(curve, static_cast<double>(age));
    return sums;
  };
  const Eigen::VectorXd here = logs(fit.curve);
  log_survival_.assign(here.begin(), here.end());
  if (!fit.has_errors()) return;
  const Eigen::VectorXd at = detail::working_of(fit);
  slopes_.resize(here.size(), at.size());
  for (Eigen::Index i = 0; i < at.size(); ++i) {
    const double step = 1e-4;
    Eigen::VectorXd up = at, down = at;
    up(i) += step;
    down(i) -= step;
    slopes_.col(i) = (logs(detail::curve_of(up)) - logs(detail::curve_of(down))) / (2 * step);
  }
}

TENURE_INLINE double RetentionProjection::survival(std::size_t age) const {
  return std::exp(log_survival_.at(age));
}

TENURE_INLINE Estimate RetentionProjection::kept(std::size_t from, std::size_t to, double customers) const {
  if (log_survival_.empty()) return {reason_, reason_, reason_};
  const double log_share = log_survival_.at(to) - log_survival_.at(from), share = std::exp(log_share);
  if (reason_ != Undefined::no) return {share, reason_, reason_};
  if (to == from) return {1.0, 1.0, 1.0};
  const double rest = -std::expm1(log_share);
  const Eigen::VectorXd slope =
      (slopes_.row(static_cast<Eigen::Index>(to)) - slopes_.row(static_cast<Eigen::Index>(from))).transpose();
  const double variance = slope.dot(covariance_ * slope);  // of log(share)
  const double odds = log_share - std::log(rest), spread = quantile_ * std::sqrt(variance) / rest;
  double lower = detail::share_of(odds - spread), upper = detail::share_of(odds + spread);
  if (customers > 0) {
    const double angle = std::atan2(std::sqrt(share), std::sqrt(rest)), quarter = std::acos(0.0);
    const double reach = quantile_ * std::sqrt((variance * share / rest + 1 / customers) / 4);
    lower = std::min(lower, std::pow(std::sin(std::max(angle - reach, 0.0)), 2));
    upper = std::max(upper, std::pow(std::sin(std::min(angle + reach, quarter)), 2));
  }
  return {share, lower, upper};
}

}  // namespace tenure
