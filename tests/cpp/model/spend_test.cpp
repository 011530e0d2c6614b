#include <tenure/model/spend.hpp>

#include "support/faults.hpp"
#include "support/spend_rows.hpp"

namespace tenure {
namespace {

using test::spend_of;

std::vector<double> major(const std::vector<Spent>& cells) {
  std::vector<double> amounts;
  for (const Spent& cell : cells) amounts.push_back(quotient(cell.amount, micros));
  return amounts;
}

TEST(Spend, AddsUpByPeriodAndChannel) {
  const Spend spend = spend_of({{"2024-01-05", 100, "search"},
                                {"2024-01-31", 0.5, "search"},
                                {"2024-02", 30, "events"},
                                {"2024-03-31", 7, "search"}});
  EXPECT_EQ(spend.channels(), (std::vector<std::string>{"events", "search"}));
  EXPECT_EQ(major(spend.totals(months("2024-01", "2024-03"))), (std::vector<double>{0, 100.5, 30, 0, 0, 7}));
}

TEST(Spend, ALagTakesThePeriodsBefore) {
  const Spend spend = spend_of({{"2024-01-05", 100}, {"2024-02-29", 30}, {"2024-04-01", 7}});
  EXPECT_EQ(major(spend.totals(months("2024-02", "2024-04"), 1)), (std::vector<double>{100, 30, 0}));
  EXPECT_EQ(major(spend.totals(quarters("2024-04", "2024-06"), 1)), (std::vector<double>{130}));
  EXPECT_FAULT(spend.totals(months("2024-02", "2024-03"), -1), OptionError, "E_LAG", "lag=-1 is below 0");
}

TEST(Spend, NothingIsKnownBeforeTheFirstRowAndAfterTheLast) {
  const std::vector<Spent> cells =
      spend_of({{"2024-02-10", 5}, {"2024-04-01", 5}}).totals(months("2024-01", "2024-05"));
  EXPECT_EQ(cells[0].reason, Undefined::before_history);
  EXPECT_EQ(cells[1], (Spent{5 * micros}));
  EXPECT_EQ(cells[2], Spent{});  // between them: nothing was spent
  EXPECT_EQ(cells[4].reason, Undefined::not_yet_observed);
  EXPECT_EQ(spend_of({}).totals(months("2024-01", "2024-01"))[0].reason, Undefined::no_spend);
}

TEST(Spend, KindsThatDoNotCountAreLeftOutButAreHistory) {
  const std::vector<test::SpendRow> rows{
      {"2024-01-05", 100, "", "media"}, {"2024-02-05", 900, "", "people"}, {"2024-02-06", 20, "", "media"}};
  EXPECT_EQ(major(spend_of(rows, {.kinds = {"media"}}).totals(months("2024-01", "2024-02"))),
            (std::vector<double>{100, 20}));
  EXPECT_EQ(major(spend_of(rows).totals(months("2024-01", "2024-02"))), (std::vector<double>{100, 920}));
  EXPECT_TRUE(spend_of(rows, {.kinds = {"people"}}).totals(months("2024-01", "2024-01"))[0].known());
  EXPECT_FAULT(spend_of(rows, {.kinds = {"medai"}}), OptionError, "E_KIND", "did you mean 'media'?");
  EXPECT_FAULT(spend_of({{"2024-01-05", 1}}, {.kinds = {"media"}}), OptionError, "E_KIND", "no column says");
}

TEST(Spend, NegativeAmountsAreRefusedUnlessTheyAreCredits) {
  const std::vector<test::SpendRow> rows{{"2024-01-05", 100}, {"2024-01-06", -2.5}, {"2024-01-07", 0}};
  EXPECT_FAULT(spend_of(rows), InputError, "E_SPEND_NEGATIVE", "column 'amount', row 1: negative spend -2.5");
  EXPECT_EQ(major(spend_of(rows, {.credits = Credits::subtract}).totals(months("2024-01", "2024-01"))),
            (std::vector<double>{97.5}));
}

TEST(Spend, AChannelIsPaidInAllOfItsRowsOrInNone) {
  const std::vector<test::SpendRow> given{
      {"2024-01-05", 1, "ads"}, {"2024-01-06", 1, "blog"}, {"2024-02-06", 1, "ads"}};
  const test::SpendTable table(given);
  SpendRows rows = table.columns();
  const std::vector<std::uint8_t> flags{1, 0, 1}, mixed{1, 0, 0};
  rows.paid = flags;
  EXPECT_EQ(Spend(rows).paid_channels(), (std::vector<std::string>{"ads"}));
  rows.paid = mixed;
  EXPECT_FAULT(Spend(rows), InputError, "E_PAID",
               "row 2: channel 'ads' is paid in one row and not in another");
  rows.channel = {};
  EXPECT_FAULT(Spend(rows), OptionError, "E_PAID", "no column says of which channel");
}

TEST(Spend, CurrenciesNeedRates) {
  const std::vector<test::SpendRow> rows{{"2024-01-05", 100, "", "", "EUR"},
                                         {"2024-01-06", 125, "", "", "USD"}};
  EXPECT_FAULT(spend_of(rows), InputError, "E_CURRENCY_MIXED", "row 1: EUR and USD in one total");
  FxRates rates{Currency("EUR")};
  rates.add(parse_day("2024-01-05"), Currency("USD"), "1.25");
  const Spend euros = spend_of(rows, {.reporting = Currency("EUR"), .rates = &rates});
  EXPECT_EQ(major(euros.totals(months("2024-01", "2024-01"))), (std::vector<double>{200}));
  EXPECT_EQ(euros.currency(), Currency("EUR"));
  EXPECT_EQ(major(spend_of(rows, {.reporting = Currency("USD"), .rates = &rates})
                      .totals(months("2024-01", "2024-01"))),
            (std::vector<double>{250}));
  EXPECT_FAULT(spend_of({{"2023-01-06", 5, "", "", "USD"}}, {.reporting = Currency("EUR"), .rates = &rates}),
               InputError, "E_FX_MISSING", "row 0");
  EXPECT_FAULT(spend_of({{"2024-01-05", 100, "", "", "EUR"}, {"2024-01-06", 125}}), InputError,
               "E_CURRENCY_NULL", "row 1");
  EXPECT_FAULT(spend_of({{"2024-01-05", 100, "", "", "EUX"}}), InputError, "E_CURRENCY_UNKNOWN", "EUX");
}

TEST(Spend, WhatIsNoAmountOrDayIsRefusedWithItsRow) {
  EXPECT_FAULT(spend_of({{"2024-01-05", 1}, {"2024-01-06", std::nan("")}}), InputError, "E_AMOUNT_NAN",
               "row 1");
  EXPECT_FAULT(spend_of({{"2024-01-05", HUGE_VAL}}), InputError, "E_AMOUNT_INF", "row 0");
  EXPECT_FAULT(spend_of({{"2024-01-05", 1e14}}), InputError, "E_AMOUNT_RANGE", "row 0");
  const std::vector<Day> days{19000, 19001};
  const std::vector<double> amounts{1, 2};
  const std::uint8_t first_only = 1;
  EXPECT_FAULT(Spend({.day = Column<Day>(days, {&first_only, 0}), .amount = amounts}), InputError,
               "E_DATE_NULL", "row 1");
  EXPECT_FAULT(Spend({.day = days, .amount = Column<double>(amounts, {&first_only, 0})}), InputError,
               "E_AMOUNT_NULL", "row 1: missing amount");
  EXPECT_FAULT(Spend({.day = days, .amount = std::vector<double>(1)}), InputError, "E_COLUMN_LENGTH",
               "amount");
}

}  // namespace
}  // namespace tenure
