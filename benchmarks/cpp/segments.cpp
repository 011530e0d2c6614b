#include "support/measure.hpp"

// Results cut by a segment: 5 plans, and 1,000 products of which a customer has several.
namespace tenure::benchmarks {
namespace {

template <class Ask>
void run(benchmark::State& state, Ask ask) {
  const Book& book = book_of(state, Policy::standard(), true);
  for (auto _ : state) benchmark::DoNotOptimize(ask(book));
  count(state, book.customers(), cut_bytes);
}

void waterfall_by_plan(benchmark::State& state) {
  run(state, [](const Book& book) { return book.waterfall(all_months(), {.by = "plan"}); });
}
void waterfall_by_product(benchmark::State& state) {
  run(state, [](const Book& book) { return book.waterfall(all_months(), {.by = "product"}); });
}
void net_retention_by_plan(benchmark::State& state) {
  run(state, [](const Book& book) { return book.net_retention(all_months(), {.by = "plan"}); });
}
void triangle_by_plan(benchmark::State& state) {
  run(state, [](const Book& book) { return book.triangle(all_months(), {.by = "plan"}); });
}

BENCHMARK(waterfall_by_plan)->Apply(row_counts);
BENCHMARK(waterfall_by_product)->Apply(row_counts);
BENCHMARK(net_retention_by_plan)->Apply(row_counts);
BENCHMARK(triangle_by_plan)->Apply(row_counts);

}  // namespace
}  // namespace tenure::benchmarks
