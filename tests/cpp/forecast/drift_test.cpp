#include <tenure/forecast/drift.hpp>

#include <tenure/core/money.hpp>

#include "support/calls.hpp"
#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

using test::Deals;
using test::for_all;
using test::random_deals;
using test::RollUps;

std::int64_t line_of(const DriftStep& step, DriftLine line) {
  return static_cast<std::int64_t>(step.lines[static_cast<std::size_t>(line)] / micros);
}

/// Commits of the first quarter of 2024: weeks end on Sundays, the last on 2024-03-31.
Deals quarter() {
  Deals deals;
  deals.add("2024-03-10", 0, "2024-03-20", 100, "commit");
  deals.add("2024-03-10", 1, "2024-03-25", 50, "best_case");
  deals.add("2024-03-10", 2, "2024-04-10", 30, "commit");
  deals.add("2024-03-10", 3, "2024-03-22", 70, "commit");
  deals.add("2024-03-10", 4, "2024-03-22", 20, "commit", "open", 1);
  deals.add("2024-03-17", 0, "2024-03-20", 120, "commit");
  deals.add("2024-03-17", 1, "2024-03-25", 55, "commit");
  deals.add("2024-03-17", 5, "2024-03-30", 15, "commit");
  deals.add("2024-03-24", 0, "2024-03-20", 110, "closed", "won");
  deals.add("2024-03-24", 2, "2024-03-28", 30, "commit");
  deals.add("2024-03-24", 3, "2024-03-22", 70, "commit", "lost");
  deals.add("2024-03-24", 4, "2024-03-22", 20, "pipeline", "open", 1);
  deals.add("2024-03-31", 5, "2024-04-30", 15, "commit");
  deals.add("2024-04-03", 2, "2024-03-31", 33, "closed", "won");
  return deals;
}

TEST(Drift, WeekByWeek) {
  const CallHistory history(quarter().rows(), {}, {});
  const Drift found = drift(history, {});
  ASSERT_EQ(found.steps.size(), 4U);  // three weeks after the first, and the actual
  ASSERT_TRUE(found.observed);
  const DriftStep& first = found.steps[0];
  EXPECT_EQ(first.opening, int128{190} * micros);
  EXPECT_EQ(line_of(first, DriftLine::raised), 20);
  EXPECT_EQ(line_of(first, DriftLine::upgraded), 55);
  EXPECT_EQ(line_of(first, DriftLine::added), 15);
  EXPECT_EQ(first.closing, int128{280} * micros);
  const DriftStep& second = found.steps[1];
  EXPECT_EQ(line_of(second, DriftLine::lowered), 10);
  EXPECT_EQ(line_of(second, DriftLine::pulled_in), 30);
  EXPECT_EQ(line_of(second, DriftLine::lost), 70);
  EXPECT_EQ(line_of(second, DriftLine::downgraded), 20);
  EXPECT_EQ(line_of(found.steps[2], DriftLine::slipped_out), 15);
  const DriftStep& end = found.steps[3];
  EXPECT_EQ(end.weeks, at_actual);
  EXPECT_EQ(line_of(end, DriftLine::raised), 3);
  EXPECT_EQ(line_of(end, DriftLine::slipped_out), 55);  // still open after the end
  EXPECT_EQ(end.closing, int128{143} * micros);
  EXPECT_EQ(end.closing, *history.actuals()[0]);
  const DriftStep total = found.total();
  EXPECT_TRUE(total.closes());
  EXPECT_EQ(line_of(total, DriftLine::slipped_out), 70);
}

TEST(Drift, FromFirstToLastAtOnce) {
  const CallHistory history(quarter().rows(), {}, {});
  const Drift net = net_drift(history, {});
  ASSERT_EQ(net.steps.size(), 1U);
  EXPECT_EQ(line_of(net.steps[0], DriftLine::raised), 10);  // 100 at first, 110 in the end
  EXPECT_EQ(line_of(net.steps[0], DriftLine::lowered), 0);
  EXPECT_EQ(line_of(net.steps[0], DriftLine::added), 0);  // the deal that came and slipped is in no line
  EXPECT_EQ(line_of(net.steps[0], DriftLine::pulled_in), 33);
  EXPECT_TRUE(net.steps[0].closes());
}

TEST(Drift, DealsThatChangeHands) {
  Deals deals = quarter();
  deals.add("2024-03-17", 3, "2024-03-22", 70, "commit", "open", 1);
  const CallHistory history(deals.rows(), {}, {});
  const std::vector<std::uint8_t> first = {1, 0}, second = {0, 1};
  const Drift gives = drift(history, {.owners = first}), takes = drift(history, {.owners = second});
  EXPECT_EQ(line_of(gives.steps[0], DriftLine::transfer_out), 70);
  EXPECT_EQ(line_of(takes.steps[0], DriftLine::transfer_in), 70);
  EXPECT_EQ(line_of(drift(history, {}).steps[0], DriftLine::transfer_in), 0);
}

TEST(Drift, RowsBehindACall) {
  const CallHistory history(quarter().rows(), {}, {});
  const auto worth = [&](int weeks) {
    std::int64_t sum = 0;
    for (const std::uint32_t at : rows_of_call(history, {}, weeks)) sum += history.rows()[at].amount;
    return sum / micros;
  };
  EXPECT_EQ(worth(3), 190);
  EXPECT_EQ(worth(0), 195);
  EXPECT_EQ(worth(at_actual), 143);
}

