#pragma once

#include <cstdint>
#include <string>

#include "../core/config.hpp"
#include "../core/money.hpp"
#include "subscription.hpp"

/// What a row is worth, and from when to when. Values and vendors: docs/policies.md.
namespace tenure {

/// How many intervals a month has, as a fraction: week 52/12; 4/1, 30/7, 433/100 or 0/1 at some vendors.
struct IntervalFactor {
  std::int32_t numerator = 1;
  std::int32_t denominator = 1;
  friend bool operator==(const IntervalFactor&, const IntervalFactor&) = default;
};

enum class MrrSource : std::uint8_t {
  contract,          ///< the price agreed on
  invoice_line,      ///< what was billed for a service period
  renewal_estimate,  ///< what the next renewal is expected to bill, where a row says so; else the price
  payment            ///< invoice lines that were paid, for their whole service period
};
enum class LineRounding : std::uint8_t {
  exact,
  minor,         ///< each row's MRR half up to the minor unit of its currency
  four_decimals  ///< each row's MRR half up to 10^-4
};
/// Which discounts lower MRR; each only while it is in effect.
enum class Discounts : std::uint8_t {
  none,                  ///< MRR is gross
  forever,               ///< only discounts without an end
  recurring,             ///< without an end, or for a number of intervals
  recurring_not_annual,  ///< the same, but one with an end is ignored on prices of a year and longer
  one_time,              ///< only those of a single interval
  all
};
/// How several percentages on one price work together. Fixed amounts are taken off what is left.
enum class DiscountStacking : std::uint8_t {
  sequential,  ///< each of what the one before left
  sum,
  max  ///< the largest percentage only
};
enum class Tax : std::uint8_t { excluded, included };
enum class Usage : std::uint8_t {
  excluded,
  included,
  only  ///< its own series
};
enum class OneTime : std::uint8_t {
  excluded,
  dated,     ///< spread over its period, where it has a start and an end
  included,  ///< the same; without an end it counts for one month
  only       ///< its own series
};
enum class Trial : std::uint8_t {
  refuse,  ///< a trial is worth 0; one that carries a price is refused, because it may be meant either way
  ignore,  ///< a trial is worth 0, whatever its price
  count    ///< a trial counts like a paid phase
};
enum class TrialToPaid : std::uint8_t {
  phase_start,        ///< from the start of the paid phase, even if nothing was paid yet
  first_payment,      ///< from the first payment
  first_paid_invoice  ///< from the date of the first invoice that was paid
};
enum class Quantity : std::uint8_t {
  dated,     ///< seats as each row has them
  invoiced,  ///< seats as invoiced where a row says so, else as each row has them
  ignored    ///< the price of one seat
};
enum class Backdating : std::uint8_t {
  effective,  ///< a row counts from its start, whenever it was entered
  recorded    ///< ... at the earliest from the day it was entered
};
enum class PastDue : std::uint8_t {
  counted,            ///< until the phase ends
  until_dunning_end,  ///< until collection is given up, where a row says when
  churn_after_days,   ///< for past_due_days
  excluded            ///< not from the day it is past due
};
enum class Paused : std::uint8_t {
  zero,                ///< worth 0 from the day of the pause
  zero_at_period_end,  ///< worth 0 when the period that was paid for is over
  unchanged
};
enum class Refund : std::uint8_t {
  ignored,
  lowers_mrr  ///< a refund line with a service period lowers MRR in it
};
enum class ProratedLine : std::uint8_t {
  scaled,      ///< to what a full interval would cost
  as_invoiced  ///< the billed amount stands for a full interval
};
enum class ChurnAt : std::uint8_t {
  effective_end,       ///< when the subscription ends
  request,             ///< when the customer asked for it
  service_period_end,  ///< when the period that was paid for is over
  day_after            ///< the day after the subscription's end
};
enum class EndDate : std::uint8_t {
  exclusive,  ///< `end` is the first day that is no longer paid for
  inclusive   ///< `end` is the last day that is paid for
};

/// Which day's exchange rate an amount of another currency is worth.
enum class FxRateAt : std::uint8_t {
  period_end,     ///< each closing at the rates of its day: what stays is revalued
  service_start,  ///< each row at the rate of the day on which it starts
  invoice_date,   ///< each row at the rate of the day on which it was invoiced
  purchase_date,  ///< each row at the rate of the day on which its subscription was bought
  fixed_day       ///< everything at the rates of fx_day
};

struct LoadingPolicy {
  MrrSource mrr_source = MrrSource::contract;
  IntervalFactor day{365, 12};
  IntervalFactor week{52, 12};
  IntervalFactor four_week{13, 12};
  LineRounding rounding = LineRounding::exact;
  Discounts discounts = Discounts::recurring;
  DiscountStacking discount_stacking = DiscountStacking::sequential;
  Tax tax = Tax::excluded;
  Usage usage = Usage::excluded;
  OneTime one_time = OneTime::excluded;
  Trial trial = Trial::refuse;
  TrialToPaid trial_to_paid = TrialToPaid::phase_start;
  Quantity quantity = Quantity::dated;
  Backdating backdating = Backdating::effective;
  PastDue past_due = PastDue::counted;
  std::int32_t past_due_days = 0;  ///< under PastDue::churn_after_days
  Paused paused = Paused::zero;
  Refund refund = Refund::ignored;
  ProratedLine prorated_line = ProratedLine::scaled;
  ChurnAt churn_at = ChurnAt::effective_end;
  EndDate end = EndDate::exclusive;
  FxRateAt fx_rate_at = FxRateAt::period_end;
  Day fx_day = 0;  ///< under FxRateAt::fixed_day
  /// The zone in which instants become dates; empty: rows must be dates.
  std::string timezone = {};
  friend bool operator==(const LoadingPolicy&, const LoadingPolicy&) = default;
};

/// How many intervals a year has under a policy, in lowest terms.
IntervalFactor yearly_factor(const LoadingPolicy& policy, IntervalUnit unit) noexcept;

/// What a price per interval comes to in a year: amount * quantity * 12 * factor / count, in micro-units,
/// rounded half-even (exact for all standard factors and counts that divide). count > 0. 128 bits: the caller
/// decides what fits.
int128 annual_micros(const LoadingPolicy& policy, Interval interval, int128 micros_per_interval) noexcept;

/// Annual micro-units in the unit to which the policy rounds the MRR of a row; 1 for exact.
std::int64_t rounding_unit(LineRounding rounding, int exponent) noexcept;
/// An annual rate whose MRR is rounded as the policy says. `exponent`: decimals of the minor unit.
int128 rounded_line(LineRounding rounding, int128 annual, int exponent) noexcept;

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/loading_policy.ipp"
#endif
