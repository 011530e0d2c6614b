#include <algorithm>
#include <array>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/log1p.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "../../core/detail/confidence.hpp"
#include "../detail/score_rows.hpp"
#include "../distribution.hpp"

namespace tenure {

namespace detail {

inline double normal_share(double z) noexcept { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }
inline double normal_density(double z) noexcept {
  return std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi);
}
inline const double log_root_two_pi = 0.5 * std::log(2 * std::numbers::pi);

/// E |X - at| of a normal distribution.
inline double mean_distance(double at, double mean, double sd) noexcept {
  const double difference = at - mean;
  if (!(sd > 0)) return std::abs(difference);
  const double z = difference / sd;
  return difference * std::erf(z / std::numbers::sqrt2) + sd * (2 * normal_density(z));
}

/// erf(b) - erf(a); near each other by Gauss-Legendre, since the difference would lose its digits.
inline double erf_between(double a, double b) noexcept {
  if (std::abs(b - a) > 0.5) return std::erf(b) - std::erf(a);
  constexpr std::array<std::pair<double, double>, 5> nodes{{{0.1488743389816312, 0.2955242247147529},
                                                            {0.4333953941292472, 0.2692667193099963},
                                                            {0.6794095682990244, 0.2190863625159821},
                                                            {0.8650633666889845, 0.1494513491505806},
                                                            {0.9739065285171717, 0.0666713443086881}}};
  const double middle = (a + b) / 2, half = (b - a) / 2;
  double sum = 0;
  for (const auto& [node, weight] : nodes)
    for (const double t : {middle - half * node, middle + half * node}) sum += weight * std::exp(-t * t);
  return 2 * std::numbers::inv_sqrtpi * half * sum;
}

/// Shapes from which on a gamma distribution is computed by expansions, whose next terms are below the digits
/// of a double; Boost's series take ever more terms.
inline constexpr double large_shape = 1e6;

/// log(1 + x) - x, for x > -1.
inline double log1p_less(double x) noexcept {
  return std::abs(x) < 0.5 ? boost::math::log1pmx(x) : std::log1p(x) - x;
}
/// log of x^k exp(-x) / Gamma(k + 1) for a large k (Stirling).
inline double log_gamma_term(double k, double x) noexcept {
  return k * log1p_less((x - k) / k) - 0.5 * std::log(k) - log_root_two_pi - 1 / (12 * k);
}
/// P(k, x) and Q(k, x); of a large k by Temme's uniform expansion (1979).
inline std::pair<double, double> gamma_shares(double k, double x) {
  if (k < large_shape) return {boost::math::gamma_p(k, x), boost::math::gamma_q(k, x)};
  const double away = (x - k) / k;
  if (std::abs(away) > 0.5) return away < 0 ? std::pair(0.0, 1.0) : std::pair(1.0, 0.0);
  const double eta = std::copysign(std::sqrt(-2 * log1p_less(away)), away), z = eta * std::sqrt(k / 2);
  const double first = -1.0 / 3 + eta * (1.0 / 12 + eta * (-2.0 / 135 + eta / 864));
  const double rest = std::exp(-z * z) / std::sqrt(2 * std::numbers::pi * k) * (first - 1 / (540 * k));
  return {0.5 * std::erfc(-z) - rest, 0.5 * std::erfc(z) + rest};
}

}  // namespace detail

TENURE_INLINE double NormalForecast::crps(double actual) const noexcept {
  return detail::mean_distance(actual, mean, sd) - sd * std::numbers::inv_sqrtpi;
}
TENURE_INLINE double NormalForecast::cdf(double actual) const noexcept {
  return sd > 0 ? detail::normal_share((actual - mean) / sd) : actual >= mean ? 1.0 : 0.0;
}
TENURE_INLINE Real NormalForecast::log_score(double actual) const noexcept {
  if (!(sd > 0)) return Undefined::diverges;
  const double z = (actual - mean) / sd;
  return detail::or_diverges(std::log(sd) + detail::log_root_two_pi + 0.5 * z * z);
}

TENURE_INLINE double LogisticForecast::crps(double actual) const noexcept {
  const double distance = std::abs(actual - location);
  if (!(scale > 0)) return distance;
  return distance + scale * (2 * std::log1p(std::exp(-distance / scale)) - 1);
}
TENURE_INLINE double LogisticForecast::cdf(double actual) const noexcept {
  return scale > 0 ? 1 / (1 + std::exp((location - actual) / scale)) : actual >= location ? 1.0 : 0.0;
}
TENURE_INLINE Real LogisticForecast::log_score(double actual) const noexcept {
  if (!(scale > 0)) return Undefined::diverges;
  const double z = std::abs(actual - location) / scale;
  return detail::or_diverges(std::log(scale) + z + 2 * std::log1p(std::exp(-z)));
}

