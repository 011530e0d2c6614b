#pragma once

#include <cstdint>
#include <span>

#include "../../core/grid.hpp"
#include "../movement.hpp"

/// What accumulators hear of one customer's timeline.
namespace tenure {

/// What one segment of a customer pays before and after a moment.
struct SegmentChange {
  std::uint32_t segment;
  Level before, after;
  std::int64_t fx = 0;  ///< of after - before, what exchange rates alone did
};

/// What one product of a customer pays before and after a moment, within a segment.
struct LegChange {
  std::uint32_t segment;
  std::int32_t leg;
  std::int64_t before, after;
  std::int64_t fx = 0;  ///< of after - before, what exchange rates alone did
};

/// All changes of one customer that count as one: those of a period, or of a day.
struct Moment {
  Slot slot;
  Level before, after;  ///< of the customer
  bool ever;            ///< active at an earlier moment: an earlier closing, or day
  std::span<const SegmentChange> segments;
  std::span<const LegChange> legs = {};  ///< unless PlanSwitch::difference

  /// What the customer paid after it, had exchange rates not moved.
  Level at_same_rates() const noexcept {
    Level level = after;
    for (const SegmentChange& change : segments) level.annual -= change.fx;
    return level;
  }
};

/// The level from `slot` on, as a period's closing shows it. `home` is the segment that pays most (ties: the
/// lowest).
struct Step {
  Slot slot;
  Level level;
  std::uint32_t home;
};

}  // namespace tenure
