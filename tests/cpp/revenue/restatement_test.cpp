#include <tenure/revenue/restatement.hpp>

#include "support/faults.hpp"
#include "support/fx_reference.hpp"

/// How the past changed between two days of knowledge, and why.
namespace tenure::test {
namespace {

constexpr DatedColumns known_columns{.knowledge = true}, by_id{.knowledge = true, .versions = true};

Book dated_book(const std::vector<DatedRow>& rows, DatedColumns with, const Policy& policy = {}) {
  with.subscriptions = with.subscriptions || policy.reporting.grain != Grain::customer;
  Book book(policy);
  const DatedTable table(rows, with);
  book.add(table.columns());
  return book;
}

DatedRow known(Row row, const char* recorded, const char* superseded = "", std::int64_t id = 1,
               std::int64_t version = 1) {
  DatedRow dated{.row = row, .recorded = day(recorded)};
  if (*superseded != '\0') dated.superseded = day(superseded);
  dated.id = id;
  dated.version = version;
  return dated;
}

const std::vector<DatedRow> story{
    known(row(1, "2024-01-01", "", 100), "2024-01-02", "", 10, 1),
    known(row(2, "2024-01-01", "", 40), "2024-01-02", "2024-03-05", 20, 1),  // deleted
    known(row(1, "2024-01-01", "", 80), "2024-03-10", "", 10, 2),            // corrected
    known(row(3, "2024-02-01", "", 7), "2024-03-20", "", 30, 1),             // late
    known(row(4, "2024-02-01", "", 9), "2024-02-20", "2024-02-25", 40, 1),   // came and went in between
};

TEST(Restatement, SaysWhatChangedAndWhy) {
  const Restatement found =
      dated_book(story, by_id)
          .restatement(day("2024-02-10"), day("2024-03-31"), months("2024-01", "2024-02"));
  EXPECT_EQ(monthly(found.before, Line::closing), (std::vector<double>{140, 140}));
  EXPECT_EQ(monthly(found.after, Line::closing), (std::vector<double>{80, 87}));
  ASSERT_EQ(found.rows.size(), 4U);
  const auto show = [](const RestatedRow& row) {
    return std::to_string(row.row) + " " + std::string(name_of(row.reason)) +
           (row.known_before ? " gone" : " come") + (row.other ? " for " + std::to_string(*row.other) : "");
  };
  EXPECT_EQ(show(found.rows[0]), "0 corrected gone for 2");
  EXPECT_EQ(show(found.rows[1]), "1 deleted gone");
  EXPECT_EQ(show(found.rows[2]), "2 corrected come for 0");
  EXPECT_EQ(show(found.rows[3]), "3 late come");
  EXPECT_EQ(found.rows[2].start, day("2024-01-01"));
  EXPECT_EQ(found.rows[2].end, open_end);
  EXPECT_EQ(found.rows[2].rate, mrr(80));
  ASSERT_EQ(found.customers.size(), 5U);
  EXPECT_EQ(found.customers[0].period, 0U);
  EXPECT_EQ(std::get<std::int64_t>(found.customers[0].customer), 1);
  EXPECT_EQ(found.customers[0].before, RunRateSum(mrr(100)));
  EXPECT_EQ(found.customers[0].after, RunRateSum(mrr(80)));
  EXPECT_EQ(found.customers[0].rows, (std::vector<std::int64_t>{0, 2}));
  EXPECT_EQ(std::get<std::int64_t>(found.customers[4].customer), 3);
  EXPECT_EQ(found.customers[4].before, RunRateSum());
}

TEST(Restatement, BetweenEqualStatesThereIsNothing) {
  const Book book = dated_book(story, by_id);
  for (const char* to : {"2024-02-10", "2024-02-19", "2024-02-26"}) {
    const Restatement found = book.restatement(day("2024-02-10"), day(to), months("2024-01", "2024-02"));
    EXPECT_TRUE(found.customers.empty()) << to;
    EXPECT_TRUE(found.rows.empty()) << to;
    EXPECT_EQ(found.before.exact, found.after.exact) << to;
  }
  EXPECT_FAULT(book.restatement(day("2024-02-10"), day("2024-02-09"), window), OptionError, "E_WINDOW",
               "known from 2024-02-10 is after known to 2024-02-09");
  EXPECT_FAULT(book.restatement(day("2023-02-10"), day("2024-02-09"), window), InputError, "E_AS_OF",
               "2023-02-10");
}

TEST(Restatement, WithoutIdsARowReplacesOneOfItsSubscription) {
  std::vector<DatedRow> rows{known(row(1, "2024-01-01", "2024-02-01", 100), "2024-01-02", "2024-03-10"),
                             known(row(1, "2024-01-01", "2024-02-01", 80), "2024-03-10"),
                             known(row(1, "2024-02-01", "", 50), "2024-03-15"),
                             known(row(2, "2024-01-01", "2024-02-01", 10), "2024-01-02", "2024-03-10"),
                             known(row(3, "2024-02-01", "", 5), "2024-03-15")};
  const std::int64_t subscriptions[] = {7, 7, 8, 7, 7};  // their ids are only unique within a customer
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].row.subscription = subscriptions[i];
  const Restatement found = dated_book(rows, {.knowledge = true, .subscriptions = true})
                                .restatement(day("2024-02-10"), day("2024-03-31"), window);
  ASSERT_EQ(found.rows.size(), 5U);
  EXPECT_EQ(found.rows[0].other, 1);
  EXPECT_EQ(found.rows[1].other, 0);
  EXPECT_EQ(found.rows[2].reason, Restated::late);
  EXPECT_EQ(found.rows[3].reason, Restated::deleted);
  EXPECT_EQ(found.rows[4].reason, Restated::late);
}

TEST(Restatement, RowsThatWereLeftOutReplaceNobody) {
  const DatedTable table(
      {known(row(9, "2024-03-01", "2024-01-01", 100), "2024-01-02", "2024-03-10"),
       known(row(0, "2024-02-01", "", 5), "2024-03-15"), known(row(1, "2024-01-01", "", 7), "2024-01-02")},
      {.knowledge = true});
  Book book({}, {.on_reversed = OnReversed::drop});
  book.add(table.columns());
  const Restatement found = book.restatement(day("2024-02-10"), day("2024-03-31"), window);
  ASSERT_EQ(found.rows.size(), 1U);
  EXPECT_EQ(found.rows[0].row, 1);
  EXPECT_EQ(found.rows[0].reason, Restated::late);
}

/// Rows, reasons and customers once more, by looking at every pair.
void expect_explained(const Restatement& found, const std::vector<DatedRow>& rows, Day from, Day to,
                      bool with_ids) {
  std::vector<std::size_t> changed;
  for (std::size_t row = 0; row < rows.size(); ++row)
    if (rows[row].known_on(from) != rows[row].known_on(to)) changed.push_back(row);
  RC_ASSERT(found.rows.size() == changed.size());
  for (std::size_t i = 0; i < changed.size(); ++i) {
    const RestatedRow& restated = found.rows[i];
    const DatedRow& dated = rows[changed[i]];
    RC_ASSERT(restated.row == static_cast<std::int64_t>(changed[i]));
    RC_ASSERT(std::get<std::int64_t>(restated.customer) == dated.row.customer);
    RC_ASSERT(restated.known_before == dated.known_on(from));
    RC_ASSERT((restated.reason == Restated::corrected) == restated.other.has_value());
    if (!restated.other) {
      RC_ASSERT(restated.reason == (restated.known_before ? Restated::deleted : Restated::late));
      continue;
    }
    const DatedRow& other = rows[static_cast<std::size_t>(*restated.other)];
    RC_ASSERT(other.known_on(from) != dated.known_on(from));
    RC_ASSERT((with_ids ? other.id == dated.id : other.row.customer == dated.row.customer));
    const auto back = std::find_if(found.rows.begin(), found.rows.end(),
                                   [&](const RestatedRow& one) { return one.row == *restated.other; });
    RC_ASSERT(back != found.rows.end());
    RC_ASSERT(back->other == restated.row);
  }
}

/// What rates become known may move a customer none of whose rows changed.
void expect_adds_up(const Restatement& found, const Periods& periods, bool rates_move = false) {
  for (std::size_t period = 0; period < periods.size(); ++period) {
    RunRateSum sum = found.before.at(Line::closing, period).amount;
    for (const RestatedCustomer& customer : found.customers) {
      RC_ASSERT(customer.before != customer.after);
      RC_ASSERT(!customer.rows.empty() || rates_move);
      if (customer.period == period) sum += customer.after - customer.before;
    }
    RC_ASSERT(sum == found.after.at(Line::closing, period).amount);
  }
}

TEST(Restatement, AddsUpAndNamesEveryRow) {
  for_all([] {
    auto rows = *rc::gen::nonEmpty(any_known_rows());
    rows[0].recorded.reset();
    const Policy policy = without(*any_policy(), {"usage", "one_time"});
    const Day one = *any_day(), two = *any_day() + 60;
    const Day from = std::min(one, two), to = std::max(one, two);
    const Book book = dated_book(rows, known_columns, policy);
    const Restatement found = book.restatement(from, to, window);
    expect_adds_up(found, window);
    expect_explained(found, rows, from, to, false);
    RC_ASSERT((found.before.exact == book.known_at(from).waterfall(window).exact));
    RC_ASSERT((found.after.exact == book.known_at(to).waterfall(window).exact));
  });
}

TEST(Restatement, AddsUpInOtherCurrencies) {
  for_all([] {
    auto rows = *rc::gen::nonEmpty(any_known_rows());
    rows[0].recorded.reset();
    for (std::size_t row = 0; row < rows.size(); ++row)
      rows[row].currency = static_cast<int>(mixed(5, row, 0) % 4);
    Policy policy = without(*any_policy(), {"usage", "one_time"});
    policy.loading.fx_rate_at = *rc::gen::element(FxRateAt::period_end, FxRateAt::service_start);
    policy.reporting.fx_movement_day =
        policy.reporting.fx_movement == FxMovement::constant ? day("2023-03-03") : 0;
    Book book(policy, {.reporting_currency = Currency("EUR"), .rates = (*any_rates()).table()});
    const DatedTable table(
        rows,
        {.knowledge = true, .currency = true, .subscriptions = policy.reporting.grain != Grain::customer});
    book.add(table.columns());
    const Day one = *any_day(), two = *any_day() + 60;
    const Restatement found = book.restatement(std::min(one, two), std::max(one, two), window);
    expect_adds_up(found, window, true);
    expect_explained(found, rows, std::min(one, two), std::max(one, two), false);
  });
}

}  // namespace
}  // namespace tenure::test
