#pragma once

namespace tenure::detail {

/// A sum with twice the digits of a double (Knuth's two-sum): the order of its terms shows only where the
/// exact sum lies halfway between two doubles.
class WideSum {
 public:
  constexpr void add(double term) noexcept {
    const double sum = high_ + term, part = sum - high_;
    low_ += (high_ - (sum - part)) + (term - part);
    high_ = sum;
  }
  constexpr double value() const noexcept { return high_ + low_; }

 private:
  double high_ = 0, low_ = 0;
};

}  // namespace tenure::detail
