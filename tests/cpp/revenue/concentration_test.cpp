#include <tenure/revenue/concentration.hpp>

#include "support/faults.hpp"
#include "support/property.hpp"
#include "support/seal.hpp"

namespace tenure {
namespace {

ConcentrationState of(const std::vector<std::int64_t>& levels, std::vector<std::int64_t> top = {1, 2, 10}) {
  ConcentrationState state(std::move(top), "0123456789abcdef");
  for (const std::int64_t level : levels) state.add(mrr(level));
  return state;
}

TEST(Concentration, SharesOfTheLargest) {
  const Concentration found = of({10, 50, 20, 20}).finish();
  EXPECT_EQ(found.customers, 4);
  EXPECT_EQ(found.total, RunRateSum(mrr(100)));
  EXPECT_EQ(found.share(0), (Ratio{1, 2}));
  EXPECT_EQ(found.share(1), (Ratio{7, 10}));
  EXPECT_EQ(found.share(2), (Ratio{1, 1}));
  EXPECT_DOUBLE_EQ(*found.herfindahl(), 0.01 + 0.25 + 0.04 + 0.04);
}

TEST(Concentration, OfNobodyIsUndefined) {
  const Concentration found = of({0, 0}).finish();
  EXPECT_EQ(found.customers, 0);
  EXPECT_EQ(found.herfindahl(), std::nullopt);
  EXPECT_EQ(found.share(0).reason(), Undefined::empty_base);
}

TEST(Concentration, SquaresOfTheLargestAmountsAreExact) {
  ConcentrationState state({1});
  for (int i = 0; i < 10; ++i) state.add(RunRate{INT64_MAX});
  EXPECT_DOUBLE_EQ(*state.finish().herfindahl(), 0.1);
}

TEST(Concentration, TopIsANumberOfCustomers) {
  EXPECT_FAULT(of({}, {0}), OptionError, "E_TOP", "top=0 is not a number of customers (1..1000000)");
  EXPECT_FAULT(of({}, {1'000'001}), OptionError, "E_TOP", "top=1000001");
  EXPECT_TRUE(of({1}, {}).finish().amounts.empty());
}

TEST(ConcentrationState, OfAnotherQuestionIsRefused) {
  ConcentrationState state = of({1});
  EXPECT_FAULT(state += of({1}, {5}), StateError, "E_STATE_FRAME", "different");
  EXPECT_EQ(state, of({1}));
}

TEST(ConcentrationState, AnySplitInAnyOrderIsTheWhole) {
  test::for_all([] {
    const auto levels = *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 50));
    const auto side = *rc::gen::container<std::vector<int>>(levels.size(), rc::gen::inRange(0, 3));
    ConcentrationState parts[3] = {of({}), of({}), of({})};
    for (std::size_t i = levels.size(); i-- > 0;) parts[side[i]].add(mrr(levels[i]));
    parts[2] += parts[0];
    parts[1] += parts[2];
    RC_ASSERT(parts[1] == of(levels));
    RC_ASSERT(parts[1].write() == of(levels).write());
    std::vector<std::int64_t> sorted = levels;
    std::sort(sorted.rbegin(), sorted.rend());
    const Concentration found = parts[1].finish();
    for (std::size_t i = 0; i < found.top.size(); ++i) {
      RunRateSum sum;
      for (std::size_t k = 0; k < std::min(sorted.size(), static_cast<std::size_t>(found.top[i])); ++k)
        sum += mrr(sorted[k]);
      RC_ASSERT(found.amounts[i] == sum);
    }
  });
}

TEST(ConcentrationState, RoundTripGivesTheSameStateAndDamageIsRefused) {
  const ConcentrationState state = of({3, 1, 2});
  auto bytes = state.write();
  EXPECT_EQ(ConcentrationState::read(bytes), state);
  EXPECT_EQ(ConcentrationState::read(bytes).write(), bytes);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    test::flip(bytes, bit);
    ASSERT_THROW(ConcentrationState::read(bytes), StateError) << bit;
    test::flip(bytes, bit);
  }
  for (std::size_t size = 0; size < bytes.size(); ++size)
    ASSERT_THROW(ConcentrationState::read(std::span(bytes).first(size)), StateError) << size;
}

}  // namespace
}  // namespace tenure
