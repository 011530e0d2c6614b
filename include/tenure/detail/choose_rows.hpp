#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "../core/group.hpp"

/// Some rows of many, or all of them at other amounts.
namespace tenure::detail {

/// A copy whose rows may be changed.
inline GroupedRows copy_of(const GroupedRows& rows) {
  GroupedRows copy;
  const auto duplicate = [](const auto& from, auto& to) {
    to = std::remove_cvref_t<decltype(to)>(from.size());
    std::copy_n(from.data(), from.size(), to.data());
  };
  duplicate(rows.rows, copy.rows);
  duplicate(rows.source, copy.source);
  duplicate(rows.keys, copy.keys);
  duplicate(rows.begin, copy.begin);
  copy.parts = rows.parts;
  copy.part_annual = rows.part_annual;
  copy.has_free = rows.has_free;
  return copy;
}

/// Earliest start, and latest start or end, open ends aside.
inline std::pair<Day, Day> span_of(const GroupedRows& rows) noexcept {
  Day earliest = open_end, latest = min_day;
  for (const PackedRow& row : rows.rows.span()) {
    earliest = std::min(earliest, row.start);
    latest = std::max(latest, row.end == open_end ? row.start : row.end);
  }
  return {earliest, latest};
}

/// What remains of a partition.
struct ChosenPart {
  std::uint32_t rows = 0, customers = 0;
  bool has_free = false;
  Day earliest = open_end, latest = min_day;  ///< of the starts and ends, open ends aside
};

/// The rows that were chosen.
struct ChosenRows {
  std::shared_ptr<const GroupedRows> rows;
  Day earliest = open_end, latest = min_day;
};

/// The rows that `stands(source)` keeps, of the customers that have one left. Partitions and the order of
/// rows stay. Rows lie in the order of customers, what is known of them in the order of the table:
/// stands.prefetch(source) is called some rows ahead.
template <class Stands>
ChosenRows choose_rows(const std::shared_ptr<const GroupedRows>& all, const Execution& execution,
                       const Stands& stands) {
  constexpr std::uint32_t ahead = 32;
  const GroupedRows& from = *all;
  const std::size_t partitions = from.partitions();
  Buffer<std::uint8_t> chosen(from.rows.size());
  std::vector<ChosenPart> parts(partitions);
  parallel_for(execution, partitions, [&](std::size_t p, int) {
    ChosenPart part;
    const std::uint32_t end = from.begin[from.parts[p + 1]];
    for (std::uint32_t row = from.begin[from.parts[p]]; row < end; ++row) {
      stands.prefetch(from.source[std::min(row + ahead, end - 1)]);
      chosen[row] = stands(from.source[row]) ? 1 : 0;
    }
    for (std::uint32_t customer = from.parts[p]; customer < from.parts[p + 1]; ++customer) {
      std::uint32_t left = 0;
      for (std::uint32_t row = from.begin[customer]; row < from.begin[customer + 1]; ++row)
        left += chosen[row];
      part.rows += left;
      part.customers += left > 0 ? 1 : 0;
    }
    parts[p] = part;
  });
  std::vector<std::uint32_t> first_row(partitions + 1, 0);
  GroupedRows rows;
  rows.parts.assign(partitions + 1, 0);
  rows.part_annual.resize(partitions);
  for (std::size_t p = 0; p < partitions; ++p) {
    first_row[p + 1] = first_row[p] + parts[p].rows;
    rows.parts[p + 1] = rows.parts[p] + parts[p].customers;
  }
  ChosenRows result;
  if (first_row.back() == from.rows.size()) {
    std::tie(result.earliest, result.latest) = span_of(from);
    result.rows = all;
    return result;
  }

  rows.rows = Buffer<PackedRow>(first_row.back());
  rows.source = Buffer<std::uint32_t>(first_row.back());
  rows.keys = Buffer<std::int64_t>(rows.parts.back());
  rows.begin = Buffer<std::uint32_t>(rows.parts.back() + 1);
  rows.begin[rows.parts.back()] = first_row.back();
  parallel_for(execution, partitions, [&](std::size_t p, int) {
    std::uint32_t at = first_row[p], place = rows.parts[p];
    uint128 annual = 0;
    ChosenPart part;
    for (std::uint32_t customer = from.parts[p]; customer < from.parts[p + 1]; ++customer) {
      const std::uint32_t first = at;
      for (std::uint32_t row = from.begin[customer]; row < from.begin[customer + 1]; ++row) {
        if (chosen[row] == 0) continue;
        const PackedRow packed = from.rows[row];
        rows.rows[at] = packed;
        rows.source[at++] = from.source[row];
        annual += magnitude(packed.annual);
        part.has_free |= packed.annual == 0;
        part.earliest = std::min(part.earliest, packed.start);
        part.latest = std::max(part.latest, packed.end == open_end ? packed.start : packed.end);
      }
      if (at == first) continue;
      rows.keys[place] = from.keys[customer];
      rows.begin[place++] = first;
    }
    rows.part_annual[p] = annual;
    parts[p] = part;
  });
  for (const ChosenPart& part : parts) {
    rows.has_free = rows.has_free || part.has_free;
    result.earliest = std::min(result.earliest, part.earliest);
    result.latest = std::max(result.latest, part.latest);
  }
  result.rows = std::make_shared<const GroupedRows>(std::move(rows));
  return result;
}

/// The rows of the customers that `wanted(id)` keeps.
template <class Wanted>
ChosenRows choose_customers(const std::shared_ptr<const GroupedRows>& all, const Execution& execution,
                            const Wanted& wanted) {
  std::uint32_t sources = 0;
  for (const std::uint32_t source : all->source.span()) sources = std::max(sources, source + 1);
  std::vector<std::uint8_t> stands(sources, 0);
  for (std::size_t customer = 0; customer < all->customers(); ++customer)
    if (wanted(all->keys[customer]))
      for (const std::uint32_t source : all->source_of(customer)) stands[source] = 1;
  struct Mark {
    const std::uint8_t* stands;
    bool operator()(std::uint32_t source) const noexcept { return stands[source] != 0; }
    void prefetch(std::uint32_t) const noexcept {}
  };
  return choose_rows(all, execution, Mark{stands.data()});
}

/// The same rows at other amounts, `worth(row, amount)`. Throws what oversized() throws if those of one
/// customer together pass 64 bits.
template <class Worth, class Oversized>
std::shared_ptr<const GroupedRows> revalued(const GroupedRows& from, const Execution& execution,
                                            const Worth& worth, const Oversized& oversized) {
  GroupedRows rows = copy_of(from);
  std::atomic<bool> fits{true};
  std::atomic<bool> has_free{false};
  parallel_for(execution, rows.partitions(), [&](std::size_t p, int) {
    uint128 annual = 0;
    bool free = false;
    for (std::uint32_t customer = rows.parts[p]; customer < rows.parts[p + 1]; ++customer) {
      uint128 sum = 0;
      for (std::uint32_t row = rows.begin[customer]; row < rows.begin[customer + 1]; ++row) {
        std::int64_t& amount = rows.rows[row].annual;
        amount = worth(row, amount);
        sum += magnitude(amount);
        free = free || amount == 0;
      }
      if (sum > INT64_MAX) fits = false;
      annual += sum;
    }
    rows.part_annual[p] = annual;
    if (free) has_free = true;
  });
  rows.has_free = has_free;
  if (!fits) oversized();
  return std::make_shared<const GroupedRows>(std::move(rows));
}

}  // namespace tenure::detail
