#include <tenure/core/buffer.hpp>

#include <gtest/gtest.h>

#include <cstdint>

namespace tenure {
namespace {

TEST(Buffer, HoldsWhatIsWritten) {
  Buffer<std::int64_t> buffer(1000);
  for (std::size_t i = 0; i < buffer.size(); ++i) buffer[i] = static_cast<std::int64_t>(i * i);
  EXPECT_EQ(buffer.span().size(), 1000U);
  EXPECT_EQ(buffer.span().back(), 999 * 999);
}

TEST(Buffer, IsAlignedToCacheLinesAndLargePages) {
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(Buffer<char>(1).data()) % 64, 0U);
  const Buffer<char> large(std::size_t{9} << 20);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(large.data()) % (std::size_t{2} << 20), 0U);
}

TEST(Buffer, MovingLeavesNothingBehind) {
  Buffer<int> first(4);
  first[3] = 7;
  Buffer<int> second(std::move(first));
  EXPECT_EQ(first.size(), 0U);  // NOLINT(bugprone-use-after-move): the state left behind is what is tested
  EXPECT_EQ(second[3], 7);
  Buffer<int> third;
  third = std::move(second);
  EXPECT_EQ(third.size(), 4U);
  EXPECT_EQ(third[3], 7);
}

TEST(Buffer, OfNothingHasNoMemory) {
  EXPECT_EQ(Buffer<int>(0).data(), nullptr);
  EXPECT_EQ(Buffer<int>().size(), 0U);
}

TEST(Buffer, ImpossibleSizesAreRefused) { EXPECT_THROW(Buffer<std::int64_t>(SIZE_MAX / 4), std::bad_alloc); }

}  // namespace
}  // namespace tenure
