#pragma once

#include <cstdint>
#include <vector>

#include "../core/real.hpp"
#include "cells.hpp"

namespace tenure {

struct ChainLadderOptions {
  /// Whether values are of each age alone and are to be added up along the ages first: then the last age of a
  /// cohort is its total. Else they are taken as they stand, and the last age is what is left then.
  bool accumulate = false;
  double confidence = 0.95;
};

/// A cell of a completed triangle. `std_error` is of the prediction; 0 where the cell is observed.
struct CompletedCell {
  Real value = 0.0, std_error = 0.0, lower = 0.0, upper = 0.0;
  bool projected = false;
};

/// How values develop from one age to the next, over the cohorts that are observed at both.
struct DevelopmentFactor {
  Real factor = 0.0;          ///< sum of the later values / sum of the earlier ones
  Real std_error = 0.0;       ///< of the factor
  Real sigma = 0.0;           ///< root of the variance of a cohort's own factor, times the root of its value
  std::int64_t cohorts = 0;   ///< that say something: less those with 0 at both ages
  bool extrapolated = false;  ///< sigma follows from those of the two ages before
};

/// A cohort at the last age, or all cohorts together.
struct CohortTotal {
  std::size_t observed = 0;  ///< ages
  Real latest = 0.0;         ///< the last observed value
  Real total = 0.0;          ///< the value at the last age
  Real outstanding = 0.0;    ///< total - latest
  Real std_error = 0.0, lower = 0.0, upper = 0.0;
};

/// A triangle of cohorts by age, completed to the oldest cohort's age, with the standard error of Mack (1993,
/// "Distribution-free calculation of the standard error of chain ladder reserve estimates", ASTIN Bulletin
/// 23).
///
///   f(j) = sum C(i, j+1) / sum C(i, j)                over cohorts i observed at j+1
///   sigma(j)^2 = sum C(i, j) (C(i, j+1)/C(i, j) - f(j))^2 / (cohorts - 1)
///   C(i, j+1) = f(j) C(i, j)                          where not observed
///   se^2(i, j+1) = f(j)^2 se^2(i, j) + sigma(j)^2 C(i, j) + C(i, j)^2 sigma(j)^2 / sum C(i, j)
///
/// The last step, which one cohort alone has made, takes Mack's sigma^2: the least of sigma(j-1)^4 /
/// sigma(j-2)^2, sigma(j-2)^2 and sigma(j-1)^2 (R's ChainLadder calls that est.sigma = "Mack" and has another
/// default). Cohorts with 0 at both ages say nothing of a step and are not counted. Of several steps that one
/// cohort alone has made, each takes the rule from the two before it, which may have taken it themselves. The
/// error of all cohorts together counts that they share their factors. Intervals are lognormal with the mean
/// and standard error given.
///
/// The method assumes that cohorts develop alike and independently: a price rise for all at once breaks it.
/// Undefined, never a fault: `empty_base` from an age on at which everybody observed has 0, `too_few` errors
/// where two cohorts have never been seen, `not_estimated` errors where a cohort comes back from 0.
struct ChainLadder {
  std::vector<std::vector<CompletedCell>> cells;  ///< by cohort, then by age
  std::vector<DevelopmentFactor> factors;         ///< from age j to j + 1
  std::vector<CohortTotal> totals;                ///< by cohort
  CohortTotal all;
};

/// Cohorts without any value stay empty. Throws OptionError E_CONFIDENCE.
ChainLadder chain_ladder(const CohortRuns& values, const ChainLadderOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/chain_ladder.ipp"
#endif
