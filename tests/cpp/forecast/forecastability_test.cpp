#include <tenure/forecast/forecastability.hpp>

#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <vector>

#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

using test::for_all;

std::vector<double> noise(std::size_t points, std::uint64_t seed) {
  std::uint64_t state = seed * 2862933555777941757U + 3037000493U;
  std::vector<double> values;
  for (std::size_t t = 0; t < points; ++t) {
    double sum = -6;
    for (int i = 0; i < 12; ++i) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      sum += static_cast<double>(state >> 11) * 0x1p-53;
    }
    values.push_back(sum);
  }
  return values;
}

TEST(ForecastabilityTest, OneCycleIsCertain) {
  std::vector<double> wave;
  for (int t = 0; t < 48; ++t) wave.push_back(100 + 5 * std::sin(2 * std::numbers::pi * t / 12));
  const Forecastability found = forecastability(wave, {.detrend = false});
  EXPECT_NEAR(found.spectral_entropy.value_or(1), 0, 1e-12);
  EXPECT_NEAR(found.forecastability.value_or(0), 1, 1e-12);
  const Forecastability seasonal = forecastability(wave, {.lag = 12});
  EXPECT_NEAR(seasonal.naive_skill.value_or(0), 1, 1e-12);
}

/// The mean over many series of noise is that of shares uniform on the simplex: no forecastability.
TEST(ForecastabilityTest, NoiseHasNone) {
  for (const std::size_t points : {11U, 25U, 61U}) {
    const auto m = static_cast<double>((points - 1) / 2);
    double entropy = 0, expected = 0;
    for (std::uint64_t seed = 0; seed < 4000; ++seed)
      entropy += forecastability(noise(points, seed), {.detrend = false}).spectral_entropy.value_or(0) / 4000;
    for (int j = 2; j <= static_cast<int>(m); ++j) expected += 1.0 / j;
    EXPECT_NEAR(entropy * std::log(m), expected, 0.012) << points;
  }
}

TEST(ForecastabilityTest, IsTheFormula) {
  for_all([] {
    std::vector<double> values;
    for (const int value : *rc::gen::container<std::vector<int>>(rc::gen::inRange(-100, 101)))
      values.push_back(value);
    const bool detrend = *rc::gen::arbitrary<bool>();
    const Forecastability found = forecastability(values, {.detrend = detrend});
    const std::size_t n = values.size(), m = n < 1 ? 0 : (n - 1) / 2;
    if (n < 8) {
      RC_ASSERT(found.spectral_entropy.reason() == Undefined::too_few);
      return;
    }
    if (!found.spectral_entropy.defined()) {
      RC_ASSERT(found.spectral_entropy.reason() == Undefined::no_variation);
      return;
    }
    // The trend by the normal equations, the spectrum by complex exponentials.
    double st = 0, stt = 0, sy = 0, sty = 0;
    for (std::size_t t = 0; t < n; ++t) {
      const auto at = static_cast<double>(t);
      st += at, stt += at * at, sy += values[t], sty += at * values[t];
    }
    const auto size = static_cast<double>(n);
    const double slope = detrend ? (size * sty - st * sy) / (size * stt - st * st) : 0;
    std::vector<double> power;
    double total = 0;
    for (std::size_t j = 1; j <= m; ++j) {
      std::complex<double> sum = 0;
      for (std::size_t t = 0; t < n; ++t)
        sum += (values[t] - sy / size - slope * (static_cast<double>(t) - st / size)) *
               std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(j * t) / size);
      power.push_back(std::norm(sum));
      total += power.back();
    }
    if (total < 1e-9) return;
    double entropy = 0;
    for (const double one : power)
      if (one > 0) entropy -= one / total * std::log(one / total);
    RC_ASSERT(std::abs(found.spectral_entropy.value_or(-1) - entropy / std::log(static_cast<double>(m))) <
              1e-9);
    RC_ASSERT(found.forecastability.value_or(-1) >= 0 && found.forecastability.value_or(2) <= 1);
  });
}

TEST(ForecastabilityTest, NaiveSkillByHand) {
  // Against the mean before: |3 - 1|, |4 - 2|, |8 - 8 / 3|; against the point before: 2, 1, 4.
  const std::vector<double> values = {1, 3, 4, 8};
  EXPECT_DOUBLE_EQ(forecastability(values).naive_skill.value_or(0), 1 - 7 / (4 + 16.0 / 3));
  // Lag 2: |4 - 1|, |8 - 3| against |4 - 2|, |8 - 8 / 3|.
  EXPECT_NEAR(forecastability(values, {.lag = 2}).naive_skill.value_or(0), 1 - 8 / (2 + 16.0 / 3), 1e-15);
}

