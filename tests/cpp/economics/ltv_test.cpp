#include <tenure/economics/ltv.hpp>

#include <cmath>

#include <tenure/economics/efficiency.hpp>
#include <tenure/economics/payback.hpp>

#include "support/cases.hpp"
#include "support/faults.hpp"
#include "support/property.hpp"
#include "support/rows.hpp"
#include "support/shared.hpp"
#include "support/spend_rows.hpp"

namespace tenure {
namespace {

using test::Json;
using test::row;

// Published figures, in tests/cases/economics.json; tests/python/test_economics.py reads them too.

std::map<std::string, double> figures_of(const std::string& formula, const Json& given) {
  const auto number = [&](const char* name, double usual) { return given.value(name, usual); };
  LtvTerms terms{.margin = number("margin", 1)};
  if (given.value("zero_churn", "") == "zero") terms.zero_churn = ZeroChurn::zero;
  if (formula == "ltv") {
    const double churn =
        given.contains("lost") ? number("lost", 0) / number("opening", 1) : number("churn", 0);
    return {{"ltv", ltv(given.at("revenue"), churn, terms).value().value()}};
  }
  if (formula == "trailing") {
    std::vector<Real> churns;
    for (const double churn : given.at("churns")) churns.emplace_back(churn);
    const Real mean = trailing_churn(churns, given.at("periods"), false).back();
    return {{"churn", mean.value().value()}, {"ltv", ltv(given.at("revenue"), mean).value().value()}};
  }
  if (formula == "cac") {
    const Cac::Cell cell{.spend = {to_micros(given.at("spend"))}, .won = {{}, given.at("new_customers")}};
    return {{"cac", cell.per_customer().value().value()}};
  }
  if (formula == "lifetime") return {{"lifetime", lifetime(number("churn", 0)).value().value()}};
  if (formula == "payback") {
    const UnitMargin unit{.revenue = given.at("revenue"),
                          .margin = number("margin", 1),
                          .churn = number("churn", 0),
                          .processing = number("processing", 0),
                          .support = number("support", 0)};
    return {{"monthly", unit.monthly()}, {"months", payback_months(number("cost", 0), unit).value().value()}};
  }
  const Real ratio = formula == "cac_ratio" ? cac_ratio(given.at("margin_now"), given.at("margin_before"),
                                                        given.at("spend_before"))
                                            : Real(number("cac_ratio", 0));
  return {{"ratio", ratio.value().value()}, {"years", payback_years(ratio).value().value()}};
}

class PublishedEconomics : public testing::TestWithParam<test::Case> {};

TEST_P(PublishedEconomics, IsWhatTheSourcePrints) {
  const Json& content = GetParam().content;
  const double tolerance = content.at("tolerance");
  const auto found = figures_of(content.at("formula"), content.at("inputs"));
  for (const auto& [name, expected] : content.at("expected").items()) {
    const double value = expected;
    EXPECT_NEAR(found.at(name), value, std::max(tolerance, 1e-12 * std::max(std::abs(value), 1.0))) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, PublishedEconomics, testing::ValuesIn(test::read_cases("economics.json")),
                         [](const auto& at) { return test::test_name(at.param.id); });

// Relations L1 to L4 and L8 of lifetime value.

struct Terms {
  double revenue, churn;
  LtvTerms terms;
};

Terms any_terms() {
  const auto share = [](int low, int high) { return *rc::gen::inRange(low, high) / 1000.0; };
  return {.revenue = share(1, 900000),
          .churn = share(1, 999),
          .terms = {.margin = share(-200, 1001),
                    .discount = share(0, 300),
                    .timing = *rc::gen::element(Timing::begin, Timing::end)}};
}

Real over(const Terms& given, int horizon) {
  LtvTerms terms = given.terms;
  terms.horizon = horizon;
  return ltv(given.revenue, given.churn, terms);
}

bool near(double a, double b, double relative = 1e-12) {
  return std::abs(a - b) <= relative * std::max({std::abs(a), std::abs(b), 1e-300});
}

TEST(Ltv, OfConstantChurnIsMarginOverChurn) {  // L1
  test::for_all([] {
    Terms given = any_terms();
    given.terms.discount = 0;
    const double margin = given.revenue * given.terms.margin;
    RC_ASSERT(near(ltv(given.revenue, given.churn, given.terms).value_or(-1), margin / given.churn));
  });
}

TEST(Ltv, IsTheSumOfItsPeriods) {
  test::for_all([] {
    const Terms given = any_terms();
    const int horizon = *rc::gen::inRange(0, 200);
    std::vector<double> survival;
    for (int t = 0; t < horizon; ++t) survival.push_back(std::pow(1 - given.churn, t));
    const Real sum = ltv_of_survival(given.revenue, survival, given.terms);
    RC_ASSERT(sum.defined() == (horizon > 0));
    RC_ASSERT(near(over(given, horizon).value_or(-1), sum.value_or(0), 1e-11));
  });
}

TEST(Ltv, FallsWithChurnAndDiscountAndRisesWithMargin) {  // L2, L8
  test::for_all([] {
    Terms given = any_terms();
    given.terms.margin = std::abs(given.terms.margin) + 0.001;
    given.terms.margin = std::min(given.terms.margin, 0.9);
    const auto value = [](Terms of, double churn, double discount, double margin) {
      of.terms.discount += discount;
      of.terms.margin += margin;
      return ltv(of.revenue, of.churn + churn, of.terms).value_or(0);
    };
    const double base = value(given, 0, 0, 0);
    RC_ASSERT(value(given, 0.0005, 0, 0) < base);
    RC_ASSERT(value(given, 0, 0.01, 0) < base);
    RC_ASSERT(value(given, 0, 0, 0.01) > base);
    RC_ASSERT(near(ltv(given.revenue * 4, given.churn, given.terms).value_or(0), 4 * base));
  });
}

TEST(Ltv, OfLongerHorizonsConvergesFromBelow) {  // L3
  const Terms given{.revenue = 100, .churn = 0.05, .terms = {.margin = 0.8, .discount = 0.01}};
  double before = -1;
  for (const int horizon : {0, 1, 12, 60, 600, 5000}) {
    const double value = over(given, horizon).value_or(-1);
    EXPECT_GT(value, before);
    before = value;
  }
  EXPECT_TRUE(near(before, ltv(100, 0.05, given.terms).value_or(0)));
}

TEST(Ltv, OfTwoSpansIsTheFirstAndTheRestOfWhoIsLeft) {  // L4
  test::for_all([] {
    const Terms given = any_terms();
    const int first = *rc::gen::inRange(0, 60), second = *rc::gen::inRange(0, 60);
    const double kept = std::pow((1 - given.churn) / (1 + given.terms.discount), first);
    const double parts = over(given, first).value_or(0) + kept * over(given, second).value_or(0);
    RC_ASSERT(near(over(given, first + second).value_or(-1), parts, 1e-11));
  });
}

TEST(Ltv, PaidAtTheEndIsWorthOnePeriodLess) {
  const LtvTerms begin{.discount = 0.25}, end{.discount = 0.25, .timing = Timing::end};
  EXPECT_DOUBLE_EQ(ltv(100, 0.25, begin).value_or(0), 250);  // 100 * 1.25 / 0.5
  EXPECT_DOUBLE_EQ(ltv(100, 0.25, end).value_or(0), 200);    // 100 / 0.5
}

TEST(Ltv, WithoutChurnIsUndefinedZeroOrAFloor) {
  EXPECT_EQ(ltv(100, 0), Real(Undefined::no_loss));
  EXPECT_EQ(ltv(100, 0, {.zero_churn = ZeroChurn::zero}), Real(0.0));
  EXPECT_DOUBLE_EQ(ltv(100, 0, {.zero_churn = ZeroChurn::floor}).value_or(0), 10000);
  EXPECT_DOUBLE_EQ(ltv(100, 0.001, {.zero_churn = ZeroChurn::floor}).value_or(0), 10000);
  EXPECT_DOUBLE_EQ(ltv(100, 0, {.discount = 0.25}).value_or(0), 500);  // a perpetuity
  EXPECT_DOUBLE_EQ(ltv(100, 0, {.horizon = 12}).value_or(0), 1200);
  EXPECT_EQ(lifetime(0), Real(Undefined::no_loss));
  EXPECT_EQ(lifetime(-0.1), Real(Undefined::no_loss));
}

TEST(Ltv, OfGrowingCustomersHasALimitOnlyUnderADiscount) {
  EXPECT_EQ(ltv(100, -0.02), Real(Undefined::diverges));
  EXPECT_EQ(ltv(100, -0.02, {.discount = 0.02}), Real(Undefined::diverges));
  EXPECT_NEAR(ltv(100, -0.02, {.discount = 0.05}).value_or(0), 100 * 1.05 / 0.03, 1e-9);
  EXPECT_NEAR(ltv(100, -0.5, {.horizon = 3}).value_or(0), 100 + 150 + 225, 1e-9);
  EXPECT_EQ(ltv(100, Undefined::empty_base), Real(Undefined::empty_base));
}

TEST(Ltv, OfWhoLeaveAtOnceIsOnePeriod) {
  EXPECT_EQ(ltv(100, 1, {.horizon = 5}), Real(100.0));
  EXPECT_EQ(ltv(100, 1), Real(100.0));
  EXPECT_EQ(ltv(100, 1, {.horizon = 0}), Real(0.0));
}

TEST(Ltv, RefusesRatesThatCannotBe) {
  EXPECT_FAULT(ltv(1, 0.5, {.margin = 1.4}), InputError, "E_RATE_RANGE", "margin 1.4; must be <= 1");
  EXPECT_FAULT(ltv(1, 0.5, {.discount = -1.0}), InputError, "E_RATE_RANGE", "discount -1.0; must be > -1");
  EXPECT_FAULT(ltv(1, 1.5), InputError, "E_RATE_RANGE", "churn 1.5; must be <= 1");
  EXPECT_FAULT(ltv(1, std::nan("")), InputError, "E_RATE_RANGE", "churn nan");
  EXPECT_FAULT(ltv(1, 0.5, {.horizon = -1}), OptionError, "E_HORIZON", "horizon=-1 is below 0");
  EXPECT_FAULT(ltv_of_survival(1, std::vector<double>{1, 1.2}), InputError, "E_RATE_RANGE", "survival 1.2");
  EXPECT_FAULT(ltv_of_survival(1, std::vector<double>{1, 0.4, 0.5}), InputError, "E_RATE_RANGE",
               "survival rises from 0.4 to 0.5");
  EXPECT_EQ(ltv_of_survival(1, {}), Real(Undefined::empty_base));
  EXPECT_EQ(ltv_of_survival(1, std::vector<double>{1, 0.5}, {.horizon = 12}),
            Real(Undefined::not_yet_observed));
}

TEST(Ltv, OverCacIsUndefinedForWhoCostNothing) {
  EXPECT_EQ(ltv_to_cac(8000, 2000), Real(4.0));
  EXPECT_EQ(ltv_to_cac(8000, 0), Real(Undefined::no_spend));
  EXPECT_EQ(ltv_to_cac(8000, Undefined::no_gain), Real(Undefined::no_gain));
}

TEST(TrailingChurn, NeedsAllOfItsPeriods) {
  const std::vector<Real> rates{0.1, 0.3, Undefined::empty_base, 0.5};
  const std::vector<Real> means = trailing_churn(rates, 2, false);
  EXPECT_EQ(means[1], Real(Undefined::before_history));
  EXPECT_EQ(means[2], Real(0.2));
  EXPECT_EQ(means[3], Real(Undefined::empty_base));
  EXPECT_EQ(trailing_churn(rates, 2, true)[1], Real(0.2));
  EXPECT_FAULT(trailing_churn(rates, 0, true), OptionError, "E_TRAILING", "trailing=0");
}

TEST(ChurnMeasure, IsKnownByName) {
  EXPECT_EQ(parse_churn_measure("net_mrr"), ChurnMeasure::net_mrr);
  EXPECT_FAULT(parse_churn_measure("net_mr"), OptionError, "E_CHURN", "did you mean 'net_mrr'?");
}

/// 1 and 2 from January at 100; 2 leaves in March; 3 at 40 from February grows to 60 in April.
Book story() {
  return test::book_of(
      std::vector<test::Row>{row(1, "2024-01-10", "", 100, 0), row(2, "2024-01-10", "2024-03-05", 100, 0),
                             row(3, "2024-02-10", "2024-04-02", 40, 1), row(3, "2024-04-02", "", 60, 1)});
}

TEST(ObservedValue, IsWhatCohortsBroughtPerCustomer) {
  const Triangle cohorts = story().triangle(months("2024-01", "2024-04"));
  const std::vector<ObservedValue> values = observed_ltv(cohorts, 0, {.margin = 0.5});
  EXPECT_EQ(values[0].customers, 3);
  EXPECT_DOUBLE_EQ(values[0].per_customer.value_or(0), 0.5 * 240 / 3);
  EXPECT_DOUBLE_EQ(values[1].per_customer.value_or(0), 40 + 0.5 * 240 / 3);
  EXPECT_DOUBLE_EQ(values[2].per_customer.value_or(0), 80 + 0.5 * 160 / 3);
  EXPECT_EQ(values[3].customers, 2);  // January alone is four months old
  EXPECT_DOUBLE_EQ(values[3].per_customer.value_or(0), 80 + 0.5 * 160 / 3 + 0.5 * 100 / 2);
  EXPECT_EQ(observed_ltv(cohorts, 0, {.horizon = 2}).size(), 2U);
  EXPECT_DOUBLE_EQ(observed_ltv(cohorts, 0, {.discount = 1.0})[1].per_customer.value_or(0), 80 + 40);
  EXPECT_DOUBLE_EQ(observed_ltv(cohorts, 0, {}, 10)[0].per_customer.value_or(0), 70);
}

TEST(ObservedValue, CountsPeriodsThatAreOver) {
  const Triangle cohorts = story().triangle(months("2024-01", "2024-06"));
  const auto until_march = observed_ltv(story().triangle(months("2024-01", "2024-03")), 0);
  const auto values = observed_ltv(cohorts, 0, {}, 0, parse_day("2024-04-29"));
  ASSERT_EQ(values.size(), 6U);
  for (std::size_t age = 0; age < 3; ++age) {
    EXPECT_EQ(values[age].customers, until_march[age].customers);
    EXPECT_EQ(values[age].per_customer, until_march[age].per_customer);
  }
  for (std::size_t age = 3; age < 6; ++age) {
    EXPECT_EQ(values[age].customers, 0);
    EXPECT_EQ(values[age].per_customer, Real(Undefined::not_yet_observed));
  }
}

TEST(ObservedValue, OfCohortsAddsUpToWhatWasPaid) {  // L5
  const Triangle cohorts = story().triangle(months("2024-01", "2024-01"));
  const Triangle later = story().triangle(months("2024-01", "2024-02"));
  EXPECT_DOUBLE_EQ(2 * observed_ltv(cohorts, 0)[0].per_customer.value_or(0), cohorts.at(0, 0).amount.mrr());
  EXPECT_EQ(observed_ltv(later, 0)[1].customers, 2);
  EXPECT_EQ(observed_ltv(Book().triangle(months("2024-01", "2024-02")), 0)[0].per_customer,
            Real(Undefined::empty_base));
  EXPECT_EQ(observed_ltv(story().triangle(weeks("2024-01-08", "2024-01-20")), 0)[0].per_customer,
            Real(Undefined::other_period));
}

TEST(SegmentValues, AreRatiosOfSumsOverCustomers) {
  const CustomerTotals totals = story().customer_totals(months("2024-02", "2024-04"));
  const SegmentValue all = segment_values(totals, ChurnMeasure::customer, {.margin = 0.5})[0];
  EXPECT_EQ(all.customers, 3);
  EXPECT_DOUBLE_EQ(all.churn.value.value_or(0), 1.0 / 7);  // openings: 2 + 3 + 2
  EXPECT_DOUBLE_EQ(all.arpa.value.value_or(0), (240.0 + 140 + 160) / 7);
  EXPECT_DOUBLE_EQ(all.lifetime.value.value_or(0), 7);
  EXPECT_DOUBLE_EQ(all.ltv.value.value_or(0), 0.5 * 540);
  const auto churn = [&](ChurnMeasure measure) {
    return segment_values(totals, measure)[0].churn.value.value_or(-1);
  };
  EXPECT_DOUBLE_EQ(churn(ChurnMeasure::mrr), 100.0 / 580);  // opening MRR 200 + 240 + 140
  EXPECT_DOUBLE_EQ(churn(ChurnMeasure::gross_mrr), 100.0 / 580);
  EXPECT_DOUBLE_EQ(churn(ChurnMeasure::net_mrr), 80.0 / 580);
}

TEST(SegmentValues, BySegmentAreUndefinedWhereNobodyLeft) {
  const CustomerTotals totals = story().customer_totals(months("2024-02", "2024-04"), "plan");
  const std::vector<SegmentValue> values = segment_values(totals, ChurnMeasure::customer);
  ASSERT_EQ(values.size(), 2U);
  EXPECT_EQ(values[0].segment, "basic");
  EXPECT_DOUBLE_EQ(values[0].churn.value.value_or(0), 1.0 / 5);
  EXPECT_EQ(values[1].ltv.value, Real(Undefined::no_loss));
  EXPECT_EQ(values[1].lifetime.value, Real(Undefined::no_loss));
}

TEST(SegmentValues, OfQuartersAreThoseOfMonthsTimesThree) {
  const CustomerTotals totals = story().customer_totals(quarters("2024-04", "2024-06"));
  const SegmentValue grown =
      segment_values(totals, ChurnMeasure::customer, {.zero_churn = ZeroChurn::floor, .floor = 0.5})[0];
  EXPECT_DOUBLE_EQ(grown.ltv.value.value_or(0), 80.0 * 3 / 0.5);
  const CustomerTotals by_week = story().customer_totals(weeks("2024-03-04", "2024-03-10"));
  EXPECT_EQ(segment_values(by_week, ChurnMeasure::customer)[0].ltv.value, Real(Undefined::other_period));
}

TEST(SegmentValues, HaveIntervalsAroundTheValue) {
  std::vector<test::Row> rows;
  for (int i = 0; i < 400; ++i)
    rows.push_back(row(i, "2024-01-10", i % 4 == 0 ? "2024-03-05" : "", 50 + i % 50));
  const CustomerTotals totals = test::book_of(rows).customer_totals(months("2024-02", "2024-04"));
  const BootstrapOptions options{.replicates = 500, .seed = 3};
  const SegmentValue with = segment_values(totals, ChurnMeasure::customer, {}, options)[0];
  const SegmentValue without = segment_values(totals, ChurnMeasure::customer)[0];
  EXPECT_DOUBLE_EQ(with.ltv.value.value_or(0), without.ltv.value.value_or(1));
  EXPECT_LT(with.ltv.lower.value_or(0), with.ltv.value.value_or(0));
  EXPECT_GT(with.ltv.upper.value_or(0), with.ltv.value.value_or(0));
  // 100 of 1100 openings lost: binomial to a good approximation.
  const double spread = (with.churn.upper.value_or(0) - with.churn.lower.value_or(0)) / 2 / 1.96;
  EXPECT_NEAR(spread, std::sqrt(100.0) / 1100, 0.0015);
  EXPECT_EQ(segment_values(totals, ChurnMeasure::customer, {}, options)[0].ltv, with.ltv);
}

TEST(PeriodValues, TakeEachPeriodsOwnArpaAndChurn) {
  const Waterfall bridge = story().waterfall(months("2024-02", "2024-04"));
  const std::vector<Real> churn = churn_by_row(bridge, ChurnMeasure::customer);
  EXPECT_EQ(churn, (std::vector<Real>{0.0, 1.0 / 3, 0.0}));
  EXPECT_EQ(churn_by_row(bridge, ChurnMeasure::net_mrr)[2], Real(-20.0 / 140));
  EXPECT_EQ(churn_by_period(story().churn(months("2024-02", "2024-04")), ChurnMeasure::customer), churn);
  const std::vector<PeriodValue> values = period_values(bridge, churn);
  EXPECT_EQ(values[1].arpa, Real(70.0));
  EXPECT_DOUBLE_EQ(values[1].ltv.value_or(0), 210);
  EXPECT_EQ(values[2].ltv, Real(Undefined::no_loss));
}

TEST(MeanValue, OfCustomersHasAnInterval) {
  std::vector<std::uint64_t> keys;
  std::vector<double> values;
  for (std::uint64_t i = 0; i < 300; ++i) {
    keys.push_back(i);
    values.push_back(static_cast<double>(i % 7));
  }
  const Estimate mean = mean_value(keys, values, BootstrapOptions{.replicates = 300});
  EXPECT_LT(mean.lower.value_or(9), mean.value.value_or(0));
  EXPECT_GT(mean.upper.value_or(0), mean.value.value_or(9));
  EXPECT_EQ(mean_value({}, {}).value, Real(Undefined::empty_base));
  values[4] = HUGE_VAL;
  EXPECT_FAULT(mean_value(keys, values), InputError, "E_AMOUNT_NAN", "row 4");
}

}  // namespace
}  // namespace tenure
