#include <tenure/cohort/survival.hpp>

#include <cmath>
#include <functional>
#include <numeric>

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

SurvivalCurve curve_of(const Stays& stays, IntervalKind kind = IntervalKind::log) {
  return survival(stays.rows(), {.interval = kind}).at(0);
}
Stays stays_of(const std::vector<CsvRow>& rows, const std::string& time, const std::string& event) {
  return {.duration = numbers_of(rows, time), .event = numbers_of(rows, event)};
}
std::vector<CsvRow> only(std::vector<CsvRow> rows, const std::string& column, const std::string& value) {
  std::erase_if(rows, [&](const CsvRow& row) { return row.at(column) != value; });
  return rows;
}

/// The largest difference of a column to a reference; null where we are undefined, and there only.
double worst(const Json& expected, std::size_t rows, const std::function<Real(std::size_t)>& found) {
  EXPECT_EQ(expected.size(), rows);
  double most = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const Real value = found(i);
    EXPECT_EQ(expected[i].is_null(), !value.defined()) << "row " << i;
    if (value.defined() && !expected[i].is_null())
      most = std::max(most, std::abs(value.value_or(0) - expected[i].get<double>()));
  }
  return most;
}

class KaplanMeier : public test::SharedData {
 protected:
  static void check(const std::string& id, const Stays& stays) {
    const Json& entry = reference_value(id);
    const Json& values = entry.at("values");
    const double allowed = entry.at("tolerance").at("abs");
    double most = 0;
    const auto near = [&](const char* column, const SurvivalCurve& curve, const auto& found) {
      const double off = worst(values.at(column), curve.size(), found);
      EXPECT_LE(off, allowed) << id << " " << column;
      most = std::max(most, off);
    };
    const SurvivalCurve curve = curve_of(stays);
    near("time", curve, [&](std::size_t i) { return curve.time[i]; });
    near("n_risk", curve, [&](std::size_t i) { return curve.at_risk[i]; });
    near("n_event", curve, [&](std::size_t i) { return curve.events[i]; });
    near("surv", curve, [&](std::size_t i) { return curve.survival[i]; });
    if (values.contains("cumhaz")) {
      near("n_censor", curve, [&](std::size_t i) { return curve.censored[i]; });
      near("std_err_surv", curve, [&](std::size_t i) { return curve.std_error(i); });
      near("cumhaz", curve, [&](std::size_t i) { return curve.hazard[i]; });
      near("std_chaz", curve, [&](std::size_t i) { return std::sqrt(curve.hazard_variance[i]); });
      for (const auto& [suffix, kind] :
           {std::pair("plain", IntervalKind::plain), std::pair("log", IntervalKind::log),
            std::pair("loglog", IntervalKind::log_log)}) {
        const SurvivalCurve with = curve_of(stays, kind);
        near((std::string("lower_") + suffix).c_str(), with,
             [&](std::size_t i) { return with.estimate(i).lower; });
        near((std::string("upper_") + suffix).c_str(), with,
             [&](std::size_t i) { return with.estimate(i).upper; });
        const Estimate median = with.median();
        const Json& limits = values.at(std::string("median_ci_") + suffix);
        EXPECT_EQ(median.value.value(), as_number(values.at("median"))) << id;
        EXPECT_EQ(median.lower.value(), as_number(limits[0])) << id << " " << suffix;
        EXPECT_EQ(median.upper.value(), as_number(limits[1])) << id << " " << suffix;
      }
    }
    std::cout << "[   worst  ] " << id << " " << most << "\n";
  }
  static std::optional<double> as_number(const Json& value) {
    return value.is_null() ? std::nullopt : std::optional(value.get<double>());
  }
};

TEST_F(KaplanMeier, WaltonsControl) {
  check(
      "km_waltons_control",
      stays_of(only(shared_csv("conformance/data/surv_waltons_dataset.csv"), "group", "control"), "T", "E"));
}
TEST_F(KaplanMeier, Lung) {
  check("km_lung_all", stays_of(shared_csv("conformance/data/surv_lung.csv"), "time", "status"));
}
TEST_F(KaplanMeier, Telco) {
  const auto rows = shared_csv("conformance/data/surv_telco.csv");
  check("km_telco_all", stays_of(rows, "tenure", "event"));
  check("km_telco_monthtomonth", stays_of(only(rows, "Contract", "Month-to-month"), "tenure", "event"));
  check("km_telco_twoyear", stays_of(only(rows, "Contract", "Two year"), "tenure", "event"));
}
TEST_F(KaplanMeier, TelcoAggregatedToWeights) {
  std::map<std::pair<double, double>, double> counts;
  const Stays all = stays_of(shared_csv("conformance/data/surv_telco.csv"), "tenure", "event");
  for (std::size_t i = 0; i < all.duration.size(); ++i) ++counts[{all.duration[i], all.event[i]}];
  Stays few;
  for (const auto& [row, count] : counts) {
    few.duration.push_back(row.first);
    few.event.push_back(row.second);
    few.weight.push_back(count);
  }
  EXPECT_LT(few.duration.size(), 150U);
  check("km_telco_weighted", few);
}

