#include <tenure/economics/detail/pareto_nbd.hpp>
#include <tenure/economics/pareto_nbd.hpp>

#include "support/customer_models.hpp"
#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

using test::cdnow;
using test::Customers;
using test::reference_value;
using test::within;

struct ParetoNbdOfCdnow : test::SharedData {};
const ParetoNbd published{0.553, 10.578, 0.606, 11.669};

TEST_F(ParetoNbdOfCdnow, FitIsThePublishedOne) {
  const Customers customers = cdnow();
  const ModelFit fit = fit_pareto_nbd(customers.rows());
  const auto& entry = reference_value("paretonbd_cdnow_fit");
  const auto& values = entry.at("values");
  EXPECT_EQ(fit.outcome, Outcome::converged);
  for (std::size_t i = 0; i < 4; ++i) {
    const double found = fit.parameters(static_cast<Eigen::Index>(i));
    EXPECT_TRUE(within(found, values.at(fit.names[i]), entry.at("tolerance").at("param_rel")));
    EXPECT_TRUE(within(*fit.std_errors[i].value(), values.at("se").at(fit.names[i]), 2e-3));
    EXPECT_TRUE(within(found, entry.at("cross_check").at("lifetimes").at(fit.names[i]), 1e-3));
  }
  EXPECT_NEAR(fit.log_likelihood, values.at("log_likelihood").get<double>(), 0.005);
  EXPECT_GT(fit.log_likelihood, values.at("log_likelihood").get<double>());  // a better optimum than theirs
  test::expect_best<ParetoNbd>(fit, customers);
}

// By mpmath at 40 digits, from the integral of the likelihood: alpha above, below and at beta, few and many
// purchases, and a last purchase just before the end.
TEST(ParetoNbd, LikelihoodsAndProbabilitiesAliveAreExact) {
  const std::vector<double> x{2, 0, 25, 300, 4}, seen{30.43, 0, 38, 5, 38.8599999};
  const std::vector<double> age(5, 38.86);
  const RepeatPurchases customers{x, seen, age};
  const struct {
    ParetoNbd model;
    std::array<double, 5> log_likelihood, alive;
  } cases[] = {
      {published,
       {-9.5542832451504058, -0.52104629408089031, -43.16073936554765, 581.41708423272654,
        -15.290879861112286},
       {0.86916755915301119, 0.29528660461689415, 0.98697175168143281, 4.9157143930160249e-149,
        0.99999999880068871}},
      {{2, 3, 0.5, 20},
       {-11.365532237876055, -2.8772513670684365, -37.897861741396033, 787.16597868605853,
        -15.960982715765051},
       {0.88468704475688439, 0.053189183325477313, 0.99019239695806648, 1.0939825221801642e-214,
        0.99999999915052667}},
      {{0.2, 40, 3, 0.05},
       {-29.458950260905779, -0.00012482286829979679, -75.320353053019679, 250.42546211592113,
        -37.052914308076487},
       {0.44475844334062982, 1.8527685673288003e-9, 0.92590680256770289, 1.9698651619669779e-75,
        0.99999999228989977}},
      {{5, 5, 1, 5},
       {-16.742675917009962, -1.7917484949519316, -39.44849795096098, 733.9180978202224, -20.726850880615533},
       {0.63921068360703795, 1.3169059087516467e-5, 0.97338609146557783, 1.0297254817294809e-194,
        0.99999999772001822}},
  };
  for (const auto& [model, log_likelihood, alive] : cases) {
    const std::vector<double> found = model.log_likelihoods(customers);
    const std::vector<double> chance = model.probability_alive(customers);
    for (std::size_t row = 0; row < 5; ++row) {
      EXPECT_NEAR(found[row], log_likelihood[row], 1e-13 * (1 + std::abs(log_likelihood[row]))) << row;
      EXPECT_TRUE(within(chance[row], alive[row], 1e-10)) << row;
    }
  }
}

