#include "support/columns.hpp"
#include "support/compare.hpp"
#include "support/faults.hpp"

/// Customers one by one: what each pays on a day, and all of its rows.
namespace tenure::test {
namespace {

struct Seen {
  std::vector<std::uint32_t> segments;
  std::vector<RunRateSum> rates;
  std::vector<std::int64_t> rows;
};

std::vector<Seen> visited(const Book& book, const std::string& day, const std::string& by = "") {
  std::vector<Seen> all;
  book.visit_customers(parse_day(day), {.by = by}, [&](const CustomerDay& customer) {
    Seen& seen = all.emplace_back();
    for (const CustomerDay::Paid& paid : customer.paid) {
      seen.segments.push_back(paid.segment);
      seen.rates.emplace_back(paid.rate);
    }
    for (const CustomerDay::Row& one : customer.rows) seen.rows.push_back(one.row);
  });
  return all;
}

const std::vector<Row> story{row(1, "2024-01-01", "2024-02-10", 30, 0), row(1, "2024-02-10", "", 50, 1),
                             row(2, "2024-01-15", "2024-02-20", 40, 0), row(3, "2024-03-01", "", 5, 0)};

TEST(VisitCustomers, ShowsWhoPaysWithTheRowsOfOtherDaysToo) {
  const std::vector<Seen> january = visited(book_of(story), "2024-01-31");
  ASSERT_EQ(january.size(), 2U);
  EXPECT_EQ(january[0].rates, std::vector<RunRateSum>{RunRateSum(mrr(30))});
  EXPECT_EQ(january[0].rows, (std::vector<std::int64_t>{0, 1}));
  EXPECT_EQ(january[1].rates, std::vector<RunRateSum>{RunRateSum(mrr(40))});
}

TEST(VisitCustomers, LeavesOutWhoPaysNothingOnTheDay) {
  EXPECT_EQ(visited(book_of(story), "2024-02-29").size(), 1U);  // 2 has left, 3 is not there yet
  EXPECT_TRUE(visited(book_of(story), "2023-12-31").empty());
}

TEST(VisitCustomers, CutsWhatIsPaidBySegment) {
  const std::vector<Row> both{row(1, "2024-01-01", "", 30, 0), row(1, "2024-01-01", "", 20, 1)};
  const std::vector<Seen> found = visited(book_of(both), "2024-01-31", "plan");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].segments.size(), 2U);
  const Book book = book_of(both);
  const auto labels = book.visit_customers(parse_day("2024-01-31"), {.by = "plan"}, [](const auto&) {});
  EXPECT_EQ(labels, (std::vector<std::string>{"basic", "pro"}));
}

TEST(VisitCustomers, RefusesADayThatIsNoDate) {
  const Book book = book_of(story);
  const auto nobody = [](const CustomerDay&) {};
  EXPECT_FAULT(book.visit_customers(max_day + 1, {}, nobody), InputError, "E_DATE_RANGE",
               "the day is outside 1400-01-01..9999-12-31");
}

}  // namespace
}  // namespace tenure::test
