#include "support/measure.hpp"

// Policies that the narrow sweep does not serve, so that TimelineReader sorts each customer's changes.
namespace tenure::benchmarks {
namespace {

void run(benchmark::State& state, const ReportingPolicy& reporting, const Periods& periods = all_months()) {
  const Book& book = book_of(state, Policy{.reporting = reporting});
  for (auto _ : state) benchmark::DoNotOptimize(book.waterfall(periods));
  count(state, book.customers(), packed_bytes);
}

void every_change(benchmark::State& state) { run(state, {.netting = Netting::none}); }
void thirty_days_grace(benchmark::State& state) { run(state, {.gap_days = 30}); }
void free_customers(benchmark::State& state) { run(state, {.free_customers = FreeCustomers::active}); }
void more_periods_than_mask_bits(benchmark::State& state) { run(state, {}, weeks("2020-01", "2024-12")); }

BENCHMARK(every_change)->Apply(row_counts);
BENCHMARK(thirty_days_grace)->Apply(row_counts);
BENCHMARK(free_customers)->Apply(row_counts);
BENCHMARK(more_periods_than_mask_bits)->Apply(row_counts);

}  // namespace
}  // namespace tenure::benchmarks
