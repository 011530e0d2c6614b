#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "rows.hpp"

/// The definitions once more, as plainly as they can be written: what every customer pays on every single
/// day, then what that makes at the ends of periods. No timelines, no differences, no running sums; nothing
/// is shared with the kernels.
namespace tenure::test {

inline constexpr std::size_t most_segments = 16, most_products = 4;

/// What one customer (or subscription, or item) pays on one day.
struct DayState {
  std::array<std::int64_t, most_segments> annual{};
  std::array<int, most_segments> live{}, paused{};
  std::array<std::array<std::int64_t, most_products>, most_segments> product{};  ///< parts of annual
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
    std::map<std::tuple<std::int64_t, std::int64_t, int>, std::vector<std::pair<Row, std::size_t>>> entities;
    first_day_ = periods.begin();
    last_day_ = periods.end() + 1;
    has_products_ = std::any_of(rows.begin(), rows.end(), [](const Row& row) { return row.product != 0; });
    for (const Row& row : loaded(rows, policy)) {
      const std::int64_t subscription = policy_.grain != Grain::customer ? row.subscription : 0;
      const int product = policy_.grain == Grain::item ? row.product : 0;
      entities[{row.customer, subscription, product}].emplace_back(row, segment_of(row));
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
    bool paused = false;
  };

  /// The rows as a loading policy reads them: which of them, until when, at what price.
  static std::vector<Row> loaded(std::span<const Row> rows, const Policy& policy) {
    const LoadingPolicy& loading = policy.loading;
    if (loading.usage == Usage::only || loading.one_time == OneTime::only) return {};
    std::vector<Row> all(rows.begin(), rows.end());
    for (Row& row : all) {
      if (loading.end == EndDate::inclusive && row.end != open_end) ++row.end;
      if (row.paused && loading.paused != Paused::unchanged) row.monthly = row.rest = 0;
      const std::int64_t unit = loading.rounding == LineRounding::minor           ? 10'000
                                : loading.rounding == LineRounding::four_decimals ? 100
                                                                                  : 1;
      row.monthly = (row.monthly + unit / 2) / unit * unit;
    }
    if (loading.churn_at != ChurnAt::day_after) return all;
    std::vector<Row> moved = all;
    for (Row& row : moved) {
      if (row.end == open_end) continue;
      const bool goes_on = std::any_of(all.begin(), all.end(), [&](const Row& next) {
        const bool same = next.customer == row.customer && (policy.reporting.grain == Grain::customer ||
                                                            next.subscription == row.subscription);
        return same && next.start == row.end && next.start > row.start;
      });
      row.end += goes_on ? 0 : 1;
    }
    return moved;
  }

  void add(const std::vector<std::pair<Row, std::size_t>>& timeline, int horizon) {
    days_.assign(static_cast<std::size_t>(last_day_ - first_day_) + 1, {});
    for (const auto& [row, segment] : timeline)
      for (Day day = row.start; day < std::min(row.end, last_day_ + 1); ++day) {
        DayState& state = days_[static_cast<std::size_t>(day - first_day_)];
        state.annual[segment] += row.annual();
        state.product[segment][static_cast<std::size_t>(row.product)] += row.annual();
        state.live[segment] += 1;
        state.paused[segment] += row.paused && row.annual() == 0 ? 1 : 0;
      }
    carry_over_gaps();
    if (policy_.netting == Netting::drop_short_stays) drop_short_stays();
    bridge();
    retention(horizon);
    triangle();
  }

  Total part(const DayState& state, std::size_t segment) const {
    const bool own = policy_.pause_movement == PauseMovement::own;
    const int subscriptions = state.live[segment] - (own ? state.paused[segment] : 0);
    const bool free_counts = policy_.free_customers == FreeCustomers::active;
    const bool active = state.annual[segment] > 0 || (free_counts && subscriptions > 0);
    return {state.annual[segment], active, own && !active && state.paused[segment] > 0};
  }
  Total whole(const DayState& state) const {
    Total total;
    for (std::size_t segment = 0; segment < segments_; ++segment) {
      const Total one = part(state, segment);
      total.annual += one.annual;
      total.active = total.active || one.active;
      total.paused = total.paused || one.paused;
    }
    total.paused = total.paused && !total.active;
    return total;
  }
  const DayState& on(Day day) const {
    return days_[static_cast<std::size_t>(std::clamp(day, first_day_, last_day_) - first_day_)];
  }

