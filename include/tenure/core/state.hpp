#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config.hpp"
#include "int128.hpp"

/// How states are written: a canonical form (equal content, equal bytes), little-endian.
///
///   magic "TNR1" | kind u32 | version u32 | flags u32 | length of the whole u64 | definition digest u64
///   content
///   checksum 128 bits over all that stands before it
///
/// The reader checks length, magic, version, checksum and kind before it looks at the content, and no count
/// is believed before it is compared with the bytes that are left.
namespace tenure {

enum class StateKind : std::uint32_t {
  waterfall = 1,
  net_retention = 2,
  triangle = 3,
  concentration = 4,
  snapshot = 5
};

class StateWriter {
 public:
  /// `policy_digest` is what Policy::digest() gives, or empty.
  StateWriter(StateKind kind, std::string_view policy_digest);
  void put(std::uint8_t value);
  void put(std::int32_t value);
  void put(std::int64_t value);
  void put(int128 value);
  void put(std::string_view text);
  std::vector<std::byte> finish() &&;

 private:
  std::vector<std::byte> bytes_;
};

class StateReader {
 public:
  /// Throws StateError: E_STATE_LENGTH, E_STATE_MAGIC, E_STATE_VERSION, E_STATE_CHECKSUM, E_STATE_KIND.
  StateReader(std::span<const std::byte> bytes, StateKind kind);
  std::uint8_t byte();
  std::int32_t int32();
  std::int64_t int64();
  int128 integer128();
  std::string text();
  /// A count of things that take at least `size` bytes each; refused if so many cannot follow.
  std::size_t count(std::size_t size);
  /// Refuses unless `rows` entries of at least `size` bytes can still follow.
  void expect(std::size_t rows, std::size_t size) const;
  /// As it was given to the writer.
  std::string policy_digest() const;
  /// Throws E_STATE_CONTENT unless everything was read.
  void finish() const;
  [[noreturn]] static void refuse(std::string_view code, std::string what);

 private:
  std::span<const std::byte> take(std::size_t size);
  std::span<const std::byte> left_;
  std::uint64_t definition_ = 0;
};

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/state.ipp"
#endif
