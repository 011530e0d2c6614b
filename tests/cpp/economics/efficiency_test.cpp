#include <tenure/economics/efficiency.hpp>

#include "support/faults.hpp"
#include "support/rows.hpp"
#include "support/spend_rows.hpp"

namespace tenure {
namespace {

using test::row;
using test::spend_of;

/// Q1: 1 new at 100. Q2: 1 grows to 150, 2 new at 30. Q3: 2 leaves. Q4: nothing.
Waterfall bridge(const std::string& by = "") {
  const std::vector<test::Row> rows{row(1, "2024-01-10", "2024-05-10", 100, 0),
                                    row(1, "2024-05-10", "", 150, 0),
                                    row(2, "2024-06-01", "2024-08-01", 30, 1)};
  return test::book_of(rows).waterfall(quarters("2024-01", "2024-12"), {.by = by});
}
Spend spend() {
  return spend_of(
      {{"2024-01", 480, "basic"}, {"2024-05", 240, "pro"}, {"2024-07", 0, "pro"}, {"2024-12", 60, "pro"}});
}

TEST(Efficiency, HoldsNewArrAgainstSpend) {
  const Efficiency found = efficiency(spend(), bridge(), {.lag = 1});
  EXPECT_EQ(found.at(0).magic_number(), Real(Undefined::before_history));
  EXPECT_EQ(found.at(1).magic_number(), Real(2.0));  // 12 * 80 / 480
  EXPECT_EQ(found.at(1).cac_ratio(0.75), Real(1.5));
  EXPECT_EQ(found.at(1).sales_efficiency(), Real(2.0));
  EXPECT_EQ(found.at(1).spend_share(), Real(0.5));
  EXPECT_EQ(found.at(2).magic_number(), Real(-1.5));  // lost 360 of ARR
  EXPECT_EQ(found.at(2).sales_efficiency(), Real(0.0));
  EXPECT_EQ(found.at(2).spend_share(), Real(Undefined::no_gain));
  EXPECT_EQ(found.at(3).magic_number(), Real(Undefined::no_spend));
}

TEST(Efficiency, TotalsAreRatiosOfSums) {
  const Efficiency found = efficiency(spend(), bridge(), {.lag = 1});
  EXPECT_EQ(found.totals[0].magic_number(), Real(600.0 / 720));  // (960 - 360) / (480 + 240)
  EXPECT_EQ(found.totals[0].sales_efficiency(), Real(960.0 / 720));
}

TEST(Efficiency, ExchangeRatesAreNoGrowth) {
  Waterfall moved = bridge();
  const Efficiency before = efficiency(spend(), moved, {.lag = 1});
  auto line = [&](Line name) -> Flow& { return moved.exact[static_cast<std::size_t>(name)][1]; };
  line(Line::fx).amount += mrr(40);
  line(Line::closing).amount += mrr(40);
  EXPECT_EQ(efficiency(spend(), moved, {.lag = 1}).at(1).magic_number(), before.at(1).magic_number());
}

TEST(Efficiency, ByChannel) {
  const Efficiency found = efficiency(spend(), bridge("plan"));
  EXPECT_EQ(found.frame.segments, (std::vector<std::string>{"basic", "pro"}));
  EXPECT_EQ(found.at(0, 0).sales_efficiency(), Real(2.5));
  EXPECT_EQ(found.at(1, 1).sales_efficiency(), Real(1.5));
  EXPECT_EQ(found.at(1, 0).sales_efficiency(), Real(Undefined::no_spend));  // grew for nothing
  EXPECT_EQ(
      efficiency(spend(), bridge("plan"), {.channels = {"pro"}, .split = false}).at(1).sales_efficiency(),
      Real(1.5));
}

TEST(Efficiency, OfPlainNumbers) {
  EXPECT_EQ(magic_number(300, 400), Real(0.75));
  EXPECT_EQ(magic_number(300, 0), Real(Undefined::no_spend));
  EXPECT_EQ(burn_multiple(500, 250), Real(2.0));
  EXPECT_EQ(burn_multiple(-500, 250), Real(-2.0));  // cash came in
  EXPECT_EQ(burn_multiple(500, 0), Real(Undefined::no_gain));
  EXPECT_EQ(burn_multiple(500, -250), Real(Undefined::no_gain));
  EXPECT_EQ(burn_multiple(Undefined::not_yet_observed, 250), Real(Undefined::not_yet_observed));
  EXPECT_EQ(rule_of_40(0.5, -0.25), Real(0.25));
  EXPECT_EQ(rule_of_40(Undefined::before_history, 0.1), Real(Undefined::before_history));
  EXPECT_EQ(rule_of_40(0.1, Undefined::not_yet_observed), Real(Undefined::not_yet_observed));
  EXPECT_EQ(sales_efficiency(600, 400), Real(1.5));
  EXPECT_EQ(spend_share(300, 600), Real(0.5));
  EXPECT_EQ(spend_share(300, 0), Real(Undefined::no_gain));
  EXPECT_FAULT(magic_number(1, -1), InputError, "E_RATE_RANGE", "spend -1.0; must be >= 0");
  EXPECT_FAULT(burn_multiple(std::nan(""), 1), InputError, "E_RATE_RANGE", "burn nan");
}

}  // namespace
}  // namespace tenure
