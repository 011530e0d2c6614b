#include "support/columns.hpp"
#include "support/faults.hpp"
#include "support/fx_reference.hpp"

/// Books of several currencies: rates never look like growth.
namespace tenure::test {
namespace {

const Currency eur("EUR"), usd("USD"), gbp("GBP");

Book book_at(const std::vector<DatedRow>& rows, const RateBook& rates, const Policy& policy) {
  Book book(policy, {.reporting_currency = eur, .rates = rates.table()});
  const DatedTable table(rows, {.currency = true,
                                .invoiced = policy.loading.fx_rate_at == FxRateAt::invoice_date,
                                .purchased = policy.loading.fx_rate_at == FxRateAt::purchase_date,
                                .subscriptions = policy.reporting.grain != Grain::customer});
  book.add(table.columns());
  return book;
}

/// Line rounding is that of each currency, which the reference does not know.
Policy any_fx_policy(FxRateAt at) {
  Policy policy = without(*any_policy(), {"line_rounding", "total_rounding"});
  policy.loading.fx_rate_at = at;
  if (policy.reporting.fx_movement == FxMovement::constant)
    policy.reporting.fx_movement_day =
        *rc::gen::element(day("2024-12-31"), day("2023-03-03"), day("2021-01-01"));
  return policy;
}

void expect_equal(const Waterfall& found, const Answer& wanted) {
  const std::string wrong = difference(found, wanted);
  if (!wrong.empty()) RC_FAIL(wrong);
}

TEST(Currencies, ABridgeAtFloatingRatesIsThatOfEachPeriodAtItsRates) {
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_foreign_rows());
    const RateBook rates = *any_rates();
    Policy policy = any_fx_policy(FxRateAt::period_end);
    // The reference cuts rows in two before it reads their ends.
    if (policy.reporting.fx_movement == FxMovement::in_movements)
      policy = without(policy, {"end_date", "churn_at"});
    const auto by = *rc::gen::element<std::string>("", "plan", "cell");
    const auto unit =
        *rc::gen::element(PeriodUnit::month, PeriodUnit::month, PeriodUnit::quarter, PeriodUnit::week);
    const Periods periods({unit, 1}, day("2023-08-01"), day("2024-02-29"));
    const Book book = book_at(rows, rates, policy);
    const Waterfall found = book.waterfall(periods, {.by = by});
    expect_equal(found, FxReference(rows, rates, policy).bridge(found.frame));
    RC_ASSERT((book.summary_state(periods).waterfall == book.waterfall_state(periods)));
  });
}

TEST(Currencies, EveryCellOfTheBridgeExplainsItself) {
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_foreign_rows());
    const RateBook rates = *any_rates();
    const auto at = *rc::gen::element(FxRateAt::period_end, FxRateAt::service_start, FxRateAt::invoice_date,
                                      FxRateAt::purchase_date, FxRateAt::fixed_day);
    Policy policy = any_fx_policy(at);
    if (at == FxRateAt::fixed_day) policy.loading.fx_day = day("2024-01-15");
    const auto by = *rc::gen::element<std::string>("", "plan");
    const Periods periods = months("2023-08", "2024-02");
    const Book book = book_at(rows, rates, policy);
    const Waterfall bridge = book.waterfall(periods, {.by = by});
    const auto period = *rc::gen::inRange<std::size_t>(0, periods.size());
    const auto segment = *rc::gen::inRange<std::size_t>(0, bridge.frame.segments.size());
    for (const auto& [name, line] : line_names) {
      RunRateSum sum;
      for (const ExplainedMovement& part :
           book.explain(periods, period, line, {.by = by}, bridge.frame.segments[segment])) {
        sum += part.amount;
        RC_ASSERT(part.movement == line);
        RC_ASSERT(!part.rows.empty());
      }
      if (sum != bridge.at(line, period, segment).amount) RC_FAIL(std::string(name) + " differs");
    }
  });
}

TEST(Currencies, CustomersAreComparedAtTheRatesOfOneDay) {
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_foreign_rows());
    const RateBook rates = *any_rates();
    const Policy policy = any_fx_policy(*rc::gen::element(FxRateAt::period_end, FxRateAt::service_start));
    const Periods periods = months("2023-06", "2024-02");
    const Book book = book_at(rows, rates, policy);
    const FxReference reference(rows, rates, policy);
    const Day compared = policy.reporting.fx_movement == FxMovement::constant
                             ? policy.reporting.fx_movement_day
                             : reference.rate_day(periods, periods.size() - 1);
    const NetRetention kept = book.net_retention(periods, {.horizon = 3, .by = "plan"});
    const Answer wanted = reference.ask(reference.at(compared), kept.frame, periods, 3);
    RC_ASSERT(difference(kept, wanted).empty());
    const Triangle triangle = book.triangle(periods, {.by = "plan"});
    RC_ASSERT(difference(triangle, reference.ask(reference.at(compared), triangle.frame, periods)).empty());
  });
}

