#pragma once

#include <boost/crc.hpp>
#include <cstdint>
#include <string>
#include <string_view>

/// Checksums that find accidents (they are no signature): two different 64-bit CRCs.
namespace tenure {

struct Digest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend bool operator==(const Digest&, const Digest&) = default;
};

/// Any change of up to three bits, and any burst of up to 64, changes it.
inline Digest digest(const void* bytes, std::size_t size) {
  boost::crc_optimal<64, 0x42F0E1EBA9EA3693, ~0ULL, ~0ULL, true, true> ecma;
  boost::crc_optimal<64, 0xAD93D23594C935A9, ~0ULL, ~0ULL, true, true> jones;
  ecma.process_bytes(bytes, size);
  jones.process_bytes(bytes, size);
  return {ecma.checksum(), jones.checksum()};
}

inline std::string hexadecimal(std::uint64_t value) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 0; i < 16; ++i) text[15 - i] = digits[(value >> (4 * i)) & 15];
  return text;
}

}  // namespace tenure
