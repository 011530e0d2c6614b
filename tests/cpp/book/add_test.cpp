#include "support/columns.hpp"
#include "support/compare.hpp"
#include "support/faults.hpp"

/// However rows come into a book, it is the same book.
namespace tenure::test {
namespace {

/// All answers of a book as bytes.
std::vector<std::byte> answers(const Book& book) {
  std::vector<std::byte> all;
  const auto append = [&](const auto& state) {
    const auto bytes = state.write();
    all.insert(all.end(), bytes.begin(), bytes.end());
  };
  const SummaryState summary = book.summary_state(window);
  append(summary.waterfall);
  append(summary.net_retention);
  append(summary.triangle);
  append(book.waterfall_state(window, {.by = "plan"}));
  append(book.net_retention_state(window, {.by = "region"}));
  append(book.triangle_state(window, {.by = "cell"}));
  return all;
}

Table table(const std::vector<Row>& rows) { return Table(rows, true); }

TEST(BookAdd, ShuffledRowsGiveTheSameBytes) {  // G1
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_rows());
    const Policy policy = *any_policy();
    RC_ASSERT(answers(book_of(rows, policy)) ==
              answers(book_of(shuffled(rows, *rc::gen::arbitrary<std::uint64_t>()), policy)));
  });
}

TEST(BookAdd, ChunksRowsOneByOneAndBooksAddedGiveTheSameBytes) {  // G2, G6
  for_all(
      [] {
        const auto rows = *rc::gen::nonEmpty(any_rows());
        const Policy policy = *any_policy();
        const auto cut = static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, rows.size() + 1));
        const Table whole = table(rows), front = table({rows.begin(), rows.begin() + cut}),
                    back = table({rows.begin() + cut, rows.end()});
        Book all(policy), in_chunks(policy), one_by_one(policy), first(policy), second(policy);
        all.add(whole.columns());
        const std::vector<Subscriptions> chunks{front.columns(), back.columns()};
        in_chunks.add(chunks);
        for (const Row& row : rows) one_by_one.add(table({row}).columns());
        first.add(front.columns());
        second.add(back.columns());
        first.add(second);
        const auto wanted = answers(all);
        RC_ASSERT(answers(in_chunks) == wanted);
        RC_ASSERT(answers(one_by_one) == wanted);
        RC_ASSERT(answers(first) == wanted);
        RC_ASSERT(first.rows() == all.rows());
        RC_ASSERT(first.first_day() == all.first_day());
        RC_ASSERT(first.last_day() == all.last_day());
      },
      150);
}

TEST(BookAdd, AnyNumberOfThreadsGivesTheSameBytes) {  // G18
  std::vector<Row> rows;
  for (std::int64_t i = 0; i < 30'000; ++i)
    rows.push_back({.customer = i % 4'001,
                    .start = day("2023-01-01") + static_cast<Day>(i * 37 % 650),
                    .end = day("2023-01-01") + static_cast<Day>(i * 37 % 650 + i % 200),
                    .monthly = (i % 9) * micros,
                    .plan = static_cast<int>(i % 4) - 1,
                    .region = static_cast<int>(i % 3) - 1,
                    .subscription = i});
  const auto wanted = answers(book_of(rows));
  for (int threads = 2; threads <= 8; ++threads)
    EXPECT_EQ(answers(book_of(rows, {}, threads)), wanted) << threads;
}

TEST(BookAdd, NumbersAndTextsAreTheSameCustomers) {  // G9
  for_all(
      [] {
        const auto rows = *rc::gen::nonEmpty(any_rows());
        Subscriptions columns = table(rows).columns();
        const Table owner = table(rows);
        columns = owner.columns();
        TextColumn names;
        for (const Row& row : rows) names.push_back("customer " + std::to_string(-row.customer));
        Book numbers, texts;
        numbers.add(columns);
        columns.customer = names;
        texts.add(columns);
        RC_ASSERT(answers(texts) == answers(numbers));
      },
      100);
}

TEST(BookAdd, IdsAreComparedByteForByte) {  // KEY-04, KEY-08
  Columns columns;
  columns.names = {"C1", "c1"};
  EXPECT_EQ(columns.book().customers(), 2);
  columns.names = {std::string("a\0b", 3), "a"};
  EXPECT_EQ(columns.book().customers(), 2);
}

TEST(BookAdd, WholeFloatingAndMicroAmountsAreTheSame) {
  const std::vector<std::int64_t> ids{1, 2}, whole{10, 25};
  const std::vector<double> floating{10.0, 25.0};
  const std::vector<Micros> micro_units{{10 * micros}, {25 * micros}};
  const std::vector<Day> starts{day("2023-06-01"), day("2023-07-01")};
  const auto closing = [&](const Amounts& amounts) {
    Book book;
    book.add({.customer = ids, .start = starts, .amount = amounts});
    return monthly(book.waterfall(months("2023-06", "2023-07")), Line::closing);
  };
  EXPECT_EQ(closing(whole), (std::vector<double>{10, 35}));
  EXPECT_EQ(closing(floating), closing(whole));
  EXPECT_EQ(closing(micro_units), closing(whole));
}

TEST(BookAdd, FloatingAmountsAreRoundedToMicroUnitsHalfEven) {
  for_all([] {
    const double amount = *rc::gen::map(rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000),
                                        [](std::int64_t n) { return static_cast<double>(n) / 2e6; });
    Columns columns;
    columns.amount = {amount, 0};
    RC_ASSERT(columns.book().mrr(day("2024-03-01")).flows[0].amount.annual == int128{to_micros(amount)} * 12);
  });
}

