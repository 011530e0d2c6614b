#pragma once

#include <cmath>
#include <functional>
#include <vector>

#include "property.hpp"

/// Random forecasts and outcomes, and sums done the slow way.
namespace tenure::test {

/// Numbers of both signs with ties among them, small enough that sums of theirs are exact.
inline std::vector<double> some_numbers(std::size_t size) {
  std::vector<double> values;
  for (std::size_t i = 0; i < size; ++i) values.push_back(*rc::gen::inRange(-200, 200) / 8.0);
  return values;
}

/// Near each other, relative to their size or absolutely below 1.
inline bool near(double found, double expected, double tolerance = 1e-12) {
  return std::abs(found - expected) <= tolerance * std::max(1.0, std::abs(expected));
}

/// The integral of a function by the rule of Simpson in so many steps.
inline double integral(const std::function<double(double)>& of, double from, double to, int steps = 20000) {
  const double step = (to - from) / steps;
  double sum = of(from) + of(to);
  for (int i = 1; i < steps; ++i) sum += (i % 2 == 0 ? 2 : 4) * of(from + i * step);
  return sum * step / 3;
}

}  // namespace tenure::test
