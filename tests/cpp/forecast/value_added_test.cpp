#include <tenure/forecast/value_added.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

using test::for_all;

/// Two segments; the statistical step helps, sales helps the first and harms the second.
const std::vector<double> actual = {100, 200, 50, 50};
const std::vector<double> naive = {80, 240, 60, 40};
const std::vector<double> statistical = {90, 220, 55, 45};
const std::vector<double> sales = {95, 210, 70, 45};
const std::vector<std::int32_t> segment = {0, 0, 1, 1};

ValueAdded worked(StepMeasure measure) {
  return value_added({.actual = actual, .steps = {naive, statistical, sales}, .group = segment, .groups = 2},
                     measure);
}

TEST(ValueAddedTest, WorkedByHand) {
  // sum |e|: naive 20 + 40 + 10 + 10 = 80, statistical 40, sales 5 + 10 + 20 + 5 = 40; sum |a| = 400.
  const ValueAdded found = worked(StepMeasure::wape);
  EXPECT_EQ(found.points, (std::vector<std::int64_t>{2, 2}));
  EXPECT_DOUBLE_EQ(found.total[0].error.value_or(0), 0.2);
  EXPECT_EQ(found.total[0].added.reason(), Undefined::empty_base);
  EXPECT_EQ(found.total[0].improved.reason(), Undefined::empty_base);
  EXPECT_EQ(found.total[0].added_total, Real(0.0));
  EXPECT_DOUBLE_EQ(found.total[1].error.value_or(0), 0.1);
  EXPECT_DOUBLE_EQ(found.total[1].added.value_or(0), 0.1);
  EXPECT_DOUBLE_EQ(found.total[1].relative.value_or(0), 0.5);
  EXPECT_DOUBLE_EQ(found.total[1].improved.value_or(0), 1);
  EXPECT_DOUBLE_EQ(found.total[2].added.value_or(1), 0);
  EXPECT_DOUBLE_EQ(found.total[2].added_total.value_or(0), 0.1);
  EXPECT_DOUBLE_EQ(found.total[2].improved.value_or(0), 0.5);
  EXPECT_DOUBLE_EQ(found.total[2].worsened.value_or(0), 0.25) << "one point is as it was";
  // First segment: 60 / 300, 30 / 300, 15 / 300. Second: 20 / 100, 10 / 100, 25 / 100.
  EXPECT_DOUBLE_EQ(found.at(0, 2).error.value_or(0), 0.05);
  EXPECT_DOUBLE_EQ(found.at(1, 2).error.value_or(0), 0.25);
  EXPECT_DOUBLE_EQ(found.at(1, 2).added.value_or(0), -0.15);
  EXPECT_DOUBLE_EQ(found.at(0, 2).share.value_or(0), 15.0 / 400);
  EXPECT_DOUBLE_EQ(found.at(0, 2).added_share.value_or(0), 15.0 / 400);
  EXPECT_DOUBLE_EQ(found.at(1, 2).added_share.value_or(0), -15.0 / 400);
}

TEST(ValueAddedTest, OtherMeasures) {
  EXPECT_DOUBLE_EQ(worked(StepMeasure::mae).total[0].error.value_or(0), 20);
  EXPECT_DOUBLE_EQ(worked(StepMeasure::mse).total[0].error.value_or(0), (400 + 1600 + 100 + 100) / 4.0);
  EXPECT_DOUBLE_EQ(worked(StepMeasure::mape).total[0].error.value_or(0), (0.2 + 0.2 + 0.2 + 0.2) / 4);
  EXPECT_DOUBLE_EQ(worked(StepMeasure::mape).at(0, 1).share.value_or(0), 0.2 / 4);
}

TEST(ValueAddedTest, Undefined) {
  const std::vector<double> none, zeros = {0, 0}, ones = {1, 1}, mixed = {0, 2};
  EXPECT_EQ(value_added({.actual = none, .steps = {none}}).total[0].error.reason(), Undefined::too_few);
  EXPECT_EQ(value_added({.actual = zeros, .steps = {ones}}).total[0].error.reason(), Undefined::zero_actual);
  EXPECT_EQ(value_added({.actual = mixed, .steps = {ones}}).total[0].error, Real(1.0));
  EXPECT_EQ(value_added({.actual = mixed, .steps = {ones}}, StepMeasure::mape).total[0].error.reason(),
            Undefined::zero_actual);
  EXPECT_EQ(value_added({.actual = ones, .steps = {ones, ones}}).total[1].relative.reason(),
            Undefined::no_error);
  // A segment without points, beside one with some.
  const std::vector<std::int32_t> second = {1, 1};
  const ValueAdded found =
      value_added({.actual = ones, .steps = {zeros, ones}, .group = second, .groups = 2});
  EXPECT_EQ(found.at(0, 1).error.reason(), Undefined::too_few);
  EXPECT_EQ(found.at(0, 1).improved.reason(), Undefined::too_few);
  EXPECT_EQ(found.at(0, 1).share, Real(0.0));
  EXPECT_EQ(found.at(1, 1).added, Real(1.0));
  EXPECT_EQ(point_gains(mixed, ones, zeros, StepMeasure::mape).reason, Undefined::zero_actual);
}

