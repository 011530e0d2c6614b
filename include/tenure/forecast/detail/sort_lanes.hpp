#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace tenure::detail {

/// Lists that are sorted side by side: a line of 64 bytes holds the same place of each.
inline constexpr std::size_t lane_count = 8;

/// Two places of which the first gets the lower value.
struct NetworkStep {
  std::uint32_t low, high;
};

/// Batcher's merge step (Knuth, volume 3, algorithm 5.2.2M): which places are compared does not depend on
/// the values, so that all lanes go the same way, without a branch.
inline std::vector<NetworkStep> sorting_network(std::size_t size) {
  std::vector<NetworkStep> steps;
  if (size < 2) return steps;
  const std::size_t top = std::bit_ceil(size) / 2;
  for (std::size_t p = top; p > 0; p /= 2) {
    std::size_t q = top, r = 0, d = p;
    while (true) {
      for (std::size_t i = 0; i + d < size; ++i)
        if ((i & p) == r) steps.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + d)});
      if (q == p) break;
      d = q - p;
      q /= 2;
      r = p;
    }
  }
  return steps;
}

// gcc 12 does not find minima and maxima of vectors by itself unless NaN is ruled out. All ways give the same
// bits (of two zeros of different sign the first is kept twice, which no sum shows).
#if defined(__SSE2__) && defined(__GNUC__)
[[gnu::target("avx2")]] inline void exchange_wide(const std::vector<NetworkStep>& network, double* values) {
  for (const NetworkStep step : network) {
    double *const low = values + step.low * lane_count, *const high = values + step.high * lane_count;
    const __m256d a = _mm256_loadu_pd(low), b = _mm256_loadu_pd(high);
    const __m256d c = _mm256_loadu_pd(low + 4), d = _mm256_loadu_pd(high + 4);
    _mm256_storeu_pd(low, _mm256_min_pd(b, a));
    _mm256_storeu_pd(high, _mm256_max_pd(b, a));
    _mm256_storeu_pd(low + 4, _mm256_min_pd(d, c));
    _mm256_storeu_pd(high + 4, _mm256_max_pd(d, c));
  }
}
inline void exchange_narrow(const std::vector<NetworkStep>& network, double* values) {
  for (const NetworkStep step : network)
    for (std::size_t lane = 0; lane < lane_count; lane += 2) {
      double *const low = values + step.low * lane_count + lane, *const high =
                                                                     values + step.high * lane_count + lane;
      const __m128d a = _mm_loadu_pd(low), b = _mm_loadu_pd(high);
      _mm_storeu_pd(low, _mm_min_pd(b, a));
      _mm_storeu_pd(high, _mm_max_pd(b, a));
    }
}
/// Sorts each lane of the lines that the network is made for.
inline void sort_lanes(const std::vector<NetworkStep>& network, double* values) {
  static const bool wide = __builtin_cpu_supports("avx2") != 0;
  wide ? exchange_wide(network, values) : exchange_narrow(network, values);
}
#else
inline void sort_lanes(const std::vector<NetworkStep>& network, double* values) {
  for (const NetworkStep step : network)
    for (std::size_t lane = 0; lane < lane_count; ++lane) {
      double &low = values[step.low * lane_count + lane], &high = values[step.high * lane_count + lane];
      const double a = low, b = high;
      low = std::min(a, b);
      high = std::max(a, b);
    }
}
#endif

}  // namespace tenure::detail
