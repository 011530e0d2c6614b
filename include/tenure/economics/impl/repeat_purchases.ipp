#include <algorithm>
#include <cmath>
#include <limits>

#include "../../core/bootstrap.hpp"
#include "../../core/detail/confidence.hpp"
#include "../../core/random.hpp"
#include "../detail/customer_blocks.hpp"
#include "../detail/poisson_draw.hpp"
#include "../detail/requirements.hpp"
#include "../repeat_purchases.hpp"

namespace tenure {

namespace detail {

inline void check_customer(FaultList& faults, const RepeatPurchases& customers, std::size_t row) {
  const RepeatPurchaseNames& names = customers.names;
  const double x = customers.frequency[row], t_x = customers.recency[row], age = customers.age[row];
  const auto fault = [&](const char* code, std::string what, const std::string& column, double value,
                         const char* remedy) {
    faults.add({.code = code,
                .what = std::move(what),
                .column = column,
                .row = static_cast<std::int64_t>(row),
                .value = number_text(value),
                .remedy = remedy});
  };
  constexpr double most = 9007199254740992;  // above, floats are no counts
  if (!(x >= 0 && x <= most) || x != std::floor(x))
    fault("E_RFM_FREQUENCY", "frequency " + number_text(x) + "; must be a whole number, 0 or above",
          names.frequency, x, "Give the number of purchases after the first.");
  if (!(age >= 0) || !std::isfinite(age))
    fault("E_RFM_AGE", "age " + number_text(age) + "; must be 0 or above, and finite", names.age, age,
          "Give the time from the first purchase to the end of observation.");
  else if (age > most_age)
    fault("E_RFM_AGE", "age " + number_text(age) + "; must be at most 1e50", names.age, age,
          "Give the time from the first purchase to the end of observation.");
  if (!(t_x >= 0))
    fault("E_RFM_RECENCY", "recency " + number_text(t_x) + "; must be 0 or above", names.recency, t_x,
          "Give the time from the first purchase to the last, in the unit of the age.");
  else if (t_x > age)
    fault("E_RFM_RECENCY", "recency " + number_text(t_x) + " is above the age " + number_text(age),
          names.recency, t_x, "Recency is the time from the first purchase to the last, not since the last.");
  else if (x == 0 && t_x != 0)
    fault("E_RFM_ZERO", "frequency 0 needs recency 0; it is " + number_text(t_x), names.recency, t_x,
          "Recency is the time from the first purchase to the last, not since the last.");
  if (customers.weight.empty()) return;
  const double weight = customers.weight[row];
  if (!(weight > 0) || !std::isfinite(weight))
    fault("E_WEIGHT", "weight " + number_text(weight) + "; must be above 0 and finite", names.weight, weight,
          "Leave out rows that stand for nobody.");
}

/// Whether every customer of a block can be used, without a branch for any of them.
inline bool plausible(const RepeatPurchases& customers, std::size_t first, std::size_t last) noexcept {
  constexpr double most = 9007199254740992, finite = std::numeric_limits<double>::max();
  bool all = true;
  for (std::size_t row = first; row < last; ++row) {
    const double x = customers.frequency[row], t_x = customers.recency[row], age = customers.age[row];
    const bool counts = (x >= 0) & (x <= most);
    const double whole = static_cast<double>(static_cast<std::int64_t>(counts ? x : 0.5));
    all &= (x == whole) & (t_x >= 0) & (t_x <= age) & (age <= most_age) & ((x > 0) | (t_x == 0));
  }
  for (const double weight :
       customers.weight.empty() ? customers.weight : customers.weight.subspan(first, last - first))
    all &= (weight > 0) & (weight <= finite);
  return all;
}

inline std::vector<Estimate> without_bounds(std::span<const double> values, Undefined reason) {
  std::vector<Estimate> estimates;
  for (const double value : values) estimates.push_back({value, reason, reason});
  return estimates;
}

/// Whether customers with a weight are of at least so many kinds.
inline bool has_kinds(const RepeatPurchases& customers, std::size_t kinds) {
  std::vector<std::size_t> found;
  for (std::size_t row = 0; row < customers.size() && found.size() < kinds; ++row) {
    if (customers.weight[row] == 0) continue;
    const bool known = std::ranges::any_of(found, [&](std::size_t other) {
      return customers.frequency[row] == customers.frequency[other] &&
             customers.recency[row] == customers.recency[other] && customers.age[row] == customers.age[other];
    });
    if (!known) found.push_back(row);
  }
  return found.size() == kinds;
}

/// Replicates that could be fitted: rows of numbers.
inline Eigen::MatrixXd fitted_rows(const Eigen::MatrixXd& parameters) {
  std::vector<Eigen::Index> rows;
  for (Eigen::Index row = 0; row < parameters.rows(); ++row)
    if (parameters.row(row).allFinite()) rows.push_back(row);
  return parameters(rows, Eigen::all);
}

}  // namespace detail

TENURE_INLINE void check(const RepeatPurchases& customers, const Execution& execution) {
  const RepeatPurchaseNames& names = customers.names;
  const std::size_t rows = customers.size();
  const auto same_length = [&](std::span<const double> column, const std::string& name) {
    if (column.size() != rows)
      throw_input({.code = "E_COLUMN_LENGTH",
                   .what = std::to_string(column.size()) + " values; frequency has " + std::to_string(rows),
                   .column = name,
                   .remedy = "Give columns of equal length."});
  };
  same_length(customers.recency, names.recency);
  same_length(customers.age, names.age);
  if (!customers.weight.empty()) same_length(customers.weight, names.weight);
  std::vector<FaultList> found((rows + detail::customers_in_block - 1) / detail::customers_in_block);
  detail::for_customer_blocks(execution, rows, [&](std::size_t block, std::size_t first, std::size_t last) {
    if (detail::plausible(customers, first, last)) return;
    for (std::size_t row = first; row < last; ++row) detail::check_customer(found[block], customers, row);
  });
  FaultList faults;
  for (const FaultList& part : found) faults.merge(part);
  faults.raise();
}

TENURE_INLINE std::vector<Estimate> delta_intervals(const ModelFit& fit, const Prediction& prediction,
                                                    std::size_t rows, const IntervalOptions& options) {
  const double z = detail::normal_reach(options.confidence);
  std::vector<double> middle(rows);
  prediction(fit.parameters, 0, rows, middle);
  if (!fit.has_errors()) return detail::without_bounds(middle, Undefined::not_estimated);
  const bool share = options.scale == IntervalScale::logit;
  constexpr double step = 1e-4;
  const Eigen::Index size = fit.parameters.size();
  Eigen::MatrixXd slopes(static_cast<Eigen::Index>(rows), size);
  std::vector<double> up(rows), down(rows);
  for (Eigen::Index i = 0; i < size; ++i) {
    Eigen::VectorXd moved = fit.parameters;
    moved(i) *= std::exp(step);
    prediction(moved, 0, rows, up);
    moved(i) = fit.parameters(i) * std::exp(-step);
    prediction(moved, 0, rows, down);
    for (std::size_t row = 0; row < rows; ++row)
      slopes(static_cast<Eigen::Index>(row), i) = (up[row] - down[row]) / (2 * step);
  }
  std::vector<Estimate> estimates;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto slope = slopes.row(static_cast<Eigen::Index>(row));
    const double variance = slope * fit.log_covariance * slope.transpose(), value = middle[row];
    // At the end of what is possible (nobody can have left, nothing can be bought) nothing is uncertain.
    const double steepness = share ? value * (1 - value) : value;
    if (variance == 0 || steepness <= 0) {
      estimates.push_back({value, value, value});
    } else if (!share) {
      estimates.push_back(detail::log_limits(value, variance / (value * value), z));
    } else if (!(variance > 0)) {
      estimates.push_back({value, Undefined::not_estimated, Undefined::not_estimated});
    } else {
      const double half = z * std::sqrt(variance) / steepness, at = std::log(value / (1 - value));
      estimates.push_back({value, 1 / (1 + std::exp(half - at)), 1 / (1 + std::exp(-half - at))});
    }
  }
  return estimates;
}

