#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "../core/parallel.hpp"
#include "../core/real.hpp"
#include "movement_rates.hpp"

namespace tenure {

/// How new business goes on.
enum class NewBusiness : std::uint8_t {
  level,  ///< as it was on average in the history
  trend,  ///< along the least-squares line through the history, never below 0
};
std::string_view name_of(NewBusiness kind) noexcept;
/// "level" or "trend"; throws OptionError E_NEW.
NewBusiness parse_new_business(std::string_view name);

struct MrrForecastOptions {
  int periods = 12;
  int history = 24;  ///< the rates are those of so many last periods, or of all there are
  std::optional<std::size_t> known = {};  ///< how many periods of the bridge have happened; all
  NewBusiness new_business = NewBusiness::level;
  int block = 1;  ///< periods that are drawn together, one after the other
  int replicates = 1000;
  std::uint64_t seed = 0;
  double confidence = 0.8;
  Execution execution = {};
};

/// The MRR bridge carried on from its own movement rates: a baseline that can be read line by line.
///
/// The point forecast rolls forward with the mean rates (movement_rates.hpp), in whole annual micro-units:
///
///   expansion = opening * mean (expansion / opening), likewise contraction, churn, paused, fx, transfer_out
///   new = mean new, likewise reactivation and resumed
///   opening + new + expansion - contraction - churn + reactivation ... = closing = next opening, exactly
///
/// Limits come from simulation: each replicate draws periods of the history with replacement (`block` of them
/// in a row), and rolls forward with their rates. All lines and all segments of a period are drawn together,
/// so that what moves together goes on moving together. The periods are drawn from a resample of the history,
/// another one in each replicate, so that limits also hold how little a short history tells of its means.
/// Replicate r is a function of (seed, r) alone, and its first steps do not depend on how many follow.
///
/// Rates above 0 grow without limit. Beyond 2^100 annual micro-units (a run rate of 10^24) nothing is told:
/// from the first period on in which an amount of any segment lies there, the forecast is undefined
/// (diverges); a limit is, where the percentile of the replicates lies there.
///
/// Nothing of the future is known: no contract ends, renewals or signed orders, and no season.
struct MrrForecast {
  Waterfall bridge;                        ///< the point forecast; customers are not forecast and are 0
  MovementRates rates;                     ///< what it was made from
  Undefined reason = Undefined::no;        ///< too_few: no period in which anybody paid at the opening
  Undefined limit_reason = Undefined::no;  ///< too_few: fewer than two blocks of history
  std::size_t told = 0;  ///< rows before the first that diverges; the bridge stands still there
  double confidence = 0.8;
  /// Closing, annual micro-units: replicate in a row, frame row in a column. Infinite where one diverges.
  Eigen::ArrayXXd paths = {};

  /// Why a row of the bridge is undefined, if it is.
  Undefined reason_of(std::size_t row) const noexcept {
    return reason != Undefined::no ? reason : row < told ? Undefined::no : Undefined::diverges;
  }
  /// The closing with percentiles of the replicates, widened to the point forecast where that lies outside
  /// of them. Annual micro-units. OptionError E_CONFIDENCE.
  Estimate closing(std::size_t row, double confidence) const;
  Estimate closing(std::size_t row) const { return closing(row, confidence); }
};

/// Throws OptionError E_HORIZON unless 1 <= periods <= 1200, E_HISTORY, E_BLOCK unless block >= 1,
/// E_BOOTSTRAP for fewer than 20 replicates or more than 2^27 values in all paths, E_CONFIDENCE; InputError
/// E_WINDOW.
MrrForecast mrr_forecast(const Waterfall& history, const MrrForecastOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/mrr_forecast.ipp"
#endif
