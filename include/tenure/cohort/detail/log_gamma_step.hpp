#pragma once

#include <cmath>

/// Differences of log-gamma, for beta functions whose arguments are large and close to each other.
namespace tenure::detail {

/// lgamma(x + step) - lgamma(x) for x > 0, step >= 0. Small x are raised by the recurrence first, the rest is
/// Stirling's series, whose large terms are subtracted by log1p: the error is that of a few roundings of the
/// result, not of the two logarithms.
inline double log_gamma_step(double x, double step) {
  double shifted = 0;
  if (x < 10) {
    double product = 0;  // of (1 + step / x) over the shifts, less 1
    for (; x < 10; x += 1) {
      const double factor = step / x;
      product += factor + product * factor;
    }
    shifted = std::log1p(product);
  }
  const double y = x + step;
  const auto rest = [](double z) {
    const double r = 1 / z, s = r * r;
    return r * (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s * (1.0 / 1680 - s / 1188))));
  };
  return (x - 0.5) * std::log1p(step / x) + step * (std::log(y) - 1) + (rest(y) - rest(x)) - shifted;
}

/// log(B(a, x + step) / B(a, x)). It is the same with a and step exchanged, and the error is smaller when the
/// smaller of the two is the step; where x is far larger than that, the series of Tricomi and Erdelyi for the
/// ratio of two gamma functions is exact to the last bit.
inline double log_beta_step(double a, double x, double step) {
  const double small = std::fmin(a, step), large = std::fmax(a, step);
  if (x < 1e4 * (1 + small)) return log_gamma_step(x, small) - log_gamma_step(x + large, small);
  const double w = x + (small - 1) / 2, v = w + large;
  return -small * std::log1p(large / w) + small * (small * small - 1) / 24 * (1 / (v * v) - 1 / (w * w));
}

}  // namespace tenure::detail
