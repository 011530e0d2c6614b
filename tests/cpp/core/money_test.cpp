#include <tenure/core/money.hpp>

#include <cmath>
#include <limits>
#include <numeric>

#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

int128 sum(const std::vector<int128>& parts) {
  return std::accumulate(parts.begin(), parts.end(), int128{0});
}

TEST(RunRate, MonthlyPriceIsTwelveTimesAYear) {
  EXPECT_EQ(mrr(5).annual, 60'000'000);
  EXPECT_EQ(RunRateSum(mrr(5)).mrr(), 5.0);
  EXPECT_EQ(RunRateSum(mrr(5)).arr(), 60.0);
}

TEST(RunRateSum, TotalsPassSixtyFourBits) {
  RunRateSum total;
  for (int i = 0; i < 4; ++i) total += RunRate{INT64_MAX};
  EXPECT_TRUE(total.annual == int128{INT64_MAX} * 4);
  for (int i = 0; i < 4; ++i) total -= RunRate{INT64_MAX};
  EXPECT_EQ(total, RunRateSum());
}

TEST(Money, OfTwoCurrenciesDiffers) {
  EXPECT_EQ((Money{5, Currency("USD")}), (Money{5, Currency("USD")}));
  EXPECT_FALSE((Money{5, Currency("USD")}) == (Money{5, Currency("EUR")}));
}

TEST(ToMicros, RoundsHalfEven) {
  EXPECT_EQ(to_micros(29.99), 29'990'000);
  EXPECT_EQ(to_micros(0.0000005), 0);
  EXPECT_EQ(to_micros(0.0000015), 2);
  EXPECT_EQ(to_micros(-0.0000015), -2);
  EXPECT_EQ(to_micros(9'000'000'000'000.0), 9'000'000'000'000'000'000);
}

TEST(ToMicros, RefusesWhatIsNoAmount) {
  EXPECT_FAULT(to_micros(std::nan("")), InputError, "E_AMOUNT_NAN", "NaN is not an amount");
  EXPECT_FAULT(to_micros(std::numeric_limits<double>::infinity()), InputError, "E_AMOUNT_INF", "infinite");
  EXPECT_FAULT(to_micros(9.3e12), InputError, "E_AMOUNT_RANGE", "does not fit 64 bits");
  EXPECT_FAULT(to_micros(-1e300), InputError, "E_AMOUNT_RANGE", "does not fit 64 bits");
}

TEST(Allocate, GivesLeftOverUnitsToTheLargestRemaindersFirst) {
  EXPECT_EQ(allocate(100, std::vector<int128>{1, 1, 1}), (std::vector<int128>{34, 33, 33}));
  EXPECT_EQ(allocate(10, std::vector<int128>{1, 2, 4}), (std::vector<int128>{1, 3, 6}));
  EXPECT_EQ(allocate(-100, std::vector<int128>{1, 1, 1}), (std::vector<int128>{-34, -33, -33}));
}

TEST(Allocate, NothingToWeighBySharesNothing) {
  EXPECT_EQ(allocate(7, std::vector<int128>{0, 0}), (std::vector<int128>{0, 0}));
  EXPECT_TRUE(allocate(7, {}).empty());
}

TEST(Allocate, IsExactWhereProductsPassOneHundredTwentyEightBits) {
  const int128 large = int128{INT64_MAX} * 1'000'000;
  const auto parts = allocate(large, std::vector<int128>{large / 4, large / 4, large / 2});
  EXPECT_TRUE(sum(parts) == large);
  EXPECT_TRUE(magnitude(parts[2] - large / 2) <= 1);
}

RC_GTEST_PROP(Allocate, PartsAddUpAndStayWithinOneUnitOfTheirShare,
              (std::int64_t whole, const std::vector<std::uint32_t>& sizes)) {
  const std::vector<int128> weights(sizes.begin(), sizes.end());
  const int128 total = sum(weights);
  RC_PRE(total > 0);
  const auto parts = allocate(whole, weights);
  RC_ASSERT(sum(parts) == whole);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    RC_ASSERT(magnitude(parts[i] * total - int128{whole} * weights[i]) < static_cast<uint128>(total));
    for (std::size_t j = 0; j < i; ++j)  // equal weights: the earlier never gets less
      if (weights[i] == weights[j]) RC_ASSERT(magnitude(parts[j]) >= magnitude(parts[i]));
  }
}

TEST(RoundToTotal, WhatCannotAddUpIsRefused) {
  EXPECT_FAULT(round_to_total(std::vector<int128>{0, 0}, 1000, 1), IntegrityError, "E_ROUNDING", "1 left");
  EXPECT_FAULT(round_to_total(std::vector<int128>{400}, 1000, -1), IntegrityError, "E_ROUNDING", "left");
  EXPECT_EQ(round_to_total(std::vector<int128>{0, 400}, 1000, 1), (std::vector<int128>{0, 1}));
}

RC_GTEST_PROP(RoundToTotal, PartsAddUpAndMoveByLessThanOneUnit, (const std::vector<std::int32_t>& values)) {
  const int128 unit = 1000;
  const std::vector<int128> amounts(values.begin(), values.end());
  const int128 total = divide_half_even(sum(amounts), unit);
  const auto parts = round_to_total(amounts, unit, total);
  RC_ASSERT(sum(parts) == total);
  for (std::size_t i = 0; i < parts.size(); ++i)
    RC_ASSERT(magnitude(parts[i] * unit - amounts[i]) < static_cast<uint128>(unit));
}

}  // namespace
}  // namespace tenure
