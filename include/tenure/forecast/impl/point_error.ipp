#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "../../core/error.hpp"
#include "../detail/cell_sums.hpp"
#include "../detail/error_figures.hpp"
#include "../detail/points.hpp"
#include "../point_error.hpp"

namespace tenure {

TENURE_INLINE ErrorScales naive_scales(std::span<const double> values, std::span<const std::uint32_t> begin,
                                       int lag, const Execution& execution) {
  if (lag < 1)
    throw_option({.code = "E_LAG",
                  .what = "lag=" + std::to_string(lag) + " is below 1",
                  .value = std::to_string(lag),
                  .remedy = "Use 1, or the periods of a season (12 for months, 4 for quarters)."});
  detail::require_cut("history", begin, values.size());
  const std::size_t series = begin.empty() ? 0 : begin.size() - 1;
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  ErrorScales scales;
  for (auto* column : {&scales.absolute, &scales.squared, &scales.level}) column->resize(series, unknown);
  const auto steps_back = static_cast<std::size_t>(lag);
  detail::FirstFault faults;
  const auto one = [&](std::size_t i) {
    const std::size_t first = begin[i], count = begin[i + 1] - first;
    if (count == 0) return;
    const double* const history = values.data() + first;
    const auto [sum] = detail::add_up<1>(history, history, count,
                                         []<class T>(const T& y, const T&) { return std::array<T, 1>{y}; });
    scales.level[i] = sum / static_cast<double>(count);
    if (!std::isfinite(sum)) {
      static_cast<void>(faults.none("history", values.first(begin[i + 1]), first));
      scales.level[i] = std::numeric_limits<double>::infinity();  // not NaN, which is too short a history
    }
    if (count <= steps_back) return;
    const auto steps = static_cast<double>(count - steps_back);
    const auto [absolute, squared] =
        detail::add_up<2>(history, history + lag, count - steps_back, []<class T>(const T& x, const T& y) {
          const T step = y - x;
          return std::array<T, 2>{detail::absolute_of(step), T(step * step)};
        });
    scales.absolute[i] = absolute / steps;
    scales.squared[i] = squared / steps;
  };
  constexpr std::size_t together = 1024;
  parallel_for(execution, (series + together - 1) / together, [&](std::size_t task, int) {
    for (std::size_t i = task * together; i < std::min(series, (task + 1) * together); ++i) one(i);
  });
  faults.raise();
  return scales;
}

namespace detail {

/// `needed`: scales that cells ask for.
inline void require_known(Measure measure, const ForecastRows& rows, const ErrorScales& scales,
                          std::size_t needed) {
  const std::string name(name_of(measure));
  const std::vector<double>& known = measure == Measure::spis ? scales.level
                                     : measure == Measure::msse || measure == Measure::rmsse
                                         ? scales.squared
                                         : scales.absolute;
  if (needs_history(measure) && known.size() < needed)
    throw_option({.code = "E_MEASURE",
                  .what = name + " compares with the history, and " +
                          (known.empty() ? "there is none"
                                         : "it is known of " + std::to_string(known.size()) + " series of " +
                                               std::to_string(needed)),
                  .value = name,
                  .remedy = "Give the history of each series, or leave " + name + " out."});
  if (needs_benchmark(measure) && rows.benchmark.size() != rows.actual.size())
    throw_option({.code = "E_MEASURE",
                  .what = name + " compares with a benchmark, and there is none",
                  .value = name,
                  .remedy = "Name the benchmark forecast, or leave " + name + " out."});
}

inline void require_rows(const ForecastRows& rows, const ErrorScales& scales,
                         std::span<const Measure> measures) {
  require_length("forecast", rows.forecast.size(), rows.actual.size());
  if (!rows.benchmark.empty()) require_length("benchmark", rows.benchmark.size(), rows.actual.size());
  require_cut("begin", rows.begin, rows.actual.size());
  if (!rows.scale.empty()) require_length("scale", rows.scale.size(), rows.cells());
  if (!rows.groups.empty()) require_cut("groups", rows.groups, rows.cells());
  if (!rows.runs.empty()) require_cut("runs", rows.runs, rows.actual.size());
  std::size_t needed = rows.cells();
  if (!rows.scale.empty()) needed = std::size_t{1} + *std::max_element(rows.scale.begin(), rows.scale.end());
  for (const Measure measure : measures) require_known(measure, rows, scales, needed);
}

}  // namespace detail

TENURE_INLINE std::vector<MeasureColumn> point_errors(const ForecastRows& rows, const ErrorScales& scales,
                                                      std::span<const Measure> measures,
                                                      const PointErrorOptions& options) {
  detail::require_rows(rows, scales, measures);
  return detail::ErrorFigures(rows, scales, measures, options).columns();
}

}  // namespace tenure
