#include "support/compare.hpp"
#include "support/faults.hpp"
#include "support/seal.hpp"

/// States of books that share no customer: added in any order they are the state of all rows.
namespace tenure::test {
namespace {

const std::string cut = "plan";

struct States {
  SummaryState total;
  WaterfallState bridge;
  NetRetentionState kept;
  TriangleState cohorts;
  ConcentrationState largest;

  States& operator+=(const States& other) {
    total += other.total;
    bridge += other.bridge;
    kept += other.kept;
    cohorts += other.cohorts;
    largest += other.largest;
    return *this;
  }
  /// Written and read again.
  States copied() const {
    return {
        {WaterfallState::read(total.waterfall.write()), NetRetentionState::read(total.net_retention.write()),
         TriangleState::read(total.triangle.write())},
        WaterfallState::read(bridge.write()),
        NetRetentionState::read(kept.write()),
        TriangleState::read(cohorts.write()),
        ConcentrationState::read(largest.write())};
  }
  std::vector<std::vector<std::byte>> bytes() const {
    return {total.waterfall.write(),
            total.net_retention.write(),
            total.triangle.write(),
            bridge.write(),
            kept.write(),
            cohorts.write(),
            largest.write()};
  }
};

States states_of(const std::vector<Row>& rows, const Policy& policy) {
  const Book book = book_of(rows, policy);
  return {book.summary_state(window, {.horizon = 6}), book.waterfall_state(window, {.by = cut}),
          book.net_retention_state(window, {.horizon = 6, .by = cut}),
          book.triangle_state(window, {.by = cut}), book.concentration_state(window.end() - 1)};
}

/// Adds parts two by two in the order that `seed` picks: any tree.
States merged(std::vector<States> parts, std::uint64_t seed) {
  while (parts.size() > 1) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    const std::size_t a = (seed >> 33) % parts.size();
    States taken = std::move(parts[a]);
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(a));
    parts[(seed >> 13) % parts.size()] += taken.copied();
  }
  return parts.front();
}

TEST(States, AnySplitOfCustomersMergedInAnyTreeIsTheWhole) {  // G2, G3, G4, G5, G7, G17
  for_all(
      [] {
        const auto rows = *rc::gen::nonEmpty(any_rows());
        const Policy policy = *any_policy();
        const auto side =
            *rc::gen::container<std::vector<std::size_t>>(7, rc::gen::inRange<std::size_t>(0, 4));
        std::vector<std::vector<Row>> parts(4);  // some hold nobody
        for (const Row& row : rows) parts[side[static_cast<std::size_t>(row.customer)]].push_back(row);
        std::vector<States> states;
        for (const auto& part : parts) states.push_back(states_of(part, policy));
        RC_ASSERT(merged(states, *rc::gen::arbitrary<std::uint64_t>()).bytes() ==
                  states_of(rows, policy).bytes());
      },
      200);
}

TEST(States, OfDifferentPoliciesDoNotAdd) {
  const std::vector<Row> rows{row(1, "2024-01-01", "", 10)};
  States standard = states_of(rows, {});
  const States playbook = states_of(rows, Policy::named("mrr_playbook"));
  EXPECT_FAULT(standard.bridge += playbook.bridge, StateError, "E_STATE_FRAME", "different policies");
  EXPECT_FAULT(standard.kept += playbook.kept, StateError, "E_STATE_FRAME", "different policies");
  EXPECT_FAULT(standard.cohorts += playbook.cohorts, StateError, "E_STATE_FRAME", "different policies");
  EXPECT_FAULT(standard.largest += playbook.largest, StateError, "E_STATE_FRAME", "");
}

TEST(States, OfAnotherKindAreNotRead) {
  const States states = states_of({row(1, "2024-01-01", "", 10)}, {});
  EXPECT_FAULT(WaterfallState::read(states.kept.write()), StateError, "E_STATE_KIND", "wanted is 1");
  EXPECT_FAULT(NetRetentionState::read(states.cohorts.write()), StateError, "E_STATE_KIND", "wanted is 2");
  EXPECT_FAULT(TriangleState::read(states.bridge.write()), StateError, "E_STATE_KIND", "wanted is 3");
  EXPECT_FAULT(ConcentrationState::read(states.bridge.write()), StateError, "E_STATE_KIND", "wanted is 4");
}

/// Bytes with a right checksum are refused, or they are exactly what a state writes: nothing in them is
/// ignored.
template <class State>
void expect_refused_or_valid(const std::vector<std::byte>& bytes) {
  try {
    RC_ASSERT(State::read(bytes).write() == bytes);
  } catch (const StateError&) {
  }
}

template <class State>
void garble(const State& state) {
  auto bytes = state.write();
  const int changes = *rc::gen::inRange(1, 5);
  for (int i = 0; i < changes; ++i) {
    // Most of the meaning sits in the first bytes after the header: calendar, bounds, labels, counts.
    const auto at = *rc::gen::oneOf(rc::gen::inRange<std::size_t>(4, std::min<std::size_t>(bytes.size(), 96)),
                                    rc::gen::inRange<std::size_t>(4, bytes.size()));
    bytes[at] = static_cast<std::byte>(
        *rc::gen::oneOf(rc::gen::element(0, 1, 2, 127, 128, 255), rc::gen::inRange(0, 256)));
  }
  if (*rc::gen::inRange(0, 4) == 0) bytes.resize(*rc::gen::inRange<std::size_t>(48, bytes.size() + 40));
  expect_refused_or_valid<State>(sealed(bytes));
}

TEST(States, ForgedBytesAreRefusedOrValid) {
  const std::vector<Row> rows{row(1, "2024-01-01", "", 10, 0), row(2, "2024-02-01", "2024-05-05", 20, 1)};
  const Book book = book_of(rows);
  const Periods three = months("2024-01", "2024-03");
  const auto bridge = book.waterfall_state(three, {.by = cut});
  const auto kept = book.net_retention_state(three, {.horizon = 2, .by = cut});
  const auto cohorts = book.triangle_state(three, {.by = cut});
  const auto largest = book.concentration_state(three.end());
  const auto snapshot = book.mrr(three.end(), {.by = cut});
  for_all(
      [&] {
        garble(bridge);
        garble(kept);
        garble(cohorts);
        garble(largest);
        garble(snapshot);
      },
      2000);
}

}  // namespace
}  // namespace tenure::test
