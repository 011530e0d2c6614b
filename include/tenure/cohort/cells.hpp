#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "triangle.hpp"

namespace tenure {

/// Figures by cohort and age as a table in long form has them: a row for each cell, in any order.
struct CohortCells {
  std::span<const std::int32_t> cohort;  ///< 0, 1, ...: a position in `labels`
  std::span<const double> age;           ///< periods since the start: 0, 1, ...
  std::span<const double> value;         ///< NaN: not observed yet
  std::span<const std::string> labels;   ///< of the cohorts, for messages

  std::string age_name = "age", value_name = "value";  ///< of the columns, for messages
};

/// The same by cohort: what was found at ages 0, 1, 2, ... as far as they are observed. Cohorts may be of any
/// length, also 0.
struct CohortRuns {
  std::vector<std::vector<double>> values;  ///< by cohort, then by age
  /// Where in the table a value stands, for messages; empty if there is no table.
  std::vector<std::vector<std::int64_t>> rows = {};
  std::vector<std::string> labels = {};
  std::string value_name = "value";

  std::size_t size() const noexcept { return values.size(); }
  /// How many ages the longest cohort has.
  std::size_t ages() const noexcept;
};

/// Sorts rows into runs. Throws InputError: E_NUMBER_WHOLE and E_NUMBER_RANGE for ages that are no whole
/// numbers >= 0; E_AMOUNT_NEGATIVE, E_AMOUNT_INF for values; E_COHORT_TWICE for a cell with two rows;
/// E_COHORT_GAP for a cohort without an age that lies before one that it has.
CohortRuns runs_of(const CohortCells& cells);

/// Counts of customers, and monthly amounts, of one segment of a triangle.
CohortRuns customers_of(const Triangle& triangle, std::size_t segment = 0);
CohortRuns amounts_of(const Triangle& triangle, std::size_t segment = 0);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/cells.ipp"
#endif
