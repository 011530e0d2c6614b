#include "../../core/digest.hpp"
#include "policy_options.ipp"
#include "policy_presets.ipp"

namespace tenure {

namespace detail {

/// Two values that exclude each other.
struct Exclusion {
  std::string_view option, value, other, other_value, reason;
};
inline constexpr Exclusion exclusions[] = {
    {"usage", "only", "one_time", "only", "a series is either of usage or of one-time charges"},
    {"mrr_source", "payment", "trial", "count", "nobody pays for a trial, so that payments cannot show one"},
    {"paused", "unchanged", "pause_movement", "own", "a pause that changes nothing makes no movement"},
    {"movement_grain", "item", "plan_switch", "legs", "an item has one product and cannot switch"},
    {"movement_grain", "item", "plan_switch", "transfer", "an item has one product and cannot switch"},
    {"movement_grain", "item", "plan_switch", "new_and_churn",
     "it already is: each item is new and churns by itself"},
    {"netting", "period", "churn_numerator", "with_joiners",
     "who joins and leaves within a period leaves no trace when only its ends are compared"},
    {"netting", "drop_short_stays", "churn_numerator", "with_joiners",
     "who joins and leaves within a period was never there"},
    {"window", "daily_sum", "churn_denominator", "up_for_renewal",
     "hardly anybody is up for renewal on one day"},
};

}  // namespace detail

TENURE_INLINE Policy Policy::named(std::string_view preset) {
  std::vector<Named<const detail::Preset*>> known;
  for (const auto& entry : detail::policy_presets) known.push_back({entry.name, &entry});
  Policy policy;
  for (const auto& [option, value] :
       parse_named<const detail::Preset*>(known, preset, "policy", "E_POLICY")->changes)
    policy.set(option, value);
  return policy;
}

TENURE_INLINE std::vector<std::string> Policy::presets() {
  std::vector<std::string> names;
  for (const auto& preset : detail::policy_presets) names.emplace_back(preset.name);
  return names;
}

TENURE_INLINE void Policy::set(std::string_view option, std::string_view value) {
  detail::find_option(option).set(*this, option, value);
}

TENURE_INLINE std::string_view Policy::exclusion(std::string_view option, std::string_view value,
                                                 std::string_view other, std::string_view other_value) {
  for (const detail::Exclusion& one : detail::exclusions) {
    const bool straight =
        one.option == option && one.value == value && one.other == other && one.other_value == other_value;
    const bool swapped =
        one.option == other && one.value == other_value && one.other == option && one.other_value == value;
    if (straight || swapped) return one.reason;
  }
  return {};
}

TENURE_INLINE void Policy::check() const {
  Policy copy;
  for (const auto& [option, value] : options()) copy.set(option, value);
  for (const auto& [option, value, other, other_value, reason] : detail::exclusions)
    if (get(option) == value && get(other) == other_value) {
      const std::string pair = std::string(option) + "='" + std::string(value) + "' and " +
                               std::string(other) + "='" + std::string(other_value) + "'";
      throw_option({.code = "E_POLICY_PAIR",
                    .what = pair + " exclude each other: " + std::string(reason),
                    .value = std::string(other_value),
                    .remedy = "Change one of the two."});
    }
}

TENURE_INLINE std::vector<PolicyOption> Policy::options() const {
  std::vector<PolicyOption> all;
  for (const auto& entry : detail::policy_options) all.push_back({std::string(entry.name), entry.get(*this)});
  return all;
}

TENURE_INLINE std::string Policy::get(std::string_view option) const {
  return detail::find_option(option).get(*this);
}

TENURE_INLINE std::vector<std::string> Policy::known_values(std::string_view option) {
  return detail::find_option(option).values();
}

TENURE_INLINE std::vector<PolicyWords> Policy::explain() const {
  const Policy standard;
  std::vector<PolicyWords> all;
  for (const auto& entry : detail::policy_options)
    all.push_back({std::string(entry.name), entry.get(*this), std::string(entry.about), entry.words(*this),
                   entry.get(*this) == entry.get(standard)});
  return all;
}

TENURE_INLINE std::string Policy::digest() const {
  std::string text;
  for (const auto& [name, value] : options()) text += name + "=" + value + ";";
  return hexadecimal(tenure::digest(text.data(), text.size()).high);
}

TENURE_INLINE RunRate run_rate(const LoadingPolicy& policy, Interval interval, Money price,
                               std::int64_t quantity) {
  Policy{.loading = policy}.check();
  if (interval.count <= 0)
    throw_input({.code = "E_INTERVAL_COUNT",
                 .what = "interval count " + std::to_string(interval.count) + " is not above 0",
                 .value = std::to_string(interval.count)});
  if (quantity < 0)
    throw_input({.code = "E_QUANTITY_RANGE",
                 .what = "quantity " + std::to_string(quantity) + " is below 0",
                 .value = std::to_string(quantity)});
  const int128 annual = annual_micros(policy, interval, int128{price.amount} * quantity);
  if (!fits_int64(annual))
    throw_input({.code = "E_AMOUNT_RANGE",
                 .what = "the price comes to more than 64 bits of micro-units a year",
                 .value = std::to_string(price.amount)});
  return {static_cast<std::int64_t>(annual)};
}

}  // namespace tenure
