#pragma once

#include <mutex>
#include <variant>
#include <vector>

#include "known.hpp"
#include "row_reader.hpp"

namespace tenure::detail {

/// Rows that were read before: of the book itself, or of another book.
struct PackedRows {
  std::vector<std::int64_t> keys;
  std::vector<PackedRow> rows;
  std::vector<std::uint32_t> source;

  static PackedRows of(const GroupedRows& grouped, std::uint32_t source_offset) {
    PackedRows packed;
    packed.rows.assign(grouped.rows.data(), grouped.rows.data() + grouped.rows.size());
    packed.keys.reserve(packed.rows.size());
    packed.source.reserve(packed.rows.size());
    for (std::size_t customer = 0; customer < grouped.customers(); ++customer)
      packed.keys.insert(packed.keys.end(), grouped.rows_of(customer).size(), grouped.keys[customer]);
    for (std::size_t row = 0; row < packed.rows.size(); ++row)
      packed.source.push_back(grouped.source[row] + source_offset);
    return packed;
  }
};

/// Which rows of a table to give on: those that stand on a day, or those that do not; all without `known`,
/// which is by row of the table.
struct Standing {
  const Known* known = nullptr;
  Day day = 0;
  bool stands = true;
};

/// Tables and rows read before, one after the other, in blocks for group().
class RowSource {
 public:
  explicit RowSource(const ColumnNames& names) : names_(names) {}

  void add(RowReader reader, std::uint32_t first_source, Standing wanted = {}) {
    const std::size_t rows = reader.rows();
    parts_.push_back({std::move(reader), first_source, wanted});
    cut(rows);
  }
  void add(PackedRows packed) {
    const std::size_t rows = packed.rows.size();
    parts_.push_back({std::move(packed), 0, {}});
    cut(rows);
  }

  std::size_t rows() const noexcept { return rows_; }
  std::size_t blocks() const noexcept { return blocks_.size(); }

  std::size_t first_row(std::size_t block) const noexcept { return blocks_[block].row; }

  std::size_t keys(std::size_t block, std::int64_t* out) const noexcept {
    const auto [part, first, count, row] = blocks_[block];
    if (const auto* packed = std::get_if<PackedRows>(&parts_[part].rows))
      std::copy_n(packed->keys.data() + first, count, out);
    else
      std::get<RowReader>(parts_[part].rows).keys(first, count, out);
    return keep_standing(parts_[part], first, count,
                         [&](std::size_t to, std::size_t from) { out[to] = out[from]; });
  }

  std::size_t load(std::size_t block, RowBlock& out) const {
    const auto [part, first, count, row] = blocks_[block];
    keys(block, out.key.data());
    if (const auto* packed = std::get_if<PackedRows>(&parts_[part].rows)) {
      std::copy_n(packed->rows.data() + first, count, out.row.data());
      std::copy_n(packed->source.data() + first, count, out.source.data());
    } else {
      const auto& reader = std::get<RowReader>(parts_[part].rows);
      for (std::size_t i = 0; i < count; ++i)
        out.source[i] = parts_[part].first_source + static_cast<std::uint32_t>(first + i);
      if (!reader.load(first, count, out.row.data())) {
        const std::lock_guard lock(guard_);
        reader.faults(first, count, out.row.data(), names_, faults_, dropped_);
      }
    }
    const std::size_t standing =
        keep_standing(parts_[part], first, count, [&](std::size_t to, std::size_t from) {
          out.row[to] = out.row[from];
          out.source[to] = out.source[from];
        });
    span(out, standing);
    return standing;
  }

  void seen(Day earliest, Day latest) const {
    const std::lock_guard lock(guard_);
    earliest_ = std::min(earliest_, earliest);
    latest_ = std::max(latest_, latest);
  }
  void loaded() const { faults_.raise(); }
  [[noreturn]] static void oversized() {
    throw_input(
        {.code = "E_AMOUNT_RANGE",
         .what = "the run rates of one customer together come to more than 64 bits of micro-units a year",
         .remedy = "Amounts are in major units: check that they are not already in cents or micro-units."});
  }

  Day earliest() const noexcept { return earliest_; }
  Day latest() const noexcept { return latest_; }
  /// Rows left out because they end before they start, ascending.
  std::vector<std::int64_t> dropped() const {
    std::sort(dropped_.begin(), dropped_.end());
    return dropped_;
  }

 private:
  struct Part {
    std::variant<RowReader, PackedRows> rows;
    std::uint32_t first_source;
    Standing wanted;
  };
  struct Block {
    std::size_t part, first, count;
    std::size_t row;  ///< rows before it, over all parts
  };

  void cut(std::size_t rows) {
    for (std::size_t first = 0; first < rows; first += RowBlock::capacity) {
      const std::size_t size = std::min(RowBlock::capacity, rows - first);
      blocks_.push_back({parts_.size() - 1, first, size, rows_});
      rows_ += keep_standing(parts_.back(), first, size, [](std::size_t, std::size_t) {});
    }
  }

  /// Moves the wanted rows of a block to its front; returns how many they are.
  template <class MoveRow>
  static std::size_t keep_standing(const Part& part, std::size_t first, std::size_t count,
                                   const MoveRow& move) {
    const auto [known, day, stands] = part.wanted;
    if (known == nullptr) return count;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
      move(kept, i);
      kept += known[first + i].on(day) == stands ? 1 : 0;
    }
    return kept;
  }

  static void span(RowBlock& block, std::size_t count) noexcept {
    Day earliest = block.earliest, latest = block.latest;
    for (std::size_t i = 0; i < count; ++i) {
      const PackedRow& row = block.row[i];
      earliest = std::min(earliest, row.start);
      const Day end = row.end == open_end ? row.start : row.end;
      latest = std::max(latest, end);
    }
    block.earliest = earliest;
    block.latest = latest;
  }

  const ColumnNames& names_;
  std::vector<Part> parts_;
  std::vector<Block> blocks_;
  std::size_t rows_ = 0;
  mutable std::mutex guard_;
  mutable FaultList faults_;
  mutable std::vector<std::int64_t> dropped_;
  mutable Day earliest_ = open_end, latest_ = min_day;
};

}  // namespace tenure::detail
