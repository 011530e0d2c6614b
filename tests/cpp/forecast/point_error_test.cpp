#include <tenure/forecast/point_error.hpp>

#include <cmath>
#include <iostream>

#include "support/cases.hpp"
#include "support/faults.hpp"
#include "support/forecast_series.hpp"
#include "support/shared.hpp"

namespace tenure {
namespace {

using test::CsvRow;
using test::figure;
using test::ForecastSeries;
using test::Json;
using test::measure_of;
using test::SeriesColumns;
using test::show;

// Published figures, in tests/cases/forecast.json; Python reads them too.

class PublishedAccuracy : public testing::TestWithParam<test::Case> {};

TEST_P(PublishedAccuracy, IsWhatTheSourcePrints) {
  const Json& content = GetParam().content;
  const Json& inputs = content.at("inputs");
  std::vector<ForecastSeries> all;
  for (const Json& series : inputs.at("series"))
    all.push_back({.actual = series.at("actual"),
                   .forecast = series.at("forecast"),
                   .history = series.value("history", std::vector<double>{})});
  PointErrorOptions options;
  if (inputs.value("pooling", "") == "ratio_of_sums") options.pooling = Pooling::ratio_of_sums;
  const SeriesColumns columns(all, inputs.value("lag", 1));
  const double tolerance = content.at("tolerance");
  for (const auto& [name, expected] : content.at("expected").items()) {
    const double value = expected;
    const Real found = figure(columns.together(parse_measure(name), options));
    ASSERT_TRUE(found.defined()) << name;
    EXPECT_NEAR(found.value_or(0), value, std::max(tolerance, 1e-12 * std::max(std::abs(value), 1.0)))
        << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, PublishedAccuracy, testing::ValuesIn(test::read_cases("forecast.json")),
                         [](const auto& at) { return test::test_name(at.param.id); });

// What other packages give for the same forecasts.

std::vector<CsvRow> only(std::vector<CsvRow> rows, const std::string& column, const std::string& value) {
  std::erase_if(rows, [&](const CsvRow& row) { return row.at(column) != value; });
  return rows;
}

class ReferenceAccuracy : public test::SharedData {
 protected:
  /// The largest error of each measure, over all series.
  static std::map<std::string, double>& worst() {
    static std::map<std::string, double> all;
    return all;
  }
  static void TearDownTestSuite() {
    for (const auto& [name, off] : worst()) std::cout << "[   worst  ] " << name << " " << off << "\n";
  }
  static void near(const std::string& what, const Real& found, double expected, double allowed = 1e-10) {
    ASSERT_TRUE(found.defined()) << what << " " << show(found);
    EXPECT_TRUE(test::within(found.value_or(0), expected, allowed)) << what;
    const std::string measure = what.substr(what.rfind(' ') + 1);
    const double off = std::abs(found.value_or(0) - expected) / std::abs(expected);
    worst()[measure] = std::max(worst()[measure], off);
  }
};

TEST_F(ReferenceAccuracy, OfSevenSeries) {
  const std::vector<CsvRow> forecasts = test::shared_csv("conformance/data/fc_forecasts.csv");
  const std::vector<CsvRow> all_history = test::shared_csv("conformance/data/fc_series.csv");
  for (const char* id : {"fc_AirPassengers_mean", "fc_AirPassengers_snaive", "fc_JohnsonJohnson_mean",
                         "fc_Nile_mean", "fc_Nile_snaive", "fc_UKgas_snaive", "fc_USAccDeaths_snaive"}) {
    const Json& entry = test::reference_value(id);
    const Json& inputs = entry.at("inputs");
    const double allowed = entry.at("tolerance").at("rel");
    const std::vector<CsvRow> test =
        only(only(forecasts, "series", inputs.at("series")), "model", inputs.at("model"));
    const std::vector<CsvRow> known = only(all_history, "series", inputs.at("series"));
    ForecastSeries series{.actual = test::numbers_of(test, "y"), .forecast = test::numbers_of(test, "yhat")};
    series.history = test::numbers_of(known, "y");
    series.history.resize(known.size() - test.size());
    const SeriesColumns columns({series}, inputs.at("seasonality"));
    const auto check = [&](const char* source, const char* name, Measure measure, double factor) {
      const double expected = entry.at("values").at(source).at(name).get<double>() * factor;
      near(std::string(id) + " " + source + " " + std::string(name_of(measure)),
           figure(columns.each(measure)), expected, allowed);
    };
    using enum Measure;
    for (const auto& [name, measure, factor] :
         std::vector<std::tuple<const char*, Measure, double>>{{"mae", mae, 1},
                                                               {"mse", mse, 1},
                                                               {"rmse", rmse, 1},
                                                               {"bias", me, 1},
                                                               {"mape", mape, 1},
                                                               {"smape", smape, 2},
                                                               {"smape", smape_200, 200},
                                                               {"wape", wape, 1},
                                                               {"nd", wape, 1},
                                                               {"cfe", cfe, 1},
                                                               {"pis", pis, 1},
                                                               {"mase", mase, 1},
                                                               {"msse", msse, 1},
                                                               {"rmsse", rmsse, 1},
                                                               {"spis", spis, 1}})
      check("utilsforecast", name, measure, factor);
    for (const auto& [name, measure, factor] :
         std::vector<std::tuple<const char*, Measure, double>>{{"mae", mae, 1},
                                                               {"mse", mse, 1},
                                                               {"rmse", rmse, 1},
                                                               {"me_actual_minus_forecast", me, -1},
                                                               {"mape", mape, 1},
                                                               {"smape_0_1", smape, 2},
                                                               {"smape_0_200", smape_200, 1},
                                                               {"wape", wape, 1},
                                                               {"mase", mase, 1},
                                                               {"rmsse", rmsse, 1}})
      check("harness", name, measure, factor);
    for (const auto& [name, measure, factor] :
         std::vector<std::tuple<const char*, Measure, double>>{{"ME", me, -1},
                                                               {"RMSE", rmse, 1},
                                                               {"MAE", mae, 1},
                                                               {"MPE", mpe, -0.01},
                                                               {"MAPE", mape, 0.01},
                                                               {"MASE", mase, 1},
                                                               {"ACF1", acf1, 1},
                                                               {"Theil's U", theil_u2, 1}})
      check("r_forecast", name, measure, factor);
    near(std::string(id) + " mase_scale", columns.scales().absolute.at(0),
         entry.at("values").at("harness").at("mase_scale"), allowed);
  }
}

/// Where a peer divides by 0 and prints NaN, infinity or 1e15, there is a reason here; equal elsewhere.
TEST_F(ReferenceAccuracy, OfEdgeCases) {
  const Json& values = test::reference_value("fc_edge_cases").at("values");
  const std::vector<CsvRow> tested = test::shared_csv("conformance/data/fc_edge_test.csv");
  const std::vector<CsvRow> trained = test::shared_csv("conformance/data/fc_edge_train.csv");
  // utilsforecast divides by max(|y|, eps) and leaves zeros out of a mean; we are asked to skip them.
  const PointErrorOptions skip{.zero_actual = ZeroActual::skip};
  const std::map<std::string, Undefined> reasons{
      {"mape zeros", Undefined::zero_actual},      {"wape zeros", Undefined::zero_actual},
      {"mase_s1 const", Undefined::no_variation},  {"mase_s1 zeros", Undefined::no_variation},
      {"mase_s4 const", Undefined::no_variation},  {"mase_s4 zeros", Undefined::no_variation},
      {"mase_s4 short", Undefined::too_few},       {"rmsse_s1 const", Undefined::no_variation},
      {"rmsse_s1 zeros", Undefined::no_variation}, {"rmsse_s4 const", Undefined::no_variation},
      {"rmsse_s4 zeros", Undefined::no_variation}, {"rmsse_s4 short", Undefined::too_few}};
  std::size_t undefined = 0;
  for (const std::string name : {"const", "zeros", "intermittent", "negative", "short"}) {
    const std::vector<CsvRow> test = only(tested, "unique_id", name),
                              known = only(trained, "unique_id", name);
    const ForecastSeries series{.actual = test::numbers_of(test, "y"),
                                .forecast = test::numbers_of(test, "m"),
                                .history = test::numbers_of(known, "y")};
    using enum Measure;
    for (const auto& [key, measure, lag, factor] :
         std::vector<std::tuple<std::string, Measure, int, double>>{{"mae", mae, 1, 1},
                                                                    {"mape", mape, 1, 1},
                                                                    {"smape", smape, 1, 2},
                                                                    {"wape", wape, 1, 1},
                                                                    {"mase_s1", mase, 1, 1},
                                                                    {"mase_s4", mase, 4, 1},
                                                                    {"rmsse_s1", rmsse, 1, 1},
                                                                    {"rmsse_s4", rmsse, 4, 1}}) {
      const Json& expected = values.at(key).at(name);
      const Real found = measure_of(series, measure, lag, skip);
      const std::string what = key + " " + name;
      EXPECT_EQ(found.defined(), !expected.is_object()) << what << " " << show(found);
      if (expected.is_object()) {
        EXPECT_EQ(found.reason(), reasons.at(what)) << what;
        ++undefined;
      } else {
        EXPECT_NEAR(found.value_or(0), factor * expected.get<double>(), 1e-12) << what;
      }
    }
    const Json& sktime = values.at("sktime").at(name);
    for (const auto& [key, measure] :
         {std::pair("mase", mase), std::pair("rmsse", rmsse), std::pair("smape", smape)}) {
      const double expected = sktime.at(key);
      const Real found = measure_of(series, measure);
      if (expected > 1e6)
        EXPECT_EQ(found.reason(), Undefined::no_variation) << key << " " << name;
      else
        EXPECT_NEAR(found.value_or(-1), expected, 1e-12) << key << " " << name;
    }
  }
  EXPECT_EQ(undefined, reasons.size());
}

ForecastSeries beer(const std::string& method, const Json& inputs) {
  const std::vector<CsvRow> rows = only(test::shared_csv("data/fpp_beer/forecasts.csv"), "method", method);
  ForecastSeries series{.actual = test::numbers_of(rows, "actual"),
                        .forecast = test::numbers_of(rows, "forecast")};
  const std::string first = inputs.at("first"), last = inputs.at("last");
  for (const CsvRow& row : test::shared_csv("data/fpp_beer/aus_production.csv"))
    if (row.at("Quarter") >= first && row.at("Quarter") <= last)
      series.history.push_back(std::stod(row.at("Beer")));
  return series;
}

TEST_F(ReferenceAccuracy, OfAustralianBeer) {
  std::ifstream stream(std::string(TENURE_CASES_DIR) + "/forecast.json");
  const Json table = Json::parse(stream).at("tables").at(0);
  for (const auto& [method, printed] : table.at("expected").items()) {
    const SeriesColumns columns({beer(method, table.at("inputs"))}, table.at("inputs").at("lag"));
    for (const auto& [name, value] : printed.items())
      EXPECT_NEAR(figure(columns.each(parse_measure(name))).value_or(-1), value.get<double>(),
                  table.at("tolerance").at(name).get<double>())
          << method << " " << name;
    const CsvRow exact =
        only(test::shared_csv("data/fpp_beer/expected_accuracy.csv"), "method", method).at(0);
    using enum Measure;
    for (const auto& [column, measure, factor] :
         std::vector<std::tuple<const char*, Measure, double>>{{"ME", me, -1},
                                                               {"RMSE", rmse, 1},
                                                               {"MAE", mae, 1},
                                                               {"MAPE", mape, 0.01},
                                                               {"sMAPE200", smape_200, 1},
                                                               {"WAPE", wape, 1},
                                                               {"MASE", mase, 1}})
      near("beer " + method + " " + std::string(name_of(measure)), figure(columns.each(measure)),
           factor * std::stod(exact.at(column)));
    const ForecastSeries series = beer(method, table.at("inputs"));
    double sum = 0;
    for (const double actual : series.actual) sum += actual;
    near("beer " + method + " cfe", Real(figure(columns.each(cfe)).value_or(0) / sum),
         std::stod(exact.at("bias_pct")));
  }
}

}  // namespace
}  // namespace tenure
