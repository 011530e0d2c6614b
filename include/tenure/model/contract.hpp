#pragma once

#include <optional>
#include <span>
#include <vector>

#include "../core/group.hpp"
#include "policy.hpp"

/// One phase of a subscription as a row has it, and what it comes to under a loading policy.
namespace tenure {

/// One discount on a price.
struct Discount {
  std::int64_t percent_micros = 0;  ///< 10^-6 of a percent: half off is 50'000'000
  std::int64_t amount_micros = 0;   ///< off the price of one interval, all seats together
  DiscountDuration duration = DiscountDuration::forever;  ///< with an end it is `repeating`
  Day until = open_end;                                   ///< first day on which it no longer applies
};

struct Contract {
  Day start = 0;
  Day end = open_end;
  Interval interval = {};
  std::int64_t price = 0;  ///< micro-units per interval and seat
  std::int64_t quantity = 1;
  SubscriptionStatus status = SubscriptionStatus::active;
  ChargeKind kind = ChargeKind::recurring;
  std::int64_t tax = 0;  ///< micro-units of tax in the price of an interval and seat
  std::optional<std::int64_t> renewal_price = {};
  std::optional<std::int64_t> invoiced_quantity = {};
  std::optional<Day> cancel_requested = {}, paid_through = {}, dunning_end = {}, recorded = {},
                     first_payment = {}, first_paid_invoice = {};
  bool has_first_payment = false;       ///< the table says when it was first paid: null is never
  bool has_first_paid_invoice = false;  ///< the same for the first paid invoice
  std::span<const Discount> discounts = {};
};

/// Why a row counts for nothing, or for less than it says.
enum class LeftOut : std::uint8_t {
  no,
  trial,
  cancelled,
  usage,
  one_time,
  recurring,  ///< only usage or only one-time charges were asked for
  past_due,
  unpaid,
  refund
};

/// What a contract comes to: stretches of a constant rate, ascending, and what discounts take off in each.
struct Worth {
  std::vector<PackedRow> net;
  std::vector<PackedRow> discount;  ///< stretches with a discount only
  LeftOut left_out = LeftOut::no;
  Day contract_end = open_end;  ///< the end before ChurnAt moved it
  bool fits = true;             ///< false: more than 64 bits of micro-units a year
  void clear() { *this = {std::move(net), std::move(discount)}, net.clear(), discount.clear(); }
};

/// Reads one contract. The order of rules: what counts at all (kind, status), from when to when (backdating,
/// first payment, past due, pause, churn date), price (renewal, tax, seats), discounts while they apply, line
/// rounding. `exponent`: decimals of the currency's minor unit.
void read_contract(const LoadingPolicy& policy, const Contract& contract, int exponent, Worth& worth);

/// The run rate of an amount billed once for the service period [start, end): a whole number of months counts
/// as that many months, anything else by the policy's days in a month. end > start.
int128 annual_of_service(const LoadingPolicy& policy, int128 billed_micros, Day start, Day end) noexcept;

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/contract.ipp"
#endif
