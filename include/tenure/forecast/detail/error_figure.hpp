#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>

#include "../../core/detail/confidence.hpp"
#include "error_sums.hpp"

/// Each measure from its sums: the figure of a cell, or of all points of a group together.
namespace tenure::detail {

/// What owa compares, and the measures themselves.
struct OwaParts {
  Real symmetric, symmetric_benchmark, scaled, scaled_benchmark;

  Real owa() const noexcept {
    for (const Real* part : {&symmetric, &scaled, &symmetric_benchmark, &scaled_benchmark})
      if (!part->defined()) return *part;
    const Real first = divide(symmetric, symmetric_benchmark, Undefined::no_error);
    const Real second = divide(scaled, scaled_benchmark, Undefined::no_error);
    if (!first.defined()) return first;
    if (!second.defined()) return second;
    return (first.value_or(0) + second.value_or(0)) / 2;
  }
};

class ErrorFigure {
 public:
  ErrorFigure(const ErrorSums& sums, UndefinedSeries undefined) noexcept
      : sums_(sums), undefined_(undefined) {}

  template <Measure measure>
  Real of() const noexcept {
    if (sums_.points == 0) return Undefined::empty_base;
    const Real found = figure<measure>();
    return found.defined() ? or_diverges(found.value_or(0)) : found;
  }

  OwaParts owa_parts() const noexcept {
    if (sums_.points == 0)
      return {Undefined::empty_base, Undefined::empty_base, Undefined::empty_base, Undefined::empty_base};
    return {part(owa_symmetric_part, Undefined::zero_actual),
            part(owa_symmetric_benchmark_part, Undefined::zero_actual),
            part(owa_scaled_part, Undefined::no_variation),
            part(owa_scaled_benchmark_part, Undefined::no_variation)};
  }

  /// Cells that are not in the figure of a group.
  std::uint32_t left_out(Measure measure) const noexcept {
    if (undefined_ == UndefinedSeries::undefined) return 0;
    switch (measure) {
      case Measure::mpe:
        return missing(relative_part);
      case Measure::mape:
      case Measure::accuracy:
        return missing(percent_part);
      case Measure::smape:
      case Measure::smape_200:
        return missing(symmetric_part);
      case Measure::smape_armstrong:
        return missing(armstrong_part);
      case Measure::mase:
        return missing(scaled_part);
      case Measure::msse:
      case Measure::rmsse:
        return missing(scaled_squares_part);
      case Measure::spis:
        return missing(level_part);
      case Measure::owa:
        return sums_.no_owa;
      case Measure::theil_u2:
        return missing(steps_part);
      case Measure::maape:
        return missing(arctangent_part);
      default:
        return 0;
    }
  }

 private:
  std::uint32_t missing(ErrorPartName name) const noexcept { return sums_.parts[name].missing; }
  Real part(ErrorPartName name, Undefined when_zero) const noexcept {
    const ErrorPart& found = sums_.parts[name];
    if (found.missing > 0 && (undefined_ == UndefinedSeries::undefined || found.missing == sums_.cells))
      return found.reason;
    return over(found.above, found.below, when_zero);
  }
  /// Nothing is 0 because it is divided by what is too large for a number.
  static Real over(double above, double below, Undefined when_zero) noexcept {
    return std::isfinite(below) ? divide(above, below, when_zero) : Real(Undefined::diverges);
  }
  static Real times(double factor, const Real& value) noexcept {
    return value.defined() ? Real(factor * value.value_or(0)) : value;
  }
  static Real one_minus(const Real& value) noexcept {
    return value.defined() ? Real(1 - value.value_or(0)) : value;
  }
  static Real root(const Real& value) noexcept {
    return value.defined() ? Real(std::sqrt(value.value_or(0))) : value;
  }

