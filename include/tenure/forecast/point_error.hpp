#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../core/parallel.hpp"
#include "../core/ratio.hpp"
#include "measure.hpp"

namespace tenure {

/// A point whose actual is 0, in mpe, mape and accuracy (and in the steps of theil_u2).
enum class ZeroActual : std::uint8_t {
  undefined,  ///< the series has no such measure (`zero_actual`)
  skip,       ///< the point is left out; without any point left, `zero_actual`
};
/// A point whose actual and forecast are both 0, in smape, smape_200, smape_armstrong and maape.
enum class ZeroPair : std::uint8_t {
  zero,       ///< nothing is wrong: an error of 0
  skip,       ///< the point is left out
  undefined,  ///< the series has no such measure (`zero_actual`)
};
/// A series without a measure, in the mean over series.
enum class UndefinedSeries : std::uint8_t {
  skip,       ///< left out of the mean; how many were is counted
  undefined,  ///< the mean is undefined for the reason of the first such series
};
/// How a group of several series comes to one figure.
enum class Pooling : std::uint8_t {
  mean_of_ratios,  ///< each series has its own figure; their mean, each series counting once
  ratio_of_sums,   ///< one figure of all points together: sum over series above, sum over series below
};

struct PointErrorOptions {
  ZeroActual zero_actual = ZeroActual::undefined;
  ZeroPair zero_pair = ZeroPair::zero;
  UndefinedSeries undefined_series = UndefinedSeries::skip;
  Pooling pooling = Pooling::mean_of_ratios;
  Execution execution = {};
};

/// Forecasts beside what happened, the rows of a cell one after the other in the order of time. A cell is
/// what has a figure of its own before series are averaged: a series, or a series at one horizon. Parts are
/// given by where they begin, and at the end the number of what is cut.
struct ForecastRows {
  std::span<const double> actual, forecast;    ///< finite
  std::span<const double> benchmark = {};      ///< of the same points; empty: none
  std::span<const std::uint32_t> begin;        ///< rows of each cell
  std::span<const std::uint32_t> scale = {};   ///< the place of a cell's scale; empty: cell i has scale i
  std::span<const std::uint32_t> groups = {};  ///< cells of each group; empty: each cell is its own
  /// Rows of each run of points that follow one another, such as those of one cutoff: theil_u2 and acf1 step
  /// within runs; empty: within cells.
  std::span<const std::uint32_t> runs = {};

  std::size_t cells() const noexcept { return begin.empty() ? 0 : begin.size() - 1; }
};

/// What the errors of a series are measured against: its history, or the same points (out of sample).
/// NaN: the history is too short to say (`too_few`). 0: it never varied (`no_variation`). Infinite: it is too
/// large for a number (`diverges`).
struct ErrorScales {
  std::vector<double> absolute = {};  ///< mean |y(t) - y(t - lag)|
  std::vector<double> squared = {};   ///< mean (y(t) - y(t - lag))^2
  std::vector<double> level = {};     ///< mean y
};
/// Of each series of a history in the order of time; `begin` as in ForecastRows. Throws OptionError E_LAG
/// unless lag >= 1, InputError E_COLUMN_LENGTH, E_AMOUNT_NAN or E_AMOUNT_INF.
ErrorScales naive_scales(std::span<const double> values, std::span<const std::uint32_t> begin, int lag,
                         const Execution& execution = {});

/// A column of figures, one a group; `value` is meaningless where there is a reason.
struct MeasureColumn {
  Measure measure;
  std::vector<double> value;
  std::vector<Undefined> reason;
  std::vector<std::uint32_t> left_out;  ///< by group: cells left out of the mean; empty if none was anywhere
};

/// All the measures asked for, of each group, in one pass over the rows.
///
/// With ratio_of_sums the points of a group are one long series: sums, medians and moments are of all its
/// points, only steps (theil_u2, acf1) stay within a run. A scaled error is
///   mase = sum |e| / sum (points of the cell * its scale)
/// which for cells of equal length is sktime's pooled figure; a flat history adds its errors above and 0
/// below. A cell that has no such quotient (a zero actual under ZeroActual::undefined, a history that is too
/// short) adds nothing above or below.
///
/// owa compares figures of the group under either pooling, as M4 does: (mean smape / mean smape of the
/// benchmark + mean mase / mean mase of the benchmark) / 2. Of relative_mae the mean of ratios is the mean.
///
/// Undefined are: everything without points (`empty_base`); percentages of 0, and theil_u1 and spis where
/// their denominator is 0 (`zero_actual`); mase, msse, rmsse, r2, theil_u2 and acf1 where nothing varied
/// (`no_variation`), and where there are too few points or steps (`too_few`); tracking_signal, the shares and
/// what compares with a perfect benchmark (`no_error`); smape_armstrong if an a is -f, and what is too large
/// for a number (`diverges`). Results do not depend on the number of threads.
///
/// Throws InputError E_COLUMN_LENGTH, E_AMOUNT_NAN or E_AMOUNT_INF (a value that is no number), OptionError
/// E_MEASURE (a measure that needs scales or a benchmark, and there are none).
std::vector<MeasureColumn> point_errors(const ForecastRows& rows, const ErrorScales& scales,
                                        std::span<const Measure> measures,
                                        const PointErrorOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/point_error.ipp"
#endif
