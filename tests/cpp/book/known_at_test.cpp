#include <functional>

#include "support/columns.hpp"
#include "support/compare.hpp"
#include "support/dated_rows.hpp"
#include "support/faults.hpp"

/// What was known on a day: the same for ever, and the same as a book of only those rows.
namespace tenure::test {
namespace {

constexpr DatedColumns plain_columns{}, known_columns{.knowledge = true},
    by_id{.knowledge = true, .versions = true};

Book dated_book(const std::vector<DatedRow>& rows, const Policy& policy, DatedColumns with) {
  with.subscriptions = policy.reporting.grain != Grain::customer;
  Book book(policy);
  const DatedTable table(rows, with);
  book.add(table.columns());
  return book;
}

std::vector<DatedRow> known_on(const std::vector<DatedRow>& rows, Day day) {
  std::vector<DatedRow> known;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(known),
               [&](const DatedRow& row) { return row.known_on(day); });
  return known;
}

/// Whether anything was known on a day.
bool known_by(const std::vector<DatedRow>& rows, Day day) {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const DatedRow& row) { return row.recorded.value_or(day) <= day; });
}

std::vector<DatedRow> recorded_only(std::vector<DatedRow> rows) {
  for (DatedRow& row : rows) row.superseded.reset();
  return rows;
}

/// Every answer that has bytes, one after the other.
std::vector<std::byte> bytes_of(const Book& book, const std::string& by) {
  std::vector<std::byte> all;
  const auto put = [&](const auto& state) {
    const std::vector<std::byte> bytes = state.write();
    all.insert(all.end(), bytes.begin(), bytes.end());
  };
  put(book.waterfall_state(window));
  put(book.waterfall_state(window, {.by = by}));
  put(book.net_retention_state(window, {.horizon = 3, .by = by}));
  put(book.triangle_state(window, {.by = by}));
  put(book.concentration_state(window.begin() + 100));
  const SummaryState summary = book.summary_state(window);
  put(summary.waterfall);
  put(summary.net_retention);
  put(summary.triangle);
  return all;
}

bool equal(const ChurnWindow& a, const ChurnWindow& b) {
  const auto all = [](const ChurnWindow& window) {
    return std::tuple(window.begin, window.end, window.opening, window.joined, window.lost,
                      window.lost_joiners, window.returned, window.up_for_renewal, window.opening_mrr.annual,
                      window.new_mrr.annual, window.churned.annual, window.churned_joiners.annual,
                      window.contraction.annual, window.expansion.annual, window.reactivation.annual,
                      window.up_for_renewal_mrr.annual);
  };
  return all(a) == all(b);
}

void expect_same_answers(const Book& a, const Book& b, const std::string& by, Day at) {
  RC_ASSERT((bytes_of(a, by) == bytes_of(b, by)));
  RC_ASSERT(a.rows() == b.rows());
  RC_ASSERT(a.customers() == b.customers());
  RC_ASSERT(a.first_day() == b.first_day());
  RC_ASSERT(a.last_day() == b.last_day());
  RC_ASSERT(a.last_event(at) == b.last_event(at));
  const Snapshot left = a.mrr(at, {.by = by}), right = b.mrr(at, {.by = by});
  RC_ASSERT(left.segments == right.segments);
  RC_ASSERT(left.flows == right.flows);
  const Churn lost = a.churn(window), same = b.churn(window);
  RC_ASSERT(std::ranges::equal(lost.windows, same.windows, equal));
  const Question question{Metric::nrr, window, 2};
  const auto key = [](const Share& share) {
    return std::tuple(share.period, share.customer, share.numerator, share.denominator);
  };
  RC_ASSERT(std::ranges::equal(a.shares(question).shares, b.shares(question).shares, {}, key, key));
}

/// Who is behind a cell, with rows as the caller of the whole table counts them.
std::vector<std::tuple<std::int64_t, int128, std::vector<std::int64_t>>> explained(
    const Book& book, std::size_t period, Line line, const std::function<std::int64_t(std::int64_t)>& place) {
  std::vector<std::tuple<std::int64_t, int128, std::vector<std::int64_t>>> all;
  for (const ExplainedMovement& movement : book.explain(window, period, line)) {
    std::vector<std::int64_t> rows;
    for (const std::int64_t row : movement.rows) rows.push_back(place(row));
    all.emplace_back(std::get<std::int64_t>(movement.customer), movement.amount.annual, rows);
  }
  return all;
}

