#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>
#include <vector>

#include "customer_blocks.hpp"

/// Expected purchases of a customer who is alive, in the models where it may leave after each of them.
///
///   f(n, a, c, w) = E[(1 - (1 + p w)^-n) / p],  p from Beta(a, c),  n = r + x,  w = t / (alpha + T)
///
/// For whole f also: the sum over k of NB(k; n, z) * (E[q^0] + ... + E[q^(k-1)]), q = 1 - p, z = w / (1 + w):
/// the purchases that a customer who never leaves would make, each counted with the chance that it is still
/// there. All terms are positive, and nothing is special about a = 1 or a + c = 1.
namespace tenure::detail {

inline double expected_by_series(double n, double a, double c, double w) {
  const double z = w / (1 + w);
  double chance = std::exp(-n * std::log1p(w));  // of k purchases
  double still = 1, made = 0, sum = 0;           // E[q^k]; the sum of those before k
  for (double k = 0;; ++k) {
    const double term = chance * made;
    sum += term;
    // From here on, terms fall at least as fast as a geometric sequence.
    const double ratio = z * (n + k) / (k + 1) * (k < 1 ? 2.0 : (k + 1) / k);
    if (k > 0 && ratio < 1 && term <= 1e-17 * (1 - ratio) * sum) return sum;
    if (k > 1 && chance == 0) return sum;
    made += still;
    still *= (c + k) / (a + c + k);
    chance *= z * (n + k) / (k + 1);
  }
}

/// The trapezoidal rule on the scale of logit p, where both ends fall off exponentially.
inline double expected_by_integral(double n, double a, double c, double w) {
  const double spread = std::sqrt((a + c) / a / c);
  if (spread < 1e-9) {  // p is one number to all digits
    const double p = a / (a + c);
    return -std::expm1(-n * std::log1p(p * w)) / p;
  }
  const double step = std::min(0.2, 0.6 * spread), mode = std::log(a / c);
  const double log_p = -std::log1p(c / a), log_q = -std::log1p(a / c);
  double mass = 0, sum = 0;
  const auto add = [&](double y, double tail) {
    const double p = 1 / (1 + std::exp(-y));
    const double density =
        std::exp(a * (-std::log1p(std::exp(-y)) - log_p) + c * (-std::log1p(std::exp(y)) - log_q)) * tail;
    const double part = density * -std::expm1(-n * std::log1p(p * w)) / p;
    mass += density;
    sum += part;
    return density <= 1e-18 * mass && part <= 1e-18 * sum;
  };
  // Far out the rest is a geometric sequence: p is 0 or 1 but for rounding.
  const double left = -40 - std::log1p(n * w) - std::log1p(c), right = 40 + std::log1p(a);
  double y = mode;
  for (; y < right; y += step)
    if (add(y, 1)) break;
  if (y >= right) add(y, 1 / -std::expm1(-c * step));
  for (y = mode - step; y > left; y -= step)
    if (add(y, 1) && (a > 2 || y < -std::log1p(n * w))) break;  // for small a, parts rise again
  if (y <= left) add(y, 1 / -std::expm1(-a * step));
  return sum / mass;
}

inline double expected_while_alive(double n, double a, double c, double w) {
  if (w <= 0) return 0;
  const bool few_terms = w < 30 && n * w < 10'000 && n * std::log1p(w) < 600;
  return few_terms ? expected_by_series(n, a, c, w) : expected_by_integral(n, a, c, w);
}

/// f / u on a stretch of u = log(1 + w), as a polynomial: analytic in a strip around the axis, so that few
/// terms give all digits. Stretches depend on n alone, so what a customer gets does not depend on the others.
class ExpectedStretch {
 public:
  static constexpr std::size_t terms = 14;
  /// The largest n that stretches are used for.
  static constexpr double most = 256;

  static double width(double n) noexcept { return std::exp2(-std::ceil(std::log2(1 + n / 4))); }