TEST(Currencies, WhatStandsOnADayIsAtTheRatesOfTheDay) {
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_foreign_rows());
    const RateBook rates = *any_rates();
    const Book book = book_at(rows, rates, {});
    const Day at = *any_day();
    int128 sum = 0;
    std::map<std::int64_t, int128> shares;
    std::map<int, int128> local;
    for (const DatedRow& dated : rows) {
      if (dated.row.start > at || at >= dated.row.end) continue;
      const std::int64_t annual = in_euros(dated, {}, rates.on(at, dated.currency)).annual();
      sum += annual;
      if (annual != 0) shares[dated.row.customer] += annual;
      if (!dated.row.paused) local[dated.currency] += dated.row.annual();
    }
    RC_ASSERT(book.mrr(at).flows[0].amount == RunRateSum(sum));
    std::map<std::int64_t, int128> found;
    for (const Share& share : book.shares({Metric::mrr, at}).shares) found[share.customer] += share.numerator;
    RC_ASSERT((found == shares));
    for (const Currency currency : book.currencies()) {
      const auto place =
          std::find(currencies.begin(), currencies.end(), currency.code()) - currencies.begin();
      const Book one = book.local(currency);
      RC_ASSERT((one.mrr(at).flows[0].amount == RunRateSum(local[static_cast<int>(place)])));
      RC_ASSERT(one.currency() == currency);
    }
  });
}

TEST(Currencies, TheBridgeOfOneCurrencyIsThatOfABookOfItsRows) {
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_foreign_rows());
    const RateBook rates = *any_rates();
    const auto at = *rc::gen::element(FxRateAt::period_end, FxRateAt::service_start, FxRateAt::fixed_day);
    Policy policy = any_fx_policy(at);
    policy.loading.fx_day = at == FxRateAt::fixed_day ? day("2024-01-15") : 0;
    const Book book = book_at(rows, rates, policy);
    for (const Currency currency : book.currencies()) {
      std::vector<DatedRow> own;
      for (const DatedRow& row : rows)
        if (currencies[static_cast<std::size_t>(row.currency)] == currency.code()) own.push_back(row);
      const Book local = book.local(currency);
      Book plain(policy);
      const DatedTable table(own,
                             {.currency = true, .subscriptions = policy.reporting.grain != Grain::customer});
      plain.add(table.columns());
      for (const char* by : {"", "plan"}) {
        RC_ASSERT((local.waterfall_state(window, {.by = by}).write() ==
                   plain.waterfall_state(window, {.by = by}).write()));
        RC_ASSERT((local.net_retention_state(window, {.by = by}).write() ==
                   plain.net_retention_state(window, {.by = by}).write()));
      }
      RC_ASSERT(local.rows() == plain.rows());
      const Waterfall bridge = local.waterfall(window);
      for (std::size_t period = 0; period < window.size(); ++period)
        RC_ASSERT(bridge.at(Line::fx, period) == Flow{});
    }
  });
}

TEST(Currencies, AtRatesThatNeverMoveThereIsNoFx) {  // R17
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_foreign_rows());
    RateBook rates;
    rates.quotes[days_from_civil(2000, 1, 1)] = (*any_rates()).quotes.rbegin()->second;
    const auto at = *rc::gen::element(FxRateAt::period_end, FxRateAt::service_start, FxRateAt::invoice_date,
                                      FxRateAt::purchase_date, FxRateAt::fixed_day);
    Policy policy = any_fx_policy(at);
    if (at == FxRateAt::fixed_day) policy.loading.fx_day = day("2024-01-15");
    const auto by = *rc::gen::element<std::string>("", "plan", "cell");
    const Book book = book_at(rows, rates, policy);
    const Waterfall found = book.waterfall(window, {.by = by});
    const FxReference reference(rows, rates, policy);
    expect_equal(found, reference.ask(reference.at(window.begin()), found.frame, window));
    const Book constant = book.at_rates_of(day("2024-05-05"));
    RC_ASSERT((constant.waterfall(window, {.by = by}).exact == found.exact));
  });
}

