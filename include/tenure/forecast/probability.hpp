#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "../core/real.hpp"

/// Probabilities of what happens or not (a deal is won), and of one of some ranked outcomes.
namespace tenure {

struct ProbabilityRows {
  std::span<const double> happened;     ///< 1 or 0
  std::span<const double> probability;  ///< that it happens, 0 to 1
  /// First row of each cell, and the number of rows at the end; empty: all are one cell.
  std::span<const std::uint32_t> begin = {};
  std::string happened_name = "happened", probability_name = "probability";
};

/// Forecasts that said nearly the same.
struct ReliabilityBin {
  double lower = 0, upper = 0;  ///< edges; the distinct probability itself without edges
  std::size_t points = 0, happened = 0;
  Real mean_probability = Undefined::too_few;
  /// Share that happened, with Wilson's limits; `too_few` in an empty bin.
  Estimate observed = {Undefined::too_few, Undefined::too_few, Undefined::too_few};
};

/// The mean of (p - o)^2 (Brier 1950), split with bins k of n_k points, mean probability p_k and observed
/// share o_k (Murphy 1973; terms within bins Stephenson et al. 2008):
///
///   reliability       sum n_k (p_k - o_k)^2 / n        how far shares lie from what was said; lower is
///   better
///   resolution        sum n_k (o_k - o)^2 / n          how far bins differ from each other; higher is better
///   uncertainty       o (1 - o)                        of what happens, whoever forecasts
///   within_variance   sum (p - p_k)^2 / n              0 if each bin is one probability
///   within_covariance 2 sum (p - p_k) (o - o_k) / n    0 likewise
///
///   brier = reliability - resolution + uncertainty + within_variance - within_covariance
struct BrierScore {
  std::size_t points = 0, happened = 0;
  Real brier = Undefined::too_few, reliability = Undefined::too_few, resolution = Undefined::too_few,
       uncertainty = Undefined::too_few, within_variance = Undefined::too_few,
       within_covariance = Undefined::too_few;
  Real skill = Undefined::too_few;      ///< 1 - brier / uncertainty; `no_variation` if all or none happened
  Real log_score = Undefined::too_few;  ///< mean - log of what was said of what happened; `diverges` if 0
  std::vector<ReliabilityBin> bins;
};

/// Throws what brier_scores() throws for its rows.
void check_rows(const ProbabilityRows& rows);

/// One a cell. Bins are [edge, next edge), the last with its upper edge; without edges each distinct
/// probability is a bin, and the terms within bins are 0.
///
/// Throws OptionError E_BINS (edges that do not rise from 0 to 1), E_CONFIDENCE; InputError E_COLUMN_LENGTH,
/// E_EVENT_CODE (neither 0 nor 1), E_PROBABILITY (missing, or not between 0 and 1).
std::vector<BrierScore> brier_scores(const ProbabilityRows& rows,
                                     std::optional<std::span<const double>> edges = std::nullopt,
                                     double confidence = 0.95, const Execution& execution = {});
/// Of each row, - log of the probability of what happened; `diverges` if that was 0. Throws likewise.
std::vector<Real> probability_log_score(const ProbabilityRows& rows);

/// Probabilities of outcomes that have an order (lost, slipped, won), beside the place of the one that came.
struct RankedRows {
  std::span<const std::uint32_t> outcome;            ///< place in the order, from 0
  std::vector<std::span<const double>> probability;  ///< a column for each outcome, in their order
  std::vector<std::string> names = {};               ///< of the columns, for messages
};
/// Of each row the ranked probability score (Epstein 1969): the sum over outcomes of (cumulated probability -
/// cumulated outcome)^2; normalised, divided by the number of outcomes less 1, which makes it 0 to 1.
///
/// Throws InputError E_COLUMN_LENGTH (fewer than 2 outcomes, columns of unequal length), E_PROBABILITY (also
/// if a row's do not add up to 1 within 1e-9), E_OUTCOME (no such place).
std::vector<double> ranked_probability_score(const RankedRows& rows, bool normalised = false);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/probability.ipp"
#endif
