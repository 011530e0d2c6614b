#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace tenure::detail {

/// The shortest text that reads back as the number, under any locale; whole numbers in full: not 1e+05.
inline std::string number_text(double value) {
  std::array<char, 32> text{};
  char* const end = text.data() + text.size();
  if (std::abs(value) < 1e15 && value == std::floor(value))
    return {text.data(), std::to_chars(text.data(), end, static_cast<long long>(value)).ptr};
  return {text.data(), std::to_chars(text.data(), end, value).ptr};
}

}  // namespace tenure::detail
