#pragma once

#include <vector>

#include "../core/real.hpp"
#include "survival.hpp"

namespace tenure {

/// The share of customers that ended until a time for each of several reasons, which compete: who left for
/// one cannot leave for another (Aalen and Johansen 1978). At each distinct time t, of n at risk d_k end for
/// k:
///
///   F_k(t) = sum of S(t-) d_k / n,    S the Kaplan-Meier curve of all reasons together;  S + sum of F_k = 1
///
/// 1 - Kaplan-Meier of one reason, with the others taken as censored, is no such share: it answers what would
/// happen if the other reasons did not exist, and is larger.
///
/// Variance: Greenwood's kind (Andersen, Borgan, Gill, Keiding 1993, IV.4; Gaynor and others 1993; that of
/// R's package etm), counts of one time multinomial; with one reason it is that of S. R's survfit of a
/// multi-state model gives the infinitesimal jackknife instead: the same without ties and nearly so with
/// them. Limits as those of S, with the standard error of F; `not_estimated` where F is 0 (log), or 0 or 1
/// (log_log).
struct Incidence {
  std::uint32_t causes = 1;
  std::vector<double> time = {}, at_risk = {}, survival = {};
  std::vector<double> events = {};     ///< by time and cause: [i * causes + cause - 1]
  std::vector<double> incidence = {};  ///< by time and cause
  std::vector<double> variance = {};   ///< by time and cause
  double z = 0;
  IntervalKind interval = IntervalKind::log;

  std::size_t size() const noexcept { return time.size(); }
  /// `cause` is 1 ... causes.
  Real std_error(std::size_t i, std::uint32_t cause) const noexcept;
  Estimate estimate(std::size_t i, std::uint32_t cause) const noexcept;
  /// F of a cause at a time, as SurvivalCurve::at.
  Estimate at(double time, std::uint32_t cause) const;
};

Incidence cumulative_incidence(const DurationTable& table, const SurvivalOptions& options = {});

/// One result a group; events are 0 (still there) or the number of the reason. Throws what tabulate() throws.
std::vector<Incidence> cumulative_incidence(const Durations& rows, const SurvivalOptions& options = {},
                                            const Execution& execution = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/incidence.ipp"
#endif
