#include "support/columns.hpp"
#include "support/compare.hpp"
#include "support/faults.hpp"

/// Every number can be opened: who is behind it, by which rule, from which rows.
namespace tenure::test {
namespace {

const std::vector<Row> story{row(1, "2024-01-01", "2024-02-10", 30, 0), row(1, "2024-02-10", "", 50, 1),
                             row(2, "2024-01-15", "2024-02-20", 40, 0), row(3, "2024-02-01", "", 5, 0)};
const Periods quarter = months("2024-01", "2024-03");

TEST(Explain, NamesCustomersRuleAndRows) {
  const Book book = book_of(story);
  const auto churned = book.explain(quarter, 1, Line::churn);
  ASSERT_EQ(churned.size(), 1U);
  EXPECT_EQ(std::get<std::int64_t>(churned[0].customer), 2);
  EXPECT_EQ(churned[0].movement, Line::churn);
  EXPECT_EQ(churned[0].opening, RunRateSum(mrr(40)));
  EXPECT_EQ(churned[0].closing, RunRateSum());
  EXPECT_EQ(churned[0].amount, RunRateSum(mrr(40)));
  EXPECT_EQ(churned[0].rule, "paid before and pays nothing now");
  EXPECT_EQ(churned[0].rows, std::vector<std::int64_t>{2});
}

TEST(Explain, ShowsBothRowsOfAnUpgrade) {
  const auto grown = book_of(story).explain(quarter, 1, Line::expansion);
  ASSERT_EQ(grown.size(), 1U);
  EXPECT_EQ(grown[0].rows, (std::vector<std::int64_t>{0, 1}));
  EXPECT_EQ(grown[0].opening, RunRateSum(mrr(30)));
  EXPECT_EQ(grown[0].closing, RunRateSum(mrr(50)));
}

TEST(Explain, OfASegmentShowsItsPart) {
  const auto moved = book_of(story).explain(quarter, 1, Line::transfer_out, {.by = "plan"}, "basic");
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].amount, RunRateSum(mrr(30)));
  EXPECT_EQ(moved[0].rule, "went to another segment of the same customer");
}

TEST(Explain, GivesIdsAsTheCallerDid) {
  Columns columns;
  columns.names = {"zoe", "adam"};
  const auto found = columns.book().explain(quarter, 1, Line::closing);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(std::get<std::string>(found[0].customer), "adam");
  EXPECT_EQ(std::get<std::string>(found[1].customer), "zoe");
}

TEST(Explain, ShowsASubscriptionALineUnderItsGrain) {
  Policy each;
  each.reporting.grain = Grain::subscription;
  const std::vector<Row> rows =
      with_subscriptions({row(1, "2024-01-01", "2024-02-10", 60), row(1, "2024-01-05", "2024-02-20", 40)});
  const auto found = book_of(rows, each).explain(quarter, 1, Line::churn);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(std::get<std::int64_t>(found[0].subscription.value()), rows[0].subscription);
  EXPECT_EQ(found[0].amount, RunRateSum(mrr(60)));
  EXPECT_EQ(found[1].rows, std::vector<std::int64_t>{1});
  EXPECT_FALSE(book_of(rows).explain(quarter, 1, Line::churn)[0].subscription.has_value());
}

TEST(Explain, ReturnsAndFirstsShowWhatWasBefore) {
  const std::vector<Row> rows{row(1, "2023-01-01", "2023-03-01", 60), row(1, "2024-02-05", "", 40)};
  const auto back = book_of(rows).explain(quarter, 1, Line::reactivation);
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0].rows, (std::vector<std::int64_t>{0, 1}));
}

TEST(Explain, ShowsRowsAsTheBookReadsThem) {
  const auto found = book_of(story).explain_rows(std::vector<std::int64_t>{2, 0, 2});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].row, 0);
  EXPECT_EQ(found[0].start, day("2024-01-01"));
  EXPECT_EQ(found[0].rate, mrr(30));
  EXPECT_EQ(std::get<std::int64_t>(found[1].customer), 2);
}

TEST(Explain, KnowsPeriodsByPosition) {
  EXPECT_TRUE(book_of(story).explain(quarter, 2, Line::churn).empty());
  EXPECT_EQ(book_of(story).explain(quarter, 0, Line::new_).size(), 2U);
  EXPECT_FAULT(book_of(story).explain(quarter, 3, Line::churn), InputError, "E_WINDOW", "period 3");
}

TEST(Explain, AddsUpToTheCellAndItsRowsAreLiveAtItsEnds) {
  for_all(
      [] {
        const auto rows = *rc::gen::nonEmpty(any_rows());
        const Policy policy = *any_policy();
        const Book book = book_of(rows, policy);
        const std::string by = *rc::gen::element<std::string>("", "plan", "cell");
        const Waterfall bridge = book.waterfall(window, {.by = by});
        const auto period = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(window.size())));
        const auto segment = *rc::gen::inRange<std::size_t>(0, bridge.frame.segments.size());
        for (const auto& [name, line] : line_names) {
          Flow sum;
          const auto movements =
              book.explain(window, period, line, {.by = by}, bridge.frame.segments[segment]);
          for (const ExplainedMovement& movement : movements) {
            sum.amount += movement.amount;
            RC_ASSERT(!movement.rows.empty());
            RC_ASSERT(!movement.rule.empty());
            for (const std::int64_t row : movement.rows)
              RC_ASSERT(rows[static_cast<std::size_t>(row)].customer ==
                        std::get<std::int64_t>(movement.customer));
          }
          RC_ASSERT(sum.amount == bridge.at(line, period, segment).amount);
          RC_ASSERT(std::is_sorted(movements.begin(), movements.end(),
                                   [](const auto& a, const auto& b) { return a.customer < b.customer; }));
        }
      },
      150);
}

TEST(Explain, RowsOfAClosingAddUpToIt) {
  for_all(
      [] {
        const auto rows = *rc::gen::nonEmpty(any_rows());
        const Policy policy = without(*any_policy(), {"gap_days"});
        const Book book = book_of(rows, policy);
        const auto period = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(window.size())));
        const Day on =
            policy.reporting.as_of == AsOf::period_start ? window.begin(period) : window.end(period) - 1;
        for (const ExplainedMovement& movement : book.explain(window, period, Line::closing)) {
          RunRateSum live;
          for (const ExplainedRow& row : book.explain_rows(movement.rows))
            if (row.start <= on && on < row.end) live += row.rate;
          RC_ASSERT(live == movement.closing);
        }
      },
      150);
}

}  // namespace
}  // namespace tenure::test
