#include <algorithm>
#include <atomic>
#include <cmath>

#include "forecast_points.hpp"
#include "tenure/core/error.hpp"

/// What rows of forecasts must be.
namespace tenure::python {

namespace {

bool is_null(const InputColumn& column, std::int64_t row) {
  for (const Array& run : column.runs) {
    if (row < run.length) return !run.valid(row);
    row -= run.length;
  }
  return true;
}

Fault missing_number(const InputColumn& column, std::size_t row, double value, Missing missing) {
  const auto at = static_cast<std::int64_t>(row);
  if (std::isinf(value))
    return {.code = "E_AMOUNT_INF",
            .what = "infinite value",
            .column = column.name,
            .row = at,
            .value = value > 0 ? "inf" : "-inf",
            .remedy = "Give a finite number."};
  const bool null = is_null(column, at);
  return {.code = null ? "E_AMOUNT_NULL" : "E_AMOUNT_NAN",
          .what = null ? "there is no value" : "NaN is not a value",
          .column = column.name,
          .row = at,
          .value = null ? "null" : "NaN",
          .remedy = missing == Missing::may_skip ? "Leave the row out, or pass missing='skip'."
                                                 : "Leave the row out, or give its value."};
}

}  // namespace

std::vector<std::uint8_t> check_numbers(const Input& table, const std::vector<std::string>& names,
                                        std::span<const Numbers> columns, Missing missing,
                                        const Execution& execution) {
  std::vector<std::uint8_t> kept;
  FaultList faults;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const std::span<const double> values = columns[c].values;
    std::atomic<bool> whole{true};
    for_rows(execution, values.size(), [&](std::size_t first, std::size_t end) {
      double lost[4] = {};  // stays 0 as long as all are finite
      std::size_t i = first;
      for (; i + 4 <= end; i += 4)
        for (std::size_t k = 0; k < 4; ++k) lost[k] += values[i + k] - values[i + k];
      for (; i < end; ++i) lost[0] += values[i] - values[i];
      if (!(lost[0] + lost[1] + lost[2] + lost[3] == 0)) whole.store(false, std::memory_order_relaxed);
    });
    if (whole) continue;
    for (std::size_t row = 0; row < values.size(); ++row) {
      if (std::isfinite(values[row])) continue;
      if (missing != Missing::skip || std::isinf(values[row])) {
        faults.add(missing_number(table.at(names[c]), row, values[row], missing));
        continue;
      }
      if (kept.empty()) kept.assign(values.size(), 1);
      kept[row] = 0;
    }
  }
  faults.raise();
  return kept;
}

}  // namespace tenure::python
