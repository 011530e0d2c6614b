#include <tenure/cohort/triangle.hpp>

#include "support/faults.hpp"
#include "support/generators.hpp"
#include "support/seal.hpp"

namespace tenure {
namespace {

using test::row;

const Periods quarter = months("2024-01", "2024-03");

/// Two customers start in January (one shrinks, one leaves in March), one in February.
Triangle story() {
  const std::vector<test::Row> rows{row(1, "2024-01-10", "2024-02-10", 100), row(1, "2024-02-10", "", 60),
                                    row(2, "2024-01-20", "2024-03-01", 50), row(3, "2024-02-01", "", 30)};
  return test::book_of(rows).triangle(quarter);
}

TEST(Triangle, CellsAreWhatACohortPaysByAge) {
  const Triangle found = story();
  EXPECT_EQ(found.at(0, 0).amount, RunRateSum(mrr(150)));
  EXPECT_EQ(found.at(0, 1).amount, RunRateSum(mrr(110)));
  EXPECT_EQ(found.at(0, 2).amount, RunRateSum(mrr(60)));
  EXPECT_EQ(found.at(0, 2).customers, 1);
  EXPECT_EQ(found.at(1, 1).amount, RunRateSum(mrr(30)));
  EXPECT_EQ(found.amounts()(0, 1), 110);
  EXPECT_EQ(found.customers()(0, 0), 2);
}

TEST(Triangle, RetentionIsRelativeToAgeZero) {
  const Triangle found = story();
  EXPECT_EQ(found.revenue_retention(0, 2), (Ratio{60, 150}));
  EXPECT_EQ(found.customer_retention(0, 2), (Ratio{1, 2}));
  EXPECT_EQ(found.revenue_retention(1, 0), (Ratio{1, 1}));
  EXPECT_EQ(found.revenue_retention(2, 0).reason(), Undefined::empty_base);
}

TEST(Triangle, WhatHasNotHappenedYetIsUndefinedNeverZero) {
  const Triangle found = story();
  EXPECT_TRUE(found.observed(1, 1));
  EXPECT_FALSE(found.observed(1, 2));
  EXPECT_EQ(found.revenue_retention(1, 2).reason(), Undefined::not_yet_observed);
  EXPECT_EQ(found.customer_retention(2, 1).reason(), Undefined::not_yet_observed);
}

TEST(Triangle, AverageIsWeightedByWhatCohortsStartedWith) {
  const Triangle found = story();
  EXPECT_EQ(found.average_revenue_retention(1), (Ratio{140, 180}));
  EXPECT_EQ(found.average_customer_retention(1), (Ratio{3, 3}));
  EXPECT_EQ(found.average_revenue_retention(2), (Ratio{60, 150}));
  EXPECT_EQ(found.average_revenue_retention(3).reason(), Undefined::empty_base);
}

TEST(Triangle, WhoStartedBeforeTheWindowIsInNoCohort) {
  const std::vector<test::Row> rows{row(1, "2023-06-01", "", 100)};
  const Triangle found = test::book_of(rows).triangle(quarter);
  for (const Flow& cell : found.cells) EXPECT_EQ(cell, Flow());
}

TEST(Triangle, ByCalendarPeriodAddsUpToTheBridge) {  // R12
  test::for_all([] {
    const auto rows = *rc::gen::nonEmpty(test::any_rows());
    const Policy policy = test::without(*test::any_policy(), {"netting", "churn_numerator", "reactivation"});
    const Book book = test::book_of(rows, policy);
    const Periods all({PeriodUnit::month, 1}, book.first_day(), std::max(book.last_day(), book.first_day()));
    const Triangle found = book.triangle(all);
    const Waterfall bridge = book.waterfall(all);
    for (std::size_t period = 0; period < all.size(); ++period) {
      Flow sum;
      for (std::size_t cohort = 0; cohort <= period; ++cohort) {
        sum.amount += found.at(cohort, period - cohort).amount;
        sum.customers += found.at(cohort, period - cohort).customers;
      }
      RC_ASSERT(sum == bridge.at(Line::closing, period));
      RC_ASSERT(found.at(period, 0) == bridge.at(Line::new_, period));
      if (found.at(period, 0).amount.annual > 0)
        RC_ASSERT(found.revenue_retention(period, 0) == Ratio({1, 1}));  // R13
    }
  });
}

TriangleState state() {
  TriangleState part(
      {.periods = quarter, .by = "plan", .segments = {"basic", "pro"}, .policy_digest = Policy().digest()});
  part.add(0, 0, 1, mrr(5), 1);
  part.add(0, 2, 1, RunRateSum() - mrr(5), -1);
  part.add(1, 1, 0, mrr(7), 2);
  return part;
}

TEST(TriangleState, RunningSumsAreTakenOnce) {
  const Triangle found = state().finish();
  EXPECT_EQ(found.at(0, 0, 1).customers, 1);
  EXPECT_EQ(found.at(0, 1, 1).amount, RunRateSum(mrr(5)));
  EXPECT_EQ(found.at(0, 2, 1), Flow());
  EXPECT_EQ(found.at(1, 1, 0).customers, 2);
}

TEST(TriangleState, MergesInAnyOrderAndKeepsSegmentsOfEither) {  // G3, G5, R13
  TriangleState other(
      {.periods = quarter, .by = "plan", .segments = {"team"}, .policy_digest = Policy().digest()});
  other.add(2, 2, 0, mrr(1), 1);
  TriangleState ab = state(), ba = other;
  ab += other;
  ba += state();
  EXPECT_EQ(ab, ba);
  EXPECT_EQ(ab.finish().at(2, 0, 2).customers, 1);
  EXPECT_EQ(ab.finish().at(1, 0, 0).customers, 2);
  EXPECT_FAULT(
      ab += TriangleState(
          {.periods = months("2024-01", "2024-04"), .by = "plan", .policy_digest = Policy().digest()}),
      StateError, "E_STATE_FRAME", "different periods");
}

TEST(TriangleState, TooManyCellsAreRefused) {
  EXPECT_FAULT(TriangleState({.periods = weeks("1400-01-01", "2400-01-01")}), InputError, "E_WINDOW",
               "Ask for fewer or longer periods");
}

TEST(TriangleState, RoundTripGivesTheSameBytesAndDamageIsRefused) {
  auto bytes = state().write();
  EXPECT_EQ(TriangleState::read(bytes), state());
  EXPECT_EQ(TriangleState::read(bytes).write(), bytes);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    test::flip(bytes, bit);
    ASSERT_THROW(TriangleState::read(bytes), StateError) << bit;
    test::flip(bytes, bit);
  }
  for (std::size_t size = 0; size < bytes.size(); ++size)
    ASSERT_THROW(TriangleState::read(std::span(bytes).first(size)), StateError) << size;
}

}  // namespace
}  // namespace tenure
