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
  BridgeAccumulator(Frame frame, const Grid& grid, const ReportingPolicy& policy)
      : state_(std::move(frame)),
        grid_(&grid),
        segments_(state_.frame().segments.size()),
        fold_reactivation_(policy.reactivation == Reactivation::as_new),
        from_rows_(policy.gap_days == 0),
        levels_((state_.frame().periods.size() + 1) * segments_) {}

  /// The live amount of one row, counted without its timeline.
  void row(const PackedRow& row, std::uint32_t segment) noexcept {
    if (!from_rows_ || row.start >= row.end) return;
    const Slot start = (*grid_)[row.start];
    if (start >= grid_->beyond()) return;
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
    const Line line = classify(moment.before, moment.after, moment.ever);
    if (stays_in_one(moment, line)) {
      const int128 difference = int128{moment.after.annual} - moment.before.annual;
      put(moment.slot, moment.segments[0].segment, line,
          RunRateSum(difference < 0 ? -difference : difference), 1);
    } else if (line == Line::new_ || line == Line::churn || line == Line::reactivation)
      whole(moment, line);
    else
      parts(moment);
  }
  void finish(std::span<const Step>) noexcept {}

  /// Totals of many customers at once, as the narrow sweep collects them.
  void add(Slot slot, Line line, RunRateSum amount, std::int64_t customers) noexcept {
    if (slot >= grid_->first()) put(slot, 0, line, amount, customers);
  }
  void add_level(Slot slot, RunRateSum amount, std::int64_t customers) noexcept {
    level(slot, 0) += Flow{amount, customers};
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
  /// Back to no customers.
  void clear() noexcept {
    state_.clear();
    std::fill(levels_.begin(), levels_.end(), Flow{});
  }

 private:
  /// Changes of level per period of the window, all that came before it in position 0.
  Flow& level(Slot slot, std::uint32_t segment) noexcept {
    const std::size_t at = slot < grid_->first() ? 0 : slot - grid_->first() + 1;
    return levels_[at * segments_ + segment];
  }

  /// The common case of parts(): one segment, in which the customer was and is.
  static bool stays_in_one(const Moment& moment, Line line) noexcept {
    return (line == Line::expansion || line == Line::contraction) && moment.segments.size() == 1 &&
           moment.segments[0].before.active && moment.segments[0].after.active;
  }

  void put(Slot slot, std::uint32_t segment, Line line, RunRateSum amount, std::int64_t customers) noexcept {
    if (line == Line::reactivation && fold_reactivation_) line = Line::new_;
    state_.add(line, (slot - grid_->first()) * segments_ + segment, amount, customers);
  }

  /// The customer as a whole came or went: so did each of its segments.
  void whole(const Moment& moment, Line line) noexcept {
    for (const SegmentChange& change : moment.segments) {
      const int128 difference = int128{change.after.annual} - change.before.annual;
      const bool counted = change.after.active != change.before.active;
      put(moment.slot, change.segment, line, RunRateSum(line == Line::churn ? -difference : difference),
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

  WaterfallState state_;
  const Grid* grid_;
  std::size_t segments_;
  bool fold_reactivation_, from_rows_;
  std::vector<Flow> levels_;
  std::vector<int128> weights_;
  std::vector<SegmentChange> sorted_;
};

}  // namespace tenure::detail
