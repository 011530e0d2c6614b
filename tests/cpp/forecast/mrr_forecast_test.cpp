#include <tenure/forecast/mrr_forecast.hpp>

#include <cmath>

#include "support/bridges.hpp"
#include "support/faults.hpp"
#include "support/property.hpp"
#include "support/rows.hpp"

namespace tenure {
namespace {

using test::bridge_of;
using test::for_all;
using test::Month;

double monthly(const Real& annual) { return annual.value_or(-1) / 12e6; }
double closing(const MrrForecast& found, std::size_t period, std::size_t segment = 0) {
  return found.bridge.at(Line::closing, period, segment).amount.mrr();
}

/// 10 % churn a month and 3 % expansion, to the last micro-unit.
std::vector<Month> steady(double opening, int count) {
  std::vector<Month> months;
  for (int i = 0; i < count; ++i) {
    months.push_back({.expansion = opening * 0.03, .churn = opening * 0.10});
    opening *= 0.93;
  }
  return months;
}
std::vector<Month> uneven(int count) {
  std::vector<Month> months;
  for (int i = 0; i < count; ++i)
    months.push_back({.new_ = 40.0 + 7 * (i % 5),
                      .expansion = 10.0 + i % 3,
                      .contraction = 4.0 + i % 2,
                      .churn = 12.0 + 3 * (i % 4),
                      .reactivation = i % 7 == 0 ? 9.0 : 0.0});
  return months;
}

TEST(MrrForecast, RollsForwardWithMeanRates) {
  // Churn 20 % and 10 % of 100 and 100; 20 and 10 new.
  const Waterfall history = bridge_of(100, {{.new_ = 20, .churn = 20}, {.new_ = 10, .churn = 10}});
  const MrrForecast found = mrr_forecast(history, {.periods = 2});
  EXPECT_EQ(found.bridge.frame.periods.begin(), days_from_civil(2024, 3, 1));
  EXPECT_EQ(found.bridge.opening(0), 100);
  EXPECT_EQ(found.bridge.new_(0), 15);
  EXPECT_EQ(found.bridge.churn(0), 15);
  EXPECT_EQ(closing(found, 0), 100);
  EXPECT_EQ(closing(found, 1), 100);
  EXPECT_EQ(found.bridge.at(Line::closing, 1).customers, 0);
}

TEST(MrrForecast, ConstantRatesAreForecastExactlyAndWithoutDoubt) {
  const Waterfall history = bridge_of(1e6, steady(1e6, 6));
  const MrrForecast found = mrr_forecast(history, {.periods = 24});
  for (std::size_t period = 0; period < 24; ++period) {
    const double expected = 1e6 * std::pow(0.93, 7.0 + static_cast<double>(period));
    EXPECT_NEAR(closing(found, period), expected, 1e-5);
    const Estimate limits = found.closing(period);
    EXPECT_NEAR(monthly(limits.upper) - monthly(limits.lower), 0, 1e-5);
  }
}

TEST(MrrForecast, ConstantSalesHaveNoWidthAtAll) {
  const Waterfall history = bridge_of(100, std::vector<Month>(5, {.new_ = 7}));
  const MrrForecast found = mrr_forecast(history, {.periods = 12});
  for (std::size_t period = 0; period < 12; ++period) {
    EXPECT_EQ(closing(found, period), 135 + 7 * static_cast<double>(period + 1));
    EXPECT_EQ(found.closing(period).lower, found.closing(period).upper);
  }
}

TEST(MrrForecast, WithoutHistoryIsUndefined) {
  const MrrForecast none = mrr_forecast(bridge_of(0, {{.new_ = 5}}), {.periods = 3});
  EXPECT_EQ(none.rates.count, 0U);
  EXPECT_EQ(none.closing(2), (Estimate{Undefined::too_few, Undefined::too_few, Undefined::too_few}));
  const MrrForecast before = mrr_forecast(bridge_of(50, {{.new_ = 5}}), {.periods = 2, .known = 0});
  EXPECT_EQ(before.reason, Undefined::too_few);
  EXPECT_EQ(before.bridge.frame.periods.begin(), days_from_civil(2024, 1, 1));
}

TEST(MrrForecast, WhatGrowsBeyondAllMoneyIsUndefined) {
  std::vector<Month> doubled;
  double opening = 100;
  for (int i = 0; i < 6; ++i, opening *= 2) doubled.push_back({.expansion = opening});
  const MrrForecast found = mrr_forecast(bridge_of(100, doubled), {.periods = 200, .replicates = 40});
  ASSERT_GT(found.told, 40U);
  ASSERT_LT(found.told, 80U);
  constexpr Undefined diverges = Undefined::diverges;
  for (std::size_t row = 0; row < 200; ++row) {
    const Estimate one = found.closing(row);
    if (row < found.told) {
      EXPECT_EQ(one.value.value_or(0), static_cast<double>(int128{1} << (row + 1)) * 6400 * 12e6);
      EXPECT_EQ(one.lower, one.value);
    } else {
      EXPECT_EQ(one, (Estimate{diverges, diverges, diverges}));
      EXPECT_EQ(found.bridge.at(Line::expansion, row).amount.annual, 0);
    }
  }
  EXPECT_EQ(found.reason_of(found.told - 1), Undefined::no);
}

TEST(MrrForecast, ALimitBeyondAllMoneyIsUndefinedAlone) {
  std::vector<Month> months;  // grows fourfold and shrinks to a tenth
  double opening = 1e6;
  for (int i = 0; i < 8; ++i) {
    months.push_back(i % 2 == 0 ? Month{.expansion = 3 * opening} : Month{.churn = 0.9 * opening});
    opening *= i % 2 == 0 ? 4 : 0.1;
  }
  const MrrForecast found = mrr_forecast(bridge_of(1e6, months), {.periods = 120, .replicates = 400});
  bool lone = false;
  for (std::size_t row = 0; row < found.told; ++row)
    lone = lone || (found.closing(row).lower.defined() &&
                    found.closing(row, 0.999).upper == Real(Undefined::diverges));
  EXPECT_TRUE(lone);
}

TEST(MrrForecast, MorePathsThanFitAreRefused) {
  EXPECT_FAULT(mrr_forecast(bridge_of(100, uneven(8)), {.periods = 1200, .replicates = 2'000'000'000}),
               OptionError, "E_BOOTSTRAP", "replicates=2000000000 of 1200 rows");
}

TEST(MrrForecast, OneMonthHasAPointAndNoLimits) {
  const MrrForecast found = mrr_forecast(bridge_of(50, {{.new_ = 5}}), {.periods = 2});
  EXPECT_EQ(monthly(found.closing(1).value), 65);
  EXPECT_EQ(found.closing(1).lower, Real(Undefined::too_few));
  EXPECT_EQ(mrr_forecast(bridge_of(100, uneven(5)), {.block = 3}).limit_reason, Undefined::too_few);
  EXPECT_EQ(mrr_forecast(bridge_of(100, uneven(6)), {.block = 3}).limit_reason, Undefined::no);
}

TEST(MrrForecast, LooksAtNothingAfterWhatIsKnown) {
  std::vector<Month> months = uneven(10);
  const MrrForecast before = mrr_forecast(bridge_of(500, months), {.periods = 4, .known = 6});
  for (std::size_t i = 6; i < 10; ++i) months[i] = {.new_ = 9999};
  const MrrForecast after = mrr_forecast(bridge_of(500, months), {.periods = 4, .known = 6});
  EXPECT_TRUE((before.paths == after.paths).all());
  EXPECT_EQ(before.bridge.exact, after.bridge.exact);
}

TEST(MrrForecast, NewBusinessFollowsItsTrendButNotBelowNothing) {
  std::vector<Month> up, down;
  for (int i = 0; i < 6; ++i) {
    up.push_back({.new_ = 10.0 + 2 * i});
    down.push_back({.new_ = 10.0 - 2 * std::min(i, 5)});
  }
  const MrrForecastOptions options{.periods = 4, .new_business = NewBusiness::trend};
  const MrrForecast rising = mrr_forecast(bridge_of(100, up), options);
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(rising.bridge.new_(static_cast<Eigen::Index>(i)), 22 + 2 * static_cast<double>(i), 1e-9);
  const Estimate limits = rising.closing(3);
  EXPECT_NEAR(monthly(limits.lower), monthly(limits.upper), 1e-9);  // no month departs from the line
  const MrrForecast falling = mrr_forecast(bridge_of(100, down), options);
  EXPECT_TRUE((falling.bridge.new_ == 0).all());
  EXPECT_NEAR(mrr_forecast(bridge_of(100, up), {.periods = 1}).bridge.new_(0), 15, 1e-9);
}

/// Good and bad months that alternate: two in a row always come to the same.
TEST(MrrForecast, BlocksKeepWhatFollowsEachOther) {
  std::vector<Month> months;
  for (int i = 0; i < 8; ++i) months.push_back({.new_ = i % 2 == 0 ? 100.0 : 0.0});
  const Waterfall history = bridge_of(1000, months);
  const Estimate single = mrr_forecast(history, {.periods = 2, .block = 1}).closing(1);
  const Estimate pairs = mrr_forecast(history, {.periods = 2, .block = 2}).closing(1);
  EXPECT_LT(monthly(single.lower), monthly(single.upper));
  EXPECT_EQ(pairs.lower, pairs.upper);
  EXPECT_EQ(monthly(pairs.value), 1500);
}

TEST(MrrForecast, TransfersBetweenSegmentsCancel) {
  const Waterfall history = bridge_of({300, 100}, {{{.new_ = 5, .transfer_out = 33}, {.transfer_in = 33}},
                                                   {{.churn = 7, .transfer_in = 10}, {.transfer_out = 10}},
                                                   {{.transfer_out = 1}, {.new_ = 3, .transfer_in = 1}}});
  const MrrForecast found = mrr_forecast(history, {.periods = 9});
  for (std::size_t period = 0; period < 9; ++period) {
    int128 net = 0;
    for (std::size_t segment = 0; segment < 2; ++segment)
      net += found.bridge.at(Line::transfer_in, period, segment).amount.annual -
             found.bridge.at(Line::transfer_out, period, segment).amount.annual;
    EXPECT_TRUE(net == 0) << period;
    EXPECT_GT(found.bridge.at(Line::transfer_in, period, 0).amount.annual, 0);
  }
}

TEST(MrrForecast, ExchangeRatesGoOnAsShares) {
  const MrrForecast found = mrr_forecast(bridge_of(100, {{.fx = -10}, {.fx = 18}}), {.periods = 1});
  EXPECT_NEAR(found.bridge.fx(0), 108 * 0.05, 1e-9);  // -10 % and +20 %
}

TEST(MrrForecast, FromABook) {
  using test::row;
  const std::vector<test::Row> rows = {row(1, "2024-01-10", "2024-05-10", 100), row(2, "2024-02-10", "", 50),
                                       row(3, "2024-03-05", "", 30)};
  const MrrForecast found =
      mrr_forecast(test::book_of(rows).waterfall(months("2024-01", "2024-06")), {.periods = 2});
  EXPECT_EQ(found.rates.count, 5U);  // nobody paid at the opening of January
  EXPECT_EQ(found.bridge.opening(0), 80);
  EXPECT_NEAR(found.bridge.new_(0), 80 / 5.0, 1e-6);
  EXPECT_NEAR(found.bridge.churn(0), 80 * (100.0 / 180) / 5, 1e-6);
}

TEST(MrrForecast, RefusesOptionsThatMakeNoSense) {
  const Waterfall history = bridge_of(100, uneven(4));
  EXPECT_FAULT(mrr_forecast(history, {.periods = 0}), OptionError, "E_HORIZON",
               "periods=0 is not from 1 to 1200");
  EXPECT_FAULT(mrr_forecast(history, {.history = 0}), OptionError, "E_HISTORY", "history=0");
  EXPECT_FAULT(mrr_forecast(history, {.block = 0}), OptionError, "E_BLOCK", "block=0 is not above 0");
  EXPECT_FAULT(mrr_forecast(history, {.replicates = 5}), OptionError, "E_BOOTSTRAP",
               "5 replicates are too few");
  EXPECT_FAULT(mrr_forecast(history, {.confidence = 80}), OptionError, "E_CONFIDENCE", "a confidence of 80");
  EXPECT_FAULT(mrr_forecast(history).closing(0, 1), OptionError, "E_CONFIDENCE", "a confidence of 1");
  EXPECT_EQ(parse_new_business(name_of(NewBusiness::trend)), NewBusiness::trend);
  EXPECT_FAULT(parse_new_business("levle"), OptionError, "E_NEW", "did you mean 'level'?");
}

TEST(MrrForecast, IsAFunctionOfTheSeed) {
  const Waterfall history = bridge_of(400, uneven(18));
  const auto paths = [&](std::uint64_t seed, int threads, int periods) {
    return mrr_forecast(history, {.periods = periods, .seed = seed, .execution = {.threads = threads}}).paths;
  };
  const Eigen::ArrayXXd one = paths(1, 1, 12);
  EXPECT_TRUE((one == paths(1, 8, 12)).all());
  EXPECT_FALSE((one == paths(2, 8, 12)).all());
  EXPECT_TRUE((one.leftCols(3) == paths(1, 2, 3)).all());  // first steps do not depend on how many follow
}

/// The mean of the paths is the point forecast, within what a thousand of them leave open.
TEST(MrrForecast, PointIsTheMeanOfThePaths) {
  const MrrForecast found = mrr_forecast(bridge_of(400, uneven(24)), {.periods = 12, .replicates = 20000});
  for (const Eigen::Index period : {0, 5, 11}) {
    const Eigen::ArrayXd path = found.paths.col(period);
    const double spread = std::sqrt((path - path.mean()).square().mean() / 20000);
    const auto point =
        static_cast<double>(found.bridge.at(Line::closing, static_cast<std::size_t>(period)).amount.annual);
    EXPECT_LT(std::abs(path.mean() - point), 4 * spread + 1e-3 * point) << period;
  }
}

TEST(MrrForecast, ClosesAndKeepsThePointWithinItsLimits) {
  for_all(
      [] {
        const auto count = *rc::gen::inRange<std::size_t>(2, 20);
        std::vector<Month> months;
        double level = 1000;
        for (std::size_t i = 0; i < count; ++i) {
          const auto part = [&] { return level * *rc::gen::inRange(0, 25) / 100.0; };
          const Month month{.new_ = 1.0 * *rc::gen::inRange(0, 300),
                            .expansion = part(),
                            .contraction = part(),
                            .churn = part(),
                            .reactivation = 1.0 * *rc::gen::inRange(0, 20)};
          months.push_back(month);
          level += month.new_ + month.expansion - month.contraction - month.churn + month.reactivation;
        }
        const MrrForecast found =
            mrr_forecast(bridge_of(1000, months),
                         {.periods = 8, .block = *rc::gen::inRange(1, 3), .replicates = 40, .seed = count});
        int128 before = bridge_of(1000, months).at(Line::closing, count - 1).amount.annual;
        for (std::size_t period = 0; period < 8; ++period) {
          const auto amount = [&](Line line) { return found.bridge.at(line, period).amount.annual; };
          RC_ASSERT(amount(Line::opening) == before);
          before = amount(Line::opening) + amount(Line::new_) + amount(Line::expansion) -
                   amount(Line::contraction) - amount(Line::churn) + amount(Line::reactivation);
          RC_ASSERT(amount(Line::closing) == before);
          RC_ASSERT(before >= 0);
          if (found.limit_reason != Undefined::no) continue;
          const Estimate narrow = found.closing(period, 0.5), wide = found.closing(period, 0.95);
          RC_ASSERT(narrow.lower.value_or(-1) <= narrow.value.value_or(-1));
          RC_ASSERT(narrow.upper.value_or(-1) >= narrow.value.value_or(-1));
          RC_ASSERT(wide.lower.value_or(-1) <= narrow.lower.value_or(-1));
          RC_ASSERT(wide.upper.value_or(-1) >= narrow.upper.value_or(-1));
        }
      },
      100);
}

}  // namespace
}  // namespace tenure
