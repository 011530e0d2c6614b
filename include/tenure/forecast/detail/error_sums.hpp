#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../../core/real.hpp"
#include "../point_error.hpp"
#include "error_moments.hpp"

/// What figures of point errors are made of: sums that add up over cells.
namespace tenure::detail {

/// A quotient of two sums. A cell that has no such quotient adds nothing, and is counted.
struct ErrorPart {
  double above = 0, below = 0;
  std::uint32_t missing = 0;
  Undefined reason = Undefined::no;  ///< of the first cell that is missing

  void leave_out(Undefined why) noexcept { *this = {.missing = 1, .reason = why}; }
  void add(const ErrorPart& other) noexcept {
    above += other.above;
    below += other.below;
    if (missing == 0) reason = other.reason;
    missing += other.missing;
  }
};

enum ErrorPartName : std::size_t {
  relative_part,
  percent_part,
  symmetric_part,
  armstrong_part,
  arctangent_part,
  steps_part,
  scaled_part,
  scaled_squares_part,
  level_part,
  owa_symmetric_part,
  owa_symmetric_benchmark_part,
  owa_scaled_part,
  owa_scaled_benchmark_part,
  error_part_count
};

/// Errors around their mean, and what an error and the next have in common.
struct ErrorLag {
  double points = 0, mean = 0, squares = 0;
  double steps = 0, products = 0, ends = 0;  ///< sums of x y and of x + y over steps from x to y

  void add(const ErrorLag& other) noexcept {
    if (other.points == 0) return;
    const double all = points + other.points, share = other.points / all, apart = other.mean - mean;
    squares += other.squares + apart * apart * points * share;
    const double shift = -apart * share, other_shift = apart + shift;
    products += shift * ends + shift * shift * steps + other.products + other_shift * other.ends +
                other_shift * other_shift * other.steps;
    ends += 2 * shift * steps + other.ends + 2 * other_shift * other.steps;
    steps += other.steps;
    mean += apart * share;
    points = all;
  }
};

struct ErrorSums {
  double points = 0, error = 0, absolute = 0, squares = 0, actual = 0;  ///< actual: sum |a|
  double benchmark = 0;                                                 ///< sum |e| of the benchmark
  double actual_squares = 0, forecast_squares = 0;
  double median = 0;        ///< of |e|; not a sum, set for the points of a cell or of a group
  std::uint32_t cells = 0;  ///< that have points
  std::uint32_t no_owa = 0;
  std::array<ErrorPart, error_part_count> parts = {};
  ErrorMoments moments;
  ErrorLag lag;

  void add(const ErrorSums& other) noexcept {
    points += other.points;
    error += other.error;
    absolute += other.absolute;
    squares += other.squares;
    actual += other.actual;
    benchmark += other.benchmark;
    actual_squares += other.actual_squares;
    forecast_squares += other.forecast_squares;
    cells += other.cells;
    no_owa += other.no_owa;
    for (std::size_t i = 0; i < error_part_count; ++i) parts[i].add(other.parts[i]);
    moments.add(other.moments);
    lag.add(other.lag);
  }
};

/// What has to be added up for the measures asked for.
struct ErrorNeeds {
  bool percent = false, symmetric = false, armstrong = false, arctangent = false, squares = false;
  bool steps = false, moments = false, lag = false, median = false, benchmark = false, with_owa = false;
  bool absolute_scale = false, squared_scale = false, level_scale = false;

  explicit ErrorNeeds(std::span<const Measure> measures) noexcept {
    for (const Measure measure : measures) {
      const auto one_of = [&](auto... names) { return ((measure == names) || ...); };
      using enum Measure;
      percent |= one_of(mpe, mape, accuracy);
      symmetric |= one_of(smape, smape_200, owa);
      armstrong |= one_of(smape_armstrong);
      arctangent |= one_of(maape);
      squares |= one_of(theil_u1);
      steps |= one_of(theil_u2);
      moments |= one_of(r2, variance_share, covariance_share);
      lag |= one_of(acf1);
      median |= one_of(median_ae);
      benchmark |= needs_benchmark(measure);
      with_owa |= one_of(owa);
      absolute_scale |= one_of(mase, owa);
      squared_scale |= one_of(msse, rmsse);
      level_scale |= one_of(spis);
    }
  }
};

}  // namespace tenure::detail
