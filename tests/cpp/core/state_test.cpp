#include <tenure/core/digest.hpp>
#include <tenure/core/state.hpp>

#include "support/faults.hpp"
#include "support/seal.hpp"

namespace tenure {
namespace {

constexpr std::string_view definition = "0123456789abcdef";

std::vector<std::byte> sample() {
  StateWriter writer(StateKind::waterfall, definition);
  writer.put(std::uint8_t{7});
  writer.put(std::int32_t{-5});
  writer.put(std::int64_t{INT64_MIN});
  writer.put(-(int128{1} << 100));
  writer.put(std::string_view("a\0b", 3));
  return std::move(writer).finish();
}

TEST(State, ReadsWhatWasWritten) {
  const auto bytes = sample();
  StateReader reader(bytes, StateKind::waterfall);
  EXPECT_EQ(reader.policy_digest(), definition);
  EXPECT_EQ(reader.byte(), 7);
  EXPECT_EQ(reader.int32(), -5);
  EXPECT_EQ(reader.int64(), INT64_MIN);
  EXPECT_TRUE(reader.integer128() == -(int128{1} << 100));
  EXPECT_EQ(reader.text(), std::string("a\0b", 3));
  EXPECT_NO_THROW(reader.finish());
}

TEST(State, IsLittleEndianBehindItsMagic) {
  const auto bytes = sample();
  const auto at = [&](std::size_t i) { return std::to_integer<int>(bytes[i]); };
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), 4), "TNR1");
  EXPECT_EQ(at(4), 1);                                // kind
  EXPECT_EQ(at(8), 2);                                // version
  EXPECT_EQ(at(16), static_cast<int>(bytes.size()));  // length
  EXPECT_EQ(at(24), 0xef);                            // definition
  EXPECT_EQ(at(33), 0xfb);                            // -5
}

TEST(State, AnEmptyDigestSurvives) {
  const auto bytes = StateWriter(StateKind::waterfall, "").finish();
  EXPECT_EQ(StateReader(bytes, StateKind::waterfall).policy_digest(), "");
}

TEST(State, ADigestHasSixteenHexadecimalDigits) {
  for (const char* text : {"0123", "0123456789abcdeg", "0123456789abcdef0"})
    EXPECT_FAULT(StateWriter(StateKind::waterfall, text), OptionError, "E_POLICY_DIGEST",
                 "is not the digest of a policy");
}

TEST(State, EqualContentGivesEqualBytes) { EXPECT_EQ(sample(), sample()); }

TEST(State, NoPrefixIsAccepted) {
  const auto bytes = sample();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_THROW(StateReader(std::span(bytes).first(size), StateKind::waterfall), StateError) << size;
  EXPECT_FAULT(StateReader(std::span(bytes).first(5), StateKind::waterfall), StateError, "E_STATE_LENGTH",
               "a state of 5 bytes is cut short");
}

TEST(State, NoFlippedBitIsAccepted) {
  auto bytes = sample();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    test::flip(bytes, bit);
    EXPECT_THROW(StateReader(bytes, StateKind::waterfall), StateError) << bit;
    test::flip(bytes, bit);
  }
  EXPECT_NO_THROW(StateReader(bytes, StateKind::waterfall));
}

TEST(State, EachKindOfDamageHasItsCode) {
  const auto with = [](std::size_t at, int value, bool seal = true) {
    auto bytes = sample();
    bytes[at] = static_cast<std::byte>(value);
    return seal ? test::sealed(bytes) : bytes;
  };
  const auto read = [](const std::vector<std::byte>& bytes) { StateReader(bytes, StateKind::waterfall); };
  EXPECT_FAULT(read(with(0, 'X')), StateError, "E_STATE_MAGIC", "are not a state of tenure");
  EXPECT_FAULT(read(with(8, 9)), StateError, "E_STATE_VERSION", "format version 9, known is 2");
  EXPECT_FAULT(read(with(4, 3)), StateError, "E_STATE_KIND", "is of kind 3, wanted is 1");
  EXPECT_FAULT(read(with(12, 1)), StateError, "E_STATE_CONTENT", "unknown flags");
  EXPECT_FAULT(read(with(40, 1, false)), StateError, "E_STATE_CHECKSUM", "changed after it was written");
  auto longer = sample();
  longer.push_back(std::byte{0});
  EXPECT_FAULT(read(longer), StateError, "E_STATE_LENGTH", "the state names");
}

TEST(State, CountsAreNotBelievedBeforeTheBytesAreThere) {
  StateWriter writer(StateKind::triangle, definition);
  writer.put(std::int64_t{1} << 60);
  const auto bytes = std::move(writer).finish();
  StateReader reader(bytes, StateKind::triangle);
  EXPECT_FAULT(reader.count(8), StateError, "E_STATE_CONTENT",
               "counts 1152921504606846976 entries, more than follow");
  StateReader again(bytes, StateKind::triangle);
  EXPECT_FAULT(again.expect(std::size_t{1} << 40, 24), StateError, "E_STATE_CONTENT", "more than follow");
  StateReader negative_text(bytes, StateKind::triangle);
  EXPECT_FAULT(negative_text.text(), StateError, "E_STATE_CONTENT", "more than follow");
}

TEST(State, ContentMustEndWhereItEnds) {
  const auto bytes = sample();
  StateReader reader(bytes, StateKind::waterfall);
  reader.byte();
  EXPECT_FAULT(reader.finish(), StateError, "E_STATE_CONTENT", "bytes follow the content");
  StateWriter empty(StateKind::waterfall, definition);
  const auto nothing = std::move(empty).finish();
  StateReader early(nothing, StateKind::waterfall);
  EXPECT_FAULT(early.int64(), StateError, "E_STATE_CONTENT", "ends early");
}

}  // namespace
}  // namespace tenure
