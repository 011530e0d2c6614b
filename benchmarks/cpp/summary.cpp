#include "support/measure.hpp"

// The bridge job: waterfall, net retention and triangle in one sweep, of a standing book and book included.
namespace tenure::benchmarks {
namespace {

void standing_book(benchmark::State& state) {
  const Book& book = book_of(state);
  for (auto _ : state) benchmark::DoNotOptimize(book.summary(all_months()));
  count(state, book.customers(), packed_bytes);
}

void run_from_columns(benchmark::State& state, const BookOptions& options) {
  const Subscriptions table = rows_of(state).table();
  const auto ask = [&] {
    Book book(Policy::standard(), options);
    book.add(table);
    benchmark::DoNotOptimize(book.summary(all_months()));
    return book.customers();
  };
  const std::int64_t customers = ask();  // not timed, for the memory's sake, as in group.cpp
  for (auto _ : state) ask();
  count(state, customers, column_bytes);
}

void from_columns(benchmark::State& state) { run_from_columns(state, one_thread()); }
void from_columns_all_threads(benchmark::State& state) { run_from_columns(state, {}); }

BENCHMARK(standing_book)->Apply(row_counts);
BENCHMARK(from_columns)->Apply(row_counts);
BENCHMARK(from_columns_all_threads)->Apply(row_counts)->UseRealTime();

}  // namespace
}  // namespace tenure::benchmarks
