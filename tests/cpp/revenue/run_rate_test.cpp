#include <tenure/revenue/run_rate.hpp>

#include "support/faults.hpp"
#include "support/generators.hpp"
#include "support/seal.hpp"

namespace tenure {
namespace {

using test::row;

const std::vector<test::Row> rows{row(1, "2024-01-01", "2024-02-01", 100, 0), row(2, "2024-01-15", "", 50, 1),
                                  row(2, "2024-01-15", "", 10, 0), row(3, "2024-01-01", "", 0, 2)};

Snapshot at(const char* day, const char* by = "") {
  return test::book_of(rows).mrr(test::day(day), {.by = by});
}

TEST(Snapshot, CountsRowsThatAreLiveOnTheDay) {
  EXPECT_EQ(at("2023-12-31").mrr(), 0);
  EXPECT_EQ(at("2024-01-01").mrr(), 100);
  EXPECT_EQ(at("2024-01-15").mrr(), 160);
  EXPECT_EQ(at("2024-01-31").mrr(), 160);
  EXPECT_EQ(at("2024-02-01").mrr(), 60);
  EXPECT_EQ(at("2024-02-01").arr(), 720);
  EXPECT_EQ(at("2024-01-15").arpa(), (Ratio{80, 1}));
  EXPECT_EQ(at("2023-12-31").arpa().reason(), Undefined::empty_base);
}

TEST(Snapshot, ACustomerInTwoSegmentsCountsInBoth) {
  const Snapshot found = at("2024-01-15", "plan");
  EXPECT_EQ(found.segments, (std::vector<std::string>{"basic", "pro", "team"}));
  EXPECT_EQ(found.mrr(0), 110);
  EXPECT_EQ(found.mrr(1), 50);
  EXPECT_EQ(found.flows[0].customers, 2);
  EXPECT_EQ(found.flows[1].customers, 1);
  EXPECT_EQ(found.flows[2].customers, 0);
}

TEST(Snapshot, CountsByTheGrainOfThePolicy) {
  Policy each;
  each.reporting.grain = Grain::subscription;
  const Book book = test::book_of(test::with_subscriptions(rows), each);
  EXPECT_EQ(book.mrr(test::day("2024-01-15")).flows[0].customers, 3);
  EXPECT_EQ(book.concentration(test::day("2024-01-15"), {.top = {1}}).customers, 2);
}

TEST(Snapshot, OfAnotherCurrencyOrPolicyIsRefused) {
  Snapshot euro = at("2024-01-15");
  euro.currency = Currency("EUR");
  Snapshot playbook = at("2024-01-15");
  playbook.policy_digest = Policy::named("mrr_playbook").digest();
  EXPECT_FAULT(euro += at("2024-01-15"), StateError, "E_STATE_FRAME", "are in different currencies");
  EXPECT_FAULT(playbook += at("2024-01-15"), StateError, "E_STATE_FRAME", "under different policies");
}

TEST(Snapshot, OfBooksThatShareNoCustomerAddUp) {
  Snapshot sum = test::book_of(std::span(rows).first(1)).mrr(test::day("2024-01-20"), {.by = "plan"});
  sum += test::book_of(std::span(rows).subspan(1)).mrr(test::day("2024-01-20"), {.by = "plan"});
  EXPECT_EQ(sum, at("2024-01-20", "plan"));
  EXPECT_FAULT(sum += at("2024-01-21", "plan"), StateError, "E_STATE_FRAME",
               "are of different days or segments");
  EXPECT_FAULT(sum += at("2024-01-20"), StateError, "E_STATE_FRAME", "are of different days or segments");
}

TEST(Snapshot, RoundTripGivesTheSameBytesAndDamageIsRefused) {
  const Snapshot snapshot = at("2024-01-20", "plan");
  auto bytes = snapshot.write();
  EXPECT_EQ(Snapshot::read(bytes), snapshot);
  EXPECT_EQ(Snapshot::read(bytes).write(), bytes);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    test::flip(bytes, bit);
    ASSERT_THROW(Snapshot::read(bytes), StateError) << bit;
    test::flip(bytes, bit);
  }
  for (std::size_t size = 0; size < bytes.size(); ++size)
    ASSERT_THROW(Snapshot::read(std::span(bytes).first(size)), StateError) << size;
}

TEST(Snapshot, IsTheClosingOfTheBridgeOnItsLastDay) {  // R10
  test::for_all([] {
    const auto any = *rc::gen::nonEmpty(test::any_rows());
    const Policy policy =
        test::without(*test::any_policy(), {"as_of", "gap_days", "movement_grain", "total_rounding"});
    const Book book = test::book_of(any, policy);
    const Waterfall bridge = book.waterfall(test::window, {.by = "region"});
    const auto period = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(test::window.size())));
    const Snapshot found = book.mrr(test::window.end(period) - 1, {.by = "region"});
    RC_ASSERT(found.segments == bridge.frame.segments);
    for (std::size_t segment = 0; segment < found.segments.size(); ++segment)
      RC_ASSERT(found.flows[segment] == bridge.at(Line::closing, period, segment));
  });
}

}  // namespace
}  // namespace tenure
