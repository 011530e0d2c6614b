#include <array>
#include <charconv>
#include <cstring>

#include "../digest.hpp"
#include "../error.hpp"
#include "../state.hpp"

namespace tenure {

namespace detail {

inline constexpr std::array<char, 4> state_magic{'T', 'N', 'R', '1'};
inline constexpr std::uint32_t state_version = 2;
inline constexpr std::size_t state_header = 32;
inline constexpr std::size_t state_checksum = 16;

template <class Integer>
void append(std::vector<std::byte>& bytes, Integer value) {
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    bytes.push_back(static_cast<std::byte>(static_cast<std::uint8_t>(value >> (8 * i))));
}

template <class Integer>
Integer extract(std::span<const std::byte> bytes) noexcept {
  Integer value = 0;
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    value = static_cast<Integer>(value | static_cast<Integer>(std::to_integer<std::uint8_t>(bytes[i]))
                                             << (8 * i));
  return value;
}

/// 16 hexadecimal digits; 0 stands for none.
inline std::uint64_t parse_digest(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (!text.empty() && (text.size() != 16 || error != std::errc{} || end != text.data() + text.size()))
    throw_option({.code = "E_POLICY_DIGEST",
                  .what = "'" + printable(text) + "' is not the digest of a policy",
                  .value = printable(text),
                  .remedy = "Use what Policy::digest() gives."});
  return value;
}

}  // namespace detail

TENURE_INLINE StateWriter::StateWriter(StateKind kind, std::string_view policy_digest) {
  for (const char c : detail::state_magic) bytes_.push_back(static_cast<std::byte>(c));
  detail::append(bytes_, static_cast<std::uint32_t>(kind));
  detail::append(bytes_, detail::state_version);
  detail::append(bytes_, std::uint32_t{0});
  detail::append(bytes_, std::uint64_t{0});  // the length, known at the end
  detail::append(bytes_, detail::parse_digest(policy_digest));
}
TENURE_INLINE void StateWriter::put(std::uint8_t value) { detail::append(bytes_, value); }
TENURE_INLINE void StateWriter::put(std::int32_t value) {
  detail::append(bytes_, static_cast<std::uint32_t>(value));
}
TENURE_INLINE void StateWriter::put(std::int64_t value) {
  detail::append(bytes_, static_cast<std::uint64_t>(value));
}
TENURE_INLINE void StateWriter::put(int128 value) { detail::append(bytes_, static_cast<uint128>(value)); }
TENURE_INLINE void StateWriter::put(std::string_view text) {
  put(static_cast<std::int64_t>(text.size()));
  for (const char c : text) bytes_.push_back(static_cast<std::byte>(c));
}

TENURE_INLINE std::vector<std::byte> StateWriter::finish() && {
  std::vector<std::byte> length;
  detail::append(length, static_cast<std::uint64_t>(bytes_.size() + detail::state_checksum));
  std::copy(length.begin(), length.end(), bytes_.begin() + 16);
  const Digest checksum = digest(bytes_.data(), bytes_.size());
  detail::append(bytes_, checksum.high);
  detail::append(bytes_, checksum.low);
  return std::move(bytes_);
}

TENURE_INLINE void StateReader::refuse(std::string_view code, std::string what) {
  throw StateError(Fault{.code = std::string(code),
                         .what = std::move(what),
                         .remedy = "Write the state again; this one cannot be used."});
}

TENURE_INLINE StateReader::StateReader(std::span<const std::byte> bytes, StateKind kind) {
  if (bytes.size() < detail::state_header + detail::state_checksum)
    refuse("E_STATE_LENGTH", "a state of " + std::to_string(bytes.size()) + " bytes is cut short");
  if (std::memcmp(bytes.data(), detail::state_magic.data(), detail::state_magic.size()) != 0)
    refuse("E_STATE_MAGIC", "these bytes are not a state of tenure");
  if (const auto version = detail::extract<std::uint32_t>(bytes.subspan(8)); version != detail::state_version)
    refuse("E_STATE_VERSION", "the state has format version " + std::to_string(version) + ", known is " +
                                  std::to_string(detail::state_version));
  if (const auto length = detail::extract<std::uint64_t>(bytes.subspan(16)); length != bytes.size())
    refuse("E_STATE_LENGTH",
           "the state names " + std::to_string(length) + " bytes and has " + std::to_string(bytes.size()));
  const std::size_t body = bytes.size() - detail::state_checksum;
  const Digest found = digest(bytes.data(), body);
  const Digest named{detail::extract<std::uint64_t>(bytes.subspan(body)),
                     detail::extract<std::uint64_t>(bytes.subspan(body + 8))};
  if (found != named) refuse("E_STATE_CHECKSUM", "the state was changed after it was written");
  if (const auto found_kind = detail::extract<std::uint32_t>(bytes.subspan(4));
      found_kind != static_cast<std::uint32_t>(kind))
    refuse("E_STATE_KIND", "the state is of kind " + std::to_string(found_kind) + ", wanted is " +
                               std::to_string(static_cast<std::uint32_t>(kind)));
  if (detail::extract<std::uint32_t>(bytes.subspan(12)) != 0)
    refuse("E_STATE_CONTENT", "the state has unknown flags");
  definition_ = detail::extract<std::uint64_t>(bytes.subspan(24));
  left_ = bytes.subspan(detail::state_header, body - detail::state_header);
}

TENURE_INLINE std::span<const std::byte> StateReader::take(std::size_t size) {
  if (size > left_.size()) refuse("E_STATE_CONTENT", "the content of the state ends early");
  const auto taken = left_.first(size);
  left_ = left_.subspan(size);
  return taken;
}
TENURE_INLINE std::uint8_t StateReader::byte() { return detail::extract<std::uint8_t>(take(1)); }
TENURE_INLINE std::int32_t StateReader::int32() {
  return static_cast<std::int32_t>(detail::extract<std::uint32_t>(take(4)));
}
TENURE_INLINE std::int64_t StateReader::int64() {
  return static_cast<std::int64_t>(detail::extract<std::uint64_t>(take(8)));
}
TENURE_INLINE int128 StateReader::integer128() {
  return static_cast<int128>(detail::extract<uint128>(take(16)));
}
TENURE_INLINE std::string StateReader::text() {
  const auto bytes = take(count(1));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
TENURE_INLINE std::size_t StateReader::count(std::size_t size) {
  const std::int64_t value = int64();
  if (value < 0 || static_cast<std::uint64_t>(value) > left_.size() / size)
    refuse("E_STATE_CONTENT", "the state counts " + std::to_string(value) + " entries, more than follow");
  return static_cast<std::size_t>(value);
}
TENURE_INLINE void StateReader::expect(std::size_t rows, std::size_t size) const {
  if (rows > left_.size() / size)
    refuse("E_STATE_CONTENT", "the state should have " + std::to_string(rows) + " rows, more than follow");
}
TENURE_INLINE std::string StateReader::policy_digest() const {
  return definition_ == 0 ? std::string() : hexadecimal(definition_);
}
TENURE_INLINE void StateReader::finish() const {
  if (!left_.empty()) refuse("E_STATE_CONTENT", std::to_string(left_.size()) + " bytes follow the content");
}

}  // namespace tenure
