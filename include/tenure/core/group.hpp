#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <vector>

#include "buffer.hpp"
#include "date.hpp"
#include "detail/stream.hpp"
#include "int128.hpp"
#include "parallel.hpp"

/// Rows grouped by customer, whatever the ids and their order. Two passes: rows are scattered into partitions
/// by the high bits of a multiplicative hash of the id, then each partition, small enough for the cache, is
/// grouped on its own. Rows of a customer keep the order of the table; partitions and customers do not depend
/// on the number of threads.
namespace tenure {

/// What a subscription row comes to once the loading policy has read it: `annual` micro-units a year in
/// [start, end).
struct PackedRow {
  std::int64_t annual;
  Day start;
  Day end;
};

/// A stretch of rows on its way from the columns into partitions; small enough to stay in the first cache.
struct RowBlock {
  static constexpr std::size_t capacity = 1024;
  std::array<std::int64_t, capacity> key;
  std::array<PackedRow, capacity> row;
  std::array<std::uint32_t, capacity> source;  ///< position in the caller's table
  Day earliest = open_end;                     ///< of the starts of all blocks read so far
  Day latest = min_day;                        ///< of the starts and ends, open ends aside
};

struct GroupedRows {
  Buffer<PackedRow> rows;
  Buffer<std::uint32_t> source;
  Buffer<std::int64_t> keys;    ///< id per customer
  Buffer<std::uint32_t> begin;  ///< first row per customer, and the number of rows at the end
  std::vector<std::uint32_t> parts = {
      0};                            ///< first customer per partition, and the number of customers at the end
  std::vector<uint128> part_annual;  ///< sum of |annual| per partition
  bool has_free = false;             ///< some row is worth 0

  std::size_t customers() const noexcept { return keys.size(); }
  std::size_t partitions() const noexcept { return parts.size() - 1; }
  std::span<const PackedRow> rows_of(std::size_t customer) const noexcept {
    return {rows.data() + begin[customer], begin[customer + 1] - begin[customer]};
  }
  std::span<const std::uint32_t> source_of(std::size_t customer) const noexcept {
    return {source.data() + begin[customer], begin[customer + 1] - begin[customer]};
  }
};

namespace detail {

inline constexpr std::uint64_t golden = 0x9E3779B97F4A7C15ULL;

inline std::uint64_t spread(std::int64_t key) noexcept {
  auto mixed = static_cast<std::uint64_t>(key);
  mixed ^= mixed >> 32;  // ids that differ only in high bits must not share a partition
  return mixed * golden;
}

/// So many partitions that one holds at most about 16,000 rows: with its hash table it fits the second cache.
inline int partition_bits(std::size_t rows) noexcept {
  const std::size_t wanted = rows / 16384;
  return std::min(12, static_cast<int>(std::bit_width(wanted)));
}

/// Where each (task, partition) writes: tasks take consecutive rows, so a partition keeps the order of the
/// table.
inline std::vector<std::uint32_t> exclusive_starts(const std::vector<std::uint32_t>& counts,
                                                   std::size_t tasks, std::size_t partitions,
                                                   std::vector<std::uint32_t>& part_begin) {
  std::vector<std::uint32_t> starts(counts.size());
  std::uint32_t at = 0;
  for (std::size_t p = 0; p < partitions; ++p) {
    part_begin[p] = at;
    for (std::size_t t = 0; t < tasks; ++t) {
      starts[t * partitions + p] = at;
      at += counts[t * partitions + p];
    }
  }
  part_begin[partitions] = at;
  return starts;
}

/// Rows on their way into one partition: they leave eight at a time, a whole cache line per column, instead
/// of touching a far-away line per row. One per (task, partition).
struct alignas(64) Outbox {
  static constexpr std::uint32_t size = 8;
  std::array<std::int64_t, size> key;
  std::array<PackedRow, size> row;
  std::array<std::uint32_t, size> source;
  std::uint32_t sent;  ///< rows before this position have left
  std::uint32_t next;  ///< where the next row belongs
};

/// The columns that are being partitioned.
class Scattered {
 public:
  Scattered(Buffer<std::int64_t>& keys, Buffer<PackedRow>& rows, Buffer<std::uint32_t>& source)
      : keys_(keys), rows_(rows), source_(source) {}

  void put(Outbox& box, std::int64_t key, const PackedRow& row, std::uint32_t from) const noexcept {
    const std::uint32_t at = box.next % Outbox::size;
    box.key[at] = key;
    box.row[at] = row;
    box.source[at] = from;
    if (++box.next % Outbox::size != 0) return;
    if (box.next - box.sent == Outbox::size)
      send(box,
           std::integral_constant<std::uint32_t, Outbox::size>{});  // a size known to the compiler: no call
    else
      send(box, box.next - box.sent);
  }
  void finish(Outbox& box) const noexcept { send(box, box.next - box.sent); }

