#pragma once

#include <vector>

#include "../net_retention.hpp"
#include "timeline.hpp"

namespace tenure::detail {

/// Feeds a NetRetentionState. A customer's constant stretches are laid over themselves, shifted by the
/// horizon; only where either changes is anything touched, and running sums are taken once at the end.
class RetentionAccumulator {
 public:
  RetentionAccumulator(Frame frame, int horizon, const Grid& grid)
      : state_(std::move(frame), horizon),
        grid_(&grid),
        segments_(state_.frame().segments.size()),
        horizon_(static_cast<std::size_t>(horizon)),
        changes_((grid.size() + 1) * segments_) {}

  void moment(const Moment&) noexcept {}

  void finish(std::span<const Step> steps) noexcept {
    std::size_t now = 0, past = 0;
    Window last;
    std::uint32_t home = 0;
    while (past < steps.size()) {
      const std::size_t next_now = now < steps.size() ? steps[now].slot : SIZE_MAX;
      const std::size_t next_past = steps[past].slot + horizon_;
      const std::size_t at = std::min(next_now, next_past);
      if (at >= grid_->size()) break;
      if (next_now == at) ++now;
      if (next_past == at) ++past;
      const Level base = past > 0 ? steps[past - 1].level : Level{};
      const Level current = now > 0 ? steps[now - 1].level : Level{};
      const std::uint32_t next_home = past > 0 ? steps[past - 1].home : home;
      const Window next = base.active ? Window{base.annual, current.annual,
                                               std::min(base.annual, current.annual), 1, current.active}
                                      : Window{};
      if (next_home == home) {
        change(at, home, last, next);
      } else {
        change(at, home, last, {});
        change(at, next_home, {}, next);
      }
      home = next_home;
      last = next;
    }
  }

  /// Totals of many customers at once, as the narrow sweep collects them.
  void add(std::size_t slot, const Retention& change) noexcept { changes_[slot] += change; }

  /// From here to flush(), all run rates together stay below 2^62: 64-bit lanes hold every sum.
  void begin_lanes() { lanes_.assign(changes_.size(), Window{}); }
  void flush() noexcept {
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      const Window& lane = lanes_[i];
      changes_[i] += Retention{RunRate{lane.opening}, RunRate{lane.closing}, RunRate{lane.capped},
                               lane.customers, lane.kept};
    }
    lanes_.clear();
  }

  RetentionAccumulator& operator+=(const RetentionAccumulator& other) noexcept {
    for (std::size_t i = 0; i < changes_.size(); ++i) changes_[i] += other.changes_[i];
    return *this;
  }

  NetRetentionState finish() && {
    std::vector<Retention> running(segments_);
    for (std::size_t slot = 0; slot < grid_->size(); ++slot)
      for (std::size_t segment = 0; segment < segments_; ++segment) {
        running[segment] += changes_[slot * segments_ + segment];
        if (slot >= grid_->first()) state_[(slot - grid_->first()) * segments_ + segment] = running[segment];
      }
    return std::move(state_);
  }

 private:
  struct Window {
    std::int64_t opening = 0, closing = 0, capped = 0;
    int customers = 0, kept = 0;
  };

  void change(std::size_t slot, std::uint32_t home, const Window& from, const Window& to) noexcept {
    if (from.customers == 0 && to.customers == 0) return;
    if (!lanes_.empty()) {
      Window& lane = lanes_[slot * segments_ + home];
      lane.opening += to.opening - from.opening;
      lane.closing += to.closing - from.closing;
      lane.capped += to.capped - from.capped;
      lane.customers += to.customers - from.customers;
      lane.kept += to.kept - from.kept;
      return;
    }
    Retention& cell = changes_[slot * segments_ + home];
    cell.opening += RunRateSum(int128{to.opening} - from.opening);
    cell.closing += RunRateSum(int128{to.closing} - from.closing);
    cell.capped += RunRateSum(int128{to.capped} - from.capped);
    cell.customers += to.customers - from.customers;
    cell.kept += to.kept - from.kept;
  }

  NetRetentionState state_;
  const Grid* grid_;
  std::size_t segments_, horizon_;
  std::vector<Retention> changes_;
  std::vector<Window> lanes_;  ///< empty unless between begin_lanes() and flush()
};

}  // namespace tenure::detail
