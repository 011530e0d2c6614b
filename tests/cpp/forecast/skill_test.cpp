#include <tenure/forecast/skill.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

using test::for_all;

TEST(SkillTest, IsOneMinusTheRatioOfMeans) {
  const std::vector<double> losses = {1, 2, 3, 2}, benchmark = {4, 4, 4, 4};
  const Skill found = skill(losses, benchmark);
  EXPECT_EQ(found.points, 4U);
  EXPECT_DOUBLE_EQ(found.loss.value_or(0), 2);
  EXPECT_DOUBLE_EQ(found.benchmark_loss.value_or(0), 4);
  EXPECT_DOUBLE_EQ(found.skill.value.value_or(0), 0.5);
  EXPECT_LE(found.skill.lower.value_or(1), 0.5);
  EXPECT_GE(found.skill.upper.value_or(0), 0.5);
}

TEST(SkillTest, AgainstItselfIsZeroWithoutDoubt) {
  const std::vector<double> losses = {1, 2, 5, 2, 8};
  const Skill found = skill(losses, losses);
  EXPECT_EQ(found.skill.value, Real(0.0));
  EXPECT_EQ(found.skill.lower, Real(0.0));
  EXPECT_EQ(found.skill.upper, Real(0.0));
}

/// Independent errors, blocks of one point: the interval is that of the delta method.
TEST(SkillTest, IntervalOfIndependentPoints) {
  std::vector<double> losses, benchmark;
  std::uint64_t state = 1;
  const auto uniform = [&state] {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>(state >> 11) * 0x1p-53;
  };
  for (int i = 0; i < 2000; ++i) losses.push_back(uniform()), benchmark.push_back(2 * uniform());
  double a = 0, b = 0;
  for (std::size_t i = 0; i < losses.size(); ++i) a += losses[i] / 2000, b += benchmark[i] / 2000;
  double variance = 0;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    const double influence = (losses[i] - a / b * benchmark[i]) / b;
    variance += influence * influence / 2000;
  }
  const double error = std::sqrt(variance / 2000);
  for (const Blocks blocks : {Blocks::stationary, Blocks::fixed}) {
    const Skill found = skill(losses, benchmark, {.blocks = blocks, .block = 1, .replicates = 4000});
    EXPECT_NEAR(found.skill.lower.value_or(0), 1 - a / b - 1.959964 * error, 0.12 * error);
    EXPECT_NEAR(found.skill.upper.value_or(0), 1 - a / b + 1.959964 * error, 0.12 * error);
  }
}

TEST(SkillTest, BlocksKeepWhatHangsTogether) {
  // Losses that stay for ten points: drawn one by one they look more certain than they are.
  std::vector<double> losses, benchmark(200, 3.0);
  for (int i = 0; i < 200; ++i) losses.push_back((i / 10) % 2 == 0 ? 1 : 4);
  const auto width = [&](int block) {
    const Skill found = skill(losses, benchmark, {.blocks = Blocks::fixed, .block = block});
    return found.skill.upper.value_or(0) - found.skill.lower.value_or(0);
  };
  EXPECT_GT(width(7), 1.5 * width(1));
}

TEST(SkillTest, Undefined) {
  const auto reasons = [](std::vector<double> losses, std::vector<double> benchmark) {
    const Skill found = skill(losses, benchmark, {.replicates = 50});
    return std::pair(found.skill.value.reason(), found.skill.lower.reason());
  };
  EXPECT_EQ(reasons({}, {}), std::pair(Undefined::too_few, Undefined::too_few));
  EXPECT_EQ(reasons({1}, {2}), std::pair(Undefined::no, Undefined::too_few));
  EXPECT_EQ(reasons({1, 1}, {0, 0}), std::pair(Undefined::no_error, Undefined::no_error));
  EXPECT_EQ(reasons({1, NAN}, {1, 1}), std::pair(Undefined::zero_actual, Undefined::zero_actual));
  // The benchmark errs at one point of many: more than every tenth replicate has no skill.
  EXPECT_EQ(reasons({1, 1, 1, 1}, {1, 0, 0, 0}), std::pair(Undefined::no, Undefined::too_few));
}

TEST(SkillTest, TooLargeForANumber) {
  const double infinite = std::numeric_limits<double>::infinity(), most = std::numeric_limits<double>::max();
  const std::vector<double> ones = {1, 1}, one_infinite = {infinite, 1}, large = {most, most};
  for (const std::vector<double>& losses : {one_infinite, large}) {
    const Skill found = skill(losses, ones);
    EXPECT_EQ(found.loss.reason(), Undefined::diverges);
    EXPECT_EQ(found.skill.value.reason(), Undefined::diverges);
    EXPECT_EQ(skill(ones, losses).benchmark_loss.reason(), Undefined::diverges);
  }
}

TEST(SkillTest, Refused) {
  const std::vector<double> one = {1, 2}, other = {1};
  EXPECT_FAULT(skill(one, other), InputError, "E_COLUMN_LENGTH", "1 values for 2 points");
  EXPECT_FAULT(skill(one, one, {.block = -1}), OptionError, "E_BLOCK", "a block of -1 points has no length");
  EXPECT_FAULT(skill(one, one, {.replicates = 5}), OptionError, "E_BOOTSTRAP", "5 replicates are too few");
  EXPECT_FAULT(skill(one, one, {.confidence = 95}), OptionError, "E_CONFIDENCE", "a confidence of 95");
  EXPECT_FAULT(parse_blocks("moving"), OptionError, "E_BLOCK", "Known: stationary, fixed");
  EXPECT_EQ(parse_blocks("stationary"), Blocks::stationary);
  EXPECT_EQ(parse_blocks("fixed"), Blocks::fixed);
}

TEST(SkillTest, IsAFunctionOfTheSeed) {
  for_all(
      [] {
        std::vector<double> losses, benchmark;
        for (const int value : *rc::gen::container<std::vector<int>>(40, rc::gen::inRange(0, 100)))
          losses.push_back(value), benchmark.push_back(value * 7 % 101 + 1);
        const BlockOptions options{.replicates = 100, .seed = *rc::gen::arbitrary<std::uint64_t>()};
        BlockOptions threaded = options;
        threaded.execution.threads = 3;
        const Skill one = skill(losses, benchmark, options), other = skill(losses, benchmark, threaded);
        RC_ASSERT(one.skill == other.skill);
        RC_ASSERT(one.skill.lower.value_or(2) <= one.skill.upper.value_or(-2));
        for (double& loss : losses) loss *= 2;
        for (double& loss : benchmark) loss *= 2;
        RC_ASSERT(skill(losses, benchmark, options).skill == one.skill);
      },
      60);
}

}  // namespace
}  // namespace tenure
