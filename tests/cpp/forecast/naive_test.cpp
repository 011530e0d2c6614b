#include <tenure/forecast/naive.hpp>

#include <cmath>

#include "support/faults.hpp"
#include "support/property.hpp"
#include "support/shared.hpp"

namespace tenure {
namespace {

using test::for_all;
using test::shared_csv;
using test::within;

constexpr NaiveMethod all_methods[] = {NaiveMethod::naive, NaiveMethod::seasonal_naive, NaiveMethod::drift,
                                       NaiveMethod::mean, NaiveMethod::seasonal_mean};

NaiveForecasts of_one(const std::vector<double>& values, NaiveMethod method, NaiveOptions options = {}) {
  const std::vector<std::uint32_t> begin = {0, static_cast<std::uint32_t>(values.size())};
  return naive_forecasts(values, begin, method, options);
}

class NaiveShared : public test::SharedData {};

/// The published forecasts of Australian beer production: 1992 Q1 to 2007 Q4, ten quarters ahead.
TEST_F(NaiveShared, AreThoseOfTheBook) {
  std::vector<double> beer;
  for (const auto& row : test::shared_csv("data/fpp_beer/aus_production.csv"))
    if (row.at("Quarter") >= "1992Q1" && row.at("Quarter") <= "2007Q4")
      beer.push_back(std::stod(row.at("Beer")));
  ASSERT_EQ(beer.size(), 64U);
  const std::map<std::string, NaiveMethod> methods{{"Drift", NaiveMethod::drift},
                                                   {"Mean", NaiveMethod::mean},
                                                   {"Naive", NaiveMethod::naive},
                                                   {"Seasonal naive", NaiveMethod::seasonal_naive}};
  std::map<std::string, std::size_t> step;
  double worst = 0;
  for (const auto& row : test::shared_csv("data/fpp_beer/forecasts.csv")) {
    const std::string& name = row.at("method");
    const NaiveForecasts found = of_one(beer, methods.at(name), {.horizon = 10, .lag = 4});
    const double expected = std::stod(row.at("forecast")), value = found.value[step[name]++];
    EXPECT_TRUE(within(value, expected, 1e-10)) << name << " " << row.at("quarter");
    worst = std::max(worst, std::abs(value / expected - 1));
  }
  EXPECT_EQ(step.size(), 4U);
  std::cout << "[   worst  ] fpp_beer " << worst << "\n";
}

/// R's forecast::snaive and meanf with limits of 50, 80 and 95 %, on six series.
TEST_F(NaiveShared, LimitsAreThoseOfR) {
  std::map<std::string, std::vector<double>> series;
  std::map<std::string, int> season;
  for (const auto& row : test::shared_csv("conformance/data/fc_series.csv")) {
    series[row.at("series")].push_back(std::stod(row.at("y")));
    season[row.at("series")] = std::stoi(row.at("freq"));
  }
  std::map<std::pair<std::string, std::string>, std::vector<test::CsvRow>> expected;
  for (const auto& row : test::shared_csv("conformance/data/fc_forecasts.csv"))
    expected[{row.at("series"), row.at("model")}].push_back(row);
  EXPECT_EQ(expected.size(), 12U);
  double worst = 0;
  for (const auto& [key, rows] : expected) {
    const auto& [name, model] = key;
    std::vector<double> past = series.at(name);
    past.resize(past.size() - rows.size());
    const NaiveMethod method = model == "mean" ? NaiveMethod::mean : NaiveMethod::seasonal_naive;
    for (const auto& [suffix, confidence] :
         {std::pair("50", 0.5), std::pair("80", 0.8), std::pair("95", 0.95)}) {
      const NaiveForecasts found = of_one(
          past, method,
          {.horizon = static_cast<int>(rows.size()), .lag = season.at(name), .confidence = confidence});
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto check = [&](double value, const std::string& column) {
          const double target = std::stod(rows[i].at(column));
          EXPECT_TRUE(within(value, target, 1e-9)) << name << " " << model << " " << column << " " << i;
          worst = std::max(worst, std::abs(value / target - 1));
        };
        check(found.value[i], "yhat");
        check(found.lower[i], std::string("lo") + suffix);
        check(found.upper[i], std::string("hi") + suffix);
      }
    }
  }
  std::cout << "[   worst  ] fc_forecasts " << worst << "\n";
}

TEST(Naive, MethodsOnAShortSeries) {
  const std::vector<double> y = {10, 20, 30, 14, 24};
  const auto value = [&](NaiveMethod method) { return of_one(y, method, {.horizon = 4, .lag = 3}).value; };
  using Values = std::vector<double>;
  EXPECT_EQ(value(NaiveMethod::naive), (Values{24, 24, 24, 24}));
  EXPECT_EQ(value(NaiveMethod::seasonal_naive), (Values{30, 14, 24, 30}));
  EXPECT_EQ(value(NaiveMethod::drift), (Values{27.5, 31, 34.5, 38}));
  EXPECT_EQ(value(NaiveMethod::mean), (Values{19.6, 19.6, 19.6, 19.6}));
  EXPECT_EQ(value(NaiveMethod::seasonal_mean), (Values{30, 12, 22, 30}));
}

/// Errors one step ahead 1 and 3: s = sqrt(10 / 2); of the drift -1 and 1: s = sqrt(2 / 1).
TEST(Naive, LimitsByHand) {
  const std::vector<double> y = {0, 1, 4};
  const double z = 1.959963984540054;
  const NaiveForecasts naive = of_one(y, NaiveMethod::naive, {.horizon = 4, .confidence = 0.95});
  EXPECT_NEAR(naive.upper[0], 4 + z * std::sqrt(5.0), 1e-12);
  EXPECT_NEAR(naive.lower[3], 4 - z * std::sqrt(5.0) * 2, 1e-12);
  const NaiveForecasts drift = of_one(y, NaiveMethod::drift, {.horizon = 2, .confidence = 0.95});
  EXPECT_NEAR(drift.upper[1], 8 + z * std::sqrt(2.0) * std::sqrt(2 * (1 + 2 / 2.0)), 1e-12);
  // Means 1 and 10 of the places; errors -1, 1, 0: two values of the first place, one of the second.
  const NaiveForecasts season =
      of_one({0, 10, 2}, NaiveMethod::seasonal_mean, {.horizon = 2, .lag = 2, .confidence = 0.5});
  EXPECT_EQ(season.value, (std::vector<double>{10, 1}));
  EXPECT_NEAR(season.upper[0], 10 + std::sqrt(2.0) * std::sqrt(2.0), 1e-12);  // t with 1 degree: quartile 1
  EXPECT_NEAR(season.upper[1], 1 + std::sqrt(2.0) * std::sqrt(1.5), 1e-12);
}

TEST(Naive, TooShortAHistoryIsUndefinedNotZero) {
  const std::vector<double> values = {5, 1, 2};
  const std::vector<std::uint32_t> begin = {0, 0, 1, 3};  // nobody, one value, two values
  const NaiveOptions options{.horizon = 2, .lag = 2, .confidence = 0.9};
  const auto reasons = [&](NaiveMethod method) {
    return naive_forecasts(values, begin, method, options).reason;
  };
  const auto limits = [&](NaiveMethod method) {
    return naive_forecasts(values, begin, method, options).limit_reason;
  };
  using Reasons = std::vector<Undefined>;
  constexpr Undefined few = Undefined::too_few, no = Undefined::no;
  EXPECT_EQ(reasons(NaiveMethod::naive), (Reasons{few, no, no}));
  EXPECT_EQ(limits(NaiveMethod::naive), (Reasons{few, few, no}));
  EXPECT_EQ(reasons(NaiveMethod::drift), (Reasons{few, few, no}));
  EXPECT_EQ(limits(NaiveMethod::drift), (Reasons{few, few, few}));
  EXPECT_EQ(reasons(NaiveMethod::seasonal_naive), (Reasons{few, few, no}));
  EXPECT_EQ(limits(NaiveMethod::seasonal_mean), (Reasons{few, few, few}));
  EXPECT_EQ(limits(NaiveMethod::mean), (Reasons{few, few, no}));
}

TEST(Naive, WithoutConfidenceThereAreNoLimits) {
  const NaiveForecasts found = of_one({1, 2, 3}, NaiveMethod::mean);
  EXPECT_TRUE(found.lower.empty() && found.upper.empty() && found.limit_reason.empty());
  EXPECT_EQ(found.value.size(), 12U);
}

TEST(Naive, NamesAreReadBack) {
  for (const NaiveMethod method : all_methods) EXPECT_EQ(parse_naive_method(name_of(method)), method);
  EXPECT_FAULT(parse_naive_method("naiv"), OptionError, "E_METHOD", "did you mean 'naive'?");
}

TEST(Naive, RefusesOptionsThatMakeNoSense) {
  EXPECT_FAULT(of_one({1}, NaiveMethod::naive, {.horizon = 0}), OptionError, "E_HORIZON", "horizon=0");
  EXPECT_FAULT(of_one({1}, NaiveMethod::naive, {.lag = 0}), OptionError, "E_LAG", "lag=0 is not above 0");
  EXPECT_FAULT(of_one({1}, NaiveMethod::naive, {.confidence = 95}), OptionError, "E_CONFIDENCE",
               "a confidence of 95");
  const std::vector<double> values = {1, 2};
  for (const std::vector<std::uint32_t>& begin : {std::vector<std::uint32_t>{}, {0, 1}, {1, 2}, {0, 3, 2}})
    EXPECT_FAULT(naive_forecasts(values, begin, NaiveMethod::naive), InputError, "E_COLUMN_LENGTH",
                 "does not cut 2 rows");
}

/// Shifting and scaling a history shifts and scales its forecasts and limits.
TEST(Naive, FollowsUnitsOfTheHistory) {
  for_all([] {
    const auto size = *rc::gen::inRange<std::size_t>(2, 40);
    const auto raw = *rc::gen::container<std::vector<int>>(size, rc::gen::inRange(-1000, 1000));
    const double shift = *rc::gen::inRange(-50, 50), scale = *rc::gen::inRange(1, 9);
    const NaiveMethod method = all_methods[*rc::gen::inRange<std::size_t>(0, 5)];
    std::vector<double> plain(raw.begin(), raw.end()), moved;
    for (const double value : plain) moved.push_back(scale * value + shift);
    const NaiveOptions options{.horizon = 9, .lag = 3, .confidence = 0.8};
    const NaiveForecasts a = of_one(plain, method, options), b = of_one(moved, method, options);
    RC_ASSERT(a.reason == b.reason);
    RC_ASSERT(a.limit_reason == b.limit_reason);
    if (a.reason[0] != Undefined::no) return;
    for (std::size_t i = 0; i < 9; ++i) {
      RC_ASSERT(std::abs(scale * a.value[i] + shift - b.value[i]) < 1e-8);
      RC_ASSERT(std::abs(scale * a.upper[i] + shift - b.upper[i]) < 1e-7 ||
                a.limit_reason[0] != Undefined::no);
      RC_ASSERT(a.lower[i] <= a.value[i] || a.limit_reason[0] != Undefined::no);
    }
  });
}

TEST(Naive, BeyondEveryNumberIsUndefined) {
  const std::vector<double> values = {1.5e308, -1.5e308, 1.5e308, 1.5e308};
  for (const NaiveMethod method : all_methods) {
    const NaiveForecasts found = of_one(values, method, {.horizon = 400, .lag = 2, .confidence = 0.9});
    EXPECT_EQ(found.limit_reason[0], Undefined::diverges);
    for (const double value : found.value)
      EXPECT_TRUE(std::isfinite(value) || found.reason[0] == Undefined::diverges);
  }
  const std::vector<double> twice = {1.5e308, 1.5e308};
  EXPECT_EQ(of_one(twice, NaiveMethod::mean, {.horizon = 1}).reason[0], Undefined::diverges);
  EXPECT_EQ(of_one(twice, NaiveMethod::naive, {.horizon = 1}).reason[0], Undefined::no);
  const std::vector<double> missing = {1, std::nan("")};
  EXPECT_FAULT(of_one(missing, NaiveMethod::mean, {.horizon = 1}), InputError, "E_AMOUNT_NAN", "NaN");
}

/// A lag of 1 is no season: seasonal naive is naive, seasonal mean is the mean.
TEST(Naive, ALagOfOneIsNoSeason) {
  for_all([] {
    const auto raw = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(-99, 99)));
    const std::vector<double> values(raw.begin(), raw.end());
    const NaiveOptions options{.horizon = 3, .lag = 1, .confidence = 0.7};
    for (const auto& [seasonal, plain] : {std::pair(NaiveMethod::seasonal_naive, NaiveMethod::naive),
                                          std::pair(NaiveMethod::seasonal_mean, NaiveMethod::mean)}) {
      const NaiveForecasts a = of_one(values, seasonal, options), b = of_one(values, plain, options);
      RC_ASSERT(a.value == b.value);
      RC_ASSERT(a.upper == b.upper);
      RC_ASSERT(a.reason == b.reason);
    }
  });
}

TEST(Naive, DoesNotDependOnThreadsOrOnOtherSeries) {
  std::vector<double> values;
  std::vector<std::uint32_t> begin = {0};
  for (std::uint32_t series = 0; series < 5000; ++series) {
    for (std::uint32_t i = 0; i < series % 17; ++i) values.push_back(std::sin(series * 31.0 + i * i));
    begin.push_back(static_cast<std::uint32_t>(values.size()));
  }
  for (const NaiveMethod method : all_methods) {
    NaiveOptions options{.horizon = 5, .lag = 4, .confidence = 0.9, .execution = {.threads = 1}};
    const NaiveForecasts one = naive_forecasts(values, begin, method, options);
    options.execution.threads = 7;
    const NaiveForecasts many = naive_forecasts(values, begin, method, options);
    EXPECT_EQ(one.value, many.value);
    EXPECT_EQ(one.upper, many.upper);
    EXPECT_EQ(one.limit_reason, many.limit_reason);
    const std::size_t last = 4998;
    const std::vector<double> own(values.begin() + begin[last], values.begin() + begin[last + 1]);
    const NaiveForecasts alone = of_one(own, method, options);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(alone.value[i], many.value[last * 5 + i]);
  }
}

}  // namespace
}  // namespace tenure
