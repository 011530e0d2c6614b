#include "support/measure.hpp"

// What a policy other than standard costs: the whole bridge job (rows into a book, and its summary) under every
// preset, and questions that the narrow sweep leaves to the TimelineReader for some customers or all.
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

void bridge_job(benchmark::State& state, const std::string& preset) {
  const Subscriptions rows = rows_of(state).table();
  std::int64_t customers = 0;
  for (auto _ : state) {
    Book book(Policy::named(preset), one_thread());
    book.add(rows);
    benchmark::DoNotOptimize(book.summary(all_months()));
    customers = book.customers();
  }
  count(state, customers, column_bytes);
}

/// chargebee is left out: these rows have no subscription ids, which its grain needs.
const bool registered = [] {
  for (const std::string& preset : Policy::presets())
    if (preset != "chargebee")
      benchmark::RegisterBenchmark(("bridge_job/" + preset).c_str(), bridge_job, preset)
          ->Arg(1'000'000)
          ->Unit(benchmark::kMillisecond);
  return true;
}();

BENCHMARK(every_change)->Apply(row_counts);
BENCHMARK(thirty_days_grace)->Apply(row_counts);
BENCHMARK(free_customers)->Apply(row_counts);
BENCHMARK(more_periods_than_mask_bits)->Apply(row_counts);

}  // namespace
}  // namespace tenure::benchmarks
