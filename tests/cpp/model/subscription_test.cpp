#include <tenure/model/subscription.hpp>

#include "support/faults.hpp"

namespace tenure {
namespace {

TEST(IntervalUnit, IsKnownByName) {
  for (const char* name : {"day", "week", "four_week", "month", "quarter", "half_year", "year"})
    EXPECT_EQ(name_of(parse_interval_unit(name)), name);
  for (const char* name : {"forever", "repeating", "once"})
    EXPECT_EQ(name_of(parse_discount_duration(name)), name);
  EXPECT_FAULT(parse_interval_unit("monthly"), OptionError, "E_INTERVAL",
               "interval='monthly' is not known; did you mean 'month'?");
  EXPECT_FAULT(parse_interval_unit("decade"), OptionError, "E_INTERVAL", "Known: day, week, four_week");
}

TEST(Ids, AreNumbersOrTexts) {
  const std::vector<std::int64_t> numbers{3, -1};
  const TextColumn texts(std::vector<std::string>{"a", "b", "a"});
  EXPECT_EQ(Ids(numbers).size(), 2U);
  EXPECT_NE(Ids(numbers).numbers(), nullptr);
  EXPECT_EQ(Ids(numbers).texts(), nullptr);
  EXPECT_EQ(Ids(texts).size(), 3U);
  EXPECT_NE(Ids(texts).texts(), nullptr);
  EXPECT_FALSE(Ids().present());
  EXPECT_EQ(Ids().size(), 0U);
}

TEST(Amounts, AreWholeFloatingOrMicros) {
  const std::vector<std::int64_t> whole{1, 2};
  const std::vector<double> floating{1.5};
  const std::vector<Micros> micro_units{{1}, {2}, {3}};
  EXPECT_EQ(Amounts(whole).size(), 2U);
  EXPECT_EQ(Amounts(floating).size(), 1U);
  EXPECT_EQ(Amounts(micro_units).size(), 3U);
  EXPECT_EQ(Amounts().size(), 0U);
}

TEST(Subscriptions, NeedNoMoreThanCustomerStartAndAmount) {
  const std::vector<std::int64_t> ids{1};
  const std::vector<Day> starts{0};
  const Subscriptions table{.customer = ids, .start = starts, .amount = ids};
  EXPECT_FALSE(table.end.present());
  EXPECT_FALSE(table.product.has_value());
  EXPECT_FALSE(table.subscription.present());
  EXPECT_EQ(table.interval, (Interval{IntervalUnit::month, 1}));
}

}  // namespace
}  // namespace tenure
