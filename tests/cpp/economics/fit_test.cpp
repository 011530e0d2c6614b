#include <tenure/economics/fit.hpp>

#include "support/faults.hpp"

namespace tenure {
namespace {

/// Exponential durations: with d events in a total time of S, log L = d log rate - rate S, so that the best
/// rate is d / S and the standard error of its logarithm 1 / sqrt(d).
Likelihood exponential(double events, double time) {
  Likelihood likelihood{.names = {"rate"}, .negative = {}, .customers = events, .units = {}, .starts = {}};
  likelihood.units = Eigen::VectorXd::Ones(1);
  likelihood.starts = {Eigen::VectorXd::Ones(1)};
  likelihood.negative = [=](const Eigen::VectorXd& at) {
    const double rate = std::exp(at(0));
    return Evaluation{rate * time - events * at(0), Eigen::VectorXd::Constant(1, rate * time - events),
                      Eigen::MatrixXd::Constant(1, 1, rate * time)};
  };
  return likelihood;
}

TEST(Fit, FindsTheClosedForm) {
  const ModelFit fit = fit_parameters(exponential(25, 100));
  EXPECT_EQ(fit.outcome, Outcome::converged);
  EXPECT_EQ(fit.names, std::vector<std::string>{"rate"});
  EXPECT_NEAR(fit.parameters(0), 0.25, 1e-9);
  EXPECT_NEAR(*fit.std_errors[0].value(), 0.25 / 5, 1e-9);
  EXPECT_NEAR(fit.log_covariance(0, 0), 1.0 / 25, 1e-9);
  EXPECT_NEAR(fit.log_likelihood, 25 * std::log(0.25) - 25, 1e-9);
  EXPECT_EQ(fit.customers, 25);
}

TEST(Fit, APenaltyIsThatOfLifetimes) {
  const double penalty = 0.3, events = 25, time = 100;
  const ModelFit fit = fit_parameters(exponential(events, time), {.penalty = penalty});
  const double rate = fit.parameters(0);  // where d/S and the slope of penalty * d * rate^2 balance
  EXPECT_NEAR(rate * time - events + 2 * penalty * events * rate * rate, 0, 1e-7);
  EXPECT_NEAR(fit.log_likelihood, events * std::log(rate) - rate * time, 1e-9);
}

TEST(Fit, ABoundIsAnOutcomeNotAnException) {
  Likelihood falling = exponential(0, 10);  // nothing happened: the best rate is 0
  const ModelFit fit = fit_parameters(falling);
  EXPECT_EQ(fit.outcome, Outcome::at_bound);
  EXPECT_NEAR(fit.parameters(0), 1e-6, 1e-12);
  EXPECT_EQ(fit.std_errors[0].reason(), Undefined::not_estimated);
  EXPECT_FALSE(fit.has_errors());
  EXPECT_EQ(draw_parameters(fit, 100, 1).rows(), 0);
}

TEST(Fit, TheBestOfSeveralStartsIsKept) {
  FitOptions options;
  options.starts = {Eigen::VectorXd::Constant(1, 1e5), Eigen::VectorXd::Constant(1, 0.2)};
  EXPECT_NEAR(fit_parameters(exponential(25, 100), options).parameters(0), 0.25, 1e-9);
}

TEST(Fit, DrawsFollowTheCovarianceAndTheSeed) {
  const ModelFit fit = fit_parameters(exponential(25, 100));
  const Eigen::MatrixXd draws = draw_parameters(fit, 20'000, 7);
  EXPECT_EQ(draws, draw_parameters(fit, 20'000, 7));
  EXPECT_EQ(draws.topRows(10), draw_parameters(fit, 10, 7));
  EXPECT_NE(draws, draw_parameters(fit, 20'000, 8));
  const Eigen::ArrayXd logs = draws.col(0).array().log();
  const double mean = logs.mean(), spread = std::sqrt((logs - mean).square().mean());
  EXPECT_NEAR(mean, std::log(0.25), 0.005);
  EXPECT_NEAR(spread, 0.2, 0.005);
}

TEST(Fit, RefusesOptionsThatMakeNoSense) {
  EXPECT_FAULT(fit_parameters(exponential(25, 100), {.penalty = -1}), OptionError, "E_PARAM",
               "penalty=-1; must be 0 or above");
  FitOptions options;
  options.starts = {Eigen::VectorXd::Zero(1)};
  EXPECT_FAULT(fit_parameters(exponential(25, 100), options), OptionError, "E_PARAM",
               "rate=0; must be above 0 and finite");
  options.starts = {Eigen::VectorXd::Ones(2)};
  EXPECT_FAULT(fit_parameters(exponential(25, 100), options), OptionError, "E_PARAM",
               "2 parameters are given; the model has 1");
}

TEST(Fit, KnownParametersHaveNoErrors) {
  const ModelFit fit = known_parameters({"rate"}, Eigen::VectorXd::Constant(1, 0.5));
  EXPECT_EQ(fit.parameters(0), 0.5);
  EXPECT_EQ(fit.std_errors[0].reason(), Undefined::not_estimated);
  EXPECT_FAULT(known_parameters({"rate"}, Eigen::VectorXd::Constant(1, -0.5)), OptionError, "E_PARAM",
               "rate=-0.5");
}

}  // namespace
}  // namespace tenure
