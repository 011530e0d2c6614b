#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>

#include "../../core/error.hpp"
#include "../../core/names.hpp"
#include "../snapshot.hpp"

namespace tenure {

namespace detail {

inline constexpr std::array<Named<Absent>, 3> absents{
    {{"error", Absent::error}, {"churn", Absent::churn}, {"carry", Absent::carry}}};
inline constexpr std::array<Named<Missing>, 2> missings{
    {{"error", Missing::error}, {"carry", Missing::carry}}};

/// The days on which snapshots are due: so many months, or days, apart.
class Schedule {
 public:
  Schedule(Interval interval, Day anchor) noexcept : anchor_(anchor), months_(months_of(interval.unit)) {
    (months_ > 0 ? months_ : days_) *= interval.count;
  }
  /// The first day after `day` on which one is due.
  Day after(Day day) const noexcept {
    if (months_ == 0) return day + days_ - positive_remainder(day - anchor_, days_);
    const YearMonthDay from = civil_from_days(anchor_), to = civil_from_days(day);
    const int apart = (to.year - from.year) * 12 + to.month - from.month;
    int times = apart / months_ - 2;
    while (anniversary(anchor_, times * months_) <= day) ++times;
    return anniversary(anchor_, times * months_);
  }
  bool holds(Day day) const noexcept { return after(day - 1) == day; }

 private:
  static int positive_remainder(int value, int by) noexcept { return ((value % by) + by) % by; }
  int months_of(IntervalUnit unit) noexcept {
    switch (unit) {
      case IntervalUnit::day:
        return 0;
      case IntervalUnit::week:
        days_ = 7;
        return 0;
      case IntervalUnit::four_week:
        days_ = 28;
        return 0;
      case IntervalUnit::month:
        return 1;
      case IntervalUnit::quarter:
        return 3;
      case IntervalUnit::half_year:
        return 6;
      case IntervalUnit::year:
        return 12;
    }
    return 0;
  }

  Day anchor_;
  int days_ = 1, months_;
};

/// The day of the month is lost where a month is too short for it: the latest is the one that was meant.
inline Day anchor_of(const std::vector<Day>& days) {
  return *std::max_element(days.begin(), days.end(),
                           [](Day a, Day b) { return civil_from_days(a).day < civil_from_days(b).day; });
}

/// How often snapshots come, if they keep to anything.
inline std::optional<Interval> rhythm_of(const std::vector<Day>& days) {
  Day shortest = open_end;
  for (std::size_t i = 1; i < days.size(); ++i) shortest = std::min(shortest, days[i] - days[i - 1]);
  for (const IntervalUnit unit :
       {IntervalUnit::day, IntervalUnit::week, IntervalUnit::month, IntervalUnit::four_week,
        IntervalUnit::quarter, IntervalUnit::half_year, IntervalUnit::year}) {
    const Schedule schedule({unit, 1}, anchor_of(days));
    const bool kept = std::all_of(days.begin(), days.end(), [&](Day day) { return schedule.holds(day); });
    for (std::size_t i = 1; kept && i < days.size(); ++i)
      if (days[i] - days[i - 1] == shortest && schedule.after(days[i - 1]) == days[i])
        return Interval{unit, 1};
  }
  return std::nullopt;
}

inline void refuse_missing_snapshots(const std::vector<Day>& days, const SnapshotOptions& options) {
  if (options.missing == Missing::carry || days.size() < 2) return;
  const auto every = options.every ? options.every : rhythm_of(days);
  if (!every) return;
  const Schedule schedule(*every, anchor_of(days));
  FaultList faults;
  for (std::size_t i = 1; i < days.size(); ++i) {
    const Day due = schedule.after(days[i - 1]);
    if (due >= days[i]) continue;
    faults.add({.code = "E_SNAPSHOT_MISSING",
                .what = "no snapshot of " + format_day(due) + "; the feed has " + format_day(days[i - 1]) +
                        " and then " + format_day(days[i]) + ", and comes every " +
                        (every->count == 1 ? "" : std::to_string(every->count) + " x ") +
                        std::string(name_of(every->unit)),
                .column = options.at_name,
                .value = format_day(due),
                .remedy = "Deliver it, or pass missing='carry': the one before then holds on."});
  }
  faults.raise();
}

/// What is wrong with single rows of a feed.
inline void refuse_faulty_rows(const Subscriptions& feed, const SnapshotOptions& options,
                               const ColumnNames& names) {
  const auto shape = [&](std::size_t found, const std::string& column) {
    if (found != feed.start.size())
      throw_input({.code = "E_SHAPE",
                   .what = "column '" + column + "' has " + std::to_string(found) + " rows where column '" +
                           options.at_name + "' has " + std::to_string(feed.start.size()),
                   .column = column,
                   .value = std::to_string(found),
                   .remedy = "All columns of a table have the same length."});
  };
  shape(feed.customer.size(), names.customer);
  if (feed.end.present()) shape(feed.end.size(), names.end);
  const Column<std::int64_t>* numbers = feed.customer.numbers();
  FaultList faults;
  for (std::size_t row = 0; row < feed.start.size(); ++row) {
    const auto fault = [&](const char* code, const std::string& column, std::string what,
                           std::string remedy) {
      faults.add({.code = code,
                  .what = std::move(what),
                  .column = column,
                  .row = static_cast<std::int64_t>(row),
                  .remedy = std::move(remedy)});
    };
    const bool known = numbers != nullptr ? numbers->valid[row] : feed.customer.texts()->codes[row] >= 0;
    if (!known) fault("E_KEY_NULL", names.customer, "missing customer id", "Give every row its customer.");
    if (!feed.start.valid[row])
      fault("E_DATE_NULL", options.at_name, "missing date", "Give the day of the snapshot.");
    else if (!is_representable(feed.start.values[row]))
      fault("E_DATE_RANGE", options.at_name, "the day is outside 1400-01-01..9999-12-31",
            "Give the day of the snapshot.");
  }
  faults.raise();
}

/// A customer in one snapshot: rows [first, last) of the sorted feed.
struct Sighting {
  std::int64_t customer;
  Day at;
  std::size_t first, last;
};

/// Gives the rows of a feed their ends.
class SnapshotReader {
 public:
  SnapshotReader(const Subscriptions& feed, const SnapshotOptions& options, const ColumnNames& names)
      : feed_(&feed),
        options_(&options),
        names_(&names),
        days_(feed.start.values.begin(), feed.start.values.end()) {
    std::sort(days_.begin(), days_.end());
    days_.erase(std::unique(days_.begin(), days_.end()), days_.end());
    refuse_missing_snapshots(days_, options);
    rows_.resize(feed.start.size());
    std::iota(rows_.begin(), rows_.end(), std::size_t{0});
    std::sort(rows_.begin(), rows_.end(), [&](std::size_t a, std::size_t b) {
      return std::tuple(customer(a), at(a), a) < std::tuple(customer(b), at(b), b);
    });
  }

