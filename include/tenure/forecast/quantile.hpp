#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "interval.hpp"

namespace tenure {

/// The pinball (quantile) loss: q (a - f) if the actual lies above the forecast, (1 - q) (f - a) below.
/// At q = 0.5 half of the absolute error. Lower is better; the true q-quantile has the least expected loss.
constexpr double pinball(double actual, double forecast, double q) noexcept {
  return actual >= forecast ? q * (actual - forecast) : (1 - q) * (forecast - actual);
}

/// Quantiles of one row that do not rise.
enum class CrossedQuantiles : std::uint8_t {
  refuse,  ///< E_QUANTILE_CROSS
  sort,    ///< the row's quantiles are sorted (Chernozhukov et al. 2010), which never raises their loss
};

/// Quantile forecasts beside what happened, the rows of a cell one after the other.
struct QuantileRows {
  std::span<const double> actual;
  std::vector<std::span<const double>> forecast;  ///< a column for each level
  std::vector<double> level;                      ///< rising, between 0 and 1
  /// First row of each cell, and the number of rows at the end; empty: all are one cell.
  std::span<const std::uint32_t> begin = {};
  std::span<const double> scale = {};  ///< as in IntervalRows
  UndefinedSeries undefined_series = UndefinedSeries::skip;
  std::string actual_name = "actual";
  std::vector<std::string> names = {};                      ///< of the columns, for messages; empty: "q0.1"
  std::function<std::string(std::size_t row)> period = {};  ///< for messages; need not be there
};

struct QuantileScores {
  std::size_t points = 0;
  std::vector<Real> pinball;  ///< mean, by level
  std::vector<Estimate>
      at_or_below;  ///< share of actuals at or below the quantile, by level; Wilson's limits
  Real mean_pinball = Undefined::too_few;   ///< mean over levels and points
  Real weighted_loss = Undefined::too_few;  ///< 2 sum of pinball / (levels * sum |a|); `zero_actual`
  Real crps = Undefined::too_few;           ///< 2 mean_pinball: the CRPS as far as these levels tell
  Real weighted_interval_score =
      Undefined::not_estimated;  ///< (Bracher et al. 2021); `not_estimated` without interval and median
  Real scaled_pinball =
      Undefined::before_history;        ///< mean over points of mean pinball / scale, as in IntervalScore
  std::vector<IntervalScore> interval;  ///< of each pair of levels q and 1 - q, narrow to wide
};

/// Throws what quantile_scores() throws.
void check_rows(const QuantileRows& rows, CrossedQuantiles crossed = CrossedQuantiles::refuse);

/// One a cell. The weighted interval score of K intervals and median m is
///   (|a - m| / 2 + sum alpha_k / 2 * interval score_k) / (K + 1/2),
/// without a median the sum / K; levels without a partner are left out of it. With a median and pairs alone
/// it equals `crps`. (scoringrules 0.10 without numba takes |m| for |a - m|.)
///
/// Figures too large for a number are `diverges`.
///
/// Throws OptionError E_QUANTILE (levels that do not rise within 0 and 1), E_CONFIDENCE; InputError
/// E_COLUMN_LENGTH, E_AMOUNT_NAN, E_AMOUNT_INF, E_QUANTILE_CROSS.
std::vector<QuantileScores> quantile_scores(const QuantileRows& rows,
                                            CrossedQuantiles crossed = CrossedQuantiles::refuse,
                                            double confidence = 0.95, const Execution& execution = {});

/// Of each row, the mean of its pinball losses; `diverges` where no number holds it. Throws as
/// quantile_scores().
std::vector<Real> pinball_by_row(const QuantileRows& rows,
                                 CrossedQuantiles crossed = CrossedQuantiles::refuse);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/quantile.ipp"
#endif
