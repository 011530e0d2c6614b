#include <tenure/model/snapshot.hpp>

#include <set>

#include <tenure/book.hpp>

#include "support/faults.hpp"
#include "support/property.hpp"
#include "support/rows.hpp"

/// Feeds of dated snapshots: a customer who is no longer in them is named, never read as churn.
namespace tenure::test {
namespace {

struct Seen {
  std::string customer, at;
  std::int64_t amount = 10;
  std::string end = {};
};

/// The columns of a feed.
class Feed {
 public:
  Feed(std::initializer_list<Seen> rows) : Feed(std::vector<Seen>(rows)) {}
  explicit Feed(const std::vector<Seen>& rows) : valid_(rows.size() / 8 + 1) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      customers_.push_back(rows[i].customer);
      days_.push_back(parse_day(rows[i].at));
      amounts_.push_back(rows[i].amount);
      ends_.push_back(rows[i].end.empty() ? 0 : parse_day(rows[i].end));
      if (!rows[i].end.empty()) valid_[i / 8] = static_cast<std::uint8_t>(valid_[i / 8] | 1U << (i % 8));
    }
  }
  Subscriptions table() const {
    return {.customer = customers_, .start = days_, .end = {ends_, {valid_.data(), 0}}, .amount = amounts_};
  }
  std::vector<std::string> ends(const SnapshotOptions& options = {}) const {
    const SnapshotRows rows = rows_of(table(), options);
    std::vector<std::string> shown;
    for (std::size_t row = 0; row < days_.size(); ++row)
      shown.push_back(rows.table().end.valid[row] ? format_day(rows.table().end.values[row]) : "");
    return shown;
  }

 private:
  TextColumn customers_;
  std::vector<Day> days_, ends_;
  std::vector<std::uint8_t> valid_;
  std::vector<std::int64_t> amounts_;
};

using Ends = std::vector<std::string>;

const Feed gone{{"c3", "2024-02-01"},
                {"c4", "2024-02-01"},
                {"c3", "2024-03-01"},
                {"c4", "2024-03-01"},
                {"c3", "2024-04-01"}};

TEST(Snapshots, RowsHoldUntilTheNext) {
  const Feed feed{{"a", "2024-02-01", 20}, {"a", "2024-01-01", 10}, {"b", "2024-02-01"}};
  EXPECT_EQ(feed.ends(), (Ends{"", "2024-02-01", ""}));
  EXPECT_EQ(feed.ends({.last = day("2024-03-01")}), (Ends{"2024-03-01", "2024-02-01", "2024-03-01"}));
  Book book;
  const SnapshotRows rows = rows_of(feed.table());
  book.add(rows.table());
  const Waterfall bridge = book.waterfall(months("2024-01", "2024-03"));
  EXPECT_EQ(monthly(bridge, Line::expansion), (std::vector<double>{0, 10, 0}));
  EXPECT_EQ(monthly(bridge, Line::churn), (std::vector<double>{0, 0, 0}));
  EXPECT_EQ(monthly(bridge, Line::closing), (std::vector<double>{10, 30, 30}));
}

TEST(Snapshots, ACustomerWhoIsNoLongerThereIsNamed) {  // KEY-20
  try {
    rows_of(gone.table(), {}, {.customer = "account"});
    ADD_FAILURE() << "was accepted";
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), "E_SNAPSHOT_GAP");
    EXPECT_EQ(error.fault().column, "account");
    EXPECT_EQ(error.fault().row, 3);
    EXPECT_EQ(error.fault().value, "c4");
    EXPECT_EQ(error.fault().what,
              "customer 'c4' in snapshot 2024-03-01 and absent in 2024-04-01 without an end");
    EXPECT_EQ(error.fault().remedy, "Pass absent='churn' or 'carry'.");
    EXPECT_EQ(error.count(), 1);
  }
}

