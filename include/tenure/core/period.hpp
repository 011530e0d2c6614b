#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "date.hpp"

/// Calendar periods: half-open [begin, end), contiguous, ascending.
namespace tenure {

enum class PeriodUnit : std::uint8_t { week, month, quarter, half_year, year, day };

/// Name as users write it ("month"); throws OptionError E_PERIOD_UNIT with the nearest known name.
PeriodUnit parse_period_unit(std::string_view name);
std::string_view name_of(PeriodUnit unit) noexcept;

/// How a calendar is cut. Quarters, halves and years may start in any month (fiscal years), weeks on any day.
struct Calendar {
  PeriodUnit unit = PeriodUnit::month;
  int fiscal_start = 1;  ///< month (1..12) in which quarters, halves and years begin
  int week_start = 0;    ///< 0 = Monday .. 6 = Sunday

  /// First day of the period that contains `day`.
  Day floor(Day day) const;
  /// First day of the period `steps` after the one that begins on `begin`.
  Day advance(Day begin, int steps) const;
  friend bool operator==(const Calendar&, const Calendar&) = default;
};

/// A run of consecutive periods of one calendar.
class Periods {
 public:
  /// The periods that contain `first` and `last`, and all between. Throws InputError E_WINDOW if last lies
  /// before first.
  Periods(Calendar calendar, Day first, Day last);

  std::size_t size() const noexcept { return bounds_.size() - 1; }
  Day begin(std::size_t k) const noexcept { return bounds_[k]; }
  Day end(std::size_t k) const noexcept { return bounds_[k + 1]; }
  Day begin() const noexcept { return bounds_.front(); }
  Day end() const noexcept { return bounds_.back(); }
  const std::vector<Day>& bounds() const noexcept { return bounds_; }
  const Calendar& calendar() const noexcept { return calendar_; }
  /// Position of the period that contains `day`; throws InputError E_WINDOW if none does.
  std::size_t index_of(Day day) const;
  friend bool operator==(const Periods&, const Periods&) = default;

 private:
  Calendar calendar_;
  std::vector<Day> bounds_;
};

/// months("2024-01", "2024-12"): both ends included; each may be a month or a date.
Periods months(std::string_view first, std::string_view last);
Periods quarters(std::string_view first, std::string_view last, int fiscal_start = 1);
Periods years(std::string_view first, std::string_view last, int fiscal_start = 1);
Periods weeks(std::string_view first, std::string_view last, int week_start = 0);
Periods days(std::string_view first, std::string_view last);
Periods periods(Calendar calendar, std::string_view first, std::string_view last);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/period.ipp"
#endif
