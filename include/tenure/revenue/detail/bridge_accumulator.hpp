#pragma once

#include <vector>

#include "../waterfall.hpp"
#include "timeline.hpp"

namespace tenure::detail {

/// Feeds a WaterfallState. Movements come from the timelines; opening and closing come, where the policy
/// allows it, from an independent sum over the rows, so that the check in WaterfallState::finish compares two
/// different computations.
class BridgeAccumulator {
 public:
  /// With `credits`, what rows come to may be more than a customer pays.
  BridgeAccumulator(Frame frame, const Grid& grid, const ReportingPolicy& policy, bool credits = false)
      : state_(std::move(frame)),
        grid_(&grid),
        segments_(state_.frame().segments.size()),
        reactivation_(policy.reactivation),
        plan_switch_(policy.plan_switch),
        from_rows_(policy.gap_days == 0 && policy.gap_months == 0 && !credits),
        levels_((state_.frame().periods.size() + 1) * segments_) {}

  /// The live amount of one row, counted without its timeline.
  void row(const PackedRow& row, std::uint32_t segment) noexcept {
    if (!from_rows_ || row.start >= row.end) return;
    const Slot start = (*grid_)[row.start];
    if (start >= grid_->beyond()) return;
    if (!lanes_.empty()) {
      lanes_[level_at(start, segment)] += row.annual;
      if (const Slot end = (*grid_)[row.end]; end < grid_->beyond())
        lanes_[level_at(end, segment)] -= row.annual;
      return;
    }
    level(start, segment).amount += RunRate{row.annual};
    if (const Slot end = (*grid_)[row.end]; end < grid_->beyond())
      level(end, segment).amount -= RunRate{row.annual};
  }

  void moment(const Moment& moment) {
    for (const SegmentChange& change : moment.segments) {
      Flow& flow = level(moment.slot, change.segment);
      flow.customers += int{change.after.active} - int{change.before.active};
      if (!from_rows_) flow.amount += RunRateSum(int128{change.after.annual} - change.before.annual);
    }
    if (moment.slot < grid_->first()) return;
    const bool revalued = std::any_of(moment.segments.begin(), moment.segments.end(),
                                      [](const SegmentChange& change) { return change.fx != 0; });
    move(revalued ? put_fx(moment) : moment);
  }
  /// The same for a customer all of whose rows are in one segment.
  void change(Slot slot, const SegmentChange& change, bool ever) noexcept {
    const Level before = change.before, after = change.after;
    const int128 difference = int128{after.annual} - before.annual;
    Flow& flow = level(slot, change.segment);
    flow.customers += int{after.active} - int{before.active};
    if (!from_rows_) flow.amount += RunRateSum(difference);
    if (slot < grid_->first()) return;
    const Line line = classify(before, after, ever);
    if (line != Line::closing)
      put(slot, change.segment, line, RunRateSum(difference < 0 ? -difference : difference), 1);
  }
  void finish(std::span<const Step>) noexcept {}

  /// Totals of many customers at once, as the narrow sweep collects them.
  void add(Slot slot, Line line, RunRateSum amount, std::int64_t customers) noexcept {
    if (slot >= grid_->first()) put(slot, 0, line, amount, customers);
  }
  void add_level(Slot slot, RunRateSum amount, std::int64_t customers) noexcept {
    level(slot, 0) += Flow{amount, customers};
  }

  /// From here to flush(), all run rates together stay below 2^62: 64-bit lanes hold every sum.
  void begin_lanes() { lanes_.assign(levels_.size(), 0); }
  void flush() noexcept {
    for (std::size_t i = 0; i < lanes_.size(); ++i) levels_[i].amount += RunRate{lanes_[i]};
    lanes_.clear();
  }

  BridgeAccumulator& operator+=(const BridgeAccumulator& other) {
    state_ += other.state_;
    for (std::size_t i = 0; i < levels_.size(); ++i) levels_[i] += other.levels_[i];
    return *this;
  }

