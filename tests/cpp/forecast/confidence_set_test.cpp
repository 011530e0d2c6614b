#include <tenure/forecast/confidence_set.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

using test::for_all;

using Table = std::vector<std::vector<double>>;

ConfidenceSet set_of(const Table& table, SetStatistic statistic = SetStatistic::range,
                     const BlockOptions& options = {.confidence = 0.9}) {
  std::vector<std::span<const double>> spans(table.begin(), table.end());
  return confidence_set(spans, statistic, options);
}

/// Losses around a mean, some noise of their own and some in common.
Table noisy(const std::vector<double>& means, std::size_t points) {
  std::uint64_t state = 7;
  const auto normal = [&state] {
    double sum = -6;
    for (int i = 0; i < 12; ++i) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      sum += static_cast<double>(state >> 11) * 0x1p-53;
    }
    return sum;
  };
  Table table(means.size());
  for (std::size_t t = 0; t < points; ++t) {
    const double common = normal();
    for (std::size_t i = 0; i < means.size(); ++i) table[i].push_back(10 + means[i] + common + normal());
  }
  return table;
}

TEST(ConfidenceSetTest, KeepsTheBestAndDropsTheWorse) {
  const Table table = noisy({0, 0.05, 3, 1.5}, 100);
  for (const SetStatistic statistic : {SetStatistic::range, SetStatistic::max}) {
    const ConfidenceSet found = set_of(table, statistic);
    EXPECT_EQ(found.points, 100U);
    EXPECT_TRUE(found.forecasts[0].in_set);
    EXPECT_TRUE(found.forecasts[1].in_set);
    EXPECT_FALSE(found.forecasts[2].in_set);
    EXPECT_FALSE(found.forecasts[3].in_set);
    EXPECT_EQ(found.forecasts[2].rank, 4U);
    EXPECT_EQ(found.forecasts[3].rank, 3U);
    EXPECT_EQ(found.forecasts[2].left, 4U) << "the worst leaves first";
    EXPECT_EQ(found.forecasts[3].left, 3U);
    EXPECT_EQ(std::max(found.forecasts[0].p_value.value_or(0), found.forecasts[1].p_value.value_or(0)), 1);
  }
}

/// Two forecasts: both statistics are the two-sided (range) test of one difference, against its quantiles.
TEST(ConfidenceSetTest, TwoForecastsAreATTest) {
  const Table table = noisy({0, 0.3}, 400);
  double mean = 0, squares = 0;
  for (std::size_t t = 0; t < 400; ++t) mean += (table[1][t] - table[0][t]) / 400;
  for (std::size_t t = 0; t < 400; ++t) squares += std::pow(table[1][t] - table[0][t] - mean, 2) / 400;
  const double z = std::abs(mean) / std::sqrt(squares / 400);
  const ConfidenceSet found =
      set_of(table, SetStatistic::range, {.block = 1, .replicates = 20000, .confidence = 0.9});
  const std::size_t worse = mean > 0 ? 1 : 0;
  EXPECT_NEAR(found.forecasts[worse].p_value.value_or(-1), std::erfc(z / std::sqrt(2.0)), 0.01);
}

/// How often the best forecast is left out of sets at 90 %: about 10 % of the time or less.
TEST(ConfidenceSetTest, CoversTheBest) {
  int left_out = 0;
  const Table all = noisy({0, 0, 0}, 60 * 200);
  for (std::size_t sample = 0; sample < 200; ++sample) {
    Table table;
    for (const auto& losses : all)
      table.emplace_back(losses.begin() + static_cast<std::ptrdiff_t>(60 * sample),
                         losses.begin() + static_cast<std::ptrdiff_t>(60 * sample + 60));
    const ConfidenceSet found =
        set_of(table, SetStatistic::range, {.block = 1, .replicates = 200, .confidence = 0.9});
    for (const RankedForecast& one : found.forecasts) left_out += !one.in_set;
  }
  EXPECT_LT(left_out, 40) << "of 600, each equally good";
  EXPECT_GT(left_out, 5) << "a set that never drops anything says nothing";
}

TEST(ConfidenceSetTest, EqualForecastsStay) {
  const std::vector<double> losses = {1, 4, 2, 8, 5};
  for (const SetStatistic statistic : {SetStatistic::range, SetStatistic::max})
    for (const RankedForecast& one : set_of({losses, losses, losses}, statistic).forecasts) {
      EXPECT_EQ(one.p_value, Real(1.0));
      EXPECT_EQ(one.rank, 1U);
      EXPECT_TRUE(one.in_set);
    }
}

TEST(ConfidenceSetTest, AlwaysWorseByTheSameIsCertain) {
  const std::vector<double> losses = {1, 4, 2, 8, 5};
  std::vector<double> worse;
  for (const double loss : losses) worse.push_back(loss + 1);
  for (const SetStatistic statistic : {SetStatistic::range, SetStatistic::max}) {
    const ConfidenceSet found = set_of({worse, losses}, statistic);
    EXPECT_EQ(found.forecasts[0].p_value, Real(0.0));
    EXPECT_FALSE(found.forecasts[0].in_set);
    EXPECT_EQ(found.forecasts[1].p_value, Real(1.0));
  }
}

