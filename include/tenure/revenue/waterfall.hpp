#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../core/frame.hpp"
#include "movement.hpp"

namespace tenure {

/// An MRR bridge, per period and segment (row = period * segments + segment):
///
///   opening + new + expansion - contraction - churn + reactivation
///           (- paused + resumed) (+ fx) (+ transfer_in - transfer_out) = closing
///
/// Amounts are monthly, in major units; movements are never negative (but for fx, and for churn under
/// Reactivation::netted_from_churn); closing(t) == opening(t + 1). The engine checks the identity for money
/// and for customers: money against an independent sum over the live rows (with a gap tolerance, which
/// carries levels that no row has, against the levels of the timelines), customers against how many are
/// active.
///
/// Transfer lines are used when the bridge is cut by a segment, or under PlanSwitch::transfer: what a
/// customer's segments, or products, gained and lost against each other. Their money cancels over all
/// segments, so that the bridges of the segments add up to the bridge of the total. Customer counts do not:
/// a customer in two segments counts in both, and one who stays a customer enters a segment as transfer_in
/// and leaves it as transfer_out, whatever the money is. Under a PlanSwitch other than difference what is
/// switched is a product within a segment: a product that moves to another segment is a switch, too.
struct Waterfall {
  Frame frame;
  Eigen::ArrayXd opening, new_, expansion, contraction, churn, reactivation, paused, resumed, fx, transfer_in,
      transfer_out, closing;
  std::array<std::vector<Flow>, line_count> exact;  ///< the same, exact, with customer counts
  std::int64_t rounded_to = 1;  ///< annual micro-units to which the arrays are rounded; 1: they are not

  /// Throws InputError E_WINDOW for a period or segment that the result does not have.
  const Flow& at(Line line, std::size_t period, std::size_t segment = 0) const {
    return exact[static_cast<std::size_t>(line)][frame.checked_row(period, segment)];
  }
  /// One line as integers in minor units of the currency (10^-exponent), rounded so that every printed row
  /// still closes: opening and closing half-even, the movements by largest remainder.
  std::array<std::vector<int128>, line_count> rounded(int exponent) const;
  /// Puts the rounded lines into the arrays (`exact` stays): TotalRounding::minor.
  void round(int exponent);
};

/// The mergeable part of a Waterfall. Integer sums over disjoint customers: order and split cannot change a
/// bit. Period totals of two parts add cell by cell because a customer is in exactly one part.
class WaterfallState {
 public:
  explicit WaterfallState(Frame frame);

  void add(Line line, std::size_t row, RunRateSum amount, std::int64_t customers) noexcept {
    flows_[static_cast<std::size_t>(line)][row] += Flow{amount, customers};
  }
  const Flow& at(Line line, std::size_t row) const noexcept {
    return flows_[static_cast<std::size_t>(line)][row];
  }
  /// Back to no customers, over the same frame.
  void clear() noexcept;
  /// Adds the customers of another part. Throws StateError E_STATE_FRAME if it was computed over other
  /// periods, segments or definitions. Segments of either part are kept.
  WaterfallState& operator+=(const WaterfallState& other);
  /// Checks that every bridge closes (IntegrityError E_BRIDGE_OPEN if one does not) and divides.
  Waterfall finish() const;

  std::vector<std::byte> write() const;
  static WaterfallState read(std::span<const std::byte> bytes);

  const Frame& frame() const noexcept { return frame_; }
  friend bool operator==(const WaterfallState&, const WaterfallState&) = default;

 private:
  Frame frame_;
  std::array<std::vector<Flow>, line_count> flows_;
};

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/waterfall.ipp"
#endif