/// The day whose rate a row is worth.
Day own_rate_day(const DatedRow& dated, const std::vector<DatedRow>& rows, const Policy& policy) {
  if (policy.loading.fx_rate_at == FxRateAt::service_start) return dated.row.start;
  if (policy.loading.fx_rate_at == FxRateAt::invoice_date) return *dated.invoiced;
  if (dated.purchased) return *dated.purchased;
  Day first = dated.row.start;
  for (const DatedRow& other : rows)
    if (other.row.customer == dated.row.customer &&
        (policy.reporting.grain == Grain::customer || other.row.subscription == dated.row.subscription))
      first = std::min(first, other.row.start);
  return first;
}

TEST(Currencies, RowsAtRatesOfTheirOwn) {
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_foreign_rows());
    const RateBook rates = *any_rates();
    const auto at =
        *rc::gen::element(FxRateAt::service_start, FxRateAt::invoice_date, FxRateAt::purchase_date);
    Policy policy = any_fx_policy(at);
    policy.reporting.fx_movement = *rc::gen::element(FxMovement::own_line, FxMovement::in_movements);
    std::vector<Row> euros;
    for (const DatedRow& dated : rows)
      euros.push_back(in_euros(dated, policy, rates.on(own_rate_day(dated, rows, policy), dated.currency)));
    const Book book = book_at(rows, rates, policy);
    const Waterfall found = book.waterfall(window, {.by = "plan"});
    const Answer wanted = expected(euros, policy, found.frame, 3);
    if (policy.reporting.fx_movement == FxMovement::in_movements) expect_equal(found, wanted);
    for (const Line line : {Line::opening, Line::closing})
      for (std::size_t row = 0; row < found.frame.rows(); ++row)
        RC_ASSERT(found.exact[static_cast<std::size_t>(line)][row] ==
                  wanted.bridge[static_cast<std::size_t>(line)][row]);
  });
}

/// What stays of each currency of a customer, at its old and at its new average rate.
TEST(Currencies, FxOfRowsAtRatesOfTheirOwnIsWhatStays) {
  for_all([] {
    auto rows = *rc::gen::nonEmpty(any_foreign_rows());
    const RateBook rates = *any_rates();
    Policy policy;
    policy.loading.fx_rate_at = FxRateAt::service_start;
    policy.loading.paused = Paused::unchanged;
    const Book book = book_at(rows, rates, policy);
    const Waterfall found = book.waterfall(window);
    for (std::size_t period = 0; period < window.size(); ++period) {
      int128 fx = 0;
      for (std::int64_t customer = 1; customer < 7; ++customer)
        for (int currency = 0; currency < 4; ++currency) {
          std::array<int128, 2> local{}, euros{};
          int live = 0;
          for (const DatedRow& dated : rows)
            for (const std::size_t end : {0U, 1U}) {
              const Day at = (end == 0 ? window.begin(period) : window.end(period)) - 1;
              if (dated.row.customer != customer || dated.currency != currency || dated.row.start > at ||
                  at >= dated.row.end)
                continue;
              ++live;
              local[end] += dated.row.annual();
              euros[end] += in_euros(dated, policy, rates.on(dated.row.start, currency)).annual();
            }
          const int128 stays = std::min(local[0], local[1]);
          if (stays <= 0) continue;
          const int128 moved =
              divide_half_even(stays * euros[1], local[1]) - divide_half_even(stays * euros[0], local[0]);
          if (moved > live / 2 + 1 || -moved > live / 2 + 1) fx += moved;
        }
      RC_ASSERT(found.at(Line::fx, period).amount == RunRateSum(fx));
    }
  });
}

