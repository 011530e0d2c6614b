#pragma once

#include <vector>

#include "../churn.hpp"
#include "timeline.hpp"

namespace tenure::detail {

/// Feeds one ChurnWindow per slot that is asked for.
class ChurnAccumulator {
 public:
  ChurnAccumulator(const Grid& grid, const ReportingPolicy& policy)
      : grid_(&grid),
        reactivation_as_new_(policy.reactivation == Reactivation::as_new),
        windows_(grid.size() - grid.first()),
        renews_(windows_.size(), 0) {}

  /// The next moments are those of another entity.
  void begin() noexcept {
    slot_ = none;
    std::fill(renews_.begin(), renews_.end(), std::uint8_t{0});
  }
  /// A row of the entity renews or ends in this window.
  void renews(std::size_t window) noexcept { renews_[window] = 1; }

  void moment(const Moment& moment) noexcept {
    if (moment.slot < grid_->first()) return;
    if (moment.slot != slot_) {
      slot_ = moment.slot;
      was_there_ = moment.before.active;
    }
    ChurnWindow& window = windows_[moment.slot - grid_->first()];
    const Level after = moment.at_same_rates();
    const RunRateSum change(int128{after.annual} - moment.before.annual);
    switch (classify(moment.before, after, moment.ever)) {
      case Line::reactivation:
        if (!reactivation_as_new_) {
          ++window.returned;
          window.reactivation += change;
          break;
        }
        [[fallthrough]];
      case Line::new_:
        ++window.joined;
        window.new_mrr += change;
        break;
      case Line::churn:
        ++(was_there_ ? window.lost : window.lost_joiners);
        (was_there_ ? window.churned : window.churned_joiners) -= change;
        break;
      case Line::expansion:
        window.expansion += change;
        break;
      case Line::contraction:
        window.contraction -= change;
        break;
      default:
        break;
    }
  }

  void finish(std::span<const Step> steps) noexcept {
    Level level;
    std::size_t next = 0;
    for (std::size_t i = 0; i < windows_.size(); ++i) {
      while (next < steps.size() && steps[next].slot < grid_->first() + i) level = steps[next++].level;
      if (level.active) {
        ++windows_[i].opening;
        windows_[i].opening_mrr += RunRateSum(int128{level.annual});
        if (renews_[i] != 0) {
          ++windows_[i].up_for_renewal;
          windows_[i].up_for_renewal_mrr += RunRateSum(int128{level.annual});
        }
      }
    }
  }

  ChurnAccumulator& operator+=(const ChurnAccumulator& other) noexcept {
    for (std::size_t i = 0; i < windows_.size(); ++i) windows_[i] += other.windows_[i];
    return *this;
  }
  const std::vector<ChurnWindow>& windows() const noexcept { return windows_; }
  /// Back to no customers.
  void clear() noexcept { std::fill(windows_.begin(), windows_.end(), ChurnWindow{}); }

 private:
  static constexpr std::size_t none = SIZE_MAX;

  const Grid* grid_;
  bool reactivation_as_new_;
  std::vector<ChurnWindow> windows_;
  std::vector<std::uint8_t> renews_;  ///< by window, of the present entity
  std::size_t slot_ = none;
  bool was_there_ = false;
};

}  // namespace tenure::detail
