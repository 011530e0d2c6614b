#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include "../../core/error.hpp"

/// Codes of groups (segments, series, owners) as callers number them. Kernels use them as positions, so that
/// one outside is a wild write: it is refused at the door, in every build.
namespace tenure::detail {

/// InputError E_CODE at the first code that is not in [low, count). `low` is -1 where that means "no group".
inline void require_codes(const char* column, std::span<const std::int32_t> codes, std::size_t count,
                          std::int32_t low = 0) {
  const auto outside = [&](std::int32_t code) {
    return code < low || (code >= 0 && static_cast<std::size_t>(code) >= count);
  };
  const auto found = std::ranges::find_if(codes, outside);
  if (found == codes.end()) return;
  throw_input(
      {.code = "E_CODE",
       .what = "a code of " + std::to_string(*found) + " is outside of " + std::to_string(count) + " groups",
       .column = column,
       .row = found - codes.begin(),
       .value = std::to_string(*found),
       .remedy = "Number the groups from 0 on, and say how many there are."});
}

}  // namespace tenure::detail
