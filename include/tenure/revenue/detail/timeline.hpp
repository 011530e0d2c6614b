#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <functional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "../../core/grid.hpp"
#include "../../core/group.hpp"
#include "../../model/policy.hpp"
#include "../movement.hpp"
#include "fx_stocks.hpp"
#include "moment.hpp"

/// One customer's timeline: sorted change points, read under a reporting policy. A timeline lives for one
/// customer, in cache; whoever wants to know something about it is an accumulator with
///
///   moment(const Moment&)        one change, as the policy nets it
///   finish(std::span<const Step>)  the customer's level per slot, once all moments are over
namespace tenure {

/// Reads rows of one customer at a time. Reused from customer to customer; allocates only while it grows.
class TimelineReader {
 public:
  /// With `credits`, rates may be negative: who is owed more than he pays counts as paying nothing. Without
  /// `products` there is nothing to switch.
  TimelineReader(const ReportingPolicy& policy, const Grid& grid, bool credits = false, bool products = false)
      : policy_(policy),
        grid_(grid),
        credits_(credits),
        with_legs_(policy.plan_switch != PlanSwitch::difference && products && !credits),
        with_pauses_(policy.pause_movement == PauseMovement::own) {}

  /// `traits` knows about the i-th row: segment(i), leg(i) and paused(i); with has_local() also its amount in
  /// its own currency, local(i), and which that is, unit(i). Calls moment and finish of each accumulator.
  template <class Traits, class... Accumulators>
  void read(std::span<const PackedRow> rows, const Traits& traits, Accumulators&... accumulators) {
    collect(rows, traits);
    if (policy_.gap_days > 0 || policy_.gap_months > 0) bridge_gaps();
    if (policy_.netting == Netting::drop_short_stays) drop_short_stays();
    if (policy_.reactivation == Reactivation::within_days) find_returns();
    steps_.clear();
    if (!single_ || with_legs_ || traits.has_local())
      read_parts(traits, accumulators...);
    else if (policy_.netting == Netting::period)
      read_whole<&Change::slot>(accumulators...);
    else
      read_whole<&Change::day>(accumulators...);
    (accumulators.finish(std::span<const Step>(steps_)), ...);
  }

 private:
  struct Change {
    std::int64_t annual;
    Day day;
    std::uint32_t segment;
    std::uint32_t row;
    Slot slot;
    std::int8_t live;
    std::int8_t paused;  ///< of the live rows, those on pause
  };
  struct Held {
    std::uint32_t segment = 0;
    std::int64_t annual = 0;
    std::int64_t live = 0;
    std::int64_t paused = 0;
    void add(const Change& change) noexcept {
      annual += change.annual, live += change.live, paused += change.paused;
    }
  };
  struct Leg {
    std::uint32_t segment;
    std::int32_t leg;
    std::int64_t annual = 0;
  };

  /// All rows are of one segment: the common case, in which a level is a handful of numbers. Changes with the
  /// same `Key` are one moment.
  template <auto Key, class... Accumulators>
  void read_whole(Accumulators&... accumulators) {
    Held all;
    Level level;
    bool ever = false;
    for (std::size_t i = 0; i < changes_.size();) {
      const std::size_t first = i;
      const Slot slot = changes_[i].slot;
      if (slot >= grid_.beyond()) break;
      do all.add(changes_[i]);
      while (++i < changes_.size() && changes_[i].*Key == changes_[first].*Key);
      const Level after = level_of(all);
      if (after == level) continue;
      const bool known = ever && !returns_late(first, i);
      const SegmentChange change{changes_[first].segment, level, after};
      (tell(accumulators, slot, change, known), ...);
      ever = ever || after.active;
      level = after;
      put_step(slot, level, change.segment);
    }
  }
  template <class Accumulator>
  static void tell(Accumulator& accumulator, Slot slot, const SegmentChange& change, bool ever) {
    if constexpr (requires { accumulator.change(slot, change, ever); })
      accumulator.change(slot, change, ever);
    else
      accumulator.moment(Moment{slot, change.before, change.after, ever, {&change, 1}});
  }

  template <class Traits, class... Accumulators>
  void read_parts(const Traits& traits, Accumulators&... accumulators) {
    levels_.clear();
    legs_.clear();
    leg_changes_.clear();
    stocks_.clear();
    Level level;
    bool ever = false;
    for (std::size_t i = 0; i < changes_.size();) {
      std::size_t end = i + 1;
      while (end < changes_.size() && same_moment(changes_[i], changes_[end])) ++end;
      const Level before = level;
      apply(i, end, level, traits);
      const Slot slot = changes_[i].slot;
      if (slot >= grid_.beyond()) break;
      if (level != before || !touched_.empty() || !leg_changes_.empty()) {
        const bool known = ever && !returns_late(i, end);
        (accumulators.moment(Moment{slot, before, level, known, touched_, leg_changes_}), ...);
        ever = ever || level.active;
      }
      put_step(slot, level, home());
      i = end;
    }
  }

