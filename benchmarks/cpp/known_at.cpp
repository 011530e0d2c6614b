#include "support/measure.hpp"

// What knowledge costs: the bridge job (rows into a book, and its summary) over rows that do not say when
// they were recorded; over rows that do, one in fifty of which was superseded, asked for now; read as known
// on a day; and a book of all of them asked how it was known on that day.
namespace tenure::benchmarks {
namespace {

/// Recorded up to five days after the start; superseded a month later.
struct RecordedDays {
  explicit RecordedDays(std::span<const Day> starts) : valid((starts.size() + 7) / 8) {
    std::uint64_t state = 88172645463325252ULL;
    for (std::size_t row = 0; row < starts.size(); ++row) {
      state ^= state << 13, state ^= state >> 7, state ^= state << 17;
      recorded.push_back(starts[row] + static_cast<Day>(state % 6));
      superseded.push_back(recorded.back() + 30);
      if (state % 50 == 0) valid[row / 8] = static_cast<std::uint8_t>(valid[row / 8] | 1U << (row % 8));
    }
  }
  Knowledge columns() const { return {.recorded = recorded, .superseded = {superseded, {valid.data()}}}; }

  std::vector<Day> recorded, superseded;
  std::vector<std::uint8_t> valid;
};

enum class Knows { nothing, now, as_known, then };

void bridge_job(benchmark::State& state, Knows knows) {
  Subscriptions rows = rows_of(state).table();
  const RecordedDays days(rows.start.values);
  if (knows != Knows::nothing) rows.knowledge = days.columns();
  const Day then = parse_day("2023-06-30");
  BookOptions options = one_thread();
  if (knows == Knows::as_known) options.known_at = then;
  std::int64_t customers = 0;
  for (auto _ : state) {
    Book book({}, options);
    book.add(rows);
    benchmark::DoNotOptimize(knows == Knows::then ? book.known_at(then).summary(all_months())
                                                  : book.summary(all_months()));
    customers = book.customers();
  }
  count(state, customers, column_bytes + (knows == Knows::nothing ? 0 : 2 * sizeof(Day)));
}

BENCHMARK_CAPTURE(bridge_job, no_knowledge, Knows::nothing)->Apply(row_counts);
BENCHMARK_CAPTURE(bridge_job, knowledge_now, Knows::now)->Apply(row_counts);
BENCHMARK_CAPTURE(bridge_job, read_as_known, Knows::as_known)->Apply(row_counts);
BENCHMARK_CAPTURE(bridge_job, asked_as_known, Knows::then)->Apply(row_counts);

}  // namespace
}  // namespace tenure::benchmarks
