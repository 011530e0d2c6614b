#include <benchmark/benchmark.h>

#include <tenure/core/random.hpp>
#include <tenure/forecast/crps.hpp>

// Ensembles of 100 members, on one thread, in both layouts; and more members of fewer forecasts.
namespace tenure::benchmarks {
namespace {

struct Rows {
  std::vector<double> actual, values;

  Rows(std::size_t forecasts, std::size_t members) {
    RandomStream random(1, members);
    for (std::size_t i = 0; i < forecasts; ++i) actual.push_back(random.uniform());
    for (std::size_t i = 0; i < forecasts * members; ++i) values.push_back(random.uniform());
  }
};

void measure(benchmark::State& state, const Rows& rows, const Ensembles& forecasts) {
  for (auto _ : state)
    benchmark::DoNotOptimize(ensemble_crps(rows.actual, forecasts, {.execution = {.threads = 1}}));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows.actual.size()));
  state.SetBytesProcessed(state.iterations() *
                          static_cast<std::int64_t>(rows.values.size() * sizeof(double)));
  state.SetComplexityN(static_cast<benchmark::IterationCount>(rows.actual.size()));
}

void by_rows(benchmark::State& state) {
  const Rows rows(static_cast<std::size_t>(state.range(0)), 100);
  measure(state, rows, Ensembles::by_rows(rows.values, 100));
}
void by_columns(benchmark::State& state) {
  const Rows rows(static_cast<std::size_t>(state.range(0)), 100);
  std::vector<std::span<const double>> columns;
  for (std::size_t k = 0; k < 100; ++k)
    columns.push_back(std::span(rows.values).subspan(k * rows.actual.size(), rows.actual.size()));
  measure(state, rows, Ensembles::by_columns(columns));
}
void members(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const Rows rows(1'000'000 / count, count);
  measure(state, rows, Ensembles::by_rows(rows.values, count));
}

BENCHMARK(by_rows)->RangeMultiplier(10)->Range(1000, 100'000)->Unit(benchmark::kMillisecond)->Complexity();
BENCHMARK(by_columns)->RangeMultiplier(10)->Range(1000, 100'000)->Unit(benchmark::kMillisecond)->Complexity();
BENCHMARK(members)->RangeMultiplier(4)->Range(4, 4096)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tenure::benchmarks
