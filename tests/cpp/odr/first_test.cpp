#include "hostile.hpp"

// Two units of one header-only program: what is not inline is defined twice at link time, and what is has one
// address.
TEST(HeaderOnly, AnswersInTheFirstUnit) { EXPECT_EQ(closing_of_a_book(), 100); }

TEST(HeaderOnly, BothUnitsShareOneDefinition) {
  EXPECT_EQ(reinterpret_cast<const void*>(&tenure::Policy::presets), address_of_presets_in_second_unit());
}
