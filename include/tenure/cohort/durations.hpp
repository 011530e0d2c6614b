#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "../core/parallel.hpp"

/// How long customers stay, as rows, and the counts by time that every question about them is answered from.
namespace tenure {

/// Numbers as they lie in the caller's memory.
using NumberView = std::variant<std::span<const double>, std::span<const std::int64_t>,
                                std::span<const std::int32_t>, std::span<const std::uint8_t>>;

/// One row a customer, or a stay. Columns are borrowed.
///
///   duration  how long the row was watched: 0 or more, finite, of any unit
///   event     0: still there when the watch ended (censored); 1: ended then. With several causes 1, 2, ...
///   entry     from when on the row was watched (left truncation); empty: all from 0. The row is at risk at t
///             if entry < t <= duration; an entry of 0 is no entry, so that it is at risk at 0 too
///   weight    how often the row counts, above 0; empty: once. Weights are frequencies: whole ones give what
///             as many copies of the row give
///   group     0 ... groups - 1; empty: all rows are in group 0
///
/// An event and the end of a watch at the same time: the event comes first, so those censored at t are at
/// risk at t. Times are equal if their doubles are; R's survfit takes times that differ by less than 1.5e-8
/// of their size as equal (timefix).
struct Durations {
  struct Names {
    std::string duration = "duration", event = "event", entry = "entry", weight = "weight";
  };

  NumberView duration = {};
  NumberView event = {};
  std::span<const double> entry = {};
  std::span<const double> weight = {};
  std::span<const std::int32_t> group = {};
  std::size_t groups = 1;
  std::uint32_t causes = 1;
  Names names = {};  ///< of the columns, for messages

  std::size_t size() const noexcept;
};

/// Sums of weights by time: all that curves and tests need of the rows. Tables of disjoint rows add up to the
/// table of all of them, exactly so for whole weights below 2^53.
struct DurationTable {
  std::uint32_t causes = 1;
  std::vector<double> time = {};      ///< distinct durations, ascending
  std::vector<double> ended = {};     ///< by time and cause: [i * causes + cause - 1]
  std::vector<double> censored = {};  ///< by time
  std::vector<double> entry = {};     ///< distinct entries above 0, ascending
  std::vector<double> entered = {};   ///< by entry

  std::size_t size() const noexcept { return time.size(); }
  /// Ended at a time of any cause.
  double events(std::size_t i) const noexcept;
  /// Weight of the rows with entry < t <= duration, by time.
  std::vector<double> at_risk() const;
  /// Throws StateError E_STATE_FRAME if the tables are of different numbers of causes.
  DurationTable& operator+=(const DurationTable& other);
};

/// One table a group. The same bits whatever the number of threads; for whole weights also whatever the order
/// of the rows.
///
/// Throws InputError: E_NO_ROWS, E_COLUMN_LENGTH, E_DURATION_RANGE (negative, missing or infinite, also of an
/// entry), E_PERIOD_REVERSED (entry not before the duration), E_EVENT_CODE, E_WEIGHT.
std::vector<DurationTable> tabulate(const Durations& rows, const Execution& execution = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/durations.ipp"
#endif
