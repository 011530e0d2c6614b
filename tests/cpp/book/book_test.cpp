#include <tenure/book.hpp>

#include "support/columns.hpp"
#include "support/faults.hpp"
#include "support/generators.hpp"

namespace tenure::test {
namespace {

const Periods quarter = months("2024-01", "2024-03");

TEST(Book, WithoutRowsGivesACompleteZeroResult) {  // TAB-01
  const Book book;
  EXPECT_EQ(book.rows(), 0);
  EXPECT_EQ(book.customers(), 0);
  EXPECT_EQ(book.first_day(), 0);
  EXPECT_EQ(book.last_day(), 0);
  const Summary found = book.summary(quarter);
  EXPECT_EQ(monthly(found.waterfall, Line::closing), (std::vector<double>{0, 0, 0}));
  EXPECT_EQ(found.net_retention.at(2).nrr().reason(), Undefined::empty_base);
  EXPECT_EQ(found.triangle.at(0, 2), Flow());
  EXPECT_EQ(book.mrr(0).mrr(), 0);
  EXPECT_EQ(book.concentration(0).herfindahl(), std::nullopt);
  EXPECT_TRUE(book.explain(quarter, 0, Line::churn).empty());
}

TEST(Book, AnEmptyTableKeepsItsColumns) {  // TAB-01, G5
  const std::vector<Row> none, some{row(1, "2024-01-01", "", 10), row(2, "2024-02-01", "", 20, 1)};
  Policy policy;
  policy.reporting.grain = Grain::subscription;
  const Book empty = book_of(none, policy), full = book_of(some, policy);
  EXPECT_EQ(empty.segment_names(), full.segment_names());
  WaterfallState sum = empty.waterfall_state(quarter, {.by = "plan"});
  sum += full.waterfall_state(quarter, {.by = "plan"});
  EXPECT_EQ(sum, full.waterfall_state(quarter, {.by = "plan"}));
  NetRetentionState kept = full.net_retention_state(quarter, {.by = "plan"});
  kept += empty.net_retention_state(quarter, {.by = "plan"});
  EXPECT_EQ(kept, full.net_retention_state(quarter, {.by = "plan"}));
}

TEST(Book, KnowsWhatItHolds) {
  Columns columns;
  columns.currency = {"EUR", "EUR"};
  columns.plan = {"basic", "pro"};
  columns.end = {day("2024-06-30"), 0};
  columns.valid_end = 0b01;
  const Book book = columns.book();
  EXPECT_EQ(book.rows(), 2);
  EXPECT_EQ(book.rows_read(), 2);
  EXPECT_EQ(book.customers(), 2);
  EXPECT_EQ(book.currency().code(), "EUR");
  EXPECT_EQ(book.first_day(), day("2024-01-01"));
  EXPECT_EQ(book.last_day(), day("2024-06-30"));
  EXPECT_EQ(book.segment_names(), (std::vector<std::string>{"plan", "currency"}));
  EXPECT_EQ(book.policy(), Policy::standard());
  EXPECT_TRUE(book.notes().empty());
}

TEST(Book, KnowsItsLastEventUpToADay) {
  const Book book = book_of(
      std::vector<Row>{row(1, "2024-01-01", "2024-06-01", 10), row(2, "2024-03-01", "2030-01-01", 5)});
  EXPECT_EQ(book.last_event(day("2031-01-01")), day("2030-01-01"));
  EXPECT_EQ(book.last_event(day("2025-01-01")), day("2024-06-01"));
  EXPECT_EQ(book.last_event(day("2024-05-31")), day("2024-03-01"));
  EXPECT_EQ(book.last_event(day("2023-12-31")), 0);
  EXPECT_EQ(Book().last_event(day("2024-01-01")), 0);
}

TEST(Book, AnswersSeveralThreadsAtOnce) {
  std::vector<Row> rows;
  for (std::int64_t i = 0; i < 2000; ++i)
    rows.push_back(
        {.customer = i % 300, .start = day("2024-01-01") + static_cast<Day>(i % 90), .monthly = i * micros});
  const Book book = book_of(rows, {}, 2);
  const auto wanted = book.waterfall_state(quarter).write();
  std::vector<std::vector<std::byte>> found(6);
  {
    std::vector<std::jthread> threads;
    for (auto& bytes : found) threads.emplace_back([&] { bytes = book.waterfall_state(quarter).write(); });
  }
  for (const auto& bytes : found) EXPECT_EQ(bytes, wanted);
}

TEST(Book, MovesWithItsRows) {
  Book first = Columns().book();
  const Book second = std::move(first);
  EXPECT_EQ(second.rows(), 2);
}

TEST(Story, PeriodNetAndGrossMovements) {  // R16, R18
  const std::vector<Row> rows{row(1, "2024-01-01", "2024-02-10", 100),
                              row(1, "2024-02-10", "2024-02-20", 150), row(1, "2024-02-20", "", 120)};
  const Waterfall net = book_of(rows).waterfall(quarter);
  EXPECT_EQ(monthly(net, Line::expansion), (std::vector<double>{0, 20, 0}));
  EXPECT_EQ(monthly(net, Line::contraction), (std::vector<double>{0, 0, 0}));
  Policy gross;
  gross.reporting.netting = Netting::none;
  const Waterfall each = book_of(rows, gross).waterfall(quarter);
  EXPECT_EQ(monthly(each, Line::expansion), (std::vector<double>{0, 50, 0}));
  EXPECT_EQ(monthly(each, Line::contraction), (std::vector<double>{0, 30, 0}));
}

TEST(Story, ChurnAndReturnInsideOnePeriodNetToNothing) {  // R16
  const std::vector<Row> rows{row(1, "2024-01-01", "2024-02-05", 100), row(1, "2024-02-15", "", 100)};
  const Waterfall net = book_of(rows).waterfall(quarter);
  EXPECT_EQ(customers(net, Line::churn), (std::vector<std::int64_t>{0, 0, 0}));
  Policy gross;
  gross.reporting.netting = Netting::none;
  const Waterfall each = book_of(rows, gross).waterfall(quarter);
  EXPECT_EQ(monthly(each, Line::churn), (std::vector<double>{0, 100, 0}));
  EXPECT_EQ(monthly(each, Line::reactivation), (std::vector<double>{0, 100, 0}));
  gross.reporting.gap_days = 10;
  EXPECT_EQ(monthly(book_of(rows, gross).waterfall(quarter), Line::churn), (std::vector<double>{0, 0, 0}));
}

TEST(Story, ARowThatEndsOnTheFirstIsChurnOfThatMonth) {
  const std::vector<Row> rows{row(1, "2024-01-01", "2024-02-01", 100)};
  EXPECT_EQ(monthly(book_of(rows).waterfall(quarter), Line::churn), (std::vector<double>{0, 100, 0}));
  Policy inclusive;
  inclusive.loading.end = EndDate::inclusive;
  const std::vector<Row> last_day{row(1, "2024-01-01", "2024-01-31", 100)};
  EXPECT_EQ(monthly(book_of(last_day, inclusive).waterfall(quarter), Line::churn),
            (std::vector<double>{0, 100, 0}));
}

TEST(Story, ReactivationMayCountAsNew) {
  const std::vector<Row> rows{row(1, "2024-01-01", "2024-02-01", 100), row(1, "2024-03-01", "", 80)};
  EXPECT_EQ(monthly(book_of(rows).waterfall(quarter), Line::reactivation), (std::vector<double>{0, 0, 80}));
  Policy as_new;
  as_new.reporting.reactivation = Reactivation::as_new;
  EXPECT_EQ(monthly(book_of(rows, as_new).waterfall(quarter), Line::new_), (std::vector<double>{100, 0, 80}));
}

TEST(Story, AFreeCustomerLeavesOrStays) {
  const std::vector<Row> rows{row(1, "2024-01-01", "2024-02-01", 100), row(1, "2024-02-01", "", 0)};
  EXPECT_EQ(monthly(book_of(rows).waterfall(quarter), Line::churn), (std::vector<double>{0, 100, 0}));
  Policy stays;
  stays.reporting.free_customers = FreeCustomers::active;
  const Waterfall bridge = book_of(rows, stays).waterfall(quarter);
  EXPECT_EQ(monthly(bridge, Line::contraction), (std::vector<double>{0, 100, 0}));
  EXPECT_EQ(customers(bridge, Line::closing), (std::vector<std::int64_t>{1, 1, 1}));
}

TEST(Story, ASecondSubscriptionIsExpansionOrNewByGrain) {
  const std::vector<Row> rows =
      with_subscriptions({row(1, "2024-01-01", "", 60), row(1, "2024-02-01", "2024-03-01", 40)});
  const Waterfall whole = book_of(rows).waterfall(quarter);
  EXPECT_EQ(monthly(whole, Line::expansion), (std::vector<double>{0, 40, 0}));
  EXPECT_EQ(monthly(whole, Line::contraction), (std::vector<double>{0, 0, 40}));
  Policy each;
  each.reporting.grain = Grain::subscription;
  const Waterfall bridge = book_of(rows, each).waterfall(quarter);
  EXPECT_EQ(monthly(bridge, Line::new_), (std::vector<double>{60, 40, 0}));
  EXPECT_EQ(monthly(bridge, Line::churn), (std::vector<double>{0, 0, 40}));
}

}  // namespace
}  // namespace tenure::test
