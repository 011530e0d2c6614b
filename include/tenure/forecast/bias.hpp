#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "../core/config.hpp"
#include "../core/real.hpp"

namespace tenure {

/// Whether errors lean to one side, and by how much: the mean of some errors (or relative errors), its
/// interval by Student's t, and how far that is from what chance does. Errors that come one after the other
/// are often alike; then the interval is too narrow. Below two points there is the mean alone.
struct MeanBias {
  std::size_t points = 0;
  Real mean = Undefined::empty_base;
  Real std_error = Undefined::too_few, lower = Undefined::too_few, upper = Undefined::too_few;
  Real p_value = Undefined::too_few;  ///< of a mean of 0, two-sided; `no_variation` if all errors are equal
};
/// OptionError E_CONFIDENCE unless 0 < confidence < 1, InputError E_AMOUNT_NAN or E_AMOUNT_INF.
MeanBias mean_bias(std::span<const double> errors, double confidence = 0.95);

/// The mean squared error split (Theil 1966): bias (mean e)^2, variance (sd f - sd a)^2 and covariance
/// 2 (1 - r) sd f sd a, with population standard deviations. The three add up to `mse`. Like the
/// signals below it throws InputError E_COLUMN_LENGTH, E_AMOUNT_NAN or E_AMOUNT_INF.
struct ErrorSplit {
  Real mse = Undefined::empty_base, bias = Undefined::empty_base, variance = Undefined::empty_base,
       covariance = Undefined::empty_base;
};
ErrorSplit error_split(std::span<const double> actual, std::span<const double> forecast);

/// The running tracking signal: at each point sum of e so far / mean |e| so far. Undefined (`no_error`) until
/// the first error. Signals beyond -+4 are commonly read as a bias.
std::vector<Real> tracking_signals(std::span<const double> actual, std::span<const double> forecast);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/bias.ipp"
#endif
