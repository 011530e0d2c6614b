#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>
#include <tenure/cohort/log_rank.hpp>
#include <tenure/cohort/survival.hpp>

// Curves of customers of two plans, and the test between them, from whole months and from fractions of them.
namespace tenure::benchmarks {
namespace {

struct Stays {
  std::vector<double> months, event;
  std::vector<std::int32_t> plan;

  Stays(std::int64_t rows, bool whole) {
    std::mt19937_64 random(1);
    for (std::int64_t i = 0; i < rows; ++i) {
      const double time = -30 * std::log1p(-static_cast<double>(random() >> 11) * 0x1p-53);
      months.push_back(whole ? std::floor(time) : time);
      event.push_back(static_cast<double>(random() % 2));
      plan.push_back(static_cast<std::int32_t>(random() % 2));
    }
  }
};

void curve(benchmark::State& state) {
  const Stays stays(state.range(0), state.range(1) != 0);
  for (auto _ : state) benchmark::DoNotOptimize(survival({.duration = stays.months, .event = stays.event}));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
void test(benchmark::State& state) {
  const Stays stays(state.range(0), state.range(1) != 0);
  const Durations rows{.duration = stays.months, .event = stays.event, .group = stays.plan, .groups = 2};
  for (auto _ : state) benchmark::DoNotOptimize(log_rank(rows));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(curve)->ArgNames({"rows", "whole"})->ArgsProduct({{1'000'000}, {0, 1}})->UseRealTime();
BENCHMARK(test)->ArgNames({"rows", "whole"})->ArgsProduct({{1'000'000}, {0, 1}})->UseRealTime();

}  // namespace
}  // namespace tenure::benchmarks
