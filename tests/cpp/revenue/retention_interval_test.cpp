#include <tenure/revenue/retention_interval.hpp>

#include "support/faults.hpp"
#include "support/generators.hpp"

namespace tenure::test {
namespace {

const Periods january = months("2024-01", "2024-01");

/// Of every four customers one leaves and one pays half.
std::vector<Row> customers(int count) {
  std::vector<Row> rows;
  for (int i = 0; i < count; ++i) {
    const bool leaves = i % 4 == 0, shrinks = i % 4 == 1;
    rows.push_back(row(i, "2023-01-01", leaves || shrinks ? "2024-01-10" : "", 20, i % 2));
    if (shrinks) rows.push_back(row(i, "2024-01-10", "", 10, i % 2));
  }
  return rows;
}

TEST(RetentionEstimates, EncloseTheExactRetention) {
  const RetentionEstimates found = book_of(customers(400)).retention_estimates(january);
  ASSERT_EQ(found.cells.size(), 1U);
  const RetentionEstimate& cell = found.cells[0];
  EXPECT_EQ(cell.nrr.value.value(), 0.625);
  EXPECT_EQ(cell.grr.value.value(), 0.625);
  EXPECT_EQ(cell.logo_retention.value.value(), 0.75);
  // A proportion of 400: its standard error is sqrt(0.75 * 0.25 / 400).
  EXPECT_NEAR(cell.logo_retention.lower.value().value(), 0.75 - 1.96 * 0.02165, 0.006);
  EXPECT_NEAR(cell.logo_retention.upper.value().value(), 0.75 + 1.96 * 0.02165, 0.006);
  EXPECT_LT(cell.nrr.lower.value().value(), 0.625);
}

TEST(RetentionEstimates, AreBySegmentAndIndependentOfThreads) {
  const auto of = [](int threads) {
    return book_of(customers(100), Policy::standard(), threads)
        .retention_estimates(january, {.by = "plan"}, {.replicates = 100, .seed = 3});
  };
  const RetentionEstimates one = of(1), two = of(2);
  ASSERT_EQ(one.cells.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(one.cells[i].nrr, two.cells[i].nrr);
    EXPECT_EQ(one.cells[i].grr, two.cells[i].grr);
  }
  EXPECT_EQ(one.cells[0].logo_retention.value.value(), 0.5) << "basic holds who leaves";
}

TEST(RetentionEstimates, OfNobodyAreUndefined) {
  const RetentionEstimates found = book_of(customers(8)).retention_estimates(months("2023-06", "2023-06"));
  EXPECT_EQ(found.cells[0].nrr.value.reason(), Undefined::empty_base);
  EXPECT_EQ(found.cells[0].nrr.lower.reason(), Undefined::empty_base);
}

TEST(RetentionEstimates, HaveTheValuesOfNetRetention) {
  for_all(
      [] {
        const auto rows = *rc::gen::nonEmpty(any_rows());
        const Book book = book_of(rows, *any_policy());
        const NetRetentionOptions options{.horizon = 1 + *rc::gen::inRange(0, 13)};
        const NetRetention exact = book.net_retention(window, options);
        const RetentionEstimates found = book.retention_estimates(window, options, {.replicates = 20});
        for (std::size_t i = 0; i < exact.windows.size(); ++i) {
          RC_ASSERT(found.cells[i].nrr.value == Real(exact.windows[i].nrr()));
          RC_ASSERT(found.cells[i].logo_retention.value == Real(exact.windows[i].logo_retention()));
        }
      },
      20);
}

TEST(RetentionEstimates, RefuseTooFewReplicates) {
  EXPECT_FAULT(book_of(customers(8)).retention_estimates(january, {}, {.replicates = 1}), OptionError,
               "E_BOOTSTRAP", "too few");
}

}  // namespace
}  // namespace tenure::test
