#pragma once

#include <string>

#include "tenure/book.hpp"

namespace tenure::python {

/// Periods as the package names them: first and last day or month, unit, first month of the fiscal year;
/// weeks begin where the book's policy says.
inline Periods to_periods(const Book& book, const std::string& first, const std::string& last,
                          const std::string& unit, int fiscal_start) {
  const int week_start = static_cast<int>(book.policy().reporting.week_start);
  return periods({parse_period_unit(unit), fiscal_start, week_start}, first, last);
}

}  // namespace tenure::python
