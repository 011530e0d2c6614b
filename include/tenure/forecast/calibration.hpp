#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../core/real.hpp"
#include "crps.hpp"

namespace tenure {

/// Where what happened lies within its forecast, as a share: all of [lower, upper] if the forecast says no
/// more than that. Of a continuous distribution both are F(a). Over many forecasts that are right the places
/// are spread evenly over 0 to 1 (the probability integral transform, Dawid 1984).
struct ForecastPlaces {
  std::vector<double> lower, upper;
};

/// Of an ensemble of m members: [below, below + equal + 1] / (m + 1), the ranks that the actual may have
/// among the members (Talagrand). Throws what ensemble_crps() throws.
ForecastPlaces ensemble_places(std::span<const double> actual, const Ensembles& forecasts,
                               const CrpsOptions& options = {});

struct PlaceHistogram {
  std::size_t points = 0;
  std::vector<double> count;  ///< of each bin of equal width; a place wider than a bin counts in parts
  /// Mean place (0.5 if forecasts do not lean to a side), and variance times 12 (1 if they are as wide as
  /// they should be; above 1 too narrow, below 1 too wide), each place spread evenly over its width.
  Real mean = Undefined::too_few, spread = Undefined::too_few;
  /// Pearson's statistic of evenness and its p-value; `too_few` below five points a bin. Points are taken as
  /// independent of each other. Counts in parts are smoother than chance, which makes the test cautious.
  Real chi_squared = Undefined::too_few, p_value = Undefined::too_few;
};

/// One for each cell (first rows, and the number of rows at the end; empty: all are one cell), of places row
/// by row (Czado et al. 2009, not randomised). Throws OptionError E_BINS (fewer than 2), E_PARAM (a place
/// not within 0 and 1, or ends that are reversed); InputError E_COLUMN_LENGTH.
std::vector<PlaceHistogram> place_histograms(const ForecastPlaces& places,
                                             std::span<const std::uint32_t> begin = {}, int bins = 10);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/calibration.ipp"
#endif
