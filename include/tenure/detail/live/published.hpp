#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace tenure::detail {

/// Words that one thread writes and any number read, without a lock: the writer never waits, a reader reads
/// again if they changed meanwhile (a sequence lock). The words are atomic, so there is no data race; the
/// orders say that who sees a word of a write also sees that the write began, and so reads again.
template <std::size_t count>
class Published {
 public:
  using Words = std::array<std::uint64_t, count>;

  void store(const Words& words) noexcept {
    const std::uint64_t turn = turn_.load(std::memory_order_relaxed);
    turn_.store(turn + 1, std::memory_order_relaxed);
    for (std::size_t i = 0; i < count; ++i) words_[i].store(words[i], std::memory_order_release);
    turn_.store(turn + 2, std::memory_order_release);
  }
  Words load() const noexcept {
    Words words;
    for (;;) {
      const std::uint64_t turn = turn_.load(std::memory_order_acquire);
      for (std::size_t i = 0; i < count; ++i) words[i] = words_[i].load(std::memory_order_acquire);
      if (turn % 2 == 0 && turn == turn_.load(std::memory_order_relaxed)) return words;
    }
  }

 private:
  std::atomic<std::uint64_t> turn_{0};
  std::array<std::atomic<std::uint64_t>, count> words_{};
};

}  // namespace tenure::detail
