#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../core/parallel.hpp"
#include "../core/real.hpp"

/// How much of a series can be forecast at all, before anybody tries.
namespace tenure {

struct ForecastabilityOptions {
  bool detrend = true;  ///< take off the straight line through the series, not only its mean
  int lag = 1;          ///< of the naive forecast; 12 for months with a season
  Execution execution = {};
};

/// Two looks at one series y(1) ... y(n), evenly spaced.
///
/// Spectral entropy (Goerg 2013, "Forecastable component analysis"): the periodogram of y without its trend
/// at the frequencies j / n, 0 < j < n / 2, as shares p(j) that add up to 1:
///
///   spectral_entropy = - sum p ln p / ln m     m frequencies; 1: white noise, 0: one pure cycle
///   forecastability  = 1 - (- sum p ln p) / (1/2 + 1/3 + ... + 1/m), not below 0
///
/// The periodogram of n points of white noise is itself uneven, and its expected entropy is that harmonic sum
/// (the shares are uniform on the simplex): without this correction, noise of 12 points would pass for 20 %
/// forecastable. Goerg's own figure, from a smoothed spectrum, is near 1 - spectral_entropy for long series.
///
/// Naive skill: 1 - sum |y(t) - y(t - lag)| / sum |y(t) - mean of y before t|, over the same t: how much
/// better the last value (of a season ago) tells the next than the mean of the past; below 0 for noise.
///
/// Undefined: `too_few` (spectrum: below 8 points; skill: nothing to compare), `no_variation` (a straight
/// line: nothing is left to forecast), `no_error` (the mean was always right).
struct Forecastability {
  std::size_t points = 0;
  Real spectral_entropy = Undefined::too_few;
  Real forecastability = Undefined::too_few;
  Real naive_skill = Undefined::too_few;
};
/// Finite values in the order of time. Throws OptionError E_LAG below 1. Time grows with the square of the
/// points.
Forecastability forecastability(std::span<const double> values, const ForecastabilityOptions& options = {});

/// Of many series: `begin` has the first row of each, and the number of rows at the end; InputError
/// E_COLUMN_LENGTH if it does not.
std::vector<Forecastability> forecastability(std::span<const double> values,
                                             std::span<const std::uint32_t> begin,
                                             const ForecastabilityOptions& options = {});

/// How a figure varies around its mean.
struct Variation {
  std::size_t points = 0;
  Real mean = Undefined::too_few;
  Real deviation = Undefined::too_few;    ///< standard deviation, of a sample (n - 1)
  Real coefficient = Undefined::too_few;  ///< deviation / |mean|; `empty_base` if the mean is 0
};
Variation variation(std::span<const double> values);
/// The same deviation around the straight line through the series instead of its mean; `too_few` below two
/// points.
Real deviation_from_line(std::span<const double> values);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/forecastability.ipp"
#endif
