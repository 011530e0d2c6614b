#include "support/measure.hpp"

// Revenue and customers of 60 monthly cohorts by age.
namespace tenure::benchmarks {
namespace {

void by_month(benchmark::State& state) {
  const Book& book = book_of(state);
  for (auto _ : state) benchmark::DoNotOptimize(book.triangle(all_months()));
  count(state, book.customers(), packed_bytes);
}

BENCHMARK(by_month)->Apply(row_counts);

}  // namespace
}  // namespace tenure::benchmarks
