#include <tenure/forecast/history.hpp>

#include <tenure/core/date.hpp>

#include <cmath>
#include <limits>

#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

using test::for_all;

std::vector<std::int64_t> days(const std::vector<std::string>& texts) {
  std::vector<std::int64_t> found;
  for (const std::string& text : texts) found.push_back(parse_day_or_month(text));
  return found;
}
History of(const std::vector<std::int64_t>& periods, bool dates, const std::vector<std::int32_t>& series = {},
           std::size_t count = 1) {
  const std::vector<double> values(periods.size(), 1.0);
  return to_history(
      {.series = series,
       .series_count = count,
       .period = periods,
       .value = values,
       .dates = dates,
       .series_of = [](std::size_t one) { return std::string(1, static_cast<char>('a' + one)); }});
}
std::string step_of(const std::vector<std::string>& texts) { return of(days(texts), true).step.text(); }

TEST(History, FindsTheStep) {
  EXPECT_EQ(step_of({"2024-01", "2024-02", "2024-03"}), "1 month");
  EXPECT_EQ(step_of({"2024-01-31", "2024-02-29", "2024-03-31"}), "1 month");
  EXPECT_EQ(step_of({"2023-11-15", "2024-02-15", "2024-05-15"}), "3 months");
  EXPECT_EQ(step_of({"2021-01", "2022-01"}), "12 months");
  EXPECT_EQ(step_of({"2024-01-01", "2024-01-08", "2024-01-15"}), "1 week");
  EXPECT_EQ(step_of({"2024-02-28", "2024-02-29", "2024-03-01"}), "1 day");
  EXPECT_EQ(of({2019, 2020, 2021}, false).step.text(), "1");
  EXPECT_EQ(of({10, 20, 30}, false).step.text(), "10");
}

TEST(History, GoesOnAtTheStep) {
  const PeriodStep months = of(days({"2023-12-31", "2024-01-31"}), true).step;
  EXPECT_EQ(months.text(months.advance(parse_day("2024-01-31"), 1)), "2024-02-29");
  EXPECT_EQ(months.text(months.advance(parse_day("2024-02-29"), 1)), "2024-03-31");
  EXPECT_EQ(months.text(months.advance(parse_day("2024-02-29"), -2)), "2023-12-31");
  const PeriodStep weeks = of(days({"2024-02-19", "2024-02-26"}), true).step;
  EXPECT_EQ(weeks.text(weeks.advance(parse_day("2024-02-26"), 2)), "2024-03-11");
  EXPECT_EQ(of({1, 3}, false).step.advance(3, 2), 7);
}

TEST(History, CountsSteps) {
  const PeriodStep quarters = of(days({"2024-01", "2024-04"}), true).step;
  EXPECT_EQ(quarters.between(parse_day("2024-01-01"), parse_day("2025-01-01")), 4);
  EXPECT_EQ(quarters.between(parse_day("2024-01-01"), parse_day("2024-02-01")), std::nullopt);
  EXPECT_EQ(quarters.between(parse_day("2024-01-01"), parse_day("2024-04-02")), std::nullopt);
  EXPECT_EQ(quarters.between(parse_day("2024-04-01"), parse_day("2024-01-01")), -1);
  EXPECT_EQ((PeriodStep{StepUnit::number, 2}.between(1, 4)), std::nullopt);
}

TEST(History, SortsSeriesAndKeepsWhereRowsStood) {
  const std::vector<std::int32_t> series = {1, 0, 1, 0, 1};
  const std::vector<std::int64_t> period = {3, 2, 1, 1, 2};
  const std::vector<double> value = {13, 2, 11, 1, 12};
  const History found = to_history({.series = series, .series_count = 2, .period = period, .value = value});
  EXPECT_EQ(found.values, (std::vector<double>{1, 2, 11, 12, 13}));
  EXPECT_EQ(found.periods, (std::vector<std::int64_t>{1, 2, 1, 2, 3}));
  EXPECT_EQ(found.rows, (std::vector<std::uint32_t>{3, 1, 2, 4, 0}));
  EXPECT_EQ(found.begin, (std::vector<std::uint32_t>{0, 2, 5}));
}

TEST(History, RefusesAGapAndSaysWhere) {
  EXPECT_FAULT(of(days({"2024-01", "2024-02", "2024-04", "2024-05"}), true), InputError, "E_PERIOD_GAP",
               "after 2024-02-01 comes 2024-04-01, and 2024-03-01 is missing (periods are 1 month apart)");
  EXPECT_FAULT(of({1, 2, 3, 1, 3}, false, {0, 0, 0, 1, 1}, 2), InputError, "E_PERIOD_GAP",
               "series 'b': after 1 comes 3, and 2 is missing");
  EXPECT_FAULT(of(days({"2024-01-05", "2024-01-08", "2024-01-09"}), true), InputError, "E_PERIOD_GAP",
               "2024-01-06 is missing (periods are 1 day apart)");
}

TEST(History, RefusesAPeriodThatIsThereTwice) {
  EXPECT_FAULT(of(days({"2024-01", "2024-02", "2024-02"}), true), InputError, "E_PERIOD_DUPLICATE",
               "period 2024-02-01 is there twice, in row 1 too");
  EXPECT_FAULT(of({7, 7}, false), InputError, "E_PERIOD_DUPLICATE", "period 7 is there twice, in row 0 too");
}

