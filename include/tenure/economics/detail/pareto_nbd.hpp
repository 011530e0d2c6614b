#pragma once

#include <boost/math/quadrature/gauss.hpp>

#include "customer_base.hpp"

/// Pareto/NBD: the likelihood of a customer is a mixture over the time at which it left, with an atom for
/// "not yet". Sums over that mixture give the likelihood and both derivatives of its logarithm:
///
///   log of  exp(l_T) + integral of exp(l_u) du,   l_T = -n log(alpha+T) - s log(beta+T),
///                                                 l_u = log s - n log(alpha+u) - (s+1) log(beta+u)
///   first derivatives E[l'], second E[l'' + l' l'] - E[l'] E[l']
namespace tenure::detail {

struct GaussNodes {
  std::array<double, 10> at{}, weight{};
};
/// On (-1, 1).
inline const GaussNodes& gauss_nodes() {
  static const GaussNodes nodes = [] {
    using Rule = boost::math::quadrature::gauss<double, 10>;
    GaussNodes made;
    for (std::size_t i = 0; i < 5; ++i) {
      made.at[4 - i] = -Rule::abscissa()[i];
      made.at[5 + i] = Rule::abscissa()[i];
      made.weight[4 - i] = made.weight[5 + i] = Rule::weights()[i];
    }
    return made;
  }();
  return nodes;
}

/// Calls node(u, log_weight_du, log(alpha+u), log(beta+u)) over (from, to), on the scale of
/// y = log(min(alpha, beta) + u), in pieces in which an integrand that falls at most `steepness` by e per y
/// is smooth to all digits. node() returns whether the rest still matters; it is asked piece by piece.
template <class Node, class Matters>
void over_times(double alpha, double beta, double from, double to, double steepness, double widest,
                Node&& node, Matters&& matters) {
  const double least = std::min(alpha, beta), other = std::max(alpha, beta) - least;
  const double begin = std::log(least + from), length = std::log1p((to - from) / (least + from));
  if (!(length > 0)) return;
  const auto pieces = static_cast<std::size_t>(std::ceil(std::max(length / widest, steepness * length / 5)));
  const double half = length / static_cast<double>(pieces) / 2;
  const GaussNodes& rule = gauss_nodes();
  for (std::size_t piece = 0; piece < pieces; ++piece) {
    const double middle = begin + half * static_cast<double>(2 * piece + 1);
    for (std::size_t i = 0; i < rule.at.size(); ++i) {
      const double y = middle + half * rule.at[i], shifted = std::exp(y);
      const double log_other = other == 0 ? y : std::log(shifted + other);
      node(shifted - least, rule.weight[i] * half * shifted, alpha <= beta ? y : log_other,
           alpha <= beta ? log_other : y);
    }
    if (!matters()) return;
  }
}

struct ParetoParameters {
  double r, alpha, s, beta;
};

/// exp(-n log(alpha+t_x) - s log(beta+t_x)) is taken out of both terms: the sums are near 1.
struct ParetoParts {
  double log_scale = 0, alive = 0, left = 0;

