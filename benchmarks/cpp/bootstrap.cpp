#include <benchmark/benchmark.h>

#include <tenure/core/bootstrap.hpp>
#include <tenure/core/random.hpp>

// 1,000 replicates of two sums (what retention is a ratio of), on one thread.
namespace tenure::benchmarks {
namespace {

void two_sums(benchmark::State& state) {
  const Eigen::Index customers = state.range(0);
  std::vector<std::uint64_t> keys;
  Eigen::ArrayXXd values(customers, 2);
  for (Eigen::Index i = 0; i < customers; ++i) {
    RandomStream draws(1, static_cast<std::uint64_t>(i));
    keys.push_back(draws.bits());
    values(i, 0) = draws.uniform();
    values(i, 1) = values(i, 0) * draws.uniform();
  }
  for (auto _ : state) benchmark::DoNotOptimize(bootstrap_sums(keys, values, {.execution = {.threads = 1}}));
  state.SetItemsProcessed(state.iterations() * customers * 1000);
  state.SetComplexityN(customers);
}

BENCHMARK(two_sums)->RangeMultiplier(10)->Range(1000, 1'000'000)->Unit(benchmark::kMillisecond)->Complexity();

}  // namespace
}  // namespace tenure::benchmarks
