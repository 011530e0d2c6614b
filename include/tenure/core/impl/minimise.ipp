#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "../minimise.hpp"

namespace tenure {

namespace detail {

inline bool usable(const Evaluation& evaluation) {
  return std::isfinite(evaluation.value) && evaluation.gradient.allFinite() && evaluation.hessian.allFinite();
}

/// Minimises g.s + s.H.s / 2 over |s| <= radius, in the basis of eigenvectors of H: there the step for a
/// given shift of the eigenvalues is a division, and the shift that gives the radius is found by bisection.
inline Eigen::VectorXd trusted_step(const Eigen::VectorXd& gradient, const Eigen::MatrixXd& hessian,
                                    double radius) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(hessian);
  const Eigen::VectorXd values = solver.eigenvalues();
  const Eigen::VectorXd slopes = solver.eigenvectors().transpose() * gradient;
  const double least = values(0), largest = std::max(std::abs(values(values.size() - 1)), std::abs(least));
  const double tiny = std::max(largest, 1.0) * 1e-14;
  const auto step = [&](double shift) -> Eigen::VectorXd {
    return (-slopes.array() / (values.array() + shift).max(tiny)).matrix();
  };
  double low = std::max(0.0, -least) + (least > tiny ? 0.0 : tiny);
  Eigen::VectorXd best = step(low);
  if (best.norm() > radius) {
    double high = low + slopes.norm() / radius + tiny;
    for (int halving = 0; halving < 80 && high - low > 1e-12 * high; ++halving) {
      const double middle = (low + high) / 2;
      (step(middle).norm() > radius ? low : high) = middle;
    }
    best = step(high);
  } else if (least < 0 && best.norm() < radius) {
    // A saddle: along the direction of negative curvature the function falls as far as it is trusted.
    best(0) += (slopes(0) > 0 ? -1 : 1) * std::sqrt(radius * radius - best.squaredNorm());
  }
  return solver.eigenvectors() * best;
}

/// Parameters that do not stand at a bound with the function falling beyond it.
inline std::vector<Eigen::Index> free_parameters(const Eigen::VectorXd& at, const Eigen::VectorXd& gradient,
                                                 const Box& box) {
  std::vector<Eigen::Index> free;
  for (Eigen::Index i = 0; i < at.size(); ++i) {
    const bool held =
        (at(i) <= box.lower(i) && gradient(i) > 0) || (at(i) >= box.upper(i) && gradient(i) < 0);
    if (!held) free.push_back(i);
  }
  return free;
}

inline Outcome settled(const Eigen::VectorXd& at, const Box& box) {
  const bool bound = ((at.array() <= box.lower.array()) || (at.array() >= box.upper.array())).any();
  return bound ? Outcome::at_bound : Outcome::converged;
}

/// Whether a further step promises nothing: what Newton's method would gain (its decrement) is noise. Far out
/// on a flat slope the gradient is small too, but the gain is not.
inline bool at_minimum(const Minimum& best, const Box& box) {
  const auto free = free_parameters(best.at, best.evaluation.gradient, box);
  if (free.empty()) return true;
  const Eigen::VectorXd gradient = best.evaluation.gradient(free);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(best.evaluation.hessian(free, free));
  const Eigen::ArrayXd values = solver.eigenvalues().array();
  const Eigen::ArrayXd slopes = (solver.eigenvectors().transpose() * gradient).array();
  const double largest = std::max(1.0, values.abs().maxCoeff());
  const double scale = std::max(1.0, std::abs(best.evaluation.value));
  return values.minCoeff() > -1e-8 * largest &&
         (slopes.square() / values.max(1e-14 * largest)).sum() <= 1e-8 + 1e-12 * scale;
}

}  // namespace detail

