#include <algorithm>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <map>
#include <tuple>

#include "../../core/detail/number_text.hpp"
#include "../../core/error.hpp"
#include "../bg_bb.hpp"
#include "../detail/log_scale.hpp"

namespace tenure {

namespace detail {

inline constexpr std::int64_t most_opportunities = 100'000;

/// log B(a+i, b+j) / B(a, b) for whole i and j, from tables.
class LogBetaRatio {
 public:
  LogBetaRatio(double a, double b, std::size_t most_i, std::size_t most_j)
      : a_(logs(a, most_i)), b_(logs(b, most_j)), sum_(logs(a + b, most_i + most_j)) {}

  double operator()(std::size_t i, std::size_t j) const noexcept {
    return a_[i] - a_[0] + b_[j] - b_[0] - (sum_[i + j] - sum_[0]);
  }

 private:
  static std::vector<double> logs(double from, std::size_t most) {
    std::vector<double> table(most + 1);
    for (std::size_t k = 0; k <= most; ++k) table[k] = std::lgamma(from + static_cast<double>(k));
    return table;
  }
  std::vector<double> a_, b_, sum_;
};

/// The first two derivatives of the same.
class BetaRatioSlopes {
 public:
  BetaRatioSlopes(double a, double b, std::size_t most_i, std::size_t most_j)
      : a_(slopes(a, most_i)), b_(slopes(b, most_j)), sum_(slopes(a + b, most_i + most_j)) {}

  Eigen::Vector2d gradient(std::size_t i, std::size_t j) const noexcept {
    const double both = sum_[i + j].first - sum_[0].first;
    return {a_[i].first - a_[0].first - both, b_[j].first - b_[0].first - both};
  }
  Eigen::Matrix2d hessian(std::size_t i, std::size_t j) const noexcept {
    const double both = sum_[i + j].second - sum_[0].second;
    Eigen::Matrix2d found;
    found << a_[i].second - a_[0].second - both, -both, -both, b_[j].second - b_[0].second - both;
    return found;
  }

 private:
  using Table = std::vector<std::pair<double, double>>;
  static Table slopes(double from, std::size_t most) {
    Table table(most + 1);
    for (std::size_t k = 0; k <= most; ++k) {
      const double at = from + static_cast<double>(k);
      table[k] = {boost::math::digamma(at), boost::math::trigamma(at)};
    }
    return table;
  }
  Table a_, b_, sum_;
};

struct PurchasePattern {
  std::size_t x = 0, last = 0, n = 0;
  auto operator<=>(const PurchasePattern&) const = default;
};

inline PurchasePattern pattern_of(const PurchaseOpportunities& customers, std::size_t row) noexcept {
  return {static_cast<std::size_t>(customers.frequency[row]),
          static_cast<std::size_t>(customers.recency[row]), static_cast<std::size_t>(customers.periods[row])};
}

inline std::size_t most_periods(const PurchaseOpportunities& customers) noexcept {
  double most = 0;
  for (const double n : customers.periods) most = std::max(most, n);
  return static_cast<std::size_t>(most);
}

/// The logarithms of the terms of a likelihood, the first for a customer that is still alive.
class PatternTerms {
 public:
  PatternTerms(const BetaGeoBetaBinom& model, std::size_t most, std::size_t ahead = 0)
      : buy_(model.alpha, model.beta, most + 1, most), die_(model.gamma, model.delta, 1, most + ahead) {}

  double alive(const PurchasePattern& pattern, std::size_t ahead = 0) const noexcept {
    return buy_(pattern.x, pattern.n - pattern.x) + die_(0, pattern.n + ahead);
  }
  double died(const PurchasePattern& pattern, std::size_t i) const noexcept {
    return buy_(pattern.x, pattern.last - pattern.x + i) + die_(1, pattern.last + i);
  }
  double log_likelihood(const PurchasePattern& pattern) const noexcept {
    double most = alive(pattern);
    for (std::size_t i = 0; i < pattern.n - pattern.last; ++i) most = std::max(most, died(pattern, i));
    double sum = std::exp(alive(pattern) - most);
    for (std::size_t i = 0; i < pattern.n - pattern.last; ++i) sum += std::exp(died(pattern, i) - most);
    return most + std::log(sum);
  }
  const LogBetaRatio& buy() const noexcept { return buy_; }
  const LogBetaRatio& die() const noexcept { return die_; }

