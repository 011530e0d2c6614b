#include <tenure/model/reporting_policy.hpp>

#include <gtest/gtest.h>

namespace tenure {
namespace {

TEST(ReportingPolicy, IsStandardByDefault) {
  const ReportingPolicy policy;
  EXPECT_EQ(policy.grain, Grain::customer);
  EXPECT_EQ(policy.netting, Netting::period);
  EXPECT_EQ(policy.plan_switch, PlanSwitch::difference);
  EXPECT_EQ(policy.reactivation, Reactivation::own);
  EXPECT_EQ(policy.window, Window::calendar);
  EXPECT_EQ(policy.churn_denominator, ChurnDenominator::opening);
  EXPECT_EQ(policy.churn_numerator, ChurnNumerator::opening_customers);
  EXPECT_EQ(policy.gap_days, 0);
  EXPECT_EQ(policy.gap_months, 0);
}

TEST(ReportingPolicy, DiffersInEveryMember) {
  ReportingPolicy policy;
  policy.week_start = Weekday::sunday;
  EXPECT_NE(policy, ReportingPolicy{});
  policy = {.gap_months = 1};
  EXPECT_NE(policy, ReportingPolicy{});
}

}  // namespace
}  // namespace tenure
