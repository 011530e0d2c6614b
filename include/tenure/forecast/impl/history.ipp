#include <algorithm>
#include <cmath>
#include <numeric>

#include "../../core/date.hpp"
#include "../../core/error.hpp"
#include "../../core/int128.hpp"
#include "../detail/codes.hpp"
#include "../history.hpp"

namespace tenure {

namespace detail {

inline std::int64_t month_index(std::int64_t day) noexcept {
  const YearMonthDay date = civil_from_days(static_cast<Day>(day));
  return date.year * 12 + date.month - 1;
}

inline bool is_month_end(const YearMonthDay& date) noexcept {
  return date.day == days_in_month(date.year, date.month);
}

/// The unit in which the distances of periods are counted.
inline StepUnit unit_of(std::span<const std::int64_t> periods, bool dates) noexcept {
  if (!dates) return StepUnit::number;
  bool same_day = true, ends = true;
  const int day = civil_from_days(static_cast<Day>(periods[0])).day;
  for (const std::int64_t period : periods) {
    const YearMonthDay date = civil_from_days(static_cast<Day>(period));
    same_day = same_day && date.day == day;
    ends = ends && is_month_end(date);
    if (!same_day && !ends) return StepUnit::day;
  }
  return ends ? StepUnit::month_end : StepUnit::month;
}

inline std::int64_t distance(StepUnit unit, std::int64_t from, std::int64_t to) noexcept {
  const bool months = unit == StepUnit::month || unit == StepUnit::month_end;
  return months ? month_index(to) - month_index(from) : to - from;
}

/// Numbers so far from the ends of 64 bits that no difference of two overflows.
inline constexpr std::int64_t last_period = std::int64_t{1} << 62;

/// What is wrong with a period wherever it stands.
inline std::optional<Fault> period_fault(std::int64_t period, bool dates) {
  if (dates ? period >= min_day && period <= max_day : period >= -last_period && period <= last_period)
    return std::nullopt;
  return Fault{.code = dates ? "E_DATE_RANGE" : "E_PERIOD_RANGE",
               .what = dates ? "day " + std::to_string(period) + " is outside 1400-01-01..9999-12-31"
                             : "period " + std::to_string(period) + " is beyond 2^62",
               .value = std::to_string(period)};
}

inline std::string in_series(const HistoryRows& rows, std::size_t series) {
  return rows.series_count > 1 && rows.series_of ? "series '" + printable(rows.series_of(series)) + "': "
                                                 : "";
}

inline void check_values(const HistoryRows& rows) {
  if (rows.period.size() != rows.value.size() ||
      (!rows.series.empty() && rows.series.size() != rows.value.size()))
    throw_input({.code = "E_COLUMN_LENGTH",
                 .what = "columns have " + std::to_string(rows.period.size()) + " and " +
                         std::to_string(rows.value.size()) + " rows"});
  if (rows.value.empty())
    throw_input({.code = "E_NO_ROWS", .what = "there are no rows", .remedy = "Pass at least one row."});
  require_codes("series", rows.series, rows.series_count);
  if (rows.series.empty() && rows.series_count != 1)
    throw_input({.code = "E_CODE",
                 .what = "rows without series are of 1, not of " + std::to_string(rows.series_count),
                 .column = "series"});
  FaultList faults;
  for (std::size_t row = 0; row < rows.period.size(); ++row)
    if (auto fault = period_fault(rows.period[row], rows.dates)) {
      fault->column = rows.period_column;
      fault->row = static_cast<std::int64_t>(row);
      faults.add(std::move(*fault));
    }
  faults.raise();
  for (std::size_t row = 0; row < rows.value.size(); ++row) {
    if (std::isfinite(rows.value[row])) continue;
    const bool missing = std::isnan(rows.value[row]);
    faults.add({.code = missing ? "E_AMOUNT_NAN" : "E_AMOUNT_INF",
                .what = missing ? "a value is missing" : "a value is infinite",
                .column = rows.value_column,
                .row = static_cast<std::int64_t>(row),
                .value = missing ? "NaN" : "inf",
                .remedy = "Fill it, or cut the history there: nothing is filled in."});
  }
  faults.raise();
}

/// Row numbers by series, and by period within each.
inline History sorted_rows(const HistoryRows& rows) {
  const std::size_t size = rows.value.size();
  History found;
  found.begin.assign(rows.series_count + 1, 0);
  for (std::size_t row = 0; row < size; ++row)
    ++found.begin[(rows.series.empty() ? 0 : static_cast<std::size_t>(rows.series[row])) + 1];
  std::partial_sum(found.begin.begin(), found.begin.end(), found.begin.begin());
  found.rows.resize(size);
  std::vector<std::uint32_t> next(found.begin.begin(), found.begin.end() - 1);
  for (std::size_t row = 0; row < size; ++row)
    found.rows[next[rows.series.empty() ? 0 : static_cast<std::size_t>(rows.series[row])]++] =
        static_cast<std::uint32_t>(row);
  const auto period = [&](std::uint32_t row) { return rows.period[row]; };
  for (std::size_t i = 0; i < rows.series_count; ++i) {
    const auto own = std::span(found.rows).subspan(found.begin[i], found.begin[i + 1] - found.begin[i]);
    if (!std::ranges::is_sorted(own, {}, period)) std::ranges::stable_sort(own, {}, period);
  }
  found.values.reserve(size);
  found.periods.reserve(size);
  for (const std::uint32_t row : found.rows) {
    found.values.push_back(rows.value[row]);
    found.periods.push_back(rows.period[row]);
  }
  return found;
}

/// Calls visit(series, place of the later) for each two values of a series that follow each other.
template <class Visit>
void for_steps(const History& history, Visit&& visit) {
  for (std::size_t series = 0; series < history.size(); ++series)
    for (std::size_t at = history.begin[series] + std::size_t{1}; at < history.begin[series + 1]; ++at)
      visit(series, at);
}

}  // namespace detail

TENURE_INLINE std::int64_t PeriodStep::advance(std::int64_t period, std::int64_t steps) const {
  const auto refuse = [&] {
    throw_input({.code = unit == StepUnit::number ? "E_PERIOD_RANGE" : "E_DATE_RANGE",
                 .what = std::to_string(steps) + " times " + text() + " after " + text(period) +
                         " there is no " +
                         (unit == StepUnit::number ? "number below 2^62" : "date before 9999-12-31"),
                 .value = text(period)});
  };
  const int128 apart = int128{steps} * size;
  if (unit == StepUnit::number || unit == StepUnit::day) {
    const int128 reached = period + apart;
    const bool fits = reached >= -detail::last_period && reached <= detail::last_period;
    if (!fits || detail::period_fault(static_cast<std::int64_t>(reached), unit == StepUnit::day)) refuse();
    return static_cast<std::int64_t>(reached);
  }
  const auto day = static_cast<Day>(period);
  const int128 month = detail::month_index(period) + apart;
  if (month < 12 * 1400 || month >= 12 * 10000) refuse();
  const int months = static_cast<int>(apart);
  if (unit == StepUnit::month) return anniversary(day, months);
  const YearMonthDay date = civil_from_days(
      anniversary(days_from_civil(civil_from_days(day).year, civil_from_days(day).month, 1), months));
  return days_from_civil(date.year, date.month, days_in_month(date.year, date.month));
}

TENURE_INLINE std::optional<std::int64_t> PeriodStep::between(std::int64_t from, std::int64_t to) const {
  if (detail::period_fault(from, unit != StepUnit::number)) return std::nullopt;
  if (detail::period_fault(to, unit != StepUnit::number)) return std::nullopt;
  const std::int64_t apart = detail::distance(unit, from, to);
  if (apart % size != 0 || advance(from, apart / size) != to) return std::nullopt;
  return apart / size;
}

TENURE_INLINE std::string PeriodStep::text() const {
  const bool weeks = unit == StepUnit::day && size % 7 == 0;
  const std::int64_t count = weeks ? size / 7 : size;
  if (unit == StepUnit::number) return std::to_string(count);
  const std::string word = weeks ? "week" : unit == StepUnit::day ? "day" : "month";
  return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

TENURE_INLINE std::string PeriodStep::text(std::int64_t period) const {
  return unit == StepUnit::number ? std::to_string(period) : format_day(static_cast<Day>(period));
}

TENURE_INLINE History to_history(const HistoryRows& rows) {
  detail::check_values(rows);
  History found = detail::sorted_rows(rows);
  found.step = {detail::unit_of(found.periods, rows.dates), 0};
  const auto fault_at = [&](std::size_t series, std::size_t at, std::string code, std::string what,
                            std::string remedy) {
    return Fault{.code = std::move(code),
                 .what = detail::in_series(rows, series) + std::move(what),
                 .column = rows.period_column,
                 .row = found.rows[at],
                 .value = found.step.text(found.periods[at]),
                 .remedy = std::move(remedy)};
  };
  FaultList faults;
  detail::for_steps(found, [&](std::size_t series, std::size_t at) {
    const std::int64_t apart = detail::distance(found.step.unit, found.periods[at - 1], found.periods[at]);
    found.step.size = std::gcd(found.step.size, apart);
    if (apart == 0)
      faults.add(fault_at(series, at, "E_PERIOD_DUPLICATE",
                          "period " + found.step.text(found.periods[at]) + " is there twice, in row " +
                              std::to_string(found.rows[at - 1]) + " too",
                          "Name the columns that tell series apart, or add the rows up first."));
  });
  faults.raise();
  if (found.step.size == 0)
    throw_input({.code = "E_PERIOD_STEP",
                 .what = "no series has two periods, so nothing says how far apart they are",
                 .column = rows.period_column,
                 .remedy = "Pass a longer history."});
  detail::for_steps(found, [&](std::size_t series, std::size_t at) {
    const std::int64_t due = found.step.advance(found.periods[at - 1], 1);
    if (due != found.periods[at])
      faults.add(fault_at(series, at, "E_PERIOD_GAP",
                          "after " + found.step.text(found.periods[at - 1]) + " comes " +
                              found.step.text(found.periods[at]) + ", and " + found.step.text(due) +
                              " is missing (periods are " + found.step.text() + " apart)",
                          "Fill it (0 is a value too), or cut the history there."));
  });
  faults.raise();
  return found;
}

}  // namespace tenure
