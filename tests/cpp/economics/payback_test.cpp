#include <tenure/economics/payback.hpp>

#include "support/faults.hpp"
#include "support/generators.hpp"
#include "support/property.hpp"
#include "support/spend_rows.hpp"

namespace tenure {
namespace {

using test::row;
using test::spend_of;

TEST(Payback, ByFormulaTakesOffWhatItIsToldTo) {
  EXPECT_DOUBLE_EQ((UnitMargin{.revenue = 1000, .margin = 0.8}.monthly()), 800);
  EXPECT_DOUBLE_EQ(
      (UnitMargin{.revenue = 1000, .margin = 0.8, .churn = 0.1, .processing = 0.05, .support = 50}.monthly()),
      630);
  EXPECT_DOUBLE_EQ(payback_months(1600, {.revenue = 1000, .margin = 0.8}).value_or(0), 2);
  EXPECT_EQ(payback_months(0, {.revenue = 1}), Real(0.0));
}

TEST(Payback, WithoutMarginIsUndefined) {
  EXPECT_EQ(payback_months(100, {.revenue = 10, .margin = 0}), Real(Undefined::no_margin));
  EXPECT_EQ(payback_months(100, {.revenue = 10, .support = 11}), Real(Undefined::no_margin));
  EXPECT_EQ(payback_months(Undefined::no_gain, {.revenue = 10}), Real(Undefined::no_gain));
  EXPECT_EQ(payback_years(0), Real(Undefined::no_gain));
  EXPECT_EQ(payback_years(-0.5), Real(Undefined::no_gain));
  EXPECT_EQ(cac_ratio(10, 5, 0), Real(Undefined::no_spend));
}

TEST(Payback, RefusesRatesThatCannotBe) {
  EXPECT_FAULT(payback_months(1, {.revenue = 1, .margin = 1.4}), InputError, "E_RATE_RANGE",
               "margin 1.4; must be <= 1");
  EXPECT_FAULT(payback_months(1, {.revenue = 1, .churn = 1.5}), InputError, "E_RATE_RANGE", "churn 1.5");
  EXPECT_FAULT(payback_months(1, {.revenue = 1, .processing = -0.1}), InputError, "E_RATE_RANGE",
               "processing -0.1");
  EXPECT_FAULT(payback_months(-1, {.revenue = 1}), InputError, "E_RATE_RANGE", "cost -1.0; must be >= 0");
  EXPECT_FAULT(payback_months(1, {.revenue = std::nan("")}), InputError, "E_RATE_RANGE", "revenue nan");
  EXPECT_FAULT(cac_ratio(1, 1, -1), InputError, "E_RATE_RANGE", "spend -1.0");
}

TEST(Crossing, LiesWhereTheCumulativeMarginIsTheCost) {
  const std::vector<double> margins{40, 30, 20};
  EXPECT_EQ(crossing(margins, 85, Crossing::interpolated, Undefined::not_reached), Real(2.75));
  EXPECT_EQ(crossing(margins, 85, Crossing::whole, Undefined::not_reached), Real(3.0));
  EXPECT_EQ(crossing(margins, 40, Crossing::interpolated, Undefined::not_reached), Real(1.0));
  EXPECT_EQ(crossing(margins, 40, Crossing::whole, Undefined::not_reached), Real(1.0));
  EXPECT_EQ(crossing(margins, 90.5, Crossing::whole, Undefined::not_reached), Real(Undefined::not_reached));
  EXPECT_EQ(crossing({}, 1, Crossing::whole, Undefined::not_yet_observed), Real(Undefined::not_yet_observed));
  EXPECT_EQ(crossing(margins, 0, Crossing::whole, Undefined::not_reached), Real(0.0));
}

TEST(Crossing, OfAnyMarginsHasEarnedExactlyTheCost) {  // relation L7
  test::for_all([] {
    const auto cents = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-50, 200));
    const double cost = *rc::gen::inRange(1, 1000);
    std::vector<double> margins(cents.begin(), cents.end());
    const Real found = crossing(margins, cost, Crossing::interpolated, Undefined::not_reached);
    double sum = 0, most = 0;
    for (const double margin : margins) most = std::max(most, sum += margin);
    RC_ASSERT(found.defined() == (most >= cost));
    if (!found.defined()) return;
    const double months = found.value_or(0), whole = std::ceil(months) - 1;
    double earned = 0;
    for (std::size_t age = 0; age < static_cast<std::size_t>(whole); ++age) earned += margins[age];
    earned += (months - whole) * margins[static_cast<std::size_t>(whole)];
    RC_ASSERT(std::abs(earned - cost) < 1e-9);
    RC_ASSERT(crossing(margins, cost, Crossing::whole, Undefined::not_reached) == Real(whole + 1));
  });
}

/// January: 1 (100 a month until March) and 2 (50); February: 3 (10), gone in March; April: nobody.
Triangle cohorts(const std::string& by = "") {
  const std::vector<test::Row> rows{row(1, "2024-01-10", "2024-03-10", 100, 0),
                                    row(2, "2024-01-20", "", 50, 1),
                                    row(3, "2024-02-05", "2024-03-05", 10, 0)};
  return test::book_of(rows).triangle(months("2024-01", "2024-04"), {.by = by});
}
Waterfall bridge(const std::string& by = "") {
  const std::vector<test::Row> rows{row(1, "2024-01-10", "2024-03-10", 100, 0),
                                    row(2, "2024-01-20", "", 50, 1),
                                    row(3, "2024-02-05", "2024-03-05", 10, 0)};
  return test::book_of(rows).waterfall(months("2024-01", "2024-04"), {.by = by});
}
CohortPayback paid_back(double january, const CohortPaybackOptions& options = {}) {
  const Spend spend = spend_of({{"2024-01", january}, {"2024-02", 11}, {"2024-04", 5}});
  return payback(cac(spend, bridge()), cohorts(), options);
}