/// One product is renewed at its price, another is swapped for a third at its price: only rates moved.
TEST(Currencies, SwitchingProductsIsNoMovementOfRates) {
  FxRates rates(Currency("EUR"), {.max_days_back = 40});
  rates.add(day("2024-01-01"), Currency("USD"), "2");
  rates.add(day("2024-02-01"), Currency("USD"), "1");
  std::vector<DatedRow> rows{{.row = row(1, "2024-01-01", "2024-02-01", 200), .currency = 1},
                             {.row = row(1, "2024-02-01", "", 200), .currency = 1},
                             {.row = row(1, "2024-01-01", "2024-02-01", 160), .currency = 1},
                             {.row = row(1, "2024-02-01", "", 160), .currency = 1}};
  const std::vector<std::int32_t> products{0, 0, 1, 2};
  const std::vector<std::string> names{"A", "B", "C"};
  for (const char* how : {"difference", "legs", "transfer", "new_and_churn"}) {
    Policy policy;
    policy.set("fx_rate_at", "service_start");
    policy.set("plan_switch", how);
    Book book(policy, {.reporting_currency = Currency("EUR"), .rates = std::make_shared<FxRates>(rates)});
    const DatedTable table(rows, {.currency = true});
    Subscriptions columns = table.columns();
    columns.product = Codes{products, names};
    book.add(columns);
    const Waterfall found = book.waterfall(months("2024-02", "2024-02"));
    const auto monthly = [&](Line line) { return found.at(line, 0).amount.mrr(); };
    EXPECT_EQ(monthly(Line::opening), 180) << how;
    EXPECT_EQ(monthly(Line::closing), 360) << how;
    const bool whole = std::string_view(how) == "difference";
    EXPECT_EQ(monthly(Line::fx), whole ? 180 : 100) << how << ": by product, what was swapped is no stock";
    EXPECT_EQ(
        monthly(Line::expansion) + monthly(Line::new_) - monthly(Line::contraction) - monthly(Line::churn),
        whole ? 0 : 80)
        << how;
  }
}

TEST(Currencies, RowsAfterTheLastRatesAreAtTheLastAndCounted) {
  const auto rates = std::make_shared<FxRates>(Currency("EUR"), FxOptions{.max_days_back = 40});
  rates->add(day("2024-01-31"), Currency("USD"), "2");
  Policy policy;
  policy.set("fx_rate_at", "service_start");
  Book book(policy, {.reporting_currency = Currency("EUR"), .rates = rates});
  const DatedTable table({{.row = row(1, "2024-01-31", "", 10), .currency = 1},
                          {.row = row(2, "2024-06-01", "", 30), .currency = 1}},
                         {.currency = true});
  book.add(table.columns());
  EXPECT_EQ(book.mrr(day("2024-07-01")).mrr(), 20);
  ASSERT_EQ(book.notes().size(), 1U);
  EXPECT_EQ(book.notes()[0].code, "N_FX_AHEAD");
  EXPECT_EQ(book.notes()[0].rows, std::vector<std::int64_t>{1});
}

TEST(Currencies, EveryChurnedUnitWasInTheOpeningAtItsRates) {  // R9
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_foreign_rows());
    const Policy policy =
        without(any_fx_policy(FxRateAt::period_end), {"netting", "churn_numerator", "fx_movement"});
    const Waterfall bridge = book_at(rows, *any_rates(), policy).waterfall(window);
    for (std::size_t period = 0; period < window.size(); ++period) {
      const auto amount = [&](Line line) { return bridge.at(line, period).amount; };
      RC_ASSERT(amount(Line::churn) + amount(Line::contraction) <= amount(Line::opening) + amount(Line::fx));
      RC_ASSERT(bridge.at(Line::fx, period).customers == 0);
      if (period > 0) RC_ASSERT(bridge.at(Line::opening, period) == bridge.at(Line::closing, period - 1));
    }
  });
}

TEST(Currencies, StatesAddUpAndComeBackFromBytes) {
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_foreign_rows());
    const RateBook rates = *any_rates();
    const Policy policy = any_fx_policy(*rc::gen::element(FxRateAt::period_end, FxRateAt::service_start));
    std::vector<DatedRow> odd, even;
    for (const DatedRow& row : rows) (row.row.customer % 2 ? odd : even).push_back(row);
    RC_PRE(!odd.empty() && !even.empty());
    const WaterfallState whole = book_at(rows, rates, policy).waterfall_state(window, {.by = "plan"});
    WaterfallState sum = book_at(odd, rates, policy).waterfall_state(window, {.by = "plan"});
    sum += book_at(even, rates, policy).waterfall_state(window, {.by = "plan"});
    RC_ASSERT((sum == whole));
    RC_ASSERT((WaterfallState::read(whole.write()) == whole));
    Book added = book_at(odd, rates, policy);
    added.add(book_at(even, rates, policy));
    RC_ASSERT((added.waterfall_state(window, {.by = "plan"}) == whole));
  });
}

