#pragma once

#include <cstddef>
#include <vector>

#include <tenure/core/digest.hpp>

/// Damage to written states, with and without a checksum that fits the damage.
namespace tenure::test {

inline void flip(std::vector<std::byte>& bytes, std::size_t bit) {
  bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
}

/// The same bytes with length and checksum made right again, as a forger would.
inline std::vector<std::byte> sealed(std::vector<std::byte> bytes) {
  const std::size_t body = bytes.size() - 16;
  for (std::size_t i = 0; i < 8; ++i) bytes[16 + i] = static_cast<std::byte>(bytes.size() >> (8 * i));
  const Digest sum = digest(bytes.data(), body);
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[body + i] = static_cast<std::byte>(sum.high >> (8 * i));
    bytes[body + 8 + i] = static_cast<std::byte>(sum.low >> (8 * i));
  }
  return bytes;
}

}  // namespace tenure::test
