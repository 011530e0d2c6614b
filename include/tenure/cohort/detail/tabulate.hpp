#pragma once

#include <atomic>
#include <optional>

#include "../../core/buffer.hpp"
#include "duration_blocks.hpp"
#include "large_columns.hpp"
#include "radix_sort.hpp"

/// Rows into tables. Whole-number durations of a small range are counted in one pass; all others are cut at
/// quantiles into ranges of time that are sorted side by side.
namespace tenure::detail {

inline constexpr std::size_t rows_per_task = 16 * DurationBlock::capacity;

/// Rows by cell: (group * length + duration) * (causes + 1) + event.
template <class Count>
struct WholeCounts {
  std::size_t length = 0;
  std::vector<Count> cells;
};

struct WholeScan {
  bool valid = true, whole = true;
  double longest = 0;
};

/// Adds up all rows with whole durations below `length`; says what it met beside them.
template <class Count>
WholeScan count_whole(const Durations& rows, const Execution& execution, WholeCounts<Count>& total) {
  constexpr bool weighted = std::is_floating_point_v<Count>;
  const std::size_t width = rows.causes + 1, cells = rows.groups * total.length * width;
  // Sums of fractions depend on their order: one worker takes the rows as they come.
  const std::size_t per_task = weighted ? rows.size() : rows_per_task;
  const std::size_t tasks = (rows.size() + per_task - 1) / per_task;
  const auto workers = static_cast<std::size_t>(worker_count(execution, tasks));
  std::vector<std::vector<Count>> counts(workers);
  std::vector<WholeScan> scans(workers);
  std::atomic<bool> all_whole{true};
  parallel_for(execution, tasks, [&](std::size_t task, int worker) {
    auto& mine = counts[static_cast<std::size_t>(worker)];
    WholeScan& scan = scans[static_cast<std::size_t>(worker)];
    if (mine.empty()) mine.resize(cells);
    DurationBlock block;
    const std::size_t end = std::min(rows.size(), (task + 1) * per_task);
    for (std::size_t first = task * per_task; first < end; first += block.size) {
      scan.valid &= read_block(rows, first, block);
      if (!scan.valid || !all_whole.load(std::memory_order_relaxed)) return;
      bool whole = true;
      std::uint64_t longest = 0;
      for (std::size_t i = 0; i < block.size; ++i) {
        const auto duration = static_cast<std::int64_t>(std::min(block.duration[i], 0x1p53));
        whole &= static_cast<double>(duration) == block.duration[i];
        const auto place = static_cast<std::uint64_t>(duration);
        longest = std::max(longest, place);
        if (place >= total.length) continue;
        Count& cell = mine[(block.group[i] * total.length + place) * width + block.event[i]];
        if constexpr (weighted)
          cell += block.weight[i];
        else
          ++cell;
      }
      scan.longest = std::max(scan.longest, static_cast<double>(longest));
      if (!whole) all_whole = false;
    }
  });
  WholeScan met{.whole = all_whole.load()};
  for (const WholeScan& scan : scans) {
    met.valid &= scan.valid;
    met.longest = std::max(met.longest, scan.longest);
  }
  total.cells.assign(cells, Count{});
  for (const auto& part : counts)
    for (std::size_t i = 0; i < part.size(); ++i) total.cells[i] += part[i];
  return met;
}

template <class Count>
std::vector<DurationTable> tables_of(const Durations& rows, const WholeCounts<Count>& counts) {
  const std::size_t width = rows.causes + 1;
  std::vector<DurationTable> tables(rows.groups, DurationTable{.causes = rows.causes});
  for (std::size_t group = 0; group < rows.groups; ++group)
    for (std::size_t duration = 0; duration < counts.length; ++duration) {
      const Count* const cell = counts.cells.data() + (group * counts.length + duration) * width;
      if (std::all_of(cell, cell + width, [](Count count) { return count == 0; })) continue;
      DurationTable& table = tables[group];
      table.time.push_back(static_cast<double>(duration));
      table.censored.push_back(static_cast<double>(cell[0]));
      for (std::size_t cause = 1; cause < width; ++cause)
        table.ended.push_back(static_cast<double>(cell[cause]));
    }
  return tables;
}

/// The tables, if all durations are whole numbers of a range that is worth counting.
template <class Count>
std::optional<std::vector<DurationTable>> whole_tables(const Durations& rows, const Execution& execution) {
  constexpr std::size_t usual = 16384, most = std::size_t{1} << 22;  // durations; cells
  const std::size_t lines = rows.groups * (rows.causes + 1);
  WholeCounts<Count> counts{.length = std::min(usual, std::max<std::size_t>(most / 4 / lines, 1)),
                            .cells = {}};
  const WholeScan met = count_whole(rows, execution, counts);
  if (!met.valid) find_faults(rows);
  if (!met.whole) return std::nullopt;
  if (met.longest >= static_cast<double>(counts.length)) {
    if ((met.longest + 1) * static_cast<double>(lines) > static_cast<double>(most)) return std::nullopt;
    counts.length = static_cast<std::size_t>(met.longest) + 1;
    count_whole(rows, execution, counts);
  }
  return tables_of(rows, counts);
}

/// A row with one cause and no weight, in 64 bits: its duration, and its event in the lowest.
struct PlainRow {
  std::uint64_t bits;

