#include <tenure/model/invoice.hpp>

#include <gtest/gtest.h>

#include "support/faults.hpp"
#include "support/rows.hpp"

/// What one invoice line comes to under each option of a loading policy.
namespace tenure {
namespace {

using test::day;

Policy with(const char* option, const char* value) {
  Policy policy;
  policy.set("mrr_source", "invoice_line");
  policy.set(option, value);
  return policy;
}

/// 100 for June 2024.
InvoiceLine june() {
  return {.service_start = day("2024-06-01"), .service_end = day("2024-07-01"), .amount = 100 * micros};
}

double on(const InvoiceLine& line, const char* at, const Policy& policy = {}, bool discount = false) {
  Worth worth;
  read_invoice_line(policy.loading, line, 2, worth);
  for (const PackedRow& row : discount ? worth.discount : worth.net)
    if (row.start <= day(at) && day(at) < row.end) return RunRateSum(RunRate{row.annual}).mrr();
  return -1;
}

LeftOut why(const InvoiceLine& line, const Policy& policy = {}) {
  Worth worth;
  read_invoice_line(policy.loading, line, 2, worth);
  return worth.left_out;
}

TEST(InvoiceLine, IsWorthItsAmountForItsServicePeriod) {
  EXPECT_EQ(on(june(), "2024-05-31"), -1);
  EXPECT_EQ(on(june(), "2024-06-01"), 100);
  EXPECT_EQ(on(june(), "2024-06-30"), 100);
  EXPECT_EQ(on(june(), "2024-07-01"), -1);
}

TEST(InvoiceLine, TakesItsServicePeriodForTheIntervalUnlessItHasOne) {
  InvoiceLine line = june();
  line.service_end = day("2024-09-01");
  EXPECT_NEAR(on(line, "2024-06-01"), 100.0 / 3, 1e-6);
  line.interval = Interval{IntervalUnit::month, 1};
  EXPECT_EQ(on(line, "2024-06-01"), 100);
  line.interval.reset();
  line.service_end = day("2024-06-11");
  EXPECT_NEAR(on(line, "2024-06-01"), 100 * 365.0 / 12 / 10, 1e-6);
  EXPECT_NEAR(on(line, "2024-06-01", with("interval_factor_day", "30")), 300, 1e-6);
}

TEST(InvoiceLine, AProratedLineIsScaledOrStands) {
  InvoiceLine line{.service_start = day("2023-06-15"),
                   .service_end = day("2023-06-30"),
                   .amount = 5 * micros,
                   .prorated = true};
  EXPECT_EQ(on(line, "2023-06-15"), 10);  // 30 / 15
  EXPECT_EQ(on(line, "2023-06-15", with("prorated_line", "as_invoiced")), 5);
  line.interval = Interval{IntervalUnit::year, 1};
  EXPECT_NEAR(on(line, "2023-06-15"), 5.0 * 366 / 15 / 12, 1e-6);
  EXPECT_NEAR(on(line, "2023-06-15", with("prorated_line", "as_invoiced")), 5.0 / 12, 1e-6);
}

TEST(InvoiceLine, IsWithoutTaxUnlessThePolicyWantsIt) {
  InvoiceLine line = june();
  line.tax = 16 * micros;
  EXPECT_EQ(on(line, "2024-06-01"), 84);
  EXPECT_EQ(on(line, "2024-06-01", with("tax", "included")), 100);
}

TEST(InvoiceLine, AddsItsDiscountWhereThePolicyIsGross) {
  InvoiceLine line = june();
  line.discount = 25 * micros;
  EXPECT_EQ(on(line, "2024-06-01"), 100);
  EXPECT_EQ(on(line, "2024-06-01", {}, true), 25);
  EXPECT_EQ(on(line, "2024-06-01", with("discounts", "none")), 125);
  EXPECT_EQ(on(line, "2024-06-01", with("discounts", "none"), true), -1);
  line.discount_duration = DiscountDuration::once;
  EXPECT_EQ(on(line, "2024-06-01"), 125);
  EXPECT_EQ(on(line, "2024-06-01", with("discounts", "all")), 100);
}

TEST(InvoiceLine, ACreditLowersMrrAndARefundWhereThePolicySays) {
  InvoiceLine credit = june(), refund = june();
  credit.amount = refund.amount = -40 * micros;
  credit.kind = InvoiceLineKind::credit;
  refund.kind = InvoiceLineKind::refund;
  EXPECT_EQ(on(credit, "2024-06-01"), -40);
  EXPECT_EQ(why(refund), LeftOut::refund);
  EXPECT_EQ(on(refund, "2024-06-01", with("refund", "lowers_mrr")), -40);
}

TEST(InvoiceLine, UsageAndOneTimeLinesAreSeriesOfTheirOwn) {
  InvoiceLine usage = june(), once = june();
  usage.kind = InvoiceLineKind::usage;
  once.kind = InvoiceLineKind::one_time;
  EXPECT_EQ(why(usage), LeftOut::usage);
  EXPECT_EQ(why(once), LeftOut::one_time);
  EXPECT_EQ(on(usage, "2024-06-01", with("usage", "included")), 100);
  EXPECT_EQ(on(once, "2024-06-01", with("one_time", "dated")), 100);
  EXPECT_EQ(why(june(), with("usage", "only")), LeftOut::recurring);
}

TEST(InvoiceLine, CountsOnceItIsPaidWherePaymentsAreTheSource) {
  InvoiceLine line = june();
  line.has_paid_on = true;
  line.paid_on = day("2024-06-10");
  EXPECT_EQ(on(line, "2024-06-09", with("mrr_source", "invoice_line")), 100);
  EXPECT_EQ(on(line, "2024-06-09", with("mrr_source", "payment")), 100) << "paid late is paid";
  line.paid_on.reset();
  EXPECT_EQ(why(line, with("mrr_source", "payment")), LeftOut::unpaid);
}

TEST(InvoiceLine, MatchesPublishedLines) {  // mrr-cm-02, mrr-re-02
  InvoiceLine quarter{.service_start = day("2024-01-01"),
                      .service_end = day("2024-04-01"),
                      .amount = 90 * micros,
                      .interval = Interval{IntervalUnit::month, 3}};
  EXPECT_EQ(on(quarter, "2024-01-01", Policy::named("chartmogul")), 30);
  InvoiceLine addon{.service_start = day("2023-06-15"),
                    .service_end = day("2023-06-30"),
                    .amount = 5 * micros,
                    .prorated = true,
                    .interval = Interval{}};
  EXPECT_EQ(on(addon, "2023-06-20", Policy::named("chartmogul")), 10);
  EXPECT_EQ(on(addon, "2023-06-20", Policy::named("recurly")), 5);
  EXPECT_EQ(on(addon, "2023-06-30", Policy::named("recurly")), -1);
}

TEST(InvoiceLine, RoundsNegativeAmountsAwayFromZero) {
  InvoiceLine credit = june();
  credit.kind = InvoiceLineKind::credit;
  credit.amount = -5'005'000;
  EXPECT_DOUBLE_EQ(on(credit, "2024-06-01"), -5.005);
  EXPECT_DOUBLE_EQ(on(credit, "2024-06-01", with("line_rounding", "minor")), -5.01);
  credit.amount = -5'004'999;
  EXPECT_DOUBLE_EQ(on(credit, "2024-06-01", with("line_rounding", "minor")), -5.00);
  credit.tax = -1'000'000;
  EXPECT_DOUBLE_EQ(on(credit, "2024-06-01", with("line_rounding", "four_decimals")), -4.005);
}

TEST(InvoiceLine, TellsWhichDiscountsCount) {
  struct Wanted {
    const char* policy;
    double forever, repeating, once;
  };
  for (const auto& [policy, forever, repeating, once] :
       {Wanted{"none", 125, 125, 125}, Wanted{"forever", 100, 125, 125}, Wanted{"recurring", 100, 100, 125},
        Wanted{"recurring_not_annual", 100, 100, 125}, Wanted{"one_time", 125, 125, 100},
        Wanted{"all", 100, 100, 100}})
    for (const auto& [duration, wanted] :
         {std::pair(DiscountDuration::forever, forever), std::pair(DiscountDuration::repeating, repeating),
          std::pair(DiscountDuration::once, once)}) {
      InvoiceLine line = june();
      line.discount = 25 * micros;
      line.discount_duration = duration;
      EXPECT_EQ(on(line, "2024-06-01", with("discounts", policy)), wanted)
          << policy << " " << static_cast<int>(duration);
    }
}

TEST(InvoiceLine, IgnoresALimitedDiscountOnAnAnnualPrice) {
  InvoiceLine line = june();
  line.service_end = day("2025-06-01");
  line.amount = 900 * micros;
  line.discount = 300 * micros;
  line.discount_duration = DiscountDuration::repeating;
  line.interval = Interval{IntervalUnit::month, 12};
  EXPECT_EQ(on(line, "2024-06-01", with("discounts", "recurring_not_annual")), 100);
  EXPECT_EQ(on(line, "2024-06-01", with("discounts", "recurring")), 75);
  line.interval = Interval{IntervalUnit::month, 11};
  EXPECT_NEAR(on(line, "2024-06-01", with("discounts", "recurring_not_annual")), 900.0 / 11, 1e-6);
}

TEST(InvoiceLine, ScalesAProratedLineToItsInterval) {
  InvoiceLine line{.service_start = day("2024-02-15"),
                   .service_end = day("2024-03-01"),
                   .amount = 30 * micros,
                   .prorated = true,
                   .interval = Interval{IntervalUnit::week, 4}};
  EXPECT_NEAR(on(line, "2024-02-15"), 30.0 * 28 / 15 * 52 / 12 / 4, 1e-6);
  EXPECT_NEAR(on(line, "2024-02-15", with("interval_factor_week", "4")), 30.0 * 28 / 15, 1e-6);
  EXPECT_NEAR(on(line, "2024-02-15", with("prorated_line", "as_invoiced")), 30.0 * 13 / 12, 1e-6);
  line.interval = Interval{IntervalUnit::day, 30};
  EXPECT_NEAR(on(line, "2024-02-15", with("interval_factor_day", "30")), 60, 1e-6);
}

TEST(InvoiceLine, WithoutAColumnOfPaymentsCountsAsPaid) {
  EXPECT_EQ(on(june(), "2024-06-01", with("mrr_source", "payment")), 100);
}

TEST(InvoiceLine, OneTimeLinesAreSpreadOverTheirService) {
  InvoiceLine once{.service_start = day("2024-01-01"),
                   .service_end = day("2024-07-01"),
                   .amount = 600 * micros,
                   .kind = InvoiceLineKind::one_time};
  EXPECT_EQ(why(once), LeftOut::one_time);
  for (const char* value : {"dated", "included", "only"})
    EXPECT_EQ(on(once, "2024-06-30", with("one_time", value)), 100) << value;
  EXPECT_EQ(why(june(), with("one_time", "only")), LeftOut::recurring);
  InvoiceLine usage = june();
  usage.kind = InvoiceLineKind::usage;
  EXPECT_EQ(on(usage, "2024-06-01", with("usage", "only")), 100);
  EXPECT_EQ(why(usage, with("one_time", "only")), LeftOut::usage);
}

TEST(InvoiceLine, DoesNotFitAboveSixtyFourBits) {
  InvoiceLine line = june();
  line.amount = INT64_MAX;
  Worth worth;
  read_invoice_line({}, line, 2, worth);
  EXPECT_FALSE(worth.fits);
}

TEST(InvoiceLineKind, IsKnownByName) {
  for (const auto& [name, kind] :
       {std::pair("recurring", InvoiceLineKind::recurring), std::pair("usage", InvoiceLineKind::usage),
        std::pair("one_time", InvoiceLineKind::one_time), std::pair("refund", InvoiceLineKind::refund)})
    EXPECT_EQ(parse_invoice_line_kind(name), kind);
  EXPECT_EQ(parse_invoice_line_kind("credit"), InvoiceLineKind::credit);
  EXPECT_FAULT(parse_invoice_line_kind("credits"), OptionError, "E_ENUM",
               "kind='credits' is not known; did you mean 'credit'?");
}

}  // namespace
}  // namespace tenure