  /// Whether who was away on the days [left, back) never left.
  bool tolerated(Day left, Day back) const {
    if (policy_.gap_months == 0) return back - left <= policy_.gap_days;
    int whole_months = 0;
    for (Day day = left; day < back; ++day)
      whole_months += civil_from_days(day).day == 1 && anniversary(day, 1) <= back;
    return whole_months < policy_.gap_months;
  }

  /// Who comes back soon enough paid through.
  void carry_over_gaps() {
    std::ptrdiff_t last_active = -1;
    for (std::ptrdiff_t day = 0; day < std::ssize(days_); ++day) {
      if (!whole(days_[static_cast<std::size_t>(day)]).active) continue;
      const Day left = first_day_ + static_cast<Day>(last_active) + 1,
                back = first_day_ + static_cast<Day>(day);
      if (last_active >= 0 && back > left && tolerated(left, back))
        std::fill(days_.begin() + last_active + 1, days_.begin() + day,
                  days_[static_cast<std::size_t>(last_active)]);
      last_active = day;
    }
  }

  /// The days on which an event belongs to a period: those of the period, or, where a period is its first
  /// day, all after the first day of the period before it.
  std::pair<Day, Day> days_of(std::size_t past) const {
    if (policy_.as_of == AsOf::period_end) return {history_[past], history_[past + 1]};
    return {past == 0 ? first_day_ : history_[past - 1] + 1, history_[past] + 1};
  }

  /// Who comes and goes within one period was never there.
  void drop_short_stays() {
    for (std::size_t past = 0; past + 1 < history_.size(); ++past) {
      const auto [begin, end] = days_of(past);
      for (Day come = begin; come < end; ++come) {
        if (whole(on(come - 1)).active || !whole(on(come)).active) continue;
        Day go = come;
        while (go < end && whole(on(go)).active) ++go;
        if (go == end) break;
        const auto at = [&](Day day) { return days_.begin() + (day - first_day_); };
        std::fill(at(come), at(go), on(come - 1));
      }
    }
  }

  /// Whether the first return on the days [begin, end) is after more days than Reactivation::within_days
  /// allows.
  bool returns_late(Day begin, Day end) const {
    if (policy_.reactivation != Reactivation::within_days) return false;
    for (Day day = begin; day < end; ++day) {
      if (whole(on(day - 1)).active || !whole(on(day)).active) continue;
      Day last = day - 1;
      while (last >= first_day_ && !whole(on(last)).active) --last;
      if (last >= first_day_) return day - (last + 1) > policy_.reactivation_days;
    }
    return false;
  }

  /// The state that stands for a period: its last day, or its first.
  const DayState& closing(Day begin, Day end) const {
    return on(policy_.as_of == AsOf::period_end ? end - 1 : begin);
  }
  const DayState& closing(std::size_t past) const { return closing(history_[past], history_[past + 1]); }
  std::size_t first_asked() const { return history_.size() - 1 - periods_.size(); }

  void put(Line line, std::size_t period, std::size_t segment, std::int64_t amount, int customers) {
    if (line == Line::reactivation && policy_.reactivation == Reactivation::as_new) line = Line::new_;
    if (line == Line::reactivation && policy_.reactivation == Reactivation::netted_from_churn) {
      line = Line::churn;
      amount = -amount;
      customers = -customers;
    }
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
      const auto [from, to] = days_of(past);
      if (policy_.netting == Netting::period) {
        if (asked) movement(period, before, after, ever && !returns_late(from, to));
        ever = ever || whole(after).active;
        continue;
      }
      for (Day day = from; day < to; ++day) {
        if (asked) movement(period, on(day - 1), on(day), ever && !returns_late(day, day + 1));
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
        put(passage(was, is, ever), period, segment, is.active ? change : -change, moved ? 1 : 0);
      (change > 0 ? gained : lost) += std::abs(change);
    }
    if (!was.active || !is.active) return;
    const std::vector<Leg> legs = changed_legs(before, after);
    const auto grows = [](const Leg& leg) { return leg.after > leg.before; };
    if (std::any_of(legs.begin(), legs.end(), grows) && !std::all_of(legs.begin(), legs.end(), grows))
      plan_switch(period, before, after, legs);
    else
      shift(period, before, after, gained, lost);
  }
  static Line passage(const Total& was, const Total& is, bool ever) {
    if (!is.active) return is.paused ? Line::paused : Line::churn;
    return was.paused ? Line::resumed : ever ? Line::reactivation : Line::new_;
  }

