#include <tenure/economics/bg_bb.hpp>

#include "support/faults.hpp"
#include "support/property.hpp"
#include "support/shared.hpp"

namespace tenure {
namespace {

using test::within;

struct Donors {
  std::vector<double> frequency, recency, periods, weight = {};

  PurchaseOpportunities table() const { return {frequency, recency, periods, weight}; }
};

Donors donations() {
  const auto rows = test::shared_csv("conformance/data/donations_bgbb.csv");
  return {test::numbers_of(rows, "frequency"), test::numbers_of(rows, "recency"),
          test::numbers_of(rows, "periods"), test::numbers_of(rows, "weights")};
}

const BetaGeoBetaBinom published{1.204, 0.750, 0.657, 2.783};

class BgBbOfDonations : public test::SharedData {};

/// Fader, Hardie and Shang 2010, table 3.
TEST_F(BgBbOfDonations, FitIsThePublishedOne) {
  const Donors donors = donations();
  const ModelFit fit = fit_beta_geo_beta_binom(donors.table());
  EXPECT_EQ(fit.outcome, Outcome::converged);
  EXPECT_EQ(fit.customers, 11104);
  EXPECT_NEAR(fit.parameters(0), 1.204, 0.0005);
  EXPECT_NEAR(fit.parameters(1), 0.750, 0.0005);
  EXPECT_NEAR(fit.parameters(2), 0.657, 0.0005);
  EXPECT_NEAR(fit.parameters(3), 2.783, 0.0005);
  EXPECT_NEAR(fit.log_likelihood, -33225.6, 0.05);
  for (const Real& error : fit.std_errors) EXPECT_GT(error.value_or(0), 0);
}

/// Gifts of 2002 to 2006 expected of donors who first gave in 1995, as the paper prints them.
TEST_F(BgBbOfDonations, ConditionalExpectationsAsPrinted) {
  const Donors some{{0, 6, 5, 1}, {0, 6, 6, 2}, {6, 6, 6, 6}};
  const auto found = published.conditional_expected_purchases(5, some.table());
  EXPECT_NEAR(found[0], 0.07, 0.005);
  EXPECT_NEAR(found[1], 3.75, 0.005);
  EXPECT_NEAR(found[2], 3.23, 0.005);
}

/// Equal rows may be written once with a weight or many times.
TEST_F(BgBbOfDonations, WeightsAreCopies) {
  Donors donors = donations(), copies;
  for (double& weight : donors.weight) weight = std::ceil(weight / 50);
  for (std::size_t row = 0; row < donors.weight.size(); ++row)
    for (int copy = 0; copy < static_cast<int>(donors.weight[row]); ++copy) {
      copies.frequency.push_back(donors.frequency[row]);
      copies.recency.push_back(donors.recency[row]);
      copies.periods.push_back(donors.periods[row]);
    }
  const ModelFit once = fit_beta_geo_beta_binom(donors.table()),
                 many = fit_beta_geo_beta_binom(copies.table());
  EXPECT_EQ(once.parameters, many.parameters);
  EXPECT_EQ(once.log_likelihood, many.log_likelihood);
}

/// The paper's closed forms, where they have digits left.
TEST_F(BgBbOfDonations, SumsAreThePapersClosedForms) {
  const auto log_beta = [](double a, double b) {
    return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
  };
  const Donors donors = donations();
  const auto [alpha, beta, gamma, delta] = published;
  const double future = 4;
  const auto found = published.conditional_expected_purchases(4, donors.table());
  const auto likelihood = published.log_likelihoods(donors.table());
  for (std::size_t row = 0; row < found.size(); ++row) {
    const double x = donors.frequency[row], n = donors.periods[row];
    const double ways =
        std::exp(log_beta(alpha + x + 1, beta + n - x) - log_beta(alpha, beta) - likelihood[row]);
    const double scale = delta / (gamma - 1) * std::exp(std::lgamma(gamma + delta) - std::lgamma(1 + delta));
    const auto tail = [&](double at) {
      return std::exp(std::lgamma(1 + delta + at) - std::lgamma(gamma + delta + at));
    };
    EXPECT_TRUE(within(found[row], ways * scale * (tail(n) - tail(n + future)), 1e-9)) << row;
  }
}

TEST(BgBb, ProbabilitiesAddUp) {
  for (const BetaGeoBetaBinom& model :
       {published, BetaGeoBetaBinom{1, 1, 1, 1}, BetaGeoBetaBinom{50, 2, 0.01, 9}}) {
    double all = 0, mean = 0;
    for (std::int64_t x = 0; x <= 9; ++x) {
      all += model.probability_of_purchases(9, x);
      mean += static_cast<double>(x) * model.probability_of_purchases(9, x);
    }
    EXPECT_NEAR(all, 1, 1e-12);
    EXPECT_TRUE(within(model.expected_purchases(9), mean, 1e-11));
    EXPECT_EQ(model.probability_of_purchases(3, 4), 0);
  }
}

/// Over all histories that a customer can have, likelihoods add up to 1 and conditional expectations to the
/// expectation of a new customer.
TEST(BgBb, HistoriesAddUp) {
  const std::size_t n = 7;
  Donors all;
  for (std::size_t history = 0; history < (1U << n); ++history) {
    all.frequency.push_back(static_cast<double>(std::popcount(history)));
    all.recency.push_back(static_cast<double>(std::bit_width(history)));
    all.periods.push_back(static_cast<double>(n));
  }
  const auto likelihood = published.log_likelihoods(all.table());
  const auto later = published.conditional_expected_purchases(5, all.table());
  const auto alive = published.probability_alive(1, all.table());
  double sum = 0, expected = 0, living = 0;
  for (std::size_t i = 0; i < likelihood.size(); ++i) {
    sum += std::exp(likelihood[i]);
    expected += std::exp(likelihood[i]) * later[i];
    living += std::exp(likelihood[i]) * alive[i];
  }
  EXPECT_NEAR(sum, 1, 1e-12);
  EXPECT_TRUE(within(expected, published.expected_purchases(12) - published.expected_purchases(7), 1e-11));
  // Alive at opportunity 8: B(gamma, delta+8) / B(gamma, delta).
  const auto log_beta = [](double a, double b) {
    return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
  };
  EXPECT_NEAR(living, std::exp(log_beta(0.657, 2.783 + 8) - log_beta(0.657, 2.783)), 1e-12);
}

TEST(BgBb, AliveFallsWithTimeAndIsAShare) {
  test::for_all([] {
    const auto positive = [] { return std::exp(*rc::gen::inRange(-500, 500) / 100.0); };
    const BetaGeoBetaBinom model{positive(), positive(), positive(), positive()};
    const int n = *rc::gen::inRange(0, 30), last = *rc::gen::inRange(0, n + 1);
    const int x = last == 0 ? 0 : *rc::gen::inRange(1, last + 1);
    const Donors one{{static_cast<double>(x)}, {static_cast<double>(last)}, {static_cast<double>(n)}};
    double before = 1 + 1e-12;
    for (const std::int64_t ahead : {0, 1, 5, 50}) {
      const double alive = model.probability_alive(ahead, one.table())[0];
      RC_ASSERT(alive >= 0 && alive <= before);
      before = alive;
      const double bought = model.conditional_expected_purchases(ahead, one.table())[0];
      RC_ASSERT(bought >= 0 && bought <= static_cast<double>(ahead));
    }
  });
}

TEST(BgBb, FewCustomersReturn) {
  for (const Donors& few : {Donors{{0}, {0}, {6}}, Donors{{6}, {6}, {6}}, Donors{{0}, {0}, {0}},
                            Donors{{2, 2}, {4, 4}, {6, 6}}}) {
    const ModelFit fit = fit_beta_geo_beta_binom(few.table());
    EXPECT_TRUE(fit.parameters.allFinite());
    EXPECT_TRUE(fit.outcome == Outcome::converged || !fit.std_errors[0].defined());
  }
}

TEST(BgBb, RefusesWhatNoCustomerCanHave) {
  const auto fit = [](const Donors& donors) { return fit_beta_geo_beta_binom(donors.table()); };
  EXPECT_FAULT(fit({{0}, {3}, {6}}), InputError, "E_RFM_ZERO", "frequency 0 needs recency 0");
  EXPECT_FAULT(fit({{2}, {1}, {6}}), InputError, "E_RFM_FREQUENCY",
               "2; must be a whole number, 0 to recency");
  EXPECT_FAULT(fit({{0.5}, {1}, {6}}), InputError, "E_RFM_FREQUENCY", "0.5");
  EXPECT_FAULT(fit({{1}, {7}, {6}}), InputError, "E_RFM_RECENCY", "7; must be a whole number, 0 to periods");
  EXPECT_FAULT(fit({{1}, {NAN}, {6}}), InputError, "E_RFM_RECENCY", "nan");
  EXPECT_FAULT(fit({{1}, {1}, {2e5}}), InputError, "E_RFM_AGE", "row 0");
  EXPECT_FAULT(fit({{1}, {1}, {6}, {-1}}), InputError, "E_WEIGHT", "-1");
  EXPECT_FAULT(fit({{1}, {1, 2}, {6}}), InputError, "E_COLUMN_LENGTH", "has 2 rows");
  EXPECT_FAULT(fit({}), InputError, "E_NO_ROWS", "no customers");
  EXPECT_FAULT(published.expected_purchases(-1), OptionError, "E_PARAM", "n -1; must be 0 to 100000");
  EXPECT_FAULT(BetaGeoBetaBinom::of(Eigen::Vector4d(1, 1, -1, 1)), OptionError, "E_PARAM", "gamma=-1");
}

}  // namespace
}  // namespace tenure
