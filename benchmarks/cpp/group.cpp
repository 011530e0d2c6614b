#include "support/measure.hpp"

// Making a book: every column read and checked, rows packed and grouped by customer.
namespace tenure::benchmarks {
namespace {

Book make(const Subscriptions& table, const BookOptions& options) {
  Book book(Policy::standard(), options);
  book.add(table);
  return book;
}

void run(benchmark::State& state, const Subscriptions& table, const BookOptions& options) {
  // Not timed: memory that a process touches for the first time costs more than the job.
  const std::int64_t customers = make(table, options).customers();
  for (auto _ : state) benchmark::DoNotOptimize(make(table, options));
  count(state, customers, column_bytes);
}

void numbers(benchmark::State& state) { run(state, rows_of(state).table(), one_thread()); }

void numbers_all_threads(benchmark::State& state) { run(state, rows_of(state).table(), {}); }

/// Ids as texts that are already a dictionary, as Arrow and Parquet often have them.
void texts(benchmark::State& state) {
  const BridgeRows& rows = rows_of(state);
  const auto last = std::max_element(rows.serial().begin(), rows.serial().end());
  std::vector<std::string> labels;
  for (std::int32_t i = 0; i <= *last; ++i) labels.push_back("customer-" + std::to_string(i));
  Subscriptions table = rows.table();
  table.customer = Codes{rows.serial(), labels};
  run(state, table, one_thread());
}

void with_segments(benchmark::State& state) {
  run(state, rows_of(state).table_with_segments(), one_thread());
}

BENCHMARK(numbers)->Apply(row_counts);
BENCHMARK(numbers_all_threads)->Apply(row_counts)->UseRealTime();
BENCHMARK(texts)->Apply(row_counts);
BENCHMARK(with_segments)->Apply(row_counts);

}  // namespace
}  // namespace tenure::benchmarks
