#include <algorithm>

#include "support/faults.hpp"
#include "support/term_rows.hpp"

/// Rows with terms and invoice lines in a book: however they come in it is the same book, what counts for
/// nothing is named, and the options that are said not to matter do not.
namespace tenure::test {
namespace {

Policy with(std::initializer_list<std::pair<const char*, const char*>> options) {
  Policy policy;
  for (const auto& [option, value] : options) policy.set(option, value);
  return policy;
}

/// Whatever a book can be asked, as bytes and exact figures.
struct Answers {
  std::vector<std::array<std::vector<Flow>, line_count>> bridges;
  std::vector<std::vector<Retention>> retention;
  std::vector<std::vector<Flow>> triangles, snapshots;
  std::vector<std::vector<RunRateSum>> discounts;
  std::vector<std::int64_t> churn;
  std::vector<std::optional<double>> rates;
  std::int64_t rows = 0, customers = 0;
  Day first = 0;
  friend bool operator==(const Answers&, const Answers&) = default;
};

Answers answers(const Book& book) {
  Answers all;
  for (const char* by : {"", "plan"}) {
    all.bridges.push_back(book.waterfall(window, {.by = by}).exact);
    all.retention.push_back(book.net_retention(window, {.horizon = 3, .by = by}).windows);
    all.triangles.push_back(book.triangle(window, {.by = by}).cells);
    for (const char* at : {"2023-07-01", "2023-12-31", "2024-06-15"}) {
      all.snapshots.push_back(book.mrr(day(at), {.by = by}).flows);
      all.discounts.push_back(book.mrr(day(at), {.by = by}).discounts);
    }
  }
  const Churn churn = book.churn(window);
  for (const ChurnWindow& one : churn.windows)
    for (const std::int64_t count :
         {one.opening, one.joined, one.lost, one.lost_joiners, one.returned, one.up_for_renewal})
      all.churn.push_back(count);
  for (const ChurnRates& one : churn.rates)
    for (const auto& rate : {one.customer, one.mrr, one.gross_mrr, one.net_mrr}) all.rates.push_back(rate);
  all.rows = book.rows();
  all.customers = book.customers();
  all.first = book.first_day();
  return all;
}

TEST(Terms, AnOptionThatIsNotInPlayChangesNothing) {
  for_all(
      [] {
        const auto rows = *rc::gen::nonEmpty(any_terms());
        Policy policy = *any_policy();
        policy.set("total_rounding", "exact");
        const Book book = book_of(rows, policy);
        const std::vector<std::string> in_play = book.options_in_play();
        const Answers wanted = answers(book);
        for (const auto& [option, value] : policy.options()) {
          if (std::find(in_play.begin(), in_play.end(), option) != in_play.end()) continue;
          const std::string other = *rc::gen::elementOf(values_of(option));
          Policy changed = policy;
          changed.set(option, other);
          try {
            changed.check();
          } catch (const OptionError&) {
            continue;
          }
          RC_TAG(option);
          if (answers(book_of(rows, changed)) != wanted) RC_FAIL(option + "=" + other + " changed a figure");
        }
      },
      80);
}

TEST(Terms, OptionsInPlayAreThoseOfTheRows) {
  const auto plays = [](TermRow term, const char* option) {
    term.row = row(1, "2024-01-01", "", 10);
    const auto found = book_of({term}).options_in_play();
    return std::find(found.begin(), found.end(), option) != found.end();
  };
  const Discount half{.percent_micros = 50 * micros};
  EXPECT_FALSE(plays({}, "discounts"));
  EXPECT_TRUE(plays({.discounts = {half}}, "discounts"));
  EXPECT_FALSE(plays({.discounts = {half}}, "discount_stacking"));
  EXPECT_TRUE(plays({.discounts = {half, half}}, "discount_stacking"));
  EXPECT_FALSE(plays({}, "tax"));
  EXPECT_TRUE(plays({.tax = micros}, "tax"));
  EXPECT_TRUE(plays({}, "usage")) << "under usage=only recurring rows count for nothing";
  EXPECT_TRUE(plays({}, "one_time"));
  EXPECT_FALSE(plays({}, "past_due"));
  EXPECT_TRUE(plays({.status = SubscriptionStatus::past_due}, "past_due"));
  EXPECT_FALSE(plays({}, "paused"));
  EXPECT_TRUE(plays({.status = SubscriptionStatus::paused}, "paused"));
  EXPECT_TRUE(plays({.status = SubscriptionStatus::paused}, "pause_movement"));
  EXPECT_FALSE(plays({}, "quantity"));
  EXPECT_TRUE(plays({.quantity = 2}, "quantity"));
  EXPECT_TRUE(plays({.invoiced_quantity = 3}, "quantity"));
  EXPECT_FALSE(plays({}, "mrr_source"));
  EXPECT_TRUE(plays({.renewal = micros}, "mrr_source"));
  EXPECT_FALSE(plays({}, "backdating"));
  EXPECT_TRUE(plays({.recorded = day("2024-02-01")}, "backdating"));
  EXPECT_FALSE(plays({}, "trial_to_paid_date"));
  EXPECT_TRUE(plays({.first_payment = day("2024-02-01")}, "trial_to_paid_date"));
  EXPECT_FALSE(plays({}, "interval_factor_week"));
  EXPECT_TRUE(plays({.interval = {IntervalUnit::week, 1}}, "interval_factor_week"));
  EXPECT_FALSE(plays({}, "plan_switch")) << "there are no products";
  EXPECT_FALSE(plays({}, "refund")) << "there are no invoices";
  EXPECT_TRUE(plays({}, "netting"));
}

TEST(Terms, ChunksAndBooksAddedAreTheBook) {
  for_all(
      [] {
        const auto rows = *rc::gen::nonEmpty(any_terms());
        const auto cut = static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, rows.size() + 1));
        // The same columns in either part, whatever its rows say: all that can be there are there.
        std::vector<TermRow> all = rows;
        for (TermRow& term : all) {
          const Day start = term.row.start;
          term.row.product = 1;
          term.renewal = term.renewal.value_or(term.row.monthly);
          term.invoiced_quantity = term.invoiced_quantity.value_or(term.quantity);
          for (const auto member :
               {&TermRow::cancel_requested, &TermRow::paid_through, &TermRow::dunning_end, &TermRow::recorded,
                &TermRow::first_payment, &TermRow::first_paid_invoice})
            term.*member = (term.*member).value_or(start);
        }
        const std::vector<TermRow> front(all.begin(), all.begin() + cut), back(all.begin() + cut, all.end());
        RC_PRE(!front.empty() && !back.empty());
        const Policy policy = *any_policy();
        const TermTable first(front), second(back);
        Book whole = book_of(all, policy), chunked(policy), added(policy), later(policy), two(policy);
        const std::vector<Subscriptions> chunks{first.columns(), second.columns()};
        chunked.add(chunks);
        two.add(first.columns());
        two.add(second.columns());
        added.add(first.columns());
        later.add(second.columns());
        added.add(later);
        const Answers wanted = answers(whole);
        RC_ASSERT(answers(chunked) == wanted);
        RC_ASSERT(answers(two) == wanted);
        RC_ASSERT(answers(added) == wanted);
        RC_ASSERT(answers(book_of(all, policy, 3)) == wanted);
        for (const Book* book : {&chunked, &two, &added}) {
          RC_ASSERT(book->options_in_play() == whole.options_in_play());
          RC_ASSERT(book->notes().size() == whole.notes().size());
          for (std::size_t i = 0; i < whole.notes().size(); ++i) {
            RC_ASSERT(book->notes()[i].code == whole.notes()[i].code);
            RC_ASSERT(book->notes()[i].count == whole.notes()[i].count);
            RC_ASSERT(book->notes()[i].rows == whole.notes()[i].rows);
          }
        }
      },
      100);
}

