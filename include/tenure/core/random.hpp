#pragma once

#include <array>
#include <cstdint>

/// Random numbers that are a function of (seed, stream, draw) and nothing else: equal for any number of
/// threads, any split of the rows and any order. The generator is Philox4x32-10 (Salmon et al. 2011,
/// "Parallel random numbers: as easy as 1, 2, 3").
namespace tenure {

namespace detail {

/// One round of Philox4x32 on the counter a, b, c, d. Draws side by side in arrays are worked on at once.
constexpr void philox_round(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c, std::uint32_t& d,
                            std::uint32_t key0, std::uint32_t key1) noexcept {
  const std::uint64_t x = std::uint64_t{0xD2511F53} * a, y = std::uint64_t{0xCD9E8D57} * c;
  a = static_cast<std::uint32_t>(y >> 32) ^ b ^ key0;
  b = static_cast<std::uint32_t>(y);
  c = static_cast<std::uint32_t>(x >> 32) ^ d ^ key1;
  d = static_cast<std::uint32_t>(x);
}
inline constexpr int philox_rounds = 10;
inline constexpr std::uint32_t philox_step0 = 0x9E3779B9, philox_step1 = 0xBB67AE85;  // of the key

}  // namespace detail

/// 128 random bits.
constexpr std::array<std::uint32_t, 4> random_bits(std::uint64_t seed, std::uint64_t stream,
                                                   std::uint64_t draw) noexcept {
  std::array<std::uint32_t, 4> counter{
      static_cast<std::uint32_t>(draw), static_cast<std::uint32_t>(draw >> 32),
      static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)};
  std::uint32_t key0 = static_cast<std::uint32_t>(seed), key1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < detail::philox_rounds; ++round) {
    detail::philox_round(counter[0], counter[1], counter[2], counter[3], key0, key1);
    key0 += detail::philox_step0;
    key1 += detail::philox_step1;
  }
  return counter;
}

/// The draws of one stream (of one customer, one replicate), one after the other.
class RandomStream {
 public:
  constexpr RandomStream(std::uint64_t seed, std::uint64_t stream) noexcept : seed_(seed), stream_(stream) {}

  /// 64 random bits.
  constexpr std::uint64_t bits() noexcept {
    if (held_) {
      held_ = false;
      return pair(2);
    }
    block_ = random_bits(seed_, stream_, draw_++);
    held_ = true;
    return pair(0);
  }
  /// Uniform in (0, 1): never 0, never 1.
  constexpr double uniform() noexcept { return (static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52; }
  /// Uniform among 0 .. below - 1.
  constexpr std::uint64_t below(std::uint64_t below) noexcept {
    __extension__ using wide = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<wide>(bits()) * below) >> 64);
  }

 private:
  constexpr std::uint64_t pair(std::size_t at) const noexcept {
    return block_[at] | (static_cast<std::uint64_t>(block_[at + 1]) << 32);
  }

  std::uint64_t seed_, stream_, draw_ = 0;
  std::array<std::uint32_t, 4> block_{};
  bool held_ = false;
};

}  // namespace tenure
