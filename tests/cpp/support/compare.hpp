#pragma once

#include <algorithm>
#include <string>

#include "generators.hpp"
#include "reference.hpp"

/// A book's answers against the plain definitions.
namespace tenure::test {

inline std::string label_of(const Row& row, const std::string& by) {
  const std::string plan = row.plan == no_label ? "(none)" : plans[static_cast<std::size_t>(row.plan)];
  const std::string region =
      row.region == no_label ? "(none)" : regions[static_cast<std::size_t>(row.region)];
  if (by.empty()) return "";
  return by == "plan" ? plan : by == "region" ? region : plan + "/" + region;
}

inline Answer expected(std::span<const Row> rows, const Policy& policy, const Frame& frame, int horizon) {
  return Reference(rows, policy, frame.periods, horizon, frame.segments.size(),
                   [&](const Row& row) {
                     const auto place = std::lower_bound(frame.segments.begin(), frame.segments.end(),
                                                         label_of(row, frame.by));
                     return static_cast<std::size_t>(place - frame.segments.begin());
                   })
      .answer();
}

inline std::string show(const Flow& flow) {
  return to_string(flow.amount.annual) + " of " + std::to_string(flow.customers);
}

/// Empty if all cells are equal; otherwise the first that is not.
inline std::string difference(const Waterfall& found, const Answer& wanted) {
  for (std::size_t line = 0; line < line_count; ++line)
    for (std::size_t row = 0; row < found.frame.rows(); ++row)
      if (const Flow &is = found.exact[line][row], &should = wanted.bridge[line][row]; is != should)
        return std::string(name_of(static_cast<Line>(line))) + " of " +
               format_day(found.frame.periods.begin(row / found.frame.segments.size())) + " '" +
               found.frame.segments[row % found.frame.segments.size()] + "': " + show(is) + ", should be " +
               show(should);
  return "";
}

inline std::string difference(const NetRetention& found, const Answer& wanted) {
  for (std::size_t row = 0; row < found.frame.rows(); ++row)
    if (found.windows[row] != wanted.retention[row])
      return "retention of " + format_day(found.frame.periods.begin(row / found.frame.segments.size())) +
             " '" + found.frame.segments[row % found.frame.segments.size()] + "'";
  return "";
}

inline std::string difference(const Triangle& found, const Answer& wanted) {
  for (std::size_t segment = 0; segment < found.frame.segments.size(); ++segment)
    for (std::size_t cohort = 0; cohort < found.size(); ++cohort)
      for (std::size_t age = 0; found.observed(cohort, age); ++age)
        if (const std::size_t at = found.index(cohort, age, segment); found.cells[at] != wanted.triangle[at])
          return "cohort " + format_day(found.frame.periods.begin(cohort)) + " age " + std::to_string(age) +
                 ": " + show(found.cells[at]) + ", should be " + show(wanted.triangle[at]);
  return "";
}

}  // namespace tenure::test
