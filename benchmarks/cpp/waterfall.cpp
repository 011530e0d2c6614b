#include "support/measure.hpp"

// The bridge of a standing book: 60 months, 20 quarters, and 208 weeks, which take four mask words a
// customer.
namespace tenure::benchmarks {
namespace {

void run(benchmark::State& state, const Periods& periods) {
  const Book& book = book_of(state);
  for (auto _ : state) benchmark::DoNotOptimize(book.waterfall(periods));
  count(state, book.customers(), packed_bytes);
}

void by_month(benchmark::State& state) { run(state, all_months()); }
void by_quarter(benchmark::State& state) { run(state, quarters("2020-01", "2024-12")); }
void by_week(benchmark::State& state) { run(state, weeks("2020-01", "2023-12")); }

BENCHMARK(by_month)->Apply(row_counts);
BENCHMARK(by_quarter)->Apply(row_counts);
BENCHMARK(by_week)->Apply(row_counts);

}  // namespace
}  // namespace tenure::benchmarks
