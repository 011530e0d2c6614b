#include <tenure/core/currency.hpp>

#include "support/faults.hpp"

namespace tenure {
namespace {

TEST(Currency, KnowsTheDecimalsOfItsMinorUnit) {
  const std::pair<const char*, int> known[] = {{"USD", 2}, {"EUR", 2}, {"JPY", 0}, {"KWD", 3},
                                               {"BHD", 3}, {"CLF", 4}, {"ISK", 0}};
  for (const auto& [code, exponent] : known) {
    EXPECT_EQ(Currency(code).exponent(), exponent) << code;
    EXPECT_EQ(Currency(code).code(), code);
    EXPECT_TRUE(Currency(code).set());
  }
}

TEST(Currency, RetiredCodesAreKnownWithTheirYear) {
  EXPECT_EQ(Currency("HRK").retired(), 2023);
  EXPECT_EQ(Currency("DEM").retired(), 2002);
  EXPECT_EQ(Currency("USD").retired(), 0);
}

TEST(Currency, NoneIsUnset) {
  EXPECT_FALSE(Currency().set());
  EXPECT_EQ(Currency().code(), "");
  EXPECT_EQ(Currency(), Currency());
  EXPECT_FALSE(Currency() == Currency("USD"));
}

TEST(Currency, UnknownCodesAreRefused) {
  for (const char* code : {"ZZZ", "usd", "US", "USDT", "", "A\nB"})
    EXPECT_FAULT(Currency(code), InputError, "E_CURRENCY_UNKNOWN", "is not an ISO 4217 code");
  EXPECT_FAULT(Currency("ZZZ"), InputError, "E_CURRENCY_UNKNOWN", "'ZZZ'");
}

}  // namespace
}  // namespace tenure
