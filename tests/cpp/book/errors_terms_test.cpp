#include <limits>

#include "support/columns.hpp"
#include "support/faults.hpp"
#include "support/rows.hpp"

/// What a book refuses about terms and invoice lines, by the codes of the bad-input catalogue (groups domain,
/// keys, money), with row, column, value and remedy, and the book as before.
namespace tenure::test {
namespace {

/// One fault, whole: where, what, which value, what to do.
struct Wanted {
  const char *code, *column;
  std::int64_t row;
  const char *value, *what, *remedy;
};

/// A book that has read `good` refuses `bad`, and is as before.
template <class Rows>
void expect_refused(const Rows& good, const Rows& bad, const Wanted& wanted, const Policy& policy = {}) {
  Book book(policy);
  book.add(good);
  const std::int64_t before = book.rows_read();
  const auto bytes = book.waterfall_state(months("2024-01", "2024-03")).write();
  try {
    book.add(bad);
    ADD_FAILURE() << "was accepted; expected " << wanted.code;
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), wanted.code) << error.what();
    EXPECT_EQ(error.fault().column, wanted.column);
    EXPECT_EQ(error.fault().row, before + wanted.row);
    EXPECT_EQ(error.fault().value, wanted.value);
    EXPECT_THAT(error.fault().what, testing::HasSubstr(wanted.what));
    EXPECT_THAT(error.fault().remedy, testing::HasSubstr(wanted.remedy));
  }
  EXPECT_EQ(book.rows_read(), before);
  EXPECT_EQ(book.waterfall_state(months("2024-01", "2024-03")).write(), bytes);
  EXPECT_FAULT(Book(policy).add(bad), InputError, wanted.code, wanted.what);
}

/// Two good rows with the terms that `put` gives them, good ones and bad ones.
template <class Put, class Values>
void expect_refused_term(Put put, const Values& good, const Values& bad, const Wanted& wanted) {
  Columns columns;
  Subscriptions before = columns.table(), after = columns.table();
  put(before.terms, good);
  put(after.terms, bad);
  expect_refused(before, after, wanted);
}

using Doubles = std::vector<double>;

TEST(TermErrors, Discounts) {  // MON-28
  const auto percent = [](Terms& terms, const Doubles& values) { terms.discounts = {{.percent = values}}; };
  const auto amount = [](Terms& terms, const Doubles& values) { terms.discounts = {{.amount = values}}; };
  const Doubles good{10, 20};
  expect_refused_term(percent, good, Doubles{20, 120},
                      {"E_DISCOUNT_RANGE", "discount_percent", 1, "120",
                       "discount 120% would make recurring revenue negative", "0 to 100"});
  expect_refused_term(percent, good, Doubles{-1, 0},
                      {"E_DISCOUNT_RANGE", "discount_percent", 0, "-1", "would raise the price", "half off"});
  expect_refused_term(
      percent, good, Doubles{std::numeric_limits<double>::quiet_NaN(), 1},
      {"E_AMOUNT_NAN", "discount_percent", 0, "NaN", "NaN is not an amount", "Leave it null"});
  expect_refused_term(
      amount, good, Doubles{10, 25},
      {"E_DISCOUNT_RANGE", "discount_amount", 1, "25", "discount 25 on a price of 20", "0 up to the price"});
}

TEST(TermErrors, ADiscountMayTakeOffAllSeatsTogether) {
  Columns columns;
  columns.quantity = {3, 1};
  const std::vector<double> amounts{30, 0}, more{31, 0};
  Subscriptions table = columns.table();
  table.terms.discounts = {{.amount = amounts}};
  Book book;
  EXPECT_NO_THROW(book.add(table));
  EXPECT_EQ(book.mrr(day("2024-01-01")).mrr(), 0);
  Subscriptions dearer = table;
  dearer.terms.discounts = {{.amount = more}};
  expect_refused(table, dearer,
                 {"E_DISCOUNT_RANGE", "discount_amount", 0, "31", "discount 31 on a price of 30", "seats"});
}

TEST(TermErrors, PricedTrials) {  // DOM-04
  Columns columns, free;
  columns.amount = {5000, 20};
  free.amount = {0, 20};
  const std::vector<SubscriptionStatus> trial{SubscriptionStatus::trial, SubscriptionStatus::active};
  Subscriptions table = columns.table(), unpriced = free.table();
  table.terms.status = unpriced.terms.status = trial;
  expect_refused(unpriced, table,
                 {"E_TRIAL_AMOUNT", "amount", 0, "5000", "trial carries 5000; set trial='count' or 'ignore'",
                  "choose in the policy"});
  for (const auto& [value, mrr] : {std::pair("ignore", 20), std::pair("count", 5020)}) {
    Policy policy;
    policy.set("trial", value);
    Book book(policy);
    book.add(table);
    EXPECT_EQ(book.mrr(day("2024-02-01")).mrr(), mrr) << value;
  }
}

