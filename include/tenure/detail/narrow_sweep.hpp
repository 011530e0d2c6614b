#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "../cohort/detail/triangle_accumulator.hpp"
#include "../core/grid.hpp"
#include "../core/group.hpp"
#include "../revenue/detail/bridge_accumulator.hpp"
#include "../revenue/detail/retention_accumulator.hpp"

/// The sweep of the common question: no segments, customers whose closings say all there is to know (which
/// ones is up to the policy: Special), at most 64 * Words slots, and customers whose run rates together
/// stay below 2^62, so that 64-bit lanes hold every sum. Everything else takes the TimelineReader; both
/// give the same bits (tests/cpp/book/sweep_test.cpp).
///
/// Per customer only the slots that change are touched: a bit mask names them, a difference array holds the
/// changes. Each accumulator adds differences; running sums are taken once per book.
namespace tenure::detail {

inline constexpr uint128 narrow_limit = uint128{1} << 62;

/// What of a policy makes no difference for the rows of a book.
struct Lacking {
  bool free, paused, products, credits;
};

/// Customers that the narrow sweep leaves to the TimelineReader, because only days can tell what happened.
struct Special {
  bool several_days;  ///< changes on several days of one slot: every day is a moment of its own
  bool gaps;          ///< paid nothing for some days and came back: for how long decides
  bool returns;       ///< paid nothing at some closing and came back: after how long decides

  bool any() const noexcept { return several_days || gaps || returns; }
};
inline Special special_customers(const ReportingPolicy& policy) noexcept {
  return {policy.netting != Netting::period, policy.gap_days > 0 || policy.gap_months > 0,
          policy.reactivation == Reactivation::within_days};
}

/// Whether all other customers are read as by the TimelineReader.
inline bool is_narrow(const ReportingPolicy& policy, const Lacking& lacking) noexcept {
  return policy.grain == Grain::customer && lacking.credits &&
         (policy.free_customers == FreeCustomers::churned || lacking.free) &&
         (policy.plan_switch == PlanSwitch::difference || lacking.products) &&
         (policy.pause_movement == PauseMovement::churn || lacking.paused);
}

/// Which accumulators a sweep feeds; null for those not asked for.
struct Targets {
  BridgeAccumulator* bridge = nullptr;
  RetentionAccumulator* retention = nullptr;
  TriangleAccumulator* triangle = nullptr;
};

template <int Words>
class NarrowSweep {
 public:
  static constexpr std::size_t capacity = 64 * Words;

  NarrowSweep(const Grid& grid, int horizon, Special special)
      : grid_(grid),
        special_(special),
        slots_(grid.size()),
        horizon_(static_cast<std::size_t>(horizon)),
        lanes_(std::make_unique<Lanes>()),
        cohorts_(slots_ * slots_) {}

  /// Customers [first, last), whose run rates together stay below narrow_limit.
  void sweep(const GroupedRows& rows, std::uint32_t first, std::uint32_t last, const Targets& targets) {
    *lanes_ = Lanes{};
    if (targets.triangle != nullptr) std::fill(cohorts_.begin(), cohorts_.end(), Lane{});
    left_over_.clear();
    if (special_.any())
      run<true>(rows, first, last, targets);
    else
      run<false>(rows, first, last, targets);
    flush(targets);
  }
  /// The special customers of the last sweep.
  const std::vector<std::uint32_t>& left_over() const noexcept { return left_over_; }

 private:
  struct Lane {
    std::int64_t amount = 0;
    std::int64_t customers = 0;
  };
  struct Retained {
    std::int64_t opening = 0, closing = 0, capped = 0, customers = 0, kept = 0;
  };
  struct Lanes {
    std::array<std::array<Lane, capacity + 1>, 8> moved{};  ///< by class (see below) and slot
    std::array<std::int64_t, capacity + 1> rows{};          ///< live amount, straight from the rows
    std::array<std::int64_t, capacity + 1> active{};
    std::array<Retained, capacity + 1> retained{};
  };
  /// Classes of a change as bits: active before, active after, active at any earlier time (only asked when
  /// not before).
  static constexpr std::size_t was = 1, is = 2, ever = 4;

  /// One loop per combination, so that what is not asked for costs nothing.
  template <bool Specials>
  void run(const GroupedRows& rows, std::uint32_t first, std::uint32_t last, const Targets& targets) {
    if (targets.bridge != nullptr && targets.retention != nullptr && targets.triangle != nullptr)
      run<true, true, true, Specials>(rows, first, last);
    else if (targets.bridge != nullptr)
      run<true, false, false, Specials>(rows, first, last);
    else if (targets.retention != nullptr)
      run<false, true, false, Specials>(rows, first, last);
    else
      run<false, false, true, Specials>(rows, first, last);
  }

