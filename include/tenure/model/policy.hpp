#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../core/config.hpp"
#include "../core/money.hpp"
#include "subscription.hpp"

/// Every choice behind a number, by name. A loading policy says what a row is worth and from when to when; a
/// reporting policy says how a customer's timeline is read. Both are plain aggregates; equal policies have
/// equal digests.
namespace tenure {

/// How many intervals a month has, as a fraction: week 52/12; 4/1, 30/7, 433/100 or 0/1 at some vendors.
struct IntervalFactor {
  std::int32_t numerator = 1;
  std::int32_t denominator = 1;
  friend bool operator==(const IntervalFactor&, const IntervalFactor&) = default;
};

enum class EndDate : std::uint8_t {
  exclusive,  ///< `end` is the first day that is no longer paid for
  inclusive   ///< `end` is the last day that is paid for
};
enum class Grain : std::uint8_t {
  customer,     ///< a second subscription of a customer is expansion, the last one to go is churn
  subscription  ///< each subscription is new and churns by itself
};
enum class Netting : std::uint8_t {
  period,  ///< one movement per period: closing against opening
  none     ///< every change is a movement on its day (gross); changes of one day are one change
};
enum class AsOf : std::uint8_t {
  period_end,   ///< closing is the state after every event before the end of the period
  period_start  ///< the value of a period is the state on its first day
};
enum class Reactivation : std::uint8_t {
  own,    ///< a customer who comes back is `reactivation`
  as_new  ///< ... is counted as `new`
};
enum class FreeCustomers : std::uint8_t {
  churned,  ///< who pays nothing is not a customer: paid -> free is churn
  active    ///< who has a subscription at 0 stays a customer: paid -> free is contraction
};

struct LoadingPolicy {
  IntervalFactor day{365, 12};
  IntervalFactor week{52, 12};
  IntervalFactor four_week{13, 12};
  EndDate end = EndDate::exclusive;
  friend bool operator==(const LoadingPolicy&, const LoadingPolicy&) = default;
};

struct ReportingPolicy {
  Grain grain = Grain::customer;
  Netting netting = Netting::period;
  AsOf as_of = AsOf::period_end;
  Reactivation reactivation = Reactivation::own;
  FreeCustomers free_customers = FreeCustomers::churned;
  /// A customer who returns within so many days never left: the last level is carried over the gap. 0: every
  /// gap counts.
  std::int32_t gap_days = 0;
  friend bool operator==(const ReportingPolicy&, const ReportingPolicy&) = default;
};

/// An option and its value, as text.
struct PolicyOption {
  std::string name;
  std::string value;
  friend bool operator==(const PolicyOption&, const PolicyOption&) = default;
};

struct Policy {
  LoadingPolicy loading = {};
  ReportingPolicy reporting = {};

  static Policy standard() { return {}; }
  /// State on the first of the month, customer grain, every full month without revenue is churn: dbt's
  /// mrr-playbook.
  static Policy mrr_playbook();
  /// A preset by name; throws OptionError E_POLICY with the nearest known name.
  static Policy named(std::string_view preset);
  static std::vector<std::string> presets();

  /// Changes one option by its name and value as text; throws OptionError E_POLICY_OPTION or E_POLICY_VALUE.
  void set(std::string_view option, std::string_view value);
  /// Throws OptionError E_POLICY_VALUE for a value that set() would not take: a policy is a plain aggregate,
  /// so whoever uses one checks it first.
  void check() const;
  /// All options in a fixed order. Applying them to any policy by `set` gives this policy.
  std::vector<PolicyOption> options() const;
  /// 16 hexadecimal digits, the same on every machine, equal exactly for equal options.
  std::string digest() const;

  friend bool operator==(const Policy&, const Policy&) = default;
};

/// How many intervals a year has under a policy, in lowest terms.
IntervalFactor yearly_factor(const LoadingPolicy& policy, IntervalUnit unit) noexcept;

/// What a price per interval comes to in a year: amount * quantity * 12 * factor / count, in micro-units,
/// rounded half-even (exact for all standard factors and counts that divide). count > 0. 128 bits: the caller
/// decides what fits.
int128 annual_micros(const LoadingPolicy& policy, Interval interval, int128 micros_per_interval) noexcept;

/// The run rate of one price. Throws InputError E_INTERVAL_COUNT, E_QUANTITY_RANGE, E_AMOUNT_RANGE.
RunRate run_rate(const LoadingPolicy& policy, Interval interval, Money price, std::int64_t quantity = 1);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/policy.ipp"
#endif