/// A day on which something can have become known, or next to one.
Day any_knowledge_day() { return *any_day() + *rc::gen::inRange(-80, 120); }

TEST(KnownAt, IsABookOfTheRowsThatStoodOnTheDay) {
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_known_rows());
    const Policy policy = *any_policy();
    const Day day = any_knowledge_day();
    const std::vector<DatedRow> known = known_on(rows, day);
    RC_PRE(known_by(rows, day));
    const auto by = *rc::gen::element<std::string>("plan", "region", "cell");
    const Book book = dated_book(rows, policy, known_columns), view = book.known_at(day);
    const Book fresh = dated_book(recorded_only(known), policy, known_columns);
    RC_ASSERT(view.known_at() == day);
    expect_same_answers(view, fresh, by, *any_day());
    std::vector<std::int64_t> places;
    for (std::size_t row = 0; row < rows.size(); ++row)
      if (rows[row].known_on(day)) places.push_back(static_cast<std::int64_t>(row));
    for (const Line line : {Line::new_, Line::churn, Line::expansion, Line::closing})
      RC_ASSERT(
          explained(view, 7, line, [](std::int64_t row) { return row; }) ==
          explained(fresh, 7, line, [&](std::int64_t row) { return places[static_cast<std::size_t>(row)]; }));
    if (known.empty() || policy.loading.backdating == Backdating::recorded) return;
    const Waterfall bridge = view.waterfall(window, {.by = by});
    const std::string wrong = difference(bridge, expected(DatedTable::plain(known), policy, bridge.frame, 3));
    if (!wrong.empty()) RC_FAIL(wrong);
  });
}

TEST(KnownAt, WithoutADayEverythingStandsThatIsNotSuperseded) {
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_known_rows());
    const Policy policy = without(*any_policy(), {"backdating"});
    std::vector<DatedRow> standing;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(standing),
                 [](const DatedRow& row) { return !row.superseded; });
    const Book book = dated_book(rows, policy, known_columns);
    RC_ASSERT(!book.known_at().has_value());
    RC_ASSERT(book.has_knowledge());
    RC_ASSERT(book.waterfall_state(window) ==
              dated_book(standing, policy, plain_columns).waterfall_state(window));
    RC_ASSERT(book.last_known() == [&] {
      Day last = min_day;
      for (const DatedRow& row : rows)
        last = std::max({last, row.recorded.value_or(min_day), row.superseded.value_or(min_day)});
      return last;
    }());
  });
}

TEST(KnownAt, WhatIsRecordedLaterChangesNoByte) {
  for_all([] {
    auto rows = *rc::gen::nonEmpty(any_known_rows());
    const Policy policy = *any_policy();
    const Day day = any_knowledge_day();
    rows[0].recorded = day - 1;
    rows[0].superseded.reset();
    auto later = *any_known_rows();
    for (DatedRow& row : later) {
      row.recorded = std::max(row.recorded.value_or(day + 1), day + 1);
      if (row.superseded) row.superseded = std::max(*row.superseded, *row.recorded);
      row.row.subscription += 500'000;
    }
    const Book before = dated_book(rows, policy, known_columns).known_at(day);
    // What is superseded later is superseded later, and new rows stand between the old ones.
    std::vector<DatedRow> all = rows;
    for (DatedRow& row : all)
      if (!row.superseded && *rc::gen::arbitrary<bool>())
        row.superseded = std::max(day, row.recorded.value_or(day)) + *rc::gen::inRange(1, 50);
    for (std::size_t i = 0; i < later.size(); ++i)
      all.insert(all.begin() + static_cast<std::ptrdiff_t>(mixed(7, i, 0) % (all.size() + 1)), later[i]);
    const Book after = dated_book(all, policy, known_columns).known_at(day);
    expect_same_answers(before, after, "cell", *any_day());
  });
}

/// Versions with their ends written out.
std::vector<DatedRow> superseded_by_hand(std::vector<DatedRow> rows) {
  for (DatedRow& row : rows)
    for (const DatedRow& other : rows)
      if (other.id == row.id && other.version > row.version)
        row.superseded = std::min(row.superseded.value_or(open_end), *other.recorded);
  return rows;
}

