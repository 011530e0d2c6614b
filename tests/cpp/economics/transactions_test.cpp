#include <tenure/economics/transactions.hpp>

#include <map>
#include <set>

#include "support/faults.hpp"
#include "support/property.hpp"
#include "support/shared.hpp"

namespace tenure {
namespace {

using test::CsvRow;
using test::reference_value;
using test::shared_csv;

/// A small table that a test may spoil.
struct Log {
  std::vector<std::int64_t> customer = {};
  std::vector<Day> day = {};
  std::vector<double> amount = {};
  std::vector<std::string> names = {}, currency = {};
  std::uint8_t valid_customer = 0xFF, valid_day = 0xFF, valid_amount = 0xFF;

  void add(std::int64_t id, std::string_view date, double value) {
    customer.push_back(id);
    day.push_back(parse_day(date));
    amount.push_back(value);
  }
  Transactions table(bool small = true) {
    name_column_ = TextColumn(names);
    currency_column_ = TextColumn(currency);
    Transactions table{.customer = Ids(customer), .day = day, .amount = amount};
    if (small) {
      table.customer = Ids(std::span<const std::int64_t>(customer), {&valid_customer, 0});
      table.day = {day, {&valid_day, 0}};
      table.amount = Column<double>(amount, {&valid_amount, 0});
    }
    if (!names.empty()) table.customer = name_column_;
    if (!currency.empty()) table.currency_codes = static_cast<Codes>(currency_column_);
    return table;
  }