/// The published tables of other data: rows with an event, limits on the log scale.
TEST_F(KaplanMeier, PublishedTablesOfLeukemiaAndLung) {
  const std::string folder = "data/km_published/";
  const auto aml = shared_csv(folder + "aml.csv");
  auto lung = shared_csv(folder + "lung.csv");
  for (CsvRow& row : lung) row["status"] = row["status"] == "2" ? "1" : "0";
  const std::vector<std::tuple<std::string, Stays>> all{
      {"aml_all", stays_of(aml, "time", "status")},
      {"aml_Maintained", stays_of(only(aml, "x", "Maintained"), "time", "status")},
      {"aml_Nonmaintained", stays_of(only(aml, "x", "Nonmaintained"), "time", "status")},
      {"lung_all", stays_of(lung, "time", "status")},
      {"lung_male", stays_of(only(lung, "sex", "1"), "time", "status")},
      {"lung_female", stays_of(only(lung, "sex", "2"), "time", "status")}};
  for (const auto& [name, stays] : all) {
    const SurvivalCurve curve = curve_of(stays);
    const auto expected = shared_csv(folder + "expected_km_" + name + ".csv");
    std::size_t row = 0;
    for (std::size_t i = 0; i < curve.size(); ++i) {
      if (curve.events[i] == 0) continue;
      const CsvRow& line = expected.at(row++);
      EXPECT_EQ(curve.time[i], std::stod(line.at("time"))) << name;
      EXPECT_EQ(curve.at_risk[i], std::stod(line.at("at_risk")));
      EXPECT_EQ(curve.events[i], std::stod(line.at("events")));
      EXPECT_NEAR(curve.survival[i], std::stod(line.at("s")), 1e-10);
      EXPECT_EQ(curve.std_error(i).defined(), !line.at("lo95_log").empty());
      if (line.at("lo95_log").empty()) continue;
      EXPECT_NEAR(curve.std_error(i).value_or(0), std::stod(line.at("std_err")), 1e-10);
      EXPECT_NEAR(curve.estimate(i).lower.value_or(0), std::stod(line.at("lo95_log")), 1e-10);
      EXPECT_NEAR(curve.estimate(i).upper.value_or(0), std::stod(line.at("hi95_log")), 1e-10);
    }
    EXPECT_EQ(row, expected.size()) << name;
  }
  const SurvivalCurve lung_curve = curve_of(std::get<1>(all[3]));
  EXPECT_EQ(lung_curve.median(), (Estimate{310.0, 285.0, 363.0}));
  EXPECT_NEAR(lung_curve.at(365).value.value_or(0), 0.4092416244600643, 1e-12);
}

class RestrictedMeans : public test::SharedData {};

TEST_F(RestrictedMeans, AreThoseOfR) {
  const auto waltons = shared_csv("conformance/data/surv_waltons_dataset.csv");
  const std::vector<std::tuple<std::string, Stays>> all{
      {"rmst_waltons_control_50", stays_of(only(waltons, "group", "control"), "T", "E")},
      {"rmst_waltons_mir_50", stays_of(only(waltons, "group", "miR-137"), "T", "E")},
      {"rmst_telco_36", stays_of(shared_csv("conformance/data/surv_telco.csv"), "tenure", "event")},
      {"rmst_lung_365", stays_of(shared_csv("conformance/data/surv_lung.csv"), "time", "status")}};
  for (const auto& [id, stays] : all) {
    const Json& values = reference_value(id).at("values");
    const RestrictedMean found = curve_of(stays).restricted_mean(values.at("tau"));
    EXPECT_TRUE(test::within(found.value.value_or(0), values.at("rmean"), 1e-9)) << id;
    EXPECT_TRUE(test::within(found.std_error.value_or(0), values.at("se"), 1e-7)) << id;
    std::cout << "[   worst  ] " << id << " "
              << std::abs(found.value.value_or(0) / values.at("rmean").get<double>() - 1) << " se "
              << std::abs(found.std_error.value_or(0) / values.at("se").get<double>() - 1) << "\n";
  }
}

