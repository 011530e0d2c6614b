#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "../core/parallel.hpp"
#include "../core/real.hpp"

namespace tenure {

/// What a step is to make smaller. Each is a sum over points of a loss, over a base that no forecast changes:
/// so the errors of segments add up to that of the total, and the gains of steps to the whole gain.
enum class StepMeasure : std::uint8_t {
  wape,  ///< sum |e| / sum |actual|
  mae,   ///< sum |e| / points
  mse,   ///< sum e^2 / points
  mape   ///< sum |e| / |actual| / points; none where an actual is 0 (`zero_actual`)
};
/// Throws OptionError E_MEASURE with the known names.
StepMeasure parse_step_measure(std::string_view name);

/// One step of making a forecast (naive, statistical, sales, management, in the order of the process), in one
/// segment or in total.
struct ForecastStep {
  Real error = Undefined::too_few;
  Real added = Undefined::too_few;        ///< error of the step before - error; `empty_base` at the first
  Real relative = Undefined::too_few;     ///< added / error of the step before; `no_error` if that was 0
  Real added_total = Undefined::too_few;  ///< error of the first step - error
  Real share = Undefined::too_few;  ///< part of the segment in the error of the total: they add up to it
  Real added_share = Undefined::too_few;  ///< part of the segment in what the step adds in total
  Real improved = Undefined::too_few;     ///< share of points nearer to the actual than the step before
  Real worsened = Undefined::too_few;     ///< share of points further off; the rest is as it was
};

/// Forecast value added (Gilliland 2010, "The Business Forecasting Deal"): what each step of the process
/// takes off the error of the step before. A step below 0 makes the forecast worse and costs work besides.
/// The bridge closes: error of the first step - what all others add = error of the last.
struct ValueAdded {
  std::size_t steps = 0, groups = 0;
  std::vector<std::int64_t> points = {};  ///< by group
  std::vector<ForecastStep> cells = {};   ///< [group * steps + step]
  std::vector<ForecastStep> total = {};   ///< by step

  const ForecastStep& at(std::size_t group, std::size_t step) const { return cells[group * steps + step]; }
};

struct ValueAddedRows {
  std::span<const double> actual;
  std::vector<std::span<const double>> steps;  ///< forecasts of the same points, finite
  std::span<const std::int32_t> group = {};    ///< segment of each row; empty: all are in one
  std::size_t groups = 1;
};
/// Sums are taken in fixed blocks of rows: threads change no bit. Undefined: `too_few` (no points in the
/// segment), `zero_actual` (mape with an actual of 0, wape with nothing but such).
/// Throws InputError E_COLUMN_LENGTH, E_CODE (a group outside of `groups`), OptionError E_STEPS (no step).
ValueAdded value_added(const ValueAddedRows& rows, StepMeasure measure = StepMeasure::wape,
                       const Execution& execution = {});

/// What a step gains at each point, in units of the measure: the gains of all points add up to what the step
/// adds. Undefined as the error is.
struct PointGains {
  std::vector<double> gain;
  Undefined reason = Undefined::no;
};
PointGains point_gains(std::span<const double> actual, std::span<const double> before,
                       std::span<const double> after, StepMeasure measure);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/value_added.ipp"
#endif
