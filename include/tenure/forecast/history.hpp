#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../core/config.hpp"

namespace tenure {

/// How far apart the periods of a history are.
enum class StepUnit : std::uint8_t {
  number,     ///< periods are whole numbers: years, quarters counted through
  day,        ///< days since 1970-01-01; weeks are 7 of them
  month,      ///< days, the same day of each month
  month_end,  ///< days, the last of each month
};
struct PeriodStep {
  StepUnit unit = StepUnit::number;
  std::int64_t size = 1;

  /// The period so many steps later. Throws InputError E_DATE_RANGE beyond the years 1400 to 9999,
  /// E_PERIOD_RANGE beyond what whole numbers hold.
  std::int64_t advance(std::int64_t period, std::int64_t steps) const;
  /// How many steps later a period is; nothing if it lies between two steps, or further than can be counted.
  std::optional<std::int64_t> between(std::int64_t from, std::int64_t to) const;
  /// "3 months", "1 week", "2".
  std::string text() const;
  /// A period as it is written: "2024-03-01", "17".
  std::string text(std::int64_t period) const;

  friend bool operator==(const PeriodStep&, const PeriodStep&) = default;
};

/// Rows in any order: the series of each, its period and its value.
struct HistoryRows {
  std::span<const std::int32_t> series = {};  ///< from 0; empty: all are of one
  std::size_t series_count = 1;
  std::span<const std::int64_t> period;
  std::span<const double> value;
  bool dates = false;                                      ///< periods are days since 1970-01-01
  std::function<std::string(std::size_t)> series_of = {};  ///< name of a series, for messages
  std::string period_column = "period", value_column = "value";
};

/// Values of many series, each in the order of time and without a gap.
struct History {
  std::vector<double> values;
  std::vector<std::int64_t> periods;
  std::vector<std::uint32_t> rows;   ///< where each stood among the rows
  std::vector<std::uint32_t> begin;  ///< first value of each series, and the number of values at the end
  PeriodStep step;

  std::size_t size() const noexcept { return begin.size() - 1; }
};

/// Sorts the rows and finds the step: the greatest common measure of the distances within series, counted in
/// months where all periods are the same day of their months, or the last. Nothing is filled in.
///
/// Throws InputError E_NO_ROWS, E_COLUMN_LENGTH, E_CODE (a series that is none), E_DATE_RANGE and
/// E_PERIOD_RANGE (a day outside the years 1400 to 9999, a number beyond 2^62), E_AMOUNT_NAN and E_AMOUNT_INF
/// (a value that is no number), E_PERIOD_DUPLICATE (a period twice in a series), E_PERIOD_GAP (a period of a
/// series is missing), E_PERIOD_STEP (no series has two periods: nothing says how far apart they are).
History to_history(const HistoryRows& rows);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/history.ipp"
#endif
