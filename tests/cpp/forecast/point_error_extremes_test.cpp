#include <cmath>
#include <limits>
#include <vector>

#include <tenure/forecast/bias.hpp>
#include <tenure/forecast/point_error.hpp>

#include "support/faults.hpp"
#include "support/forecast_series.hpp"
#include "support/property.hpp"

// Values at the edge of what a number holds, forecasts that are almost right, and series of several runs.
namespace tenure {
namespace {

using test::figure;
using test::for_all;
using test::ForecastSeries;
using test::measure_of;
using test::SeriesColumns;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
const Real diverges = Undefined::diverges;

ForecastSeries nearly_right(double level, double error) {
  ForecastSeries series;
  for (int i = 0; i < 24; ++i) {
    series.actual.push_back(level * (1 + 0.3 * std::sin(0.7 * i)));
    series.forecast.push_back(series.actual.back() + error * (0.4 + std::cos(1.9 * i)));
  }
  return series;
}

TEST(PointErrorExtremes, SharesOfForecastsThatAreAlmostRightAddUpToOne) {
  constexpr Measure shares[] = {Measure::bias_share, Measure::variance_share, Measure::covariance_share};
  for (const auto& [level, error] : {std::pair(1e9, 1e2), {1e6, 1e-2}, {1e6, 1e-4}, {1.0, 1e-9}}) {
    const ForecastSeries series = nearly_right(level, error);
    double sum = 0;
    for (const Measure measure : shares) {
      sum += measure_of(series, measure).value_or(nan);
      EXPECT_GE(measure_of(series, measure).value_or(nan), 0);
    }
    EXPECT_NEAR(sum, 1, 1e-12) << level << " " << error;
    const ErrorSplit split = error_split(series.actual, series.forecast);
    const double mse = split.mse.value_or(nan);
    EXPECT_NEAR(split.covariance.value_or(nan) / mse,
                measure_of(series, Measure::covariance_share).value_or(nan), 1e-12);
    EXPECT_NEAR((split.bias.value_or(nan) + split.variance.value_or(nan) + split.covariance.value_or(nan)),
                mse, 1e-12 * mse);
  }
}

TEST(PointErrorExtremes, SharesOfSeriesTogetherAddUpToOne) {
  for_all([] {
    const double level = std::pow(10.0, *rc::gen::inRange(0, 10));
    const SeriesColumns all({nearly_right(level, 1), nearly_right(-2 * level, 0.1), nearly_right(level, 3)});
    double sum = 0;
    for (const Measure measure : {Measure::bias_share, Measure::variance_share, Measure::covariance_share})
      sum += figure(all.together(measure, {.pooling = Pooling::ratio_of_sums})).value_or(nan);
    RC_ASSERT(std::abs(sum - 1) < 1e-10);
  });
}

TEST(PointErrorExtremes, ConstantsHaveNoSpreadApart) {
  const std::vector<double> actual(7, 0.1), forecast(7, 0.3);
  const ErrorSplit split = error_split(actual, forecast);
  EXPECT_EQ(split.variance, Real(0.0));
  EXPECT_EQ(split.covariance, Real(0.0));
  EXPECT_EQ(measure_of({.actual = actual, .forecast = forecast}, Measure::variance_share), Real(0.0));
}

TEST(PointErrorExtremes, AMeanOfTwoLargeErrorsIsNotInfinite) {
  const ForecastSeries one{.actual = {0}, .forecast = {1.5e308}};
  for (const Measure measure : {Measure::me, Measure::mae, Measure::pis, Measure::median_ae}) {
    EXPECT_EQ(measure_of(one, measure), Real(1.5e308));
    EXPECT_EQ(figure(SeriesColumns({one, one}).together(measure)), diverges);
  }
}

TEST(PointErrorExtremes, AHistoryTooLargeForANumberIsNoPerfectForecast) {
  const std::vector<double> history{1e308, -1e308, 1e308};
  const ErrorScales scales = naive_scales(history, std::vector<std::uint32_t>{0, 3}, 1);
  EXPECT_EQ(scales.absolute[0], infinity);
  EXPECT_EQ(scales.squared[0], infinity);
  const ForecastSeries huge{.actual = {1}, .forecast = {2}, .history = history};
  for (const Measure measure : {Measure::mase, Measure::msse, Measure::rmsse})
    EXPECT_EQ(measure_of(huge, measure), diverges) << name_of(measure);
  const ForecastSeries large{.actual = {1}, .forecast = {2}, .history = {1e160, -1e160}};
  EXPECT_EQ(measure_of(large, Measure::rmsse), diverges);
  EXPECT_EQ(measure_of(large, Measure::mase), Real(1 / 2e160));
  const ForecastSeries both{.actual = {1}, .forecast = {2}, .history = {1e308, 1e308, -1e308, -1e308}};
  EXPECT_TRUE(!measure_of(both, Measure::spis).defined());
}

TEST(PointErrorExtremes, SumsOfActualAndForecastMayExceedANumber) {
  const ForecastSeries series{.actual = {1e308}, .forecast = {1.5e308}};
  for (const Measure measure : {Measure::smape, Measure::smape_armstrong})
    EXPECT_NEAR(measure_of(series, measure).value_or(nan), 0.4, 1e-15) << name_of(measure);
  const ForecastSeries opposite{.actual = {1e308}, .forecast = {-1.5e308}};
  EXPECT_NEAR(measure_of(opposite, Measure::smape).value_or(nan), 2.0, 1e-15);
  EXPECT_NEAR(measure_of(opposite, Measure::smape_armstrong).value_or(nan), -10, 1e-13);
  EXPECT_NEAR(measure_of(opposite, Measure::mape).value_or(nan), 2.5, 1e-15);
  EXPECT_NEAR(measure_of(opposite, Measure::mpe).value_or(nan), -2.5, 1e-15);
  EXPECT_NEAR(measure_of(opposite, Measure::maape).value_or(nan), std::atan(2.5), 1e-15);
}

TEST(PointErrorExtremes, NothingIsZeroBecauseItsDenominatorIsInfinite) {
  const ForecastSeries series{.actual = {1e200, -1e200}, .forecast = {1e200 + 1e190, -1e200}};
  for (const Measure measure :
       {Measure::r2, Measure::theil_u1, Measure::bias_share, Measure::variance_share, Measure::mse})
    EXPECT_EQ(measure_of(series, measure), diverges) << name_of(measure);
  const ForecastSeries wide{.actual = {1e308, -1e308}, .forecast = {1e308, -1e308 + 1e300}};
  EXPECT_EQ(measure_of(wide, Measure::wape), diverges);
}

TEST(PointErrorExtremes, BiasOfLargeErrorsHasNoInfiniteEnd) {
  const MeanBias bias = mean_bias(std::vector{1e150, -1e150, 1.7e308}, 0.95);
  for (const Real& part : {bias.mean, bias.std_error, bias.lower, bias.upper, bias.p_value})
    EXPECT_TRUE(!part.defined() || std::isfinite(part.value_or(0)));
  const auto signals = tracking_signals(std::vector{0.0, 0.0}, std::vector{1.5e308, 1.5e308});
  EXPECT_EQ(signals[0], Real(1.0));
  EXPECT_EQ(signals[1], diverges);
}

/// Two runs of three points in one cell.
struct TwoRuns {
  std::vector<double> actual{1, 2, 4, 2, 4, 9}, forecast{5, 1, 2, 9, 2, 4};
  std::vector<std::uint32_t> begin{0, 6}, runs{0, 3, 6};

