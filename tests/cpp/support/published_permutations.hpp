#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace tenure::test {

/// Python 2's random.seed(small number), random.random() and random.sample(range(n), n): the generator behind
/// published examples whose data are drawn, not listed.
class PythonRandom {
 public:
  explicit PythonRandom(std::uint32_t seed) {
    seed_from(19650218U);
    std::uint32_t i = 1;
    for (int k = size; k > 0; --k) {
      state_[i] = (state_[i] ^ ((state_[i - 1] ^ (state_[i - 1] >> 30)) * 1664525U)) + seed;
      next(i);
    }
    for (int k = size - 1; k > 0; --k) {
      state_[i] = (state_[i] ^ ((state_[i - 1] ^ (state_[i - 1] >> 30)) * 1566083941U)) - i;
      next(i);
    }
    state_[0] = 0x80000000U;
  }
  double uniform() {
    const std::uint32_t a = bits() >> 5, b = bits() >> 6;
    return (a * 67108864.0 + b) * (1.0 / 9007199254740992.0);
  }
  std::vector<double> permutation(std::size_t n) {
    std::vector<double> pool, drawn;
    for (std::size_t i = 0; i < n; ++i) pool.push_back(static_cast<double>(i));
    for (std::size_t i = 0; i < n; ++i) {
      const auto j = static_cast<std::size_t>(uniform() * static_cast<double>(n - i));
      drawn.push_back(pool[j]);
      pool[j] = pool[n - i - 1];
    }
    return drawn;
  }

 private:
  static constexpr int size = 624;
  void next(std::uint32_t& i) {
    if (++i < size) return;
    state_[0] = state_[size - 1];
    i = 1;
  }
  void seed_from(std::uint32_t seed) {
    state_[0] = seed;
    for (std::uint32_t i = 1; i < size; ++i)
      state_[i] = 1812433253U * (state_[i - 1] ^ (state_[i - 1] >> 30)) + i;
    at_ = size;
  }
  std::uint32_t bits() {
    if (at_ == size) {
      for (std::size_t i = 0; i < size; ++i) {
        const std::uint32_t y = (state_[i] & 0x80000000U) | (state_[(i + 1) % size] & 0x7fffffffU);
        state_[i] = state_[(i + 397) % size] ^ (y >> 1) ^ ((y & 1U) != 0 ? 0x9908b0dfU : 0U);
      }
      at_ = 0;
    }
    std::uint32_t y = state_[static_cast<std::size_t>(at_++)];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680U;
    y ^= (y << 15) & 0xefc60000U;
    return y ^ (y >> 18);
  }

  std::array<std::uint32_t, size> state_{};
  int at_ = size;
};

}  // namespace tenure::test
