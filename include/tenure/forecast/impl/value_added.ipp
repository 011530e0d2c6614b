#include <algorithm>
#include <cmath>

#include "../../core/error.hpp"
#include "../../core/names.hpp"
#include "../detail/codes.hpp"
#include "../detail/points.hpp"
#include "../value_added.hpp"

namespace tenure {

namespace detail::adding_value {

inline constexpr Named<StepMeasure> measures[] = {{"wape", StepMeasure::wape},
                                                  {"mae", StepMeasure::mae},
                                                  {"mse", StepMeasure::mse},
                                                  {"mape", StepMeasure::mape}};

inline double step_loss(double actual, double forecast, StepMeasure measure) noexcept {
  const double error = std::abs(forecast - actual);
  if (measure == StepMeasure::mse) return error * error;
  if (measure == StepMeasure::mape) return actual == 0 ? 0 : error / std::abs(actual);
  return error;
}

/// Sums of one segment.
struct StepSums {
  std::int64_t points = 0, zeros = 0;
  double level = 0;                         // sum |actual|
  std::vector<double> loss;                 // by step
  std::vector<std::int64_t> better, worse;  // by step, than the step before

  explicit StepSums(std::size_t steps) : loss(steps), better(steps), worse(steps) {}
  void add(const StepSums& other) {
    points += other.points;
    zeros += other.zeros;
    level += other.level;
    for (std::size_t step = 0; step < loss.size(); ++step) {
      loss[step] += other.loss[step];
      better[step] += other.better[step];
      worse[step] += other.worse[step];
    }
  }
  /// What losses are divided by.
  Real base(StepMeasure measure) const noexcept {
    if (points == 0) return Undefined::too_few;
    if (measure == StepMeasure::mape && zeros > 0) return Undefined::zero_actual;
    if (measure != StepMeasure::wape) return static_cast<double>(points);
    return level == 0 ? Real(Undefined::zero_actual) : Real(level);
  }
};

inline Real less(const Real& from, const Real& amount) noexcept {
  if (!from.defined()) return from;
  if (!amount.defined()) return amount;
  return from.value_or(0) - amount.value_or(0);
}

inline std::vector<ForecastStep> steps_of(const StepSums& sums, const Real& base, const Real& total_base) {
  std::vector<ForecastStep> found(sums.loss.size());
  const auto points = static_cast<double>(sums.points);
  for (std::size_t step = 0; step < found.size(); ++step) {
    ForecastStep& one = found[step];
    one.error = divide(sums.loss[step], base, Undefined::too_few);
    one.share = divide(sums.loss[step], total_base, Undefined::too_few);
    if (step == 0) {
      one.added = one.relative = one.added_share = one.improved = one.worsened = Undefined::empty_base;
      one.added_total = one.error.defined() ? Real(0.0) : one.error;
      continue;
    }
    const ForecastStep& before = found[step - 1];
    one.added = less(before.error, one.error);
    one.relative = divide(one.added, before.error, Undefined::no_error);
    one.added_total = less(found[0].error, one.error);
    one.added_share = less(before.share, one.share);
    if (sums.points == 0) continue;
    one.improved = static_cast<double>(sums.better[step]) / points;
    one.worsened = static_cast<double>(sums.worse[step]) / points;
  }
  return found;
}

}  // namespace detail::adding_value

TENURE_INLINE StepMeasure parse_step_measure(std::string_view name) {
  return parse_named<StepMeasure>(detail::adding_value::measures, name, "measure", "E_MEASURE");
}

TENURE_INLINE ValueAdded value_added(const ValueAddedRows& rows, StepMeasure measure,
                                     const Execution& execution) {
  const std::size_t steps = rows.steps.size(), size = rows.actual.size();
  if (steps == 0)
    throw_option({.code = "E_STEPS", .what = "there is no step", .remedy = "Name two columns or more."});
  for (const std::span<const double> step : rows.steps) detail::require_length("steps", step.size(), size);
  if (!rows.group.empty()) {
    detail::require_length("group", rows.group.size(), size);
    detail::require_codes("group", rows.group, rows.groups);
  }
  using detail::adding_value::StepSums;
  const std::size_t groups = rows.group.empty() ? 1 : rows.groups;
  // Blocks do not depend on threads. Many segments make them longer: each block has sums for all of them.
  const std::size_t block = std::max<std::size_t>(65536, groups * 16);
  const std::size_t blocks = (size + block - 1) / block;
  std::vector<std::vector<StepSums>> parts(blocks);
  parallel_for(execution, blocks, [&](std::size_t task, int) {
    std::vector<StepSums>& sums = parts[task];
    sums.assign(groups, StepSums(steps));
    const std::size_t end = std::min(size, (task + 1) * block);
    for (std::size_t row = task * block; row < end; ++row) {
      StepSums& sum = sums[rows.group.empty() ? 0 : static_cast<std::size_t>(rows.group[row])];
      const double actual = rows.actual[row];
      ++sum.points;
      sum.zeros += actual == 0;
      sum.level += std::abs(actual);
      double before = 0;
      for (std::size_t step = 0; step < steps; ++step) {
        const double forecast = rows.steps[step][row], off = std::abs(forecast - actual);
        sum.loss[step] += detail::adding_value::step_loss(actual, forecast, measure);
        sum.better[step] += step > 0 && off < before;
        sum.worse[step] += step > 0 && off > before;
        before = off;
      }
    }
  });
  std::vector<StepSums> sums(groups, StepSums(steps));
  for (const std::vector<StepSums>& part : parts)
    for (std::size_t group = 0; group < groups; ++group) sums[group].add(part[group]);
  StepSums all(steps);
  for (const StepSums& one : sums) all.add(one);

  ValueAdded found{.steps = steps, .groups = groups};
  const Real base = all.base(measure);
  found.total = detail::adding_value::steps_of(all, base, base);
  for (const StepSums& one : sums) {
    found.points.push_back(one.points);
    const std::vector<ForecastStep> cells = detail::adding_value::steps_of(one, one.base(measure), base);
    found.cells.insert(found.cells.end(), cells.begin(), cells.end());
  }
  return found;
}

TENURE_INLINE PointGains point_gains(std::span<const double> actual, std::span<const double> before,
                                     std::span<const double> after, StepMeasure measure) {
  detail::require_length("before", before.size(), actual.size());
  detail::require_length("after", after.size(), actual.size());
  detail::adding_value::StepSums sums(0);
  for (const double value : actual) {
    ++sums.points;
    sums.zeros += value == 0;
    sums.level += std::abs(value);
  }
  const Real base = sums.base(measure);
  PointGains found{std::vector<double>(actual.size()), base.reason()};
  if (base.defined())
    for (std::size_t row = 0; row < actual.size(); ++row)
      found.gain[row] = (detail::adding_value::step_loss(actual[row], before[row], measure) -
                         detail::adding_value::step_loss(actual[row], after[row], measure)) /
                        base.value_or(1);
  return found;
}

}  // namespace tenure