bool same_shares(const SurvivalCurve& a, const SurvivalCurve& b) {
  return a.time == b.time && a.at_risk == b.at_risk && a.events == b.events && a.survival == b.survival &&
         a.log_variance == b.log_variance && a.hazard == b.hazard && a.hazard_variance == b.hazard_variance;
}
test::StayRange any_range() {
  return {.fractions = *rc::gen::arbitrary<bool>(),
          .late = *rc::gen::arbitrary<bool>(),
          .weights = *rc::gen::arbitrary<bool>()};
}

TEST(Survival, StartsAtOneAndNeverRises) {
  for_all([] {
    const SurvivalCurve curve = curve_of(random_stays(any_range()));
    double before = 1;
    for (const double share : curve.survival) {
      RC_ASSERT(share >= 0);
      RC_ASSERT(share <= before);
      before = share;
    }
    RC_ASSERT(curve.at(0).value.value_or(0) <= 1);
  });
}

TEST(Survival, WhenNobodyIsCensoredIsTheShareNotGone) {
  for_all([] {
    Stays stays = random_stays({.fractions = true});
    std::ranges::fill(stays.event, 1.0);
    const SurvivalCurve curve = curve_of(stays);
    for (std::size_t i = 0; i < curve.size(); ++i) {
      const auto left =
          std::ranges::count_if(stays.duration, [&](double time) { return time > curve.time[i]; });
      RC_ASSERT(curve.survival[i] == static_cast<double>(left) / static_cast<double>(stays.size()));
    }
  });
}

TEST(Survival, WhenAllAreCensoredStaysOne) {
  for_all([] {
    Stays stays = random_stays(any_range());
    std::ranges::fill(stays.event, 0.0);
    const SurvivalCurve curve = curve_of(stays);
    RC_ASSERT(std::ranges::all_of(curve.survival, [](double share) { return share == 1; }));
    RC_ASSERT(!curve.has_events());
    RC_ASSERT(curve.median().value.reason() == Undefined::not_reached);
  });
}

TEST(Survival, AWeightIsSoManyCopies) {
  for_all([] {
    const Stays weighted = random_stays({.late = *rc::gen::arbitrary<bool>(), .weights = true});
    Stays copies;
    for (std::size_t i = 0; i < weighted.size(); ++i)
      for (double copy = 0; copy < weighted.weight[i]; ++copy) copies.add(weighted, i);
    copies.weight.clear();
    RC_ASSERT(same_shares(curve_of(weighted), curve_of(copies)));
  });
}

TEST(Survival, InAnotherUnitIsTheSameCurveStretched) {
  for_all([] {
    const Stays stays = random_stays(any_range());
    Stays scaled = stays;
    for (double& time : scaled.duration) time *= 8;
    for (double& time : scaled.entry) time *= 8;
    SurvivalCurve expected = curve_of(stays);
    const Estimate median = expected.median();
    for (double& time : expected.time) time *= 8;
    const SurvivalCurve found = curve_of(scaled);
    RC_ASSERT(same_shares(found, expected));
    if (median.value.defined()) RC_ASSERT(found.median().value.value_or(0) == 8 * median.value.value_or(0));
  });
}

TEST(Survival, IsNotChangedByAWatchThatEndsLater) {
  for_all([] {
    const Stays stays = random_stays();
    Stays longer = stays;
    std::size_t last = 0;
    for (std::size_t i = 0; i < stays.size(); ++i)
      if (stays.duration[i] >= stays.duration[last] && stays.event[i] == 0) last = i;
    if (stays.event[last] != 0) return;
    longer.duration[last] = 100;
    const SurvivalCurve before = curve_of(stays), after = curve_of(longer);
    for (const double time : before.time)
      if (time < stays.duration[last])
        RC_ASSERT(after.at(time).value.value_or(-1) == before.at(time).value.value_or(-2));
  });
}

TEST(Survival, CumulativeHazardIsAtMostMinusLogS) {
  for_all([] {
    const SurvivalCurve curve = curve_of(random_stays(any_range()));
    for (std::size_t i = 0; i < curve.size(); ++i)
      if (curve.survival[i] > 0) RC_ASSERT(curve.hazard[i] <= -std::log(curve.survival[i]) + 1e-12);
  });
}

