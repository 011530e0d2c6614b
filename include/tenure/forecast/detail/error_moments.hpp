#pragma once

#include <Eigen/Core>
#include <array>
#include <cmath>
#include <cstddef>

/// Sums over rows of two columns, and what they say of actuals, forecasts and errors around their means.
namespace tenure::detail {

using Lanes = Eigen::Array4d;
inline Lanes absolute_of(const Lanes& x) { return x.abs(); }
inline double absolute_of(double x) { return std::abs(x); }

/// Sums of several terms over rows of two columns, in four running parts each, so that one addition need not
/// wait for the other. `terms` takes the values of a row, or of four rows at once.
template <std::size_t Count, class Terms>
std::array<double, Count> add_up(const double* a, const double* b, std::size_t rows, Terms&& terms) {
  std::array<Lanes, Count> lanes;
  lanes.fill(Lanes::Zero());
  std::size_t row = 0;
  for (; row + 4 <= rows; row += 4) {
    const Lanes x = Eigen::Map<const Lanes>(a + row), y = Eigen::Map<const Lanes>(b + row);
    const std::array<Lanes, Count> found = terms(x, y);
    for (std::size_t i = 0; i < Count; ++i) lanes[i] += found[i];
  }
  std::array<double, Count> rest{};
  for (; row < rows; ++row) {
    const std::array<double, Count> found = terms(a[row], b[row]);
    for (std::size_t i = 0; i < Count; ++i) rest[i] += found[i];
  }
  for (std::size_t i = 0; i < Count; ++i)
    rest[i] = ((lanes[i][0] + lanes[i][2]) + (lanes[i][1] + lanes[i][3])) + rest[i];
  return rest;
}

/// Means of actuals, forecasts and errors, and sums of squares around them. Where forecasts are close to
/// large actuals, errors cannot be had back from the squares of these two: they are added up on their own.
struct ErrorMoments {
  double points = 0, actual = 0, forecast = 0, error = 0;
  double actual_squares = 0, forecast_squares = 0, error_squares = 0;
  double crossed = 0;  ///< products of errors and actuals

  /// Chan, Golub and LeVeque 1979.
  void add(const ErrorMoments& other) noexcept {
    if (other.points == 0) return;
    const double all = points + other.points, share = other.points / all, weight = points * share;
    const double to_actual = other.actual - actual, to_forecast = other.forecast - forecast;
    const double to_error = other.error - error;
    actual_squares += other.actual_squares + to_actual * to_actual * weight;
    forecast_squares += other.forecast_squares + to_forecast * to_forecast * weight;
    error_squares += other.error_squares + to_error * to_error * weight;
    crossed += other.crossed + to_actual * to_error * weight;
    actual += to_actual * share;
    forecast += to_forecast * share;
    error += to_error * share;
    points = all;
  }
  /// points (sd f - sd a)^2, from var f - var a = var e + 2 cov(e, a). Never above error_squares (Cauchy).
  double spread_apart() const noexcept {
    const double both = std::sqrt(forecast_squares) + std::sqrt(actual_squares);
    if (!std::isfinite(both)) return both;
    const double apart = both == 0 ? 0 : (error_squares + 2 * crossed) / both;
    return apart * apart < error_squares ? apart * apart : error_squares;
  }
};

/// Seen from the first point, what is constant has a mean and squares of exactly 0.
inline ErrorMoments moments_of(const double* actual, const double* forecast, std::size_t rows) {
  const double a0 = actual[0], f0 = forecast[0], e0 = f0 - a0, count = static_cast<double>(rows);
  const auto [a_sum, f_sum, e_sum] = add_up<3>(actual, forecast, rows, [&]<class T>(const T& a, const T& f) {
    return std::array<T, 3>{T(a - a0), T(f - f0), T(f - a - e0)};
  });
  const double a_shift = a_sum / count, f_shift = f_sum / count, e_shift = e_sum / count;
  const auto [a_squares, f_squares, e_squares, crossed] =
      add_up<4>(actual, forecast, rows, [&]<class T>(const T& a, const T& f) {
        const T x = a - a0 - a_shift, y = f - f0 - f_shift, e = f - a - e0 - e_shift;
        return std::array<T, 4>{T(x * x), T(y * y), T(e * e), T(x * e)};
      });
  return {count, a0 + a_shift, f0 + f_shift, e0 + e_shift, a_squares, f_squares, e_squares, crossed};
}

}  // namespace tenure::detail
