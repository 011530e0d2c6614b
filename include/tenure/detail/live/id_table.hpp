#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../core/group.hpp"
#include "../../model/event.hpp"

namespace tenure::detail {

/// Gives equal ids equal codes, numbered as they come; all are whole numbers or all are texts. The codes met
/// last can be forgotten again, so that a call that fails leaves no trace.
class IdTable {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  std::size_t size() const noexcept { return texts_of_ ? texts_.size() : numbers_.size(); }
  /// Whether an id is of the type of those before.
  bool takes(const Id& id) const noexcept { return size() == 0 || texts_of_ == (id.index() == 1); }

  /// Asks for the memory where an id is looked up, so that several look-ups wait together.
  void prefetch(const Id& id) const noexcept {
    if (!slots_.empty()) __builtin_prefetch(slots_.data() + (hash(id) & (slots_.size() - 1)));
  }
  /// takes(id) must hold.
  std::uint32_t encode(const Id& id) {
    if (size() == 0) texts_of_ = id.index() == 1;
    if (2 * (size() + 1) > slots_.size()) grow();
    const std::uint32_t hashed = hash(id);
    Slot& slot = slots_[find_slot(id, hashed)];
    if (slot.code != none) return slot.code;
    const auto code = static_cast<std::uint32_t>(size());
    if (texts_of_)
      texts_.push_back(std::get<std::string>(id));
    else
      numbers_.push_back(std::get<std::int64_t>(id));
    slot = {hashed, code};
    return code;
  }
  Id operator[](std::uint32_t code) const {
    if (texts_of_) return texts_[code];
    return numbers_[code];
  }
  /// The order of the ids themselves.
  bool less(std::uint32_t a, std::uint32_t b) const noexcept {
    return texts_of_ ? texts_[a] < texts_[b] : numbers_[a] < numbers_[b];
  }
  /// Forgets all but the first `size` ids. The table is as if they had come one by one, so whoever came last
  /// stands in nobody's way.
  void truncate(std::size_t size) noexcept {
    while (this->size() > size) {
      const auto code = static_cast<std::uint32_t>(this->size() - 1);
      std::size_t at = hash_of(code) & (slots_.size() - 1);
      while (slots_[at].code != code) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = {};
      texts_of_ ? texts_.pop_back() : numbers_.pop_back();
    }
  }

 private:
  /// Part of the hash stands beside the code, so that an id is looked at only where it is very likely the
  /// one.
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t code = none;
  };

  static std::uint32_t hash(std::int64_t number) noexcept {
    return static_cast<std::uint32_t>(spread(number) >> 32);
  }
  static std::uint32_t hash(std::string_view text) noexcept {
    return static_cast<std::uint32_t>(std::hash<std::string_view>{}(text));
  }
  static std::uint32_t hash(const Id& id) noexcept {
    if (const auto* text = std::get_if<std::string>(&id)) return hash(std::string_view(*text));
    return hash(*std::get_if<std::int64_t>(&id));
  }
  std::uint32_t hash_of(std::uint32_t code) const noexcept {
    return texts_of_ ? hash(std::string_view(texts_[code])) : hash(numbers_[code]);
  }
  bool is(std::uint32_t code, const Id& id) const noexcept {
    return texts_of_ ? texts_[code] == *std::get_if<std::string>(&id)
                     : numbers_[code] == *std::get_if<std::int64_t>(&id);
  }
  std::size_t find_slot(const Id& id, std::uint32_t hashed) const noexcept {
    const std::size_t mask = slots_.size() - 1;  // a power of two, at most half full
    std::size_t at = hashed & mask;
    while (slots_[at].code != none && (slots_[at].hash != hashed || !is(slots_[at].code, id)))
      at = (at + 1) & mask;
    return at;
  }
  void grow() {
    slots_.assign(slots_.empty() ? 16 : 2 * slots_.size(), Slot{});
    const std::size_t mask = slots_.size() - 1;
    for (std::uint32_t code = 0; code < size(); ++code) {
      const std::uint32_t hashed = hash_of(code);
      std::size_t at = hashed & mask;
      while (slots_[at].code != none) at = (at + 1) & mask;
      slots_[at] = {hashed, code};
    }
  }

  bool texts_of_ = false;  ///< the ids are texts
  std::vector<Slot> slots_;
  std::vector<std::int64_t> numbers_;
  std::vector<std::string> texts_;
};

}  // namespace tenure::detail
