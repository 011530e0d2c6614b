#pragma once

#include <Eigen/Core>
#include <functional>
#include <span>

#include "config.hpp"

/// The least value of a smooth function of a few parameters within a box: Newton steps inside a trust region
/// (Nocedal and Wright 2006, chapter 4), with parameters that press against their bound held there. Ours
/// because the solvers for Eigen that are packaged for Debian or PyPI know no bounds.
namespace tenure {

/// A function at a point. Infinite or NaN where the function has no value: such steps are not taken.
struct Evaluation {
  double value = 0;
  Eigen::VectorXd gradient;
  Eigen::MatrixXd hessian;
};
using Function = std::function<Evaluation(const Eigen::VectorXd&)>;

struct Box {
  Eigen::VectorXd lower, upper;
};

enum class Outcome : std::uint8_t {
  converged,  ///< a minimum inside the box
  at_bound,   ///< the function still falls where the box ends
  stopped     ///< no step lowers the function any more, though its gradient is not 0; or too many steps
};
constexpr const char* name_of(Outcome outcome) noexcept {
  return outcome == Outcome::converged ? "converged" : outcome == Outcome::at_bound ? "at_bound" : "stopped";
}

struct Minimum {
  Eigen::VectorXd at;
  Evaluation evaluation;
  Outcome outcome = Outcome::stopped;
  int steps = 0;
};

struct MinimiseOptions {
  int most_steps = 200;
  /// Converged when the free part of the gradient is below this, relative to the value of the function.
  double tolerance = 1e-10;
};

/// Starts at `start`, which is moved into the box. The function has to have a value there.
Minimum minimise(const Function& function, Eigen::VectorXd start, const Box& box,
                 const MinimiseOptions& options = {});

/// The best of several starts; starts at which the function has no value are passed over. `outcome` is
/// `stopped` and `at` the first start if there is none left.
Minimum minimise(const Function& function, std::span<const Eigen::VectorXd> starts, const Box& box,
                 const MinimiseOptions& options = {});

/// Gradient and Hessian by central differences of a function that gives only values.
Function differentiated(std::function<double(const Eigen::VectorXd&)> value);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/minimise.ipp"
#endif
