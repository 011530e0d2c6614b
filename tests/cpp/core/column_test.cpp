#include <tenure/core/column.hpp>

#include <array>

#include "support/property.hpp"

namespace tenure {
namespace {

TEST(Validity, WithoutBitsEverythingIsValid) {
  const Validity valid;
  EXPECT_TRUE(valid.all());
  EXPECT_TRUE(valid[12'345]);
}

TEST(Validity, ReadsArrowBitsFromAnyOffset) {
  const std::array<std::uint8_t, 3> bits{0b1010'0101, 0b0000'1111, 0b1000'0000};
  for (std::int64_t offset : {0, 1, 7, 8, 9}) {
    const Validity valid{bits.data(), offset};
    EXPECT_FALSE(valid.all());
    for (std::size_t row = 0; row + static_cast<std::size_t>(offset) < 24; ++row) {
      const std::size_t at = row + static_cast<std::size_t>(offset);
      EXPECT_EQ(valid[row], ((bits[at / 8] >> (at % 8)) & 1) == 1);
    }
  }
}

TEST(Column, EmptyMeansThereIsNone) {
  EXPECT_FALSE(Column<int>().present());
  const std::vector<int> values{1, 2, 3};
  const Column<int> column(values);
  EXPECT_TRUE(column.present());
  EXPECT_EQ(column.size(), 3U);
}

TEST(Dictionary, NumbersTextsInOrderOfFirstUse) {
  Dictionary dictionary;
  EXPECT_EQ(dictionary.encode("b"), 0);
  EXPECT_EQ(dictionary.encode("a"), 1);
  EXPECT_EQ(dictionary.encode("b"), 0);
  EXPECT_EQ(dictionary.find("a"), 1);
  EXPECT_EQ(dictionary.find("c"), null_code);
  EXPECT_EQ(dictionary.labels(), (std::vector<std::string>{"b", "a"}));
}

TEST(Dictionary, KeepsNulBytesAndCase) {  // KEY-04, KEY-08
  Dictionary dictionary;
  EXPECT_EQ(dictionary.encode(std::string_view("a\0b", 3)), 0);
  EXPECT_EQ(dictionary.encode("a"), 1);
  EXPECT_EQ(dictionary.encode("A"), 2);
  EXPECT_EQ(dictionary.labels()[0].size(), 3U);
}

TEST(TextColumn, KnowsNulls) {
  TextColumn column;
  column.push_back("x");
  column.push_null();
  column.push_back("x");
  const Codes codes = column;
  EXPECT_EQ(std::vector<std::int32_t>(codes.codes.begin(), codes.codes.end()),
            (std::vector<std::int32_t>{0, null_code, 0}));
  EXPECT_EQ(codes.labels.size(), 1U);
}

RC_GTEST_PROP(TextColumn, GivesBackItsTexts, (const std::vector<std::string>& texts)) {
  const TextColumn column(texts);
  const Codes codes = column;
  RC_ASSERT(codes.size() == texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i)
    RC_ASSERT(codes.labels[static_cast<std::size_t>(codes.codes[i])] == texts[i]);
}

}  // namespace
}  // namespace tenure
