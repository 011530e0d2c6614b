#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "../core/parallel.hpp"
#include "../core/real.hpp"

/// How much better than a benchmark, with an interval that knows that neighbouring errors resemble each
/// other.
namespace tenure {

/// How time is resampled: in blocks, so that what depends on what came before stays together. The last point
/// is followed by the first.
enum class Blocks : std::uint8_t {
  stationary,  ///< of random length around `block` (Politis and Romano 1994)
  fixed        ///< of length `block`
};
/// Throws OptionError E_BLOCK.
Blocks parse_blocks(std::string_view name);

struct BlockOptions {
  Blocks blocks = Blocks::stationary;
  int block = 0;  ///< length, or mean length; 0: the square root of the number of points, rounded down
  int replicates = 1000;
  std::uint64_t seed = 0;
  double confidence = 0.95;
  Execution execution = {};
};

/// skill = 1 - mean loss / mean loss of the benchmark: 1 is perfect, 0 as good as the benchmark, below 0
/// worse. With squared loss and the mean of the actuals as benchmark it is R2; with the naive forecast as
/// benchmark and absolute loss it is 1 - relative MAE. Limits are percentiles of replicates of whole blocks
/// of points.
///
/// Undefined: `no_error` if the benchmark was perfect, `too_few` without points (limits: below two),
/// `zero_actual` if a loss is NaN, `diverges` if losses are too large for their mean.
struct Skill {
  std::size_t points = 0;
  Real loss = Undefined::too_few, benchmark_loss = Undefined::too_few;
  Estimate skill = {Undefined::too_few, Undefined::too_few, Undefined::too_few};
};
/// Losses of the same points in the order of time. Throws InputError E_COLUMN_LENGTH, OptionError
/// E_CONFIDENCE, E_BOOTSTRAP (fewer than 20 replicates), E_BLOCK (length below 0).
Skill skill(std::span<const double> losses, std::span<const double> benchmark,
            const BlockOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/skill.ipp"
#endif
