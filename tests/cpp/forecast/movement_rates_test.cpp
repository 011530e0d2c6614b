#include <tenure/forecast/movement_rates.hpp>

#include "support/bridges.hpp"
#include "support/faults.hpp"

namespace tenure {
namespace {

using test::bridge_of;
using test::Month;

double annual(double monthly) { return monthly * 12e6; }

TEST(MovementRates, AreSharesOfTheOpeningAndAmounts) {
  const Waterfall bridge = bridge_of(
      100, {{.new_ = 30, .expansion = 10, .contraction = 20, .churn = 20, .reactivation = 5}, {.churn = 21}});
  const MovementRates found = movement_rates(bridge);
  EXPECT_EQ(found.first, 0U);
  EXPECT_EQ(found.count, 2U);
  EXPECT_EQ(found.of(Line::new_)(0, 0), annual(30));
  EXPECT_EQ(found.of(Line::reactivation)(0, 0), annual(5));
  EXPECT_EQ(found.of(Line::expansion)(0, 0), 0.1);
  EXPECT_EQ(found.of(Line::contraction)(0, 0), 0.2);
  EXPECT_EQ(found.of(Line::churn)(1, 0), 0.2);  // 21 of 105
  EXPECT_EQ(found.mean(Line::churn)(0), 0.2);
  EXPECT_EQ(found.mean(Line::new_)(0), annual(15));
  EXPECT_EQ(found.mean(Line::expansion)(0), 0.05);
}

/// The first rows of a book all are new: that is no month of sales.
TEST(MovementRates, BeginWhereSomebodyPaidAtTheOpening) {
  const Waterfall bridge = bridge_of(0, {{}, {.new_ = 5000}, {.new_ = 10}, {.new_ = 20}});
  const MovementRates found = movement_rates(bridge);
  EXPECT_EQ(found.first, 2U);
  EXPECT_EQ(found.count, 2U);
  EXPECT_EQ(found.mean(Line::new_)(0), annual(15));
}

TEST(MovementRates, AreOfTheLastPeriodsThatHaveHappened) {
  const Waterfall bridge = bridge_of(100, {{.new_ = 1}, {.new_ = 2}, {.new_ = 3}, {.new_ = 1000}});
  const MovementRates two = movement_rates(bridge, 2, 3);
  EXPECT_EQ(two.first, 1U);
  EXPECT_EQ(two.mean(Line::new_)(0), annual(2.5));
  EXPECT_EQ(movement_rates(bridge, 24, 0).count, 0U);
  EXPECT_EQ(movement_rates(bridge, 24, 0).mean(Line::churn)(0), 0);
}

TEST(MovementRates, OfASegmentThatHadNothingAreItsMean) {
  const Waterfall bridge =
      bridge_of({100, 0}, {{{.churn = 10}, {.new_ = 50}}, {{}, {.churn = 20}}, {{}, {}}});
  const MovementRates found = movement_rates(bridge);
  EXPECT_EQ(found.count, 3U);
  EXPECT_EQ(found.mean(Line::churn)(1), 0.2);   // 0.4 and 0
  EXPECT_EQ(found.of(Line::churn)(0, 1), 0.2);  // it had nothing to lose
  EXPECT_EQ(found.mean(Line::new_)(1), annual(50) / 3);
}

TEST(MovementRates, TransfersInAreSharesOfAllThatWasTransferred) {
  const Waterfall bridge = bridge_of(
      {100, 100, 100}, {{{.transfer_out = 40}, {.transfer_in = 30}, {.transfer_in = 10}}, {{}, {}, {}}});
  const MovementRates found = movement_rates(bridge);
  EXPECT_EQ(found.of(Line::transfer_out)(0, 0), 0.4);
  EXPECT_EQ(found.mean(Line::transfer_out)(0), 0.2);
  EXPECT_EQ(found.of(Line::transfer_in)(0, 1), 0.75);
  EXPECT_EQ(found.mean(Line::transfer_in)(1), 0.75);  // the month without transfers says nothing
  EXPECT_EQ(found.mean(Line::transfer_in)(2), 0.25);
}

TEST(MovementRates, EachLineIsCarriedOnInOneWay) {
  EXPECT_EQ(carried_as(Line::opening), CarriedAs::state);
  EXPECT_EQ(carried_as(Line::new_), CarriedAs::amount);
  EXPECT_EQ(carried_as(Line::resumed), CarriedAs::amount);
  EXPECT_EQ(carried_as(Line::paused), CarriedAs::share_of_opening);
  EXPECT_EQ(carried_as(Line::fx), CarriedAs::share_of_opening);
  EXPECT_EQ(carried_as(Line::transfer_in), CarriedAs::share_of_transfers);
}

TEST(MovementRates, RefusesWhatItCannotTake) {
  const Waterfall bridge = bridge_of(1, {{}});
  EXPECT_FAULT(movement_rates(bridge, 0), OptionError, "E_HISTORY", "history=0 is not above 0");
  EXPECT_FAULT(movement_rates(bridge, 1, 2), InputError, "E_WINDOW",
               "2 periods are known, but the bridge has 1");
}

}  // namespace
}  // namespace tenure
