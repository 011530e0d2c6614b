#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

#include "../../core/error.hpp"
#include "../../core/random.hpp"
#include "../detail/requirements.hpp"
#include "../fit.hpp"

namespace tenure {

namespace detail {

/// Inverse of a Hessian, or nothing if the likelihood is flat in some direction.
inline Eigen::MatrixXd inverse_hessian(const Eigen::MatrixXd& hessian) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(hessian);
  const Eigen::VectorXd& values = solver.eigenvalues();
  if (!(values(0) > 1e-12 * values(values.size() - 1))) return {};
  return solver.eigenvectors() * values.cwiseInverse().asDiagonal() * solver.eigenvectors().transpose();
}

/// Whether the data say more of each parameter than its size to within a factor of 20. Where they do not, a
/// limit of the model fits as well, and the search ended somewhere on the way there.
inline bool tells_parameters(const Eigen::MatrixXd& log_covariance) {
  return log_covariance.size() > 0 && log_covariance.diagonal().maxCoeff() <= 9;
}

}  // namespace detail

TENURE_INLINE ModelFit fit_parameters(const Likelihood& likelihood, const FitOptions& options) {
  if (!(options.penalty >= 0) || !std::isfinite(options.penalty))
    throw_option({.code = "E_PARAM",
                  .what = "penalty=" + detail::number_text(options.penalty) + "; must be 0 or above",
                  .value = detail::number_text(options.penalty)});
  const double weight = options.penalty * likelihood.customers;
  const auto penalties = [&](const Eigen::VectorXd& at) -> Eigen::VectorXd {
    return weight * (2 * (at - likelihood.units.array().log().matrix())).array().exp().matrix();
  };
  const Function objective = [&](const Eigen::VectorXd& at) {
    Evaluation evaluation = likelihood.negative(at);
    if (weight == 0) return evaluation;
    const Eigen::VectorXd squares = penalties(at);
    evaluation.value += squares.sum();
    evaluation.gradient += 2 * squares;
    evaluation.hessian.diagonal() += 4 * squares;
    return evaluation;
  };
  std::vector<Eigen::VectorXd> starts;
  for (const Eigen::VectorXd& start : options.starts.empty() ? likelihood.starts : options.starts) {
    detail::require_parameters(likelihood.names, start);
    starts.push_back(start.array().log().matrix());
  }
  const Eigen::VectorXd middle = likelihood.units.array().log().matrix();
  const double reach = std::log(1e6);
  const Box box{(middle.array() - reach).matrix(), (middle.array() + reach).matrix()};
  const Minimum minimum = minimise(objective, starts, box);

  ModelFit fit;
  fit.names = likelihood.names;
  fit.parameters = minimum.at.array().exp().matrix();
  fit.std_errors.assign(likelihood.names.size(), Undefined::not_estimated);
  fit.log_likelihood = -(minimum.evaluation.value - penalties(minimum.at).sum());
  fit.customers = likelihood.customers;
  fit.outcome = minimum.outcome;
  fit.steps = minimum.steps;
  if (fit.outcome == Outcome::at_bound) return fit;
  const Eigen::MatrixXd covariance = detail::inverse_hessian(minimum.evaluation.hessian);
  const bool far_out = (minimum.at - middle).cwiseAbs().maxCoeff() > std::log(1e4);
  if (far_out || !detail::tells_parameters(covariance)) fit.outcome = Outcome::at_bound;
  if (fit.outcome != Outcome::converged) return fit;
  fit.log_covariance = covariance;
  fit.covariance = fit.parameters.asDiagonal() * fit.log_covariance * fit.parameters.asDiagonal();
  for (std::size_t i = 0; i < fit.std_errors.size(); ++i) {
    const auto at = static_cast<Eigen::Index>(i);
    fit.std_errors[i] = std::sqrt(fit.covariance(at, at));
  }
  return fit;
}

TENURE_INLINE ModelFit known_parameters(std::vector<std::string> names, Eigen::VectorXd parameters) {
  detail::require_parameters(names, parameters);
  ModelFit fit;
  fit.std_errors.assign(names.size(), Undefined::not_estimated);
  fit.names = std::move(names);
  fit.parameters = std::move(parameters);
  fit.outcome = Outcome::converged;
  return fit;
}

TENURE_INLINE Eigen::MatrixXd draw_parameters(const ModelFit& fit, std::size_t draws, std::uint64_t seed) {
  const Eigen::Index size = fit.parameters.size();
  if (!fit.has_errors()) return {0, size};
  const Eigen::MatrixXd root = fit.log_covariance.llt().matrixL();
  Eigen::MatrixXd drawn(static_cast<Eigen::Index>(draws), size);
  for (Eigen::Index draw = 0; draw < drawn.rows(); ++draw) {
    RandomStream random(seed, static_cast<std::uint64_t>(draw));
    Eigen::VectorXd normal(size);
    for (Eigen::Index i = 0; i < size; ++i) {  // Box and Muller
      const double length = std::sqrt(-2 * std::log(random.uniform()));
      normal(i) = length * std::cos(2 * std::numbers::pi * random.uniform());
    }
    drawn.row(draw) = (fit.parameters.array().log().matrix() + root * normal).array().exp().transpose();
  }
  return drawn;
}

}  // namespace tenure
