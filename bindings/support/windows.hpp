#pragma once

#include <string>

#include "tenure/book.hpp"
#include "tenure/economics/detail/rates.hpp"

namespace tenure::python {

/// Periods as the package names them: first and last day or month, unit, first month of the fiscal year;
/// weeks begin where the book's policy says.
inline Periods to_periods(const Book& book, const std::string& first, const std::string& last,
                          const std::string& unit, int fiscal_start) {
  const int week_start = static_cast<int>(book.policy().reporting.week_start);
  return periods({parse_period_unit(unit), fiscal_start, week_start}, first, last);
}

using detail::complete_periods;

/// The first `count` of some periods, at least one.
inline Periods first_of(const Periods& periods, std::size_t count) {
  return Periods(periods.calendar(), periods.begin(), periods.end(count - 1) - 1);
}

}  // namespace tenure::python
