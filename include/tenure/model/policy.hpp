#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "loading_policy.hpp"
#include "reporting_policy.hpp"

/// Every choice behind a number, by name. A loading policy says what a row is worth and from when to when; a
/// reporting policy says how a customer's timeline is read. Both are plain aggregates; equal policies have
/// equal digests.
namespace tenure {

/// An option and its value, as text.
struct PolicyOption {
  std::string name;
  std::string value;
  friend bool operator==(const PolicyOption&, const PolicyOption&) = default;
};

/// An option in plain words.
struct PolicyWords {
  std::string option, value;
  std::string about;  ///< what the option decides
  std::string words;  ///< what this value does
  bool standard;      ///< whether the standard policy has the same value
};

struct Policy {
  LoadingPolicy loading = {};
  ReportingPolicy reporting = {};

  static Policy standard() { return {}; }
  /// A preset by name; throws OptionError E_POLICY with the nearest known name.
  static Policy named(std::string_view preset);
  static std::vector<std::string> presets();

  /// Changes one option by its name and value as text; throws OptionError E_POLICY_OPTION or E_POLICY_VALUE.
  void set(std::string_view option, std::string_view value);
  /// Throws OptionError E_POLICY_VALUE for a value that set() would not take (a policy is a plain aggregate,
  /// so whoever uses one checks it first), and E_POLICY_PAIR for two values that exclude each other.
  void check() const;
  /// Why two values exclude each other; empty if they do not.
  static std::string_view exclusion(std::string_view option, std::string_view value, std::string_view other,
                                    std::string_view other_value);
  /// All options in a fixed order. Applying them to any policy by `set` gives this policy.
  std::vector<PolicyOption> options() const;
  std::string get(std::string_view option) const;
  /// Values of an option that are met in the wild; options that take numbers take others too.
  static std::vector<std::string> known_values(std::string_view option);
  /// What every option decides and what its value does.
  std::vector<PolicyWords> explain() const;
  /// 16 hexadecimal digits, the same on every machine, equal exactly for equal options.
  std::string digest() const;

  friend bool operator==(const Policy&, const Policy&) = default;
};

/// The run rate of one price. Throws InputError E_INTERVAL_COUNT, E_QUANTITY_RANGE, E_AMOUNT_RANGE.
RunRate run_rate(const LoadingPolicy& policy, Interval interval, Money price, std::int64_t quantity = 1);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/policy.ipp"
#endif
