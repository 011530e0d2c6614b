#include <tenure/economics/bg_nbd.hpp>
#include <tenure/economics/detail/beta_geo.hpp>

#include "support/customer_models.hpp"
#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

using test::cdnow;
using test::Customers;
using test::reference_value;
using test::within;

struct BetaGeoOfCdnow : test::SharedData {};
const BetaGeo published{0.243, 4.414, 0.793, 2.426};

TEST_F(BetaGeoOfCdnow, FitIsThePublishedOne) {
  const Customers customers = cdnow();
  const ModelFit fit = fit_beta_geo(customers.rows());
  const auto& values = reference_value("bgnbd_cdnow_fit").at("values");
  EXPECT_EQ(fit.outcome, Outcome::converged);
  EXPECT_EQ(fit.customers, 2357);
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_TRUE(within(fit.parameters(static_cast<Eigen::Index>(i)), values.at(fit.names[i]), 1e-6));
  EXPECT_NEAR(fit.log_likelihood, values.at("log_likelihood").get<double>(), 1e-6);
  test::expect_best<BetaGeo>(fit, customers);
}

TEST_F(BetaGeoOfCdnow, LogLikelihoods) {
  const Customers customers = cdnow();
  const auto& values = reference_value("bgnbd_cdnow_loglik_at_published").at("values");
  EXPECT_TRUE(within(published.log_likelihood(customers.rows()), values.at("total"), 1e-10));
  const std::vector<double> each = published.log_likelihoods(customers.rows());
  for (const auto& [id, value] : values.at("per_customer").items())
    EXPECT_TRUE(within(each[std::stoul(id) - 1], value, 1e-10)) << id;
}

TEST_F(BetaGeoOfCdnow, ConditionalExpectations) {
  const Customers customers = cdnow();
  const auto& values = reference_value("bgnbd_cdnow_condexp_39w").at("values");
  const std::vector<double> each = published.conditional_expected_purchases(39, customers.rows());
  double sum = 0;
  for (const double value : each) sum += value;
  EXPECT_TRUE(within(sum, values.at("sum"), 1e-10));
  for (const auto& [id, value] : values.at("per_customer").items())
    EXPECT_TRUE(within(each[std::stoul(id) - 1], value, 1e-10)) << id;
}

TEST_F(BetaGeoOfCdnow, ExpectationsAndCountsOfNewCustomers) {
  const auto& expected = reference_value("bgnbd_expected_purchases");
  for (std::size_t i = 0; i < expected.at("inputs").at("t").size(); ++i)
    EXPECT_TRUE(within(published.expected_purchases(expected.at("inputs").at("t")[i]),
                       expected.at("values").at("expected")[i], 1e-9));
  const auto& counts = reference_value("bgnbd_pmf");
  for (std::size_t i = 0; i < counts.at("inputs").at("n").size(); ++i)
    EXPECT_NEAR(published.probability_of_purchases(30, counts.at("inputs").at("n")[i]),
                counts.at("values").at("pmf")[i].get<double>(), 1e-8);
  EXPECT_NEAR(published.probability_of_purchases(39, 0), 0.5737864, 5e-7);
  EXPECT_NEAR(published.probability_of_purchases(2, 10), 1.07869e-07, 1e-12);
}

TEST_F(BetaGeoOfCdnow, DerivativesAreThoseOfTheValue) {
  const Customers customers = test::some_of(cdnow(), 500, 3);
  const detail::CustomerBase base(customers.rows());
  for (const Eigen::Vector4d& at : {Eigen::Vector4d(-1.4, 1.5, -0.2, 0.9), Eigen::Vector4d(1, 3, 0.5, -1)}) {
    const auto of =
        [&](Evaluation (*negative)(const detail::CustomerBase&, const Eigen::VectorXd&, const Execution&)) {
          return [&base, negative](const Eigen::VectorXd& logs) {
            return negative(base, logs.array().exp().matrix(), {});
          };
        };
    test::expect_derivatives(of(&detail::beta_geo_negative<0>), at);
    test::expect_derivatives(of(&detail::beta_geo_negative<1>), at);
  }
}