  static PlainRow of(const DurationBlock& block, std::size_t i) noexcept {
    return {ordered_bits(block.duration[i]) | block.event[i]};
  }
  std::uint64_t key() const noexcept { return bits; }
  std::uint64_t time() const noexcept { return bits & ~std::uint64_t{1}; }
  std::uint32_t event() const noexcept { return bits & 1; }
  double weight() const noexcept { return 1; }
};
struct FullRow {
  std::uint64_t bits;
  double held;
  std::uint32_t cause;

  static FullRow of(const DurationBlock& block, std::size_t i, bool weighted) noexcept {
    return {ordered_bits(block.duration[i]), weighted ? block.weight[i] : 1, block.event[i]};
  }
  std::uint64_t key() const noexcept { return bits; }
  std::uint64_t time() const noexcept { return bits; }
  std::uint32_t event() const noexcept { return cause; }
  double weight() const noexcept { return held; }
};

/// Times that cut the rows into ranges of about equal size, from a sample of them.
inline std::vector<double> pivots_of(const Durations& rows, std::size_t ranges) {
  const std::size_t wanted = std::min<std::size_t>(rows.size(), 64 * ranges);
  std::vector<double> sample(wanted), pivots;
  for (std::size_t i = 0; i < wanted; ++i) sample[i] = number_at(rows.duration, i * rows.size() / wanted);
  std::sort(sample.begin(), sample.end());
  for (std::size_t range = 1; range < ranges; ++range) pivots.push_back(sample[range * wanted / ranges]);
  return pivots;
}

template <class Row>
std::size_t distinct_times(std::span<const Row> sorted) noexcept {
  std::size_t distinct = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i)
    distinct += i == 0 || sorted[i].time() != sorted[i - 1].time() ? 1 : 0;
  return distinct;
}

/// Sums sorted rows into a table of zeros, from line `at` on.
template <class Row>
void fill(std::span<const Row> sorted, DurationTable& table, std::size_t at) noexcept {
  for (std::size_t i = 0; i < sorted.size(); ++at) {
    const std::uint64_t time = sorted[i].time();
    table.time[at] = from_ordered(time);
    for (; i < sorted.size() && sorted[i].time() == time; ++i) {
      const std::uint32_t event = sorted[i].event();
      (event == 0 ? table.censored[at] : table.ended[at * table.causes + event - 1]) += sorted[i].weight();
    }
  }
}

