#pragma once

#include <cstdint>
#include <string>

/// 128-bit integers: totals of 64-bit amounts cannot overflow them, whatever the number of rows or their
/// order.
namespace tenure {

__extension__ using int128 = __int128;
__extension__ using uint128 = unsigned __int128;

/// |value|, correct for the lowest value too.
constexpr uint128 magnitude(int128 value) noexcept {
  return value < 0 ? uint128{0} - static_cast<uint128>(value) : static_cast<uint128>(value);
}

/// numerator / denominator, rounded to the nearest integer, ties to even. denominator > 0.
constexpr int128 divide_half_even(int128 numerator, int128 denominator) noexcept {
  int128 quotient = numerator / denominator;
  int128 remainder = numerator % denominator;
  if (remainder < 0) {  // floor the quotient, so that the remainder is in [0, denominator)
    remainder += denominator;
    --quotient;
  }
  const uint128 twice = static_cast<uint128>(remainder) * 2;
  const auto whole = static_cast<uint128>(denominator);
  if (twice > whole || (twice == whole && (quotient & 1) != 0)) ++quotient;
  return quotient;
}

constexpr bool fits_int64(int128 value) noexcept { return value >= INT64_MIN && value <= INT64_MAX; }

/// numerator / denominator as the nearest double while both lie below 2^53, else within two roundings; the
/// same bits on every machine because no extended precision enters. denominator > 0.
constexpr double quotient(int128 numerator, int128 denominator) noexcept {
  constexpr int128 exact = int128{1} << 53;
  if (denominator <= exact && numerator > -exact && numerator < exact)
    return static_cast<double>(numerator) / static_cast<double>(denominator);
  if (denominator > exact) return static_cast<double>(numerator) / static_cast<double>(denominator);
  return static_cast<double>(numerator / denominator) +
         static_cast<double>(numerator % denominator) / static_cast<double>(denominator);
}

inline std::string to_string(int128 value) {
  uint128 rest = magnitude(value);
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  return value < 0 ? "-" + digits : digits;
}

}  // namespace tenure
