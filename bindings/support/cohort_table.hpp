#pragma once

#include <variant>

#include "numbers.hpp"
#include "tenure/cohort/cells.hpp"

/// A table of cohorts by age, cut by segments, at the door and on its way out.
namespace tenure::python {

struct CohortColumns {
  std::string cohort, age, value;
  std::vector<std::string> by;
};

/// Cohorts of all segments, sorted by segment and then by cohort: days and whole numbers by their value.
struct CohortTable {
  /// Of each cohort, as the caller wrote it: days, whole numbers or texts.
  using Keys = std::variant<std::vector<Day>, std::vector<std::int64_t>, std::vector<std::string>>;

  std::string cohort_name;
  Groups segments;
  Keys keys;
  std::vector<std::size_t> segment_of;  ///< of each cohort
  std::vector<CohortRuns> runs;         ///< by segment
  std::vector<std::size_t> begin;       ///< the first cohort of each segment, and the end

  std::size_t ages() const noexcept;
  /// Columns of the segments and of the cohort, for rows that are of these cohorts.
  void add_keys(Output& output, const std::vector<std::size_t>& cohort_of_row) const;
};

/// E_KEY_NULL for a row without a cohort, and what runs_of() throws.
CohortTable read_cohorts(const Input& table, const CohortColumns& columns, const Poll& poll);

void bind_chain_ladder(py::module_& module);  // called by bind_projection()

}  // namespace tenure::python
