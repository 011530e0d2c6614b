#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "../../core/error.hpp"
#include "../../core/real.hpp"

/// Reading curves that are steps.
namespace tenure::detail {

/// Shares that differ by less are the same step of a curve: R's tolerance.
inline constexpr double same_share = 0x1p-26;

inline constexpr std::size_t before_first = static_cast<std::size_t>(-1);

/// Position of the last row at or before a time, or `before_first`; E_PARAM.
inline std::size_t row_at(const std::vector<double>& times, double time, const char* name) {
  if (!(time >= 0))
    throw_option({.code = "E_PARAM",
                  .what = std::string(name) + "=" + std::to_string(time) + " is not a time from 0 on",
                  .value = std::to_string(time)});
  return static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), time) - times.begin()) - 1;
}

/// Where a step function of the rows reaches `share`: of the rows at or above it the one that lies lowest, so
/// that limits which turn back are read as R reads them. `gone(i)` is undefined where the limit is.
template <class Gone>
Real crossing(const std::vector<double>& time, double share, Gone&& gone) {
  if (time.empty()) return Undefined::empty_base;
  if (share == 0) return 0.0;
  struct Found {
    double level = 2, time = 0;
    void take(double candidate, double at, double least) noexcept {
      if (candidate < least || candidate >= level) return;
      level = candidate;
      time = at;
    }
  };
  Found reached, passed;
  for (std::size_t i = 0; i < time.size(); ++i) {
    const Real value = gone(i);
    if (!value.defined()) continue;
    reached.take(value.value_or(0), time[i], share - same_share);
    passed.take(value.value_or(0), time[i], share + same_share);
  }
  if (reached.level > 1) return Undefined::not_reached;
  const Real last = gone(time.size() - 1);
  if (last.defined() && std::abs(last.value_or(0) - share) < same_share)
    return (reached.time + time.back()) / 2;  // the step at the end of the curve
  if (passed.level > 1) return Undefined::not_reached;
  return (reached.time + passed.time) / 2;
}

}  // namespace tenure::detail
