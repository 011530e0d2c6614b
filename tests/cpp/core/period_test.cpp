#include <tenure/core/period.hpp>

#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

std::vector<std::string> begins(const Periods& periods) {
  std::vector<std::string> days;
  for (std::size_t k = 0; k < periods.size(); ++k) days.push_back(format_day(periods.begin(k)));
  return days;
}
using Days = std::vector<std::string>;

TEST(Periods, MonthsIncludeBothEnds) {
  EXPECT_EQ(begins(months("2023-11", "2024-02")),
            (Days{"2023-11-01", "2023-12-01", "2024-01-01", "2024-02-01"}));
  EXPECT_EQ(begins(months("2024-01-15", "2024-01-20")), Days{"2024-01-01"});
  EXPECT_EQ(format_day(months("2024-02", "2024-02").end()), "2024-03-01");
}

TEST(Periods, QuartersAndYearsMayStartInAnyMonth) {
  EXPECT_EQ(begins(quarters("2024-01", "2024-12")),
            (Days{"2024-01-01", "2024-04-01", "2024-07-01", "2024-10-01"}));
  EXPECT_EQ(begins(quarters("2024-01", "2024-05", 2)), (Days{"2023-11-01", "2024-02-01", "2024-05-01"}));
  EXPECT_EQ(begins(years("2023-06", "2024-06", 4)), (Days{"2023-04-01", "2024-04-01"}));
  EXPECT_EQ(begins(periods({PeriodUnit::half_year, 2}, "2024-01", "2024-08")),
            (Days{"2023-08-01", "2024-02-01", "2024-08-01"}));
}

TEST(Periods, WeeksBeginOnMonday) {
  EXPECT_EQ(begins(weeks("2024-01-03", "2024-01-15")), (Days{"2024-01-01", "2024-01-08", "2024-01-15"}));
  EXPECT_EQ(begins(weeks("1969-12-31", "1969-12-31")), Days{"1969-12-29"});
}

TEST(Periods, WeeksMayBeginOnAnyDay) {
  EXPECT_EQ(begins(weeks("2024-01-03", "2024-01-15", 6)),
            (Days{"2023-12-31", "2024-01-07", "2024-01-14"}));                                  // Sundays
  EXPECT_EQ(begins(weeks("2024-01-03", "2024-01-10", 2)), (Days{"2024-01-03", "2024-01-10"}));  // Wednesdays
  EXPECT_EQ(begins(weeks("2024-01-03", "2024-01-03", 3)), Days{"2023-12-28"});                  // Thursday
  EXPECT_EQ(begins(weeks("1969-12-31", "1969-12-31", 6)), Days{"1969-12-28"});
  EXPECT_FAULT(weeks("2024-01-03", "2024-01-15", 7), OptionError, "E_WEEK_START", "week_start=7");
  EXPECT_FAULT(weeks("2024-01-03", "2024-01-15", -1), OptionError, "E_WEEK_START",
               "0 = Monday .. 6 = Sunday");
}

TEST(Periods, DaysArePeriodsOfTheirOwn) {
  const Periods found = days("2024-02-28", "2024-03-01");
  EXPECT_EQ(begins(found), (Days{"2024-02-28", "2024-02-29", "2024-03-01"}));
  EXPECT_EQ(format_day(found.end()), "2024-03-02");
  EXPECT_EQ(found.index_of(parse_day("2024-02-29")), 1U);
  EXPECT_EQ(begins(days("2024-02", "2024-02")), Days{"2024-02-01"}) << "a month stands for its first day";
  EXPECT_EQ(periods({PeriodUnit::day}, "2024-02-28", "2024-03-01"), found);
}

TEST(Periods, KnowWhichOneADayIsIn) {
  const Periods year = months("2024-01", "2024-12");
  EXPECT_EQ(year.index_of(parse_day("2024-01-01")), 0U);
  EXPECT_EQ(year.index_of(parse_day("2024-02-29")), 1U);
  EXPECT_EQ(year.index_of(parse_day("2024-12-31")), 11U);
  EXPECT_FAULT(year.index_of(parse_day("2025-01-01")), InputError, "E_WINDOW",
               "2025-01-01 lies outside 2024-01-01..2024-12-31");
  EXPECT_FAULT(year.index_of(parse_day("2023-12-31")), InputError, "E_WINDOW", "lies outside");
}

