#pragma once

#include <cmath>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "../../core/error.hpp"

/// What columns of actuals and forecasts must be.
namespace tenure::detail {

/// What is wrong with a value that is no number.
inline Fault no_number_at(const std::string& column, std::span<const double> values, std::size_t row) {
  const bool nan = std::isnan(values[row]);
  return {.code = nan ? "E_AMOUNT_NAN" : "E_AMOUNT_INF",
          .what = nan ? "NaN is not a value" : "the value is infinite",
          .column = column,
          .row = static_cast<std::int64_t>(row),
          .value = nan               ? "nan"
                   : values[row] > 0 ? "inf"
                                     : "-inf",
          .remedy = "Leave the point out, or give its value."};
}

/// The fault of the first value that is no number, looked for from a row on.
inline std::optional<Fault> no_number(const std::string& column, std::span<const double> values,
                                      std::size_t from) {
  for (std::size_t row = from; row < values.size(); ++row)
    if (!std::isfinite(values[row])) return no_number_at(column, values, row);
  return std::nullopt;
}

/// InputError E_AMOUNT_NAN, E_AMOUNT_INF, with all rows that have it.
inline void require_numbers(const std::string& column, std::span<const double> values) {
  FaultList faults;
  for (std::size_t row = 0; row < values.size(); ++row)
    if (!std::isfinite(values[row])) faults.add(no_number_at(column, values, row));
  faults.raise();
}

/// The fault of the first row, whichever thread finds it.
class FirstFault {
 public:
  /// Whether all values from row `begin` on are numbers; if not, keeps the fault.
  bool none(const std::string& column, std::span<const double> values, std::size_t begin) {
    std::optional<Fault> found = no_number(column, values, begin);
    if (!found) return true;
    const std::lock_guard lock(guard_);
    if (!first_ || found->row < first_->row) first_ = std::move(found);
    return false;
  }
  void raise() const {
    if (first_) throw_input(*first_);
  }

 private:
  std::mutex guard_;
  std::optional<Fault> first_;
};

/// InputError E_COLUMN_LENGTH.
inline void require_length(const std::string& column, std::size_t found, std::size_t wanted) {
  if (found != wanted)
    throw_input({.code = "E_COLUMN_LENGTH",
                 .what = std::to_string(found) + " values for " + std::to_string(wanted) + " points",
                 .column = column,
                 .remedy = "Give one value for each point."});
}

inline void require_pairs(std::span<const double> actual, std::span<const double> forecast) {
  require_length("forecast", forecast.size(), actual.size());
  require_numbers("actual", actual);
  require_numbers("forecast", forecast);
}

/// InputError E_COLUMN_LENGTH unless `begin` cuts `count` rows into parts, from the first to the last.
inline void require_cut(const std::string& column, std::span<const std::uint32_t> begin, std::size_t count) {
  bool rises = begin.empty() ? count == 0 : begin.front() == 0 && begin.back() == count;
  for (std::size_t i = 1; i < begin.size(); ++i) rises = rises && begin[i - 1] <= begin[i];
  if (!rises)
    throw_input({.code = "E_COLUMN_LENGTH",
                 .what = "does not cut " + std::to_string(count) + " rows into parts",
                 .column = column,
                 .remedy = "It starts with 0, never falls, and ends with the number of rows."});
}

}  // namespace tenure::detail
