#include <tenure/model/contract.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "support/rows.hpp"

/// What one contract comes to under each option of a loading policy.
namespace tenure {
namespace {

using test::day;

Policy with(std::initializer_list<std::pair<const char*, const char*>> options) {
  Policy policy;
  for (const auto& [option, value] : options) policy.set(option, value);
  return policy;
}

/// 100 a month, the whole of 2024.
Contract a_year() { return {.start = day("2024-01-01"), .end = day("2025-01-01"), .price = 100 * micros}; }

/// MRR on a day in major units; -1 where the contract is not live.
double on(const Contract& contract, const char* at, const Policy& policy = {}, bool discount = false) {
  Worth worth;
  read_contract(policy.loading, contract, 2, worth);
  for (const PackedRow& row : discount ? worth.discount : worth.net)
    if (row.start <= day(at) && day(at) < row.end) return RunRateSum(RunRate{row.annual}).mrr();
  return -1;
}

LeftOut why(const Contract& contract, const Policy& policy = {}) {
  Worth worth;
  read_contract(policy.loading, contract, 2, worth);
  EXPECT_TRUE(worth.left_out == LeftOut::no || worth.net.empty());
  return worth.left_out;
}

constexpr std::int64_t percent = micros;

TEST(Contract, IsOneStretchAtItsPrice) {
  Worth worth;
  read_contract({}, a_year(), 2, worth);
  ASSERT_EQ(worth.net.size(), 1U);
  EXPECT_EQ(worth.net[0].annual, mrr(100).annual);
  EXPECT_EQ(worth.net[0].start, day("2024-01-01"));
  EXPECT_EQ(worth.net[0].end, day("2025-01-01"));
  EXPECT_TRUE(worth.discount.empty());
  EXPECT_TRUE(worth.fits);
}

TEST(Contract, DoesNotFitAboveSixtyFourBits) {
  Contract contract = a_year();
  contract.price = INT64_MAX;
  Worth worth;
  read_contract({}, contract, 2, worth);
  EXPECT_FALSE(worth.fits);
}

TEST(Contract, LowersItsPriceWhileADiscountApplies) {
  Contract contract = a_year();
  const std::array<Discount, 1> discounts{{{.percent_micros = 25 * percent,
                                            .duration = DiscountDuration::repeating,
                                            .until = day("2024-04-01")}}};
  contract.discounts = discounts;
  EXPECT_EQ(on(contract, "2024-03-31"), 75);
  EXPECT_EQ(on(contract, "2024-03-31", {}, true), 25);
  EXPECT_EQ(on(contract, "2024-04-01"), 100);
  EXPECT_EQ(on(contract, "2024-04-01", {}, true), -1);
  EXPECT_EQ(on(contract, "2024-03-31", with({{"discounts", "none"}})), 100);
  EXPECT_EQ(on(contract, "2024-03-31", with({{"discounts", "forever"}})), 100);
  EXPECT_EQ(on(contract, "2024-03-31", with({{"discounts", "one_time"}})), 100);
  EXPECT_EQ(on(contract, "2024-03-31", with({{"discounts", "all"}})), 75);
}

TEST(Contract, ADiscountThatEndsIsNotForever) {
  Contract contract = a_year();
  const std::array<Discount, 1> discounts{{{.percent_micros = 50 * percent, .until = day("2024-02-01")}}};
  contract.discounts = discounts;
  EXPECT_EQ(on(contract, "2024-01-15"), 50);
  EXPECT_EQ(on(contract, "2024-01-15", with({{"discounts", "forever"}})), 100);
}

TEST(Contract, TakesAOneTimeDiscountOffItsFirstIntervalOnly) {
  Contract contract = a_year();
  const std::array<Discount, 1> discounts{
      {{.percent_micros = 50 * percent, .duration = DiscountDuration::once}}};
  contract.discounts = discounts;
  const Policy all = with({{"discounts", "all"}});
  EXPECT_EQ(on(contract, "2024-01-31"), 100) << "standard takes off recurring discounts only";
  EXPECT_EQ(on(contract, "2024-01-31", all), 50);
  EXPECT_EQ(on(contract, "2024-02-01", all), 100);
  contract.interval = {IntervalUnit::quarter, 1};
  EXPECT_NEAR(on(contract, "2024-03-31", all), 50.0 / 3, 1e-6);
  EXPECT_NEAR(on(contract, "2024-04-01", all), 100.0 / 3, 1e-6);
}

TEST(Contract, IgnoresALimitedDiscountOnAnAnnualPrice) {
  const Policy chargebee = with({{"discounts", "recurring_not_annual"}});
  Contract contract = a_year();
  std::array<Discount, 1> discounts{
      {{.percent_micros = 50 * percent, .duration = DiscountDuration::repeating}}};
  contract.discounts = discounts;
  EXPECT_EQ(on(contract, "2024-01-01", chargebee), 50);
  contract.interval = {IntervalUnit::year, 1};
  EXPECT_NEAR(on(contract, "2024-01-01", chargebee), 100.0 / 12, 1e-6);
  discounts[0].duration = DiscountDuration::forever;
  EXPECT_NEAR(on(contract, "2024-01-01", chargebee), 50.0 / 12, 1e-6);
}

TEST(Contract, StacksDiscountsAsThePolicySays) {
  Contract contract = a_year();
  const std::array<Discount, 3> discounts{
      {{.percent_micros = 10 * percent}, {.percent_micros = 20 * percent}, {.amount_micros = 5 * micros}}};
  contract.discounts = discounts;
  EXPECT_EQ(on(contract, "2024-01-01"), 67);  // 100 * 0.9 * 0.8 - 5
  EXPECT_EQ(on(contract, "2024-01-01", with({{"discount_stacking", "sum"}})), 65);
  EXPECT_EQ(on(contract, "2024-01-01", with({{"discount_stacking", "max"}})), 75);
}

TEST(Contract, IsNeverNegativeUnderMoreDiscountThanPrice) {
  Contract contract = a_year();
  const std::array<Discount, 3> discounts{
      {{.percent_micros = 70 * percent}, {.percent_micros = 70 * percent}, {.amount_micros = 80 * micros}}};
  contract.discounts = discounts;
  for (const char* stacking : {"sequential", "sum", "max"})
    EXPECT_EQ(on(contract, "2024-01-01", with({{"discount_stacking", stacking}})), 0) << stacking;
}

TEST(Contract, ManyDiscountsAreAllRead) {
  Contract contract = a_year();
  const std::vector<Discount> discounts(20, Discount{.amount_micros = 2 * micros});
  contract.discounts = discounts;
  EXPECT_EQ(on(contract, "2024-01-01"), 60);
}

TEST(Contract, IsWithoutTaxUnlessThePolicyWantsIt) {
  Contract contract = a_year();
  contract.tax = 19 * micros;
  EXPECT_EQ(on(contract, "2024-01-01"), 81);
  EXPECT_EQ(on(contract, "2024-01-01", with({{"tax", "included"}})), 100);
}

TEST(Contract, CountsSeatsAsThePolicySays) {
  Contract contract = a_year();
  contract.quantity = 5;
  contract.invoiced_quantity = 3;
  EXPECT_EQ(on(contract, "2024-01-01"), 500);
  EXPECT_EQ(on(contract, "2024-01-01", with({{"quantity", "invoiced"}})), 300);
  EXPECT_EQ(on(contract, "2024-01-01", with({{"quantity", "ignored"}})), 100);
  contract.invoiced_quantity.reset();
  EXPECT_EQ(on(contract, "2024-01-01", with({{"quantity", "invoiced"}})), 500);
}

TEST(Contract, TakesTheRenewalPriceWhereThePolicyEstimates) {
  Contract contract = a_year();
  contract.renewal_price = 130 * micros;
  EXPECT_EQ(on(contract, "2024-01-01"), 100);
  EXPECT_EQ(on(contract, "2024-01-01", with({{"mrr_source", "renewal_estimate"}})), 130);
}

TEST(Contract, UsageAndOneTimeChargesAreSeriesOfTheirOwn) {
  Contract usage = a_year(), once = a_year(), recurring = a_year();
  usage.kind = ChargeKind::usage;
  once.kind = ChargeKind::one_time;
  EXPECT_EQ(why(usage), LeftOut::usage);
  EXPECT_EQ(why(once), LeftOut::one_time);
  EXPECT_EQ(on(usage, "2024-01-01", with({{"usage", "included"}})), 100);
  EXPECT_EQ(on(usage, "2024-01-01", with({{"usage", "only"}})), 100);
  EXPECT_EQ(why(recurring, with({{"usage", "only"}})), LeftOut::recurring);
  EXPECT_EQ(why(once, with({{"usage", "only"}})), LeftOut::one_time);
  EXPECT_EQ(why(usage, with({{"one_time", "only"}})), LeftOut::usage);
}

TEST(Contract, SpreadsAOneTimeChargeOverItsPeriod) {
  const Policy dated = with({{"one_time", "dated"}}), all = with({{"one_time", "included"}});
  Contract once = a_year();
  once.kind = ChargeKind::one_time;
  once.end = day("2024-04-01");
  EXPECT_NEAR(on(once, "2024-03-31", dated), 100.0 / 3, 1e-6);
  EXPECT_EQ(on(once, "2024-04-01", dated), -1);
  once.end = day("2024-01-11");
  EXPECT_NEAR(on(once, "2024-01-10", dated), 100 * 365.0 / 12 / 10, 1e-6);
  once.end = open_end;
  EXPECT_EQ(why(once, dated), LeftOut::one_time);
  EXPECT_EQ(on(once, "2024-01-31", all), 100);
  EXPECT_EQ(on(once, "2024-02-01", all), -1);
}

TEST(Contract, TrialsAndCancelledPhasesAreWorthNothing) {
  Contract trial = a_year(), cancelled = a_year();
  trial.status = SubscriptionStatus::trial;
  cancelled.status = SubscriptionStatus::cancelled;
  EXPECT_EQ(why(trial), LeftOut::trial);
  EXPECT_EQ(why(trial, with({{"trial", "ignore"}})), LeftOut::trial);
  EXPECT_EQ(on(trial, "2024-01-01", with({{"trial", "count"}})), 100);
  EXPECT_EQ(why(cancelled), LeftOut::cancelled);
}

TEST(Contract, AFreePhaseIsLiveAtNothing) {
  Contract free = a_year();
  free.status = SubscriptionStatus::free;
  EXPECT_EQ(on(free, "2024-01-01"), 0);
}

TEST(Contract, APaidPhaseMayStartWithItsFirstPayment) {
  Contract contract = a_year();
  contract.has_first_payment = contract.has_first_paid_invoice = true;
  contract.first_payment = day("2024-01-10");
  contract.first_paid_invoice = day("2024-01-05");
  const Policy payment = with({{"trial_to_paid_date", "first_payment"}}),
               invoice = with({{"trial_to_paid_date", "first_paid_invoice"}});
  EXPECT_EQ(on(contract, "2024-01-01"), 100);
  EXPECT_EQ(on(contract, "2024-01-09", payment), -1);
  EXPECT_EQ(on(contract, "2024-01-10", payment), 100);
  EXPECT_EQ(on(contract, "2024-01-05", invoice), 100);
  contract.first_payment.reset();
  EXPECT_EQ(why(contract, payment), LeftOut::unpaid);
  contract.has_first_payment = false;
  EXPECT_EQ(on(contract, "2024-01-01", payment), 100) << "no column: nothing is known, nothing is held back";
}

TEST(Contract, ALateEntryMayCountFromTheDayItWasEntered) {
  Contract contract = a_year();
  contract.recorded = day("2024-03-05");
  EXPECT_EQ(on(contract, "2024-03-04"), 100);
  EXPECT_EQ(on(contract, "2024-03-04", with({{"backdating", "recorded"}})), -1);
  EXPECT_EQ(on(contract, "2024-03-05", with({{"backdating", "recorded"}})), 100);
  contract.recorded = day("2023-06-01");
  EXPECT_EQ(on(contract, "2024-01-01", with({{"backdating", "recorded"}})), 100);
}

TEST(Contract, PastDueCountsAsLongAsThePolicySays) {
  Contract contract = a_year();
  contract.status = SubscriptionStatus::past_due;
  contract.dunning_end = day("2024-02-15");
  EXPECT_EQ(on(contract, "2024-12-31"), 100);
  EXPECT_EQ(on(contract, "2024-01-30", with({{"past_due", "churn_after_30_days"}})), 100);
  EXPECT_EQ(on(contract, "2024-01-31", with({{"past_due", "churn_after_30_days"}})), -1);
  EXPECT_EQ(on(contract, "2024-02-14", with({{"past_due", "until_dunning_end"}})), 100);
  EXPECT_EQ(on(contract, "2024-02-15", with({{"past_due", "until_dunning_end"}})), -1);
  EXPECT_EQ(why(contract, with({{"past_due", "excluded"}})), LeftOut::past_due);
}

TEST(Contract, APauseIsWorthNothingFromOneDayOrAnother) {
  Contract contract = a_year();
  contract.status = SubscriptionStatus::paused;
  contract.paid_through = day("2024-02-01");
  EXPECT_EQ(on(contract, "2024-01-01"), 0);
  EXPECT_EQ(on(contract, "2024-01-31", with({{"paused", "zero_at_period_end"}})), 100);
  EXPECT_EQ(on(contract, "2024-02-01", with({{"paused", "zero_at_period_end"}})), 0);
  EXPECT_EQ(on(contract, "2024-06-01", with({{"paused", "unchanged"}})), 100);
}

TEST(Contract, ChurnsWhenThePolicySays) {
  Contract contract = a_year();
  contract.end = day("2024-05-10");
  contract.cancel_requested = day("2024-04-20");
  contract.paid_through = day("2024-06-01");
  const auto last_day = [&](const char* churn_at, const char* last, const char* gone) {
    const Policy policy = with({{"churn_at", churn_at}});
    EXPECT_EQ(on(contract, last, policy), 100) << churn_at;
    EXPECT_EQ(on(contract, gone, policy), -1) << churn_at;
  };
  last_day("effective_end", "2024-05-09", "2024-05-10");
  last_day("request", "2024-04-19", "2024-04-20");
  last_day("service_period_end", "2024-05-31", "2024-06-01");
  last_day("day_after", "2024-05-10", "2024-05-11");
  contract.end = open_end;
  EXPECT_EQ(on(contract, "2030-01-01", with({{"churn_at", "day_after"}})), 100);
  EXPECT_EQ(on(contract, "2030-01-01", with({{"churn_at", "service_period_end"}})), 100);
  EXPECT_EQ(on(contract, "2024-04-20", with({{"churn_at", "request"}})), -1) << "asked to leave";
}

TEST(Contract, EndsOnTheDayThatTheEndMeans) {
  Contract contract = a_year();
  EXPECT_EQ(on(contract, "2025-01-01"), -1);
  EXPECT_EQ(on(contract, "2025-01-01", with({{"end_date", "inclusive"}})), 100);
  EXPECT_EQ(on(contract, "2025-01-02", with({{"end_date", "inclusive"}})), -1);
}

TEST(Contract, RoundsItsLineHalfUp) {
  Contract contract = a_year();
  contract.interval = {IntervalUnit::year, 1};
  contract.price = 299'500'000;  // 24.958333 a month
  EXPECT_DOUBLE_EQ(on(contract, "2024-01-01", with({{"line_rounding", "minor"}})), 24.96);
  EXPECT_DOUBLE_EQ(on(contract, "2024-01-01", with({{"line_rounding", "four_decimals"}})), 24.9583);
  contract.price = 60'060'000;  // 5.005
  EXPECT_DOUBLE_EQ(on(contract, "2024-01-01", with({{"line_rounding", "minor"}})), 5.01);
}

TEST(Contract, RoundsToTheMinorUnitOfItsCurrency) {
  Contract contract = a_year();
  contract.price = 1'500'400;
  Worth worth;
  read_contract(with({{"line_rounding", "minor"}}).loading, contract, 0, worth);
  EXPECT_EQ(worth.net.at(0).annual, mrr(2).annual);
  read_contract(with({{"line_rounding", "minor"}}).loading, contract, 3, worth);
  EXPECT_EQ(worth.net.at(0).annual, 12 * 1'500'000);
}

TEST(Contract, TellsWhichDiscountsCount) {  // mrr-st-03, mrr-bm-03
  struct Wanted {
    const char* policy;
    double forever, repeating, once;
  };
  for (const auto& [policy, forever, repeating, once] :
       {Wanted{"none", 100, 100, 100}, Wanted{"forever", 50, 100, 100}, Wanted{"recurring", 50, 50, 100},
        Wanted{"recurring_not_annual", 50, 50, 100}, Wanted{"one_time", 100, 100, 50},
        Wanted{"all", 50, 50, 50}})
    for (const auto& [duration, wanted] :
         {std::pair(DiscountDuration::forever, forever), std::pair(DiscountDuration::repeating, repeating),
          std::pair(DiscountDuration::once, once)}) {
      Contract contract = a_year();
      const std::array<Discount, 1> discounts{{{.percent_micros = 50 * percent, .duration = duration}}};
      contract.discounts = discounts;
      EXPECT_EQ(on(contract, "2024-01-15", with({{"discounts", policy}})), wanted)
          << policy << " " << static_cast<int>(duration);
    }
}

TEST(Contract, IsCutWhereEachDiscountEnds) {
  Contract contract = a_year();
  const std::array<Discount, 3> discounts{
      {{.percent_micros = 10 * percent, .duration = DiscountDuration::repeating, .until = day("2024-03-01")},
       {.amount_micros = 20 * micros, .duration = DiscountDuration::repeating, .until = day("2024-05-01")},
       {.percent_micros = 50 * percent,
        .duration = DiscountDuration::repeating,
        .until = day("2023-12-31")}}};
  contract.discounts = discounts;
  Worth worth;
  read_contract({}, contract, 2, worth);
  ASSERT_EQ(worth.net.size(), 3U);
  const auto expect = [&](std::size_t i, const char* start, const char* end, std::int64_t net,
                          std::int64_t off) {
    EXPECT_EQ(format_day(worth.net[i].start), start);
    EXPECT_EQ(format_day(worth.net[i].end), end);
    EXPECT_EQ(worth.net[i].annual, mrr(net).annual);
    if (off > 0) {
      EXPECT_EQ(worth.discount[i].start, worth.net[i].start);
      EXPECT_EQ(worth.discount[i].end, worth.net[i].end);
      EXPECT_EQ(worth.discount[i].annual, mrr(off).annual);
    }
  };
  expect(0, "2024-01-01", "2024-03-01", 70, 30);
  expect(1, "2024-03-01", "2024-05-01", 80, 20);
  expect(2, "2024-05-01", "2025-01-01", 100, 0);
  EXPECT_EQ(worth.discount.size(), 2U);
}

TEST(Contract, TakesAOneTimeDiscountOffTheFirstIntervalOfItsContract) {
  const Policy recorded = with({{"discounts", "all"}, {"backdating", "recorded"}});
  Contract contract = a_year();
  const std::array<Discount, 1> discounts{
      {{.percent_micros = 50 * percent, .duration = DiscountDuration::once}}};
  contract.discounts = discounts;
  contract.start = day("2024-01-31");
  EXPECT_EQ(on(contract, "2024-02-28", recorded), 50);
  EXPECT_EQ(on(contract, "2024-02-29", recorded), 100) << "a month from 31 January is 29 February";
  contract.recorded = day("2024-02-10");
  EXPECT_EQ(on(contract, "2024-02-09", recorded), -1);
  EXPECT_EQ(on(contract, "2024-02-28", recorded), 50) << "the interval is that of the contract";
  contract.recorded = day("2024-03-05");
  EXPECT_EQ(on(contract, "2024-03-05", recorded), 100);
  contract.recorded.reset();
  contract.interval = {IntervalUnit::week, 2};
  EXPECT_NEAR(on(contract, "2024-02-13", recorded), 50 * 26.0 / 12, 1e-6);
  EXPECT_NEAR(on(contract, "2024-02-14", recorded), 100 * 26.0 / 12, 1e-6);
}

TEST(Contract, SpreadsAFixedDiscountOverTheInterval) {
  Contract contract = a_year();
  contract.interval = {IntervalUnit::year, 1};
  contract.price = 1200 * micros;
  const std::array<Discount, 1> discounts{{{.amount_micros = 240 * micros}}};
  contract.discounts = discounts;
  EXPECT_EQ(on(contract, "2024-01-01"), 80);
  EXPECT_EQ(on(contract, "2024-01-01", {}, true), 20);
  contract.quantity = 2;  // off the price of all seats together
  EXPECT_EQ(on(contract, "2024-01-01"), 180);
}

TEST(Contract, AddsAndPicksPercentagesOnlyWhileTheyApply) {
  Contract contract = a_year();
  const std::array<Discount, 3> discounts{
      {{.percent_micros = 30 * percent},
       {.percent_micros = 40 * percent, .duration = DiscountDuration::repeating, .until = day("2024-06-01")},
       {.percent_micros = 90 * percent, .duration = DiscountDuration::once}}};
  contract.discounts = discounts;
  EXPECT_NEAR(on(contract, "2024-05-31"), 42, 1e-9);  // 100 * 0.7 * 0.6; the one-time one does not count
  EXPECT_NEAR(on(contract, "2024-05-31", with({{"discount_stacking", "sum"}})), 30, 1e-9);
  EXPECT_NEAR(on(contract, "2024-05-31", with({{"discount_stacking", "max"}})), 60, 1e-9);
  EXPECT_NEAR(on(contract, "2024-06-01", with({{"discount_stacking", "max"}})), 70, 1e-9);
  EXPECT_NEAR(on(contract, "2024-01-31", with({{"discount_stacking", "max"}, {"discounts", "all"}})), 10,
              1e-9);
  EXPECT_EQ(on(contract, "2024-01-31", with({{"discount_stacking", "sum"}, {"discounts", "all"}})), 0)
      << "never more than 100 %";
}

TEST(Contract, TakesTaxOffBeforeDiscountsAndTheRenewalPriceBeforeTax) {
  Contract contract = a_year();
  contract.tax = 20 * micros;
  contract.renewal_price = 120 * micros;
  contract.quantity = 3;
  const std::array<Discount, 1> discounts{{{.percent_micros = 50 * percent}}};
  contract.discounts = discounts;
  EXPECT_EQ(on(contract, "2024-01-01"), 120);  // (100 - 20) * 3 / 2
  EXPECT_EQ(on(contract, "2024-01-01", with({{"mrr_source", "renewal_estimate"}})), 150);
  EXPECT_EQ(on(contract, "2024-01-01", with({{"tax", "included"}})), 150);
  EXPECT_EQ(on(contract, "2024-01-01", with({{"quantity", "ignored"}})), 40);
  contract.renewal_price = 5 * micros;  // less than the tax of today's price
  EXPECT_EQ(on(contract, "2024-01-01", with({{"mrr_source", "renewal_estimate"}})), 0);
}

TEST(Contract, RoundsAfterDiscounts) {
  Contract contract = a_year();
  contract.interval = {IntervalUnit::year, 1};
  contract.price = 120'100'000;  // 10.008333 a month, 5.004166 after the discount
  const std::array<Discount, 1> discounts{{{.percent_micros = 50 * percent}}};
  contract.discounts = discounts;
  const Policy minor = with({{"line_rounding", "minor"}});
  EXPECT_DOUBLE_EQ(on(contract, "2024-01-01", minor), 5.00);
  EXPECT_DOUBLE_EQ(on(contract, "2024-01-01", minor, true), 5.01) << "gross 10.01 less net 5.00";
}

TEST(Contract, MatchesPublishedAnnualPrices) {  // mrr-kb-01: half up to four decimals
  const Policy killbill = Policy::named("killbill");
  Contract contract = a_year();
  contract.interval = {IntervalUnit::year, 1};
  for (const auto& [price, wanted] :
       {std::pair(18.29, 1.5242), std::pair(19.95, 1.6625), std::pair(49.0, 4.0833),
        std::pair(149.95, 12.4958), std::pair(239.9, 19.9917), std::pair(2299.0, 191.5833),
        std::pair(5499.0, 458.25)}) {
    contract.price = static_cast<std::int64_t>(std::llround(price * 1e6));
    EXPECT_DOUBLE_EQ(on(contract, "2024-01-01", killbill), wanted);
  }
}

TEST(Contract, MatchesPublishedIntervals) {  // mrr-rc-01, mrr-zu-01, mrr-kb-03
  Contract contract = a_year();
  contract.price = 12 * micros;
  const Policy revenuecat = Policy::named("revenuecat");
  const std::vector<std::pair<Interval, double>> table{
      {{IntervalUnit::day, 1}, 360}, {{IntervalUnit::day, 3}, 120},      {{IntervalUnit::week, 1}, 48},
      {{IntervalUnit::week, 2}, 24}, {{IntervalUnit::four_week, 1}, 12}, {{IntervalUnit::month, 1}, 12},
      {{IntervalUnit::month, 2}, 6}, {{IntervalUnit::quarter, 1}, 4},    {{IntervalUnit::half_year, 1}, 2},
      {{IntervalUnit::year, 1}, 1}};
  for (const auto& [interval, wanted] : table) {
    contract.interval = interval;
    EXPECT_EQ(on(contract, "2024-01-01", revenuecat), wanted) << name_of(interval.unit);
  }
  contract.price = 140 * micros;
  contract.interval = {IntervalUnit::week, 1};
  EXPECT_EQ(on(contract, "2024-01-01", Policy::named("zuora")), 600);
  EXPECT_NEAR(on(contract, "2024-01-01"), 606.666667, 1e-6);
  EXPECT_EQ(on(contract, "2024-01-01", Policy::named("killbill")), 0);
}

TEST(Contract, ScalesAOneTimeChargeByQuantityAndTax) {
  Contract once = a_year();
  once.kind = ChargeKind::one_time;
  once.end = day("2024-03-01");
  once.price = 120 * micros;
  once.tax = 20 * micros;
  once.quantity = 3;
  const Policy dated = with({{"one_time", "dated"}});
  EXPECT_EQ(on(once, "2024-02-29", dated), 150);  // (120 - 20) * 3 over two months
  EXPECT_EQ(on(once, "2024-02-29", with({{"one_time", "dated"}, {"tax", "included"}})), 180);
  EXPECT_EQ(on(once, "2024-02-29", with({{"one_time", "only"}})), 150);
  once.end = day("2024-01-01");
  Worth worth;
  read_contract(dated.loading, once, 2, worth);
  EXPECT_TRUE(worth.net.empty()) << "of no day";
}

TEST(Contract, ShortensSpansToNothingRatherThanBackwards) {
  Contract contract = a_year();
  contract.cancel_requested = day("2023-12-01");
  contract.recorded = day("2025-06-01");
  for (const auto& policy : {with({{"churn_at", "request"}}), with({{"backdating", "recorded"}})}) {
    Worth worth;
    read_contract(policy.loading, contract, 2, worth);
    EXPECT_TRUE(worth.net.empty());
    EXPECT_EQ(worth.left_out, LeftOut::no);
    EXPECT_EQ(worth.contract_end, day("2025-01-01"));
  }
}

TEST(Contract, CombinesPastDueAndChurnDates) {
  Contract contract = a_year();
  contract.status = SubscriptionStatus::past_due;
  contract.cancel_requested = day("2024-01-15");
  const Policy both = with({{"past_due", "churn_after_30_days"}, {"churn_at", "request"}});
  EXPECT_EQ(on(contract, "2024-01-14", both), 100);
  EXPECT_EQ(on(contract, "2024-01-15", both), -1) << "the earlier of the two";
  contract.cancel_requested = day("2024-03-15");
  EXPECT_EQ(on(contract, "2024-01-30", both), 100);
  EXPECT_EQ(on(contract, "2024-01-31", both), -1);
  contract.dunning_end.reset();
  EXPECT_EQ(on(contract, "2024-12-31", with({{"past_due", "until_dunning_end"}})), 100)
      << "nobody says that collection was given up";
  contract.status = SubscriptionStatus::active;
  EXPECT_EQ(on(contract, "2024-12-31", with({{"past_due", "excluded"}})), 100);
}

TEST(Contract, HoldsTrialsBackFromNoPayment) {
  Contract trial = a_year();
  trial.status = SubscriptionStatus::trial;
  trial.has_first_payment = true;
  EXPECT_EQ(on(trial, "2024-01-01", with({{"trial", "count"}, {"trial_to_paid_date", "first_payment"}})), 100)
      << "a trial is not a paid phase";
}

TEST(Contract, KeepsTheContractEndThatChurnMoved) {
  Contract contract = a_year();
  contract.paid_through = day("2025-02-01");
  Worth worth;
  read_contract(with({{"churn_at", "service_period_end"}}).loading, contract, 2, worth);
  EXPECT_EQ(worth.net.at(0).end, day("2025-02-01"));
  EXPECT_EQ(worth.contract_end, day("2025-01-01"));
  contract.paid_through = day("2024-12-01");
  read_contract(with({{"churn_at", "service_period_end"}}).loading, contract, 2, worth);
  EXPECT_EQ(worth.net.at(0).end, day("2025-01-01")) << "service that ended before the contract moves nothing";
}

TEST(AnnualOfService, IsByWholeMonthsElseByDays) {
  const LoadingPolicy policy;
  EXPECT_TRUE(annual_of_service(policy, 300, day("2024-01-31"), day("2024-04-30")) == 1200);
  EXPECT_TRUE(annual_of_service(policy, 1200, day("2024-01-01"), day("2025-01-01")) == 1200);
  EXPECT_TRUE(annual_of_service(policy, 100, day("2024-01-01"), day("2024-01-11")) == 3650);
  EXPECT_TRUE(annual_of_service(policy, -300, day("2024-02-29"), day("2024-05-29")) == -1200);
  EXPECT_TRUE(annual_of_service(policy, 366, day("2024-01-01"), day("2024-12-31")) == 366);  // 365 days
  LoadingPolicy thirty;
  thirty.day = {30, 1};
  EXPECT_TRUE(annual_of_service(thirty, 100, day("2024-01-01"), day("2024-01-11")) == 3600);
  EXPECT_TRUE(annual_of_service(thirty, 100, day("2024-01-01"), day("2024-02-01")) == 1200)
      << "a whole month";
}

}  // namespace
}  // namespace tenure
