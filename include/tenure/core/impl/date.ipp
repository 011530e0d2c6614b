#include <array>
#include <cstdio>

#include "../date.hpp"
#include "../error.hpp"

namespace tenure {

namespace detail {

/// Reads exactly `width` digits at `at`; -1 if there is anything else.
inline int digits(std::string_view text, std::size_t at, std::size_t width) noexcept {
  if (at + width > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + width; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

[[noreturn]] inline void refuse_date(std::string_view text, std::string_view column) {
  const std::string shown = printable(text);
  Fault fault{.code = "E_DATE_FORMAT",
              .what = "'" + shown + "' is not a date of the form YYYY-MM-DD",
              .column = std::string(column),
              .value = shown,
              .remedy = "Write dates as 2024-02-29, or pass a date column."};
  if (text.size() > 10 && (text[10] == 'T' || text[10] == ' ') && digits(text, 0, 4) >= 0) {
    fault.what = "'" + shown + "' is a time of day written as text";
    fault.remedy = "Read the column as timestamps, and name the zone on whose calendar they become dates.";
  }
  const bool all_digits = text.find_first_not_of("0123456789") == std::string_view::npos && !text.empty();
  if (all_digits && text.size() == 5) {
    fault.what = "'" + shown + "' looks like a spreadsheet serial number";
    fault.remedy = "Convert it to a date in the spreadsheet or while reading.";
  } else if (text.size() == 8 && (text[2] == '/' || text[2] == '.' || text[2] == '-')) {
    fault.what = "'" + shown + "' has a two-digit year, which is not accepted";
  }
  throw_input(std::move(fault));
}

}  // namespace detail

TENURE_INLINE Date to_date(Day day) {
  if (!is_representable(day))
    throw_input({.code = "E_DATE_RANGE",
                 .what = "day " + std::to_string(day) + " is outside 1400-01-01..9999-12-31",
                 .value = std::to_string(day)});
  return Date(Date::date_int_type(static_cast<std::uint32_t>(day + 2440588)));
}

TENURE_INLINE Day parse_day(std::string_view text, std::string_view column) {
  std::size_t width = 4;
  while (width < text.size() && width < 6 && text[width] >= '0' && text[width] <= '9') ++width;
  const int year = detail::digits(text, 0, width);
  const int month = detail::digits(text, width + 1, 2);
  const int day = detail::digits(text, width + 4, 2);
  if (text.size() != width + 6 || year < 0 || month < 0 || day < 0 || text[width] != '-' ||
      text[width + 3] != '-')
    detail::refuse_date(text, column);
  if (year < 1400 || year > 9999)
    throw_input({.code = "E_DATE_RANGE",
                 .what = std::string(text) + " is outside 1400-01-01..9999-12-31",
                 .column = std::string(column),
                 .value = std::string(text)});
  if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
    throw_input({.code = "E_DATE_INVALID",
                 .what = std::string(text) + " does not exist",
                 .column = std::string(column),
                 .value = std::string(text)});
  return days_from_civil(year, month, day);
}

TENURE_INLINE Day parse_day_or_month(std::string_view text, std::string_view column) {
  if (text.size() == 7 && text[4] == '-') return parse_day(std::string(text) + "-01", column);
  return parse_day(text, column);
}

TENURE_INLINE std::string format_day(Day day) {
  if (day == open_end) return "open";
  const YearMonthDay civil = civil_from_days(day);
  std::array<char, 32> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", civil.year, civil.month, civil.day);
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace tenure
