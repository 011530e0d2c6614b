#include <tenure/forecast/quantile.hpp>

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
using test::some_numbers;

struct Forecasts {
  std::vector<double> actual = {}, level = {};
  std::vector<std::vector<double>> quantile = {};
  std::vector<std::uint32_t> begin = {};
  std::vector<double> scale = {};

  QuantileRows rows() const {
    QuantileRows rows;
    rows.actual = actual;
    rows.forecast.assign(quantile.begin(), quantile.end());
    rows.level = level;
    rows.begin = begin;
    rows.scale = scale;
    return rows;
  }
  QuantileScores score() const { return quantile_scores(rows()).at(0); }
};

Forecasts random_forecasts(std::vector<double> level) {
  const auto size = static_cast<std::size_t>(*rc::gen::inRange(1, 20));
  Forecasts found{.actual = some_numbers(size), .level = std::move(level)};
  for (std::size_t i = 0; i < found.level.size(); ++i) found.quantile.push_back(some_numbers(size));
  for (std::size_t row = 0; row < size; ++row) {
    std::vector<double> held;
    for (const auto& column : found.quantile) held.push_back(column[row]);
    std::ranges::sort(held);
    for (std::size_t i = 0; i < held.size(); ++i) found.quantile[i][row] = held[i];
  }
  found.begin = {0, static_cast<std::uint32_t>(size)};
  return found;
}

class QuantileReference : public test::SharedData {
 protected:
  void near_to(const std::string& name, const Real& found, double expected) {
    EXPECT_TRUE(test::within(found.value_or(-1e300), expected, 1e-10)) << name;
    worst_ = std::max(worst_, std::abs(found.value_or(0) - expected) / std::max(std::abs(expected), 1e-300));
  }
  double worst_ = 0;
};

TEST_F(QuantileReference, SevenForecastsAreThoseOfUtilsforecastAndScoringrules) {
  const auto history = test::shared_csv("conformance/data/fc_series.csv");
  const auto forecasts = test::shared_csv("conformance/data/fc_forecasts.csv");
  for (const std::string id :
       {"fc_AirPassengers_mean", "fc_AirPassengers_snaive", "fc_JohnsonJohnson_mean", "fc_Nile_mean",
        "fc_Nile_snaive", "fc_UKgas_snaive", "fc_USAccDeaths_snaive"}) {
    const Json& entry = test::reference_value(id);
    const Json &inputs = entry.at("inputs"), &theirs = entry.at("values").at("utilsforecast"),
               &harness = entry.at("values").at("harness");
    Forecasts found{.level = inputs.at("quantiles").get<std::vector<double>>()};
    std::vector<test::CsvRow> rows;
    for (const test::CsvRow& row : forecasts)
      if (row.at("series") == inputs.at("series") && row.at("model") == inputs.at("model"))
        rows.push_back(row);
    found.actual = test::numbers_of(rows, "y");
    for (const Json& column : inputs.at("quantile_columns"))
      found.quantile.push_back(test::numbers_of(rows, column));
    found.begin = {0, static_cast<std::uint32_t>(rows.size())};
    std::vector<double> past;
    for (const test::CsvRow& row : history)
      if (row.at("series") == inputs.at("series") && std::stod(row.at("t")) < std::stod(rows[0].at("t")))
        past.push_back(std::stod(row.at("y")));
    const auto lag = inputs.at("seasonality").get<std::size_t>();
    double steps = 0;
    for (std::size_t i = lag; i < past.size(); ++i) steps += std::abs(past[i] - past[i - lag]);
    found.scale.assign(rows.size(), steps / static_cast<double>(past.size() - lag));
    const QuantileScores score = found.score();
    for (std::size_t i = 0; i < found.level.size(); ++i)
      near_to(id, score.pinball[i], theirs.at("quantile_loss").at(inputs.at("quantiles")[i].dump()));
    near_to(id + " mqloss", score.mean_pinball, theirs.at("mqloss"));
    near_to(id + " scaled_crps", score.weighted_loss, theirs.at("scaled_crps"));
    near_to(id + " wql", score.weighted_loss, harness.at("wql"));
    near_to(id + " crps_quantile", score.crps, harness.at("crps_quantile"));
    near_to(id + " scaled_mqloss", score.scaled_pinball, theirs.at("scaled_mqloss"));
    near_to(id + " calibration", score.at_or_below[5].value, theirs.at("calibration_q0.9"));
    ASSERT_EQ(score.interval.size(), 3U);
    const std::vector<std::string> names{"50", "80", "95"};
    double of_intervals = 0, of_medians = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      near_to(id + " coverage", score.interval[i].coverage.value, theirs.at("coverage").at(names[i]));
      near_to(id + " winkler", score.interval[i].score, theirs.at("winkler").at(names[i]));
      of_intervals += (1 - score.interval[i].level) / 2 * score.interval[i].score.value_or(0);
    }
    // scoringrules 0.10 on numpy adds |median| / 2 where Bracher et al. add |actual - median| / 2.
    for (const double median : found.quantile[3]) of_medians += median / static_cast<double>(rows.size());
    near_to(id + " wis", (of_intervals + of_medians / 2) / 3.5, harness.at("wis"));
    near_to(id + " wis is crps", score.weighted_interval_score, harness.at("crps_quantile"));
  }
  std::cout << "[   worst  ] quantiles " << worst_ << "\n";
}