 private:
  LogBetaRatio buy_, die_;
};

/// The log likelihood of all patterns with its derivatives.
class PatternLikelihood {
 public:
  explicit PatternLikelihood(const PurchaseOpportunities& customers) : most_(most_periods(customers)) {
    for (std::size_t row = 0; row < customers.size(); ++row)
      patterns_[pattern_of(customers, row)] += customers.weight.empty() ? 1 : customers.weight[row];
    for (const auto& [pattern, weight] : patterns_) weight_ += weight;
  }
  double weight() const noexcept { return weight_; }

  Evaluation operator()(const Eigen::VectorXd& logarithms) const {
    const Eigen::VectorXd at = logarithms.array().exp();
    const PatternTerms terms({at(0), at(1), at(2), at(3)}, most_);
    const BetaRatioSlopes buy(at(0), at(1), most_, most_), die(at(2), at(3), 1, most_);
    double value = 0;
    Eigen::Vector4d gradient = Eigen::Vector4d::Zero();
    Eigen::Matrix4d hessian = Eigen::Matrix4d::Zero();
    for (const auto& [pattern, weight] : patterns_) {
      const double log_likelihood = terms.log_likelihood(pattern);
      value += weight * log_likelihood;
      // Of a sum of terms: the mean of their slopes, weighted by their shares, and the spread of the slopes.
      Eigen::Vector4d slope = Eigen::Vector4d::Zero();
      Eigen::Matrix4d bend = Eigen::Matrix4d::Zero();
      const auto add = [&](double term, std::size_t i, std::size_t j, std::size_t k, std::size_t l) {
        const double share = std::exp(term - log_likelihood);
        Eigen::Vector4d g;
        g << buy.gradient(i, j), die.gradient(k, l);
        slope += share * g;
        bend += share * g * g.transpose();
        bend.topLeftCorner<2, 2>() += share * buy.hessian(i, j);
        bend.bottomRightCorner<2, 2>() += share * die.hessian(k, l);
      };
      add(terms.alive(pattern), pattern.x, pattern.n - pattern.x, 0, pattern.n);
      for (std::size_t i = 0; i < pattern.n - pattern.last; ++i)
        add(terms.died(pattern, i), pattern.x, pattern.last - pattern.x + i, 1, pattern.last + i);
      gradient += weight * slope;
      hessian += weight * (bend - slope * slope.transpose());
    }
    return negative_on_log_scale(value, gradient, hessian, at);
  }

