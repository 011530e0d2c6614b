#include <tenure/economics/customer_totals.hpp>

#include "support/generators.hpp"

namespace tenure::test {
namespace {

const Periods quarter = months("2024-01", "2024-03");

TEST(CustomerTotals, CountFromClosingToClosing) {
  const std::vector<Row> rows{row(1, "2023-11-05", "2024-03-10", 30, 0), row(2, "2024-02-10", "", 10, 1),
                              row(3, "2024-01-05", "2024-01-20", 99, 2)};
  const CustomerTotals totals = book_of(rows).customer_totals(quarter, "plan");
  ASSERT_EQ(totals.customers.size(), 2U) << "who pays at no closing is not seen";
  const CustomerTotal& left = totals.customers[0];
  EXPECT_EQ(left.customer, Id(std::int64_t{1}));
  EXPECT_EQ(totals.segments[left.segment], "basic");
  EXPECT_EQ(left.exposed, 3);
  EXPECT_EQ(left.lost, 1);
  EXPECT_EQ(left.active, 2);
  EXPECT_EQ(left.started, 0);
  EXPECT_EQ(left.opening, RunRateSum(mrr(90)));
  EXPECT_EQ(left.paid, RunRateSum(mrr(60)));
  EXPECT_EQ(left.churned, RunRateSum(mrr(30)));
  EXPECT_EQ(left.closing, RunRateSum());
  const CustomerTotal& came = totals.customers[1];
  EXPECT_EQ(came.started, 1);
  EXPECT_EQ(came.exposed, 1);
  EXPECT_EQ(came.lost, 0);
  EXPECT_EQ(came.started_with, RunRateSum(mrr(10)));
  EXPECT_EQ(came.closing, RunRateSum(mrr(10)));
}

TEST(CustomerTotals, WhoComesBackDidNotStart) {
  const std::vector<Row> rows{row(1, "2023-06-01", "2023-08-01", 30), row(1, "2024-02-01", "", 40)};
  const CustomerTotals totals = book_of(rows).customer_totals(quarter);
  ASSERT_EQ(totals.customers.size(), 1U);
  EXPECT_EQ(totals.customers[0].started, 0);
  EXPECT_EQ(totals.customers[0].active, 2);
  EXPECT_EQ(totals.customers[0].reactivated, RunRateSum(mrr(40)));
}

TEST(CustomerTotals, AddUpToTheBridge) {
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_rows());
    const Book book = book_of(rows, Policy::standard(), *rc::gen::inRange(1, 3));
    const CustomerTotals totals = book.customer_totals(window, *rc::gen::element<std::string>("", "plan"));
    const Waterfall bridge = book.waterfall(window);
    Flow opening, closing, churn, contraction, expansion, reactivation, started;
    for (const CustomerTotal& total : totals.customers) {
      opening += Flow{total.opening, total.exposed};
      closing += Flow{total.paid, total.active};
      churn += Flow{total.churned, total.lost};
      contraction += Flow{total.contracted, 0};
      expansion += Flow{total.expanded, 0};
      reactivation += Flow{total.reactivated, 0};
      started += Flow{total.started_with, total.started};
    }
    const auto sum = [&](Line line) {
      Flow all;
      for (std::size_t period = 0; period < window.size(); ++period) all += bridge.at(line, period);
      return all;
    };
    RC_ASSERT(opening == sum(Line::opening));
    RC_ASSERT(closing == sum(Line::closing));
    RC_ASSERT(churn == sum(Line::churn));
    RC_ASSERT(contraction.amount == sum(Line::contraction).amount);
    RC_ASSERT(expansion.amount == sum(Line::expansion).amount);
    RC_ASSERT(reactivation.amount == sum(Line::reactivation).amount);
    RC_ASSERT(started == sum(Line::new_));
  });
}

TEST(RandomKey, IsTheIdOrADigestOfIt) {
  EXPECT_EQ(random_key(std::int64_t{7}), 7U);
  EXPECT_EQ(random_key(std::string("ann")), random_key(std::string("ann")));
  EXPECT_NE(random_key(std::string("ann")), random_key(std::string("bob")));
}

}  // namespace
}  // namespace tenure::test
