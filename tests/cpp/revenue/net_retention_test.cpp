#include <tenure/revenue/net_retention.hpp>

#include "support/faults.hpp"
#include "support/generators.hpp"
#include "support/seal.hpp"

namespace tenure {
namespace {

const Periods two = months("2024-01", "2024-02");
Frame frame(std::vector<std::string> segments = {""}) {
  return {.periods = two,
          .by = segments[0].empty() ? "" : "plan",
          .segments = segments,
          .policy_digest = Policy().digest()};
}

Retention of(std::int64_t opening, std::int64_t closing) {
  Retention retention;
  retention.add(mrr(opening), mrr(closing));
  return retention;
}

TEST(Retention, CapsEachCustomerNotTheTotal) {
  Retention both = of(3000, 1000);
  both += of(2000, 5000);
  EXPECT_EQ(both.grr(), (Ratio{3, 5}));
  EXPECT_EQ(both.nrr(), (Ratio{6, 5}));
  EXPECT_EQ(both.logo_retention(), (Ratio{1, 1}));
}

TEST(Retention, WhoDidNotPayAtTheOpeningIsNotInIt) {
  EXPECT_EQ(of(0, 100), Retention());
  EXPECT_EQ(of(0, 100).nrr().reason(), Undefined::empty_base);
  EXPECT_EQ(of(0, 100).logo_retention().value(), std::nullopt);
}

TEST(Retention, WhoPaysNothingAtTheEndIsLost) {
  EXPECT_EQ(of(50, 0).logo_retention(), (Ratio{0, 1}));
  EXPECT_EQ(of(50, 0).nrr().value(), 0.0);
}

TEST(Retention, GrossIsAtMostNetAndAtMostOne) {  // R6
  test::for_all([] {
    Retention all, reversed;
    const auto pairs = *rc::gen::container<std::vector<std::pair<std::uint32_t, std::uint32_t>>>(
        rc::gen::pair(rc::gen::arbitrary<std::uint32_t>(), rc::gen::arbitrary<std::uint32_t>()));
    for (const auto& [opens, closes] : pairs) all.add(RunRate{opens}, RunRate{closes});
    for (std::size_t i = pairs.size(); i-- > 0;) {
      Retention one;
      one.add(RunRate{pairs[i].first}, RunRate{pairs[i].second});
      reversed += one;
    }
    RC_ASSERT(all == reversed);
    RC_PRE(all.nrr().defined());
    RC_ASSERT(*all.grr().value() <= 1.0);
    RC_ASSERT(*all.grr().value() >= 0.0);
    RC_ASSERT(*all.grr().value() <= *all.nrr().value());
  });
}

NetRetentionState story() {
  NetRetentionState state(frame(), 1);
  state[0] = of(10, 12);
  state[1] = of(12, 3);
  return state;
}

TEST(NetRetentionState, HorizonIsAboveZero) {
  EXPECT_FAULT(NetRetentionState(frame(), 0), OptionError, "E_HORIZON",
               "horizon=0 is not a number of periods above 0");
}

TEST(NetRetentionState, AddsWindowByWindowAndRefusesOtherQuestions) {
  NetRetentionState sum = story();
  sum += story();
  EXPECT_EQ(sum.finish().at(1).nrr(), (Ratio{1, 4}));
  EXPECT_EQ(sum.finish().at(1).customers, 2);
  EXPECT_FAULT(sum += NetRetentionState(frame(), 2), StateError, "E_STATE_FRAME", "different horizons");
  NetRetentionState empty(frame(), 1);
  empty += story();
  EXPECT_EQ(empty, story());
}

TEST(NetRetentionState, SegmentsOfEitherPartAreKept) {
  NetRetentionState a(frame({"basic"}), 1), b(frame({"pro"}), 1);
  a[0] = of(10, 5);
  b[1] = of(20, 30);
  NetRetentionState ab = a, ba = b;
  ab += b;
  ba += a;
  EXPECT_EQ(ab, ba);
  EXPECT_EQ(ab.finish().at(0, 0).nrr(), (Ratio{1, 2}));
  EXPECT_EQ(ab.finish().at(1, 1).nrr(), (Ratio{3, 2}));
  EXPECT_FALSE(ab.finish().at(0, 1).nrr().defined());
}

TEST(NetRetentionState, RoundTripGivesTheSameStateAndBytes) {
  const auto bytes = story().write();
  EXPECT_EQ(NetRetentionState::read(bytes), story());
  EXPECT_EQ(NetRetentionState::read(bytes).write(), bytes);
}

TEST(NetRetentionState, NoFlippedBitAndNoPrefixIsAccepted) {
  auto bytes = story().write();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    test::flip(bytes, bit);
    ASSERT_THROW(NetRetentionState::read(bytes), StateError) << bit;
    test::flip(bytes, bit);
  }
  for (std::size_t size = 0; size < bytes.size(); ++size)
    ASSERT_THROW(NetRetentionState::read(std::span(bytes).first(size)), StateError) << size;
}

}  // namespace
}  // namespace tenure
