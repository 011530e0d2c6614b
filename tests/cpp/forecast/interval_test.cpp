#include <tenure/forecast/interval.hpp>

#include <iostream>
#include <limits>

#include "support/faults.hpp"
#include "support/score_cases.hpp"
#include "support/shared.hpp"

namespace tenure {
namespace {

using test::for_all;
using test::near;
using test::some_numbers;

struct Limits {
  std::vector<double> actual = {}, lower = {}, upper = {}, scale = {};
  std::vector<std::uint32_t> begin{0, 0};

  IntervalRows rows(double level = 0.8) const {
    IntervalRows rows;
    rows.actual = actual;
    rows.lower = lower;
    rows.upper = upper;
    rows.level = level;
    rows.begin = begin;
    rows.scale = scale;
    return rows;
  }
};

Limits random_limits() {
  const auto size = static_cast<std::size_t>(*rc::gen::inRange(1, 30));
  Limits limits{.actual = some_numbers(size), .lower = some_numbers(size), .upper = some_numbers(size)};
  for (std::size_t i = 0; i < size; ++i)
    if (limits.lower[i] > limits.upper[i]) std::swap(limits.lower[i], limits.upper[i]);
  limits.begin[1] = static_cast<std::uint32_t>(size);
  return limits;
}

class IntervalReference : public test::SharedData {};

TEST_F(IntervalReference, ScoresAreThoseOfScoringrules) {
  const test::Json& entry = test::reference_value("interval_scores");
  const test::Json &inputs = entry.at("inputs"), &expected = entry.at("values").at("interval_score");
  double most = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double found =
        interval_score(inputs.at("obs")[i], inputs.at("lower")[i], inputs.at("upper")[i], inputs.at("alpha"));
    EXPECT_TRUE(test::within(found, expected[i], 1e-10));
    most = std::max(most, std::abs(found / expected[i].get<double>() - 1));
  }
  std::cout << "[   worst  ] interval_score " << most << "\n";
}

TEST(IntervalScores, AreOfEachCell) {
  const Limits limits{.actual = {4, 12, -3, 7},
                      .lower = {3, 5, 0, 7},
                      .upper = {8, 10, 4, 9},
                      .scale = {2, 2, 4, 4},
                      .begin = {0, 2, 4, 4}};
  const std::vector<IntervalScore> scores = interval_scores(limits.rows());
  ASSERT_EQ(scores.size(), 3U);
  EXPECT_EQ(scores[0].points, 2U);
  EXPECT_EQ(scores[0].above, 1U);
  EXPECT_EQ(scores[0].below, 0U);
  EXPECT_EQ(scores[0].coverage.value, Real(0.5));
  EXPECT_EQ(scores[0].mean_width, Real(5.0));
  EXPECT_NEAR(scores[0].score.value_or(0), (5 + 25) / 2.0, 1e-12);
  EXPECT_NEAR(scores[0].scaled.value_or(0), (5 + 25) / 4.0, 1e-12);
  EXPECT_EQ(scores[1].below, 1U);
  EXPECT_EQ(scores[1].coverage.value, Real(0.5));  // a limit that is met holds the actual
  EXPECT_EQ(scores[2].coverage.value, Real(Undefined::too_few));
  EXPECT_EQ(scores[2].score, Real(Undefined::too_few));
}

TEST(IntervalScores, HaveLimitsOfWilson) {
  Limits limits{.actual = std::vector<double>(10, 1.0), .lower = std::vector<double>(10, 0.0)};
  limits.upper = {2, 2, 2, 2, 2, 2, 2, 2, 0.5, 0.5};
  limits.begin = {0, 10};
  // R: prop.test(8, 10, correct = FALSE)$conf.int
  const Estimate coverage = interval_scores(limits.rows())[0].coverage;
  EXPECT_NEAR(coverage.lower.value_or(0), 0.4901624715, 1e-9);
  EXPECT_NEAR(coverage.upper.value_or(0), 0.9433178485, 1e-9);
}

TEST(IntervalScores, AreUndefinedWhereAScaleIs) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                   infinity = std::numeric_limits<double>::infinity();
  Limits limits{.actual = {1, 2}, .lower = {0, 0}, .upper = {3, 5}, .scale = {4, 0}, .begin = {0, 2}};
  const auto scaled = [&](UndefinedSeries without) {
    IntervalRows rows = limits.rows();
    rows.undefined_series = without;
    return interval_scores(rows)[0].scaled;
  };
  for (const auto& [scale, reason] :
       {std::pair(0.0, Undefined::no_variation), std::pair(nan, Undefined::too_few),
        std::pair(infinity, Undefined::diverges)}) {
    limits.scale = {4, scale};
    EXPECT_EQ(scaled(UndefinedSeries::skip), Real(0.75));  // of the point that has a scale
    EXPECT_EQ(scaled(UndefinedSeries::undefined), Real(reason));
    limits.scale = {scale, scale};
    EXPECT_EQ(scaled(UndefinedSeries::skip), Real(reason));
  }
  limits.scale.clear();
  EXPECT_EQ(interval_scores(limits.rows())[0].scaled, Real(Undefined::before_history));
}

