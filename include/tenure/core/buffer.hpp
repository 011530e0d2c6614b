#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

/// Uninitialised memory for large columns. Asks for large pages where the system has them: scattering rows
/// over hundreds of places is bound by address translation, not by bandwidth.
namespace tenure {

template <class T>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  Buffer() noexcept = default;
  explicit Buffer(std::size_t size) : size_(size) {
    if (size == 0) return;
    if (size > (SIZE_MAX - large_page) / sizeof(T)) throw std::bad_alloc();
    std::size_t bytes = size * sizeof(T);
    const bool large = bytes >= 4 * large_page;
    const std::size_t alignment = large ? large_page : 64;
    bytes = (bytes + alignment - 1) / alignment * alignment;
    data_.reset(static_cast<T*>(std::aligned_alloc(alignment, bytes)));
    if (data_ == nullptr) throw std::bad_alloc();
#if defined(__linux__)
    if (large)
      madvise(data_.get(), bytes, MADV_HUGEPAGE);  // advice only: whatever it returns, the memory is usable
#endif
  }
  Buffer(Buffer&& other) noexcept : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }

  T* data() noexcept { return data_.get(); }
  const T* data() const noexcept { return data_.get(); }
  std::size_t size() const noexcept { return size_; }
  T& operator[](std::size_t i) noexcept { return data_.get()[i]; }
  const T& operator[](std::size_t i) const noexcept { return data_.get()[i]; }
  std::span<const T> span() const noexcept { return {data_.get(), size_}; }

 private:
  static constexpr std::size_t large_page = std::size_t{2} << 20;
  struct Free {
    void operator()(T* memory) const noexcept { std::free(memory); }
  };
  std::unique_ptr<T[], Free> data_;
  std::size_t size_ = 0;
};

}  // namespace tenure
