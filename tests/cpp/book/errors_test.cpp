#include <limits>

#include "support/columns.hpp"
#include "support/faults.hpp"
#include "support/rows.hpp"

/// What a book refuses, by the codes of the bad-input catalogue (groups money, time, keys, table).
namespace tenure::test {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                 infinite = std::numeric_limits<double>::infinity();

/// The table with one thing spoiled.
template <class Spoil>
Columns with(Spoil spoil) {
  Columns columns;
  spoil(columns);
  return columns;
}

TEST(BookErrors, Amounts) {  // MON-01, MON-02, MON-17
  EXPECT_FAULT(with([](Columns& c) { c.amount[1] = nan; }).book(), InputError, "E_AMOUNT_NAN",
               "column 'amount', row 1: NaN is not an amount");
  EXPECT_FAULT(with([](Columns& c) { c.amount[0] = infinite; }).book(), InputError, "E_AMOUNT_INF",
               "column 'amount', row 0: the amount is infinite");
  EXPECT_FAULT(with([](Columns& c) { c.amount[0] = -infinite; }).book(), InputError, "E_AMOUNT_INF",
               "infinite");
  EXPECT_FAULT(with([](Columns& c) { c.amount[0] = -500; }).book(), InputError, "E_AMOUNT_NEGATIVE",
               "negative recurring amount -500");
  EXPECT_FAULT(with([](Columns& c) { c.valid_amount = 0b01; }).book(), InputError, "E_AMOUNT_NULL",
               "column 'amount', row 1: missing amount");
  EXPECT_FAULT(with([](Columns& c) { c.amount[1] = 1e12; }).book(), InputError, "E_AMOUNT_RANGE",
               "comes to more than 64 bits of micro-units a year");
}

TEST(BookErrors, FloatingAmountsThatCannotBeExact) {  // MON-08
  EXPECT_FAULT(with([](Columns& c) { c.amount[1] = 9007199254740994.0; }).book(), InputError,
               "E_AMOUNT_INEXACT", "column 'amount', row 1");
}

TEST(BookErrors, AmountsOfOneCustomerTogether) {
  EXPECT_FAULT(with([](Columns& c) { c.customer = {1, 1}, c.amount = {5e11, 5e11}; }).book(), InputError,
               "E_AMOUNT_RANGE", "the run rates of one customer together come to more than 64 bits");
  EXPECT_NO_THROW(with([](Columns& c) { c.amount = {5e11, 5e11}; }).book());
}

TEST(BookErrors, Quantities) {  // MON-29
  EXPECT_FAULT(with([](Columns& c) { c.quantity = {-3, 1}; }).book(), InputError, "E_QUANTITY_RANGE",
               "column 'quantity', row 0: quantity -3; must be 0 to 1000000000");
  EXPECT_FAULT(with([](Columns& c) { c.quantity = {1, 1'000'000'001}; }).book(), InputError,
               "E_QUANTITY_RANGE", "row 1");
  EXPECT_FAULT(with([](Columns& c) { c.quantity = {1, 1}, c.valid_quantity = 0b10; }).book(), InputError,
               "E_QUANTITY_RANGE", "row 0: missing quantity");
  EXPECT_FAULT(with([](Columns& c) { c.interval_count = {1, 0}; }).book(), InputError, "E_INTERVAL_COUNT",
               "column 'interval_count', row 1");
}

TEST(BookErrors, Currencies) {  // MON-19, MON-20, MON-22
  EXPECT_FAULT(with([](Columns& c) { c.currency = {"USD", "null"}; }).book(), InputError, "E_CURRENCY_NULL",
               "column 'currency', row 1: amount without a currency");
  EXPECT_FAULT(with([](Columns& c) { c.currency = {"ZZZ", "USD"}; }).book(), InputError, "E_CURRENCY_UNKNOWN",
               "row 0: 'ZZZ' is not an ISO 4217 code");
  EXPECT_FAULT(with([](Columns& c) { c.currency = {"USD", "EUR"}; }).book(), InputError, "E_CURRENCY_MIXED",
               "USD and EUR in one book");
}

TEST(BookErrors, Dates) {  // TIM-01, TIM-02, TIM-04, TIM-05
  EXPECT_FAULT(with([](Columns& c) { c.valid_start = 0b10; }).book(), InputError, "E_DATE_NULL",
               "column 'start', row 0: missing date");
  EXPECT_FAULT(with([](Columns& c) { c.end = {day("2024-01-31"), day("2024-01-01")}; }).book(), InputError,
               "E_PERIOD_REVERSED", "column 'end', row 1: end 2024-01-01 lies before start 2024-02-01");
  EXPECT_FAULT(with([](Columns& c) { c.start[0] = min_day - 1; }).book(), InputError, "E_DATE_RANGE",
               "row 0: 1399-12-31 is outside 1400-01-01..9999-12-31");
  EXPECT_FAULT(with([](Columns& c) { c.start[1] = max_day + 1; }).book(), InputError, "E_DATE_RANGE",
               "10000-01-01 is outside");
  EXPECT_FAULT(with([](Columns& c) { c.end = {max_day + 2, max_day}; }).book(), InputError, "E_DATE_RANGE",
               "column 'end', row 0");
}

TEST(BookErrors, ExtremeDaysAreRefusedUnderEveryPolicy) {
  for (const char* end_date : {"exclusive", "inclusive"}) {
    Policy policy;
    policy.set("end_date", end_date);
    for (Day extreme : {INT32_MIN, INT32_MIN + 1, INT32_MAX - 1}) {
      EXPECT_THROW(with([&](Columns& c) { c.start[1] = extreme; }).book(policy), InputError) << extreme;
      EXPECT_THROW(with([&](Columns& c) { c.end = {extreme, extreme}; }).book(policy), InputError) << extreme;
    }
    const Book open = with([&](Columns& c) { c.end = {open_end, open_end}; }).book(policy);
    EXPECT_EQ(open.mrr(max_day).mrr(), 30) << "open_end stands for an open end";
  }
}

TEST(BookErrors, InclusiveEndsAreReversedByTheCallersOwnDay) {
  Policy policy;
  policy.loading.end = EndDate::inclusive;
  EXPECT_FAULT(with([](Columns& c) { c.end = {day("2023-12-31"), day("2024-02-01")}; }).book(policy),
               InputError, "E_PERIOD_REVERSED", "row 0: end 2023-12-31 lies before start 2024-01-01");
  const Book one_day = with([](Columns& c) { c.end = c.start; }).book(policy);
  EXPECT_EQ(one_day.mrr(day("2024-02-01")).mrr(), 20);
  EXPECT_EQ(one_day.mrr(day("2024-02-02")).mrr(), 0);
}

TEST(BookErrors, Customers) {  // KEY-01, KEY-02
  EXPECT_FAULT(with([](Columns& c) { c.valid_customer = 0b10; }).book(), InputError, "E_KEY_NULL",
               "column 'customer', row 0: missing customer id");
  EXPECT_FAULT(with([](Columns& c) { c.names = {"a", ""}; }).book(), InputError, "E_KEY_EMPTY",
               "column 'customer', row 1: empty customer id");
}

TEST(BookErrors, TextsThatAreNotUtf8) {  // KEY-07: a lone surrogate
  EXPECT_FAULT(with([](Columns& c) { c.names = {"a", "\xED\xA0\x80"}; }).book(), InputError, "E_KEY_UTF8",
               "column 'customer'");
  EXPECT_FAULT(with([](Columns& c) { c.plan = {"basic", "b\xFC"}; }).book(), InputError, "E_KEY_UTF8",
               "column 'plan': 'b\\xfc' is not text in UTF-8");
  EXPECT_NO_THROW(with([](Columns& c) { c.plan = {"basic", "B\xC3\xBCro"}; }).book());
}

TEST(BookErrors, OverlappingSubscriptions) {  // KEY-14
  const auto overlap = [](Columns& c) {
    c.customer = {7, 7};
    c.subscription = {5, 5};
    c.start = {day("2024-03-01"), day("2024-03-05")};
    c.end = {day("2024-03-20"), day("2024-04-01")};
  };
  EXPECT_FAULT(with(overlap).book(), InputError, "E_OVERLAP",
               "subscription '5' is live twice in 2024-03-05..2024-03-20");
  EXPECT_NO_THROW(with([&](Columns& c) { overlap(c), c.start[1] = day("2024-03-20"); }).book());
  EXPECT_NO_THROW(with([&](Columns& c) { overlap(c), c.subscription = {5, 6}; }).book());
}

TEST(BookErrors, ColumnsOfDifferentLength) {
  EXPECT_FAULT(with([](Columns& c) { c.amount.pop_back(); }).book(), InputError, "E_SHAPE",
               "column 'amount' has 1 rows where column 'start' has 2");
  EXPECT_FAULT(with([](Columns& c) { c.customer.push_back(3); }).book(), InputError, "E_SHAPE",
               "column 'customer' has 3 rows");
  EXPECT_FAULT(with([](Columns& c) { c.end = {1}; }).book(), InputError, "E_SHAPE",
               "column 'end' has 1 rows");
  EXPECT_FAULT(with([](Columns& c) { c.plan = {"x"}; }).book(), InputError, "E_SHAPE",
               "column 'plan' has 1 rows");
}

TEST(BookErrors, SegmentsGivenTwice) {  // TAB-05
  Columns columns;
  columns.plan = {"basic", "pro"};
  Subscriptions table = columns.table();
  table.segments.push_back(table.segments[0]);
  Book book;
  EXPECT_FAULT(book.add(table), InputError, "E_COLUMN_DUPLICATE", "segment 'plan' is given twice");
}

TEST(BookErrors, MoreRowsThanOneBookTakes) {  // TAB-25: the same four million rows, 1024 times
  const std::vector<std::int64_t> ids(std::size_t{1} << 22, 1);
  const std::vector<Day> starts(ids.size(), 0);
  const Subscriptions table{.customer = ids, .start = starts, .amount = ids};
  Book book;
  EXPECT_FAULT(book.add(std::vector<Subscriptions>(1024, table)), InputError, "E_LIMIT_ROWS",
               "4294967296 rows; one book takes 4294967295");
  EXPECT_EQ(book.rows_read(), 0);
}

TEST(BookErrors, CodesPastTheirLabels) {  // TAB-10
  Columns columns;
  Subscriptions table = columns.table();
  const std::vector<std::int32_t> codes{0, 9};
  const std::vector<std::string> labels{"a", "b", "c"};
  table.segments = {{"plan", {codes, labels}}};
  Book book;
  EXPECT_FAULT(book.add(table), InputError, "E_ARROW_INVALID",
               "column 'plan', row 1: dictionary index 9, size 3");
  table.segments.clear();
  table.customer = Codes{codes, labels};
  EXPECT_FAULT(book.add(table), InputError, "E_ARROW_INVALID",
               "column 'customer', row 1: dictionary index 9, size 3");
}

TEST(BookErrors, ManyBadRowsAreCountedAndTheFirstTwentyKept) {
  Columns columns;
  columns.customer.assign(5000, 1);
  columns.start.assign(5000, 0);
  columns.amount.assign(5000, nan);
  Subscriptions table = columns.table();
  table.start.valid = {};
  table.customer = columns.customer;
  table.amount = columns.amount;
  for (int threads : {1, 4}) {
    Book book({}, {.execution = {.threads = threads}});
    try {
      book.add(table);
      ADD_FAILURE();
    } catch (const InputError& error) {
      EXPECT_EQ(error.count(), 5000);
      EXPECT_EQ(error.faults().size(), 20U);
      EXPECT_EQ(error.fault().row, 0);
      EXPECT_THAT(error.what(), testing::HasSubstr("5000 such rows: 0, 1, 2, 3, 4, ..."));
    }
  }
}

TEST(BookErrors, SpeakTheCallersNames) {
  BookOptions options;
  options.names.amount = "price";
  EXPECT_FAULT(with([](Columns& c) { c.amount[1] = nan; }).book({}, options), InputError, "E_AMOUNT_NAN",
               "column 'price', row 1");
}

TEST(BookErrors, ARefusedTableLeavesTheBookAsItWas) {  // G22
  Columns good;
  Book book = good.book();
  const auto before = book.waterfall_state(months("2024-01", "2024-03")).write();
  EXPECT_THROW(book.add(with([](Columns& c) { c.amount[1] = nan; }).table()), InputError);
  EXPECT_THROW(book.add(with([](Columns& c) { c.plan = {"x", "y"}; }).table()), InputError);
  EXPECT_THROW(book.add(with([](Columns& c) { c.names = {"x", "y"}; }).table()), InputError);
  EXPECT_EQ(book.rows(), 2);
  EXPECT_EQ(book.rows_read(), 2);
  EXPECT_EQ(book.waterfall_state(months("2024-01", "2024-03")).write(), before);
}

TEST(BookErrors, Questions) {
  Columns columns;
  columns.plan = {"basic", "pro"};
  const Book book = columns.book();
  const Periods year = months("2024-01", "2024-12");
  EXPECT_FAULT(book.waterfall(year, {.by = "plam"}), OptionError, "E_SEGMENT",
               "by='plam' is not known; did you mean 'plan'?");
  EXPECT_FAULT(Columns().book().waterfall(year, {.by = "plan"}), OptionError, "E_SEGMENT",
               "the book has no segment column");
  EXPECT_FAULT(book.net_retention(year, {.horizon = 0}), OptionError, "E_HORIZON",
               "horizon=0 is not a number of periods");
  EXPECT_FAULT(book.summary(year, {.horizon = -1}), OptionError, "E_HORIZON", "horizon=-1");
  EXPECT_FAULT(book.mrr(max_day + 1), InputError, "E_DATE_RANGE", "column 'at'");
  EXPECT_FAULT(book.concentration(0, {.top = {0}}), OptionError, "E_TOP", "top=0");
  EXPECT_FAULT(book.explain(year, 0, Line::new_, {.by = "plan"}, "prp"), OptionError, "E_SEGMENT",
               "did you mean 'pro'?");
  EXPECT_FAULT(book.waterfall(weeks("2024-01-01", "8000-01-01")), InputError, "E_WINDOW",
               "ask for longer periods");
}

TEST(BookErrors, CellsOutsideAResult) {
  const Book book = Columns().book();
  const Summary summary = book.summary(months("2024-01", "2024-03"));
  EXPECT_FAULT(summary.waterfall.at(Line::new_, 3), InputError, "E_WINDOW", "");
  EXPECT_FAULT(summary.waterfall.at(Line::new_, 0, 1), InputError, "E_WINDOW", "");
  EXPECT_FAULT(summary.net_retention.at(3), InputError, "E_WINDOW", "");
  EXPECT_FAULT(summary.triangle.at(3, 0), InputError, "E_WINDOW", "");
  EXPECT_FAULT(summary.triangle.at(0, 3), InputError, "E_WINDOW", "");
}

TEST(BookErrors, SubscriptionGrainNeedsSubscriptionIds) {
  Policy policy;
  policy.reporting.grain = Grain::subscription;
  EXPECT_FAULT(Columns().book(policy).waterfall(months("2024-01", "2024-03")), OptionError,
               "E_COLUMN_MISSING", "movement_grain='subscription' needs a subscription column");
}

TEST(BookErrors, AStopRequestEndsTheCall) {
  std::stop_source source;
  source.request_stop();
  Book book({}, {.execution = {.stop = source.get_token()}});
  EXPECT_FAULT(book.add(Columns().table()), Interrupted, "E_INTERRUPTED", "stopped as the caller asked");
}

}  // namespace
}  // namespace tenure::test