TEST(Snapshots, TheCallerSaysWhatItMeans) {
  EXPECT_EQ(gone.ends({.absent = Absent::churn}),
            (Ends{"2024-03-01", "2024-03-01", "2024-04-01", "2024-04-01", ""}));
  EXPECT_EQ(gone.ends({.absent = Absent::carry}), (Ends{"2024-03-01", "2024-03-01", "2024-04-01", "", ""}));
  const Feed back{{"a", "2024-01-01"},
                  {"b", "2024-01-01"},
                  {"b", "2024-02-01"},
                  {"a", "2024-03-01"},
                  {"b", "2024-03-01"}};
  EXPECT_EQ(back.ends({.absent = Absent::carry})[0], "2024-03-01");
  EXPECT_EQ(back.ends({.absent = Absent::churn})[0], "2024-02-01");
  EXPECT_EQ(parse_absent("carry"), Absent::carry);
  EXPECT_EQ(parse_missing("error"), Missing::error);
  EXPECT_FAULT(parse_absent("chrun"), OptionError, "E_ENUM", "did you mean 'churn'?");
  EXPECT_FAULT(parse_missing("no"), OptionError, "E_ENUM", "missing='no' is not known");
}

TEST(Snapshots, AnEndThatTheFeedGivesIsAnEnd) {
  const Feed ended{{"a", "2024-01-01", 10, "2024-01-20"}, {"b", "2024-01-01"}, {"b", "2024-02-01"}};
  EXPECT_EQ(ended.ends(), (Ends{"2024-01-20", "2024-02-01", ""}));
  const Feed later{{"a", "2024-01-01", 10, "2024-02-02"}, {"b", "2024-01-01"}, {"b", "2024-02-01"}};
  EXPECT_FAULT(later.ends(), InputError, "E_SNAPSHOT_GAP", "customer 'a'");
  EXPECT_EQ(later.ends({.absent = Absent::carry})[0], "2024-02-02") << "an end is kept";
}

TEST(Snapshots, OneThatWasNotDeliveredIsNamed) {
  const Feed monthly_feed{{"a", "2024-01-31"}, {"a", "2024-02-29"}, {"a", "2024-05-31"}};
  EXPECT_FAULT(
      monthly_feed.ends(), InputError, "E_SNAPSHOT_MISSING",
      "no snapshot of 2024-03-31; the feed has 2024-02-29 and then 2024-05-31, and comes every month");
  EXPECT_FAULT(monthly_feed.ends({.absent = Absent::churn}), InputError, "E_SNAPSHOT_MISSING", "2024-03-31");
  EXPECT_EQ(monthly_feed.ends({.missing = Missing::carry}), (Ends{"2024-02-29", "2024-05-31", ""}));
  const Feed weekly{{"a", "2024-01-01"}, {"a", "2024-01-15"}, {"a", "2024-01-22"}};
  EXPECT_FAULT(weekly.ends(), InputError, "E_SNAPSHOT_MISSING", "no snapshot of 2024-01-08");
  const Feed far{{"a", "2024-01-01"}, {"a", "2024-03-01"}};
  EXPECT_NO_THROW(far.ends()) << "two of no known rhythm";
  EXPECT_FAULT(far.ends({.every = Interval{IntervalUnit::month, 1}}), InputError, "E_SNAPSHOT_MISSING",
               "no snapshot of 2024-02-01");
  EXPECT_NO_THROW(far.ends({.every = Interval{IntervalUnit::month, 2}}));
  EXPECT_FAULT(far.ends({.every = Interval{IntervalUnit::month, 0}}), OptionError, "E_INTERVAL_COUNT",
               "every=0");
}

TEST(Snapshots, EveryRhythmIsFollowed) {
  for (const auto unit : {IntervalUnit::day, IntervalUnit::week, IntervalUnit::four_week, IntervalUnit::month,
                          IntervalUnit::quarter, IntervalUnit::half_year, IntervalUnit::year})
    for (const char* first : {"2024-01-01", "2024-01-31", "2023-11-30", "2024-02-29", "1600-08-31"}) {
      const auto shift = [&](int times) {
        const int months = unit == IntervalUnit::month       ? 1
                           : unit == IntervalUnit::quarter   ? 3
                           : unit == IntervalUnit::half_year ? 6
                                                             : 12;
        const int days = unit == IntervalUnit::day ? 1 : unit == IntervalUnit::week ? 7 : 28;
        const bool by_days = unit <= IntervalUnit::four_week;
        return format_day(by_days ? day(first) + times * days : anniversary(day(first), times * months));
      };
      std::vector<Seen> rows;
      for (int times = 0; times < 14; ++times) rows.push_back({"a", shift(times)});
      EXPECT_NO_THROW(Feed(rows).ends()) << first << " every " << name_of(unit);
      rows.erase(rows.begin() + 6);
      EXPECT_FAULT(Feed(rows).ends(), InputError, "E_SNAPSHOT_MISSING",
                   "no snapshot of " + shift(6) + "; the feed has " + shift(5) + " and then " + shift(7));
    }
}

