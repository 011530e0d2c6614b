#include <tenure/revenue/closest.hpp>

#include "support/faults.hpp"
#include "support/term_rows.hpp"

namespace tenure {
namespace {

using test::day;
using test::row;
using test::TermRow;

using Names = std::vector<std::string>;

/// MRR of 140 a week in whole cents: 606.67 under standard, 600 under zuora, 560 under revenuecat, 0 under
/// killbill.
std::vector<int128> weekly(const Policy& policy) {
  const RunRate rate = run_rate(policy.loading, {IntervalUnit::week, 1}, {140 * micros, {}});
  return {divide_half_even(int128{rate.annual}, 12 * 10'000)};
}

std::vector<Candidate> found_for(std::int64_t cents, const Names& in_play = {"interval_factor_week"}) {
  const std::vector<int128> theirs{cents};
  return closest(theirs, weekly, in_play, 0);
}

std::string show(const Candidate& candidate) {
  std::string text = candidate.preset;
  if (candidate.change) text += " " + candidate.change->name + "=" + candidate.change->value;
  return text;
}

TEST(Closest, FindsThePreset) {
  const auto zuora = found_for(60000), revenuecat = found_for(56000), killbill = found_for(0);
  EXPECT_EQ(show(zuora[0]), "zuora");
  EXPECT_TRUE(zuora[0].difference == 0);
  EXPECT_TRUE(zuora[0].worst == 0);
  EXPECT_EQ(zuora[0].equal, 1U);
  EXPECT_EQ(zuora[0].policy, Policy::named("zuora"));
  EXPECT_TRUE(zuora[0].ours == std::vector<int128>{60000});
  EXPECT_EQ(show(revenuecat[0]), "revenuecat");
  EXPECT_EQ(show(killbill[0]), "killbill");
}

TEST(Closest, FindsThePresetAndTheOptionThatWasChanged) {
  const auto found = found_for(60620);  // 4.33 weeks
  EXPECT_EQ(show(found[0]), "standard interval_factor_week=433/100");
  EXPECT_TRUE(found[0].difference == 0);
  Policy wanted;
  wanted.set("interval_factor_week", "433/100");
  EXPECT_EQ(found[0].policy, wanted);
}

TEST(Closest, TiesGoToFewerChangesThenToTheOrderOfPresets) {
  const auto found = found_for(60000);
  EXPECT_EQ(show(found[0]), "zuora");
  EXPECT_EQ(show(found[1]), "standard interval_factor_week=30/7") << "as good, but not as simple";
  const auto standard = found_for(60667);
  const auto same = std::find_if(standard.begin(), standard.end(),
                                 [](const Candidate& one) { return one.difference != 0; });
  Names first;
  for (auto one = standard.begin(); one != same; ++one)
    if (!one->change) first.push_back(one->preset);
  EXPECT_EQ(first, (Names{"standard", "chartmogul", "chartmogul_shopify", "stripe", "baremetrics",
                          "profitwell", "recurly", "chargebee", "maxio", "mrr_playbook"}));
}

TEST(Closest, RanksByWhatRemainsUnexplained) {
  const auto found = found_for(59000);
  for (std::size_t i = 1; i < found.size(); ++i)
    EXPECT_TRUE(found[i - 1].difference <= found[i].difference) << show(found[i]);
  EXPECT_EQ(show(found[0]), "zuora");
  EXPECT_TRUE(found[0].difference == 1000);
  EXPECT_EQ(found[0].equal, 0U);
}

TEST(Closest, CountsFiguresWithinTheToleranceAsEqual) {
  const std::vector<int128> theirs{60002};
  EXPECT_EQ(closest(theirs, weekly, {}, 1)[0].equal, 0U);
  EXPECT_EQ(closest(theirs, weekly, {}, 2)[0].equal, 1U);
}

TEST(Closest, TriesOnlyChangesThatMakeADifference) {
  for (const Candidate& one : found_for(60620, {"tax", "usage", "interval_factor_day"}))
    EXPECT_FALSE(one.change.has_value()) << show(one);
  const auto many = found_for(60620);
  EXPECT_EQ(std::count_if(many.begin(), many.end(), [](const Candidate& one) { return !one.change; }), 13);
}

TEST(Closest, ChangesOptionsOfAsManyPresetsAsAskedFor) {
  const std::vector<int128> theirs{60620};
  const Names in_play{"interval_factor_week"};
  EXPECT_EQ(closest(theirs, weekly, in_play, 0, 0).size(), 13U);
  EXPECT_EQ(closest(theirs, weekly, in_play, 0, 1).size(), 13U + 4U);  // 4, 30/7, 433/100 and 0
}

TEST(Closest, LeavesOutPresetsThatCannotReadTheRows) {
  const auto read = [](const Policy& policy) -> std::vector<int128> {
    if (policy.reporting.grain == Grain::subscription)
      throw_option({.code = "E_COLUMN_MISSING", .what = "no"});
    return weekly(policy);
  };
  const std::vector<int128> theirs{60667};
  const auto found = closest(theirs, read, {}, 0);
  EXPECT_EQ(found.size(), 12U);
  for (const Candidate& one : found) EXPECT_NE(one.preset, "chargebee");
}

TEST(Closest, RefusesWhatCannotBeCompared) {
  const auto nothing = [](const Policy&) -> std::vector<int128> {
    throw_input({.code = "E_AMOUNT_NULL", .what = "missing amount"});
  };
  const std::vector<int128> theirs{1};
  EXPECT_FAULT(closest({}, weekly, {}, 0), InputError, "E_MATCH", "no figures to compare with");
  EXPECT_FAULT(closest(theirs, nothing, {}, 0), InputError, "E_MATCH", "no preset can read these rows");
}

TEST(Closest, DoesNotHideOtherErrors) {
  const auto broken = [](const Policy&) -> std::vector<int128> { throw std::logic_error("broken"); };
  const std::vector<int128> theirs{1};
  EXPECT_THROW(closest(theirs, broken, {}, 0), std::logic_error);
}

/// Rows on which vendors disagree, for the closings of half a year.
std::vector<TermRow> company() {
  const Discount limited{
      .percent_micros = 50 * micros, .duration = DiscountDuration::repeating, .until = day("2024-05-01")};
  std::vector<TermRow> rows{{.row = row(1, "2024-01-01", "", 140), .interval = {IntervalUnit::week, 1}},
                            {.row = row(2, "2024-01-01", "", 100), .discounts = {limited}},
                            {.row = row(3, "2024-03-15", "", 40), .status = SubscriptionStatus::past_due},
                            {.row = row(4, "2024-01-01", "2024-06-01", 70)},
                            {.row = row(5, "2024-02-01", "", 25), .quantity = 3}};
  rows[3].cancel_requested = day("2024-04-10");
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].row.subscription = static_cast<std::int64_t>(i);
  return rows;
}

std::vector<int128> closings(const Policy& policy) {
  const Waterfall bridge = test::book_of(company(), policy).waterfall(months("2024-01", "2024-06"));
  std::vector<int128> all;
  for (std::size_t period = 0; period < 6; ++period)
    all.push_back(bridge.at(Line::closing, period).amount.annual);
  return all;
}

TEST(Closest, FindsWhoMadeTheFiguresOfABook) {
  const auto in_play = test::book_of(company()).options_in_play();
  for (const char* preset :
       {"standard", "stripe", "baremetrics", "zuora", "maxio", "killbill", "revenuecat"}) {
    const auto found = closest(closings(Policy::named(preset)), closings, in_play, 0, 1);
    EXPECT_EQ(show(found[0]), preset);
    EXPECT_TRUE(found[0].difference == 0);
    EXPECT_EQ(found[0].equal, 6U);
  }
  Policy stripe = Policy::named("stripe");
  stripe.set("past_due", "excluded");
  const auto found = closest(closings(stripe), closings, in_play, 0);
  EXPECT_EQ(show(found[0]), "stripe past_due=excluded");
  EXPECT_TRUE(found[0].difference == 0);
}

}  // namespace
}  // namespace tenure
