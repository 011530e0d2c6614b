#include <cmath>
#include <limits>
#include <numbers>

#include <tenure/forecast/point_error.hpp>

#include "support/faults.hpp"
#include "support/forecast_series.hpp"

// Figures by hand: the rules for zeros, histories and groups, the M4 definitions, and what is refused.
namespace tenure {
namespace {

using test::all_measures;
using test::figure;
using test::ForecastSeries;
using test::measure_of;
using test::SeriesColumns;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

TEST(PointErrorRules, EachMeasureByHand) {
  // Errors 2, -1, 4, -1.
  const ForecastSeries series{
      .actual = {2, 4, 8, 10}, .forecast = {4, 3, 12, 9}, .history = {1, 3, 2, 6}, .benchmark = {1, 2, 4, 8}};
  const auto near = [&](Measure measure, double expected) {
    EXPECT_NEAR(measure_of(series, measure).value_or(nan), expected, 1e-14) << name_of(measure);
  };
  near(Measure::me, 1);
  near(Measure::mpe, (1 - 0.25 + 0.5 - 0.1) / 4);
  near(Measure::mae, 2);
  near(Measure::mse, 5.5);
  near(Measure::rmse, std::sqrt(5.5));
  near(Measure::median_ae, 1.5);
  near(Measure::mape, (1 + 0.25 + 0.5 + 0.1) / 4);
  near(Measure::accuracy, 1 - (1 + 0.25 + 0.5 + 0.1) / 4);
  const double smape = (2.0 / 6 + 1.0 / 7 + 4.0 / 20 + 1.0 / 19) / 2;
  near(Measure::smape, smape);
  near(Measure::smape_200, 100 * smape);
  near(Measure::smape_armstrong, smape);
  near(Measure::wape, 8.0 / 24);
  near(Measure::mase, 2 / (7.0 / 3));
  near(Measure::msse, 5.5 / 7);
  near(Measure::rmsse, std::sqrt(5.5 / 7));
  near(Measure::pis, 8);
  near(Measure::spis, 8 / 3.0);
  near(Measure::cfe, 4);
  const double smape_benchmark = (1.0 / 3 + 2.0 / 6 + 4.0 / 12 + 2.0 / 18) / 2;
  near(Measure::owa, (smape / smape_benchmark + 8.0 / 9) / 2);
  near(Measure::relative_mae, 8.0 / 9);
  near(Measure::theil_u1, std::sqrt(5.5) / (std::sqrt(184 / 4.0) + std::sqrt(250 / 4.0)));
  near(Measure::theil_u2, std::sqrt((0.25 + 1 + 1.0 / 64) / (1 + 1 + 1.0 / 16)));
  near(Measure::maape, (std::atan(1) + std::atan(0.25) + std::atan(0.5) + std::atan(0.1)) / 4);
  near(Measure::r2, 1 - 22 / 40.0);
  near(Measure::tracking_signal, 2);
  near(Measure::bias_share, 1 / 5.5);
  // Variances 10 of what happened and 13.5 of the forecast, and their covariance 9.5.
  near(Measure::variance_share, std::pow(std::sqrt(13.5) - std::sqrt(10), 2) / 5.5);
  near(Measure::covariance_share, 2 * (std::sqrt(135) - 9.5) / 5.5);
  near(Measure::acf1, (1 * -2 + -2 * 3 + 3 * -2) / 18.0);
}

TEST(PointErrorRules, AnActualOfZeroHasNoPercentage) {
  const ForecastSeries some{.actual = {0, 4}, .forecast = {1, 5}}, none{.actual = {0, 0}, .forecast = {1, 5}};
  const PointErrorOptions skip{.zero_actual = ZeroActual::skip};
  for (const Measure measure : {Measure::mpe, Measure::mape, Measure::accuracy}) {
    EXPECT_EQ(measure_of(some, measure), Real(Undefined::zero_actual));
    EXPECT_EQ(measure_of(some, measure, 1, skip), Real(measure == Measure::accuracy ? 0.75 : 0.25));
    EXPECT_EQ(measure_of(none, measure, 1, skip), Real(Undefined::zero_actual));
  }
  EXPECT_EQ(measure_of(none, Measure::wape), Real(Undefined::zero_actual));
  EXPECT_EQ(measure_of(some, Measure::wape), Real(0.5));
  EXPECT_EQ(measure_of(some, Measure::maape), Real((std::numbers::pi / 2 + std::atan(0.25)) / 2));
  EXPECT_EQ(measure_of(some, Measure::theil_u2), Real(Undefined::zero_actual));
  const ForecastSeries later{.actual = {0, 4, 6}, .forecast = {1, 5, 5}};
  EXPECT_EQ(measure_of(later, Measure::theil_u2, 1, skip), Real(0.5));
  EXPECT_EQ(measure_of(some, Measure::theil_u2, 1, skip), Real(Undefined::zero_actual));
}

TEST(PointErrorRules, BothZeroIsNoErrorUnlessToldOtherwise) {
  const ForecastSeries series{.actual = {0, 3}, .forecast = {0, 1}},
      zeros{.actual = {0, 0}, .forecast = {0, 0}};
  const PointErrorOptions skip{.zero_pair = ZeroPair::skip}, undefined{.zero_pair = ZeroPair::undefined};
  for (const auto& [measure, value] :
       {std::pair(Measure::smape, 1.0), std::pair(Measure::smape_200, 100.0),
        std::pair(Measure::smape_armstrong, 1.0), std::pair(Measure::maape, std::atan(2.0 / 3))}) {
    EXPECT_EQ(measure_of(series, measure), Real(value / 2)) << name_of(measure);
    EXPECT_EQ(measure_of(series, measure, 1, skip), Real(value)) << name_of(measure);
    EXPECT_EQ(measure_of(series, measure, 1, undefined), Real(Undefined::zero_actual));
    EXPECT_EQ(measure_of(zeros, measure), Real(0.0));
    EXPECT_EQ(measure_of(zeros, measure, 1, skip), Real(Undefined::zero_actual));
  }
  EXPECT_EQ(measure_of(zeros, Measure::theil_u1), Real(Undefined::zero_actual));
  EXPECT_EQ(measure_of({.actual = {2}, .forecast = {-2}}, Measure::smape_armstrong),
            Real(Undefined::diverges));
  EXPECT_EQ(measure_of({.actual = {2}, .forecast = {-2}}, Measure::smape), Real(2.0));
  EXPECT_EQ(measure_of({.actual = {-2}, .forecast = {-4}}, Measure::smape_armstrong), Real(-2.0 / 3));
}

TEST(PointErrorRules, WhatDoesNotVaryOrIsTooShortHasNoScale) {
  const auto of = [](std::vector<double> actual, std::vector<double> history, Measure measure, int lag = 1) {
    ForecastSeries series{.actual = std::move(actual), .history = std::move(history)};
    for (const double value : series.actual) series.forecast.push_back(value + 0.1);
    return measure_of(series, measure, lag);
  };
  for (const Measure measure : {Measure::mase, Measure::msse, Measure::rmsse}) {
    EXPECT_EQ(of({1, 2}, {0.1, 0.1, 0.1}, measure), Real(Undefined::no_variation));
    EXPECT_EQ(of({1, 2}, {5}, measure), Real(Undefined::too_few));
    EXPECT_EQ(of({1, 2}, {1, 2, 3}, measure, 3), Real(Undefined::too_few));
  }
  EXPECT_EQ(of({1, 2}, {}, Measure::spis), Real(Undefined::too_few));
  EXPECT_EQ(of({1, 2}, {1, -1}, Measure::spis), Real(Undefined::zero_actual));
  EXPECT_EQ(of({0.1, 0.1, 0.1}, {}, Measure::r2), Real(Undefined::no_variation));
  EXPECT_EQ(of({3}, {}, Measure::r2), Real(Undefined::too_few));
  EXPECT_EQ(of({3}, {}, Measure::acf1), Real(Undefined::too_few));
  EXPECT_EQ(of({3, 4.7, 1e6, 0.3}, {}, Measure::acf1), Real(Undefined::no_variation));  // but for rounding
  EXPECT_EQ(of({3}, {}, Measure::theil_u2), Real(Undefined::too_few));
  EXPECT_EQ(of({3, 3}, {}, Measure::theil_u2), Real(Undefined::no_variation));
}

TEST(PointErrorRules, WithoutPointsNothingIsDefined) {
  const SeriesColumns empty({{}, {.actual = {1}, .forecast = {2}, .benchmark = {2}}});
  for (const MeasureColumn& column : empty.each(all_measures()))
    EXPECT_EQ(column.reason[0], Undefined::empty_base) << name_of(column.measure);
  EXPECT_TRUE(point_errors({}, {}, all_measures()).at(0).value.empty());
  EXPECT_TRUE(empty.each(std::vector<Measure>{}).empty());
}

TEST(PointErrorRules, WhatIsTooLargeForANumberDiverges) {
  const ForecastSeries series{.actual = {1e200, -1e200}, .forecast = {-1e200, 1e200}};
  EXPECT_EQ(measure_of(series, Measure::mse), Real(Undefined::diverges));
  EXPECT_EQ(measure_of(series, Measure::rmse), Real(Undefined::diverges));
  EXPECT_EQ(measure_of(series, Measure::mae), Real(2e200));
  EXPECT_EQ(measure_of({.actual = {1e-300}, .forecast = {1e300}}, Measure::mape), Real(Undefined::diverges));
}

TEST(PointErrorRules, SeriesWithoutAMeasureAreLeftOutAndCounted) {
  const SeriesColumns columns({{.actual = {0, 4}, .forecast = {1, 5}},
                               {.actual = {2, 4}, .forecast = {3, 5}},
                               {.actual = {5}, .forecast = {5}}});
  const MeasureColumn skipped = columns.together(Measure::mape);
  EXPECT_EQ(figure(skipped), Real((0.375 + 0) / 2));
  EXPECT_EQ(skipped.left_out, std::vector<std::uint32_t>{1});
  EXPECT_TRUE(columns.together(Measure::mae).left_out.empty());

  PointErrorOptions options{.pooling = Pooling::ratio_of_sums};
  const MeasureColumn pooled = columns.together(Measure::mape, options);
  EXPECT_EQ(figure(pooled), Real(0.75 / 3));  // of the points of the two others
  EXPECT_EQ(pooled.left_out, std::vector<std::uint32_t>{1});
  EXPECT_EQ(figure(columns.together(Measure::wape, options)), Real(4 / 15.0));

  options.undefined_series = UndefinedSeries::undefined;
  for (const Pooling pooling : {Pooling::mean_of_ratios, Pooling::ratio_of_sums}) {
    options.pooling = pooling;
    const MeasureColumn refused = columns.together(Measure::mape, options);
    EXPECT_EQ(figure(refused), Real(Undefined::zero_actual));
    EXPECT_TRUE(refused.left_out.empty());
  }
}

TEST(PointErrorRules, AFlatHistoryCountsInARatioOfSums) {
  const SeriesColumns columns({{.actual = {6}, .forecast = {5}, .history = {5, 5}},
                               {.actual = {1, 2, 3}, .forecast = {3, 4, 5}, .history = {1, 5}},
                               {.actual = {9}, .forecast = {1}, .history = {9}}});
  EXPECT_EQ(figure(columns.together(Measure::mase)), Real(0.5));
  EXPECT_EQ(columns.together(Measure::mase).left_out.at(0), 2U);
  const PointErrorOptions pooled{.pooling = Pooling::ratio_of_sums};
  EXPECT_EQ(figure(columns.together(Measure::mase, pooled)), Real((1 + 6) / (1 * 0.0 + 3 * 4)));
  // Left out is the one whose scale is not known.
  EXPECT_EQ(columns.together(Measure::mase, pooled).left_out.at(0), 1U);
  EXPECT_EQ(figure(columns.together(Measure::msse, pooled)), Real((1 + 12) / 48.0));
  EXPECT_EQ(figure(columns.together(Measure::spis, pooled)), Real((1 + 6 + 8) / (5 + 3 + 9.0)));
}

/// M4: sMAPE of 0 to 200 and MASE by the lag of the frequency are means over series; OWA is the mean of their
/// quotients to those of the benchmark (Naive 2), not a mean over series.
TEST(PointErrorRules, AsInTheM4Competition) {
  const SeriesColumns columns(
      {{.actual = {100, 100}, .forecast = {300, 100}, .history = {8, 4, 10, 8}, .benchmark = {300, 300}},
       {.actual = {30}, .forecast = {50}, .history = {1, 1, 6, 6}, .benchmark = {90}}},
      2);
  // sMAPE 50 and 50, of the benchmark 100 and 100. MASE 100 / 3 and 20 / 5, of the benchmark 200 / 3 and
  // 60 / 5.
  EXPECT_EQ(figure(columns.each(Measure::smape_200), 0), Real(50.0));
  EXPECT_EQ(figure(columns.each(Measure::smape_200), 1), Real(50.0));
  EXPECT_NEAR(figure(columns.together(Measure::mase)).value_or(nan), (100 / 3.0 + 4) / 2, 1e-14);
  const double owa = (50.0 / 100 + (100 / 3.0 + 4) / (200 / 3.0 + 12)) / 2;
  EXPECT_NEAR(figure(columns.together(Measure::owa)).value_or(nan), owa, 1e-15);
  // As a ratio of sums all points count alike: sMAPE (1 + 0 + 0.5) / 3 against (1 + 1 + 1) / 3.
  const PointErrorOptions pooled{.pooling = Pooling::ratio_of_sums};
  EXPECT_NEAR(figure(columns.together(Measure::smape_200, pooled)).value_or(nan), 50, 1e-13);
  EXPECT_NEAR(figure(columns.together(Measure::mase, pooled)).value_or(nan), 220 / (2 * 3 + 5.0), 1e-14);
  EXPECT_NEAR(figure(columns.together(Measure::owa, pooled)).value_or(nan), (0.5 + 220 / 460.0) / 2, 1e-15);
  // Each series: half of the two quotients.
  EXPECT_NEAR(figure(columns.each(Measure::owa), 0).value_or(nan), 0.5, 1e-15);
  EXPECT_NEAR(figure(columns.each(Measure::owa), 1).value_or(nan), (0.5 + 20 / 60.0) / 2, 1e-15);
  EXPECT_NEAR(figure(columns.together(Measure::relative_mae)).value_or(nan), (0.5 + 1 / 3.0) / 2, 1e-15);
  EXPECT_NEAR(figure(columns.together(Measure::relative_mae, pooled)).value_or(nan), 220 / 460.0, 1e-15);
}

TEST(PointErrorRules, OwaLeavesOutWhatLacksEitherPart) {
  const SeriesColumns columns({{.actual = {4}, .forecast = {5}, .history = {1, 3}, .benchmark = {6}},
                               {.actual = {4}, .forecast = {8}, .history = {7, 7}, .benchmark = {8}},
                               {.actual = {0}, .forecast = {0}, .history = {1, 2}, .benchmark = {1}}});
  PointErrorOptions options{.zero_pair = ZeroPair::skip};
  const MeasureColumn owa = columns.together(Measure::owa, options);
  EXPECT_EQ(owa.left_out.at(0), 2U);
  // sMAPE of the first two, MASE of the first and the last.
  const double smape = 2.0 / 9 + 8.0 / 12, benchmark = 4.0 / 10 + 8.0 / 12;
  EXPECT_NEAR(figure(owa).value_or(nan), (smape / benchmark + (0.5 + 0) / (1.0 + 1)) / 2, 1e-15);
  EXPECT_EQ(measure_of({.actual = {4}, .forecast = {5}, .history = {1, 3}, .benchmark = {4}}, Measure::owa),
            Real(Undefined::no_error));
  EXPECT_EQ(measure_of({.actual = {4}, .forecast = {5}, .benchmark = {4}}, Measure::relative_mae),
            Real(Undefined::no_error));
}

TEST(PointErrorRules, CellsShareScales) {
  const std::vector<double> actual{1, 2, 3, 4}, forecast{2, 2, 5, 8};
  const std::vector<std::uint32_t> begin{0, 1, 2, 3, 4}, scale{0, 1, 0, 1}, groups{0, 2, 4};
  const ErrorScales scales{.absolute = {2, 4}, .squared = {4, 16}, .level = {1, 1}};
  const ForecastRows rows{
      .actual = actual, .forecast = forecast, .begin = begin, .scale = scale, .groups = groups};
  const auto columns = point_errors(rows, scales, {{Measure::mase, Measure::rmsse}});
  EXPECT_EQ(columns[0].value, (std::vector<double>{0.25, 1}));
  EXPECT_EQ(columns[1].value, (std::vector<double>{0.25, 1}));
}

TEST(NaiveScales, AreMeansOfStepsByLag) {
  const std::vector<double> values{1, 3, 2, 6, 4, 9, 7};
  const std::vector<std::uint32_t> begin{0, 5, 7, 7};
  const ErrorScales one = naive_scales(values, begin, 1), two = naive_scales(values, begin, 2);
  EXPECT_EQ(one.absolute.at(0), (2 + 1 + 4 + 2) / 4.0);
  EXPECT_EQ(one.squared.at(0), (4 + 1 + 16 + 4) / 4.0);
  EXPECT_EQ(one.level.at(0), 3.2);
  EXPECT_EQ(two.absolute.at(0), (1 + 3 + 2) / 3.0);
  EXPECT_EQ(one.absolute.at(1), 2);
  EXPECT_TRUE(std::isnan(two.absolute.at(1)) && std::isnan(two.squared.at(1)));
  EXPECT_EQ(two.level.at(1), 8);
  EXPECT_TRUE(std::isnan(one.level.at(2)));
  EXPECT_TRUE(naive_scales({}, {}, 1).absolute.empty());
}

TEST(NaiveScales, RefuseWhatTheyCannotRead) {
  const std::vector<double> values{1, nan, 3, -infinity};
  const std::vector<std::uint32_t> begin{0, 1, 4}, wrong{0, 5}, falling{0, 3, 2, 4};
  EXPECT_FAULT(naive_scales(values, begin, 0), OptionError, "E_LAG", "lag=0 is below 1");
  EXPECT_FAULT(naive_scales(values, begin, 1), InputError, "E_AMOUNT_NAN",
               "column 'history', row 1: NaN is not a value");
  EXPECT_FAULT(naive_scales(std::span(values).last(1), {{0, 1}}, 1), InputError, "E_AMOUNT_INF",
               "column 'history', row 0: the value is infinite");
  for (const auto& cut : {wrong, falling})
    EXPECT_FAULT(naive_scales(values, cut, 1), InputError, "E_COLUMN_LENGTH",
                 "does not cut 4 rows into parts");
}

TEST(PointErrorRules, RefuseWhatTheyCannotRead) {
  const std::vector<double> actual{1, 2, nan}, forecast{1, infinity, 2}, good{1, 2, 3};
  const std::vector<std::uint32_t> begin{0, 1, 3}, many{0, 1, 2, 3};
  const std::vector<Measure> mae{Measure::mae};
  const auto errors = [&](const ForecastRows& rows, Measure measure = Measure::mae,
                          const ErrorScales& scales = {}) { return point_errors(rows, scales, {{measure}}); };
  // The fault of the first row.
  EXPECT_FAULT(errors({.actual = actual, .forecast = forecast, .begin = begin}), InputError, "E_AMOUNT_INF",
               "column 'forecast', row 1: the value is infinite");
  for (const Measure measure : all_measures())
    if (!needs_history(measure) && !needs_benchmark(measure))
      EXPECT_FAULT(errors({.actual = actual, .forecast = good, .begin = begin}, measure), InputError,
                   "E_AMOUNT_NAN", "column 'actual', row 2: NaN is not a value");
  EXPECT_FAULT(
      errors({.actual = good, .forecast = good, .benchmark = actual, .begin = begin}, Measure::relative_mae),
      InputError, "E_AMOUNT_NAN", "column 'benchmark', row 2");
  EXPECT_FAULT(errors({.actual = good, .forecast = std::span(good).first(2), .begin = begin}), InputError,
               "E_COLUMN_LENGTH", "column 'forecast': 2 values for 3 points");
  EXPECT_FAULT(
      errors({.actual = good, .forecast = good, .benchmark = std::span(good).first(2), .begin = begin}),
      InputError, "E_COLUMN_LENGTH", "column 'benchmark': 2 values");
  EXPECT_FAULT(errors({.actual = good, .forecast = good, .begin = std::span(begin).first(2)}), InputError,
               "E_COLUMN_LENGTH", "column 'begin': does not cut 3 rows into parts");
  EXPECT_FAULT(errors({.actual = good, .forecast = good, .begin = begin, .scale = std::span(begin).first(1)}),
               InputError, "E_COLUMN_LENGTH", "column 'scale': 1 values");
  EXPECT_FAULT(errors({.actual = good, .forecast = good, .begin = begin, .groups = many}), InputError,
               "E_COLUMN_LENGTH", "column 'groups': does not cut 2 rows into parts");
}

TEST(PointErrorRules, RefuseMeasuresOfWhatIsNotKnown) {
  const std::vector<double> good{1, 2, 3};
  const std::vector<std::uint32_t> begin{0, 1, 3}, scale{0, 4};
  const ForecastRows rows{.actual = good, .forecast = good, .begin = begin};
  for (const Measure measure : {Measure::mase, Measure::rmsse, Measure::spis, Measure::owa})
    EXPECT_FAULT(point_errors(rows, {}, {{measure}}), OptionError, "E_MEASURE",
                 std::string(name_of(measure)) + " compares with the history, and there is none");
  EXPECT_FAULT(point_errors(rows, {.absolute = {1}}, {{Measure::mase}}), OptionError, "E_MEASURE",
               "it is known of 1 series of 2");
  EXPECT_FAULT(point_errors(rows, {.absolute = {1, 2}, .level = {1, 2}}, {{Measure::rmsse}}), OptionError,
               "E_MEASURE", "there is none");
  ForecastRows shared = rows;
  shared.scale = scale;
  EXPECT_FAULT(point_errors(shared, {.absolute = {1, 2}}, {{Measure::mase}}), OptionError, "E_MEASURE",
               "of 5");
  EXPECT_FAULT(point_errors(rows, {.absolute = {1, 2}}, {{Measure::owa}}), OptionError, "E_MEASURE",
               "owa compares with a benchmark, and there is none");
  EXPECT_FAULT(point_errors(rows, {}, {{Measure::relative_mae}}), OptionError, "E_MEASURE",
               "Name the benchmark forecast");
}

TEST(PointErrorRules, StopWhenAsked) {
  std::stop_source source;
  source.request_stop();
  const std::vector<double> values(4096, 1.0);
  std::vector<std::uint32_t> begin;
  for (std::uint32_t i = 0; i <= 4096; ++i) begin.push_back(i);
  const PointErrorOptions options{.execution = {.threads = 2, .stop = source.get_token()}};
  EXPECT_THROW(static_cast<void>(point_errors({.actual = values, .forecast = values, .begin = begin}, {},
                                              {{Measure::mae}}, options)),
               Interrupted);
}

}  // namespace
}  // namespace tenure
