#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "../../core/detail/number_text.hpp"
#include "../../core/error.hpp"
#include "../../core/money.hpp"
#include "../calls.hpp"
#include "call_names.hpp"
#include "codes.hpp"
#include "points.hpp"

/// Rows of calls as their kernel keeps them, and what can be wrong with each.
namespace tenure::detail {

inline int weeks_back(const CallOptions& options) {
  if (options.calendar.unit == PeriodUnit::day)
    throw_option({.code = "E_PERIOD_UNIT",
                  .what = "calls are compared by weeks before the end of a period, and a day has none",
                  .value = "day",
                  .remedy = "Known: week, month, quarter, half_year, year."});
  if (!options.weeks) {
    constexpr int of_unit[] = {1, 4, 13, 26, 52};  // week, month, quarter, half-year, year
    return of_unit[static_cast<std::size_t>(options.calendar.unit)];
  }
  if (*options.weeks < 0 || *options.weeks > 520)
    throw_option({.code = "E_HORIZON",
                  .what = "weeks=" + std::to_string(*options.weeks) + " is not from 0 to 520",
                  .value = std::to_string(*options.weeks)});
  return *options.weeks;
}

inline void require_equal_lengths(const CallRows& rows) {
  const std::size_t size = rows.taken.size();
  if (size == 0) throw_input({.code = "E_NO_ROWS", .what = "there are no calls"});
  const auto check = [&](std::size_t length, bool optional, const std::string& name) {
    if (length == size || (optional && length == 0)) return;
    throw_input({.code = "E_COLUMN_LENGTH",
                 .what = std::to_string(length) + " values beside " + std::to_string(size),
                 .column = name});
  };
  check(rows.due.size(), false, rows.due_name);
  check(rows.amount.size(), false, rows.amount_name);
  check(rows.category.size(), true, "category");
  check(rows.subject.size(), true, rows.subject_name);
  check(rows.state.size(), true, "outcome");
  check(rows.probability.size(), true, rows.probability_name);
  check(rows.owner.size(), true, "owner");
  require_codes("owner", rows.owner, rows.owners);
  require_codes(rows.subject_name.c_str(), rows.subject, std::numeric_limits<std::int32_t>::max());
}

inline void require_equal_lengths(const ActualRows& rows, std::size_t owners) {
  require_length(rows.amount_name.c_str(), rows.amount.size(), rows.due.size());
  if (!rows.owner.empty()) require_length("owner", rows.owner.size(), rows.due.size());
  require_codes("owner", rows.owner, owners);
}

inline void require_groups(std::span<const std::uint32_t> group_of_owner, std::size_t groups,
                           std::size_t owners) {
  if (group_of_owner.empty()) {
    if (groups > 0) return;
  } else {
    require_length("group_of_owner", group_of_owner.size(), owners);
  }
  for (const std::uint32_t group : group_of_owner)
    if (group >= groups)
      throw_input({.code = "E_CODE",
                   .what = "group " + std::to_string(group) + " is not one of " + std::to_string(groups),
                   .column = "group_of_owner",
                   .value = std::to_string(group)});
  if (groups == 0)
    throw_input({.code = "E_CODE", .what = "there is no group of owners", .column = "group_of_owner"});
}

inline std::vector<Day> distinct_days(std::span<const Day> taken) {
  const auto [least, most] = std::minmax_element(taken.begin(), taken.end());
  std::vector<bool> seen(static_cast<std::size_t>(*most - *least) + 1);
  for (const Day day : taken) seen[static_cast<std::size_t>(day - *least)] = true;
  std::vector<Day> days;
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (seen[i]) days.push_back(*least + static_cast<Day>(i));
  return days;
}

/// Position of the period of a day; -1 outside.
inline std::int32_t position_of(const Periods& periods, Day day) noexcept {
  if (day < periods.begin() || day >= periods.end()) return -1;
  const auto& bounds = periods.bounds();
  return static_cast<std::int32_t>(std::upper_bound(bounds.begin(), bounds.end(), day) - bounds.begin()) - 1;
}

inline std::optional<Fault> amount_fault(double amount, std::size_t row, const std::string& column,
                                         bool may_be_negative) {
  const auto fault = [&](std::string code, std::string what, std::string remedy) {
    return Fault{.code = std::move(code),
                 .what = std::move(what),
                 .column = column,
                 .row = static_cast<std::int64_t>(row),
                 .value = number_text(amount),
                 .remedy = std::move(remedy)};
  };
  if (std::isnan(amount)) return fault("E_AMOUNT_NAN", "missing amount", "Give it, or leave out the row.");
  if (std::isinf(amount)) return fault("E_AMOUNT_INF", "infinite amount", "Give an amount of money.");
  if (std::abs(amount) > 4e12)
    return fault("E_AMOUNT_RANGE", "amount " + number_text(amount) + " is beyond 4e12", "Check its unit.");
  if (amount < 0 && !may_be_negative)
    return fault("E_AMOUNT_NEGATIVE", "negative amount " + number_text(amount),
                 "A call is what a period is said to bring: 0 or more.");
  return std::nullopt;
}

class CallReader {
 public:
  CallReader(const CallRows& rows, const Periods& periods)
      : rows_(rows), periods_(periods), of_deals_(!rows.subject.empty()) {}

