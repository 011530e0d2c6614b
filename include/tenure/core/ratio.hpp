#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "int128.hpp"

/// A quotient of exact totals, divided once, at output. Undefined is a value with a reason, never 0, infinity
/// or NaN.
namespace tenure {

enum class Undefined : std::uint8_t {
  no,
  empty_base,        ///< nobody and nothing to compare with
  before_history,    ///< the period to compare with lies before the first row
  no_loss,           ///< a denominator of losses, and nothing was lost
  not_yet_observed,  ///< the period has not happened yet
  other_period,      ///< not defined for periods of this length
  not_reached,       ///< what is asked for (a median, a payback) does not happen within the data
  no_gain,           ///< a denominator of gains (new customers, new revenue), and nothing was gained
  no_margin,         ///< revenue does not cover its own costs
  no_spend,          ///< nothing was spent, so there is nothing to compare with
  too_few,           ///< too few rows to estimate it
  diverges,          ///< a sum without limit under these parameters
  not_estimated,     ///< a model has no answer for these rows, or lies at the edge of what it allows
  zero_actual,       ///< a percentage of what turned out to be 0
  no_variation,      ///< a denominator of changes or deviations, and nothing varied (a flat series)
  no_error,          ///< a denominator of errors, and there are none (a perfect benchmark)
};

constexpr std::string_view name_of(Undefined reason) noexcept {
  switch (reason) {
    case Undefined::empty_base:
      return "empty_base";
    case Undefined::before_history:
      return "before_history";
    case Undefined::no_loss:
      return "no_loss";
    case Undefined::not_yet_observed:
      return "not_yet_observed";
    case Undefined::other_period:
      return "other_period";
    case Undefined::not_reached:
      return "not_reached";
    case Undefined::no_gain:
      return "no_gain";
    case Undefined::no_margin:
      return "no_margin";
    case Undefined::no_spend:
      return "no_spend";
    case Undefined::too_few:
      return "too_few";
    case Undefined::diverges:
      return "diverges";
    case Undefined::not_estimated:
      return "not_estimated";
    case Undefined::zero_actual:
      return "zero_actual";
    case Undefined::no_variation:
      return "no_variation";
    case Undefined::no_error:
      return "no_error";
    case Undefined::no:
      break;
  }
  return "";
}

struct Ratio {
  int128 numerator = 0;
  int128 denominator = 0;
  Undefined when_zero = Undefined::empty_base;  ///< why it is undefined, should the denominator be 0

  constexpr bool defined() const noexcept { return denominator != 0; }
  constexpr Undefined reason() const noexcept { return defined() ? Undefined::no : when_zero; }
  constexpr std::optional<double> value() const noexcept {
    if (!defined()) return std::nullopt;
    return denominator > 0 ? quotient(numerator, denominator) : quotient(-numerator, -denominator);
  }
  constexpr Ratio reduced() const noexcept {
    uint128 a = magnitude(numerator), b = magnitude(denominator);
    while (b != 0) {
      const uint128 rest = a % b;
      a = b;
      b = rest;
    }
    if (a == 0) return *this;
    const int128 divisor = (denominator < 0 ? -1 : 1) * static_cast<int128>(a);
    return {numerator / divisor, denominator / divisor, when_zero};
  }
  /// Equal as fractions; two undefined ratios are equal.
  friend constexpr bool operator==(const Ratio& a, const Ratio& b) noexcept {
    const Ratio x = a.reduced(), y = b.reduced();
    return x.denominator == y.denominator && (x.denominator == 0 || x.numerator == y.numerator);
  }
};

}  // namespace tenure
