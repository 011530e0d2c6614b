#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "../core/int128.hpp"
#include "../core/period.hpp"
#include "../model/policy.hpp"

/// Why two policies give two figures of the same rows.
namespace tenure {

/// A figure that can be split by customer.
enum class Metric : std::uint8_t {
  mrr,             ///< annual micro-units
  customers,       ///< who pays, counted by the policy's grain
  customer_churn,  ///< shares from here on
  gross_mrr_churn,
  nrr,
  grr
};
/// Throws OptionError E_METRIC with the nearest known name.
Metric parse_metric(std::string_view name);
std::string_view name_of(Metric metric) noexcept;
constexpr bool is_share(Metric metric) noexcept { return metric > Metric::customers; }

/// A figure on one day (the state after its last event, under both policies: AsOf has no say), or of periods
/// (what each policy publishes for them). Churn and retention are of periods.
struct Question {
  Metric metric = Metric::mrr;
  std::variant<Day, Periods> when;
  int horizon = 12;  ///< of nrr and grr, in periods

  std::size_t periods() const noexcept {
    const auto* many = std::get_if<Periods>(&when);
    return many == nullptr ? 1 : many->size();
  }
};

/// What one customer adds to a figure of one period: an amount or count, or numerator and denominator of a
/// share.
struct Share {
  std::uint32_t period;
  std::int64_t customer;  ///< id, or position in Shares::labels
  int128 numerator, denominator;
};

/// What all customers add to a figure under one policy.
struct Shares {
  std::vector<Share> shares;                               ///< sorted by period and customer; none is 0
  std::shared_ptr<const std::vector<std::string>> labels;  ///< of text ids; null for numbers
  std::int64_t rounded_to = 0;  ///< TotalRounding::minor: annual micro-units in a minor unit of MRR
};

/// Shares are integers of 10^-12.
inline constexpr std::int64_t share_unit = 1'000'000'000'000;

/// What one customer has to do with a cause. Amounts are those of the figure (MRR in annual micro-units,
/// customers, or the numerator of a share) times Reconciliation::scale.
struct CauseShare {
  std::uint32_t period;
  Id customer;
  int128 amount;
  int128 denominator;  ///< the same for the denominator of a share; 0 for amounts
};

/// One reason why the figures differ: an option, or options that exclude each other and change together.
struct Cause {
  struct Change {
    std::string option, from, to;
  };
  std::vector<Change> changes;
  std::vector<int128> amounts;  ///< by period, times Reconciliation::scale
  std::vector<CauseShare> customers;

  std::string name() const;
};

/// A and B, and what leads from one to the other. For every period that can be split, exactly:
///
///   scale * (b - a) = sum of the amounts of all causes
///
/// Up to `exact_limit` causes, a cause's amount is its Shapley value: the mean, over all orders in which the
/// options can be changed one by one, of what its change does. It depends on no order, causes that change
/// nothing get 0, causes that do the same get the same. With more causes the options are changed in the order
/// in which Policy::options lists them (`sequential`). Shares of a total are split exactly at 10^-12.
/// Source: Shapley, A value for n-person games, 1953.
struct Reconciliation {
  static constexpr std::size_t exact_limit = 10;

  Policy from = {}, to = {};
  Metric metric = Metric::mrr;
  std::vector<std::optional<int128>> a, b;  ///< by period; absent where a share is of nobody
  /// By period: 1 where some mixture of the two policies has nobody in its base, so that the difference
  /// cannot be split; its causes are 0 then and have no customers.
  std::vector<std::uint8_t> unsplit;
  int128 scale = 1;  ///< amounts of causes are this many times as large
  bool sequential = false;
  std::vector<Cause> causes;
  std::vector<std::string> without_effect;  ///< options that differ and cannot matter here

  /// b - a and its causes in whole units of `unit`, rounded so that they still add up: first the difference
  /// of the rounded figures, then the causes.
  std::vector<int128> rounded(std::size_t period, int128 unit) const;
};

using ReadShares = std::function<Shares(const Policy&)>;

/// Splits the difference between two policies. `read` computes the shares of all customers under a policy,
/// as Book::shares does for a book that was loaded under it; `in_play` are the options that can matter for
/// the rows (Book::options_in_play).
///
/// Throws OptionError E_POLICY_PAIR if one of the two is impossible, E_POLICY_INCOMPARABLE if a figure cannot
/// be split (rates of single days that were added up have no common base). Throws IntegrityError
/// E_RECONCILE_OPEN if the options that should not matter do.
Reconciliation reconcile(const Policy& from, const Policy& to, const Question& question,
                         const ReadShares& read, std::span<const std::string> in_play);

/// Whether an option can change this figure at all, for some rows, between policies of which some tolerate
/// gaps or none does: a gap is bridged by what is a customer and what is left of it.
bool matters(std::string_view option, const Question& question, bool gaps);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/reconcile.ipp"
#endif
