#include <functional>

#include "support/compare.hpp"

/// Relations that hold whatever the rows and the policy (numbers as in the reliability plan).
namespace tenure::test {
namespace {

RunRateSum amount(const Waterfall& bridge, Line line, std::size_t period) {
  return bridge.at(line, period).amount;
}

RunRateSum net(const Waterfall& bridge, std::size_t from, std::size_t to) {
  RunRateSum sum;
  for (std::size_t period = from; period < to; ++period)
    for (const auto& [name, line] : line_names) {
      if (line == Line::opening || sign_of(line) == 0) continue;
      sign_of(line) > 0 ? sum += amount(bridge, line, period) : sum -= amount(bridge, line, period);
    }
  return sum;
}

TEST(Relations, OpeningIsTheClosingBeforeAndNetsTelescope) {  // R2, R3, R8
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_rows());
    const Book book = book_of(rows, *any_policy());
    const Waterfall bridge = book.waterfall(window);
    for (std::size_t period = 1; period < window.size(); ++period)
      RC_ASSERT(bridge.at(Line::opening, period) == bridge.at(Line::closing, period - 1));
    const Waterfall years = book.waterfall(
        Periods({PeriodUnit::quarter, 3}, window.begin(), window.end() - 1));  // 5 quarters from 2023-06
    const std::size_t last = window.size() - 1;
    RC_ASSERT(amount(bridge, Line::opening, 0) + net(bridge, 0, window.size()) ==
              amount(bridge, Line::closing, last));
    if (book.policy().reporting.as_of == AsOf::period_end)
      for (std::size_t quarter = 0; quarter < 5; ++quarter)
        RC_ASSERT(net(years, quarter, quarter + 1) == net(bridge, 3 * quarter, 3 * quarter + 3));
  });
}

TEST(Relations, EveryChurnedUnitWasInTheOpening) {  // R9, under one movement per period
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_rows());
    const Policy policy = without(*any_policy(), {"netting", "churn_numerator"});
    const Waterfall bridge = book_of(rows, policy).waterfall(window);
    for (std::size_t period = 0; period < window.size(); ++period) {
      RC_ASSERT(amount(bridge, Line::churn, period) + amount(bridge, Line::contraction, period) <=
                amount(bridge, Line::opening, period));
      RC_ASSERT(bridge.at(Line::churn, period).customers <= bridge.at(Line::opening, period).customers);
    }
  });
}

TEST(Relations, RetentionOverOnePeriodIsReadOffTheBridge) {  // R5, R8
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_rows());
    const Policy policy = without(*any_policy(), {"netting", "churn_numerator", "reactivation"});
    const Book book = book_of(rows, policy);
    const Waterfall bridge = book.waterfall(window);
    const NetRetention kept = book.net_retention(window, {.horizon = 1});
    for (std::size_t period = 0; period < window.size(); ++period) {
      const Retention& one = kept.at(period);
      const RunRateSum gross = amount(bridge, Line::opening, period) - amount(bridge, Line::churn, period) -
                               amount(bridge, Line::contraction, period);
      RC_ASSERT(one.opening == amount(bridge, Line::opening, period));
      RC_ASSERT(one.capped == gross);
      RC_ASSERT(one.closing == gross + amount(bridge, Line::expansion, period));
      RC_ASSERT(one.customers - one.kept == bridge.at(Line::churn, period).customers);
    }
  });
}

TEST(Relations, TwoHalvesOfARowAreTheRow) {  // R14
  for_all([] {
    auto rows = *rc::gen::nonEmpty(any_rows());
    for (Row& row : rows) row.monthly = row.monthly / 2 * 2;
    const Policy policy = without(*any_policy(), {"movement_grain", "line_rounding"});
    std::vector<Row> halves;
    for (Row row : rows) {
      row.monthly /= 2;
      halves.push_back(row);
      row.subscription += 500;
      halves.push_back(row);
    }
    const Book whole = book_of(rows, policy), split = book_of(halves, policy);
    RC_ASSERT(whole.waterfall_state(window, {.by = "plan"}) == split.waterfall_state(window, {.by = "plan"}));
    RC_ASSERT(whole.net_retention_state(window) == split.net_retention_state(window));
  });
}

TEST(Relations, TwoStretchesOfARowAreTheRow) {
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_rows());
    const Policy policy = without(*any_policy(), {"end_date", "churn_at"});
    std::vector<Row> stretches;
    for (const Row& row : rows) {
      const Day middle = std::min(row.start + 40, row.end);
      stretches.push_back(row);
      stretches.back().end = middle;
      if (middle == row.end) continue;
      stretches.push_back(row);
      stretches.back().start = middle;
    }
    const Book whole = book_of(rows, policy), split = book_of(stretches, policy);
    RC_ASSERT(whole.waterfall_state(window, {.by = "plan"}) == split.waterfall_state(window, {.by = "plan"}));
    RC_ASSERT(whole.triangle_state(window, {.by = "plan"}) == split.triangle_state(window, {.by = "plan"}));
  });
}

