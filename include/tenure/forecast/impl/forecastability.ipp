#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "../../core/detail/confidence.hpp"
#include "../../core/error.hpp"
#include "../detail/exact_scale.hpp"
#include "../detail/points.hpp"
#include "../forecastability.hpp"

namespace tenure {

namespace detail::spectra {

inline constexpr std::size_t shortest_spectrum = 8;

/// By least squares, around the middle of the series.
struct Line {
  double mean = 0, slope = 0, middle = 0;
  double at(std::size_t t) const noexcept { return mean + slope * (static_cast<double>(t) - middle); }
};
inline Line line_through(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  Line line{.middle = (n - 1) / 2};
  for (const double value : values) line.mean += value / n;
  double spread = 0;
  for (std::size_t t = 0; t < values.size(); ++t) {
    const double from_middle = static_cast<double>(t) - line.middle;
    line.slope += from_middle * (values[t] - line.mean);
    spread += from_middle * from_middle;
  }
  if (spread > 0) line.slope /= spread;
  return line;
}

/// One series after the other; cosines are kept while the length stays the same.
class Spectrum {
 public:
  void read(std::span<const double> values, bool detrend, Forecastability& found) {
    const std::size_t n = values.size();
    if (n < shortest_spectrum) return;
    if (!centre(values, detrend)) {
      found.spectral_entropy = found.forecastability = Undefined::no_variation;
      return;
    }
    if (cosine_.size() != n) turn(n);
    const std::size_t m = (n - 1) / 2;
    power_.resize(m);
    double total = 0;
    for (std::size_t j = 1; j <= m; ++j) {
      double real = 0, imaginary = 0;
      std::size_t place = 0;
      for (std::size_t t = 0; t < n; ++t) {
        real += rest_[t] * cosine_[place];
        imaginary += rest_[t] * sine_[place];
        place += j;
        if (place >= n) place -= n;
      }
      power_[j - 1] = real * real + imaginary * imaginary;
      total += power_[j - 1];
    }
    if (!(total > 0)) {  // all of it alternates from point to point
      found.spectral_entropy = 0.0;
      found.forecastability = 1.0;
      return;
    }
    double entropy = 0, noise = 0;
    for (const double power : power_)
      if (const double share = power / total; share > 0) entropy -= share * std::log(share);
    for (std::size_t j = 2; j <= m; ++j) noise += 1.0 / static_cast<double>(j);
    found.spectral_entropy = entropy / std::log(static_cast<double>(m));
    found.forecastability = std::max(0.0, 1 - entropy / noise);
  }

 private:
  /// What is left without the mean or the line; false if that is nothing but rounding.
  bool centre(std::span<const double> values, bool detrend) {
    const auto n = static_cast<double>(values.size());
    const Line line = line_through(values);
    double most = 0, largest = 0;
    rest_.resize(values.size());
    for (std::size_t t = 0; t < values.size(); ++t) {
      rest_[t] = values[t] - (detrend ? line.at(t) : line.mean);
      most = std::max(most, std::abs(rest_[t]));
      largest = std::max(largest, std::abs(values[t]));
    }
    return most > 1e-13 * n * largest;
  }
  void turn(std::size_t n) {
    cosine_.resize(n);
    sine_.resize(n);
    for (std::size_t t = 0; t < n; ++t) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(t) / static_cast<double>(n);
      cosine_[t] = std::cos(angle);
      sine_[t] = std::sin(angle);
    }
  }