TEST(ConfidenceSetTest, Undefined) {
  for (const RankedForecast& one : set_of({{1}, {2}}).forecasts) {
    EXPECT_EQ(one.p_value.reason(), Undefined::too_few);
    EXPECT_TRUE(one.in_set);
  }
  const ConfidenceSet found = set_of({{1, NAN, 2}, {2, 3, 4}});
  EXPECT_EQ(found.forecasts[0].loss.reason(), Undefined::zero_actual);
  EXPECT_EQ(found.forecasts[1].loss, Real(3.0));
  EXPECT_EQ(found.forecasts[1].p_value.reason(), Undefined::zero_actual);
  EXPECT_EQ(set_of({{}, {}}).forecasts[0].loss.reason(), Undefined::too_few);
  EXPECT_EQ(set_of({}).forecasts.size(), 0U);
  EXPECT_EQ(set_of({{1, 2}}).forecasts[0].p_value, Real(1.0));
}

TEST(ConfidenceSetTest, TooLargeForANumber) {
  const double most = std::numeric_limits<double>::max();
  const ConfidenceSet found = set_of({{most, most, 1}, {1, 2, 3}});
  EXPECT_EQ(found.forecasts[0].loss.reason(), Undefined::diverges);
  EXPECT_EQ(found.forecasts[1].loss, Real(2.0));
  for (const RankedForecast& one : found.forecasts) {
    EXPECT_EQ(one.p_value.reason(), Undefined::diverges);
    EXPECT_EQ(one.rank, 0U) << "nobody is ranked beside what has no loss";
  }
  // Deviations whose squares overflow: only proportions count.
  const ConfidenceSet plain = set_of({{1, 9, 4, 2}, {2, 3, 1, 1}, {9, 9, 8, 9}});
  const double huge = std::ldexp(1, 900);
  const ConfidenceSet scaled = set_of({{huge, 9 * huge, 4 * huge, 2 * huge},
                                       {2 * huge, 3 * huge, huge, huge},
                                       {9 * huge, 9 * huge, 8 * huge, 9 * huge}});
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(scaled.forecasts[i].p_value, plain.forecasts[i].p_value);
}

TEST(ConfidenceSetTest, Refused) {
  EXPECT_FAULT(set_of({{1, 2}, {1}}), InputError, "E_COLUMN_LENGTH", "1 values for 2 points");
  EXPECT_FAULT(set_of({{1, 2}}, SetStatistic::max, {.replicates = 1}), OptionError, "E_BOOTSTRAP",
               "1 replicates are too few");
  EXPECT_FAULT(parse_set_statistic("T_R"), OptionError, "E_STATISTIC", "Known: range, max");
  EXPECT_EQ(parse_set_statistic("range"), SetStatistic::range);
  EXPECT_EQ(parse_set_statistic("max"), SetStatistic::max);
}

TEST(ConfidenceSetTest, Relations) {
  for_all(
      [] {
        const auto count = static_cast<std::size_t>(*rc::gen::inRange(2, 6));
        Table table;
        for (std::size_t i = 0; i < count; ++i) {
          std::vector<double>& losses = table.emplace_back();
          for (const int value : *rc::gen::container<std::vector<int>>(25, rc::gen::inRange(0, 1000)))
            losses.push_back(value);
        }
        const auto statistic = *rc::gen::element(SetStatistic::range, SetStatistic::max);
        BlockOptions options{
            .replicates = 60, .seed = *rc::gen::arbitrary<std::uint64_t>(), .confidence = 0.9};
        const ConfidenceSet one = set_of(table, statistic, options);
        options.execution.threads = 2;
        const ConfidenceSet other = set_of(table, statistic, options);
        Table scaled = table;
        for (auto& losses : scaled)
          for (double& loss : losses) loss *= 8;
        const ConfidenceSet large = set_of(scaled, statistic, options);
        int kept = 0, certain = 0;
        for (std::size_t i = 0; i < count; ++i) {
          RC_ASSERT(one.forecasts[i].p_value == other.forecasts[i].p_value);
          RC_ASSERT(one.forecasts[i].p_value == large.forecasts[i].p_value);
          RC_ASSERT(one.forecasts[i].rank == large.forecasts[i].rank);
          kept += one.forecasts[i].in_set;
          certain += one.forecasts[i].p_value == Real(1.0);
          // Who leaves later has a larger p-value.
          for (std::size_t j = 0; j < count; ++j)
            if (one.forecasts[i].left < one.forecasts[j].left)
              RC_ASSERT(one.forecasts[i].p_value.value_or(0) >= one.forecasts[j].p_value.value_or(1));
        }
        RC_ASSERT(kept >= 1);
        RC_ASSERT(certain >= 1);
      },
      60);
}

}  // namespace
}  // namespace tenure