TENURE_INLINE std::vector<Estimate> drawn_intervals(const ModelFit& fit, const Eigen::MatrixXd& parameters,
                                                    const Prediction& prediction, std::size_t rows,
                                                    const IntervalOptions& options) {
  detail::require_confidence(options.confidence);
  std::vector<double> middle(rows);
  prediction(fit.parameters, 0, rows, middle);
  if (parameters.rows() == 0) return detail::without_bounds(middle, Undefined::not_estimated);
  detail::require_replicates(parameters.rows());
  const Eigen::MatrixXd fitted = detail::fitted_rows(parameters);
  if (10 * fitted.rows() < 9 * parameters.rows()) return detail::without_bounds(middle, Undefined::too_few);
  const auto draws = static_cast<std::size_t>(fitted.rows());
  const double tail = (1 - options.confidence) / 2;
  std::vector<Estimate> estimates;
  constexpr std::size_t at_once = 16384;
  for (std::size_t first = 0; first < rows; first += at_once) {
    const std::size_t last = std::min(rows, first + at_once), count = last - first;
    std::vector<double> drawn(draws * count), values(count);
    for (std::size_t draw = 0; draw < draws; ++draw) {
      prediction(fitted.row(static_cast<Eigen::Index>(draw)), first, last, values);
      for (std::size_t i = 0; i < count; ++i) drawn[i * draws + draw] = values[i];
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::span<double> mine(drawn.data() + i * draws, draws);
      estimates.push_back({middle[first + i], percentile(mine, tail), percentile(mine, 1 - tail)});
    }
  }
  return estimates;
}

TENURE_INLINE Eigen::MatrixXd bootstrap(const RepeatPurchases& customers, const ModelFit& fit,
                                        const Refit& refit, std::size_t replicates, std::uint64_t seed,
                                        const FitOptions& options) {
  detail::require_replicates(static_cast<std::int64_t>(replicates));
  Eigen::MatrixXd parameters(static_cast<Eigen::Index>(replicates), fit.parameters.size());
  FitOptions near = options;
  near.starts = {fit.parameters};
  near.execution.threads = 1;
  near.execution.poll = {};
  parallel_for(options.execution, replicates, [&](std::size_t replicate, int) {
    RandomStream random(seed, replicate);
    std::vector<double> weights(customers.size());
    for (std::size_t row = 0; row < weights.size(); ++row)
      weights[row] =
          detail::poisson_draw(customers.weight.empty() ? 1 : customers.weight[row], random.uniform());
    RepeatPurchases drawn = customers;
    drawn.weight = weights;
    auto row = parameters.row(static_cast<Eigen::Index>(replicate));
    if (detail::has_kinds(drawn, static_cast<std::size_t>(parameters.cols())))
      row = refit(drawn, near).parameters;
    else
      row.setConstant(std::numeric_limits<double>::quiet_NaN());
  });
  return parameters;
}

}  // namespace tenure