  template <bool Bridge, bool Retention, bool Triangle, bool Specials>
  void run(const GroupedRows& rows, std::uint32_t first, std::uint32_t last) {
    Lanes& lanes = *lanes_;
    for (std::uint32_t customer = first; customer < last; ++customer) {
      std::array<std::uint64_t, Words> mask{};
      bool days = false;
      for (const PackedRow& row : rows.rows_of(customer)) {
        const std::size_t start = grid_[row.start], end = grid_[row.end];
        difference_[start] += row.annual;
        difference_[end] -= row.annual;
        if constexpr (Specials) days |= meets_other_day(mask, start, row.start);
        mask[start / 64] |= std::uint64_t{1} << (start % 64);
        if constexpr (Specials) days |= meets_other_day(mask, end, row.end);
        mask[end / 64] |= std::uint64_t{1} << (end % 64);
      }
      mask[slots_ / 64] &=
          ~(std::uint64_t{1} << (slots_ % 64));  // what happens after the last period is not asked
      difference_[slots_] = 0;
      if constexpr (Specials)
        if ((special_.several_days && days) || (special_.gaps && has_gap(rows.rows_of(customer))) ||
            (special_.returns && returns(mask))) {
          forget(mask);
          left_over_.push_back(customer);
          continue;
        }
      if constexpr (Bridge)
        for (const PackedRow& row : rows.rows_of(customer)) {
          lanes.rows[grid_[row.start]] += row.annual;
          lanes.rows[grid_[row.end]] -= row.annual;
        }
      const std::size_t steps = levels<Bridge>(mask, lanes);
      if (steps == 0) continue;
      if constexpr (Triangle) cohort(steps);
      if constexpr (Retention) retain(mask, lanes);
    }
  }

  /// Whether a change is on another day than one before it in the same slot.
  bool meets_other_day(const std::array<std::uint64_t, Words>& mask, std::size_t slot, Day day) noexcept {
    const bool met = (mask[slot / 64] >> (slot % 64) & 1) != 0 && day_[slot] != day && slot != slots_;
    day_[slot] = day;
    return met;
  }
  /// Whether days without any paying row lie between paying rows; of many rows that is not looked into.
  static bool has_gap(std::span<const PackedRow> rows) noexcept {
    constexpr std::size_t few = 32;
    if (rows.size() > few) return true;
    for (const PackedRow& row : rows) {
      if (row.annual == 0 || row.start >= row.end) continue;
      bool goes_on = false, returns = false;
      for (const PackedRow& other : rows) {
        const bool pays = other.annual != 0 && other.start < other.end;
        goes_on |= pays && other.start <= row.end && other.end > row.end;
        returns |= pays && other.start > row.end;
      }
      if (returns && !goes_on) return true;
    }
    return false;
  }
  /// Whether the customer is back after a closing at which it paid nothing.
  bool returns(const std::array<std::uint64_t, Words>& mask) const noexcept {
    std::int64_t level = 0;
    bool left = false;
    for (std::size_t word = 0; word < Words; ++word)
      for (std::uint64_t bits = mask[word]; bits != 0; bits &= bits - 1) {
        const std::int64_t after =
            level + difference_[word * 64 + static_cast<std::size_t>(std::countr_zero(bits))];
        if (left && after > 0) return true;
        left = left || (level > 0 && after == 0);
        level = after;
      }
    return false;
  }
  void forget(const std::array<std::uint64_t, Words>& mask) noexcept {
    for (std::size_t word = 0; word < Words; ++word)
      for (std::uint64_t bits = mask[word]; bits != 0; bits &= bits - 1)
        difference_[word * 64 + static_cast<std::size_t>(std::countr_zero(bits))] = 0;
  }

  /// Turns the differences into levels; drops the slots whose changes cancel out from the mask.
  template <bool Bridge>
  std::size_t levels(std::array<std::uint64_t, Words>& mask, Lanes& lanes) noexcept {
    std::size_t steps = 0, seen = 0;
    std::int64_t level = 0;
    for (std::size_t word = 0; word < Words; ++word)
      for (std::uint64_t left = mask[word]; left != 0; left &= left - 1) {
        const auto bit = static_cast<std::size_t>(std::countr_zero(left));
        const std::size_t slot = word * 64 + bit;
        const std::int64_t change = std::exchange(difference_[slot], 0);
        if (change == 0) {
          mask[word] &= ~(std::uint64_t{1} << bit);
          continue;
        }
        const std::int64_t after = level + change;
        if constexpr (Bridge) {
          const std::size_t before_active = level > 0, after_active = after > 0;
          // Expansion and contraction share the class was|is; a negative change lands one class further, in
          // was|is|ever.
          const std::size_t kind = before_active | after_active << 1 |
                                   (before_active != 0 ? (after_active != 0 && change < 0 ? ever : 0) : seen);
          Lane& lane = lanes.moved[kind][slot];
          lane.amount += change;
          lane.customers += 1;
          lanes.active[slot] +=
              static_cast<std::int64_t>(after_active) - static_cast<std::int64_t>(before_active);
          seen = ever;
        }
        level = after;
        slot_[steps] = static_cast<Slot>(slot);
        level_[steps] = level;
        ++steps;
      }
    return steps;
  }

