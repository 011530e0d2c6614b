#include "hostile.hpp"

const void* address_of_presets_in_second_unit() {
  return reinterpret_cast<const void*>(&tenure::Policy::presets);
}

TEST(HeaderOnly, AnswersInTheSecondUnit) { EXPECT_EQ(closing_of_a_book(), 100); }
