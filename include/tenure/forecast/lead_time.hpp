#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "../core/config.hpp"
#include "../core/real.hpp"
#include "bias.hpp"
#include "calls.hpp"

/// How right calls were, by how long before the end they were made and by who made them. e = call - actual.
namespace tenure {

/// One call beside what the period brought, in major units.
struct JudgedCall {
  double call, actual;
  double error() const noexcept { return call - actual; }
};

/// |e| / |actual| of one call, or `zero_actual`.
Real absolute_percentage_error(const JudgedCall& call) noexcept;
/// Whether |e| <= tolerance * |actual|, to within rounding.
bool is_hit(const JudgedCall& call, double tolerance) noexcept;

/// Some calls together; each part is `not_yet_observed` without any.
///   wape = sum |e| / sum |a|    bias = mean e    relative_bias = sum e / sum a    mape = mean |e| / |a|
/// accuracy = 1 - mape, the "forecast accuracy" of revenue teams. Ratios to 0 are `zero_actual`.
struct CallAccuracy {
  std::size_t periods = 0;
  Real wape, bias, relative_bias, mape, accuracy;
};
CallAccuracy call_accuracy(std::span<const JudgedCall> calls);

/// The share of calls within a tolerance, with the interval of Wilson (1927), which stays within 0 and 1 and
/// does not vanish when all or none hit. `not_yet_observed` without calls. E_CONFIDENCE; E_PARAM unless the
/// tolerance is 0 or more.
struct HitRate {
  std::size_t periods = 0, hits = 0;
  Estimate share;
};
HitRate hit_rate(std::span<const JudgedCall> calls, double tolerance, double confidence = 0.95);

/// How many of the last calls are within the tolerance without a break, of calls in the order of time: with
/// calls of each week to the end, one less than that is how many weeks before the end the final number was
/// reached. 0 if the last call is not.
std::size_t settled_calls(std::span<const JudgedCall> calls, double tolerance);

/// Whether an owner's calls lean to one side.
enum class CallHabit : std::uint8_t {
  not_told_apart,  ///< the interval of the mean relative error holds 0
  sandbagging,     ///< calls lie below what comes: the interval lies below 0
  happy_ears       ///< calls lie above what comes: the interval lies above 0
};
std::string_view name_of(CallHabit habit) noexcept;

/// The mean of (call - actual) / actual over periods, with its interval by Student's t. Periods that brought
/// 0 or less are left out. There is no verdict below two periods.
struct OwnerBias {
  MeanBias bias;
  std::size_t left_out = 0;
  CallHabit habit = CallHabit::not_told_apart;
  bool judged() const noexcept { return bias.points >= 2; }
};
OwnerBias owner_bias(std::span<const JudgedCall> calls, double confidence = 0.95);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/lead_time.ipp"
#endif