 private:
  std::map<PurchasePattern, double> patterns_;
  std::size_t most_;
  double weight_ = 0;
};

inline std::size_t opportunities(std::int64_t count, const char* name) {
  if (count < 0 || count > most_opportunities)
    throw_option({.code = "E_PARAM",
                  .what = std::string(name) + " " + std::to_string(count) + "; must be 0 to 100000",
                  .value = std::to_string(count)});
  return static_cast<std::size_t>(count);
}

/// Calls at(row, pattern, terms) for all rows; predictions of equal patterns are made once.
template <class Predict>
std::vector<double> by_pattern(const BetaGeoBetaBinom& model, const PurchaseOpportunities& customers,
                               std::size_t ahead, const Execution& execution, Predict&& predict) {
  check(customers);
  const PatternTerms terms(model, most_periods(customers), ahead);
  std::map<PurchasePattern, double> known;
  std::vector<double> found(customers.size());
  for (std::size_t row = 0; row < found.size(); ++row) {
    listen(execution, row);
    const PurchasePattern pattern = pattern_of(customers, row);
    const auto [entry, fresh] = known.try_emplace(pattern, 0.0);
    if (fresh) entry->second = predict(terms, pattern);
    found[row] = entry->second;
  }
  return found;
}

}  // namespace detail

TENURE_INLINE void check(const PurchaseOpportunities& customers, const PurchaseOpportunityNames& names) {
  const std::size_t rows = customers.size();
  const auto same = [&](std::size_t size, const std::string& column) {
    if (size != rows)
      throw_input({.code = "E_COLUMN_LENGTH",
                   .what = "has " + std::to_string(size) + " rows, '" + names.frequency + "' has " +
                           std::to_string(rows),
                   .column = column,
                   .value = std::to_string(size)});
  };
  same(customers.recency.size(), names.recency);
  same(customers.periods.size(), names.periods);
  if (!customers.weight.empty()) same(customers.weight.size(), names.weight);
  FaultList faults;
  const auto whole = [](double value) { return value >= 0 && value == std::floor(value); };
  for (std::size_t row = 0; row < rows; ++row) {
    const auto fault = [&](const char* code, const std::string& column, double value,
                           const std::string& rule) {
      const std::string shown = detail::number_text(value);
      faults.add({code, shown + "; " + rule, column, static_cast<std::int64_t>(row), shown,
                  "Count opportunities: 0 <= frequency <= recency <= periods."});
    };
    const double x = customers.frequency[row], last = customers.recency[row], n = customers.periods[row];
    if (!whole(n) || n > static_cast<double>(detail::most_opportunities))
      fault("E_RFM_AGE", names.periods, n, "must be a whole number, 0 to 100000");
    else if (!whole(last) || last > n)
      fault("E_RFM_RECENCY", names.recency, last, "must be a whole number, 0 to " + names.periods);
    else if (x == 0 && last > 0)
      fault("E_RFM_ZERO", names.recency, last, "frequency 0 needs recency 0");
    else if (!whole(x) || x > last)
      fault("E_RFM_FREQUENCY", names.frequency, x, "must be a whole number, 0 to " + names.recency);
    if (customers.weight.empty()) continue;
    if (const double w = customers.weight[row]; !(w > 0) || std::isinf(w))
      fault("E_WEIGHT", names.weight, w, "must be above 0 and finite");
  }
  faults.raise();
}

TENURE_INLINE BetaGeoBetaBinom BetaGeoBetaBinom::of(const Eigen::VectorXd& parameters) {
  const Eigen::VectorXd known = known_parameters(names(), parameters).parameters;
  return {known(0), known(1), known(2), known(3)};
}

TENURE_INLINE std::vector<double> BetaGeoBetaBinom::log_likelihoods(const PurchaseOpportunities& customers,
                                                                    const Execution& execution) const {
  return detail::by_pattern(*this, customers, 0, execution, [](const auto& terms, const auto& pattern) {
    return terms.log_likelihood(pattern);
  });
}

TENURE_INLINE std::vector<double> BetaGeoBetaBinom::probability_alive(std::int64_t ahead,
                                                                      const PurchaseOpportunities& customers,
                                                                      const Execution& execution) const {
  const std::size_t steps = detail::opportunities(ahead, "ahead");
  return detail::by_pattern(*this, customers, steps, execution, [&](const auto& terms, const auto& pattern) {
    return std::exp(terms.alive(pattern, steps) - terms.log_likelihood(pattern));
  });
}

TENURE_INLINE std::vector<double> BetaGeoBetaBinom::conditional_expected_purchases(
    std::int64_t ahead, const PurchaseOpportunities& customers, const Execution& execution) const {
  const std::size_t steps = detail::opportunities(ahead, "ahead");
  return detail::by_pattern(*this, customers, steps, execution, [&](const auto& terms, const auto& pattern) {
    const double one = terms.buy()(pattern.x + 1, pattern.n - pattern.x) - terms.log_likelihood(pattern);
    double sum = 0;
    for (std::size_t i = 1; i <= steps; ++i) sum += std::exp(one + terms.die()(0, pattern.n + i));
    return sum;
  });
}

TENURE_INLINE double BetaGeoBetaBinom::expected_purchases(std::int64_t n) const {
  const std::size_t steps = detail::opportunities(n, "n");
  const detail::LogBetaRatio die(gamma, delta, 0, steps);
  double sum = 0;
  for (std::size_t i = 1; i <= steps; ++i) sum += std::exp(die(0, i));
  return alpha / (alpha + beta) * sum;
}

TENURE_INLINE double BetaGeoBetaBinom::probability_of_purchases(std::int64_t n, std::int64_t x) const {
  const std::size_t most = detail::opportunities(n, "n"), bought = detail::opportunities(x, "x");
  if (bought > most) return 0;
  const detail::PatternTerms terms(*this, most);
  const auto ways = [&](std::size_t of) {
    return std::lgamma(static_cast<double>(of) + 1) - std::lgamma(static_cast<double>(bought) + 1) -
           std::lgamma(static_cast<double>(of - bought) + 1);
  };
  double sum = std::exp(ways(most) + terms.alive({bought, bought, most}));
  for (std::size_t i = bought; i < most; ++i)
    sum += std::exp(ways(i) + terms.buy()(bought, i - bought) + terms.die()(1, i));
  return sum;
}

TENURE_INLINE ModelFit fit_beta_geo_beta_binom(const PurchaseOpportunities& customers,
                                               const FitOptions& options) {
  check(customers);
  const detail::PatternLikelihood likelihood(customers);
  if (customers.size() == 0)
    throw_input({.code = "E_NO_ROWS", .what = "there are no customers to fit the model to"});
  return fit_parameters({.names = BetaGeoBetaBinom::names(),
                         .negative = std::cref(likelihood),
                         .customers = likelihood.weight(),
                         .units = Eigen::Vector4d::Ones(),
                         .starts = {Eigen::Vector4d::Ones(), Eigen::Vector4d(1, 0.5, 0.5, 3)}},
                        options);
}

}  // namespace tenure