 private:
  TextColumn name_column_, currency_column_;
};

Log log_of(const std::vector<CsvRow>& rows, const std::string& id, const std::string& amount) {
  Log log;
  for (const CsvRow& row : rows)
    log.add(std::stoll(row.at(id)), row.at("date").substr(0, 10),
            amount.empty() ? 0 : std::stod(row.at(amount)));
  return log;
}

double sum(const std::vector<double>& values) {
  double total = 0;
  for (const double value : values) total += value;
  return total;
}
double sum(const std::vector<Real>& values) {
  double total = 0;
  for (const Real& value : values) total += value.value_or(0);
  return total;
}
/// Frequency, recency, T and monetary of one customer.
std::vector<double> row_of(const Rfm& found, std::size_t i) {
  return {found.frequency[i], found.recency[i], found.age[i], found.monetary[i].value_or(0)};
}
std::size_t position(const Rfm& found, std::int64_t customer) {
  return static_cast<std::size_t>(std::ranges::lower_bound(found.customer, customer) -
                                  found.customer.begin());
}

Log four_purchases() {
  Log log;
  log.add(1, "2024-01-31", 10);
  log.add(1, "2024-01-31", 5);
  log.add(1, "2024-02-01", 20);
  log.add(1, "2024-03-04", 40);
  return log;
}

TEST(Rfm, ByHand) {
  Log log = four_purchases();
  RfmOptions options{.observation_end = parse_day("2024-03-10")};
  EXPECT_EQ(row_of(rfm(log.table(), options), 0), (std::vector<double>{2, 33, 39, 30}));
  options.unit = PeriodUnit::month;
  EXPECT_EQ(row_of(rfm(log.table(), options), 0), (std::vector<double>{2, 2, 2, 30}));
  options.unit = PeriodUnit::week;  // 31 January and 1 February 2024 lie in one week
  EXPECT_EQ(row_of(rfm(log.table(), options), 0), (std::vector<double>{1, 5, 5, 40}));
  options = {.unit_days = 7, .first_purchase = FirstPurchase::counted};
  EXPECT_EQ(row_of(rfm(log.table(), options), 0), (std::vector<double>{2, 33.0 / 7, 33.0 / 7, 25}));
  options = {.purchases = Purchases::by_row};
  EXPECT_EQ(row_of(rfm(log.table(), options), 0), (std::vector<double>{3, 33, 33, 70.0 / 3}));
}

TEST(Rfm, HoldsOut) {
  Log log = four_purchases();
  log.add(2, "2024-03-01", 1);
  log.add(3, "2024-04-01", 1);
  const Rfm found = rfm(
      log.table(), {.observation_end = parse_day("2024-03-10"), .calibration_end = parse_day("2024-01-31")});
  ASSERT_EQ(found.customers(), 1U);
  EXPECT_EQ(row_of(found, 0), (std::vector<double>{0, 0, 0, 0}));
  EXPECT_EQ(found.monetary[0].reason(), Undefined::empty_base);
  EXPECT_EQ(found.frequency_holdout[0], 2);
  EXPECT_EQ(found.monetary_holdout[0], Real(30));
  EXPECT_EQ(found.duration_holdout, 39);
  EXPECT_EQ(found.customers_after, 2);
  EXPECT_EQ(found.rows_after_end, 1);
}

TEST(Rfm, TheLastPeriodMayLookAhead) {
  Log log = four_purchases();
  log.add(2, "2024-02-10", 1);
  log.add(2, "2024-04-01", 1);
  RfmOptions options{.unit = PeriodUnit::month, .observation_end = parse_day("2024-03-01")};
  EXPECT_EQ(row_of(rfm(log.table(), options), 0), (std::vector<double>{1, 1, 2, 20}));
  options.last_period = LastPeriod::whole;
  EXPECT_EQ(row_of(rfm(log.table(), options), 0), (std::vector<double>{2, 2, 2, 30}));
  EXPECT_EQ(row_of(rfm(log.table(), options), 1), (std::vector<double>{0, 0, 1, 0}));
}

TEST(Rfm, EmptyAndOneCustomer) {
  Log log;
  const Rfm none = rfm(log.table());
  EXPECT_EQ(none.customers(), 0U);
  EXPECT_EQ(none.end, std::nullopt);
  log.add(7, "2024-01-01", 3);
  const Rfm one = rfm(log.table());
  EXPECT_EQ(one.id(0), Id(std::int64_t{7}));
  EXPECT_EQ(one.end, parse_day("2024-01-01"));
  EXPECT_EQ(one.monetary[0].reason(), Undefined::empty_base);
  EXPECT_EQ(rfm(log.table(), {.observation_end = parse_day("2023-12-31")}).customers_after, 1);
}

TEST(Rfm, WithoutAmounts) {
  Log log = four_purchases();
  Transactions table = log.table();
  table.amount = {};
  const Rfm found = rfm(table);
  EXPECT_EQ(found.frequency, std::vector<double>{2});
  EXPECT_TRUE(found.monetary.empty());
}

TEST(Rfm, RefundsAreNamed) {
  Log log = four_purchases();
  log.add(1, "2024-03-05", -40);
  EXPECT_FAULT(rfm(log.table()), InputError, "E_AMOUNT_NEGATIVE", "row 4");
  EXPECT_EQ(row_of(rfm(log.table(), {.refunds = Refunds::keep}), 0),
            (std::vector<double>{3, 34, 34, 20.0 / 3}));
  const Rfm dropped = rfm(log.table(), {.refunds = Refunds::drop});
  EXPECT_EQ(row_of(dropped, 0), (std::vector<double>{2, 33, 34, 30}));
  EXPECT_EQ(dropped.rows_refunded, 1);
  EXPECT_EQ(parse_refunds("keep"), Refunds::keep);
  EXPECT_FAULT(parse_refunds("dorp"), OptionError, "E_ENUM", "did you mean 'drop'?");
}

TEST(Rfm, RepeatedRowsAreNamed) {
  Log log = four_purchases();
  log.add(1, "2024-03-04", 40);
  EXPECT_EQ(row_of(rfm(log.table()), 0), (std::vector<double>{2, 33, 33, 50}));
  EXPECT_FAULT(rfm(log.table(), {.duplicates = Duplicates::refuse}), InputError, "E_DUPLICATE_ROW", "row 4");
  const Rfm dropped = rfm(log.table(), {.duplicates = Duplicates::drop});
  EXPECT_EQ(row_of(dropped, 0), (std::vector<double>{2, 33, 33, 30}));
  EXPECT_EQ(dropped.rows_repeated, 1);
  EXPECT_FAULT(parse_duplicates("kep"), OptionError, "E_ENUM", "did you mean 'keep'?");
}

TEST(Rfm, TextsAreSorted) {
  Log log = four_purchases();
  log.names = {"b", "a", "b", "a"};
  const Rfm found = rfm(log.table());
  ASSERT_EQ(found.customers(), 2U);
  EXPECT_EQ(found.id(0), Id(std::string("a")));
  EXPECT_EQ(found.age, (std::vector<double>{33, 33}));
  EXPECT_EQ(found.recency, (std::vector<double>{33, 1}));
  log.names = {"b", "", "b", "a"};
  EXPECT_FAULT(rfm(log.table()), InputError, "E_KEY_EMPTY", "row 1");
}

TEST(Rfm, IdsFarApartAreSortedToo) {
  Log log = four_purchases();
  log.customer = {INT64_MAX, INT64_MIN, 0, INT64_MAX};
  EXPECT_EQ(rfm(log.table()).customer, (std::vector<std::int64_t>{INT64_MIN, 0, INT64_MAX}));
}

TEST(Rfm, UnusableRowsAreNamed) {
  const auto spoilt = [](auto&& spoil) {
    Log log = four_purchases();
    spoil(log);
    rfm(log.table());
  };
  EXPECT_FAULT(spoilt([](Log& log) { log.valid_customer = 0xFB; }), InputError, "E_KEY_NULL", "row 2");
  EXPECT_FAULT(spoilt([](Log& log) { log.valid_day = 0xFD; }), InputError, "E_DATE_NULL", "row 1");
  EXPECT_FAULT(spoilt([](Log& log) { log.day[3] = max_day + 1; }), InputError, "E_DATE_RANGE", "row 3");
  EXPECT_FAULT(spoilt([](Log& log) { log.valid_amount = 0xFE; }), InputError, "E_AMOUNT_NULL", "row 0");
  EXPECT_FAULT(spoilt([](Log& log) { log.amount[1] = NAN; }), InputError, "E_AMOUNT_NAN", "row 1");
  EXPECT_FAULT(spoilt([](Log& log) { log.amount[2] = INFINITY; }), InputError, "E_AMOUNT_INF", "row 2");
  EXPECT_FAULT(spoilt([](Log& log) { log.amount[2] = 1e13; }), InputError, "E_AMOUNT_RANGE", "row 2");
  EXPECT_FAULT(spoilt([](Log& log) { log.customer.pop_back(); }), InputError, "E_COLUMN_LENGTH", "3 rows");
  EXPECT_FAULT(spoilt([](Log& log) { log.currency = {"USD", "USD", "EUR", "USD"}; }), InputError,
               "E_CURRENCY_MIXED", "USD and EUR in one table");
  EXPECT_FAULT(spoilt([](Log& log) { log.currency = {"XYZ", "XYZ", "XYZ", "XYZ"}; }), InputError,
               "E_CURRENCY_UNKNOWN", "XYZ");
}

TEST(Rfm, OptionsAreChecked) {
  Log log = four_purchases();
  const auto ask = [&](const RfmOptions& options) { return rfm(log.table(), options); };
  EXPECT_FAULT(ask({.unit = PeriodUnit::quarter}), OptionError, "E_PERIOD_UNIT", "Known: day, week, month");
  EXPECT_FAULT(ask({.unit_days = 0}), OptionError, "E_PARAM", "unit_days");
  EXPECT_FAULT(ask({.unit = PeriodUnit::week, .unit_days = 7}), OptionError, "E_PARAM", "needs unit day");
  EXPECT_FAULT(ask({.calibration_end = parse_day("2024-03-05")}), OptionError, "E_WINDOW",
               "the calibration ends on 2024-03-05, after observation does on 2024-03-04");
}

TEST(Rfm, LargeSpansOfDaysAreCountedToo) {
  Log log;
  for (const char* date : {"1400-01-01", "9999-12-31", "1400-01-01", "2024-02-29"}) log.add(1, date, 1);
  EXPECT_EQ(row_of(rfm(log.table()), 0), (std::vector<double>{2, 3141084, 3141084, 1}));
}

class RfmOfSharedData : public test::SharedData {};

void expect_summary(const std::string& id, PeriodUnit unit, LastPeriod last_period) {
  const auto reference = reference_value(id);
  const auto& values = reference.at("values");
  Log log = log_of(shared_csv("conformance/data/cdnow_sample_log.csv"), "customer_id", "amount");
  const Rfm found =
      rfm(log.table(false),
          {.unit = unit, .last_period = last_period, .observation_end = parse_day("1997-09-30")});
  EXPECT_EQ(found.customers(), values.at("n").get<std::size_t>());
  EXPECT_EQ(sum(found.frequency), values.at("sum_frequency").get<double>());
  EXPECT_EQ(sum(found.recency), values.at("sum_recency").get<double>());
  EXPECT_EQ(sum(found.age), values.at("sum_T").get<double>());
  EXPECT_NEAR(sum(found.monetary), values.at("sum_monetary").get<double>(), 1e-9);
  for (const auto& [customer, row] : values.at("rows").items()) {
    const auto expected = row.get<std::vector<double>>();
    const auto got = row_of(found, position(found, std::stoll(customer)));
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(got[i], expected[i], 1e-12) << customer << ", " << i;
  }
}

TEST_F(RfmOfSharedData, CdnowByDay) {
  expect_summary("rfm_cdnow_log_D", PeriodUnit::day, LastPeriod::until_end);
}
TEST_F(RfmOfSharedData, CdnowByWeek) {
  expect_summary("rfm_cdnow_log_W", PeriodUnit::week, LastPeriod::whole);
}

TEST_F(RfmOfSharedData, CalibrationAndHoldout) {
  const auto values = reference_value("rfm_cal_holdout_example").at("values");
  Log log = log_of(shared_csv("conformance/data/lifetimes_example_transactions.csv"), "id", "");
  Transactions table = log.table(false);
  table.amount = {};
  const Rfm found =
      rfm(table, {.observation_end = parse_day("2014-12-31"), .calibration_end = parse_day("2014-09-01")});
  EXPECT_EQ(found.customers(), values.at("n").get<std::size_t>());
  EXPECT_EQ(sum(found.frequency), values.at("sum_frequency_cal").get<double>());
  EXPECT_EQ(sum(found.recency), values.at("sum_recency_cal").get<double>());
  EXPECT_EQ(sum(found.age), values.at("sum_T_cal").get<double>());
  EXPECT_EQ(sum(found.frequency_holdout), values.at("sum_frequency_holdout").get<double>());
  EXPECT_EQ(found.duration_holdout, values.at("duration_holdout").get<double>());
  for (const auto& row : values.at("head")) {
    const std::size_t i = position(found, row.at(0).get<std::int64_t>());
    EXPECT_EQ((std::vector{found.frequency[i], found.recency[i], found.age[i], found.frequency_holdout[i],
                           found.duration_holdout}),
              (std::vector<double>(row.begin() + 1, row.end())));
  }
}

/// Fader and Hardie print the summary of the same log in weeks of seven days, to two decimals.
TEST_F(RfmOfSharedData, CdnowInWeeksOfSevenDaysIsThePublishedSummary) {
  Log log = log_of(shared_csv("conformance/data/cdnow_sample_log.csv"), "customer_id", "amount");
  const Rfm found = rfm(log.table(false), {.unit_days = 7, .observation_end = parse_day("1997-09-30")});
  const auto published = shared_csv("conformance/data/cdnow_summary_monetary.csv");
  ASSERT_EQ(found.customers(), published.size());
  for (std::size_t i = 0; i < published.size(); ++i) {
    EXPECT_EQ(found.frequency[i], std::stod(published[i].at("x")));
    EXPECT_NEAR(found.recency[i], std::stod(published[i].at("t_x")), 0.00501) << i;
    EXPECT_NEAR(found.age[i], std::stod(published[i].at("T")), 0.00501) << i;
    EXPECT_NEAR(found.monetary[i].value_or(0), std::stod(published[i].at("zbar")), 0.00501) << i;
  }
}

TEST(Rfm, HoldOutsNeedALength) {
  Log log;
  for (const char* day : {"2024-01-01", "2024-01-10", "2024-01-11", "2024-01-12"}) {
    log.customer.push_back(1);
    log.day.push_back(parse_day(day));
    log.amount.push_back(5);
  }
  const auto ask = [&](PeriodUnit unit, const char* calibration, const char* end,
                       LastPeriod last = LastPeriod::until_end) {
    return rfm(log.table(false), {.unit = unit,
                                  .last_period = last,
                                  .observation_end = parse_day(end),
                                  .calibration_end = parse_day(calibration)});
  };
  // Wednesday and Friday of one week.
  EXPECT_FAULT(ask(PeriodUnit::week, "2024-01-10", "2024-01-12"), OptionError, "E_WINDOW",
               "in the same week as observation");
  EXPECT_FAULT(ask(PeriodUnit::month, "2024-01-10", "2024-01-31"), OptionError, "E_WINDOW",
               "in the same month as observation");
  EXPECT_FAULT(ask(PeriodUnit::week, "2024-01-07", "2024-01-12", LastPeriod::whole), OptionError, "E_PARAM",
               "would reach beyond the hold-out");
  EXPECT_EQ(ask(PeriodUnit::day, "2024-01-10", "2024-01-12").duration_holdout, 2);
  EXPECT_EQ(ask(PeriodUnit::week, "2024-01-12", "2024-01-12").duration_holdout, 0);
  const Rfm clean = ask(PeriodUnit::week, "2024-01-07", "2024-01-12");
  EXPECT_EQ(clean.frequency_holdout, std::vector<double>{1});
  EXPECT_EQ(clean.duration_holdout, 1);
}

/// The definition, customer by customer, without partitions.
std::map<std::int64_t, std::vector<double>> plainly(const Log& log, PeriodUnit unit, Day calibration,
                                                    Day end) {
  const Calendar calendar{.unit = unit};
  std::map<std::int64_t, std::map<Day, std::int64_t>> bought, held;
  for (std::size_t i = 0; i < log.day.size(); ++i) {
    if (log.day[i] > end) continue;
    auto& into = log.day[i] <= calibration ? bought : held;
    into[log.customer[i]][calendar.floor(log.day[i])] += static_cast<std::int64_t>(log.amount[i] * 1e6);
  }
  const auto between = [&](Day from, Day to) {
    int steps = 0;
    while (calendar.advance(from, steps) < to) ++steps;
    return static_cast<double>(steps);
  };
  std::map<std::int64_t, std::vector<double>> expected;
  for (const auto& [customer, periods] : bought) {
    std::int64_t repeat = 0, later = 0;
    for (const auto& [period, amount] : periods) repeat += period == periods.begin()->first ? 0 : amount;
    for (const auto& [period, amount] : held[customer]) later += amount;
    const auto n = static_cast<double>(periods.size()) - 1;
    const auto m = static_cast<double>(held[customer].size());
    const Day first = periods.begin()->first;
    expected[customer] = {n,
                          between(first, periods.rbegin()->first),
                          between(first, calendar.floor(calibration)),
                          n == 0 ? 0 : static_cast<double>(repeat) / (n * 1e6),
                          m,
                          m == 0 ? 0 : static_cast<double>(later) / (m * 1e6)};
  }
  return expected;
}

TEST(RfmProperty, EqualsTheDefinitionForAnyOrderAndThreads) {
  test::for_all(
      [] {
        const auto rows = *rc::gen::inRange<std::size_t>(1, 200);
        const std::int64_t apart = *rc::gen::element<std::int64_t>(1, 1'000'000'007);
        const Day last = *rc::gen::inRange<Day>(30, 400);
        Log log;
        for (std::size_t i = 0; i < rows; ++i) {
          log.customer.push_back(*rc::gen::inRange<std::int64_t>(-5, 20) * apart);
          log.day.push_back(*rc::gen::inRange<Day>(-20, last));
          log.amount.push_back(static_cast<double>(*rc::gen::inRange(0, 1000)) / 4);
        }
        const PeriodUnit unit = *rc::gen::element(PeriodUnit::day, PeriodUnit::week, PeriodUnit::month);
        const Day end = last - 20, drawn = *rc::gen::inRange<Day>(-20, end);
        const Calendar calendar{.unit = unit};  // a hold-out within one period is refused
        const Day calibration = calendar.floor(drawn) == calendar.floor(end) ? end : drawn;
        RfmOptions options{.unit = unit, .observation_end = end, .calibration_end = calibration};
        options.execution.threads = *rc::gen::inRange(1, 4);
        const Rfm found = rfm(log.table(false), options);
        const auto expected = plainly(log, unit, calibration, end);
        RC_ASSERT(found.customers() == expected.size());
        std::size_t i = 0;
        for (const auto& [customer, row] : expected) {
          RC_ASSERT(found.customer[i] == customer);
          std::vector<double> got = row_of(found, i);
          got.push_back(found.frequency_holdout[i]);
          got.push_back(found.monetary_holdout[i].value_or(0));
          RC_ASSERT(got == row);
          ++i;
        }
      },
      200);
}

TEST(Rfm, ManyPartitionsOnAnyThreads) {
  Log log;
  for (std::uint32_t i = 0; i < 120'000; ++i) {
    const std::uint32_t mixed = i * 2654435761U;
    log.customer.push_back(mixed % 9973);
    log.day.push_back(static_cast<Day>(mixed >> 22));
    log.amount.push_back(mixed % 100);
  }
  const auto expected = plainly(log, PeriodUnit::day, 700, 900);
  for (const std::int64_t apart : {1, 1'000'003})
    for (const int threads : {1, 3}) {
      Log spread = log;
      for (std::int64_t& id : spread.customer) id *= apart;
      const Rfm found =
          rfm(spread.table(false),
              {.observation_end = 900, .calibration_end = 700, .execution = {.threads = threads}});
      ASSERT_EQ(found.customers(), expected.size());
      std::size_t i = 0;
      for (const auto& [customer, row] : expected) {
        EXPECT_EQ(found.customer[i], customer * apart);
        EXPECT_EQ(row_of(found, i), (std::vector<double>(row.begin(), row.begin() + 4)));
        ++i;
      }
    }
}

}  // namespace
}  // namespace tenure
