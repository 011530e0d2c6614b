#pragma once

#include <string>
#include <vector>

#include "panel_keys.hpp"
#include "tenure/forecast/history.hpp"

/// The caller's columns as histories of series.
namespace tenure::python {

/// Periods as numbers: days since 1970-01-01, or the whole numbers that they are.
struct PeriodColumn {
  std::vector<std::int64_t> values;
  bool dates;
};
/// Dates, timestamps (by their day), texts such as 2024-03-31 and 2024-03, whole numbers. E_DATE_NULL for a
/// missing one. A month is its first day, or that in which the periods of a history lie.
PeriodColumn to_period_numbers(const InputColumn& column, const Poll& poll, const History* history = nullptr);

/// Series by the columns that name them, sorted; these leave as they came.
class SeriesHistory {
 public:
  SeriesHistory(const Input& table, const std::vector<std::string>& series, const std::string& period,
                const std::string& value, const Poll& poll);

  void add_series(Output& output, std::span<const std::size_t> series_of_row) const;
  void add_periods(Output& output, const std::string& name, std::vector<std::int64_t> periods) const;
  /// "a, 2024" of a series.
  std::string label(std::size_t series) const;
  /// The rows of another table: the series of each (-1 where there is none), and the period of each.
  std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>> find(const Input& table,
                                                                       const std::vector<std::string>& series,
                                                                       const std::string& period) const;
  /// "2024-03" or "17" as numbers of periods.
  std::vector<std::int64_t> as_period(const std::vector<std::string>& texts) const;

  History history;
  std::string period_column, value_column;

 private:
  std::vector<KeyColumn> keys_;
  std::vector<std::uint32_t> first_rows_;  // of each series, in the caller's table
  bool dates_ = false;
};

}  // namespace tenure::python