TEST_F(QuantileReference, PinballIsTheQuantileScore) {
  const Json& entry = test::reference_value("interval_scores");
  const std::vector<double> forecast = {3, 5, 4};  // lower limits, and for the last the upper one
  const Json &actual = entry.at("inputs").at("obs"), &expected = entry.at("values").at("quantile_score_0p3");
  for (std::size_t i = 0; i < 2; ++i) near_to("pinball", pinball(actual[i], forecast[i], 0.3), expected[i]);
  near_to("pinball", pinball(actual[2], 0, 0.3), expected[2]);
}

TEST(Pinball, AtTheMedianIsHalfTheAbsoluteError) {
  for_all([] {
    const std::vector<double> pair = some_numbers(2);
    RC_ASSERT(pinball(pair[0], pair[1], 0.5) == std::abs(pair[0] - pair[1]) / 2);
    RC_ASSERT(pinball(pair[0], pair[0], 0.2) == 0);
    RC_ASSERT(pinball(pair[0], pair[1], 0.25) + pinball(pair[0], pair[1], 0.75) ==
              std::abs(pair[0] - pair[1]));
  });
}

TEST(QuantileScores, WeightedIntervalScoreOfPairsAndMedianIsTheCrps) {
  for_all([] {
    const QuantileScores score = random_forecasts({0.1, 0.25, 0.5, 0.75, 0.9}).score();
    RC_ASSERT(near(score.weighted_interval_score.value_or(-1), score.crps.value_or(-2)));
    RC_ASSERT(score.interval.size() == 2U);
    RC_ASSERT(score.interval[0].level < score.interval[1].level);
  });
}

TEST(QuantileScores, LevelsWithoutAPartnerAreNoInterval) {
  const QuantileScores score =
      Forecasts{.actual = {1}, .level = {0.2, 0.9}, .quantile = {{0}, {2}}, .begin = {0, 1}}.score();
  EXPECT_TRUE(score.interval.empty());
  EXPECT_EQ(score.weighted_interval_score, Real(Undefined::not_estimated));
  const Forecasts pair{.actual = {1}, .level = {0.1, 0.9}, .quantile = {{2}, {4}}, .begin = {0, 1}};
  EXPECT_NEAR(pair.score().weighted_interval_score.value_or(0), 0.1 * (2 + 10), 1e-12);  // no median
}

TEST(QuantileScores, OfZeroActualsHaveNoWeightedLoss) {
  const Forecasts zero{.actual = {0, 0}, .level = {0.5}, .quantile = {{1, 2}}, .begin = {0, 2}};
  EXPECT_EQ(zero.score().weighted_loss, Real(Undefined::zero_actual));
  EXPECT_EQ(zero.score().mean_pinball, Real(0.75));
}

TEST(QuantileScores, DivergeWhereNoNumberHoldsThem) {
  const Forecasts far{.actual = {1e308, 1},
                      .level = {0.1, 0.5, 0.9},
                      .quantile = {{-1e308, 0}, {0, 1}, {0, 2}},
                      .begin = {0, 2}};
  const QuantileScores score = far.score();
  for (const Real& figure : {score.mean_pinball, score.crps, score.weighted_interval_score,
                             score.weighted_loss, score.pinball[0], score.interval[0].score})
    EXPECT_EQ(figure, Real(Undefined::diverges));
  EXPECT_EQ(score.at_or_below[2].value, Real(0.5));
  const std::vector<Real> rows = pinball_by_row(far.rows());
  EXPECT_EQ(rows[0], Real(Undefined::diverges));
  EXPECT_NEAR(rows[1].value_or(0), (0.1 + 0.1) / 3, 1e-15);
  // Actuals whose sum is no number leave no weighted loss of 0.
  const Forecasts large{
      .actual = {1e308, 1e308}, .level = {0.5}, .quantile = {{1e308, 0.9e308}}, .begin = {0, 2}};
  EXPECT_EQ(large.score().weighted_loss, Real(Undefined::diverges));
  EXPECT_TRUE(large.score().mean_pinball.defined());
}