TEST(Periods, ReversedWindowsAreRefused) {  // TIM-25
  EXPECT_FAULT(months("2024-02", "2024-01"), InputError, "E_WINDOW",
               "first 2024-02-01 is after last 2024-01-01");
}

TEST(Periods, FiscalStartIsAMonth) {
  EXPECT_FAULT(years("2024", "2025"), InputError, "E_DATE_FORMAT", "column 'first'");
  EXPECT_FAULT(years("2024-01", "2025-01", 13), OptionError, "E_FISCAL_START", "fiscal_start=13");
  EXPECT_FAULT(quarters("2024-01", "2025-01", 0), OptionError, "E_FISCAL_START", "fiscal_start=0");
}

TEST(PeriodUnit, IsKnownByName) {
  for (const char* name : {"day", "week", "month", "quarter", "half_year", "year"})
    EXPECT_EQ(name_of(parse_period_unit(name)), name);
  EXPECT_FAULT(parse_period_unit("mont"), OptionError, "E_PERIOD_UNIT", "did you mean 'month'?");
}

TEST(Periods, ReachFromTheFirstToTheLastDayOfTheCalendar) {
  const Periods all = months("1400-01", "9999-12");
  EXPECT_EQ(all.size(), 8600U * 12);
  EXPECT_EQ(all.begin(), min_day);
  EXPECT_EQ(all.end(), max_day + 1);
}

RC_GTEST_PROP(Calendar, EveryDayIsInExactlyOnePeriod, ()) {
  const auto unit = *rc::gen::element(PeriodUnit::day, PeriodUnit::week, PeriodUnit::month,
                                      PeriodUnit::quarter, PeriodUnit::half_year, PeriodUnit::year);
  const Calendar calendar{unit, *rc::gen::inRange(1, 13), *rc::gen::inRange(0, 7)};
  const Day day = *rc::gen::inRange<Day>(min_day + 400, max_day - 400);
  const Day begin = calendar.floor(day), end = calendar.advance(begin, 1);
  RC_ASSERT(begin <= day);
  RC_ASSERT(day < end);
  RC_ASSERT(calendar.floor(begin) == begin);
  RC_ASSERT(calendar.floor(end - 1) == begin);
  RC_ASSERT(calendar.floor(end) == end);
  RC_ASSERT(calendar.advance(end, -1) == begin);
}

RC_GTEST_PROP(Calendar, AWeekBeginsOnItsWeekday, ()) {
  const int week_start = *rc::gen::inRange(0, 7);
  const Day begin = Calendar{PeriodUnit::week, 1, week_start}.floor(*rc::gen::inRange<Day>(-20'000, 40'000));
  const Day monday = parse_day("2024-01-01");
  RC_ASSERT(((begin - monday - week_start) % 7 + 7) % 7 == 0);
}

RC_GTEST_PROP(Periods, FollowEachOtherWithoutGaps, ()) {
  const auto unit = *rc::gen::element(PeriodUnit::day, PeriodUnit::week, PeriodUnit::month,
                                      PeriodUnit::quarter, PeriodUnit::year);
  const Calendar calendar{unit, *rc::gen::inRange(1, 13), *rc::gen::inRange(0, 7)};
  const Day first = *rc::gen::inRange<Day>(0, 20'000), last = first + *rc::gen::inRange<Day>(0, 2000);
  const Periods found(calendar, first, last);
  RC_ASSERT(found.begin() <= first);
  RC_ASSERT(found.end() > last);
  for (std::size_t k = 0; k < found.size(); ++k) {
    RC_ASSERT(found.end(k) == calendar.advance(found.begin(k), 1));
    RC_ASSERT(found.index_of(found.begin(k)) == k);
    RC_ASSERT(found.index_of(found.end(k) - 1) == k);
  }
}

}  // namespace
}  // namespace tenure
