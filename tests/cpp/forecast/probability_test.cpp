#include <tenure/forecast/probability.hpp>

#include <algorithm>
#include <iostream>
#include <limits>

#include "support/faults.hpp"
#include "support/score_cases.hpp"
#include "support/shared.hpp"

namespace tenure {
namespace {

using test::for_all;
using test::Json;
using test::near;

struct Deals {
  std::vector<double> won, probability;
  std::vector<std::uint32_t> begin = {0, static_cast<std::uint32_t>(won.size())};

  ProbabilityRows rows() const {
    ProbabilityRows rows;
    rows.happened = won;
    rows.probability = probability;
    rows.begin = begin;
    return rows;
  }
};

Deals random_deals() {
  const auto size = static_cast<std::size_t>(*rc::gen::inRange(1, 40));
  std::vector<double> won, probability;
  for (std::size_t i = 0; i < size; ++i) {
    won.push_back(*rc::gen::inRange(0, 2));
    probability.push_back(*rc::gen::inRange(0, 21) / 20.0);
  }
  return {won, probability};
}
const std::vector<double> tenths{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};

class ProbabilityReference : public test::SharedData {};

/// The entry has no inputs for these; the figures belong to these probabilities, and to no others that have
/// one digit.
TEST_F(ProbabilityReference, ScoresAreThoseOfScoringrules) {
  const Json& values = test::reference_value("interval_scores").at("values");
  const Deals deals{{1, 0, 0, 0}, {0.9, 0.2, 0.6, 0.0}};
  double most = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const Deals one{{deals.won[i]}, {deals.probability[i]}};
    const double found = brier_scores(one.rows())[0].brier.value_or(-1), expected = values.at("brier")[i];
    EXPECT_TRUE(expected == 0 ? found == 0 : test::within(found, expected, 1e-10));
    most = std::max(most, std::abs(found - expected));
  }
  const std::vector<double> lost{0.5, 0.1, 0.2}, slipped{0.3, 0.7, 0.5}, won{0.2, 0.2, 0.3};
  const std::vector<std::uint32_t> outcome{0, 1, 1};
  RankedRows rows;
  rows.outcome = outcome;
  rows.probability = {lost, slipped, won};
  const std::vector<double> found = ranked_probability_score(rows);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(test::within(found[i], values.at("rps")[i], 1e-10));
    most = std::max(most, std::abs(found[i] - values.at("rps")[i].get<double>()));
  }
  std::cout << "[   worst  ] brier, rps " << most << "\n";
}

TEST(BrierScores, PartsAddUp) {
  for_all([] {
    const Deals deals = random_deals();
    for (const bool exact : {false, true}) {
      const BrierScore score =
          exact ? brier_scores(deals.rows())[0] : brier_scores(deals.rows(), std::span(tenths))[0];
      const auto of = [](const Real& part) { return part.value_or(-100); };
      RC_ASSERT(near(of(score.brier), of(score.reliability) - of(score.resolution) + of(score.uncertainty) +
                                          of(score.within_variance) - of(score.within_covariance)));
      if (exact) RC_ASSERT(of(score.within_variance) == 0);
      if (exact) RC_ASSERT(of(score.within_covariance) == 0);
      std::size_t points = 0, happened = 0;
      for (const ReliabilityBin& bin : score.bins) {
        points += bin.points;
        happened += bin.happened;
        RC_ASSERT(bin.points == 0 || (bin.lower <= bin.mean_probability.value_or(-1) + 1e-12 &&
                                      bin.mean_probability.value_or(2) <= bin.upper + 1e-12));
      }
      RC_ASSERT(points == score.points);
      RC_ASSERT(happened == score.happened);
    }
  });
}

TEST(BrierScores, DoNotDependOnTheOrderOfRows) {
  for_all([] {
    Deals deals = random_deals();
    const BrierScore before = brier_scores(deals.rows(), std::span(tenths))[0];
    std::ranges::reverse(deals.won);
    std::ranges::reverse(deals.probability);
    const BrierScore after = brier_scores(deals.rows(), std::span(tenths))[0];
    RC_ASSERT(before.brier == after.brier);
    RC_ASSERT(before.reliability == after.reliability);
    RC_ASSERT(before.log_score == after.log_score);
  });
}

TEST(BrierScores, OfTheBaseRateHaveNoSkill) {
  const Deals deals{{1, 0, 0, 0}, {0.25, 0.25, 0.25, 0.25}};
  const BrierScore score = brier_scores(deals.rows())[0];
  EXPECT_EQ(score.skill, Real(0.0));
  EXPECT_EQ(score.reliability, Real(0.0));
  EXPECT_EQ(score.resolution, Real(0.0));
  EXPECT_EQ(score.uncertainty, Real(0.1875));
}

TEST(BrierScores, OfPerfectForecasts) {
  const BrierScore score = brier_scores(Deals{{1, 0, 1}, {1, 0, 1}}.rows(), std::span(tenths))[0];
  EXPECT_EQ(score.brier, Real(0.0));
  EXPECT_EQ(score.log_score, Real(0.0));
  EXPECT_EQ(score.skill, Real(1.0));
  EXPECT_EQ(score.bins.size(), 10U);
  EXPECT_EQ(score.bins[9].points, 2U);  // 1 belongs to the last bin
  EXPECT_EQ(score.bins[4].observed.value, Real(Undefined::too_few));
}