/// Rows that correct each other: version 1, 2, ... of an id, recorded in this order.
rc::Gen<std::vector<DatedRow>> any_versions() {
  return rc::gen::map(any_known_rows(), [](std::vector<DatedRow> rows) {
    std::map<std::int64_t, std::pair<std::int64_t, Day>> last;
    for (DatedRow& row : rows) {
      row.id = row.row.customer * 10 +
               static_cast<std::int64_t>(mixed(3, static_cast<std::size_t>(row.id), 1) % 2);
      auto& [version, recorded] =
          last.try_emplace(row.id, 0, row.recorded.value_or(row.row.start)).first->second;
      row.version = ++version;
      recorded = std::max(recorded, row.recorded.value_or(row.row.start));
      row.recorded = recorded;
      if (row.superseded) row.superseded = std::max(*row.superseded, recorded);
    }
    return rows;
  });
}

TEST(KnownAt, VersionsAreWhatTheirNextOneSupersedes) {
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_versions());
    const Policy policy = without(*any_policy(), {"movement_grain"});
    const Day day = any_knowledge_day();
    RC_PRE(known_by(rows, day));
    const Book versions = dated_book(rows, policy, by_id),
               explicit_ends = dated_book(superseded_by_hand(rows), policy, known_columns);
    expect_same_answers(versions, explicit_ends, "cell", day);
    expect_same_answers(versions.known_at(day), explicit_ends.known_at(day), "cell", day);
  });
}

std::int64_t repeated(const Book& book) {
  std::int64_t count = 0;
  for (const Note& note : book.notes()) count += note.code == "N_DUPLICATE" ? note.count : 0;
  return count;
}

TEST(KnownAt, TheOrderOfRowsAndHowTheyAreAddedDoNotMatter) {
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_versions());
    const Policy policy = without(*any_policy(), {"movement_grain"});
    const Day day = any_knowledge_day();
    RC_PRE(known_by(rows, day));
    std::vector<DatedRow> mixed_up = rows;
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    for (std::size_t i = mixed_up.size(); i > 1; --i)
      std::swap(mixed_up[i - 1], mixed_up[mixed(seed, i, 2) % i]);
    // The same word for word once more, as a feed that delivers at least once has it.
    mixed_up.push_back(mixed_up[mixed(seed, 0, 3) % mixed_up.size()]);
    const Book whole = dated_book(rows, policy, by_id), other = dated_book(mixed_up, policy, by_id);
    expect_same_answers(whole.known_at(day), other.known_at(day), "cell", day);
    RC_ASSERT(repeated(other) == 1);

    const std::size_t cut = mixed(seed, 1, 4) % (mixed_up.size() + 1);
    const std::vector<DatedRow> first(mixed_up.begin(), mixed_up.begin() + static_cast<std::ptrdiff_t>(cut)),
        second(mixed_up.begin() + static_cast<std::ptrdiff_t>(cut), mixed_up.end());
    const DatedTable one(first, by_id), two(second, by_id);
    Book in_chunks(policy), one_by_one(policy), of_books(policy), theirs(policy);
    in_chunks.add(std::vector<Subscriptions>{one.columns(), two.columns()});
    one_by_one.add(one.columns());
    one_by_one.add(two.columns());
    of_books.add(one.columns());
    theirs.add(two.columns());
    of_books.add(theirs);
    for (const Book* book : {&in_chunks, &one_by_one, &of_books})
      expect_same_answers(whole.known_at(day), book->known_at(day), "cell", day);
    RC_ASSERT(repeated(in_chunks) == 1);
    RC_ASSERT(repeated(of_books) == 1);
  });
}

TEST(KnownAt, AViewMayBeAskedForAnotherDayAndABookMayTakeMoreRows) {
  for_all([] {
    auto rows = *rc::gen::nonEmpty(any_known_rows());
    rows[0].recorded.reset();
    const Day one = any_knowledge_day(), two = any_knowledge_day();
    const Book book = dated_book(rows, {}, known_columns);
    expect_same_answers(book.known_at(one).known_at(two), book.known_at(two), "plan", one);
    const std::size_t cut = rows.size() / 2;
    RC_PRE(cut > 0);
    Book half =
        dated_book({rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(cut)}, {}, known_columns);
    const DatedTable rest({rows.begin() + static_cast<std::ptrdiff_t>(cut), rows.end()}, known_columns);
    half.add(rest.columns());
    expect_same_answers(half.known_at(one), book.known_at(one), "plan", two);
  });
}

// Unit cases.

