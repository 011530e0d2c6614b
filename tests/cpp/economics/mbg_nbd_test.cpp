#include <tenure/economics/mbg_nbd.hpp>

#include "support/customer_models.hpp"
#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

using test::cdnow;
using test::Customers;
using test::reference_value;
using test::within;

struct ModifiedBetaGeoOfCdnow : test::SharedData {};
const ModifiedBetaGeo published{0.525, 6.183, 0.891, 1.614};

TEST_F(ModifiedBetaGeoOfCdnow, FitIsThePublishedOne) {
  const Customers customers = cdnow();
  const ModelFit fit = fit_modified_beta_geo(customers.rows());
  const auto& values = reference_value("mbgnbd_cdnow_fit").at("values");
  EXPECT_EQ(fit.outcome, Outcome::converged);
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_TRUE(within(fit.parameters(static_cast<Eigen::Index>(i)), values.at(fit.names[i]), 1e-6));
  EXPECT_NEAR(fit.log_likelihood, values.at("log_likelihood").get<double>(), 1e-6);
  test::expect_best<ModifiedBetaGeo>(fit, customers);
}

// ModifiedBetaGeoFitter of lifetimes 0.11.3, at the parameters above.
TEST(ModifiedBetaGeo, FiguresAreThoseOfLifetimes) {
  const std::vector<double> x{2, 1, 0, 7, 29}, seen{30.43, 1.71, 0, 29.43, 37.71};
  const std::vector<double> age{38.86, 38.86, 38.86, 38.86, 38};
  const RepeatPurchases customers{x, seen, age};
  const double expected[] = {1.2629606232673432, 0.18883654136434078, 0.15401274667514553, 3.1675724322986705,
                             18.952405115847274};
  const double alive[] = {0.7062022651184873, 0.17083648431040802, 0.3897350809187629, 0.6227238141691119,
                          0.9658563632417827};
  const std::vector<double> found = published.conditional_expected_purchases(39, customers);
  const std::vector<double> chance = published.probability_alive(customers);
  for (std::size_t row = 0; row < 5; ++row) {
    EXPECT_TRUE(within(found[row], expected[row], 1e-12));
    EXPECT_TRUE(within(chance[row], alive[row], 1e-12));
  }
  EXPECT_TRUE(within(published.expected_purchases(1), 0.053084795263698685, 1e-11));
  EXPECT_TRUE(within(published.expected_purchases(39), 1.1829536655971713, 1e-12));
  EXPECT_TRUE(within(published.expected_purchases(200), 2.9350487818835767, 1e-12));
  EXPECT_TRUE(within(published.probability_of_purchases(30, 0), 0.6105244611445108, 1e-11));
  EXPECT_TRUE(within(published.probability_of_purchases(30, 5), 0.016589763105138364, 1e-11));
  EXPECT_TRUE(within(published.probability_of_purchases(30, 20), 0.00014959543258313983, 1e-9));
}

TEST_F(ModifiedBetaGeoOfCdnow, LogLikelihoodsAddUp) {
  const Customers customers = cdnow();
  double sum = 0;
  for (const double value : published.log_likelihoods(customers.rows())) sum += value;
  EXPECT_TRUE(within(published.log_likelihood(customers.rows()), sum, 1e-12));
}

TEST_F(ModifiedBetaGeoOfCdnow, SixtyCustomersAlwaysReturn) {
  const Customers all = cdnow();
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const ModelFit fit = fit_modified_beta_geo(test::some_of(all, 60, seed).rows());
    EXPECT_NE(fit.outcome, Outcome::stopped) << seed;
    EXPECT_TRUE(fit.parameters.allFinite()) << seed;
  }
}

TEST(ModifiedBetaGeo, ProbabilitiesAddUpAndHaveTheExpectationAsMean) {
  test::for_all([] {
    const auto draw = [] { return std::exp(*rc::gen::inRange(-150, 150) / 100.0); };
    const ModifiedBetaGeo model{draw(), draw(), draw(), draw()};
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

TEST(ModifiedBetaGeo, ACustomerMayLeaveAtOnce) {
  const std::vector<double> x{0}, seen{0}, age{0};
  EXPECT_TRUE(within(published.probability_alive({x, seen, age})[0], 1.614 / (0.891 + 1.614), 1e-14));
  EXPECT_FAULT(fit_modified_beta_geo({}), InputError, "E_NO_ROWS", "there are no customers");
}

}  // namespace
}  // namespace tenure
