#pragma once

#include <algorithm>
#include <cstddef>

#include "../../core/parallel.hpp"

namespace tenure::detail {

/// Sums over a block are added in the order of blocks, so that their bits do not depend on the threads.
constexpr std::size_t customers_in_block = 4096;

template <class Body>
void for_customer_blocks(const Execution& execution, std::size_t rows, Body&& body) {
  const std::size_t blocks = (rows + customers_in_block - 1) / customers_in_block;
  parallel_for(execution, blocks, [&](std::size_t block, int) {
    body(block, block * customers_in_block, std::min(rows, (block + 1) * customers_in_block));
  });
}

}  // namespace tenure::detail
