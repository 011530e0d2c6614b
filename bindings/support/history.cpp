#include "history.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "runs.hpp"
#include "tenure/core/date.hpp"

namespace tenure::python {

namespace {

bool holds_whole_numbers(const InputColumn& column) noexcept {
  const Kind kind = column.type.kind;
  return kind == Kind::signed_integer || kind == Kind::unsigned_integer;
}

std::int64_t whole_number(const std::string& text, const std::string& column) {
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault == std::errc() && end == text.data() + text.size()) return value;
  throw_input({.code = "E_NUMBER_WHOLE",
               .what = "'" + printable(text) + "' is not a whole number, as the periods of the history are",
               .column = column,
               .value = printable(text)});
}

template <class T>
std::vector<std::int64_t> widened(const Values<T>& values, const std::string& column) {
  std::vector<std::int64_t> found;
  FaultList faults;
  for (const Column<T>& run : values.runs)
    for (std::size_t i = 0; i < run.size(); ++i) {
      if (!run.valid[i])
        faults.add({.code = "E_DATE_NULL",
                    .what = "missing period",
                    .column = column,
                    .row = static_cast<std::int64_t>(found.size()),
                    .remedy = "Drop the row, or say when it was."});
      found.push_back(static_cast<std::int64_t>(run.values[i]));
    }
  faults.raise();
  return found;
}

std::vector<KeyColumn> keys_of(const Input& table, const std::vector<std::string>& names, const Poll& poll) {
  std::vector<KeyColumn> keys;
  for (const std::string& name : names) keys.emplace_back(table.at(name), false, poll);
  return keys;
}

/// The series of each row, numbered in the order of their keys, and a row of each. Rows of a series mostly
/// stand together, so that runs are sorted, not rows. Without keys all rows are of one: no codes.
std::vector<std::int32_t> coded(const std::vector<KeyColumn>& keys, std::size_t rows,
                                std::vector<std::uint32_t>& first_rows) {
  first_rows = {0};
  if (keys.empty() || rows == 0) return {};
  std::vector<std::uint8_t> changed(rows, 0);
  for (const KeyColumn& key : keys)
    if (rows > 1) key.mark_changes(1, std::span(changed).subspan(1));
  std::vector<std::uint32_t> runs = {0};
  for (std::size_t row = 1; row < rows; ++row)
    if (changed[row] != 0) runs.push_back(static_cast<std::uint32_t>(row));
  std::vector<std::uint32_t> order(runs.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto less = [&](std::uint32_t a, std::uint32_t b) {
    const auto compared = compare_keys(keys, runs[a], keys, runs[b]);
    return compared < 0 || (compared == 0 && a < b);
  };
  if (!std::ranges::is_sorted(order, less)) std::ranges::sort(order, less);
  std::vector<std::int32_t> codes(rows);
  first_rows.clear();
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::uint32_t begin = runs[order[i]];
    const std::size_t end = order[i] + std::size_t{1} < runs.size() ? runs[order[i] + std::size_t{1}] : rows;
    if (i == 0 || compare_keys(keys, runs[order[i - 1]], keys, begin) != 0) first_rows.push_back(begin);
    std::fill(codes.begin() + begin, codes.begin() + static_cast<std::ptrdiff_t>(end),
              static_cast<std::int32_t>(first_rows.size() - 1));
  }
  return codes;
}

/// The period of a history that lies in the month which begins on a day.
Day of_month(Day begin, const History& history) {
  const bool months = history.step.unit == StepUnit::month || history.step.unit == StepUnit::month_end;
  const YearMonthDay month = civil_from_days(begin);
  const int length = days_in_month(month.year, month.month);
  if (!months) return begin;
  const int day = civil_from_days(static_cast<Day>(history.periods.front())).day;
  return begin - 1 + (history.step.unit == StepUnit::month_end ? length : std::min(day, length));
}

}  // namespace

