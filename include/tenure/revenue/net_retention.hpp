#pragma once

#include <vector>

#include "../core/ratio.hpp"
#include "waterfall.hpp"

namespace tenure {

/// What the customers who paid at the start of a window pay at its end.
///
///   NRR = sum(closing) / sum(opening)                  0 <= NRR
///   GRR = sum(min(closing, opening)) / sum(opening)    0 <= GRR <= 1
///   logo retention = customers still paying / customers who paid at the opening
///
/// Population: customers at the opening (opening > 0; under FreeCustomers::active also who has a
/// subscription at 0, which matters for logo retention only); one won or won back inside the window is not
/// in it. The cap is per customer. Capping the total (one vendor's published method) hides contraction: 100
/// % where this gives 60 % (case grr-cb-02). Horizon: 12 months is the usual reading of the bare word; 1
/// month is what a bridge shows. Undefined: `empty_base` when nobody paid at the opening.
struct Retention {
  RunRateSum opening, closing, capped;
  std::int64_t customers = 0, kept = 0;

  void add(RunRate opens, RunRate closes) noexcept {
    if (opens <= RunRate{}) return;
    opening += opens;
    closing += closes;
    capped += std::min(opens, closes);
    ++customers;
    kept += closes > RunRate{};
  }
  /// Integer sums over disjoint customers: order and split cannot change a bit.
  Retention& operator+=(const Retention& other) noexcept {
    opening += other.opening;
    closing += other.closing;
    capped += other.capped;
    customers += other.customers;
    kept += other.kept;
    return *this;
  }

  Ratio nrr() const noexcept { return {closing.annual, opening.annual}; }
  Ratio grr() const noexcept { return {capped.annual, opening.annual}; }
  Ratio logo_retention() const noexcept { return {kept, customers}; }
  friend bool operator==(const Retention&, const Retention&) = default;
};

/// Retention of each period against the period `horizon` before it. Cut by a segment, a customer belongs to
/// the segment in which it paid most at the opening (ties: the label that sorts first), wherever it pays now:
/// so the opening-weighted mean of the segments is the total.
struct NetRetention {
  Frame frame;
  int horizon = 12;                ///< in periods of the frame
  std::vector<Retention> windows;  ///< by frame.row(period, segment)

  const Retention& at(std::size_t period, std::size_t segment = 0) const {
    return windows[frame.checked_row(period, segment)];
  }
};

/// The mergeable part: sums per window.
class NetRetentionState {
 public:
  NetRetentionState(Frame frame, int horizon);

  Retention& operator[](std::size_t row) noexcept { return windows_[row]; }
  /// Throws StateError E_STATE_FRAME for other periods, horizon or definitions.
  NetRetentionState& operator+=(const NetRetentionState& other);
  NetRetention finish() const { return {frame_, horizon_, windows_}; }

  std::vector<std::byte> write() const;
  static NetRetentionState read(std::span<const std::byte> bytes);

  const Frame& frame() const noexcept { return frame_; }
  int horizon() const noexcept { return horizon_; }
  friend bool operator==(const NetRetentionState&, const NetRetentionState&) = default;

 private:
  Frame frame_;
  int horizon_;
  std::vector<Retention> windows_;
};

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/net_retention.ipp"
#endif
