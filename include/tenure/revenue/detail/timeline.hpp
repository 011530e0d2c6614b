#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../../core/grid.hpp"
#include "../../core/group.hpp"
#include "../../model/policy.hpp"
#include "../movement.hpp"

/// One customer's timeline: sorted change points, read under a reporting policy. A timeline lives for one
/// customer, in cache; whoever wants to know something about it is an accumulator with
///
///   moment(const Moment&)        one change, as the policy nets it
///   finish(std::span<const Step>)  the customer's level per slot, once all moments are over
namespace tenure {

/// What one segment of a customer pays before and after a moment.
struct SegmentChange {
  std::uint32_t segment;
  Level before, after;
};

/// All changes of one customer that count as one: those of a period, or of a day.
struct Moment {
  Slot slot;
  Level before, after;  ///< of the customer
  bool ever;            ///< active at an earlier moment: an earlier closing, or day
  std::span<const SegmentChange> segments;
};

/// The level from `slot` on, as a period's closing shows it. `home` is the segment that pays most (ties: the
/// lowest).
struct Step {
  Slot slot;
  Level level;
  std::uint32_t home;
};

/// Reads rows of one customer at a time. Reused from customer to customer; allocates only while it grows.
class TimelineReader {
 public:
  TimelineReader(const ReportingPolicy& policy, const Grid& grid) : policy_(policy), grid_(grid) {}

  /// `segment_of(i)` is the segment of the i-th row. Calls moment and finish of each accumulator.
  template <class SegmentOf, class... Accumulators>
  void read(std::span<const PackedRow> rows, SegmentOf&& segment_of, Accumulators&... accumulators) {
    collect(rows, segment_of);
    if (policy_.gap_days > 0) bridge_gaps();
    levels_.clear();
    steps_.clear();
    Level level;
    bool ever = false;
    for (std::size_t i = 0; i < changes_.size();) {
      std::size_t end = i + 1;
      while (end < changes_.size() && same_moment(changes_[i], changes_[end])) ++end;
      const Level before = level;
      apply(i, end, level);
      const Slot slot = changes_[i].slot;
      if (slot < grid_.beyond()) {
        if (level != before || !touched_.empty()) {
          (accumulators.moment(Moment{slot, before, level, ever, touched_}), ...);
          ever = ever || level.active;
        }
        step(slot, level);
      }
      i = end;
    }
    (accumulators.finish(std::span<const Step>(steps_)), ...);
  }

 private:
  struct Change {
    Day day;
    Slot slot;
    std::uint32_t segment;
    std::int64_t annual;
    std::int32_t live;
  };
  struct Held {
    std::uint32_t segment;
    std::int64_t annual = 0;
    std::int64_t live = 0;
  };

  bool same_moment(const Change& a, const Change& b) const noexcept {
    return policy_.netting == Netting::period ? a.slot == b.slot : a.day == b.day;
  }

  template <class SegmentOf>
  void collect(std::span<const PackedRow> rows, SegmentOf&& segment_of) {
    changes_.resize(2 * rows.size());
    std::size_t count = 0;
    single_ = true;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const PackedRow& row = rows[i];
      if (row.start >= row.end) continue;  // an empty interval: nothing was ever paid for
      const std::uint32_t segment = segment_of(i);
      changes_[count++] = {row.start, grid_[row.start], segment, row.annual, 1};
      if (row.end != open_end) changes_[count++] = {row.end, grid_[row.end], segment, -row.annual, -1};
      single_ = single_ && segment == changes_[0].segment;
    }
    changes_.resize(count);
    const auto by_day = [](const Change& a, const Change& b) { return a.day < b.day; };
    if (count > 24) {
      std::sort(changes_.begin(), changes_.end(), by_day);
      return;
    }
    for (std::size_t i = 1; i < count; ++i) {  // few and nearly sorted: insertion beats everything
      const Change change = changes_[i];
      std::size_t at = i;
      for (; at > 0 && by_day(change, changes_[at - 1]); --at) changes_[at] = changes_[at - 1];
      changes_[at] = change;
    }
  }

  /// Where the customer goes and is back within gap_days, the changes of the gap are moved to the day of the
  /// return, so that the last level is carried over it.
  void bridge_gaps() {
    std::int64_t annual = 0, live = 0;
    const auto read_day = [&](std::size_t from) {
      std::size_t end = from;
      for (; end < changes_.size() && changes_[end].day == changes_[from].day; ++end) {
        annual += changes_[end].annual;
        live += changes_[end].live;
      }
      return end;
    };
    const auto gone = [&] { return !level_of(annual, live).active; };
    for (std::size_t i = 0; i < changes_.size();) {
      std::size_t last = i, next = read_day(i);
      while (gone() && next < changes_.size() && changes_[next].day - changes_[i].day <= policy_.gap_days) {
        last = next;
        next = read_day(next);
      }
      if (!gone())
        for (std::size_t k = i; k < last; ++k) {
          changes_[k].day = changes_[last].day;
          changes_[k].slot = changes_[last].slot;
        }
      i = next;
    }
  }

  Level level_of(std::int64_t annual, std::int64_t live) const noexcept {
    return {annual, policy_.free_customers == FreeCustomers::active ? live > 0 : annual > 0};
  }

  Held& held(std::uint32_t segment) {
    for (Held& entry : levels_)
      if (entry.segment == segment) return entry;
    return levels_.emplace_back(Held{segment});
  }

  /// Applies the changes [begin, end) and leaves in touched_ the segments that they really changed.
  void apply(std::size_t begin, std::size_t end, Level& level) {
    touched_.clear();
    if (single_) {
      Held& all = held(changes_[begin].segment);
      for (std::size_t k = begin; k < end; ++k)
        all.annual += changes_[k].annual, all.live += changes_[k].live;
      const Level before = std::exchange(level, level_of(all.annual, all.live));
      if (level != before) touched_.push_back({all.segment, before, level});
      return;
    }
    for (std::size_t k = begin; k < end; ++k) {
      const Change& change = changes_[k];
      Held& entry = held(change.segment);
      const Level before = level_of(entry.annual, entry.live);
      entry.annual += change.annual;
      entry.live += change.live;
      const Level after = level_of(entry.annual, entry.live);
      const auto known = std::find_if(touched_.begin(), touched_.end(),
                                      [&](const SegmentChange& t) { return t.segment == change.segment; });
      if (known == touched_.end())
        touched_.push_back({change.segment, before, after});
      else
        known->after = after;
    }
    std::erase_if(touched_, [](const SegmentChange& change) { return change.before == change.after; });
    std::int64_t annual = 0, live = 0;
    for (const Held& entry : levels_) annual += entry.annual, live += entry.live;
    level = level_of(annual, live);
  }

  std::uint32_t home() const noexcept {
    const Held* best = nullptr;
    for (const Held& entry : levels_) {
      if (entry.live <= 0) continue;
      if (best == nullptr || entry.annual > best->annual ||
          (entry.annual == best->annual && entry.segment < best->segment))
        best = &entry;
    }
    return best == nullptr ? 0 : best->segment;
  }

  void step(Slot slot, Level level) {
    const std::uint32_t at_home = home();
    if (!steps_.empty() && steps_.back().slot == slot)
      steps_.back() = {slot, level, at_home};
    else
      steps_.push_back({slot, level, at_home});
  }

  const ReportingPolicy policy_;
  const Grid& grid_;
  std::vector<Change> changes_;
  std::vector<Held> levels_;
  std::vector<SegmentChange> touched_;
  std::vector<Step> steps_;
  bool single_ = true;  ///< all changes are of one segment
};

}  // namespace tenure
