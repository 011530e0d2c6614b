#include "support/measure.hpp"

// NRR, GRR and logo retention of each of 60 months; the horizon must not change the cost.
namespace tenure::benchmarks {
namespace {

void run(benchmark::State& state, int horizon) {
  const Book& book = book_of(state);
  for (auto _ : state) benchmark::DoNotOptimize(book.net_retention(all_months(), {.horizon = horizon}));
  count(state, book.customers(), packed_bytes);
}

void over_one_month(benchmark::State& state) { run(state, 1); }
void over_a_year(benchmark::State& state) { run(state, 12); }

BENCHMARK(over_one_month)->Apply(row_counts);
BENCHMARK(over_a_year)->Apply(row_counts);

}  // namespace
}  // namespace tenure::benchmarks