TEST(Survival, RestrictedMeanIsTheAreaAndRisesWithTheHorizon) {
  for_all([] {
    const SurvivalCurve curve = curve_of(random_stays(any_range()));
    double before = -1;
    for (double until = 0; until <= curve.time.back(); until += 0.5) {
      double area = 0;  // in steps finer than the times
      for (double at = 0; at < until; at += 0.25) area += 0.25 * curve.at(at).value.value_or(0);
      const RestrictedMean mean = curve.restricted_mean(until);
      RC_ASSERT(std::abs(mean.value.value_or(-1) - area) < 1e-12);
      RC_ASSERT(area <= until);
      RC_ASSERT(area >= before);
      RC_ASSERT(mean.std_error.defined());
      before = area;
    }
  });
}

TEST(Survival, OfEntriesAtZeroIsThatWithoutEntries) {
  for_all([] {
    const Stays stays = random_stays({.fractions = true});
    Stays entered = stays;
    entered.entry.assign(stays.size(), 0);
    RC_ASSERT(same_shares(curve_of(stays), curve_of(entered)));
  });
}

TEST(Survival, FromAddedTablesIsThatOfAllRows) {
  for_all([] {
    const Stays all = random_stays({.fractions = true, .late = true, .groups = 3});
    std::vector<DurationTable> tables = tabulate(all.rows());
    tables[0] += tables[1];
    tables[0] += tables[2];
    Stays pooled = all;
    pooled.group.clear();
    pooled.groups = 1;
    RC_ASSERT(same_shares(survival_curve(tables[0]), curve_of(pooled)));
  });
}

TEST(Survival, LimitsLieAroundTheShareAndWidenWithConfidence) {
  for_all([] {
    const Stays stays = random_stays(any_range());
    for (const IntervalKind kind : {IntervalKind::plain, IntervalKind::log, IntervalKind::log_log}) {
      const SurvivalCurve narrow = survival(stays.rows(), {.confidence = 0.5, .interval = kind})[0];
      const SurvivalCurve wide = survival(stays.rows(), {.confidence = 0.99, .interval = kind})[0];
      for (std::size_t i = 0; i < narrow.size(); ++i) {
        const Estimate a = narrow.estimate(i), b = wide.estimate(i);
        RC_ASSERT(a.lower.defined() ==
                  (narrow.survival[i] > 0 && (kind != IntervalKind::log_log || narrow.survival[i] < 1)));
        if (!a.lower.defined()) continue;
        RC_ASSERT(0 <= b.lower.value_or(-1));
        RC_ASSERT(b.lower.value_or(0) <= a.lower.value_or(0));
        RC_ASSERT(a.lower.value_or(0) <= narrow.survival[i]);
        RC_ASSERT(narrow.survival[i] <= a.upper.value_or(0));
        RC_ASSERT(a.upper.value_or(0) <= b.upper.value_or(0));
        RC_ASSERT(b.upper.value_or(2) <= 1);
      }
    }
  });
}

TEST(Survival, QuantileOfAnExactStepIsItsMiddle) {
  const Stays four{.duration = {1, 2, 3, 4}, .event = {1, 1, 1, 1}};
  EXPECT_EQ(curve_of(four).median().value, Real(2.5));
  EXPECT_EQ(curve_of(four).quantile(0.25).value, Real(1.5));
  EXPECT_EQ(curve_of(four).quantile(0.3).value, Real(2.0));
  EXPECT_EQ(curve_of(four).quantile(0).value, Real(0.0));
  EXPECT_EQ(curve_of(four).quantile(1).value, Real(4.0));
  const Stays flat{.duration = {1, 2, 3, 4}, .event = {1, 1, 0, 0}};  // S is 1/2 from 2 to the end at 4
  EXPECT_EQ(curve_of(flat).median().value, Real(3.0));
  EXPECT_EQ(curve_of(flat).quantile(0.6).value, Real(Undefined::not_reached));
}

TEST(Survival, AfterTheLastTimeIsKnownOnlyIfEverybodyIsGone) {
  const SurvivalCurve open = curve_of({.duration = {2, 5}, .event = {1, 0}});
  EXPECT_EQ(open.at(5).value, Real(0.5));
  EXPECT_EQ(open.at(5.5).value, Real(Undefined::not_yet_observed));
  EXPECT_EQ(open.restricted_mean(6).value, Real(Undefined::not_yet_observed));
  const SurvivalCurve closed = curve_of({.duration = {2, 5}, .event = {1, 1}});
  EXPECT_EQ(closed.at(7).value, Real(0.0));
  EXPECT_EQ(closed.restricted_mean(7).value, Real(3.5));
  EXPECT_EQ(closed.at(1).value, Real(1.0));
  EXPECT_EQ(closed.std_error(1), Real(Undefined::not_estimated));
}