TEST(TermErrors, TaxAndRenewalsAndSeats) {
  using Seats = std::vector<std::int64_t>;
  expect_refused_term([](Terms& terms, const Doubles& values) { terms.tax = values; }, Doubles{0, 0},
                      Doubles{0, 21},
                      {"E_TAX_RANGE", "tax", 1, "21", "tax 21 of a price of 20", "0 up to the price"});
  expect_refused_term(
      [](Terms& terms, const Doubles& values) { terms.renewal_amount = values; }, Doubles{5, 20},
      Doubles{-5, 20},
      {"E_AMOUNT_NEGATIVE", "renewal_amount", 0, "-5", "negative recurring amount -5", "leave it null"});
  expect_refused_term(
      [](Terms& terms, const Seats& values) { terms.invoiced_quantity = values; }, Seats{1, 2}, Seats{1, -2},
      {"E_QUANTITY_RANGE", "invoiced_quantity", 1, "-2", "quantity -2; must be 0 to 1000000000", "invoiced"});
}

TEST(TermErrors, DaysOutsideTheCalendar) {
  using Days = std::vector<Day>;
  const auto refuse = [](Column<Day> Terms::* member, const char* column) {
    const std::string extreme = std::to_string(max_day + 5);
    expect_refused_term(
        [&](Terms& terms, const Days& values) { terms.*member = values; },
        Days{day("2024-01-01"), day("2024-02-01")}, Days{day("2024-01-01"), max_day + 5},
        {"E_DATE_RANGE", column, 1, extreme.c_str(), "is outside 1400-01-01..9999-12-31", "Dates run from"});
  };
  refuse(&Terms::cancel_requested, "cancel_requested");
  refuse(&Terms::paid_through, "paid_through");
  refuse(&Terms::dunning_end, "dunning_end");
  refuse(&Terms::first_payment, "first_payment");
  refuse(&Terms::first_paid_invoice, "first_paid_invoice");
}

TEST(TermErrors, PlainFaultsAreFoundBesideTerms) {
  const std::vector<SubscriptionStatus> active(2, SubscriptionStatus::active);
  const auto refuse = [&](auto spoil, const Wanted& wanted) {
    Columns columns, good;
    good.end = {day("2024-06-01"), day("2024-06-01")};
    good.quantity = {1, 1};
    columns.end = good.end, columns.quantity = good.quantity;
    spoil(columns);
    Subscriptions table = columns.table(), before = good.table();
    table.terms.status = before.terms.status = active;
    expect_refused(before, table, wanted);
  };
  refuse([](Columns& c) { c.end = {day("2024-06-01"), day("2024-01-01")}; },
         {"E_PERIOD_REVERSED", "end", 1, "2024-01-01", "end 2024-01-01 lies before start 2024-02-01", ""});
  refuse([](Columns& c) { c.quantity = {-3, 1}; },
         {"E_QUANTITY_RANGE", "quantity", 0, "-3", "quantity -3", ""});
  refuse([](Columns& c) { c.valid_customer = 0b10; },
         {"E_KEY_NULL", "customer", 0, "null", "missing customer id", ""});
  refuse([](Columns& c) { c.amount[0] = -500; },
         {"E_AMOUNT_NEGATIVE", "amount", 0, "-500", "negative recurring amount -500", ""});
}

TEST(TermErrors, OverlappingPhases) {  // KEY-14
  Columns columns;
  columns.customer = {7, 7};
  columns.subscription = {5, 5};
  columns.start = {day("2024-03-01"), day("2024-03-05")};
  columns.end = {day("2024-03-20"), day("2024-04-01")};
  const std::vector<SubscriptionStatus> phases{SubscriptionStatus::past_due, SubscriptionStatus::active};
  const std::vector<ChargeKind> kinds{ChargeKind::recurring, ChargeKind::usage};
  Subscriptions table = columns.table();
  table.terms.status = phases;
  for (const char* past_due : {"counted", "excluded", "churn_after_2_days"}) {
    Policy policy;
    policy.set("past_due", past_due);
    Book book(policy);
    EXPECT_FAULT(book.add(table), InputError, "E_OVERLAP",
                 "subscription '5' is live twice in 2024-03-05..2024-03-20 (the other is row 0)");
    EXPECT_EQ(book.rows(), 0);
  }
  table.terms.kind = kinds;
  EXPECT_NO_THROW(Book().add(table)) << "usage beside a price";
  columns.product = {"plan", "addon"};
  EXPECT_NO_THROW(Book().add(columns.table())) << "two products of one subscription";
}

TEST(TermErrors, ColumnsOfDifferentLength) {
  Columns columns;
  const std::vector<SubscriptionStatus> one{SubscriptionStatus::active};
  const std::vector<Day> days{0};
  const std::vector<double> percents{10};
  Subscriptions table = columns.table();
  table.terms.status = one;
  EXPECT_FAULT(Book().add(table), InputError, "E_SHAPE", "column 'status' has 1 rows");
  table = columns.table();
  table.terms.paid_through = days;
  EXPECT_FAULT(Book().add(table), InputError, "E_SHAPE", "column 'paid_through' has 1 rows");
  table = columns.table();
  table.terms.discounts = {{.percent = percents}};
  EXPECT_FAULT(Book().add(table), InputError, "E_SHAPE", "column 'discount_percent' has 1 rows");
}

