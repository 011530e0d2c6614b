#pragma once

#include <cstdint>
#include <string_view>

#include "../core/config.hpp"

/// The measures of point forecasts. a is what happened, f the forecast, e = f - a: a bias above 0 is a
/// forecast that was too high. Averages are over the points of a series (or of what is asked for).
namespace tenure {

enum class Measure : std::uint8_t {
  me,               ///< mean e; R prints mean (a - f)
  mpe,              ///< mean e / a, a fraction
  mae,              ///< mean |e|
  mse,              ///< mean e^2
  rmse,             ///< sqrt(mse)
  median_ae,        ///< median |e|
  mape,             ///< mean |e| / |a|, a fraction
  smape,            ///< mean 2 |e| / (|a| + |f|), 0 to 2; utilsforecast prints half of it
  smape_200,        ///< 100 smape, 0 to 200, as in M4
  smape_armstrong,  ///< mean 2 |e| / (a + f) without absolute values in the denominator: may be negative
  wape,             ///< sum |e| / sum |a|; "nd" of gluonts
  mase,             ///< mae / mean |y(t) - y(t - lag)| of the history
  msse,             ///< mse / mean (y(t) - y(t - lag))^2 of the history
  rmsse,            ///< sqrt(msse)
  pis,              ///< sum |e|, the absolute periods in stock of utilsforecast
  spis,             ///< sum |e| / mean y of the history
  owa,              ///< (smape / smape of the benchmark + mase / mase of the benchmark) / 2, as in M4
  relative_mae,     ///< mae / mae of the benchmark
  theil_u1,         ///< rmse / (sqrt(mean a^2) + sqrt(mean f^2)), 0 to 1
  theil_u2,  ///< sqrt(sum ((f(t) - a(t)) / a(t-1))^2 / sum ((a(t) - a(t-1)) / a(t-1))^2); R's "Theil's U"
  maape,     ///< mean arctan |e / a|, 0 to pi / 2
  r2,        ///< 1 - sum e^2 / sum (a - mean a)^2
  tracking_signal,   ///< sum e / mae
  cfe,               ///< sum e, the cumulative forecast error
  accuracy,          ///< 1 - mape: "forecast accuracy" of revenue teams; below 0 if errors exceed the actuals
  bias_share,        ///< (mean e)^2 / mse
  variance_share,    ///< (sd f - sd a)^2 / mse
  covariance_share,  ///< 2 (1 - r) sd f sd a / mse; the three shares add up to 1 (Theil 1966)
  acf1,              ///< autocorrelation of the errors at lag 1
};
inline constexpr std::size_t measure_count = 29;

std::string_view name_of(Measure measure) noexcept;
/// Throws OptionError E_MEASURE with the known names.
Measure parse_measure(std::string_view name);

/// Whether it is a fraction of the history's naive errors or level, which must be known.
constexpr bool needs_history(Measure measure) noexcept {
  return measure == Measure::mase || measure == Measure::msse || measure == Measure::rmsse ||
         measure == Measure::spis || measure == Measure::owa;
}
/// Whether it compares with the errors of a benchmark forecast.
constexpr bool needs_benchmark(Measure measure) noexcept {
  return measure == Measure::owa || measure == Measure::relative_mae;
}

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/measure.ipp"
#endif
