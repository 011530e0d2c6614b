#include <tenure/core/digest.hpp>

#include <cstring>

#include "support/property.hpp"

namespace tenure {
namespace {

/// One bit at a time, as a CRC is defined (reflected).
std::uint64_t slow_crc(std::uint64_t reversed_polynomial, const std::string& bytes) {
  std::uint64_t remainder = ~0ULL;
  for (const char c : bytes) {
    remainder ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit)
      remainder = remainder >> 1 ^ ((remainder & 1) != 0 ? reversed_polynomial : 0);
  }
  return ~remainder;
}

TEST(Digest, GivesThePublishedCheckValueOfCrc64Xz) {
  EXPECT_EQ(digest("123456789", 9).high, 0x995DC9BBDF1939FAULL);
}

TEST(Digest, OfNothingIsDefined) { EXPECT_EQ(digest("", 0), (Digest{0, 0})); }

RC_GTEST_PROP(Digest, IsTwoCrcs, (const std::string& bytes)) {
  const Digest found = digest(bytes.data(), bytes.size());
  RC_ASSERT(found.high == slow_crc(0xC96C5795D7870F42ULL, bytes));
  RC_ASSERT(found.low == slow_crc(0x95AC9329AC4BC9B5ULL, bytes));
}

TEST(Digest, ChangesWithEveryOneAndTwoBits) {
  std::string bytes = "tenure: 24 bytes of text";
  const Digest before = digest(bytes.data(), bytes.size());
  const auto flip = [&](std::size_t bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << (bit % 8));
  };
  for (std::size_t a = 0; a < bytes.size() * 8; ++a) {
    flip(a);
    ASSERT_NE(digest(bytes.data(), bytes.size()).high, before.high);
    for (std::size_t b = 0; b < a; ++b) {
      flip(b);
      ASSERT_FALSE(digest(bytes.data(), bytes.size()) == before);
      flip(b);
    }
    flip(a);
  }
}

TEST(Hexadecimal, HasSixteenDigits) {
  EXPECT_EQ(hexadecimal(0), "0000000000000000");
  EXPECT_EQ(hexadecimal(0x0123456789ABCDEFULL), "0123456789abcdef");
}

}  // namespace
}  // namespace tenure
