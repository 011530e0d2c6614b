#include "support/compare.hpp"

/// Two paths lead to a total: the narrow sweep and the timelines. Cut by a segment that everybody shares, a
/// book has to take the timelines; without a cut it takes the narrow sweep wherever that applies. Both give
/// the same bits.
namespace tenure::test {
namespace {

std::vector<Row> of_one_plan(std::vector<Row> rows) {
  for (Row& row : rows) row.plan = 0;
  return rows;
}

/// Plain rows, or rows with products and pauses.
rc::Gen<std::vector<Row>> any_table() { return rc::gen::nonEmpty(rc::gen::oneOf(any_rows(), any_phases())); }

/// The narrow sweep counts customers.
rc::Gen<Policy> customer_policy() {
  return rc::gen::map(any_policy(), [](const Policy& policy) { return without(policy, {"movement_grain"}); });
}

/// 1 to 300 periods, across the widths of 64 and 256 slots where the narrow sweep changes its form or gives
/// way.
rc::Gen<Periods> any_length() {
  return rc::gen::apply(
      [](PeriodUnit unit, int length, int before) {
        const Calendar calendar{unit, 1};
        const Day first = calendar.advance(calendar.floor(days_from_civil(2023, 1, 1)), -before);
        return Periods(calendar, first, calendar.advance(first, length) - 1);
      },
      rc::gen::element(PeriodUnit::month, PeriodUnit::week),
      rc::gen::oneOf(rc::gen::inRange(1, 301), rc::gen::element(62, 63, 64, 65, 254, 255, 256, 257)),
      rc::gen::inRange(-30, 60));
}

void expect_same_bits(const std::vector<Row>& rows, const Policy& policy, const Periods& periods,
                      int horizon) {
  const Book book = book_of(rows, policy);
  const Summary narrow = book.summary(periods, {.horizon = horizon});
  RC_ASSERT(narrow.waterfall.exact == book.waterfall(periods, {.by = "plan"}).exact);
  RC_ASSERT(narrow.net_retention.windows ==
            book.net_retention(periods, {.horizon = horizon, .by = "plan"}).windows);
  RC_ASSERT(narrow.triangle.cells == book.triangle(periods, {.by = "plan"}).cells);
}

TEST(Sweep, NarrowAndTimelinesGiveTheSameBitsOverAnyNumberOfPeriods) {
  for_all([] {
    const auto rows = of_one_plan(*any_table());
    expect_same_bits(rows, *customer_policy(), *any_length(), *rc::gen::inRange(1, 140));
  });
}

TEST(Sweep, NarrowAndTimelinesAgreeBeforeAndAfterAllRows) {
  for_all([] {
    const auto rows = of_one_plan(*any_table());
    const auto policy = *customer_policy();
    expect_same_bits(rows, policy, months("2019-01", "2021-12"), 3);
    expect_same_bits(rows, policy, months("2026-01", "2028-12"), 12);
  });
}

TEST(Sweep, AStayThatNoClosingShowsBridgesAGap) {
  const std::vector<Row> rows{row(1, "2023-01-02", "2023-01-03", 10), row(1, "2023-02-28", "", 20)};
  Policy policy;
  policy.set("gap_days", "1_calendar_months");
  const Book book = book_of(rows, policy);
  const Periods quarter = months("2023-01", "2023-03");
  EXPECT_EQ(monthly(book.waterfall(quarter), Line::closing), (std::vector<double>{10, 20, 20}));
  EXPECT_EQ(monthly(book.waterfall(quarter), Line::new_), (std::vector<double>{10, 0, 0}));
  EXPECT_EQ(book.waterfall(quarter).exact, book.waterfall(quarter, {.by = "plan"}).exact);
}

TEST(Sweep, AmountsTooLargeForNarrowLanesGiveTheSameAnswer) {
  const std::int64_t huge = std::int64_t{1} << 58;  // twelve times this passes 2^61; two customers pass 2^62
  std::vector<Row> rows;
  for (std::int64_t customer = 0; customer < 40; ++customer)
    rows.push_back(
        {.customer = customer, .start = day("2024-01-01") + static_cast<Day>(customer * 9), .monthly = huge});
  const Waterfall found = book_of(rows).waterfall(months("2024-01", "2025-12"));
  EXPECT_EQ(difference(found, expected(rows, Policy::standard(), found.frame, 1)), "");
  EXPECT_TRUE(found.at(Line::closing, 23).amount.annual == int128{huge} * 12 * 40);
}

TEST(Sweep, ManyCustomersOverManyPartitionsAgree) {
  std::vector<Row> rows;
  for (std::int64_t i = 0; i < 40'000; ++i) {
    const Day start = day("2023-01-01") + static_cast<Day>(i * 7919 % 700);
    rows.push_back({.customer = i * 31 % 13'001,
                    .start = start,
                    .end = i % 4 == 0 ? open_end : start + static_cast<Day>(i * 104'729 % 400),
                    .monthly = i % 11 * micros});
  }
  const Book book = book_of(rows, Policy::standard(), 2);
  EXPECT_EQ(book.customers(), 13'001);
  const Summary narrow = book.summary(window);
  EXPECT_EQ(narrow.waterfall.exact, book.waterfall(window, {.by = "plan"}).exact);
  EXPECT_EQ(narrow.net_retention.windows, book.net_retention(window, {.by = "plan"}).windows);
  EXPECT_EQ(narrow.triangle.cells, book.triangle(window, {.by = "plan"}).cells);
  EXPECT_EQ(difference(narrow.waterfall, expected(rows, Policy::standard(), narrow.waterfall.frame, 12)), "");
}

}  // namespace
}  // namespace tenure::test