TEST(CohortPayback, AddsUpTheMarginThatWasEarned) {
  const CohortPayback found = paid_back(320);
  EXPECT_EQ(found.cumulative[0], (std::vector<double>{150, 300, 350, 400}));
  EXPECT_EQ(found.rows[0].months, Real(2.4));  // 20 of the 50 of March
  EXPECT_EQ(found.rows[0].share, Real(1.25));
  EXPECT_DOUBLE_EQ(found.rows[0].formula.value_or(0), 320.0 / 150);
  EXPECT_EQ(paid_back(320, {.crossing = Crossing::whole}).rows[0].months, Real(3.0));
  EXPECT_EQ(paid_back(120, {.margin = 0.5, .cost_to_serve = 10}).rows[0].months, Real(2 + 10.0 / 15));
}

TEST(CohortPayback, SaysWhyThereIsNone) {
  const CohortPayback found = paid_back(1000);
  EXPECT_EQ(found.rows[0].months, Real(Undefined::not_yet_observed));  // 2 still pays
  EXPECT_EQ(found.rows[1].months, Real(Undefined::not_reached));       // nobody is left
  EXPECT_EQ(found.rows[1].share, Real(10.0 / 11));
  EXPECT_EQ(found.rows[2].months, Real(Undefined::no_gain));
  EXPECT_EQ(found.rows[2].formula, Real(Undefined::no_gain));
  EXPECT_EQ(found.rows[3].cost, Real(5.0));
  const Spend late = spend_of({{"2024-02", 11}});
  const CohortPayback unknown = payback(cac(late, bridge()), cohorts());
  EXPECT_EQ(unknown.rows[0].months, Real(Undefined::before_history));
  EXPECT_EQ(unknown.rows[0].share, Real(Undefined::before_history));
}

TEST(CohortPayback, CountsPeriodsThatAreOver) {
  const CohortPayback found = paid_back(320, {.known_until = parse_day("2024-03-30")});
  EXPECT_EQ(found.complete, 2U);
  EXPECT_EQ(found.cumulative[0], (std::vector<double>{150, 300}));
  EXPECT_EQ(found.rows[0].observed, 2);
  EXPECT_EQ(found.rows[0].months, Real(Undefined::not_yet_observed));
  EXPECT_EQ(found.rows[0].share, Real(300.0 / 320));
  EXPECT_EQ(found.rows[1].months, Real(Undefined::not_yet_observed));  // 3 still pays
  const CohortPayback::Row& later = found.rows[3];
  EXPECT_EQ(later.cost, Real(5.0));
  EXPECT_EQ(later.months, Real(Undefined::not_yet_observed));
  EXPECT_EQ(later.share, Real(Undefined::not_yet_observed));
  EXPECT_EQ(paid_back(320, {.known_until = parse_day("2024-03-31")}).rows[0].months, Real(2.4));
  const CohortPayback none = paid_back(0, {.known_until = parse_day("2024-01-30")});
  EXPECT_EQ(none.rows[0].months, Real(Undefined::not_yet_observed));  // not at once, though it cost nothing
}

TEST(CohortPayback, ByChannelMatchesLabels) {
  const Spend spend = spend_of({{"2024-01", 200, "basic"}, {"2024-01", 7, "team"}, {"2024-04", 0, "team"}});
  const CohortPayback found = payback(cac(spend, bridge("plan")), cohorts("plan"));
  EXPECT_EQ(found.frame.segments, (std::vector<std::string>{"basic", "pro", "team"}));
  EXPECT_EQ(found.rows[0].months, Real(2.0));
  EXPECT_EQ(found.rows[1].months, Real(0.0));  // won for nothing
  EXPECT_EQ(found.rows[2].months, Real(Undefined::no_gain));
}

TEST(CohortPayback, CountsMonthsWhateverThePeriods) {
  const std::vector<test::Row> rows{row(1, "2024-01-10", "", 100)};
  const Periods by_quarter = quarters("2024-01", "2024-12");
  const Book book = test::book_of(rows);
  const Spend spend = spend_of({{"2024-01", 450}, {"2024-12", 0}});
  const CohortPayback found = payback(cac(spend, book.waterfall(by_quarter)), book.triangle(by_quarter));
  EXPECT_EQ(found.rows[0].months, Real(4.5));
  const Periods by_week = weeks("2024-01-08", "2024-01-20");
  EXPECT_EQ(payback(cac(spend, book.waterfall(by_week)), book.triangle(by_week)).rows[0].months,
            Real(Undefined::other_period));
  EXPECT_FAULT(payback(cac(spend, book.waterfall(by_week)), book.triangle(by_quarter)), OptionError,
               "E_PERIODS", "other periods");
  EXPECT_FAULT(paid_back(1, {.margin = 1.01}), InputError, "E_RATE_RANGE", "margin 1.01");
}

}  // namespace
}  // namespace tenure