  ExpectedStretch() = default;
  ExpectedStretch(double n, double a, double c, double first, double width)
      : middle_(first + width / 2), scale_(2 / width) {
    std::array<double, terms> values{}, series{};
    const double angle = std::numbers::pi / terms;
    for (std::size_t i = 0; i < terms; ++i) {
      const double u = middle_ + width / 2 * std::cos(angle * (static_cast<double>(i) + 0.5));
      values[i] = expected_while_alive(n, a, c, std::expm1(u)) / u;
    }
    for (std::size_t k = 0; k < terms; ++k) {
      for (std::size_t i = 0; i < terms; ++i)
        series[k] += values[i] * std::cos(angle * static_cast<double>(k) * (static_cast<double>(i) + 0.5));
      series[k] *= (k == 0 ? 1.0 : 2.0) / terms;
    }
    // From Chebyshev's polynomials to powers: harmless, as the series falls faster than their terms grow.
    std::array<double, terms> before{1}, at{0, 1};
    coefficients_[0] = series[0];
    for (std::size_t k = 1; k < terms; ++k) {
      for (std::size_t j = 0; j <= k; ++j) coefficients_[j] += series[k] * at[j];
      std::array<double, terms> next{};
      for (std::size_t j = 0; j < terms; ++j) next[j] = (j > 0 ? 2 * at[j - 1] : 0) - before[j];
      before = at;
      at = next;
    }
  }

  double operator()(double u) const noexcept {
    const double s = (u - middle_) * scale_, square = s * s;
    double even = coefficients_[terms - 2], odd = coefficients_[terms - 1];
    for (std::size_t j = terms - 2; j >= 2; j -= 2) {
      even = even * square + coefficients_[j - 2];
      odd = odd * square + coefficients_[j - 1];
    }
    return u * (even + s * odd);
  }

 private:
  double middle_ = 0, scale_ = 1;
  std::array<double, terms> coefficients_{};
};

/// f for customers: n = r + x, c = b + x + `more`, w = t / (alpha + T). First every row says which stretch it
/// needs, then those are made, then every row takes its value.
class ExpectedWhileAlive {
 public:
  ExpectedWhileAlive(double r, double alpha, double a, double b, double more, double t)
      : r_(r), alpha_(alpha), a_(a), b_(b + more), t_(t) {
    const double longest = std::log1p(t / alpha);
    for (double x = 0; r + x <= ExpectedStretch::most; ++x) {
      per_width_.push_back(1 / ExpectedStretch::width(r + x));
      offsets_.push_back(offsets_.back() + static_cast<std::size_t>(longest * per_width_.back()) + 2);
    }
    wanted_.resize(offsets_.back());
  }

  /// From any thread: what value() takes, or the value itself where no stretch is used.
  double prepare(double x, double age) {
    const double rate = alpha_ + age;
    if (!has_stretches(x)) return expected_while_alive(r_ + x, a_, b_ + x, t_ / rate);
    // log1p is slow, and needed where the quotient is near 1 only.
    const double u = t_ < rate / 8 ? std::log1p(t_ / rate) : std::log((rate + t_) / rate);
    std::atomic_ref wanted(wanted_[place(x, u)]);
    if (wanted.load(std::memory_order_relaxed) == 0) wanted.store(1, std::memory_order_relaxed);
    return u;
  }

  void make(const Execution& execution) {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;  // x and the place among its stretches
    stretch_at_.resize(wanted_.size());
    for (std::size_t x = 0; x < per_width_.size(); ++x)
      for (std::size_t at = offsets_[x]; at < offsets_[x + 1]; ++at)
        if (wanted_[at] != 0) {
          stretch_at_[at] = static_cast<std::uint32_t>(pairs.size());
          pairs.emplace_back(x, at - offsets_[x]);
        }
    stretches_.resize(pairs.size());
    constexpr std::size_t at_once = 16;
    parallel_for(execution, (pairs.size() + at_once - 1) / at_once, [&](std::size_t task, int) {
      for (std::size_t i = task * at_once; i < std::min(pairs.size(), (task + 1) * at_once); ++i) {
        const double x = static_cast<double>(pairs[i].first), width = 1 / per_width_[pairs[i].first];
        stretches_[i] =
            ExpectedStretch(r_ + x, a_, b_ + x, static_cast<double>(pairs[i].second) * width, width);
      }
    });
  }

  double value(double x, double prepared) const noexcept {
    return has_stretches(x) ? stretches_[stretch_at_[place(x, prepared)]](prepared) : prepared;
  }

 private:
  bool has_stretches(double x) const noexcept { return x < static_cast<double>(per_width_.size()); }
  std::size_t place(double x, double u) const noexcept {
    // By way of signed numbers, into which doubles convert in one instruction.
    const auto whole = static_cast<std::size_t>(static_cast<std::int64_t>(x));
    return offsets_[whole] + static_cast<std::size_t>(static_cast<std::int64_t>(u * per_width_[whole]));
  }

  double r_, alpha_, a_, b_, t_;
  std::vector<double> per_width_;
  std::vector<std::size_t> offsets_{0};
  std::vector<std::uint8_t> wanted_;
  std::vector<std::uint32_t> stretch_at_;
  std::vector<ExpectedStretch> stretches_;
};

}  // namespace tenure::detail