  /// Fills in opening and closing, once all customers were read.
  WaterfallState& close() {
    const std::size_t periods = state_.frame().periods.size();
    for (std::size_t segment = 0; segment < segments_; ++segment) {
      Flow now = levels_[segment];
      for (std::size_t period = 0; period < periods; ++period) {
        const std::size_t row = state_.frame().row(period, segment);
        state_.add(Line::opening, row, now.amount, now.customers);
        now += levels_[(period + 1) * segments_ + segment];
        state_.add(Line::closing, row, now.amount, now.customers);
      }
    }
    return state_;
  }
  /// The bridge of the first period and segment as it stands; the same as after close(), which must not have
  /// been called.
  std::array<Flow, line_count> first_bridge() const noexcept {
    std::array<Flow, line_count> bridge;
    for (std::size_t line = 0; line < line_count; ++line)
      bridge[line] = state_.at(static_cast<Line>(line), 0);
    bridge[static_cast<std::size_t>(Line::opening)] = levels_[0];
    bridge[static_cast<std::size_t>(Line::closing)] = levels_[0];
    bridge[static_cast<std::size_t>(Line::closing)] += levels_[segments_];
    return bridge;
  }
  /// Back to no customers.
  void clear() noexcept {
    state_.clear();
    std::fill(levels_.begin(), levels_.end(), Flow{});
  }

 private:
  /// Changes of level per period of the window, all that came before it in position 0.
  std::size_t level_at(Slot slot, std::uint32_t segment) const noexcept {
    const std::size_t at = slot < grid_->first() ? 0 : slot - grid_->first() + 1;
    return at * segments_ + segment;
  }
  Flow& level(Slot slot, std::uint32_t segment) noexcept { return levels_[level_at(slot, segment)]; }

  /// Puts what exchange rates did on its own line; returns the rest of the moment.
  Moment put_fx(const Moment& moment) {
    steady_.assign(moment.segments.begin(), moment.segments.end());
    Moment rest = moment;
    rest.after = moment.at_same_rates();
    for (SegmentChange& change : steady_) {
      if (change.fx != 0) put(moment.slot, change.segment, Line::fx, RunRateSum(change.fx), 0);
      change.after.annual -= change.fx;
    }
    std::erase_if(steady_, [](const SegmentChange& change) { return change.before == change.after; });
    rest.segments = steady_;
    steady_legs_.assign(moment.legs.begin(), moment.legs.end());
    for (LegChange& change : steady_legs_) change.after -= change.fx;
    std::erase_if(steady_legs_, [](const LegChange& change) { return change.before == change.after; });
    rest.legs = steady_legs_;
    return rest;
  }

  void move(const Moment& moment) {
    const Line line = classify(moment.before, moment.after, moment.ever);
    if (moment.before.active && moment.after.active && switches(moment)) {
      by_legs(moment);
    } else if (stays_in_one(moment, line)) {
      const int128 difference = int128{moment.after.annual} - moment.before.annual;
      put(moment.slot, moment.segments[0].segment, line,
          RunRateSum(difference < 0 ? -difference : difference), 1);
    } else if (!moment.before.active || !moment.after.active) {
      whole(moment, line);
    } else {
      parts(moment);
    }
  }

  /// The common case of parts(): one segment, in which the customer was and is.
  static bool stays_in_one(const Moment& moment, Line line) noexcept {
    return (line == Line::expansion || line == Line::contraction) && moment.segments.size() == 1 &&
           moment.segments[0].before.active && moment.segments[0].after.active;
  }

  void put(Slot slot, std::uint32_t segment, Line line, RunRateSum amount, std::int64_t customers) noexcept {
    if (line == Line::reactivation && reactivation_ == Reactivation::as_new) line = Line::new_;
    if (line == Line::reactivation && reactivation_ == Reactivation::netted_from_churn) {
      line = Line::churn;
      amount = RunRateSum(-amount.annual);
      customers = -customers;
    }
    state_.add(line, (slot - grid_->first()) * segments_ + segment, amount, customers);
  }

