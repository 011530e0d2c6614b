#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

#include "../../core/bootstrap.hpp"
#include "error_sums.hpp"
#include "points.hpp"

/// The sums of one cell, from its rows.
namespace tenure::detail {

/// (f - a) / a, of values whose difference is too large for a number too.
inline double relative_error(double actual, double forecast) noexcept {
  const double error = forecast - actual;
  return std::isfinite(error) ? error / actual : 2 * ((forecast / 2 - actual / 2) / actual);
}
/// 2 |f - a| / (weight a + weight f), 0 where both are 0; halved first if sums are too large for a number.
inline double symmetric_error(double actual, double forecast, double weight_a, double weight_f) noexcept {
  if (actual == 0 && forecast == 0) return 0;
  const double error = forecast - actual, level = weight_a * actual + weight_f * forecast;
  if (std::isfinite(error) && std::isfinite(level)) return 2 * std::abs(error) / level;
  return 2 * (std::abs(forecast / 2 - actual / 2) / (weight_a * (actual / 2) + weight_f * (forecast / 2)));
}

/// How a row counts in a mean of quotients.
enum class RowCounts : std::uint8_t { yes, no, never };

class CellReader {
 public:
  CellReader(const ForecastRows& rows, const ErrorScales& scales, const ErrorNeeds& needs,
             const PointErrorOptions& options, FirstFault& faults)
      : rows_(rows), scales_(scales), needs_(needs), options_(options), faults_(faults) {}

  /// Sums that are not needed stay as they are: 0. Values that are no numbers become faults. `scratch` is
  /// for the median.
  void read(std::size_t cell, ErrorSums& sums, std::vector<double>& scratch) const {
    const std::size_t begin = rows_.begin[cell], count = rows_.begin[cell + 1] - begin;
    if (count == 0) {
      sums = {};
      return;
    }
    const Points points{rows_.actual.data() + begin, rows_.forecast.data() + begin, count};
    add_basics(points, sums);
    if (needs_.benchmark) sums.benchmark = absolute_error(points.against(rows_.benchmark.data() + begin));
    if (!std::isfinite(sums.absolute + sums.actual + sums.benchmark) && !all_numbers(begin, begin + count))
      return;
    if (needs_.percent) add_percent(points, sums);
    // Then no |a| + |f| is too large for a number.
    const bool moderate = std::isfinite(2 * sums.actual + sums.absolute + sums.benchmark);
    if (needs_.symmetric) sums.parts[symmetric_part] = symmetric(points, moderate);
    if (needs_.armstrong) add_armstrong(points, moderate, sums.parts[armstrong_part]);
    if (needs_.arctangent) add_arctangent(points, sums.parts[arctangent_part]);
    if (needs_.steps) add_steps(points, begin, sums.parts[steps_part]);
    if (needs_.squares) add_squares(points, sums);
    if (needs_.moments) sums.moments = moments_of(points.actual, points.forecast, count);
    if (needs_.lag) add_lag(points, begin, sums);
    if (needs_.median) sums.median = median_of(begin, begin + count, scratch);
    add_scales(rows_.scale.empty() ? cell : rows_.scale[cell], sums);
    if (needs_.with_owa) add_owa(points.against(rows_.benchmark.data() + begin), moderate, sums);
  }

  /// The median |e| of rows.
  double median_of(std::size_t begin, std::size_t end, std::vector<double>& scratch) const {
    scratch.resize(end - begin);
    for (std::size_t row = begin; row < end; ++row)
      scratch[row - begin] = std::abs(rows_.forecast[row] - rows_.actual[row]);
    return percentile(scratch, 0.5);
  }

 private:
  struct Points {
    const double *actual, *forecast;
    std::size_t count;

    Points against(const double* other) const noexcept { return {actual, other, count}; }
    Points part(std::size_t first, std::size_t end) const noexcept {
      return {actual + first, forecast + first, end - first};
    }
    template <std::size_t Terms, class Of>
    std::array<double, Terms> sum(Of&& of) const {
      return add_up<Terms>(actual, forecast, count, of);
    }
  };

  static void add_basics(const Points& points, ErrorSums& sums) {
    const auto [error, absolute, squares, actual] = points.sum<4>([]<class T>(const T& a, const T& f) {
      const T e = f - a;
      return std::array<T, 4>{e, absolute_of(e), T(e * e), absolute_of(a)};
    });
    sums.points = static_cast<double>(points.count);
    sums.cells = 1;
    sums.error = error;
    sums.absolute = absolute;
    sums.squares = squares;
    sums.actual = actual;
  }

