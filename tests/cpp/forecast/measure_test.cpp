#include <tenure/forecast/measure.hpp>

#include <set>

#include "support/faults.hpp"

namespace tenure {
namespace {

TEST(Measure, EachHasANameThatReadsBack) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < measure_count; ++i) {
    const auto measure = static_cast<Measure>(i);
    EXPECT_EQ(parse_measure(name_of(measure)), measure);
    names.insert(name_of(measure));
  }
  EXPECT_EQ(names.size(), measure_count);
  EXPECT_EQ(names.count(""), 0U);
}

TEST(Measure, NamesStandWhereTheirMeasuresDo) {
  EXPECT_EQ(name_of(Measure::me), "me");
  EXPECT_EQ(name_of(Measure::median_ae), "median_ae");
  EXPECT_EQ(name_of(Measure::wape), "wape");
  EXPECT_EQ(name_of(Measure::owa), "owa");
  EXPECT_EQ(name_of(Measure::theil_u2), "theil_u2");
  EXPECT_EQ(name_of(Measure::accuracy), "accuracy");
  EXPECT_EQ(name_of(Measure::acf1), "acf1");
}

TEST(Measure, AnUnknownNameIsRefusedWithTheKnownOnes) {
  EXPECT_FAULT(parse_measure("rmspe"), OptionError, "E_MEASURE", "the measure 'rmspe' is not known");
  EXPECT_FAULT(parse_measure("rmspe"), OptionError, "E_MEASURE", "Known: me, mpe, mae");
  EXPECT_FAULT(parse_measure("MAE"), OptionError, "E_MEASURE", "'MAE'");
}

TEST(Measure, SomeNeedAHistoryOrABenchmark) {
  std::set<std::string_view> history, benchmark;
  for (std::size_t i = 0; i < measure_count; ++i) {
    const auto measure = static_cast<Measure>(i);
    if (needs_history(measure)) history.insert(name_of(measure));
    if (needs_benchmark(measure)) benchmark.insert(name_of(measure));
  }
  EXPECT_EQ(history, (std::set<std::string_view>{"mase", "msse", "rmsse", "spis", "owa"}));
  EXPECT_EQ(benchmark, (std::set<std::string_view>{"owa", "relative_mae"}));
}

}  // namespace
}  // namespace tenure
