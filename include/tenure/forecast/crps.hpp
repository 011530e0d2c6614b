#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "../core/parallel.hpp"

/// The continuous ranked probability score of forecasts that are sets of possible outcomes (simulations,
/// scenarios). For distributions with a formula, see distribution.hpp; from quantiles, quantile.hpp.
namespace tenure {

/// The members of some forecasts, read where they are: member k of forecast i is members[k][i * stride].
struct Ensembles {
  std::vector<const double*> members;
  std::ptrdiff_t stride = 1;
  std::size_t forecasts = 0;
  std::string name = "ensemble";  ///< for messages
  std::vector<std::string> member_names = {};

  /// A forecast after the other, each with all its members (a matrix in the order of C).
  static Ensembles by_rows(std::span<const double> values, std::size_t members);
  /// A member after the other, each with all forecasts (columns of a table, a matrix in the order of
  /// Fortran).
  static Ensembles by_columns(std::span<const std::span<const double>> columns);
};

struct CrpsOptions {
  /// Whether the spread is that of a larger ensemble from which the members were drawn (Ferro 2014): pairs of
  /// different members only. Simulated paths are such draws; scenarios written by hand are not.
  bool fair = false;
  Execution execution = {};
  std::string actual_name = "actual";
};

/// Of each forecast with members x_1 .. x_m and what happened, a:
///
///   mean |x - a| - sum over pairs i < j of |x_i - x_j| / m^2            (fair: / (m (m - 1)))
///
/// which is the integral of (share of members <= t - [a <= t])^2 over all t; of one member the absolute
/// error. In the unit of the forecast; lower is better. The order of members changes no bit: they are sorted,
/// side by side for several forecasts in a network of minima and maxima, and summed from the lowest to the
/// highest. A fair score may be below 0.
///
/// Throws OptionError E_MEMBERS (no member, or a fair score of one); InputError E_COLUMN_LENGTH,
/// E_AMOUNT_NAN, E_AMOUNT_INF (an actual or a member), E_AMOUNT_RANGE (they lie too far apart for a number).
std::vector<double> ensemble_crps(std::span<const double> actual, const Ensembles& forecasts,
                                  const CrpsOptions& options = {});
/// The same of ensembles of different sizes, one after the other: forecast i has the members
/// values[begin[i]] .. values[begin[i + 1] - 1].
std::vector<double> ensemble_crps(std::span<const double> actual, std::span<const double> values,
                                  std::span<const std::size_t> begin, const CrpsOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/crps.ipp"
#endif