  /// What a customer pays for one product in one segment.
  struct Leg {
    std::size_t segment;
    std::int64_t before, after;
  };
  std::vector<Leg> changed_legs(const DayState& before, const DayState& after) const {
    std::vector<Leg> legs;
    if (policy_.plan_switch == PlanSwitch::difference || !has_products_) return legs;
    for (std::size_t segment = 0; segment < segments_; ++segment)
      for (std::size_t product = 0; product < most_products; ++product)
        if (before.product[segment][product] != after.product[segment][product])
          legs.push_back({segment, before.product[segment][product], after.product[segment][product]});
    return legs;
  }

  /// A customer that stays and gives up some of one product for some of another. Lines count it once per
  /// segment, however many products.
  void plan_switch(std::size_t period, const DayState& before, const DayState& after,
                   const std::vector<Leg>& legs) {
    for (std::size_t segment = 0; segment < segments_; ++segment) {
      const int entered = int{part(after, segment).active} - int{part(before, segment).active};
      if (entered != 0) put(entered > 0 ? Line::transfer_in : Line::transfer_out, period, segment, 0, 1);
    }
    const auto taken = [](const Leg& leg) { return leg.before == 0; };
    const auto dropped = [](const Leg& leg) { return leg.after == 0; };
    const bool swaps = policy_.plan_switch == PlanSwitch::new_and_churn &&
                       std::any_of(legs.begin(), legs.end(), taken) &&
                       std::any_of(legs.begin(), legs.end(), dropped);
    const bool within = legs.front().segment == legs.back().segment;
    const bool transfers = policy_.plan_switch == PlanSwitch::transfer;
    std::int64_t gained = 0, lost = 0;
    for (const Leg& leg : legs) (leg.after > leg.before ? gained : lost) += std::abs(leg.after - leg.before);
    const std::vector<std::int64_t> moved =
        transfers ? shared(legs, gained, lost) : std::vector<std::int64_t>();
    std::map<std::pair<Line, std::size_t>, std::int64_t> amounts;
    for (std::size_t i = 0; i < legs.size(); ++i) {
      const Leg& leg = legs[i];
      const std::int64_t change = leg.after - leg.before;
      const bool grows = change > 0;
      std::int64_t rest = std::abs(change);
      if (transfers) {
        put(grows ? Line::transfer_in : Line::transfer_out, period, leg.segment, moved[i], 0);
        rest -= moved[i];
      }
      const Line line = swaps && taken(leg)     ? Line::new_
                        : swaps && dropped(leg) ? Line::churn
                        : grows                 ? Line::expansion
                                                : Line::contraction;
      if (rest != 0) amounts[{line, leg.segment}] += rest;
    }
    for (const auto& [place, amount] : amounts) {
      const bool counts = within || (place.first != Line::new_ && place.first != Line::churn);
      put(place.first, period, place.second, amount, counts ? 1 : 0);
    }
  }

  /// The smaller side as a whole, the larger in proportion, by largest remainder.
  static std::vector<std::int64_t> shared(const std::vector<Leg>& legs, std::int64_t gained,
                                          std::int64_t lost) {
    const int128 transfer = std::min(gained, lost), side = std::max(gained, lost);
    std::vector<std::int64_t> moved;
    std::vector<std::pair<int128, std::size_t>> remainders;
    int128 left = transfer;
    for (const Leg& leg : legs) {
      const std::int64_t size = std::abs(leg.after - leg.before);
      moved.push_back(size);
      if ((leg.after > leg.before) != (gained >= lost)) continue;
      moved.back() = static_cast<std::int64_t>(transfer * size / side);
      left -= moved.back();
      remainders.emplace_back(-(transfer * size % side), moved.size() - 1);
    }
    std::sort(remainders.begin(), remainders.end());
    for (std::size_t i = 0; left > 0; ++i, --left) ++moved[remainders[i].second];
    return moved;
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
  bool has_products_ = false;
  Day first_day_, last_day_;
  std::vector<Day> history_;  ///< bounds of the periods from the first row to the last period asked for
  std::vector<DayState> days_;
  Answer answer_;
};

}  // namespace tenure::test
