#include <numeric>

#include "../loading_policy.hpp"

namespace tenure {

TENURE_INLINE IntervalFactor yearly_factor(const LoadingPolicy& policy, IntervalUnit unit) noexcept {
  const auto times_twelve = [](IntervalFactor factor) -> IntervalFactor {
    const std::int32_t numerator = factor.numerator * 12;
    const std::int32_t shared = std::gcd(numerator, factor.denominator);
    return {numerator / shared, factor.denominator / shared};
  };
  switch (unit) {
    case IntervalUnit::day:
      return times_twelve(policy.day);
    case IntervalUnit::week:
      return times_twelve(policy.week);
    case IntervalUnit::four_week:
      return times_twelve(policy.four_week);
    case IntervalUnit::month:
      return {12, 1};
    case IntervalUnit::quarter:
      return {4, 1};
    case IntervalUnit::half_year:
      return {2, 1};
    case IntervalUnit::year:
      break;
  }
  return {1, 1};
}

TENURE_INLINE int128 annual_micros(const LoadingPolicy& policy, Interval interval,
                                   int128 micros_per_interval) noexcept {
  const IntervalFactor factor = yearly_factor(policy, interval.unit);
  return divide_half_even(micros_per_interval * factor.numerator,
                          int128{factor.denominator} * interval.count);
}

TENURE_INLINE std::int64_t rounding_unit(LineRounding rounding, int exponent) noexcept {
  if (rounding == LineRounding::exact) return 1;
  std::int64_t unit = 12 * micros;
  for (int i = rounding == LineRounding::minor ? exponent : 4; i > 0; --i) unit /= 10;
  return unit;
}

TENURE_INLINE int128 rounded_line(LineRounding rounding, int128 annual, int exponent) noexcept {
  const int128 unit = rounding_unit(rounding, exponent);
  if (unit == 1) return annual;
  const int128 half_up = (static_cast<int128>(magnitude(annual)) * 2 + unit) / (2 * unit) * unit;
  return annual < 0 ? -half_up : half_up;
}

}  // namespace tenure