  /// The customer as a whole came or went: so did each of its segments.
  void whole(const Moment& moment, Line line) noexcept {
    if (line == Line::closing) return;  // from one kind of paying nothing to another
    for (const SegmentChange& change : moment.segments) {
      const int128 difference = int128{change.after.annual} - change.before.annual;
      const bool counted = change.after.active != change.before.active;
      put(moment.slot, change.segment, line, RunRateSum(sign_of(line) < 0 ? -difference : difference),
          counted ? 1 : 0);
    }
  }

  /// The customer stays. What its segments gained and lost against each other is transfer; what is left over
  /// is expansion or contraction, shared among the segments on that side in proportion (largest remainder,
  /// ties to the lowest segment).
  void parts(const Moment& moment) {
    int128 gained = 0, lost = 0;
    for (const SegmentChange& change : moment.segments) {
      const int128 difference = int128{change.after.annual} - change.before.annual;
      (difference > 0 ? gained : lost) += difference > 0 ? difference : -difference;
    }
    const int128 transfer = std::min(gained, lost);
    const bool grows = gained >= lost;
    weights_.assign(moment.segments.size(), 0);
    sorted_.assign(moment.segments.begin(), moment.segments.end());
    std::sort(sorted_.begin(), sorted_.end(),
              [](const SegmentChange& a, const SegmentChange& b) { return a.segment < b.segment; });
    for (std::size_t i = 0; i < sorted_.size(); ++i) {
      const int128 difference = int128{sorted_[i].after.annual} - sorted_[i].before.annual;
      if ((difference > 0) == grows && difference != 0) weights_[i] = grows ? difference : -difference;
    }
    const std::vector<int128> shared =
        transfer == 0 ? std::vector<int128>(sorted_.size(), 0) : allocate(transfer, weights_);
    for (std::size_t i = 0; i < sorted_.size(); ++i) {
      const SegmentChange& change = sorted_[i];
      const int128 difference = int128{change.after.annual} - change.before.annual;
      const int128 size = difference < 0 ? -difference : difference;
      const int128 moved = weights_[i] != 0 ? shared[i] : size;
      const bool entered = !change.before.active && change.after.active;
      const bool left = change.before.active && !change.after.active;
      const Line across =
          difference > 0 || (difference == 0 && entered) ? Line::transfer_in : Line::transfer_out;
      put(moment.slot, change.segment, across, RunRateSum(moved), entered || left ? 1 : 0);
      if (size != moved)
        put(moment.slot, change.segment, difference > 0 ? Line::expansion : Line::contraction,
            RunRateSum(size - moved), 1);
    }
  }

  /// Whether the customer gave up some of one product and took some of another.
  static bool switches(const Moment& moment) noexcept {
    bool gained = false, lost = false;
    for (const LegChange& leg : moment.legs) (leg.after > leg.before ? gained : lost) = true;
    return gained && lost;
  }

  /// The customer stays and switches products. Money moves by product, customers by segment.
  void by_legs(const Moment& moment) {
    if (plan_switch_ == PlanSwitch::new_and_churn && swaps(moment)) return new_and_churn(moment);
    for (const SegmentChange& change : moment.segments) count_passage(moment.slot, change);
    counted_.clear();
    if (plan_switch_ == PlanSwitch::transfer) return transfer_legs(moment);
    for (const LegChange& leg : moment.legs) put_difference(moment.slot, leg);
  }

  /// 1 for the first leg of a segment on a line, 0 for the others: lines count customers, not legs.
  std::int64_t count_once(std::uint32_t segment, Line line) {
    if (std::find(counted_.begin(), counted_.end(), std::pair(segment, line)) != counted_.end()) return 0;
    counted_.emplace_back(segment, line);
    return 1;
  }

