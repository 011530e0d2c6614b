#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "rows.hpp"

/// The definitions once more, as plainly as they can be written: what every customer pays on every single
/// day, then what that makes at the ends of periods. No timelines, no differences, no running sums; nothing
/// is shared with the kernels.
namespace tenure::test {

inline constexpr std::size_t most_segments = 16;

/// What one customer (or subscription) pays on one day.
struct DayState {
  std::array<std::int64_t, most_segments> annual{};
  std::array<int, most_segments> live{};
};

struct Answer {
  std::array<std::vector<Flow>, line_count> bridge;  ///< by line, then period * segments + segment
  std::vector<Retention> retention;
  std::vector<Flow> triangle;  ///< by (segment * periods + cohort) * periods + age
};

class Reference {
 public:
  /// `segment_of` gives the segment of a row, below `segments`.
  template <class SegmentOf>
  Reference(std::span<const Row> rows, const Policy& policy, const Periods& periods, int horizon,
            std::size_t segments, SegmentOf segment_of)
      : policy_(policy.reporting), periods_(periods), segments_(segments) {
    std::map<std::pair<std::int64_t, std::int64_t>, std::vector<std::pair<Row, std::size_t>>> entities;
    first_day_ = periods.begin();
    last_day_ = periods.end() + 1;
    for (Row row : rows) {
      if (policy.loading.end == EndDate::inclusive && row.end != open_end) ++row.end;
      const std::int64_t part = policy_.grain == Grain::subscription ? row.subscription : 0;
      entities[{row.customer, part}].emplace_back(row, segment_of(row));
      first_day_ = std::min(first_day_, row.start);
      last_day_ = std::max({last_day_, row.start + 1, row.end == open_end ? row.start : row.end + 1});
    }
    --first_day_;
    history_ = Periods(periods.calendar(), first_day_, periods.end() - 1).bounds();
    for (auto& line : answer_.bridge) line.resize(periods.size() * segments);
    answer_.retention.resize(periods.size() * segments);
    answer_.triangle.resize(periods.size() * periods.size() * segments);
    for (const auto& [id, timeline] : entities) add(timeline, horizon);
  }

  const Answer& answer() const { return answer_; }

 private:
  struct Total {
    std::int64_t annual = 0;
    bool active = false;
  };

  void add(const std::vector<std::pair<Row, std::size_t>>& timeline, int horizon) {
    days_.assign(static_cast<std::size_t>(last_day_ - first_day_) + 1, {});
    for (const auto& [row, segment] : timeline)
      for (Day day = row.start; day < std::min(row.end, last_day_ + 1); ++day) {
        DayState& state = days_[static_cast<std::size_t>(day - first_day_)];
        state.annual[segment] += row.monthly * 12;
        state.live[segment] += 1;
      }
    carry_over_gaps();
    bridge();
    retention(horizon);
    triangle();
  }

  Total part(const DayState& state, std::size_t segment) const {
    const bool free_counts = policy_.free_customers == FreeCustomers::active;
    return {state.annual[segment], free_counts ? state.live[segment] > 0 : state.annual[segment] > 0};
  }
  Total whole(const DayState& state) const {
    Total total;
    for (std::size_t segment = 0; segment < segments_; ++segment) {
      total.annual += state.annual[segment];
      total.active = total.active || part(state, segment).active;
    }
    return total;
  }
  const DayState& on(Day day) const {
    return days_[static_cast<std::size_t>(std::clamp(day, first_day_, last_day_) - first_day_)];
  }

  /// Who comes back after no more than gap_days days without service paid through.
  void carry_over_gaps() {
    std::ptrdiff_t last_active = -1;
    for (std::ptrdiff_t day = 0; day < std::ssize(days_); ++day) {
      if (!whole(days_[static_cast<std::size_t>(day)]).active) continue;
      const std::ptrdiff_t gap = day - last_active - 1;
      if (last_active >= 0 && gap > 0 && gap <= policy_.gap_days)
        std::fill(days_.begin() + last_active + 1, days_.begin() + day,
                  days_[static_cast<std::size_t>(last_active)]);
      last_active = day;
    }
  }

  /// The state that stands for a period: its last day, or its first.
  const DayState& closing(Day begin, Day end) const {
    return on(policy_.as_of == AsOf::period_end ? end - 1 : begin);
  }
  const DayState& closing(std::size_t past) const { return closing(history_[past], history_[past + 1]); }
  std::size_t first_asked() const { return history_.size() - 1 - periods_.size(); }

  void put(Line line, std::size_t period, std::size_t segment, std::int64_t amount, int customers) {
    if (line == Line::reactivation && policy_.reactivation == Reactivation::as_new) line = Line::new_;
    Flow& flow = answer_.bridge[static_cast<std::size_t>(line)][period * segments_ + segment];
    flow.amount += RunRate{amount};
    flow.customers += customers;
  }