TEST_F(BetaGeoOfCdnow, CopiesOfRowsAndWeightsAreTheSame) {
  Customers customers = cdnow(), twice = customers;
  const ModelFit once = fit_beta_geo(customers.rows());
  for (auto column : {&Customers::frequency, &Customers::recency, &Customers::age})
    (twice.*column).insert((twice.*column).end(), (customers.*column).begin(), (customers.*column).end());
  customers.weight.assign(customers.age.size(), 2);
  for (const ModelFit& fit : {fit_beta_geo(twice.rows()), fit_beta_geo(customers.rows())}) {
    EXPECT_EQ(fit.customers, 2 * once.customers);
    EXPECT_TRUE(within(fit.log_likelihood, 2 * once.log_likelihood, 1e-12));
    for (Eigen::Index i = 0; i < 4; ++i) EXPECT_TRUE(within(fit.parameters(i), once.parameters(i), 1e-7));
    EXPECT_TRUE(within(*fit.std_errors[0].value(), *once.std_errors[0].value() / std::sqrt(2), 1e-6));
  }
}

TEST_F(BetaGeoOfCdnow, ManyCustomersTakeTheSameBestOnAnyNumberOfThreads) {
  const Customers all = cdnow(), many = test::some_of(all, 40'000, 1);
  FitOptions options;
  options.execution.threads = 1;
  const ModelFit fit = fit_beta_geo(many.rows(), options);
  EXPECT_EQ(fit.outcome, Outcome::converged);
  for (const int threads : {2, 3, 8}) {
    options.execution.threads = threads;
    const ModelFit other = fit_beta_geo(many.rows(), options);
    EXPECT_EQ(other.parameters, fit.parameters);
    EXPECT_EQ(other.log_likelihood, fit.log_likelihood);
    EXPECT_EQ(published.conditional_expected_purchases(39, many.rows(), options.execution),
              published.conditional_expected_purchases(39, many.rows(), {.threads = 1}));
  }
  options.starts = {Eigen::Vector4d(2, 1, 3, 1)};
  EXPECT_TRUE(within(fit_beta_geo(many.rows(), options).log_likelihood, fit.log_likelihood, 1e-12));
}

TEST_F(BetaGeoOfCdnow, SixtyCustomersAlwaysReturn) {
  const Customers all = cdnow();
  int bounded = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const Customers few = test::some_of(all, 60, seed);
    const ModelFit fit = fit_beta_geo(few.rows());
    bounded += fit.outcome == Outcome::at_bound ? 1 : 0;
    EXPECT_NE(fit.outcome, Outcome::stopped) << seed;
    EXPECT_TRUE(fit.parameters.allFinite()) << seed;
    EXPECT_EQ(fit.has_errors(), fit.std_errors[0].defined());
    EXPECT_FALSE(fit.outcome == Outcome::at_bound && fit.has_errors());
    const BetaGeo model = BetaGeo::of(fit.parameters);
    for (const double value : model.conditional_expected_purchases(39, few.rows()))
      EXPECT_TRUE(std::isfinite(value) && value >= 0) << seed;
    FitOptions penalised;
    penalised.penalty = 0.01;
    // The penalty draws parameters down, so it ends flights to infinity, not those to 0.
    EXPECT_LT(fit_beta_geo(few.rows(), penalised).parameters.maxCoeff(), 1000) << seed;
  }
  EXPECT_GT(bounded, 0);  // else the sets show nothing
}

