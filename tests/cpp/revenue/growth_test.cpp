#include <tenure/revenue/growth.hpp>

#include <cmath>

#include "support/faults.hpp"
#include "support/generators.hpp"

namespace tenure {
namespace {

using test::row;

/// 100 from January, 50 more from April, gone 30 of it in June.
Waterfall story(const Periods& periods) {
  const std::vector<test::Row> rows{row(1, "2023-01-01", "", 100), row(2, "2023-04-10", "2023-06-02", 30),
                                    row(3, "2023-04-01", "", 20)};
  return test::book_of(rows).waterfall(periods);
}

TEST(Growth, ComparesWithTheClosingOfTheMonthQuarterAndYearBefore) {
  const Growth found = growth(story(months("2023-02", "2024-06")));
  EXPECT_EQ(found.mom[0], (Ratio{0, 1}));   // the opening of the first period is known
  EXPECT_EQ(found.mom[2], (Ratio{1, 2}));   // April: 100 -> 150
  EXPECT_EQ(found.qoq[2], (Ratio{1, 2}));   // April against January
  EXPECT_EQ(found.qoq[4], (Ratio{1, 5}));   // June 120 against March 100
  EXPECT_EQ(found.yoy[11], (Ratio{1, 5}));  // January 2024 against January 2023
  EXPECT_EQ(found.yoy[16], (Ratio{0, 1}));  // June against June
}

TEST(Growth, BeforeTheFirstPeriodIsUndefined) {
  const Growth found = growth(story(months("2023-02", "2024-06")));
  EXPECT_EQ(found.qoq[1].reason(), Undefined::before_history);
  EXPECT_EQ(found.yoy[10].reason(), Undefined::before_history);
  EXPECT_EQ(growth(story(months("2022-12", "2023-02"))).mom[1].reason(), Undefined::empty_base);
}

TEST(Growth, PeriodsLongerThanTheRateHaveNone) {
  const Growth found = growth(story(quarters("2023-01", "2024-06")));
  EXPECT_EQ(found.mom[2].reason(), Undefined::other_period);
  EXPECT_EQ(growth(story(weeks("2023-01-02", "2023-03-01"))).yoy[2].reason(), Undefined::other_period);
  EXPECT_EQ(found.qoq[1], (Ratio{1, 5}));
  EXPECT_EQ(found.yoy[4], (Ratio{1, 5}));
}

TEST(Growth, RatesOfAMonth) {
  const Growth found = growth(story(months("2023-01", "2023-06")));
  EXPECT_EQ(found.quick_ratio[0].reason(), Undefined::no_loss);
  EXPECT_EQ(found.quick_ratio[5], (Ratio{0, 30}));
  EXPECT_EQ(found.arpa[3], (Ratio{50, 1}));
  EXPECT_EQ(found.gross_churn[5], (Ratio{30, 150}));
  EXPECT_EQ(found.net_churn[5], (Ratio{30, 150}));
  EXPECT_EQ(found.logo_churn[5], (Ratio{1, 3}));
  EXPECT_EQ(found.gross_churn[0].reason(), Undefined::empty_base);
  EXPECT_EQ(found.net_new[3], RunRateSum(mrr(50)));
}

TEST(Growth, CompoundGrowthIsTheMonthlyRateThatLeadsThere) {
  const Growth found = growth(story(months("2022-11", "2023-05")));
  EXPECT_EQ(found.cmgr[2], std::nullopt);  // January is the first with revenue
  EXPECT_DOUBLE_EQ(*found.cmgr[3], 0.0);
  EXPECT_DOUBLE_EQ(*found.cmgr[5], std::pow(1.5, 1.0 / 3) - 1);
}

TEST(QuickRatio, ReactivationIsAnOption) {
  const std::vector<test::Row> rows{row(1, "2023-01-01", "2023-02-01", 50), row(1, "2023-03-01", "", 50),
                                    row(2, "2023-02-01", "2023-03-01", 25)};
  const Waterfall bridge = test::book_of(rows).waterfall(months("2023-01", "2023-03"));
  EXPECT_EQ(growth(bridge).quick_ratio[2], (Ratio{2, 1}));
  EXPECT_EQ(growth(bridge, {.include_reactivation = false}).quick_ratio[2], (Ratio{0, 1}));
  EXPECT_EQ(quick_ratio(mrr(7), mrr(2)), (Ratio{7, 2}));
  EXPECT_EQ(quick_ratio(mrr(7), {}).reason(), Undefined::no_loss);
}

TEST(NewProducts, CountWhileTheirLaunchIsWithinTheMonths) {
  const std::vector<test::Row> rows{row(1, "2023-01-15", "", 100, 0), row(2, "2024-02-10", "", 60, 1),
                                    row(3, "2024-02-20", "", 40, 0)};
  const Waterfall bridge = test::book_of(rows).waterfall(months("2024-02", "2024-03"), {.by = "plan"});
  const std::vector<Day> launches{test::day("2023-01-15"), test::day("2024-02-10")};
  const NewProducts young = new_products(bridge, launches, 12);
  EXPECT_EQ(young.share(0), (Ratio{60, 100}));
  EXPECT_EQ(young.share(1).reason(), Undefined::empty_base);
  EXPECT_EQ(new_products(bridge, launches, 14).share(0), (Ratio{1, 1}));
  EXPECT_FAULT(new_products(bridge, std::span(launches).first(1), 12), OptionError, "E_LAUNCHES",
               "1 launch dates for 2 products");
  EXPECT_FAULT(new_products(bridge, launches, 0), OptionError, "E_MONTHS", "months=0 is not above 0");
}

TEST(Growth, RatesFollowFromTheBridgeOfAnyBook) {  // R19
  test::for_all([] {
    const auto rows = *rc::gen::nonEmpty(test::any_rows());
    Policy policy = *test::any_policy();
    if (policy.reporting.reactivation == Reactivation::netted_from_churn) policy.set("reactivation", "own");
    const Waterfall bridge = test::book_of(rows, policy).waterfall(test::window, {.by = "plan"});
    const Growth found = growth(bridge);
    for (std::size_t i = 0; i < bridge.frame.rows(); ++i) {
      const int128 lost = bridge.exact[static_cast<std::size_t>(Line::churn)][i].amount.annual +
                          bridge.exact[static_cast<std::size_t>(Line::contraction)][i].amount.annual;
      RC_ASSERT(found.quick_ratio[i].defined() == (lost > 0));
      if (found.gross_churn[i].defined() && found.net_churn[i].defined())
        RC_ASSERT(*found.net_churn[i].value() <= *found.gross_churn[i].value());
    }
  });
}

}  // namespace
}  // namespace tenure
