#include <tenure/model/policy.hpp>

#include <set>

#include "support/faults.hpp"
#include "support/generators.hpp"

namespace tenure {
namespace {

RunRate rate(Interval interval, std::int64_t amount, const Policy& policy = {}, std::int64_t quantity = 1) {
  return run_rate(policy.loading, interval, {amount * micros, {}}, quantity);
}

TEST(RunRateOfAPrice, IsExactForEveryUnit) {
  EXPECT_EQ(rate({IntervalUnit::day, 1}, 1).annual, 365 * micros);
  EXPECT_EQ(rate({IntervalUnit::week, 1}, 1).annual, 52 * micros);
  EXPECT_EQ(rate({IntervalUnit::four_week, 1}, 1).annual, 13 * micros);
  EXPECT_EQ(rate({IntervalUnit::month, 1}, 1).annual, 12 * micros);
  EXPECT_EQ(rate({IntervalUnit::quarter, 1}, 1).annual, 4 * micros);
  EXPECT_EQ(rate({IntervalUnit::half_year, 1}, 1).annual, 2 * micros);
  EXPECT_EQ(rate({IntervalUnit::year, 1}, 1).annual, micros);
  EXPECT_EQ(rate({IntervalUnit::month, 3}, 90), mrr(30));
  EXPECT_EQ(rate({IntervalUnit::year, 2}, 2376), mrr(99));
  EXPECT_EQ(rate({IntervalUnit::month, 1}, 10, {}, 3), mrr(30));
}

TEST(RunRateOfAPrice, RoundsHalfEvenWhereItMust) {
  const LoadingPolicy policy;
  EXPECT_TRUE(annual_micros(policy, {IntervalUnit::year, 2}, 1) == 0);
  EXPECT_TRUE(annual_micros(policy, {IntervalUnit::year, 2}, 3) == 2);
  EXPECT_TRUE(annual_micros(policy, {IntervalUnit::year, 3}, 100 * micros) == 33'333'333);
}

TEST(RunRateOfAPrice, FollowsTheIntervalFactorsOfThePolicy) {
  Policy vendor;
  vendor.set("interval_factor_week", "30/7");
  EXPECT_EQ(rate({IntervalUnit::week, 1}, 140, vendor), mrr(600));
  vendor.set("interval_factor_week", "4");
  vendor.set("interval_factor_day", "30");
  EXPECT_EQ(rate({IntervalUnit::week, 2}, 50, vendor), mrr(100));
  EXPECT_EQ(rate({IntervalUnit::day, 2}, 20, vendor), mrr(300));
  vendor.set("interval_factor_day", "0");
  EXPECT_EQ(rate({IntervalUnit::day, 1}, 100, vendor), RunRate{});
}

TEST(RunRateOfAPrice, RefusesWhatIsNoPrice) {
  EXPECT_FAULT(rate({IntervalUnit::month, 0}, 1), InputError, "E_INTERVAL_COUNT",
               "interval count 0 is not above 0");
  EXPECT_FAULT(rate({IntervalUnit::month, 1}, 1, {}, -3), InputError, "E_QUANTITY_RANGE",
               "quantity -3 is below 0");
  EXPECT_FAULT(run_rate({}, {IntervalUnit::day, 1}, {INT64_MAX, {}}), InputError, "E_AMOUNT_RANGE",
               "more than 64 bits");
}

TEST(RunRateOfAPrice, RefusesFactorsThatAreNoNumbers) {
  Policy broken;
  broken.loading.week = {52, 0};
  EXPECT_FAULT(rate({IntervalUnit::week, 1}, 1, broken), OptionError, "E_POLICY_VALUE",
               "interval_factor_week");
}

TEST(Policy, StandardIsTheDefault) {
  EXPECT_EQ(Policy::standard(), Policy{});
  EXPECT_EQ(Policy::named("standard"), Policy{});
  EXPECT_EQ(Policy::named("mrr_playbook"), Policy::mrr_playbook());
  EXPECT_EQ(Policy::mrr_playbook().reporting.as_of, AsOf::period_start);
}

TEST(Policy, EveryPresetIsKnownByItsName) {
  std::set<std::string> digests;
  for (const std::string& name : Policy::presets()) digests.insert(Policy::named(name).digest());
  EXPECT_EQ(digests.size(), Policy::presets().size());
  EXPECT_FAULT(Policy::named("standart"), OptionError, "E_POLICY", "did you mean 'standard'?");
}

TEST(Policy, OptionsAreSetByNameAndText) {
  Policy policy;
  policy.set("movement_grain", "subscription");
  policy.set("gap_days", "30");
  policy.set("interval_factor_week", "4.33");
  EXPECT_EQ(policy.reporting.grain, Grain::subscription);
  EXPECT_EQ(policy.reporting.gap_days, 30);
  EXPECT_EQ(policy.loading.week, (IntervalFactor{433, 100}));
}

TEST(Policy, WrongOptionsAreRefusedWithTheNearestName) {
  Policy policy;
  EXPECT_FAULT(policy.set("movement_grian", "customer"), OptionError, "E_POLICY_OPTION",
               "did you mean 'movement_grain'?");
  EXPECT_FAULT(policy.set("netting", "periods"), OptionError, "E_POLICY_VALUE", "did you mean 'period'?");
  for (const char* value : {"-1", "1.5", "", "many", "1000001", "3 "})
    EXPECT_FAULT(policy.set("gap_days", value), OptionError, "E_POLICY_VALUE",
                 "Give a whole number of days, 0 or more.");
  for (const char* value : {"", "a", "1/0", "1/", "/2", "4.", "4.33333", "-4", "1/2/3", "1e3"})
    EXPECT_FAULT(policy.set("interval_factor_week", value), OptionError, "E_POLICY_VALUE",
                 "interval_factor_week=");
  EXPECT_EQ(policy, Policy{});
}

TEST(Policy, ApplyingItsOptionsGivesThePolicyAndItsDigest) {
  test::for_all([] {
    const Policy policy = *test::any_policy();
    Policy copy = Policy::mrr_playbook();
    for (const auto& [name, value] : policy.options()) copy.set(name, value);
    RC_ASSERT(copy == policy);
    RC_ASSERT(copy.digest() == policy.digest());
  });
}

TEST(Policy, DifferentPoliciesHaveDifferentDigests) {
  test::for_all([] {
    const Policy a = *test::any_policy(), b = *test::any_policy();
    RC_ASSERT((a == b) == (a.digest() == b.digest()));
    RC_ASSERT(a.digest().size() == 16U);
  });
}

TEST(YearlyFactor, IsInLowestTerms) {
  EXPECT_EQ(yearly_factor({}, IntervalUnit::week), (IntervalFactor{52, 1}));
  EXPECT_EQ(yearly_factor({}, IntervalUnit::day), (IntervalFactor{365, 1}));
  LoadingPolicy policy;
  policy.week = {30, 7};
  EXPECT_EQ(yearly_factor(policy, IntervalUnit::week), (IntervalFactor{360, 7}));
}

}  // namespace
}  // namespace tenure