TEST(Terms, RowsThatCountForNothingAreNoted) {
  const std::vector<TermRow> rows{
      {.row = row(1, "2024-01-01", "", 10)},
      {.row = row(2, "2024-01-01", "", 0), .status = SubscriptionStatus::trial},
      {.row = row(3, "2024-01-01", "", 10), .status = SubscriptionStatus::cancelled},
      {.row = row(4, "2024-01-01", "", 10), .kind = ChargeKind::usage},
      {.row = row(5, "2024-01-01", "", 10), .kind = ChargeKind::usage},
      {.row = row(6, "2024-01-01", "2024-03-01", 10), .kind = ChargeKind::one_time}};
  const Book book = book_of(rows);
  EXPECT_EQ(book.rows_read(), 6);
  EXPECT_EQ(book.mrr(day("2024-01-15")).mrr(), 10);
  std::map<std::string, std::vector<std::int64_t>> found;
  for (const Note& note : book.notes()) {
    found[note.code] = note.rows;
    EXPECT_EQ(note.count, std::ssize(note.rows));
  }
  EXPECT_EQ(found, (std::map<std::string, std::vector<std::int64_t>>{{"N_LEFT_OUT_TRIAL", {1}},
                                                                     {"N_LEFT_OUT_CANCELLED", {2}},
                                                                     {"N_LEFT_OUT_USAGE", {3, 4}},
                                                                     {"N_LEFT_OUT_ONE_TIME", {5}}}));
  const Book only_usage = book_of(rows, with({{"usage", "only"}}));
  EXPECT_EQ(only_usage.mrr(day("2024-01-15")).mrr(), 20);
  const auto recurring = std::find_if(only_usage.notes().begin(), only_usage.notes().end(),
                                      [](const Note& note) { return note.code == "N_LEFT_OUT_RECURRING"; });
  ASSERT_NE(recurring, only_usage.notes().end());
  EXPECT_EQ(recurring->rows, std::vector<std::int64_t>{0});
}

