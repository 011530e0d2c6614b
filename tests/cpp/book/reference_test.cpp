#include "support/compare.hpp"

/// Every answer equals the definitions, summed up day by day from raw rows (relations G19, R1, R2, R4, R10).
namespace tenure::test {
namespace {

rc::Gen<Periods> any_periods() {
  return rc::gen::apply(
      [](PeriodUnit unit, int fiscal_start, int week_start, int first, int length) {
        const Day from = anniversary(days_from_civil(2022, 11, 1), first);
        const Day last = unit == PeriodUnit::day ? from + 2 * length : anniversary(from, length) - 1;
        return Periods({unit, fiscal_start, week_start}, from, last);
      },
      rc::gen::element(PeriodUnit::month, PeriodUnit::month, PeriodUnit::quarter, PeriodUnit::year,
                       PeriodUnit::week, PeriodUnit::day),
      rc::gen::inRange(1, 13), rc::gen::inRange(0, 7), rc::gen::inRange(0, 20), rc::gen::inRange(1, 18));
}

/// Plain rows, or rows with products and pauses.
rc::Gen<std::vector<Row>> any_table() { return rc::gen::nonEmpty(rc::gen::oneOf(any_rows(), any_phases())); }

const auto any_cut = rc::gen::elementOf(std::vector<std::string>{"", "plan", "region", "cell"});

TEST(Book, WaterfallEqualsTheDefinition) {
  for_all([] {
    const auto rows = *any_table();
    const auto policy = *any_policy();
    const auto by = *any_cut;
    const Waterfall found = book_of(rows, policy).waterfall(*any_periods(), {.by = by});
    RC_ASSERT(difference(found, expected(rows, policy, found.frame, 1)) == "");
  });
}

TEST(Book, NetRetentionEqualsTheDefinition) {
  for_all([] {
    const auto rows = *any_table();
    const auto policy = *any_policy();
    const auto by = *any_cut;
    const int horizon = *rc::gen::inRange(1, 16);
    const NetRetention found =
        book_of(rows, policy).net_retention(*any_periods(), {.horizon = horizon, .by = by});
    RC_ASSERT(difference(found, expected(rows, policy, found.frame, horizon)) == "");
  });
}

TEST(Book, TriangleEqualsTheDefinition) {
  for_all([] {
    const auto rows = *any_table();
    const auto policy = *any_policy();
    const auto by = *any_cut;
    const Triangle found = book_of(rows, policy).triangle(*any_periods(), {.by = by});
    RC_ASSERT(difference(found, expected(rows, policy, found.frame, 1)) == "");
  });
}

TEST(Book, SummaryEqualsTheThreeQuestionsAskedOneByOne) {
  for_all([] {
    const auto rows = *any_table();
    const Book book = book_of(rows, *any_policy());
    const auto periods = *any_periods();
    const int horizon = *rc::gen::inRange(1, 16);
    const SummaryState all = book.summary_state(periods, {.horizon = horizon});
    RC_ASSERT(all.waterfall == book.waterfall_state(periods));
    RC_ASSERT(all.net_retention == book.net_retention_state(periods, {.horizon = horizon}));
    RC_ASSERT(all.triangle == book.triangle_state(periods));
  });
}

TEST(Book, MrrOnADayIsTheSumOfTheRowsThatAreLive) {
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_rows());
    const Day at = *any_day();
    Flow total;
    std::map<std::int64_t, std::int64_t> paying;
    for (const Row& row : rows)
      if (row.start <= at && at < row.end) paying[row.customer] += row.monthly * 12;
    for (const auto& [customer, annual] : paying) {
      total.amount += RunRate{annual};
      total.customers += annual > 0;
    }
    RC_ASSERT(book_of(rows).mrr(at).flows == std::vector<Flow>{total});
  });
}

}  // namespace
}  // namespace tenure::test