  bool same_moment(const Change& a, const Change& b) const noexcept {
    return policy_.netting == Netting::period ? a.slot == b.slot : a.day == b.day;
  }

  template <class T, class Less>
  static void sort_few(std::vector<T>& values, Less less) {
    if (values.size() > 24) {
      std::sort(values.begin(), values.end(), less);
      return;
    }
    for (std::size_t i = 1; i < values.size(); ++i) {  // few and nearly sorted: insertion beats everything
      const T value = values[i];
      std::size_t at = i;
      for (; at > 0 && less(value, values[at - 1]); --at) values[at] = values[at - 1];
      values[at] = value;
    }
  }

  /// Rows are sorted by their start first: half as many to sort, and as one subscription follows another,
  /// their changes are in order then.
  template <class Traits>
  void collect(std::span<const PackedRow> rows, const Traits& traits) {
    order_.resize(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
      order_[i] = {static_cast<std::int64_t>(rows[i].start) << 32 | static_cast<std::int64_t>(i)};
    sort_few(order_, std::less<>());
    changes_.resize(2 * rows.size());
    std::size_t count = 0;
    single_ = true;
    for (const std::int64_t key : order_) {
      const auto i = static_cast<std::size_t>(key & UINT32_MAX);
      const PackedRow& row = rows[i];
      if (row.start >= row.end) continue;  // an empty interval: nothing was ever paid for
      const std::uint32_t segment = traits.segment(i);
      const std::int8_t paused = with_pauses_ && row.annual == 0 && traits.paused(i) ? 1 : 0;
      const auto at = static_cast<std::uint32_t>(i);
      changes_[count++] = {row.annual, row.start, segment, at, grid_[row.start], 1, paused};
      if (row.end != open_end)
        changes_[count++] = {
            -row.annual, row.end, segment, at, grid_[row.end], -1, static_cast<std::int8_t>(-paused)};
      single_ = single_ && segment == changes_[0].segment;
    }
    changes_.resize(count);
    sort_few(changes_, [](const Change& a, const Change& b) { return a.day < b.day; });
  }

  /// Adds up all changes of the day of the change at `from`; returns the first of the next day.
  std::size_t read_day(std::size_t from, Held& all) const noexcept {
    std::size_t end = from;
    for (; end < changes_.size() && changes_[end].day == changes_[from].day; ++end) all.add(changes_[end]);
    return end;
  }
  void move(std::size_t first, std::size_t last, const Change& to) noexcept {
    for (std::size_t k = first; k < last; ++k) changes_[k].day = to.day, changes_[k].slot = to.slot;
  }

  /// Whether who leaves on one day and is back on another never left.
  bool tolerated(Day left, Day back) const {
    const Day away = back - left;
    if (policy_.gap_months == 0) return away <= policy_.gap_days;
    if (away < 28 * policy_.gap_months) return true;  // too short for so many months, wherever it lies
    if (away >= 31 * (policy_.gap_months + 1)) return false;
    const Calendar months{PeriodUnit::month, 1};
    const Day first_whole = months.floor(left) == left ? left : months.advance(months.floor(left), 1);
    return months.advance(first_whole, policy_.gap_months) > back;
  }

  /// Where the customer goes and is back soon enough, the changes of the gap are moved to the day of the
  /// return, so that the last level is carried over it.
  void bridge_gaps() {
    Held all{0};
    const auto gone = [&] { return !level_of(all).active; };
    for (std::size_t i = 0; i < changes_.size();) {
      const bool was_there = !gone();
      std::size_t last = i, next = read_day(i, all);
      while (was_there && gone() && next < changes_.size() &&
             tolerated(changes_[i].day, changes_[next].day)) {
        last = next;
        next = read_day(next, all);
      }
      if (last != i && !gone()) move(i, last, changes_[last]);
      i = next;
    }
  }

  /// Where the customer comes and goes within one slot, the changes of the stay are moved to its last day, on
  /// which they cancel out.
  void drop_short_stays() {
    Held all{0};
    for (std::size_t i = 0; i < changes_.size();) {
      const bool away = !level_of(all).active;
      std::size_t next = read_day(i, all);
      if (away && level_of(all).active) {
        Held ahead = all;
        std::size_t last = next;
        while (last < changes_.size() && changes_[last].slot == changes_[i].slot) {
          const std::size_t day = last;
          last = read_day(last, ahead);
          if (level_of(ahead).active) continue;
          move(i, day, changes_[day]);
          all = ahead;
          next = last;
          break;
        }
      }
      i = next;
    }
  }

  /// Where the customer comes back, and after how many days.
  struct Return {
    std::size_t change;
    Day away;
  };
  void find_returns() {
    returns_.clear();
    Held all{0};
    Day left = 0;
    bool ever = false;
    for (std::size_t i = 0; i < changes_.size();) {
      const bool before = level_of(all).active;
      const std::size_t next = read_day(i, all);
      const bool after = level_of(all).active;
      if (before && !after) left = changes_[i].day;
      if (!before && after && ever) returns_.push_back({i, changes_[i].day - left});
      ever = ever || after;
      i = next;
    }
  }
  /// Whether the first return among the changes [begin, end) is after more days than the policy allows.
  bool returns_late(std::size_t begin, std::size_t end) const noexcept {
    if (policy_.reactivation != Reactivation::within_days) return false;
    for (const Return& one : returns_)
      if (one.change >= begin && one.change < end) return one.away > policy_.reactivation_days;
    return false;
  }

  Level level_of(std::int64_t annual, std::int64_t live, std::int64_t paused) const noexcept {
    if (credits_) annual = std::max<std::int64_t>(annual, 0);
    const bool active =
        policy_.free_customers == FreeCustomers::active ? live > paused || annual > 0 : annual > 0;
    return {annual, active, !active && paused > 0};
  }
  Level level_of(const Held& held) const noexcept { return level_of(held.annual, held.live, held.paused); }

  Held& held(std::uint32_t segment) {
    for (Held& entry : levels_)
      if (entry.segment == segment) return entry;
    return levels_.emplace_back(Held{segment});
  }

  /// Applies the changes [begin, end) and leaves in touched_ the segments that they really changed.
  template <class Traits>
  void apply(std::size_t begin, std::size_t end, Level& level, const Traits& traits) {
    touched_.clear();
    if (with_legs_) apply_legs(begin, end, traits);
    for (std::size_t k = begin; k < end; ++k) {
      const Change& change = changes_[k];
      Held& entry = held(change.segment);
      const Level before = level_of(entry);
      entry.add(change);
      const Level after = level_of(entry);
      const auto known = std::find_if(touched_.begin(), touched_.end(),
                                      [&](const SegmentChange& t) { return t.segment == change.segment; });
      if (known == touched_.end())
        touched_.push_back({change.segment, before, after});
      else
        known->after = after;
    }
    if (traits.has_local()) apply_stocks(begin, end, traits);
    std::erase_if(touched_, [](const SegmentChange& change) {
      return change.before == change.after && change.fx == 0;
    });
    std::erase_if(leg_changes_,
                  [](const LegChange& change) { return change.before == change.after && change.fx == 0; });
    // What segments come to one by one is what the customer comes to, also where credits leave one at 0.
    Held all{0};
    std::int64_t annual = 0;
    for (const Held& entry : levels_) {
      annual += level_of(entry).annual;
      all.live += entry.live, all.paused += entry.paused;
    }
    level = level_of(annual, all.live, all.paused);
  }

  template <class Traits>
  void apply_legs(std::size_t begin, std::size_t end, const Traits& traits) {
    leg_changes_.clear();
    for (std::size_t k = begin; k < end; ++k) {
      const Change& change = changes_[k];
      const std::int32_t product = traits.leg(change.row);
      const auto same = [&](const auto& leg) { return leg.segment == change.segment && leg.leg == product; };
      auto held = std::find_if(legs_.begin(), legs_.end(), same);
      if (held == legs_.end()) held = legs_.insert(held, {change.segment, product});
      const std::int64_t before = held->annual;
      held->annual += change.annual;
      const auto known = std::find_if(leg_changes_.begin(), leg_changes_.end(), same);
      if (known == leg_changes_.end())
        leg_changes_.push_back({change.segment, product, before, held->annual});
      else
        known->after = held->annual;
    }
    std::sort(leg_changes_.begin(), leg_changes_.end(), [](const LegChange& a, const LegChange& b) {
      return std::tie(a.segment, a.leg) < std::tie(b.segment, b.leg);
    });
  }

  /// What exchange rates alone did.
  template <class Traits>
  void apply_stocks(std::size_t begin, std::size_t end, const Traits& traits) {
    stocks_.begin();
    for (std::size_t k = begin; k < end; ++k) {
      const Change& change = changes_[k];
      stocks_.add(change.segment, with_legs_ ? traits.leg(change.row) : 0, traits.unit(change.row),
                  change.live, change.annual, change.live * traits.local(change.row));
    }
    stocks_.tell(touched_, leg_changes_);
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

  void put_step(Slot slot, Level level, std::uint32_t at_home) {
    if (!steps_.empty() && steps_.back().slot == slot)
      steps_.back() = {slot, level, at_home};
    else
      steps_.push_back({slot, level, at_home});
  }

  const ReportingPolicy policy_;
  const Grid& grid_;
  const bool credits_, with_legs_, with_pauses_;
  std::vector<std::int64_t> order_;  ///< start and position of rows
  std::vector<Change> changes_;
  std::vector<Held> levels_;
  std::vector<Leg> legs_;
  std::vector<SegmentChange> touched_;
  std::vector<LegChange> leg_changes_;
  FxStocks stocks_;
  std::vector<Return> returns_;
  std::vector<Step> steps_;
  bool single_ = true;  ///< all changes are of one segment
};

}  // namespace tenure