DatedRow known(Row row, const char* recorded, const char* superseded = "", std::int64_t id = 1,
               std::int64_t version = 1) {
  DatedRow dated{.row = row};
  if (*recorded != '\0') dated.recorded = day(recorded);
  if (*superseded != '\0') dated.superseded = day(superseded);
  dated.id = id;
  dated.version = version;
  return dated;
}

TEST(KnownAt, ACorrectionChangesTheFutureNotThePast) {
  const std::vector<DatedRow> rows{known(row(1, "2024-01-01", "", 100), "2024-01-05", "", 1, 1),
                                   known(row(1, "2024-01-01", "", 80), "2024-03-10", "", 1, 2)};
  const Book book = dated_book(rows, {}, by_id);
  EXPECT_EQ(book.mrr(day("2024-02-01")).mrr(), 80);
  EXPECT_EQ(book.known_at(day("2024-03-09")).mrr(day("2024-02-01")).mrr(), 100);
  EXPECT_EQ(book.known_at(day("2024-03-10")).mrr(day("2024-02-01")).mrr(), 80);
  EXPECT_EQ(book.first_known(), day("2024-01-05"));
  EXPECT_EQ(book.last_known(), day("2024-03-10"));
  EXPECT_EQ(book.rows(), 1);
  EXPECT_EQ(book.rows_read(), 2);
}

TEST(KnownAt, AVersionThatIsSentAgainIsARepeat) {
  const std::vector<DatedRow> rows{known(row(1, "2024-01-01", "", 100), "2024-01-05", "", 1, 1),
                                   known(row(1, "2024-01-01", "", 80), "2024-03-10", "", 1, 2),
                                   known(row(1, "2024-01-01", "", 100), "2024-04-01", "", 1, 1)};
  const Book book = dated_book(rows, {}, by_id);
  EXPECT_EQ(book.mrr(day("2024-05-01")).mrr(), 80);
  EXPECT_EQ(book.notes().at(0).code, "N_DUPLICATE");
  EXPECT_EQ(book.notes().at(0).rows, std::vector<std::int64_t>{2});
}

TEST(KnownAt, AViewTakesNoRows) {
  const std::vector<DatedRow> rows{known(row(1, "2024-01-01", "", 100), "2024-01-05")};
  Book book = dated_book(rows, {}, known_columns);
  Book view = book.known_at(day("2024-02-01"));
  const DatedTable more(rows, known_columns);
  EXPECT_FAULT(view.add(more.columns()), OptionError, "E_VIEW", "rows are added to a book");
  EXPECT_FAULT(view.add(book), OptionError, "E_VIEW", "");
  EXPECT_FAULT(book.add(view), OptionError, "E_VIEW", "");
}

TEST(KnownAt, BooksReadAsKnownOnOtherDaysDoNotAddUp) {
  const std::vector<DatedRow> rows{known(row(1, "2024-01-01", "", 100), "2024-01-05", "2024-02-01")};
  const DatedTable table(rows, known_columns);
  Book book = dated_book(rows, {}, known_columns), then({}, {.known_at = day("2024-01-20")});
  then.add(table.columns());
  EXPECT_EQ(then.mrr(day("2024-01-20")).mrr(), 100);
  EXPECT_FAULT(book.add(then), OptionError, "E_MERGE_CONFIG", "differ in known_at");
  EXPECT_FAULT(then.known_at(day("2024-02-20")), OptionError, "E_KNOWN_AT",
               "was read as known on 2024-01-20");
  EXPECT_FAULT(book.known_at(max_day + 1), InputError, "E_DATE_RANGE", "outside");
}

TEST(KnownAt, ADiscountThatWasRecordedLaterIsNotInPlay) {
  const std::vector<Micros> percent{{0}, {50 * micros}};
  const std::vector<Day> recorded{day("2024-01-05"), day("2024-03-05")};
  const std::vector<DatedRow> rows{known(row(1, "2024-01-01", "", 100), "2024-01-05"),
                                   known(row(2, "2024-01-01", "", 100), "2024-03-05")};
  const DatedTable table(rows, known_columns);
  Subscriptions columns = table.columns();
  columns.terms.discounts.push_back({.percent = percent});
  Book book;
  book.add(columns);
  EXPECT_TRUE(book.has_discounts());
  EXPECT_FALSE(book.known_at(day("2024-02-01")).has_discounts());
  EXPECT_TRUE(std::ranges::count(book.options_in_play(), "discounts") == 1);
  EXPECT_TRUE(std::ranges::count(book.known_at(day("2024-02-01")).options_in_play(), "discounts") == 0);
}

