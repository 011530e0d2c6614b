#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "stored_event.hpp"

namespace tenure::detail {

/// The events of all customers: those of one lie together, in a block whose size is a power of two.
class EventStore {
 public:
  std::size_t customers() const noexcept { return customers_.size(); }
  void resize(std::size_t customers) { customers_.resize(customers); }

  std::span<const StoredEvent> of(std::uint32_t customer) const noexcept {
    const Block& block = customers_[customer];
    return {events_.data() + block.first, block.count};
  }
  void put(std::uint32_t customer, std::span<const StoredEvent> events) {
    Block& block = customers_[customer];
    if (events.size() > capacity(block)) move(block, static_cast<std::uint32_t>(events.size()));
    std::copy(events.begin(), events.end(), events_.data() + block.first);
    block.count = static_cast<std::uint32_t>(events.size());
  }
  /// The day on which the customer has to be read again; open_end: never.
  Day& due(std::uint32_t customer) noexcept { return customers_[customer].due; }

 private:
  struct Block {
    std::uint64_t first = 0;
    std::uint32_t count = 0;
    std::uint8_t size = 0;  ///< 0: no block; n: 2^(n - 1) events
    Day due = open_end;
  };
  static std::size_t capacity(const Block& block) noexcept {
    return block.size == 0 ? 0 : std::size_t{1} << (block.size - 1);
  }
  void move(Block& block, std::uint32_t wanted) {
    const auto size = static_cast<std::uint8_t>(std::bit_width(wanted - 1) + 1);
    std::uint64_t first = events_.size();
    if (auto& free = free_[size]; !free.empty()) {
      first = free.back();
      free.pop_back();
    } else {
      events_.resize(events_.size() + (std::size_t{1} << (size - 1)));
    }
    if (block.size != 0) free_[block.size].push_back(block.first);
    block.first = first;
    block.size = size;
  }

  std::vector<Block> customers_;
  std::vector<StoredEvent> events_;
  std::array<std::vector<std::uint64_t>, 34> free_;  ///< blocks nobody uses, by size
};

}  // namespace tenure::detail