TEST(Terms, NotesNameTheFirstTwentyRowsAndCountAll) {
  std::vector<TermRow> rows(50, {.row = row(1, "2024-01-01", "", 10), .kind = ChargeKind::usage});
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].row.subscription = static_cast<std::int64_t>(i);
  const Book book = book_of(rows);
  ASSERT_EQ(book.notes().size(), 1U);
  EXPECT_EQ(book.notes()[0].count, 50);
  EXPECT_EQ(book.notes()[0].rows.size(), 20U);
  EXPECT_EQ(book.customers(), 1);
  EXPECT_EQ(book.mrr(day("2024-01-15")).flows[0].customers, 0);
}

TEST(Terms, ADiscountIsCarriedNextToTheNetPrice) {
  const Discount half{
      .percent_micros = 50 * micros, .duration = DiscountDuration::repeating, .until = day("2024-03-01")};
  std::vector<TermRow> rows{{.row = row(1, "2024-01-01", "", 40, 0), .discounts = {half}},
                            {.row = row(2, "2024-01-01", "", 60, 1)}};
  const Book book = book_of(rows);
  EXPECT_TRUE(book.has_discounts());
  const Snapshot before = book.mrr(day("2024-02-29")), after = book.mrr(day("2024-03-01"));
  EXPECT_EQ(before.mrr(), 80);
  EXPECT_EQ(before.discount_mrr(), 20);
  EXPECT_EQ(before.gross_mrr(), 100);
  EXPECT_EQ(after.mrr(), 100);
  EXPECT_EQ(after.discount_mrr(), 0);
  const Snapshot cut = book.mrr(day("2024-01-01"), {.by = "plan"});
  ASSERT_EQ(cut.segments, (std::vector<std::string>{"basic", "pro"}));
  EXPECT_EQ(cut.discount_mrr(0), 20);
  EXPECT_EQ(cut.gross_mrr(0), 40);
  EXPECT_EQ(cut.discount_mrr(1), 0);
  EXPECT_EQ(monthly(book.waterfall(months("2024-02", "2024-03")), Line::expansion),
            (std::vector<double>{0, 20}));
  EXPECT_EQ(book_of(rows, with({{"discounts", "none"}})).mrr(day("2024-01-01")).mrr(), 100);
  EXPECT_FALSE(book_of({rows[1]}).has_discounts());
}

TEST(Terms, AFullDiscountIsChurnOrContraction) {  // mov-bm-01
  const Discount all{.percent_micros = 100 * micros, .duration = DiscountDuration::forever};
  std::vector<TermRow> rows{{.row = row(1, "2024-01-01", "2024-02-10", 10)},
                            {.row = row(1, "2024-02-10", "", 10), .discounts = {all}}};
  const Periods february = months("2024-02", "2024-02");
  EXPECT_EQ(book_of(rows).waterfall(february).at(Line::churn, 0).customers, 1);
  const Waterfall stays = book_of(rows, with({{"free_customers", "active"}})).waterfall(february);
  EXPECT_EQ(stays.at(Line::churn, 0).customers, 0);
  EXPECT_EQ(stays.at(Line::contraction, 0).amount, RunRateSum(mrr(10)));
}

TEST(Terms, PausesAreLinesOfTheirOwnWhereThePolicySays) {
  const std::vector<TermRow> rows{
      {.row = row(1, "2024-01-01", "2024-02-10", 10)},
      {.row = row(1, "2024-02-10", "2024-03-10", 10), .status = SubscriptionStatus::paused},
      {.row = row(1, "2024-03-10", "", 12)}};
  const Periods three = months("2024-01", "2024-03");
  const Waterfall churn = book_of(rows).waterfall(three);
  EXPECT_EQ(monthly(churn, Line::churn), (std::vector<double>{0, 10, 0}));
  EXPECT_EQ(monthly(churn, Line::reactivation), (std::vector<double>{0, 0, 12}));
  const Waterfall own = book_of(rows, with({{"pause_movement", "own"}})).waterfall(three);
  EXPECT_EQ(monthly(own, Line::paused), (std::vector<double>{0, 10, 0}));
  EXPECT_EQ(monthly(own, Line::resumed), (std::vector<double>{0, 0, 12}));
  EXPECT_EQ(monthly(own, Line::churn), (std::vector<double>{0, 0, 0}));
  const Waterfall unchanged = book_of(rows, with({{"paused", "unchanged"}})).waterfall(three);
  EXPECT_EQ(monthly(unchanged, Line::closing), (std::vector<double>{10, 10, 12}));
}

