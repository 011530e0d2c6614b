#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <string>
#include <vector>

#include "../core/minimise.hpp"
#include "../core/parallel.hpp"
#include "../core/real.hpp"

/// Maximum likelihood of models whose parameters are all above 0, on the scale of their logarithms.
namespace tenure {

struct FitOptions {
  /// Weight of the penalty that keeps parameters small when there are few customers; 0 is maximum likelihood.
  ///   least of  -log likelihood + penalty * customers * sum of (parameter / unit)^2
  /// which is the penalty of lifetimes (`penalizer_coef`): there, the unit of times is the longest age.
  double penalty = 0;
  /// Where the search starts, as parameters; empty: where the model likes to start. The best end is kept.
  std::vector<Eigen::VectorXd> starts = {};
  Execution execution = {};
};

/// What was fitted. `outcome` is never an exception: at_bound says that the likelihood still rises where the
/// search ends (a factor of a million around the unit of each parameter, or of 10,000 where it got no
/// further), or is so flat that a parameter is not known to within a factor of 20 (the standard error of its
/// logarithm is above 3): a limit of the model fits as well, as it does for few customers or for customers
/// who do not differ. Then standard errors are undefined.
struct ModelFit {
  std::vector<std::string> names;
  Eigen::VectorXd parameters;
  /// Of the parameters, by the delta method from the Hessian at the best point (of the penalised objective).
  std::vector<Real> std_errors;
  /// Of the parameters; empty when standard errors are undefined.
  Eigen::MatrixXd covariance;
  /// Of the logarithms of the parameters: covariance = diag(p) * log_covariance * diag(p).
  Eigen::MatrixXd log_covariance;
  double log_likelihood = 0;  ///< the sum over customers, as papers print it, without the penalty
  double customers = 0;       ///< with their weights
  Outcome outcome = Outcome::stopped;
  int steps = 0;

  bool has_errors() const noexcept { return log_covariance.size() != 0; }
};

/// What fit_parameters() needs to know of a model.
struct Likelihood {
  std::vector<std::string> names;
  /// Minus the log likelihood, with gradient and Hessian, of the logarithms of the parameters.
  Function negative;
  double customers = 0;
  /// The unit of each parameter: 1 for shapes, the longest age for times, what customers
  /// spend for money. The search is between unit / 1e6 and unit * 1e6.
  Eigen::VectorXd units;
  /// Default starts, as parameters.
  std::vector<Eigen::VectorXd> starts;
};

/// The best parameters, their standard errors, and how the search ended. E_PARAM for a penalty that is
/// negative or no number, and for starts that are not above 0 or not as many as the parameters.
ModelFit fit_parameters(const Likelihood& likelihood, const FitOptions& options = {});

/// A fit that was made elsewhere: names and values, no standard errors. E_PARAM for values not above 0.
ModelFit known_parameters(std::vector<std::string> names, Eigen::VectorXd parameters);

/// Parameters drawn from the normal distribution of their logarithms that the fit implies, a draw in each
/// row: (seed, draw) decide, nothing else. No rows if the fit has no standard errors.
Eigen::MatrixXd draw_parameters(const ModelFit& fit, std::size_t draws, std::uint64_t seed);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/fit.ipp"
#endif
