#pragma once

#include <string_view>

/// The one source of the version: CMakeLists.txt and pyproject.toml read this line.
#define TENURE_VERSION "0.1.0"

namespace tenure {

inline constexpr std::string_view version = TENURE_VERSION;

}  // namespace tenure