  std::vector<double> rest_, cosine_, sine_, power_;
};

inline Real naive_skill(std::span<const double> values, std::size_t lag) {
  if (values.size() <= lag || values.size() < 3) return Undefined::too_few;
  const auto [low, high] = std::ranges::minmax(values);
  if (low == high) return Undefined::no_error;  // a mean of equal values may be off by rounding
  double before = 0, naive = 0, mean = 0;
  for (std::size_t t = 0; t < values.size(); ++t) {
    if (t >= lag) {
      naive += std::abs(values[t] - values[t - lag]);
      mean += std::abs(values[t] - before / static_cast<double>(t));
    }
    before += values[t];
  }
  const Real share = divide(naive, mean, Undefined::no_error);
  return share.defined() ? Real(1 - share.value_or(0)) : share;
}

inline void check_lag(int lag) {
  if (lag < 1)
    throw_option({.code = "E_LAG",
                  .what = "a lag of " + std::to_string(lag) + " points does not look back",
                  .value = std::to_string(lag),
                  .remedy = "1 is the point before, 12 the same month a year ago."});
}

/// All figures are of proportions, so that the scale is free to choose.
inline std::vector<double> scaled_to_one(std::span<const double> values) {
  std::vector<double> scaled(values.begin(), values.end());
  const int scale = exponent_to_one(values);
  for (double& value : scaled) value = std::ldexp(value, scale);
  return scaled;
}

inline Forecastability forecastability_of(std::span<const double> values,
                                          const ForecastabilityOptions& options, Spectrum& spectrum) {
  Forecastability found{.points = values.size()};
  const std::vector<double> scaled = scaled_to_one(values);
  spectrum.read(scaled, options.detrend, found);
  found.naive_skill = naive_skill(scaled, static_cast<std::size_t>(options.lag));
  return found;
}

}  // namespace detail::spectra

TENURE_INLINE Forecastability forecastability(std::span<const double> values,
                                              const ForecastabilityOptions& options) {
  detail::spectra::check_lag(options.lag);
  detail::spectra::Spectrum spectrum;
  return detail::spectra::forecastability_of(values, options, spectrum);
}

TENURE_INLINE std::vector<Forecastability> forecastability(std::span<const double> values,
                                                           std::span<const std::uint32_t> begin,
                                                           const ForecastabilityOptions& options) {
  detail::spectra::check_lag(options.lag);
  detail::require_cut("begin", begin, values.size());
  const std::size_t series = begin.empty() ? 0 : begin.size() - 1;
  std::vector<Forecastability> found(series);
  constexpr std::size_t block = 256;
  const std::size_t tasks = (series + block - 1) / block;
  std::vector<detail::spectra::Spectrum> spectra(
      static_cast<std::size_t>(worker_count(options.execution, tasks)));
  parallel_for(options.execution, tasks, [&](std::size_t task, int worker) {
    for (std::size_t one = task * block; one < std::min(series, (task + 1) * block); ++one)
      found[one] =
          detail::spectra::forecastability_of(values.subspan(begin[one], begin[one + 1] - begin[one]),
                                              options, spectra[static_cast<std::size_t>(worker)]);
  });
  return found;
}

TENURE_INLINE Variation variation(std::span<const double> values) {
  Variation found{.points = values.size()};
  if (values.empty()) return found;
  const auto n = static_cast<double>(values.size());
  const int scale = detail::exponent_to_one(values);
  double sum = 0, squares = 0;
  for (const double value : values) sum += std::ldexp(value, scale);
  const double mean = sum / n;
  found.mean = detail::or_diverges(std::ldexp(mean, -scale));
  if (values.size() < 2) return found;
  for (const double value : values) {
    const double off = std::ldexp(value, scale) - mean;
    squares += off * off;
  }
  const double deviation = std::sqrt(squares / (n - 1));
  found.deviation = detail::or_diverges(std::ldexp(deviation, -scale));
  found.coefficient = divide(deviation, std::abs(mean), Undefined::empty_base);
  return found;
}

TENURE_INLINE Real deviation_from_line(std::span<const double> values) {
  if (values.size() < 2) return Undefined::too_few;
  const int scale = detail::exponent_to_one(values);
  const std::vector<double> scaled = detail::spectra::scaled_to_one(values);
  const detail::spectra::Line line = detail::spectra::line_through(scaled);
  double squares = 0;
  for (std::size_t t = 0; t < scaled.size(); ++t)
    squares += (scaled[t] - line.at(t)) * (scaled[t] - line.at(t));
  return detail::or_diverges(
      std::ldexp(std::sqrt(squares / (static_cast<double>(scaled.size()) - 1)), -scale));
}

}  // namespace tenure
