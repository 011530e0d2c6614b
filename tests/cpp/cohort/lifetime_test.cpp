#include <tenure/cohort/lifetime.hpp>

#include "support/generators.hpp"

namespace tenure::test {
namespace {

const std::vector<Row> story{row(1, "2024-01-01", "2024-02-01", 10, 0),
                             row(1, "2024-03-01", "2024-03-11", 20, 1), row(2, "2024-01-10", "", 5, 2),
                             row(3, "2024-03-20", "2024-05-01", 5, 1)};
const Day last = day("2024-03-31");

std::vector<std::int64_t> durations(const Lifetimes& lives) {
  std::vector<std::int64_t> all;
  for (std::size_t i = 0; i < lives.size(); ++i) all.push_back(lives.duration(i));
  return all;
}
std::vector<int> ended(const Lifetimes& lives) { return {lives.ended.begin(), lives.ended.end()}; }

TEST(Lifetimes, EndTheFirstTimeACustomerLeaves) {
  const Lifetimes lives = book_of(story).lifetimes({.by = {"plan"}, .until = last});
  EXPECT_EQ(durations(lives), (std::vector<std::int64_t>{31, 82, 12}));
  EXPECT_EQ(ended(lives), (std::vector<int>{1, 0, 0})) << "what ends after the last day is not seen";
  EXPECT_EQ(lives.segments[0], (std::vector<std::string>{"basic", "team", "pro"}));
  EXPECT_EQ(lives.end[1], last + 1);
}

TEST(Lifetimes, WholeStaysReachOverTimeAway) {
  const Lifetimes lives = book_of(story).lifetimes({.stays = Stays::whole, .until = last});
  EXPECT_EQ(durations(lives), (std::vector<std::int64_t>{70, 82, 12}));
  EXPECT_EQ(ended(lives), (std::vector<int>{1, 0, 0}));
}

TEST(Lifetimes, EachStayCanBeALife) {
  const Lifetimes lives = book_of(story).lifetimes({.stays = Stays::each, .by = {"plan"}, .until = last});
  EXPECT_EQ(durations(lives), (std::vector<std::int64_t>{31, 10, 82, 12}));
  EXPECT_EQ(lives.segments[0], (std::vector<std::string>{"basic", "pro", "team", "pro"}));
}

TEST(Lifetimes, WhoCameBeforeTheFirstDayEntersLate) {
  const Lifetimes lives = book_of(story).lifetimes({.from = day("2024-02-01"), .until = last});
  EXPECT_EQ(durations(lives), (std::vector<std::int64_t>{82, 12})) << "who left before is not in";
  EXPECT_EQ(lives.entry, (std::vector<std::int64_t>{22, 0}));
}

TEST(Lifetimes, TakeTheReasonFromTheRowThatEndedLast) {
  const std::vector<Row> rows{row(1, "2024-01-01", "2024-02-01", 10, 0),
                              row(1, "2024-01-15", "2024-02-20", 10, 1), row(2, "2024-01-01", "", 10, 2)};
  const Lifetimes lives = book_of(rows).lifetimes({.reason = "plan", .until = last});
  EXPECT_EQ(lives.reasons, (std::vector<std::string>{"pro", ""}));
}

TEST(Lifetimes, AreEmptyBeforeTheFirstRow) {
  EXPECT_EQ(book_of(story).lifetimes({.by = {"plan"}, .until = day("2023-12-31")}).size(), 0U);
  EXPECT_EQ(book_of({}).lifetimes({.until = last}).size(), 0U);
}

TEST(Lifetimes, CoverEveryDayOnWhichACustomerPays) {
  for_all([] {
    const auto rows = *rc::gen::nonEmpty(any_rows());
    Policy policy;
    policy.set("gap_days", *rc::gen::element<std::string>("0", "20"));
    const Book book = book_of(rows, policy, *rc::gen::inRange(1, 3));
    const Day at = *any_day();
    const Lifetimes lives = book.lifetimes({.stays = Stays::each, .until = window.end()});
    std::int64_t there = 0;
    for (std::size_t i = 0; i < lives.size(); ++i) there += lives.start[i] <= at && at < lives.end[i];
    if (at <= window.end()) RC_ASSERT(there == book.mrr(at).flows[0].customers);
  });
}

}  // namespace
}  // namespace tenure::test
