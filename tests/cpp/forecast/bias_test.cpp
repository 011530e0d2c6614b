#include <tenure/forecast/bias.hpp>

#include <cmath>
#include <limits>
#include <numbers>

#include "support/faults.hpp"
#include "support/forecast_series.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

using test::for_all;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::vector<double> any_values(int least = 0) {
  std::vector<double> values(static_cast<std::size_t>(*rc::gen::inRange(least, 15)));
  for (double& value : values) value = *rc::gen::inRange(-500, 500) / 8.0;
  return values;
}

TEST(MeanBias, IsStudentsTTest) {
  const std::vector<double> errors{1, 2, 4, -1, 3, 3};
  const MeanBias bias = mean_bias(errors);
  EXPECT_EQ(bias.points, 6U);
  EXPECT_EQ(bias.mean, Real(2.0));
  EXPECT_NEAR(bias.std_error.value_or(nan), std::sqrt(16 / 5.0 / 6), 1e-15);
  // The 97.5 % quantile of Student's t with 5 degrees of freedom is 2.570581835636314.
  EXPECT_NEAR(bias.lower.value_or(nan), 2 - 2.570581835636314 * std::sqrt(16 / 30.0), 1e-13);
  EXPECT_NEAR(bias.upper.value_or(nan), 2 + 2.570581835636314 * std::sqrt(16 / 30.0), 1e-13);
  // With 1 degree of freedom the distribution is Cauchy's: p = 1 - 2 atan(t) / pi.
  const MeanBias pair = mean_bias(std::vector{1.0, 4.0}, 0.5);
  EXPECT_NEAR(pair.p_value.value_or(nan), 1 - 2 * std::atan(2.5 / 1.5) / std::numbers::pi, 1e-14);
  EXPECT_NEAR(pair.lower.value_or(nan), 1, 1e-14);  // its quartile is 1
  EXPECT_NEAR(pair.upper.value_or(nan), 4, 1e-14);
}

TEST(MeanBias, OfFewOrEqualErrors) {
  EXPECT_EQ(mean_bias({}).mean, Real(Undefined::empty_base));
  EXPECT_EQ(mean_bias({}).upper, Real(Undefined::too_few));
  const MeanBias one = mean_bias(std::vector{3.0});
  EXPECT_EQ(one.mean, Real(3.0));
  for (const Real& rest : {one.std_error, one.lower, one.upper, one.p_value})
    EXPECT_EQ(rest, Real(Undefined::too_few));
  const MeanBias equal = mean_bias(std::vector{0.1, 0.1, 0.1, 0.1, 0.1, 0.1});
  EXPECT_EQ(equal.mean, Real(0.1));
  EXPECT_EQ(equal.lower, Real(0.1));
  EXPECT_EQ(equal.upper, Real(0.1));
  EXPECT_EQ(equal.p_value, Real(Undefined::no_variation));
  const MeanBias large = mean_bias(std::vector{1e300, -1e300});
  EXPECT_EQ(large.std_error, Real(Undefined::diverges));
  EXPECT_EQ(large.upper, Real(Undefined::diverges));
}

TEST(MeanBias, RefusesWhatItCannotRead) {
  EXPECT_FAULT(mean_bias(std::vector{1.0}, 1), OptionError, "E_CONFIDENCE",
               "a confidence of 1 is not between");
  EXPECT_FAULT(mean_bias(std::vector{1.0, nan}), InputError, "E_AMOUNT_NAN", "column 'errors', row 1: NaN");
}

TEST(MeanBias, TheIntervalHoldsTheMeanAndZeroAsThePValueSays) {
  for_all([] {
    const std::vector<double> errors = any_values(2);
    const double confidence = *rc::gen::inRange(1, 100) / 100.0;
    const MeanBias bias = mean_bias(errors, confidence), wider = mean_bias(errors, (1 + confidence) / 2);
    RC_PRE(bias.p_value.defined());
    RC_ASSERT(bias.lower.value_or(nan) <= bias.mean.value_or(nan));
    RC_ASSERT(bias.upper.value_or(nan) >= bias.mean.value_or(nan));
    RC_ASSERT(wider.upper.value_or(nan) >= bias.upper.value_or(nan));
    const double p = bias.p_value.value_or(nan);
    RC_ASSERT(p >= 0 && p <= 1);
    const bool holds_zero = bias.lower.value_or(nan) <= 0 && bias.upper.value_or(nan) >= 0;
    if (std::abs(p - (1 - confidence)) > 1e-9) RC_ASSERT(holds_zero == (p > 1 - confidence));
  });
}