TEST(QuantileScores, LeaveSeriesWithoutAScaleOut) {
  Forecasts forecasts{.actual = {4, 4}, .level = {0.5}, .quantile = {{2, 0}}, .begin = {}, .scale = {2, 0}};
  EXPECT_EQ(forecasts.score().scaled_pinball, Real(0.5));
  EXPECT_EQ(forecasts.score().mean_pinball, Real(1.5));  // no cells: all rows are one
  QuantileRows rows = forecasts.rows();
  rows.undefined_series = UndefinedSeries::undefined;
  EXPECT_EQ(quantile_scores(rows)[0].scaled_pinball, Real(Undefined::no_variation));
}

TEST(QuantileScores, SortingNeverRaisesTheLoss) {
  for_all([] {
    Forecasts crossed = random_forecasts({0.2, 0.5, 0.7});
    const QuantileScores sorted = crossed.score();
    std::swap(crossed.quantile[0], crossed.quantile[2]);
    const QuantileScores again = quantile_scores(crossed.rows(), CrossedQuantiles::sort)[0];
    RC_ASSERT(again.mean_pinball == sorted.mean_pinball);
    double unsorted = 0;
    for (std::size_t row = 0; row < crossed.actual.size(); ++row)
      for (std::size_t i = 0; i < 3; ++i)
        unsorted += pinball(crossed.actual[row], crossed.quantile[i][row], crossed.level[i]);
    RC_ASSERT(sorted.mean_pinball.value_or(0) * 3 * static_cast<double>(sorted.points) <= unsorted + 1e-9);
  });
}

TEST(QuantileScores, DoNotDependOnTheOrderOfRows) {
  for_all([] {
    Forecasts forecasts = random_forecasts({0.1, 0.5, 0.9});
    for (double& value : forecasts.actual) value *= 0.1;  // sums are not exact any more
    const QuantileScores before = forecasts.score();
    std::ranges::reverse(forecasts.actual);
    for (auto& column : forecasts.quantile) std::ranges::reverse(column);
    const QuantileScores after = forecasts.score();
    RC_ASSERT(before.mean_pinball == after.mean_pinball);
    RC_ASSERT(before.weighted_loss == after.weighted_loss);
  });
}

TEST(QuantileScores, OfRowsAreThatOfTheCell) {
  for_all([] {
    const Forecasts forecasts = random_forecasts({0.1, 0.5, 0.8});
    double sum = 0;
    for (const Real& loss : pinball_by_row(forecasts.rows())) sum += loss.value_or(1e300);
    RC_ASSERT(near(sum / static_cast<double>(forecasts.actual.size()),
                   forecasts.score().mean_pinball.value_or(-1)));
  });
}

TEST(QuantileScores, RefuseWhatIsNoQuantile) {
  Forecasts forecasts{
      .actual = {100, 100}, .level = {0.1, 0.9}, .quantile = {{90, 120}, {115, 110}}, .begin = {0, 2}};
  QuantileRows rows = forecasts.rows();
  rows.names = {"p10", "p90"};
  rows.period = [](std::size_t row) { return "2024-0" + std::to_string(row + 4); };
  EXPECT_FAULT(quantile_scores(rows), InputError, "E_QUANTILE_CROSS", "period 2024-05: p10 120 > p90 110");
  EXPECT_FAULT(pinball_by_row(rows), InputError, "E_QUANTILE_CROSS", "p10 120 > p90 110");
  EXPECT_FAULT(quantile_scores(forecasts.rows()), InputError, "E_QUANTILE_CROSS", "q0.1 120 > q0.9 110");
  forecasts.level = {0.9, 0.1};
  EXPECT_FAULT(quantile_scores(forecasts.rows()), OptionError, "E_QUANTILE",
               "a quantile of 0.1 follows one of 0.9");
  forecasts.level = {0.1, 90};
  EXPECT_FAULT(quantile_scores(forecasts.rows()), OptionError, "E_QUANTILE", "90 is not between 0 and 1");
  forecasts.level = {};
  EXPECT_FAULT(quantile_scores(forecasts.rows()), OptionError, "E_QUANTILE", "no quantile is named");
  forecasts.level = {0.1};
  EXPECT_FAULT(quantile_scores(forecasts.rows()), InputError, "E_COLUMN_LENGTH", "2 values for 1");
  forecasts.level = {0.1, 0.9};
  forecasts.quantile[1][0] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FAULT(quantile_scores(forecasts.rows()), InputError, "E_AMOUNT_NAN", "q0.9");
}

}  // namespace
}  // namespace tenure