TEST(BrierScores, WithoutCellsAreOfAllRows) {
  const std::vector<double> won{1, 0, 1}, said{0.9, 0.2, 0.6};
  const auto found = brier_scores({.happened = won, .probability = said});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].brier.value_or(0), (0.01 + 0.04 + 0.16) / 3, 1e-15);
  EXPECT_FAULT(check_rows(ProbabilityRows{.happened = won, .probability = std::span(said).first(2)}),
               InputError, "E_COLUMN_LENGTH", "2 values for 3");
}

TEST(BrierScores, DoNotDependOnThreads) {
  Deals deals;
  deals.begin = {0};
  for (std::uint32_t i = 0; i < 4000; ++i) {
    deals.won.push_back(i % 3 == 0 ? 1 : 0);
    deals.probability.push_back(0.5 + 0.5 * std::sin(i));
    if (i % 40 == 39) deals.begin.push_back(i + 1);
  }
  const auto one = brier_scores(deals.rows(), std::span(tenths), 0.95, {.threads = 1});
  const auto three = brier_scores(deals.rows(), std::span(tenths), 0.95, {.threads = 3});
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].brier, three[i].brier);
    EXPECT_EQ(one[i].log_score, three[i].log_score);
  }
}

TEST(BrierScores, OfWhatIsSureHaveNoSign) {
  const std::vector<double> won{1, 0, 0}, said{1, 0, -0.0};
  for (const Real& score : probability_log_score({.happened = won, .probability = said}))
    EXPECT_FALSE(std::signbit(score.value_or(-1)));
  EXPECT_EQ(brier_scores({.happened = won, .probability = said})[0].bins.size(), 2U);  // -0 is 0
}

TEST(BrierScores, SayWhyTheyAreUndefined) {
  Deals deals{{1, 1}, {0.5, 0.0}};
  const BrierScore score = brier_scores(deals.rows())[0];
  EXPECT_EQ(score.skill, Real(Undefined::no_variation));
  EXPECT_EQ(score.log_score, Real(Undefined::diverges));
  deals.begin = {0, 2, 2};
  EXPECT_EQ(brier_scores(deals.rows())[1].brier, Real(Undefined::too_few));
  const std::vector<Real> rows = probability_log_score(deals.rows());
  EXPECT_EQ(rows[0], Real(std::log(2)));
  EXPECT_EQ(rows[1], Real(Undefined::diverges));
}

TEST(BrierScores, RefuseWhatIsNoProbability) {
  Deals deals{{1, 0}, {0.5, 30}};
  EXPECT_FAULT(brier_scores(deals.rows()), InputError, "E_PROBABILITY", "30 is not between 0 and 1");
  deals.probability[1] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FAULT(probability_log_score(deals.rows()), InputError, "E_PROBABILITY", "is missing, or no number");
  deals.probability[1] = 0.3;
  deals.won[0] = 2;
  EXPECT_FAULT(brier_scores(deals.rows()), InputError, "E_EVENT_CODE", "2 is neither 0 nor 1");
  deals.won[0] = 1;
  const std::vector<double> edges{0, 0.5, 0.4, 1};
  EXPECT_FAULT(brier_scores(deals.rows(), std::span(edges)), OptionError, "E_BINS",
               "do not rise from 0 to 1");
  EXPECT_FAULT(brier_scores(deals.rows(), std::nullopt, 95), OptionError, "E_CONFIDENCE", "95");
}

TEST(RankedProbabilityScore, OfTwoOutcomesIsTheBrierScore) {
  for_all([] {
    const double p = *rc::gen::inRange(0, 101) / 100.0;
    const std::vector<double> lost{1 - p}, won{p};
    const std::vector<std::uint32_t> outcome{static_cast<std::uint32_t>(*rc::gen::inRange(0, 2))};
    RankedRows rows;
    rows.outcome = outcome;
    rows.probability = {lost, won};
    const double expected = (p - outcome[0]) * (p - outcome[0]);
    RC_ASSERT(near(ranked_probability_score(rows)[0], expected));
    RC_ASSERT(near(ranked_probability_score(rows, true)[0], expected));
  });
}

TEST(RankedProbabilityScore, CostsMoreTheFurtherAway) {
  const std::vector<double> one{1, 1}, none{0, 0};
  const std::vector<std::uint32_t> outcome{1, 2};
  RankedRows rows;
  rows.outcome = outcome;
  rows.probability = {one, none, none};
  EXPECT_EQ(ranked_probability_score(rows), (std::vector<double>{1, 2}));
  EXPECT_EQ(ranked_probability_score(rows, true), (std::vector<double>{0.5, 1}));
}

TEST(RankedProbabilityScore, RefusesWhatDoesNotAddUp) {
  const std::vector<double> half{0.5}, third{0.3};
  std::vector<std::uint32_t> outcome{0};
  RankedRows rows;
  rows.outcome = outcome;
  rows.probability = {half, third};
  EXPECT_FAULT(ranked_probability_score(rows), InputError, "E_PROBABILITY", "probabilities add up to 0.8");
  rows.probability = {half, half};
  outcome[0] = 2;
  EXPECT_FAULT(ranked_probability_score(rows), InputError, "E_OUTCOME", "outcome 2 is not one of 2");
  rows.probability = {half};
  EXPECT_FAULT(ranked_probability_score(rows), InputError, "E_COLUMN_LENGTH", "1 outcomes have no ranks");
}

}  // namespace
}  // namespace tenure