  void cohort(std::size_t steps) noexcept {
    Lane* row = cohorts_.data() + slot_[0] * slots_;
    std::int64_t before = 0;
    for (std::size_t i = 0; i < steps; ++i) {
      const std::int64_t after = level_[i];
      row[slot_[i]].amount += after - before;
      row[slot_[i]].customers += int{after > 0} - int{before > 0};
      before = after;
    }
  }

  /// The customer's constant stretches against themselves `horizon` slots ago: changes happen only where
  /// either changes.
  void retain(const std::array<std::uint64_t, Words>& mask, Lanes& lanes) noexcept {
    std::size_t now = 0, past = 0;
    std::int64_t current = 0, base = 0, closing = 0, capped = 0, kept = 0, customers = 0;
    std::array<std::uint64_t, Words> shifted = shift(mask);
    for (std::size_t word = 0; word < Words; ++word)
      for (std::uint64_t left = mask[word] | shifted[word]; left != 0; left &= left - 1) {
        const auto bit = static_cast<std::size_t>(std::countr_zero(left));
        const std::size_t slot = word * 64 + bit;
        const std::size_t step_now = (mask[word] >> bit) & 1, step_past = (shifted[word] >> bit) & 1;
        current = step_now != 0 ? level_[now] : current;
        now += step_now;
        const std::int64_t base_before = base;
        base = step_past != 0 ? level_[past] : base;
        past += step_past;
        if ((base | base_before) == 0) continue;          // not in the population before or after
        const std::int64_t in = -std::int64_t{base > 0};  // all ones when in the population
        const std::int64_t closing_now = current & in;
        const std::int64_t capped_now = std::min(current, base);
        const std::int64_t kept_now = std::int64_t{current > 0} & in;
        Retained& lane = lanes.retained[slot];
        lane.opening += base - base_before;
        lane.closing += closing_now - closing;
        lane.capped += capped_now - capped;
        lane.customers += -in - customers;
        lane.kept += kept_now - kept;
        closing = closing_now;
        capped = capped_now;
        kept = kept_now;
        customers = -in;
      }
  }

  std::array<std::uint64_t, Words> shift(const std::array<std::uint64_t, Words>& mask) const noexcept {
    std::array<std::uint64_t, Words> moved{};
    const std::size_t words = horizon_ / 64, bits = horizon_ % 64;
    for (std::size_t word = words; word < Words; ++word) {
      moved[word] = mask[word - words] << bits;
      if (bits != 0 && word > words) moved[word] |= mask[word - words - 1] >> (64 - bits);
    }
    // Only slots of the grid: the bits from slots_ on are beyond.
    const std::size_t last = slots_ / 64;
    moved[last] &= (std::uint64_t{1} << (slots_ % 64)) - 1;
    for (std::size_t word = last + 1; word < Words; ++word) moved[word] = 0;
    return moved;
  }

  void flush(const Targets& targets) {
    const Lanes& lanes = *lanes_;
    for (std::size_t i = 0; i < slots_; ++i) {
      const auto slot = static_cast<Slot>(i);
      if (targets.bridge != nullptr) {
        const auto give = [&](std::size_t kind, Line line, int sign) {
          const Lane& lane = lanes.moved[kind][i];
          targets.bridge->add(slot, line, RunRateSum(int128{sign} * lane.amount), lane.customers);
        };
        give(is, Line::new_, 1);
        give(is | ever, Line::reactivation, 1);
        give(was, Line::churn, -1);
        give(was | is, Line::expansion, 1);
        give(was | is | ever, Line::contraction, -1);
        targets.bridge->add_level(slot, RunRateSum(int128{lanes.rows[i]}), lanes.active[i]);
      }
      if (targets.retention != nullptr) {
        const Retained& r = lanes.retained[i];
        targets.retention->add(i, {RunRateSum(int128{r.opening}), RunRateSum(int128{r.closing}),
                                   RunRateSum(int128{r.capped}), r.customers, r.kept});
      }
    }
    if (targets.triangle == nullptr) return;
    for (std::size_t cohort = grid_.first(); cohort < slots_; ++cohort)
      for (std::size_t period = cohort; period < slots_; ++period) {
        const Lane& lane = cohorts_[cohort * slots_ + period];
        targets.triangle->add(cohort - grid_.first(), period - grid_.first(), RunRateSum(int128{lane.amount}),
                              lane.customers);
      }
  }

  const Grid& grid_;
  Special special_;
  std::vector<std::uint32_t> left_over_;
  std::size_t slots_, horizon_;
  std::array<std::int64_t, capacity> difference_{};
  std::array<Day, capacity> day_{};  ///< of the present customer's last change in a slot
  std::array<Slot, capacity> slot_{};
  std::array<std::int64_t, capacity> level_{};
  std::unique_ptr<Lanes> lanes_;
  std::vector<Lane> cohorts_;  ///< changes by (first slot, slot)
};

}  // namespace tenure::detail