TENURE_INLINE double LognormalForecast::crps(double actual) const noexcept {
  if (!(log_sd > 0)) return std::abs(actual - std::exp(log_mean));
  // E |X - a| - E |X - X'| / 2 with m = E X: a erf(w / sqrt 2) - m [erf((w - s) / sqrt 2) + erf(s / 2)].
  const double mean = std::exp(log_mean + log_sd * log_sd / 2);
  if (!(actual > 0)) return mean * std::erfc(log_sd / 2) - actual;
  const double log_actual = std::log(actual), w = (log_actual - log_mean) / log_sd;
  const double high = w / std::numbers::sqrt2, low = (w - log_sd) / std::numbers::sqrt2;
  // Wide: both of the last terms are near 1, or -1 and 1, and only what they lack has digits.
  if (log_sd >= 1) return actual * std::erf(high) + mean * (std::erfc(log_sd / 2) - std::erfc(-low));
  // Narrow: (a - m) erf(w / sqrt 2) + m [erf(w / sqrt 2) - erf((w - s) / sqrt 2) - erf(s / 2)].
  const double apart = log_actual - log_mean - log_sd * log_sd / 2;  // log(a / m)
  const double excess = std::abs(apart) < 0.5 ? mean * std::expm1(apart) : actual - mean;
  if (!std::isfinite(w)) return std::abs(excess);
  return excess * std::erf(high) + mean * (detail::erf_between(low, high) - std::erf(log_sd / 2));
}
TENURE_INLINE double LognormalForecast::cdf(double actual) const noexcept {
  if (!(log_sd > 0)) return actual >= std::exp(log_mean) ? 1.0 : 0.0;
  return actual > 0 ? detail::normal_share((std::log(actual) - log_mean) / log_sd) : 0.0;
}
TENURE_INLINE Real LognormalForecast::log_score(double actual) const noexcept {
  if (!(log_sd > 0 && actual > 0)) return Undefined::diverges;
  const double z = (std::log(actual) - log_mean) / log_sd;
  return detail::or_diverges(std::log(actual) + std::log(log_sd) + detail::log_root_two_pi + 0.5 * z * z);
}

namespace detail {

/// The actual in scales: no further than the largest number, where all of the distribution lies below.
inline double in_scales(const GammaForecast& forecast, double actual) noexcept {
  return std::min(actual / forecast.scale, std::numeric_limits<double>::max());
}

}  // namespace detail

TENURE_INLINE double GammaForecast::crps(double actual) const {
  const bool large = shape >= detail::large_shape;
  // E |X - X'| / 2 = scale / B(1/2, shape)
  const double mean = shape * scale, spread = large ? scale * std::sqrt(shape / std::numbers::pi) *
                                                          (1 - (1 - 1 / (16 * shape)) / (8 * shape))
                                                    : scale / boost::math::beta(0.5, shape);
  if (!(actual > 0)) return mean - actual - spread;
  // P(k + 1, x) = P(k, x) - x^k exp(-x) / gamma(k + 1), which keeps digits where the shape is large.
  const double x = detail::in_scales(*this, actual);
  const auto [below, above] = detail::gamma_shares(shape, x);
  const double lean = below < 0.5 ? 2 * below - 1 : 1 - 2 * above;
  const double step =
      large ? std::exp(detail::log_gamma_term(shape, x)) : boost::math::gamma_p_derivative(shape + 1, x);
  return (actual - mean) * lean + 2 * mean * step - spread;
}
TENURE_INLINE double GammaForecast::cdf(double actual) const {
  return actual > 0 ? detail::gamma_shares(shape, detail::in_scales(*this, actual)).first : 0.0;
}
TENURE_INLINE Real GammaForecast::log_score(double actual) const {
  if (actual == 0 && shape == 1) return std::log(scale);
  if (!(actual > 0)) return Undefined::diverges;
  const double x = actual / scale;
  const double score = shape < detail::large_shape
                           ? boost::math::lgamma(shape) - (shape - 1) * std::log(x) + x + std::log(scale)
                           : std::log(x / shape) + std::log(scale) - detail::log_gamma_term(shape, x);
  return detail::or_diverges(score);
}

