#include <tenure/economics/bg_nbd.hpp>
#include <tenure/economics/repeat_purchases.hpp>

#include <limits>
#include <random>

#include <tenure/economics/detail/poisson_draw.hpp>

#include "support/customer_models.hpp"
#include "support/faults.hpp"

namespace tenure {
namespace {

using test::Customers;
using test::within;

Customers one(double x, double seen, double age) { return {{x}, {seen}, {age}}; }
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(RepeatPurchases, RowsThatNoCustomerCanHaveAreRefused) {
  EXPECT_FAULT(check(one(-1, 0, 5).rows()), InputError, "E_RFM_FREQUENCY",
               "column 'frequency', row 0: frequency -1; must be a whole number, 0 or above");
  EXPECT_FAULT(check(one(1.5, 1, 5).rows()), InputError, "E_RFM_FREQUENCY", "frequency 1.5");
  EXPECT_FAULT(check(one(nan, 1, 5).rows()), InputError, "E_RFM_FREQUENCY", "frequency nan");
  EXPECT_FAULT(check(one(1, -1, 5).rows()), InputError, "E_RFM_RECENCY", "recency -1; must be 0 or above");
  EXPECT_FAULT(check(one(1, nan, 5).rows()), InputError, "E_RFM_RECENCY", "recency nan");
  EXPECT_FAULT(check(one(1, 6, 5).rows()), InputError, "E_RFM_RECENCY", "recency 6 is above the age 5");
  EXPECT_FAULT(check(one(1, 1, nan).rows()), InputError, "E_RFM_AGE", "column 'T', row 0: age nan");
  EXPECT_FAULT(check(one(1, 1, INFINITY).rows()), InputError, "E_RFM_AGE", "age inf");
  EXPECT_FAULT(check(one(1, 1, 1e300).rows()), InputError, "E_RFM_AGE", "age 1e+300; must be at most 1e50");
  EXPECT_FAULT(check(one(0, 3, 5).rows()), InputError, "E_RFM_ZERO", "frequency 0 needs recency 0; it is 3");
  Customers weighted = one(1, 1, 5);
  weighted.weight = {0};
  EXPECT_FAULT(check(weighted.rows()), InputError, "E_WEIGHT", "weight 0; must be above 0");
  weighted.weight = {1, 1};
  EXPECT_FAULT(check(weighted.rows()), InputError, "E_COLUMN_LENGTH", "2 values; frequency has 1");
  check(one(3, 0, 5).rows());  // all on the first day
  check(one(0, 0, 0).rows());
  check({});
}

TEST(RepeatPurchases, TheFirstFaultyRowIsNamedAndAllAreCounted) {
  Customers customers;
  for (int row = 0; row < 20'000; ++row) {
    customers.frequency.push_back(row % 5000 == 4999 ? 0.5 : 1);
    customers.recency.push_back(1);
    customers.age.push_back(2);
  }
  RepeatPurchases rows = customers.rows();
  rows.names.frequency = "orders";
  try {
    check(rows, {.threads = 3});
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_EQ(error.fault().row, 4999);
    EXPECT_EQ(error.fault().column, "orders");
    EXPECT_EQ(error.count(), 4);
  }
}

/// One parameter of which the logarithm has standard deviation 0.1, predicted as itself.
ModelFit simple() {
  ModelFit fit = known_parameters({"p"}, Eigen::VectorXd::Constant(1, 0.5));
  fit.log_covariance = Eigen::MatrixXd::Constant(1, 1, 0.01);
  return fit;
}
const Prediction itself = [](const Eigen::VectorXd& p, std::size_t first, std::size_t last,
                             std::span<double> out) {
  for (std::size_t i = first; i < last; ++i) out[i - first] = p(0) * static_cast<double>(i + 1) / 2;
};

TEST(Intervals, DeltaIsTheNormalIntervalOfTheLogarithm) {
  const std::vector<Estimate> found = delta_intervals(simple(), itself, 2, {.confidence = 0.95});
  const double factor = std::exp(1.959963984540054 * 0.1);
  EXPECT_EQ(*found[1].value.value(), 0.5);
  EXPECT_TRUE(within(*found[1].lower.value(), 0.5 / factor, 1e-7));
  EXPECT_TRUE(within(*found[1].upper.value(), 0.5 * factor, 1e-7));
}

TEST(Intervals, SharesStayBelowOne) {
  const std::vector<Estimate> found =
      delta_intervals(simple(), itself, 3, {.confidence = 0.999, .scale = IntervalScale::logit});
  const double value = 0.75, half = 3.290526731491926 * 0.1 * value / (value * (1 - value));
  EXPECT_TRUE(within(*found[2].upper.value(), 1 / (1 + std::exp(-std::log(3.0) - half)), 1e-7));
  EXPECT_LT(*found[2].upper.value(), 1);
}

TEST(Intervals, DrawsAreQuantilesOfThePredictions) {
  Eigen::MatrixXd draws(101, 1);
  for (Eigen::Index row = 0; row < 101; ++row) draws(100 - row, 0) = static_cast<double>(row);
  const std::vector<Estimate> found = drawn_intervals(simple(), draws, itself, 40'000, {.confidence = 0.9});
  EXPECT_TRUE(within(*found[1].lower.value(), 5, 1e-12));
  EXPECT_TRUE(within(*found[1].upper.value(), 95, 1e-12));
  EXPECT_TRUE(within(*found[39'999].upper.value(), 95.0 * 20'000, 1e-12));
  EXPECT_EQ(*found[1].value.value(), 0.5);
}

TEST(Intervals, WithoutErrorsThereAreNone) {
  const ModelFit fit = known_parameters({"p"}, Eigen::VectorXd::Constant(1, 0.5));
  for (const auto& found : {delta_intervals(fit, itself, 2, {}), drawn_intervals(fit, {}, itself, 2, {})}) {
    EXPECT_EQ(*found[1].value.value(), 0.5);
    EXPECT_EQ(found[1].lower.reason(), Undefined::not_estimated);
    EXPECT_EQ(found[1].upper.reason(), Undefined::not_estimated);
  }
}

TEST(Intervals, WhatCannotBeToldIsNotCertain) {
  ModelFit fit = simple();
  for (const double variance : {-1e-20, nan}) {
    fit.log_covariance(0, 0) = variance;
    for (const IntervalScale scale : {IntervalScale::logarithm, IntervalScale::logit}) {
      const Estimate found = delta_intervals(fit, itself, 1, {.scale = scale})[0];
      EXPECT_EQ(found.value, Real(0.25));
      EXPECT_EQ(found.lower, Real(Undefined::not_estimated));
      EXPECT_EQ(found.upper, Real(Undefined::not_estimated));
    }
  }
  fit.log_covariance(0, 0) = 0;
  EXPECT_EQ(delta_intervals(fit, itself, 1)[0], (Estimate{0.25, 0.25, 0.25}));
  fit.log_covariance(0, 0) = 1e8;
  EXPECT_EQ(delta_intervals(fit, itself, 1)[0].upper, Real(Undefined::diverges));
}

TEST(Intervals, ReplicatesThatCouldNotBeFittedAreLeftOut) {
  Eigen::MatrixXd draws = Eigen::MatrixXd::Constant(100, 1, 3);
  draws.topRows(10).setConstant(nan);
  EXPECT_EQ(drawn_intervals(simple(), draws, itself, 1)[0], (Estimate{0.25, 1.5, 1.5}));
  draws(10, 0) = nan;
  EXPECT_EQ(drawn_intervals(simple(), draws, itself, 1)[0],
            (Estimate{0.25, Undefined::too_few, Undefined::too_few}));
}

TEST(Intervals, RefuseWhatMakesNoSense) {
  EXPECT_FAULT(delta_intervals(simple(), itself, 1, {.confidence = 1}), OptionError, "E_CONFIDENCE",
               "a confidence of 1 is not between 0 and 1");
  EXPECT_FAULT(drawn_intervals(simple(), Eigen::MatrixXd::Ones(19, 1), itself, 1, {}), OptionError,
               "E_BOOTSTRAP", "19 replicates are too few for an interval");
}

/// Customers as the BG/NBD model has them, so that its standard errors are true of them.
Customers made_by(const BetaGeo& model, std::size_t count) {
  std::mt19937_64 random(11);
  std::gamma_distribution<double> rate(model.r, 1 / model.alpha), one(model.a), other(model.b);
  Customers customers;
  for (std::size_t i = 0; i < count; ++i) {
    std::exponential_distribution<double> wait(rate(random));
    const double left = one(random), stayed = other(random);
    std::bernoulli_distribution leaves(left / (left + stayed));
    double x = 0, seen = 0;
    for (double next = wait(random); next <= 40; next += wait(random)) {
      ++x;
      seen = next;
      if (leaves(random)) break;
    }
    customers.frequency.push_back(x);
    customers.recency.push_back(seen);
    customers.age.push_back(40);
  }
  return customers;
}

TEST(Bootstrap, SpreadIsThatOfTheStandardErrors) {
  const BetaGeo truth{0.5, 4, 0.8, 2.4};
  const Customers customers = made_by(truth, 3000);
  const ModelFit fit = fit_beta_geo(customers.rows());
  const double given[] = {truth.r, truth.alpha, truth.a, truth.b};
  FitOptions options;
  options.execution.threads = 1;
  const Eigen::MatrixXd drawn = bootstrap_beta_geo(customers.rows(), fit, 200, 5, options);
  options.execution.threads = 3;
  EXPECT_EQ(drawn, bootstrap_beta_geo(customers.rows(), fit, 200, 5, options));
  EXPECT_EQ(drawn.topRows(20), bootstrap_beta_geo(customers.rows(), fit, 20, 5, options));
  EXPECT_NE(drawn, bootstrap_beta_geo(customers.rows(), fit, 200, 6, options));
  for (Eigen::Index i = 0; i < 4; ++i) {
    const Eigen::ArrayXd logs = drawn.col(i).array().log();
    const double spread = std::sqrt((logs - logs.mean()).square().mean());
    const double error = std::sqrt(fit.log_covariance(i, i));
    EXPECT_TRUE(within(spread, error, 0.25));
    EXPECT_LT(std::abs(std::log(fit.parameters(i) / given[i])), 3 * error);
  }
  EXPECT_FAULT(bootstrap_beta_geo(customers.rows(), fit, 19, 5), OptionError, "E_BOOTSTRAP", "19 replicates");
}

TEST(Bootstrap, OneKindOfCustomerSaysNothingOfOthers) {
  Customers alike;
  for (int copy = 0; copy < 30; ++copy) {
    alike.frequency.push_back(3);
    alike.recency.push_back(5);
    alike.age.push_back(10);
  }
  for (const Customers& customers : {one(3, 5, 10), alike}) {
    const ModelFit fit = fit_beta_geo(customers.rows());
    const Eigen::MatrixXd drawn = bootstrap_beta_geo(customers.rows(), fit, 20, 1);
    EXPECT_EQ(drawn_intervals(fit, drawn, itself, 1)[0].upper, Real(Undefined::too_few));
  }
}

/// Whole weights of any size: mean and variance are the weight, and a row is the sum of its copies.
TEST(Bootstrap, DrawsOfWeightsArePoisson) {
  for (const double weight : {0.5, 1.0, 30.0, 31.0, 100.0, 1000.0}) {
    double sum = 0, squares = 0;
    constexpr int draws = 200'000;
    for (int i = 0; i < draws; ++i) {
      const double drawn = detail::poisson_draw(weight, (i + 0.5) / draws);
      sum += drawn;
      squares += drawn * drawn;
    }
    const double mean = sum / draws;
    EXPECT_TRUE(within(mean, weight, 1e-4)) << mean;
    EXPECT_TRUE(within(squares / draws - mean * mean, weight, 2e-3)) << weight;
  }
}

struct BootstrapOfCdnow : test::SharedData {};

TEST_F(BootstrapOfCdnow, WeightsOfManyCopiesAreResampledToo) {
  Customers customers = test::some_of(test::cdnow(), 300, 2);
  customers.weight.assign(300, 40);
  const ModelFit fit = fit_beta_geo(customers.rows());
  const Eigen::MatrixXd drawn = bootstrap_beta_geo(customers.rows(), fit, 40, 1);
  const double mean = drawn.col(0).mean();
  EXPECT_TRUE(within(mean, fit.parameters(0), 0.1));
}

}  // namespace
}  // namespace tenure