  std::vector<Day> ends() {
    std::vector<Day> ends(rows_.size(), open_end);
    for (std::size_t first = 0; first < rows_.size();) {
      const Sighting seen = sighting(first);
      const Day until = until_of(seen);
      for (std::size_t i = seen.first; i < seen.last; ++i)
        ends[rows_[i]] = std::min(until, end(rows_[i]).value_or(open_end));
      first = seen.last;
    }
    faults_.raise();
    return ends;
  }

 private:
  std::int64_t customer(std::size_t row) const noexcept {
    const Column<std::int64_t>* numbers = feed_->customer.numbers();
    return numbers != nullptr ? numbers->values[row] : feed_->customer.texts()->codes[row];
  }
  std::string shown(std::int64_t customer) const {
    const Codes* texts = feed_->customer.texts();
    return texts == nullptr ? std::to_string(customer)
                            : printable(texts->labels[static_cast<std::size_t>(customer)]);
  }
  Day at(std::size_t row) const noexcept { return feed_->start.values[row]; }
  std::optional<Day> end(std::size_t row) const noexcept {
    if (!feed_->end.present() || !feed_->end.valid[row]) return std::nullopt;
    return feed_->end.values[row];
  }
  Sighting sighting(std::size_t first) const noexcept {
    Sighting seen{customer(rows_[first]), at(rows_[first]), first, first};
    while (seen.last < rows_.size() && customer(rows_[seen.last]) == seen.customer &&
           at(rows_[seen.last]) == seen.at)
      ++seen.last;
    return seen;
  }
  /// Until when the rows of a sighting hold, their own ends aside.
  Day until_of(const Sighting& seen) {
    const auto next = std::upper_bound(days_.begin(), days_.end(), seen.at);
    if (next == days_.end()) return options_->last.value_or(open_end);
    const bool again = seen.last < rows_.size() && customer(rows_[seen.last]) == seen.customer;
    const Day seen_again = again ? at(rows_[seen.last]) : options_->last.value_or(open_end);
    if (seen_again == *next || options_->absent == Absent::churn) return *next;
    if (options_->absent == Absent::error) refuse_gap(seen, *next);
    return seen_again;
  }
  /// Only an end that the feed gives explains why a customer is no longer there.
  void refuse_gap(const Sighting& seen, Day next) {
    for (std::size_t i = seen.first; i < seen.last; ++i) {
      if (end(rows_[i]).value_or(open_end) <= next) continue;
      faults_.add({.code = "E_SNAPSHOT_GAP",
                   .what = "customer '" + shown(seen.customer) + "' in snapshot " + format_day(seen.at) +
                           " and absent in " + format_day(next) + " without an end",
                   .column = names_->customer,
                   .row = static_cast<std::int64_t>(rows_[i]),
                   .value = shown(seen.customer),
                   .remedy = "Pass absent='churn' or 'carry'."});
      return;
    }
  }

  const Subscriptions* feed_;
  const SnapshotOptions* options_;
  const ColumnNames* names_;
  std::vector<Day> days_;
  std::vector<std::size_t> rows_;  ///< sorted by customer, day and row
  FaultList faults_;
};

}  // namespace detail

TENURE_INLINE Absent parse_absent(std::string_view name) {
  return parse_named<Absent>(detail::absents, name, "absent", "E_ENUM");
}
TENURE_INLINE Missing parse_missing(std::string_view name) {
  return parse_named<Missing>(detail::missings, name, "missing", "E_ENUM");
}

TENURE_INLINE SnapshotRows::SnapshotRows(const Subscriptions& feed, std::vector<Day> ends)
    : ends_(std::move(ends)), valid_(ends_.size() / 8 + 1), table_(feed) {
  for (std::size_t row = 0; row < ends_.size(); ++row)
    if (ends_[row] != open_end)
      valid_[row / 8] = static_cast<std::uint8_t>(valid_[row / 8] | 1U << (row % 8));
  table_.end = {ends_, {valid_.data(), 0}};
}

TENURE_INLINE SnapshotRows rows_of(const Subscriptions& feed, const SnapshotOptions& options,
                                   const ColumnNames& names) {
  if (options.every && options.every->count < 1)
    throw_option({.code = "E_INTERVAL_COUNT",
                  .what = "every=" + std::to_string(options.every->count) + " is not above 0",
                  .value = std::to_string(options.every->count),
                  .remedy = "Say how often snapshots come, such as every month."});
  detail::refuse_faulty_rows(feed, options, names);
  return {feed, detail::SnapshotReader(feed, options, names).ends()};
}

}  // namespace tenure
