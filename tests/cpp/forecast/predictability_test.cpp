#include <tenure/forecast/predictability.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

using test::for_all;

const std::vector<double> net_new = {100, 120, 80, 100};
const std::vector<double> levels = {10, 12, 11, 14, 15, 13, 16, 18, 17, 20};

TEST(PredictabilityTest, PartsAddUpToTheIndex) {
  const Predictability found =
      predictability({.contracted = 0.6, .recurring = 0.9, .net_new = net_new, .levels = levels});
  const double coefficient = std::sqrt(800.0 / 3) / 100;
  EXPECT_DOUBLE_EQ(found.at(PredictabilityPart::stability).value.value_or(0), coefficient);
  EXPECT_DOUBLE_EQ(found.at(PredictabilityPart::stability).score.value_or(0), 1 / (1 + coefficient));
  EXPECT_DOUBLE_EQ(found.at(PredictabilityPart::contracted).points.value_or(0), 100 * 0.3 * 0.6);
  EXPECT_EQ(found.at(PredictabilityPart::forecastability).value, forecastability(levels).forecastability);
  EXPECT_EQ(found.at(PredictabilityPart::persistence).value, forecastability(levels).naive_skill);
  double points = 0, used = 0;
  for (const Predictability::Part& part : found.parts) {
    points += part.points.value_or(0);
    used += part.used.value_or(0);
  }
  EXPECT_DOUBLE_EQ(points, found.index.value_or(0));
  EXPECT_DOUBLE_EQ(used, 1);
}

TEST(PredictabilityTest, WhatIsNotKnownDropsOut) {
  const Predictability found = predictability({.contracted = 0.6, .net_new = net_new});
  EXPECT_EQ(found.at(PredictabilityPart::recurring).value.reason(), Undefined::not_estimated);
  EXPECT_EQ(found.at(PredictabilityPart::recurring).used.reason(), Undefined::not_estimated);
  EXPECT_EQ(found.at(PredictabilityPart::forecastability).points.reason(), Undefined::too_few);
  EXPECT_DOUBLE_EQ(found.at(PredictabilityPart::contracted).used.value_or(0), 0.30 / 0.55);
  EXPECT_DOUBLE_EQ(found.at(PredictabilityPart::contracted).weight, 0.30);
  EXPECT_EQ(predictability({}).index.reason(), Undefined::not_estimated);
  const Predictability unweighted = predictability({.contracted = 0.6}, {.of = {0, 1, 1, 1, 1}});
  EXPECT_EQ(unweighted.index.reason(), Undefined::not_estimated);
}

/// A pension is no lottery: what does not vary scores 1, whatever proportion of nothing can be told.
TEST(PredictabilityTest, WhatDoesNotVaryIsPredictable) {
  const std::vector<double> none(18, 0), flat(18, 12000);
  const Predictability pension = predictability({.contracted = 0.0, .net_new = none, .levels = flat});
  const auto score = [](const Predictability& found, PredictabilityPart part) {
    return found.at(part).score.value_or(-1);
  };
  EXPECT_EQ(score(pension, PredictabilityPart::stability), 1);
  EXPECT_EQ(score(pension, PredictabilityPart::forecastability), 1);
  EXPECT_EQ(score(pension, PredictabilityPart::persistence), 1);
  EXPECT_EQ(pension.at(PredictabilityPart::forecastability).value.reason(), Undefined::no_variation);
  EXPECT_DOUBLE_EQ(pension.index.value_or(0), 100 * 0.55 / 0.85);

  std::vector<double> one_more = none, raised = flat;
  one_more.back() = 12, raised.back() += 12;
  const Predictability nearly = predictability({.contracted = 0.0, .net_new = one_more, .levels = raised});
  EXPECT_GT(nearly.index.value_or(0), 0.97 * pension.index.value_or(0)) << "a tenth of a percent";

  std::vector<double> line, steps;
  for (int t = 0; t < 18; ++t) line.push_back(12000 + 600.0 * t), steps.push_back(600);
  const Predictability growing = predictability({.net_new = steps, .levels = line});
  EXPECT_EQ(score(growing, PredictabilityPart::stability), 1);
  EXPECT_NEAR(score(growing, PredictabilityPart::forecastability), 1, 1e-9);
}

/// Net new around 0 has a coefficient without bound; what counts is what it is of the run rate.
TEST(PredictabilityTest, AMatureCompany) {
  const std::vector<double> changes = {100, -100, 100, -99}, all(4, 100000);
  const Predictability::Part part =
      predictability({.net_new = changes, .levels = all}).at(PredictabilityPart::stability);
  EXPECT_GT(part.value.value_or(0), 400);
  const double share = variation(changes).deviation.value_or(0) / 100000;
  EXPECT_DOUBLE_EQ(part.score.value_or(0), 1 / (1 + 100 * share));
}

TEST(PredictabilityTest, TooShortDropsOut) {
  const std::vector<double> flat(5, 100);
  const Predictability found = predictability({.levels = flat});
  EXPECT_EQ(found.at(PredictabilityPart::forecastability).score.reason(), Undefined::too_few);
  EXPECT_EQ(found.at(PredictabilityPart::stability).score.reason(), Undefined::too_few);
  EXPECT_EQ(found.index, Real(100.0)) << "persistence alone";
}

TEST(PredictabilityTest, Refused) {
  EXPECT_FAULT(predictability({}, {.of = {-1, 1, 1, 1, 1}}), OptionError, "E_WEIGHT",
               "weight -1 of contracted is not a number from 0 on");
  EXPECT_FAULT(predictability({}, {.of = {1, 1, 1, 1, std::numeric_limits<double>::infinity()}}), OptionError,
               "E_WEIGHT", "of persistence");
  EXPECT_FAULT(predictability({}, {.of = {0, 0, 0, 0, 0}}), OptionError, "E_WEIGHT", "all weights are 0");
}

TEST(PredictabilityTest, LiesBetweenItsScores) {
  for_all([] {
    const auto share = [] { return *rc::gen::inRange(0, 1001) / 1000.0; };
    std::vector<double> series;
    for (const int value : *rc::gen::container<std::vector<int>>(rc::gen::inRange(-100, 100)))
      series.push_back(value);
    PredictabilityWeights weights;
    for (double& weight : weights.of) weight = 0.001 + share();
    const PredictabilityFacts facts{
        .contracted = share(), .recurring = share(), .net_new = series, .levels = series};
    const Predictability found = predictability(facts, weights);
    double least = 1, most = 0;
    for (const Predictability::Part& part : found.parts)
      if (part.score.defined()) {
        least = std::min(least, part.score.value_or(0));
        most = std::max(most, part.score.value_or(0));
      }
    RC_ASSERT(found.index.value_or(-1) >= 100 * least - 1e-9);
    RC_ASSERT(found.index.value_or(101) <= 100 * most + 1e-9);
    for (double& weight : weights.of) weight *= 2;
    RC_ASSERT(predictability(facts, weights).index == found.index);
  });
}

}  // namespace
}  // namespace tenure
