#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <map>
#include <memory>

#include "bridge_rows.hpp"

/// What every benchmark here does alike: sizes, counters, and rows and books that are made once.
namespace tenure::benchmarks {

/// 10^4 to 10^7 rows, and a straight line laid through the times. Processor time, so that neighbours on the
/// machine disturb little; a benchmark with several threads asks for real time.
inline void row_counts(benchmark::internal::Benchmark* benchmark) {
  benchmark->RangeMultiplier(10)->Range(10'000, 10'000'000)->Complexity(benchmark::oN);
  benchmark->Unit(benchmark::kMillisecond);
}

inline const BridgeRows& rows_of(const benchmark::State& state) {
  static std::map<std::int64_t, BridgeRows> made;
  return made.try_emplace(state.range(0), static_cast<std::size_t>(state.range(0))).first->second;
}

inline BookOptions one_thread() { return {.execution = {.threads = 1}}; }

/// A book of those rows, read under `policy` and kept until another is asked for.
inline const Book& book_of(const benchmark::State& state, const Policy& policy = Policy::standard(),
                           bool segments = false) {
  static std::unique_ptr<Book> book;
  static std::int64_t size = -1;
  static bool with_segments = false;
  if (book == nullptr || size != state.range(0) || !(book->policy() == policy) || with_segments != segments) {
    book = std::make_unique<Book>(policy, one_thread());
    book->add(segments ? rows_of(state).table_with_segments() : rows_of(state).table());
    size = state.range(0);
    with_segments = segments;
  }
  return *book;
}

/// items/s, bytes/s, time per row and the number of customers. `bytes_per_row` is what the job must read.
inline void count(benchmark::State& state, std::int64_t customers, std::int64_t bytes_per_row) {
  using benchmark::Counter;
  const std::int64_t rows = state.range(0);
  state.SetComplexityN(rows);
  state.SetItemsProcessed(state.iterations() * rows);
  state.SetBytesProcessed(state.iterations() * rows * bytes_per_row);
  state.counters["customers"] = static_cast<double>(customers);
  state.counters["time/row"] =
      Counter(static_cast<double>(rows), Counter::kIsIterationInvariantRate | Counter::kInvert);
}

inline constexpr std::int64_t column_bytes = 24;  ///< customer, start, end, amount as the caller has them
inline constexpr std::int64_t packed_bytes = 16;  ///< a row as the book keeps it
inline constexpr std::int64_t cut_bytes = 24;     ///< ... with the position in the table and the code there

}  // namespace tenure::benchmarks