  void count_passage(Slot slot, const SegmentChange& change) noexcept {
    if (change.before.active == change.after.active) return;
    put(slot, change.segment, change.after.active ? Line::transfer_in : Line::transfer_out, {}, 1);
  }
  void put_difference(Slot slot, const LegChange& leg) {
    const int128 difference = int128{leg.after} - leg.before;
    const Line line = difference > 0 ? Line::expansion : Line::contraction;
    put(slot, leg.segment, line, RunRateSum(difference > 0 ? difference : -difference),
        count_once(leg.segment, line));
  }

  static bool is_taken(const LegChange& leg) noexcept { return leg.before == 0; }
  static bool is_dropped(const LegChange& leg) noexcept { return leg.after == 0; }
  static bool swaps(const Moment& moment) noexcept {
    return std::any_of(moment.legs.begin(), moment.legs.end(), is_taken) &&
           std::any_of(moment.legs.begin(), moment.legs.end(), is_dropped);
  }

  /// What legs gained and lost against each other is transfer, as parts() has it for segments.
  void transfer_legs(const Moment& moment) {
    int128 gained = 0, lost = 0;
    for (const LegChange& leg : moment.legs) {
      const int128 difference = int128{leg.after} - leg.before;
      (difference > 0 ? gained : lost) += difference > 0 ? difference : -difference;
    }
    const bool grows = gained >= lost;
    weights_.assign(moment.legs.size(), 0);
    for (std::size_t i = 0; i < moment.legs.size(); ++i) {
      const int128 difference = int128{moment.legs[i].after} - moment.legs[i].before;
      if ((difference > 0) == grows) weights_[i] = grows ? difference : -difference;
    }
    const std::vector<int128> shared = allocate(std::min(gained, lost), weights_);
    for (std::size_t i = 0; i < moment.legs.size(); ++i) {
      const LegChange& leg = moment.legs[i];
      const int128 difference = int128{leg.after} - leg.before;
      const int128 size = difference < 0 ? -difference : difference;
      const int128 moved = weights_[i] != 0 ? shared[i] : size;
      put(moment.slot, leg.segment, difference > 0 ? Line::transfer_in : Line::transfer_out,
          RunRateSum(moved), 0);
      if (size == moved) continue;
      const Line line = difference > 0 ? Line::expansion : Line::contraction;
      put(moment.slot, leg.segment, line, RunRateSum(size - moved), count_once(leg.segment, line));
    }
  }

  /// A product taken is new, a product dropped is churn; what only changed is expansion or contraction. The
  /// customer counts once on either side, or, between segments, where it came and went.
  void new_and_churn(const Moment& moment) {
    counted_.clear();
    const bool within = moment.legs.front().segment == moment.legs.back().segment;
    std::int64_t taken = within ? 1 : 0, dropped = within ? 1 : 0;
    if (!within)
      for (const SegmentChange& change : moment.segments) count_passage(moment.slot, change);
    for (const LegChange& leg : moment.legs) {
      if (is_taken(leg))
        put(moment.slot, leg.segment, Line::new_, RunRateSum(int128{leg.after}), std::exchange(taken, 0));
      else if (is_dropped(leg))
        put(moment.slot, leg.segment, Line::churn, RunRateSum(int128{leg.before}), std::exchange(dropped, 0));
      else
        put_difference(moment.slot, leg);
    }
    if (within)
      for (const SegmentChange& change : moment.segments) count_passage(moment.slot, change);
  }

  WaterfallState state_;
  const Grid* grid_;
  std::size_t segments_;
  Reactivation reactivation_;
  PlanSwitch plan_switch_;
  bool from_rows_;
  std::vector<Flow> levels_;
  std::vector<std::int64_t> lanes_;  ///< live amounts of rows; empty unless between begin_lanes() and flush()
  std::vector<int128> weights_;
  std::vector<SegmentChange> sorted_;
  std::vector<SegmentChange> steady_;
  std::vector<LegChange> steady_legs_;
  std::vector<std::pair<std::uint32_t, Line>> counted_;
};

}  // namespace tenure::detail
