#pragma once

#include "../../core/date.hpp"
#include "../subscription.hpp"

/// Intervals on the calendar.
namespace tenure::detail {

/// First day after `times` intervals from `start`.
inline Day after_interval(Interval interval, Day start, int times = 1) noexcept {
  constexpr std::int64_t most = 100'000;  // of any unit, more than the calendar holds in days
  const std::int64_t wanted = std::int64_t{interval.count} * times;
  if (wanted > most) return open_end;
  const auto count = static_cast<int>(wanted);
  switch (interval.unit) {
    case IntervalUnit::day:
      return start + count;
    case IntervalUnit::week:
      return start + 7 * count;
    case IntervalUnit::four_week:
      return start + 28 * count;
    case IntervalUnit::month:
      return anniversary(start, count);
    case IntervalUnit::quarter:
      return anniversary(start, 3 * count);
    case IntervalUnit::half_year:
      return anniversary(start, 6 * count);
    case IntervalUnit::year:
      break;
  }
  return anniversary(start, 12 * count);
}

inline bool is_annual(Interval interval) noexcept {
  switch (interval.unit) {
    case IntervalUnit::year:
      return true;
    case IntervalUnit::half_year:
      return interval.count >= 2;
    case IntervalUnit::quarter:
      return interval.count >= 4;
    case IntervalUnit::month:
      return interval.count >= 12;
    default:
      return false;
  }
}

}  // namespace tenure::detail
