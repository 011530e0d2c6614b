#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "../../core/detail/number_text.hpp"
#include "../../core/error.hpp"
#include "../durations.hpp"

/// Rows in runs that fit the nearest cache, read from whatever type they lie in, and checked on the way.
namespace tenure::detail {

struct DurationBlock {
  static constexpr std::size_t capacity = 4096;
  std::size_t first = 0, size = 0;
  std::array<double, capacity> duration, entry, weight;
  std::array<std::uint32_t, capacity> event, group;
};

inline bool is_duration(double value) noexcept {
  return value >= 0 && value <= std::numeric_limits<double>::max();
}
inline bool enters_before(double entry, double duration) noexcept { return entry == 0 || entry < duration; }
inline bool is_weight(double value) noexcept {
  return value > 0 && value <= std::numeric_limits<double>::max();
}

inline double number_at(const NumberView& column, std::size_t row) {
  return std::visit([&](const auto& values) { return static_cast<double>(values[row]); }, column);
}
inline std::size_t length_of(const NumberView& column) noexcept {
  return std::visit([](const auto& values) { return values.size(); }, column);
}

/// Reads the events of a block; false if one is no whole number from 0 to `causes`.
inline bool read_events(const Durations& rows, DurationBlock& block) {
  bool valid = true;
  std::visit(
      [&](const auto& values) {
        const auto most = static_cast<double>(rows.causes);
        for (std::size_t i = 0; i < block.size; ++i) {
          const auto value = static_cast<double>(values[block.first + i]);
          const bool usable = value >= 0 && value <= most;
          block.event[i] = static_cast<std::uint32_t>(static_cast<std::int32_t>(usable ? value : 0.0));
          valid &= usable && static_cast<double>(block.event[i]) == value;
        }
      },
      rows.event);
  return valid;
}

/// Reads a block; false if some row of it cannot be used, which find_faults() will name.
inline bool read_block(const Durations& rows, std::size_t first, DurationBlock& block) {
  block.first = first;
  block.size = std::min(DurationBlock::capacity, rows.size() - first);
  std::visit(
      [&](const auto& values) {
        for (std::size_t i = 0; i < block.size; ++i)
          block.duration[i] = static_cast<double>(values[first + i]);
      },
      rows.duration);
  bool valid = read_events(rows, block);
  for (std::size_t i = 0; i < block.size; ++i) valid &= is_duration(block.duration[i]);
  for (std::size_t i = 0; i < block.size && !rows.entry.empty(); ++i) {
    block.entry[i] = rows.entry[first + i];
    valid &= is_duration(block.entry[i]) && enters_before(block.entry[i], block.duration[i]);
  }
  for (std::size_t i = 0; i < block.size && !rows.weight.empty(); ++i) {
    block.weight[i] = rows.weight[first + i];
    valid &= is_weight(block.weight[i]);
  }
  if (rows.group.empty())
    std::fill_n(block.group.begin(), block.size, 0U);
  else
    for (std::size_t i = 0; i < block.size; ++i) {
      block.group[i] = static_cast<std::uint32_t>(rows.group[first + i]);
      valid &= block.group[i] < rows.groups;
    }
  return valid;
}

inline std::string duration_text(double value) {
  if (std::isnan(value)) return "missing";
  if (std::isinf(value)) return value > 0 ? "infinite" : "-infinite";
  return number_text(value);
}

/// Throws for the rows that read_block() would not take.
[[noreturn]] inline void find_faults(const Durations& rows) {
  FaultList faults;
  const Durations::Names& names = rows.names;
  const auto add = [&](const char* code, std::string what, const std::string& column, std::size_t row,
                       double value, const char* remedy) {
    faults.add({.code = code,
                .what = std::move(what),
                .column = column,
                .row = static_cast<std::int64_t>(row),
                .value = duration_text(value),
                .remedy = remedy});
  };
  constexpr const char* range = "A duration is finite and 0 or more; leave rows without one out.";
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const double duration = number_at(rows.duration, row), event = number_at(rows.event, row);
    const double entry = rows.entry.empty() ? 0 : rows.entry[row];
    if (!is_duration(duration))
      add("E_DURATION_RANGE", "duration " + duration_text(duration), names.duration, row, duration, range);
    if (!is_duration(entry))
      add("E_DURATION_RANGE", "entry " + duration_text(entry), names.entry, row, entry, range);
    else if (is_duration(duration) && !enters_before(entry, duration))
      add("E_PERIOD_REVERSED",
          "entry " + duration_text(entry) + " is not before the duration " + duration_text(duration),
          names.entry, row, entry, "A row is watched from its entry on until its duration.");
    if (!(event >= 0 && event <= rows.causes && event == std::floor(event)))
      add("E_EVENT_CODE",
          "event " + duration_text(event) +
              (rows.causes == 1 ? "; use 0/1 or the competing-risk function"
                                : "; use 0 or the number of a reason"),
          names.event, row, event, "0: still there when the watch ended; 1: ended then.");
    if (!rows.weight.empty() && !is_weight(rows.weight[row]))
      add("E_WEIGHT", "weight " + duration_text(rows.weight[row]) + "; must be > 0", names.weight, row,
          rows.weight[row], "A weight says how often a row counts; leave out rows that do not.");
    if (!rows.group.empty() &&
        !(rows.group[row] >= 0 && static_cast<std::size_t>(rows.group[row]) < rows.groups))
      add("E_SEGMENT",
          "group " + std::to_string(rows.group[row]) + " is not one of " + std::to_string(rows.groups),
          "group", row, rows.group[row], "Groups are numbered from 0.");
  }
  faults.raise();
  throw_input({.code = "E_BUFFER_CHANGED",
               .what = "rows changed while they were read",
               .remedy = "Do not write to columns during a call."});
}

inline void check_lengths(const Durations& rows) {
  const auto check = [&](std::size_t length, const std::string& name) {
    if (length != rows.size())
      throw_input({.code = "E_COLUMN_LENGTH",
                   .what = "'" + name + "' has " + std::to_string(length) + " rows, '" + rows.names.duration +
                           "' has " + std::to_string(rows.size()),
                   .column = name,
                   .remedy = "Columns of one table are equally long."});
  };
  if (rows.size() == 0)
    throw_input({.code = "E_NO_ROWS",
                 .what = "there are no durations",
                 .column = rows.names.duration,
                 .remedy = "Pass at least one row."});
  check(length_of(rows.event), rows.names.event);
  if (!rows.entry.empty()) check(rows.entry.size(), rows.names.entry);
  if (!rows.weight.empty()) check(rows.weight.size(), rows.names.weight);
  if (!rows.group.empty()) check(rows.group.size(), "group");
}

}  // namespace tenure::detail