// ParetoNBDFitter of lifetimes 0.11.3.
TEST(ParetoNbd, FiguresAreThoseOfLifetimes) {
  const std::vector<double> x{2, 1, 0, 7, 29}, seen{30.43, 1.71, 0, 29.43, 37.71};
  const std::vector<double> age{38.86, 38.86, 38.86, 38.86, 38};
  const double expected[] = {1.4551231932576019, 0.1710929805537828, 0.10708146821530892, 3.712251380470524,
                             19.59577017410054};
  const std::vector<double> found = published.conditional_expected_purchases(39, {x, seen, age});
  for (std::size_t row = 0; row < 5; ++row) EXPECT_TRUE(within(found[row], expected[row], 1e-12));
  EXPECT_TRUE(within(published.expected_purchases(1), 0.050979843245990884, 1e-12));
  EXPECT_TRUE(within(published.expected_purchases(39), 1.2130028442810157, 1e-13));
  EXPECT_TRUE(within(published.expected_purchases(200), 3.3018531907269923, 1e-13));
}

TEST_F(ParetoNbdOfCdnow, DerivativesAreThoseOfTheValue) {
  const Customers customers = test::some_of(cdnow(), 300, 3);
  const detail::CustomerBase base(customers.rows());
  for (const Eigen::Vector4d& at : {Eigen::Vector4d(-0.6, 2.4, -0.5, 2.5), Eigen::Vector4d(1, 1, 0.5, 3)})
    test::expect_derivatives(
        [&](const Eigen::VectorXd& logs) {
          return detail::pareto_negative(base, logs.array().exp().matrix(), {});
        },
        at);
}

TEST_F(ParetoNbdOfCdnow, SixtyCustomersAlwaysReturnAlikeOnAnyNumberOfThreads) {
  const Customers all = cdnow();
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const Customers few = test::some_of(all, 60, seed);
    FitOptions options;
    options.execution.threads = 1;
    const ModelFit fit = fit_pareto_nbd(few.rows(), options);
    EXPECT_NE(fit.outcome, Outcome::stopped) << seed;
    EXPECT_TRUE(fit.parameters.allFinite()) << seed;
    options.execution.threads = 4;
    EXPECT_EQ(fit_pareto_nbd(few.rows(), options).parameters, fit.parameters);
  }
}

TEST(ParetoNbd, ShapeOneIsNoExceptionToItsNeighbours) {
  ParetoNbd model = published;
  model.s = 1;
  const double at_one = model.expected_purchases(39);
  EXPECT_TRUE(within(at_one, 0.553 / 10.578 * 11.669 * std::log1p(39 / 11.669), 1e-14));
  for (const double near : {1 - 1e-12, 1 + 1e-12, 1 + 1e-7}) {
    model.s = near;
    EXPECT_TRUE(within(model.expected_purchases(39), at_one, 1e-6));
  }
}

TEST(ParetoNbd, ProbabilitiesAddUpAndHaveTheExpectationAsMean) {
  test::for_all(
      [] {
        const auto draw = [] { return std::exp(*rc::gen::inRange(-150, 150) / 100.0); };
        const ParetoNbd model{draw(), draw(), draw(), draw()};
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
      },
      50);
}

TEST(ParetoNbd, Refuses) {
  const ParetoNbd quick{.5, .05, .6, .05};
  EXPECT_TRUE(std::isfinite(quick.expected_purchases(1e58)));
  EXPECT_FAULT(quick.expected_purchases(1e308), OptionError, "E_PARAM", "t=1e+308; must be at most 1e60");
  EXPECT_FAULT(ParetoNbd::of(Eigen::Vector4d(1, 1, 1e100, 1)), OptionError, "E_PARAM", "s=1e+100; must be");
  EXPECT_FAULT(ParetoNbd::of(Eigen::Vector3d(1, 1, 1)), OptionError, "E_PARAM",
               "3 parameters are given; the model has 4");
  EXPECT_FAULT(fit_pareto_nbd({}), InputError, "E_NO_ROWS", "there are no customers");
}

}  // namespace
}  // namespace tenure