  template <Measure measure>
  Real figure() const noexcept {
    const double points = sums_.points, squares = sums_.squares / points;
    const ErrorMoments& moments = sums_.moments;
    switch (measure) {
      case Measure::me:
        return sums_.error / points;
      case Measure::mpe:
        return part(relative_part, Undefined::zero_actual);
      case Measure::mae:
        return sums_.absolute / points;
      case Measure::mse:
        return squares;
      case Measure::rmse:
        return std::sqrt(squares);
      case Measure::median_ae:
        return sums_.median;
      case Measure::mape:
        return part(percent_part, Undefined::zero_actual);
      case Measure::smape:
        return part(symmetric_part, Undefined::zero_actual);
      case Measure::smape_200:
        return times(100, part(symmetric_part, Undefined::zero_actual));
      case Measure::smape_armstrong:
        return part(armstrong_part, Undefined::zero_actual);
      case Measure::wape:
        return over(sums_.absolute, sums_.actual, Undefined::zero_actual);
      case Measure::mase:
        return part(scaled_part, Undefined::no_variation);
      case Measure::msse:
        return part(scaled_squares_part, Undefined::no_variation);
      case Measure::rmsse:
        return root(part(scaled_squares_part, Undefined::no_variation));
      case Measure::pis:
        return sums_.absolute;
      case Measure::spis:
        return part(level_part, Undefined::zero_actual);
      case Measure::owa:
        return owa_parts().owa();
      case Measure::relative_mae:
        return over(sums_.absolute, sums_.benchmark, Undefined::no_error);
      case Measure::theil_u1:
        return over(std::sqrt(squares),
                    std::sqrt(sums_.actual_squares / points) + std::sqrt(sums_.forecast_squares / points),
                    Undefined::zero_actual);
      case Measure::theil_u2:
        return root(part(steps_part, Undefined::no_variation));
      case Measure::maape:
        return part(arctangent_part, Undefined::zero_actual);
      case Measure::r2:
        if (points < 2) return Undefined::too_few;
        return one_minus(over(sums_.squares, moments.actual_squares, Undefined::no_variation));
      case Measure::tracking_signal:
        return over(sums_.error, sums_.absolute / points, Undefined::no_error);
      case Measure::cfe:
        return sums_.error;
      case Measure::accuracy:
        return one_minus(part(percent_part, Undefined::zero_actual));
      case Measure::bias_share:
        return over(sums_.error / points * (sums_.error / points), squares, Undefined::no_error);
      case Measure::variance_share:
        return over(moments.spread_apart(), sums_.squares, Undefined::no_error);
      case Measure::covariance_share:
        return over(moments.error_squares - moments.spread_apart(), sums_.squares, Undefined::no_error);
      case Measure::acf1:
        break;
    }
    return autocorrelation();
  }

  /// Errors that differ by rounding alone do not vary.
  Real autocorrelation() const noexcept {
    if (sums_.lag.steps == 0) return Undefined::too_few;
    if (!std::isfinite(sums_.lag.squares)) return Undefined::diverges;
    const double rounding =
        8 * std::numeric_limits<double>::epsilon() * (2 * sums_.actual + sums_.absolute) / sums_.points;
    if (sums_.lag.squares <= sums_.points * rounding * rounding) return Undefined::no_variation;
    return over(sums_.lag.products, sums_.lag.squares, Undefined::no_variation);
  }

  const ErrorSums& sums_;
  UndefinedSeries undefined_;
};

template <Measure measure>
void put_figures(std::span<const ErrorSums> cells, UndefinedSeries undefined, Real* found) noexcept {
  for (const ErrorSums& cell : cells) *found++ = ErrorFigure(cell, undefined).of<measure>();
}

/// A measure of many cells: which one is decided once, not for each.
inline void figures_of(Measure measure, std::span<const ErrorSums> cells, UndefinedSeries undefined,
                       Real* found) noexcept {
  static constexpr auto put = []<std::size_t... i>(std::index_sequence<i...>) {
    return std::array{&put_figures<static_cast<Measure>(i)>...};
  }(std::make_index_sequence<measure_count>());
  put[static_cast<std::size_t>(measure)](cells, undefined, found);
}

}  // namespace tenure::detail
