#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "../../core/detail/confidence.hpp"
#include "../bias.hpp"
#include "../detail/error_moments.hpp"
#include "../detail/points.hpp"

namespace tenure {

TENURE_INLINE MeanBias mean_bias(std::span<const double> errors, double confidence) {
  detail::require_confidence(confidence);
  detail::require_numbers("errors", errors);
  MeanBias bias{.points = errors.size()};
  if (errors.empty()) return bias;
  const auto count = static_cast<double>(errors.size());
  // Seen from the first error, equal errors vary by exactly 0.
  const double first = errors.front();
  double sum = 0, squares = 0;
  for (const double error : errors) sum += error - first;
  const double shift = sum / count, mean = first + shift;
  bias.mean = detail::or_diverges(mean);
  if (errors.size() < 2) return bias;
  for (const double error : errors) squares += (error - first - shift) * (error - first - shift);
  const double error_of_mean = std::sqrt(squares / (count - 1) / count);
  bias.std_error = detail::or_diverges(error_of_mean);
  if (!bias.std_error.defined()) {
    bias.lower = bias.upper = bias.p_value = Real(Undefined::diverges);
    return bias;
  }
  const boost::math::students_t distribution(count - 1);
  const double reach = error_of_mean * quantile(complement(distribution, (1 - confidence) / 2));
  bias.lower = detail::or_diverges(mean - reach);
  bias.upper = detail::or_diverges(mean + reach);
  bias.p_value = error_of_mean == 0 ? Real(Undefined::no_variation)
                                    : Real(2 * cdf(complement(distribution, std::abs(mean) / error_of_mean)));
  return bias;
}

TENURE_INLINE ErrorSplit error_split(std::span<const double> actual, std::span<const double> forecast) {
  detail::require_pairs(actual, forecast);
  if (actual.empty()) return {};
  const detail::ErrorMoments moments = detail::moments_of(actual.data(), forecast.data(), actual.size());
  double squares = 0;
  for (std::size_t i = 0; i < actual.size(); ++i)
    squares += (forecast[i] - actual[i]) * (forecast[i] - actual[i]);
  const double apart = moments.spread_apart();
  return {.mse = detail::or_diverges(squares / moments.points),
          .bias = detail::or_diverges(moments.error * moments.error),
          .variance = detail::or_diverges(apart / moments.points),
          .covariance = detail::or_diverges((moments.error_squares - apart) / moments.points)};
}

TENURE_INLINE std::vector<Real> tracking_signals(std::span<const double> actual,
                                                 std::span<const double> forecast) {
  detail::require_pairs(actual, forecast);
  std::vector<Real> signals;
  signals.reserve(actual.size());
  double sum = 0, absolute = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double error = forecast[i] - actual[i];
    sum += error;
    absolute += std::abs(error);
    const bool countable = std::isfinite(absolute);
    signals.push_back(countable ? divide(sum, absolute / static_cast<double>(i + 1), Undefined::no_error)
                                : Real(Undefined::diverges));
  }
  return signals;
}

}  // namespace tenure
