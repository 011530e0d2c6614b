#include <tenure/core/random.hpp>
#include <tenure/economics/gamma_gamma.hpp>

#include <boost/math/quadrature/gauss_kronrod.hpp>

#include "support/faults.hpp"
#include "support/property.hpp"
#include "support/shared.hpp"

namespace tenure {
namespace {

using test::within;

struct Spenders {
  std::vector<double> frequency, monetary, weight = {};

  AverageSpend table() const { return {frequency, monetary, weight}; }
};

Spenders cdnow() {
  const auto rows = test::shared_csv("conformance/data/cdnow_summary_monetary.csv");
  return {test::numbers_of(rows, "x"), test::numbers_of(rows, "zbar")};
}

double total(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

class GammaGammaOfCdnow : public test::SharedData {};

TEST_F(GammaGammaOfCdnow, FitIsThePublishedOne) {
  const auto reference = test::reference_value("gammagamma_cdnow_fit");
  const auto& values = reference.at("values");
  const double relative = reference.at("tolerance").at("param_rel");
  const Spenders customers = cdnow();
  const ModelFit fit = fit_gamma_gamma(customers.table());
  EXPECT_EQ(fit.outcome, Outcome::converged);
  EXPECT_EQ(fit.customers, values.at("n").get<double>());
  EXPECT_TRUE(within(fit.parameters(0), values.at("p"), relative));
  EXPECT_TRUE(within(fit.parameters(1), values.at("q"), relative));
  EXPECT_TRUE(within(fit.parameters(2), values.at("v"), relative));
  EXPECT_NEAR(fit.log_likelihood, values.at("log_likelihood").get<double>(), 1e-3);
  EXPECT_NEAR(fit.log_likelihood, total(GammaGamma::of(fit.parameters).log_likelihoods(customers.table())),
              1e-8);
  const auto errors = test::reference_value("gammagamma_cdnow_se");
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_TRUE(within(fit.std_errors[i].value_or(0), errors.at("values").at(fit.names[i]),
                       errors.at("tolerance").at("rel")))
        << fit.names[i];
}

TEST_F(GammaGammaOfCdnow, ConditionalExpectations) {
  const auto reference = test::reference_value("gammagamma_condexp");
  const auto expected = reference.at("values").at("expected_spend").get<std::vector<double>>();
  const auto printed = reference.at("values").at("published_rounded").get<std::vector<double>>();
  const Spenders all = cdnow();
  const AverageSpend first{std::span(all.frequency).first(10), std::span(all.monetary).first(10)};
  const auto found = GammaGamma{6.25, 3.74, 15.44}.conditional_expected_spend(first);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_TRUE(within(found[i].value_or(0), expected[i], 1e-9)) << i;
    EXPECT_NEAR(found[i].value_or(0), printed[i], 0.1) << i;
  }
  EXPECT_TRUE(within(GammaGamma{6.25, 3.74, 15.44}.expected_spend().value_or(0), expected[3], 1e-12));
}

/// Weights are copies, blocks of rows are added in order, and a fit from elsewhere ends at the same place.
TEST_F(GammaGammaOfCdnow, SameForCopiesThreadsAndStarts) {
  Spenders customers = cdnow();
  const ModelFit once = fit_gamma_gamma(customers.table());
  Spenders weighted = customers;
  weighted.weight.assign(customers.frequency.size(), 5);
  for (int copy = 1; copy < 5; ++copy) {
    customers.frequency.insert(customers.frequency.end(), weighted.frequency.begin(),
                               weighted.frequency.end());
    customers.monetary.insert(customers.monetary.end(), weighted.monetary.begin(), weighted.monetary.end());
  }
  const ModelFit copied = fit_gamma_gamma(customers.table(), {.execution = {.threads = 1}});
  const ModelFit threads = fit_gamma_gamma(customers.table(), {.execution = {.threads = 3}});
  EXPECT_EQ(copied.parameters, threads.parameters);
  const ModelFit heavy = fit_gamma_gamma(weighted.table(), {.starts = {Eigen::Vector3d(0.5, 9, 200)}});
  for (const ModelFit* fit : {&copied, &heavy}) {
    for (Eigen::Index i = 0; i < 3; ++i) EXPECT_TRUE(within(fit->parameters(i), once.parameters(i), 1e-6));
    EXPECT_TRUE(
        within(fit->std_errors[1].value_or(0), once.std_errors[1].value_or(0) / std::sqrt(5.0), 1e-6));
  }
}

TEST_F(GammaGammaOfCdnow, IntervalsHoldTheExpectation) {
  const Spenders customers = cdnow();
  const ModelFit fit = fit_gamma_gamma(customers.table());
  const auto found = expected_spend_intervals(fit, customers.table());
  // A customer of unknown spend: the expectation is p v / (q - 1), and its error that of the parameters.
  const auto mean = [&](const Eigen::Vector3d& at) { return at(0) * at(2) / (at(1) - 1); };
  Eigen::Vector3d slope;
  for (Eigen::Index i = 0; i < 3; ++i) {
    Eigen::Vector3d up = fit.parameters, down = fit.parameters;
    up(i) *= 1 + 1e-5;
    down(i) *= 1 - 1e-5;
    slope(i) = (std::log(mean(up)) - std::log(mean(down))) / 2e-5;
  }
  const double error = std::sqrt(slope.dot(fit.log_covariance * slope));
  EXPECT_TRUE(
      within(found[2].upper.value_or(0), mean(fit.parameters) * std::exp(1.959963984540054 * error), 1e-8));
  EXPECT_TRUE(
      within(found[2].lower.value_or(0), mean(fit.parameters) * std::exp(-1.959963984540054 * error), 1e-8));
  const ModelFit known = known_parameters(GammaGamma::names(), fit.parameters);
  EXPECT_EQ(expected_spend_intervals(known, customers.table())[0].lower.reason(), Undefined::not_estimated);
  EXPECT_FAULT(expected_spend_intervals(fit, customers.table(), 1), OptionError, "E_CONFIDENCE",
               "a confidence of 1 is not");
}

TEST_F(GammaGammaOfCdnow, NoRandomPointIsBetterThanTheFit) {
  const Spenders customers = cdnow();
  const ModelFit fit = fit_gamma_gamma(customers.table());
  RandomStream random(1, 0);
  for (int draw = 0; draw < 200; ++draw) {
    Eigen::Vector3d at = fit.parameters;
    for (double& parameter : at) parameter *= std::exp(2 * random.uniform() - 1);
    EXPECT_LE(total(GammaGamma::of(at).log_likelihoods(customers.table())), fit.log_likelihood);
  }
}

TEST(GammaGamma, LikelihoodIsADensity) {
  const GammaGamma model{2.5, 3.5, 12};
  for (const double x : {1.0, 4.0}) {
    const auto density = [&](double z) {
      const std::vector<double> frequency{x}, monetary{z};
      return std::exp(model.log_likelihoods({frequency, monetary})[0]);
    };
    const double inside = boost::math::quadrature::gauss_kronrod<double, 61>::integrate(
        density, 0.0, std::numeric_limits<double>::infinity(), 15, 1e-12);
    EXPECT_NEAR(inside, 1, 1e-9);
  }
}

TEST(GammaGamma, MoneyInCentsIsTheSameModel) {
  const Spenders euros{{1, 2, 3, 1, 5, 2, 0}, {10, 14, 9, 30, 21, 12, 0}};
  Spenders cents = euros;
  for (double& amount : cents.monetary) amount *= 100;
  const ModelFit a = fit_gamma_gamma(euros.table()), b = fit_gamma_gamma(cents.table());
  EXPECT_EQ(a.outcome, b.outcome);
  const auto spend = [](const ModelFit& fit, const Spenders& customers) {
    return GammaGamma::of(fit.parameters).conditional_expected_spend(customers.table());
  };
  for (std::size_t i = 0; i < euros.frequency.size(); ++i)
    EXPECT_TRUE(within(spend(b, cents)[i].value_or(0), 100 * spend(a, euros)[i].value_or(0), 1e-4)) << i;
}

TEST(GammaGamma, DivergesWithoutAMean) {
  const GammaGamma model{1, 0.5, 10};
  const Spenders customers{{0, 1}, {0, 20}};
  EXPECT_EQ(model.expected_spend().reason(), Undefined::diverges);
  const auto found = model.conditional_expected_spend(customers.table());
  EXPECT_EQ(found[0].reason(), Undefined::diverges);
  EXPECT_EQ(found[1], Real(60));
  const ModelFit known = known_parameters(GammaGamma::names(), Eigen::Vector3d(1, 0.5, 10));
  EXPECT_EQ(expected_spend_intervals(known, customers.table())[0].value.reason(), Undefined::diverges);
}

TEST(GammaGamma, FewCustomersReturn) {
  for (const Spenders& few : {Spenders{{1}, {10}}, Spenders{{3, 3}, {10, 10}}, Spenders{{1, 1}, {1, 1e6}}}) {
    const ModelFit fit = fit_gamma_gamma(few.table());
    EXPECT_TRUE(fit.parameters.allFinite());
    EXPECT_TRUE(fit.outcome == Outcome::converged || !fit.std_errors[0].defined());
  }
  const Spenders alike{{3, 3}, {10, 10}};
  EXPECT_NE(fit_gamma_gamma(alike.table()).outcome, Outcome::converged);
  EXPECT_EQ(fit_gamma_gamma(alike.table(), {.penalty = 0.1}).outcome, Outcome::converged);
}

TEST(GammaGamma, Correlation) {
  EXPECT_NEAR(spend_correlation(Spenders{{1, 2, 3, 0}, {10, 20, 30, 99}}.table()).value_or(0), 1, 1e-15);
  EXPECT_NEAR(spend_correlation(Spenders{{1, 2, 3}, {10, 30, 20}, {1, 1, 2}}.table()).value_or(0),
              spend_correlation(Spenders{{1, 2, 3, 3}, {10, 30, 20, 20}}.table()).value_or(1), 1e-15);
  EXPECT_EQ(spend_correlation(Spenders{{1, 2}, {10, 20}}.table()).reason(), Undefined::too_few);
  EXPECT_EQ(spend_correlation(Spenders{{2, 2, 2}, {10, 20, 30}}.table()).reason(), Undefined::too_few);
}

TEST(GammaGamma, RefusesWhatTheModelCannotMean) {
  const auto fit = [](const Spenders& customers) { return fit_gamma_gamma(customers.table()); };
  EXPECT_FAULT(fit({{1, 1}, {5, 0}}), InputError, "E_RFM_MONETARY", "row 1");
  EXPECT_FAULT(fit({{1}, {-3}}), InputError, "E_RFM_MONETARY", "-3; must be above 0");
  EXPECT_FAULT(fit({{1}, {NAN}}), InputError, "E_RFM_MONETARY", "nan");
  EXPECT_FAULT(fit({{1.5}, {5}}), InputError, "E_RFM_FREQUENCY", "1.5; must be a whole number");
  EXPECT_FAULT(fit({{-1}, {5}}), InputError, "E_RFM_FREQUENCY", "-1");
  EXPECT_FAULT(fit({{1}, {5}, {0}}), InputError, "E_WEIGHT", "0; must be above 0");
  EXPECT_FAULT(fit({{1}, {5, 6}}), InputError, "E_COLUMN_LENGTH", "has 2 rows");
  EXPECT_FAULT(fit({{0}, {0}}), InputError, "E_NO_ROWS", "repeat purchase");
  EXPECT_FAULT(fit({}), InputError, "E_NO_ROWS", "repeat purchase");
  EXPECT_FAULT(GammaGamma::of(Eigen::Vector3d(1, 0, 1)), OptionError, "E_PARAM", "q=0");
}

}  // namespace
}  // namespace tenure
