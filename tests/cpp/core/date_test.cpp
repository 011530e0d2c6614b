#include <tenure/core/date.hpp>

#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

TEST(Date, DaysCountFromTheEpoch) {
  EXPECT_EQ(days_from_civil(1970, 1, 1), 0);
  EXPECT_EQ(days_from_civil(2024, 2, 29), 19782);
  EXPECT_EQ(days_from_civil(1400, 1, 1), min_day);
  EXPECT_EQ(days_from_civil(9999, 12, 31), max_day);
}

TEST(Date, EveryDayOfTheCalendarIsBoosts) {
  for (Day day = min_day; day <= max_day; day += day > 0 && day < 30'000 ? 1 : 17) {
    const Date date = to_date(day);
    const YearMonthDay civil = civil_from_days(day);
    ASSERT_EQ(to_day(date), day);
    ASSERT_EQ(civil.year, static_cast<int>(date.year()));
    ASSERT_EQ(civil.month, static_cast<int>(date.month()));
    ASSERT_EQ(civil.day, static_cast<int>(date.day()));
    ASSERT_EQ(days_from_civil(civil.year, civil.month, civil.day), day);
  }
}

TEST(Date, LeapYearsHaveTheirDay) {
  for (int year : {1600, 2000, 2024, 2400}) EXPECT_EQ(days_in_month(year, 2), 29) << year;
  for (int year : {1700, 1900, 2023, 2100}) EXPECT_EQ(days_in_month(year, 2), 28) << year;
}

TEST(Date, OutsideTheCalendarIsRefused) {
  EXPECT_FAULT(to_date(min_day - 1), InputError, "E_DATE_RANGE", "is outside 1400-01-01..9999-12-31");
  EXPECT_FAULT(to_date(max_day + 1), InputError, "E_DATE_RANGE", "is outside 1400-01-01..9999-12-31");
  EXPECT_FAULT(to_date(open_end), InputError, "E_DATE_RANGE", "is outside");
}

TEST(Anniversary, ClampsAndNeverDrifts) {  // TIM-10
  const Day anchor = parse_day("2024-01-31");
  const char* bills[] = {"2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"};
  for (int month = 0; month < 5; ++month) EXPECT_EQ(format_day(anniversary(anchor, month)), bills[month]);
  EXPECT_EQ(format_day(anniversary(anchor, -2)), "2023-11-30");
  EXPECT_EQ(format_day(anniversary(parse_day("2023-02-28"), 1)), "2023-03-28");  // Boost says 03-31
}

TEST(Anniversary, OfALeapDayComesBackInLeapYears) {  // TIM-11
  const Day anchor = parse_day("2024-02-29");
  const char* bills[] = {"2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"};
  for (int year = 0; year < 5; ++year) EXPECT_EQ(format_day(anniversary(anchor, 12 * year)), bills[year]);
}

TEST(ParseDay, ReadsIsoDates) {
  EXPECT_EQ(parse_day("1970-01-02"), 1);
  EXPECT_EQ(parse_day("1400-01-01"), min_day);
  EXPECT_EQ(parse_day("9999-12-31"), max_day);
  EXPECT_EQ(parse_day_or_month("2024-02"), parse_day("2024-02-01"));
  EXPECT_EQ(parse_day_or_month("2024-02-03"), parse_day("2024-02-03"));
}

TEST(ParseDay, RefusesDatesThatDoNotExist) {  // TIM-07, TIM-08
  for (const char* text :
       {"2023-02-29", "2024-02-30", "2024-13-01", "2024-00-01", "2024-01-00", "2024-04-31"})
    EXPECT_FAULT(parse_day(text), InputError, "E_DATE_INVALID", std::string(text) + " does not exist");
}

TEST(ParseDay, RefusesYearsOutsideTheCalendar) {  // TIM-04, TIM-05
  EXPECT_FAULT(parse_day("1399-12-31"), InputError, "E_DATE_RANGE",
               "1399-12-31 is outside 1400-01-01..9999-12-31");
  EXPECT_FAULT(parse_day("10000-01-01"), InputError, "E_DATE_RANGE", "10000-01-01 is outside");
}

TEST(ParseDay, RefusesOtherFormsAndSaysWhatTheyLookLike) {  // TIM-22, TIM-23
  EXPECT_FAULT(parse_day("01/02/24"), InputError, "E_DATE_FORMAT", "two-digit year");
  EXPECT_FAULT(parse_day("45292"), InputError, "E_DATE_FORMAT", "spreadsheet serial number");
  for (const char* text : {"", "2024", "2024-1-1", " 2024-01-01", "2024/01/01", "-2024-01-01", "20240101"})
    EXPECT_FAULT(parse_day(text), InputError, "E_DATE_FORMAT", "is not a date of the form YYYY-MM-DD");
  EXPECT_FAULT(parse_day("2024-01-01T00:00"), InputError, "E_DATE_FORMAT",
               "is a time of day written as text");
  EXPECT_FAULT(parse_day("x", "start"), InputError, "E_DATE_FORMAT", "column 'start'");
  EXPECT_FAULT(parse_day_or_month("2024-13"), InputError, "E_DATE_INVALID", "2024-13-01");
}

TEST(FormatDay, OpenEndsAreCalledOpen) { EXPECT_EQ(format_day(open_end), "open"); }

RC_GTEST_PROP(ParseDay, ReadsWhatFormatDayWrites, ()) {
  const Day day = *rc::gen::inRange<Day>(min_day, max_day + 1);
  RC_ASSERT(parse_day(format_day(day)) == day);
}

RC_GTEST_PROP(ParseDay, AnyTextIsReadOrRefused, (const std::string& text)) {
  try {
    RC_ASSERT(is_representable(parse_day(text)));
  } catch (const InputError& error) {
    RC_ASSERT(error.code().starts_with("E_DATE_"));
  }
}

}  // namespace
}  // namespace tenure
