#include <tenure/core/grid.hpp>

#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

TEST(Grid, ReachesBackToTheFirstRow) {
  const Grid grid(months("2024-03", "2024-05"), parse_day("2024-01-20"), false);
  EXPECT_EQ(grid.size(), 5U);
  EXPECT_EQ(grid.first(), 2U);
  EXPECT_EQ(grid[parse_day("2024-01-20")], 0);
  EXPECT_EQ(grid[parse_day("2024-02-29")], 1);
  EXPECT_EQ(grid[parse_day("2024-03-01")], 2);
  EXPECT_EQ(grid[parse_day("2024-05-31")], 4);
  EXPECT_EQ(grid[parse_day("2024-06-01")], grid.beyond());
  EXPECT_EQ(grid[open_end], grid.beyond());
}

TEST(Grid, WithoutHistoryBeginsWithTheWindow) {
  const Grid grid(months("2024-03", "2024-05"), open_end, false);
  EXPECT_EQ(grid.size(), 3U);
  EXPECT_EQ(grid.first(), 0U);
}

TEST(Grid, AtStartAnEventCountsFromTheNextPeriod) {
  const Grid grid(months("2024-03", "2024-05"), parse_day("2024-03-01"), true);
  EXPECT_EQ(grid[parse_day("2024-03-01")], 0);
  EXPECT_EQ(grid[parse_day("2024-03-02")], 1);
  EXPECT_EQ(grid[parse_day("2024-04-01")], 1);
  EXPECT_EQ(grid[parse_day("2024-05-02")], grid.beyond());
}

TEST(Grid, UntilADayHoldsEverythingUpToIt) {
  const Grid grid = Grid::until(parse_day("2020-01-01"), parse_day("2024-01-31"));
  EXPECT_EQ(grid.size(), 1U);
  EXPECT_EQ(grid[parse_day("2020-01-01")], 0);
  EXPECT_EQ(grid[parse_day("2024-01-31")], 0);
  EXPECT_EQ(grid[parse_day("2024-02-01")], grid.beyond());
}

TEST(Grid, BetweenTwoDaysHasOneSlotAndThePeriodsBefore) {
  const Grid grid =
      Grid::between({}, parse_day("2020-01-01"), parse_day("2024-03-02"), parse_day("2024-04-01"));
  EXPECT_EQ(grid.size(), 52U);  // January 2020 to March 2024, and the days that are asked for
  EXPECT_EQ(grid.first(), 51U);
  EXPECT_EQ(grid[parse_day("2020-01-01")], 0);
  EXPECT_EQ(grid[parse_day("2024-02-29")], 49);
  EXPECT_EQ(grid[parse_day("2024-03-01")], 50);
  EXPECT_EQ(grid[parse_day("2024-03-02")], 51);
  EXPECT_EQ(grid[parse_day("2024-03-31")], 51);
  EXPECT_EQ(grid[parse_day("2024-04-01")], grid.beyond());
  EXPECT_EQ(grid[open_end], grid.beyond());
}

TEST(Grid, BetweenTwoDaysWithoutHistoryHasTheSameSlots) {
  const Day begin = parse_day("2024-03-02"), end = parse_day("2024-03-03");
  for (const Day history : {begin, begin + 40, open_end}) {
    const Grid grid = Grid::between({}, history, begin, end);
    EXPECT_EQ(grid.size(), 2U);
    EXPECT_EQ(grid.first(), 1U);
    EXPECT_EQ(grid[begin - 1], 0);
    EXPECT_EQ(grid[begin], 1);
    EXPECT_EQ(grid[end], grid.beyond());
  }
}

TEST(Grid, OfDaysHasASlotForEachDay) {
  const Grid grid(days("2024-03-01", "2024-03-03"), parse_day("2024-02-28"), false);
  EXPECT_EQ(grid.size(), 5U);
  EXPECT_EQ(grid.first(), 2U);
  EXPECT_EQ(grid[parse_day("2024-02-29")], 1);
  EXPECT_EQ(grid[parse_day("2024-03-03")], 4);
  const Grid at_start(days("2024-03-01", "2024-03-03"), parse_day("2024-02-28"), true);
  for (const char* day : {"2024-02-28", "2024-02-29", "2024-03-01", "2024-03-03"})
    EXPECT_EQ(at_start[parse_day(day)], grid[parse_day(day)]) << "a day begins and ends on itself";
}

TEST(Grid, RefusesMorePeriodsThanASlotCanName) {
  EXPECT_FAULT(Grid(weeks("2024-01-01", "9000-01-01"), open_end, false), InputError, "E_WINDOW",
               "At most 65534");
}

RC_GTEST_PROP(Grid, SlotsAreTheBoundsCounted, (bool at_start)) {
  const Day first = *rc::gen::inRange<Day>(18'000, 19'000),
            history = first - *rc::gen::inRange<Day>(-100, 500);
  const Periods window({PeriodUnit::month, 1}, first, first + *rc::gen::inRange<Day>(0, 500));
  const Periods all({PeriodUnit::month, 1}, std::min(history, window.begin()), window.end() - 1);
  const Grid grid(window, history, at_start);
  RC_ASSERT(grid.size() == all.size());
  RC_ASSERT(all.begin(grid.first()) == window.begin());
  const Day day = *rc::gen::inRange<Day>(all.begin(), window.end() + 60);
  std::size_t slot = 0;
  while (slot < all.size() && !(at_start ? day <= all.begin(slot) : day < all.end(slot))) ++slot;
  RC_ASSERT(grid[day] == slot);
}

}  // namespace
}  // namespace tenure
