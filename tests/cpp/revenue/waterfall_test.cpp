#include <tenure/revenue/waterfall.hpp>

#include <array>
#include <cmath>

#include "support/faults.hpp"
#include "support/generators.hpp"
#include "support/seal.hpp"

namespace tenure {
namespace {

const Periods quarter = months("2024-01", "2024-03");

Frame frame(std::vector<std::string> segments = {""}, std::string by = "") {
  return {.periods = quarter,
          .by = std::move(by),
          .segments = std::move(segments),
          .policy_digest = Policy().digest()};
}

/// 10 new in January, 5 more in February, all gone in March.
WaterfallState story() {
  WaterfallState state(frame());
  state.add(Line::new_, 0, mrr(10), 1);
  state.add(Line::closing, 0, mrr(10), 1);
  state.add(Line::opening, 1, mrr(10), 1);
  state.add(Line::expansion, 1, mrr(5), 1);
  state.add(Line::closing, 1, mrr(15), 1);
  state.add(Line::opening, 2, mrr(15), 1);
  state.add(Line::churn, 2, mrr(15), 1);
  return state;
}

TEST(Waterfall, ShowsMonthlyAmountsInMajorUnits) {
  const Waterfall bridge = story().finish();
  EXPECT_EQ(test::monthly(bridge, Line::closing), (std::vector<double>{10, 15, 0}));
  EXPECT_EQ(bridge.expansion(1), 5);
  EXPECT_EQ(bridge.churn(2), 15);
  EXPECT_EQ(bridge.at(Line::churn, 2).customers, 1);
}

TEST(Waterfall, ThatDoesNotCloseIsRefused) {
  WaterfallState money = story();
  money.add(Line::new_, 1, mrr(1), 0);
  EXPECT_FAULT(money.finish(), IntegrityError, "E_BRIDGE_OPEN",
               "the bridge of 2024-02-01 does not close: amounts differ by 12000000");
  WaterfallState heads = story();
  heads.add(Line::churn, 0, {}, 2);
  EXPECT_FAULT(heads.finish(), IntegrityError, "E_BRIDGE_OPEN", "customers differ by -2");
  WaterfallState named(frame({"basic", "pro"}, "plan"));
  named.add(Line::closing, 1, mrr(1), 0);
  EXPECT_FAULT(named.finish(), IntegrityError, "E_BRIDGE_OPEN", "for plan 'pro'");
}

TEST(Waterfall, ExpansionCountsNobodyInOrOut) { EXPECT_NO_THROW(story().finish()); }

TEST(WaterfallState, AddsCellByCell) {
  WaterfallState sum = story();
  sum += story();
  EXPECT_EQ(test::monthly(sum.finish(), Line::closing), (std::vector<double>{20, 30, 0}));
  EXPECT_EQ(sum.finish().at(Line::new_, 0).customers, 2);
}

TEST(WaterfallState, EmptyIsNeutralOnBothSides) {  // G5
  WaterfallState left(frame()), right = story();
  left += story();
  right += WaterfallState(frame());
  EXPECT_EQ(left, story());
  EXPECT_EQ(right, story());
}

TEST(WaterfallState, SegmentsOfEitherPartAreKept) {
  WaterfallState a(frame({"basic", "team"}, "plan")), b(frame({"pro", "team"}, "plan"));
  for (WaterfallState* state : {&a, &b}) {
    state->add(Line::new_, 1, mrr(7), 1);
    state->add(Line::closing, 1, mrr(7), 1);
    state->add(Line::opening, 3, mrr(7), 1);
    state->add(Line::churn, 3, mrr(7), 1);
  }
  WaterfallState ab = a, ba = b;
  ab += b;
  ba += a;
  EXPECT_EQ(ab, ba);
  const Waterfall bridge = ab.finish();
  EXPECT_EQ(bridge.frame.segments, (std::vector<std::string>{"basic", "pro", "team"}));
  EXPECT_EQ(test::monthly(bridge, Line::closing, 2), (std::vector<double>{14, 0, 0}));
  EXPECT_EQ(test::monthly(bridge, Line::closing, 0), (std::vector<double>{0, 0, 0}));
}

TEST(WaterfallState, OfAnotherQuestionIsRefusedAndChangesNothing) {
  WaterfallState state = story();
  Frame other_policy = frame(), other_periods = frame();
  other_policy.policy_digest = Policy::named("mrr_playbook").digest();
  other_periods.periods = months("2024-01", "2024-04");
  EXPECT_FAULT(state += WaterfallState(other_policy), StateError, "E_STATE_FRAME",
               "under different policies");
  EXPECT_FAULT(state += WaterfallState(other_periods), StateError, "E_STATE_FRAME", "different periods");
  EXPECT_FAULT(state += WaterfallState(frame({"x"}, "plan")), StateError, "E_STATE_FRAME",
               "different periods or segments");
  EXPECT_EQ(state, story());
}

TEST(WaterfallState, RoundTripGivesTheSameStateAndBytes) {  // G7
  const auto bytes = story().write();
  const WaterfallState read = WaterfallState::read(bytes);
  EXPECT_EQ(read, story());
  EXPECT_EQ(read.write(), bytes);
}

TEST(WaterfallState, NoFlippedBitAndNoPrefixIsAccepted) {
  auto bytes = story().write();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    test::flip(bytes, bit);
    ASSERT_THROW(WaterfallState::read(bytes), StateError) << bit;
    test::flip(bytes, bit);
  }
  for (std::size_t size = 0; size < bytes.size(); ++size)
    ASSERT_THROW(WaterfallState::read(std::span(bytes).first(size)), StateError) << size;
}

/// A bridge of one month: amounts by line in half cents a month; closing follows.
Waterfall in_half_cents(const std::array<std::int64_t, line_count - 1>& amounts) {
  constexpr std::int64_t half_cent = 12 * micros / 200;
  WaterfallState state({.periods = months("2024-01", "2024-01"), .policy_digest = Policy().digest()});
  RunRateSum closing;
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    const auto line = static_cast<Line>(i);
    const RunRate rate{amounts[i] * half_cent};
    state.add(line, 0, rate, 0);
    sign_of(line) > 0 ? closing += rate : closing -= rate;
  }
  state.add(Line::closing, 0, closing, 0);
  return state.finish();
}