TEST(Drift, OfRollUps) {
  RollUps calls;
  calls.add("2024-01-07", "2024-01-01", 80);
  calls.add("2024-01-07", "2024-01-01", 20, "commit", 1);
  calls.add("2024-01-17", "2024-01-01", 90);
  calls.add("2024-01-17", "2024-01-01", 15, "commit", 1);
  calls.bring("2024-01-01", 70);
  calls.bring("2024-01-01", 15, 1);
  calls.bring("2024-01-01", 8, 2);
  calls.owners = 3;
  const Drift found = drift(calls.history({.calendar = {PeriodUnit::month}}), {});
  ASSERT_EQ(found.steps.size(), 4U);
  EXPECT_EQ(found.steps[0].opening, int128{100} * micros);
  EXPECT_EQ(line_of(found.steps[0], DriftLine::raised), 10);
  EXPECT_EQ(line_of(found.steps[0], DriftLine::lowered), 5);
  EXPECT_EQ(line_of(found.steps[3], DriftLine::lowered), 20);
  EXPECT_EQ(line_of(found.steps[3], DriftLine::added), 8);  // brought by an owner who never called
  EXPECT_EQ(found.steps[3].closing, int128{93} * micros);
}

TEST(Drift, OfAPeriodThatNobodyCalled) {
  const CallHistory history(quarter().rows(), {}, {});
  EXPECT_TRUE(drift(history, {.period = 1, .category = CallCategory::closed}).steps.empty());
  EXPECT_TRUE(drift(history, {.period = 1}).steps.size() == 1U);
  EXPECT_FALSE(drift(history, {.period = 1}).observed);
}

TEST(Drift, WeeksAndPeriodsThatAreNotThereAreRefused) {
  const CallHistory history(quarter().rows(), {}, {});
  EXPECT_FAULT(rows_of_call(history, {}, 14), OptionError, "E_HORIZON", "14 is not from 0 to 13");
  EXPECT_FAULT(rows_of_call(history, {}, -2), OptionError, "E_HORIZON", "-2 is not from 0 to 13");
  EXPECT_FAULT(rows_of_call(history, {.period = 1}, 6), OptionError, "E_HORIZON",
               "6 of 2024-Q2 has not come by 2024-04-03");
  EXPECT_FAULT(drift(history, {.period = 9}), InputError, "E_WINDOW", "period 9 is not one of");
  const std::vector<std::uint8_t> mask = {1};
  EXPECT_FAULT(drift(history, {.owners = mask}), InputError, "E_COLUMN_LENGTH", "1 values for 2 points");
}

TEST(Drift, SwingsAreTheLargestChanges) {
  const CallHistory history(quarter().rows(), {}, {});
  const std::vector<Swing> found = swings(history, {}, 3);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].step.change(), int128{90} * micros);  // 190 to 280
  EXPECT_EQ(found[0].moves, 3U);
  EXPECT_EQ(found[0].largest.line, DriftLine::upgraded);
  EXPECT_EQ(found[0].largest.amount, 55 * micros);
  EXPECT_EQ(found[1].step.change(), int128{-70} * micros);  // 280 to 210
  EXPECT_EQ(found[1].largest.line, DriftLine::lost);
  EXPECT_EQ(found[2].step.change(), int128{-52} * micros);  // 195 to 143
  EXPECT_TRUE(swings(history, {}, 0).empty());
}

TEST(DriftProperties, BridgesCloseOnTheCallsOfEachWeek) {
  for_all([] {
    const Deals deals = random_deals();
    RC_PRE(!deals.taken.empty());
    const CallHistory history(deals.rows(), {}, {});
    const std::vector<std::uint8_t> mask = {1, static_cast<std::uint8_t>(*rc::gen::inRange(0, 2)), 0};
    const std::vector<std::uint32_t> group = {0, mask[1] != 0 ? 0U : 1U, 1};
    const CallTable all = history.calls(), some = history.calls(group, 2);
    for (std::size_t period = 0; period < history.periods().size(); ++period)
      for (const CallCategory category : history.categories())
        for (const bool cut : {false, true}) {
          DriftAsk ask{.period = period, .category = category};
          if (cut) ask.owners = mask;
          const Drift found = drift(history, ask), net = net_drift(history, ask);
          if (found.steps.empty()) continue;
          const CallTable& table = cut ? some : all;
          for (const DriftStep& step : found.steps) {
            RC_ASSERT(step.closes());
            for (const int128 line : step.lines) RC_ASSERT(line >= 0);
            if (step.weeks == at_actual) RC_ASSERT(step.closing == *table.actual[period]);
            for (const CallLine& line : table.lines)
              if (line.group == 0 && line.period == period && line.category == category &&
                  line.weeks == step.weeks)
                RC_ASSERT(line.call == step.closing);
          }
          RC_ASSERT(found.total().closes());
          RC_ASSERT(net.steps.size() == 1U && net.steps[0].closes());
          RC_ASSERT(net.steps[0].opening == found.total().opening);
          RC_ASSERT(net.steps[0].closing == found.total().closing);
        }
  });
}

TEST(DriftProperties, RowsOfACallAddUpToIt) {
  for_all([] {
    const Deals deals = random_deals(false);
    RC_PRE(!deals.taken.empty());
    const CallHistory history(deals.rows(), {}, {});
    for (const CallLine& line : history.calls().lines) {
      int128 sum = 0;
      for (const std::uint32_t at :
           rows_of_call(history, {.period = line.period, .category = line.category}, line.weeks))
        sum += history.rows()[at].amount;
      RC_ASSERT(sum == line.call);
    }
  });
}

}  // namespace
}  // namespace tenure
