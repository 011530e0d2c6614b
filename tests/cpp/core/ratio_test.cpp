#include <tenure/core/ratio.hpp>

#include "support/property.hpp"

namespace tenure {
namespace {

TEST(Ratio, IsEqualAsAFraction) {
  EXPECT_EQ((Ratio{6, 10}), (Ratio{3, 5}));
  EXPECT_EQ((Ratio{-6, 10}), (Ratio{3, -5}));
  EXPECT_FALSE((Ratio{6, 10}) == (Ratio{3, 4}));
  EXPECT_EQ((Ratio{0, 7}), (Ratio{0, 3}));
}

TEST(Ratio, OverZeroIsUndefinedWithAReason) {
  const Ratio nothing{5, 0, Undefined::no_loss};
  EXPECT_FALSE(nothing.defined());
  EXPECT_EQ(nothing.value(), std::nullopt);
  EXPECT_EQ(nothing.reason(), Undefined::no_loss);
  EXPECT_EQ((Ratio{5, 2, Undefined::no_loss}).reason(), Undefined::no);
  EXPECT_EQ((Ratio{5, 0}), (Ratio{0, 0}));
  EXPECT_FALSE((Ratio{5, 0}) == (Ratio{0, 1}));
}

TEST(Ratio, DividesOnce) {
  EXPECT_EQ((Ratio{1, 3}).value(), 1.0 / 3);
  EXPECT_EQ((Ratio{1, -3}).value(), -1.0 / 3);
  EXPECT_EQ((Ratio{0, 3}).value(), 0.0);
}

TEST(Undefined, ReasonsHaveNames) {
  EXPECT_EQ(name_of(Undefined::empty_base), "empty_base");
  EXPECT_EQ(name_of(Undefined::before_history), "before_history");
  EXPECT_EQ(name_of(Undefined::no_loss), "no_loss");
  EXPECT_EQ(name_of(Undefined::not_yet_observed), "not_yet_observed");
  EXPECT_EQ(name_of(Undefined::other_period), "other_period");
  EXPECT_EQ(name_of(Undefined::no), "");
}

RC_GTEST_PROP(Ratio, ScalingBothSidesChangesNothing,
              (std::int32_t numerator, std::int32_t denominator, std::int32_t by)) {
  RC_PRE(denominator != 0 && by != 0);
  const Ratio scaled{int128{numerator} * by, int128{denominator} * by};
  RC_ASSERT(scaled == Ratio({numerator, denominator}));
  RC_ASSERT(scaled.reduced().numerator == Ratio({numerator, denominator}).reduced().numerator ||
            numerator == 0);
}

}  // namespace
}  // namespace tenure