  /// A mean of quotients of which some row has no number: row by row, as the options say.
  template <class Quotient, class Counts>
  static ErrorPart one_by_one(const Points& points, std::size_t from, Undefined reason, Quotient&& quotient,
                              Counts&& counts) {
    ErrorPart part;
    for (std::size_t row = from; row < points.count; ++row) {
      switch (counts(row)) {
        case RowCounts::yes:
          part.above += quotient(row);
          [[fallthrough]];
        case RowCounts::no:
          break;
        case RowCounts::never:
          part.leave_out(reason);
          return part;
      }
      part.below += counts(row) == RowCounts::yes ? 1 : 0;
    }
    if (part.below == 0) part.leave_out(reason);
    return part;
  }
  RowCounts unless_zero(double base) const noexcept {
    if (base != 0) return RowCounts::yes;
    return options_.zero_actual == ZeroActual::skip ? RowCounts::no : RowCounts::never;
  }
  RowCounts unless_both_zero(double a, double f) const noexcept {
    if (a != 0 || f != 0 || options_.zero_pair == ZeroPair::zero) return RowCounts::yes;
    return options_.zero_pair == ZeroPair::skip ? RowCounts::no : RowCounts::never;
  }

  void add_percent(const Points& points, ErrorSums& sums) const {
    const auto [relative, percent] = points.sum<2>([]<class T>(const T& a, const T& f) {
      const T quotient = (f - a) / a;
      return std::array<T, 2>{quotient, absolute_of(quotient)};
    });
    sums.parts[relative_part] = {relative, sums.points};
    sums.parts[percent_part] = {percent, sums.points};
    if (std::isfinite(percent)) return;
    const auto quotient = [&](std::size_t row) {
      return relative_error(points.actual[row], points.forecast[row]);
    };
    const auto counts = [&](std::size_t row) { return unless_zero(points.actual[row]); };
    sums.parts[relative_part] = one_by_one(points, 0, Undefined::zero_actual, quotient, counts);
    sums.parts[percent_part] = one_by_one(
        points, 0, Undefined::zero_actual, [&](std::size_t row) { return std::abs(quotient(row)); }, counts);
  }

  ErrorPart symmetric(const Points& points, bool moderate) const {
    const auto [sum] = points.sum<1>([]<class T>(const T& a, const T& f) {
      return std::array<T, 1>{T(absolute_of(T(f - a)) / (absolute_of(a) + absolute_of(f)))};
    });
    if (moderate && std::isfinite(sum)) return {2 * sum, static_cast<double>(points.count)};
    return one_by_one(
        points, 0, Undefined::zero_actual,
        [&](std::size_t row) {
          const double a = points.actual[row], f = points.forecast[row];
          return symmetric_error(a, f, a < 0 ? -1 : 1, f < 0 ? -1 : 1);
        },
        [&](std::size_t row) { return unless_both_zero(points.actual[row], points.forecast[row]); });
  }

  void add_armstrong(const Points& points, bool moderate, ErrorPart& part) const {
    const auto [sum] = points.sum<1>(
        []<class T>(const T& a, const T& f) { return std::array<T, 1>{T(absolute_of(T(f - a)) / (a + f))}; });
    part = {2 * sum, static_cast<double>(points.count)};
    if (moderate && std::isfinite(sum)) return;
    bool pole = false;
    for (std::size_t row = 0; row < points.count; ++row)
      pole |= points.actual[row] == -points.forecast[row] && points.actual[row] != 0;
    if (pole) return part.leave_out(Undefined::diverges);
    part = one_by_one(
        points, 0, Undefined::zero_actual,
        [&](std::size_t row) { return symmetric_error(points.actual[row], points.forecast[row], 1, 1); },
        [&](std::size_t row) { return unless_both_zero(points.actual[row], points.forecast[row]); });
  }

  void add_arctangent(const Points& points, ErrorPart& part) const {
    part = one_by_one(
        points, 0, Undefined::zero_actual,
        [&](std::size_t row) {
          const double a = points.actual[row], f = points.forecast[row];
          if (a == 0) return f == 0 ? 0 : std::numbers::pi / 2;
          return std::atan(std::abs(relative_error(a, f)));
        },
        [&](std::size_t row) { return unless_both_zero(points.actual[row], points.forecast[row]); });
  }

  /// Calls with the rows of each run in a cell that begins at a row.
  template <class Use>
  void each_run(const Points& points, std::size_t begin, Use&& use) const {
    if (rows_.runs.empty()) return use(points);
    const std::size_t end = begin + points.count;
    auto next = std::upper_bound(rows_.runs.begin(), rows_.runs.end(), begin);
    for (std::size_t first = begin; first < end; ++next) {
      const std::size_t stop = next == rows_.runs.end() ? end : std::min<std::size_t>(end, *next);
      use(points.part(first - begin, stop - begin));
      first = stop;
      if (next == rows_.runs.end()) break;
    }
  }