/// Rates are known as of a day, too: those of later days are not.
TEST(Currencies, ABookAsKnownOnADayIsOneOfItsRowsAndRates) {
  for_all([] {
    auto rows = *rc::gen::nonEmpty(any_known_rows());
    rows[0].recorded.reset();
    for (std::size_t row = 0; row < rows.size(); ++row) {
      rows[row].currency = static_cast<int>(mixed(9, row, 0) % 4);
      rows[row].invoiced = rows[row].row.start + static_cast<Day>(mixed(9, row, 1) % 30);
    }
    const RateBook rates = *any_rates();
    const Day day = *any_day();
    RateBook then = rates;
    then.quotes.erase(then.quotes.upper_bound(day), then.quotes.end());
    std::vector<DatedRow> known;
    for (DatedRow row : rows) {
      if (!row.known_on(day)) continue;
      row.superseded.reset();
      known.push_back(row);
    }
    Policy policy = any_fx_policy(
        *rc::gen::element(FxRateAt::period_end, FxRateAt::service_start, FxRateAt::invoice_date));
    // A day that the policy names is named: its rates are those that are known now.
    if (policy.reporting.fx_movement == FxMovement::constant)
      policy.reporting.fx_movement_day = tenure::test::day("2021-01-01");
    const auto book_with = [&](const std::vector<DatedRow>& some, const RateBook& quotes) {
      Book book(policy, {.reporting_currency = eur, .rates = quotes.table()});
      const DatedTable table(some, {.knowledge = true,
                                    .currency = true,
                                    .invoiced = policy.loading.fx_rate_at == FxRateAt::invoice_date,
                                    .subscriptions = policy.reporting.grain != Grain::customer});
      book.add(table.columns());
      return book;
    };
    const Book view = book_with(rows, rates).known_at(day), fresh = book_with(known, then);
    RC_ASSERT(
        (view.waterfall(window, {.by = "plan"}).exact == fresh.waterfall(window, {.by = "plan"}).exact));
    RC_ASSERT((view.net_retention(window, {.horizon = 3}).windows ==
               fresh.net_retention(window, {.horizon = 3}).windows));
    RC_ASSERT((view.mrr(day + 5).flows == fresh.mrr(day + 5).flows));
    RC_ASSERT((view.currencies() == fresh.currencies()));
  });
}

// Unit cases.

DatedRow in(int currency, Row row) {
  DatedRow dated{.row = row};
  dated.currency = currency;
  return dated;
}

RateBook falling() {
  RateBook rates;
  rates.quotes[day("2023-12-01")] = {1000, 900, 1200, 6};
  rates.quotes[day("2024-02-15")] = {1000, 800, 1200, 6};
  return rates;
}

TEST(Currencies, ARateMovesNoCustomer) {
  const Book book = book_at(
      {in(1, row(1, "2024-01-01", "", 100)), in(0, row(2, "2024-01-01", "2024-02-10", 50))}, falling(), {});
  const Waterfall bridge = book.waterfall(months("2024-01", "2024-03"));
  EXPECT_EQ(monthly(bridge, Line::opening), (std::vector<double>{0, 140, 80}));
  EXPECT_EQ(monthly(bridge, Line::new_), (std::vector<double>{140, 0, 0}));
  EXPECT_EQ(monthly(bridge, Line::churn), (std::vector<double>{0, 50, 0}));
  EXPECT_EQ(monthly(bridge, Line::contraction), (std::vector<double>{0, 0, 0}));
  EXPECT_EQ(monthly(bridge, Line::fx), (std::vector<double>{0, -10, 0}));
  EXPECT_EQ(monthly(bridge, Line::closing), (std::vector<double>{140, 80, 80}));
}

