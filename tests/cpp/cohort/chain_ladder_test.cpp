#include <tenure/cohort/chain_ladder.hpp>

#include <tenure/core/random.hpp>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/faults.hpp"
#include "support/generators.hpp"
#include "support/property.hpp"
#include "support/rows.hpp"

namespace tenure {
namespace {

using Json = nlohmann::json;
using Values = std::vector<std::vector<double>>;

Json published() {
  std::ifstream stream(std::string(TENURE_CASES_DIR) + "/projection.json");
  return Json::parse(stream).at("taylor_ashe");
}

ChainLadder completed(Values values, ChainLadderOptions options = {}) {
  return chain_ladder({.values = std::move(values)}, options);
}

double number(const Real& real) {
  EXPECT_TRUE(real.defined()) << name_of(real.reason());
  return real.value_or(NAN);
}

TEST(ChainLadder, ReproducesTheTablesOfMack1993) {
  const Json known = published();
  const ChainLadder found = completed(known.at("cumulative"));
  for (std::size_t j = 0; j < found.factors.size(); ++j)
    EXPECT_NEAR(number(found.factors[j].factor), known.at("factors")[j], 0.0005);
  for (std::size_t i = 0; i < found.totals.size(); ++i) {
    EXPECT_NEAR(number(found.totals[i].outstanding), known.at("outstanding")[i], 0.5);
    EXPECT_NEAR(number(found.totals[i].std_error), known.at("std_error")[i], 0.5);
  }
  EXPECT_NEAR(number(found.all.outstanding), known.at("all").at("outstanding"), 0.5);
  EXPECT_NEAR(number(found.all.std_error), known.at("all").at("std_error"), 0.5);
}

TEST(ChainLadder, SumsAlongTheAgesAreTheSameTriangle) {
  const Values cumulative = published().at("cumulative");
  Values increments = cumulative;
  for (auto& run : increments)
    for (std::size_t age = run.size(); age-- > 1;) run[age] -= run[age - 1];
  const ChainLadder direct = completed(cumulative), summed = completed(increments, {.accumulate = true});
  EXPECT_EQ(direct.all.std_error, summed.all.std_error);
  EXPECT_EQ(direct.all.total, summed.all.total);
}

TEST(ChainLadder, ErrorsFollowMacksClosedFormula) {
  // mse(R_i) = C_in^2 sum_k sigma_k^2 / f_k^2 (1 / C_ik + 1 / S_k), over the steps that are projected.
  const Values values = published().at("cumulative");
  const ChainLadder found = completed(values);
  for (std::size_t i = 1; i < values.size(); ++i) {
    double sum = 0;
    for (std::size_t k = values[i].size() - 1; k + 1 < values[0].size(); ++k) {
      double seen = 0;
      for (const auto& run : values)
        if (run.size() > k + 1) seen += run[k];
      const double f = number(found.factors[k].factor), sigma = number(found.factors[k].sigma);
      sum += sigma * sigma / (f * f) * (1 / number(found.cells[i][k].value) + 1 / seen);
    }
    EXPECT_NEAR(number(found.totals[i].std_error), number(found.totals[i].total) * std::sqrt(sum), 1e-6);
  }
  // All together: the sum of those, and of what they share.
  double alone = 0;
  for (const CohortTotal& total : found.totals) alone += number(total.std_error) * number(total.std_error);
  EXPECT_GT(number(found.all.std_error), std::sqrt(alone));
}

TEST(ChainLadder, ObservedCellsStayAndProjectedOnesAreMarked) {
  const ChainLadder found = completed({{100, 80, 72}, {200, 170}, {150}, {}});
  ASSERT_EQ(found.cells[2].size(), 3U);
  EXPECT_TRUE(found.cells[3].empty());
  EXPECT_EQ(found.totals[3].total.reason(), Undefined::empty_base);
  EXPECT_FALSE(found.cells[1][1].projected);
  EXPECT_TRUE(found.cells[1][2].projected);
  EXPECT_EQ(found.cells[0][2].std_error, Real(0.0));
  EXPECT_DOUBLE_EQ(number(found.cells[2][1].value), 150 * 250.0 / 300);
  EXPECT_DOUBLE_EQ(number(found.cells[2][2].value), 150 * 250.0 / 300 * 0.9);
  EXPECT_EQ(found.totals[1].observed, 2U);
  EXPECT_EQ(found.totals[1].latest, Real(170.0));
  EXPECT_DOUBLE_EQ(number(found.all.latest), 72 + 170 + 150);
}

TEST(ChainLadder, WhatIsUndefinedSaysWhy) {
  // Nobody has seen two cohorts make the second step, and there are not two steps to extrapolate from.
  const ChainLadder few = completed({{100, 80, 72}, {200, 170}, {150}});
  EXPECT_TRUE(few.cells[2][1].std_error.defined());
  EXPECT_EQ(few.cells[2][2].std_error.reason(), Undefined::too_few);
  EXPECT_EQ(few.cells[2][2].upper.reason(), Undefined::too_few);
  EXPECT_EQ(few.all.std_error.reason(), Undefined::too_few);
  EXPECT_TRUE(few.all.total.defined());
  // A column of zeros.
  const ChainLadder empty = completed({{5, 0, 0}, {4, 0}, {3}});
  EXPECT_EQ(number(empty.cells[2][1].value), 0);
  EXPECT_EQ(empty.cells[2][2].value.reason(), Undefined::empty_base);
  EXPECT_EQ(empty.cells[2][2].std_error.reason(), Undefined::empty_base);
  EXPECT_EQ(empty.factors[1].factor.reason(), Undefined::empty_base);
  EXPECT_EQ(empty.all.total.reason(), Undefined::empty_base);
  // A cohort that comes back from 0 has no factor of its own.
  const ChainLadder back = completed({{5, 4, 4}, {0, 2, 2}, {3, 3}, {3}});
  EXPECT_DOUBLE_EQ(number(back.factors[0].factor), 9.0 / 8);
  EXPECT_EQ(back.factors[0].std_error.reason(), Undefined::not_estimated);
  EXPECT_EQ(back.cells[3][1].std_error.reason(), Undefined::not_estimated);
  EXPECT_TRUE(back.cells[2][2].std_error.defined());
  // A cohort that began with nothing says nothing and is sure of it.
  const ChainLadder nothing = completed({{5, 4, 4}, {6, 5, 4}, {0, 0}, {0}});
  EXPECT_EQ(nothing.cells[3][2].value, Real(0.0));
  EXPECT_EQ(nothing.cells[3][2].std_error, Real(0.0));
  EXPECT_EQ(nothing.cells[3][2].upper, Real(0.0));
}

TEST(ChainLadder, CohortsOfNothingAreNotCounted) {
  const ChainLadder found = completed({{5, 4, 4}, {0, 0}, {3}});
  EXPECT_EQ(found.factors[0].cohorts, 1);
  EXPECT_EQ(found.factors[0].sigma.reason(), Undefined::too_few);
  EXPECT_EQ(completed({{5, 4, 4}, {0, 0}, {6, 3}}).factors[0].cohorts, 2);
}

TEST(ChainLadder, StepsOfOneCohortFollowEachOther) {
  const ChainLadder found = completed({{90, 60, 50, 45, 40}, {80, 60, 45}, {70, 40, 36}});
  EXPECT_FALSE(found.factors[1].extrapolated);
  const double first = number(found.factors[0].sigma), second = number(found.factors[1].sigma);
  const double third = std::min({second * second / first, first, second});
  EXPECT_DOUBLE_EQ(number(found.factors[2].sigma), third);
  EXPECT_DOUBLE_EQ(number(found.factors[3].sigma), std::min({third * third / second, second, third}));
  EXPECT_TRUE(found.factors[2].extrapolated && found.factors[3].extrapolated);
}

TEST(ChainLadder, OneCohortOrNone) {
  const ChainLadder one = completed({{7, 6}});
  EXPECT_EQ(one.all.outstanding, Real(0.0));
  EXPECT_EQ(one.factors[0].std_error.reason(), Undefined::too_few);
  EXPECT_TRUE(completed({}).cells.empty());
  EXPECT_TRUE(completed({{}, {}}).factors.empty());
}

TEST(ChainLadder, IntervalsAreLognormal) {
  const ChainLadder found = completed(published().at("cumulative"), {.confidence = 0.9});
  const CohortTotal& last = found.totals.back();
  const double mean = number(last.total), error = number(last.std_error);
  const double variance = std::log1p(error * error / mean / mean);
  EXPECT_NEAR(number(last.upper), mean * std::exp(1.6448536269514722 * std::sqrt(variance) - variance / 2),
              1e-3);
  EXPECT_NEAR(number(last.lower) * number(last.upper), mean * mean * std::exp(-variance), 1e-3 * mean);
  EXPECT_FAULT(completed({{1}}, {.confidence = 1}), OptionError, "E_CONFIDENCE", "Write 95 % as 0.95");
}

TEST(ChainLadder, OrderAndScaleOfCohortsSayNothing) {
  test::for_all(
      [] {
        const auto cohorts = *rc::gen::inRange<std::size_t>(1, 8);
        Values values(cohorts);
        for (auto& run : values)
          for (auto age = *rc::gen::inRange(1, 8); age > 0; --age) run.push_back(*rc::gen::inRange(0, 300));
        const ChainLadder plain = completed(values);
        Values other(values.rbegin(), values.rend());
        for (auto& run : other)
          for (double& value : run) value *= 8;
        const ChainLadder changed = completed(other);
        RC_ASSERT(changed.all.total.reason() == plain.all.total.reason());
        RC_ASSERT(changed.all.std_error.reason() == plain.all.std_error.reason());
        const auto near = [](const Real& a, double b) {
          return std::abs(a.value_or(0) - b) <= 1e-9 * (1 + std::abs(b));
        };
        RC_ASSERT(near(changed.all.total, 8 * plain.all.total.value_or(0)));
        RC_ASSERT(near(changed.all.std_error, 8 * plain.all.std_error.value_or(0)));
        double sum = 0;
        for (const CohortTotal& total : plain.totals) sum += total.total.value_or(0);
        if (plain.all.total.defined()) RC_ASSERT(near(plain.all.total, sum));
        for (std::size_t i = 0; i < cohorts; ++i)
          for (std::size_t age = 0; age < values[i].size(); ++age)
            RC_ASSERT(plain.cells[i][age].value == Real(values[i][age]));
      },
      100);
}

/// A triangle as the model has it: C(i, j+1) = f C(i, j) plus noise of variance sigma^2 C(i, j).
TEST(ChainLadder, IntervalsHoldAsOftenAsTheySay) {
  RandomStream random(3, 0);
  const auto normal = [&] {
    return std::sqrt(-2 * std::log(random.uniform())) * std::cos(2 * 3.141592653589793 * random.uniform());
  };
  int held = 0;
  constexpr int draws = 400;
  constexpr std::size_t size = 12;
  for (int draw = 0; draw < draws; ++draw) {
    Values whole(size), triangle(size);
    for (std::size_t i = 0; i < size; ++i) {
      whole[i].push_back(1000 + 4000 * random.uniform());
      for (std::size_t age = 1; age < size; ++age) {
        const double before = whole[i].back(), factor = 1 - 0.2 / static_cast<double>(age);
        whole[i].push_back(std::max(1.0, factor * before + 2 * std::sqrt(before) * normal()));
      }
      triangle[i].assign(whole[i].begin(), whole[i].begin() + static_cast<std::ptrdiff_t>(size - i));
    }
    const CohortTotal found = completed(triangle).totals[size - 3];
    held += number(found.lower) <= whole[size - 3].back() && whole[size - 3].back() <= number(found.upper);
  }
  EXPECT_NEAR(held, 0.95 * draws, 0.04 * draws);
}

}  // namespace
}  // namespace tenure
