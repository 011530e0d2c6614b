#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "skill.hpp"

namespace tenure {

/// What decides whether some of the forecasts left are worse than others.
enum class SetStatistic : std::uint8_t {
  range,  ///< T_R: the largest |t| between two of them
  max     ///< T_max: the largest t of one against the mean of all
};
/// Throws OptionError E_STATISTIC.
SetStatistic parse_set_statistic(std::string_view name);

/// The model confidence set of Hansen, Lunde and Nason (2011, "The model confidence set", Econometrica 79):
/// the forecasts that the data cannot tell from the best one. While a test rejects "all that are left are
/// equally good", the worst leaves; its p-value is the largest so far, and that of the last one 1. The set at
/// confidence c has those with p >= 1 - c. Variances and distributions come from one draw of blocks of points
/// for all forecasts.
///
/// The larger the p-value, the better; it is no probability of being the best. Few points make large sets.
struct RankedForecast {
  Real loss = Undefined::too_few;     ///< mean
  std::size_t rank = 0;               ///< by mean loss, 1 the smallest; equal losses have equal ranks
  Real p_value = Undefined::too_few;  ///< of belonging to the set
  bool in_set = true;
  std::size_t left = 0;  ///< how many were left when it was the worst of them; 1: the last
};
struct ConfidenceSet {
  std::size_t points = 0;
  std::vector<RankedForecast> forecasts;  ///< in the order given
};

/// `losses[forecast]` of the same points, in the order of time. Below two points p-values are `too_few` and
/// all are in the set; a forecast with a NaN among its losses (`zero_actual`), or with losses too large for
/// their mean (`diverges`), leaves all without p-values and without ranks.
/// Options' confidence is that of the set. Results do not depend on threads.
///
/// Throws InputError E_COLUMN_LENGTH, and what skill() throws.
ConfidenceSet confidence_set(std::span<const std::span<const double>> losses,
                             SetStatistic statistic = SetStatistic::range, const BlockOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/confidence_set.ipp"
#endif