/// What stood at an opening needs its rate, also where it ended before the period began.
TEST(Currencies, ARateThatIsNotThereIsNeverOne) {
  FxRates few(eur, {.max_days_back = 7});
  few.add(day("2024-01-31"), usd, "1.25");
  few.add(day("2024-02-01"), usd, "1.25");
  const auto rates = std::make_shared<const FxRates>(few);
  const auto ask = [&](const std::vector<DatedRow>& rows, const Policy& policy, const auto& question) {
    Book book(policy, {.reporting_currency = eur, .rates = rates});
    const DatedTable table(rows, {.currency = true});
    book.add(table.columns());
    question(book);
  };
  const std::vector<DatedRow> ended{in(1, row(1, "2024-01-01", "2024-02-05", 100)),
                                    in(0, row(2, "2024-01-01", "", 10))},
      came_back{in(1, row(1, "2024-01-01", "2024-02-05", 100)), in(1, row(1, "2024-03-20", "", 100)),
                in(0, row(2, "2024-01-01", "", 10))};
  Policy at_start, with_gap, rolling;
  at_start.reporting.as_of = AsOf::period_start;
  with_gap.reporting.gap_days = 60;
  rolling.set("window", "rolling_90_days");
  const auto march = [](const Book& book) { book.waterfall(months("2024-03", "2024-03")); };
  EXPECT_NO_THROW(ask(ended, {}, march));
  EXPECT_FAULT(ask(ended, at_start, march), InputError, "E_FX_MISSING", "1 row needs it");
  EXPECT_FAULT(ask(came_back, with_gap, march), InputError, "E_FX_MISSING", "");
  EXPECT_FAULT(ask(came_back, with_gap, [](const Book& book) { book.mrr(day("2024-03-10")); }), InputError,
               "E_FX_MISSING", "");
  EXPECT_FAULT(ask(ended, rolling, [](const Book& book) { book.churn(months("2024-03", "2024-03")); }),
               InputError, "E_FX_MISSING", "");
  EXPECT_FAULT(
      ask(ended, {},
          [](const Book& book) { book.net_retention(months("2024-03", "2024-03"), {.horizon = 2}); }),
      InputError, "E_FX_MISSING", "1 row needs it");
  EXPECT_NO_THROW(ask(ended, {}, [](const Book& book) { book.mrr(day("2024-03-10")); }));
}

TEST(Currencies, WhatIsKnownLaterChangesNoByteAlsoInOtherCurrencies) {
  std::vector<DatedRow> rows{in(0, row(1, "2024-01-01", "", 100))};
  rows[0].recorded = day("2024-01-01");
  const auto book_of_all = [&] {
    Book book({}, {.reporting_currency = eur, .rates = falling().table()});
    const DatedTable table(rows, {.knowledge = true, .currency = true});
    book.add(table.columns());
    return book.known_at(day("2024-02-01"));
  };
  const Book before = book_of_all();
  rows.push_back(in(1, row(2, "2024-01-01", "", 50)));
  rows.back().recorded = day("2024-03-01");
  const Book after = book_of_all();
  EXPECT_EQ(before.waterfall_state(window, {.by = "currency"}).write(),
            after.waterfall_state(window, {.by = "currency"}).write());
  EXPECT_EQ(before.net_retention_state(window).write(), after.net_retention_state(window).write());
  EXPECT_EQ(before.currencies(), after.currencies());
}

TEST(Currencies, AreRefusedByName) {
  const auto rates = falling().table();
  Columns columns;
  columns.currency = {"EUR", "USD"};
  Book no_rates;
  EXPECT_FAULT(no_rates.add(columns.table()), InputError, "E_CURRENCY_MIXED", "EUR and USD in one book");
  Book no_reporting({}, {.rates = rates});
  EXPECT_FAULT(no_reporting.add(columns.table()), OptionError, "E_REPORTING_CURRENCY",
               "no reporting currency");
  const auto refuse = [&](std::vector<std::string> given, const char* code, const char* words,
                          const Policy& policy = {}) {
    Columns bad;
    bad.currency = std::move(given);
    Book book(policy, {.reporting_currency = eur, .rates = rates});
    EXPECT_FAULT(book.add(bad.table()), InputError, code, words);
    EXPECT_EQ(book.rows_read(), 0);
  };
  refuse({"EUR", "XXZ"}, "E_CURRENCY_UNKNOWN", "column 'currency', row 1: 'XXZ' is not an ISO 4217 code");
  refuse({"EUR", "null"}, "E_CURRENCY_NULL", "column 'currency', row 1: amount without a currency");
  refuse({}, "E_CURRENCY_NULL", "amount without a currency");
  Policy invoiced;
  invoiced.loading.fx_rate_at = FxRateAt::invoice_date;
  refuse({"EUR", "USD"}, "E_COLUMN_MISSING", "needs the day of each row's invoice", invoiced);
  Book book({}, {.reporting_currency = eur, .rates = rates});
  columns.currency = {"EUR", "CHF"};
  book.add(columns.table());
  EXPECT_FAULT(book.mrr(day("2024-03-01")), InputError, "E_FX_MISSING", "CHF");
  EXPECT_FAULT(static_cast<void>(book.local(gbp)), OptionError, "E_CURRENCY", "the book has no rows in GBP");
  Book plain;
  plain.add(Columns().table());
  EXPECT_FAULT(book.add(plain), OptionError, "E_MERGE_CONFIG", "reporting currency or exchange rates");
  EXPECT_EQ(book.rows(), 2);
}

}  // namespace
}  // namespace tenure::test