 private:
  void send(Outbox& box, std::uint32_t count) const noexcept {
    const std::uint32_t at = box.sent % Outbox::size;
    std::memcpy(keys_.data() + box.sent, box.key.data() + at, count * sizeof(std::int64_t));
    std::memcpy(rows_.data() + box.sent, box.row.data() + at, count * sizeof(PackedRow));
    std::memcpy(source_.data() + box.sent, box.source.data() + at, count * sizeof(std::uint32_t));
    box.sent = box.next;
  }
  void send(Outbox& box, std::integral_constant<std::uint32_t, Outbox::size>) const noexcept {
    stream(keys_.data() + box.sent, box.key.data(), sizeof(box.key));
    stream(rows_.data() + box.sent, box.row.data(), sizeof(box.row));
    stream(source_.data() + box.sent, box.source.data(), sizeof(box.source));
    box.sent = box.next;
  }

  Buffer<std::int64_t>& keys_;
  Buffer<PackedRow>& rows_;
  Buffer<std::uint32_t>& source_;
};

/// Groups one partition in place. Scratch is reused from partition to partition.
class PartitionGrouper {
 public:
  /// Moves the distinct keys to the front of `keys` in the order of their first row and leaves, in counts(),
  /// how many rows each has. False if the run rates of one customer together pass 64 bits.
  bool group(std::span<std::int64_t> keys, std::span<PackedRow> rows, std::span<std::uint32_t> source) {
    const std::size_t size = keys.size();
    const int table_bits = std::max(4, static_cast<int>(std::bit_width(size)) + 1);
    table_.assign(std::size_t{1} << table_bits, empty);
    codes_.resize(size);
    counts_.clear();
    sums_.clear();
    total_ = 0;
    const std::uint32_t mask = (1U << table_bits) - 1;
    bool fits = true, free = false;
    for (std::size_t i = 0; i < size; ++i) {
      const std::int64_t key = keys[i];
      free |= rows[i].annual == 0;
      // The partition used the high bits; the table takes those in the middle.
      auto at = static_cast<std::uint32_t>(spread(key) >> 20) & mask;
      while (table_[at] != empty && keys[table_[at]] != key) at = (at + 1) & mask;
      std::uint32_t code = table_[at];
      if (code == empty) {
        code = static_cast<std::uint32_t>(counts_.size());
        table_[at] = code;
        keys[code] = key;  // code <= i: this slot has been read
        counts_.push_back(0);
        sums_.push_back(0);
      }
      codes_[i] = code;
      ++counts_[code];
      // Credits are negative: what must fit is what the customer's rows come to at most.
      const auto annual = static_cast<std::uint64_t>(rows[i].annual);
      sums_[code] += rows[i].annual < 0 ? 0 - annual : annual;
      fits = fits && sums_[code] <= INT64_MAX;
    }
    for (const std::uint64_t sum : sums_) total_ += sum;
    has_free_ = has_free_ || free;
    scatter(rows, source);
    return fits;
  }
  const std::vector<std::uint32_t>& counts() const noexcept { return counts_; }
  uint128 total() const noexcept { return total_; }
  /// Whether some row of any partition so far is worth 0.
  bool has_free() const noexcept { return has_free_; }

 private:
  static constexpr std::uint32_t empty = UINT32_MAX;

  void scatter(std::span<PackedRow> rows, std::span<std::uint32_t> source) {
    std::uint32_t at = 0;
    places_.resize(counts_.size());
    for (std::size_t c = 0; c < counts_.size(); ++c) {
      places_[c] = at;
      at += counts_[c];
    }
    rows_.resize(rows.size());
    source_.resize(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::uint32_t place = places_[codes_[i]]++;
      rows_[place] = rows[i];
      source_[place] = source[i];
    }
    std::copy(rows_.begin(), rows_.end(), rows.begin());
    std::copy(source_.begin(), source_.end(), source.begin());
  }

