#include <tenure/forecast/comparison.hpp>

#include <cmath>
#include <limits>
#include <numbers>

#include "support/faults.hpp"
#include "support/property.hpp"
#include "support/published_permutations.hpp"
#include "support/shared.hpp"

namespace tenure {
namespace {

using test::for_all;
using test::within;

std::vector<double> minus(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> found;
  for (std::size_t i = 0; i < a.size(); ++i) found.push_back(a[i] - b[i]);
  return found;
}

/// github.com/johntwk/Diebold-Mariano-Test, README: random.seed(123), three samples of range(100).
TEST(DieboldMarianoTest, PublishedExample) {
  test::PythonRandom random(123);
  const auto actual = random.permutation(100), first = random.permutation(100),
             second = random.permutation(100);
  const auto found = [&](Loss loss) {
    return diebold_mariano(minus(losses(actual, first, loss), losses(actual, second, loss)));
  };
  const Comparison absolute = found(Loss::absolute), squared = found(Loss::squared);
  EXPECT_TRUE(within(absolute.statistic.value_or(0), 1.3275742446369585, 1e-12));
  EXPECT_TRUE(within(absolute.p_value.value_or(0), 0.18737195617455585, 1e-12));
  EXPECT_TRUE(within(squared.statistic.value_or(0), 1.2112523589452902, 1e-12));
  EXPECT_TRUE(within(squared.p_value.value_or(0), 0.22868210381769466, 1e-12));
  EXPECT_EQ(squared.points, 100U);
}

TEST(DieboldMarianoTest, ByHand) {
  // d = 1, 2, 3, 6: mean 3, g(0) = 14 / 4, g(1) = (2 + 0 + 0) / 4.
  const std::vector<double> d = {1, 2, 3, 6};
  EXPECT_DOUBLE_EQ(diebold_mariano(d).mean_difference.value_or(0), 3);
  EXPECT_NEAR(diebold_mariano(d).statistic.value_or(0), 3 / std::sqrt(14.0 / 16) * std::sqrt(3.0 / 4), 1e-14);
  EXPECT_NEAR(diebold_mariano(d, {.small_sample = false}).statistic.value_or(0), 3 / std::sqrt(14.0 / 16),
              1e-14);
  const double at_two = std::sqrt((4 + 1 - 4 + 2.0 / 4) / 4);
  EXPECT_NEAR(diebold_mariano(d, {.horizon = 2}).statistic.value_or(0), 3 / std::sqrt(18.0 / 16) * at_two,
              1e-14);
  EXPECT_NEAR(diebold_mariano(d, {.horizon = 2, .variance = LongRunVariance::bartlett}).statistic.value_or(0),
              3 / std::sqrt(16.0 / 16) * at_two, 1e-14);
}

TEST(DieboldMarianoTest, TailsAreStudentsOrNormal) {
  // With 3 degrees of freedom P(|T| > t) = 1 - 2 / pi (x / (1 + x^2) + atan x), x = t / sqrt(3).
  const std::vector<double> d = {0, 1, 2, 1};
  const Comparison two = diebold_mariano(d);
  EXPECT_NEAR(two.statistic.value_or(0), 2.449489742783178, 1e-14);
  const double x = std::sqrt(2.0);
  EXPECT_NEAR(two.p_value.value_or(0), 1 - 2 / std::numbers::pi * (x / 3 + std::atan(x)), 1e-14);
  const double less = diebold_mariano(d, {.alternative = Alternative::less}).p_value.value_or(0);
  const double greater = diebold_mariano(d, {.alternative = Alternative::greater}).p_value.value_or(0);
  EXPECT_NEAR(less + greater, 1, 1e-14);
  EXPECT_NEAR(2 * greater, two.p_value.value_or(0), 1e-14);
  const double normal = diebold_mariano(d, {.small_sample = false}).p_value.value_or(0);
  EXPECT_NEAR(normal, std::erfc(std::sqrt(8.0) / std::sqrt(2.0)), 1e-14);
}

TEST(DieboldMarianoTest, VarianceBelowZeroFallsBackToOneStep) {
  // Alternating differences: g(0) = 1, g(1) near -1, so that g(0) + 2 g(1) is below 0.
  const std::vector<double> d = {1.5, -0.5, 1.5, -0.5, 1.5, -0.5};
  const Comparison two = diebold_mariano(d, {.horizon = 2}), one = diebold_mariano(d);
  EXPECT_EQ(two.horizon, 1);
  EXPECT_EQ(two.statistic, one.statistic);
  EXPECT_EQ(two.p_value, one.p_value);
  EXPECT_EQ(diebold_mariano(d, {.horizon = 2, .variance = LongRunVariance::bartlett}).horizon, 2);
}

TEST(DieboldMarianoTest, Undefined) {
  const auto reason = [](std::vector<double> d, int horizon = 1) {
    return diebold_mariano(d, {.horizon = horizon}).statistic.reason();
  };
  EXPECT_EQ(reason({}), Undefined::too_few);
  EXPECT_EQ(reason({1}), Undefined::too_few);
  EXPECT_EQ(reason({1, 2, 3}, 3), Undefined::too_few);
  EXPECT_EQ(reason({1, 2, 3}, 2), Undefined::no);
  EXPECT_EQ(reason({0, 0, 0}), Undefined::no_variation);
  EXPECT_EQ(reason({0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}), Undefined::no_variation);
  const std::vector<double> actual = {1, 0, 2}, forecast = {1, 1, 1};
  EXPECT_EQ(reason(losses(actual, forecast, Loss::percentage)), Undefined::zero_actual);
  EXPECT_EQ(losses(actual, forecast, Loss::percentage)[2], 0.5);
}

/// Nothing leaves as infinite or NaN, and no reason is made up.
TEST(DieboldMarianoTest, TooLargeForANumber) {
  const std::vector<double> actual = {1, 2, 3, 4}, near = {1.5, 2, 2, 5}, far = {1e200, 2e200, -1e200, 3e200};
  const std::vector<double> large = losses(actual, far, Loss::squared),
                            small = losses(actual, near, Loss::squared);
  for (const std::vector<double>& other : {small, large}) {
    std::vector<double> differences;
    for (std::size_t i = 0; i < large.size(); ++i) differences.push_back(loss_difference(large[i], other[i]));
    const Comparison found = diebold_mariano(differences);
    EXPECT_EQ(found.mean_difference.reason(), Undefined::diverges);
    EXPECT_EQ(found.statistic.reason(), Undefined::diverges);
    EXPECT_EQ(found.p_value.reason(), Undefined::diverges);
  }
  EXPECT_TRUE(std::isnan(loss_difference(std::numeric_limits<double>::quiet_NaN(), large[0])));
  // Squares of the deviations overflow, or vanish; the statistic has no scale.
  const std::vector<double> plain = {1, -2, 3, 1, 2};
  for (const int power : {-600, 600}) {
    std::vector<double> scaled;
    for (const double value : plain) scaled.push_back(std::ldexp(value, power));
    EXPECT_EQ(diebold_mariano(scaled).p_value, diebold_mariano(plain).p_value);
  }
}

TEST(DieboldMarianoTest, OffsetsMustCutTheRows) {
  const std::vector<double> differences = {1, 2, 3, 4};
  using Offsets = std::vector<std::uint32_t>;
  for (const Offsets& begin :
       {Offsets{0, 2, 5}, Offsets{0, 3, 2, 4}, Offsets{1, 4}, Offsets{0, 2}, Offsets{}})
    EXPECT_FAULT(diebold_mariano(differences, begin), InputError, "E_COLUMN_LENGTH",
                 "does not cut 4 rows into parts");
}

TEST(DieboldMarianoTest, Refused) {
  EXPECT_FAULT(diebold_mariano(std::vector<double>{1, 2}, {.horizon = 0}), OptionError, "E_HORIZON",
               "a horizon of 0 steps is not ahead");
  EXPECT_FAULT(parse_loss("cubic"), OptionError, "E_LOSS", "Known: squared, absolute, percentage");
  EXPECT_FAULT(parse_alternative("more"), OptionError, "E_ALTERNATIVE", "Known: two_sided, less, greater");
  EXPECT_FAULT(parse_long_run_variance("hac"), OptionError, "E_VARIANCE", "Known: rectangular, bartlett");
  EXPECT_FAULT(losses(std::vector<double>{1}, std::vector<double>{}, Loss::squared), InputError,
               "E_COLUMN_LENGTH", "0 values for 1 points");
  for (const Loss loss : {Loss::squared, Loss::absolute, Loss::percentage})
    EXPECT_EQ(parse_loss(name_of(loss)), loss);
}

std::vector<double> random_differences() {
  std::vector<double> d;
  for (const int value : *rc::gen::container<std::vector<int>>(rc::gen::inRange(-50, 51))) d.push_back(value);
  return d;
}

TEST(DieboldMarianoTest, ScaleAndSign) {
  for_all([] {
    const std::vector<double> d = random_differences();
    const int horizon = *rc::gen::inRange(1, 5);
    const auto kind = *rc::gen::element(LongRunVariance::rectangular, LongRunVariance::bartlett);
    std::vector<double> scaled, swapped;
    for (const double value : d) scaled.push_back(4 * value), swapped.push_back(-value);
    const ComparisonOptions options{.horizon = horizon, .variance = kind};
    const Comparison one = diebold_mariano(d, options), four = diebold_mariano(scaled, options),
                     other = diebold_mariano(swapped, options);
    RC_ASSERT(one.statistic == four.statistic);  // a power of 2 scales without rounding
    RC_ASSERT(one.p_value == four.p_value);
    RC_ASSERT(one.statistic.reason() == other.statistic.reason());
    RC_ASSERT(one.statistic.value_or(0) == -other.statistic.value_or(0));
    RC_ASSERT(one.p_value == other.p_value);
    if (one.p_value.defined()) RC_ASSERT(one.p_value.value_or(-1) >= 0 && one.p_value.value_or(2) <= 1);
  });
}

TEST(DieboldMarianoTest, BatchIsOneByOneWithAnyThreads) {
  for_all(
      [] {
        std::vector<double> all;
        std::vector<std::uint32_t> begin = {0};
        std::vector<Comparison> expected;
        for (int series = *rc::gen::inRange(0, 600); series > 0; --series) {
          const auto size = static_cast<std::size_t>(series % 7);
          for (std::size_t i = 0; i < size; ++i)
            all.push_back(static_cast<double>((series * 37 + i * i * 11) % 23));
          begin.push_back(static_cast<std::uint32_t>(all.size()));
          expected.push_back(diebold_mariano(std::span(all).last(size), {.horizon = 2}));
        }
        for (const int threads : {1, 3}) {
          const auto found = diebold_mariano(all, begin, {.horizon = 2, .execution = {.threads = threads}});
          RC_ASSERT(found.size() == expected.size());
          for (std::size_t i = 0; i < found.size(); ++i) {
            RC_ASSERT(found[i].statistic == expected[i].statistic);
            RC_ASSERT(found[i].p_value == expected[i].p_value);
            RC_ASSERT(found[i].points == expected[i].points);
          }
        }
      },
      30);
}

}  // namespace
}  // namespace tenure