  /// Errors and changes within runs. A run without a step adds none, one without quotients takes the cell's.
  void add_steps(const Points& points, std::size_t begin, ErrorPart& part) const {
    part = {};
    Undefined reason = Undefined::too_few;
    bool counts = false, never = false;
    each_run(points, begin, [&](const Points& run) {
      ErrorPart own;
      add_steps_of_run(run, own);
      if (own.missing == 0) {
        part.above += own.above;
        part.below += own.below;
        counts = true;
      } else if (own.reason != Undefined::too_few) {
        reason = own.reason;
        never = never || options_.zero_actual == ZeroActual::undefined;
      }
    });
    if (!counts || never) part.leave_out(reason);
  }
  /// From the second point on, relative to the actual before.
  void add_steps_of_run(const Points& points, ErrorPart& part) const {
    if (points.count < 2) return part.leave_out(Undefined::too_few);
    const auto before = [&](std::size_t row) { return points.actual[row - 1]; };
    const auto squares = [&](const auto& above) {
      return one_by_one(
          points, 1, Undefined::zero_actual,
          [&](std::size_t row) {
            const double quotient = (above(row) - points.actual[row]) / before(row);
            return quotient * quotient;
          },
          [&](std::size_t row) { return unless_zero(before(row)); });
    };
    part = squares([&](std::size_t row) { return points.forecast[row]; });
    if (part.missing == 0) part.below = squares(before).above;
  }

  static void add_squares(const Points& points, ErrorSums& sums) {
    const auto [actual, forecast] =
        points.sum<2>([]<class T>(const T& a, const T& f) { return std::array<T, 2>{T(a * a), T(f * f)}; });
    sums.actual_squares = actual;
    sums.forecast_squares = forecast;
  }

  void add_lag(const Points& points, std::size_t begin, ErrorSums& sums) const {
    const double mean = sums.error / sums.points;
    sums.lag = {.points = sums.points, .mean = mean};
    each_run(points, begin, [&](const Points& run) {
      double last = 0;
      for (std::size_t row = 0; row < run.count; ++row) {
        const double x = run.forecast[row] - run.actual[row] - mean;
        sums.lag.squares += x * x;
        if (row > 0) {
          sums.lag.products += last * x;
          sums.lag.ends += last + x;
        }
        last = x;
      }
      sums.lag.steps += static_cast<double>(run.count) - 1;
    });
  }

  void add_scales(std::size_t scale, ErrorSums& sums) const {
    const auto against = [&](const std::vector<double>& known, double above, double points, ErrorPart& part) {
      if (!std::isfinite(known[scale]))
        return part.leave_out(std::isnan(known[scale]) ? Undefined::too_few : Undefined::diverges);
      part = {above, points * known[scale]};
    };
    if (needs_.absolute_scale) against(scales_.absolute, sums.absolute, sums.points, sums.parts[scaled_part]);
    if (needs_.squared_scale)
      against(scales_.squared, sums.squares, sums.points, sums.parts[scaled_squares_part]);
    if (needs_.level_scale) against(scales_.level, sums.absolute, 1, sums.parts[level_part]);
  }

  static double absolute_error(const Points& points) {
    const auto [absolute] = points.sum<1>(
        []<class T>(const T& a, const T& f) { return std::array<T, 1>{absolute_of(T(f - a))}; });
    return absolute;
  }
  bool all_numbers(std::size_t begin, std::size_t end) const {
    bool all = faults_.none("actual", rows_.actual.first(end), begin);
    all &= faults_.none("forecast", rows_.forecast.first(end), begin);
    return (!needs_.benchmark || faults_.none("benchmark", rows_.benchmark.first(end), begin)) && all;
  }

  void add_owa(const Points& benchmark, bool moderate, ErrorSums& sums) const {
    auto& parts = sums.parts;
    ErrorPart &own = parts[owa_symmetric_part], &other = parts[owa_symmetric_benchmark_part];
    own = parts[symmetric_part];
    other = symmetric(benchmark, moderate);
    if (other.missing > 0) own.leave_out(other.reason);
    if (own.missing > 0) other.leave_out(own.reason);
    parts[owa_scaled_part] = parts[owa_scaled_benchmark_part] = parts[scaled_part];
    if (parts[scaled_part].missing == 0) parts[owa_scaled_benchmark_part].above = sums.benchmark;
    sums.no_owa = own.missing > 0 || parts[scaled_part].missing > 0;
  }

  const ForecastRows& rows_;
  const ErrorScales& scales_;
  const ErrorNeeds& needs_;
  const PointErrorOptions& options_;
  FirstFault& faults_;
};

}  // namespace tenure::detail
