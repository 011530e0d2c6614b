#include "support/faults.hpp"
#include "support/term_rows.hpp"

/// When churn is moved beyond the end of a contract: who goes on with another row has no gap and no overlap.
namespace tenure::test {
namespace {

Policy churn_at(const char* value) {
  Policy policy;
  policy.set("churn_at", value);
  return policy;
}

double on(const Book& book, const char* at) { return book.mrr(day(at)).mrr(); }

TermRow phase(std::int64_t subscription, const char* start, const char* end, std::int64_t price) {
  TermRow term{.row = row(1, start, end, price)};
  term.row.subscription = subscription;
  return term;
}

TEST(Ends, WhoLeavesLeavesTheDayAfter) {  // churn-rg-01
  const std::vector<TermRow> rows{phase(1, "2023-01-01", "2023-07-05", 10)};
  const Book book = book_of(rows, churn_at("day_after"));
  EXPECT_EQ(on(book, "2023-07-05"), 10);
  EXPECT_EQ(on(book, "2023-07-06"), 0);
  EXPECT_EQ(on(book_of(rows), "2023-07-05"), 0);
}

TEST(Ends, WhoGoesOnIsNotCountedTwiceOnTheDayAfter) {
  const std::vector<TermRow> rows{phase(1, "2023-01-01", "2023-07-05", 10), phase(1, "2023-07-05", "", 25)};
  const Book book = book_of(rows, churn_at("day_after"));
  EXPECT_EQ(on(book, "2023-07-04"), 10);
  EXPECT_EQ(on(book, "2023-07-05"), 25);
  const std::vector<TermRow> two{phase(1, "2023-01-01", "2023-07-05", 10), phase(2, "2023-07-05", "", 25)};
  EXPECT_EQ(on(book_of(two, churn_at("day_after")), "2023-07-05"), 35) << "another subscription";
}

TEST(Ends, WithoutSubscriptionsItIsTheCustomerWhoGoesOn) {
  std::vector<Row> rows{row(1, "2023-01-01", "2023-07-05", 10), row(1, "2023-07-05", "", 25),
                        row(2, "2023-01-01", "2023-07-05", 10)};
  const Book book = book_of(rows, churn_at("day_after"));
  EXPECT_EQ(on(book, "2023-07-05"), 35);
  EXPECT_EQ(on(book, "2023-07-06"), 25);
}

TEST(Ends, PaidServiceRunsOut) {  // churn-st-01, profitwell
  std::vector<TermRow> rows{phase(1, "2023-12-01", "2024-01-10", 100)};
  rows[0].paid_through = day("2024-02-01");
  rows[0].cancel_requested = day("2024-01-08");
  const Book book = book_of(rows, churn_at("service_period_end"));
  EXPECT_EQ(on(book, "2024-01-31"), 100);
  EXPECT_EQ(on(book, "2024-02-01"), 0);
  EXPECT_EQ(book.waterfall(months("2024-02", "2024-02")).at(Line::churn, 0).customers, 1);
  EXPECT_EQ(on(book_of(rows, churn_at("request")), "2024-01-07"), 100);
  EXPECT_EQ(on(book_of(rows, churn_at("request")), "2024-01-08"), 0);
  EXPECT_EQ(on(book_of(rows), "2024-01-09"), 100);
  EXPECT_EQ(on(book_of(rows), "2024-01-10"), 0);
}

TEST(Ends, PaidServiceStopsWhereTheNextPhaseBegins) {
  std::vector<TermRow> rows{phase(1, "2023-12-01", "2024-01-10", 100), phase(1, "2024-01-20", "", 40)};
  rows[0].paid_through = day("2024-02-01");
  const Book book = book_of(rows, churn_at("service_period_end"));
  EXPECT_EQ(on(book, "2024-01-19"), 100);
  EXPECT_EQ(on(book, "2024-01-20"), 40);
}

TEST(Ends, APhaseThatCountsForNothingEndsNoPaidService) {
  std::vector<TermRow> rows{phase(1, "2024-01-01", "2024-05-10", 100), phase(1, "2024-05-10", "", 0)};
  rows[0].paid_through = day("2024-06-01");
  rows[1].status = SubscriptionStatus::cancelled;
  const Book book = book_of(rows, churn_at("service_period_end"));
  EXPECT_EQ(on(book, "2024-05-31"), 100);
  EXPECT_EQ(on(book, "2024-06-01"), 0);
}

TEST(Ends, PlainRowsDoNotMoveWithThePaidService) {
  std::vector<Row> rows{row(1, "2023-05-01", "2023-06-02", 10), row(1, "2023-06-01", "", 25)};
  const Book book = book_of(rows, churn_at("service_period_end"));
  EXPECT_EQ(on(book, "2023-06-01"), 35);
  EXPECT_EQ(on(book, "2023-06-02"), 25);
}

TEST(Ends, MovedEndsDoNotMakeOverlaps) {
  std::vector<TermRow> rows{phase(1, "2023-12-01", "2024-01-10", 100), phase(1, "2024-01-10", "", 40)};
  rows[0].paid_through = day("2025-01-01");
  EXPECT_NO_THROW(book_of(rows, churn_at("service_period_end")));
  EXPECT_NO_THROW(book_of(rows, churn_at("day_after")));
  rows[1].row.start = day("2024-01-09");
  for (const char* value : {"effective_end", "service_period_end", "day_after", "request"})
    EXPECT_FAULT(book_of(rows, churn_at(value)), InputError, "E_OVERLAP",
                 "is live twice in 2024-01-09..2024-01-10");
}

TEST(Ends, RowsAddedLaterCutWhatWasMoved) {
  std::vector<TermRow> first{phase(1, "2023-12-01", "2024-01-10", 100)},
      second{phase(1, "2024-01-20", "", 40)}, third{phase(1, "2024-01-15", "2024-01-18", 7)};
  for (auto* rows : {&first, &second, &third}) rows->front().paid_through = day("2024-02-01");
  Book book(churn_at("service_period_end"));
  const TermTable a(first), b(second), c(third);
  book.add(a.columns());
  EXPECT_EQ(on(book, "2024-01-31"), 100);
  book.add(b.columns());
  EXPECT_EQ(on(book, "2024-01-19"), 100);
  EXPECT_EQ(on(book, "2024-01-31"), 40);
  book.add(c.columns());
  EXPECT_EQ(on(book, "2024-01-14"), 100);
  EXPECT_EQ(on(book, "2024-01-15"), 7);
  EXPECT_EQ(on(book, "2024-01-19"), 7);
  EXPECT_EQ(on(book, "2024-01-20"), 40);
  Book other(churn_at("service_period_end")), rest(churn_at("service_period_end"));
  other.add(a.columns());
  rest.add(c.columns());
  rest.add(b.columns());
  other.add(rest);
  EXPECT_EQ(other.waterfall_state(window), book.waterfall_state(window));
  EXPECT_EQ(on(other, "2024-01-15"), 7);
}

TEST(Ends, InclusiveEndsAreMovedOneDayFurther) {
  Policy policy = churn_at("day_after");
  policy.set("end_date", "inclusive");
  const std::vector<TermRow> rows{phase(1, "2023-01-01", "2023-07-05", 10)};
  EXPECT_EQ(on(book_of(rows, policy), "2023-07-06"), 10);
  EXPECT_EQ(on(book_of(rows, policy), "2023-07-07"), 0);
  const std::vector<TermRow> goes_on{phase(1, "2023-01-01", "2023-07-05", 10),
                                     phase(1, "2023-07-06", "", 25)};
  EXPECT_EQ(on(book_of(goes_on, policy), "2023-07-06"), 25);
}

TEST(Ends, OfNoDayDoNotDependOnTheOrderOfRows) {
  const std::vector<Row> rows{row(1, "2023-07-05", "2023-07-05", 10), row(1, "2023-07-05", "2023-07-05", 25)};
  const std::vector<Row> turned{rows[1], rows[0]};
  EXPECT_EQ(on(book_of(rows, churn_at("day_after")), "2023-07-05"), 35);
  EXPECT_EQ(on(book_of(turned, churn_at("day_after")), "2023-07-05"), 35);
  EXPECT_EQ(on(book_of(rows, churn_at("day_after")), "2023-07-06"), 0);
}

TEST(Ends, TheDataReachAsFarAsContractsDo) {
  std::vector<TermRow> rows{phase(1, "2024-01-01", "2024-05-10", 100)};
  rows[0].discounts = {
      {.percent_micros = 10 * micros, .duration = DiscountDuration::repeating, .until = day("2024-03-01")}};
  const Book book = book_of(rows);
  EXPECT_EQ(format_day(book.first_day()), "2024-01-01");
  EXPECT_EQ(format_day(book.last_day()), "2024-05-10");
  EXPECT_EQ(format_day(book.last_event(day("2024-04-01"))), "2024-01-01") << "no row starts or ends in March";
}

}  // namespace
}  // namespace tenure::test
