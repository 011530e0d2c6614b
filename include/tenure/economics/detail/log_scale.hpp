#pragma once

#include "../../core/minimise.hpp"

namespace tenure::detail {

/// Value, gradient and Hessian of a log likelihood in its parameters, as minus the same in the logarithms of
/// the parameters, which is what is minimised.
inline Evaluation negative_on_log_scale(double value, const Eigen::VectorXd& gradient,
                                        const Eigen::MatrixXd& hessian, const Eigen::VectorXd& parameters) {
  Evaluation scaled{-value, -gradient.cwiseProduct(parameters), {}};
  scaled.hessian = -(parameters.asDiagonal() * hessian * parameters.asDiagonal()).eval();
  scaled.hessian.diagonal() += scaled.gradient;
  return scaled;
}

}  // namespace tenure::detail
