#include <algorithm>
#include <string>

#include "../movement_rates.hpp"

namespace tenure {

namespace detail {

/// Equal values have exactly their value as mean.
inline double steady_mean(const Eigen::Ref<const Eigen::ArrayXd>& values) noexcept {
  double mean = 0;
  for (Eigen::Index i = 0; i < values.size(); ++i) mean += (values(i) - mean) / static_cast<double>(i + 1);
  return mean;
}

inline double annual(const Waterfall& bridge, Line line, std::size_t period, std::size_t segment) {
  return static_cast<double>(bridge.at(line, period, segment).amount.annual);
}

}  // namespace detail

TENURE_INLINE MovementRates movement_rates(const Waterfall& bridge, int history,
                                           std::optional<std::size_t> known) {
  const std::size_t size = bridge.frame.periods.size(), end = known.value_or(size);
  if (history < 1)
    throw_option({.code = "E_HISTORY",
                  .what = "history=" + std::to_string(history) + " is not above 0",
                  .value = std::to_string(history),
                  .remedy = "Say from how many periods the rates are taken: 24 are usual."});
  if (end > size)
    throw_input(
        {.code = "E_WINDOW",
         .what = std::to_string(end) + " periods are known, but the bridge has " + std::to_string(size),
         .value = std::to_string(end)});
  const std::size_t segments = bridge.frame.segments.size();
  const auto nobody_paid = [&](std::size_t period) {
    for (std::size_t segment = 0; segment < segments; ++segment)
      if (bridge.at(Line::opening, period, segment).amount.annual > 0) return false;
    return true;
  };
  MovementRates found{.first = end - std::min(end, static_cast<std::size_t>(history)), .segments = segments};
  while (found.first < end && nobody_paid(found.first)) ++found.first;
  found.count = end - found.first;
  const auto rows = static_cast<Eigen::Index>(found.count), columns = static_cast<Eigen::Index>(segments);
  for (const auto& [name, line] : line_names) {
    auto& rates = found.rates[static_cast<std::size_t>(line)];
    auto& means = found.means[static_cast<std::size_t>(line)];
    rates = Eigen::ArrayXXd::Zero(rows, columns);
    means = Eigen::ArrayXd::Zero(columns);
    for (Eigen::Index column = 0; column < columns; ++column) {
      const auto segment = static_cast<std::size_t>(column);
      double mean = 0;
      std::vector<Eigen::Index> silent;
      for (Eigen::Index row = 0; row < rows; ++row) {
        const std::size_t period = found.first + static_cast<std::size_t>(row);
        const double amount = detail::annual(bridge, line, period, segment);
        double base = 1;
        if (carried_as(line) == CarriedAs::share_of_opening)
          base = detail::annual(bridge, Line::opening, period, segment);
        if (carried_as(line) == CarriedAs::share_of_transfers) {
          base = 0;
          for (std::size_t other = 0; other < segments; ++other)
            base += detail::annual(bridge, line, period, other);
        }
        if (!(base > 0)) {
          silent.push_back(row);
          continue;
        }
        rates(row, column) = amount / base;
        mean += (rates(row, column) - mean) /
                static_cast<double>(row + 1 - static_cast<Eigen::Index>(silent.size()));
      }
      for (const Eigen::Index row : silent) rates(row, column) = mean;
      means(column) = mean;
    }
  }
  return found;
}

}  // namespace tenure
