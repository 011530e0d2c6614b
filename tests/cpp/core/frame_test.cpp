#include <tenure/core/detail/frame.hpp>
#include <tenure/core/frame.hpp>

#include <algorithm>
#include <functional>
#include <set>

#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

const Frame two_plans{.periods = months("2024-01", "2024-03"), .by = "plan", .segments = {"basic", "pro"}};

TEST(Flow, AddsAmountAndCustomers) {
  Flow flow{mrr(5), 1};
  flow += {mrr(7), 2};
  EXPECT_EQ(flow, (Flow{mrr(12), 3}));
}

TEST(Frame, RowsAreSegmentsWithinPeriods) {
  EXPECT_EQ(two_plans.rows(), 6U);
  EXPECT_EQ(two_plans.row(0, 1), 1U);
  EXPECT_EQ(two_plans.row(2, 0), 4U);
  EXPECT_EQ(two_plans.checked_row(2, 1), 5U);
}

TEST(Frame, RowsThatAreNotThereAreRefused) {
  EXPECT_FAULT(two_plans.checked_row(3, 0), InputError, "E_WINDOW", "3");
  EXPECT_FAULT(two_plans.checked_row(0, 2), InputError, "E_WINDOW", "2");
  EXPECT_FAULT(two_plans.checked_row(SIZE_MAX, 0), InputError, "E_WINDOW", "");
}

TEST(Utf8, IsWellFormedOrNot) {
  for (const char* text :
       {"", "plan", "B\xC3\xBCro", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(detail::is_utf8(text)) << text;
  // Stray continuation, cut short, overlong, surrogate (KEY-07), above U+10FFFF, never a lead byte.
  for (const char* text : {"\x80", "\xC3", "\xE2\x82", "\xC0\xAF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF",
                           "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF",
                           "a\xC3"
                           "b"})
    EXPECT_FALSE(detail::is_utf8(text));
}

TEST(MergedLabels, AreSortedAndDistinctWhateverTheOrder) {
  test::for_all([] {
    const auto some = *rc::gen::arbitrary<std::set<std::string>>(),
               others = *rc::gen::arbitrary<std::set<std::string>>();
    const std::vector<std::string> a(some.begin(), some.end()), b(others.begin(), others.end());
    const auto all = detail::merged_labels(a, b);
    RC_ASSERT(all == detail::merged_labels(b, a));
    RC_ASSERT(std::adjacent_find(all.begin(), all.end(), std::greater_equal<>()) == all.end());
    const auto places = detail::places_of(a, all);
    for (std::size_t i = 0; i < a.size(); ++i) RC_ASSERT(all[places[i]] == a[i]);
  });
}

}  // namespace
}  // namespace tenure