TEST(ValueAddedTest, Refused) {
  const std::vector<double> two = {1, 2}, one = {1};
  EXPECT_FAULT(value_added({.actual = two, .steps = {}}), OptionError, "E_STEPS", "there is no step");
  EXPECT_FAULT(value_added({.actual = two, .steps = {one}}), InputError, "E_COLUMN_LENGTH",
               "1 values for 2 points");
  const std::vector<std::int32_t> groups = {0};
  EXPECT_FAULT(value_added({.actual = two, .steps = {two}, .group = groups}), InputError, "E_COLUMN_LENGTH",
               "1 values for 2 points");
  EXPECT_FAULT(point_gains(two, one, two, StepMeasure::mae), InputError, "E_COLUMN_LENGTH",
               "1 values for 2 points");
  for (const std::int32_t code : {1, -1}) {
    const std::vector<std::int32_t> codes = {0, code};
    EXPECT_FAULT(value_added({.actual = two, .steps = {two}, .group = codes}), InputError, "E_CODE",
                 "a code of " + std::to_string(code) + " is outside of 1 groups");
  }
  EXPECT_FAULT(parse_step_measure("rmse"), OptionError, "E_MEASURE", "Known: wape, mae, mse, mape");
}

bool near(double found, double expected) {
  return std::abs(found - expected) <= 1e-12 * std::max(1.0, std::abs(expected));
}

TEST(ValueAddedTest, TheBridgeClosesAndPartsAddUp) {
  for_all([] {
    const auto points = static_cast<std::size_t>(*rc::gen::inRange(1, 60));
    const auto steps = static_cast<std::size_t>(*rc::gen::inRange(1, 5));
    const auto numbers = [points] {
      std::vector<double> found;
      for (const int value : *rc::gen::container<std::vector<int>>(points, rc::gen::inRange(1, 300)))
        found.push_back(value / 4.0);
      return found;
    };
    const std::vector<double> happened = numbers();
    std::vector<std::vector<double>> forecasts(steps);
    for (auto& one : forecasts) one = numbers();
    std::vector<std::int32_t> group;
    for (std::size_t i = 0; i < points; ++i) group.push_back(*rc::gen::inRange(0, 3));
    const auto measure =
        *rc::gen::element(StepMeasure::wape, StepMeasure::mae, StepMeasure::mse, StepMeasure::mape);
    ValueAddedRows rows{.actual = happened, .steps = {}, .group = group, .groups = 3};
    rows.steps.assign(forecasts.begin(), forecasts.end());
    const ValueAdded found = value_added(rows, measure);
    double gains = 0;
    for (std::size_t step = 0; step < steps; ++step) {
      const ForecastStep& total = found.total[step];
      double share = 0, added = 0;
      for (std::size_t one = 0; one < 3; ++one) {
        share += found.at(one, step).share.value_or(0);
        added += found.at(one, step).added_share.value_or(0);
      }
      RC_ASSERT(near(share, total.error.value_or(-1)));
      if (step == 0) continue;
      RC_ASSERT(near(added, total.added.value_or(-1)));
      gains += total.added.value_or(0);
      const PointGains points_of = point_gains(happened, forecasts[step - 1], forecasts[step], measure);
      double sum = 0;
      for (const double gain : points_of.gain) sum += gain;
      RC_ASSERT(near(sum, total.added.value_or(-1)));
    }
    const double first = found.total.front().error.value_or(0), last = found.total.back().error.value_or(0);
    RC_ASSERT(near(first - gains, last));
    RC_ASSERT(near(first - last, found.total.back().added_total.value_or(-1)));
  });
}

TEST(ValueAddedTest, ThreadsChangeNoBit) {
  std::vector<double> happened, before, after;
  for (int i = 0; i < 300000; ++i) {
    happened.push_back(1 + i % 97 / 7.0);
    before.push_back(1 + i % 89 / 3.0);
    after.push_back(1 + i % 83 / 3.0);
  }
  const ValueAddedRows rows{.actual = happened, .steps = {before, after}};
  const ValueAdded one = value_added(rows, StepMeasure::wape, {.threads = 1});
  const ValueAdded four = value_added(rows, StepMeasure::wape, {.threads = 4});
  EXPECT_EQ(one.total[1].error, four.total[1].error);
  EXPECT_EQ(one.total[1].improved, four.total[1].improved);
}

}  // namespace
}  // namespace tenure
