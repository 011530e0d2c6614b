#pragma once

#include <limits>
#include <optional>

#include "ratio.hpp"

/// A figure that is real by nature (an estimate, a discounted sum), or the reason why there is none.
namespace tenure {

class Real {
 public:
  constexpr Real(double value) noexcept : value_(value) {}
  constexpr Real(Undefined reason) noexcept : reason_(reason) {}
  constexpr Real(const Ratio& ratio) noexcept : value_(ratio.value().value_or(0)), reason_(ratio.reason()) {}

  constexpr bool defined() const noexcept { return reason_ == Undefined::no; }
  constexpr Undefined reason() const noexcept { return reason_; }
  constexpr std::optional<double> value() const noexcept {
    return defined() ? std::optional(value_) : std::nullopt;
  }
  /// The value, or `instead` where it is undefined.
  constexpr double value_or(double instead) const noexcept { return defined() ? value_ : instead; }

  friend constexpr bool operator==(const Real&, const Real&) = default;

 private:
  double value_ = 0;
  Undefined reason_ = Undefined::no;
};

/// A quotient of reals, undefined for `when_zero` if the denominator is 0, else for the reason of the first
/// part that is undefined; `diverges` if it is too large for a number.
constexpr Real divide(const Real& numerator, const Real& denominator, Undefined when_zero) noexcept {
  if (!numerator.defined()) return numerator;
  if (!denominator.defined()) return denominator;
  if (denominator.value_or(0) == 0) return when_zero;
  const double quotient = numerator.value_or(0) / denominator.value_or(0);
  constexpr double most = std::numeric_limits<double>::max();
  if (!(quotient >= -most && quotient <= most)) return Undefined::diverges;
  return quotient;
}

/// An estimate and the interval around it.
struct Estimate {
  Real value, lower, upper;

  friend constexpr bool operator==(const Estimate&, const Estimate&) = default;
};

}  // namespace tenure
