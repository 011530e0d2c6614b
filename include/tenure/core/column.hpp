#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Columns as the kernels see them: borrowed spans with validity, and texts as codes into a list of labels.
namespace tenure {

/// Which rows hold a value: a bitmap as Arrow lays it out (bit set = valid), or nothing when all do.
struct Validity {
  const std::uint8_t* bits = nullptr;
  std::int64_t offset = 0;

  bool all() const noexcept { return bits == nullptr; }
  bool operator[](std::size_t row) const noexcept {
    if (bits == nullptr) return true;
    const std::size_t at = row + static_cast<std::size_t>(offset);
    return ((bits[at >> 3] >> (at & 7)) & 1) != 0;
  }
};

/// A borrowed column of numbers. Empty means that the caller has no such column.
template <class T>
struct Column {
  std::span<const T> values = {};
  Validity valid = {};

  Column() = default;
  Column(std::span<const T> span, Validity validity = {}) : values(span), valid(validity) {}
  Column(const std::vector<T>& vector) : values(vector) {}

  bool present() const noexcept { return values.data() != nullptr; }
  std::size_t size() const noexcept { return values.size(); }
};

inline constexpr std::int32_t null_code = -1;

/// A borrowed column of texts: one code per row, null_code for null, each code a position in labels.
struct Codes {
  std::span<const std::int32_t> codes = {};
  std::span<const std::string> labels = {};

  std::size_t size() const noexcept { return codes.size(); }
};

/// Gives equal texts equal codes, numbered in the order in which they first occur.
class Dictionary {
 public:
  std::int32_t encode(std::string_view text) {
    if (2 * (labels_.size() + 1) > slots_.size()) grow();
    const std::uint32_t hashed = hash(text);
    Slot& slot = slots_[find_slot(text, hashed)];
    if (slot.code == null_code) {
      slot = {hashed, static_cast<std::int32_t>(labels_.size())};
      labels_.emplace_back(text);
    }
    return slot.code;
  }
  std::int32_t find(std::string_view text) const {
    return slots_.empty() ? null_code : slots_[find_slot(text, hash(text))].code;
  }
  const std::vector<std::string>& labels() const noexcept { return labels_; }
  std::size_t size() const noexcept { return labels_.size(); }

 private:
  /// Part of the hash stands beside the code, so that a label is looked at only where it is very likely the
  /// one.
  struct Slot {
    std::uint32_t hash = 0;
    std::int32_t code = null_code;
  };

  static std::uint32_t hash(std::string_view text) noexcept {
    return static_cast<std::uint32_t>(std::hash<std::string_view>{}(text));
  }
  std::size_t find_slot(std::string_view text, std::uint32_t hash) const noexcept {
    const std::size_t mask = slots_.size() - 1;  // a power of two, at most half full
    std::size_t at = hash & mask;
    while (slots_[at].code != null_code &&
           (slots_[at].hash != hash || labels_[static_cast<std::size_t>(slots_[at].code)] != text))
      at = (at + 1) & mask;
    return at;
  }
  void grow() {
    const std::vector<Slot> old =
        std::exchange(slots_, std::vector<Slot>(slots_.empty() ? 16 : 2 * slots_.size()));
    const std::size_t mask = slots_.size() - 1;
    for (const Slot& slot : old) {
      if (slot.code == null_code) continue;
      std::size_t at = slot.hash & mask;
      while (slots_[at].code != null_code) at = (at + 1) & mask;
      slots_[at] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::vector<std::string> labels_;
};

/// A column of texts that owns its codes and labels.
class TextColumn {
 public:
  TextColumn() = default;
  explicit TextColumn(std::span<const std::string> texts) {
    for (const std::string& text : texts) push_back(text);
  }
  void push_back(std::string_view text) { codes_.push_back(dictionary_.encode(text)); }
  void push_null() { codes_.push_back(null_code); }
  operator Codes() const noexcept { return {codes_, dictionary_.labels()}; }

 private:
  Dictionary dictionary_;
  std::vector<std::int32_t> codes_;
};

}  // namespace tenure