TENURE_INLINE Minimum minimise(const Function& function, Eigen::VectorXd start, const Box& box,
                               const MinimiseOptions& options) {
  const auto inside = [&](const Eigen::VectorXd& at) -> Eigen::VectorXd {
    return at.cwiseMax(box.lower).cwiseMin(box.upper);
  };
  Minimum best{.at = inside(start), .evaluation = {}};
  best.evaluation = function(best.at);
  if (!detail::usable(best.evaluation)) return best;
  double radius = 1;
  for (; best.steps < options.most_steps; ++best.steps) {
    const std::vector<Eigen::Index> free = detail::free_parameters(best.at, best.evaluation.gradient, box);
    const Eigen::VectorXd gradient = best.evaluation.gradient(free);
    const double scale = std::max(1.0, std::abs(best.evaluation.value));
    const bool flat = free.empty() || gradient.cwiseAbs().maxCoeff() <= options.tolerance * scale;
    if (flat && detail::at_minimum(best, box)) {
      best.outcome = detail::settled(best.at, box);
      return best;
    }
    const Eigen::MatrixXd hessian = best.evaluation.hessian(free, free);
    Eigen::VectorXd step = Eigen::VectorXd::Zero(best.at.size());
    step(free) = detail::trusted_step(gradient, hessian, radius);
    const Eigen::VectorXd next = inside(best.at + step);
    step = next - best.at;
    const double promised =
        -(best.evaluation.gradient.dot(step) + 0.5 * step.dot(best.evaluation.hessian * step));
    Evaluation there = function(next);
    const double gained = best.evaluation.value - there.value;
    const bool usable = detail::usable(there);
    const double kept = usable && promised > 0 ? gained / promised : usable && gained > 0 ? 1.0 : -1.0;
    if (kept > 0.75 && step.norm() > 0.8 * radius) radius = std::min(2 * radius, 1e3);
    if (kept < 0.25) radius = std::min(radius, step.norm()) / 4;
    if (usable && gained > 0) {
      best.at = next;
      best.evaluation = std::move(there);
    }
    // What is left of the promise is below the rounding of the value: the slope that remains is noise.
    if (step.norm() <= 1e-14 * (1 + best.at.norm()) || radius < 1e-14 ||
        (std::abs(promised) <= 1e-15 * scale && gained <= 0)) {
      if (detail::at_minimum(best, box)) best.outcome = detail::settled(best.at, box);
      return best;
    }
  }
  return best;
}

TENURE_INLINE Minimum minimise(const Function& function, std::span<const Eigen::VectorXd> starts,
                               const Box& box, const MinimiseOptions& options) {
  Minimum best;
  bool found = false;
  for (const Eigen::VectorXd& start : starts) {
    Minimum minimum = minimise(function, start, box, options);
    if (!detail::usable(minimum.evaluation)) {
      if (!found && best.at.size() == 0) best = std::move(minimum);
      continue;
    }
    if (!found || minimum.evaluation.value < best.evaluation.value) best = std::move(minimum);
    found = true;
  }
  return best;
}

TENURE_INLINE Function differentiated(std::function<double(const Eigen::VectorXd&)> value) {
  return [value = std::move(value)](const Eigen::VectorXd& at) {
    // Five points a direction: the error of the formula is of the fourth power of the step.
    const Eigen::VectorXd step = 1e-3 * at.cwiseAbs().cwiseMax(1);
    const auto shifted = [&](Eigen::Index i, double a, Eigen::Index j, double b) {
      Eigen::VectorXd there = at;
      there(i) += a * step(i);
      there(j) += b * step(j);
      return value(there);
    };
    const Eigen::Index size = at.size();
    Evaluation evaluation{value(at), Eigen::VectorXd(size), Eigen::MatrixXd(size, size)};
    for (Eigen::Index i = 0; i < size; ++i) {
      const double up = shifted(i, 1, i, 0), down = shifted(i, -1, i, 0);
      const double up2 = shifted(i, 2, i, 0), down2 = shifted(i, -2, i, 0);
      evaluation.gradient(i) = (8 * (up - down) - (up2 - down2)) / (12 * step(i));
      evaluation.hessian(i, i) =
          (16 * (up + down) - (up2 + down2) - 30 * evaluation.value) / (12 * step(i) * step(i));
      for (Eigen::Index j = 0; j < i; ++j) {
        const double cross =
            shifted(i, 1, j, 1) - shifted(i, 1, j, -1) - shifted(i, -1, j, 1) + shifted(i, -1, j, -1);
        evaluation.hessian(i, j) = evaluation.hessian(j, i) = cross / (4 * step(i) * step(j));
      }
    }
    return evaluation;
  };
}

}  // namespace tenure
