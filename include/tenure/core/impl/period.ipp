#include <array>

#include "../error.hpp"
#include "../names.hpp"
#include "../period.hpp"

namespace tenure {

namespace detail {

inline constexpr std::array<Named<PeriodUnit>, 6> period_units{{{"day", PeriodUnit::day},
                                                                {"week", PeriodUnit::week},
                                                                {"month", PeriodUnit::month},
                                                                {"quarter", PeriodUnit::quarter},
                                                                {"half_year", PeriodUnit::half_year},
                                                                {"year", PeriodUnit::year}}};

inline int months_in(PeriodUnit unit) noexcept {
  switch (unit) {
    case PeriodUnit::quarter:
      return 3;
    case PeriodUnit::half_year:
      return 6;
    case PeriodUnit::year:
      return 12;
    default:
      return 1;
  }
}

}  // namespace detail

TENURE_INLINE PeriodUnit parse_period_unit(std::string_view name) {
  return parse_named<PeriodUnit>(detail::period_units, name, "period", "E_PERIOD_UNIT");
}

TENURE_INLINE std::string_view name_of(PeriodUnit unit) noexcept {
  return find_name<PeriodUnit>(detail::period_units, unit);
}

TENURE_INLINE Day Calendar::floor(Day day) const {
  if (unit == PeriodUnit::day) return day;
  if (unit == PeriodUnit::week) {
    const int weekday = (((day + 3 - week_start) % 7) + 7) % 7;  // 1970-01-01 was a Thursday
    return day - weekday;
  }
  const YearMonthDay civil = civil_from_days(day);
  const int shifted = civil.year * 12 + civil.month - fiscal_start;
  const int start = shifted - shifted % detail::months_in(unit) + fiscal_start - 1;
  return days_from_civil(start / 12, start % 12 + 1, 1);
}

TENURE_INLINE Day Calendar::advance(Day begin, int steps) const {
  if (unit == PeriodUnit::day) return begin + steps;
  return unit == PeriodUnit::week ? begin + 7 * steps : anniversary(begin, steps * detail::months_in(unit));
}

TENURE_INLINE Periods::Periods(Calendar calendar, Day first, Day last) : calendar_(calendar) {
  if (calendar.fiscal_start < 1 || calendar.fiscal_start > 12)
    throw_option({.code = "E_FISCAL_START",
                  .what = "fiscal_start=" + std::to_string(calendar.fiscal_start) + " is not a month (1..12)",
                  .value = std::to_string(calendar.fiscal_start)});
  if (calendar.week_start < 0 || calendar.week_start > 6)
    throw_option({.code = "E_WEEK_START",
                  .what = "week_start=" + std::to_string(calendar.week_start) +
                          " is not a day of the week (0 = Monday .. 6 = Sunday)",
                  .value = std::to_string(calendar.week_start)});
  for (const Day day : {first, last})
    if (!is_representable(day))
      throw_input({.code = "E_DATE_RANGE",
                   .what = "day " + std::to_string(day) + " is outside 1400-01-01..9999-12-31",
                   .value = std::to_string(day)});
  if (last < first)
    throw_input({.code = "E_WINDOW",
                 .what = "first " + format_day(first) + " is after last " + format_day(last),
                 .value = format_day(first),
                 .remedy = "Swap first and last."});
  for (Day at = calendar.floor(first); at <= last; at = calendar.advance(at, 1)) bounds_.push_back(at);
  bounds_.push_back(calendar.advance(bounds_.back(), 1));
}

TENURE_INLINE std::size_t Periods::index_of(Day day) const {
  if (day < begin() || day >= end())
    throw_input(
        {.code = "E_WINDOW",
         .what = format_day(day) + " lies outside " + format_day(begin()) + ".." + format_day(end() - 1),
         .value = format_day(day),
         .remedy = "Ask for a period of the result."});
  const auto after = std::upper_bound(bounds_.begin(), bounds_.end(), day);
  return static_cast<std::size_t>(after - bounds_.begin()) - 1;
}

TENURE_INLINE Periods periods(Calendar calendar, std::string_view first, std::string_view last) {
  return {calendar, parse_day_or_month(first, "first"), parse_day_or_month(last, "last")};
}
TENURE_INLINE Periods months(std::string_view first, std::string_view last) {
  return periods({PeriodUnit::month, 1}, first, last);
}
TENURE_INLINE Periods quarters(std::string_view first, std::string_view last, int fiscal_start) {
  return periods({PeriodUnit::quarter, fiscal_start}, first, last);
}
TENURE_INLINE Periods years(std::string_view first, std::string_view last, int fiscal_start) {
  return periods({PeriodUnit::year, fiscal_start}, first, last);
}
TENURE_INLINE Periods weeks(std::string_view first, std::string_view last, int week_start) {
  return periods({PeriodUnit::week, 1, week_start}, first, last);
}
TENURE_INLINE Periods days(std::string_view first, std::string_view last) {
  return periods({PeriodUnit::day, 1}, first, last);
}

}  // namespace tenure