PeriodColumn to_period_numbers(const InputColumn& column, const Poll& poll, const History* history) {
  if (holds_whole_numbers(column) || column.type.kind == Kind::floating)
    return {widened(to_whole_numbers(column, poll), column.name), false};
  if (!holds_texts(column.type)) return {widened(to_days(column, poll), column.name), true};
  const auto parse = [history](std::string_view text, Day& day, Fault& fault) {
    try {
      day = parse_day_or_month(text);
      if (history && text.size() == std::string_view("2024-03").size()) day = of_month(day, *history);
      return true;
    } catch (const InputError& error) {
      fault = error.fault();
      return false;
    }
  };
  return {widened(parse_each<Day>(column, poll, parse), column.name), true};
}

SeriesHistory::SeriesHistory(const Input& table, const std::vector<std::string>& series,
                             const std::string& period, const std::string& value, const Poll& poll)
    : period_column(period), value_column(value), keys_(keys_of(table, series, poll)) {
  const PeriodColumn periods = to_period_numbers(table.at(period), poll);
  const Numbers values = to_numbers(table.at(value), poll);
  dates_ = periods.dates;
  const std::vector<std::int32_t> codes = coded(keys_, periods.values.size(), first_rows_);
  history = to_history({.series = codes,
                        .series_count = first_rows_.size(),
                        .period = periods.values,
                        .value = values,
                        .dates = periods.dates,
                        .series_of = [this](std::size_t one) { return label(one); },
                        .period_column = period,
                        .value_column = value});
}

void SeriesHistory::add_series(Output& output, std::span<const std::size_t> series_of_row) const {
  std::vector<std::uint32_t> rows;
  rows.reserve(series_of_row.size());
  for (const std::size_t series : series_of_row) rows.push_back(first_rows_[series]);
  for (const KeyColumn& key : keys_) key.add_to(output, rows);
}

void SeriesHistory::add_periods(Output& output, const std::string& name,
                                std::vector<std::int64_t> periods) const {
  if (!dates_) return output.add(name, std::move(periods));
  std::vector<Day> days;
  for (const std::int64_t period : periods) days.push_back(static_cast<Day>(period));
  output.add(name, std::move(days));
}

std::string SeriesHistory::label(std::size_t series) const {
  std::string joined;
  for (const KeyColumn& key : keys_)
    joined += (joined.empty() ? "" : ", ") + key.shown(first_rows_.at(series));
  return joined;
}

std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>> SeriesHistory::find(
    const Input& table, const std::vector<std::string>& series, const std::string& period) const {
  const PeriodColumn periods = to_period_numbers(table.at(period), {}, &history);
  if (periods.dates != dates_)
    throw_type(table.at(period), dates_ ? "dates, as the periods of the history are"
                                        : "whole numbers, as the periods of the history are");
  const std::vector<KeyColumn> theirs = keys_of(table, series, {});
  std::vector<std::uint32_t> first_of_theirs;
  const std::vector<std::int32_t> codes = coded(theirs, periods.values.size(), first_of_theirs);
  std::vector<std::int64_t> known;
  for (const std::uint32_t row : first_of_theirs) {
    const auto before = [&](std::uint32_t own, std::uint32_t other) {
      return compare_keys(keys_, own, theirs, other) < 0;
    };
    const auto at = std::lower_bound(first_rows_.begin(), first_rows_.end(), row, before);
    const bool there = at != first_rows_.end() && compare_keys(keys_, *at, theirs, row) == 0;
    known.push_back(there ? at - first_rows_.begin() : -1);
  }
  std::vector<std::int64_t> found(periods.values.size(), 0);
  for (std::size_t row = 0; row < codes.size(); ++row)
    found[row] = known[static_cast<std::size_t>(codes[row])];
  return {found, periods.values};
}

std::vector<std::int64_t> SeriesHistory::as_period(const std::vector<std::string>& texts) const {
  std::vector<std::int64_t> found;
  for (const std::string& text : texts)
    found.push_back(dates_ ? parse_day_or_month(text, "origins") : whole_number(text, "origins"));
  return found;
}

}  // namespace tenure::python
