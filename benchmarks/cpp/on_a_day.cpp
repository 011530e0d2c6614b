#include "support/measure.hpp"

// Questions about one day, and about one cell of a bridge.
namespace tenure::benchmarks {
namespace {

constexpr Day at = days_from_civil(2023, 6, 30);

void mrr(benchmark::State& state) {
  const Book& book = book_of(state);
  for (auto _ : state) benchmark::DoNotOptimize(book.mrr(at));
  count(state, book.customers(), packed_bytes);
}

void concentration(benchmark::State& state) {
  const Book& book = book_of(state);
  for (auto _ : state) benchmark::DoNotOptimize(book.concentration(at));
  count(state, book.customers(), packed_bytes);
}

void explain_churn(benchmark::State& state) {
  const Book& book = book_of(state);
  for (auto _ : state) benchmark::DoNotOptimize(book.explain(all_months(), 41, Line::churn));
  count(state, book.customers(), packed_bytes);
}

BENCHMARK(mrr)->Apply(row_counts);
BENCHMARK(concentration)->Apply(row_counts);
BENCHMARK(explain_churn)->Apply(row_counts);

}  // namespace
}  // namespace tenure::benchmarks
