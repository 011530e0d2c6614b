#include <tenure/forecast/distribution.hpp>

#include <limits>
#include <numbers>

#include "support/faults.hpp"
#include "support/score_cases.hpp"

namespace tenure {
namespace {

using test::for_all;
using test::integral;
using test::near;

/// The definition: the integral of (F(t) - [a <= t])^2, cut at the actual and at the ends that are given.
template <class Forecast>
double slow_crps(const Forecast& forecast, double actual, double from, double to) {
  const auto below = [&](double t) { return forecast.cdf(t) * forecast.cdf(t); };
  const auto above = [&](double t) { return (1 - forecast.cdf(t)) * (1 - forecast.cdf(t)); };
  const double before = actual > from ? integral(below, from, actual) : from - actual;
  return before + integral(above, std::max(actual, from), to);
}

TEST(Distributions, CrpsIsTheIntegral) {
  for (const double actual : {-1.5, 0.2, 3.0, 11.0}) {
    EXPECT_NEAR(NormalForecast({1, 2}).crps(actual), slow_crps(NormalForecast{1, 2}, actual, -25, 27), 1e-9);
    EXPECT_NEAR(LogisticForecast({1, 0.7}).crps(actual), slow_crps(LogisticForecast{1, 0.7}, actual, -30, 32),
                1e-9);
    const std::vector<double> weight{0.3, 0.7}, mean{-1, 2}, sd{0.5, 1.5};
    const MixtureForecast mixture{weight, mean, sd};
    EXPECT_NEAR(mixture.crps(actual), slow_crps(mixture, actual, -20, 22), 1e-9);
  }
  for (const double actual : {-0.5, 0.01, 1.3, 6.0}) {
    EXPECT_NEAR(GammaForecast({2.5, 0.8}).crps(actual), slow_crps(GammaForecast{2.5, 0.8}, actual, 0, 50),
                1e-8);
    EXPECT_NEAR(LognormalForecast({0.3, 0.4}).crps(actual),
                slow_crps(LognormalForecast{0.3, 0.4}, actual, 0, 60), 1e-8);
  }
}

// scoringrules 0.10.0: crps_normal, crps_logistic, crps_lognormal, crps_gamma (rate 1 / scale), crps_mixnorm.
TEST(Distributions, CrpsIsThatOfScoringrules) {
  EXPECT_NEAR(NormalForecast({1, 2}).crps(3.5), 1.5739683061262981, 1e-12);
  EXPECT_NEAR(LogisticForecast({1, 2}).crps(3.5), 1.5077163253814918, 1e-12);
  EXPECT_NEAR(LognormalForecast({0.4, 0.7}).crps(3.5), 1.2417214392004188, 1e-12);
  EXPECT_NEAR(GammaForecast({2.5, 0.8}).crps(3.5), 1.0691393393181146, 1e-12);
  const std::vector<double> weight{0.3, 0.7}, mean{-1, 2}, sd{0.5, 1.5};
  EXPECT_NEAR(MixtureForecast({weight, mean, sd}).crps(3.5), 1.4975032877985635, 1e-12);
}

TEST(Distributions, FarAwayTheScoreIsTheDistanceLessHalfTheSpread) {
  for (const double z : {-40.0, 40.0}) {
    EXPECT_DOUBLE_EQ(NormalForecast({5, 2}).crps(5 + 2 * z), 80 - 2 * std::numbers::inv_sqrtpi);
    EXPECT_DOUBLE_EQ(LogisticForecast({5, 2}).crps(5 + 2 * z), 80 - 2.0);
  }
  EXPECT_NEAR(GammaForecast({3, 2}).crps(1e6), 1e6 - 6 - 2 / (std::beta(0.5, 3.0)), 1e-9);
  EXPECT_TRUE(near(LognormalForecast({0, 1}).crps(1e9), 1e9 - std::exp(0.5) * (1 + std::erf(0.5)), 1e-14));
}

TEST(Distributions, WithTinySpreadsLoseNoDigits) {
  // As the spread falls, every score becomes spread times that of a standard normal.
  const double standard = NormalForecast({0, 1}).crps(0.6);
  for (const double s : {1e-3, 1e-6, 1e-9}) {
    EXPECT_NEAR(NormalForecast({0, s}).crps(0.6 * s) / s, standard, 1e-14);
    EXPECT_NEAR(LognormalForecast({0, s}).crps(std::exp(0.6 * s)) / s, standard, 2 * s + 1e-7 * (s < 1e-8));
    const double shape = 1 / (s * s);
    EXPECT_NEAR(GammaForecast({shape, s * s}).crps(1 + 0.6 * s) / s, standard, 2 * s + 1e-7 * (s < 1e-8));
    EXPECT_NEAR(GammaForecast({shape, s * s}).cdf(1 + 0.6 * s), NormalForecast({0, 1}).cdf(0.6),
                2 * s + 1e-7 * (s < 1e-8));
    EXPECT_NEAR(GammaForecast({shape, s * s}).log_score(1 + 0.6 * s).value_or(0),
                NormalForecast({0, s}).log_score(0.6 * s).value_or(0), 2 * s + 1e-7 * (s < 1e-8));
  }
}

// The formulas in 60 digits and more (mpmath 1.4).
TEST(Distributions, OfWideLognormalsAndLargeShapesLoseNoDigits) {
  EXPECT_TRUE(near(LognormalForecast({0, 9}).crps(1), 76303677.684641812, 1e-13));
  EXPECT_TRUE(near(LognormalForecast({0, 12}).crps(1), 399981265934752.71, 1e-13));
  EXPECT_TRUE(near(LognormalForecast({0, 15}).crps(0.5), 2.0028584541551896e+23, 1e-13));
  EXPECT_TRUE(near(LognormalForecast({0, 30}).crps(2), 1.9526861134251119e+96, 1e-12));
  EXPECT_TRUE(near(LognormalForecast({0, 12}).crps(0), std::exp(72.0) * std::erfc(6.0), 1e-13));
  for (const double scale : {1.0, 1e-6}) {
    const GammaForecast large{1e6, scale};
    EXPECT_TRUE(near(large.crps(1000600 * scale), 373.28917056872189 * scale, 1e-9));
    EXPECT_TRUE(near(large.crps(997000 * scale), 2436.5659643898333 * scale, 1e-9));
    EXPECT_NEAR(large.cdf(1000600 * scale), 0.72581797405372348, 1e-10);
    EXPECT_NEAR(large.cdf(997000 * scale), 0.0013381041673135997, 1e-10);
    EXPECT_NEAR(large.log_score(997000 * scale).value_or(0), 12.332709685221658 + std::log(scale), 1e-9);
  }
  EXPECT_EQ(GammaForecast({1e8, 1}).cdf(1e7), 0);
  EXPECT_EQ(GammaForecast({1e8, 1}).cdf(1e9), 1);
}

TEST(Distributions, AreTheSameOnBothSidesOfALargeShape) {
  for (const double z : {-5.0, -1.0, 0.0, 0.3, 2.0, 6.0}) {
    const GammaForecast below{std::nextafter(1e6, 0.0), 1}, above{1e6, 1};
    const double at = 1e6 + z * 1e3;
    EXPECT_TRUE(near(below.crps(at), above.crps(at), 1e-10));
    EXPECT_NEAR(below.cdf(at), above.cdf(at), 1e-12);
    EXPECT_NEAR(below.log_score(at).value_or(0), above.log_score(at).value_or(1), 1e-7);
  }
}

TEST(Distributions, FarFromTheActualAreTheDistanceOrDiverge) {
  EXPECT_EQ(LognormalForecast({-750, 1}).crps(1), 1);
  EXPECT_EQ(LognormalForecast({-750, 0.5}).crps(1), 1);
  EXPECT_EQ(LognormalForecast({-400, 1}).crps(1e200), 1e200);
  EXPECT_EQ(LognormalForecast({-400, 0.5}).crps(1e200), 1e200);
  EXPECT_EQ(LognormalForecast({0, 1e-310}).crps(2), 1);
  EXPECT_EQ(GammaForecast({2, 1e-300}).crps(1e300), 1e300);
  EXPECT_EQ(LogisticForecast({0, 1e-310}).crps(2), 2);
  const std::vector<double> weight{1}, zero{0}, one{1};
  for (const Real& score :
       {NormalForecast({0, 1}).log_score(1e200), LognormalForecast({0, 1e-200}).log_score(3),
        LogisticForecast({0, 1e-310}).log_score(3), GammaForecast({2, 1e-300}).log_score(1e300),
        MixtureForecast({weight, zero, one}).log_score(1e200)})
    EXPECT_EQ(score, Real(Undefined::diverges));
  const std::vector<double> actual{1e308}, mean{-1e308}, sd{1};
  DistributionRows rows;
  rows.actual = actual;
  rows.parameters = {mean, sd};
  EXPECT_FAULT(distribution_crps(rows), InputError, "E_AMOUNT_RANGE", "too far from the forecast");
}

TEST(Distributions, SharesOfAMixtureAreNeverAboveOne) {
  std::vector<double> mean(5, 0.0), sd(5, 1.0), weight{0.45, 0.4, 0.05, 0.05, 0.05};
  EXPECT_EQ(MixtureForecast({weight, mean, sd}).cdf(1e6), 1);
  weight = {0.5, 0.5 + 9e-10};
  EXPECT_EQ(MixtureForecast({weight, std::span(mean).first(2), std::span(sd).first(2)}).cdf(1e6), 1);
}

TEST(Distributions, WithoutSpreadArePoints) {
  EXPECT_EQ(NormalForecast({5, 0}).crps(3), 2);
  EXPECT_EQ(LogisticForecast({5, 0}).crps(3), 2);
  EXPECT_EQ(LognormalForecast({0, 0}).crps(3), 2);
  EXPECT_EQ(NormalForecast({5, 0}).cdf(5), 1);
  EXPECT_EQ(NormalForecast({5, 0}).cdf(4.9), 0);
  EXPECT_EQ(LogisticForecast({5, 0}).cdf(4.9), 0);
  EXPECT_EQ(LognormalForecast({0, 0}).cdf(1), 1);
  for (const Real& score : {NormalForecast({5, 0}).log_score(5), LogisticForecast({5, 0}).log_score(5),
                            LognormalForecast({5, 0}).log_score(5), LognormalForecast({0, 1}).log_score(0),
                            GammaForecast({2, 1}).log_score(0), GammaForecast({2, 1}).log_score(-1)})
    EXPECT_EQ(score, Real(Undefined::diverges));
  EXPECT_EQ(GammaForecast({1, 2}).log_score(0), Real(std::log(2)));
  const std::vector<double> weight{0.25, 0.75}, mean{0, 8}, none{0, 0};
  EXPECT_DOUBLE_EQ(MixtureForecast({weight, mean, none}).crps(2), 0.25 * 2 + 0.75 * 6 - 0.25 * 0.75 * 8);
  EXPECT_EQ(MixtureForecast({weight, mean, none}).log_score(2), Real(Undefined::diverges));
}

TEST(Distributions, LogScoresAreMinusTheLogarithmOfTheSlope) {
  const auto check = [](const auto& forecast) {
    constexpr double step = 1e-5, actual = 1.7;
    const double slope = (forecast.cdf(actual + step) - forecast.cdf(actual - step)) / (2 * step);
    EXPECT_NEAR(forecast.log_score(actual).value_or(0), -std::log(slope), 1e-6);
  };
  check(NormalForecast{1, 2});
  check(LogisticForecast{1, 0.7});
  check(LognormalForecast{0.3, 0.4});
  check(GammaForecast{2.5, 0.8});
  const std::vector<double> weight{0.3, 0.7}, mean{-1, 2}, sd{0.5, 1.5};
  check(MixtureForecast{weight, mean, sd});
  const std::vector<double> far{1000, 2000}, narrow{1, 1};  // densities below the least double
  EXPECT_NEAR(MixtureForecast({weight, far, narrow}).log_score(0).value_or(0),
              0.5 * 1e6 + 0.5 * std::log(2 * std::numbers::pi) - std::log(0.3), 1e-6);
}

TEST(Distributions, AMixtureOfEqualPartsIsThePart) {
  for_all([] {
    const double mean = *rc::gen::inRange(-50, 50), sd = *rc::gen::inRange(1, 20),
                 at = *rc::gen::inRange(-99, 99);
    const std::vector<double> weight{0.25, 0.75}, means{mean, mean}, sds{sd, sd};
    RC_ASSERT(
        near(MixtureForecast({weight, means, sds}).crps(at), NormalForecast({mean, sd}).crps(at), 1e-13));
  });
}

TEST(Distributions, OfRowsAreThoseOfEach) {
  const std::vector<double> actual(3000, 2.0), first(3000, 1.0), second(3000, 0.5), weight(3000, 1.0);
  for (const auto& [family, expected] :
       {std::pair(ForecastFamily::normal, NormalForecast({1, 0.5}).crps(2)),
        std::pair(ForecastFamily::logistic, LogisticForecast({1, 0.5}).crps(2)),
        std::pair(ForecastFamily::lognormal, LognormalForecast({1, 0.5}).crps(2)),
        std::pair(ForecastFamily::gamma, GammaForecast({1, 0.5}).crps(2)),
        std::pair(ForecastFamily::mixture, NormalForecast({1, 0.5}).crps(2))}) {
    DistributionRows rows;
    rows.family = family;
    rows.actual = actual;
    rows.parameters = {first, second};
    if (family == ForecastFamily::mixture) rows.parameters = {weight, first, second};
    for (const double score : distribution_crps(rows)) EXPECT_NEAR(score, expected, 1e-15);
    EXPECT_EQ(distribution_cdf(rows, {.threads = 1}), distribution_cdf(rows, {.threads = 3}));
    EXPECT_EQ(distribution_log_score(rows).size(), 3000U);
    EXPECT_EQ(parse_forecast_family(name_of(family)), family);
  }
}

TEST(Distributions, RefuseWhatIsNone) {
  const std::vector<double> actual{1, 2}, good{1, 1};
  DistributionRows rows;
  rows.actual = actual;
  rows.names = {"mu", "sigma"};
  const std::vector<double> bad{1, -3}, nan{1, std::numeric_limits<double>::quiet_NaN()}, zero{0, 1};
  rows.parameters = {good, bad};
  EXPECT_FAULT(distribution_crps(rows), InputError, "E_PARAM", "-3 is below 0");
  rows.parameters = {good, nan};
  EXPECT_FAULT(distribution_cdf(rows), InputError, "E_AMOUNT_NAN", "sigma");
  rows.parameters = {good};
  EXPECT_FAULT(distribution_crps(rows), InputError, "E_COLUMN_LENGTH", "1 columns of parameters for normal");
  rows.family = ForecastFamily::gamma;
  rows.parameters = {zero, good};
  EXPECT_FAULT(distribution_crps(rows), InputError, "E_PARAM", "0 is not above 0");
  const std::vector<double> tiny{1e-310, 1}, huge{1e300, 1};
  rows.parameters = {tiny, good};
  EXPECT_FAULT(distribution_crps(rows), InputError, "E_PARAM", "too small a shape");
  rows.parameters = {huge, huge};
  EXPECT_FAULT(distribution_cdf(rows), InputError, "E_PARAM", "too large for a number");
  rows.family = ForecastFamily::lognormal;
  const std::vector<double> large{700, 1}, wide{30, 1};
  rows.parameters = {large, wide};
  EXPECT_FAULT(distribution_crps(rows), InputError, "E_PARAM", "too large for a number");
  rows.family = ForecastFamily::mixture;
  rows.parameters = {bad, good, good};
  EXPECT_FAULT(distribution_crps(rows), InputError, "E_WEIGHT", "-3 is below 0");
  const std::vector<double> half{0.5, 0.5}, quarter{0.5, 0.25};
  rows.parameters = {half, good, good, quarter, good, good};
  EXPECT_FAULT(distribution_crps(rows), InputError, "E_WEIGHT", "weights add up to 0.75");
  EXPECT_FAULT(parse_forecast_family("cauchy"), OptionError, "E_DISTRIBUTION", "'cauchy' is not known");
}

}  // namespace
}  // namespace tenure
