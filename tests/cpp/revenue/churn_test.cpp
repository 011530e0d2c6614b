#include <tenure/revenue/churn.hpp>

#include "support/faults.hpp"
#include "support/generators.hpp"

namespace tenure {
namespace {

using test::book_of;
using test::day;
using test::Row;
using test::row;

Policy with(std::initializer_list<std::pair<const char*, const char*>> options) {
  Policy policy;
  for (const auto& [option, value] : options) policy.set(option, value);
  return policy;
}

/// `count` customers of 10 a month each, with ids from `first` on.
void put(std::vector<Row>& rows, std::int64_t first, std::int64_t count, const char* start, const char* end) {
  for (std::int64_t i = 0; i < count; ++i) rows.push_back(row(first + i, start, end, 10));
}

/// February 2024: 10 customers of 10 each at its start; two leave, one contracts by 4, one expands by 5; four
/// join, one who left before comes back.
std::vector<Row> february() {
  std::vector<Row> rows;
  put(rows, 1, 6, "2024-01-01", "");
  rows.push_back(row(7, "2024-01-01", "2024-02-01", 10));
  rows.push_back(row(8, "2024-01-01", "2024-02-29", 10));
  rows.push_back(row(9, "2024-01-01", "2024-02-10", 10));
  rows.push_back(row(9, "2024-02-10", "", 6));
  rows.push_back(row(10, "2024-01-01", "2024-02-11", 10));
  rows.push_back(row(10, "2024-02-11", "", 15));
  put(rows, 11, 4, "2024-02-05", "");
  rows.push_back(row(15, "2023-11-01", "2023-12-15", 8));
  rows.push_back(row(15, "2024-02-20", "", 10));
  return rows;
}

ChurnWindow window_of(const std::vector<Row>& rows, const Policy& policy = {}) {
  return book_of(rows, policy).churn(months("2024-02", "2024-02")).windows.at(0);
}
ChurnRates rates_of(const std::vector<Row>& rows, const Policy& policy = {}) {
  return book_of(rows, policy).churn(months("2024-02", "2024-02")).rates.at(0);
}

TEST(Churn, CountsWhoWasThereAndWhatBecameOfThem) {
  const ChurnWindow found = window_of(february());
  EXPECT_EQ(format_day(found.begin), "2024-02-01");
  EXPECT_EQ(format_day(found.end), "2024-03-01");
  EXPECT_EQ(found.opening, 10);
  EXPECT_EQ(found.joined, 4);
  EXPECT_EQ(found.lost, 2);
  EXPECT_EQ(found.lost_joiners, 0);
  EXPECT_EQ(found.returned, 1);
  EXPECT_EQ(found.opening_mrr, RunRateSum(mrr(100)));
  EXPECT_EQ(found.new_mrr, RunRateSum(mrr(40)));
  EXPECT_EQ(found.churned, RunRateSum(mrr(20)));
  EXPECT_EQ(found.contraction, RunRateSum(mrr(4)));
  EXPECT_EQ(found.expansion, RunRateSum(mrr(5)));
  EXPECT_EQ(found.reactivation, RunRateSum(mrr(10)));
}

TEST(Churn, DividesByTheOpening) {  // churn-cm-01, churn-cm-02
  const ChurnRates found = rates_of(february());
  EXPECT_DOUBLE_EQ(found.customer.value(), 0.2);
  EXPECT_DOUBLE_EQ(found.mrr.value(), 0.2);
  EXPECT_DOUBLE_EQ(found.gross_mrr.value(), 0.24);
  EXPECT_DOUBLE_EQ(found.net_mrr.value(), 0.09);  // 20 + 4 - 5 - 10
}

TEST(Churn, DividesByTheOpeningAndWhoJoined) {
  const ChurnRates found = rates_of(february(), with({{"churn_denominator", "opening_plus_new"}}));
  EXPECT_DOUBLE_EQ(found.customer.value(), 2.0 / 14);
  EXPECT_DOUBLE_EQ(found.mrr.value(), 20.0 / 140);
  EXPECT_DOUBLE_EQ(found.gross_mrr.value(), 24.0 / 140);
}

TEST(Churn, TakesOffWhoCameBackOnce) {  // churn-rc-01
  const ChurnRates found = rates_of(february(), with({{"churn_numerator", "minus_reactivation"}}));
  EXPECT_DOUBLE_EQ(found.customer.value(), 0.1);
  EXPECT_DOUBLE_EQ(found.mrr.value(), 0.1);
  EXPECT_DOUBLE_EQ(found.gross_mrr.value(), 0.14);
  EXPECT_DOUBLE_EQ(found.net_mrr.value(), 0.09) << "a return is not taken off twice";
}

TEST(Churn, MayBeNegativeWhereMoreComeBackThanLeave) {
  std::vector<Row> rows;
  put(rows, 1, 9, "2024-01-01", "");
  rows.push_back(row(10, "2024-01-01", "2024-02-10", 10));
  for (std::int64_t id : {20, 21, 22}) {
    rows.push_back(row(id, "2023-10-01", "2023-12-01", 10));
    rows.push_back(row(id, "2024-02-02", "", 10));
  }
  EXPECT_DOUBLE_EQ(rates_of(rows, with({{"churn_numerator", "minus_reactivation"}})).customer.value(), -0.2);
}

/// 100 customers; 5 of them leave in the 30 days to the end of March; 20 join, 1 of them leaves.
std::vector<Row> march() {
  std::vector<Row> rows;
  put(rows, 1, 95, "2024-01-01", "");
  put(rows, 101, 5, "2024-01-01", "2024-03-20");
  put(rows, 201, 19, "2024-03-10", "");
  put(rows, 301, 1, "2024-03-10", "2024-03-25");
  put(rows, 401, 7, "2024-01-01", "2024-03-01");  // leave in March, but before the 30 days
  return rows;
}

TEST(Churn, LooksAtTheDaysBeforeTheEndOfThePeriod) {  // churn-st-02
  const Policy stripe = with({{"window", "rolling_30_days"},
                              {"netting", "none"},
                              {"churn_denominator", "opening_plus_new"},
                              {"churn_numerator", "with_joiners"}});
  const Churn found = book_of(march(), stripe).churn(months("2024-02", "2024-03"));
  EXPECT_EQ(format_day(found.windows[1].begin), "2024-03-02");
  EXPECT_EQ(format_day(found.windows[1].end), "2024-04-01");
  EXPECT_EQ(found.windows[1].opening, 100);
  EXPECT_EQ(found.windows[1].joined, 20);
  EXPECT_EQ(found.windows[1].lost, 5);
  EXPECT_EQ(found.windows[1].lost_joiners, 1);
  EXPECT_DOUBLE_EQ(found.rates[1].customer.value(), 0.05);
  EXPECT_EQ(format_day(found.windows[0].begin), "2024-01-31");
  EXPECT_EQ(found.windows[0].opening, 107);
  EXPECT_EQ(found.windows[0].lost, 0);
}

TEST(Churn, CountsWhoJoinedAndLeftWhereThePolicySays) {  // churn-basic-01, in a hundredth
  std::vector<Row> rows;
  put(rows, 1, 95, "2024-01-01", "");
  put(rows, 101, 5, "2024-01-01", "2024-02-15");
  put(rows, 201, 38, "2024-02-05", "");
  put(rows, 301, 12, "2024-02-05", "2024-02-25");
  EXPECT_DOUBLE_EQ(rates_of(rows, with({{"netting", "none"}})).customer.value(), 0.05);
  EXPECT_DOUBLE_EQ(
      rates_of(rows, with({{"netting", "none"}, {"churn_numerator", "with_joiners"}})).customer.value(),
      0.17);
  EXPECT_DOUBLE_EQ(rates_of(rows, with({{"netting", "none"},
                                        {"churn_numerator", "with_joiners"},
                                        {"churn_denominator", "opening_plus_new"}}))
                       .mrr.value(),
                   17.0 / 150);
  const Policy dropped = with({{"netting", "drop_short_stays"}, {"churn_denominator", "opening_plus_new"}});
  EXPECT_DOUBLE_EQ(rates_of(rows, dropped).customer.value(), 5.0 / 138) << "the 12 were never there";
}

TEST(Churn, UnderPeriodStartLooksBackFromTheFirstDay) {
  const Policy policy = with({{"window", "rolling_30_days"}, {"as_of", "period_start"}});
  const Churn found = book_of(march(), policy).churn(months("2024-04", "2024-04"));
  EXPECT_EQ(format_day(found.windows[0].begin), "2024-03-03");
  EXPECT_EQ(format_day(found.windows[0].end), "2024-04-02");
}

TEST(Churn, AddsTheRatesOfTheDays) {  // churn-daily-01
  std::vector<Row> rows;
  put(rows, 1, 90, "2024-01-01", "");
  put(rows, 101, 5, "2024-01-01", "2024-02-10");
  put(rows, 201, 5, "2024-01-01", "2024-02-20");
  const Policy daily = with({{"window", "daily_sum"}});
  const ChurnRates found = rates_of(rows, daily);
  EXPECT_NEAR(found.customer.value(), 0.1026, 5e-5);
  EXPECT_DOUBLE_EQ(found.customer.value(), 5.0 / 100 + 5.0 / 95);
  EXPECT_DOUBLE_EQ(found.mrr.value(), 5.0 / 100 + 5.0 / 95);
  EXPECT_DOUBLE_EQ(rates_of(rows).customer.value(), 0.1);
  const ChurnWindow window = window_of(rows, daily);
  EXPECT_EQ(window.opening, 100) << "who was there on the first day";
  EXPECT_EQ(window.lost, 10);
  EXPECT_EQ(format_day(window.end), "2024-03-01");
}

TEST(Churn, OfADayIsWhatTheDayLost) {  // churn-cm-03
  const std::vector<Row> rows{row(1, "2024-01-01", "", 95), row(2, "2024-01-01", "2024-02-10", 5)};
  const Churn found = book_of(rows, with({{"window", "daily_sum"}})).churn(days("2024-02-10", "2024-02-11"));
  ASSERT_EQ(found.rates.size(), 2U);
  EXPECT_DOUBLE_EQ(found.rates[0].gross_mrr.value(), 0.05);
  EXPECT_DOUBLE_EQ(found.rates[1].gross_mrr.value(), 0.0);
}

TEST(Churn, OfNobodyIsUndefined) {
  std::vector<Row> rows;
  put(rows, 1, 3, "2024-02-10", "2024-02-20");
  const ChurnRates found = rates_of(rows, with({{"netting", "none"}, {"churn_numerator", "with_joiners"}}));
  EXPECT_FALSE(found.customer.has_value());
  EXPECT_FALSE(found.mrr.has_value());
  EXPECT_FALSE(found.gross_mrr.has_value());
  EXPECT_FALSE(found.net_mrr.has_value());
  EXPECT_DOUBLE_EQ(rates_of(rows, with({{"window", "daily_sum"}})).customer.value(), 1.0)
      << "on the 20th all of those who were there, on all other days nobody";
}

/// Yearly contracts of 120: of those in February 2024 two are up for renewal, one of which ends.
Book yearly(const Policy& policy) {
  const std::vector<std::int64_t> customers{1, 2, 3, 4, 5}, prices{120, 240, 120, 120, 120};
  const std::vector<Day> starts{day("2023-02-10"), day("2023-02-20"), day("2023-05-01"), day("2024-01-15"),
                                day("2022-03-31")};
  const std::vector<Day> ends{0, day("2024-02-20"), 0, 0, 0};
  const std::uint8_t ended = 0b00010;
  Book book(policy);
  book.add(Subscriptions{.customer = customers,
                         .start = starts,
                         .end = {ends, {&ended, 0}},
                         .amount = prices,
                         .interval = {IntervalUnit::year, 1}});
  return book;
}

TEST(Churn, MayBeOfWhoWasUpForRenewal) {
  const Book book = yearly(with({{"churn_denominator", "up_for_renewal"}}));
  const Churn found = book.churn(months("2024-02", "2024-05"));
  EXPECT_EQ(found.windows[0].opening, 5);
  EXPECT_EQ(found.windows[0].up_for_renewal, 2);
  EXPECT_EQ(found.windows[0].up_for_renewal_mrr, RunRateSum(mrr(30)));
  EXPECT_DOUBLE_EQ(found.rates[0].customer.value(), 0.5);
  EXPECT_DOUBLE_EQ(found.rates[0].mrr.value(), 2.0 / 3);
  EXPECT_EQ(found.windows[1].up_for_renewal, 1) << "the contract of 31 March";
  EXPECT_DOUBLE_EQ(found.rates[1].customer.value(), 0.0);
  EXPECT_FALSE(found.rates[2].customer.has_value()) << "nobody was up in April";
  EXPECT_EQ(found.windows[3].up_for_renewal, 1);
  EXPECT_DOUBLE_EQ(yearly({}).churn(months("2024-02", "2024-02")).rates[0].customer.value(), 0.2);
}

TEST(Churn, RenewsMonthlyPricesEveryMonth) {
  std::vector<Row> rows{row(1, "2024-01-31", "", 10), row(2, "2024-01-15", "2024-02-01", 10),
                        row(3, "2024-01-15", "2024-02-25", 10)};
  const ChurnWindow found = window_of(rows, with({{"churn_denominator", "up_for_renewal"}}));
  EXPECT_EQ(found.opening, 3);
  EXPECT_EQ(found.up_for_renewal, 3) << "31 January renews on 29 February; who ends on the 1st was up";
}

TEST(Churn, ByItsGrainCountsSubscriptions) {
  std::vector<Row> rows = test::with_subscriptions(
      {row(1, "2024-01-01", "", 60), row(1, "2024-01-01", "2024-02-10", 40), row(2, "2024-01-01", "", 100)});
  EXPECT_EQ(window_of(rows).lost, 0);
  EXPECT_EQ(window_of(rows).contraction, RunRateSum(mrr(40)));
  const Policy each = with({{"movement_grain", "subscription"}});
  EXPECT_EQ(window_of(rows, each).opening, 3);
  EXPECT_EQ(window_of(rows, each).lost, 1);
  EXPECT_DOUBLE_EQ(rates_of(rows, each).mrr.value(), 0.2);
}

TEST(ChurnWindow, AddsMemberByMember) {
  ChurnWindow sum = window_of(february());
  sum += window_of(february());
  EXPECT_EQ(sum.opening, 20);
  EXPECT_EQ(sum.joined, 8);
  EXPECT_EQ(sum.lost, 4);
  EXPECT_EQ(sum.returned, 2);
  EXPECT_EQ(sum.opening_mrr, RunRateSum(mrr(200)));
  EXPECT_EQ(sum.churned, RunRateSum(mrr(40)));
  EXPECT_EQ(sum.expansion, RunRateSum(mrr(10)));
}

TEST(Churn, OfTheCalendarIsWhatTheBridgeShows) {
  test::for_all([] {
    const auto rows = *rc::gen::nonEmpty(test::any_rows());
    const Policy policy = test::without(*test::any_policy(), {"window"});
    const Book book = book_of(rows, policy);
    const Churn found = book.churn(test::window);
    const Waterfall bridge = book.waterfall(test::window);
    for (std::size_t period = 0; period < test::window.size(); ++period) {
      const ChurnWindow& one = found.windows[period];
      const auto flow = [&](Line line) { return bridge.at(line, period); };
      RC_ASSERT(flow(Line::opening) == (Flow{one.opening_mrr, one.opening}));
      RC_ASSERT(flow(Line::expansion).amount == one.expansion);
      RC_ASSERT(flow(Line::contraction).amount == one.contraction);
      const Flow gone{one.churned + one.churned_joiners, one.lost + one.lost_joiners};
      const Flow back{one.reactivation, one.returned};
      if (policy.reporting.reactivation == Reactivation::netted_from_churn) {
        RC_ASSERT(flow(Line::churn) == (Flow{gone.amount - back.amount, gone.customers - back.customers}));
      } else {
        RC_ASSERT(flow(Line::churn) == gone);
        RC_ASSERT(flow(Line::reactivation) == back);
      }
      RC_ASSERT(flow(Line::new_) == (Flow{one.new_mrr, one.joined}));
    }
  });
}

TEST(Churn, OfDaysThatAddUpLosesWhatTheMonthLoses) {
  test::for_all(
      [] {
        const auto rows = *rc::gen::nonEmpty(test::any_rows());
        Policy policy = test::without(*test::any_policy(), {"window", "as_of", "churn_denominator"});
        policy.set("netting", "none");
        const Periods two = months("2024-01", "2024-02");
        const Churn calendar = book_of(rows, policy).churn(two);
        policy.set("window", "daily_sum");
        const Churn daily = book_of(rows, policy).churn(two);
        for (std::size_t period = 0; period < two.size(); ++period) {
          const ChurnWindow &month = calendar.windows[period], &sum = daily.windows[period];
          RC_ASSERT(month.opening == sum.opening);
          RC_ASSERT(month.lost + month.lost_joiners == sum.lost + sum.lost_joiners);
          RC_ASSERT(month.joined == sum.joined);
          RC_ASSERT(month.contraction == sum.contraction);
        }
      },
      60);
}

TEST(Churn, ARollingWindowRemembersWhoWasThereBefore) {
  Policy rolling = with({{"window", "rolling_30_days"}});
  const std::vector<Row> rows{row(1, "2024-01-01", "", 10), row(2, "2023-03-01", "2023-06-01", 10),
                              row(2, "2024-02-20", "", 10)};
  const ChurnWindow window = window_of(rows, rolling);
  EXPECT_EQ(window.returned, 1) << "a customer of last spring";
  EXPECT_EQ(window.joined, 0);
}

TEST(Churn, OfPeriodsReadOnTheirFirstDayLooksBackToTheFirstDayBefore) {
  const Policy playbook = with({{"as_of", "period_start"}});
  const std::vector<Row> rows{row(1, "2023-12-01", "2024-01-20", 10), row(2, "2023-12-01", "", 10)};
  const ChurnWindow window = window_of(rows, playbook);
  EXPECT_EQ(window.begin, day("2024-01-02"));
  EXPECT_EQ(window.end, day("2024-02-02")) << "what happens on the first of February is in its value";
  EXPECT_EQ(window.lost, 1);
}

TEST(Churn, AContractRenewsWhateverItsDiscountDoes) {
  Policy policy = with({{"churn_denominator", "up_for_renewal"}});
  Book book(policy);
  const std::vector<std::int64_t> customer{1}, price{120};
  const std::vector<Day> start{day("2023-01-15")}, until{day("2023-04-01")};
  const std::vector<double> half{50};
  Subscriptions rows{.customer = customer, .start = start, .amount = price};
  rows.interval = {IntervalUnit::year, 1};
  DiscountColumns discount;
  discount.percent = half;
  discount.until = until;
  rows.terms.discounts.push_back(discount);
  book.add(rows);
  const auto renewing = [&](const char* month) {
    return book.churn(months(month, month)).windows.at(0).up_for_renewal;
  };
  EXPECT_EQ(renewing("2023-04"), 0) << "a coupon ends, the contract does not";
  EXPECT_EQ(renewing("2024-01"), 1);
  EXPECT_EQ(renewing("2024-04"), 0);
}

}  // namespace
}  // namespace tenure