TEST(IntervalScores, WithoutCellsAreOfAllRows) {
  Limits limits{.actual = {1, 2}, .lower = {0, 0}, .upper = {3, 5}, .begin = {0, 2}};
  const IntervalScore all = interval_scores(limits.rows())[0];
  limits.begin.clear();
  const auto found = interval_scores(limits.rows());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].score, all.score);
}

TEST(IntervalScores, DivergeWhereNoNumberHoldsThem) {
  const Limits limits{.actual = {0, 1e308}, .lower = {-1.7e308, 0}, .upper = {1.7e308, 0}, .begin = {0, 2}};
  const IntervalScore score = interval_scores(limits.rows())[0];
  EXPECT_EQ(score.mean_width, Real(Undefined::diverges));
  EXPECT_EQ(score.score, Real(Undefined::diverges));
  EXPECT_EQ(score.coverage.value, Real(0.5));
}

TEST(IntervalScores, CoverageRisesWithTheWidth) {
  for_all([] {
    const Limits narrow = random_limits();
    Limits wide = narrow;
    for (double& value : wide.lower) value -= *rc::gen::inRange(0, 50);
    for (double& value : wide.upper) value += *rc::gen::inRange(0, 50);
    RC_ASSERT(interval_scores(wide.rows())[0].coverage.value.value_or(0) >=
              interval_scores(narrow.rows())[0].coverage.value.value_or(0));
  });
}

TEST(IntervalScores, ScaleWithTheUnitAndAddUpOverCells) {
  for_all([] {
    Limits limits = random_limits();
    const IntervalScore all = interval_scores(limits.rows(0.5))[0];
    const std::uint32_t cut = *rc::gen::inRange(0U, limits.begin[1] + 1);
    limits.begin = {0, cut, limits.begin[1]};
    double sum = 0;
    std::size_t outside = 0;
    for (const IntervalScore& part : interval_scores(limits.rows(0.5))) {
      sum += part.score.value_or(0) * static_cast<double>(part.points);
      outside += part.below + part.above;
    }
    RC_ASSERT(near(sum / static_cast<double>(all.points), all.score.value_or(0)));
    RC_ASSERT(outside == all.below + all.above);
    limits.begin = {0, limits.begin[2]};
    for (std::vector<double>* column : {&limits.actual, &limits.lower, &limits.upper})
      for (double& value : *column) value *= 4;
    RC_ASSERT(interval_scores(limits.rows(0.5))[0].score.value_or(0) == 4 * all.score.value_or(0));
  });
}

TEST(IntervalScores, DoNotDependOnThreads) {
  Limits limits;
  limits.begin = {0};
  for (std::uint32_t i = 0; i < 4000; ++i) {
    limits.actual.push_back(std::sin(i) * 3);
    limits.lower.push_back(-2 + std::cos(i));
    limits.upper.push_back(2 + std::cos(i));
    if (i % 40 == 39) limits.begin.push_back(i + 1);
  }
  const auto one = interval_scores(limits.rows(), 0.95, {.threads = 1});
  const auto three = interval_scores(limits.rows(), 0.95, {.threads = 3});
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_EQ(one[i].score, three[i].score);
}

TEST(IntervalScores, RefuseWhatIsNoInterval) {
  Limits limits{.actual = {1, 2}, .lower = {0, 3}, .upper = {1, 2.5}, .begin = {0, 2}};
  IntervalRows rows = limits.rows();
  EXPECT_FAULT(interval_scores(rows), InputError, "E_QUANTILE_CROSS", "lower 3 > upper 2.5");
  rows.period = [](std::size_t row) { return "2024-0" + std::to_string(row + 4); };
  EXPECT_FAULT(interval_scores(rows), InputError, "E_QUANTILE_CROSS", "period 2024-05: lower 3 > upper 2.5");
  EXPECT_FAULT(interval_scores(limits.rows(80)), OptionError, "E_CONFIDENCE", "80 is not between 0 and 1");
  EXPECT_FAULT(interval_scores(rows, 1), OptionError, "E_CONFIDENCE", "a confidence of 1");
  limits.upper = {1};
  EXPECT_FAULT(interval_scores(limits.rows()), InputError, "E_COLUMN_LENGTH", "1 values for 2");
  limits.upper = {1, std::numeric_limits<double>::infinity()};
  EXPECT_FAULT(interval_scores(limits.rows()), InputError, "E_AMOUNT_INF", "infinite");
  limits.upper[1] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FAULT(interval_scores(limits.rows()), InputError, "E_AMOUNT_NAN", "upper");
  limits.upper[1] = 4;
  limits.begin = {0, 1};
  EXPECT_FAULT(interval_scores(limits.rows()), InputError, "E_COLUMN_LENGTH", "does not cut 2 rows");
}

}  // namespace
}  // namespace tenure
