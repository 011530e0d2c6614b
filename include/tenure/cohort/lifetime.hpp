#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../core/date.hpp"
#include "../model/subscription.hpp"

namespace tenure {

/// Which part of a customer's time counts as its life, where it left and came back.
enum class Stays : std::uint8_t {
  first,  ///< from the first day paid for to the first time it left; what comes later is not looked at
  whole,  ///< from the first day paid for to the last time it left; times away count as stayed
  each    ///< every stay is a life of its own: a customer who came back has several
};

struct LifetimeOptions {
  Stays stays = Stays::first;
  std::vector<std::string> by = {};  ///< segment columns: that in which the customer paid most at the start
  std::string reason = {};           ///< a segment column that says, on the row that ended last, why it ended
  /// Lives are observed from this day on: who left before is not seen, who came before enters late.
  Day from = min_day;
  /// The last day that is observed.
  Day until = 0;
};

/// How long customers stayed, by the book's policy (what a gap is, when churn happens): what survival curves
/// are made from. A customer is there on the days on which it pays; the book's gap tolerance bridges gaps.
///
///   duration = end - start in days;   entry = max(0, from - start): the age at which it comes under
///   observation;   ended: end <= until, else it was still there and end is the day after `until`
///
/// Free phases and trials are not lives. Rows that start after `until` are not seen.
struct Lifetimes {
  std::vector<Id> customer;         ///< sorted; equal ids follow each other by start
  std::vector<Day> start, end;      ///< first day paid for, first day no longer paid for
  std::vector<std::int64_t> entry;  ///< days
  std::vector<std::uint8_t> ended;
  std::vector<std::string> by;
  std::vector<std::vector<std::string>> segments;  ///< by column, then by life
  std::vector<std::string> reasons;  ///< of those that ended, else empty texts; empty if not asked

  std::size_t size() const noexcept { return customer.size(); }
  std::int64_t duration(std::size_t i) const noexcept { return std::int64_t{end[i]} - start[i]; }
};

}  // namespace tenure
