#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <limits>
#include <mutex>

#include "../../core/group.hpp"
#include "transaction_rows.hpp"

/// Transactions scattered into partitions that fit the cache, each of some customers. Ids that lie close
/// together are partitioned by their range, so that within a partition an id is a position and customers come
/// out sorted; others by a hash.
namespace tenure::detail {

/// How ids become partitions.
struct KeySplit {
  std::int64_t low = 0;
  bool dense = false;
  int bits = 0;   ///< of the hash
  int shift = 0;  ///< from an id above `low` to its partition
  std::size_t partitions = 1;

  std::size_t part_of(std::int64_t key) const noexcept {
    if (dense) return std::min(partitions - 1, static_cast<std::size_t>(offset(key) >> shift));
    return bits == 0 ? 0 : spread(key) >> (64 - bits);
  }
  std::uint64_t offset(std::int64_t key) const noexcept {
    return static_cast<std::uint64_t>(key) - static_cast<std::uint64_t>(low);
  }
  /// Positions in one partition.
  std::size_t width() const noexcept { return std::size_t{1} << shift; }
};

inline KeySplit split_keys(std::int64_t low, std::int64_t high, std::size_t rows) noexcept {
  KeySplit split{.low = low, .bits = partition_bits(rows)};
  const std::uint64_t span = split.offset(high);
  split.dense = span < 4 * std::max<std::uint64_t>(rows, 256);
  if (split.dense) split.shift = std::max(0, static_cast<int>(std::bit_width(span)) - split.bits);
  split.partitions =
      split.dense ? static_cast<std::size_t>(span >> split.shift) + 1 : std::size_t{1} << split.bits;
  return split;
}

/// What the first pass over a table finds.
struct TransactionSpan {
  std::int64_t low = std::numeric_limits<std::int64_t>::max(),
               high = std::numeric_limits<std::int64_t>::min();
  Day latest = min_day;

  void merge(const TransactionSpan& other) noexcept {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
    latest = std::max(latest, other.latest);
  }
};

/// A transaction in its partition. Key: position within the partition (32 bits), or the id.
template <class Key>
struct PackedTransaction {
  Key key;
  Day day;
  std::int64_t amount;
};

template <class Key>
struct TransactionParts {
  Buffer<PackedTransaction<Key>> rows;
  std::vector<std::uint32_t> begin;  ///< first row of each partition, and the number of rows

  std::span<const PackedTransaction<Key>> part(std::size_t p) const noexcept {
    return {rows.data() + begin[p], begin[p + 1] - begin[p]};
  }
};

/// Rows on their way into one partition; they leave eight at a time, whole cache lines. One per (task,
/// partition).
template <class Row>
struct alignas(64) RowOutbox {
  static constexpr std::uint32_t size = 8;
  std::array<Row, size> row;
  std::uint32_t sent, next;

  void put(const Row& given, Row* target) noexcept {
    row[next % size] = given;
    if (++next % size != 0) return;
    if (next - sent == size)
      stream(target + sent, row.data(), sizeof(row));
    else
      flush(target);
    sent = next;
  }
  void flush(Row* target) noexcept {
    std::copy_n(row.data() + sent % size, next - sent, target + sent);
    sent = next;
  }
};

/// Tasks take consecutive blocks of rows.
class RowTasks {
 public:
  explicit RowTasks(std::size_t rows)
      : rows_(rows),
        blocks_((rows + TransactionRows::block - 1) / TransactionRows::block),
        tasks_(std::min<std::size_t>(blocks_, 64)) {}

  std::size_t size() const noexcept { return tasks_; }
  std::size_t begin(std::size_t task) const noexcept {
    return std::min(rows_, blocks_ * task / std::max<std::size_t>(tasks_, 1) * TransactionRows::block);
  }

 private:
  std::size_t rows_, blocks_, tasks_;
};

/// Calls use(first row, ids, count) for the blocks of a task.
template <class Use>
void for_blocks_of(const TransactionRows& from, const RowTasks& tasks, std::size_t task, Use&& use) {
  std::array<std::int64_t, TransactionRows::block> keys;
  for (std::size_t first = tasks.begin(task); first < tasks.begin(task + 1);
       first += TransactionRows::block) {
    const std::size_t count = std::min(TransactionRows::block, tasks.begin(task + 1) - first);
    from.keys(first, count, keys.data());
    use(first, keys.data(), count);
  }
}

inline TransactionSpan span_of(const TransactionRows& from, const Execution& execution) {
  const RowTasks tasks(from.rows());
  std::vector<TransactionSpan> spans(tasks.size());
  parallel_for(execution, tasks.size(), [&](std::size_t task, int) {
    TransactionSpan span;
    for_blocks_of(from, tasks, task, [&](std::size_t first, const std::int64_t* keys, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) {
        span.low = std::min(span.low, keys[i]);
        span.high = std::max(span.high, keys[i]);
        span.latest = std::max(span.latest, from.raw_day(first + i));
      }
    });
    spans[task] = span;
  });
  TransactionSpan all;
  for (const TransactionSpan& span : spans) all.merge(span);
  return all;
}

template <class Key>
TransactionParts<Key> scatter(const TransactionRows& from, const KeySplit& split,
                              const Execution& execution) {
  using Row = PackedTransaction<Key>;
  const RowTasks tasks(from.rows());
  // Ids are the caller's memory, which may change under us: which partition a row is in is decided once.
  Buffer<std::uint16_t> part(from.rows());
  std::vector<std::uint32_t> counts(tasks.size() * split.partitions, 0);
  parallel_for(execution, tasks.size(), [&](std::size_t task, int) {
    std::vector<std::uint32_t> local(split.partitions, 0);
    for_blocks_of(from, tasks, task, [&](std::size_t first, const std::int64_t* keys, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) {
        part[first + i] = static_cast<std::uint16_t>(split.part_of(keys[i]));
        ++local[part[first + i]];
      }
    });
    std::ranges::copy(local, counts.begin() + static_cast<std::ptrdiff_t>(task * split.partitions));
  });

  TransactionParts<Key> parts{.rows = Buffer<Row>(from.rows()),
                              .begin = std::vector<std::uint32_t>(split.partitions + 1)};
  const auto starts = exclusive_starts(counts, tasks.size(), split.partitions, parts.begin);
  FaultList faults;
  std::mutex guard;
  parallel_for(execution, tasks.size(), [&](std::size_t task, int) {
    std::array<Day, TransactionRows::block> days;
    std::array<std::int64_t, TransactionRows::block> amounts;
    Buffer<RowOutbox<Row>> boxes(split.partitions);
    for (std::size_t p = 0; p < split.partitions; ++p)
      boxes[p].sent = boxes[p].next = starts[task * split.partitions + p];
    Row* const target = parts.rows.data();
    for_blocks_of(from, tasks, task, [&](std::size_t first, const std::int64_t* keys, std::size_t count) {
      if (!from.load(first, count, days.data(), amounts.data())) {
        const std::lock_guard lock(guard);
        from.faults(first, count, faults);
      }
      for (std::size_t i = 0; i < count; ++i) {
        Key key;
        if constexpr (std::is_same_v<Key, std::int64_t>)
          key = keys[i];
        else
          key = static_cast<Key>(split.offset(keys[i]) & (split.width() - 1));
        boxes[part[first + i]].put({key, days[i], amounts[i]}, target);
      }
    });
    for (std::size_t p = 0; p < split.partitions; ++p) boxes[p].flush(target);
    finish_streams();
  });
  faults.raise();
  return parts;
}

}  // namespace tenure::detail
