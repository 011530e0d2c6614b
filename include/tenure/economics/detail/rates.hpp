#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

#include "../../core/error.hpp"
#include "../../core/period.hpp"

/// Refusals of rates that cannot be, and the length of periods.
namespace tenure::detail {

/// The shortest decimal, as it would be typed: -1.0, 1.4.
inline std::string shown_rate(double value) {
  std::array<char, 32> text{};
  std::string digits(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
  if (digits.find_first_not_of("-0123456789") == std::string::npos) digits += ".0";
  return digits;
}

inline void require_rate(bool good, std::string_view name, double value, std::string_view must,
                         std::string_view remedy) {
  if (good && std::isfinite(value)) return;
  throw_input({.code = "E_RATE_RANGE",
               .what = std::string(name) + " " + shown_rate(value) + "; must be " + std::string(must),
               .column = {},
               .value = shown_rate(value),
               .remedy = std::string(remedy)});
}

inline void require_margin(double margin) {
  require_rate(margin <= 1, "margin", margin, "<= 1", "Give the gross margin as a share: 0.8 for 80 %.");
}
inline void require_discount(double discount) {
  require_rate(discount > -1, "discount", discount, "> -1", "Give the rate for one period: 0.01 for 1 %.");
}
inline void require_churn(double churn) {
  require_rate(churn <= 1, "churn", churn, "<= 1",
               "Give the share that is lost in one period: 0.05 for 5 %.");
}
inline void require_share(std::string_view name, double share) {
  require_rate(share >= 0 && share <= 1, name, share, "in 0..1", "Give it as a share: 0.03 for 3 %.");
}
inline void require_positive(std::string_view name, double value) {
  require_rate(value >= 0, name, value, ">= 0", "Give an amount of money.");
}
inline void require_finite(std::string_view name, double value) {
  require_rate(true, name, value, "finite", "Give a number.");
}

/// 0 for weeks and days, which have no whole number of months.
inline int months_in(const Calendar& calendar) noexcept {
  switch (calendar.unit) {
    case PeriodUnit::month:
      return 1;
    case PeriodUnit::quarter:
      return 3;
    case PeriodUnit::half_year:
      return 6;
    case PeriodUnit::year:
      return 12;
    default:
      return 0;
  }
}

/// How many of the periods, from the first on, are over on the last day that the data speak of.
inline std::size_t complete_periods(const Periods& periods, Day known_until) noexcept {
  std::size_t count = 0;
  while (count < periods.size() && periods.end(count) - 1 <= known_until) ++count;
  return count;
}

}  // namespace tenure::detail
