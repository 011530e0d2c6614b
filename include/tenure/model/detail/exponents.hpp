#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tenure::detail {

/// Decimals of the minor unit of a row's currency.
struct Exponents {
  int one = 2;                            ///< of all rows, unless they differ
  std::vector<std::int8_t> by_code = {};  ///< by code of the currency column
  std::span<const std::int32_t> codes = {};

  bool differ() const noexcept { return !by_code.empty(); }
  int operator()(std::size_t row) const noexcept {
    if (by_code.empty() || codes[row] < 0) return one;
    return by_code[static_cast<std::size_t>(codes[row])];
  }
};

}  // namespace tenure::detail
