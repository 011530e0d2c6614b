#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../../core/detail/confidence.hpp"
#include "../../core/error.hpp"
#include "../../core/random.hpp"
#include "../skill.hpp"

/// Resampling of time in blocks: a replicate says how often each point counts.
namespace tenure::detail::resampling {

inline void check_blocks(const BlockOptions& options) {
  require_confidence(options.confidence);
  require_replicates(options.replicates);
  if (options.block < 0)
    throw_option({.code = "E_BLOCK",
                  .what = "a block of " + std::to_string(options.block) + " points has no length",
                  .value = std::to_string(options.block),
                  .remedy = "Give 1 or more; 0 is the square root of the number of points."});
}

inline std::size_t block_length(const BlockOptions& options, std::size_t points) {
  const auto wanted = options.block > 0 ? static_cast<std::size_t>(options.block)
                                        : static_cast<std::size_t>(std::sqrt(static_cast<double>(points)));
  return std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(points, 1));
}

/// How often each of the points counts in a replicate: as many as there are in all. A function of the seed
/// and the replicate alone.
inline void draw_counts(const BlockOptions& options, std::uint64_t replicate, std::span<double> counts) {
  std::ranges::fill(counts, 0.0);
  const std::size_t points = counts.size(), length = block_length(options, points);
  RandomStream stream(options.seed, replicate);
  std::size_t at = 0, left = 0;
  for (std::size_t drawn = 0; drawn < points; ++drawn) {
    const bool fresh = options.blocks == Blocks::fixed ? left == 0 : drawn == 0 || stream.below(length) == 0;
    if (fresh) {
      at = stream.below(points);
      left = length;
    }
    --left;
    counts[at] += 1;
    at = at + 1 == points ? 0 : at + 1;
  }
}

/// Sum of values, each as often as it counts.
inline double weighed(std::span<const double> values, std::span<const double> counts) noexcept {
  double sum = 0;
  for (std::size_t t = 0; t < values.size(); ++t) sum += counts[t] * values[t];
  return sum;
}

/// `zero_actual` where a loss is NaN, `diverges` where they are too large for a sum.
inline Real mean_loss(std::span<const double> losses) noexcept {
  double sum = 0;
  for (const double loss : losses) {
    if (std::isnan(loss)) return Undefined::zero_actual;
    sum += loss;
  }
  return or_diverges(sum / static_cast<double>(losses.size()));
}

}  // namespace tenure::detail::resampling
