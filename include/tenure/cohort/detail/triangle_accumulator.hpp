#pragma once

#include "../../revenue/detail/timeline.hpp"
#include "../triangle.hpp"

namespace tenure::detail {

/// Feeds a TriangleState with each change of a customer's level, at (first paying period, period of the
/// change).
class TriangleAccumulator {
 public:
  TriangleAccumulator(Frame frame, const Grid& grid) : state_(std::move(frame)), grid_(&grid) {}

  void moment(const Moment&) noexcept {}

  void finish(std::span<const Step> steps) noexcept {
    std::size_t first = 0;
    while (first < steps.size() && !steps[first].level.active) ++first;
    if (first == steps.size() || steps[first].slot < grid_->first()) return;
    const std::size_t cohort = steps[first].slot - grid_->first();
    Level before;
    for (std::size_t i = first; i < steps.size(); ++i) {
      const Level after = steps[i].level;
      state_.add(cohort, steps[i].slot - grid_->first(), steps[first].home,
                 RunRateSum(int128{after.annual} - before.annual), int{after.active} - int{before.active});
      before = after;
    }
  }

  /// Totals of many customers at once, as the narrow sweep collects them.
  void add(std::size_t cohort, std::size_t period, RunRateSum amount, std::int64_t customers) noexcept {
    state_.add(cohort, period, 0, amount, customers);
  }

  TriangleAccumulator& operator+=(const TriangleAccumulator& other) {
    state_ += other.state_;
    return *this;
  }
  TriangleState finish() && { return std::move(state_); }

 private:
  TriangleState state_;
  const Grid* grid_;
};

}  // namespace tenure::detail
