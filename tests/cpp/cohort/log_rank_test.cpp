#include <tenure/cohort/log_rank.hpp>

#include <Eigen/Dense>
#include <cmath>
#include <functional>
#include <random>

#include "support/faults.hpp"
#include "support/property.hpp"
#include "support/shared.hpp"
#include "support/stays.hpp"

namespace tenure {
namespace {

using test::CsvRow;
using test::for_all;
using test::Json;
using test::numbers_of;
using test::random_stays;
using test::reference_value;
using test::shared_csv;
using test::Stays;

struct Coded {
  std::vector<std::int32_t> codes;
  std::size_t groups = 0;
};
/// Codes in the order of the labels, as R's factors.
Coded coded(const std::vector<CsvRow>& rows, const std::function<std::string(const CsvRow&)>& label) {
  std::map<std::string, std::int32_t> known;
  for (const CsvRow& row : rows) known[label(row)] = 0;
  Coded result{{}, known.size()};
  std::int32_t next = 0;
  for (auto& [text, code] : known) code = next++;
  for (const CsvRow& row : rows) result.codes.push_back(known[label(row)]);
  return result;
}

class Published : public test::SharedData {
 protected:
  static void check(const std::string& id, const LogRank& found) {
    const Json& values = reference_value(id).at("values");
    double most = 0;
    const auto near = [&](double value, double expected, double allowed = 1e-9) {
      EXPECT_TRUE(test::within(value, expected, allowed)) << id;
      if (expected != 0) most = std::max(most, std::abs(value / expected - 1));
    };
    ASSERT_TRUE(found.statistic.defined());
    near(found.statistic.value_or(0), values.at("chisq"));
    near(found.p_value.value_or(0), values.at("p"));
    EXPECT_EQ(found.degrees_of_freedom, values.at("df").get<int>());
    for (std::size_t group = 0; group < found.groups; ++group)
      near(found.rows_in(group), values.at("n")[group]);
    ASSERT_EQ(found.observed.size(), values.at("obs").size());
    for (std::size_t i = 0; i < found.observed.size(); ++i) {
      near(found.observed[i], values.at("obs")[i]);
      near(found.expected[i], values.at("exp")[i]);
    }
    std::cout << "[   worst  ] " << id << " " << most << "\n";
  }
};

TEST_F(Published, Waltons) {
  const auto rows = shared_csv("conformance/data/surv_waltons_dataset.csv");
  const auto time = numbers_of(rows, "T"), event = numbers_of(rows, "E");
  const Coded group = coded(rows, [](const CsvRow& row) { return row.at("group"); });
  const Durations table{.duration = time, .event = event, .group = group.codes, .groups = group.groups};
  check("logrank_waltons", log_rank(table));
  check("logrank_waltons_rho1", log_rank(table, {.rho = 1}));
}
TEST_F(Published, Lung) {
  const auto rows = shared_csv("conformance/data/surv_lung.csv");
  const auto time = numbers_of(rows, "time"), event = numbers_of(rows, "status");
  const Coded group = coded(rows, [](const CsvRow& row) { return row.at("sex"); });
  check("logrank_lung_sex",
        log_rank({.duration = time, .event = event, .group = group.codes, .groups = group.groups}));
}
TEST_F(Published, Telco) {
  const auto rows = shared_csv("conformance/data/surv_telco.csv");
  const auto time = numbers_of(rows, "tenure"), event = numbers_of(rows, "event");
  const Coded contract = coded(rows, [](const CsvRow& row) { return row.at("Contract"); });
  const Coded high =
      coded(rows, [](const CsvRow& row) { return std::stod(row.at("MonthlyCharges")) > 70 ? "yes" : "no"; });
  check("logrank_telco_contract_rho1",
        log_rank({.duration = time, .event = event, .group = contract.codes, .groups = 3}, {.rho = 1}));
  check(
      "logrank_telco_hi_strat_contract",
      log_rank({.duration = time, .event = event, .group = high.codes, .groups = 2}, {}, contract.codes, 3));
}

/// Row by row from the formulas, for two groups.
double by_hand(const Stays& stays, double rho, double gamma) {
  std::vector<double> times = stays.duration;
  std::ranges::sort(times);
  times.erase(std::unique(times.begin(), times.end()), times.end());
  double share = 1, difference = 0, variance = 0;
  for (const double time : times) {
    double n = 0, n1 = 0, d = 0, d1 = 0;
    for (std::size_t i = 0; i < stays.size(); ++i) {
      const double weight = stays.weight.empty() ? 1 : stays.weight[i];
      const double entry = stays.entry.empty() ? 0 : stays.entry[i];
      if ((entry < time || entry == 0) && stays.duration[i] >= time) (stays.group[i] == 1 ? n1 : n) += weight;
      if (stays.duration[i] == time && stays.event[i] == 1) (stays.group[i] == 1 ? d1 : d) += weight;
    }
    n += n1;
    d += d1;
    if (d == 0) continue;
    const double w = std::pow(share, rho) * std::pow(1 - share, gamma);
    difference += w * (d1 - d * n1 / n);
    if (n > 1) variance += w * w * d * (n - d) / (n - 1) * (n1 / n) * (1 - n1 / n);
    share *= 1 - d / n;
  }
  return variance > 1e-12 ? difference * difference / variance : -1;
}

TEST(LogRankTest, IsTheFormula) {
  for_all([] {
    const Stays stays = random_stays({.fractions = *rc::gen::arbitrary<bool>(),
                                      .late = *rc::gen::arbitrary<bool>(),
                                      .weights = *rc::gen::arbitrary<bool>(),
                                      .groups = 2});
    for (const LogRankOptions& options :
         {LogRankOptions{}, {.rho = 1}, {.gamma = 1}, {.rho = 0.5, .gamma = 2}}) {
      const LogRank found = log_rank(stays.rows(), options);
      const double expected = by_hand(stays, options.rho, options.gamma);
      RC_ASSERT(found.statistic.defined() == (expected >= 0));
      if (expected < 0) continue;
      RC_ASSERT(std::abs(found.statistic.value_or(-1) - expected) <= 1e-9 * std::max(1.0, expected));
      RC_ASSERT(found.degrees_of_freedom == 1);
      // Of one degree of freedom the tail is that of the normal distribution on both sides.
      RC_ASSERT(std::abs(found.p_value.value_or(-1) - std::erfc(std::sqrt(expected / 2))) < 1e-9);
    }
  });
}

TEST(LogRankTest, OfAGroupAndItsCopyIsZero) {
  for_all([] {
    Stays stays = random_stays({.fractions = true, .late = true});
    stays.group.assign(stays.size(), 0);
    stays.groups = 2;
    const std::size_t size = stays.size();
    for (std::size_t i = 0; i < size; ++i) {
      const Stays one = stays.picked({i});
      stays.add(one, 0);
      stays.group.back() = 1;
    }
    const LogRank found = log_rank(stays.rows());
    if (found.statistic.defined()) {
      RC_ASSERT(found.statistic.value_or(-1) < 1e-20);
      RC_ASSERT(found.p_value.value_or(-1) > 1 - 1e-9);
    }
    RC_ASSERT(found.observed_in(0) == found.observed_in(1));
  });
}

TEST(LogRankTest, DoesNotCareWhichGroupIsFirst) {
  for_all([] {
    const Stays stays = random_stays({.late = *rc::gen::arbitrary<bool>(), .groups = 3});
    Stays renamed = stays;
    for (std::int32_t& group : renamed.group) group = (group + 1) % 3;
    const LogRank a = log_rank(stays.rows()), b = log_rank(renamed.rows());
    RC_ASSERT(a.degrees_of_freedom == b.degrees_of_freedom);
    RC_ASSERT(a.statistic.defined() == b.statistic.defined());
    RC_ASSERT(std::abs(a.statistic.value_or(0) - b.statistic.value_or(0)) <
              1e-8 * std::max(1.0, a.statistic.value_or(0)));
    for (std::size_t group = 0; group < 3; ++group) RC_ASSERT(a.rows_in(group) == b.rows_in((group + 1) % 3));
  });
}

TEST(LogRankTest, ObservedAndExpectedAddUpToTheSame) {
  for_all([] {
    const Stays stays = random_stays({.fractions = true, .weights = true, .groups = 4});
    const LogRank found = log_rank(stays.rows(), {.rho = *rc::gen::element(0.0, 1.0)});
    double observed = 0, expected = 0;
    for (std::size_t group = 0; group < 4; ++group) {
      observed += found.observed_in(group);
      expected += found.expected_in(group);
    }
    RC_ASSERT(std::abs(observed - expected) < 1e-9 * std::max(1.0, observed));
    RC_ASSERT(found.variance.isApprox(found.variance.transpose()));
    RC_ASSERT(found.variance.rowwise().sum().cwiseAbs().maxCoeff() < 1e-9);
  });
}

/// Strata of which each has the same rows tell the sum of what each tells.
TEST(LogRankTest, SumsOverStrata) {
  for_all([] {
    const Stays stays = random_stays({.fractions = true, .groups = 2});
    Stays twice = stays;
    std::vector<std::int32_t> stratum(stays.size(), 0);
    for (std::size_t i = 0; i < stays.size(); ++i) {
      twice.add(stays, i);
      stratum.push_back(1);
    }
    const LogRank one = log_rank(stays.rows()), two = log_rank(twice.rows(), {}, stratum, 2);
    RC_ASSERT(two.observed_in(0) == 2 * one.observed_in(0));
    RC_ASSERT(std::abs(two.statistic.value_or(0) - 2 * one.statistic.value_or(0)) < 1e-9);
  });
}

TEST(LogRankTest, OfManyTimesDoesNotDependOnThreads) {
  Stays stays{.groups = 3};
  std::mt19937_64 random(3);
  for (int i = 0; i < 300'000; ++i) {
    stays.duration.push_back(static_cast<double>(random() >> 40) / 64);
    stays.event.push_back(static_cast<double>(random() % 2));
    stays.group.push_back(static_cast<std::int32_t>(random() % 3));
  }
  const LogRank one = log_rank(stays.rows(), {}, {}, 1, {.threads = 1});
  const LogRank more = log_rank(stays.rows(), {}, {}, 1, {.threads = 4});
  EXPECT_EQ(one.statistic, more.statistic);
  EXPECT_EQ(one.expected, more.expected);
  // Weighted by a rho too small to matter, all times are summed in one go.
  const LogRank whole = log_rank(stays.rows(), {.rho = 1e-300});
  EXPECT_NEAR(one.statistic.value_or(0), whole.statistic.value_or(-1), 1e-8);
}

TEST(LogRankTest, IsUndefinedWhereThereIsNothingToCompare) {
  const Stays one_group{.duration = {1, 2}, .event = {1, 1}, .group = {0, 0}, .groups = 2};
  EXPECT_EQ(log_rank(one_group.rows()).statistic, Real(Undefined::too_few));
  const Stays no_events{.duration = {1, 2}, .event = {0, 0}, .group = {0, 1}, .groups = 2};
  EXPECT_EQ(log_rank(no_events.rows()).p_value, Real(Undefined::too_few));
  // A third group that is never at risk at an event is left out.
  const Stays early{.duration = {1, 5, 6, 7}, .event = {0, 1, 1, 1}, .group = {2, 0, 1, 0}, .groups = 3};
  EXPECT_EQ(log_rank(early.rows()).degrees_of_freedom, 1);
}

TEST(LogRankTest, WeightsAreNumbersOfRows) {
  Stays stays{.duration = {1, 2, 3, 4, 5, 6}, .event = {1, 1, 0, 1, 1, 1}, .group = {0, 1, 0, 1, 0, 1}};
  stays.groups = 2;
  const LogRank plain = log_rank(stays.rows());
  stays.weight = {1, 1, 1, 1, 1, 1};
  EXPECT_EQ(log_rank(stays.rows()).statistic, plain.statistic);
  stays.weight[2] = 0.5;
  EXPECT_FAULT(log_rank(stays.rows()), InputError, "E_WEIGHT",
               "column 'weight', row 2: weight 0.5; must be whole in a log-rank test");
  EXPECT_FAULT(log_rank(tabulate(stays.rows()), 2), InputError, "E_WEIGHT", "weights are not whole");
  stays.weight[2] = 1e300;
  EXPECT_NO_THROW(log_rank(stays.rows()));
}

TEST(LogRankTest, OptionsOutOfRangeAreRefused) {
  const Stays stays{.duration = {1, 2}, .event = {1, 1}, .group = {0, 1}, .groups = 2};
  EXPECT_FAULT(log_rank(stays.rows(), {.rho = -1}), OptionError, "E_PARAM", "rho=-1");
  EXPECT_FAULT(log_rank(stays.rows(), {.gamma = std::nan("")}), OptionError, "E_PARAM", "gamma=");
  Stays many = stays;
  many.groups = 1001;
  EXPECT_FAULT(log_rank(many.rows()), OptionError, "E_PARAM", "1001 groups");
  const std::vector<std::int32_t> short_of{0};
  EXPECT_FAULT(log_rank(stays.rows(), {}, short_of, 1), InputError, "E_COLUMN_LENGTH", "1 strata of 2 rows");
  const std::vector<DurationTable> three(3);
  EXPECT_FAULT(log_rank(three, 2), OptionError, "E_PARAM", "3 tables are no strata of 2 groups");
}

}  // namespace
}  // namespace tenure