/// What one month prints, in cents.
std::array<int128, line_count> printed(const Waterfall& bridge) {
  std::array<int128, line_count> cents{};
  const auto rounded = bridge.rounded(2);
  for (std::size_t line = 0; line < line_count; ++line) cents[line] = rounded[line][0];
  return cents;
}

void expect_closes(const Waterfall& bridge) {
  const auto cents = printed(bridge);
  int128 sum = 0;
  for (std::size_t line = 0; line < line_count; ++line) sum += sign_of(static_cast<Line>(line)) * cents[line];
  RC_ASSERT(sum == cents.back());
  for (std::size_t line = 0; line < line_count; ++line) {
    const Flow& exact = bridge.exact[line][0];
    RC_ASSERT(cents[line] >= 0);
    if (exact.amount.annual == 0) RC_ASSERT(cents[line] == 0);  // no movement is printed where there is none
    RC_ASSERT(std::abs(static_cast<double>(cents[line]) - 100 * exact.amount.mrr()) < 2);
  }
}

TEST(Rounded, HalvesOfACentFindTheirPlace) {
  using Cents = std::array<int128, line_count>;
  EXPECT_EQ(printed(in_half_cents({1003, 2002})), (Cents{502, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1502}));
  EXPECT_EQ(printed(in_half_cents({305, 0, 0, 2})), (Cents{152, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 152}));
}

TEST(Rounded, ABridgeOfHalvesStillClosesAndInventsNothing) {
  test::for_all(
      [] {
        std::array<std::int64_t, line_count - 1> amounts{};
        for (auto& amount : amounts)
          amount = *rc::gen::weightedOneOf<std::int64_t>(
              {{1, rc::gen::just<std::int64_t>(0)}, {3, rc::gen::inRange<std::int64_t>(0, 12)}});
        std::int64_t lost = 0;
        for (std::size_t i = 0; i < amounts.size(); ++i)
          if (sign_of(static_cast<Line>(i)) < 0) lost += amounts[i];
        amounts[0] += lost;  // nobody loses what was not there
        expect_closes(in_half_cents(amounts));
      },
      3000);
}

TEST(Rounded, PrintedRowsStillClose) {
  test::for_all([] {
    const auto cents =
        *rc::gen::container<std::vector<std::int64_t>>(7, rc::gen::inRange<std::int64_t>(0, 100'000'000));
    const int exponent = *rc::gen::element(0, 2, 3);
    WaterfallState state({.periods = months("2024-01", "2024-01"), .policy_digest = Policy().digest()});
    RunRateSum closing;
    for (std::size_t i = 0; i < 7; ++i) {
      const auto line = i == 0 ? Line::opening : static_cast<Line>(i);
      state.add(line, 0, RunRate{cents[i]}, 0);
      if (sign_of(line) > 0) closing += RunRate{cents[i]};
      if (sign_of(line) < 0) closing -= RunRate{cents[i]};
    }
    state.add(Line::closing, 0, closing, 0);
    const Waterfall bridge = state.finish();
    const auto rounded = bridge.rounded(exponent);
    int128 sum = 0;
    for (const auto& [name, line] : line_names) {
      sum += sign_of(line) * rounded[static_cast<std::size_t>(line)][0];
      const double unit = exponent == 0 ? 1 : exponent == 2 ? 0.01 : 0.001;
      const double exact = bridge.at(line, 0).amount.mrr();
      RC_ASSERT(std::abs(static_cast<double>(rounded[static_cast<std::size_t>(line)][0]) * unit - exact) <
                unit + 1e-9);
      if (line != Line::closing) RC_ASSERT(rounded[static_cast<std::size_t>(line)][0] >= 0);
    }
    RC_ASSERT(sum == rounded[static_cast<std::size_t>(Line::closing)][0]);
  });
}

}  // namespace
}  // namespace tenure
