#include <tenure/core/error.hpp>

#include "support/faults.hpp"

namespace tenure {
namespace {

using testing::HasSubstr;

Fault fault(const char* code, std::int64_t row) {
  return {.code = code, .what = "wrong", .column = "amount", .row = row};
}

TEST(Error, SaysWhereWhatAndWhatToDo) {
  const InputError error(Fault{.code = "E_PERIOD_REVERSED",
                               .what = "end 2024-01-03 lies before start 2024-02-01",
                               .column = "ended_on",
                               .row = 8113,
                               .value = "2024-01-03",
                               .remedy = "Swap them."});
  EXPECT_STREQ(error.what(),
               "column 'ended_on', row 8113: end 2024-01-03 lies before start 2024-02-01\n"
               "  Swap them.  [E_PERIOD_REVERSED]");
  EXPECT_EQ(error.code(), "E_PERIOD_REVERSED");
  EXPECT_EQ(error.count(), 1);
  EXPECT_EQ(error.fault().value, "2024-01-03");
}

TEST(Error, WithoutAPlaceStartsWithTheSentence) {
  EXPECT_STREQ(OptionError(Fault{.code = "E_HORIZON", .what = "horizon=0"}).what(), "horizon=0  [E_HORIZON]");
}

TEST(Error, EveryClassIsAnErrorAndARuntimeError) {
  EXPECT_THROW(throw InputError(Fault{.code = "E", .what = "x"}), std::runtime_error);
  EXPECT_THROW(throw OptionError(Fault{.code = "E", .what = "x"}), Error);
  EXPECT_THROW(throw OverflowError(Fault{.code = "E", .what = "x"}), Error);
  EXPECT_THROW(throw StateError(Fault{.code = "E", .what = "x"}), Error);
  EXPECT_THROW(throw IntegrityError(Fault{.code = "E", .what = "x"}), Error);
  EXPECT_THROW(throw Interrupted(Fault{.code = "E", .what = "x"}), Error);
  EXPECT_FAULT(throw_input({.code = "E_A", .what = "bad row"}), InputError, "E_A", "bad row");
  EXPECT_FAULT(throw_option({.code = "E_B", .what = "bad option"}), OptionError, "E_B", "bad option");
}

TEST(Printable, EscapesControlCharacters) {
  EXPECT_EQ(printable(std::string_view("a\0b\n\x7f", 5)), "a\\x00b\\x0a\\x7f");
}

TEST(Printable, ShowsBytesThatAreNoTextByNumber) {
  EXPECT_EQ(printable("B\xC3\xBCro"), "B\xC3\xBCro");
  EXPECT_EQ(printable("b\xFC"), "b\\xfc");
}

TEST(Printable, CutsAtEightyCharactersAndNeverInsideOne) {
  EXPECT_EQ(printable(std::string(80, 'x')), std::string(80, 'x'));
  EXPECT_EQ(printable(std::string(81, 'x')), std::string(80, 'x') + "...");
  const std::string cut = printable(std::string(79, 'x') + "\xC3\xA9\xC3\xA9");
  EXPECT_EQ(cut, std::string(79, 'x') + "...");
}

TEST(FaultList, RaisesNothingWhenEmpty) {
  const FaultList list;
  EXPECT_TRUE(list.empty());
  EXPECT_NO_THROW(list.raise());
}

TEST(FaultList, KeepsTheFirstTwentyRowsAndCountsAll) {
  FaultList list;
  for (std::int64_t row = 99; row >= 0; --row) list.add(fault("E_AMOUNT_NAN", row));
  try {
    list.raise();
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.count(), 100);
    ASSERT_EQ(error.faults().size(), 20U);
    for (std::int64_t row = 0; row < 20; ++row)
      EXPECT_EQ(error.faults()[static_cast<std::size_t>(row)].row, row);
    EXPECT_THAT(error.what(), HasSubstr("row 0: wrong"));
    EXPECT_THAT(error.what(), HasSubstr("100 such rows: 0, 1, 2, 3, 4, ..."));
  }
}

TEST(FaultList, RaisesTheKindWhoseFirstRowComesFirst) {
  FaultList list;
  list.add(fault("E_KEY_NULL", 7));
  list.add(fault("E_AMOUNT_NAN", 3));
  list.add(fault("E_KEY_NULL", 4));
  EXPECT_FAULT(list.raise(), InputError, "E_AMOUNT_NAN", "row 3");
}

TEST(FaultList, PartsMergedSayTheSameAsTheWhole) {
  FaultList whole, left, right;
  for (std::int64_t row = 0; row < 60; ++row) {
    const Fault one = fault(row % 3 == 0 ? "E_KEY_NULL" : "E_AMOUNT_NAN", row);
    whole.add(one);
    (row % 7 < 3 ? left : right).add(one);
  }
  right.merge(left);
  std::string expected, found;
  try {
    whole.raise();
  } catch (const InputError& error) {
    expected = error.what();
    EXPECT_EQ(error.count(), 20);
  }
  try {
    right.raise();
  } catch (const InputError& error) {
    found = error.what();
  }
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace tenure
