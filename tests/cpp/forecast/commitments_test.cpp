#include <tenure/forecast/commitments.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

using test::for_all;

Day day(const char* text) { return parse_day(text, "day"); }

TEST(CommittedUntilTest, EndsTermsAndNothing) {
  const Day at = day("2024-03-31");
  EXPECT_EQ(committed_until(day("2024-01-15"), day("2024-06-01"), 12, at), day("2024-06-01"));
  EXPECT_EQ(committed_until(day("2024-01-15"), open_end, 0, at), std::nullopt);
  EXPECT_EQ(committed_until(day("2024-01-15"), open_end, 1, at), std::nullopt);
  EXPECT_EQ(committed_until(day("2024-01-15"), open_end, 12, at), day("2025-01-15"));
  EXPECT_EQ(committed_until(day("2022-03-31"), open_end, 12, at), day("2025-03-31"));
  EXPECT_EQ(committed_until(day("2022-04-01"), open_end, 12, at), day("2024-04-01"));
  EXPECT_EQ(committed_until(day("2023-08-31"), open_end, 3, at), day("2024-05-31"));
  EXPECT_EQ(committed_until(at, open_end, 24, at), day("2026-03-31"));
}

TEST(CommittedUntilTest, IsTheNextAnniversary) {
  for_all([] {
    const Day start = day("2015-01-01") + *rc::gen::inRange(0, 3000);
    const Day at = start + *rc::gen::inRange(0, 3000);
    const int term = *rc::gen::inRange(2, 40);
    const Day until = *committed_until(start, open_end, term, at);
    int steps = 1;
    while (anniversary(start, steps * term) <= at) ++steps;
    RC_ASSERT(until == anniversary(start, steps * term));
  });
}

struct Rows {
  std::vector<std::int64_t> customer, amount;
  std::vector<Day> start, end;
  std::vector<std::string> plan;
  std::vector<std::int32_t> term;

  void add(std::int64_t who, const char* from, const char* to, std::int64_t price, const char* of,
           int months) {
    customer.push_back(who);
    start.push_back(day(from));
    end.push_back(to == nullptr ? open_end : day(to));
    amount.push_back(price);
    plan.push_back(of);
    term.push_back(months);
  }
  Book book() const {
    const TextColumn plans(plan);
    Subscriptions rows;
    rows.customer = customer;
    rows.start = start;
    rows.end = end;
    rows.amount = amount;
    rows.segments = {{"plan", plans}};
    Book made;
    made.add(rows);
    return made;
  }
};

Rows company() {
  Rows rows;
  rows.add(1, "2024-01-15", nullptr, 100, "a", 12);      // until 2025-01-15: contracted
  rows.add(2, "2023-04-20", nullptr, 50, "a", 12);       // until 2024-04-20: due
  rows.add(3, "2024-02-01", nullptr, 30, "a", 0);        // rolling
  rows.add(4, "2024-02-01", "2024-05-01", 20, "b", 0);   // to the end of April: contracted
  rows.add(5, "2024-02-01", "2024-04-30", 10, "b", 0);   // a day short: due
  rows.add(6, "2023-01-01", "2024-03-01", 500, "b", 0);  // gone
  rows.add(7, "2024-04-01", nullptr, 700, "b", 12);      // not here yet
  return rows;
}

TEST(CommitmentsTest, WorkedByHand) {
  const Rows rows = company();
  const Book book = rows.book();
  const Commitments found = commitments(book, day("2024-03-31"), {}, {.terms = rows.term, .periods = 3});
  EXPECT_EQ(found.until, day("2024-05-01"));
  ASSERT_EQ(found.cells.size(), 1U);
  const Commitment& all = found.cells[0];
  EXPECT_EQ(all.contracted, RunRateSum(mrr(120)));
  EXPECT_EQ(all.due, RunRateSum(mrr(60)));
  EXPECT_EQ(all.rolling, RunRateSum(mrr(30)));
  EXPECT_EQ(all.total(), book.mrr(day("2024-03-31")).amount());
  EXPECT_DOUBLE_EQ(*all.contracted_share().value(), 120.0 / 210);
  EXPECT_DOUBLE_EQ(*all.due_share().value(), 60.0 / 210);
  // March, April (50 and 10), May (20: its first day is no longer promised), June.
  EXPECT_EQ(all.due_in, (std::vector<RunRateSum>{{}, RunRateSum(mrr(60)), RunRateSum(mrr(20)), {}}));
}

