#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../../core/parallel.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#endif

/// Columns of a result as long as its rows are many: fresh memory costs more than what is computed into it.
namespace tenure::detail {

/// Room for `size` values, in large pages where the system has them.
template <class T>
void reserve_large(std::vector<T>& column, std::size_t size) {
  column.reserve(size);
#if defined(__linux__)
  constexpr std::size_t page = std::size_t{2} << 20;
  const auto begin = (reinterpret_cast<std::uintptr_t>(column.data()) + page - 1) / page * page;
  const auto end = reinterpret_cast<std::uintptr_t>(column.data() + size) / page * page;
  // Advice only: whatever it returns, the memory is usable.
  if (end > begin) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#endif
}

/// Zeros in all columns; large ones are made side by side.
template <class T>
void resize_large(const std::vector<std::vector<T>*>& columns, std::size_t size, const Execution& execution) {
  const auto resize = [size](std::vector<T>& column) {
    reserve_large(column, size);
    column.resize(size);
  };
  if (size < 65536)
    for (std::vector<T>* column : columns) resize(*column);
  else
    parallel_for(execution, columns.size(), [&](std::size_t i, int) { resize(*columns[i]); });
}

}  // namespace tenure::detail
