#include <tenure/revenue/movement.hpp>

#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

constexpr Level nothing{}, low{10, true}, high{20, true}, free_plan{0, true};

TEST(Classify, FollowsTheDefinitionOfEachMovement) {
  EXPECT_EQ(classify(nothing, low, false), Line::new_);
  EXPECT_EQ(classify(nothing, low, true), Line::reactivation);
  EXPECT_EQ(classify(low, high, true), Line::expansion);
  EXPECT_EQ(classify(high, low, true), Line::contraction);
  EXPECT_EQ(classify(low, nothing, true), Line::churn);
}

TEST(Classify, NoChangeIsNoMovement) {
  EXPECT_EQ(classify(low, low, true), Line::closing);
  EXPECT_EQ(classify(nothing, nothing, true), Line::closing);
  EXPECT_EQ(classify(free_plan, free_plan, true), Line::closing);
}

TEST(Classify, AFreeCustomerWhoCountsExpandsAndContracts) {
  EXPECT_EQ(classify(free_plan, low, true), Line::expansion);
  EXPECT_EQ(classify(low, free_plan, true), Line::contraction);
  EXPECT_EQ(classify(nothing, free_plan, false), Line::new_);
  EXPECT_EQ(classify(free_plan, nothing, true), Line::churn);
}

TEST(Line, SignsMakeTheBridgeClose) {
  int plus = 0, minus = 0;
  for (const auto& [name, line] : line_names) {
    plus += sign_of(line) > 0;
    minus += sign_of(line) < 0;
    EXPECT_EQ(name_of(line), name);
    EXPECT_EQ(parse_line(name), line);
  }
  EXPECT_EQ(plus, 7);   // opening, new, expansion, reactivation, resumed, fx, transfer_in
  EXPECT_EQ(minus, 4);  // contraction, churn, paused, transfer_out
  EXPECT_EQ(sign_of(Line::closing), 0);
}

TEST(Line, UnknownNamesAreRefused) {
  EXPECT_FAULT(parse_line("churned"), OptionError, "E_MOVEMENT",
               "movement='churned' is not known; did you mean 'churn'?");
}

RC_GTEST_PROP(Classify, SignOfTheMovementIsTheSignOfTheChange,
              (std::uint16_t before, std::uint16_t after, bool ever)) {
  const Line line = classify({before, before > 0}, {after, after > 0}, ever || before > 0);
  RC_ASSERT((sign_of(line) > 0) == (after > before));
  RC_ASSERT((sign_of(line) < 0) == (after < before));
}

}  // namespace
}  // namespace tenure
