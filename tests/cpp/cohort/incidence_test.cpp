#include <tenure/cohort/incidence.hpp>

#include <cmath>

#include "support/faults.hpp"
#include "support/property.hpp"
#include "support/stays.hpp"

namespace tenure {
namespace {

using test::for_all;
using test::random_stays;
using test::Stays;

Incidence incidence_of(const Stays& stays, IntervalKind kind = IntervalKind::log) {
  return cumulative_incidence(stays.rows(), {.interval = kind}).at(0);
}

/// Of 6, at 1 one leaves for 1; at 2 one for 2 (and one is censored); at 4 two of three, one for each.
TEST(Incidence, IsTheSumOfWhatEachTimeTakes) {
  const Stays stays{.duration = {1, 2, 2, 4, 4, 9}, .event = {1, 2, 0, 1, 2, 0}, .causes = 2};
  const Incidence found = incidence_of(stays);
  EXPECT_EQ(found.time, (std::vector<double>{1, 2, 4, 9}));
  EXPECT_DOUBLE_EQ(found.incidence[0], 1.0 / 6);
  EXPECT_DOUBLE_EQ(found.incidence[3], 1.0 / 6);
  EXPECT_DOUBLE_EQ(found.incidence[4], 1.0 / 6 + 4.0 / 6 / 3);
  EXPECT_DOUBLE_EQ(found.incidence[5], 1.0 / 6 + 4.0 / 6 / 3);
  EXPECT_DOUBLE_EQ(found.survival[2], 4.0 / 6 / 3);
}

TEST(Incidence, AndSurvivalAddUpToOne) {
  for_all([] {
    const Incidence found = incidence_of(
        random_stays({.fractions = true, .late = *rc::gen::arbitrary<bool>(), .weights = true, .causes = 3}));
    for (std::size_t i = 0; i < found.size(); ++i) {
      double sum = found.survival[i];
      for (std::size_t cause = 0; cause < 3; ++cause) sum += found.incidence[i * 3 + cause];
      RC_ASSERT(std::abs(sum - 1) < 2e-15);
    }
  });
}

TEST(Incidence, OfOneCauseIsOneMinusSurvivalWithItsError) {
  for_all([] {
    const Stays stays = random_stays({.fractions = true, .late = *rc::gen::arbitrary<bool>()});
    const Incidence found = incidence_of(stays);
    const SurvivalCurve curve = survival(stays.rows())[0];
    for (std::size_t i = 0; i < found.size(); ++i) {
      RC_ASSERT(std::abs(found.incidence[i] - (1 - curve.survival[i])) < 1e-14);
      // Where S is 0, F is 1 without doubt.
      RC_ASSERT(std::abs(found.variance[i] - std::pow(curve.std_error(i).value_or(0), 2)) < 1e-15);
    }
  });
}

/// The variance by the delta method, in its textbook form (Gaynor and others 1993), against the recursion.
TEST(Incidence, VarianceIsThatOfTheDeltaMethod) {
  for_all([] {
    const Stays stays = random_stays({.fractions = true, .weights = true, .causes = 2});
    const Incidence found = incidence_of(stays);
    const auto ended = [&](std::size_t i) { return found.events[2 * i] + found.events[2 * i + 1]; };
    for (std::uint32_t cause = 0; cause < 2; ++cause)
      for (std::size_t t = 0; t < found.size(); ++t) {
        double variance = 0, before = 1;
        for (std::size_t i = 0; i <= t; ++i) {
          const double n = found.at_risk[i], d = ended(i), dk = found.events[2 * i + cause];
          const double rest = found.incidence[2 * t + cause] - found.incidence[2 * i + cause];
          if (n > d) variance += rest * rest * d / (n * (n - d));
          variance += before * before * dk * (n - dk) / (n * n * n) - 2 * rest * before * dk / (n * n);
          before = found.survival[i];
        }
        RC_ASSERT(std::abs(found.variance[2 * t + cause] - std::max(0.0, variance)) < 1e-13);
      }
  });
}

TEST(Incidence, IsBelowOneMinusKaplanMeierOfTheCauseAlone) {
  for_all([] {
    const Stays stays = random_stays({.causes = 2});
    Stays alone = stays;
    alone.causes = 1;
    for (double& event : alone.event) event = event == 1 ? 1 : 0;
    const Incidence found = incidence_of(stays);
    const SurvivalCurve curve = survival(alone.rows())[0];
    for (std::size_t i = 0; i < found.size(); ++i)
      RC_ASSERT(found.incidence[2 * i] <= 1 - curve.survival[i] + 1e-14);
  });
}

TEST(Incidence, NeverFallsAndHasLimitsAroundIt) {
  for_all([] {
    const Stays stays = random_stays({.fractions = true, .late = true, .causes = 2});
    for (const IntervalKind kind : {IntervalKind::plain, IntervalKind::log, IntervalKind::log_log}) {
      const Incidence found = incidence_of(stays, kind);
      double before = 0;
      for (std::size_t i = 0; i < found.size(); ++i) {
        const Estimate estimate = found.estimate(i, 1);
        const double share = estimate.value.value_or(-1);
        RC_ASSERT(share >= before);
        before = share;
        if (!estimate.lower.defined()) continue;
        RC_ASSERT(estimate.lower.value_or(2) <= share);
        RC_ASSERT(estimate.upper.value_or(-1) >= share - 1e-15);
      }
    }
  });
}

TEST(Incidence, AtATimeIsThatOfTheLastRow) {
  const Stays stays{.duration = {2, 3, 5, 8}, .event = {1, 2, 0, 0}, .causes = 2};
  const Incidence found = incidence_of(stays);
  EXPECT_EQ(found.at(1, 1).value, Real(0.0));
  EXPECT_EQ(found.at(1, 1).lower, Real(Undefined::not_estimated));
  EXPECT_EQ(found.at(4, 1).value, Real(0.25));
  EXPECT_EQ(found.at(4, 2).value, Real(0.25));
  EXPECT_EQ(found.at(9, 1).value, Real(Undefined::not_yet_observed));
  EXPECT_EQ(incidence_of(stays, IntervalKind::plain).at(1, 2), (Estimate{0.0, 0.0, 0.0}));
  EXPECT_FAULT(found.at(1, 3), OptionError, "E_PARAM", "cause=3 is not one of 1 to 2");
  EXPECT_FAULT(found.at(-1, 1), OptionError, "E_PARAM", "time=-1");
}

TEST(Incidence, ACauseThatDoesNotExistIsRefused) {
  const Stays stays{.duration = {2, 3}, .event = {1, 3}, .causes = 2};
  EXPECT_FAULT(incidence_of(stays), InputError, "E_EVENT_CODE",
               "row 1: event 3; use 0 or the number of a reason");
}

}  // namespace
}  // namespace tenure
