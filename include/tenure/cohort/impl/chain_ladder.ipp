#include <algorithm>
#include <cmath>
#include <limits>

#include "../../core/detail/confidence.hpp"
#include "../chain_ladder.hpp"

namespace tenure {

namespace detail {

/// A factor and what its error needs: sums over the cohorts observed at both ages.
struct Development {
  double earlier = 0, later = 0;
  Real variance = Undefined::too_few;  ///< sigma^2
  DevelopmentFactor shown = {Undefined::empty_base, Undefined::empty_base, Undefined::empty_base};
};

inline Development developed(const std::vector<std::vector<double>>& values, std::size_t age) {
  Development step;
  for (const auto& run : values)
    if (run.size() > age + 1) {
      step.earlier += run[age];
      step.later += run[age + 1];
      step.shown.cohorts += run[age] != 0 || run[age + 1] != 0;
    }
  if (step.earlier == 0) return step;
  const double factor = step.later / step.earlier;
  step.shown.factor = factor;
  double squares = 0;
  for (const auto& run : values) {
    if (run.size() <= age + 1) continue;
    const double from = run[age], to = run[age + 1];
    if (from == 0 && to == 0) continue;
    if (from == 0) {
      step.variance = Undefined::not_estimated;
      return step;
    }
    const double off = to / from - factor;
    squares += from * off * off;
  }
  if (step.shown.cohorts > 1) step.variance = squares / static_cast<double>(step.shown.cohorts - 1);
  return step;
}

/// Mack's rule for a step that one cohort alone has made, from age to age: it may follow one of its own.
inline void extrapolate(std::vector<Development>& steps) {
  for (std::size_t j = 2; j < steps.size(); ++j) {
    Development& step = steps[j];
    const Real before = steps[j - 1].variance, earlier = steps[j - 2].variance;
    if (step.variance.reason() != Undefined::too_few || !step.shown.factor.defined()) continue;
    if (!before.defined() || !earlier.defined()) continue;
    const double a = earlier.value_or(0), b = before.value_or(0);
    step.variance = a == 0 ? 0 : std::min({b * b / a, a, b});
    step.shown.extrapolated = true;
  }
}

inline std::vector<Development> developments(const std::vector<std::vector<double>>& values,
                                             std::size_t ages) {
  std::vector<Development> steps;
  for (std::size_t age = 0; age + 1 < ages; ++age) steps.push_back(developed(values, age));
  extrapolate(steps);
  for (Development& step : steps) {
    if (!step.shown.factor.defined()) continue;
    if (!step.variance.defined()) {
      step.shown.sigma = step.shown.std_error = step.variance;
      continue;
    }
    step.shown.sigma = std::sqrt(step.variance.value_or(0));
    step.shown.std_error = std::sqrt(step.variance.value_or(0) / step.earlier);
  }
  return steps;
}

/// A value and its squared error, carried from age to age. `sum` may stand for several cohorts.
struct Carried {
  Real value = 0.0, squared = 0.0;

  void develop(const Development& step) {
    const Real factor = step.shown.factor;
    if (!value.defined() || !factor.defined()) {
      value = squared = value.defined() ? factor : value;
      return;
    }
    const double from = value.value_or(0), f = factor.value_or(0);
    value = f * from;
    if (from == 0 && squared == Real(0.0)) return;
    if (!squared.defined()) return;
    if (!step.variance.defined()) {
      squared = step.variance;
      return;
    }
    const double variance = step.variance.value_or(0);
    squared = f * f * squared.value_or(0) + variance * from + from * from * variance / step.earlier;
  }
  Real std_error() const { return squared.defined() ? Real(std::sqrt(squared.value_or(0))) : squared; }
};

/// The lognormal interval around a mean.
inline void bound(const Carried& carried, double reach, Real& lower, Real& upper) {
  const Real error = carried.std_error();
  lower = upper = carried.value.defined() ? error : carried.value;
  if (!carried.value.defined() || !error.defined()) return;
  const double mean = carried.value.value_or(0), relative = mean == 0 ? 0 : error.value_or(0) / mean;
  const double variance = std::log1p(relative * relative), spread = reach * std::sqrt(variance);
  lower = mean * std::exp(-variance / 2 - spread);
  upper = mean * std::exp(-variance / 2 + spread);
}

inline Real difference(const Real& a, const Real& b) {
  if (!a.defined()) return a;
  return b.defined() ? Real(a.value_or(0) - b.value_or(0)) : b;
}

inline CohortTotal total_of(std::size_t observed, const Real& latest, const Carried& carried, double reach) {
  CohortTotal total{observed, latest, carried.value, difference(carried.value, latest), carried.std_error(),
                    0.0,      0.0};
  bound(carried, reach, total.lower, total.upper);
  return total;
}

}  // namespace detail

TENURE_INLINE ChainLadder chain_ladder(const CohortRuns& given, const ChainLadderOptions& options) {
  const double reach = detail::normal_reach(options.confidence);
  std::vector<std::vector<double>> values = given.values;
  if (options.accumulate)
    for (auto& run : values)
      for (std::size_t age = 1; age < run.size(); ++age) run[age] += run[age - 1];
  const std::size_t ages = given.ages();
  const auto steps = detail::developments(values, ages);
  ChainLadder result;
  for (const auto& step : steps) result.factors.push_back(step.shown);
  double latest = 0;
  for (const auto& run : values) {
    auto& cells = result.cells.emplace_back();
    if (run.empty()) {
      result.totals.push_back({0, Undefined::empty_base, Undefined::empty_base, Undefined::empty_base,
                               Undefined::empty_base, Undefined::empty_base, Undefined::empty_base});
      continue;
    }
    for (const double value : run) cells.push_back({value, 0.0, value, value, false});
    detail::Carried carried{run.back(), 0.0};
    for (std::size_t age = run.size(); age < ages; ++age) {
      carried.develop(steps[age - 1]);
      CompletedCell& cell = cells.emplace_back(CompletedCell{
          carried.value, carried.value.defined() ? carried.std_error() : carried.value, 0.0, 0.0, true});
      detail::bound(carried, reach, cell.lower, cell.upper);
    }
    latest += run.back();
    result.totals.push_back(detail::total_of(run.size(), run.back(), carried, reach));
  }
  // All together: at each step the cohorts that are not observed there share the error of its factor.
  detail::Carried together;
  double settled = 0;
  for (std::size_t age = 0; age < ages; ++age) {
    if (age > 0) together.develop(steps[age - 1]);
    for (const auto& run : values)
      if (run.size() == age + 1) {
        if (age + 1 == ages)
          settled += run.back();
        else if (together.value.defined())
          together.value = together.value.value_or(0) + run.back();
      }
  }
  if (together.value.defined()) together.value = together.value.value_or(0) + settled;
  if (ages > 0) result.all = detail::total_of(ages, latest, together, reach);
  return result;
}

}  // namespace tenure
