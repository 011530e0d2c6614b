#include <tenure/core/random.hpp>

#include "support/property.hpp"

namespace tenure {
namespace {

TEST(Random, GivesTheKnownAnswersOfPhilox) {  // kat_vectors of Random123: philox4x32, 10 rounds
  using Bits = std::array<std::uint32_t, 4>;
  EXPECT_EQ(random_bits(0, 0, 0), (Bits{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(random_bits(~0ULL, ~0ULL, ~0ULL), (Bits{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(random_bits(0x299f31d0a4093822, 0x0370734413198a2e, 0x85a308d3243f6a88),
            (Bits{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, AStreamIsItsBlocksInOrder) {
  RandomStream stream(7, 9);
  const auto first = random_bits(7, 9, 0), second = random_bits(7, 9, 1);
  EXPECT_EQ(stream.bits(), first[0] | static_cast<std::uint64_t>(first[1]) << 32);
  EXPECT_EQ(stream.bits(), first[2] | static_cast<std::uint64_t>(first[3]) << 32);
  EXPECT_EQ(stream.bits(), second[0] | static_cast<std::uint64_t>(second[1]) << 32);
}

TEST(Random, UniformNumbersAreSpreadOverTheOpenInterval) {
  RandomStream stream(1, 2);
  double sum = 0, squares = 0, least = 1, most = 0;
  constexpr int draws = 100'000;
  for (int i = 0; i < draws; ++i) {
    const double number = stream.uniform();
    sum += number;
    squares += number * number;
    least = std::min(least, number);
    most = std::max(most, number);
  }
  EXPECT_GT(least, 0);
  EXPECT_LT(most, 1);
  EXPECT_NEAR(sum / draws, 0.5, 0.005);
  EXPECT_NEAR(squares / draws, 1.0 / 3, 0.005);
}

TEST(Random, BelowGivesEachNumberAlikeOften) {
  RandomStream stream(3, 4);
  std::array<int, 6> counts{};
  for (int i = 0; i < 60'000; ++i) ++counts.at(stream.below(6));
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
}

}  // namespace
}  // namespace tenure
