#include <tenure/core/config.hpp>

#include <gtest/gtest.h>

// The tests link tenure::compiled: its headers only declare, and bodies come from the library.
#if !defined(TENURE_COMPILED) || !defined(TENURE_DECLARATIONS_ONLY)
#error "tests are built against tenure::compiled"
#endif

#include <tenure/core/currency.hpp>

namespace tenure {
namespace {

#define TENURE_TEXT_OF(macro) TENURE_TEXT(macro)
#define TENURE_TEXT(macro) #macro

TEST(Config, CompiledBodiesAreNotInline) { EXPECT_STREQ(TENURE_TEXT_OF(TENURE_INLINE), ""); }

TEST(Config, DeclaredFunctionsComeFromTheLibrary) { EXPECT_EQ(Currency("JPY").exponent(), 0); }

}  // namespace
}  // namespace tenure
