#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "../core/real.hpp"
#include "durations.hpp"

namespace tenure {

/// On which scale the limits around a share are symmetric; z is the normal quantile, v the variance of log S.
enum class IntervalKind : std::uint8_t {
  plain,    ///< S -+ z S sqrt(v), cut to [0, 1]
  log,      ///< S exp(-+ z sqrt(v)), cut to 1; R's default
  log_log,  ///< S^exp(+- z sqrt(v) / log S), within (0, 1) by itself; lifelines' default, R's "log-log"
};

std::string_view name_of(IntervalKind kind) noexcept;
/// "plain", "log" or "log_log"; throws OptionError E_INTERVAL.
IntervalKind parse_interval_kind(std::string_view name);

struct SurvivalOptions {
  double confidence = 0.95;
  IntervalKind interval = IntervalKind::log;
  std::optional<double> until = {};  ///< rows of the curve after this time are left out
};

/// The mean time spent until a horizon, with its standard error and plain limits.
struct RestrictedMean {
  Real value, std_error, lower, upper;
};

/// The share of customers still there after a time, from rows of which some are still there (Kaplan and Meier
/// 1958), and the cumulative hazard (Nelson 1972, Aalen 1978). At each distinct time t, of n at risk d end:
///
///   S(t) = prod (1 - d / n)            H(t) = sum d / n
///   v(t) = sum d / (n (n - d))         variance of log S (Greenwood 1926);  std_error = S sqrt(v)
///   variance of H(t) = sum d / n^2     (Aalen)
///
/// All distinct durations are rows, also those at which nobody ended, as in R's survfit. Where S is 0, v is
/// infinite: the standard error and the limits are undefined (`not_estimated`); log-log limits also where S
/// is 1. With late entries few may be at risk early on, and S can reach 0 while others are still to come; it
/// stays there. Weights of rows are frequencies: S depends on their proportions alone, errors on their size.
struct SurvivalCurve {
  std::vector<double> time, at_risk, events, censored;  ///< sums of weights
  std::vector<double> survival, log_variance;           ///< log_variance is v, meaningless where S is 0
  std::vector<double> hazard, hazard_variance;
  double z = 0;  ///< normal quantile of the confidence
  IntervalKind interval = IntervalKind::log;

  std::size_t size() const noexcept { return time.size(); }
  bool has_events() const noexcept;
  Real std_error(std::size_t i) const noexcept;
  /// S with its limits.
  Estimate estimate(std::size_t i) const noexcept;

  /// S at a time: that of the last row at or before it, 1 before the first. `not_yet_observed` after the last
  /// row unless S is 0 there (R continues the last value when told to extend). E_PARAM for a negative time.
  Estimate at(double time) const;
  /// The time until which a share has ended: the first with S <= 1 - share, and if S equals 1 - share from
  /// there on, the middle of that step (R's quantile.survfit, to within 1.5e-8; SAS and lifelines take its
  /// beginning). Limits are read off the limits of S in the same way (Brookmeyer and Crowley 1982).
  /// `not_reached`; E_PARAM unless 0 <= share <= 1.
  Estimate quantile(double share) const;
  Estimate median() const { return quantile(0.5); }
  /// The area under S until a time: mean time spent there by then.
  ///
  ///   variance = sum over rows until then of d / (n (n - d)) * (area under S from the row to the horizon)^2
  ///
  /// (Miller 1981; R's rmean. lifelines' restricted_mean_survival_time returns instead the variance of
  /// min(T, until) between customers.) `not_yet_observed` if the horizon lies after the last row and S is not
  /// 0; R continues the last value. E_PARAM unless until >= 0.
  RestrictedMean restricted_mean(double until) const;
};

/// E_CONFIDENCE unless 0 < confidence < 1.
SurvivalCurve survival_curve(DurationTable table, const SurvivalOptions& options = {},
                             const Execution& execution = {});

/// One curve a group. Throws what tabulate() and survival_curve() throw, and E_PARAM if there is more than
/// one cause.
std::vector<SurvivalCurve> survival(const Durations& rows, const SurvivalOptions& options = {},
                                    const Execution& execution = {});

namespace detail {

/// Limits around a share with the standard error of its logarithm.
Estimate share_limits(double share, double log_error, double z, IntervalKind kind) noexcept;

}  // namespace detail

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/survival.ipp"
#endif