TEST(ErrorSplit, ByHand) {
  const ErrorSplit split = error_split(std::vector{2.0, 4.0, 8.0, 10.0}, std::vector{4.0, 3.0, 12.0, 9.0});
  EXPECT_EQ(split.mse, Real(5.5));
  EXPECT_EQ(split.bias, Real(1.0));
  EXPECT_NEAR(split.variance.value_or(nan), std::pow(std::sqrt(13.5) - std::sqrt(10), 2), 1e-14);
  EXPECT_NEAR(split.covariance.value_or(nan), 2 * (std::sqrt(135) - 9.5), 1e-14);
  for (const Real& part : {error_split({}, {}).mse, error_split({}, {}).covariance})
    EXPECT_EQ(part, Real(Undefined::empty_base));
}

TEST(ErrorSplit, AddsUpAndIsWhatTheSharesAre) {
  for_all([] {
    const std::vector<double> actual = any_values(1);
    std::vector<double> forecast = actual;
    for (double& value : forecast) value += *rc::gen::inRange(-40, 60) / 4.0;
    const ErrorSplit split = error_split(actual, forecast);
    const double mse = split.mse.value_or(nan);
    const double sum =
        split.bias.value_or(nan) + split.variance.value_or(nan) + split.covariance.value_or(nan);
    RC_ASSERT(std::abs(sum - mse) <= 1e-9 * std::max(mse, 1.0));
    RC_ASSERT(split.variance.value_or(nan) >= 0);
    RC_PRE(mse > 0);
    const auto share = [&](Measure measure) {
      return test::measure_of({.actual = actual, .forecast = forecast}, measure).value_or(nan);
    };
    RC_ASSERT(std::abs(split.bias.value_or(nan) / mse - share(Measure::bias_share)) < 1e-9);
    RC_ASSERT(std::abs(split.variance.value_or(nan) / mse - share(Measure::variance_share)) < 1e-9);
    RC_ASSERT(std::abs(split.covariance.value_or(nan) / mse - share(Measure::covariance_share)) < 1e-9);
  });
}

TEST(ErrorSplit, AForecastThatIsAlwaysTooHighIsAllBias) {
  const ErrorSplit split = error_split(std::vector{1.0, 5.0, 2.0}, std::vector{4.0, 8.0, 5.0});
  EXPECT_NEAR(split.bias.value_or(nan), 9, 1e-14);
  EXPECT_NEAR(split.variance.value_or(nan), 0, 1e-14);
  EXPECT_NEAR(split.covariance.value_or(nan), 0, 1e-14);
}

TEST(TrackingSignals, ByHand) {
  const auto signals = tracking_signals(std::vector{1.0, 1.0, 1.0, 1.0}, std::vector{1.0, 3.0, 0.0, 4.0});
  ASSERT_EQ(signals.size(), 4U);
  EXPECT_EQ(signals[0], Real(Undefined::no_error));
  EXPECT_EQ(signals[1], Real(2.0));
  EXPECT_EQ(signals[2], Real(1.0));
  EXPECT_NEAR(signals[3].value_or(nan), 4 / 1.5, 1e-15);
  EXPECT_TRUE(tracking_signals({}, {}).empty());
}

TEST(TrackingSignals, TheLastIsTheMeasureAndNoneIsBeyondItsCount) {
  for_all([] {
    const std::vector<double> actual = any_values(1);
    std::vector<double> forecast = actual;
    for (double& value : forecast) value += *rc::gen::inRange(-3, 4);
    const auto signals = tracking_signals(actual, forecast);
    const Real whole = test::measure_of({.actual = actual, .forecast = forecast}, Measure::tracking_signal);
    RC_ASSERT(signals.back().reason() == whole.reason());
    RC_ASSERT(std::abs(signals.back().value_or(0) - whole.value_or(0)) < 1e-9);
    for (std::size_t i = 0; i < signals.size(); ++i)
      RC_ASSERT(std::abs(signals[i].value_or(0)) <= static_cast<double>(i + 1) * (1 + 1e-12));
  });
}

TEST(TrackingSignals, RefuseWhatTheyCannotRead) {
  const std::vector<double> two{1, 2}, three{1, 2, 3};
  EXPECT_FAULT(tracking_signals(two, three), InputError, "E_COLUMN_LENGTH",
               "column 'forecast': 3 values for 2 points");
  EXPECT_FAULT(error_split(three, two), InputError, "E_COLUMN_LENGTH", "2 values for 3 points");
  EXPECT_FAULT(error_split(two, std::vector{1.0, nan}), InputError, "E_AMOUNT_NAN",
               "column 'forecast', row 1");
}

}  // namespace
}  // namespace tenure
