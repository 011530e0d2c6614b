#include <tenure/forecast/crps.hpp>

#include <algorithm>
#include <iostream>
#include <limits>
#include <numeric>

#include <tenure/core/random.hpp>

#include "support/faults.hpp"
#include "support/score_cases.hpp"
#include "support/shared.hpp"

namespace tenure {
namespace {

using test::for_all;
using test::Json;
using test::near;
using test::some_numbers;

/// The definition, pair by pair.
double slow_crps(double actual, std::span<const double> members, bool fair) {
  const auto count = static_cast<double>(members.size());
  double distance = 0, spread = 0;
  for (const double x : members) {
    distance += std::abs(x - actual);
    for (const double y : members) spread += std::abs(x - y) / 2;
  }
  return distance / count - spread / (count * (fair ? count - 1 : count));
}

struct Drawn {
  std::vector<double> actual, values;
};
Drawn drawn(std::size_t forecasts, std::size_t members, double centre = 0) {
  Drawn found;
  RandomStream random(7, members);
  for (std::size_t i = 0; i < forecasts; ++i) found.actual.push_back(centre + 3 * random.uniform());
  for (std::size_t i = 0; i < forecasts * members; ++i)
    found.values.push_back(centre + 2 * random.uniform() - random.uniform());
  return found;
}

class CrpsReference : public test::SharedData {};

TEST_F(CrpsReference, EnsemblesAreThoseOfScoringrulesAndProperscoring) {
  const auto rows = test::shared_csv("conformance/data/crps_ensemble.csv");
  const std::vector<double> actual = test::numbers_of(rows, "obs");
  std::vector<std::vector<double>> columns;
  for (int k = 0; k < 20; ++k) columns.push_back(test::numbers_of(rows, "m" + std::to_string(k)));
  const std::vector<std::span<const double>> spans(columns.begin(), columns.end());
  const Json& values = test::reference_value("crps_ensemble").at("values");
  const std::vector<double> plain = ensemble_crps(actual, Ensembles::by_columns(spans));
  const std::vector<double> fair = ensemble_crps(actual, Ensembles::by_columns(spans), {.fair = true});
  double most = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    for (const char* name : {"nrg", "qd", "int", "properscoring"}) {
      EXPECT_TRUE(test::within(plain[i], values.at(name)[i], 1e-10)) << name;
      most = std::max(most, std::abs(plain[i] / values.at(name)[i].get<double>() - 1));
    }
    for (const char* name : {"fair", "pwm"}) {
      EXPECT_TRUE(test::within(fair[i], values.at(name)[i], 1e-10)) << name;
      most = std::max(most, std::abs(fair[i] / values.at(name)[i].get<double>() - 1));
    }
  }
  std::cout << "[   worst  ] crps_ensemble " << most << "\n";
}

TEST(EnsembleCrps, OfAnyNumberOfMembersIsTheDefinition) {
  for (std::size_t members = 1; members <= 140; ++members) {
    const Drawn rows = drawn(11, members);  // 11: eight side by side, and three
    for (const bool fair : {false, true}) {
      if (fair && members == 1) continue;
      const auto scores =
          ensemble_crps(rows.actual, Ensembles::by_rows(rows.values, members), {.fair = fair});
      for (std::size_t i = 0; i < scores.size(); ++i)
        EXPECT_NEAR(scores[i],
                    slow_crps(rows.actual[i], std::span(rows.values).subspan(i * members, members), fair),
                    1e-13)
            << members;
    }
  }
}

TEST(EnsembleCrps, OfVeryManyMembersToo) {
  const std::size_t members = 2500;  // beyond those that a network sorts
  const Drawn rows = drawn(3, members);
  const auto scores = ensemble_crps(rows.actual, Ensembles::by_rows(rows.values, members));
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(scores[i],
                slow_crps(rows.actual[i], std::span(rows.values).subspan(i * members, members), false),
                1e-12);
}

TEST(EnsembleCrps, DoesNotDependOnTheOrderOfMembersThreadsOrLayout) {
  const std::size_t members = 37, forecasts = 700;
  const Drawn rows = drawn(forecasts, members, 1e6);
  const auto scores =
      ensemble_crps(rows.actual, Ensembles::by_rows(rows.values, members), {.execution = {.threads = 1}});
  std::vector<std::vector<double>> columns(members, std::vector<double>(forecasts));
  for (std::size_t i = 0; i < forecasts; ++i)
    for (std::size_t k = 0; k < members; ++k)
      columns[(k * 5 + 3) % members][i] = rows.values[i * members + k];  // in another order
  const std::vector<std::span<const double>> spans(columns.begin(), columns.end());
  EXPECT_EQ(scores, ensemble_crps(rows.actual, Ensembles::by_columns(spans), {.execution = {.threads = 3}}));
  std::vector<std::size_t> begin(forecasts + 1);
  for (std::size_t i = 0; i <= forecasts; ++i) begin[i] = i * members;
  EXPECT_EQ(scores, ensemble_crps(rows.actual, rows.values, begin));
}

TEST(EnsembleCrps, OfOneMemberIsTheAbsoluteError) {
  for_all([] {
    const std::vector<double> pair = some_numbers(2);
    RC_ASSERT(ensemble_crps(std::span(pair).first(1), Ensembles::by_rows(std::span(pair).last(1), 1)) ==
              std::vector<double>{std::abs(pair[0] - pair[1])});
  });
}

TEST(EnsembleCrps, MovesAndStretchesWithTheUnit) {
  for_all([] {
    const auto members = static_cast<std::size_t>(*rc::gen::inRange(2, 12));
    std::vector<double> actual = some_numbers(1), values = some_numbers(members);
    const double before = ensemble_crps(actual, Ensembles::by_rows(values, members))[0];
    RC_ASSERT(before >= -1e-12);
    for (std::vector<double>* column : {&actual, &values})
      for (double& value : *column) value = 4 * value + 3;
    RC_ASSERT(ensemble_crps(actual, Ensembles::by_rows(values, members))[0] == 4 * before);
  });
}

TEST(EnsembleCrps, OfMembersThatAreAllTwiceThereIsTheSame) {
  for_all([] {
    const auto members = static_cast<std::size_t>(*rc::gen::inRange(1, 20));
    const std::vector<double> actual = some_numbers(1), values = some_numbers(members);
    std::vector<double> twice = values;
    twice.insert(twice.end(), values.begin(), values.end());
    RC_ASSERT(near(ensemble_crps(actual, Ensembles::by_rows(values, members))[0],
                   ensemble_crps(actual, Ensembles::by_rows(twice, 2 * members))[0]));
  });
}

TEST(EnsembleCrps, FairIsRightOnAverageOverEnsembles) {
  // Over all pairs drawn from {0, 1, 2, 3} with replacement, the mean fair score is that of the four.
  const std::vector<double> whole{0, 1, 2, 3}, actual{1.25};
  double sum = 0;
  for (const double a : whole)
    for (const double b : whole) {
      const std::vector<double> pair{a, b};
      sum += ensemble_crps(actual, Ensembles::by_rows(pair, 2), {.fair = true})[0] / 16;
    }
  EXPECT_NEAR(sum, ensemble_crps(actual, Ensembles::by_rows(whole, 4))[0], 1e-14);
}

TEST(EnsembleCrps, OfUnequalSizesIsThatOfEach) {
  const std::vector<double> actual{1, 2}, values{0, 3, 2, 4, 7};
  const std::vector<std::size_t> begin{0, 2, 5};
  const auto scores = ensemble_crps(actual, values, begin, {.fair = true});
  EXPECT_DOUBLE_EQ(scores[0], slow_crps(1, std::span(values).first(2), true));
  EXPECT_DOUBLE_EQ(scores[1], slow_crps(2, std::span(values).last(3), true));
  EXPECT_FAULT(ensemble_crps(actual, values, std::vector<std::size_t>{0, 0, 5}), OptionError, "E_MEMBERS",
               "a forecast without members");
  EXPECT_FAULT(ensemble_crps(actual, values, std::vector<std::size_t>{0, 5}), InputError, "E_COLUMN_LENGTH",
               "begin");
}

TEST(EnsembleCrps, RefusesWhatNoNumberHolds) {
  const std::vector<double> far{-1e308}, none{0}, member{1.7e308}, members{1e308, 1e308};
  const std::vector<std::size_t> one{0, 1}, two{0, 2};
  EXPECT_FAULT(ensemble_crps(far, member, one), InputError, "E_AMOUNT_RANGE", "too far from the forecast");
  EXPECT_FAULT(ensemble_crps(none, members, two), InputError, "E_AMOUNT_RANGE", "too far from the forecast");
  EXPECT_FAULT(ensemble_crps(none, Ensembles::by_rows(members, 2)), InputError, "E_AMOUNT_RANGE",
               "too far from the forecast");    // each distance is a number, their sum is not
  const std::vector<double> many(3000, 1e308);  // sorted without a network
  EXPECT_FAULT(ensemble_crps(none, Ensembles::by_rows(many, 3000)), InputError, "E_AMOUNT_RANGE", "actual");
}

TEST(EnsembleCrps, RefusesWhatIsNoNumber) {
  const std::vector<double> actual(20, 1.0);
  std::vector<double> values(60, 2.0);
  values[3 * 17 + 1] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FAULT(ensemble_crps(actual, Ensembles::by_rows(values, 3)), InputError, "E_AMOUNT_NAN", "ensemble");
  Ensembles named = Ensembles::by_rows(values, 3);
  named.member_names = {"a", "b", "c"};
  EXPECT_FAULT(ensemble_crps(actual, named), InputError, "E_AMOUNT_NAN", "b");
  values[3 * 17 + 1] = std::numeric_limits<double>::infinity();
  EXPECT_FAULT(ensemble_crps(actual, Ensembles::by_rows(values, 3)), InputError, "E_AMOUNT_INF", "infinite");
  values[3 * 17 + 1] = 1.7e308;
  const std::vector<double> far(20, -1.7e308);
  EXPECT_FAULT(ensemble_crps(far, Ensembles::by_rows(values, 3)), InputError, "E_AMOUNT_RANGE",
               "too far from the actual");
  values[3 * 17 + 1] = 2;
  EXPECT_FAULT(ensemble_crps(actual, Ensembles::by_rows(std::span(values).first(20), 1), {.fair = true}),
               OptionError, "E_MEMBERS", "a fair score of one member");
  EXPECT_FAULT(ensemble_crps(actual, Ensembles{}), InputError, "E_COLUMN_LENGTH", "0 values for 20");
  EXPECT_FAULT(Ensembles::by_rows(values, 7), InputError, "E_COLUMN_LENGTH", "60 values are no rows of 7");
  EXPECT_TRUE(ensemble_crps({}, Ensembles::by_rows(std::span<const double>(), 3)).empty());
}

}  // namespace
}  // namespace tenure