  void bridge() {
    bool ever = false;
    for (std::size_t past = 0; past + 1 < history_.size(); ++past) {
      const DayState before = past == 0 ? DayState{} : closing(past - 1);
      const DayState after = closing(past);
      const bool asked = past >= first_asked();
      const std::size_t period = past - first_asked();
      for (std::size_t segment = 0; asked && segment < segments_; ++segment) {
        put(Line::opening, period, segment, before.annual[segment], part(before, segment).active);
        put(Line::closing, period, segment, after.annual[segment], part(after, segment).active);
      }
      if (policy_.netting == Netting::period) {
        if (asked) movement(period, before, after, ever);
        ever = ever || whole(after).active;
        continue;
      }
      const bool at_end = policy_.as_of == AsOf::period_end;
      const Day from = at_end ? history_[past] : past == 0 ? first_day_ : history_[past - 1] + 1;
      const Day to = at_end ? history_[past + 1] - 1 : history_[past];
      for (Day day = from; day <= to; ++day) {
        if (asked) movement(period, on(day - 1), on(day), ever);
        ever = ever || whole(on(day)).active;
      }
    }
  }

  void movement(std::size_t period, const DayState& before, const DayState& after, bool ever) {
    const Total was = whole(before), is = whole(after);
    std::int64_t gained = 0, lost = 0;
    for (std::size_t segment = 0; segment < segments_; ++segment) {
      const std::int64_t change = after.annual[segment] - before.annual[segment];
      const bool moved = part(after, segment).active != part(before, segment).active;
      if (was.active != is.active && (change != 0 || moved))
        put(is.active ? (ever ? Line::reactivation : Line::new_) : Line::churn, period, segment,
            is.active ? change : -change, moved ? 1 : 0);
      (change > 0 ? gained : lost) += std::abs(change);
    }
    if (was.active && is.active) shift(period, before, after, gained, lost);
  }

  /// A customer that stays: what its segments took from each other is transfer, the rest expansion or
  /// contraction.
  void shift(std::size_t period, const DayState& before, const DayState& after, std::int64_t gained,
             std::int64_t lost) {
    const bool grows = gained >= lost;
    const int128 transfer = std::min(gained, lost), side = std::max(gained, lost);
    std::array<std::int64_t, most_segments> moved{};
    std::vector<std::pair<int128, std::size_t>> remainders;
    int128 left = transfer;
    for (std::size_t segment = 0; segment < segments_; ++segment) {
      const std::int64_t change = after.annual[segment] - before.annual[segment];
      moved[segment] = std::abs(change);
      if (change == 0 || (change > 0) != grows) continue;
      moved[segment] = static_cast<std::int64_t>(transfer * std::abs(change) / side);
      left -= moved[segment];
      remainders.emplace_back(-(transfer * std::abs(change) % side), segment);
    }
    std::sort(remainders.begin(), remainders.end());
    for (std::size_t i = 0; left > 0; ++i, --left) ++moved[remainders[i].second];
    for (std::size_t segment = 0; segment < segments_; ++segment) {
      const std::int64_t change = after.annual[segment] - before.annual[segment];
      const int entered = int{part(after, segment).active} - int{part(before, segment).active};
      const bool in = change > 0 || (change == 0 && entered > 0);
      put(in ? Line::transfer_in : Line::transfer_out, period, segment, moved[segment], std::abs(entered));
      const std::int64_t rest = std::abs(change) - moved[segment];
      if (rest != 0) put(change > 0 ? Line::expansion : Line::contraction, period, segment, rest, 1);
    }
  }

  /// The segment that pays most; of equals, the first. One without a live row does not count.
  std::size_t home(const DayState& state) const {
    std::size_t best = most_segments;
    for (std::size_t segment = segments_; segment-- > 0;)
      if (state.live[segment] > 0 && (best == most_segments || state.annual[segment] >= state.annual[best]))
        best = segment;
    return best == most_segments ? 0 : best;
  }

  void retention(int horizon) {
    for (std::size_t period = 0; period < periods_.size(); ++period) {
      const std::ptrdiff_t past = static_cast<std::ptrdiff_t>(first_asked() + period) - horizon;
      if (past < 0) continue;
      const DayState& base = closing(static_cast<std::size_t>(past));
      const Total then = whole(base), now = whole(closing(first_asked() + period));
      if (!then.active) continue;
      Retention& cell = answer_.retention[period * segments_ + home(base)];
      cell.opening += RunRate{then.annual};
      cell.closing += RunRate{now.annual};
      cell.capped += RunRate{std::min(then.annual, now.annual)};
      cell.customers += 1;
      cell.kept += now.active;
    }
  }

  void triangle() {
    std::size_t start = 0;
    while (start + 1 < history_.size() && !whole(closing(start)).active) ++start;
    if (start + 1 >= history_.size() || start < first_asked()) return;
    const std::size_t segment = home(closing(start)), n = periods_.size(), cohort = start - first_asked();
    for (std::size_t age = 0; cohort + age < n; ++age) {
      const Total now = whole(closing(start + age));
      Flow& cell = answer_.triangle[(segment * n + cohort) * n + age];
      cell.amount += RunRate{now.annual};
      cell.customers += now.active;
    }
  }

  ReportingPolicy policy_;
  const Periods& periods_;
  std::size_t segments_;
  Day first_day_, last_day_;
  std::vector<Day> history_;  ///< bounds of the periods from the first row to the last period asked for
  std::vector<DayState> days_;
  Answer answer_;
};

}  // namespace tenure::test