TEST(KnownAt, NeedsADayOnWhichSomethingWasKnown) {
  const Book book = dated_book({known(row(1, "2024-01-01", "", 100), "2024-01-05")}, {}, known_columns);
  EXPECT_FAULT(book.known_at(day("2024-01-04")), InputError, "E_AS_OF",
               "no record was known on 2024-01-04; first known time is 2024-01-05");
  EXPECT_NO_THROW(static_cast<void>(book.known_at(day("2024-01-05"))));
  EXPECT_FAULT(book_of(std::vector<Row>{row(1, "2024-01-01", "", 5)}).known_at(0), OptionError, "E_KNOWN_AT",
               "do not say when they were recorded");
}

TEST(KnownAt, ABookOfWhichAllWasDeletedIsEmpty) {
  const Book book =
      dated_book({known(row(1, "2024-01-01", "", 100), "2024-01-05", "2024-02-01")}, {}, known_columns);
  EXPECT_EQ(book.rows(), 0);
  EXPECT_EQ(book.customers(), 0);
  EXPECT_EQ(book.waterfall(months("2024-01", "2024-02")).closing[0], 0);
  EXPECT_EQ(book.known_at(day("2024-01-31")).rows(), 1);
  EXPECT_EQ(book.known_at(day("2024-02-01")).rows(), 0);
}

/// What a row that is left out says is still a segment, as in a book without knowledge.
TEST(KnownAt, SegmentsAreThoseOfAllRowsThatStand) {
  const std::vector<DatedRow> rows{known(row(1, "2024-01-01", "", 100, 0), "2024-01-05"),
                                   known(row(2, "2024-01-01", "", 50, 1), "2024-01-05"),
                                   known(row(3, "2024-01-01", "", 50, 2), "2024-06-01")};
  const DatedTable table(rows, known_columns);
  Subscriptions with_fee = table.columns();
  const std::vector<ChargeKind> kinds{ChargeKind::recurring, ChargeKind::one_time, ChargeKind::recurring};
  with_fee.terms.kind = kinds;
  Book book;
  book.add(with_fee);
  EXPECT_EQ(book.known_at(day("2024-02-01")).waterfall(window, {.by = "plan"}).frame.segments,
            (std::vector<std::string>{"basic", "pro"}));
}

TEST(KnownAt, LooksAsFarBackAsTheRowsThatStand) {
  const std::vector<DatedRow> rows{known(row(1, "2020-01-01", "2020-06-01", 10), "2020-01-01", "2024-01-01"),
                                   known(row(1, "2023-02-01", "", 10), "2020-01-01", "")};
  const Book book = dated_book(rows, {}, known_columns), then = book.known_at(day("2023-12-31"));
  EXPECT_EQ(book.first_day(), day("2023-02-01"));
  EXPECT_EQ(then.first_day(), day("2020-01-01"));
  const Periods spring = months("2023-01", "2023-03");
  EXPECT_EQ(monthly(then.waterfall(spring), Line::reactivation), (std::vector<double>{0, 10, 0}));
  EXPECT_EQ(monthly(book.waterfall(spring), Line::new_), (std::vector<double>{0, 10, 0}));
}

class KnowledgeErrors : public testing::Test {
 protected:
  Columns columns;
  const std::vector<Day> days{day("2024-01-10"), day("2024-03-01")};
  const std::vector<std::int64_t> one_id{7, 7}, rising{1, 2}, falling{2, 1}, same{1, 1};

  void refuse(const Knowledge& knowledge, const char* code, const char* words, BookOptions options = {}) {
    Subscriptions table = columns.table();
    table.knowledge = knowledge;
    Book book({}, std::move(options));
    EXPECT_FAULT(book.add(table), InputError, code, words);
    EXPECT_EQ(book.rows_read(), 0);
  }
};