TEST(History, RefusesWhatSaysNothing) {
  EXPECT_FAULT(of({}, false), InputError, "E_NO_ROWS", "there are no rows");
  EXPECT_FAULT(of({5}, false), InputError, "E_PERIOD_STEP", "no series has two periods");
  const std::vector<std::int64_t> period = {1, 2};
  const std::vector<double> one = {1}, bad = {1, std::nan("")},
                            large = {std::numeric_limits<double>::infinity(), 1};
  EXPECT_FAULT(to_history({.period = period, .value = one}), InputError, "E_COLUMN_LENGTH", "2 and 1 rows");
  EXPECT_FAULT(to_history({.period = period, .value = bad}), InputError, "E_AMOUNT_NAN",
               "column 'value', row 1: a value is missing");
  EXPECT_FAULT(to_history({.period = period, .value = large}), InputError, "E_AMOUNT_INF", "infinite");
}

TEST(History, WhatIsOutsideIsRefused) {
  const std::vector<std::int64_t> period = {0, 1}, ends = {INT64_MIN, INT64_MAX}, late = {2932896, 2932897};
  const std::vector<double> value = {1, 2};
  const std::vector<std::int32_t> wild = {0, 3}, negative = {0, -1}, own = {0};
  EXPECT_FAULT(to_history({.series = wild, .series_count = 2, .period = period, .value = value}), InputError,
               "E_CODE", "a code of 3 is outside of 2 groups");
  EXPECT_FAULT(to_history({.series = negative, .series_count = 2, .period = period, .value = value}),
               InputError, "E_CODE", "a code of -1");
  EXPECT_FAULT(to_history({.series = own, .period = period, .value = value}), InputError, "E_COLUMN_LENGTH",
               "rows");
  EXPECT_FAULT(to_history({.series_count = 2, .period = period, .value = value}), InputError, "E_CODE",
               "rows without series are of 1, not of 2");
  EXPECT_FAULT(to_history({.period = ends, .value = value}), InputError, "E_PERIOD_RANGE", "beyond 2^62");
  EXPECT_FAULT(to_history({.period = late, .value = value, .dates = true}), InputError, "E_DATE_RANGE",
               "day 2932897 is outside");
}

TEST(History, StepsEndWithTheCalendar) {
  const PeriodStep month{StepUnit::month, 1}, end{StepUnit::month_end, 3}, week{StepUnit::day, 7}, one{};
  const Day last = days_from_civil(9999, 12, 1);
  EXPECT_EQ(month.advance(last, 0), last);
  EXPECT_FAULT(month.advance(last, 1), InputError, "E_DATE_RANGE", "1 times 1 month after 9999-12-01");
  EXPECT_FAULT(end.advance(days_from_civil(9999, 12, 31), 1), InputError, "E_DATE_RANGE", "no date");
  EXPECT_FAULT(week.advance(days_from_civil(9999, 12, 31), 1), InputError, "E_DATE_RANGE", "1 week");
  EXPECT_FAULT(month.advance(0, -100'000), InputError, "E_DATE_RANGE", "-100000 times 1 month");
  const std::int64_t most = std::int64_t{1} << 62;
  EXPECT_EQ(one.advance(most - 1, 1), most);
  EXPECT_FAULT(one.advance(most, 1), InputError, "E_PERIOD_RANGE", "no number below 2^62");
  EXPECT_EQ(one.between(INT64_MIN, INT64_MAX), std::nullopt);
}

/// The order of rows changes nothing, and every value keeps its period and series.
TEST(History, DoesNotDependOnTheOrderOfRows) {
  for_all([] {
    const auto lengths =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(2, 8)));
    std::vector<std::size_t> order;
    std::vector<std::int32_t> series;
    std::vector<std::int64_t> period;
    for (std::size_t one = 0; one < lengths.size(); ++one)
      for (std::size_t i = 0; i < lengths[one]; ++i) {
        order.push_back(order.size());
        series.push_back(static_cast<std::int32_t>(one));
        period.push_back(static_cast<std::int64_t>(100 * one + i));
      }
    const auto keys = *rc::gen::container<std::vector<int>>(order.size(), rc::gen::arbitrary<int>());
    std::ranges::stable_sort(order, {}, [&](std::size_t row) { return keys[row]; });
    std::vector<std::int32_t> mixed_series;
    std::vector<std::int64_t> mixed_period;
    std::vector<double> value;
    for (const std::size_t row : order) {
      mixed_series.push_back(series[row]);
      mixed_period.push_back(period[row]);
      value.push_back(static_cast<double>(period[row]));
    }
    const History found = to_history(
        {.series = mixed_series, .series_count = lengths.size(), .period = mixed_period, .value = value});
    RC_ASSERT(found.periods == period);
    for (std::size_t i = 0; i < period.size(); ++i) {
      RC_ASSERT(found.values[i] == static_cast<double>(period[i]));
      RC_ASSERT(order[found.rows[i]] == i);
    }
  });
}

}  // namespace
}  // namespace tenure
