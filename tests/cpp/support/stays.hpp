#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <random>
#include <vector>

#include <tenure/cohort/durations.hpp>

/// Rows of durations that a test can change.
namespace tenure::test {

struct Stays {
  std::vector<double> duration = {}, event = {}, entry = {}, weight = {};
  std::vector<std::int32_t> group = {};
  std::size_t groups = 1;
  std::uint32_t causes = 1;

  std::size_t size() const { return duration.size(); }
  Durations rows() const {
    return {.duration = duration,
            .event = event,
            .entry = entry,
            .weight = weight,
            .group = group,
            .groups = groups,
            .causes = causes};
  }
  Stays& add(const Stays& more, std::size_t i) {
    duration.push_back(more.duration[i]);
    event.push_back(more.event[i]);
    if (!more.entry.empty()) entry.push_back(more.entry[i]);
    if (!more.weight.empty()) weight.push_back(more.weight[i]);
    if (!more.group.empty()) group.push_back(more.group[i]);
    return *this;
  }
  /// The same rows in another order, or those that a test picks.
  Stays picked(const std::vector<std::size_t>& rows) const {
    Stays result{.groups = groups, .causes = causes};
    for (const std::size_t row : rows) result.add(*this, row);
    return result;
  }
};

/// What random rows may have.
struct StayRange {
  bool fractions = false, late = false, weights = false;
  int groups = 1, causes = 1, longest = 12;
};

/// 1 to 40 rows with many ties.
inline Stays random_stays(const StayRange& range = {}) {
  const int size = *rc::gen::inRange(1, 41);
  Stays stays{.groups = static_cast<std::size_t>(range.groups),
              .causes = static_cast<std::uint32_t>(range.causes)};
  for (int i = 0; i < size; ++i) {
    const int whole = *rc::gen::inRange(range.late ? 1 : 0, range.longest);
    stays.duration.push_back(whole + (range.fractions ? 0.25 * *rc::gen::inRange(0, 3) : 0));
    stays.event.push_back(*rc::gen::inRange(0, range.causes + 1));
    if (range.late) stays.entry.push_back(*rc::gen::inRange(0, whole));
    if (range.weights) stays.weight.push_back(*rc::gen::inRange(1, 5));
    if (range.groups > 1) stays.group.push_back(*rc::gen::inRange(0, range.groups));
  }
  return stays;
}

}  // namespace tenure::test