TEST_F(BetaGeoOfCdnow, PenaltyOfLifetimes) {
  FitOptions options;
  options.penalty = 0.1;
  const Eigen::VectorXd found = fit_beta_geo(cdnow().rows(), options).parameters;
  // BetaGeoFitter(penalizer_coef=0.1) of lifetimes 0.11.3
  const Eigen::Vector4d theirs(0.23094701386573424, 4.2192875236191, 0.12865474020745932,
                               0.26712679605042017);
  for (Eigen::Index i = 0; i < 4; ++i) EXPECT_TRUE(within(found(i), theirs(i), 1e-4));
}

// Numbers by mpmath at 50 digits: E[(1 - (1 + p w)^-n) / p] with p from Beta(a, b + x).
TEST(BetaGeo, ExpectationsWhereTheFormulaOfThePaperHasNoValue) {
  const std::vector<double> x{0, 0, 3}, seen{0, 0, 2}, age{10, 30, 10};
  const struct {
    BetaGeo model;
    double t;
    std::array<double, 3> expected;
  } cases[] = {
      {{0.243, 4.414, 1, 2.426}, 39, {0.47595262143326615, 0.23344128787078544, 1.237645440551346}},
      {{0.243, 4.414, 0.3, 0.5}, 39, {0.47137008875564676, 0.22858357017354527, 2.5695451079022605}},
      {{0.243, 4.414, 0.3, 0.7}, 39, {0.49860131419851874, 0.23645063577968618, 2.7175149105555485}},
      {{2.5, 1.2, 1.0000001, 0.4}, 12, {1.160356715237894, 0.65036612773477789, 0.0085096071497203388}},
  };
  for (const auto& [model, t, expected] : cases) {
    const std::vector<double> found = model.conditional_expected_purchases(t, {x, seen, age});
    for (std::size_t row = 0; row < 3; ++row) EXPECT_TRUE(within(found[row], expected[row], 1e-12));
  }
}

TEST(BetaGeo, SeriesAndIntegralAgreeAndStretchesHoldBoth) {
  for (const double n : {1e-4, 0.5, 8.0, 60.0, 250.0})
    for (const double a : {1e-3, 0.5, 1.0, 50.0})
      for (const double c : {1e-3, 1.0, 30.0, 1e5})
        for (const double u : {0.01, 0.3, 1.5, 3.2}) {
          const double w = std::expm1(u), width = detail::ExpectedStretch::width(n);
          const double value = detail::expected_by_integral(n, a, c, w);
          const detail::ExpectedStretch stretch(n, a, c, std::floor(u / width) * width, width);
          ASSERT_TRUE(within(stretch(u), value, 1e-12)) << n << ' ' << a << ' ' << c << ' ' << u;
          if (n * u >= 600) continue;  // the series would start from a chance of 0
          ASSERT_TRUE(within(detail::expected_by_series(n, a, c, w), value, 1e-12));
        }
}

TEST(BetaGeo, ProbabilitiesAddUpAndHaveTheExpectationAsMean) {
  test::for_all([] {
    const auto draw = [] { return std::exp(*rc::gen::inRange(-150, 150) / 100.0); };
    const BetaGeo model{draw(), draw(), draw(), draw()};
    const double t = draw();
    double sum = 0, mean = 0;
    for (std::int64_t n = 0; n < 400; ++n) {
      const double chance = model.probability_of_purchases(t, n);
      RC_ASSERT(chance >= 0 && chance <= 1);
      sum += chance;
      mean += static_cast<double>(n) * chance;
    }
    RC_ASSERT(std::abs(sum - 1) < 1e-9);
    RC_ASSERT(std::abs(mean / model.expected_purchases(t) - 1) < 1e-6);
  });
}

TEST(BetaGeo, NobodyHasLeftWithoutARepeatPurchase) {
  const std::vector<double> x{0, 4}, seen{0, 1}, age{100, 100};
  const std::vector<double> alive = published.probability_alive({x, seen, age});
  EXPECT_EQ(alive[0], 1);
  EXPECT_GT(alive[1], 0);
  EXPECT_LT(alive[1], 0.1);
  EXPECT_EQ(published.conditional_expected_purchases(0, {x, seen, age}), (std::vector<double>{0, 0}));
}

