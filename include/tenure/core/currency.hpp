#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "config.hpp"

/// ISO 4217: three letters and the number of decimals that the currency is counted in.
namespace tenure {

class Currency {
 public:
  constexpr Currency() noexcept = default;
  /// Throws InputError E_CURRENCY_UNKNOWN for what ISO 4217 does not list (retired codes are listed).
  explicit Currency(std::string_view code);

  std::string_view code() const noexcept { return {code_.data(), set() ? 3U : 0U}; }
  /// Decimals of the minor unit: USD 2, JPY 0, KWD 3, CLF 4.
  int exponent() const noexcept { return exponent_; }
  /// The year in which the currency was replaced, 0 while it is in use (HRK 2023).
  int retired() const noexcept { return retired_; }
  bool set() const noexcept { return code_[0] != '\0'; }
  friend bool operator==(const Currency&, const Currency&) = default;

 private:
  std::array<char, 3> code_{};
  std::int8_t exponent_ = 2;
  std::int16_t retired_ = 0;
};

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/currency.ipp"
#endif
