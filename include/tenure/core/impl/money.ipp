#include <algorithm>
#include <cmath>
#include <numeric>

#include "../error.hpp"
#include "../money.hpp"

namespace tenure {

namespace detail {

struct Floored {
  int128 floor;
  uint128 remainder;
};

inline Floored floor_divide(int128 numerator, int128 denominator) noexcept {
  int128 floor = numerator / denominator;
  int128 remainder = numerator % denominator;
  if (remainder < 0) {
    remainder += denominator;
    --floor;
  }
  return {floor, static_cast<uint128>(remainder)};
}

/// Adds one unit to the `missing` parts with the largest remainders; ties go to the lowest position.
inline void give_to_largest(std::vector<int128>& parts, const std::vector<uint128>& remainders,
                            int128 missing) {
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (std::size_t i = 0; missing > 0 && i < order.size(); ++i, --missing) ++parts[order[i]];
}

/// floor(whole * weight / total) and the remainder. The product of two large numbers needs more than 128
/// bits: then one bit of the weight at a time. weight <= total, 0 < total < 2^127.
inline Floored share(uint128 whole, uint128 weight, uint128 total) noexcept {
  constexpr uint128 half = uint128{1} << 64;
  if (weight == total) return {static_cast<int128>(whole), 0};
  if (whole < half && weight < half) {
    const uint128 product = whole * weight;
    return {static_cast<int128>(product / total), product % total};
  }
  const uint128 whole_quotient = whole / total, whole_remainder = whole % total;
  uint128 quotient = 0, remainder = 0;
  for (int shift = 127; shift >= 0; --shift) {
    quotient <<= 1;
    remainder <<= 1;
    if (((weight >> shift) & 1) != 0) {
      quotient += whole_quotient;
      remainder += whole_remainder;
    }
    while (remainder >= total) {
      remainder -= total;
      ++quotient;
    }
  }
  return {static_cast<int128>(quotient), remainder};
}

}  // namespace detail

TENURE_INLINE std::int64_t to_micros(double major) {
  const char* code = std::isnan(major) ? "E_AMOUNT_NAN" : std::isinf(major) ? "E_AMOUNT_INF" : nullptr;
  if (code != nullptr)
    throw_input({.code = code,
                 .what = std::isnan(major) ? "NaN is not an amount" : "the amount is infinite",
                 .value = std::to_string(major),
                 .remedy = "Drop the row or give its amount."});
  const double scaled = std::nearbyint(major * static_cast<double>(micros));
  if (!(scaled >= -0x1p63 && scaled < 0x1p63))
    throw_input({.code = "E_AMOUNT_RANGE",
                 .what = "the amount does not fit 64 bits of micro-units",
                 .value = std::to_string(major)});
  return static_cast<std::int64_t>(scaled);
}

TENURE_INLINE std::vector<int128> allocate(int128 whole, std::span<const int128> weights) {
  uint128 total = 0;
  for (const int128 weight : weights) total += static_cast<uint128>(weight);
  std::vector<int128> parts(weights.size(), 0);
  if (total == 0) return parts;
  const bool negative = whole < 0;
  const uint128 size = magnitude(whole);
  std::vector<uint128> remainders(weights.size());
  int128 missing = static_cast<int128>(size);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto [floor, remainder] = detail::share(size, static_cast<uint128>(weights[i]), total);
    parts[i] = floor;
    remainders[i] = remainder;
    missing -= floor;
  }
  detail::give_to_largest(parts, remainders, missing);
  if (negative)
    for (int128& part : parts) part = -part;
  return parts;
}

TENURE_INLINE std::vector<int128> round_to_total(std::span<const int128> amounts, int128 unit,
                                                 int128 rounded_total) {
  std::vector<int128> parts(amounts.size());
  std::vector<uint128> remainders(amounts.size());
  std::vector<std::size_t> order;  // only parts that are there can carry the rest
  int128 missing = rounded_total;
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    const auto [floor, remainder] = detail::floor_divide(amounts[i], unit);
    parts[i] = floor;
    remainders[i] = remainder;
    missing -= floor;
    if (amounts[i] != 0) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (std::size_t i = 0; missing > 0 && i < order.size(); ++i, --missing) ++parts[order[i]];
  // One too many: taken where the remainder is smallest, but never so that a positive part turns negative.
  for (std::size_t i = order.size(); missing < 0 && i-- > 0;) {
    if (amounts[order[i]] > 0 && parts[order[i]] == 0) continue;
    --parts[order[i]];
    ++missing;
  }
  if (missing != 0)
    throw IntegrityError(
        Fault{.code = "E_ROUNDING",
              .what = "parts cannot be rounded to their rounded total: " + to_string(missing) + " left",
              .value = to_string(missing),
              .remedy = "This is a fault of tenure, not of the data: please report it."});
  return parts;
}

}  // namespace tenure