TEST(BetaGeo, HugeNumbersOfPurchasesAreNumbers) {
  const std::vector<double> x{2000, 1e6, 3e9}, seen{9.9, 9.9, 10}, age{10, 10, 10};
  const RepeatPurchases customers{x, seen, age};
  for (const double value : published.log_likelihoods(customers)) EXPECT_TRUE(std::isfinite(value));
  const std::vector<double> alive = published.probability_alive(customers);
  const std::vector<double> expected = published.conditional_expected_purchases(5, customers);
  for (std::size_t row = 0; row < 3; ++row) {
    EXPECT_TRUE(alive[row] >= 0 && alive[row] <= 1);
    EXPECT_TRUE(std::isfinite(expected[row]) && expected[row] >= 0);
  }
}

TEST(BetaGeo, LongTimesHaveAnAnswerOrARefusal) {
  const std::vector<double> x{0, 1}, seen{0, 1}, age{1, 38};
  const RepeatPurchases customers{x, seen, age};
  const BetaGeo quick{.243, .05, .793, 2.426};
  double last = 0;
  for (const double t : {1e3, 1e10, 1e30, 1e58}) {
    const double expected = quick.expected_purchases(t);
    EXPECT_TRUE(std::isfinite(expected) && expected > last) << t;
    EXPECT_LT(quick.conditional_expected_purchases(t, customers)[1], expected);
    last = expected;
  }
  for (const double t : {1e59, 1e307, 1e308}) {
    EXPECT_FAULT(quick.expected_purchases(t), OptionError, "E_PARAM", "must be at most 1e60");
    EXPECT_FAULT(quick.conditional_expected_purchases(t, customers), OptionError, "E_PARAM", "t=1e+");
    EXPECT_FAULT(quick.probability_of_purchases(t, 1), OptionError, "E_PARAM", "t=1e+");
  }
  EXPECT_FAULT(BetaGeo::of(Eigen::Vector4d(.243, 1e-300, .8, 2.4)), OptionError, "E_PARAM",
               "alpha=1e-300; must be 1e-60 to 1e60");
  EXPECT_FAULT(BetaGeo::of(Eigen::Vector4d(1e13, 1, 1, 1)), OptionError, "E_PARAM",
               "r=10000000000000; must be at most 1e12");
}

/// All customers leave with the same chance: that of the one left in the limit, whatever the step of a rule.
TEST(BetaGeo, ChancesThatHardlyDifferAreOneChance) {
  for (const double size : {1e8, 1e12}) {
    const BetaGeo alike{2, 3, size, 3 * size};
    EXPECT_TRUE(within(alike.expected_purchases(1e58), 4, 1e-7));
    EXPECT_TRUE(within(alike.expected_purchases(3), (1 - std::pow(1.25, -2)) * 4, 1e-7));
  }
}

TEST(BetaGeo, RefusesParametersTimesAndEmptyTables) {
  EXPECT_FAULT(BetaGeo::of(Eigen::Vector4d(1, 1, 0, 1)), OptionError, "E_PARAM", "a=0; must be above 0");
  EXPECT_FAULT(published.expected_purchases(-1), OptionError, "E_PARAM", "t=-1; must be 0 or above");
  EXPECT_FAULT(published.probability_of_purchases(1, -2), OptionError, "E_PARAM", "n=-2; must be 0 or above");
  EXPECT_FAULT(fit_beta_geo({}), InputError, "E_NO_ROWS", "there are no customers to fit a model to");
}

TEST(BetaGeo, OneCustomerReturns) {
  const std::vector<double> x{0}, seen{0}, age{0};
  const ModelFit fit = fit_beta_geo({x, seen, age});
  EXPECT_TRUE(fit.parameters.allFinite());
  EXPECT_FALSE(fit.has_errors());
}

}  // namespace
}  // namespace tenure
