#include <tenure/core/real.hpp>

#include "support/property.hpp"

namespace tenure {
namespace {

TEST(Real, IsAValueOrAReason) {
  EXPECT_EQ(Real(2.5).value(), 2.5);
  EXPECT_EQ(Real(2.5).reason(), Undefined::no);
  const Real never = Undefined::not_reached;
  EXPECT_FALSE(never.defined());
  EXPECT_EQ(never.value(), std::nullopt);
  EXPECT_EQ(never.value_or(-1), -1);
  EXPECT_EQ(name_of(never.reason()), "not_reached");
}

TEST(Real, TakesARatioWithItsReason) {
  EXPECT_EQ(Real(Ratio{1, 4}).value(), 0.25);
  EXPECT_EQ(Real(Ratio{1, 0, Undefined::no_loss}).reason(), Undefined::no_loss);
}

TEST(Real, DividesOrSaysWhyNot) {
  EXPECT_EQ(divide(3.0, 2.0, Undefined::empty_base).value(), 1.5);
  EXPECT_EQ(divide(3.0, 0.0, Undefined::no_gain).reason(), Undefined::no_gain);
  EXPECT_EQ(divide(Undefined::too_few, 0.0, Undefined::no_gain).reason(), Undefined::too_few);
  EXPECT_EQ(divide(1e308, 1e-300, Undefined::no_gain).reason(), Undefined::diverges);
  EXPECT_EQ(divide(1.0, Undefined::no_spend, Undefined::no_gain).reason(), Undefined::no_spend);
}

}  // namespace
}  // namespace tenure
