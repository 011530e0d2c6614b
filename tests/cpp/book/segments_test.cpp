#include "support/generators.hpp"

/// Cuts: every segment's bridge closes, and together they are the total.
namespace tenure::test {
namespace {

const Periods quarter = months("2024-01", "2024-03");
using Amounts3 = std::vector<double>;

TEST(Segments, ASwitchOfPlanIsATransferAndTheRestExpansion) {  // mov-mx-01: a switch, not churn and new
  const std::vector<Row> rows{row(1, "2024-01-01", "2024-02-10", 30, 0), row(1, "2024-02-10", "", 130, 1)};
  const Waterfall bridge = book_of(rows).waterfall(quarter, {.by = "plan"});
  EXPECT_EQ(monthly(bridge, Line::transfer_out, 0), (Amounts3{0, 30, 0}));
  EXPECT_EQ(monthly(bridge, Line::transfer_in, 1), (Amounts3{0, 30, 0}));
  EXPECT_EQ(monthly(bridge, Line::expansion, 1), (Amounts3{0, 100, 0}));
  EXPECT_EQ(monthly(bridge, Line::churn, 0), (Amounts3{0, 0, 0}));
  EXPECT_EQ(customers(bridge, Line::transfer_out, 0), (std::vector<std::int64_t>{0, 1, 0}));
  EXPECT_EQ(customers(bridge, Line::transfer_in, 1), (std::vector<std::int64_t>{0, 1, 0}));
}

TEST(Segments, ASecondPlanEntersWithoutATransferOfMoney) {
  const std::vector<Row> rows{row(1, "2024-01-01", "", 30, 0), row(1, "2024-02-10", "2024-03-05", 20, 1)};
  const Waterfall bridge = book_of(rows).waterfall(quarter, {.by = "plan"});
  EXPECT_EQ(monthly(bridge, Line::expansion, 1), (Amounts3{0, 20, 0}));
  EXPECT_EQ(monthly(bridge, Line::contraction, 1), (Amounts3{0, 0, 20}));
  EXPECT_EQ(monthly(bridge, Line::transfer_in, 1), (Amounts3{0, 0, 0}));
  EXPECT_EQ(customers(bridge, Line::transfer_in, 1), (std::vector<std::int64_t>{0, 1, 0}));
  EXPECT_EQ(customers(bridge, Line::transfer_out, 1), (std::vector<std::int64_t>{0, 0, 1}));
}

TEST(Segments, WhoChurnsChurnsFromAllItsSegments) {
  const std::vector<Row> rows{row(1, "2024-01-01", "2024-02-10", 30, 0),
                              row(1, "2024-01-01", "2024-02-20", 20, 1)};
  const Waterfall bridge = book_of(rows).waterfall(quarter, {.by = "plan"});
  EXPECT_EQ(monthly(bridge, Line::churn, 0), (Amounts3{0, 30, 0}));
  EXPECT_EQ(monthly(bridge, Line::churn, 1), (Amounts3{0, 20, 0}));
}

TEST(Segments, RowsWithoutALabelAreASegmentOfTheirOwn) {
  const std::vector<Row> rows{row(1, "2024-01-01", "", 30, no_label), row(2, "2024-01-01", "", 20, 2)};
  const Waterfall bridge = book_of(rows).waterfall(quarter, {.by = "plan"});
  EXPECT_EQ(bridge.frame.segments, (std::vector<std::string>{"(none)", "team"}));
  EXPECT_EQ(bridge.at(Line::closing, 0, 0).amount, RunRateSum(mrr(30)));
}

TEST(Segments, RetentionBelongsToTheSegmentThatPaidMostAtTheOpening) {
  const std::vector<Row> rows{row(1, "2024-01-01", "2024-02-01", 30, 0), row(1, "2024-01-01", "", 50, 1),
                              row(2, "2024-01-01", "", 10, 1), row(2, "2024-01-01", "2024-02-05", 10, 0)};
  const NetRetention kept = book_of(rows).net_retention(quarter, {.horizon = 1, .by = "plan"});
  EXPECT_EQ(kept.at(1, 1).nrr(), (Ratio{50, 80}));
  EXPECT_EQ(kept.at(1, 0).nrr(), (Ratio{10, 20})) << "a tie goes to the label that sorts first";
}

TEST(Segments, AddUpToTheTotalAndTransfersCancel) {  // R1, R15, G16 over plan, region and both
  for_all(
      [] {
        const auto rows = *rc::gen::nonEmpty(any_rows());
        const Book book = book_of(rows, *any_policy());
        const Waterfall total = book.waterfall(window);
        const bool netted = book.policy().reporting.reactivation == Reactivation::netted_from_churn;
        for (const char* by : {"plan", "region", "cell"}) {
          const Waterfall cut = book.waterfall(window, {.by = by});
          for (std::size_t period = 0; period < window.size(); ++period) {
            std::array<RunRateSum, line_count> sum{};
            for (std::size_t line = 0; line < line_count; ++line)
              for (std::size_t segment = 0; segment < cut.frame.segments.size(); ++segment) {
                const Flow& flow = cut.at(static_cast<Line>(line), period, segment);
                if (!netted || static_cast<Line>(line) != Line::churn) {
                  RC_ASSERT(flow.amount >= RunRateSum());  // R4
                  RC_ASSERT(flow.customers >= 0);
                }
                sum[line] += flow.amount;
              }
            for (const auto& [name, line] : line_names)
              if (line != Line::transfer_in && line != Line::transfer_out)
                RC_ASSERT(sum[static_cast<std::size_t>(line)] == total.at(line, period).amount);
            RC_ASSERT(sum[static_cast<std::size_t>(Line::transfer_in)] ==
                      sum[static_cast<std::size_t>(Line::transfer_out)]);
            RC_ASSERT(total.at(Line::transfer_in, period) == Flow());
          }
        }
      },
      200);
}

TEST(Segments, RetentionAndCohortsAddUpToTheTotal) {  // R7, R13, G16
  for_all(
      [] {
        const auto rows = *rc::gen::nonEmpty(any_rows());
        const Book book = book_of(rows, *any_policy());
        const NetRetention total = book.net_retention(window, {.horizon = 3});
        const Triangle whole = book.triangle(window);
        for (const char* by : {"plan", "cell"}) {
          const NetRetention cut = book.net_retention(window, {.horizon = 3, .by = by});
          const Triangle cohorts = book.triangle(window, {.by = by});
          for (std::size_t period = 0; period < window.size(); ++period) {
            Retention sum;
            for (std::size_t segment = 0; segment < cut.frame.segments.size(); ++segment)
              sum += cut.at(period, segment);
            RC_ASSERT(sum == total.at(period));
            for (std::size_t age = 0; whole.observed(period, age); ++age) {
              Flow cell;
              for (std::size_t segment = 0; segment < cohorts.frame.segments.size(); ++segment) {
                cell.amount += cohorts.at(period, age, segment).amount;
                cell.customers += cohorts.at(period, age, segment).customers;
              }
              RC_ASSERT(cell == whole.at(period, age));
            }
          }
        }
      },
      200);
}

TEST(Segments, NewLabelsInTheSameOrderChangeNothing) {  // G10
  for_all(
      [] {
        auto rows = *rc::gen::nonEmpty(any_rows());
        for (Row& row : rows) row.plan = std::max(row.plan, 0) / 2;  // basic or pro
        std::vector<Row> renamed = rows;
        for (Row& row : renamed) row.plan += 1;  // pro or team
        const Policy policy = *any_policy();
        const Book before = book_of(rows, policy), after = book_of(renamed, policy);
        RC_ASSERT(before.waterfall(window, {.by = "plan"}).exact ==
                  after.waterfall(window, {.by = "plan"}).exact);
        RC_ASSERT(before.net_retention(window, {.by = "plan"}).windows ==
                  after.net_retention(window, {.by = "plan"}).windows);
        RC_ASSERT(before.triangle(window, {.by = "plan"}).cells ==
                  after.triangle(window, {.by = "plan"}).cells);
      },
      150);
}

}  // namespace
}  // namespace tenure::test
