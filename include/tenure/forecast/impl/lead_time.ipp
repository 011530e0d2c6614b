#include <algorithm>
#include <cmath>

#include "../../core/detail/confidence.hpp"
#include "../../core/detail/number_text.hpp"
#include "../../core/error.hpp"
#include "../lead_time.hpp"

namespace tenure {

TENURE_INLINE Real absolute_percentage_error(const JudgedCall& call) noexcept {
  return divide(std::abs(call.error()), std::abs(call.actual), Undefined::zero_actual);
}

TENURE_INLINE bool is_hit(const JudgedCall& call, double tolerance) noexcept {
  constexpr double rounding = 1e-12;
  return std::abs(call.error()) <= tolerance * std::abs(call.actual) * (1 + rounding);
}

TENURE_INLINE CallAccuracy call_accuracy(std::span<const JudgedCall> calls) {
  if (calls.empty()) {
    constexpr Undefined reason = Undefined::not_yet_observed;
    return {0, reason, reason, reason, reason, reason};
  }
  double errors = 0, sizes = 0, actuals = 0, brought = 0, ratios = 0;
  bool zero = false;
  for (const JudgedCall& call : calls) {
    errors += call.error();
    sizes += std::abs(call.error());
    actuals += call.actual;
    brought += std::abs(call.actual);
    const Real ratio = absolute_percentage_error(call);
    zero = zero || !ratio.defined();
    ratios += ratio.value_or(0);
  }
  const auto count = static_cast<double>(calls.size());
  const Real mape = zero ? Real(Undefined::zero_actual) : Real(ratios / count);
  return {.periods = calls.size(),
          .wape = divide(sizes, brought, Undefined::zero_actual),
          .bias = errors / count,
          .relative_bias = divide(errors, actuals, Undefined::zero_actual),
          .mape = mape,
          .accuracy = mape.defined() ? Real(1 - mape.value_or(0)) : mape};
}

TENURE_INLINE HitRate hit_rate(std::span<const JudgedCall> calls, double tolerance, double confidence) {
  const double z = detail::normal_reach(confidence);
  if (!(tolerance >= 0 && std::isfinite(tolerance)))
    throw_option({.code = "E_PARAM",
                  .what = "a tolerance of " + detail::number_text(tolerance) + " is not a share of 0 or more",
                  .value = detail::number_text(tolerance),
                  .remedy = "Write 5 % as 0.05."});
  constexpr Undefined reason = Undefined::not_yet_observed;
  HitRate found{.periods = calls.size(), .hits = 0, .share = {reason, reason, reason}};
  if (calls.empty()) return found;
  for (const JudgedCall& call : calls) found.hits += is_hit(call, tolerance) ? 1 : 0;
  const auto trials = static_cast<double>(calls.size());
  const double share = static_cast<double>(found.hits) / trials, square = z * z;
  const double middle = (share + square / (2 * trials)) / (1 + square / trials);
  const double half =
      z / (1 + square / trials) * std::sqrt(share * (1 - share) / trials + square / (4 * trials * trials));
  found.share = {share, found.hits == 0 ? 0.0 : std::max(0.0, middle - half),
                 found.hits == calls.size() ? 1.0 : std::min(1.0, middle + half)};
  return found;
}

TENURE_INLINE std::size_t settled_calls(std::span<const JudgedCall> calls, double tolerance) {
  std::size_t count = 0;
  while (count < calls.size() && is_hit(calls[calls.size() - 1 - count], tolerance)) ++count;
  return count;
}

TENURE_INLINE std::string_view name_of(CallHabit habit) noexcept {
  switch (habit) {
    case CallHabit::sandbagging:
      return "sandbagging";
    case CallHabit::happy_ears:
      return "happy_ears";
    case CallHabit::not_told_apart:
      break;
  }
  return "not_told_apart";
}

TENURE_INLINE OwnerBias owner_bias(std::span<const JudgedCall> calls, double confidence) {
  std::vector<double> errors;
  for (const JudgedCall& call : calls)
    if (call.actual > 0) errors.push_back(call.error() / call.actual);
  OwnerBias found{.bias = mean_bias(errors, confidence), .left_out = calls.size() - errors.size()};
  if (!found.judged()) return found;
  if (found.bias.upper.defined() && found.bias.upper.value_or(0) < 0) found.habit = CallHabit::sandbagging;
  if (found.bias.lower.defined() && found.bias.lower.value_or(0) > 0) found.habit = CallHabit::happy_ears;
  return found;
}

}  // namespace tenure