TEST(BookAdd, IntervalsAndQuantitiesMakeTheRunRate) {
  Columns columns;
  columns.customer = {1, 2, 3};
  columns.start.assign(3, day("2024-01-01"));
  columns.amount = {1200, 90, 7};
  columns.interval_count = {1, 3, 1};
  columns.quantity = {1, 2, 0};
  Subscriptions table = columns.table();
  const std::vector<IntervalUnit> units{IntervalUnit::year, IntervalUnit::month, IntervalUnit::week};
  table.interval_unit = units;
  Book book;
  book.add(table);
  EXPECT_EQ(book.mrr(day("2024-01-01")).mrr(), 100 + 60);
}

TEST(BookAdd, ReversedRowsMayBeLeftOutAndAreCounted) {  // TIM-02
  Columns columns;
  columns.end = {day("2023-12-01"), day("2024-03-01")};
  columns.plan = {"basic", "pro"};
  Book book = columns.book({}, {.on_reversed = OnReversed::drop});
  EXPECT_EQ(book.rows(), 1);
  EXPECT_EQ(book.rows_read(), 2);
  EXPECT_EQ(book.customers(), 1);
  ASSERT_EQ(book.notes().size(), 1U);
  EXPECT_EQ(book.notes()[0].code, "N_REVERSED_DROPPED");
  EXPECT_EQ(book.notes()[0].count, 1);
  EXPECT_EQ(book.notes()[0].rows, std::vector<std::int64_t>{0});
  EXPECT_EQ(book.first_day(), day("2024-02-01"));
  EXPECT_EQ(book.waterfall(months("2024-02", "2024-02"), {.by = "plan"}).closing.sum(), 20);
  book.add(columns.table());
  EXPECT_EQ(book.notes().back().rows, std::vector<std::int64_t>{2}) << "rows count on from table to table";
}

TEST(BookAdd, NotesOfAnAddedBookNameRowsOfTheWhole) {
  Columns columns;
  columns.end = {day("2024-01-31"), day("2024-01-01")};
  Book first, second({}, {.on_reversed = OnReversed::drop});
  first.add(Columns().table());
  second.add(columns.table());
  first.add(second);
  ASSERT_EQ(first.notes().size(), 1U);
  EXPECT_EQ(first.notes()[0].rows, std::vector<std::int64_t>{3});
}

TEST(BookAdd, BooksOfDifferentKindsAreRefused) {
  Policy inclusive;
  inclusive.loading.end = EndDate::inclusive;
  Book book = Columns().book();
  Columns texts, priced;
  texts.names = {"a", "b"};
  priced.currency = {"USD", "USD"};
  EXPECT_FAULT(book.add(Columns().book(inclusive)), OptionError, "E_POLICY_MIXED", "different policies");
  EXPECT_FAULT(book.add(texts.book()), InputError, "E_KEY_TYPE", "of different types");
  EXPECT_FAULT(book.add(texts.table()), InputError, "E_KEY_TYPE", "are of another type");
  EXPECT_FAULT(book.add(priced.book()), InputError, "E_COLUMN_MISSING", "had no column 'currency'");
  EXPECT_EQ(book.rows(), 2);
}

TEST(BookAdd, ProductMayAlsoBeASegment) {
  Columns columns;
  columns.product = {"core", "add-on"};
  Subscriptions table = columns.table();
  table.segments.push_back({"product", *table.product});
  Book book;
  book.add(table);
  EXPECT_EQ(book.segment_names(), std::vector<std::string>{"product"});
  EXPECT_EQ(book.waterfall(months("2024-02", "2024-02"), {.by = "product"}).frame.segments,
            (std::vector<std::string>{"add-on", "core"}));
}

TEST(BookAdd, LabelsThatNoRowUsesMakeNoSegment) {  // G18: dictionaries of slices carry them
  Columns columns;
  Subscriptions table = columns.table();
  const std::vector<std::int32_t> codes{2, 0};
  const std::vector<std::string> labels{"basic", "unused", "pro"};
  table.segments = {{"plan", {codes, labels}}};
  Book book;
  book.add(table);
  EXPECT_EQ(book.waterfall(months("2024-01", "2024-02"), {.by = "plan"}).frame.segments,
            (std::vector<std::string>{"basic", "pro"}));
}

}  // namespace
}  // namespace tenure::test
