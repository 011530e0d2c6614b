#include <algorithm>
#include <cmath>

#include "../../core/detail/number_text.hpp"
#include "../../core/error.hpp"
#include "../cells.hpp"

namespace tenure {

namespace detail {

inline void check_cell(const CohortCells& cells, std::size_t row, FaultList& faults) {
  const double age = cells.age[row], value = cells.value[row];
  const auto add = [&](const char* code, std::string what, const std::string& column, double found,
                       const char* remedy) {
    faults.add({.code = code,
                .what = std::move(what),
                .column = column,
                .row = static_cast<std::int64_t>(row),
                .value = number_text(found),
                .remedy = remedy});
  };
  if (std::isnan(age) || (std::isfinite(age) && age != std::floor(age)))
    add("E_NUMBER_WHOLE", "age " + number_text(age) + " is not a whole number", cells.age_name, age,
        "Count periods since the cohort's start: 0, 1, 2, ...");
  else if (!(age >= 0 && age < 0x1p31))
    add("E_NUMBER_RANGE", "age " + number_text(age) + "; must be >= 0", cells.age_name, age,
        "Count periods since the cohort's start: 0, 1, 2, ...");
  if (std::isinf(value))
    add("E_AMOUNT_INF", "infinite " + cells.value_name, cells.value_name, value, "Mend the value.");
  else if (value < 0)
    add("E_AMOUNT_NEGATIVE", cells.value_name + " " + number_text(value) + "; must be >= 0", cells.value_name,
        value, "Leave the cohort out, or mend the value.");
}

inline std::string cohort_name(std::span<const std::string> labels, std::size_t cohort) {
  return "cohort '" + (cohort < labels.size() ? labels[cohort] : std::to_string(cohort)) + "'";
}

template <class Cell>
CohortRuns runs_from(const Triangle& triangle, std::string name, Cell&& cell) {
  CohortRuns runs{.values = {}, .value_name = std::move(name)};
  for (std::size_t cohort = 0; cohort < triangle.size(); ++cohort) {
    auto& run = runs.values.emplace_back();
    for (std::size_t age = 0; triangle.observed(cohort, age); ++age) run.push_back(cell(cohort, age));
    runs.labels.push_back(format_day(triangle.frame.periods.begin(cohort)));
  }
  return runs;
}

}  // namespace detail

TENURE_INLINE std::size_t CohortRuns::ages() const noexcept {
  std::size_t most = 0;
  for (const auto& run : values) most = std::max(most, run.size());
  return most;
}

TENURE_INLINE CohortRuns runs_of(const CohortCells& cells) {
  FaultList faults;
  for (std::size_t row = 0; row < cells.value.size(); ++row) detail::check_cell(cells, row, faults);
  faults.raise();
  CohortRuns runs{.values = std::vector<std::vector<double>>(cells.labels.size()),
                  .rows = std::vector<std::vector<std::int64_t>>(cells.labels.size()),
                  .labels = {cells.labels.begin(), cells.labels.end()},
                  .value_name = cells.value_name};
  for (std::size_t row = 0; row < cells.value.size(); ++row)
    runs.rows[static_cast<std::size_t>(cells.cohort[row])].push_back(static_cast<std::int64_t>(row));
  const auto at = [](std::span<const double> column, std::int64_t row) {
    return column[static_cast<std::size_t>(row)];
  };
  for (std::size_t cohort = 0; cohort < runs.size(); ++cohort) {
    auto& rows = runs.rows[cohort];
    std::ranges::stable_sort(rows, {}, [&](std::int64_t row) { return at(cells.age, row); });
    const std::string name = detail::cohort_name(cells.labels, cohort);
    double expected = 0;
    bool over = false;
    std::size_t kept = 0;
    for (const std::int64_t row : rows) {
      const double age = at(cells.age, row), value = at(cells.value, row);
      const Fault place{
          .code = "", .what = "", .column = cells.age_name, .row = row, .value = detail::number_text(age)};
      const auto refuse = [&](const char* code, std::string what, const char* remedy) {
        Fault fault = place;
        fault.code = code, fault.what = std::move(what), fault.remedy = remedy;
        faults.add(std::move(fault));
      };
      if (age < expected)
        refuse("E_COHORT_TWICE", name + " has two rows of age " + detail::number_text(age),
               "Add the rows up, or name the column that tells them apart in by=.");
      else if (age > expected || (over && !std::isnan(value)))
        refuse("E_COHORT_GAP",
               name + " has no value at age " +
                   detail::number_text(over ? static_cast<double>(kept) : expected) + ", but one at age " +
                   detail::number_text(age),
               "Give every age from 0 on; 0 where nobody is left.");
      expected = age + 1;
      over = over || std::isnan(value);
      if (over) continue;
      runs.values[cohort].push_back(value);
      rows[kept++] = row;
    }
    rows.resize(kept);
  }
  faults.raise();
  return runs;
}

TENURE_INLINE CohortRuns customers_of(const Triangle& triangle, std::size_t segment) {
  return detail::runs_from(triangle, "customers", [&](std::size_t cohort, std::size_t age) {
    return static_cast<double>(triangle.at(cohort, age, segment).customers);
  });
}
TENURE_INLINE CohortRuns amounts_of(const Triangle& triangle, std::size_t segment) {
  return detail::runs_from(triangle, "amount", [&](std::size_t cohort, std::size_t age) {
    return triangle.at(cohort, age, segment).amount.mrr();
  });
}

}  // namespace tenure
