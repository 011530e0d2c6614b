#include <algorithm>
#include <cmath>
#include <string>

#include "../../core/detail/confidence.hpp"
#include "../../core/detail/number_text.hpp"
#include "../../core/error.hpp"
#include "../predictability.hpp"

namespace tenure {

TENURE_INLINE std::string_view name_of(PredictabilityPart part) noexcept {
  constexpr std::array<std::string_view, predictability_parts> names = {
      "contracted", "recurring", "stability", "forecastability", "persistence"};
  return names[static_cast<std::size_t>(part)];
}

namespace detail::predicting {

/// 1 for what does not vary, 1/2 for a variation of 1 % of the run rate; none where there is no run rate.
inline Real steadiness(const Real& size, const Real& run_rate) {
  const Real share = divide(size, run_rate, Undefined::empty_base);
  if (!share.defined()) return share;
  return 1 / (1 + 100 * std::abs(share.value_or(0)));
}

inline Real larger(const Real& a, const Real& b) {
  if (!a.defined()) return b;
  return b.defined() ? Real(std::max(a.value_or(0), b.value_or(0))) : a;
}

inline Real mean_step(std::span<const double> levels, int lag) {
  const auto step = static_cast<std::size_t>(lag);
  if (levels.size() <= step) return Undefined::too_few;
  double sum = 0;
  for (std::size_t t = step; t < levels.size(); ++t) sum += std::abs(levels[t] - levels[t - step]);
  return or_diverges(sum / static_cast<double>(levels.size() - step));
}

/// Where nothing varies there is no value, and the score is 1; without a value for other reasons there is
/// none.
inline Real score_of_series(const Real& value, const Real& steady) {
  const Undefined reason = value.reason();
  if (reason == Undefined::no_variation || reason == Undefined::no_error) return 1.0;
  if (!value.defined()) return reason;
  return std::clamp(larger(value, steady).value_or(0), 0.0, 1.0);
}

inline std::array<Real, predictability_parts> scores_of(const PredictabilityFacts& facts,
                                                        const Predictability& found,
                                                        const ForecastabilityOptions& options) {
  const auto bounded = [](const Real& share) {
    return share.defined() ? Real(std::clamp(share.value_or(0), 0.0, 1.0)) : share;
  };
  const Real run_rate = variation(facts.levels).mean;
  const Real coefficient = found.net_new.coefficient;
  const Real by_coefficient =
      coefficient.defined() ? Real(1 / (1 + coefficient.value_or(0))) : Real(coefficient.reason());
  const Real stability = larger(by_coefficient, steadiness(found.net_new.deviation, run_rate));
  return {
      bounded(facts.contracted), bounded(facts.recurring), stability,
      score_of_series(found.series.forecastability, steadiness(deviation_from_line(facts.levels), run_rate)),
      score_of_series(found.series.naive_skill, steadiness(mean_step(facts.levels, options.lag), run_rate))};
}

}  // namespace detail::predicting

TENURE_INLINE Predictability predictability(const PredictabilityFacts& facts,
                                            const PredictabilityWeights& weights,
                                            const ForecastabilityOptions& options) {
  double all = 0;
  for (std::size_t i = 0; i < predictability_parts; ++i) {
    const double weight = weights.of[i];
    const std::string name(name_of(static_cast<PredictabilityPart>(i)));
    if (!(weight >= 0 && std::isfinite(weight)))
      throw_option(
          {.code = "E_WEIGHT",
           .what = "weight " + detail::number_text(weight) + " of " + name + " is not a number from 0 on",
           .value = detail::number_text(weight)});
    all += weight;
  }
  if (all == 0)
    throw_option(
        {.code = "E_WEIGHT", .what = "all weights are 0", .value = "0", .remedy = "Give one part a weight."});

  Predictability found;
  found.net_new = variation(facts.net_new);
  found.series = forecastability(facts.levels, options);
  const std::array<Real, predictability_parts> values = {
      facts.contracted, facts.recurring, found.net_new.coefficient, found.series.forecastability,
      found.series.naive_skill};
  const std::array<Real, predictability_parts> scores = detail::predicting::scores_of(facts, found, options);
  double used = 0;
  for (std::size_t i = 0; i < predictability_parts; ++i) {
    found.parts[i] = {.value = values[i],
                      .score = scores[i],
                      .weight = weights.of[i],
                      .used = scores[i].reason(),
                      .points = scores[i].reason()};
    if (scores[i].defined()) used += weights.of[i];
  }
  if (!(used > 0)) return found;
  double index = 0;
  for (Predictability::Part& part : found.parts) {
    if (!part.score.defined()) continue;
    part.used = part.weight / used;
    part.points = 100 * part.used.value_or(0) * part.score.value_or(0);
    index += part.points.value_or(0);
  }
  found.index = index;
  return found;
}

}  // namespace tenure