TEST_F(KnowledgeErrors, SingleRows) {
  const std::vector<Day> late{day("2024-01-09"), day("2024-03-01")}, outside{day("2024-01-10"), max_day + 5};
  refuse({.recorded = days, .superseded = late}, "E_KNOWLEDGE_REVERSED",
         "column 'superseded', row 0: superseded on 2024-01-09, before it was recorded on 2024-01-10");
  refuse({.recorded = outside}, "E_DATE_RANGE", "column 'recorded', row 1");
  refuse({.recorded = days, .superseded = outside}, "E_DATE_RANGE", "column 'superseded', row 1");
  const std::vector<Day> early{day("2024-01-01"), day("2024-01-20")};
  refuse({.recorded = early}, "E_RECORDED_EARLY",
         "column 'recorded', row 1: recorded on 2024-01-20, before it happened on 2024-02-01",
         {.on_early = OnEarly::error});
  Subscriptions table = columns.table();
  table.knowledge.recorded = early;
  Book book;
  EXPECT_NO_THROW(book.add(table)) << "contracts are signed ahead";
}

TEST_F(KnowledgeErrors, Versions) {
  refuse({.recorded = days, .id = one_id, .version = falling}, "E_VERSION_BACK",
         "version 2 of '7' was recorded on 2024-01-10, before version 1 on 2024-03-01");
  refuse({.recorded = days, .id = one_id, .version = same}, "E_DUPLICATE_CONFLICT",
         "'7' is there twice (the other is row 0), with 10 and 20 a month");
  refuse({.recorded = days, .version = rising}, "E_COLUMN_MISSING", "versions need the id");
  const std::uint8_t first_only = 1;
  refuse({.recorded = days, .id = one_id, .version = {rising, {&first_only, 0}}}, "E_VERSION_NULL", "row 1");
  refuse({.recorded = days, .id = Ids(std::span<const std::int64_t>(one_id), {&first_only, 0})}, "E_KEY_NULL",
         "missing id of the row");
  const std::vector<Day> few{0};
  refuse({.recorded = few}, "E_SHAPE", "recorded");
}

/// Rows that claim to be the same version differ if anything of them differs, not only price and dates.
TEST_F(KnowledgeErrors, TheSameVersionSaysTheSame) {
  columns.customer = {1, 1};
  columns.start = {day("2024-01-01"), day("2024-01-01")};
  columns.amount = {10, 10};
  const Knowledge twice{.recorded = days, .id = one_id, .version = same};
  Subscriptions equal = columns.table();
  equal.knowledge = twice;
  Book book;
  book.add(equal);
  EXPECT_EQ(book.rows(), 1);
  ASSERT_EQ(book.notes().size(), 1U);
  EXPECT_EQ(book.notes()[0].code, "N_DUPLICATE");
  EXPECT_EQ(book.notes()[0].rows, std::vector<std::int64_t>{1});
  columns.plan = {"basic", "pro"};
  refuse(twice, "E_DUPLICATE_CONFLICT", "'7' is there twice");
  columns.plan = {};
  columns.subscription = {1, 2};
  refuse(twice, "E_DUPLICATE_CONFLICT", "'7' is there twice");
  columns.subscription = {};
  columns.customer = {1, 2};
  refuse(twice, "E_DUPLICATE_CONFLICT", "'7' is there twice");
}

TEST_F(KnowledgeErrors, AllTablesOfABookHaveVersionsOrNone) {
  Subscriptions with = columns.table(), without = columns.table();
  const std::vector<std::int64_t> ids{1, 2}, versions{1, 1};
  with.knowledge = {.recorded = days, .id = ids, .version = versions};
  without.knowledge = {.recorded = days, .id = ids};
  Book book, other;
  book.add(with);
  EXPECT_FAULT(book.add(without), InputError, "E_COLUMN_MISSING", "version");
  other.add(without);
  EXPECT_FAULT(other.add(with), InputError, "E_COLUMN_MISSING", "version");
  EXPECT_FAULT(book.add(other), InputError, "E_COLUMN_MISSING", "version");
}

TEST_F(KnowledgeErrors, AllTablesOfABookHaveThem) {
  Subscriptions with = columns.table(), without = columns.table();
  with.knowledge.recorded = days;
  Book book, other;
  book.add(with);
  EXPECT_FAULT(book.add(without), InputError, "E_COLUMN_MISSING", "");
  other.add(without);
  EXPECT_FAULT(other.add(with), InputError, "E_COLUMN_MISSING", "");
  EXPECT_FAULT(book.add(other), InputError, "E_COLUMN_MISSING", "");
  EXPECT_FAULT(other.add(book), InputError, "E_COLUMN_MISSING", "");
  EXPECT_EQ(book.rows_read(), 2);
}

}  // namespace
}  // namespace tenure::test
