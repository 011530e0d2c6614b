#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/parallel.hpp"
#include "../core/real.hpp"

/// Forecasts that are distributions with a formula: their CRPS (the integral of (F(t) - [a <= t])^2 over all
/// t, in the unit of the forecast), log score (- log density) and the place of what happened in them, F(a).
/// Of all three but F, lower is better. A spread of 0 is a point forecast: its CRPS is the absolute error, it
/// has no density (`diverges`, as is a log score too large for a number).
namespace tenure {

struct NormalForecast {
  double mean, sd;

  double crps(double actual) const noexcept;  ///< sd (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi))
  double cdf(double actual) const noexcept;
  Real log_score(double actual) const noexcept;
};
struct LogisticForecast {
  double location, scale;

  double crps(double actual) const noexcept;  ///< scale (|z| + 2 log(1 + exp(-|z|)) - 1)
  double cdf(double actual) const noexcept;
  Real log_score(double actual) const noexcept;
};
/// exp of a normal distribution with this mean and standard deviation (Baran and Lerch 2015).
struct LognormalForecast {
  double log_mean, log_sd;

  double crps(double actual) const noexcept;
  double cdf(double actual) const noexcept;
  Real log_score(double actual) const noexcept;  ///< `diverges` at 0 and below
};
/// Mean shape * scale (Scheuerer and Moeller 2015).
struct GammaForecast {
  double shape, scale;

  double crps(double actual) const;
  double cdf(double actual) const;
  Real log_score(double actual) const;  ///< `diverges` below 0, and at 0 unless the shape is 1
};
/// Normal distributions with weights that add up to 1 (Grimit et al. 2006).
struct MixtureForecast {
  std::span<const double> weight, mean, sd;

  double crps(double actual) const noexcept;
  double cdf(double actual) const noexcept;
  Real log_score(double actual) const noexcept;  ///< `diverges` if a component has no spread
};

enum class ForecastFamily : std::uint8_t {
  normal,     ///< mean, sd
  logistic,   ///< location, scale
  lognormal,  ///< log_mean, log_sd
  gamma,      ///< shape, scale
  mixture,    ///< weight, mean, sd of the first component, then of the second, ...
};
std::string_view name_of(ForecastFamily family) noexcept;
/// Throws OptionError E_DISTRIBUTION with the known names.
ForecastFamily parse_forecast_family(std::string_view name);

/// Forecasts of one family beside what happened.
struct DistributionRows {
  ForecastFamily family = ForecastFamily::normal;
  std::span<const double> actual;
  std::vector<std::span<const double>> parameters;  ///< a column each, in the order of the family
  std::string actual_name = "actual";
  std::vector<std::string> names = {};  ///< of the parameters, for messages
};

/// One a row. Throws InputError E_COLUMN_LENGTH (columns, or how many there are), E_AMOUNT_NAN,
/// E_AMOUNT_INF, E_PARAM (a spread below 0, a shape below 1e-100 or scale of gamma not above 0, a mean that
/// no number holds), E_WEIGHT (weights below 0 or, by more than 1e-9, not adding up to 1); the CRPS
/// E_AMOUNT_RANGE (an actual too far away for a number).
std::vector<double> distribution_crps(const DistributionRows& rows, const Execution& execution = {});
std::vector<double> distribution_cdf(const DistributionRows& rows, const Execution& execution = {});
std::vector<Real> distribution_log_score(const DistributionRows& rows, const Execution& execution = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/distribution.ipp"
#endif
