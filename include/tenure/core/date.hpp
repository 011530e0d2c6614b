#pragma once

#include <boost/date_time/gregorian/gregorian_types.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "config.hpp"

/// Civil dates. Columns hold int32 days since 1970-01-01 (Arrow's date32); boost::gregorian::date is the
/// calendar type of the public API and converts by one subtraction. The only header that includes
/// Boost.Date_Time.
namespace tenure {

using Date = boost::gregorian::date;
using Day = std::int32_t;  ///< days since 1970-01-01

inline constexpr Day min_day = -208188;     ///< 1400-01-01, the first date of Boost's calendar
inline constexpr Day max_day = 2932896;     ///< 9999-12-31
inline constexpr Day open_end = INT32_MAX;  ///< the end of what has no end

constexpr bool is_representable(Day day) noexcept { return day >= min_day && day <= max_day; }

struct YearMonthDay {
  int year;
  int month;  ///< 1..12
  int day;    ///< 1..31
  friend constexpr bool operator==(const YearMonthDay&, const YearMonthDay&) = default;
};

/// Days from the civil calendar (proleptic Gregorian), without a table: years are counted from March, so that
/// the leap day is the last of its year.
constexpr Day days_from_civil(int year, int month, int day) noexcept {
  const int y = month <= 2 ? year - 1 : year;
  const int era = (y >= 0 ? y : y - 399) / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

constexpr YearMonthDay civil_from_days(Day days) noexcept {
  const int shifted = days + 719468;
  const int era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const int day_of_era = shifted - era * 146097;
  const int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int month_from_march = (5 * day_of_year + 2) / 153;
  const int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month,
          day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

constexpr bool is_leap(int year) noexcept { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

constexpr int days_in_month(int year, int month) noexcept {
  constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

inline Day to_day(Date date) noexcept {
  return static_cast<Day>(static_cast<std::int64_t>(date.day_number()) -
                          2440588);  // Julian day of 1970-01-01
}
/// Throws InputError E_DATE_RANGE outside 1400-01-01..9999-12-31.
Date to_date(Day day);

/// Months later, keeping the day of month of the anchor and clamping it to the length of each month: 31 Jan
/// -> 29 Feb -> 31 Mar. Always counted from the anchor, so that it never drifts (Boost snaps 28 Feb + 1 month
/// to 31 Mar; SQL engines drift to 29 Mar).
constexpr Day anniversary(Day anchor, int months) noexcept {
  const YearMonthDay from = civil_from_days(anchor);
  const int index = from.year * 12 + from.month - 1 + months;
  const int year = index >= 0 ? index / 12 : (index - 11) / 12;
  const int month = index - year * 12 + 1;
  const int length = days_in_month(year, month);
  return days_from_civil(year, month, from.day < length ? from.day : length);
}

/// "2024-02-29" -> days. Throws InputError: E_DATE_FORMAT, E_DATE_INVALID, E_DATE_RANGE.
Day parse_day(std::string_view text, std::string_view column = {});
/// As parse_day, but also accepts "2024-02" as the first of the month.
Day parse_day_or_month(std::string_view text, std::string_view column = {});
/// days -> "2024-02-29".
std::string format_day(Day day);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/date.ipp"
#endif