  std::optional<Fault> fault(std::size_t row) const {
    if (!is_representable(rows_.due[row]))
      return Fault{.code = "E_DATE_RANGE",
                   .what = "day " + std::to_string(rows_.due[row]) + " is outside 1400-01-01..9999-12-31",
                   .column = rows_.due_name,
                   .row = static_cast<std::int64_t>(row),
                   .value = std::to_string(rows_.due[row])};
    if (of_deals_ && category(row) == CallCategory::weighted)
      return Fault{.code = "E_ENUM",
                   .what = "an opportunity cannot be weighted: that is a sum over opportunities",
                   .column = "category",
                   .row = static_cast<std::int64_t>(row),
                   .value = "weighted",
                   .remedy = "Say how sure it is, and give its probability."};
    if (auto wrong = amount_fault(rows_.amount[row], row, rows_.amount_name, false)) return wrong;
    if (!rows_.probability.empty() && state(row) == DealState::open) {
      const double chance = rows_.probability[row];
      if (!(chance >= 0 && chance <= 1))
        return Fault{.code = "E_PROBABILITY",
                     .what = std::isnan(chance) ? std::string("missing probability")
                                                : number_text(chance) + " is not a probability from 0 to 1",
                     .column = rows_.probability_name,
                     .row = static_cast<std::int64_t>(row),
                     .value = number_text(chance),
                     .remedy = "Write 40 % as 0.4."};
    }
    return of_deals_ ? std::nullopt : leak(row);
  }

  CallRow row(std::size_t at) const {
    const std::int64_t amount = to_micros(rows_.amount[at]);
    const DealState outcome = state(at);
    const bool weighs = !rows_.probability.empty() && outcome == DealState::open;
    return {.amount = amount,
            .weighted = weighs ? static_cast<std::int64_t>(
                                     std::nearbyint(static_cast<double>(amount) * rows_.probability[at]))
                               : amount,
            .taken = rows_.taken[at],
            .source = static_cast<std::uint32_t>(at),
            .subject = of_deals_ ? rows_.subject[at] : 0,
            .period = position_of(periods_, rows_.due[at]),
            .owner = rows_.owner.empty() ? 0 : rows_.owner[at],
            .category = outcome == DealState::won ? CallCategory::closed : category(at),
            .state = outcome};
  }

  /// Rows of equal key are of one opportunity, or of one owner, period and category.
  std::uint64_t subject_key(const CallRow& row) const noexcept {
    if (of_deals_) return static_cast<std::uint64_t>(row.subject);
    const auto period = static_cast<std::uint64_t>(row.period), owner = static_cast<std::uint64_t>(row.owner);
    return (period * rows_.owners + owner) * call_categories + static_cast<std::uint64_t>(row.category);
  }

  Fault duplicate(const CallRow& row, const CallRow& other) const {
    const auto at = static_cast<std::size_t>(row.subject);
    const std::string named = at < rows_.subjects.size() ? " " + printable(rows_.subjects[at]) : "";
    const std::string what = of_deals_ ? "opportunity" + named + " is there twice on "
                                       : "a " + std::string(name_of(row.category)) + " for " +
                                             period_name(periods_, static_cast<std::size_t>(row.period)) +
                                             " was called twice on ";
    return {.code = "E_DUPLICATE_ROW",
            .what = what + format_day(row.taken) + ", first in row " + std::to_string(other.source),
            .column = of_deals_ ? rows_.subject_name : rows_.due_name,
            .row = static_cast<std::int64_t>(row.source),
            .value = of_deals_ ? named.substr(named.empty() ? 0 : 1) : format_day(row.taken),
            .remedy = of_deals_ ? "Keep one row of each opportunity a day."
                                : "Keep one row a day, or name the columns that part them: owner=..."};
  }

 private:
  CallCategory category(std::size_t row) const noexcept {
    if (!rows_.category.empty()) return rows_.category[row];
    return of_deals_ ? CallCategory::pipeline : CallCategory::commit;
  }
  DealState state(std::size_t row) const noexcept {
    if (!of_deals_) return DealState::open;
    if (!rows_.state.empty()) return rows_.state[row];
    return category(row) == CallCategory::closed ? DealState::won : DealState::open;
  }
  std::optional<Fault> leak(std::size_t row) const {
    const Calendar& calendar = periods_.calendar();
    const Day taken = rows_.taken[row], begin = calendar.floor(rows_.due[row]);
    if (taken < calendar.advance(begin, 1)) return std::nullopt;
    return Fault{
        .code = "E_LEAKAGE",
        .what = "forecast for " + name_of_period(calendar, begin) + " was made on " + format_day(taken),
        .column = rows_.taken_name,
        .row = static_cast<std::int64_t>(row),
        .value = format_day(taken),
        .remedy = "Leave out what was said after the period; its amount belongs to the actuals."};
  }

  const CallRows& rows_;
  const Periods& periods_;
  bool of_deals_;
};

}  // namespace tenure::detail
