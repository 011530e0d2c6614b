#pragma once

#include <memory>
#include <type_traits>

namespace tenure::detail {

/// A value that copies share until one of them is edited: books of the same rows keep one set of columns.
template <class T>
class Shared {
 public:
  Shared() = default;
  Shared(T value) : value_(std::make_shared<T>(std::move(value))) {}

  const T& operator*() const noexcept {
    static const T none;
    return value_ == nullptr ? none : *value_;
  }
  const T* operator->() const noexcept { return &**this; }
  /// The value of this copy alone.
  T& edit() {
    if (value_ == nullptr)
      value_ = std::make_shared<T>();
    else if (value_.use_count() > 1)
      value_ = std::make_shared<T>(*value_);
    return *value_;
  }

  bool empty() const noexcept { return (**this).empty(); }
  std::size_t size() const noexcept { return (**this).size(); }
  auto begin() const noexcept { return (**this).begin(); }
  auto end() const noexcept { return (**this).end(); }
  decltype(auto) operator[](std::size_t i) const noexcept { return (**this)[i]; }

 private:
  std::shared_ptr<T> value_;
};

}  // namespace tenure::detail
