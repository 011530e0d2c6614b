#include <tenure/core/bootstrap.hpp>

#include <cmath>
#include <numeric>

#include <tenure/core/random.hpp>

#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

struct Customers {
  std::vector<std::uint64_t> keys;
  Eigen::ArrayXXd values;
};
/// What each pays now and a year later: nine in ten stay.
Customers customers(Eigen::Index count) {
  Customers made{std::vector<std::uint64_t>(static_cast<std::size_t>(count)), Eigen::ArrayXXd(count, 2)};
  for (Eigen::Index i = 0; i < count; ++i) {
    RandomStream draws(11, static_cast<std::uint64_t>(i));
    made.keys[static_cast<std::size_t>(i)] = static_cast<std::uint64_t>(i) * 3 + 1;
    made.values(i, 0) = 100 + 900 * draws.uniform();
    made.values(i, 1) = draws.uniform() < 0.1 ? 0 : made.values(i, 0) * (0.9 + 0.3 * draws.uniform());
  }
  return made;
}
Real kept(const Eigen::ArrayXd& sums) { return divide(sums(1), sums(0), Undefined::empty_base); }

TEST(Bootstrap, AgreesWithTheDeltaMethod) {
  const Customers made = customers(20'000);
  const Estimate found = bootstrap_sums(made.keys, made.values, {.replicates = 8000}).estimate(kept);
  const double ratio = made.values.col(1).sum() / made.values.col(0).sum();
  const double error =
      std::sqrt((made.values.col(1) - ratio * made.values.col(0)).square().sum()) / made.values.col(0).sum();
  EXPECT_EQ(found.value.value(), ratio);
  EXPECT_NEAR(found.lower.value().value(), ratio - 1.96 * error, 0.1 * error);
  EXPECT_NEAR(found.upper.value().value(), ratio + 1.96 * error, 0.1 * error);
}

TEST(Bootstrap, WeightsArePoissonOfMeanOne) {
  // One customer of value 1: its sums are its weights.
  const std::vector<std::uint64_t> key{42};
  const BootstrapSums sums = bootstrap_sums(key, Eigen::ArrayXXd::Ones(1, 1), {.replicates = 200'000});
  const Eigen::ArrayXd weights = sums.replicates.col(0);
  EXPECT_NEAR(weights.mean(), 1, 0.01);
  EXPECT_NEAR((weights - weights.mean()).square().mean(), 1, 0.02);
  EXPECT_NEAR(static_cast<double>((weights == 0).count()) / 200'000, std::exp(-1), 0.005);
  EXPECT_NEAR(static_cast<double>((weights == 3).count()) / 200'000, std::exp(-1) / 6, 0.003);
}

TEST(Bootstrap, DependsOnSeedAndKeysAlone) {
  const Customers made = customers(70'000);  // several blocks of rows
  const auto of = [&](int threads, std::uint64_t seed) {
    return bootstrap_sums(made.keys, made.values,
                          {.replicates = 130, .seed = seed, .execution = {.threads = threads}})
        .replicates;
  };
  const Eigen::ArrayXXd one = of(1, 5);
  EXPECT_TRUE((one == of(2, 5)).all()) << "no bit depends on threads";
  EXPECT_FALSE((one == of(1, 6)).all());
  EXPECT_EQ(one.rows(), 130);
}

TEST(Bootstrap, AGroupIsResampledAlikeByItself) {
  const Customers made = customers(100);
  const Eigen::ArrayXXd all = bootstrap_sums(made.keys, made.values, {.replicates = 50}).replicates;
  const std::span<const std::uint64_t> keys(made.keys);
  const Eigen::ArrayXXd first =
      bootstrap_sums(keys.first(40), made.values.topRows(40), {.replicates = 50}).replicates;
  const Eigen::ArrayXXd rest =
      bootstrap_sums(keys.subspan(40), made.values.bottomRows(60), {.replicates = 50}).replicates;
  EXPECT_TRUE(((first + rest - all).abs() <= 1e-12 * all).all());
}

TEST(Bootstrap, WithoutABaseThereIsAReason) {
  const std::vector<std::uint64_t> keys{1};
  const BootstrapSums nobody = bootstrap_sums({}, Eigen::ArrayXXd(0, 2));
  EXPECT_EQ(nobody.estimate(kept).value.reason(), Undefined::empty_base);
  // One customer: more than every third replicate has nobody.
  const Estimate one = bootstrap_sums(keys, Eigen::ArrayXXd::Ones(1, 2)).estimate(kept);
  EXPECT_EQ(one.value.value(), 1.0);
  EXPECT_EQ(one.lower.reason(), Undefined::too_few);
}

TEST(Bootstrap, WhatIsBeyondEveryNumberIsTheUpperEnd) {
  // Three of forty customers leave: in one of twenty replicates nobody does, and a lifetime has no end.
  std::vector<std::uint64_t> keys;
  Eigen::ArrayXXd values = Eigen::ArrayXXd::Ones(40, 2);
  for (std::uint64_t i = 0; i < 40; ++i) keys.push_back(i);
  values.col(1).tail(37) = 0;
  BootstrapSums sums = bootstrap_sums(keys, values, {.replicates = 4000});
  const auto lifetime = [](const Eigen::ArrayXd& of) { return divide(of(0), of(1), Undefined::no_loss); };
  const Estimate found = sums.estimate(lifetime);
  EXPECT_EQ(found.value.value(), 40.0 / 3);
  EXPECT_GT(found.lower.value(), 5);
  EXPECT_EQ(found.upper.reason(), Undefined::no_loss);
  sums.confidence = 0.5;
  EXPECT_LT(sums.estimate(lifetime).upper.value().value(), 30) << "replicates without loss are counted";
}

TEST(Bootstrap, RefusesWhatGivesNoInterval) {
  const std::vector<std::uint64_t> keys{1};
  const Eigen::ArrayXXd values = Eigen::ArrayXXd::Ones(1, 1);
  EXPECT_FAULT(bootstrap_sums(keys, values, {.replicates = 19}), OptionError, "E_BOOTSTRAP",
               "19 replicates are too few");
  EXPECT_FAULT(bootstrap_sums(keys, values, {.confidence = 95}), OptionError, "E_CONFIDENCE",
               "is not between 0 and 1");
  EXPECT_FAULT(bootstrap_sums(keys, Eigen::ArrayXXd(2, 1)), OptionError, "E_COLUMN_LENGTH",
               "1 keys and 2 rows");
}

TEST(Percentile, LiesBetweenTheTwoNearest) {
  std::vector<double> values{4, 1, 3, 2};
  EXPECT_EQ(percentile(values, 0), 1);
  EXPECT_EQ(percentile(values, 1), 4);
  EXPECT_EQ(percentile(values, 0.5), 2.5);
  EXPECT_NEAR(percentile(values, 0.25), 1.75, 1e-15);
}

}  // namespace
}  // namespace tenure