TEST(Terms, ASwitchOfProductAtOnePriceShowsAsThePolicySays) {
  std::vector<TermRow> rows{{.row = row(1, "2024-01-01", "2024-02-10", 30)},
                            {.row = row(1, "2024-02-10", "", 30)}};
  rows[1].row.product = 1;
  const Periods two = months("2024-01", "2024-02");
  const auto february = [&](const char* plan_switch, Line line) {
    return book_of(rows, with({{"plan_switch", plan_switch}})).waterfall(two).at(line, 1).amount.mrr();
  };
  EXPECT_EQ(february("difference", Line::expansion), 0);
  EXPECT_EQ(february("legs", Line::expansion), 30);
  EXPECT_EQ(february("legs", Line::contraction), 30);
  EXPECT_EQ(february("transfer", Line::transfer_in), 30);
  EXPECT_EQ(february("transfer", Line::transfer_out), 30);
  EXPECT_EQ(february("transfer", Line::expansion), 0);
  EXPECT_EQ(february("new_and_churn", Line::new_), 30);
  EXPECT_EQ(february("new_and_churn", Line::churn), 30);
}

/// Two invoices of 60 and one credit note of 25, of one customer.
struct Invoices {
  std::vector<std::int64_t> customer{1, 1, 1};
  std::vector<Day> start{day("2024-01-01"), day("2024-02-01"), day("2024-02-15")},
      end{day("2024-02-01"), day("2024-03-01"), day("2024-03-01")};
  std::vector<double> amount{60, 60, -25};
  std::vector<InvoiceLineKind> kind{InvoiceLineKind::recurring, InvoiceLineKind::recurring,
                                    InvoiceLineKind::credit};
  std::vector<Day> paid{day("2024-01-04"), day("2024-02-07"), day("2024-02-15")};

  InvoiceLines lines() const {
    return {.customer = customer,
            .service_start = start,
            .service_end = end,
            .amount = amount,
            .kind = kind,
            .interval = Interval{},
            .paid_on = paid};
  }
};

TEST(InvoiceBook, IsWhatWasBilledForEachDay) {
  const Invoices invoices;
  Book book;
  book.add(invoices.lines());
  EXPECT_EQ(book.rows(), 3);
  EXPECT_EQ(book.mrr(day("2024-01-31")).mrr(), 60);
  EXPECT_EQ(book.mrr(day("2024-02-14")).mrr(), 60);
  EXPECT_EQ(book.mrr(day("2024-02-15")).mrr(), 35);
  EXPECT_EQ(book.mrr(day("2024-03-01")).mrr(), 0);
  const Waterfall bridge = book.waterfall(months("2024-01", "2024-03"));
  EXPECT_EQ(monthly(bridge, Line::new_), (std::vector<double>{60, 0, 0}));
  EXPECT_EQ(monthly(bridge, Line::contraction), (std::vector<double>{0, 25, 0}));
  EXPECT_EQ(monthly(bridge, Line::churn), (std::vector<double>{0, 0, 35}));
}

TEST(InvoiceBook, OfPaymentsIsThatOfPaidInvoices) {
  const Invoices invoices;
  Book book(with({{"mrr_source", "payment"}})), billed;
  book.add(invoices.lines());
  billed.add(invoices.lines());
  for (const char* at : {"2024-01-03", "2024-02-06", "2024-02-20"})
    EXPECT_EQ(book.mrr(day(at)).mrr(), billed.mrr(day(at)).mrr()) << "who pays late has not churned";
}

TEST(InvoiceBook, EndsOnItsLastDayWherePeriodsAreInclusive) {
  Invoices invoices;
  for (Day& end : invoices.end) --end;
  Book book(with({{"end_date", "inclusive"}})), exclusive;
  book.add(invoices.lines());
  exclusive.add(Invoices{}.lines());
  for (const char* at : {"2024-01-31", "2024-02-14", "2024-02-15", "2024-03-01"})
    EXPECT_EQ(book.mrr(day(at)).mrr(), exclusive.mrr(day(at)).mrr()) << at;
}

