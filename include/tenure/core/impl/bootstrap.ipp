#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "../bootstrap.hpp"
#include "../detail/confidence.hpp"
#include "../error.hpp"
#include "../random.hpp"

namespace tenure {

namespace detail {

/// Weights that are made together: each of the calls of the generator gives 128 bits, each weight takes 16.
inline constexpr std::size_t calls_together = 8, weights_of_call = 8,
                             weights_together = calls_together * weights_of_call;

/// Poisson numbers of mean 1 from 16 random bits: as many as thresholds are reached. Probabilities are
/// rounded to 1/65536 such that the mean stays exactly 1; the variance is 0.9997.
inline constexpr std::array<std::uint16_t, 7> poisson_thresholds = {24109, 48218, 60273, 64291,
                                                                    65296, 65498, 65531};

/// Philox4x32-10 (random_bits) of one key and eight draws that follow each other, side by side.
inline void random_calls(std::uint64_t seed, std::uint64_t stream, std::uint64_t draw,
                         std::array<std::uint32_t, 4 * calls_together>& out) noexcept {
  std::uint32_t a[calls_together], b[calls_together], c[calls_together], d[calls_together];
  for (std::size_t i = 0; i < calls_together; ++i) {
    a[i] = static_cast<std::uint32_t>(draw + i);
    b[i] = static_cast<std::uint32_t>((draw + i) >> 32);
    c[i] = static_cast<std::uint32_t>(stream);
    d[i] = static_cast<std::uint32_t>(stream >> 32);
  }
  std::uint32_t key0 = static_cast<std::uint32_t>(seed), key1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < philox_rounds; ++round) {
    for (std::size_t i = 0; i < calls_together; ++i) philox_round(a[i], b[i], c[i], d[i], key0, key1);
    key0 += philox_step0;
    key1 += philox_step1;
  }
  for (std::size_t i = 0; i < calls_together; ++i) {
    out[i] = a[i];
    out[calls_together + i] = b[i];
    out[2 * calls_together + i] = c[i];
    out[3 * calls_together + i] = d[i];
  }
}

using Weights = std::array<std::int32_t, weights_together>;

/// The weights of a customer in replicates 64 * group .. 64 * group + 63.
inline void poisson_weights(std::uint64_t seed, std::uint64_t key, std::uint64_t group,
                            Weights& weights) noexcept {
  std::array<std::uint32_t, 4 * calls_together> bits;
  random_calls(seed, key, group * calls_together, bits);
  for (std::size_t i = 0; i < bits.size(); ++i) {
    const auto low = static_cast<std::int32_t>(bits[i] & 0xFFFF),
               high = static_cast<std::int32_t>(bits[i] >> 16);
    std::int32_t of_low = 0, of_high = 0;
    for (const std::int32_t threshold : poisson_thresholds) {
      of_low += low >= threshold;
      of_high += high >= threshold;
    }
    weights[i] = of_low;
    weights[bits.size() + i] = of_high;
  }
}

}  // namespace detail

TENURE_INLINE BootstrapSums bootstrap_sums(std::span<const std::uint64_t> keys,
                                           const Eigen::Ref<const Eigen::ArrayXXd>& values,
                                           const BootstrapOptions& options) {
  detail::require_replicates(options.replicates);
  detail::require_confidence(options.confidence);
  if (static_cast<std::size_t>(values.rows()) != keys.size())
    throw_option({.code = "E_COLUMN_LENGTH",
                  .what = std::to_string(keys.size()) + " keys and " + std::to_string(values.rows()) +
                          " rows of values",
                  .remedy = "Give one key for each row."});
  const Eigen::Index columns = values.cols(), together = detail::weights_together;
  const auto groups = static_cast<std::size_t>((options.replicates + together - 1) / together);
  // A task has some customers and some replicates. Tasks are cut the same way for any number of threads, and
  // their sums are added in the order of the rows.
  constexpr std::size_t rows_together = std::size_t{1} << 15;
  const std::size_t blocks = (keys.size() + rows_together - 1) / rows_together;
  using Part = Eigen::Array<double, detail::weights_together, Eigen::Dynamic>;
  std::vector<Part> parts(groups * blocks, Part::Zero(together, columns));
  parallel_for(options.execution, parts.size(), [&](std::size_t task, int) {
    const std::size_t group = task / blocks, begin = task % blocks * rows_together;
    const std::size_t end = std::min(keys.size(), begin + rows_together);
    detail::Weights weights;
    Eigen::Array<double, detail::weights_together, 1> numbers;
    for (std::size_t row = begin; row < end; ++row) {
      detail::poisson_weights(options.seed, keys[row], group, weights);
      for (std::size_t i = 0; i < weights.size(); ++i) numbers[static_cast<Eigen::Index>(i)] = weights[i];
      for (Eigen::Index column = 0; column < columns; ++column)
        parts[task].col(column) += numbers * values(static_cast<Eigen::Index>(row), column);
    }
  });
  BootstrapSums sums{
      .totals = values.colwise().sum().transpose(),
      .replicates = Eigen::ArrayXXd::Zero(static_cast<Eigen::Index>(groups) * together, columns),
      .confidence = options.confidence};
  for (std::size_t task = 0; task < parts.size(); ++task)
    sums.replicates.middleRows(static_cast<Eigen::Index>(task / blocks) * together, together) += parts[task];
  sums.replicates.conservativeResize(options.replicates, columns);
  return sums;
}

TENURE_INLINE double detail::at_place(std::span<double> values, double place) {
  const auto below = static_cast<std::size_t>(std::floor(place));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::ranges::nth_element(values, at);
  if (below + 1 >= values.size()) return *at;
  const double high = *std::min_element(at + 1, values.end());
  return *at + (place - static_cast<double>(below)) * (high - *at);
}

TENURE_INLINE double percentile(std::span<double> values, double share) {
  return detail::at_place(values, share * static_cast<double>(values.size() - 1));
}

}  // namespace tenure
