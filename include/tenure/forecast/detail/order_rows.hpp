#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

/// Rows in the order of whole numbers, by distribution: stable, and linear in the number of rows.
namespace tenure::detail {

inline std::vector<std::uint32_t> order_by(const std::vector<std::uint64_t>& keys) {
  constexpr int bits = 11;
  constexpr std::uint64_t mask = (1U << bits) - 1;
  std::vector<std::uint32_t> order(keys.size()), next(keys.size());
  std::iota(order.begin(), order.end(), 0U);
  if (keys.empty()) return order;
  const int width = static_cast<int>(std::bit_width(*std::max_element(keys.begin(), keys.end())));
  for (int shift = 0; shift < width; shift += bits) {
    std::array<std::uint32_t, mask + 2> start{};
    for (const std::uint64_t key : keys) ++start[((key >> shift) & mask) + 1];
    std::partial_sum(start.begin(), start.end(), start.begin());
    for (const std::uint32_t row : order) next[start[(keys[row] >> shift) & mask]++] = row;
    order.swap(next);
  }
  return order;
}

/// Sorts keys, and the rows that they are of.
template <class Row>
void sort_rows(std::vector<std::uint64_t>& keys, std::vector<Row>& rows) {
  if (std::is_sorted(keys.begin(), keys.end())) return;
  const std::vector<std::uint32_t> order = order_by(keys);
  std::vector<std::uint64_t> sorted_keys;
  std::vector<Row> sorted_rows;
  sorted_keys.reserve(keys.size());
  sorted_rows.reserve(rows.size());
  for (const std::uint32_t row : order) {
    sorted_keys.push_back(keys[row]);
    sorted_rows.push_back(rows[row]);
  }
  keys = std::move(sorted_keys);
  rows = std::move(sorted_rows);
}

}  // namespace tenure::detail
