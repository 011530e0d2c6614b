#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace tenure::detail {

/// A value that one thread writes and any number read, without a lock: the writer never waits, a reader reads
/// again if the value changed meanwhile (a sequence lock). The words are atomic, so there is no data race;
/// the orders say that who sees a word of a write also sees that the write began, and so reads again.
template <class T>
class Published {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % sizeof(std::uint64_t) == 0);

 public:
  void store(const T& value) noexcept {
    std::array<std::uint64_t, count> words;
    std::memcpy(words.data(), &value, sizeof value);
    const std::uint64_t turn = turn_.load(std::memory_order_relaxed);
    turn_.store(turn + 1, std::memory_order_relaxed);
    for (std::size_t i = 0; i < count; ++i) words_[i].store(words[i], std::memory_order_release);
    turn_.store(turn + 2, std::memory_order_release);
  }
  T load() const noexcept {
    std::array<std::uint64_t, count> words;
    for (;;) {
      const std::uint64_t turn = turn_.load(std::memory_order_acquire);
      for (std::size_t i = 0; i < count; ++i) words[i] = words_[i].load(std::memory_order_acquire);
      if (turn % 2 == 0 && turn == turn_.load(std::memory_order_relaxed)) break;
    }
    T value;
    std::memcpy(static_cast<void*>(&value), words.data(), sizeof value);
    return value;
  }

 private:
  static constexpr std::size_t count = sizeof(T) / sizeof(std::uint64_t);
  std::atomic<std::uint64_t> turn_{0};
  std::array<std::atomic<std::uint64_t>, count> words_{};
};

}  // namespace tenure::detail
