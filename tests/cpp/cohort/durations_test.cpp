#include <tenure/cohort/durations.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <random>

#include "support/faults.hpp"
#include "support/property.hpp"
#include "support/stays.hpp"

namespace tenure {
namespace {

using test::for_all;
using test::random_stays;
using test::Stays;

bool equal(const DurationTable& a, const DurationTable& b) {
  return a.causes == b.causes && a.time == b.time && a.ended == b.ended && a.censored == b.censored &&
         a.entry == b.entry && a.entered == b.entered;
}

/// Counted row by row: weight of the rows that were watched before a time and not gone before it.
double at_risk(const Stays& stays, double time) {
  double sum = 0;
  for (std::size_t i = 0; i < stays.size(); ++i) {
    const double entry = stays.entry.empty() ? 0 : stays.entry[i];
    if ((entry < time || entry == 0) && time <= stays.duration[i])
      sum += stays.weight.empty() ? 1 : stays.weight[i];
  }
  return sum;
}

TEST(Durations, AreCountedByTime) {
  const Stays stays{.duration = {3, 5, 3, 0, 5, 5}, .event = {1, 0, 0, 1, 1, 1}};
  const DurationTable table = tabulate(stays.rows()).at(0);
  EXPECT_EQ(table.time, (std::vector<double>{0, 3, 5}));
  EXPECT_EQ(table.ended, (std::vector<double>{1, 1, 2}));
  EXPECT_EQ(table.censored, (std::vector<double>{0, 1, 1}));
  EXPECT_EQ(table.at_risk(), (std::vector<double>{6, 5, 3}));
}

TEST(Durations, MayBeOfAnyTypeOfNumbers) {
  const std::vector<std::int64_t> duration{3, 5, 3};
  const std::vector<std::int32_t> ints{1, 0, 1};
  const std::vector<std::uint8_t> bytes{1, 0, 1};
  const std::vector<double> doubles{1, 0, 1}, times{3, 5, 3};
  const DurationTable expected = tabulate({.duration = times, .event = doubles}).at(0);
  EXPECT_TRUE(equal(expected, tabulate({.duration = duration, .event = ints}).at(0)));
  EXPECT_FALSE(equal(expected, tabulate({.duration = ints, .event = bytes}).at(0)));
  EXPECT_TRUE(equal(expected, tabulate({.duration = duration, .event = bytes}).at(0)));
}

TEST(Durations, AreAtRiskFromTheirEntryOn) {
  for_all([] {
    const Stays stays =
        random_stays({.fractions = *rc::gen::arbitrary<bool>(), .late = true, .weights = true});
    const DurationTable table = tabulate(stays.rows()).at(0);
    const std::vector<double> found = table.at_risk();
    for (std::size_t i = 0; i < table.size(); ++i) RC_ASSERT(found[i] == at_risk(stays, table.time[i]));
  });
}

TEST(Durations, OfTwoPartsAddUpToThoseOfAll) {
  for_all([] {
    const Stays all = random_stays(
        {.fractions = *rc::gen::arbitrary<bool>(), .late = true, .weights = true, .groups = 2, .causes = 2});
    std::vector<std::size_t> first, second;
    for (std::size_t i = 0; i < all.size(); ++i) (*rc::gen::arbitrary<bool>() ? first : second).push_back(i);
    const auto whole = tabulate(all.rows());
    std::vector<DurationTable> sums(2, DurationTable{.causes = 2});
    for (const auto& part : {first, second}) {
      if (part.empty()) continue;
      const auto tables = tabulate(all.picked(part).rows());
      for (std::size_t group = 0; group < 2; ++group) sums[group] += tables[group];
    }
    for (std::size_t group = 0; group < 2; ++group) RC_ASSERT(equal(sums[group], whole[group]));
  });
}

TEST(Durations, InAnyOrderGiveTheSameTable) {
  for_all([] {
    const Stays stays =
        random_stays({.fractions = *rc::gen::arbitrary<bool>(), .late = true, .weights = true});
    std::vector<std::size_t> order(stays.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), std::mt19937(*rc::gen::arbitrary<std::uint32_t>()));
    RC_ASSERT(equal(tabulate(stays.rows())[0], tabulate(stays.picked(order).rows())[0]));
  });
}

/// Rows enough for many tasks and ranges of time.
Stays many(bool whole, bool weighted, std::int32_t groups, double longest) {
  Stays stays{.groups = static_cast<std::size_t>(groups)};
  std::mt19937_64 random(7);
  for (int i = 0; i < 150'000; ++i) {
    const double share = static_cast<double>(random() >> 11) * 0x1p-53;
    const double time = -std::log1p(-share) * longest / 12;
    stays.duration.push_back(whole ? std::floor(time) : std::round(time * 1e4) / 1e4);
    stays.event.push_back(static_cast<double>(random() % 2));
    stays.group.push_back(static_cast<std::int32_t>(random() % static_cast<std::uint64_t>(groups)));
    if (weighted) stays.weight.push_back(0.1 + static_cast<double>(random() % 1000) / 7);
  }
  return stays;
}

/// Counted in a map, which knows nothing of ranges and sorting.
std::vector<DurationTable> counted(const Stays& stays) {
  std::vector<std::map<double, std::array<double, 2>>> sums(stays.groups);
  for (std::size_t i = 0; i < stays.size(); ++i)
    sums[static_cast<std::size_t>(stays.group[i])][stays.duration[i]][stays.event[i] > 0 ? 1 : 0] += 1;
  std::vector<DurationTable> tables(stays.groups);
  for (std::size_t group = 0; group < stays.groups; ++group)
    for (const auto& [time, sum] : sums[group]) {
      tables[group].time.push_back(time);
      tables[group].censored.push_back(sum[0]);
      tables[group].ended.push_back(sum[1]);
    }
  return tables;
}

TEST(Durations, OfManyRowsAreCountedWhateverWay) {
  // Few values, a range that is counted in a second pass, one that is sorted; fractions; many groups.
  for (const auto& [whole, groups, longest] :
       {std::tuple(true, 1, 73.0), std::tuple(true, 2, 4e5), std::tuple(true, 3, 1e9),
        std::tuple(false, 1, 73.0), std::tuple(false, 3, 5000.0), std::tuple(false, 40, 30.0)}) {
    const Stays stays = many(whole, false, groups, longest);
    const auto expected = counted(stays);
    for (const int threads : {1, 2, 5}) {
      const auto found = tabulate(stays.rows(), {.threads = threads});
      ASSERT_EQ(found.size(), expected.size());
      for (std::size_t group = 0; group < found.size(); ++group)
        EXPECT_TRUE(equal(found[group], expected[group])) << whole << " " << groups << " " << longest;
    }
  }
}

TEST(Durations, WithFractionsAsWeightsGiveTheSameBitsOnAnyNumberOfThreads) {
  for (const bool whole : {true, false}) {
    const Stays stays = many(whole, true, 2, 500);
    const auto one = tabulate(stays.rows(), {.threads = 1});
    for (const int threads : {2, 4}) {
      const auto more = tabulate(stays.rows(), {.threads = threads});
      for (std::size_t group = 0; group < 2; ++group) EXPECT_TRUE(equal(one[group], more[group]));
    }
  }
}

TEST(Durations, ThatCannotBeAreRefusedWithTheirRow) {
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinite = std::numeric_limits<double>::infinity();
  const auto rows = [](double duration, double event, double entry = 0, double weight = 1) {
    return Stays{.duration = {4, duration}, .event = {1, event}, .entry = {0, entry}, .weight = {1, weight}};
  };
  const auto refused = [&](const Stays& stays, const char* code, const char* words) {
    EXPECT_FAULT(tabulate(stays.rows()), InputError, code, words);
  };
  refused(rows(-1, 1), "E_DURATION_RANGE", "column 'duration', row 1: duration -1");
  refused(rows(missing, 1), "E_DURATION_RANGE", "row 1: duration missing");
  refused(rows(infinite, 1), "E_DURATION_RANGE", "row 1: duration infinite");
  refused(rows(3, 1, -2), "E_DURATION_RANGE", "column 'entry', row 1: entry -2");
  refused(rows(3, 1, 3), "E_PERIOD_REVERSED", "entry 3 is not before the duration 3");
  refused(rows(3, 1, 4.5), "E_PERIOD_REVERSED", "entry 4.5 is not before the duration 3");
  refused(rows(3, 2), "E_EVENT_CODE", "row 1: event 2; use 0/1 or the competing-risk function");
  refused(rows(3, 0.5), "E_EVENT_CODE", "event 0.5");
  refused(rows(3, -1), "E_EVENT_CODE", "event -1");
  refused(rows(3, missing), "E_EVENT_CODE", "event missing");
  refused(rows(3, 1.0000001), "E_EVENT_CODE", "event 1.0000001; use 0/1");
  refused(rows(-1e-9, 1), "E_DURATION_RANGE", "duration -1e-09");
  refused(rows(1e-7, 1, 2e-7), "E_PERIOD_REVERSED", "entry 2e-07 is not before the duration 1e-07");
  refused(rows(-1'000'000, 1), "E_DURATION_RANGE", "duration -1000000");
  refused(rows(3, 1, 0, 0), "E_WEIGHT", "row 1: weight 0; must be > 0");
  refused(rows(3, 1, 0, missing), "E_WEIGHT", "weight missing");
  refused(rows(3, 1, 0, -2), "E_WEIGHT", "weight -2");
  EXPECT_NO_THROW(tabulate(rows(0, 1).rows()));
}

TEST(Durations, NameTheColumnsOfTheCaller) {
  const std::vector<double> duration{-3}, event{1};
  EXPECT_FAULT(tabulate({.duration = duration, .event = event, .names = {.duration = "months"}}), InputError,
               "E_DURATION_RANGE", "column 'months'");
}

TEST(Durations, ThatAreMissingOrOfUnequalLengthAreRefused) {
  const std::vector<double> two{1, 2}, one{1}, no_rows;
  const std::vector<std::int32_t> beyond{0, 3};
  EXPECT_FAULT(tabulate({.duration = no_rows, .event = no_rows}), InputError, "E_NO_ROWS", "no durations");
  EXPECT_FAULT(tabulate({.duration = two, .event = one}), InputError, "E_COLUMN_LENGTH",
               "'event' has 1 rows");
  EXPECT_FAULT(tabulate({.duration = two, .event = two, .weight = one}), InputError, "E_COLUMN_LENGTH",
               "weight");
  EXPECT_FAULT(tabulate({.duration = two, .event = std::span<const double>(one.data(), 0)}), InputError,
               "E_COLUMN_LENGTH", "event");
  EXPECT_FAULT(
      tabulate({.duration = two, .event = std::vector<std::int32_t>{1, 1}, .group = beyond, .groups = 3}),
      InputError, "E_SEGMENT", "group 3 is not one of 3");
}

TEST(Durations, TablesOfDifferentQuestionsDoNotAddUp) {
  DurationTable one{.causes = 1};
  EXPECT_FAULT(one += DurationTable{.causes = 2}, StateError, "E_STATE_FRAME", "1 and 2 causes");
}

TEST(Durations, AllFaultsOfAKindAreCounted) {
  const std::vector<double> duration(30, -1.0), event(30, 1.0);
  try {
    tabulate({.duration = duration, .event = event});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.count(), 30);
    EXPECT_EQ(error.faults().size(), 20U);
  }
}

}  // namespace
}  // namespace tenure
