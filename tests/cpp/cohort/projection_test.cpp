#include <tenure/cohort/detail/log_gamma_step.hpp>
#include <tenure/cohort/detail/retention_likelihood.hpp>
#include <tenure/cohort/projection.hpp>

#include <tenure/core/random.hpp>

#include "support/faults.hpp"
#include "support/property.hpp"
#include "support/shared.hpp"

namespace tenure {
namespace {

using test::Json;
using test::reference_value;
using test::within;
using Values = std::vector<std::vector<double>>;

Json published() {
  std::ifstream stream(std::string(TENURE_CASES_DIR) + "/projection.json");
  return Json::parse(stream).at("fader_hardie");
}

RetentionFit fitted(Values values, RetentionModel model = RetentionModel::beta_geometric,
                    Rises rises = Rises::refuse) {
  return fit_retention({.values = std::move(values), .value_name = "customers"}, {model, rises});
}

std::vector<double> first_of(const Json& percent, std::size_t ages, double scale = 1) {
  std::vector<double> run;
  for (std::size_t age = 0; age < ages; ++age) run.push_back(scale * percent[age].get<double>());
  return run;
}

double number(const Real& real) {
  EXPECT_TRUE(real.defined()) << name_of(real.reason());
  return real.value_or(NAN);
}

/// A cohort of customers drawn from a curve, one by one.
std::vector<double> drawn(const RetentionCurve& curve, int customers, std::size_t ages, std::uint64_t seed) {
  std::vector<double> run(ages, 0.0), left(ages);
  for (std::size_t age = 0; age < ages; ++age) left[age] = curve.survival(static_cast<double>(age));
  RandomStream random(seed, 1);
  for (int i = 0; i < customers; ++i) {
    const double u = random.uniform();
    for (std::size_t age = 0; age < ages && u < left[age]; ++age) ++run[age];
  }
  return run;
}

TEST(Projection, ReproducesPublishedParameters) {
  const Json known = published();
  for (const Json& expected : known.at("fits")) {
    SCOPED_TRACE(expected.dump());
    const bool weibull = expected.at("model") == "bdw";
    const RetentionFit fit =
        fitted({first_of(known.at(expected.at("segment").get<std::string>()), expected.at("ages"), 10)},
               weibull ? RetentionModel::beta_weibull : RetentionModel::beta_geometric);
    EXPECT_EQ(fit.outcome, Outcome::converged);
    const double tolerance = expected.at("tolerance");
    EXPECT_NEAR(fit.curve.alpha, expected.at("alpha"), tolerance);
    EXPECT_NEAR(fit.curve.beta, expected.at("beta"), tolerance);
    EXPECT_NEAR(fit.curve.c, expected.value("c", 1.0), tolerance);
    EXPECT_NEAR(fit.log_likelihood, expected.at("log_likelihood_per_1000"), weibull ? 1e-8 : 5e-4);
  }
}

class ProjectionReference : public test::SharedData {};

TEST_F(ProjectionReference, Sbg) {
  const auto rows = test::shared_csv("conformance/data/fader_hardie_retention.csv");
  struct Entry {
    const char *id, *column;
    std::size_t ages;
  };
  for (const Entry& entry :
       {Entry{"sbg_regular_fit8", "regular", 8}, Entry{"sbg_high_end_fit8", "high_end", 8},
        Entry{"sbg_high_end_fit5", "high_end", 5}}) {
    SCOPED_TRACE(entry.id);
    const Json& values = reference_value(entry.id).at("values");
    std::vector<double> run = test::numbers_of(rows, entry.column);
    run.resize(entry.ages);
    const RetentionFit fit = fitted({run});
    EXPECT_EQ(fit.outcome, Outcome::converged);
    double worst = 0;
    const auto check = [&](double found, double expected, double relative) {
      EXPECT_TRUE(within(found, expected, relative));
      worst = std::max(worst, std::abs(found / expected - 1));
    };
    check(fit.curve.alpha, values.at("alpha"), 1e-5);
    check(fit.curve.beta, values.at("beta"), 1e-5);
    if (values.contains("log_likelihood_per100")) {
      EXPECT_NEAR(fit.log_likelihood, values.at("log_likelihood_per100"), 1e-9);
    }
    for (std::size_t age = 0; age < values.at("survival_pct").size(); ++age)
      check(100 * fit.curve.survival(static_cast<double>(age)), values.at("survival_pct")[age], 1e-6);
    const Json renewed = values.value("retention", Json::array());
    for (std::size_t i = 0; i < renewed.size(); ++i)
      check(fit.curve.retention(static_cast<double>(i + 1)), renewed[i], 1e-6);
    std::cout << entry.id << ": largest relative error " << worst << "\n";
  }
}

TEST_F(ProjectionReference, DiscountedResidualLifetime) {
  const Json& entry = reference_value("sbg_highend_derl");
  const Json& values = entry.at("values");
  const double discount = entry.at("inputs").at("discount");
  const RetentionCurve curve{values.at("alpha"), values.at("beta")};
  double worst = 0;
  for (const auto& [renewal, expected] : values.at("derl").items()) {
    const double found = number(curve.residual_lifetime(std::stoi(renewal), discount));
    EXPECT_TRUE(within(found, expected, 1e-12));
    worst = std::max(worst, std::abs(found / expected.get<double>() - 1));
  }
  const double expected = values.at("expected_discounted_lifetime_t0");
  EXPECT_TRUE(within(number(curve.expected_lifetime(discount)), expected, 1e-12));
  std::cout << "derl: largest relative error " << worst << "\n";
}

TEST_F(ProjectionReference, CurveAtPublishedParameters) {
  const Json& values = reference_value("sbg_curve_at_published_regular").at("values");
  const RetentionCurve curve{0.704, 1.182};
  double worst = 0;
  for (std::size_t age = 0; age <= 12; ++age) {
    const double found = curve.survival(static_cast<double>(age)), expected = values.at("survival")[age];
    EXPECT_TRUE(within(found, expected, 1e-12));
    worst = std::max(worst, std::abs(found / expected - 1));
    if (age == 0) continue;
    const double lost = curve.churn(static_cast<double>(age)),
                 lost_expected = values.at("churn_prob")[age - 1];
    EXPECT_TRUE(within(lost, lost_expected, 1e-12));
    worst = std::max(worst, std::abs(lost / lost_expected - 1));
  }
  std::cout << "curve: largest relative error " << worst << "\n";
}

TEST(Projection, LifetimesAreSumsOfTheCurve) {
  for (const RetentionCurve& curve : {RetentionCurve{0.7, 1.2}, RetentionCurve{0.26, 1.72, 1.58},
                                      RetentionCurve{3, 20, 0.6}, RetentionCurve{40, 300}})
    for (const double discount : {0.2, 0.01, 0.0008}) {
      SCOPED_TRACE(testing::Message() << curve.alpha << " " << curve.c << " " << discount);
      double sum = 0, first = 0;
      for (int t = 0; t < 60000; ++t) {
        const double term = std::exp(curve.log_survival(t) - t * std::log1p(discount));
        sum += term;
        if (t > 3)
          first += std::exp(curve.log_survival(t) - curve.log_survival(3) - (t - 4) * std::log1p(discount));
      }
      EXPECT_TRUE(within(number(curve.expected_lifetime(discount)), sum, 1e-9));
      EXPECT_TRUE(within(number(curve.residual_lifetime(4, discount)), first, 1e-9));
    }
}

TEST(Projection, UndiscountedLifetimesAreFiniteOnlyWhereTheSumIs) {
  // 2F1(1, b; a + b; 1) = (a + b - 1) / (a - 1)
  EXPECT_TRUE(within(number(RetentionCurve{2.5, 4}.expected_lifetime(0)), 5.5 / 1.5, 1e-14));
  // Close to c = 1 the general sum meets the closed form.
  const double near = number(RetentionCurve{2.5, 4, 1 + 1e-9}.expected_lifetime(0));
  EXPECT_TRUE(within(near, 5.5 / 1.5, 1e-7));
  EXPECT_TRUE(within(number(RetentionCurve{1.05, 4, 1 + 1e-9}.residual_lifetime(3, 0)), 6 / 0.05, 1e-5));
  EXPECT_EQ((RetentionCurve{1, 4}.expected_lifetime(0).reason()), Undefined::diverges);
  EXPECT_EQ((RetentionCurve{0.5, 4, 1.9}.expected_lifetime(0).reason()), Undefined::diverges);
  EXPECT_TRUE((RetentionCurve{0.5, 4, 2.5}.expected_lifetime(0).defined()));
  EXPECT_EQ((RetentionCurve{5, 4}.residual_lifetime(2, -0.1).reason()), Undefined::diverges);
}

TEST(Projection, LaterRenewalsAreWorthMore) {
  const RetentionCurve curve{0.67, 3.8};
  for (std::int64_t n = 1; n < 30; ++n)
    EXPECT_LT(number(curve.residual_lifetime(n, 0.1)), number(curve.residual_lifetime(n + 1, 0.1)));
  EXPECT_GT(number(curve.expected_lifetime(0.1)), number(curve.expected_lifetime(0.2)));
}

TEST(Projection, LogBetaStepsAreExactAlsoForLargeArguments) {
  using detail::log_beta_step;
  EXPECT_TRUE(within(log_beta_step(1, 5, 3), std::log(5.0 / 8), 1e-14));
  EXPECT_TRUE(within(log_beta_step(2, 3, 1), std::log(3.0 / 5), 1e-14));
  // a integral: the product over i < a of (x + i) / (x + step + i)
  EXPECT_TRUE(within(log_beta_step(1, 1e12, 1), -1e-12, 1e-11));
  EXPECT_TRUE(within(log_beta_step(1e6, 1e6, 1), -std::log(2.0), 1e-13));
  const double x = 98765.25, step = 4.5, exact = -std::log1p(step / x) - std::log1p(step / (x + 1));
  EXPECT_TRUE(within(log_beta_step(2, x, step), exact, 1e-14));
  EXPECT_TRUE(within(log_beta_step(step, x, 2), exact, 1e-14));
  double product = 0;
  for (int i = 0; i < 7; ++i) product += std::log((0.3 + i) / (0.3 + 2.5 + i));
  EXPECT_TRUE(within(log_beta_step(7, 0.3, 2.5), product, 1e-14));
}

TEST(Projection, CohortsOfDifferentLengthAddUp) {
  // Likelihood and curve of one cohort are those of its halves.
  const RetentionFit whole = fitted({{200, 160, 140, 126, 118}});
  const RetentionFit halves = fitted({{100, 80, 70, 63, 59}, {100, 80, 70, 63, 59}, {0, 0}, {}, {30}});
  EXPECT_NEAR(whole.curve.alpha, halves.curve.alpha, 1e-9);
  EXPECT_NEAR(whole.log_likelihood, halves.log_likelihood, 1e-9);
  EXPECT_EQ(halves.customers, 230);
}

TEST(Projection, BetaWeibullContainsBetaGeometric) {
  test::for_all(
      [] {
        const int customers = *rc::gen::inRange(20, 3000);
        const RetentionCurve curve{*rc::gen::inRange(1, 40) / 10.0, *rc::gen::inRange(1, 80) / 10.0,
                                   *rc::gen::inRange(5, 20) / 10.0};
        const auto run = drawn(curve, customers, 8, *rc::gen::arbitrary<std::uint64_t>());
        const RetentionFit sbg = fitted({run}), bdw = fitted({run}, RetentionModel::beta_weibull);
        RC_ASSERT(std::isfinite(sbg.log_likelihood));
        if (sbg.reason != Undefined::no || bdw.reason != Undefined::no) return;
        RC_ASSERT(bdw.log_likelihood >= sbg.log_likelihood - 1e-7 * std::abs(sbg.log_likelihood));
        RC_ASSERT(sbg.outcome != Outcome::stopped);
        RC_ASSERT(bdw.outcome != Outcome::stopped);
        // No other curve is more likely.
        CohortRuns counts{.values = {run}};
        const auto renewals = detail::renewals_of(counts, Rises::refuse);
        RandomStream random(7, 7);
        for (int i = 0; i < 30; ++i) {
          const RetentionCurve other{8 * random.uniform(), 8 * random.uniform(), 3 * random.uniform()};
          RC_ASSERT(-detail::surprise(renewals, other) <=
                    bdw.log_likelihood + 1e-7 * std::abs(bdw.log_likelihood));
        }
      },
      60);
}

TEST(Projection, DerivativesAreThoseOfTheLikelihood) {
  const CohortRuns counts{.values = {{100, 63.1, 46.8, 38.2}, {50, 40}}};
  const auto renewals = detail::renewals_of(counts, Rises::refuse);
  for (const auto& at : {detail::working({-0.5, 0.7}), detail::working({-3, 4}), detail::working({2, -3})}) {
    const Evaluation exact = detail::geometric_surprise(renewals, at);
    const Evaluation near = differentiated(
        [&](const Eigen::VectorXd& x) { return detail::surprise(renewals, detail::curve_of(x)); })(at);
    EXPECT_NEAR(exact.value, near.value, 1e-10 * exact.value);
    EXPECT_TRUE(exact.gradient.isApprox(near.gradient, 1e-6));
    EXPECT_TRUE(exact.hessian.isApprox(near.hessian, 1e-4));
  }
}

TEST(Projection, StandardErrorsAreTheSpreadOfTheEstimates) {
  const RetentionCurve truth{1.5, 6};
  const RetentionFit fit = fitted({drawn(truth, 4000, 10, 1)});
  ASSERT_TRUE(fit.has_errors());
  constexpr int draws = 300;
  double sum = 0, squares = 0;
  for (std::uint64_t seed = 0; seed < draws; ++seed) {
    const double mean = std::log(fitted({drawn(fit.curve, 4000, 10, 100 + seed)}).curve.alpha);
    sum += mean;
    squares += mean * mean;
  }
  const double spread = std::sqrt(squares / draws - sum * sum / draws / draws);
  EXPECT_NEAR(number(fit.std_errors()[0]) / fit.curve.alpha, spread, 0.15 * spread);
  EXPECT_NEAR(std::sqrt(fit.covariance()(1, 1)), number(fit.std_errors()[1]), 1e-12);
}

TEST(Projection, IntervalsHoldAsOftenAsTheySay) {
  const RetentionCurve truth{1.2, 6};
  constexpr std::size_t seen = 8, last = 16;
  const double expected = truth.survival(last) / truth.survival(seen - 1);
  int curve_held = 0, counted_held = 0, both = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const std::vector<double> run = drawn(truth, 1500, last + 1, seed);
    const RetentionFit fit = fitted({{run.begin(), run.begin() + seen}});
    if (!fit.has_errors()) continue;
    ++both;
    const RetentionProjection projection(fit, last);
    const double left = run[seen - 1], share = run[last] / left;
    const Estimate curve = projection.kept(seen - 1, last), counted = projection.kept(seen - 1, last, left);
    curve_held += number(curve.lower) <= expected && expected <= number(curve.upper);
    counted_held += number(counted.lower) <= share && share <= number(counted.upper);
    EXPECT_LE(number(counted.lower), number(curve.lower));
  }
  EXPECT_GT(both, 390);
  EXPECT_NEAR(curve_held, 0.95 * both, 0.035 * both);
  EXPECT_NEAR(counted_held, 0.95 * both, 0.035 * both);
}

TEST(Projection, PredictionsOfSmallCohortsAreAsWideAsCounts) {
  // One of 100 is expected to leave. P(5 or more leave) is 0.0034, P(4 or more) 0.018, P(3 or more) 0.079.
  const RetentionFit fit = fitted({{1000000, 990000, 980100, 970299}});
  const Estimate next = RetentionProjection(fit, 30).kept(3, 4, 100);
  EXPECT_GT(number(next.lower), 0.95);
  EXPECT_LT(number(next.lower), 0.97);
  EXPECT_GT(number(next.upper), 0.999);
  double before = 1;
  for (std::size_t age = 4; age <= 30; ++age) {
    const double lower = number(RetentionProjection(fit, 30).kept(3, age, 100).lower);
    EXPECT_LT(lower, before);
    before = lower;
  }
}

TEST(Projection, LifetimesHaveIntervals) {
  const RetentionFit fit = fitted({first_of(published().at("high_end"), 8, 10)});
  const Estimate narrow = fit.residual_lifetime(8, 0.1, 0.5), wide = fit.residual_lifetime(8, 0.1, 0.99);
  EXPECT_LT(number(wide.lower), number(narrow.lower));
  EXPECT_LT(number(narrow.lower), number(narrow.value));
  EXPECT_LT(number(narrow.upper), number(wide.upper));
  EXPECT_EQ(narrow.value, wide.value);
  const Estimate endless = fit.expected_lifetime(0);
  EXPECT_EQ(endless.value.reason(), Undefined::diverges);
  EXPECT_EQ(endless.upper.reason(), Undefined::diverges);
}

struct Edge {
  const char* what;
  Values values;
  RetentionEdge edge;
  double survival_at_10;
};

TEST(Projection, LimitsOfTheModelAreFlagged) {
  const std::vector<double> geometric{1024, 512, 256, 128, 64};
  for (const Edge& edge : std::vector<Edge>{
           {"nobody leaves", {{50, 50, 50}}, RetentionEdge::nobody_leaves, 1},
           {"one customer who stays", {{1, 1}}, RetentionEdge::nobody_leaves, 1},
           {"everybody leaves at once", {{50, 0, 0}, {20, 0}}, RetentionEdge::all_leave, 0},
           {"some leave at once, others never", {{100, 60, 60, 60}}, RetentionEdge::two_kinds, 0.6},
           {"all alike", {geometric}, RetentionEdge::all_alike, std::pow(0.5, 10)},
           {"leaving gets more likely", {{100, 99, 90, 60}}, RetentionEdge::all_alike, -1},
           {"one customer who leaves later", {{1, 1, 0}}, RetentionEdge::all_alike, -1}}) {
    SCOPED_TRACE(edge.what);
    const RetentionFit fit = fitted(edge.values);
    EXPECT_EQ(fit.reason, Undefined::no);
    EXPECT_EQ(fit.edge, edge.edge) << name_of(fit.edge);
    EXPECT_EQ(fit.outcome, Outcome::at_bound);
    EXPECT_EQ(fit.has_errors(), edge.edge == RetentionEdge::all_alike);
    EXPECT_EQ(fit.covariance().size(), 0);
    EXPECT_EQ(fit.std_errors()[0].reason(), Undefined::not_estimated);
    if (edge.survival_at_10 >= 0) {
      EXPECT_NEAR(fit.curve.survival(10), edge.survival_at_10, 2e-5);
    }
    const Estimate kept = RetentionProjection(fit, 12).kept(3, 12);
    EXPECT_TRUE(kept.value.defined());
    const Undefined reason = fit.has_errors() ? Undefined::no : Undefined::not_estimated;
    EXPECT_EQ(kept.lower.reason(), reason);
    EXPECT_EQ(fit.residual_lifetime(1, 0.1).upper.reason(), reason);
  }
}

TEST(Projection, WhereAllAreAlikeIntervalsAreThoseOfTheLimit) {
  // Losses of 1 in 2: the limit is the geometric distribution, whose logit has the variance 1 / (n p (1-p)).
  const RetentionFit fit = fitted({{1024, 512, 256, 128, 64}});
  ASSERT_EQ(fit.edge, RetentionEdge::all_alike);
  EXPECT_NEAR(fit.working_covariance(0, 0), 1 / (1920 * 0.25), 1e-8);
  EXPECT_EQ(fit.working_covariance(1, 1), 0);
  const Estimate next = RetentionProjection(fit, 5).kept(4, 5);
  const double spread = 1.959963984540054 / std::sqrt(1920 * 0.25);
  EXPECT_NEAR(number(next.upper), 1 / (1 + std::exp(-spread)), 1e-4);
  EXPECT_EQ(fit.std_errors()[1].reason(), Undefined::not_estimated);
  const RetentionFit weibull = fitted({{1024, 512, 256, 128, 64}}, RetentionModel::beta_weibull);
  EXPECT_EQ(weibull.edge, RetentionEdge::all_alike);
  EXPECT_NEAR(weibull.curve.c, 1, 1e-3);
  EXPECT_GT(number(weibull.std_errors()[2]), 0.01);
}

TEST(Projection, BetaWeibullFollowsLossesThatGrowWithAge) {
  const RetentionFit fit = fitted({{1000, 990, 930, 780, 560, 330}}, RetentionModel::beta_weibull);
  EXPECT_GT(fit.curve.c, 1.5);
  EXPECT_NEAR(fit.curve.survival(5), 0.33, 0.02);
  EXPECT_EQ(fitted({{10, 10, 0}, {8, 8, 0, 0}}, RetentionModel::beta_weibull).reason, Undefined::too_few);
  EXPECT_EQ(fitted({{10, 10, 10, 0}}, RetentionModel::beta_weibull).outcome, Outcome::at_bound);
}

TEST(Projection, TooFewRenewalsAreNoFault) {
  for (const Values& values : std::vector<Values>{{}, {{}}, {{5}}, {{0, 0, 0}}, {{10, 6}}, {{10, 6, 0, 0}}}) {
    const RetentionFit fit = fitted(values);
    if (values.size() == 1 && values[0].size() == 4) {
      EXPECT_EQ(fit.reason, Undefined::no);  // two renewals: 6 of 10, and 0 of 6
      continue;
    }
    EXPECT_EQ(fit.reason, Undefined::too_few);
    EXPECT_EQ(fit.std_errors()[1].reason(), Undefined::too_few);
    EXPECT_EQ(fit.expected_lifetime(0.1).value.reason(), Undefined::too_few);
    EXPECT_EQ(RetentionProjection(fit, 5).kept(0, 5).value.reason(), Undefined::too_few);
  }
  EXPECT_EQ(fitted({{10, 6, 5}}, RetentionModel::beta_weibull).reason, Undefined::too_few);
}

TEST(Projection, CohortsThatRiseAreRefusedOrCapped) {
  CohortRuns counts{.values = {{10, 9, 8}, {100, 80, 85, 70, 71}},
                    .rows = {{0, 1, 2}, {3, 4, 5, 6, 7}},
                    .labels = {"2024-01", "2024-02"},
                    .value_name = "alive"};
  EXPECT_FAULT(fit_retention(counts), InputError, "E_COHORT_RISES",
               "column 'alive', row 5: cohort '2024-02' has 85 at age 2 after 80");
  EXPECT_EQ(checked_run(counts, 1, Rises::cap), (std::vector<double>{100, 85, 85, 71, 71}));
  counts.values[1] = {100, 80, 120};
  EXPECT_EQ(checked_run(counts, 1, Rises::cap), (std::vector<double>{100, 100, 100}));
  EXPECT_EQ(fitted({{100, 80, 85, 70, 71}}, RetentionModel::beta_geometric, Rises::cap).log_likelihood,
            fitted({{100, 85, 85, 71, 71}}).log_likelihood);
}

TEST(Projection, OptionsThatMakeNoSense) {
  const RetentionFit fit = fitted({{100, 80, 70, 63}});
  EXPECT_FAULT(fit.curve.expected_lifetime(-1), InputError, "E_RATE_RANGE", "discount -1.0; must be > -1");
  EXPECT_FAULT(fit.curve.residual_lifetime(0, 0.1), OptionError, "E_PARAM", "renewal 0; must be >= 1");
  EXPECT_FAULT(RetentionProjection(fit, 5, 1.5), OptionError, "E_CONFIDENCE", "not between 0 and 1");
  EXPECT_FAULT(fit.expected_lifetime(0.1, 0), OptionError, "E_CONFIDENCE", "Write 95 % as 0.95");
}

}  // namespace
}  // namespace tenure