/// Two good lines, one thing of which a test spoils.
struct Lines {
  std::vector<std::int64_t> customer{1, 2};
  std::vector<Day> start{day("2024-01-01"), day("2024-02-01")}, end{day("2024-02-01"), day("2024-03-01")};
  std::vector<double> amount{10, 20}, tax{0, 0}, discount{0, 0};
  std::vector<InvoiceLineKind> kind{InvoiceLineKind::recurring, InvoiceLineKind::recurring};
  std::uint8_t valid_start = 0xFF, valid_end = 0xFF, valid_amount = 0xFF;

  InvoiceLines table() {
    InvoiceLines lines{.customer = customer,
                       .service_start = {start, {&valid_start, 0}},
                       .service_end = {end, {&valid_end, 0}},
                       .amount = Column<double>(amount, {&valid_amount, 0})};
    lines.tax = tax;
    lines.discount = discount;
    lines.kind = kind;
    return lines;
  }
};

template <class Spoil>
void expect_refused_line(Spoil spoil, const Wanted& wanted) {
  Lines lines, good;
  spoil(lines);
  Policy policy;
  policy.set("mrr_source", "invoice_line");
  expect_refused(good.table(), lines.table(), wanted, policy);
}

TEST(InvoiceErrors, ServicePeriods) {
  expect_refused_line(
      [](Lines& l) { l.valid_start = 0b10; },
      {"E_SERVICE_PERIOD", "start", 0, "null", "invoice line without service period: its start is missing",
       "first day of the service"});
  expect_refused_line([](Lines& l) { l.valid_end = 0b01; },
                      {"E_SERVICE_PERIOD", "end", 1, "null", "its end is missing", "first day after it"});
  expect_refused_line([](Lines& l) { l.end[1] = l.start[1]; },
                      {"E_SERVICE_PERIOD", "end", 1, "2024-02-01", "the service period is empty",
                       "first day after the service"});
  expect_refused_line([](Lines& l) { l.end[0] = day("2023-12-01"); },
                      {"E_PERIOD_REVERSED", "end", 0, "2023-12-01",
                       "end 2023-12-01 lies before start 2024-01-01", "Swap them"});
}

TEST(InvoiceErrors, ALineThatCountsForNothingNeedsNoServicePeriod) {
  Lines lines, good;
  lines.kind[1] = InvoiceLineKind::one_time;
  lines.valid_end = 0b01;
  Policy policy;
  policy.set("mrr_source", "invoice_line");
  Book book(policy);
  EXPECT_NO_THROW(book.add(lines.table()));
  policy.set("one_time", "dated");
  expect_refused(good.table(), lines.table(),
                 {"E_SERVICE_PERIOD", "end", 1, "null", "its end is missing", "leave the line out"}, policy);
}

TEST(InvoiceErrors, Amounts) {
  expect_refused_line([](Lines& l) { l.valid_amount = 0b01; },
                      {"E_AMOUNT_NULL", "amount", 1, "null", "missing amount", "0 if there is none"});
  expect_refused_line(
      [](Lines& l) { l.amount[0] = -10; },
      {"E_AMOUNT_SIGN", "amount", 0, "-10", "a charge of -10", "credits and refunds negative"});
  expect_refused_line([](Lines& l) { l.kind[1] = InvoiceLineKind::credit; },
                      {"E_AMOUNT_SIGN", "amount", 1, "20", "a credit or refund of 20", "negative"});
  expect_refused_line([](Lines& l) { l.tax[1] = 21; },
                      {"E_TAX_RANGE", "tax", 1, "21", "tax 21 in an amount of 20", "part of the amount"});
  expect_refused_line([](Lines& l) { l.tax[1] = -1; },
                      {"E_TAX_RANGE", "tax", 1, "-1", "tax -1 in an amount of 20", "same sign"});
  expect_refused_line([](Lines& l) { l.discount[0] = -2; },
                      {"E_DISCOUNT_RANGE", "discount", 0, "-2", "negative discount -2", "positive amount"});
}

TEST(InvoiceErrors, ABookHoldsSubscriptionsOrInvoiceLines) {
  Columns columns;
  Lines lines;
  Book book = columns.book();
  EXPECT_FAULT(book.add(lines.table()), InputError, "E_SOURCE_MIXED", "would count the same money twice");
  EXPECT_EQ(book.rows(), 2);
  Book other;
  other.add(lines.table());
  EXPECT_FAULT(other.add(columns.table()), InputError, "E_SOURCE_MIXED", "one book");
}

TEST(PolicyErrors, ABookRefusesAPairThatExcludesItself) {
  Policy policy;
  policy.set("paused", "unchanged");
  policy.set("pause_movement", "own");
  EXPECT_FAULT(
      Book(policy), OptionError, "E_POLICY_PAIR",
      "paused='unchanged' and pause_movement='own' exclude each other: a pause that changes nothing");
}

}  // namespace
}  // namespace tenure::test
