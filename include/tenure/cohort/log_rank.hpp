#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

#include "../core/real.hpp"
#include "durations.hpp"

namespace tenure {

struct LogRankOptions {
  double rho = 0;    ///< weight of early differences
  double gamma = 0;  ///< weight of late differences
};

/// Whether groups end at the same rate (Mantel 1966; k groups: Peto and Peto 1972).
///
///   observed(j) = sum over times of w d_j         expected(j) = sum of w d n_j / n
///   V(j, l) = sum of w^2 d (n - d) / (n - 1) * n_j / n * ((j == l) - n_l / n)
///   statistic = (O - E)' V^-1 (O - E),  chi-squared with (groups - 1) degrees of freedom if nothing differs
///   w = S(t-)^rho (1 - S(t-))^gamma, S pooled over the groups (Fleming and Harrington 1981, 1991)
///
/// rho = gamma = 0 is the log-rank test, rho = 1 the Peto-Peto test with Kaplan-Meier weights: R's survdiff,
/// whose "observed" is weighted too. lifelines' weightings="peto" is another statistic (it weights with its
/// own estimate of S(t)); its "fleming-harrington" with p = 1 is this one. Strata: sums over them, S pooled
/// within each. Weights of rows are frequencies, and whole: V counts rows (n - 1), so that weights of another
/// sum would give another p-value.
///
/// Groups that nobody expects to end (never at risk at an event) are left out, as in R; where groups are
/// never at risk together V is singular, and the degrees of freedom are its rank. `too_few` if fewer than two
/// groups remain.
struct LogRank {
  Real statistic = Undefined::too_few;
  Real p_value = Undefined::too_few;
  int degrees_of_freedom = 0;
  std::size_t groups = 0, strata = 1;
  std::vector<double> rows;                ///< by stratum and group: weight of the rows
  std::vector<double> observed, expected;  ///< by stratum and group: [stratum * groups + group]
  Eigen::MatrixXd variance;                ///< of O - E, all strata together

  double observed_in(std::size_t group) const noexcept { return total(observed, group); }
  double expected_in(std::size_t group) const noexcept { return total(expected, group); }
  double rows_in(std::size_t group) const noexcept { return total(rows, group); }

 private:
  double total(const std::vector<double>& parts, std::size_t group) const noexcept {
    double sum = 0;
    for (std::size_t stratum = 0; stratum < strata; ++stratum) sum += parts[stratum * groups + group];
    return sum;
  }
};

/// The test from tables by stratum and group: tables[stratum * groups + group]. E_PARAM if rho or gamma is
/// below 0 or not finite, or there are more than 1,000 groups; InputError E_WEIGHT if sums of weights are not
/// whole.
LogRank log_rank(std::span<const DurationTable> tables, std::size_t groups,
                 const LogRankOptions& options = {}, const Execution& execution = {});

/// Rows by their group, and by stratum where `stratum` is given (0 ... strata - 1 of each row).
/// Throws what tabulate() throws, and E_WEIGHT for weights that are not whole.
LogRank log_rank(const Durations& rows, const LogRankOptions& options = {},
                 std::span<const std::int32_t> stratum = {}, std::size_t strata = 1,
                 const Execution& execution = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/log_rank.ipp"
#endif
