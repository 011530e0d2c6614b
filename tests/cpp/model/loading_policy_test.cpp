#include <tenure/model/loading_policy.hpp>

#include <gtest/gtest.h>

namespace tenure {
namespace {

TEST(LoadingPolicy, IsStandardByDefault) {
  const LoadingPolicy policy;
  EXPECT_EQ(policy.mrr_source, MrrSource::contract);
  EXPECT_EQ(policy.discounts, Discounts::recurring);
  EXPECT_EQ(policy.trial, Trial::refuse);
  EXPECT_EQ(policy.tax, Tax::excluded);
  EXPECT_EQ(policy.week, (IntervalFactor{52, 12}));
  EXPECT_TRUE(policy.timezone.empty());
}

TEST(RoundedLine, IsHalfUpAwayFromZero) {
  const auto monthly = [](std::int64_t micro) { return int128{12} * micro; };
  EXPECT_TRUE(rounded_line(LineRounding::exact, monthly(5'005'001), 2) == monthly(5'005'001));
  EXPECT_TRUE(rounded_line(LineRounding::minor, monthly(5'005'000), 2) == monthly(5'010'000));
  EXPECT_TRUE(rounded_line(LineRounding::minor, monthly(5'004'999), 2) == monthly(5'000'000));
  EXPECT_TRUE(rounded_line(LineRounding::minor, monthly(-5'005'000), 2) == monthly(-5'010'000));
  EXPECT_TRUE(rounded_line(LineRounding::minor, monthly(1'500'000), 0) == monthly(2'000'000));
  EXPECT_TRUE(rounded_line(LineRounding::four_decimals, monthly(1'524'167), 2) == monthly(1'524'200));
}

TEST(RoundedLine, LeavesWhatIsRoundAsItIs) {
  for (const auto rounding : {LineRounding::exact, LineRounding::minor, LineRounding::four_decimals})
    for (const std::int64_t annual :
         {std::int64_t{0}, 12 * 10'000 * std::int64_t{7}, -12 * std::int64_t{1'000'000}})
      EXPECT_TRUE(rounded_line(rounding, annual, 2) == annual);
  EXPECT_TRUE(rounded_line(LineRounding::minor, 12 * 1'000, 3) == 12 * 1'000);
  EXPECT_TRUE(rounded_line(LineRounding::minor, 12 * 499, 3) == 0);
  EXPECT_TRUE(rounded_line(LineRounding::minor, 12 * 500, 3) == 12 * 1'000);
}

TEST(AnnualMicros, FollowsTheFactorAndTheCount) {
  LoadingPolicy policy;
  EXPECT_TRUE(annual_micros(policy, {IntervalUnit::week, 2}, 100) == 2600);
  EXPECT_TRUE(annual_micros(policy, {IntervalUnit::four_week, 1}, 100) == 1300);
  EXPECT_TRUE(annual_micros(policy, {IntervalUnit::day, 5}, 100) == 7300);
  EXPECT_TRUE(annual_micros(policy, {IntervalUnit::half_year, 1}, -100) == -200);
  policy.week = {0, 1};
  policy.four_week = {30, 28};
  EXPECT_TRUE(annual_micros(policy, {IntervalUnit::week, 1}, 100) == 0);
  EXPECT_TRUE(annual_micros(policy, {IntervalUnit::four_week, 1}, 700) == 9000);  // 700 * 12 * 30 / 28
}

TEST(LoadingPolicy, DiffersInEveryMember) {
  const LoadingPolicy standard;
  const auto differs = [&](auto member, auto value) {
    LoadingPolicy policy;
    policy.*member = value;
    EXPECT_NE(policy, standard);
  };
  differs(&LoadingPolicy::week, IntervalFactor{4, 1});
  differs(&LoadingPolicy::rounding, LineRounding::minor);
  differs(&LoadingPolicy::discount_stacking, DiscountStacking::max);
  differs(&LoadingPolicy::usage, Usage::only);
  differs(&LoadingPolicy::one_time, OneTime::dated);
  differs(&LoadingPolicy::trial_to_paid, TrialToPaid::first_payment);
  differs(&LoadingPolicy::quantity, Quantity::invoiced);
  differs(&LoadingPolicy::backdating, Backdating::recorded);
  differs(&LoadingPolicy::past_due_days, 30);
  differs(&LoadingPolicy::paused, Paused::unchanged);
  differs(&LoadingPolicy::refund, Refund::lowers_mrr);
  differs(&LoadingPolicy::prorated_line, ProratedLine::as_invoiced);
  differs(&LoadingPolicy::churn_at, ChurnAt::request);
  differs(&LoadingPolicy::end, EndDate::inclusive);
  differs(&LoadingPolicy::timezone, std::string("UTC"));
}

}  // namespace
}  // namespace tenure