TEST(Survival, EndsAtTheTimeThatIsAskedFor) {
  const Stays stays{.duration = {1, 2, 3, 4}, .event = {1, 0, 1, 1}};
  const SurvivalCurve cut = survival(stays.rows(), {.until = 3})[0], all = curve_of(stays);
  EXPECT_EQ(cut.time, (std::vector<double>{1, 2, 3}));
  EXPECT_TRUE(std::equal(cut.survival.begin(), cut.survival.end(), all.survival.begin()));
  EXPECT_EQ(cut.at_risk, (std::vector<double>{4, 3, 2}));
}

TEST(Survival, WhoIsLeftAfterAHeavyRowIsLeft) {
  for (const double light : {1.0, 0.25}) {
    const SurvivalCurve curve =
        curve_of({.duration = {1, 2, 3}, .event = {1, 1, 1}, .weight = {1e13, light, light}});
    EXPECT_GT(curve.survival[0], 0);
    EXPECT_DOUBLE_EQ(curve.survival[1], curve.survival[0] / 2);
    EXPECT_EQ(curve.survival[2], 0);
  }
  const SurvivalCurve late =
      curve_of({.duration = {1, 2, 3}, .event = {1, 1, 1}, .entry = {0, 0, 2}, .weight = {1e13, 1, 1}});
  EXPECT_GT(late.survival[0], 0);
  // Sums of fractions leave nobody at the end, late entries or not.
  const SurvivalCurve shares = curve_of({.duration = {1, 2, 2, 2, 9},
                                         .event = {1, 1, 1, 1, 1},
                                         .entry = {0, 0, 0, 0, 3},
                                         .weight = {0.1, 0.1, 0.2, 0.3, 0.7}});
  EXPECT_EQ(shares.survival[1], 0);
}

TEST(Survival, OfOneRowAndOfManyGroups) {
  const SurvivalCurve one = curve_of({.duration = {3}, .event = {1}});
  EXPECT_EQ(one.survival, std::vector<double>{0});
  EXPECT_EQ(one.median().value, Real(3.0));
  const Stays stays{.duration = {1, 2, 3, 4}, .event = {1, 1, 1, 0}, .group = {1, 0, 1, 0}, .groups = 3};
  const auto curves = survival(stays.rows());
  EXPECT_EQ(curves[0].time, (std::vector<double>{2, 4}));
  EXPECT_EQ(curves[1].survival, (std::vector<double>{0.5, 0}));
  EXPECT_EQ(curves[2].size(), 0U);
  EXPECT_EQ(curves[2].median().value, Real(Undefined::empty_base));
  EXPECT_EQ(curves[2].restricted_mean(1).value, Real(Undefined::empty_base));
  EXPECT_EQ(curves[2].at(0).value, Real(Undefined::empty_base));
}

TEST(Survival, OptionsOutOfRangeAreRefused) {
  const Stays stays{.duration = {1}, .event = {1}};
  for (const double confidence : {0.0, 1.0, -2.0, std::nan("")})
    EXPECT_FAULT(survival(stays.rows(), {.confidence = confidence}), OptionError, "E_CONFIDENCE",
                 "a confidence of");
  EXPECT_FAULT(parse_interval_kind("wald"), OptionError, "E_INTERVAL", "Known: plain, log, log_log");
  const SurvivalCurve curve = curve_of(stays);
  EXPECT_FAULT(curve.at(-1), OptionError, "E_PARAM", "time=-1");
  EXPECT_FAULT(curve.quantile(1.5), OptionError, "E_PARAM", "share=1.5");
  EXPECT_FAULT(curve.restricted_mean(std::nan("")), OptionError, "E_PARAM", "until=");
  const Stays two{.duration = {1}, .event = {2}, .causes = 2};
  EXPECT_FAULT(survival(two.rows()), OptionError, "E_PARAM", "Use cumulative_incidence()");
  for (const IntervalKind kind : {IntervalKind::plain, IntervalKind::log, IntervalKind::log_log})
    EXPECT_EQ(parse_interval_kind(name_of(kind)), kind);
}

}  // namespace
}  // namespace tenure
