#include <tenure/core/minimise.hpp>

#include <cmath>
#include <limits>

#include "support/property.hpp"

namespace tenure {
namespace {

using Vector = Eigen::VectorXd;

Vector point(double x, double y) {
  Vector at(2);
  at << x, y;
  return at;
}
Box box(double low, double high) { return {point(low, low), point(high, high)}; }

/// (1 - x)^2 + 100 (y - x^2)^2: a bent valley, least at (1, 1).
Evaluation rosenbrock(const Vector& at) {
  const double x = at(0), y = at(1), off = y - x * x;
  Evaluation found{(1 - x) * (1 - x) + 100 * off * off, Vector(2), Eigen::MatrixXd(2, 2)};
  found.gradient << -2 * (1 - x) - 400 * x * off, 200 * off;
  found.hessian << 2 - 400 * (off - 2 * x * x), -400 * x, -400 * x, 200;
  return found;
}

TEST(Minimise, FollowsABentValley) {
  for (const Vector& start : {point(-1.2, 1), point(3, -4), point(0, 0), point(-5, 5)}) {
    const Minimum found = minimise(rosenbrock, start, box(-10, 10));
    EXPECT_EQ(found.outcome, Outcome::converged);
    EXPECT_NEAR(found.at(0), 1, 1e-8);
    EXPECT_NEAR(found.at(1), 1, 1e-8);
    EXPECT_LT(found.steps, 60);
  }
}

TEST(Minimise, DifferencesAreAsGoodAsDerivatives) {
  const Function function = differentiated([](const Vector& at) { return rosenbrock(at).value; });
  const Vector at = point(-0.7, 0.4);
  const Evaluation near = function(at), exact = rosenbrock(at);
  EXPECT_EQ(near.value, exact.value);
  EXPECT_TRUE(near.gradient.isApprox(exact.gradient, 1e-8));
  EXPECT_TRUE(near.hessian.isApprox(exact.hessian, 1e-4));
  const Minimum found = minimise(function, point(-1.2, 1), box(-10, 10));
  EXPECT_EQ(found.outcome, Outcome::converged);
  EXPECT_NEAR(found.at(0), 1, 1e-6);
}

TEST(Minimise, StopsWhereTheBoxEnds) {
  // The valley is cut at x = 0.5; on that edge the least value is at y = x^2.
  Box cut = box(-10, 10);
  cut.upper(0) = 0.5;
  const Minimum edge = minimise(rosenbrock, point(-1, 1), cut);
  EXPECT_EQ(edge.outcome, Outcome::at_bound);
  EXPECT_EQ(edge.at(0), 0.5);
  EXPECT_NEAR(edge.at(1), 0.25, 1e-8);
  // A plane falls to a corner.
  const auto plane = [](const Vector& at) {
    return Evaluation{at(0) - 2 * at(1), point(1, -2), Eigen::MatrixXd::Zero(2, 2)};
  };
  const Minimum corner = minimise(plane, point(0.3, 0.1), box(-1, 4));
  EXPECT_EQ(corner.outcome, Outcome::at_bound);
  EXPECT_EQ(corner.at, point(-1, 4));
}

TEST(Minimise, MovesTheStartIntoTheBox) {
  const Minimum found = minimise(rosenbrock, point(500, -500), box(-3, 3));
  EXPECT_EQ(found.outcome, Outcome::converged);
  EXPECT_NEAR(found.at(1), 1, 1e-8);
}

TEST(Minimise, LeavesASaddle) {
  // x^4 - 2 x^2 + y^2: flat and curved downwards at (0, 0), least at x = -1 and x = 1.
  const auto wells = [](const Vector& at) {
    const double x = at(0), y = at(1);
    Evaluation found{x * x * x * x - 2 * x * x + y * y, point(4 * x * x * x - 4 * x, 2 * y),
                     Eigen::MatrixXd::Zero(2, 2)};
    found.hessian(0, 0) = 12 * x * x - 4;
    found.hessian(1, 1) = 2;
    return found;
  };
  const Minimum found = minimise(wells, point(1e-6, 0.5), box(-3, 3));
  EXPECT_EQ(found.outcome, Outcome::converged);
  EXPECT_NEAR(std::abs(found.at(0)), 1, 1e-8);
  EXPECT_NEAR(found.evaluation.value, -1, 1e-12);
}

/// Has no value where x <= 0.
Evaluation logarithm(const Vector& at) {
  const double x = at(0);
  if (x <= 0) return {std::numeric_limits<double>::quiet_NaN(), Vector::Zero(1), Eigen::MatrixXd::Zero(1, 1)};
  return {x - std::log(x), Vector::Constant(1, 1 - 1 / x), Eigen::MatrixXd::Constant(1, 1, 1 / (x * x))};
}

TEST(Minimise, StepsBackFromWhereThereIsNoValue) {
  const Box wide{Vector::Constant(1, -50), Vector::Constant(1, 50)};
  const Minimum found = minimise(logarithm, Vector::Constant(1, 30), wide);
  EXPECT_EQ(found.outcome, Outcome::converged);
  EXPECT_NEAR(found.at(0), 1, 1e-8);
}

TEST(Minimise, PassesOverStartsWithoutAValue) {
  const Box wide{Vector::Constant(1, -50), Vector::Constant(1, 50)};
  const Minimum lost = minimise(logarithm, Vector::Constant(1, -3), wide);
  EXPECT_EQ(lost.outcome, Outcome::stopped);
  EXPECT_EQ(lost.at(0), -3);
  const std::vector<Vector> starts{Vector::Constant(1, -3), Vector::Constant(1, 5)};
  const Minimum found = minimise(logarithm, starts, wide);
  EXPECT_EQ(found.outcome, Outcome::converged);
  EXPECT_NEAR(found.at(0), 1, 1e-8);
  const std::vector<Vector> hopeless{Vector::Constant(1, -3), Vector::Constant(1, -1)};
  EXPECT_EQ(minimise(logarithm, hopeless, wide).outcome, Outcome::stopped);
  EXPECT_EQ(minimise(logarithm, hopeless, wide).at(0), -3);
}

TEST(Minimise, TakesTheBestOfSeveralStarts) {
  const Function waves =
      differentiated([](const Vector& at) { return std::cos(3 * at(0)) + at(0) * at(0) / 8; });
  const Box wide{Vector::Constant(1, -9), Vector::Constant(1, 9)};
  const std::vector<Vector> starts{Vector::Constant(1, 7), Vector::Constant(1, 1), Vector::Constant(1, -5)};
  const Minimum found = minimise(waves, starts, wide);
  EXPECT_EQ(found.outcome, Outcome::converged);
  for (double x = -9; x < 9; x += 0.01) EXPECT_GE(std::cos(3 * x) + x * x / 8, found.evaluation.value - 1e-9);
}

TEST(Minimise, SaysWhenItRanOutOfSteps) {
  const Minimum found = minimise(rosenbrock, point(-1.2, 1), box(-10, 10), {.most_steps = 3});
  EXPECT_EQ(found.outcome, Outcome::stopped);
  EXPECT_EQ(found.steps, 3);
  EXPECT_STREQ(name_of(found.outcome), "stopped");
}

TEST(Minimise, ASlopeThatEndsInNoiseIsNoMinimum) {
  // Falls for ever, by less and less; beyond 2 the noise of its values is larger than a step's gain.
  const auto slope = [](const Vector& at) {
    const double noise = at(0) > 2 ? 1e-3 * std::sin(1e6 * at(0)) : 0;
    return Evaluation{1 / at(0) + noise, Vector::Constant(1, -1 / (at(0) * at(0))),
                      Eigen::MatrixXd::Constant(1, 1, 2 / (at(0) * at(0) * at(0)))};
  };
  const Box wide{Vector::Constant(1, 1.0), Vector::Constant(1, 1e6)};
  EXPECT_EQ(minimise(slope, Vector::Constant(1, 1.5), wide).outcome, Outcome::stopped);
}

TEST(Minimise, FindsTheLowestPointOfAnyBowlInAnyBox) {
  test::for_all([] {
    const auto draw = [](int low, int high) { return *rc::gen::inRange(low, high) / 10.0; };
    const double a = draw(1, 50), b = draw(1, 50), x = draw(-60, 60), y = draw(-60, 60);
    const double bent = draw(-9, 10) * 0.09 * std::sqrt(a * b);
    const auto bowl = [&](const Vector& at) {
      Eigen::MatrixXd curve(2, 2);
      curve << a, bent, bent, b;
      const Vector off = at - point(x, y);
      return Evaluation{0.5 * off.dot(curve * off), curve * off, curve};
    };
    const Box inside = box(-3, 3);
    const Minimum found = minimise(bowl, point(draw(-30, 30), draw(-30, 30)), inside);
    RC_ASSERT(found.outcome != Outcome::stopped);
    for (double u = -3; u <= 3; u += 0.25)
      for (double v = -3; v <= 3; v += 0.25)
        RC_ASSERT(bowl(point(u, v)).value >= found.evaluation.value - 1e-9);
  });
}

}  // namespace
}  // namespace tenure