  std::vector<std::uint32_t> table_, codes_, counts_, places_, source_;
  std::vector<std::uint64_t> sums_;
  std::vector<PackedRow> rows_;
  uint128 total_ = 0;
  bool has_free_ = false;
};

}  // namespace detail

/// Groups what a source gives in blocks. A source has
///   blocks()                    how many blocks, each of at most RowBlock::capacity rows, in table order
///   rows()                      rows in all
///   first_row(block)            how many rows stand before a block
///   keys(block, std::int64_t*)  ids of a block; returns how many rows it has
///   load(block, RowBlock&)      the whole block; returns how many rows it has
///   loaded()                    called once all blocks are loaded; throws if some row cannot be used
///   seen(earliest, latest)      the span of days that one task met
///   oversized()                 throws: the run rates of one customer together pass 64 bits
template <class Source>
GroupedRows group(const Source& from, const Execution& execution) {
  GroupedRows result;
  const std::size_t rows = from.rows();
  const int bits = detail::partition_bits(rows);
  const std::size_t partitions = std::size_t{1} << bits;
  const std::size_t blocks = from.blocks();
  const std::size_t tasks = std::min<std::size_t>(blocks, 64);
  const auto part_of = [bits](std::int64_t key) -> std::size_t {
    return bits == 0 ? 0 : detail::spread(key) >> (64 - bits);
  };
  const auto first_block = [&](std::size_t task) { return blocks * task / std::max<std::size_t>(tasks, 1); };

  // Ids are the caller's memory, which may change under us: which partition a row is in is decided once.
  Buffer<std::uint16_t> part(rows);
  std::vector<std::uint32_t> counts(tasks * partitions, 0);
  parallel_for(execution, tasks, [&](std::size_t task, int) {
    std::array<std::int64_t, RowBlock::capacity> keys;
    std::vector<std::uint32_t> local(partitions, 0);
    for (std::size_t block = first_block(task); block < first_block(task + 1); ++block) {
      const std::size_t size = from.keys(block, keys.data());
      std::uint16_t* const decided = part.data() + from.first_row(block);
      for (std::size_t i = 0; i < size; ++i) {
        decided[i] = static_cast<std::uint16_t>(part_of(keys[i]));
        ++local[decided[i]];
      }
    }
    std::copy(local.begin(), local.end(), counts.begin() + static_cast<std::ptrdiff_t>(task * partitions));
  });

  std::vector<std::uint32_t> part_begin(partitions + 1);
  std::vector<std::uint32_t> starts = detail::exclusive_starts(counts, tasks, partitions, part_begin);

  result.rows = Buffer<PackedRow>(rows);
  result.source = Buffer<std::uint32_t>(rows);
  Buffer<std::int64_t> keys(rows);
  const detail::Scattered scattered(keys, result.rows, result.source);
  parallel_for(execution, tasks, [&](std::size_t task, int) {
    RowBlock block;
    Buffer<detail::Outbox> boxes(partitions);
    for (std::size_t p = 0; p < partitions; ++p)
      boxes[p].sent = boxes[p].next = starts[task * partitions + p];
    for (std::size_t b = first_block(task); b < first_block(task + 1); ++b) {
      const std::size_t size = from.load(b, block);
      const std::uint16_t* const decided = part.data() + from.first_row(b);
      for (std::size_t i = 0; i < size; ++i)
        scattered.put(boxes[decided[i]], block.key[i], block.row[i], block.source[i]);
    }
    for (std::size_t p = 0; p < partitions; ++p) scattered.finish(boxes[p]);
    detail::finish_streams();
    from.seen(block.earliest, block.latest);
  });
  from.loaded();

  std::vector<std::vector<std::uint32_t>> customer_rows(partitions);
  std::vector<detail::PartitionGrouper> groupers(
      static_cast<std::size_t>(worker_count(execution, partitions)));
  result.part_annual.resize(partitions);
  std::atomic<bool> fits{true};
  parallel_for(execution, partitions, [&](std::size_t p, int worker) {
    auto& grouper = groupers[static_cast<std::size_t>(worker)];
    const std::size_t first = part_begin[p], size = part_begin[p + 1] - first;
    if (!grouper.group({keys.data() + first, size}, {result.rows.data() + first, size},
                       {result.source.data() + first, size}))
      fits = false;
    customer_rows[p] = grouper.counts();
    result.part_annual[p] = grouper.total();
  });
  if (!fits) from.oversized();
  for (const auto& grouper : groupers) result.has_free = result.has_free || grouper.has_free();

  result.parts.assign(partitions + 1, 0);
  for (std::size_t p = 0; p < partitions; ++p)
    result.parts[p + 1] = result.parts[p] + static_cast<std::uint32_t>(customer_rows[p].size());
  const std::size_t customers = result.parts.back();
  result.keys = Buffer<std::int64_t>(customers);
  result.begin = Buffer<std::uint32_t>(customers + 1);
  for (std::size_t p = 0; p < partitions; ++p) {
    std::uint32_t row = part_begin[p];
    for (std::size_t c = 0; c < customer_rows[p].size(); ++c) {
      result.keys[result.parts[p] + c] = keys[part_begin[p] + c];
      result.begin[result.parts[p] + c] = row;
      row += customer_rows[p][c];
    }
  }
  result.begin[customers] = static_cast<std::uint32_t>(rows);
  return result;
}

}  // namespace tenure
