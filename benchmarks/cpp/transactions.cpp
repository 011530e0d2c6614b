#include <tenure/economics/transactions.hpp>

#include "support/measure.hpp"

#include <tenure/core/random.hpp>

// RFM: rows partitioned by customer, periods counted, amounts added exactly. Ten rows a customer.
namespace tenure::benchmarks {
namespace {

struct Log {
  std::vector<std::int64_t> customer;
  std::vector<Day> day;
  std::vector<double> amount;

  Log(std::int64_t rows, std::int64_t apart) {
    RandomStream random(1, 0);
    for (std::int64_t row = 0; row < rows; ++row) {
      const auto customers = static_cast<std::uint64_t>(std::max<std::int64_t>(rows / 10, 1));
      customer.push_back(static_cast<std::int64_t>(random.below(customers)) * apart);
      day.push_back(static_cast<Day>(19'000 + random.below(730)));
      amount.push_back(static_cast<double>(100 + random.below(20'000)) / 100);
    }
  }
};

void run(benchmark::State& state, std::int64_t apart, RfmOptions options) {
  const Log log(state.range(0), apart);
  const Transactions table{.customer = log.customer, .day = log.day, .amount = log.amount};
  std::int64_t customers = 0;
  for (auto _ : state) customers = static_cast<std::int64_t>(rfm(table, options).customers());
  count(state, customers, 20);
}

void days(benchmark::State& state) { run(state, 1, {.execution = {.threads = 1}}); }
void days_all_threads(benchmark::State& state) { run(state, 1, {}); }
void ids_far_apart(benchmark::State& state) { run(state, 1'000'000'007, {.execution = {.threads = 1}}); }
void months_held_out(benchmark::State& state) {
  run(state, 1, {.unit = PeriodUnit::month, .calibration_end = 19'500, .execution = {.threads = 1}});
}
void repeats_dropped(benchmark::State& state) {
  run(state, 1, {.duplicates = Duplicates::drop, .execution = {.threads = 1}});
}

BENCHMARK(days)->Apply(row_counts);
BENCHMARK(days_all_threads)->Apply(row_counts)->UseRealTime();
BENCHMARK(ids_far_apart)->Apply(row_counts);
BENCHMARK(months_held_out)->Apply(row_counts);
BENCHMARK(repeats_dropped)->Apply(row_counts);

}  // namespace
}  // namespace tenure::benchmarks
