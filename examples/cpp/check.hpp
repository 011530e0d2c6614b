#pragma once

#include <cstdlib>
#include <iostream>
#include <string_view>

/// An assert that release builds keep: says what does not hold and ends the program with 1.
inline void check(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "does not hold: " << what << '\n';
  std::exit(1);
}