TEST(CommitmentsTest, BySegmentAndQuarter) {
  const Rows rows = company();
  const Commitments found = commitments(rows.book(), day("2024-03-31"), {.unit = PeriodUnit::quarter},
                                        {.by = "plan", .terms = rows.term});
  EXPECT_EQ(found.until, day("2024-07-01"));
  ASSERT_EQ(found.segments, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(found.cells[0].contracted, RunRateSum(mrr(100)));
  EXPECT_EQ(found.cells[0].due, RunRateSum(mrr(50)));
  EXPECT_EQ(found.cells[0].rolling, RunRateSum(mrr(30)));
  EXPECT_EQ(found.cells[1].due, RunRateSum(mrr(30))) << "both end within the quarter";
  EXPECT_EQ(found.cells[1].contracted, RunRateSum());
}

TEST(CommitmentsTest, OneTermForAllWhoseOwnIsNotKnown) {
  const Rows rows = company();
  const Commitments found = commitments(rows.book(), day("2024-03-31"), {}, {.term_months = 12});
  EXPECT_EQ(found.cells[0].rolling, RunRateSum());
  EXPECT_EQ(found.cells[0].contracted, RunRateSum(mrr(150)));
}

TEST(CommitmentsTest, NobodyPays) {
  const Rows rows = company();
  const Commitments found = commitments(rows.book(), day("2020-01-31"));
  EXPECT_EQ(found.cells[0].contracted_share().reason(), Undefined::empty_base);
}

/// The usual case: contracts begin on the first of a month, and one asks about the last day of another.
TEST(CommitmentsTest, WhatEndsOrRenewsTomorrowIsDue) {
  Rows rows;
  rows.add(1, "2024-01-01", "2025-01-01", 100, "a", 0);
  rows.add(2, "2024-01-01", nullptr, 100, "a", 12);
  rows.add(3, "2024-01-02", nullptr, 100, "a", 12);
  rows.add(4, "2024-01-01", nullptr, 7, "a", 1);
  for (const char* at : {"2024-12-31", "2024-12-30", "2024-12-01"}) {
    const Commitments found = commitments(rows.book(), day(at), {}, {.terms = rows.term});
    EXPECT_EQ(found.cells[0].due, RunRateSum(mrr(300))) << at;
    EXPECT_EQ(found.cells[0].rolling, RunRateSum(mrr(7))) << at;
    EXPECT_EQ(found.cells[0].due_in[0], RunRateSum()) << "promised for the whole of December";
    EXPECT_EQ(found.cells[0].due_in[1], RunRateSum(mrr(300)));
  }
  const Commitments later = commitments(rows.book(), day("2025-01-01"), {}, {.terms = rows.term});
  EXPECT_EQ(later.cells[0].contracted, RunRateSum(mrr(100))) << "renewed yesterday";
}

/// What of 100 until 2025-01-01 is contracted to the end of January, given rows that follow.
struct Renewed {
  const char *from, *to;
  std::int64_t price;
  int term;
  std::int64_t contracted;
  const char* why;
};
TEST(CommitmentsTest, SignedRenewalsCount) {
  const std::vector<Renewed> all = {
      {"2025-01-01", "2026-01-01", 100, 0, 100, "the chain is unbroken"},
      {"2024-12-20", "2026-01-01", 100, 0, 100, "renewed early"},
      {"2025-01-02", "2026-01-01", 100, 0, 0, "a day without a contract"},
      {"2025-01-01", "2026-01-01", 60, 0, 60, "up to its rate"},
      {"2025-01-01", "2026-01-01", 500, 0, 100, "no more than is paid today"},
      {"2025-01-01", "2025-01-31", 100, 0, 0, "too short"},
      {"2025-01-01", nullptr, 100, 12, 100, "renews itself once a year"},
      {"2025-01-01", nullptr, 100, 1, 0, "nothing is promised"},
  };
  for (const Renewed& one : all) {
    Rows rows;
    rows.add(1, "2024-01-01", "2025-01-01", 100, "a", 0);
    rows.add(1, one.from, one.to, one.price, "b", one.term);
    rows.add(2, "2025-01-01", "2026-01-01", 900, "a", 0);  // somebody else's
    const Commitments found = commitments(rows.book(), day("2024-12-15"), {}, {.terms = rows.term});
    EXPECT_EQ(found.cells[0].contracted, RunRateSum(mrr(one.contracted))) << one.why;
    EXPECT_EQ(found.cells[0].due, RunRateSum(mrr(100 - one.contracted))) << one.why;
    const Commitments cut =
        commitments(rows.book(), day("2024-12-15"), {}, {.by = "plan", .terms = rows.term});
    EXPECT_EQ(cut.cells[0].contracted, found.cells[0].contracted) << "where the customer is today";
    EXPECT_EQ(cut.cells[1].total(), RunRateSum());
  }
}

TEST(CommitmentsTest, RenewalsOfARenewalAndOfPartOfIt) {
  Rows rows;
  rows.add(1, "2024-01-01", "2024-12-16", 100, "a", 0);
  rows.add(1, "2024-12-16", "2025-01-10", 80, "a", 0);
  rows.add(1, "2025-01-10", "2025-03-01", 30, "a", 0);
  rows.add(1, "2025-01-05", "2025-02-15", 20, "a", 0);
  rows.add(1, "2025-02-01", "2030-01-01", 999, "a", 0);  // comes too late for what fell before
  const Commitment cell = commitments(rows.book(), day("2024-12-15")).cells[0];
  EXPECT_EQ(cell.contracted, RunRateSum(mrr(50)));
  EXPECT_EQ(cell.due, RunRateSum(mrr(50)));
  EXPECT_EQ(cell.due_in[0], RunRateSum(mrr(20))) << "100 to 80";
  EXPECT_EQ(cell.due_in[1], RunRateSum(mrr(30))) << "80 to 30 + 20";
  EXPECT_EQ(cell.due_in[2], RunRateSum());
}

TEST(CommitmentsTest, RenewalsStayInTheirSubscriptionAndProduct) {
  const std::vector<std::int64_t> customer = {1, 1, 1}, amount = {100, 100, 100}, id = {1, 2, 3};
  const std::vector<Day> start = {day("2024-01-01"), day("2024-01-01"), day("2025-01-01")},
                         end = {day("2025-01-01"), day("2026-01-01"), day("2026-01-01")};
  const auto contracted = [&](const std::vector<std::int64_t>* ids, const TextColumn* products) {
    Subscriptions rows;
    rows.customer = customer;
    rows.start = start;
    rows.end = end;
    rows.amount = amount;
    if (ids != nullptr) rows.subscription = *ids;
    if (products != nullptr) rows.product = *products;
    Book book;
    book.add(rows);
    return commitments(book, day("2024-12-15")).cells[0].contracted;
  };
  EXPECT_EQ(contracted(nullptr, nullptr), RunRateSum(mrr(200)));
  EXPECT_EQ(contracted(&id, nullptr), RunRateSum(mrr(100))) << "a third subscription is no renewal";
  const std::vector<std::int64_t> same = {1, 2, 1};
  EXPECT_EQ(contracted(&same, nullptr), RunRateSum(mrr(200)));
  const TextColumn other(std::vector<std::string>{"crm", "crm", "chat"});
  EXPECT_EQ(contracted(nullptr, &other), RunRateSum(mrr(100))) << "nor is another product";
}

/// Day by day: what is contracted is the least that is promised on any day until then.
TEST(CommitmentsTest, IsTheLeastOfAllDays) {
  for_all(
      [] {
        Rows rows;
        const Day at = day("2024-12-15");
        for (int i = *rc::gen::inRange(1, 9); i > 0; --i) {
          const Day from = at + *rc::gen::inRange(-60, 60);
          rows.customer.push_back(1);
          rows.amount.push_back(*rc::gen::inRange(1, 20));
          rows.start.push_back(from);
          rows.end.push_back(from + *rc::gen::inRange(1, 90));
          rows.plan.push_back("a");
        }
        const auto promised_on = [&](Day day) {
          std::int64_t all = 0;
          for (std::size_t i = 0; i < rows.amount.size(); ++i)
            all += rows.start[i] <= day && day < rows.end[i] ? rows.amount[i] : 0;
          return all;
        };
        const Commitments found = commitments(rows.book(), at, {.unit = PeriodUnit::day}, {.periods = 60});
        std::int64_t least = promised_on(at);
        RC_ASSERT(found.cells[0].total() == RunRateSum(mrr(least)));
        for (std::size_t k = 1; k < found.periods.size(); ++k) {
          const std::int64_t now = std::min(least, promised_on(found.periods.begin(k)));
          RC_ASSERT(found.cells[0].due_in[k] == RunRateSum(mrr(least - now)));
          least = now;
          if (k == 1) RC_ASSERT(found.cells[0].contracted == RunRateSum(mrr(least)));
        }
      },
      300);
}

/// One pass: each segment once looked at the whole book, which made this minutes.
TEST(CommitmentsTest, ManySegments) {
  Rows rows;
  for (int i = 0; i < 4000; ++i)
    rows.add(i, "2024-01-01", "2025-01-01", 10, ("plan " + std::to_string(i)).c_str(), 0);
  const Book book = rows.book();
  const Commitments found = commitments(book, day("2024-06-30"), {}, {.by = "plan", .periods = 1});
  ASSERT_EQ(found.cells.size(), 4000U);
  for (const Commitment& cell : found.cells) EXPECT_EQ(cell.contracted, RunRateSum(mrr(10)));
}

TEST(CommitmentsTest, Refused) {
  const Rows rows = company();
  const Book book = rows.book();
  const Day at = day("2024-03-31");
  EXPECT_FAULT(commitments(book, at, {}, {.term_months = -1}), OptionError, "E_TERM",
               "a term of -1 months is out of range");
  const std::vector<std::int32_t> terms = {-3};
  EXPECT_FAULT(commitments(book, at, {}, {.terms = terms}), OptionError, "E_TERM", "a term of -3 months");
  EXPECT_FAULT(commitments(book, at, {}, {.periods = 0}), OptionError, "E_PERIODS", "0 periods ahead");
  EXPECT_FAULT(commitments(book, at, {}, {.by = "colour"}), OptionError, "E_SEGMENT", "colour");
}

TEST(CommitmentsTest, PartsAddUpToTheRunRate) {
  for_all(
      [] {
        Rows rows;
        for (int i = *rc::gen::inRange(0, 30); i > 0; --i) {
          const Day from = day("2023-01-01") + *rc::gen::inRange(0, 500);
          rows.customer.push_back(*rc::gen::inRange(0, 8));
          rows.amount.push_back(*rc::gen::inRange(1, 100));
          rows.start.push_back(from);
          rows.end.push_back(*rc::gen::arbitrary<bool>() ? open_end : from + *rc::gen::inRange(1, 500));
          rows.plan.push_back(*rc::gen::element<std::string>("a", "b"));
          rows.term.push_back(*rc::gen::element(0, 1, 3, 12, 36));
        }
        const Book book = rows.book();
        const Day at = day("2023-06-01") + *rc::gen::inRange(0, 400);
        const Commitments all = commitments(book, at, {}, {.terms = rows.term});
        RC_ASSERT(all.cells[0].total() == book.mrr(at).amount());
        RunRateSum soon = all.cells[0].due_in[0];
        soon += all.cells[0].due_in[1];
        RC_ASSERT(soon == all.cells[0].due);
        const Snapshot snapshot = book.mrr(at, {.by = "plan"});
        const Commitments cut = commitments(book, at, {}, {.by = "plan", .terms = rows.term});
        RunRateSum contracted, due, rolling;
        for (std::size_t i = 0; i < cut.cells.size(); ++i)
          RC_ASSERT(cut.cells[i].total() == snapshot.flows[i].amount);
        for (const Commitment& cell : cut.cells) {
          contracted += cell.contracted;
          due += cell.due;
          rolling += cell.rolling;
        }
        RC_ASSERT(contracted == all.cells[0].contracted);
        RC_ASSERT(due == all.cells[0].due);
        RC_ASSERT(rolling == all.cells[0].rolling);
      },
      150);
}

}  // namespace
}  // namespace tenure
