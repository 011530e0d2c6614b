#include <tenure/economics/cac.hpp>

#include "support/faults.hpp"
#include "support/generators.hpp"
#include "support/property.hpp"
#include "support/spend_rows.hpp"

namespace tenure {
namespace {

using test::row;
using test::spend_of;

/// January: 1 and 2 are new (100 and 50 a month); February: nobody; March: 3 is new (30), 1 comes back.
std::vector<test::Row> story() {
  return {row(1, "2024-01-10", "2024-02-10", 100, 0), row(1, "2024-03-10", "", 80, 0),
          row(2, "2024-01-20", "", 50, 1), row(3, "2024-03-05", "", 30, 1)};
}
Waterfall bridge(const std::string& by = "") {
  return test::book_of(story()).waterfall(months("2024-01", "2024-03"), {.by = by});
}
Spend channels() {
  return spend_of(
      {{"2024-01", 600, "basic"}, {"2024-02", 90, "pro"}, {"2024-03", 120, "pro"}, {"2024-03", 0, "team"}});
}

TEST(Cac, IsSpendOverNewCustomersAndNewMrr) {
  const Cac found = cac(channels(), bridge());
  EXPECT_EQ(found.at(0).per_customer(), Real(300.0));
  EXPECT_EQ(found.at(0).per_new_mrr(), Real(4.0));
  EXPECT_EQ(found.at(2).per_customer(), Real(120.0));  // who comes back was won before
  EXPECT_EQ(found.at(2).per_new_mrr(), Real(4.0));
}

TEST(Cac, WithoutNewCustomersIsUndefinedAndShowsTheMoney) {
  const Cac::Cell february = cac(channels(), bridge()).at(1);
  EXPECT_EQ(february.per_customer(), Real(Undefined::no_gain));
  EXPECT_EQ(february.per_new_mrr(), Real(Undefined::no_gain));
  EXPECT_EQ(february.spend, (Spent{90 * micros}));
}

TEST(Cac, TotalsAreRatiosOfSums) {
  const Cac found = cac(channels(), bridge());
  EXPECT_EQ(found.totals[0].per_customer(), Real(270.0));  // 810 / 3
  EXPECT_EQ(found.totals[0].per_new_mrr(), Real(4.5));     // 810 / 180
  EXPECT_EQ(found.known[0], 3);
}

TEST(Cac, ByChannelMatchesLabelsOfBothSides) {
  const Cac found = cac(channels(), bridge("plan"));
  EXPECT_EQ(found.frame.segments, (std::vector<std::string>{"basic", "pro", "team"}));
  EXPECT_EQ(found.at(0, 0).per_customer(), Real(600.0));
  EXPECT_EQ(found.at(0, 1).per_customer(), Real(0.0));  // won for nothing
  EXPECT_EQ(found.at(2, 1).per_customer(), Real(120.0));
  EXPECT_EQ(found.at(2, 2).per_customer(), Real(Undefined::no_gain));
  EXPECT_EQ(found.totals[1].per_customer(), Real(105.0));  // 210 / 2
}

TEST(Cac, PaidOnlyCountsChannelsOnBothSides) {
  const Cac paid = cac(channels(), bridge("plan"), {.channels = {"pro", "team"}, .split = false});
  EXPECT_EQ(paid.frame.by, "");
  EXPECT_EQ(paid.at(0).per_customer(), Real(0.0));
  EXPECT_EQ(paid.at(2).per_customer(), Real(120.0));
  EXPECT_EQ(paid.totals[0].per_customer(), Real(105.0));
  const Cac split = cac(channels(), bridge("plan"), {.channels = {"pro"}});
  EXPECT_EQ(split.frame.segments, (std::vector<std::string>{"pro"}));
  EXPECT_EQ(split.totals[0].per_customer(), Real(105.0));
  EXPECT_FAULT(cac(channels(), bridge("plan"), {.channels = {"prox"}}), OptionError, "E_CHANNEL", "'pro'?");
  EXPECT_FAULT(cac(channels(), bridge(), {.channels = {"pro"}}), OptionError, "E_SEGMENT",
               "not cut by channel");
}

TEST(Cac, SpendComesBeforeItsCustomers) {
  const Cac found = cac(channels(), bridge(), {.lag = 1});
  EXPECT_EQ(found.at(0).per_customer(), Real(Undefined::before_history));
  EXPECT_EQ(found.at(1).per_customer(), Real(Undefined::no_gain));
  EXPECT_EQ(found.at(2).per_customer(), Real(90.0));
  EXPECT_EQ(found.totals[0].per_customer(), Real(690.0));  // 600 + 90 over the customer of March
  EXPECT_EQ(found.known[0], 2);
  EXPECT_EQ(cac(channels(), bridge(), {.lag = 9}).totals[0].per_customer(), Real(Undefined::before_history));
}

TEST(Cac, OfATableWithoutRowsIsUnknown) {
  const Cac found = cac(spend_of({}), bridge());
  EXPECT_EQ(found.at(0).per_customer(), Real(Undefined::no_spend));
  EXPECT_EQ(found.totals[0].per_new_mrr(), Real(Undefined::no_spend));
}

TEST(Cac, OfAnotherCurrencyThanTheBookIsRefused) {
  Waterfall euros = bridge();
  euros.frame.currency = Currency("EUR");
  EXPECT_FAULT(cac(spend_of({{"2024-01", 5, "", "", "USD"}}), euros), InputError, "E_CURRENCY_MIXED",
               "EUR and USD in one quotient");
  EXPECT_EQ(cac(spend_of({{"2024-01", 5, "", "", "EUR"}}), euros).at(0).per_customer(), Real(2.5));
  EXPECT_EQ(cac(spend_of({{"2024-01", 5, "", "", "USD"}}), bridge()).frame.currency, Currency("USD"));
}

TEST(CacEstimates, EncloseTheTotalAsCountsOfCustomersDo) {
  std::vector<test::Row> rows;
  std::vector<Win> won;
  for (int i = 0; i < 400; ++i) {
    rows.push_back(row(i, "2024-01-10", "", 10 + i % 3));
    won.push_back({static_cast<std::uint64_t>(i), 0, RunRateSum(int128{rows.back().annual()})});
  }
  const Waterfall one = test::book_of(rows).waterfall(months("2024-01", "2024-01"));
  const Cac cost = cac(spend_of({{"2024-01", 8000, ""}}), one);
  const std::vector<CacEstimate> found = estimates(cost, won, {.replicates = 4000});
  ASSERT_EQ(found.size(), 1U);
  const Estimate& each = found[0].per_customer;
  EXPECT_EQ(each.value, Real(20.0));
  // 400 customers are a Poisson number with a standard deviation of 20.
  EXPECT_NEAR(each.lower.value().value(), 8000 / (400 + 1.96 * 20), 0.15);
  EXPECT_NEAR(each.upper.value().value(), 8000 / (400 - 1.96 * 20), 0.15);
  EXPECT_EQ(found[0].per_new_mrr.value, cost.totals[0].per_new_mrr());
  EXPECT_LT(found[0].per_new_mrr.lower.value(), found[0].per_new_mrr.value.value());
}

TEST(CacEstimates, OfNobodyHaveTheReasonOfTheTotal) {
  const Cac nobody =
      cac(spend_of({{"2024-02", 90, ""}}), test::book_of(story()).waterfall(months("2024-02", "2024-02")));
  EXPECT_EQ(estimates(nobody, {})[0].per_customer.lower, Real(Undefined::no_gain));
}

TEST(Cac, ChannelsAddUpToTheTotal) {
  test::for_all([] {
    const Book book = test::book_of(*test::any_rows());
    const Periods periods = months("2024-01", "2024-06");
    const Spend spend = spend_of({{"2024-01", 5, "basic"}, {"2024-03", 7, "pro"}, {"2024-06", 11, "other"}});
    const Cac split = cac(spend, book.waterfall(periods, {.by = "plan"}));
    const Cac joined = cac(spend, book.waterfall(periods, {.by = "plan"}), {.split = false});
    for (std::size_t period = 0; period < periods.size(); ++period) {
      int128 spent = 0;
      Flow won;
      for (std::size_t segment = 0; segment < split.frame.segments.size(); ++segment) {
        spent += split.at(period, segment).spend.amount;
        won += split.at(period, segment).won;
      }
      RC_ASSERT(spent == joined.at(period).spend.amount);
      RC_ASSERT(won == joined.at(period).won);
    }
  });
}

}  // namespace
}  // namespace tenure
