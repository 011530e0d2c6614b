#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

/// Squares and sums of numbers near the largest or the smallest there are.
namespace tenure::detail {

/// The power of two by which values are multiplied to come near 1: no bit of them changes, and squares
/// neither overflow nor vanish. 0 where there is nothing to scale.
inline int exponent_to_one(std::span<const double> values) noexcept {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  if (!(largest > 0 && largest <= std::numeric_limits<double>::max())) return 0;
  return -std::ilogb(largest);
}

}  // namespace tenure::detail