template <class Row, class Make>
std::vector<DurationTable> sorted_tables(const Durations& rows, const Execution& execution, Make&& make) {
  const std::size_t ranges = rows.groups >= 16 ? 1 : std::clamp<std::size_t>(rows.size() / 32768, 1, 16);
  const std::vector<double> pivots = pivots_of(rows, ranges);
  const std::size_t cells = rows.groups * ranges;
  const auto cell_of = [&](const DurationBlock& block, std::size_t i) noexcept {
    std::size_t range = 0;
    for (const double pivot : pivots) range += block.duration[i] >= pivot ? 1 : 0;
    return block.group[i] * ranges + range;
  };
  const std::size_t per_task = std::max(rows_per_task, (rows.size() / 64 + 4095) / 4096 * 4096);
  const std::size_t tasks = (rows.size() + per_task - 1) / per_task;
  const auto for_rows = [&](std::size_t task, auto&& use) {
    DurationBlock block;
    const std::size_t end = std::min(rows.size(), (task + 1) * per_task);
    for (std::size_t first = task * per_task; first < end; first += block.size) {
      if (!read_block(rows, first, block)) find_faults(rows);
      for (std::size_t i = 0; i < block.size; ++i) use(block, i);
    }
  };
  std::vector<std::size_t> places(tasks * cells), begins(cells + 1);
  // Rows are the caller's memory, which may change under us: which cell a row is in is decided once, and kept
  // where the sorted rows will be.
  Buffer<Row> memory(2 * rows.size());
  const std::span<Row> held(memory.data(), rows.size()), scratch(memory.data() + rows.size(), rows.size());
  static_assert(sizeof(Row) >= sizeof(std::uint32_t));
  auto* const decided = reinterpret_cast<std::uint32_t*>(scratch.data());
  parallel_for(execution, tasks, [&](std::size_t task, int) {
    for_rows(task, [&](const DurationBlock& block, std::size_t i) {
      const std::size_t cell = cell_of(block, i);
      decided[block.first + i] = static_cast<std::uint32_t>(cell);
      ++places[task * cells + cell];
    });
  });
  std::size_t at = 0;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    begins[cell] = at;
    for (std::size_t task = 0; task < tasks; ++task) at += std::exchange(places[task * cells + cell], at);
  }
  begins[cells] = at;
  parallel_for(execution, tasks, [&](std::size_t task, int) {
    for_rows(task, [&](const DurationBlock& block, std::size_t i) {
      held[places[task * cells + decided[block.first + i]]++] = make(block, i);
    });
  });
  std::vector<std::span<const Row>> sorted(cells);
  std::vector<std::size_t> lines(cells);
  parallel_for(execution, cells, [&](std::size_t cell, int) {
    const std::size_t first = begins[cell], size = begins[cell + 1] - first;
    sorted[cell] = radix_sort(held.subspan(first, size), scratch.subspan(first, size),
                              [](const Row& row) { return row.key(); });
    lines[cell] = distinct_times(sorted[cell]);
  });
  std::vector<DurationTable> tables(rows.groups, DurationTable{.causes = rows.causes});
  for (std::size_t group = 0; group < rows.groups; ++group) {
    DurationTable& table = tables[group];
    std::size_t size = 0;
    for (std::size_t range = 0; range < ranges; ++range)
      size += std::exchange(lines[group * ranges + range], size);
    resize_large<double>({&table.time, &table.censored}, size, execution);
    resize_large<double>({&table.ended}, size * rows.causes, execution);
  }
  parallel_for(execution, cells,
               [&](std::size_t cell, int) { fill(sorted[cell], tables[cell / ranges], lines[cell]); });
  return tables;
}

/// Late entries into the tables of their groups.
inline void add_entries(const Durations& rows, std::vector<DurationTable>& tables) {
  struct Entry {
    std::uint64_t bits;
    double weight;
  };
  std::vector<std::vector<Entry>> late(rows.groups);
  for (std::size_t row = 0; row < rows.size(); ++row)
    if (rows.entry[row] > 0)
      late[rows.group.empty() ? 0 : static_cast<std::size_t>(rows.group[row])].push_back(
          {ordered_bits(rows.entry[row]), rows.weight.empty() ? 1 : rows.weight[row]});
  std::vector<Entry> scratch;
  for (std::size_t group = 0; group < rows.groups; ++group) {
    scratch.resize(late[group].size());
    DurationTable& table = tables[group];
    for (const Entry& entry : radix_sort(std::span(late[group]), std::span(scratch),
                                         [](const Entry& entry) { return entry.bits; })) {
      const double time = from_ordered(entry.bits);
      if (table.entry.empty() || table.entry.back() != time) {
        table.entry.push_back(time);
        table.entered.push_back(0);
      }
      table.entered.back() += entry.weight;
    }
  }
}

}  // namespace tenure::detail