TENURE_INLINE double MixtureForecast::crps(double actual) const noexcept {
  double distance = 0, spread = 0;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    distance += weight[i] * detail::mean_distance(actual, mean[i], sd[i]);
    spread += weight[i] * weight[i] * sd[i] * std::numbers::inv_sqrtpi;
    for (std::size_t j = 0; j < i; ++j)
      spread += weight[i] * weight[j] * detail::mean_distance(mean[i], mean[j], std::hypot(sd[i], sd[j]));
  }
  return distance - spread;
}
TENURE_INLINE double MixtureForecast::cdf(double actual) const noexcept {
  double share = 0;
  for (std::size_t i = 0; i < weight.size(); ++i)
    share += weight[i] * NormalForecast{mean[i], sd[i]}.cdf(actual);
  return std::min(share, 1.0);  // weights may add up to a little more
}
TENURE_INLINE Real MixtureForecast::log_score(double actual) const noexcept {
  // The densest component leads, so that the others cannot all vanish below the least double.
  double most = -std::numeric_limits<double>::infinity(), sum = 0;
  const auto log_density = [&](std::size_t i) {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    return std::log(weight[i]) - NormalForecast{mean[i], sd[i]}.log_score(actual).value_or(infinite);
  };
  for (std::size_t i = 0; i < weight.size(); ++i) {
    if (!(weight[i] > 0)) continue;
    if (!(sd[i] > 0)) return Undefined::diverges;
    most = std::max(most, log_density(i));
  }
  if (!std::isfinite(most)) return Undefined::diverges;
  for (std::size_t i = 0; i < weight.size(); ++i)
    if (weight[i] > 0) sum += std::exp(log_density(i) - most);
  return -(most + std::log(sum));
}

TENURE_INLINE std::string_view name_of(ForecastFamily family) noexcept {
  constexpr std::array<std::string_view, 5> names{"normal", "logistic", "lognormal", "gamma", "mixture"};
  return names[static_cast<std::size_t>(family)];
}

TENURE_INLINE ForecastFamily parse_forecast_family(std::string_view name) {
  for (const ForecastFamily family :
       {ForecastFamily::normal, ForecastFamily::logistic, ForecastFamily::lognormal, ForecastFamily::gamma,
        ForecastFamily::mixture})
    if (name_of(family) == name) return family;
  throw_option({.code = "E_DISTRIBUTION",
                .what = "distribution '" + printable(name) + "' is not known",
                .value = printable(name),
                .remedy = "Known: normal, logistic, lognormal, gamma, mixture."});
}

namespace detail {

inline std::string parameter_name(const DistributionRows& rows, std::size_t i) {
  return i < rows.names.size() ? rows.names[i] : "parameter " + std::to_string(i + 1);
}

inline constexpr double least_shape = 1e-100;

inline void check(const DistributionRows& rows) {
  const bool mixture = rows.family == ForecastFamily::mixture, gamma = rows.family == ForecastFamily::gamma;
  const std::size_t count = rows.parameters.size(), size = rows.actual.size();
  if (mixture ? count == 0 || count % 3 != 0 : count != 2)
    throw_input(
        {.code = "E_COLUMN_LENGTH",
         .what = std::to_string(count) + " columns of parameters for " + std::string(name_of(rows.family)),
         .remedy = mixture ? "Give weight, mean and sd of each component." : "Give two."});
  require_numbers(rows.actual_name, rows.actual);
  FaultList faults;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = parameter_name(rows, i);
    require_length(name, rows.parameters[i].size(), size);
    require_numbers(name, rows.parameters[i]);
    if (mixture ? i % 3 == 1 : !gamma && i == 0) continue;
    const bool weight = mixture && i % 3 == 0;
    for (std::size_t row = 0; row < size; ++row)
      if (const double value = rows.parameters[i][row]; gamma ? !(value > 0) : value < 0)
        faults.add({.code = weight ? "E_WEIGHT" : "E_PARAM",
                    .what = number_text(value) + (gamma ? " is not above 0" : " is below 0"),
                    .column = parameter_name(rows, i),
                    .row = static_cast<std::int64_t>(row),
                    .value = number_text(value),
                    .remedy = gamma    ? "Shape and scale are above 0."
                              : weight ? "Weights are shares."
                                       : "A spread is 0 or above."});
  }
  for (std::size_t row = 0; gamma && row < size; ++row) {
    const double shape = rows.parameters[0][row], mean = shape * rows.parameters[1][row];
    if (!(shape > 0) || (shape >= least_shape && std::isfinite(mean))) continue;
    const bool small = shape < least_shape;
    faults.add({.code = "E_PARAM",
                .what = small ? number_text(shape) + " is too small a shape"
                              : "the mean of this gamma is too large for a number",
                .column = parameter_name(rows, 0),
                .row = static_cast<std::int64_t>(row),
                .value = number_text(shape),
                .remedy = small ? "Shapes are 1e-100 or above." : "Its mean is shape * scale."});
  }
  // The mean of a lognormal is exp(log_mean + log_sd^2 / 2), and a double has at most exp(709.78).
  for (std::size_t row = 0; rows.family == ForecastFamily::lognormal && row < size; ++row)
    if (const double s = rows.parameters[1][row]; rows.parameters[0][row] + s * s / 2 > 709)
      faults.add({.code = "E_PARAM",
                  .what = "the mean of this lognormal is too large for a number",
                  .column = parameter_name(rows, 1),
                  .row = static_cast<std::int64_t>(row),
                  .value = number_text(s),
                  .remedy = "Mean and spread are those of the logarithm."});
  for (std::size_t row = 0; mixture && row < size; ++row) {
    double sum = 0;
    for (std::size_t i = 0; i < count; i += 3) sum += rows.parameters[i][row];
    if (std::abs(sum - 1) > 1e-9)
      faults.add({.code = "E_WEIGHT",
                  .what = "weights add up to " + number_text(sum),
                  .column = parameter_name(rows, 0),
                  .row = static_cast<std::int64_t>(row),
                  .value = number_text(sum),
                  .remedy = "Weights of a row add up to 1."});
  }
  faults.raise();
}

