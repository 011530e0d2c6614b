#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "../core/parallel.hpp"
#include "../core/real.hpp"
#include "point_error.hpp"

namespace tenure {

/// The interval score (Winkler 1972; Gneiting and Raftery 2007) of a central interval that holds what happens
/// with probability 1 - alpha: its width, and what was missed times 2 / alpha. In the unit of the forecast;
/// lower is better.
constexpr double interval_score(double actual, double lower, double upper, double alpha) noexcept {
  return (upper - lower) + 2 / alpha * (std::max(lower - actual, 0.0) + std::max(actual - upper, 0.0));
}

/// Intervals beside what happened, the rows of a cell (a series, a segment) one after the other.
struct IntervalRows {
  std::span<const double> actual, lower, upper;  ///< finite
  double level = 0.8;                            ///< nominal share of actuals within, between 0 and 1
  /// First row of each cell, and the number of rows at the end; empty: all are one cell.
  std::span<const std::uint32_t> begin = {};
  /// Of each row, the naive error of its series' history: NaN where it is too short, 0 where it never varied.
  std::span<const double> scale = {};
  /// Points of series without a usable scale are left out of the scaled score, or leave it undefined.
  UndefinedSeries undefined_series = UndefinedSeries::skip;
  std::string actual_name = "actual", lower_name = "lower", upper_name = "upper";
  std::function<std::string(std::size_t row)> period = {};  ///< for messages; need not be there
};

struct IntervalScore {
  double level = 0;
  std::size_t points = 0, below = 0, above = 0;  ///< actuals under the lower, over the upper limit
  /// Share with lower <= actual <= upper, with Wilson's limits.
  Estimate coverage = {Undefined::too_few, Undefined::too_few, Undefined::too_few};
  Real mean_width = Undefined::too_few, score = Undefined::too_few;
  /// Mean of score / scale over points whose scale is a number above 0: MSIS of M4. `no_variation`,
  /// `too_few` or `diverges` if none is (0, NaN, infinite), `before_history` without scales.
  Real scaled = Undefined::before_history;
};

/// Throws what interval_scores() throws.
void check_rows(const IntervalRows& rows);

/// One a cell. The limits of a coverage take points as independent of each other; errors of neighbouring
/// horizons are not, and then they are too narrow.
///
/// Figures too large for a number are `diverges`.
///
/// Throws OptionError E_CONFIDENCE (a level or confidence not between 0 and 1); InputError E_COLUMN_LENGTH,
/// E_AMOUNT_NAN, E_AMOUNT_INF, E_QUANTILE_CROSS (a lower limit above the upper one).
std::vector<IntervalScore> interval_scores(const IntervalRows& rows, double confidence = 0.95,
                                           const Execution& execution = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/interval.ipp"
#endif
