#include <tenure/forecast/lead_time.hpp>

#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

using test::for_all;

std::vector<JudgedCall> three() { return {{110, 100}, {190, 200}, {52, 50}}; }

TEST(LeadTime, AccuracyOfSomeCalls) {
  const CallAccuracy found = call_accuracy(three());
  EXPECT_EQ(found.periods, 3U);
  EXPECT_DOUBLE_EQ(found.wape.value_or(0), 22.0 / 350);
  EXPECT_DOUBLE_EQ(found.bias.value_or(0), 2.0 / 3);
  EXPECT_DOUBLE_EQ(found.relative_bias.value_or(0), 2.0 / 350);
  EXPECT_DOUBLE_EQ(found.mape.value_or(0), (0.1 + 0.05 + 0.04) / 3);
  EXPECT_DOUBLE_EQ(found.accuracy.value_or(0), 1 - (0.1 + 0.05 + 0.04) / 3);
}

TEST(LeadTime, OneMinusApeOfTheWorkedExample) {  // fc-acc-01: forecast 120, actual 100
  const std::vector<JudgedCall> one = {{120, 100}};
  EXPECT_DOUBLE_EQ(call_accuracy(one).accuracy.value_or(0), 0.8);
}

TEST(LeadTime, NothingIsMadeUp) {
  EXPECT_EQ(call_accuracy({}).wape.reason(), Undefined::not_yet_observed);
  const std::vector<JudgedCall> nothing = {{5, 0}}, mixed = {{5, 0}, {10, 10}};
  EXPECT_EQ(call_accuracy(nothing).wape.reason(), Undefined::zero_actual);
  EXPECT_EQ(call_accuracy(mixed).mape.reason(), Undefined::zero_actual);
  EXPECT_DOUBLE_EQ(call_accuracy(mixed).wape.value_or(0), 0.5);
  EXPECT_EQ(absolute_percentage_error({5, 0}).reason(), Undefined::zero_actual);
}

TEST(LeadTime, HitRatesHaveTheIntervalOfWilson) {
  EXPECT_EQ(hit_rate(three(), 0.05).hits, 2U);  // 5 % off is a hit at 5 %
  EXPECT_EQ(hit_rate(three(), 0.1).hits, 3U);
  std::vector<JudgedCall> calls(10, JudgedCall{100, 100});
  calls[0].call = 200;
  calls[1].call = 0;
  const HitRate found = hit_rate(calls, 0.05);
  EXPECT_DOUBLE_EQ(found.share.value.value_or(0), 0.8);
  EXPECT_NEAR(found.share.lower.value_or(0), 0.4901625, 5e-8);  // R: prop.test(8, 10, correct = FALSE)
  EXPECT_NEAR(found.share.upper.value_or(0), 0.9433178, 5e-8);
  EXPECT_EQ(hit_rate({}, 0.1).share.value.reason(), Undefined::not_yet_observed);
  EXPECT_FAULT(hit_rate(three(), -0.1), OptionError, "E_PARAM", "a tolerance of -0.1");
  EXPECT_FAULT(hit_rate(three(), 0.1, 95), OptionError, "E_CONFIDENCE", "a confidence of 95");
}

TEST(LeadTime, SettledWhenNothingLeavesTheToleranceAnyMore) {
  const std::vector<JudgedCall> calls = {{100, 100}, {80, 100}, {96, 100}, {103, 100}};
  EXPECT_EQ(settled_calls(calls, 0.05), 2U);
  EXPECT_EQ(settled_calls(calls, 0.01), 0U);
  EXPECT_EQ(settled_calls(calls, 0.3), 4U);
}

TEST(LeadTime, HabitsOfOwners) {
  const std::vector<JudgedCall> low = {{80, 100}, {85, 100}, {82, 100}, {78, 100}};
  const OwnerBias found = owner_bias(low);
  EXPECT_EQ(found.habit, CallHabit::sandbagging);
  EXPECT_NEAR(found.bias.mean.value_or(0), -0.1875, 1e-15);
  std::vector<JudgedCall> high = {{120, 100}, {125, 100}, {130, 100}};
  EXPECT_EQ(owner_bias(high).habit, CallHabit::happy_ears);
  high.push_back({10, 100});
  EXPECT_EQ(owner_bias(high).habit, CallHabit::not_told_apart);
  const std::vector<JudgedCall> few = {{120, 100}, {5, 0}};
  EXPECT_FALSE(owner_bias(few).judged());
  EXPECT_EQ(owner_bias(few).left_out, 1U);
  EXPECT_EQ(name_of(CallHabit::happy_ears), "happy_ears");
}

TEST(LeadTimeProperties, UnitsDoNotMatterAndIntervalsHoldTheShare) {
  for_all([] {
    const auto count = *rc::gen::inRange<std::size_t>(1, 20);
    std::vector<JudgedCall> calls, cents;
    for (std::size_t i = 0; i < count; ++i) {
      calls.push_back(
          {static_cast<double>(*rc::gen::inRange(0, 200)), static_cast<double>(*rc::gen::inRange(1, 200))});
      cents.push_back({calls.back().call * 64, calls.back().actual * 64});
    }
    RC_ASSERT(call_accuracy(calls).wape == call_accuracy(cents).wape);
    RC_ASSERT(call_accuracy(calls).mape == call_accuracy(cents).mape);
    const HitRate strict = hit_rate(calls, 0.05), loose = hit_rate(calls, 0.1);
    RC_ASSERT(strict.hits <= loose.hits);
    RC_ASSERT(strict.share.lower.value_or(2) <= strict.share.value.value_or(-1));
    RC_ASSERT(strict.share.value.value_or(2) <= strict.share.upper.value_or(-1));
    RC_ASSERT(settled_calls(calls, 0.05) <= settled_calls(calls, 0.1));
  });
}

}  // namespace
}  // namespace tenure