TEST(Snapshots, FaultyRowsAreRefused) {
  const Feed feed{{"a", "2024-01-01"}, {"b", "2024-01-01"}};
  const auto refuse = [&](auto spoil, const char* code, const char* words) {
    Subscriptions table = feed.table();
    spoil(table);
    EXPECT_FAULT(rows_of(table), InputError, code, words);
  };
  const std::vector<Day> few{0}, early{min_day - 1, 0}, fine{0, 0};
  const std::vector<std::int64_t> ids{1, 2};
  const std::uint8_t first_only = 1;
  refuse([&](Subscriptions& table) { table.start = few; }, "E_SHAPE", "has 2 rows where column 'at' has 1");
  refuse([&](Subscriptions& table) { table.end = few; }, "E_SHAPE", "column 'end' has 1 rows");
  refuse([&](Subscriptions& table) { table.start = early; }, "E_DATE_RANGE", "column 'at', row 0");
  refuse([&](Subscriptions& table) { table.start = {fine, {&first_only, 0}}; }, "E_DATE_NULL", "row 1");
  refuse(
      [&](Subscriptions& table) {
        table.customer = Ids(std::span<const std::int64_t>(ids), {&first_only, 0});
      },
      "E_KEY_NULL", "missing customer id");
  EXPECT_EQ(rows_of(Subscriptions{}).table().start.size(), 0U);
}

TEST(Snapshots, OnEverySnapshotDayTheBookHasItsSum) {
  for_all([] {
    const auto drawn = *rc::gen::container<std::vector<std::tuple<int, int, int>>>(
        rc::gen::tuple(rc::gen::inRange(0, 5), rc::gen::inRange(0, 9), rc::gen::inRange(1, 50)));
    std::vector<Seen> rows;
    std::map<Day, std::int64_t> sums;
    std::set<std::pair<int, int>> seen;
    for (const auto& [customer, month, amount] : drawn) {
      const Day at = anniversary(day("2023-05-31"), month);
      rows.push_back({"c" + std::to_string(customer), format_day(at), amount});
      sums[at] += amount;
      seen.emplace(customer, month);
    }
    const Feed feed(rows);
    const SnapshotRows table = rows_of(feed.table(), {.absent = Absent::churn, .missing = Missing::carry});
    Book book;
    book.add(table.table());
    for (const auto& [at, sum] : sums) {
      RC_ASSERT(book.mrr(at).flows[0].amount == RunRateSum(mrr(sum)));
      RC_ASSERT(book.mrr(at + 27).flows[0].amount == RunRateSum(mrr(sum)));
    }
    bool gap = false;
    for (auto day = sums.begin(); day != sums.end() && std::next(day) != sums.end(); ++day)
      for (const auto& [customer, month] : seen)
        if (anniversary(tenure::test::day("2023-05-31"), month) == day->first) {
          bool again = false;
          for (const auto& [other, later] : seen)
            again = again || (other == customer &&
                              anniversary(tenure::test::day("2023-05-31"), later) == std::next(day)->first);
          gap = gap || !again;
        }
    try {
      rows_of(feed.table(), {.missing = Missing::carry});
      RC_ASSERT(!gap);
    } catch (const InputError& error) {
      RC_ASSERT(gap);
      RC_ASSERT(error.code() == "E_SNAPSHOT_GAP");
    }
  });
}

}  // namespace
}  // namespace tenure::test
