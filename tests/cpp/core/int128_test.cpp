#include <tenure/core/int128.hpp>

#include "support/property.hpp"

namespace tenure {
namespace {

constexpr int128 largest = static_cast<int128>(~uint128{0} >> 1);
constexpr int128 lowest = -largest - 1;

TEST(Int128, WritesEveryValue) {
  EXPECT_EQ(to_string(int128{0}), "0");
  EXPECT_EQ(to_string(int128{-1}), "-1");
  EXPECT_EQ(to_string(largest), "170141183460469231731687303715884105727");
  EXPECT_EQ(to_string(lowest), "-170141183460469231731687303715884105728");
}

TEST(Int128, MagnitudeOfTheLowestValueIsRight) {
  EXPECT_TRUE(magnitude(lowest) == static_cast<uint128>(largest) + 1);
  EXPECT_TRUE(magnitude(int128{-5}) == 5);
}

TEST(Int128, KnowsWhatFitsSixtyFourBits) {
  EXPECT_TRUE(fits_int64(INT64_MAX));
  EXPECT_TRUE(fits_int64(INT64_MIN));
  EXPECT_FALSE(fits_int64(int128{INT64_MAX} + 1));
  EXPECT_FALSE(fits_int64(int128{INT64_MIN} - 1));
}

TEST(DivideHalfEven, TiesGoToTheEvenNeighbour) {
  const std::pair<int, int> halves[] = {{1, 0}, {3, 2}, {5, 2}, {7, 4}, {-1, 0}, {-3, -2}, {-5, -2}};
  for (const auto& [numerator, rounded] : halves)
    EXPECT_TRUE(divide_half_even(numerator, 2) == rounded) << numerator;
}

RC_GTEST_PROP(DivideHalfEven, IsTheNearestInteger, (std::int64_t numerator, std::int64_t other)) {
  const int128 denominator = int128{std::abs(other % 1'000'000'007)} + 1;
  const int128 twice = 2 * (int128{numerator} - divide_half_even(numerator, denominator) * denominator);
  RC_ASSERT(twice <= denominator);
  RC_ASSERT(twice >= -denominator);
  if (twice == denominator || twice == -denominator)
    RC_ASSERT(divide_half_even(numerator, denominator) % 2 == 0);
}

RC_GTEST_PROP(Quotient, IsTheNearestDoubleOfSmallNumbers, (std::int32_t numerator, std::uint16_t other)) {
  const int denominator = other + 1;
  RC_ASSERT(quotient(numerator, denominator) == static_cast<double>(numerator) / denominator);
}

TEST(Quotient, KeepsLargeTotalsToTheLastBitButOne) {
  const int128 trillion = int128{1'000'000'000'000} * 1'000'000;
  EXPECT_DOUBLE_EQ(quotient(trillion * 12 + 6, 12'000'000), 1e12 + 0.0000005);
  EXPECT_DOUBLE_EQ(quotient(-trillion, 3'000'000), -1e12 / 3);
  EXPECT_DOUBLE_EQ(quotient(trillion * trillion, trillion), 1e18);
}

}  // namespace
}  // namespace tenure