TEST(Relations, ScalingAllAmountsScalesMoneyAndKeepsRatios) {  // G14
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_rows());
    const std::int64_t by = *rc::gen::inRange<std::int64_t>(2, 1000);
    std::vector<Row> scaled = rows;
    for (Row& row : scaled) row.monthly *= by;
    const Policy policy = without(*any_policy(), {"line_rounding"});
    const Summary one = book_of(rows, policy).summary(window), many = book_of(scaled, policy).summary(window);
    for (std::size_t line = 0; line < line_count; ++line)
      for (std::size_t period = 0; period < window.size(); ++period) {
        const Flow &a = one.waterfall.exact[line][period], &b = many.waterfall.exact[line][period];
        RC_ASSERT(b.amount.annual == a.amount.annual * by);
        RC_ASSERT(b.customers == a.customers);
        RC_ASSERT(one.net_retention.at(period).nrr() == many.net_retention.at(period).nrr());
        RC_ASSERT(one.net_retention.at(period).grr() == many.net_retention.at(period).grr());
      }
  });
}

std::vector<Row> moved(std::vector<Row> rows, const std::function<Day(Day)>& move) {
  for (Row& row : rows) {
    row.start = move(row.start);
    if (row.end != open_end) row.end = move(row.end);
  }
  return rows;
}

TEST(Relations, FourHundredYearsLaterEverythingIsTheSame) {  // G15
  constexpr Day era = 146'097;
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_rows());
    const Policy policy = *any_policy();
    const auto unit = *rc::gen::element(PeriodUnit::week, PeriodUnit::month, PeriodUnit::quarter);
    const Periods now({unit, 1}, window.begin(), window.end() - 1),
        then({unit, 1}, window.begin() + era, window.end() - 1 + era);
    const Summary a = book_of(rows, policy).summary(now);
    const Summary b = book_of(moved(rows, [](Day day) { return day + era; }), policy).summary(then);
    RC_ASSERT(a.waterfall.exact == b.waterfall.exact);
    RC_ASSERT(a.net_retention.windows == b.net_retention.windows);
    RC_ASSERT(a.triangle.cells == b.triangle.cells);
  });
}

TEST(Relations, WholeMonthsLaterTheSeriesIsTheSame) {  // G15, days up to the 28th, no gap counted in days
  for_all([] {
    const auto early = [](Day day) {
      const YearMonthDay civil = civil_from_days(day);
      return days_from_civil(civil.year, civil.month, std::min(civil.day, 28));
    };
    const auto rows = moved(*rc::gen::nonEmpty(any_rows()), early);
    const Policy policy =
        without(*any_policy(), {"gap_days", "reactivation", "end_date", "churn_at", "movement_grain"});
    const int by = *rc::gen::inRange(-30, 30);
    const auto later = [by](Day day) { return anniversary(day, by); };
    const Periods then({PeriodUnit::month, 1}, later(window.begin()), later(window.end()) - 1);
    const Summary a = book_of(rows, policy).summary(window),
                  b = book_of(moved(rows, later), policy).summary(then);
    RC_ASSERT(a.waterfall.exact == b.waterfall.exact);
    RC_ASSERT(a.net_retention.windows == b.net_retention.windows);
    RC_ASSERT(a.triangle.cells == b.triangle.cells);
  });
}

TEST(Relations, WhatHappensAfterTheWindowChangesNothing) {  // G13
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_rows());
    const Policy policy = without(*any_policy(), {"gap_days"});  // a later return may bridge a gap
    std::vector<Row> more = rows;
    for (const Row& row : rows)
      if (row.end != open_end)
        more.push_back({.customer = row.customer,
                        .start = std::max(row.end, window.end()) + 1,
                        .monthly = 5 * micros,
                        .plan = row.plan,
                        .region = row.region,
                        .subscription = 99'000 + row.customer});
    for (Row& row : more)
      if (row.subscription >= 99'000) row.subscription = 99'000 + (&row - more.data());
    const Book before = book_of(rows, policy), after = book_of(more, policy);
    RC_ASSERT(before.waterfall_state(window, {.by = "plan"}) ==
              after.waterfall_state(window, {.by = "plan"}));
    RC_ASSERT(before.net_retention_state(window) == after.net_retention_state(window));
    RC_ASSERT(before.triangle_state(window) == after.triangle_state(window));
  });
}

TEST(Relations, ACustomerWithoutRevenueChangesNoMoney) {  // G11
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_rows());
    const Policy policy = *any_policy();
    std::vector<Row> more = rows;
    more.push_back({.customer = 999,
                    .start = *any_day(),
                    .monthly = 0,
                    .plan = rows[0].plan,
                    .region = rows[0].region,
                    .subscription = 7});
    const Waterfall before = book_of(rows, policy).waterfall(window),
                    after = book_of(more, policy).waterfall(window);
    for (std::size_t line = 0; line < line_count; ++line)
      for (std::size_t period = 0; period < window.size(); ++period)
        RC_ASSERT(before.exact[line][period].amount == after.exact[line][period].amount);
  });
}

TEST(Relations, AnnualIsTwelveTimesMonthly) {  // R11
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_rows());
    const Snapshot found = book_of(rows).mrr(*any_day());
    RC_ASSERT(Ratio({found.flows[0].amount.annual, micros}) ==
              Ratio({found.flows[0].amount.annual * 12, int128{12} * micros}));
    RC_ASSERT(std::abs(found.arr() - 12 * found.mrr()) <= 1e-9 * found.arr());
  });
}

}  // namespace
}  // namespace tenure::test
