#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace tenure::detail {

/// Doubles from 0 on, in the order of whole numbers, with the lowest bit free; -0 is 0.
inline std::uint64_t ordered_bits(double value) noexcept { return std::bit_cast<std::uint64_t>(value) << 1; }
inline double from_ordered(std::uint64_t bits) noexcept { return std::bit_cast<double>(bits >> 1); }

/// Stable sort by 64-bit keys, a byte at a time from the lowest; bytes in which all keys agree are skipped.
/// `scratch` is as long as `rows`; the result is in the span that is returned, one of the two.
template <class T, class Key>
std::span<T> radix_sort(std::span<T> rows, std::span<T> scratch, Key&& key) {
  constexpr std::size_t digits = 8, values = 256;
  std::array<std::array<std::size_t, values>, digits> counts{};
  for (const T& row : rows) {
    std::uint64_t bits = key(row);
    for (std::size_t digit = 0; digit < digits; ++digit, bits >>= 8) ++counts[digit][bits & 255];
  }
  for (std::size_t digit = 0; digit < digits; ++digit) {
    auto& places = counts[digit];
    const std::size_t shift = 8 * digit;
    if (rows.empty() || places[(key(rows[0]) >> shift) & 255] == rows.size()) continue;
    std::size_t at = 0;
    for (std::size_t& place : places) at += std::exchange(place, at);
    for (const T& row : rows) scratch[places[(key(row) >> shift) & 255]++] = row;
    std::swap(rows, scratch);
  }
  return rows;
}

}  // namespace tenure::detail
