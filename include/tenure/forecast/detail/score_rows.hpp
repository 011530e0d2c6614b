#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "../../core/detail/number_text.hpp"
#include "../../core/error.hpp"
#include "../../core/real.hpp"
#include "points.hpp"

/// What the scores check of their rows, and the interval around a share of them.
namespace tenure::detail {

/// The first row of each cell and the end of the last: as given, or all rows in one. InputError
/// E_COLUMN_LENGTH.
inline std::vector<std::uint32_t> cells_of(std::span<const std::uint32_t> begin, std::size_t rows) {
  if (begin.empty()) return {0, static_cast<std::uint32_t>(rows)};
  require_cut("begin", begin, rows);
  return {begin.begin(), begin.end()};
}

/// The fault of a score that no double holds.
inline Fault too_far(const std::string& column, std::size_t row) {
  return {.code = "E_AMOUNT_RANGE",
          .what = "lies too far from the forecast for a number",
          .column = column,
          .row = static_cast<std::int64_t>(row),
          .remedy = "Use a larger unit."};
}
/// InputError E_AMOUNT_RANGE.
inline void refuse_infinite(std::span<const double> scores, const std::string& column) {
  FaultList faults;
  for (std::size_t row = 0; row < scores.size(); ++row)
    if (!std::isfinite(scores[row])) faults.add(too_far(column, row));
  faults.raise();
}

struct NamedLimit {
  const std::string& name;
  double value;
};
/// The fault of a quantile above a higher one.
inline Fault crossed(const NamedLimit& low, const NamedLimit& high, std::size_t row,
                     const std::function<std::string(std::size_t)>& period) {
  return {.code = "E_QUANTILE_CROSS",
          .what = (period ? "period " + period(row) + ": " : "") + low.name + " " + number_text(low.value) +
                  " > " + high.name + " " + number_text(high.value),
          .column = low.name,
          .row = static_cast<std::int64_t>(row),
          .value = number_text(low.value),
          .remedy = "Mend the forecast, or sort what crosses."};
}

/// A mean: `too_few` of no points, `diverges` where the sum is too large for a number.
inline Real mean_of(double sum, std::size_t points) noexcept {
  return divide(sum, static_cast<double>(points), Undefined::too_few);
}

/// A share with limits (Wilson 1927): those p for which the share lies within the normal reach of p.
inline Estimate share_of(std::size_t hits, std::size_t points, double reach) noexcept {
  if (points == 0) return {Undefined::too_few, Undefined::too_few, Undefined::too_few};
  const double n = static_cast<double>(points), share = static_cast<double>(hits) / n, z2 = reach * reach;
  const double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const double half = reach / (1 + z2 / n) * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  // Exactly 0 and 1 at the ends, which rounding would miss.
  return {share, hits == 0 ? 0.0 : middle - half, hits == points ? 1.0 : middle + half};
}

}  // namespace tenure::detail
