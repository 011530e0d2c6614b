#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "../../core/detail/confidence.hpp"
#include "../../core/error.hpp"
#include "../../core/names.hpp"
#include "../comparison.hpp"
#include "../detail/exact_scale.hpp"
#include "../detail/points.hpp"

namespace tenure {

namespace detail::comparing {

inline constexpr Named<Loss> losses[] = {
    {"squared", Loss::squared}, {"absolute", Loss::absolute}, {"percentage", Loss::percentage}};
inline constexpr Named<Alternative> alternatives[] = {
    {"two_sided", Alternative::two_sided}, {"less", Alternative::less}, {"greater", Alternative::greater}};
inline constexpr Named<LongRunVariance> variances[] = {{"rectangular", LongRunVariance::rectangular},
                                                       {"bartlett", LongRunVariance::bartlett}};

inline void check_horizon(int horizon) {
  if (horizon < 1)
    throw_option({.code = "E_HORIZON",
                  .what = "a horizon of " + std::to_string(horizon) + " steps is not ahead",
                  .value = std::to_string(horizon),
                  .remedy = "Forecasts of the next point have horizon 1."});
}

/// V / n of deviations from their mean.
inline double variance_of_mean(std::span<const double> deviations, int horizon, LongRunVariance kind) {
  const std::size_t points = deviations.size();
  const auto covariance = [&](std::size_t lag) {
    double sum = 0;
    for (std::size_t t = lag; t < points; ++t) sum += deviations[t] * deviations[t - lag];
    return sum / static_cast<double>(points);
  };
  double sum = covariance(0);
  for (int lag = 1; lag < horizon; ++lag) {
    const double weight = kind == LongRunVariance::bartlett ? 1.0 - static_cast<double>(lag) / horizon : 1.0;
    sum += 2 * weight * covariance(static_cast<std::size_t>(lag));
  }
  return sum / static_cast<double>(points);
}

/// Of a statistic under Student's t, or, without degrees of freedom, under the normal distribution.
inline double tail(double statistic, Alternative alternative, double degrees) {
  const auto below = [degrees](double value) {
    return degrees > 0 ? boost::math::cdf(boost::math::students_t(degrees), value)
                       : boost::math::cdf(boost::math::normal(), value);
  };
  if (alternative == Alternative::two_sided) return std::min(1.0, 2 * below(-std::abs(statistic)));
  return below(alternative == Alternative::less ? statistic : -statistic);
}

inline Comparison compare(std::span<const double> differences, const ComparisonOptions& options,
                          std::vector<double>& deviations) {
  Comparison found{.points = differences.size(), .horizon = options.horizon};
  if (differences.empty()) return found;
  const auto n = static_cast<double>(differences.size());
  double sum = 0;
  bool known = true;
  for (const double difference : differences) {
    sum += difference;
    known = known && !std::isnan(difference);
  }
  found.mean_difference = known ? or_diverges(sum / n) : Real(Undefined::zero_actual);
  if (!found.mean_difference.defined()) {
    found.statistic = found.p_value = found.mean_difference;
    return found;
  }
  const double mean = sum / n;
  if (differences.size() < 2 || static_cast<double>(options.horizon) >= n) return found;
  deviations.resize(differences.size());
  double largest = 0;
  for (std::size_t t = 0; t < differences.size(); ++t) {
    deviations[t] = differences[t] - mean;
    largest = std::max(largest, std::abs(deviations[t]));
  }
  // Equal differences deviate from their mean by what rounding makes of it.
  if (largest <= 8 * std::numeric_limits<double>::epsilon() * std::abs(mean)) {
    found.statistic = found.p_value = Undefined::no_variation;
    return found;
  }
  const int scale = exponent_to_one(deviations);
  for (double& deviation : deviations) deviation = std::ldexp(deviation, scale);
  double variance = variance_of_mean(deviations, options.horizon, options.variance);
  if (!(variance > 0)) {
    found.horizon = 1;
    variance = variance_of_mean(deviations, 1, options.variance);
  }
  const double h = found.horizon;
  double statistic = std::ldexp(mean, scale) / std::sqrt(variance);
  if (options.small_sample) statistic *= std::sqrt((n + 1 - 2 * h + h * (h - 1) / n) / n);
  found.statistic = or_diverges(statistic);
  found.p_value = found.statistic.defined()
                      ? Real(tail(statistic, options.alternative, options.small_sample ? n - 1 : 0))
                      : found.statistic;
  return found;
}

}  // namespace detail::comparing

TENURE_INLINE std::string_view name_of(Loss loss) noexcept {
  return detail::comparing::losses[static_cast<std::size_t>(loss)].name;
}

TENURE_INLINE Loss parse_loss(std::string_view name) {
  return parse_named<Loss>(detail::comparing::losses, name, "loss", "E_LOSS");
}

TENURE_INLINE Alternative parse_alternative(std::string_view name) {
  return parse_named<Alternative>(detail::comparing::alternatives, name, "alternative", "E_ALTERNATIVE");
}

TENURE_INLINE LongRunVariance parse_long_run_variance(std::string_view name) {
  return parse_named<LongRunVariance>(detail::comparing::variances, name, "variance", "E_VARIANCE");
}

TENURE_INLINE double loss_difference(double first, double second) noexcept {
  if (std::isinf(first) || std::isinf(second))
    return std::isnan(first) || std::isnan(second) ? std::numeric_limits<double>::quiet_NaN()
                                                   : std::numeric_limits<double>::infinity();
  return first - second;
}

TENURE_INLINE std::vector<double> losses(std::span<const double> actual, std::span<const double> forecast,
                                         Loss loss, const Execution& execution) {
  detail::require_length("forecast", forecast.size(), actual.size());
  std::vector<double> found(actual.size());
  constexpr std::size_t rows = 65536;
  parallel_for(execution, (actual.size() + rows - 1) / rows, [&](std::size_t task, int) {
    const std::size_t end = std::min(actual.size(), (task + 1) * rows);
    for (std::size_t row = task * rows; row < end; ++row) {
      const double error = forecast[row] - actual[row];
      if (loss == Loss::squared)
        found[row] = error * error;
      else if (loss == Loss::absolute)
        found[row] = std::abs(error);
      else
        found[row] = actual[row] == 0 ? std::numeric_limits<double>::quiet_NaN()
                                      : std::abs(error) / std::abs(actual[row]);
    }
  });
  return found;
}

TENURE_INLINE Comparison diebold_mariano(std::span<const double> differences,
                                         const ComparisonOptions& options) {
  detail::comparing::check_horizon(options.horizon);
  std::vector<double> deviations;
  return detail::comparing::compare(differences, options, deviations);
}

TENURE_INLINE std::vector<Comparison> diebold_mariano(std::span<const double> differences,
                                                      std::span<const std::uint32_t> begin,
                                                      const ComparisonOptions& options) {
  detail::comparing::check_horizon(options.horizon);
  detail::require_cut("begin", begin, differences.size());
  const std::size_t series = begin.empty() ? 0 : begin.size() - 1;
  std::vector<Comparison> found(series);
  constexpr std::size_t block = 256;
  const std::size_t tasks = (series + block - 1) / block;
  std::vector<std::vector<double>> deviations(
      static_cast<std::size_t>(worker_count(options.execution, tasks)));
  parallel_for(options.execution, tasks, [&](std::size_t task, int worker) {
    for (std::size_t one = task * block; one < std::min(series, (task + 1) * block); ++one)
      found[one] = detail::comparing::compare(differences.subspan(begin[one], begin[one + 1] - begin[one]),
                                              options, deviations[static_cast<std::size_t>(worker)]);
  });
  return found;
}

}  // namespace tenure