  double log_sum() const { return log_scale + std::log(alive + left); }
};

/// `each(weight, log(alpha+u), log(beta+u), dead)` for the atom and each node.
template <class Each>
ParetoParts pareto_mixture(const ParetoParameters& p, double x, double recency, double age, Each&& each) {
  const double n = p.r + x;
  const double log_alpha = std::log(p.alpha + recency), log_beta = std::log(p.beta + recency);
  ParetoParts parts{.log_scale = -n * log_alpha - p.s * log_beta};
  const double end_alpha = std::log(p.alpha + age), end_beta = std::log(p.beta + age);
  parts.alive = std::exp(-n * (end_alpha - log_alpha) - p.s * (end_beta - log_beta));
  each(parts.alive, end_alpha, end_beta, false);
  const double least = std::min(p.alpha, p.beta);
  const double steepness = (least + age) * (n / (p.alpha + age) + p.s / (p.beta + age));
  double last = 0;
  over_times(
      p.alpha, p.beta, recency, age, steepness, 2,
      [&](double, double measure, double at_alpha, double at_beta) {
        last = measure * p.s * std::exp(-n * (at_alpha - log_alpha) - p.s * (at_beta - log_beta) - at_beta);
        parts.left += last;
        each(last, at_alpha, at_beta, true);
      },
      [&] { return last > 1e-19 * parts.left; });
  return parts;
}

inline void add_pareto_customer(LikelihoodSums& sums, const ParetoParameters& p, double x, double recency,
                                double age, double weight) {
  const double n = p.r + x;
  std::array<double, 14> moments{};  // E[l'] (4), then E[l'' + l' l'] (10)
  const ParetoParts parts =
      pareto_mixture(p, x, recency, age, [&](double mass, double at_alpha, double at_beta, bool dead) {
        const double part_alpha = std::exp(-at_alpha), part_beta = std::exp(-at_beta);
        const double s = dead ? p.s + 1 : p.s;
        const std::array<double, 4> slope{-at_alpha, -n * part_alpha, (dead ? 1 / p.s : 0) - at_beta,
                                          -s * part_beta};
        const std::array<double, 10> bend{
            0, -part_alpha, n * part_alpha * part_alpha, 0, 0, dead ? -1 / (p.s * p.s) : 0, 0,
            0, -part_beta,  s * part_beta * part_beta};
        for (std::size_t i = 0, k = 0; i < 4; ++i) {
          moments[i] += mass * slope[i];
          for (std::size_t j = 0; j <= i; ++j, ++k) moments[4 + k] += mass * (bend[k] + slope[i] * slope[j]);
        }
      });
  const double total = 1 / (parts.alive + parts.left);
  for (double& moment : moments) moment *= total;
  sums[0] += weight * parts.log_sum();
  for (std::size_t i = 0, k = 0; i < 4; ++i) {
    sums[1 + i] += weight * moments[i];
    for (std::size_t j = 0; j <= i; ++j, ++k)
      sums[5 + k] += weight * (moments[4 + k] - moments[i] * moments[j]);
  }
}

inline Evaluation pareto_negative(const CustomerBase& base, const Eigen::VectorXd& v,
                                  const Execution& execution) {
  const ParetoParameters p{v(0), v(1), v(2), v(3)};
  LikelihoodSums sums = sum_blocks(execution, base.size(), [&](std::size_t first, std::size_t last) {
    LikelihoodSums block{};
    for (std::size_t row = first; row < last; ++row)
      if (const double weight = base.weight(row); weight != 0)
        add_pareto_customer(block, p, base.rows.frequency[row], base.rows.recency[row], base.rows.age[row],
                            weight);
    return block;
  });
  const Rising by_r(p.r, base.distinct);
  for (std::size_t code = 0; code < base.distinct.size(); ++code) {
    sums[0] += base.counts[code] * by_r.log[code];
    sums[1] += base.counts[code] * by_r.first[code];
    sums[5] -= base.counts[code] * by_r.second[code];
  }
  sums[0] += base.total * (p.r * std::log(p.alpha) + p.s * std::log(p.beta));
  sums[1] += base.total * std::log(p.alpha);
  sums[2] += base.total * p.r / p.alpha;
  sums[3] += base.total * std::log(p.beta);
  sums[4] += base.total * p.s / p.beta;
  sums[hessian_place(1, 0)] += base.total / p.alpha;
  sums[hessian_place(1, 1)] -= base.total * p.r / (p.alpha * p.alpha);
  sums[hessian_place(3, 2)] += base.total / p.beta;
  sums[hessian_place(3, 3)] -= base.total * p.s / (p.beta * p.beta);
  return negative_by_logarithms(sums, v);
}

inline SearchedModel pareto_search() {
  return {.names = {"r", "alpha", "s", "beta"},
          .is_time = {false, true, false, true},
          .starts = {{0.5, 0.1, 0.5, 0.1}, {1, 0.1, 1, 0.1}, {3, 0.3, 0.3, 0.3}},
          .negative = &pareto_negative};
}

/// (1 - ratio^(s-1)) / (s-1), which is -log(ratio) at s = 1.
inline double over_shape(double s, double log_ratio) {
  const double power = (s - 1) * log_ratio;
  return power == 0 ? -log_ratio : -log_ratio * (std::expm1(power) / power);
}

}  // namespace tenure::detail