/// Of each row, what `ask` says of its distribution and actual.
template <class Found, class Ask>
std::vector<Found> ask_rows(const DistributionRows& rows, const Execution& execution, Found first,
                            Ask&& ask) {
  check(rows);
  std::vector<Found> found(rows.actual.size(), first);
  const auto parameter = [&](std::size_t i, std::size_t row) { return rows.parameters[i][row]; };
  constexpr std::size_t together = 1024;
  parallel_for(execution, (found.size() + together - 1) / together, [&](std::size_t task, int) {
    const std::size_t components = rows.parameters.size() / 3;
    std::vector<double> weight(components), mean(components), sd(components);
    for (std::size_t row = task * together; row < std::min(found.size(), (task + 1) * together); ++row) {
      const double actual = rows.actual[row];
      switch (rows.family) {
        case ForecastFamily::normal:
          found[row] = ask(NormalForecast{parameter(0, row), parameter(1, row)}, actual);
          break;
        case ForecastFamily::logistic:
          found[row] = ask(LogisticForecast{parameter(0, row), parameter(1, row)}, actual);
          break;
        case ForecastFamily::lognormal:
          found[row] = ask(LognormalForecast{parameter(0, row), parameter(1, row)}, actual);
          break;
        case ForecastFamily::gamma:
          found[row] = ask(GammaForecast{parameter(0, row), parameter(1, row)}, actual);
          break;
        case ForecastFamily::mixture:
          for (std::size_t i = 0; i < components; ++i) {
            weight[i] = parameter(3 * i, row);
            mean[i] = parameter(3 * i + 1, row);
            sd[i] = parameter(3 * i + 2, row);
          }
          found[row] = ask(MixtureForecast{weight, mean, sd}, actual);
          break;
      }
    }
  });
  return found;
}

}  // namespace detail

TENURE_INLINE std::vector<double> distribution_crps(const DistributionRows& rows,
                                                    const Execution& execution) {
  std::vector<double> scores = detail::ask_rows(
      rows, execution, 0.0, [](const auto& forecast, double actual) { return forecast.crps(actual); });
  detail::refuse_infinite(scores, rows.actual_name);
  return scores;
}
TENURE_INLINE std::vector<double> distribution_cdf(const DistributionRows& rows, const Execution& execution) {
  return detail::ask_rows(rows, execution, 0.0,
                          [](const auto& forecast, double actual) { return forecast.cdf(actual); });
}
TENURE_INLINE std::vector<Real> distribution_log_score(const DistributionRows& rows,
                                                       const Execution& execution) {
  return detail::ask_rows(rows, execution, Real(0.0),
                          [](const auto& forecast, double actual) { return forecast.log_score(actual); });
}

}  // namespace tenure
