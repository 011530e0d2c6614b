#include <cmath>
#include <string>
#include <utility>

#include "../../core/detail/confidence.hpp"
#include "../detail/large_columns.hpp"
#include "../detail/steps.hpp"
#include "../survival.hpp"

namespace tenure {

namespace detail {

TENURE_INLINE Estimate share_limits(double share, double log_error, double z, IntervalKind kind) noexcept {
  if (!(share > 0) || !std::isfinite(log_error))
    return {share, Undefined::not_estimated, Undefined::not_estimated};
  const double reach = z * log_error;
  switch (kind) {
    case IntervalKind::plain:
      return {share, std::max(0.0, share - reach * share), std::min(1.0, share + reach * share)};
    case IntervalKind::log: {
      const double factor = std::exp(reach);
      return {share, share / factor, std::min(1.0, share * factor)};
    }
    case IntervalKind::log_log:
      break;
  }
  if (share >= 1) return {share, Undefined::not_estimated, Undefined::not_estimated};
  const double logarithm = std::log(share);  // below 0
  const double factor = std::exp(-reach / logarithm);
  return {share, std::exp(logarithm * factor), std::exp(logarithm / factor)};
}

inline Real gone(const Real& share) { return share.defined() ? Real(1 - share.value_or(0)) : share; }

}  // namespace detail

TENURE_INLINE std::string_view name_of(IntervalKind kind) noexcept {
  switch (kind) {
    case IntervalKind::plain:
      return "plain";
    case IntervalKind::log:
      return "log";
    case IntervalKind::log_log:
      break;
  }
  return "log_log";
}

TENURE_INLINE IntervalKind parse_interval_kind(std::string_view name) {
  for (const IntervalKind kind : {IntervalKind::plain, IntervalKind::log, IntervalKind::log_log})
    if (name_of(kind) == name) return kind;
  throw_option({.code = "E_INTERVAL",
                .what = "interval='" + printable(name) + "' is not known",
                .value = printable(name),
                .remedy = "Known: plain, log, log_log."});
}

TENURE_INLINE bool SurvivalCurve::has_events() const noexcept {
  return std::any_of(events.begin(), events.end(), [](double count) { return count > 0; });
}

TENURE_INLINE Real SurvivalCurve::std_error(std::size_t i) const noexcept {
  if (!(survival[i] > 0)) return Undefined::not_estimated;
  return survival[i] * std::sqrt(log_variance[i]);
}

TENURE_INLINE Estimate SurvivalCurve::estimate(std::size_t i) const noexcept {
  return detail::share_limits(survival[i], std::sqrt(log_variance[i]), z, interval);
}

TENURE_INLINE Estimate SurvivalCurve::at(double moment) const {
  const std::size_t row = detail::row_at(time, moment, "time");
  if (time.empty()) return {Undefined::empty_base, Undefined::empty_base, Undefined::empty_base};
  if (row == detail::before_first) return detail::share_limits(1, 0, z, interval);
  if (moment > time.back() && survival.back() > 0)
    return {Undefined::not_yet_observed, Undefined::not_yet_observed, Undefined::not_yet_observed};
  return estimate(row);
}

TENURE_INLINE Estimate SurvivalCurve::quantile(double share) const {
  if (!(share >= 0 && share <= 1))
    throw_option({.code = "E_PARAM",
                  .what = "share=" + std::to_string(share) + " is not a share from 0 to 1",
                  .value = std::to_string(share)});
  const auto value = [&](std::size_t i) { return Real(1 - survival[i]); };
  const auto lower = [&](std::size_t i) { return detail::gone(estimate(i).lower); };
  const auto upper = [&](std::size_t i) { return detail::gone(estimate(i).upper); };
  return {detail::crossing(time, share, value), detail::crossing(time, share, lower),
          detail::crossing(time, share, upper)};
}

TENURE_INLINE RestrictedMean SurvivalCurve::restricted_mean(double until) const {
  const std::size_t row = detail::row_at(time, until, "until");
  if (time.empty() || (until > time.back() && survival.back() > 0)) {
    const Undefined reason = time.empty() ? Undefined::empty_base : Undefined::not_yet_observed;
    return {reason, reason, reason, reason};
  }
  double area = 0, variance = 0;  // from the horizon back: area is what lies between a row and the horizon
  for (std::size_t i = row + 1; i-- > 0;) {
    area += survival[i] * ((i == row ? until : time[i + 1]) - time[i]);
    const double left = at_risk[i] - events[i];
    if (left > 0) variance += events[i] / (at_risk[i] * left) * area * area;
  }
  area += row == detail::before_first ? until : time[0];
  const double error = std::sqrt(variance);
  return {area, error, area - z * error, area + z * error};
}

TENURE_INLINE SurvivalCurve survival_curve(DurationTable table, const SurvivalOptions& options,
                                           const Execution& execution) {
  SurvivalCurve curve;
  curve.z = detail::normal_reach(options.confidence);
  curve.interval = options.interval;
  const std::size_t rows =
      options.until ? detail::row_at(table.time, *options.until, "until") + 1 : table.size();
  curve.at_risk = table.at_risk();
  const std::size_t all_rows = table.size();
  const bool from_start = table.entry.empty();
  if (table.causes == 1) {
    curve.events = std::move(table.ended);
  } else {
    for (std::size_t i = 0; i < rows; ++i) curve.events.push_back(table.events(i));
  }
  curve.time = std::move(table.time);
  curve.censored = std::move(table.censored);
  for (auto* column : {&curve.time, &curve.at_risk, &curve.events, &curve.censored}) column->resize(rows);
  detail::resize_large<double>({&curve.survival, &curve.log_variance, &curve.hazard, &curve.hazard_variance},
                               rows, execution);
  // While nobody is censored or comes in, the factors (n - d) / n telescope: dividing once keeps shares of
  // whole numbers exact.
  double start_share = 1, start_risk = 1, left = 0, share = 1, variance = 0, hazard = 0, spread = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const double risk = curve.at_risk[i], ended = curve.events[i];
    if (i == 0 || risk != left) {
      start_share = share;
      start_risk = risk;
    }
    left = risk - ended;
    if (!(left > 1e-12 * risk) && curve.censored[i] == 0) {
      // What is left of sums of fractions is nobody. Where all were there from the start, sums are exact at
      // the last time, and somebody is left before it however heavy the rows that ended.
      const bool nobody = from_start ? i + 1 == all_rows : left != std::floor(left);
      if (nobody) left = 0;
    }
    if (ended > 0) {
      const double rate = ended / risk;
      share = start_share * (left / start_risk);
      variance += rate / left;
      hazard += rate;
      spread += rate / risk;
    }
    curve.survival[i] = share;
    curve.log_variance[i] = variance;
    curve.hazard[i] = hazard;
    curve.hazard_variance[i] = spread;
  }
  return curve;
}

TENURE_INLINE std::vector<SurvivalCurve> survival(const Durations& rows, const SurvivalOptions& options,
                                                  const Execution& execution) {
  if (rows.causes != 1)
    throw_option({.code = "E_PARAM",
                  .what = "survival is of one cause, not of " + std::to_string(rows.causes),
                  .remedy = "Use cumulative_incidence() for several."});
  detail::normal_reach(options.confidence);
  std::vector<DurationTable> tables = tabulate(rows, execution);
  std::vector<SurvivalCurve> curves(tables.size());
  if (curves.size() == 1)
    curves[0] = survival_curve(std::move(tables[0]), options, execution);
  else
    parallel_for(execution, tables.size(), [&](std::size_t group, int) {
      curves[group] = survival_curve(std::move(tables[group]), options, {.threads = 1});
    });
  return curves;
}

}  // namespace tenure
