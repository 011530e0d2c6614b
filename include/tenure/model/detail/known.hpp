#pragma once

#include "../../core/date.hpp"

namespace tenure::detail {

/// As much as is known: what was superseded no longer stands.
inline constexpr Day latest_knowledge = open_end - 1;

/// Known on a day if recorded <= day < superseded.
struct Known {
  Day recorded = min_day, superseded = open_end;

  bool on(Day day) const noexcept { return recorded <= day && day < superseded; }
};

}  // namespace tenure::detail
