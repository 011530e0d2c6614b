#include "../error.hpp"
#include "../frame.hpp"

namespace tenure {

TENURE_INLINE std::size_t Frame::checked_row(std::size_t period, std::size_t segment) const {
  const auto require = [](std::size_t at, std::size_t size, const char* what) {
    if (at >= size)
      throw_input({.code = "E_WINDOW",
                   .what = std::string(what) + " " + std::to_string(at) + " of " + std::to_string(size) +
                           " (they are counted from 0)",
                   .value = std::to_string(at)});
  };
  require(period, periods.size(), "period");
  require(segment, segments.size(), "segment");
  return row(period, segment);
}

}  // namespace tenure
