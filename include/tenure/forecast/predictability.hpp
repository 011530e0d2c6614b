#pragma once

#include <array>
#include <span>
#include <string_view>

#include "../core/real.hpp"
#include "forecastability.hpp"

namespace tenure {

/// What makes revenue predictable.
enum class PredictabilityPart : std::uint8_t {
  contracted,       ///< run rate under contract beyond the end of the next period / run rate
  recurring,        ///< recurring / total revenue
  stability,        ///< coefficient of variation of net new ARR; its score is 1 / (1 + coefficient)
  forecastability,  ///< of the run rate at the end of each period, beyond what noise shows
  persistence       ///< naive skill of the same
};
inline constexpr std::size_t predictability_parts = 5;
std::string_view name_of(PredictabilityPart part) noexcept;

/// By PredictabilityPart; any numbers from 0 on, of which only the proportions count.
struct PredictabilityWeights {
  std::array<double, predictability_parts> of = {0.30, 0.15, 0.25, 0.15, 0.15};
};

struct PredictabilityFacts {
  Real contracted = Undefined::not_estimated;
  Real recurring = Undefined::not_estimated;
  std::span<const double> net_new = {};  ///< net new ARR of each period
  std::span<const double> levels = {};   ///< ARR at the end of each period
};

/// One number from 0 (nothing about next period is known before it comes) to 100 (all of it is), and what it
/// is made of:
///
///   index = 100 * sum of weight * score,  weights scaled to add up to 1 over the parts that have a score
///
/// Scores lie between 0 and 1. Of contracted and recurring it is the value. The other three values say how
/// much of what varies can be told, and are without a limit or undefined where next to nothing varies, which
/// is as predictable as revenue gets. So they are held against what the variation is worth, in percent of the
/// mean run rate (mean of the levels):
///
///   stability        1 / (1 + min(value, deviation of net new))
///   forecastability  max(value, 1 / (1 + deviation of the levels around their line)), 0 at least
///   persistence      max(value, 1 / (1 + mean |level - level of `lag` before|)), 0 at least
///
/// A flat series scores 1 in all three, a straight line in the first two; a deviation of 1 % of the run rate
/// gives 1/2 at least. A part without a score drops out and the others share its weight: contracted and
/// recurring that are not known, series that are too short. It is a summary for comparing a company with
/// itself over time: weights are a choice, and stated with the result.
struct Predictability {
  struct Part {
    Real value = Undefined::not_estimated;  ///< undefined for `no_variation` and the like beside a score of 1
    Real score = Undefined::not_estimated;  ///< 0 to 1
    double weight = 0;                      ///< as given
    Real used = Undefined::not_estimated;   ///< its share of the weights in use
    Real points = Undefined::not_estimated;  ///< 100 * used * score; they add up to the index
  };
  std::array<Part, predictability_parts> parts;
  Real index = Undefined::not_estimated;  ///< `not_estimated` if no part with a weight has a score
  Variation net_new;
  Forecastability series;

  const Part& at(PredictabilityPart part) const { return parts[static_cast<std::size_t>(part)]; }
};
/// Throws OptionError E_WEIGHT (a weight below 0 or no number, or all 0), E_LAG.
Predictability predictability(const PredictabilityFacts& facts, const PredictabilityWeights& weights = {},
                              const ForecastabilityOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/predictability.ipp"
#endif
