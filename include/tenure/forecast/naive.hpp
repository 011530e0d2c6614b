#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "../core/parallel.hpp"
#include "../core/ratio.hpp"

/// What every forecast has to beat (Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 3rd
/// edition, sections 5.2 and 5.5). y(1) .. y(n) is the history, m the lag of a season, h steps ahead:
namespace tenure {

enum class NaiveMethod : std::uint8_t {
  naive,           ///< y(n)
  seasonal_naive,  ///< the last value of the same season, y(n + h - m k)
  drift,           ///< y(n) + h (y(n) - y(1)) / (n - 1)
  mean,            ///< mean y
  seasonal_mean,   ///< mean of all values of the same season
};

std::string_view name_of(NaiveMethod method) noexcept;
/// Throws OptionError E_METHOD with the known names.
NaiveMethod parse_naive_method(std::string_view name);

struct NaiveOptions {
  int horizon = 12;
  int lag = 12;                           ///< periods in a season, for the seasonal methods
  std::optional<double> confidence = {};  ///< of limits; without it there are none
  Execution execution = {};
};

/// Forecasts of many series by one method: row = series * horizon + step. What a reason says is undefined is
/// meaningless: a history too short for the method (`too_few`), or for its limits; figures of which one is
/// beyond every number (`diverges`).
struct NaiveForecasts {
  std::vector<double> value, lower, upper;      ///< limits are empty without a confidence
  std::vector<Undefined> reason, limit_reason;  ///< by series
};

/// Series i is values[begin[i] .. begin[i + 1]) in the order of time. Limits are value -+ q s f(h), with s
/// the standard deviation of the errors one step ahead (for the mean, of the deviations) within the history:
///
///   naive           s^2 = sum e^2 / (n - 1),  f = sqrt(h),                      q of the normal distribution
///   seasonal_naive  s^2 = sum e^2 / (n - m),  f = sqrt(k + 1), k = (h - 1) / m,  normal
///   drift           s^2 = sum e^2 / (n - 2),  f = sqrt(h (1 + h / (n - 1))),     normal
///   mean            s^2 = sum e^2 / (n - 1),  f = sqrt(1 + 1 / n),              Student's t with n - 1
///   seasonal_mean   s^2 = sum e^2 / (n - m),  f = sqrt(1 + 1 / n of the season), Student's t with n - m
///
/// These are the limits of R's forecast::snaive() and meanf(); the book takes the normal distribution for the
/// mean too.
///
/// Throws OptionError E_HORIZON unless 1 <= horizon <= 10000, E_LAG unless lag >= 1, E_CONFIDENCE; InputError
/// E_COLUMN_LENGTH if `begin` does not fit the values, E_AMOUNT_NAN and E_AMOUNT_INF.
NaiveForecasts naive_forecasts(std::span<const double> values, std::span<const std::uint32_t> begin,
                               NaiveMethod method, const NaiveOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/naive.ipp"
#endif
