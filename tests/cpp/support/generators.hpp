#pragma once

#include <map>
#include <vector>

#include "property.hpp"
#include "rows.hpp"

/// Random books: small enough to be wrong in every way that matters (same day, same customer, first of the
/// month, nothing paid, gaps of a few days), so that a failure shrinks to rows that can be read.
namespace tenure::test {

inline const Periods window = months("2023-06", "2024-09");

inline rc::Gen<Day> any_day() {
  const Day first = days_from_civil(2023, 1, 1), last = days_from_civil(2025, 1, 1);
  return rc::gen::weightedOneOf<Day>(
      {{2, rc::gen::inRange<Day>(first, last)},
       {1, rc::gen::map(rc::gen::inRange(0, 25), [first](int month) { return anniversary(first, month); })},
       {1, rc::gen::map(rc::gen::inRange(0, 25),
                        [first](int month) { return anniversary(first, month) - 1; })}});
}

inline rc::Gen<Row> any_row() {
  return rc::gen::apply(
      [](std::int64_t customer, Day start, Day other, int days, std::int64_t amount, int plan, int region) {
        Row row{.customer = customer, .start = start, .monthly = amount, .plan = plan, .region = region};
        if (days == 0)
          row.end = open_end;
        else
          row.end = days < 60 ? start + days - 1 : std::max(start, other);
        return row;
      },
      rc::gen::inRange<std::int64_t>(1, 7), any_day(), any_day(), rc::gen::inRange(0, 100),
      rc::gen::weightedOneOf<std::int64_t>(
          {{1, rc::gen::just<std::int64_t>(0)},
           {3, rc::gen::elementOf(std::vector<std::int64_t>{10 * micros, 25 * micros})},
           {2, rc::gen::inRange<std::int64_t>(1, 90 * micros)}}),
      rc::gen::inRange(-1, 3), rc::gen::inRange(-1, 2));
}

/// Gives rows of a customer the lowest subscription id under which they overlap no earlier row.
inline std::vector<Row> with_subscriptions(std::vector<Row> rows) {
  std::map<std::pair<std::int64_t, std::int64_t>, std::vector<Row>> taken;
  for (Row& row : rows)
    for (row.subscription = row.customer * 1000;; ++row.subscription) {
      auto& others = taken[{row.customer, row.subscription}];
      const bool free = std::none_of(others.begin(), others.end(), [&](const Row& other) {
        return row.start <= other.end && other.start <= row.end;  // touching counts, for inclusive ends
      });
      if (!free) continue;
      others.push_back(row);
      break;
    }
  return rows;
}

inline rc::Gen<std::vector<Row>> any_rows() {
  return rc::gen::map(rc::gen::resize(40, rc::gen::container<std::vector<Row>>(any_row())),
                      with_subscriptions);
}

/// The same with several products and with pauses.
inline rc::Gen<std::vector<Row>> any_phases() {
  return rc::gen::map(
      rc::gen::pair(any_rows(), rc::gen::resize(rc::kNominalSize, rc::gen::container<std::vector<int>>(
                                                                      40, rc::gen::inRange(0, 12)))),
      [](std::pair<std::vector<Row>, std::vector<int>> drawn) {
        auto& [rows, extra] = drawn;
        for (std::size_t i = 0; i < rows.size(); ++i) {
          rows[i].product = extra[i % extra.size()] % 3;
          rows[i].paused = extra[i % extra.size()] > 8;
        }
        return rows;
      });
}

/// The values of an option that are met in the wild, and for one that takes numbers some more.
inline std::vector<std::string> values_of(const std::string& option) {
  static const std::map<std::string, std::vector<std::string>> more{
      {"interval_factor_week", {"30/4"}},
      {"past_due", {"churn_after_1_days", "churn_after_60_days"}},
      {"gap_days", {"1", "7", "45", "2_calendar_months"}},
      {"reactivation", {"within_1_days", "within_40_days"}},
      {"window", {"rolling_1_days", "rolling_90_days"}},
      {"timezone", {"Europe/Berlin"}}};
  std::vector<std::string> values = Policy::known_values(option);
  if (const auto found = more.find(option); found != more.end())
    values.insert(values.end(), found->second.begin(), found->second.end());
  return values;
}

/// Any value of any option, about one in three of them not the standard one, and no pair that excludes each
/// other.
inline rc::Gen<Policy> any_policy() {
  static const std::size_t count = Policy().options().size();
  return rc::gen::map(rc::gen::resize(rc::kNominalSize, rc::gen::container<std::vector<std::size_t>>(
                                                            count, rc::gen::inRange<std::size_t>(0, 1000))),
                      [](const std::vector<std::size_t>& drawn) {
                        Policy policy;
                        std::size_t next = 0;
                        for (const auto& [option, standard] : Policy().options()) {
                          const std::size_t draw = drawn[next++];
                          if (draw < 650) continue;
                          const std::vector<std::string> values = values_of(option);
                          Policy changed = policy;
                          changed.set(option, values[draw % values.size()]);
                          try {
                            changed.check();
                            policy = changed;
                          } catch (const OptionError&) {  // it excludes an earlier one
                          }
                        }
                        return policy;
                      });
}

/// A policy in which some options have their standard values.
inline Policy without(Policy policy, std::initializer_list<const char*> options) {
  for (const char* option : options) policy.set(option, Policy().get(option));
  return policy;
}

inline std::vector<Row> shuffled(std::vector<Row> rows, std::uint64_t seed) {
  for (std::size_t i = rows.size(); i > 1; --i) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    std::swap(rows[i - 1], rows[(seed >> 33) % i]);
  }
  return rows;
}

}  // namespace tenure::test

namespace tenure {

inline void showValue(const Policy& policy, std::ostream& out) {
  for (const auto& [name, value] : policy.options()) out << name << "=" << value << " ";
}
inline void showValue(const Periods& periods, std::ostream& out) {
  out << format_day(periods.begin()) << ".." << format_day(periods.end()) << " by "
      << name_of(periods.calendar().unit) << ", fiscal start " << periods.calendar().fiscal_start;
}

}  // namespace tenure