TEST(ForecastabilityTest, Undefined) {
  const auto reasons = [](std::vector<double> values, int lag = 1) {
    const Forecastability found = forecastability(values, {.lag = lag});
    return std::pair(found.spectral_entropy.reason(), found.naive_skill.reason());
  };
  EXPECT_EQ(reasons({}), std::pair(Undefined::too_few, Undefined::too_few));
  EXPECT_EQ(reasons({1, 2}), std::pair(Undefined::too_few, Undefined::too_few));
  EXPECT_EQ(reasons({1, 2, 3}, 3), std::pair(Undefined::too_few, Undefined::too_few));
  EXPECT_EQ(reasons(std::vector<double>(12, 7.1)), std::pair(Undefined::no_variation, Undefined::no_error));
  std::vector<double> line;
  for (int t = 0; t < 12; ++t) line.push_back(0.1 + 0.3 * t);
  EXPECT_EQ(reasons(line), std::pair(Undefined::no_variation, Undefined::no));
  EXPECT_FAULT(forecastability(line, {.lag = 0}), OptionError, "E_LAG", "a lag of 0 points");
}

TEST(ForecastabilityTest, LevelScaleAndTrendDoNotMatter) {
  for_all(
      [] {
        const std::vector<double> values =
            noise(static_cast<std::size_t>(*rc::gen::inRange(8, 80)), *rc::gen::arbitrary<std::uint32_t>());
        std::vector<double> moved;
        for (std::size_t t = 0; t < values.size(); ++t)
          moved.push_back(4 * values[t] + 10 + 0.5 * static_cast<double>(t));
        const Forecastability one = forecastability(values), other = forecastability(moved);
        RC_ASSERT(std::abs(one.spectral_entropy.value_or(-1) - other.spectral_entropy.value_or(-2)) < 1e-9);
        RC_ASSERT(std::abs(one.forecastability.value_or(-1) - other.forecastability.value_or(-2)) < 1e-9);
      },
      100);
}

TEST(ForecastabilityTest, BatchIsOneByOneWithAnyThreads) {
  const std::vector<double> all = noise(20000, 3);
  std::vector<std::uint32_t> begin = {0};
  while (begin.back() + 29 < all.size())
    begin.push_back(begin.back() + static_cast<std::uint32_t>(begin.size() % 30));
  begin.push_back(static_cast<std::uint32_t>(all.size()));
  for (const int threads : {1, 3}) {
    const auto found = forecastability(all, begin, {.execution = {.threads = threads}});
    ASSERT_EQ(found.size() + 1, begin.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      const Forecastability one = forecastability(std::span(all).subspan(begin[i], begin[i + 1] - begin[i]));
      EXPECT_EQ(found[i].spectral_entropy, one.spectral_entropy);
      EXPECT_EQ(found[i].naive_skill, one.naive_skill);
    }
  }
}

TEST(ForecastabilityTest, OffsetsMustCutTheRows) {
  const std::vector<std::uint32_t> beyond = {0, 2, 5}, falling = {0, 3, 2, 4};
  for (const auto& begin : {beyond, falling})
    EXPECT_FAULT(forecastability(std::vector<double>(4), begin), InputError, "E_COLUMN_LENGTH",
                 "does not cut 4 rows into parts");
}

/// Squares of such values overflow, or vanish: noise was once called certain.
TEST(ForecastabilityTest, LargeAndSmallNumbers) {
  const std::vector<double> plain = noise(24, 5);
  for (const int power : {-900, 900}) {
    std::vector<double> scaled;
    for (const double value : plain) scaled.push_back(std::ldexp(value, power));
    EXPECT_EQ(forecastability(scaled).forecastability, forecastability(plain).forecastability);
    EXPECT_EQ(forecastability(scaled).naive_skill, forecastability(plain).naive_skill);
    EXPECT_EQ(variation(scaled).coefficient, variation(plain).coefficient);
    EXPECT_EQ(variation(scaled).deviation, Real(std::ldexp(variation(plain).deviation.value_or(0), power)));
  }
  const double most = std::numeric_limits<double>::max();
  const Variation found = variation(std::vector<double>{most, -most});
  EXPECT_EQ(found.mean, Real(0.0));
  EXPECT_EQ(found.deviation.reason(), Undefined::diverges);
}

TEST(VariationTest, AroundALine) {
  EXPECT_DOUBLE_EQ(deviation_from_line(std::vector<double>{1, 2, 6}).value_or(0), std::sqrt(1.5 / 2));
  EXPECT_NEAR(deviation_from_line(std::vector<double>{3, 5, 7, 9}).value_or(1), 0, 1e-15);
  EXPECT_EQ(deviation_from_line(std::vector<double>{3}).reason(), Undefined::too_few);
}

TEST(VariationTest, ByHandAndUndefined) {
  const Variation found = variation(std::vector<double>{2, 4, 4, 6});
  EXPECT_DOUBLE_EQ(found.mean.value_or(0), 4);
  EXPECT_DOUBLE_EQ(found.deviation.value_or(0), std::sqrt(8.0 / 3));
  EXPECT_DOUBLE_EQ(found.coefficient.value_or(0), std::sqrt(8.0 / 3) / 4);
  EXPECT_DOUBLE_EQ(variation(std::vector<double>{-2, -4, -4, -6}).coefficient.value_or(0),
                   found.coefficient.value_or(1));
  EXPECT_EQ(variation({}).mean.reason(), Undefined::too_few);
  EXPECT_EQ(variation(std::vector<double>{1}).coefficient.reason(), Undefined::too_few);
  EXPECT_EQ(variation(std::vector<double>{1, -1}).coefficient.reason(), Undefined::empty_base);
}

}  // namespace
}  // namespace tenure
