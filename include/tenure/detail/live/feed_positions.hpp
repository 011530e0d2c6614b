#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "../../model/event.hpp"

namespace tenure::detail {

/// Which positions of a feed were delivered, as runs. In order, each only makes the last run longer.
class FeedPositions {
 public:
  void put(std::int64_t position) {
    auto after = runs_.upper_bound(position);
    if (after != runs_.begin()) {
      const auto run = std::prev(after);
      if (position <= run->second) return;
      if (position == run->second + 1) {
        run->second = position;
        if (after != runs_.end() && after->first == position + 1) {
          run->second = after->second;
          runs_.erase(after);
        }
        return;
      }
    }
    if (after != runs_.end() && after->first - 1 == position) {
      const std::int64_t last = after->second;
      runs_.erase(after);
      runs_.emplace(position, last);
      return;
    }
    runs_.emplace(position, position);
  }

  bool holds(std::int64_t position) const noexcept {
    const auto after = runs_.upper_bound(position);
    return after != runs_.begin() && position <= std::prev(after)->second;
  }

  std::vector<FeedGap> gaps() const {
    std::vector<FeedGap> gaps;
    for (auto run = runs_.begin(); run != runs_.end(); ++run)
      if (const auto next = std::next(run); next != runs_.end())
        gaps.push_back({run->second + 1, next->first - 1});
    return gaps;
  }

  struct NewGap {
    FeedGap gap;
    std::int64_t position;  ///< that leaves it
  };
  /// The first gap that `positions` (sorted) would leave where nothing was missing before. Positions before
  /// the first that was delivered were not missing.
  std::optional<NewGap> new_gap(std::span<const std::int64_t> positions) const {
    if (positions.empty()) return std::nullopt;
    std::int64_t reached = runs_.empty() ? positions.front() : runs_.rbegin()->second;
    const std::int64_t begin = runs_.empty() ? reached : runs_.begin()->first;
    for (const std::int64_t position : positions) {
      if (position <= reached) continue;
      if (position != reached + 1) return NewGap{{reached + 1, position - 1}, position};
      reached = position;
    }
    // Before the beginning a feed may go on backwards, without a hole.
    std::int64_t down = begin;
    for (auto position = positions.rbegin(); position != positions.rend(); ++position) {
      if (*position >= down) continue;
      if (*position != down - 1) return NewGap{{*position + 1, down - 1}, *position};
      down = *position;
    }
    return std::nullopt;
  }

 private:
  std::map<std::int64_t, std::int64_t> runs_;  ///< first and last
};

}  // namespace tenure::detail