TEST(InvoiceBook, LeavesOutReversedLinesWhereItIsToldTo) {
  Invoices invoices;
  invoices.end[0] = invoices.start[0] - 1;
  Book book(Policy{}, {.on_reversed = OnReversed::drop});
  book.add(invoices.lines());
  EXPECT_EQ(book.rows(), 2);
  EXPECT_EQ(book.notes().front().code, "N_REVERSED_DROPPED");
  EXPECT_FAULT(Book{}.add(invoices.lines()), InputError, "E_PERIOD_REVERSED", "lies before start");
}

TEST(InvoiceBook, InPiecesIsTheWhole) {
  const Invoices all;
  for (const std::size_t cut : {1U, 2U}) {
    Invoices front = all, back = all;
    const auto split = [&](auto& first, auto& second) {
      first.resize(cut);
      second.erase(second.begin(), second.begin() + static_cast<std::ptrdiff_t>(cut));
    };
    split(front.customer, back.customer);
    split(front.start, back.start);
    split(front.end, back.end);
    split(front.amount, back.amount);
    split(front.kind, back.kind);
    split(front.paid, back.paid);
    Book whole, pieces, added, later;
    whole.add(all.lines());
    pieces.add(front.lines());
    pieces.add(back.lines());
    added.add(front.lines());
    later.add(back.lines());
    added.add(later);
    const auto wanted = whole.waterfall_state(months("2024-01", "2024-04"));
    EXPECT_EQ(pieces.waterfall_state(months("2024-01", "2024-04")), wanted) << cut;
    EXPECT_EQ(added.waterfall_state(months("2024-01", "2024-04")), wanted) << cut;
    EXPECT_EQ(added.rows(), 3);
  }
}

TEST(InvoiceBook, MoreCreditThanPriceIsWorthNothing) {
  Invoices invoices;
  invoices.amount[2] = -90;
  Book book;
  book.add(invoices.lines());
  EXPECT_EQ(book.mrr(day("2024-02-15")).mrr(), 0);
  EXPECT_EQ(book.mrr(day("2024-02-15")).flows[0].customers, 0);
  const Waterfall bridge = book.waterfall(months("2024-02", "2024-02"));
  EXPECT_EQ(bridge.at(Line::churn, 0).amount, RunRateSum(mrr(60)));
}

TEST(InvoiceBook, RefundsAreNotedOrLowerMrr) {
  Invoices invoices;
  invoices.kind[2] = InvoiceLineKind::refund;
  Book ignored, lowered(with({{"refund", "lowers_mrr"}}));
  ignored.add(invoices.lines());
  lowered.add(invoices.lines());
  EXPECT_EQ(ignored.mrr(day("2024-02-20")).mrr(), 60);
  ASSERT_EQ(ignored.notes().size(), 1U);
  EXPECT_EQ(ignored.notes()[0].code, "N_LEFT_OUT_REFUND");
  EXPECT_EQ(ignored.notes()[0].rows, std::vector<std::int64_t>{2});
  EXPECT_EQ(lowered.mrr(day("2024-02-20")).mrr(), 35);
  EXPECT_TRUE(lowered.notes().empty());
}

TEST(InvoiceBook, DoesNotMixWithSubscriptions) {
  const Invoices invoices;
  const std::vector<Row> rows{row(1, "2024-01-01", "", 60)};
  const Table table(rows);
  Book billed, agreed;
  billed.add(invoices.lines());
  agreed.add(table.columns());
  EXPECT_FAULT(billed.add(table.columns()), InputError, "E_SOURCE_MIXED", "count the same money twice");
  EXPECT_FAULT(agreed.add(invoices.lines()), InputError, "E_SOURCE_MIXED", "one book");
  EXPECT_FAULT(agreed.add(billed), InputError, "E_SOURCE_MIXED", "one book");
  EXPECT_EQ(billed.rows(), 3);
  EXPECT_EQ(agreed.rows(), 1);
  EXPECT_EQ(billed.mrr(day("2024-01-15")).mrr(), 60);
}

TEST(InvoiceBook, SaysWhichOptionsMatter) {
  const Invoices invoices;
  Book book;
  book.add(invoices.lines());
  const auto found = book.options_in_play();
  const auto plays = [&](const char* option) {
    return std::find(found.begin(), found.end(), option) != found.end();
  };
  EXPECT_TRUE(plays("mrr_source"));
  EXPECT_FALSE(plays("refund"));
  EXPECT_FALSE(plays("prorated_line"));
  EXPECT_FALSE(plays("churn_at")) << "invoice lines are not requested to end";
}

}  // namespace
}  // namespace tenure::test