  Real of(Measure measure, const PointErrorOptions& options = {}) const {
    const Measure asked[] = {measure};
    return figure(point_errors({.actual = actual, .forecast = forecast, .begin = begin, .runs = runs}, {},
                               asked, options)
                      .at(0));
  }
};

TEST(PointErrorRuns, NoStepLeadsFromOneRunToTheNext) {
  const TwoRuns runs;
  EXPECT_EQ(runs.of(Measure::theil_u2), Real(1.0));
  const double error[] = {4, -1, -2, 7, -2, -5};
  double mean = 0, squares = 0, products = 0;
  for (const double e : error) mean += e / 6;
  for (const double e : error) squares += (e - mean) * (e - mean);
  for (const int i : {0, 1, 3, 4}) products += (error[i] - mean) * (error[i + 1] - mean);
  EXPECT_NEAR(runs.of(Measure::acf1).value_or(nan), products / squares, 1e-14);
}

TEST(PointErrorRuns, ARunOfOnePointHasNoStep) {
  TwoRuns runs{.runs = {0, 1, 2, 3, 4, 5, 6}};
  EXPECT_EQ(runs.of(Measure::theil_u2), Real(Undefined::too_few));
  EXPECT_EQ(runs.of(Measure::acf1), Real(Undefined::too_few));
  runs.runs = {0, 1, 6};
  EXPECT_TRUE(runs.of(Measure::acf1).defined());
}

TEST(PointErrorRuns, AZeroInOneRunIsOneOfTheSeries) {
  TwoRuns runs;
  runs.actual[3] = 0;
  EXPECT_EQ(runs.of(Measure::theil_u2), Real(Undefined::zero_actual));
  EXPECT_TRUE(runs.of(Measure::theil_u2, {.zero_actual = ZeroActual::skip}).defined());
}

TEST(PointErrorRuns, MustCutTheRows) {
  EXPECT_FAULT(TwoRuns{.runs = std::vector<std::uint32_t>({0, 3})}.of(Measure::acf1), InputError,
               "E_COLUMN_LENGTH", "column 'runs': does not cut 6 rows into parts");
}

TEST(PointErrorExtremes, AllRowsThatAreNoNumbersAreNamed) {
  try {
    mean_bias(std::vector{1.0, nan, infinity, nan});
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_EQ(error.faults().size(), 2U);  // of the code of the first
  }
}

}  // namespace
}  // namespace tenure
