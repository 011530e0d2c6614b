#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../core/period.hpp"
#include "../core/state.hpp"
#include "movement.hpp"

namespace tenure {

/// One cell of a bridge.
struct Flow {
  RunRateSum amount;
  std::int64_t customers = 0;
  friend bool operator==(const Flow&, const Flow&) = default;
};

/// What a result was computed over: its periods, and the segment it is cut by, if any.
struct Frame {
  Periods periods;
  std::string by = {};                       ///< name of the segment column, empty for the total
  std::vector<std::string> segments = {""};  ///< labels, sorted; for the total one empty label
  std::string policy_digest = {};

  std::size_t rows() const noexcept { return periods.size() * segments.size(); }
  std::size_t row(std::size_t period, std::size_t segment = 0) const noexcept {
    return period * segments.size() + segment;
  }
  friend bool operator==(const Frame&, const Frame&) = default;
};

/// An MRR bridge, per period and segment (row = period * segments + segment):
///
///   opening + new + expansion - contraction - churn + reactivation (+ transfer_in - transfer_out) = closing
///
/// Amounts are monthly, in major units; movements are never negative. The identity is checked by the engine
/// against an independent sum over the live rows, for money and for customers; closing(t) == opening(t + 1).
/// transfer lines are used when the bridge is cut by a segment: what a customer's segments gained and lost
/// against each other; they cancel over all segments, so that the bridges of the segments add up to the
/// bridge of the total.
struct Waterfall {
  Frame frame;
  Eigen::ArrayXd opening, new_, expansion, contraction, churn, reactivation, transfer_in, transfer_out,
      closing;
  std::array<std::vector<Flow>, line_count> exact;  ///< the same, exact, with customer counts

  const Flow& at(Line line, std::size_t period, std::size_t segment = 0) const {
    return exact[static_cast<std::size_t>(line)][frame.row(period, segment)];
  }
  /// One line as integers in minor units of the currency (10^-exponent), rounded so that every printed row
  /// still closes: opening and closing half-even, the movements by largest remainder.
  std::array<std::vector<int128>, line_count> rounded(int exponent) const;
};

/// The mergeable part of a Waterfall. Integer sums over disjoint customers: order and split cannot change a
/// bit. Period totals of two parts add cell by cell because a customer is in exactly one part.
class WaterfallState {
 public:
  explicit WaterfallState(Frame frame);

  void add(Line line, std::size_t row, RunRateSum amount, std::int64_t customers) noexcept {
    Flow& flow = flows_[static_cast<std::size_t>(line)][row];
    flow.amount += amount;
    flow.customers += customers;
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
